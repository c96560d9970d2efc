"""WHAT we follow: the model of a source, and the reader of its file."""

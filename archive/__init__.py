"""KEEP: the store, the captures, and the decisions about them. Feeds and pages read from here alone."""

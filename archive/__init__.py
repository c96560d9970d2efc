"""KEEP: the store, the captures, and what is decided about them. Feeds and pages read from here."""

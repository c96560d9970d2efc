"""SERVE: pages for people and published files over HTTP. Reads the store, never writes to it."""

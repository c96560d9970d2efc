"""SERVE: pages for people and published files over HTTP. Reads the store and never writes to it,
but for what is asked of the hub (web/hub)."""

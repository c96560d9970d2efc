"""COLLECT and READ: visit sources, read pages, hand sightings to the archive. Never publishes."""

"""COLLECT and READ: visits sources, reads pages, hands sightings to the archive. Never publishes."""

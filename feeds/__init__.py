"""PUBLISH: what the archive holds, as feeds that readers subscribe to. feedgen lives here alone."""

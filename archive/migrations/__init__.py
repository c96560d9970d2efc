"""The way of the schema through time, one module a step in versions/. Run by archive.database;
a step never imports archive.schema, which is today's schema and not that of its day."""

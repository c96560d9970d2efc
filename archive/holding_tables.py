"""The tables of what is watched over, which belong to those of schema.py. No queries here."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, Table, Text

from archive.columns import Instant, Words
from archive.schema import captures, metadata

# Sealed packages (holdings.py). `name` is a shelfmark such as ship/2026-11, and `tree` open or
# dark. No foreign key: one package is of no source.
packages = Table(
    "packages",
    metadata,
    Column("name", Text, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("month", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("tree", Text, nullable=False),
    Column("records", Integer, nullable=False),
    Column("pages", Integer, nullable=False),
    Column("sealed", Instant, nullable=False),
)
Index("packages_source", packages.c.source_id, packages.c.month, packages.c.number, unique=True)

# Pages of which a package holds what came late, and not the page: their article decides, too, in
# which tree it lies. `page` is the id of the page's capture.
late = Table(
    "late",
    metadata,
    Column("package", Text, primary_key=True),
    Column("page", Text, primary_key=True),
)

# Every file that is watched over, in every place where a copy of it is; `place` is empty for the
# data directory. `digest` is null in a WARC file that was not read as a whole yet; `fault` is what
# the last check found wrong.
holdings = Table(
    "holdings",
    metadata,
    Column("place", Text, primary_key=True),
    Column("file", Text, primary_key=True),
    Column("digest", Text),
    Column("size_bytes", BigInteger, nullable=False),
    Column("added", Instant, nullable=False),
    Column("checked", Instant),
    Column("fault", Words),
)
Index("holdings_checked", holdings.c.checked)
Index("holdings_file", holdings.c.file)

# What is read in a file that moves, or is damaged.
Index("captures_file", captures.c.file, captures.c.offset)

"""The tables of what issues should hold and do, which belong to those of schema.py. No queries
here. All of it is a memory: it can be made again from the archive's files and the revisions."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Column, ForeignKey, Index, Integer, Table, Text

from archive.columns import Instant, Words
from archive.schema import metadata

# The files that were read for lists (list_memory.py), named as captures name them. `size_bytes` is
# how much of one was read, `modified` its time on the disk in nanoseconds then; `digest` is null
# until all of it was, and its last byte written. `broken` counts what is no whole record.
list_files = Table(
    "list_files",
    metadata,
    Column("file", Text, primary_key=True),
    Column("size_bytes", BigInteger, nullable=False),
    Column("modified", BigInteger, nullable=False),
    Column("digest", Text),
    Column("broken", Integer, nullable=False),
)

# Every list page in them: its record, whose it is, and by which rules it was read last (empty: not
# yet, or nobody follows its source). `contents` is the digest of what it showed; null where nothing
# could be read of it. No foreign keys: files outlive what the database knows.
list_pages = Table(
    "list_pages",
    metadata,
    Column("file", Text, primary_key=True),
    Column(
        "offset",
        BigInteger().with_variant(Integer, "sqlite"),
        primary_key=True,
        autoincrement=False,
    ),
    Column("id", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("url", Words, nullable=False),
    Column("seen", Instant, nullable=False),
    Column("rules", Text, nullable=False),
    Column("contents", Text),
)
Index("list_pages_source", list_pages.c.source_id, list_pages.c.rules)

# What list pages showed, each once a source: rows in order, and the line of 期刊基本参数.
list_contents = Table(
    "list_contents",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("digest", Text, primary_key=True),
    Column("rows", JSON, nullable=False),
    Column("parameters", Words),
)

# What an entry's newest revision says of its issue (issue_marks.py): a row for each, also for one
# that was taken down. `rules` is the version by which it was found out.
issue_marks = Table(
    "issue_marks",
    metadata,
    Column("entry_id", Text, ForeignKey("entries.id"), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("rules", Text, nullable=False),
    Column("url", Words, nullable=False),
    Column("year", Integer),
    Column("volume", Words),
    Column("number", Words),
    Column("parameters", Words),
)

# How the issues of a source were found last (issue_reports.py); `basis` is of what. It is empty
# where something changed since.
issue_reports = Table(
    "issue_reports",
    metadata,
    Column("source_id", Text, primary_key=True),
    Column("computed", Instant, nullable=False),
    Column("basis", Text, nullable=False),
    Column("report", JSON, nullable=False),
)

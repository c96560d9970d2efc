"""Room on disk for what would not fit in memory, for as long as one piece of work takes. Nothing of
it is left, however the process ends: the file has no name (SQLite's temporary databases)."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def open_scratch(*tables: str) -> Iterator[sqlite3.Connection]:
    """An empty database with these tables. All is one transaction that nobody commits.

    Raises:
        StoreError: the disk refused.
    """
    try:
        with closing(sqlite3.connect("", isolation_level=None)) as connection:
            for statement in ("PRAGMA synchronous = OFF", "PRAGMA journal_mode = OFF", "BEGIN"):
                connection.execute(statement).close()
            for table in tables:
                connection.execute(table).close()
            yield connection
    except sqlite3.OperationalError as error:  # the store's own errors are SQLAlchemy's
        raise StoreError(
            f"the folder for temporary files: {error}. Next: free space there, or name another "
            "folder in SQLITE_TMPDIR (else TMPDIR, /var/tmp)"
        ) from error

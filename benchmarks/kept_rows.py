"""The rows of a store as a killed process left them, with no code of Kanliu's: SQLite from a copy,
so that what the crash left is left to the next start; PostgreSQL once nobody else is in there."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
import time
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from foundation.settings import Settings

#: For a server that has not noticed yet that its client is dead.
_WAIT_S = 30.0
_OTHERS = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
)


class Rows(Protocol):
    """Answers a query without parameters."""

    def ask(self, query: str) -> Sequence[tuple[Any, ...]]: ...

    def find_damage(self) -> str | None:
        """What the database says of itself; None where nothing is wrong."""


class _Sqlite:
    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def ask(self, query: str) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def find_damage(self) -> str | None:
        (said,) = self._connection.execute("PRAGMA integrity_check").fetchone()
        return None if said == "ok" else str(said)


class _Postgres:
    def __init__(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        self._connection = connection

    def ask(self, query: str) -> Sequence[tuple[Any, ...]]:
        return self._connection.execute(query).fetchall()

    def find_damage(self) -> str | None:
        return None  # the server was not killed


@contextmanager
def open_rows(settings: Settings) -> Iterator[Rows | None]:
    """The store; None where there is none yet."""
    if settings.database is None:
        with _open_sqlite(settings.data) as rows:
            yield rows
        return
    with psycopg.connect(plain(settings.database), autocommit=True) as connection:
        until = time.monotonic() + _WAIT_S
        while _first(connection, _OTHERS) and time.monotonic() < until:
            time.sleep(0.02)
        is_there = _first(connection, "SELECT to_regclass('facts')")
        yield _Postgres(connection) if is_there else None


@contextmanager
def _open_sqlite(data: Path) -> Iterator[Rows | None]:
    with tempfile.TemporaryDirectory() as folder:
        for name in ("kanliu.sqlite", "kanliu.sqlite-wal"):
            if (data / name).exists():
                shutil.copy(data / name, folder)
        copy = Path(folder) / "kanliu.sqlite"
        if not copy.exists():
            yield None
            return
        with closing(sqlite3.connect(copy)) as connection:
            rows = _Sqlite(connection)
            named = rows.ask("SELECT 1 FROM sqlite_master WHERE name = 'facts'")
            yield rows if named else None


def plain(url: str) -> str:
    """The address without the name of a driver, as psycopg takes it."""
    return url.replace("postgresql+psycopg://", "postgresql://")


def _first(connection: psycopg.Connection[tuple[Any, ...]], query: str) -> Any:
    found = connection.execute(query).fetchone()
    return found[0] if found else None

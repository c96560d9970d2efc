"""Opens the database, brings its schema up to date, and says in words what it refused.
Holds no query of the store; SQLite and PostgreSQL differ here and nowhere else."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, InternalError, OperationalError

from archive.coding import read_json, write_json
from archive.schema import REVISION
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from alembic.config import Config
    from sqlalchemy import URL, Connection

MIGRATIONS = Path(__file__).with_name("migrations")

#: How long a writer waits for another one. A poll writes for milliseconds; only a backup or a
#: person in a database shell holds it for longer.
_BUSY_MILLISECONDS = 30_000
#: Two keys: ours, so that no other program on the same server is kept waiting, and the turn's.
_TURN = text(f"SELECT pg_advisory_xact_lock({int.from_bytes(b'kanl', 'big')}, hashtext(:turn))")

#: What the database says → what to do next. The first that fits.
_NEXT = (
    ("readonly", "make the file and its folder writable for user id {uid}"),
    ("read-only", "let this role write, or connect to the primary server"),
    ("disk is full", "free space on its disk; what was being written was not kept"),
    ("No space left", "free space on its disk; what was being written was not kept"),
    ("unable to open", "create the folder and make it writable for user id {uid}"),
    ("locked", "end the program that holds it (a database shell, a backup?)"),
    ("malformed", "restore it from a backup"),
    ("not a database", "it is another kind of file: restore a backup, or name another database"),
    ("disk I/O error", "look at the disk (dmesg), then restore from a backup if need be"),
    ("authentication failed", "correct user and password in the database setting"),
    ("does not exist", "create it: createdb, or correct the database setting"),
    ("connection", "start PostgreSQL, or correct host and port in the database setting"),
)


class Database:
    """An engine, and its transactions. A transaction that fails leaves nothing behind."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name = _name(engine.url)
        self._is_sqlite = engine.dialect.name == "sqlite"

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One consistent view."""
        with self._in_words(), self.engine.begin() as connection:
            if self._is_sqlite:
                connection.exec_driver_sql("BEGIN")
            yield connection

    @contextmanager
    def writing(self, turn: str | None = None) -> Iterator[Connection]:
        """One transaction: all of it is kept, on disk, when this returns, or nothing.

        Those that name the same turn go one after the other. SQLite has one writer at a time
        anyway; it takes the lock at once, as one that has read first could not wait for it.
        """
        with self._in_words(), self.engine.begin() as connection:
            if self._is_sqlite:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            elif turn is not None:
                connection.execute(_TURN, {"turn": turn})
            yield connection

    def migrate(self) -> None:
        """Bring the schema to the one that this code knows.

        Raises:
            StoreError: the database is newer than this code, or cannot be written.
        """
        with self.reading() as connection:
            if _version(connection) == REVISION:
                return
        with self.writing(turn="migration") as connection:
            self._upgrade(connection)

    def close(self) -> None:
        """Give every connection back. SQLite folds its write-ahead log into the file then."""
        self.engine.dispose()

    def _upgrade(self, connection: Connection) -> None:
        # Imported here: most starts find the schema as it should be, and alembic takes 0.1 s.
        from alembic import command
        from alembic.script import ScriptDirectory

        config = alembic_config(connection)
        version = _version(connection)
        known = {step.revision for step in ScriptDirectory.from_config(config).walk_revisions()}
        if version is not None and version not in known:
            raise StoreError(
                f"{self.name}: its schema {version!r} is newer than this Kanliu, which knows "
                f"{REVISION!r}. Install the Kanliu that wrote it, or restore an older backup."
            )
        command.upgrade(config, "head")

    @contextmanager
    def _in_words(self) -> Iterator[None]:
        """Database and disk troubles as StoreError. Anything else is our bug and stays itself."""
        try:
            yield
        except (OperationalError, InternalError) as error:
            raise StoreError(self._words(error)) from error
        except DatabaseError as error:
            if type(error) is not DatabaseError:  # its other kinds are wrong statements
                raise
            raise StoreError(self._words(error)) from error

    def _words(self, error: DatabaseError) -> str:
        said = " ".join(str(error.orig).split())
        todo = next((todo for sign, todo in _NEXT if sign in said), "see the database's log")
        return f"{self.name}: {said}. Next: {todo.format(uid=os.geteuid())}."


def open_database(url: str) -> Database:
    """Connect lazily; the folder of a SQLite file is made.

    Raises:
        StoreError: the URL names no database that we know, or the folder cannot be made.
    """
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise StoreError(_unknown(url)) from error
    match parsed.get_backend_name():
        case "sqlite":
            return Database(_open_sqlite(parsed))
        case "postgresql" | "postgres":
            return Database(_open_postgres(parsed))
    raise StoreError(_unknown(url))


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration without a file: the migrations lie in this package."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _open_sqlite(url: URL) -> Engine:
    if url.database and url.database != ":memory:":
        folder = Path(url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"{folder}: the data directory cannot be made ({error.strerror}). Next: name "
                f"another one (--data, KANLIU_DATA) or let user id {os.geteuid()} write there."
            ) from error
    engine = create_engine(url, json_serializer=write_json, json_deserializer=read_json)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    # We say BEGIN ourselves (Database); sqlite3 would do so at the first write only.
    connection.isolation_level = None
    for pragma in (
        f"busy_timeout = {_BUSY_MILLISECONDS}",
        "foreign_keys = ON",
        "journal_mode = WAL",
        "synchronous = FULL",  # what keep() acknowledged survives a power cut
    ):
        connection.execute(f"PRAGMA {pragma}").close()


def _open_postgres(url: URL) -> Engine:
    return create_engine(
        url.set(drivername="postgresql+psycopg"),
        json_serializer=write_json,
        json_deserializer=read_json,
        pool_pre_ping=True,  # a restarted server costs one ping, not one failed poll
        connect_args={"connect_timeout": 10},
    )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version


def _name(url: URL) -> str:
    """What the operator knows it by; never with its password."""
    is_file = url.get_backend_name() == "sqlite" and url.database
    return url.database or "" if is_file else url.render_as_string(hide_password=True)


def _unknown(url: str) -> str:
    scheme = url.split(":", 1)[0]
    return (
        f"the database setting starts with {scheme!r}. Next: use sqlite:///PATH or "
        "postgresql://USER@HOST/NAME, or leave it out for SQLite in the data directory."
    )

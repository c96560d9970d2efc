"""A data directory with a store in it, and the sealer of that directory."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.packages.seal import Sealer
from archive.store import Store
from tests.archive.factories import NOW, source
from tests.archive.packages.raw import RawFile, raw_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

SOURCES = {each.id: each for each in (source("ship", title="船"), source("tea", title="茶"))}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


@pytest.fixture(scope="session")
def fresh(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A database that knows two sources: making the tables takes longer than a test."""
    path = tmp_path_factory.mktemp("fresh") / "kanliu.sqlite"
    with Store.open(f"sqlite:///{path}", authority="feeds.example.org", now=NOW) as store:
        store.sync_sources(list(SOURCES.values()), NOW)
    return path.read_bytes()


@pytest.fixture
def store(data: Path, fresh: bytes) -> Iterator[Store]:
    data.mkdir()
    (data / "kanliu.sqlite").write_bytes(fresh)
    with Store.open(f"sqlite:///{data / 'kanliu.sqlite'}") as store:
        yield store


@pytest.fixture
def raw(data: Path, store: Store) -> Iterator[RawFile]:
    with raw_file(data, store) as raw:
        yield raw


@pytest.fixture
def sealer(data: Path, store: Store) -> Sealer:
    return open_sealer(data, store)


def open_sealer(data: Path, store: Store) -> Sealer:
    return Sealer(
        store,
        data=data,
        sources=SOURCES,
        noncommercial=False,
        software="Kanliu/test",
        operator="o@example.org",
    )

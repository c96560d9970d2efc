"""A data directory with the three sample journals kept and published, and the app over it."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import httpx
import pytest

from archive.store import Store
from feeds.publish import publish_all
from foundation.settings import Settings
from tests.web.library import fill, sample_sources
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sources.model import Source

PUBLIC_URL = "https://feeds.example"


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Made once: the fsyncs of thirty articles would be most of each test."""
    data = tmp_path_factory.mktemp("library")
    settings = Settings(data=data, public_url=PUBLIC_URL)
    sources = sample_sources(data / "journals")
    with Store.open(settings.database_url, authority="feeds.example") as store:
        fill(store, sources)
        publish_all(store, sources, settings)
    return data


@pytest.fixture
def settings(library: Path, tmp_path: Path) -> Settings:
    """Over a copy of the library, which the test may change."""
    shutil.copytree(library, tmp_path / "data")
    return Settings(data=tmp_path / "data", public_url=PUBLIC_URL)


@pytest.fixture
def sources(settings: Settings) -> list[Source]:
    """Those that the app follows now; a test may take one away."""
    return list(sample_sources(settings.data / "journals"))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url) as opened:
        yield opened


@pytest.fixture
def client(settings: Settings, store: Store, sources: list[Source]) -> Iterator[httpx.Client]:
    with (
        served(make_app(settings, store, lambda: tuple(sources))) as address,
        httpx.Client(base_url=address) as opened,
    ):
        yield opened

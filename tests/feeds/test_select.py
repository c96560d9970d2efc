from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from archive.store import Store
from feeds.select import feed_entries
from foundation.settings import Settings
from tests.factories import SEEN, day, entry, sighting, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FIVE = Settings(entries=5)
HALF_MONTHLY = source()
NO_PERIOD = source(masthead=replace(source().masthead, interval=None))


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """40 days with an article each, each seen on its day; its history closed two months later."""
    with Store.open(f"sqlite:///{tmp_path / 'kanliu.sqlite'}") as opened:
        opened.sync_sources([HALF_MONTHLY], SEEN)
        for which in range(40):
            url = f"https://river-port.example/{which}.html"
            printed = day((date(2026, 1, 1) + timedelta(which)).isoformat())
            article = entry(
                url=url, canonical_url=url, title=f"桥之{which}", text=url, published=printed
            )
            opened.keep(sighting(article, seen=SEEN + timedelta(which)))
        opened.close_documents(SEEN + timedelta(days=100))
        yield opened


def days(store: Store, *, of: object, settings: Settings = FIVE) -> list[str]:
    found = feed_entries(store, of, settings)  # type: ignore[arg-type]
    return [one.entry.published.value for one in found if one.entry.published]


def test_line_10_a_feed_holds_the_last_two_publication_periods(store: Store) -> None:
    # 30 days back from 9 February.
    assert days(store, of=HALF_MONTHLY)[0] == "2026-02-09"
    assert days(store, of=HALF_MONTHLY)[-1] == "2026-01-10"
    assert len(days(store, of=HALF_MONTHLY)) == 31


def test_line_10_and_never_less_than_the_settings_say(store: Store) -> None:
    assert len(days(store, of=NO_PERIOD)) == 5
    assert len(days(store, of=HALF_MONTHLY, settings=Settings(entries=35))) == 35


def test_line_27_what_no_closed_document_holds_is_in_the_head_too(store: Store) -> None:
    for which in (3, 4):
        url = f"https://river-port.example/{which}.html"
        printed = day((date(2026, 1, 1) + timedelta(which)).isoformat())
        edited = entry(url=url, canonical_url=url, title="改题", text=url, published=printed)
        store.keep(sighting(edited, seen=SEEN + timedelta(days=101)))
    assert days(store, of=NO_PERIOD)[5:] == ["2026-01-04", "2026-01-05"]


def test_the_feed_of_everything_holds_its_last_week(store: Store) -> None:
    assert len(days(store, of=None)) == 8
    assert len(days(store, of=None, settings=Settings(entries=20))) == 20


def test_a_source_without_entries_has_an_empty_feed(store: Store) -> None:
    assert feed_entries(store, source(id="coast"), FIVE) == []
    assert feed_entries(store, None, FIVE) != []

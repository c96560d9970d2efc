"""A take-down around the turn of a month, when documents of history are closed: whatever the hour,
nothing of the text is in any document after it, and readers are told for a week at least."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest

from archive.model import EntryState
from archive.store import Store
from feeds.compress import compress_file, uncompressed_files
from feeds.publish import publish_all, publish_changed, publish_common
from feeds.removal import cut_remains, publish_without
from foundation.settings import SavedSearch, Settings
from tests.factories import entry, sighting, source
from tests.feeds.test_removal import TEXT, TITLE, holders
from tests.feeds.test_takedowns import graves

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

HOUR = timedelta(hours=1)
#: The turn of March in UTC, by which documents are closed, and where the journal is (UTC+8).
TURN = datetime(2026, 4, 1, tzinfo=UTC)
CHINESE_TURN = TURN - 8 * HOUR
MOMENTS = [
    turn + offset
    for turn in (CHINESE_TURN, TURN)
    for offset in (-timedelta(seconds=1), timedelta(0))
]
PLACES = ("river-port", "groups/江河", "searches/bridges")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    search = SavedSearch(id="bridges", title="桥", query="水位刻度")
    return Settings(data=tmp_path, public_url="https://feeds.example", searches=(search,))


@pytest.fixture(params=["Asia/Shanghai", "UTC"])
def zone(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def store(settings: Settings, zone: str) -> Iterator[Store]:
    """A journal whose article was seen at noon of the last day, closed as it then was, revised,
    and published."""
    seen = TURN - 20 * HOUR
    river = source(groups=("江河",), zone=zone)
    with Store.open(settings.database_url, authority="feeds.example") as opened:
        opened.sync_sources([river], seen)
        keep(opened, TITLE, seen - HOUR, text=TEXT)
        for number in range(30):  # as many as a head has room for besides: the oldest are closed
            keep(opened, f"桥之{number}", seen - timedelta(minutes=number))
        assert opened.close_documents(seen) == ["river-port"]
        keep(opened, TITLE, seen + HOUR, text=f"{TEXT}{TEXT}", authors=("撤下者",))
        publish_all(opened, [river], settings)
        yield opened


def keep(store: Store, title: str, seen: datetime, **fields: object) -> None:
    url = f"https://river-port.example/{title}"
    plain = {"text": f"{title}。" * 30, "html": None, "notice": None, "authors": ()}
    found = entry(url=url, canonical_url=url, title=title, **{**plain, **fields})
    store.keep(sighting(found, seen=seen))


def pack(settings: Settings) -> None:
    for file in uncompressed_files(settings.public):
        compress_file(file)


def withdraw(store: Store, at: datetime) -> str:
    (taken,) = (one for one in store.entries("river-port") if TITLE in (one.entry.title or ""))
    store.withdrawals.withdraw(taken.id, who="林", why="要求", now=at)
    return taken.id


def by_command(store: Store, settings: Settings, at: datetime, zone: str) -> str:
    """`kanliu withdraw` alone."""
    river = source(groups=("江河",), zone=zone)
    entry_id = withdraw(store, at)
    archived = store.entry(entry_id)
    assert archived is not None
    publish_without(store, [river], [river], settings, archived)
    return entry_id


def beside(store: Store, settings: Settings, at: datetime, zone: str) -> str:
    """`kanliu withdraw` beside a service that renders nothing yet."""
    entry_id = withdraw(store, at)
    archived = store.entry(entry_id)
    assert archived is not None
    list(cut_remains(settings.public, archived, ()))
    return entry_id


# Before the service comes to close the month, or between its closing and its publishing.
@pytest.mark.parametrize(
    ("command", "is_closed"), [(by_command, False), (by_command, True), (beside, True)]
)
@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_nothing_of_the_text_is_served_whatever_the_hour(
    store: Store,
    settings: Settings,
    zone: str,
    at: datetime,
    *,
    is_closed: bool,
    command: Callable[[Store, Settings, datetime, str], str],
) -> None:
    river = source(groups=("江河",), zone=zone)
    if is_closed:  # the service has closed the month, and did not come to publish it
        store.close_documents(max(at, TURN))
    pack(settings)
    assert holders(settings)
    entry_id = command(store, settings, at, zone)
    pack(settings)
    assert holders(settings) == set()
    # And when the month is closed after it, the documents rendered, and once more a month later.
    for later in (at + HOUR, TURN + 9 * HOUR, TURN + 40 * 24 * HOUR):
        store.close_documents(later)
        done = publish_changed(store, [river], settings)
        publish_common(store, [river], settings, done.journals)
        pack(settings)
        assert holders(settings) == set(), later
    # A document that is lost is rendered anew, without it.
    for file in (settings.public / "river-port" / "archive").iterdir():
        file.unlink()
    publish_all(store, [river], settings)
    pack(settings)
    assert holders(settings) == set()
    told = [path.name for path in (settings.public / "river-port" / "archive").glob("*.atom")
            if f'ref="{entry_id}"' in path.read_text("utf-8")]  # fmt: skip
    assert len(told) >= 2  # in the document that had it, and in that of the take-down


@pytest.mark.parametrize("at", MOMENTS, ids=str)
def test_readers_of_the_head_are_told_for_a_week_at_least(
    store: Store, settings: Settings, zone: str, at: datetime
) -> None:
    """The month is closed minutes after, and a reader that comes once a day would miss it."""
    river = source(groups=("江河",), zone=zone)
    entry_id = by_command(store, settings, at, zone)
    for later in (at, TURN + HOUR, at + timedelta(days=7)):
        store.close_documents(later)
        done = publish_changed(store, [river], settings)
        publish_common(store, [river], settings, done.journals)
        assert [graves(settings, place) for place in PLACES] == [[entry_id]] * 3, later
        head = feedparser.parse((settings.public / "river-port" / "atom.xml").read_bytes())
        assert [one.id for one in head.entries].count(entry_id) == 1
        for name in PLACES:
            items = feedparser.parse((settings.public / name / "rss.xml").read_bytes()).entries
            assert [one.id for one in items].count(entry_id) == 1, name
    # Put back, it is an article like any other.
    store.withdrawals.undo(entry_id, who="林", why="弄错了", now=at + timedelta(days=8))
    publish_all(store, [river], settings)
    assert graves(settings, "river-port") == []
    archived = store.entry(entry_id)
    assert archived is not None
    assert archived.state is EntryState.LIVE
    # And one that stays down is told no longer once later history is closed.
    withdraw(store, at + timedelta(days=9))
    for later in (TURN + timedelta(days=31), TURN + timedelta(days=62)):
        keep(store, f"{later:%m}月的桥", later)
        store.close_documents(later + timedelta(days=31))
    publish_all(store, [river], settings)
    assert graves(settings, "river-port") == []

"""The publisher of WebSub against real hubs: one ping a change (FEEDS, lines 11 and 37), and none
is lost by a hub that is away or a process that ends."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archive.store import Store
from archive.writer import Writer
from feeds.courier import Courier
from feeds.publish import publish_all, publish_changed
from feeds.websub import AT_ONCE, Pings
from foundation.setting_kinds import SavedSearch
from foundation.settings import Settings
from tests.factories import SEEN, entry, sighting, source
from tests.fake_hub import FakeHub, open_fake_hub

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

pytestmark = pytest.mark.slow

START = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
RIVER = source()
TOPICS = [
    f"https://feeds.example/river-port/{name}" for name in ("atom.xml", "feed.json", "rss.xml")
]
COMMON = [topic.replace("river-port", "all") for topic in TOPICS]


@dataclass
class Press:
    """A data directory with one journal, published; `tell` is a process that pings and ends."""

    settings: Settings
    store: Store
    now: datetime = START
    seen: datetime = SEEN
    pause: timedelta = timedelta(0)

    def keep(self, title: str) -> None:
        """An article is seen with this title; the same article each time."""
        self.seen += timedelta(minutes=1)
        self.store.keep(sighting(entry(title=title), seen=self.seen))

    def publish(self) -> tuple[Path, ...]:
        return publish_changed(self.store, [RIVER], self.settings).written

    def publish_all(self) -> tuple[Path, ...]:
        return publish_all(self.store, [RIVER], self.settings).written

    def tell(self, *rounds: Sequence[Path], **settings: object) -> None:
        """Start a publisher, and let it work once at the start and once after each of `rounds`:
        the files that were written then."""
        asyncio.run(self._tell(rounds, replace(self.settings, **settings)))  # type: ignore[arg-type]

    async def _tell(self, rounds: Sequence[Sequence[Path]], settings: Settings) -> None:
        with ThreadPoolExecutor(1) as executor:
            async with Courier(settings) as courier:
                pings = Pings(
                    settings,
                    self.store.announcements,
                    writes=Writer(executor),
                    courier=courier,
                    clock=lambda: self.now,
                )
                await pings.tell_hubs()
                for written in rounds:
                    self.now += self.pause
                    pings.note(written)
                    await pings.tell_hubs()


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with open_fake_hub() as hub:
        yield hub


@pytest.fixture
def press(tmp_path: Path, hub: FakeHub) -> Iterator[Press]:
    settings = Settings(
        data=tmp_path / "data",
        public_url="https://feeds.example",
        hubs=(hub.url,),
        allow_addresses=("127.0.0.1/32",),
        timeout=timedelta(seconds=1),
    )
    with Store.open(settings.database_url, authority="feeds.example") as store:
        store.sync_sources([RIVER], SEEN)
        press = Press(settings=settings, store=store)
        press.keep("渡口的灯火")
        press.publish_all()
        yield press


def test_one_change_of_a_journal_is_one_ping_for_each_of_its_addresses(
    press: Press, hub: FakeHub
) -> None:
    press.tell()
    assert hub.topics() == sorted(TOPICS + COMMON)
    press.keep("渡口的灯")
    press.tell(press.publish())
    assert hub.topics() == TOPICS
    assert hub.agents == {press.settings.user_agent}


def test_a_change_is_told_of_its_groups_and_of_the_searches_that_find_it(
    press: Press, hub: FakeHub
) -> None:
    searches = (
        SavedSearch(id="ferry", title="渡口", query="渡口"),
        SavedSearch(id="tea", title="茶", query="茶叶"),
    )
    press.settings = replace(press.settings, searches=searches)
    grouped = [replace(RIVER, groups=("水边",)), source(id="tea", groups=("茶",))]
    publish_all(press.store, grouped, press.settings)
    press.tell()
    told = hub.topics()
    assert len(told) == 3 * (2 + 2 + 2 + 1)  # journals, groups, searches, everything
    press.keep("渡口的灯")
    written = publish_all(press.store, grouped, press.settings).written
    press.tell(written)
    folders = ("river-port", "all", "groups/%E6%B0%B4%E8%BE%B9", "searches/ferry")
    assert hub.topics() == sorted(
        topic.replace("river-port", folder) for topic in TOPICS for folder in folders
    )


def test_nothing_is_said_when_nothing_changed(press: Press, hub: FakeHub) -> None:
    press.tell()
    hub.topics()
    assert press.publish_all() == ()
    press.tell((), ())
    assert hub.pings == []


def test_a_file_that_was_written_anew_with_the_same_bytes_is_no_change(
    press: Press, hub: FakeHub
) -> None:
    """As after a restored backup: the times differ."""
    press.tell()
    hub.topics()
    feed = press.settings.public / "river-port" / "atom.xml"
    feed.write_bytes(feed.read_bytes())
    press.tell((feed,))
    assert hub.pings == []


def test_each_of_several_hubs_is_told(press: Press, hub: FakeHub) -> None:
    with open_fake_hub() as other:
        press.tell(hubs=(hub.url, other.url))
        assert hub.topics() == other.topics() == sorted(TOPICS + COMMON)


def test_no_document_but_feeds_is_a_topic(press: Press, hub: FakeHub) -> None:
    closed = press.settings.public / "river-port" / "archive" / "2026-03.atom"
    closed.parent.mkdir(exist_ok=True)
    closed.write_text("<feed/>", "utf-8")
    press.tell((closed, press.settings.public / "opml.xml"))
    assert hub.topics() == sorted(TOPICS + COMMON)


def test_our_own_hub_is_not_pinged(press: Press, hub: FakeHub) -> None:
    press.tell(hub=True, hubs=(), public_url=hub.url.removesuffix("/hub"))
    assert hub.pings == []


@pytest.mark.parametrize("status", [301, 307, 404, 429, 500, 503])
def test_a_hub_that_fails_is_left_alone_for_a_while_and_told_then(
    press: Press, hub: FakeHub, status: int, caplog: pytest.LogCaptureFixture
) -> None:
    hub.status = status
    press.tell()
    assert len(hub.topics()) <= AT_ONCE
    assert f"topics=6 tries=1 again=2026-11-26T02:01:00+00:00 reason='it answered {status}'" in (
        caplog.text
    )
    hub.status = 202
    press.keep("渡口的灯")
    press.now += timedelta(seconds=59)
    press.tell(press.publish())  # another process, that begins while the hub is left alone
    assert hub.pings == []
    press.now += timedelta(seconds=1)
    press.tell(())
    assert hub.topics() == sorted(TOPICS + COMMON)


def test_what_a_hub_missed_is_told_in_the_same_process_when_it_is_back(
    press: Press, hub: FakeHub
) -> None:
    hub.failures = 4
    press.pause = timedelta(minutes=1)
    press.tell((), ())
    told = hub.topics()
    assert len(told) == 6 + 4
    assert set(told) == {*TOPICS, *COMMON}


def test_the_waits_grow_across_restarts_and_begin_anew_when_the_hub_is_back(
    press: Press, hub: FakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    hub.status = 500
    waits = []
    for _ in range(7):
        press.tell()
        absence = press.store.announcements.absence(hub.url)
        assert absence is not None
        waits.append((absence.due - press.now) // timedelta(minutes=1))
        press.now = absence.due
    assert waits == [1, 5, 30, 120, 360, 360, 360]
    hub.status = 204
    press.tell()
    assert press.store.announcements.absence(hub.url) is None
    caplog.clear()
    hub.status = 500
    press.keep("渡口的灯")
    press.tell(press.publish())
    assert "tries=1" in caplog.text


@pytest.mark.parametrize(
    ("asked", "waits"),
    [
        ("7200", [120, 120, 120]),
        ("Thu, 26 Nov 2026 05:00:00 GMT", [180, 5, 30]),  # it is over then
        ("999999", [1440, 1440, 1440]),
        ("60", [1, 5, 30]),
        ("later", [1, 5, 30]),
    ],
)
def test_a_hub_is_left_alone_for_as_long_as_it_asks_within_a_day(
    press: Press, hub: FakeHub, asked: str, waits: list[int]
) -> None:
    hub.status, hub.retry_after = 503, asked
    for wait in waits:
        press.tell()
        absence = press.store.announcements.absence(hub.url)
        assert absence is not None
        assert absence.due - press.now == timedelta(minutes=wait)
        press.now = absence.due


@pytest.mark.parametrize("problem", ["no answer", "refused"])
def test_a_hub_without_an_answer_is_left_alone_too(
    press: Press, hub: FakeHub, problem: str, caplog: pytest.LogCaptureFixture
) -> None:
    if problem == "no answer":
        hub.waits_seconds = 2
        press.tell()
        assert "no answer within 1 s" in caplog.text
    else:
        press.tell(hubs=("http://127.0.0.1:9/hub",))
        assert "tries=1" in caplog.text


def test_one_hub_that_hangs_does_not_hold_up_the_other(press: Press, hub: FakeHub) -> None:
    hub.waits_seconds = 2
    with open_fake_hub() as other:
        press.tell(hubs=(hub.url, other.url))
        assert other.topics() == sorted(TOPICS + COMMON)


def test_a_topic_that_the_hub_does_not_want_is_not_told_again_and_holds_up_no_other(
    press: Press, hub: FakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    hub.statuses = {TOPICS[0]: 422}
    press.tell(())
    press.tell()
    assert hub.topics() == sorted(TOPICS + COMMON)
    assert f"hub refuses a topic hub={hub.url} topic={TOPICS[0]} status=422" in caplog.text


def test_what_a_crash_left_untold_is_told_at_the_next_start(press: Press, hub: FakeHub) -> None:
    press.tell()
    hub.topics()
    press.keep("渡口的灯")
    press.publish()  # and the process ends before it says so
    press.tell()
    assert hub.topics() == TOPICS


def test_a_hub_that_is_taken_out_and_comes_back_is_told_of_everything(
    press: Press, hub: FakeHub
) -> None:
    press.tell()
    press.tell(hubs=())
    hub.topics()
    press.tell()
    assert hub.topics() == sorted(TOPICS + COMMON)


def test_a_hub_is_asked_a_few_things_at_a_time(press: Press, hub: FakeHub) -> None:
    for number in range(10):
        folder = press.settings.public / f"journal-{number}"
        folder.mkdir()
        for name in ("atom.xml", "feed.json", "rss.xml"):
            (folder / name).write_text(name, "utf-8")
    hub.waits_seconds = 0.05
    press.tell()
    assert len(hub.topics()) == 36
    assert 1 < hub.most_at_once <= AT_ONCE


def test_a_hub_at_a_private_address_is_not_told(
    press: Press, hub: FakeHub, caplog: pytest.LogCaptureFixture
) -> None:
    by_name = hub.url.replace("127.0.0.1", "localhost")
    press.tell(hubs=(hub.url, by_name), allow_addresses=())
    assert hub.pings == []
    assert caplog.text.count("127.0.0.1 is a private address") == 2

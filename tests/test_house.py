"""What polls share: a bug in one of them, one host's patience, one publication at the end."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archive.model import Outcome
from crawler.pipeline import Archivist
from feeds.publish import Published, publish_changed
from house.keeping import now, open_store
from house.publishing import publish_living
from house.rooms import House
from house.visits import exit_code, is_broken, poll_once
from scheduler import Loop
from sources.read import read_sources
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.model import Poll
    from sources.model import Source

pytestmark = pytest.mark.slow

ROWS = [("/a/1.html", "账本里的商标", "2026-11-05")]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """`magazine`, which is well, and `unlucky`, in which tests put a bug."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        bench.write_source("unlucky", lists=[f"{site.url}/unlucky.html"])
        site.page("/list.html", listing(ROWS))
        site.page("/unlucky.html", listing([("/a/9.html", "另一家小店的账本", "2026-11-06")]))
        site.page("/a/9.html", article("另一家小店的账本", day="2026-11-06"))
        for path, title, day in ROWS:
            site.page(path, article(title, day=day))
        yield bench


@pytest.fixture
def _bug(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every article of `unlucky` meets a bug of ours."""
    right = Archivist.keep_step

    def keep_step(self: Archivist, source: Source, *more: object) -> object:
        if source.id == "unlucky":
            raise ValueError("no such\ncolumn")
        return right(self, source, *more)  # type: ignore[arg-type]

    monkeypatch.setattr(Archivist, "keep_step", keep_step)


@pytest.mark.usefixtures("_bug")
def test_a_bug_in_one_source_ends_its_visit_alone_and_is_written_down(bench: Bench) -> None:
    well, broken = bench.polls()
    assert well.outcome is Outcome.NEW
    assert "magazine/rss.xml" in bench.published()
    assert broken.outcome is Outcome.UNREACHABLE
    assert broken.reason == (
        "a bug in Kanliu ended this visit: ValueError: no such column; please report it"
    )
    assert broken.requests > 0
    assert is_broken(broken)
    assert exit_code([well, broken], {"unlucky": 1}) == 1

    async def look(house: House) -> None:
        status = house.store.status("unlucky")
        assert status.failures == 1
        assert status.due is not None
        assert status.due > datetime.now(UTC) + timedelta(minutes=30)
        assert [each.reason for each in house.store.polls("unlucky")] == [broken.reason]

    bench.inside(look)


async def serve_a_while(house: House) -> None:
    """The service's loop, for some ticks."""
    stop = asyncio.Event()
    asyncio.get_running_loop().call_later(3, stop.set)
    house.settings = replace(house.settings, tick=timedelta(seconds=0.5))
    await Loop(house).run(stop)


@pytest.mark.usefixtures("_bug")
def test_a_source_that_meets_a_bug_is_not_asked_again_at_once(bench: Bench) -> None:
    bench.inside(serve_a_while)
    assert bench.site.paths().count("/unlucky.html") == 1
    assert "/a/1.html" in bench.site.paths()


def test_a_bug_in_publishing_is_logged_and_the_next_tick_publishes(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    breaks_once = iter([KeyError("no such tag")])
    published = asyncio.Event()

    def publish(*arguments: object) -> object:
        for error in breaks_once:
            raise error
        published.set()
        return publish_changed(*arguments)  # type: ignore[arg-type]

    async def until_published(house: House) -> None:
        stop = asyncio.Event()
        house.settings = replace(house.settings, tick=timedelta(seconds=0.5))
        serving = asyncio.ensure_future(Loop(house).run(stop))
        async with asyncio.timeout(15):
            while not published.is_set():  # set in the writer's thread
                await asyncio.sleep(0.05)
        assert not serving.done()
        stop.set()
        await serving

    monkeypatch.setattr("house.publishing.publish_changed", publish)
    bench.inside(until_published)
    told = [each for each in caplog.records if each.message.startswith("publish_journals broke")]
    assert [each.exc_info is not None for each in told] == [True]


def test_a_month_that_ends_is_closed_at_a_tick_though_no_journal_changed(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = bench.settings.public / "magazine" / "archive"

    async def over_the_month(house: House) -> None:
        await poll_once(house, house.sources)
        stop = asyncio.Event()
        house.settings = replace(house.settings, tick=timedelta(seconds=0.5))
        serving = asyncio.ensure_future(Loop(house).run(stop))
        await asyncio.sleep(2)  # what a start publishes in any case is published
        assert not closed.exists()
        monkeypatch.setattr("house.publishing.now", lambda: now() + timedelta(days=40))
        async with asyncio.timeout(15):
            while not closed.exists():
                await asyncio.sleep(0.05)
        stop.set()
        await serving

    bench.inside(over_the_month)
    assert [file.suffix for file in closed.iterdir() if file.suffix == ".atom"] == [".atom"]


def test_a_retired_journals_feeds_end_and_come_back_when_it_does(bench: Bench) -> None:
    feed = bench.settings.public / "magazine" / "atom.xml"

    async def retire_and_resume(house: House) -> None:
        publications = house.publications
        publications.settings = replace(publications.settings, farewell=timedelta(0))
        await house.publications.publish()
        assert await house.publications.compress() == 2 * len(bench.published())
        assert feed.exists()
        touched: list[Path] = []
        publications.listen(touched.extend)
        house.store.retire("magazine", now())
        await house.publications.publish()
        assert not list(feed.parent.iterdir())
        # Our own hub is told too: subscribers must hear of it.
        assert set(touched) >= {feed, feed.with_name("rss.xml"), feed.with_name("feed.json")}
        assert (bench.settings.public / "all" / "atom.xml").exists()
        house.store.resume("magazine", now())
        await house.publications.publish_common()
        await house.publications.publish()
        assert feed.exists()

    bench.inside(retire_and_resume)


def test_publishing_by_hand_leaves_ended_feeds_away(bench: Bench) -> None:
    settings = replace(bench.settings, farewell=timedelta(0))
    sources = read_sources(settings.journals).sources
    with open_store(settings) as store:
        store.sync_sources(sources, now())
        publish_living(store, sources, settings, None)
        assert (settings.public / "magazine" / "atom.xml.gz").exists()
        store.retire("magazine", now())
        publish_living(store, sources, settings, None)
    assert not list((settings.public / "magazine").iterdir())
    assert (settings.public / "unlucky" / "atom.xml").exists()


def test_what_could_not_be_rendered_for_a_bug_is_rendered_the_next_time(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def publish_twice(house: House) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("house.publishing.publish_journals", None)
            with pytest.raises(TypeError):
                await house.publications.publish()
        assert bench.published() == {}
        await house.publications.publish()

    bench.inside(publish_twice)
    assert {"magazine/rss.xml", "unlucky/rss.xml"} <= bench.published().keys()


def test_the_feed_of_everything_is_behind_until_it_could_be_rendered(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def publish_twice(house: House) -> None:
        with monkeypatch.context() as patched:
            patched.setattr("feeds.publish.common_documents", None)
            assert (await house.publications.publish()).failed == ("all",)
        assert house.publications.unrendered == {"all"}
        assert "all/rss.xml" not in bench.published()
        await house.publications.publish_common()
        assert "all/rss.xml" in bench.published()
        assert await house.publications.publish_common() == Published()

    bench.inside(publish_twice)


def test_what_shows_only_other_journals_is_not_rendered_again(bench: Bench) -> None:
    bench.write_source(groups=["甲"])
    bench.write_source("unlucky", lists=[f"{bench.site.url}/unlucky.html"], groups=["乙"])

    async def publish_twice(house: House) -> None:
        await house.refresh()
        await poll_once(house, house.sources)
        new = ("/a/2.html", "河边的账本", "2026-11-07")
        bench.site.page("/list.html", listing([new, *ROWS]))
        bench.site.page(new[0], article(new[1], day=new[2]))
        (magazine,) = (each for each in house.sources if each.id == "magazine")
        await house.poll(magazine)
        assert (await house.publications.publish_journals()).journals == {"magazine"}
        done = await house.publications.publish_common()
        assert {path.parent.name for path in done.written} == {"all", "甲"}
        assert done.unchanged == 0

    bench.inside(publish_twice)


def test_one_round_asks_one_host_for_no_more_than_its_share_at_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    right = House.poll
    running: list[str] = []
    most = 0

    async def poll(self: House, source: Source) -> Poll:
        nonlocal most
        running.append(source.id)
        most = max(most, len(running))
        try:
            return await right(self, source)
        finally:
            running.remove(source.id)

    monkeypatch.setattr(House, "poll", poll)
    assert len(bench.polls()) == 2
    assert most == 1


def test_what_could_not_be_rendered_is_known_until_it_can_be(bench: Bench) -> None:
    async def rounds(house: House) -> list[frozenset[str]]:
        told = []
        right = house.sources
        for zone in ("No/Where", "Asia/Shanghai"):
            sources = tuple(replace(source, zone=zone) for source in right)
            house._read = replace(house._read, sources=sources)
            house.publications._stale = [each for each in sources if each.id == "magazine"]
            await poll_once(house, [each for each in right if each.id == "magazine"])
            told.append(house.publications.unrendered)
        return told

    broken, mended = bench.inside(rounds)  # type: ignore[misc]
    assert "magazine" in broken
    assert mended == frozenset()

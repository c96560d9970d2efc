"""The demo as a person sees it: everything that the sample journals show arrives in the feeds, and
what happens to them later follows."""

from __future__ import annotations

import asyncio
import json
import os
import re
import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import feedparser
import pytest

from archive.model import EntryState
from demo.run import serving
from demo.site import DemoSite, make_site, write_journals
from foundation.errors import StoreError
from foundation.settings import Settings
from house.again import rebuild_database, reread
from house.rooms import House, open_house
from house.visits import poll_once

if TYPE_CHECKING:
    from pathlib import Path

    from demo.press import Expected

pytestmark = pytest.mark.slow


def found(house: House) -> set[tuple[object, ...]]:
    return {
        (
            each.source_id,
            urlsplit(each.entry.url).path,
            each.entry.title,
            each.entry.published.value if each.entry.published else None,
            each.entry.notice.class_.value if each.entry.notice else "none",
            each.entry.authors,
            each.entry.doi,
            each.entry.volume,
            each.entry.number,
            each.entry.pages,
            each.state is EntryState.RETRACTED,
        )
        for each in house.store.entries()
    }


def wanted(expected: tuple[Expected, ...]) -> set[tuple[object, ...]]:
    return {
        (
            each.source_id,
            each.path,
            each.title,
            each.published,
            each.notice,
            each.authors,
            each.doi,
            each.volume,
            each.number,
            each.pages,
            each.is_retracted,
        )
        for each in expected
    }


async def follow(settings: Settings, site: DemoSite) -> list[tuple[int, set[object], set[object]]]:
    """Poll after every step; what was missing and what was too much then."""
    differences: list[tuple[int, set[object], set[object]]] = []
    async with serving(site, asyncio.Event()) as base, open_house(settings, "test") as house:
        write_hasty_journals(settings.journals, base)
        await house.refresh()
        for step in range(len(site.script) + 1):
            if step:
                site.step()
                await asyncio.sleep(1.05)  # so that every known article is due for a look
            await poll_once(house, house.sources)
            right, ours = wanted(site.expected()), found(house)
            differences.append((step, set(right - ours), set(ours - right)))
    return differences


def test_the_feeds_follow_everything_that_happens(tmp_path: Path) -> None:
    settings = Settings(
        data=tmp_path / "data",
        journals=tmp_path / "journals",
        allow_addresses=("127.0.0.1/32",),
        delay=timedelta(0),
        reactor=False,
    )
    site = make_site(datetime.now(UTC))
    for step, missing, surplus in asyncio.run(follow(settings, site)):
        assert (step, missing, surplus) == (step, set(), set())
    # All of it stands in the archive's own files, and reads today as it was read then.
    again = reread(settings, ())
    assert (again.entries > 20, again.found) == (True, [])
    anew = rebuild_database(settings, is_checked_only=True)
    assert (anew.unlike, anew.rebuilt.lost, anew.rebuilt.otherwise) == ((), (), ())


def write_hasty_journals(folder: Path, base: str) -> None:
    """The demo's source files, with known articles looked at again after each second."""
    spans = ", ".join(f'"{at}s"' for at in range(1, 60))
    for file in write_journals(folder, base):
        head, _, tail = file.read_text("utf-8").partition("recheck = [")
        rest = tail.partition("]")[2]
        file.write_text(f"{head}recheck = [{spans}]\nrechecks = 100{rest}", "utf-8")


def run_demo(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "cli", "demo", *words],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "160"},
    )


def test_one_command_publishes_three_journals_that_readers_read(tmp_path: Path) -> None:
    began = datetime.now(UTC)
    done = run_demo("--once", "--data", str(tmp_path), "--port", "0")
    assert done.returncode == 0, done.stderr
    site = make_site(began)
    for source_id in {each.source_id for each in site.expected()}:
        folder = tmp_path / "public" / source_id
        expected = [each for each in site.expected() if each.source_id == source_id]
        days = {(each.title, each.published) for each in expected}
        feed = feedparser.parse(folder / "rss.xml")
        assert not feed.bozo
        (zone,) = {ZoneInfo(each.zone) for each in expected}
        assert {(each.title, local_day(each.published_parsed, zone)) for each in feed.entries} == (
            days
        )
        # These two print the journal's own clock: day and offset, as a reader sees them.
        printed = {(each.title, *day_and_offset(each.published, each.zone)) for each in expected}
        feed = feedparser.parse(folder / "atom.xml")
        assert not feed.bozo
        assert {
            (each.title, each.published[:10], each.published[19:]) for each in feed.entries
        } == (printed)
        items = json.loads((folder / "feed.json").read_text("utf-8"))["items"]
        dates = {(each["title"], each["date_published"]) for each in items}
        assert {(title, date[:10], date[19:]) for title, date in dates} == printed
    assert "品牌观察" in done.stdout


def test_a_second_demo_over_the_same_data_finds_every_article_where_it_was(tmp_path: Path) -> None:
    first = run_demo("--once", "--data", str(tmp_path), "--port", "0")
    feed = tmp_path / "public" / "pinpai-guancha" / "atom.xml"
    ids = {each.id for each in feedparser.parse(feed).entries}
    make_an_hour_old(tmp_path)
    again = run_demo("--once", "--data", str(tmp_path), "--port", "0")
    assert (first.returncode, again.returncode) == (0, 0), again.stdout
    assert again.stdout.splitlines()[0] == first.stdout.splitlines()[0]
    assert {each.id for each in feedparser.parse(feed).entries} == ids


def test_where_its_site_cannot_be_had_again_the_demo_says_what_is_the_matter(
    tmp_path: Path,
) -> None:
    first = run_demo("--once", "--data", str(tmp_path), "--port", "0")
    found = re.search(r"http://127\.0\.0\.1:(\d+)", first.stdout)
    assert found is not None
    make_an_hour_old(tmp_path)
    with socket.create_server(("127.0.0.1", int(found[1]))):
        again = run_demo("--once", "--data", str(tmp_path), "--port", "0")
    assert again.returncode == 1
    assert "pinpai-guancha: partial: " in again.stdout


def make_an_hour_old(data: Path) -> None:
    """So that every known article is due to be looked at again."""
    then = (datetime.now(UTC) - timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    database = sqlite3.connect(data / "kanliu.sqlite")
    with database:
        database.execute("UPDATE locations SET first_seen = ?, last_asked = ?", (then, then))
    database.close()


def day_and_offset(published: str | None, zone: str) -> tuple[str, str]:
    """`2026-11-20`, `+08:00`: what a date of that day ends with in that zone."""
    assert published is not None
    offset = f"{datetime.fromisoformat(published).replace(tzinfo=ZoneInfo(zone)):%z}"
    return published[:10], f"{offset[:3]}:{offset[3:]}"


def test_a_port_that_is_taken_is_told_before_anything_is_polled(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run_demo("--data", str(tmp_path), "--port", port)
        assert done.returncode == 1
        assert f"127.0.0.1:{port} is taken by another program" in done.stderr
        assert "Traceback" not in done.stderr
        assert "Polling" not in done.stdout
        assert run_demo("--once", "--data", str(tmp_path), "--port", port).returncode == 0


def test_a_site_that_cannot_listen_says_why(monkeypatch: pytest.MonkeyPatch) -> None:
    async def enter() -> None:
        async with serving(make_site(datetime.now(UTC)), asyncio.Event()):
            raise AssertionError("it is served")

    monkeypatch.setattr("demo.run.HOST", "192.0.2.1")  # for documents: no machine has it
    with pytest.raises(StoreError, match="no such address"):
        asyncio.run(enter())


def local_day(parsed: tuple[int, ...], zone: ZoneInfo) -> str:
    """The day that a reader in the journal's own zone sees."""
    return datetime(*parsed[:6], tzinfo=UTC).astimezone(zone).date().isoformat()

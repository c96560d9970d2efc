"""The demo as a person sees it: everything that the sample journals show arrives in the feeds, and
what happens to them later follows."""

from __future__ import annotations

import asyncio
import json
import os
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
from foundation.settings import Settings
from house import House, open_house, poll_once

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


def write_hasty_journals(folder: Path, base: str) -> None:
    """The demo's source files, with known articles looked at again after each second."""
    spans = ", ".join(f'"{at}s"' for at in range(1, 60))
    for file in write_journals(folder, base):
        head, _, tail = file.read_text("utf-8").partition("recheck = [")
        rest = tail.partition("]")[2]
        file.write_text(f"{head}recheck = [{spans}]\nrechecks = 100{rest}", "utf-8")


def test_one_command_publishes_three_journals_that_readers_read(tmp_path: Path) -> None:
    began = datetime.now(UTC)
    done = subprocess.run(
        [sys.executable, "-m", "cli", "demo", "--once", "--data", str(tmp_path), "--port", "0"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        env={**os.environ, "COLUMNS": "160"},
    )
    assert done.returncode == 0, done.stderr
    site = make_site(began)
    for source_id in {each.source_id for each in site.expected()}:
        folder = tmp_path / "public" / source_id
        right = {
            (each.title, each.published, each.zone)
            for each in site.expected()
            if each.source_id == source_id
        }
        (zone,) = {ZoneInfo(zone) for _, _, zone in right}
        for name in ("rss.xml", "atom.xml"):
            feed = feedparser.parse(folder / name)
            assert not feed.bozo
            assert {
                (each.title, local_day(each.published_parsed, zone), str(zone))
                for each in feed.entries
            } == right
        items = json.loads((folder / "feed.json").read_text("utf-8"))["items"]
        assert {(each["title"], each["date_published"][:10], str(zone)) for each in items} == right
    assert "品牌观察" in done.stdout


def local_day(parsed: tuple[int, ...], zone: ZoneInfo) -> str:
    """The day that a reader in the journal's own zone sees."""
    return datetime(*parsed[:6], tzinfo=UTC).astimezone(zone).date().isoformat()

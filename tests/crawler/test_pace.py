"""What a host asks for in Retry-After, as a span, and that its pauses are kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from time import monotonic
from typing import TYPE_CHECKING, Any

import pytest

from crawler.pace import (
    REST_MOST,
    REST_UNTOLD,
    HostPace,
    parse_retry_after,
    slow_down,
    wait_asked,
)
from foundation.errors import UnreachableError
from sources.model import Limits
from tests.crawler.crawling import in_a_crawl
from tests.fake_site import FakeSite, open_fake_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scrapy.core.downloader import Downloader

    from crawler.service import Crawl

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("Mon, 23 Nov 2026 09:00:00 GMT", timedelta(hours=1)),
        ("Monday, 23-Nov-26 09:00:00 GMT", timedelta(hours=1)),
        ("Mon, 23 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("99999999999999999999", REST_MOST),
        ("Fri, 31 Dec 9999 23:59:59 GMT", REST_MOST),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 23 Nov 2026 09:00:00 +99999999999999", None),
        ("Mon, 23 Nov 2026 09:00:00 +9999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, wait: timedelta | None) -> None:
    assert parse_retry_after(text, NOW) == wait


def test_a_host_that_does_not_say_how_long_is_left_for_a_minute() -> None:
    assert wait_asked({}, NOW) == REST_UNTOLD
    assert wait_asked({"retry-after": "60"}, NOW) == timedelta(seconds=60)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with open_fake_site() as site:
        site.page("/a", "<p>page</p>")
        yield site


def downloader_of(crawl: Crawl) -> Downloader:
    assert crawl._crawler is not None
    assert crawl._crawler.engine is not None
    return crawl._crawler.engine.downloader


@pytest.mark.slow
def test_no_two_requests_come_closer_than_robots_txt_asks(site: FakeSite) -> None:
    site.bare("/robots.txt", "User-agent: *\nCrawl-delay: 0.3\n")

    async def visit(crawl: Crawl) -> None:
        fetch = crawl.fetcher(Limits())
        ends = []
        for _ in range(7):
            await fetch(f"{site.url}/a")
            ends.append(monotonic())
        assert min(after - before for before, after in pairwise(ends)) > 0.27

    in_a_crawl(visit)


@pytest.mark.parametrize(
    ("delay", "wish", "pause"), [(0, 0.4, 0.4), (0.2, 0.4, 0.4), (0.5, 0.4, 0.5), (0.5, 0.1, None)]
)
def test_a_wish_for_a_pause_is_kept_to_the_letter(
    site: FakeSite, delay: float, wish: float, pause: float | None
) -> None:
    async def visit(crawl: Crawl) -> None:
        await crawl.fetcher(Limits())(f"{site.url}/a")
        downloader = downloader_of(crawl)
        crawler: Any = crawl._crawler
        downloader.per_slot_settings["127.0.0.1"] = {"concurrency": 2}
        slow_down(crawler, "127.0.0.1", timedelta(seconds=wish))
        slot = downloader.slots["127.0.0.1"]
        if pause is None:
            assert downloader.per_slot_settings["127.0.0.1"] == {"concurrency": 2}
            assert slot.jitter > 0
            return
        kept = {"concurrency": 2, "delay": pause, "jitter": 0}
        assert downloader.per_slot_settings["127.0.0.1"] == kept
        assert (slot.delay, slot.jitter) == (pause, 0)
        slow_down(crawler, "127.0.0.1", timedelta(seconds=pause / 2))
        assert slot.delay == pause

    in_a_crawl(visit, delay=timedelta(seconds=delay))


def test_hosts_whose_rest_is_over_are_forgotten(site: FakeSite) -> None:
    site.bare("/busy", "later", status=429)

    async def visit(crawl: Crawl) -> None:
        assert crawl._crawler is not None
        pace = crawl._crawler.get_downloader_middleware(HostPace)
        assert pace is not None
        now = datetime.now(UTC)
        pace._rests = {"old.example": now, "new.example": now + REST_MOST}
        with pytest.raises(UnreachableError):
            await crawl.fetcher(Limits())(f"{site.url}/busy")
        assert set(pace._rests) == {"new.example", f"127.0.0.1:{site.port}"}

    in_a_crawl(visit)

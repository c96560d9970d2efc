"""One list page and five articles, fetched: `BASE COUNT long-lived|object`. The long-lived crawl
of the service, or a crawler object for each poll, both with the service's settings."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider
from scrapy.crawler import AsyncCrawlerRunner

from crawler.service import Crawl, run_loop, service_settings
from foundation.settings import Settings
from sources.model import Limits

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.http import Response

ARTICLES = 5
#: robots.txt apart: each new crawler object would ask for it again.
SETTINGS = Settings(allow_addresses=("127.0.0.0/8",), delay=timedelta(0), robots=False)


def addresses(base: str) -> tuple[str, list[str]]:
    """The list page, and its articles."""
    return f"{base}/list/0/20", [f"{base}/a/{number}" for number in range(ARTICLES)]


class OnePoll(Spider):
    """A poll as a spider: list, then articles."""

    name = "one-poll"
    base = ""
    got = 0

    async def start(self) -> AsyncIterator[Any]:
        yield Request(addresses(OnePoll.base)[0], dont_filter=True)

    def parse(self, response: Response) -> Iterator[Any]:
        for url in addresses(OnePoll.base)[1]:
            yield Request(url, callback=self.parse_article)

    def parse_article(self, response: Response) -> None:
        OnePoll.got += 1


async def poll_with_objects(base: str, count: int) -> None:
    OnePoll.base = base
    runner = AsyncCrawlerRunner(service_settings(SETTINGS))
    for _ in range(count):
        await runner.crawl(OnePoll)
    assert OnePoll.got >= count * ARTICLES, OnePoll.got


async def poll_long_lived(base: str, count: int) -> None:
    listing, articles = addresses(base)
    async with Crawl(SETTINGS) as crawl:
        for _ in range(count):
            fetch = crawl.fetcher(Limits())
            for url in (listing, *articles):
                answer = await fetch(url)
                assert answer.status == 200


async def measure(base: str, count: int, way: str) -> float:
    poll = poll_with_objects if way == "object" else poll_long_lived
    await poll(base, 3)
    await asyncio.sleep(0.1)
    began = time.process_time()
    await poll(base, count)
    return (time.process_time() - began) * 1000 / count


def main() -> None:
    base, count, way = sys.argv[1:4]
    ms = run_loop(lambda: measure(base, int(count), way), reactor=True)
    print(json.dumps({"ms": ms}))


if __name__ == "__main__":
    main()

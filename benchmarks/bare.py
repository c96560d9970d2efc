"""The bare thing: a default Scrapy crawl. `python -m benchmarks.bare COUNT URL…` asks for these
pages in turn and prints CPU milliseconds a page, from the opening of the spider to its closing."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Any

from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess, Crawler

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from scrapy.http import Response


class Bare(Spider):
    """Default settings, a callback that does nothing."""

    name = "bare"
    urls: Sequence[str] = ()
    count = 0
    began = 0.0

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Bare:
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.opened, signals.spider_opened)
        crawler.signals.connect(spider.closed_, signals.spider_closed)
        return spider

    def opened(self) -> None:
        self.began = time.process_time()

    def closed_(self) -> None:
        spent = (time.process_time() - self.began) * 1000
        print(json.dumps({"ms": spent / self.count}))

    async def start(self) -> AsyncIterator[Any]:
        for number in range(self.count):
            yield Request(self.urls[number % len(self.urls)], dont_filter=True)

    def parse(self, response: Response) -> None:
        assert response.status == 200


def main() -> None:
    Bare.count, Bare.urls = int(sys.argv[1]), sys.argv[2:]
    process = AsyncCrawlerProcess({"LOG_ENABLED": False})
    process.crawl(Bare)
    process.start()


if __name__ == "__main__":
    main()

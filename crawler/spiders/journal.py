"""The journal spider: the same walk as a poll of the service, as a Scrapy spider of its own.

`scrapy crawl <id>` archives through ITEM_PIPELINES and does not publish (DESIGN.md).
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar, Self

from scrapy import Request, Spider, signals

from crawler.addon import kanliu_settings
from crawler.browser import Browser
from crawler.render import fetcher_for
from crawler.walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from scrapy.crawler import Crawler

    from archive.model import SourceMemory
    from crawler.fetch import Answer, Fetcher
    from sources.model import Source


class CrawlClosingError(Exception):
    """The crawl is being closed: the walk ends here, before its end. Neither the site's fault nor
    anybody's."""


class JournalSpider(Spider):
    """Base of the spiders that the loader makes. `source` is set on each class."""

    name = "journal"
    source: ClassVar[Source]
    walk: Walk
    started: datetime
    fetcher: Fetcher
    #: Set by the pipeline, which opens the archive before the crawl begins.
    memory: SourceMemory

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        spider = super().from_crawler(crawler, *args, **kwargs)
        for ended in (signals.item_scraped, signals.item_dropped, signals.item_error):
            crawler.signals.connect(spider._item_ended, ended)
        return spider

    async def start(self) -> AsyncIterator[Any]:
        """Yield each step of the walk as an item."""
        self.started = datetime.now(UTC)
        browser = Browser(kanliu_settings(self.crawler.settings))
        self.fetcher = fetcher_for(
            self.crawler,
            self.source.limits,
            browser=browser,
            render=self.source.render,
            encoding=self.source.encoding,
        )
        self.walk = Walk(self.source, self.memory, fetch=self.ask, clock=lambda: datetime.now(UTC))
        try:
            with suppress(CrawlClosingError):
                async with aclosing(self.walk.steps()) as steps:
                    async for step in steps:
                        self._go_on()  # whoever keeps steps may have closed meanwhile
                        yield step
        finally:
            await browser.close()

    async def ask(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        """Fetch a page, unless the crawl is being closed.

        Raises:
            SiteError: no page came.
            CrawlClosingError: nothing was asked.
        """
        self._go_on()
        # The engine counts requests to know when it may close, and counts badly where one of ours
        # is redirected or repeated while it closes: it would close twice, and hang. This stands
        # for the whole of one fetch.
        assert self.crawler.engine is not None
        slot: Any = self.crawler.engine._slot
        whole = Request(self.source.lists[0])
        slot.add_request(whole)
        try:
            return await self.fetcher(url, etag=etag, last_modified=last_modified)
        finally:
            slot.remove_request(whole)

    def _go_on(self) -> None:
        """Scrapy has no signal for the begin of closing: CLOSESPIDER_*, a full disk, a signal."""
        assert self.crawler.engine is not None
        slot = self.crawler.engine._slot
        if slot is None or slot.closing is not None:
            raise CrawlClosingError

    def _item_ended(self) -> None:
        asyncio.get_running_loop().call_later(_SOON_SECONDS, self._let_close)

    def _let_close(self) -> None:
        """Scrapy 2.19 looks whether its scraper may close when a response is done with, and not
        when an item of `start()` is: closed while one is being kept, it would wait for ever."""
        assert self.crawler.engine is not None
        scraper = self.crawler.engine.scraper
        slot = scraper.slot
        if slot is None or slot.closing is None or slot.closing.called:
            return
        scraper._check_if_closing()
        if not slot.is_idle():
            self._item_ended()


#: An item counts as in hand for a moment after Scrapy has said that it is done.
_SOON_SECONDS = 0.05

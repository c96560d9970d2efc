"""The item pipeline of `scrapy crawl`: opens the archive, keeps each step, ends the poll."""

from __future__ import annotations

import asyncio
import logging
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from scrapy.exceptions import DropItem

from archive.captures import open_captures
from archive.lock import open_lock
from archive.store import Store
from crawler.addon import kanliu_settings
from crawler.pipeline import RULES_VERSION, Archivist
from crawler.poll import log_poll
from crawler.spiders.journal import JournalSpider
from foundation.errors import StoreError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archive.model import Entry
    from crawler.walk import Step

log = logging.getLogger(__name__)


class ArchivePipeline:
    """What the service does around a poll, for one spider. Yields entries to feed exports."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._open = ExitStack()
        self._archivist: Archivist | None = None
        self._has_failed = False
        self._closing: asyncio.Task[None] | None = None

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ArchivePipeline:
        return cls(crawler)

    @property
    def _spider(self) -> JournalSpider | None:
        spider = self._crawler.spider
        return spider if isinstance(spider, JournalSpider) else None

    def open_spider(self) -> None:
        """Lock the data, open the archive, give the spider its memory."""
        spider = self._spider
        if spider is None:
            return
        settings = kanliu_settings(self._crawler.settings)
        self._open.enter_context(open_lock(settings.data, f"scrapy crawl {spider.name}"))
        store = self._open.enter_context(Store.open(settings.database_url))
        captures = self._open.enter_context(open_captures(settings, store, rules=RULES_VERSION))
        store.sync_sources([spider.source], datetime.now(UTC))
        spider.memory = store.memory(spider.source.id)
        self._archivist = Archivist(store, captures, with_extractor=settings.body_extractor)

    def process_item(self, item: Step) -> Entry:
        """Keep a step; the entry is the item that exporters see. A step that cannot be kept ends
        the crawl: its poll must not end as if it had been."""
        spider = self._spider
        assert spider is not None
        assert self._archivist is not None
        if self._has_failed:
            raise DropItem("the archive failed before it", log_level="DEBUG")
        try:
            outbox = self._archivist.keep_step(spider.source, item, spider.walk.facts)
        except Exception as error:
            self._has_failed = True
            self._close(error)
            raise
        if outbox is None:
            raise DropItem("nothing new in it", log_level="DEBUG")
        return outbox.entry

    def _close(self, error: Exception) -> None:
        """A pipeline's CloseSpider would be an item's error to Scrapy, like any other."""
        assert self._crawler.engine is not None
        reason = "archive failed" if isinstance(error, StoreError) else "a step failed"
        self._closing = asyncio.ensure_future(
            self._crawler.engine.close_spider_async(reason=reason)
        )

    def close_spider(self) -> None:
        """End the poll in the store, unless the crawl was cut short: then the next one begins
        where this one did, and knows what was kept."""
        try:
            spider = self._spider
            if spider is not None and self._archivist is not None and hasattr(spider, "walk"):
                self._end_poll(spider, self._archivist)
        finally:
            self._open.close()

    def _end_poll(self, spider: JournalSpider, archivist: Archivist) -> None:
        if self._has_failed or not spider.walk.is_done:
            log.warning("crawl cut short source=%s: its poll is not ended", spider.source.id)
            return
        if spider.walk.facts.is_unsettled:
            archivist.settle(spider.source, spider.walk.facts, datetime.now(UTC))
        poll = archivist.end_poll(
            spider.source,
            spider.walk,
            started=spider.started,
            ended=datetime.now(UTC),
            requests=spider.fetcher.requests,
        )
        log_poll(poll)

"""The journal spider: the same walk as a poll of the service, as a Scrapy spider of its own.

`scrapy crawl <id>` archives through ITEM_PIPELINES and does not publish (DESIGN.md).
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, ClassVar

from scrapy import Spider

from crawler.fetch import Fetcher
from crawler.walk import Walk

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from archive.model import SourceMemory
    from sources.model import Source


class JournalSpider(Spider):
    """Base of the spiders that the loader makes. `source` is set on each class."""

    name = "journal"
    source: ClassVar[Source]
    walk: Walk
    started: datetime
    fetcher: Fetcher
    #: Set by the pipeline, which opens the archive before the crawl begins.
    memory: SourceMemory

    async def start(self) -> AsyncIterator[Any]:
        """Yield each step of the walk as an item."""
        self.started = datetime.now(UTC)
        self.fetcher = Fetcher(self.crawler, self.source.limits)
        self.walk = Walk(
            self.source, self.memory, fetch=self.fetcher, clock=lambda: datetime.now(UTC)
        )
        async for step in self.walk.steps():
            yield step

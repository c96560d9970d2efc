"""Makes one spider class of each file in journals/, for Scrapy's own commands."""

from __future__ import annotations

import logging
import os
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from scrapy.utils.httpobj import urlparse_cached

from crawler.addon import KEY
from crawler.spiders.journal import JournalSpider
from foundation.settings import Settings, read_settings
from sources.read import read_sources

if TYPE_CHECKING:
    from scrapy import Request, Spider
    from scrapy.settings import BaseSettings

    from sources.model import Source

log = logging.getLogger(__name__)


class JournalSpiderLoader:
    """SPIDER_LOADER_CLASS: a broken source file is logged and costs only itself."""

    def __init__(self, sources: tuple[Source, ...]) -> None:
        self._sources = {source.id: source for source in sources}

    @classmethod
    def from_settings(cls, settings: BaseSettings) -> JournalSpiderLoader:
        ours = settings.get(KEY)
        if not isinstance(ours, Settings):
            ours = read_settings(environ=os.environ)
        found = read_sources(ours.journals)
        for error in found.errors:
            log.error("source skipped error=%s", error)
        return cls(found.sources)

    def load(self, spider_name: str) -> type[Spider]:
        source = self._sources[spider_name]
        return type("JournalSpider", (JournalSpider,), {"name": source.id, "source": source})

    def find_by_request(self, request: Request) -> list[str]:
        host = urlparse_cached(request).netloc
        return [each.id for each in self._sources.values() if host in map(host_of, each.lists)]

    def list(self) -> list[str]:  # last: its name hides the type
        return sorted(self._sources)


def host_of(url: str) -> str:
    """Host and port of an address."""
    return urlsplit(url).netloc

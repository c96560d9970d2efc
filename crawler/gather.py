"""Asks for the requisites of articles that were kept: style sheets, images, PDF files, within the
operator's limits. After the poll and beside publishing, so that no article waits for them; one at
a time for a source, at its host's pace. What cannot be had is counted, and no poll fails for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections import deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.pace import ASKS_TO_WAIT
from crawler.reading.requisites import Requisites, find_in_style_sheet
from crawler.visit import COUNTERS
from foundation.errors import SiteError, StoreError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from archive.writer import Writer
    from crawler.fetch import Answer, Fetcher
    from crawler.pipeline import Archivist
    from foundation.settings import Settings
    from sources.model import Limits, Source

log = logging.getLogger(__name__)

#: A visit's requisites take no longer than this, whatever Crawl-delay a site asks for.
GATHER_MOST = timedelta(minutes=30)
#: A site that does not answer so many times in a row is left alone.
UNANSWERED_MOST = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """An article's page that was captured, and what it names. `id` is its capture's."""

    id: str
    url: str
    requisites: Requisites


@dataclass(kw_only=True, slots=True)
class Tally:
    """What became of one visit's requisites. `known` were captured this month; `left` are beyond
    a limit."""

    captured: int = 0
    known: int = 0
    failed: int = 0
    left: int = 0
    size_bytes: int = 0
    unanswered: int = 0
    seen: set[str] = field(default_factory=set)


class Gatherer:
    """One task a source; `begin` returns at once."""

    def __init__(
        self,
        settings: Settings,
        *,
        archivist: Archivist,
        writer: Writer,
        fetcher: Callable[[Limits], Fetcher],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._archivist = archivist
        self._writer = writer
        self._fetcher = fetcher
        self._clock = clock
        self._running: dict[asyncio.Task[None], str] = {}

    def begin(self, source: Source, pages: Iterable[Page]) -> None:
        """Ask for what these pages name, as soon as what was begun for this source is done."""
        wanted = [page for page in pages if page.requisites.addresses]
        if wanted:
            before = [task for task, of in self._running.items() if of == source.id]
            task = asyncio.ensure_future(self._gather_after(before, source, wanted))
            self._running[task] = source.id
            task.add_done_callback(self._running.pop)

    async def settle(self) -> None:
        """Return when nothing is being asked for."""
        while self._running:
            await asyncio.wait(self._running)

    async def close(self) -> None:
        """Ask for nothing more. What is left is not asked for later."""
        running = list(self._running)
        for task in running:
            task.cancel()
        if running:
            log.info("requisites left behind sources=%d", len(running))
            await asyncio.wait(running)

    async def _gather_after(
        self, before: list[asyncio.Task[None]], source: Source, pages: list[Page]
    ) -> None:
        if before:
            await asyncio.wait(before)
        tally = Tally()
        try:
            await self._gather(source, pages, tally)
        except StoreError as error:  # the next poll cannot keep anything either, and says so
            log.error("archive failed source=%s error=%s", source.id, error)  # noqa: TRY400 - its words say it all
        except Exception:
            log.exception("requisites broke source=%s", source.id)
        log.info(
            "requisites gathered source=%s pages=%d captured=%d known=%d failed=%d left=%d "
            "bytes=%d",
            source.id, len(pages), tally.captured, tally.known, tally.failed, tally.left,
            tally.size_bytes,
        )  # fmt: skip

    async def _gather(self, source: Source, pages: list[Page], tally: Tally) -> None:
        limits = replace(source.limits, size_bytes=self._settings.requisite_bytes)
        fetch, until = self._fetcher(limits), self._clock() + GATHER_MOST
        try:
            for page in pages:
                if self._clock() > until or tally.unanswered >= UNANSWERED_MOST:
                    tally.left += len(page.requisites.addresses)
                else:
                    await self._gather_page(source, page, fetch, tally)
        finally:
            # What was captured is remembered though the rest is cut short.
            await self._writer.run(self._archivist.remember)

    async def _gather_page(self, source: Source, page: Page, fetch: Fetcher, tally: Tally) -> None:
        waiting, sheets = deque(page.requisites.addresses), set(page.requisites.sheets)
        asked, room = 0, self._settings.page_bytes
        while waiting:
            url = waiting.popleft()
            if url in tally.seen or is_counter(url):
                continue
            tally.seen.add(url)
            if await self._writer.run(self._archivist.has_requisite, source, url, self._clock()):
                tally.known += 1
                continue
            is_enough = asked >= self._settings.requisites or room <= 0
            if is_enough or tally.unanswered >= UNANSWERED_MOST:
                tally.left += 1
                continue
            asked += 1
            answer = await self._ask(fetch, url, page, tally)
            if answer is not None:
                await self._writer.run(self._archivist.keep_requisite, source, page.id, url, answer)
                tally.captured += 1
                size = sum(len(each.body) for each in answer.exchanges)
                tally.size_bytes += size
                room -= size
                if url in sheets and answer.status == 200:
                    found = find_in_style_sheet(
                        answer.body.decode("utf-8", "replace"), url=answer.url
                    )
                    waiting.extend(found.addresses)
                    sheets |= found.sheets

    async def _ask(self, fetch: Fetcher, url: str, page: Page, tally: Tally) -> Answer | None:
        """What is served there; a 404 is an answer, too, and is not asked for again this month."""
        try:
            answer = await fetch.ask(url, exchanges=[], headers={"Referer": page.url})
        except SiteError as error:
            tally.failed += 1
            tally.unanswered += isinstance(error, UnreachableError)
            return None
        if answer.status in ASKS_TO_WAIT:
            tally.unanswered = UNANSWERED_MOST
        if answer.status in ASKS_TO_WAIT or answer.status >= 500 or answer.is_unmodified:
            tally.failed += 1  # a 304 that was not asked for would show as an empty picture
            return None
        tally.unanswered = 0
        return answer


def is_counter(url: str) -> bool:
    """Whether an image is there to count visitors."""
    host = urlsplit(url).hostname or ""
    return any(host == each or host.endswith("." + each) for each in COUNTERS)

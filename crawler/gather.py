"""Asks for the requisites of articles that were kept: style sheets, images, PDF files, within the
operator's limits. After the poll and beside publishing, so that no article waits for them; one at
a time for a source, at its host's pace. What cannot be had is counted, and no poll fails for it.

What a page lacks stands in the store (archive/owed.py) from the transaction that keeps the article,
and each file that comes is taken off it with its capture: what a stop, a crash or the time limit
cuts short is asked for at the source's next visit. So is what got no answer, `TRIES_MOST` times.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, deque
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.originals import month_of
from archive.owed import Awaited
from archive.payload import find_header
from crawler.failures import is_final
from crawler.pace import ASKS_TO_WAIT, wait_asked
from crawler.reading.requisites import find_in_style_sheet
from crawler.visit import COUNTERS
from foundation.errors import SiteError, StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from archive.exchange import Exchange
    from archive.owed import Owed, Owing
    from archive.writer import Writer
    from crawler.fetch import Answer, Fetcher
    from crawler.pipeline import Archivist
    from foundation.settings import Settings
    from sources.model import Limits, Source

log = logging.getLogger(__name__)

#: A visit's requisites take no longer than this, whatever Crawl-delay a site asks for.
GATHER_MOST = timedelta(minutes=30)
#: A host that does not answer so many times in a row is left alone until the next visit.
UNANSWERED_MOST = 3
#: A file that got no answer waits an hour, then two, four …; with the seventh try, two and a half
#: days after the first, it is given up. An outage is rarely longer, and rarer still undone.
TRIES_MOST = 7
RETRY_FIRST = timedelta(hours=1)
#: Answers that are held for other late pages, which need captures of their own.
HELD_BYTES_MOST = 32 * 1024 * 1024


@dataclass(kw_only=True, slots=True)
class Tally:
    """What became of one visit's requisites. `known` were captured this month, `left` are beyond
    a limit, and `owed` will be asked for later."""

    pages: int = 0
    captured: int = 0
    known: int = 0
    failed: int = 0
    left: int = 0
    owed: int = 0
    size_bytes: int = 0


@dataclass(kw_only=True, slots=True)
class Course:
    """One page on its way: what is still to be asked for now, and what later."""

    owing: Owing
    is_late: bool
    todo: deque[Awaited]
    taken: int
    size_bytes: int
    later: list[Awaited] = field(default_factory=list)
    here: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, owing: Owing, now: datetime) -> Course:
        """A page at its beginning. It is late where its month is over, or it is sealed: packages
        of that month have what they have, so it needs captures of its own."""
        return cls(
            owing=owing,
            is_late=owing.is_sealed or month_of(owing.since) != month_of(now),
            todo=deque(owing.awaited),
            taken=owing.taken,
            size_bytes=owing.size_bytes,
        )

    @property
    def lacks(self) -> Owing:
        """The page as it is to be written down."""
        return replace(
            self.owing,
            awaited=(*self.later, *self.todo),
            taken=self.taken,
            size_bytes=self.size_bytes,
        )

    def take(self, each: Awaited) -> None:
        """The first of what is to be done is done; it counts once towards the limit."""
        self.todo.popleft()
        self.taken += each.tries == 0


class Gatherer:
    """One task a source; `begin` returns at once."""

    def __init__(
        self,
        settings: Settings,
        *,
        owed: Owed,
        archivist: Archivist,
        writer: Writer,
        fetcher: Callable[[Limits], Fetcher],
        clock: Callable[[], datetime],
    ) -> None:
        self._settings = settings
        self._owed = owed
        self._archivist = archivist
        self._writer = writer
        self._fetcher = fetcher
        self._clock = clock
        # Known here, so that a poll that brings nothing costs no look into the store.
        self._owing = owed.sources()
        self._wanted: dict[str, tuple[Source, tuple[str, ...]]] = {}
        self._running: dict[str, asyncio.Task[None]] = {}

    def begin(self, source: Source, fresh: Iterable[str] = (), *, is_well: bool = True) -> None:
        """Ask for what pages of this source lack, as soon as what was begun for it is done: those
        of the captures `fresh` first, and where the site `is_well` those of earlier visits."""
        fresh = tuple(fresh)
        if not fresh and not (is_well and source.id in self._owing):
            return
        _, before = self._wanted.get(source.id, (source, ()))
        self._wanted[source.id] = (source, (*before, *fresh))
        if source.id not in self._running:
            self._running[source.id] = asyncio.ensure_future(self._run(source.id))

    async def settle(self) -> None:
        """Return when nothing is being asked for."""
        while self._running:
            await asyncio.wait(self._running.values())

    async def close(self) -> None:
        """Ask for nothing more. What is left is asked for after the next start."""
        running = list(self._running.values())
        for task in running:
            task.cancel()
        if running:
            log.info("requisites put off sources=%d", len(running))
            await asyncio.wait(running)

    async def _run(self, source_id: str) -> None:
        try:
            while (wanted := self._wanted.pop(source_id, None)) is not None:
                await self._gather(*wanted)
        finally:
            del self._running[source_id]

    async def _gather(self, source: Source, fresh: tuple[str, ...]) -> None:
        limits = replace(source.limits, size_bytes=self._settings.requisite_bytes)
        gathering = Gathering(
            source,
            settings=self._settings,
            owed=self._owed,
            archivist=self._archivist,
            writer=self._writer,
            fetch=self._fetcher(limits),
            clock=self._clock,
        )
        self._owing.add(source.id)
        try:
            await gathering.run(fresh)
            if not gathering.tally.owed:
                self._owing.discard(source.id)
        except StoreError as error:  # the next poll cannot keep anything either, and says so
            log.error("archive failed source=%s error=%s", source.id, error)  # noqa: TRY400 - its words say it all
        except Exception:
            log.exception("requisites broke source=%s", source.id)
        tally = gathering.tally
        log.info(
            "requisites gathered source=%s pages=%d captured=%d known=%d failed=%d left=%d "
            "owed=%d bytes=%d",
            source.id, tally.pages, tally.captured, tally.known, tally.failed, tally.left,
            tally.owed, tally.size_bytes,
        )  # fmt: skip


class Gathering:
    """One visit's requisites. What was asked once is not asked again in it."""

    def __init__(
        self,
        source: Source,
        *,
        settings: Settings,
        owed: Owed,
        archivist: Archivist,
        writer: Writer,
        fetch: Fetcher,
        clock: Callable[[], datetime],
    ) -> None:
        self.tally = Tally()
        self._source = source
        self._settings = settings
        self._owed = owed
        self._archivist = archivist
        self._writer = writer
        self._fetch = fetch
        self._clock = clock
        self._until = clock() + GATHER_MOST
        self._had: set[str] = set()
        self._ended: set[str] = set()
        self._failed: dict[str, timedelta | None] = {}
        self._silent: Counter[str] = Counter()
        self._wanted_late: Counter[str] = Counter()
        self._held: dict[str, Answer] = {}
        self._held_bytes = 0

    async def run(self, fresh: Sequence[str]) -> None:
        """Ask for what the source's pages lack, those of `fresh` first.

        Raises:
            StoreError: nothing more can be kept; what is left is owed still.
        """
        now = self._clock()
        pages = await self._writer.run(self._owed.of, self._source.id, now)
        pages.sort(key=lambda each: each.page not in fresh)
        courses = [Course.of(each, now) for each in pages]
        late = (each for each in courses if each.is_late)
        self._wanted_late.update(each.url for course in late for each in course.todo)
        self.tally.pages = len(courses)
        try:
            for number, course in enumerate(courses):
                if self._is_over():
                    await self._writer.run(self._drop_known, courses[number:])
                    break
                await self._gather_page(course)
        finally:
            self.tally.owed = sum(len(each.lacks.awaited) for each in courses)
            # What was captured is remembered though the rest is cut short.
            await self._writer.run(self._archivist.remember)

    def _is_over(self) -> bool:
        return self._clock() > self._until

    def _drop_known(self, courses: Sequence[Course]) -> None:
        """Pages whose turn did not come lack less by what others brought: at the next visit a new
        month may have begun, in which each needs captures of its own."""
        for course in courses:
            if not course.is_late:
                now = self._clock()
                course.todo = deque(
                    each for each in course.todo
                    if not self._archivist.has_requisite(self._source, each.url, now)
                )  # fmt: skip
        self._owed.keep(*(each.lacks for each in courses if each.lacks != each.owing))

    async def _gather_page(self, course: Course) -> None:
        try:
            while course.todo and not self._is_over():
                await self._step(course, course.todo[0])
        finally:
            if course.lacks != course.owing:
                await self._writer.run(self._owed.keep, course.lacks)

    async def _step(self, course: Course, each: Awaited) -> None:
        """The first file that a page awaits: drop it, put it off, or ask for it."""
        url, now = each.url, self._clock()
        if url in course.here or url in self._ended:
            course.todo.popleft()
            return
        course.here.add(url)
        if not course.is_late and await self._is_known(url, now):
            self.tally.known += 1
            course.todo.popleft()
        elif self._is_enough(course, each):
            self.tally.left += 1
            course.todo.popleft()
        elif url in self._held:
            await self._keep(course, each, self._held[url])
        elif url in self._had or (each.retry_at is not None and each.retry_at > now):
            course.later.append(course.todo.popleft())
        elif url in self._failed or self._is_silent(url):
            self._put_off(course, each, self._failed.get(url))
        else:
            await self._ask(course, each)

    async def _is_known(self, url: str, now: datetime) -> bool:
        return url in self._had or await self._writer.run(
            self._archivist.has_requisite, self._source, url, now
        )

    def _is_enough(self, course: Course, each: Awaited) -> bool:
        """Whether the operator wants no more for this page."""
        is_beyond = course.taken + (each.tries == 0) > self._settings.requisites
        return is_beyond or course.size_bytes >= self._settings.page_bytes

    def _is_silent(self, url: str) -> bool:
        return self._silent[_host_of(url)] >= UNANSWERED_MOST

    async def _ask(self, course: Course, each: Awaited) -> None:
        """A 404 is an answer, too, and is not asked for again."""
        host = _host_of(each.url)
        try:
            answer = await self._fetch.ask(
                each.url, exchanges=[], headers={"Referer": course.owing.url}
            )
        except SiteError as error:
            self.tally.failed += 1
            if is_final(error):
                self._ended.add(each.url)
                course.take(each)
            else:
                self._silent[host] += 1
                self._put_off(course, each, error.retry_after)
            return
        if answer.status in ASKS_TO_WAIT or answer.status >= 500 or answer.is_unmodified:
            self.tally.failed += 1  # a 304 that was not asked for would show as an empty picture
            is_asked = answer.status in ASKS_TO_WAIT
            self._silent[host] += UNANSWERED_MOST if is_asked else 1
            wait = wait_asked(answer.headers, self._clock()) if is_asked else None
            self._put_off(course, each, wait)
            return
        self._silent[host] = 0
        if is_cut(answer) and each.tries + 1 < TRIES_MOST:
            self.tally.failed += 1
            self._put_off(course, each, None)
            return
        await self._keep(course, each, answer)
        if self._wanted_late[each.url] > course.is_late:
            self._hold(each.url, answer)

    def _put_off(self, course: Course, each: Awaited, wait: timedelta | None) -> None:
        """It got no answer; the last time, it is given up."""
        self._failed[each.url] = wait
        course.take(each)
        again = put_off(each, self._clock(), wait)
        if again is not None:
            course.later.append(again)

    async def _keep(self, course: Course, each: Awaited, answer: Answer) -> None:
        size = sum(len(exchange.body) for exchange in answer.exchanges)
        course.take(each)
        course.size_bytes += size
        if each.is_sheet and answer.status == 200:
            named = list(_named_by(answer))
            course.todo.extend(named)
            if each.url not in self._held:
                pages = self._wanted_late[each.url]
                self._wanted_late.update({one.url: pages for one in named})
        try:
            await self._writer.run(
                self._archivist.keep_requisite, self._source, course.lacks, each.url, answer
            )
        except BaseException:  # refused, or cut off before it is known to be kept: owed still
            course.todo.appendleft(each)
            course.taken -= each.tries == 0
            raise
        self._had.add(each.url)
        self.tally.captured += 1
        self.tally.size_bytes += size

    def _hold(self, url: str, answer: Answer) -> None:
        """Hold an answer that other late pages await, rather than ask for it once for each."""
        size = len(answer.body) + sum(len(each.body) for each in answer.exchanges)
        if self._held_bytes + size <= HELD_BYTES_MOST:
            self._held[url] = answer
            self._held_bytes += size


def put_off(each: Awaited, now: datetime, wait: timedelta | None) -> Awaited | None:
    """A file after one more try without an answer: the wait doubles, and is as long as the host
    asked for. None where it is given up."""
    tries = each.tries + 1
    if tries >= TRIES_MOST:
        return None
    own = RETRY_FIRST * 2 ** (tries - 1)
    return replace(each, tries=tries, retry_at=now + max(own, wait or own))


def last_of(exchanges: Iterable[Exchange]) -> list[Exchange]:
    """One exchange for each address, in their order: where one was asked for again at once, a first
    try that failed would be shown in the place of the second."""
    return list({each.url: each for each in exchanges}.values())


def is_cut(answer: Answer) -> bool:
    """Whether less came than the server said: the line broke, or it counts wrongly."""
    exchange = answer.exchanges[-1]
    said = (find_header(exchange, b"content-length") or b"").strip()
    return said.isdigit() and int(said) > len(exchange.body)


def is_counter(url: str) -> bool:
    """Whether an image is there to count visitors."""
    host = urlsplit(url).hostname or ""
    return any(host == each or host.endswith("." + each) for each in COUNTERS)


def _host_of(url: str) -> str:
    """With its port, as crawler.pace has hosts."""
    return urlsplit(url).netloc


def _named_by(answer: Answer) -> Iterable[Awaited]:
    """What a style sheet names in turn."""
    found = find_in_style_sheet(answer.body.decode("utf-8", "replace"), url=answer.url)
    for url in found.addresses:
        if not is_counter(url):
            yield Awaited(url=url, is_sheet=url in found.sheets)

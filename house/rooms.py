"""Everything open around polls: sources, store, captures, the crawl, the one thread that writes.
`kanliu run`, `kanliu poll` and the demo live in the same house; what each does in it is theirs."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.captures import finish, open_captures
from archive.due import next_due
from archive.lock import open_lock
from archive.model import Outcome, Poll, PollEnd
from archive.register import host_of
from archive.writer import Writer
from crawler import poll as crawler_poll
from crawler.calm import Calms
from crawler.gather import Gatherer
from crawler.pipeline import RULES_VERSION, Archivist
from crawler.poll import Ends
from crawler.service import Crawl
from feeds.courier import Courier
from feeds.websub import Pings
from foundation.errors import StoreError
from foundation.text import one_line
from house.caretaker import Caretaker
from house.completeness import IssueWatch
from house.heap import settled_heap
from house.keeping import now, open_store
from house.publishing import Publications
from house.visits import BUG
from sources.read import SourceReader, Sources

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence
    from datetime import datetime

    from archive.store import Store
    from crawler.pipeline import Outbox
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: More sources than anyone follows.
ALL = 1_000_000
#: An error's words may quote a whole page.
MOST_LETTERS = 200


class House:
    """Everything open around polls: sources, store, captures, and the one thread that writes.

    `async with open_house(settings, "kanliu run") as house: …`
    """

    def __init__(
        self,
        settings: Settings,
        *,
        store: Store,
        archivist: Archivist,
        writer: Writer,
        ends: Ends,
        crawl: Crawl,
        gatherer: Gatherer,
        courier: Courier,
        finish_captures: Callable[[], None],
    ) -> None:
        self.settings = settings
        self.store = store
        self.writer = writer
        self.courier = courier
        self.publications = Publications(settings, store, writer)
        self.pings = Pings(settings, store.announcements, writes=writer, courier=courier, clock=now)
        self.publications.listen(self.pings.note)
        self.gatherer = gatherer
        self.caretaker = Caretaker(
            settings, store, writer, sources=lambda: self.sources, finish=finish_captures
        )
        self.issues = IssueWatch(settings, store, sources=lambda: self.sources)
        self._archivist = archivist
        self._ends = ends
        self._calms = Calms()
        self._crawl = crawl
        self._reader = SourceReader(settings.journals)
        self._read = Sources(sources=())
        self._by_id: dict[str, Source] = {}

    @property
    def sources(self) -> Sequence[Source]:
        """The sources of the last `refresh`."""
        return self._read.sources

    async def refresh(self) -> Sources:
        """Read the journals' folder again; what is wrong in it is logged once."""
        # In a thread of its own: 10,000 files are looked at in 40 ms.
        read = await asyncio.to_thread(self._reader.read)
        if read is self._read:
            return read
        known = {str(error) for error in self._read.errors}
        for error in read.errors:
            if str(error) not in known:
                log.error("source skipped error=%s", error)
        if not self.settings.journals.is_dir():
            # The folder is gone, not every journal: what is followed stays.
            self._read = replace(self._read, errors=read.errors)
            return self._read
        self._read = read
        self.publications.follow(read.sources)
        self._by_id = {source.id: source for source in read.sources}
        await self.writer.run(self.store.sync_sources, self.sources, now(), is_all=True)
        log.info("sources read count=%d broken=%d", len(self.sources), len(read.errors))
        return read

    async def poll(self, source: Source) -> Poll:
        """Visit one source now and keep what it shows. A bug costs this visit alone: it is logged
        and written down like a site's failure, so that the source is not due again at once.

        Raises:
            StoreError: archive or disk failed; nothing more can be kept.
        """
        started = now()
        fetch = self._crawl.fetcher(source.limits, render=source.render, encoding=source.encoding)
        kept: list[Outbox] = []
        is_well = False
        try:
            poll = await crawler_poll.poll(
                source,
                store=self.store,
                archivist=self._archivist,
                writer=self.writer,
                ends=self._ends,
                calms=self._calms,
                fetch=fetch,
                clock=now,
                kept=kept.append,
            )
            is_well = poll.outcome.is_good
        except StoreError:
            raise
        except Exception as error:
            log.exception("poll broke source=%s", source.id)
            return await self._end_broken(source, error, started, fetch.requests)
        else:
            return poll
        finally:
            fresh = [each.page for each in kept if each.page is not None]
            self.gatherer.begin(source, fresh, is_well=is_well)

    async def _end_broken(
        self, source: Source, error: Exception, started: datetime, requests: int
    ) -> Poll:
        """Write down a visit that a bug ended, and when to come again."""
        words = one_line(f"{type(error).__name__}: {error}")[:MOST_LETTERS]
        poll = Poll(
            source_id=source.id,
            started=started,
            ended=now(),
            outcome=Outcome.UNREACHABLE,
            reason=f"{BUG}{words}; please report it",
            requests=requests,
        )
        status = await self.writer.run(self.store.status, source.id)
        due = next_due(
            now=poll.ended,
            rhythm=source.schedule,
            interval=source.masthead.interval,
            gaps=await self.writer.run(self.store.gaps, source.id, 20),
            outcome=poll.outcome,
            failures=status.failures + 1,
            retry_after=None,
            seed=source.id,
        )
        await self._ends.write(PollEnd(poll=poll, due=due.at, failures=status.failures + 1))
        crawler_poll.log_poll(poll)
        return poll

    async def write_log(self) -> None:
        """Let the archive's own files have what happened beside the polls, too."""
        await self.writer.run(self._archivist.write_log)

    async def all_due(self) -> set[str]:
        """The ids of all sources whose time has come, however many share a host."""
        ids = await self.writer.run(self.store.due, now(), limit=ALL, per_host=ALL)
        return set(ids)

    async def due(self, running: Collection[Source], limit: int) -> list[Source]:
        """The sources to visit now, less those that run and their hosts' share."""
        hosts: dict[str, int] = {}
        for source in running:
            host = host_of(source)
            hosts[host] = hosts.get(host, 0) + 1
        ids = await self.writer.run(
            self.store.due,
            now(),
            limit=limit,
            per_host=self.settings.per_host,
            busy=[source.id for source in running],
            busy_hosts=hosts,
        )
        return [self._by_id[each] for each in ids if each in self._by_id]


@asynccontextmanager
async def open_house(settings: Settings, what: str) -> AsyncIterator[House]:
    """Lock the data directory, open everything in it, and close it in order.

    Raises:
        DataLockedError: another instance holds the data.
        StoreError: database or disk refused.
    """
    async with AsyncExitStack() as stack:
        sync = stack.enter_context(ExitStack())
        sync.enter_context(open_lock(settings.data, what))
        store = sync.enter_context(open_store(settings))
        captures = sync.enter_context(open_captures(settings, store, rules=RULES_VERSION))
        executor = sync.enter_context(ThreadPoolExecutor(1, thread_name_prefix="writer"))
        writer = Writer(executor)
        ends = Ends(store, writer)
        stack.push_async_callback(ends.settle)
        archivist = Archivist(
            store,
            captures,
            with_extractor=settings.body_extractor,
            with_requisites=settings.requisites > 0,
        )
        crawl = await stack.enter_async_context(Crawl(settings))
        gatherer = Gatherer(
            settings,
            owed=store.owed,
            archivist=archivist,
            writer=writer,
            fetcher=crawl.fetcher,
            clock=now,
        )
        stack.push_async_callback(gatherer.close)
        courier = await stack.enter_async_context(Courier(settings))
        stack.enter_context(settled_heap())
        yield House(
            settings,
            store=store,
            archivist=archivist,
            writer=writer,
            ends=ends,
            crawl=crawl,
            gatherer=gatherer,
            courier=courier,
            finish_captures=lambda: finish(store, captures),
        )

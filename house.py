"""Everything open around polls: sources, store, captures, the crawl, the one thread that writes.
`kanliu run`, `kanliu poll` and the demo live in the same house; what each does in it is theirs."""

from __future__ import annotations

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.captures import open_captures
from archive.correction import Wanted
from archive.documents import month_of
from archive.due import next_due
from archive.lock import open_lock
from archive.model import Outcome, Poll, PollEnd, SourceMemory, SourceStatus
from archive.register import host_of
from archive.store import Store
from crawler import poll as crawler_poll
from crawler.browser import NO_BROWSER
from crawler.calm import Calms
from crawler.pipeline import Archivist
from crawler.poll import Ends, Writer
from crawler.service import Crawl
from feeds.compress import compress_file, uncompressed_files
from feeds.courier import Courier
from feeds.ended import ended_sources, remove_feeds
from feeds.publish import Published, publish_changed, publish_common, publish_journals
from feeds.websub import Pings
from foundation.errors import StoreError
from foundation.text import one_line
from sources.read import SourceReader, Sources, read_sources

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Collection, Sequence
    from pathlib import Path

    from archive.correction import CorrectedField, Correction
    from archive.model import Entry
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: An unreachable site backs off as planned; from here on a person should know.
FAILURES_TO_TELL = 3
#: Outcomes that need a person at once.
NEEDS_PERSON = frozenset(
    {Outcome.PARTIAL, Outcome.EMPTY, Outcome.CHANGED, Outcome.BLOCKED, Outcome.REFUSED,
     Outcome.GONE}
)  # fmt: skip

#: How the reason of a poll begins that no site ended, but we.
BUG = "a bug in Kanliu ended this visit: "
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
        courier: Courier,
    ) -> None:
        self.settings = settings
        self.store = store
        self.writer = writer
        self.courier = courier
        self.pings = Pings(settings, store.announcements, writes=writer, courier=courier, clock=now)
        self._listeners: list[Callable[[Sequence[Path]], None]] = [self.pings.note]
        self._archivist = archivist
        self._ends = ends
        self._calms = Calms()
        self._crawl = crawl
        self._reader = SourceReader(settings.journals)
        self._read = Sources(sources=())
        self._by_id: dict[str, Source] = {}
        self._stale: list[Source] = []
        self._ended: frozenset[str] | None = None
        #: What was written since it was compressed last; None at the start, when that is unknown.
        self._uncompressed: list[Path] | None = None
        #: Folders that could not be rendered when it was tried last; the log says why.
        self.unrendered: frozenset[str] = frozenset()
        # The journals that changed since what shows many was rendered; None where anything may
        # have. So at the start: a crash may have come between a journal's feeds and these.
        self._behind: frozenset[str] | None = None
        self._month = ""

    @property
    def sources(self) -> Sequence[Source]:
        """The sources of the last `refresh`."""
        return self._read.sources

    @property
    def has_stale(self) -> bool:
        """Whether feeds must be rendered for another reason than new articles."""
        return bool(self._stale)

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
        before = {source.id: source for source in self._read.sources}
        self._stale += [each for each in read.sources if self._is_stale(each, before.get(each.id))]
        self._read = read
        self._behind = None
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
        try:
            return await crawler_poll.poll(
                source,
                store=self.store,
                archivist=self._archivist,
                writer=self.writer,
                ends=self._ends,
                calms=self._calms,
                fetch=fetch,
                clock=now,
            )
        except StoreError:
            raise
        except Exception as error:
            log.exception("poll broke source=%s", source.id)
            return await self._end_broken(source, error, started, fetch.requests)

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

    async def publish(self) -> Published:
        """Render the feeds of every source whose entries, or file, changed since they were last
        rendered, and then what shows all journals."""
        done = await self.publish_journals()
        return done + await self.publish_common()

    def has_month_ended(self) -> bool:
        """Whether a month ended since histories were last closed: then there is something to
        publish, though no journal changed."""
        return month_of(now()) != self._month

    async def publish_journals(self) -> Published:
        """Close what is over of each history, then render the changed sources' own feeds. What
        shows all journals is behind then."""
        month = month_of(now())
        await self.writer.run(self.store.close_documents, now())
        self._month = month
        if self._ended is None or self._stale:
            await self._end_feeds()
        done = Published()
        if self._stale:
            stale = list(self._stale)
            living = self._living(stale)
            done += await self.writer.run(publish_journals, self.store, living, self.settings)
            del self._stale[: len(stale)]  # only now: what breaks is tried again
        living = self._living(self.sources)
        done += await self.writer.run(publish_changed, self.store, living, self.settings)
        if self._behind is not None:
            self._behind |= done.journals
        self.unrendered = frozenset(done.failed)
        self._note_written(done)
        return done

    async def publish_common(self) -> Published:
        """Render what shows many journals, as far as a journal's feeds changed since."""
        await self._end_feeds()
        behind = self._behind
        if behind is not None and not behind:
            return Published()
        self._behind = frozenset()
        args = (self.store, self.sources, self.settings, behind)
        try:
            done = await self.writer.run(publish_common, *args)
        except BaseException:
            self._behind = None
            raise
        if done.failed:
            self._behind = None
        self.unrendered |= frozenset(done.failed)
        self._note_written(done)
        return done

    async def compress(self) -> int:
        """Make the compressed siblings of what was published since the last time, beside the
        polls: nobody waits for them. How many were made; at the start of all that lack."""
        files, self._uncompressed = self._uncompressed, []
        if files is None:
            files = await asyncio.to_thread(list, uncompressed_files(self.settings.public))
        made = 0
        for file in files:
            # One by one, so that a stop need not wait for a whole tree.
            made += await asyncio.to_thread(compress_file, file)
        if made:
            log.info("compressed files=%d", made)
        return made

    async def _end_feeds(self) -> None:
        """Take away the feeds that ended since the last time; render those that came back."""
        args = (self.store, self.sources, self.settings, now())
        ended = await self.writer.run(ended_sources, *args)
        before = self._ended or frozenset()
        for source_id in sorted(ended - before):
            if await self.writer.run(remove_feeds, self.settings.public, source_id):
                log.info("feeds ended source=%s", source_id)
        self._stale += [source for source in self.sources if source.id in before - ended]
        self._ended = ended

    def _living(self, sources: Sequence[Source]) -> list[Source]:
        ended = self._ended or ()
        return [source for source in sources if source.id not in ended]

    def listen(self, listener: Callable[[Sequence[Path]], None]) -> None:
        """Tell of the files that each publication writes."""
        self._listeners.append(listener)

    def _note_written(self, done: Published) -> None:
        if self._uncompressed is not None:
            self._uncompressed += done.written
        if done.written:
            log.info("published files=%d unchanged=%d", len(done.written), done.unchanged)
            for listener in self._listeners:
                listener(done.written)

    def _is_stale(self, source: Source, before: Source | None) -> bool:
        """Whether a source's feeds must be rendered for its file alone. At the start that is
        where there are none: what another release or setting altered, `kanliu publish` renders."""
        if before is not None:
            return source != before
        return not (self.settings.public / source.id / "atom.xml").exists()

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
        captures = sync.enter_context(open_captures(settings, record=store.record))
        executor = sync.enter_context(ThreadPoolExecutor(1, thread_name_prefix="writer"))
        writer = Writer(executor)
        ends = Ends(store, writer)
        stack.push_async_callback(ends.settle)
        archivist = Archivist(store, captures, with_extractor=settings.body_extractor)
        crawl = await stack.enter_async_context(Crawl(settings))
        courier = await stack.enter_async_context(Courier(settings))
        yield House(
            settings,
            store=store,
            archivist=archivist,
            writer=writer,
            ends=ends,
            crawl=crawl,
            courier=courier,
        )


def now() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


def publish_living(
    store: Store, sources: Sequence[Source], settings: Settings, only: Sequence[Source] | None
) -> Published:
    """Render the feeds of all sources, or `only` of these, but of those that ended: whose feeds go
    away. And what shows all journals, and what is compressed of it."""
    ended = ended_sources(store, sources, settings, now())
    for source_id in sorted(ended):
        remove_feeds(settings.public, source_id)
    chosen = [each for each in (sources if only is None else only) if each.id not in ended]
    done = publish_journals(store, chosen, settings)
    done += publish_common(store, sources, settings)
    for file in uncompressed_files(settings.public):
        compress_file(file)
    return done


def open_store(settings: Settings) -> Store:
    """The store of these settings; ids are minted under the public host."""
    return Store.open(settings.database_url, authority=authority_of(settings))


def correct_entry(
    settings: Settings, entry_id: str, said: Wanted | CorrectedField, *, who: str, why: str
) -> tuple[tuple[Correction, ...], Sequence[str]]:
    """Put a person's word over an entry, or take it off a field again, and render the feeds that
    show it. The corrections that hold then, and the folders that could not be rendered.

    Raises:
        CorrectionError: there is no such entry, or the correction cannot be.
        DataLockedError: another instance holds the data.
    """
    with open_lock(settings.data, "kanliu correct"), open_store(settings) as store:
        if isinstance(said, Wanted):
            held = store.correct(entry_id, said, who=who, why=why, now=now())
        else:
            held = store.undo_correction(entry_id, said, who=who, why=why, now=now())
        sources = read_sources(settings.journals).sources
        ended = ended_sources(store, sources, settings, now())
        living = [source for source in sources if source.id not in ended]
        done = publish_changed(store, living, settings)
        done += publish_common(store, sources, settings, done.journals)
        for file in done.written:
            compress_file(file)
    return held, done.failed


async def poll_once(house: House, sources: Sequence[Source]) -> list[Poll]:
    """Visit these sources, as many at once as the settings allow, on one host and in all; then
    publish, and tell the hubs.

    Raises:
        StoreError: archive or disk failed; the other visits are ended too.
    """
    limit = asyncio.Semaphore(house.settings.concurrency)
    hosts = {host_of(each): asyncio.Semaphore(house.settings.per_host) for each in sources}

    async def one(source: Source) -> Poll:
        # The host first: who waits for its host takes no place from the others.
        async with hosts[host_of(source)], limit:
            return await house.poll(source)

    visits = [asyncio.ensure_future(one(source)) for source in sources]
    try:
        polls = await asyncio.gather(*visits)
    finally:
        for visit in visits:
            visit.cancel()
        await asyncio.gather(*visits, return_exceptions=True)
    await house.publish()
    await house.compress()
    await house.pings.tell_hubs()
    return polls


async def preview_once(
    settings: Settings, sources: Sequence[Source]
) -> list[tuple[Poll, tuple[Entry, ...]]]:
    """What visits to these sources would bring now. Keeps nothing and takes no lock, so that a
    source can be tried beside a running service; makes no database where there is none."""
    memories = await asyncio.to_thread(read_memories, settings, sources)
    with ThreadPoolExecutor(1) as executor:
        async with Crawl(settings) as crawl:
            return [
                await crawler_poll.preview(
                    source,
                    memory=memory,
                    writer=Writer(executor),
                    fetch=crawl.fetcher(
                        source.limits, render=source.render, encoding=source.encoding
                    ),
                    clock=now,
                    with_extractor=settings.body_extractor,
                )
                for source, memory in zip(sources, memories, strict=True)
            ]


def read_memories(settings: Settings, sources: Sequence[Source]) -> list[SourceMemory]:
    """What the archive knows of these sources; nothing where there is no archive yet."""
    if settings.database is None and not (settings.data / "kanliu.sqlite").exists():
        return [
            SourceMemory(source_id=source.id, lists={}, known={}, walked=None) for source in sources
        ]
    with open_store(settings) as store:
        return [store.memory(source.id) for source in sources]


def is_broken(poll: Poll) -> bool:
    """Whether a bug of ours ended this poll."""
    return poll.reason.startswith(BUG)


def exit_code(polls: Sequence[Poll], failures: dict[str, int]) -> int:
    """What cron is told: 0 all is well or backs off as planned, 1 something needs a person."""
    for poll in polls:
        is_tired = failures.get(poll.source_id, 0) >= FAILURES_TO_TELL
        is_down = poll.outcome is Outcome.UNREACHABLE and is_tired
        is_ours = is_broken(poll) or poll.reason.startswith(NO_BROWSER)
        if poll.outcome in NEEDS_PERSON or is_down or is_ours:
            return 1
    return 0


def authority_of(settings: Settings) -> str | None:
    """The public host, when the operator has named one; ids hang on it for good, so this
    machine's own name is none. None lets the store choose."""
    return urlsplit(settings.public_url).hostname if "public_url" in settings.origins else None


def standing(store: Store, sources: Sequence[Source]) -> list[SourceStatus]:
    """How every source stands, by id: those of the store, also the retired ones whose file is
    gone, and those that no poll has seen yet."""
    known = {status.source_id: with_why(store, status) for status in store.status()}
    for source in sources:
        known.setdefault(source.id, SourceStatus(source_id=source.id, host=host_of(source)))
    return [known[source_id] for source_id in sorted(known)]


def with_why(store: Store, status: SourceStatus) -> SourceStatus:
    """A source at rest with the words that the operator gave for it."""
    kind = "source-retired" if status.retired else "source-paused" if status.paused else None
    if kind is None:
        return status
    told = store.events(status.source_id, kinds=[kind], limit=1)
    return replace(status, why=told[0].detail.get("why") or None) if told else status

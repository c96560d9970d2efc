"""One visit to one source, from memory to outcome. The only place where a site's failure is
caught; a bug is not caught here."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from crawler.calm import calm_after, is_calm
from crawler.pipeline import end_of, ended_poll, read_step
from crawler.walk import Visited, Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from archive.model import Entry, Poll, PollEnd, SourceMemory
    from archive.store import Store
    from archive.writer import Writer
    from crawler.calm import Calms
    from crawler.fetch import Fetcher
    from crawler.pipeline import Archivist, Outbox
    from sources.model import Source

log = logging.getLogger(__name__)

#: How long the end of a poll waits for others to be written with it. A transaction costs 0.5 ms of
#: CPU for the disk alone, as much as all else that an unchanged poll adds to its request.
GATHER_SECONDS = 0.05


class Ends:
    """Writes down how polls ended, several in one transaction: what comes while one is on its
    way to the disk goes with the next. 16 polls at once wait for two or three syncs, not for 16.
    """

    def __init__(self, store: Store, writer: Writer) -> None:
        self._store = store
        self._writer = writer
        self._waiting: list[PollEnd] = []
        self._next: asyncio.Future[None] | None = None
        self._turn = asyncio.Lock()

    async def write(self, end: PollEnd) -> None:
        """Return when it is on disk.

        Raises:
            StoreError: it is not, nor is any other that was to be written with it.
        """
        self._waiting.append(end)
        if self._next is None:
            self._next = asyncio.ensure_future(self._write_waiting())
        await asyncio.shield(self._next)

    async def settle(self) -> None:
        """Return when nothing waits: whoever gave it may have been cancelled."""
        if self._next is not None:
            await asyncio.wait({self._next})
        async with self._turn:
            pass

    async def _write_waiting(self) -> None:
        await asyncio.sleep(GATHER_SECONDS)
        async with self._turn:
            ends, self._waiting, self._next = self._waiting, [], None
            await self._writer.run(self._store.end_polls, ends)


async def poll(
    source: Source,
    *,
    store: Store,
    archivist: Archivist,
    writer: Writer,
    ends: Ends,
    calms: Calms,
    fetch: Fetcher,
    clock: Callable[[], datetime],
    kept: Callable[[Outbox], None] = lambda _: None,
) -> Poll:
    """Visit a source and keep what it shows; `kept` is told of each article.

    Each article is kept as it comes, so that a poll that is cancelled, or killed, has lost no
    article that it had; the list's validators are kept only when the walk was whole.

    Raises:
        StoreError: archive or disk failed; nothing more can be kept.
    """
    started = clock()
    calm = calms.take(source, started)

    async def recall() -> SourceMemory:
        return await writer.run(store.memory, source.id)

    memory = calm.memory if calm else await recall()
    walk = Walk(source, memory, fetch=fetch, clock=clock, recall=recall if calm else None)
    async with aclosing(walk.steps()) as steps:
        async for step in steps:
            outbox = await writer.run(archivist.keep_step, source, step, walk.facts)
            if outbox is not None:
                kept(outbox)
    if walk.facts.is_unsettled:
        for outbox in await writer.run(archivist.settle, source, walk.facts, clock()):
            kept(outbox)
    ended = ended_poll(source, walk, started=started, ended=clock(), requests=fetch.requests)
    if calm and is_calm(ended, walk):
        end = end_of(source, walk, ended, calm.standing)
        await ends.write(end)
        calms.keep(replace(calm, memory=replace(calm.memory, lists=dict(walk.lists))))
    else:
        end, standing = await writer.run(archivist.reckon, source, walk, ended)
        await ends.write(end)
        await writer.run(archivist.write_log)
        if is_calm(ended, walk):
            calms.keep(calm_after(source, memory, walk, standing))
    log_poll(end.poll)
    return end.poll


async def preview(
    source: Source,
    *,
    memory: SourceMemory,
    writer: Writer,
    fetch: Fetcher,
    clock: Callable[[], datetime],
    with_extractor: bool = True,
) -> tuple[Poll, tuple[Entry, ...]]:
    """The same visit, keeping nothing: how it would end, and what it would bring."""
    started = clock()
    walk = Walk(source, memory, fetch=fetch, clock=clock)
    entries = []
    async with aclosing(walk.steps()) as steps:
        async for step in steps:
            if isinstance(step, Visited):
                entry = await writer.run(
                    read_step, source, step, walk.facts, with_extractor=with_extractor
                )
                if entry is not None:
                    entries.append(entry)
                    walk.facts.new += step.known is None
                    walk.facts.revised += step.known is not None
    return ended_poll(source, walk, started=started, ended=clock(), requests=fetch.requests), tuple(
        entries
    )


def log_poll(poll: Poll) -> None:
    """One line a poll; a warning where someone should look this week."""
    level = logging.INFO if poll.outcome.is_good else logging.WARNING
    log.log(
        level,
        "poll ended source=%s outcome=%s new=%d revised=%d skipped=%d requests=%d "
        "seconds=%.1f reason=%r",
        poll.source_id,
        poll.outcome.value,
        poll.new,
        poll.revised,
        poll.skipped,
        poll.requests,
        (poll.ended - poll.started).total_seconds(),
        poll.reason,
    )

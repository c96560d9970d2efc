"""One visit to one source, from memory to outcome. The only place where a site's failure is
caught; a bug is not caught here."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from crawler.pipeline import ended_poll, read_step
from crawler.walk import Visited, Walk

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor
    from datetime import datetime

    from archive.model import Entry, Poll
    from archive.store import Store
    from crawler.fetch import Fetcher
    from crawler.pipeline import Archivist
    from sources.model import Source

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs functions in the one thread that writes to archive and feeds."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a synchronous function's result. A cancelled caller does not cut it short: what
        was begun is written to its end."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))
        return await asyncio.shield(future)


async def poll(
    source: Source,
    *,
    store: Store,
    archivist: Archivist,
    writer: Writer,
    fetch: Fetcher,
    clock: Callable[[], datetime],
) -> Poll:
    """Visit a source and keep what it shows.

    Each article is kept as it comes, so that a poll that is cancelled, or killed, has lost no
    article that it had; the list's validators are kept only when the walk was whole.

    Raises:
        StoreError: archive or disk failed; nothing more can be kept.
    """
    started = clock()
    memory = await writer.run(store.memory, source.id)
    walk = Walk(source, memory, fetch=fetch, clock=clock)
    async with aclosing(walk.steps()) as steps:
        async for step in steps:
            await writer.run(archivist.keep_step, source, step, walk.facts)
    if walk.changed_lists:
        await writer.run(archivist.keep_lists, source, walk.changed_lists)
    ended = await writer.run(
        archivist.end_poll,
        source,
        walk,
        started=started,
        ended=clock(),
        requests=fetch.requests,
    )
    log_poll(ended)
    return ended


async def preview(
    source: Source,
    *,
    store: Store,
    writer: Writer,
    fetch: Fetcher,
    clock: Callable[[], datetime],
) -> tuple[Poll, tuple[Entry, ...]]:
    """The same visit, keeping nothing: how it would end, and what it would bring."""
    started = clock()
    memory = await writer.run(store.memory, source.id)
    walk = Walk(source, memory, fetch=fetch, clock=clock)
    entries = []
    async with aclosing(walk.steps()) as steps:
        async for step in steps:
            if isinstance(step, Visited):
                entry = await writer.run(read_step, source, step, walk.facts)
                if entry is not None:
                    entries.append(entry)
    walk.facts.new = len(entries)
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

"""Visits once, as cron wants them, and what they come to for whoever called."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from archive.model import Outcome, SourceMemory
from archive.register import host_of
from archive.writer import Writer
from crawler import poll as crawler_poll
from crawler.browser import NO_BROWSER
from crawler.service import Crawl
from house.keeping import now, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Entry, Poll
    from foundation.settings import Settings
    from house.rooms import House
    from sources.model import Source

#: An unreachable site backs off as planned; from here on a person should know.
FAILURES_TO_TELL = 3
#: Outcomes that need a person at once.
NEEDS_PERSON = frozenset(
    {Outcome.PARTIAL, Outcome.EMPTY, Outcome.CHANGED, Outcome.BLOCKED, Outcome.REFUSED,
     Outcome.GONE}
)  # fmt: skip

#: How the reason of a poll begins that no site ended, but we.
BUG = "a bug in Kanliu ended this visit: "


async def poll_once(house: House, sources: Sequence[Source]) -> list[Poll]:
    """Visit these sources, as many at once as the settings allow, on one host and in all; then
    publish, and tell the hubs; then wait for what the articles' pages need to be shown, and see
    what lacks of their issues.

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
    await house.publications.publish()
    await house.publications.compress()
    await house.pings.tell_hubs()
    await house.gatherer.settle()
    await house.issues.follow()
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

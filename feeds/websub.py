"""The publisher of WebSub: tells each hub of the settings, once, that a topic has changed.

What a hub was told last is in the store, and a topic is behind where its file holds something
else. So nothing is queued: what a crash, a full disk or a hub that was away left untold is found
at the next start by looking at the files. Never in a poll's way: it runs beside them, and only its
notes pass through the thread that writes.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar
from urllib.parse import urlencode

from archive.announcements import Absence
from feeds.backoff import wait_after
from feeds.channel import hubs_of, own_hub
from feeds.topics import Topics
from foundation.errors import SiteError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from datetime import datetime
    from pathlib import Path

    from archive.announcements import Announcements
    from feeds.courier import Courier
    from foundation.settings import Settings

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")

#: Requests to one hub at a time. A first publication of 1,000 journals has 3,000 topics.
AT_ONCE = 8
# The hub understood and does not want this topic: asking again would say the same. Any other
# failure is about the hub.
_NOT_THIS_TOPIC = frozenset({400, 403, 422})
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


class Writes(Protocol):
    """What runs a function in the one thread that writes."""

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await the function's result."""


@dataclass(kw_only=True, slots=True)
class _Hub:
    """What is known of one hub in this process. `behind` are topics that may have changed since
    it was told: all of them, at the start."""

    url: str
    told: dict[str, str]
    behind: set[str]
    absence: Absence | None = None


class Pings:
    """The hubs of the settings. Our own needs no telling: it reads the files itself."""

    def __init__(
        self,
        settings: Settings,
        announcements: Announcements,
        *,
        writes: Writes,
        courier: Courier,
        clock: Callable[[], datetime],
    ) -> None:
        ours = own_hub(settings) if settings.hub else None
        self._urls = [url for url in hubs_of(settings) if url != ours]
        self._announcements = announcements
        self._writes = writes
        self._courier = courier
        self._clock = clock
        self._topics = Topics(settings)
        #: Set when there may be something to do.
        self.woken = asyncio.Event()
        self._hubs: list[_Hub] | None = None

    def note(self, written: Iterable[Path]) -> None:
        """These published files were written; `tell_hubs` says so to the hubs."""
        topics = set(self._topics.of(written))
        for hub in self._hubs or ():
            hub.behind |= topics
        self.woken.set()

    async def tell_hubs(self) -> None:
        """Tell each hub of what changed since it was told. A hub that fails is left alone for a
        while, and the others are told.

        Raises:
            StoreError: what was told could not be written down.
        """
        if self._hubs is None:
            self._hubs = await self._recall()
        # One after another in here, side by side on the wire.
        behind = [(hub, await self._take_behind(hub)) for hub in self._hubs]
        await asyncio.gather(*(self._tell(hub, digests) for hub, digests in behind if digests))

    async def _recall(self) -> list[_Hub]:
        known = self._announcements
        await self._writes.run(known.forget_others, self._urls)
        everything = await asyncio.to_thread(self._topics.all) if self._urls else ()
        return [
            _Hub(
                url=url,
                told=await self._writes.run(known.told, url),
                absence=await self._writes.run(known.absence, url),
                behind=set(everything),
            )
            for url in self._urls
        ]

    async def _take_behind(self, hub: _Hub) -> dict[str, str]:
        """What this hub is to be told of now, with the digests that it will know then."""
        if not hub.behind or (hub.absence and hub.absence.due > self._clock()):
            return {}
        taken, hub.behind = sorted(hub.behind), set()
        digests = await asyncio.to_thread(self._topics.digests, taken)
        return {topic: each for topic, each in digests.items() if hub.told.get(topic) != each}

    async def _tell(self, hub: _Hub, digests: dict[str, str]) -> None:
        left = dict(digests)
        try:
            for topics in _batches(digests, AT_ONCE):
                done = await asyncio.gather(
                    *(self._ping(hub, topic) for topic in topics), return_exceptions=True
                )
                told = {
                    topic: left.pop(topic)
                    for topic, error in zip(topics, done, strict=True)
                    if error is None
                }
                failed = next((error for error in done if error is not None), None)
                if told:
                    await self._writes.run(self._announcements.tell, hub.url, told)
                    hub.told |= told
                    hub.absence = None
                if failed is not None:
                    raise failed
            log.info("hub told hub=%s topics=%d", hub.url, len(digests))
        except SiteError as error:
            await self._leave_alone(hub, error, left=len(left))
        finally:
            hub.behind |= left.keys()

    async def _ping(self, hub: _Hub, topic: str) -> None:
        """One change of one topic. Some hubs take several in one request and others read one of
        them only; neither says which it is, so each goes by itself."""
        url = self._topics.url(topic)
        form = urlencode({"hub.mode": "publish", "hub.url": url}).encode()
        said = await self._courier.post(hub.url, form, _FORM)
        if said.status in _NOT_THIS_TOPIC:
            log.warning("hub refuses a topic hub=%s topic=%s status=%d", hub.url, url, said.status)
        elif not said.is_success:
            asked = said.asks_to_wait(self._clock())
            raise UnreachableError(f"it answered {said.status}", retry_after=asked)

    async def _leave_alone(self, hub: _Hub, error: SiteError, *, left: int) -> None:
        tries = (hub.absence.tries if hub.absence else 0) + 1
        due = self._clock() + wait_after(tries, error.retry_after)
        hub.absence = Absence(tries=tries, due=due)
        await self._writes.run(self._announcements.miss, hub.url, hub.absence)
        log.warning(
            "hub not told hub=%s topics=%d tries=%d again=%s reason=%r",
            hub.url, left, tries, hub.absence.due.isoformat(timespec="seconds"), str(error),
        )  # fmt: skip


def _batches(topics: Iterable[str], size: int) -> Iterator[list[str]]:
    rest = iter(topics)
    while batch := list(islice(rest, size)):
        yield batch

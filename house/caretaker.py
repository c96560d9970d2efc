"""The service looks after what is kept, beside its polls: one thing at a time, and long work off
the thread that writes. What each step does is custody.py's."""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.copies import open_places
from archive.packages.seal import month_before
from archive.withdrawal import WITHDRAWN
from foundation.errors import StoreError
from house.custody import SETTLED, Custody
from house.keeping import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from archive.store import Store
    from archive.writer import Writer
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: A place that was away, or that somebody else fills, is looked at again after that.
COPIED_AGAIN = timedelta(hours=1)


class Caretaker:
    """Looks after what is kept beside the polls: one thing at a time, long work off the thread
    that writes. `finish` gives open WARC files their final name."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        writer: Writer,
        *,
        sources: Callable[[], Sequence[Source]],
        finish: Callable[[], None],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._settings = settings
        self._store = store
        self._writer = writer
        self._sources = sources
        self._finish = finish
        self._clock = clock
        self._places = open_places(settings.copies, settings.data)
        self._custody: tuple[object, Custody] | None = None
        self._sealed: str | None = None
        self._day: str | None = None
        self._events: int | None = None
        self._lacking: datetime | None = None  # when copies were found to lack; None: none do

    async def tend(self) -> None:
        """Once a tick: seal when a month is over, copy once a day, check a few files."""
        at = self._clock()
        custody = self._now_custody()
        day = f"{at:%Y-%m-%d}"
        if day != self._day:
            self._day = day  # what is not sealed now is tried again tomorrow
            self._lacking = at  # what is not copied now within the hour, whatever broke
            month = month_before(at - SETTLED)
            if self._settings.seal and month != self._sealed:
                await self._seal(custody, month, at)
            await self._darken(custody, at)
            await self._finish_and_copy(custody, at)
        elif await asyncio.to_thread(self._has_taken_down):
            await self._darken(custody, at)
            await self._finish_and_copy(custody, at)  # what tells of it must not lack there
        elif self._lacking is not None and at - self._lacking >= COPIED_AGAIN:
            await self._copy(custody, at)
        if self._settings.verify_bytes:
            due = await asyncio.to_thread(custody.check_due, at)
            await asyncio.to_thread(list, custody.check(due, at, is_repairing=True))

    async def _finish_and_copy(self, custody: Custody, at: datetime) -> None:
        """Copy all that was captured and told until now. A file that is being written has no copy:
        where there are places for copies it is finished first."""
        if custody.places:
            await self._writer.run(self._finish)
        await self._copy(custody, at)

    async def _copy(self, custody: Custody, at: datetime) -> None:
        """Copy what is finished; what is left is tried again within the hour."""
        await self._writer.run(custody.watch.follow, at)
        is_done = await asyncio.to_thread(_use_up, custody.copy(at))
        self._lacking = None if is_done else at

    async def _darken(self, custody: Custody, at: datetime) -> None:
        """Put packages that are not open any more into the dark tree."""
        self._events, _ = self._store.ledger.head()
        await self._writer.run(custody.move_closed, at)

    def _has_taken_down(self) -> bool:
        """Whether an entry was taken down since packages were looked through last."""
        number, _ = self._store.ledger.head()
        before, self._events = self._events, number
        if before is None or before == number:
            return False
        return any(each.event.kind == WITHDRAWN for each in self._store.ledger.events(after=before))

    def _now_custody(self) -> Custody:
        """For the sources as they are now."""
        sources = self._sources()
        if self._custody is None or self._custody[0] is not sources:
            custody = Custody(self._settings, self._store, sources, self._places)
            self._custody = (sources, custody)
        return self._custody[1]

    async def _seal(self, custody: Custody, month: str, at: datetime) -> None:
        """Seal what is over. Captures and feeds go on, whatever comes in the way of it."""
        await self._writer.run(custody.recover, at)
        is_whole = True
        if custody.sealer.raw_files(month) or self._is_open(month):
            await self._writer.run(self._finish)
            draft = await asyncio.to_thread(custody.sealer.draft, None, now=at - SETTLED)
            for planned in draft.planned:
                try:
                    written = await asyncio.to_thread(custody.sealer.write, planned, draft, at)
                    await self._writer.run(custody.sealer.commit, written, draft)
                except StoreError as error:
                    log.error("package not sealed error=%s", error)  # noqa: TRY400 - its words say it all
                    is_whole = False
            await asyncio.to_thread(_use_up, custody.copy(at))
            removable = await asyncio.to_thread(custody.find_removable, draft, at - SETTLED)
            await asyncio.to_thread(custody.remove, removable, at)
        if is_whole:
            self._sealed = month

    def _is_open(self, month: str) -> bool:
        """Whether a file of a month that is over is still being written."""
        year, number = month.split("-")
        return any((self._settings.warc / year / number).glob("*.open"))


def _use_up(steps: Iterator[tuple[object, object]]) -> bool:
    """Do each; whether nothing came in the way of any."""
    troubles = [trouble for _, trouble in steps if trouble is not None]
    return not troubles

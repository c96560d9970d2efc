"""The log of events as what it proves: whether it is whole, and how far the archive's own files
have it too. Each method is one transaction. Adds no event: events.py does, where a deed is done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from archive import schema
from archive.chain import GENESIS, digest_of
from archive.events import HEAD, find_head, logged_of

if TYPE_CHECKING:
    from collections.abc import Collection

    from archive.chain import LoggedEvent
    from archive.database import Database

_E, _F = schema.events, schema.facts

#: The fact that says up to which event the archive's files have the log.
TOLD = "events told"
#: How many events are held in memory at once.
_BATCH = 1000
_FIND_TOLD = select(_F.c.value).where(_F.c.name == TOLD)
_SET_TOLD = update(_F).where(_F.c.name == TOLD).values(value=bindparam("told"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Break:
    """Where the log is not what it was: the number of the first event that shows it."""

    number: int
    what: str


class Ledger:
    """What the log of events proves."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find_break(self) -> Break | None:
        """The first event that was altered, lost or put elsewhere; None where there is none."""
        number, digest = 0, GENESIS
        while batch := self.events(after=number, limit=_BATCH):
            for logged in batch:
                broken = _find_break(logged, number, digest)
                if broken is not None:
                    return broken
                number, digest = logged.number, logged.digest
        with self._database.reading() as connection:
            head = find_head(connection)
        if head[0] > number:
            return Break(number=number + 1, what="it is missing, and all after it")
        return None

    def head(self) -> tuple[int, str]:
        """Number and digest of the newest event; 0 and the genesis where there is none."""
        with self._database.reading() as connection:
            return find_head(connection)

    def events(self, *, after: int = 0, limit: int | None = None) -> list[LoggedEvent]:
        """The events behind a number, the first one first."""
        query = select(_E).where(_E.c.number > after).order_by(_E.c.number).limit(limit)
        with self._database.reading() as connection:
            return [logged_of(row) for row in connection.execute(query)]

    def untold(self, limit: int | None = None) -> list[LoggedEvent]:
        """The events that the archive's files do not have yet, the first one first."""
        return self.events(after=self.told(), limit=limit)

    def has_untold(self, *, besides: Collection[str]) -> bool:
        """Whether the archive's files lack an event of another kind than these."""
        query = select(_E.c.number).where(_E.c.number > self.told(), _E.c.kind.not_in(besides))
        with self._database.reading() as connection:
            return connection.scalar(query.limit(1)) is not None

    def told(self) -> int:
        """The number of the last event that the archive's files have."""
        with self._database.reading() as connection:
            value: str | None = connection.scalar(_FIND_TOLD)
        return int(value) if value else 0

    def mark_told(self, number: int) -> None:
        """The archive's files have the events up to this one, and on disk. Never back: another
        process may have told further meanwhile."""
        with self._database.writing(turn=HEAD) as connection:
            value: str | None = connection.scalar(_FIND_TOLD)
            if value is None:
                connection.execute(insert(_F), {"name": TOLD, "value": str(number)})
            elif int(value) < number:
                connection.execute(_SET_TOLD, {"told": str(number)})


def _find_break(logged: LoggedEvent, number: int, digest: str) -> Break | None:
    if logged.number != number + 1:
        return Break(number=number + 1, what="it is missing")
    if logged.previous != digest:
        return Break(number=logged.number, what="it does not follow the one before it")
    if digest_of(logged.event, number=logged.number, previous=digest) != logged.digest:
        return Break(number=logged.number, what="it does not say what it said")
    return None

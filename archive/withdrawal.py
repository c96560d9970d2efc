"""Taking an entry down, and putting it back: the operator's word, as a facade of the store.

What is withdrawn is shown, found and handed out nowhere. Its revisions and captures stay, dark, and
what is left in its place (the tombstone) keeps the digest of the newest capture, so that the copy
can be known again. Who did it and why is an event with everything in it; nothing is kept beside.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select

from archive import schema
from archive.current import UPDATE_ENTRY, set_state, state_of
from archive.elsewhere import tell_neighbours
from archive.events import find_events, record
from archive.locations import find_home, locations_of
from archive.model import EntryState, Event
from archive.shelf import captures_of
from archive.signed import known_entry, signature
from foundation.errors import WithdrawalError
from foundation.text import one_line

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.current import Current
    from archive.database import Database

#: What the events are called.
WITHDRAWN, UNDONE = "entry-withdrawn", "withdrawal-undone"

_E = schema.entries
_SOURCE = select(_E.c.source_id).where(_E.c.id == bindparam("entry"))


@dataclass(frozen=True, kw_only=True, slots=True)
class Withdrawal:
    """A take-down that stands. `public_reason` is what readers are told, and by whom; None: they
    are told the day alone. `capture_id` and `digest` are of the newest capture, which stays."""

    entry_id: str
    source_id: str
    at: datetime
    who: str
    why: str
    public_reason: str | None = None
    capture_id: str | None = None
    digest: str | None = None


class Withdrawals:
    """Take-downs. Each method is one transaction; feeds and pages are behind after it."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def withdraw(
        self, entry_id: str, *, who: str, why: str, now: datetime, public_reason: str | None = None
    ) -> Withdrawal:
        """Take an entry down.

        Raises:
            WithdrawalError: there is no such entry, it is down already, or nobody signs.
        """
        with self._database.writing(turn=self._source_of(entry_id)) as connection:
            known = known_entry(connection, entry_id, error=WithdrawalError)
            if known.state is EntryState.WITHDRAWN:
                raise WithdrawalError(
                    f"{entry_id}: is withdrawn already. Next: see kanliu show {entry_id}"
                )
            who, why = signature(who, why, of="a take-down", error=WithdrawalError)
            reason = one_line(public_reason) if public_reason else None
            captures = captures_of(connection, entry_id)
            standing = Withdrawal(
                entry_id=entry_id,
                source_id=known.source_id,
                at=now,
                who=who,
                why=why,
                public_reason=reason or None,
                capture_id=captures[-1].id if captures else None,
                digest=captures[-1].digest if captures else None,
            )
            tell_neighbours(connection, entry_id, known.source_id)
            set_state(connection, known.source_id, known, EntryState.WITHDRAWN, since=now)
            record(connection, [_event(standing, known.state)])
        return standing

    def undo(self, entry_id: str, *, who: str, why: str, now: datetime) -> EntryState:
        """Put an entry back as its pages stand; the state that it has then. To readers it is
        new from now on: they were told that it is gone.

        Raises:
            WithdrawalError: there is no such entry, it is not withdrawn, or nobody signs.
        """
        with self._database.writing(turn=self._source_of(entry_id)) as connection:
            known = known_entry(connection, entry_id, error=WithdrawalError)
            if known.state is not EntryState.WITHDRAWN:
                raise WithdrawalError(
                    f"{entry_id}: is not withdrawn, it is {known.state}. "
                    f"Next: see kanliu show {entry_id}"
                )
            who, why = signature(who, why, of="a take-down", error=WithdrawalError)
            state, since = _state_below(connection, known, now)
            tell_neighbours(connection, entry_id, known.source_id)
            set_state(connection, known.source_id, known, state, since=since)
            newer = {"changed": max(now, known.changed)}
            connection.execute(UPDATE_ENTRY, {"entry": entry_id, **newer})
            told = Event(
                at=now,
                kind=UNDONE,
                source_id=known.source_id,
                entry_id=entry_id,
                detail={"who": who, "why": why, "state": str(state)},
            )
            record(connection, [told])
        return state

    def find(self, entry_id: str) -> Withdrawal | None:
        """The take-down of an entry that stands; None where it is not withdrawn."""
        with self._database.reading() as connection:
            return standing_of(connection, entry_id)

    def _source_of(self, entry_id: str) -> str:
        """Whose turn it is: nobody keeps a page of this journal meanwhile."""
        with self._database.reading() as connection:
            found: str | None = connection.scalar(_SOURCE, {"entry": entry_id})
        return found or ""


def standing_of(connection: Connection, entry_id: str) -> Withdrawal | None:
    """The take-down of an entry that stands, as its event tells it."""
    newest = find_events(
        connection,
        source_id=None,
        entry_id=entry_id,
        kinds=(WITHDRAWN, UNDONE),
        since=None,
        limit=1,
    )
    if not newest or newest[0].kind == UNDONE:
        return None
    told = newest[0]
    return Withdrawal(
        entry_id=entry_id,
        source_id=told.source_id or "",
        at=told.at,
        who=told.detail["who"],
        why=told.detail["why"],
        public_reason=told.detail.get("public_reason"),
        capture_id=told.detail.get("capture"),
        digest=told.detail.get("digest"),
    )


def _state_below(
    connection: Connection, known: Current, now: datetime
) -> tuple[EntryState, datetime]:
    """What the entry is without the take-down: nobody looked at its state while it stood."""
    pages = [page for page in locations_of(connection, known.id) if page.is_page]
    missing = [page.missing for page in pages if page.missing is not None]
    if missing and find_home(pages) is None:
        return EntryState.VANISHED, max(missing)
    return state_of(known.entry), now


def _event(standing: Withdrawal, before: EntryState) -> Event:
    detail = {
        "who": standing.who,
        "why": standing.why,
        "public_reason": standing.public_reason,
        "before": str(before),
        "capture": standing.capture_id,
        "digest": standing.digest,
    }
    return Event(
        at=standing.at,
        kind=WITHDRAWN,
        source_id=standing.source_id,
        entry_id=standing.entry_id,
        detail={key: value for key, value in detail.items() if value is not None},
    )

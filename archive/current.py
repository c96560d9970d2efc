"""An entry as it is now: looked up, and altered in its state. Inside the store's transactions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, select, union_all, update

from archive import schema
from archive.catalogue import follow_state
from archive.coding import decode_entry
from archive.columns import Instant
from archive.correction import as_read, is_corrected
from archive.corrections import corrections_of
from archive.model import EntryState

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.correction import Correction
    from archive.model import Entry
    from archive.schema import AnyRow

_S, _E, _R = schema.sources, schema.entries, schema.revisions

_CURRENT = select(
    _E.c.id, _E.c.source_id, _E.c.state, _E.c.revision, _E.c.first_seen, _E.c.changed,
    _R.c.digest, _R.c.entry,
).join(_R, (_R.c.entry_id == _E.c.id) & (_R.c.number == _E.c.revision))  # fmt: skip
_BY_ID = _CURRENT.where(_E.c.id == bindparam("entry"))
_IN_SOURCE = select(_E.c.id).where(_E.c.source_id == bindparam("source"))
# A union: for an OR, SQLite would read every entry of the source.
_ALIKE = _CURRENT.where(
    _E.c.id.in_(
        union_all(
            _IN_SOURCE.where(_E.c.doi == bindparam("doi")),
            _IN_SOURCE.where(_E.c.content == bindparam("content")),
        )
    )
).order_by(_E.c.first_seen, _E.c.id)
UPDATE_ENTRY = update(_E).where(_E.c.id == bindparam("entry"))
#: The same for what readers see: it is in no document as it is now, since `reopened` at the latest.
REOPEN_ENTRY = UPDATE_ENTRY.values(
    opened=func.coalesce(_E.c.opened, bindparam("reopened", type_=Instant()))
)
#: That a page is away is told by the pages for people; feeds go on as before.
_FEEDS_ARE_ALIKE = frozenset({EntryState.LIVE, EntryState.VANISHED})
COUNT_CHANGE = update(_S).where(_S.c.id == bindparam("source")).values(change=_S.c.change + 1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Current:
    """What deciding about a new sight of an entry takes. `read` is what its page said, `entry`
    the same with what a person corrected."""

    id: str
    source_id: str
    entry: Entry
    read: Entry
    corrections: tuple[Correction, ...]
    digest: str
    revision: int
    state: EntryState
    first_seen: datetime
    changed: datetime


def load(connection: Connection, entry_id: str) -> Current:
    """The entry of this id."""
    return _current(connection, connection.execute(_BY_ID, {"entry": entry_id}).one())


def find(connection: Connection, entry_id: str) -> Current | None:
    """The entry of an id that a person gave."""
    row = connection.execute(_BY_ID, {"entry": entry_id}).one_or_none()
    return _current(connection, row) if row is not None else None


def find_alike(
    connection: Connection, source_id: str, *, doi: str | None, content: str | None
) -> Iterator[Current]:
    """The entries of a source with this DOI key or content key, the first seen first."""
    if doi is None and content is None:
        return
    keys = {"source": source_id, "doi": doi, "content": content}
    for row in connection.execute(_ALIKE, keys).all():
        yield _current(connection, row)


def state_of(entry: Entry) -> EntryState:
    """The state of an entry whose page is there."""
    return EntryState.RETRACTED if entry.is_retracted else EntryState.LIVE


def set_state(
    connection: Connection, source_id: str, known: Current, state: EntryState, *, since: datetime
) -> None:
    """Alter a state: readers must be told, though there is no revision."""
    values = {"state": state, "state_since": None if state is EntryState.LIVE else since}
    if {known.state, state} <= _FEEDS_ARE_ALIKE:
        connection.execute(UPDATE_ENTRY, {"entry": known.id, **values})
    else:
        connection.execute(REOPEN_ENTRY, {"entry": known.id, "reopened": since, **values})
    follow_state(connection, known.id, known.state, state)
    connection.execute(COUNT_CHANGE, {"source": source_id})


def _current(connection: Connection, row: AnyRow) -> Current:
    entry = decode_entry(row.entry)
    corrections = corrections_of(connection, row.id) if is_corrected(entry) else ()
    return Current(
        id=row.id,
        source_id=row.source_id,
        entry=entry,
        read=as_read(entry, corrections) if corrections else entry,
        corrections=corrections,
        digest=row.digest,
        revision=row.revision,
        state=EntryState(row.state),
        first_seen=row.first_seen,
        changed=row.changed,
    )

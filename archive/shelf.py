"""Reading what is kept: entries in their order, revisions, captures. Alters nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, or_, select

from archive import schema
from archive.coding import decode_entry, decode_raw
from archive.model import ArchivedEntry, Capture, EntryState, Revision

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from archive.schema import AnyRow

_E, _R, _C = schema.entries, schema.revisions, schema.captures

_ENTRIES = select(
    _E.c.id, _E.c.source_id, _E.c.revision, _E.c.first_seen, _E.c.changed,
    _E.c.state, _E.c.state_since, _R.c.entry,
).join(_R, and_(_R.c.entry_id == _E.c.id, _R.c.number == _E.c.revision))  # fmt: skip


def find_entries(
    connection: Connection,
    source_id: str | None,
    *,
    limit: int | None,
    before: datetime | ArchivedEntry | None,
    states: Collection[EntryState],
) -> list[ArchivedEntry]:
    """Newest first, ties by id: of one source or of all, after an entry or before an instant."""
    query = _ENTRIES.order_by(_E.c.ordered.desc(), _E.c.id.desc()).limit(limit)
    if set(states) != set(EntryState):
        query = query.where(_E.c.state.in_([str(state) for state in states]))
    if source_id is not None:
        query = query.where(_E.c.source_id == source_id)
    if before is not None:
        query = _after(query, before)
    return [_entry(row) for row in connection.execute(query)]


def find_entry(connection: Connection, entry_id: str) -> ArchivedEntry | None:
    """One entry as it is now."""
    row = connection.execute(_ENTRIES.where(_E.c.id == entry_id)).one_or_none()
    return _entry(row) if row is not None else None


def revisions_of(connection: Connection, entry_id: str) -> list[Revision]:
    """From the first to the newest."""
    query = select(_R).where(_R.c.entry_id == entry_id).order_by(_R.c.number)
    return [_revision(row) for row in connection.execute(query)]


def captures_of(connection: Connection, entry_id: str) -> list[Capture]:
    """Every capture of an entry's pages, from the first to the newest."""
    query = select(_C).where(_C.c.entry_id == entry_id).order_by(_C.c.seen, _C.c.id)
    return [
        Capture(
            id=row.id,
            url=row.url,
            status=row.status,
            seen=row.seen,
            file=row.file,
            offset=row.offset,
            digest=row.digest,
        )
        for row in connection.execute(query)
    ]


def gaps_of(connection: Connection, source_id: str, limit: int) -> list[datetime]:
    """When the newest entries appeared, newest first: by their own date where it is known, so
    that a first visit that found a year's articles shows the year's rhythm."""
    newest = (
        select(_E.c.ordered)
        .where(_E.c.source_id == source_id)
        .order_by(_E.c.ordered.desc(), _E.c.id.desc())
        .limit(limit)
    )
    return list(connection.scalars(newest))


def _after(query: Select[Any], before: datetime | ArchivedEntry) -> Select[Any]:
    if not isinstance(before, ArchivedEntry):
        return query.where(_E.c.ordered < before)
    at = select(_E.c.ordered).where(_E.c.id == before.id).scalar_subquery()
    return query.where(or_(_E.c.ordered < at, and_(_E.c.ordered == at, _E.c.id < before.id)))


def _entry(row: AnyRow) -> ArchivedEntry:
    return ArchivedEntry(
        id=row.id,
        source_id=row.source_id,
        entry=decode_entry(row.entry),
        revision=row.revision,
        first_seen=row.first_seen,
        changed=row.changed,
        state=EntryState(row.state),
        state_since=row.state_since,
    )


def _revision(row: AnyRow) -> Revision:
    entry = decode_entry(row.entry)
    return Revision(
        entry_id=row.entry_id,
        number=row.number,
        seen=row.seen,
        digest=row.digest,
        entry=entry,
        raw=decode_raw(row.raw, entry),
        capture_id=row.capture_id,
    )

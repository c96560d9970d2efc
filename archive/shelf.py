"""Reading what is kept: entries in their order, revisions, captures. Alters nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, or_, select

from archive import schema
from archive.coding import decode_entry, decode_raw
from archive.elsewhere import relations_of
from archive.exchange import Capture
from archive.model import ArchivedEntry, EntryState, Revision

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from archive.likeness import Elsewhere
    from archive.model import Entry
    from archive.schema import AnyRow

_E, _R, _C = schema.entries, schema.revisions, schema.captures

_HEADS = select(
    _E.c.id, _E.c.source_id, _E.c.revision, _E.c.first_seen, _E.c.changed,
    _E.c.state, _E.c.state_since, _E.c.is_elsewhere,
)  # fmt: skip
_ENTRIES = _HEADS.add_columns(_R.c.entry).join(
    _R, and_(_R.c.entry_id == _E.c.id, _R.c.number == _E.c.revision)
)
# By the key of entries: for a list of pairs (id, revision), SQLite would read every revision.
_DOCUMENTS = (
    select(_R.c.entry_id, _R.c.number, _R.c.entry)
    .join(_E, and_(_R.c.entry_id == _E.c.id, _R.c.number == _E.c.revision))
    .where(_E.c.id.in_(bindparam("ids", expanding=True)))
)

_SOME_HEADS = _HEADS.where(_E.c.id.in_(bindparam("ids", expanding=True)))
# Newest first, ties by id. Made once each: of many entries by their heads, as feeds ask.
_NEWEST_HEADS, _NEWEST_ENTRIES = (
    columns.order_by(_E.c.ordered.desc(), _E.c.id.desc()) for columns in (_HEADS, _ENTRIES)
)
_IN_STATES = _E.c.state.in_(bindparam("states", expanding=True))
_OF_SOURCE = _E.c.source_id == bindparam("source")
_GAPS = (
    select(_E.c.ordered)
    .where(_OF_SOURCE)
    .order_by(_E.c.ordered.desc(), _E.c.id.desc())
    .limit(bindparam("most"))
)

#: About as many as the feeds keep rendered (feeds.documents), which are the same objects.
_REMEMBERED = 1_000


class Decoded:
    """The entries that were read last, by id and revision: a revision is never altered. To read
    and decode 60 for each article that comes took a third of publishing it. For any thread."""

    def __init__(self) -> None:
        self._entries: dict[tuple[str, int], Entry] = {}

    def of(self, connection: Connection, heads: Sequence[AnyRow]) -> list[Entry]:
        """The entry of each head; what is not remembered is read."""
        remembered = self._entries
        wanted = [(head.id, head.revision) for head in heads]
        missing = [entry_id for entry_id, number in wanted if (entry_id, number) not in remembered]
        found = {
            (row.entry_id, row.number): decode_entry(row.entry)
            for row in (connection.execute(_DOCUMENTS, {"ids": missing}) if missing else ())
        }
        entries = {key: found[key] if key in found else remembered[key] for key in wanted}
        # A new dictionary each time, so that other threads read a whole one.
        room = max(_REMEMBERED - len(entries), 0)
        older = [key for key in remembered if key not in entries][-room:] if room else []
        self._entries = {key: remembered[key] for key in older} | entries
        return list(entries.values())


def find_entries(
    connection: Connection,
    source_id: str | None,
    *,
    limit: int | None,
    before: datetime | ArchivedEntry | None,
    states: Collection[EntryState],
    decoded: Decoded,
) -> list[ArchivedEntry]:
    """Newest first, ties by id: of one source or of all, after an entry or before an instant."""
    is_few = limit is not None and limit <= _REMEMBERED
    query = (_NEWEST_HEADS if is_few else _NEWEST_ENTRIES).limit(limit)
    given: dict[str, Any] = {}
    if set(states) != set(EntryState):
        query = query.where(_IN_STATES)
        given["states"] = [str(state) for state in states]
    if source_id is not None:
        query = query.where(_OF_SOURCE)
        given["source"] = source_id
    if before is not None:
        query = _after(query, before)
    rows = connection.execute(query, given).all()
    also_in = relations_of(connection, [row.id for row in rows if row.is_elsewhere])
    if is_few:
        held: Iterable[Entry] = decoded.of(connection, rows)
    else:
        held = (decode_entry(row.entry) for row in rows)
    return [
        _entry(row, entry, also_in.get(row.id, ())) for row, entry in zip(rows, held, strict=True)
    ]


def entries_of(
    connection: Connection, ids: Sequence[str], *, decoded: Decoded
) -> list[ArchivedEntry]:
    """The entries of these ids, in their order."""
    rows: dict[str, AnyRow] = {}
    for start in range(0, len(ids), _REMEMBERED):
        some = ids[start : start + _REMEMBERED]
        rows |= {row.id: row for row in connection.execute(_SOME_HEADS, {"ids": some})}
    heads = [rows[id_] for id_ in ids]
    also_in = relations_of(connection, [row.id for row in heads if row.is_elsewhere])
    held: list[Entry] = []
    for start in range(0, len(heads), _REMEMBERED):
        held += decoded.of(connection, heads[start : start + _REMEMBERED])
    return [
        _entry(row, entry, also_in.get(row.id, ())) for row, entry in zip(heads, held, strict=True)
    ]


def find_entry(connection: Connection, entry_id: str) -> ArchivedEntry | None:
    """One entry as it is now."""
    row = connection.execute(_ENTRIES.where(_E.c.id == entry_id)).one_or_none()
    if row is None:
        return None
    also_in = relations_of(connection, [entry_id] if row.is_elsewhere else [])
    return _entry(row, decode_entry(row.entry), also_in.get(entry_id, ()))


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
    return list(connection.scalars(_GAPS, {"source": source_id, "most": limit}))


def _after(query: Select[Any], before: datetime | ArchivedEntry) -> Select[Any]:
    if not isinstance(before, ArchivedEntry):
        return query.where(_E.c.ordered < before)
    at = select(_E.c.ordered).where(_E.c.id == before.id).scalar_subquery()
    return query.where(or_(_E.c.ordered < at, and_(_E.c.ordered == at, _E.c.id < before.id)))


def _entry(row: AnyRow, entry: Entry, also_in: tuple[Elsewhere, ...]) -> ArchivedEntry:
    return ArchivedEntry(
        id=row.id,
        source_id=row.source_id,
        entry=entry,
        revision=row.revision,
        first_seen=row.first_seen,
        changed=row.changed,
        state=EntryState(row.state),
        state_since=row.state_since,
        also_in=also_in,
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

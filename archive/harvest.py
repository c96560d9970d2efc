"""Entries in the order in which their records changed, for those who harvest the archive (OAI-PMH).
Each method is one transaction. Alters nothing.

A record changes with a revision, and when its article is retracted or taken down: what was taken
down stays for good, as a deleted record. That a page has vanished changes no record.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, or_, select, text, union_all

from archive import schema, shelf
from archive.model import EntryState

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Select

    from archive.database import Database
    from archive.model import ArchivedEntry

_E, _S = schema.entries, schema.sources

# Two lists that together have each entry once: by its newest revision, and by a later change of its
# state. As text, for SQLite finds a partial index (schema.GONE) by its very words.
_GONE_LATER = and_(text(schema.GONE), _E.c.state_since > _E.c.changed)
_AS_REVISED = or_(
    _E.c.state_since.is_(None), _E.c.state_since <= _E.c.changed, text(f"NOT {schema.GONE}")
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """What is harvested: of one source or of all, what changed since `begin` and before `end`."""

    source_id: str | None = None
    begin: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """A place between two records: behind this one. Records that come later do not move it."""

    changed: datetime
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """What is told of every record. `changed` is when it did last; of a deleted one nothing else
    is told."""

    id: str
    source_id: str
    changed: datetime
    is_deleted: bool

    @property
    def place(self) -> Place:
        return Place(changed=self.changed, id=self.id)


class Harvest:
    """`store.harvest`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def heads(self, span: Span, *, after: Place | None = None, limit: int) -> list[Head]:
        """So many records of a span, those that changed first before the others, ties by id."""
        with self._database.reading() as connection:
            return _heads(connection, span, after, limit)

    def records(
        self, span: Span, *, after: Place | None = None, limit: int
    ) -> list[tuple[Head, ArchivedEntry]]:
        """The same with their entries."""
        with self._database.reading() as connection:
            heads = _heads(connection, span, after, limit)
            ids = [head.id for head in heads]
            entries = shelf.entries_of(connection, ids, decoded=shelf.Decoded())
            return list(zip(heads, entries, strict=True))

    def record(self, entry_id: str) -> tuple[Head, ArchivedEntry] | None:
        """One record, if there ever was one."""
        with self._database.reading() as connection:
            entry = shelf.find_entry(connection, entry_id)
        return (head_of(entry), entry) if entry else None

    def count(self, span: Span) -> int:
        """How many records a span has."""
        lists = _LISTS if span.begin or span.end else [(_E.c.changed, None)]
        rows = select(func.count()).select_from(_E)
        with self._database.reading() as connection:
            counts = [rows.where(*_where(span, None, column, some)) for column, some in lists]
            return sum(connection.scalar(query) or 0 for query in counts)

    def earliest(self) -> datetime | None:
        """When the first of all changes of records was; None before there is any."""
        query = select(_E.c.changed).order_by(_E.c.changed, _E.c.id).limit(1)
        with self._database.reading() as connection:
            return connection.scalar(query)

    def titles(self) -> Mapping[str, str | None]:
        """The sources that have entries, followed or not, with the last title that is known."""
        query = select(_S.c.id, _S.c.title).where(_S.c.entries > 0).order_by(_S.c.id)
        with self._database.reading() as connection:
            return {row.id: row.title for row in connection.execute(query)}


def head_of(archived: ArchivedEntry) -> Head:
    """What is told of the record of an entry. Feeds reckon alike (feeds.content)."""
    is_gone = archived.state in (EntryState.RETRACTED, EntryState.WITHDRAWN)
    since = archived.state_since if is_gone else None
    return Head(
        id=archived.id,
        source_id=archived.source_id,
        changed=max(archived.changed, since or archived.changed),
        is_deleted=archived.state is EntryState.WITHDRAWN,
    )


_LISTS: Sequence[tuple[Any, ColumnElement[bool]]] = (
    (_E.c.changed, _AS_REVISED),
    (_E.c.state_since, _GONE_LATER),
)


def _heads(connection: Connection, span: Span, after: Place | None, limit: int) -> list[Head]:
    """The first of both lists, which lie in their indexes in order, and of these the first."""
    parts = [
        select(
            select(_E.c.id, _E.c.source_id, _E.c.state, column.label("stamp"))
            .where(*_where(span, after, column, some))
            .order_by(column, _E.c.id)
            .limit(limit)
            .subquery()
        )
        for column, some in _LISTS
    ]
    both = union_all(*parts).subquery()
    query: Select[Any] = select(both).order_by(both.c.stamp, both.c.id).limit(limit)
    return [
        Head(
            id=row.id,
            source_id=row.source_id,
            changed=row.stamp,
            is_deleted=row.state == EntryState.WITHDRAWN,
        )
        for row in connection.execute(query)
    ]


def _where(
    span: Span, after: Place | None, column: Any, some: ColumnElement[bool] | None
) -> list[ColumnElement[bool]]:
    conditions = [] if some is None else [some]
    if span.source_id is not None:
        conditions.append(_E.c.source_id == span.source_id)
    if span.end is not None:
        conditions.append(column < span.end)
    if after is not None and (span.begin is None or after.changed >= span.begin):
        # Not as one OR: so the index is entered at the place.
        conditions.append(column >= after.changed)
        conditions.append(or_(column > after.changed, _E.c.id > after.id))
    elif span.begin is not None:
        conditions.append(column >= span.begin)
    return conditions

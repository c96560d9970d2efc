"""History in documents that never change (RFC 5005 section 4): what stands in which, and when one
is closed. Inside the store's transactions; writes no feed.

What was taken down or retracted shortly before a document took it in stays in the head until the
next one is closed: a reader that comes once a day would not learn of it otherwise.

An entry is open from the instant at which it became what it is (first seen, revised, retracted,
withdrawn) until a document takes it in as it then stands. The head of a feed holds every open
entry; so head and documents together have each entry in its newest form, and an entry that is
revised later stands in the next document anew, as RFC 5005 asks, while the old one keeps its bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, insert, select, text, update

from archive import schema
from archive.coding import decode_entry
from archive.columns import Instant
from archive.events import record
from archive.model import ArchivedEntry, EntryState, Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.schema import AnyRow

#: Open entries that a head may carry besides its newest ones. As many again as those are by
#: default: 30 full texts of 5 kB are some 170 kB.
ROOM = 30

#: What was taken down, or retracted, in the last days before a document was closed is told in the
#: head all the same. A reader comes once a week at least.
LATELY = timedelta(days=7)

#: The event of a document that was closed.
CLOSED = "history-closed"

_S, _E, _R = schema.sources, schema.entries, schema.revisions
_D, _M = schema.documents, schema.document_entries

_OPEN = (
    select(_E.c.id, _E.c.revision, _E.c.opened)
    .where(_E.c.source_id == bindparam("source"), _E.c.opened.is_not(None))
    .order_by(_E.c.opened, _E.c.id)
)
#: When a source's newest document was closed; of the entry's source, inside another query.
LAST_CLOSED = (
    select(func.max(_D.c.closed)).where(_D.c.source_id == _E.c.source_id).scalar_subquery()
)
_LAST = select(func.max(_D.c.closed)).where(_D.c.source_id == bindparam("source"))
# The words of the partial index, so that both databases use it.
_GONE_LATELY = (
    select(_E.c.id)
    .where(
        _E.c.source_id == bindparam("source"),
        text(schema.GONE),
        _E.c.opened.is_(None),
        _E.c.state_since >= bindparam("since", type_=Instant()),
    )
    .order_by(_E.c.state_since, _E.c.id)
)
# What may hold too many open entries has changed since it was published.
_CROWDED = (
    select(_E.c.source_id)
    .where(
        _E.c.opened.is_not(None),
        _E.c.source_id.in_(select(_S.c.id).where(_S.c.change > _S.c.published)),
    )
    .group_by(_E.c.source_id)
    .having(func.count() > ROOM)
)
_ENDED = select(_E.c.source_id).where(_E.c.opened < bindparam("month")).distinct()
_NAMES = select(_D.c.name).where(_D.c.source_id == bindparam("source"))
_CLOSE = update(_E).where(_E.c.id == bindparam("entry")).values(opened=None)
_COUNT_CHANGE = update(_S).where(_S.c.id == bindparam("source")).values(change=_S.c.change + 1)
_IS_WITHDRAWN = (
    select(_M.c.document)
    .join(_E, _E.c.id == _M.c.entry_id)
    .where(_M.c.document == _D.c.number, _E.c.state == EntryState.WITHDRAWN)
    .exists()
)
_DOCUMENTS = (
    select(_D, _IS_WITHDRAWN.label("is_withdrawn"))
    .where(_D.c.source_id == bindparam("source"))
    .order_by(_D.c.number)
)
_MEMBERS = (
    select(
        _E.c.id, _E.c.source_id, _E.c.first_seen, _E.c.state, _E.c.state_since,
        _R.c.number, _R.c.seen, _R.c.entry,
    )
    .join(_M, _M.c.entry_id == _E.c.id)
    .join(_R, and_(_R.c.entry_id == _M.c.entry_id, _R.c.number == _M.c.revision))
    .join(_D, _D.c.number == _M.c.document)
    .where(_D.c.source_id == bindparam("source"), _D.c.name == bindparam("name"))
    .order_by(_E.c.id)
)  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One closed part of a source's history. `name` is what it is called in addresses, `previous`
    the name of the one before it; `is_withdrawn` whether the operator took an entry in it down."""

    name: str
    closed: datetime
    entries: int
    previous: str | None
    is_withdrawn: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Closing:
    """A document to be closed: its name, and how many of the oldest open entries it takes."""

    name: str
    entries: int


def month_of(instant: datetime) -> str:
    """The month that an instant counts to, `2026-11`. In UTC: a source may move its zone."""
    return instant.astimezone(UTC).strftime("%Y-%m")


def plan_closing(
    opened: Sequence[datetime], now: datetime, *, taken: Collection[str], room: int = ROOM
) -> Iterator[Closing]:
    """The documents to close, for open entries in order. A month that is over is closed whole,
    in as many documents as it takes; of the current one only what there is no room for."""
    names = set(taken)
    for month, instants in groupby(opened, month_of):
        left = sum(1 for _ in instants)
        while left > room:
            yield _closing(month, room, names, is_last=False)
            left -= room
        if month < month_of(now):
            yield _closing(month, left, names, is_last=True)


def _closing(month: str, entries: int, names: set[str], *, is_last: bool) -> Closing:
    """The last document of a month has its name, those before it are numbered."""
    number = 1
    while (name := f"{month}.{number}") in names:
        number += 1
    name = month if is_last and month not in names else name
    names.add(name)
    return Closing(name=name, entries=entries)


def sources_to_close(
    connection: Connection, now: datetime, *, is_month_new: bool
) -> frozenset[str]:
    """The sources of which something must be closed."""
    found = set(connection.scalars(_CROWDED))
    if is_month_new:
        first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
        found.update(connection.scalars(_ENDED, {"month": first}))
    return frozenset(found)


def close_documents(connection: Connection, source_id: str, now: datetime) -> list[str]:
    """Close what is to be closed of a source; the names. Its feeds are behind then."""
    rows = connection.execute(_OPEN, {"source": source_id}).all()
    taken = list(connection.scalars(_NAMES, {"source": source_id}))
    closed, at = [], 0
    for plan in plan_closing([row.opened for row in rows], now, taken=taken):
        close_document(connection, source_id, plan, rows[at : at + plan.entries], now)
        closed.append(plan.name)
        at += plan.entries
    if closed:
        connection.execute(_COUNT_CHANGE, {"source": source_id})
    return closed


def close_document(
    connection: Connection, source_id: str, plan: Closing, rows: Sequence[AnyRow], now: datetime
) -> None:
    """Close one document over open entries. The event is enough to close it again: what was open
    then follows from what came before."""
    values = {"source_id": source_id, "name": plan.name, "closed": now, "entries": plan.entries}
    number = connection.execute(insert(_D).values(values).returning(_D.c.number)).scalar_one()
    members = [{"document": number, "entry_id": row.id, "revision": row.revision} for row in rows]
    connection.execute(insert(_M), members)
    connection.execute(_CLOSE, [{"entry": row.id} for row in rows])
    detail = {"name": plan.name, "entries": str(plan.entries)}
    record(connection, [Event(at=now, kind=CLOSED, source_id=source_id, detail=detail)])


def close_again(connection: Connection, source_id: str, plan: Closing, now: datetime) -> None:
    """Close a document that was closed then, of the entries that have been open longest."""
    rows = connection.execute(_OPEN, {"source": source_id}).all()
    close_document(connection, source_id, plan, rows[: plan.entries], now)


def documents_of(connection: Connection, source_id: str) -> list[Document]:
    """The documents of a source, the first closed first."""
    found: list[Document] = []
    for row in connection.execute(_DOCUMENTS, {"source": source_id}):
        document = Document(
            name=row.name,
            closed=row.closed,
            entries=row.entries,
            previous=found[-1].name if found else None,
            is_withdrawn=bool(row.is_withdrawn),
        )
        found.append(document)
    return found


def document_entries(connection: Connection, source_id: str, name: str) -> list[ArchivedEntry]:
    """The entries of a document as they stood when it was closed. Only a take-down reaches back."""
    keys = {"source": source_id, "name": name}
    return [_as_closed(row) for row in connection.execute(_MEMBERS, keys)]


def head_ids(connection: Connection, source_id: str) -> list[str]:
    """What a head tells besides its newest entries: those that no document holds as they are now,
    the longest open first; and what was gone shortly before the last document was closed. Only
    closing another one ends that, so that time alone changes no feed."""
    open_ = [row.id for row in connection.execute(_OPEN, {"source": source_id})]
    last = connection.scalar(_LAST, {"source": source_id})
    if last is None:
        return open_
    lately = {"source": source_id, "since": last - LATELY}
    return [*open_, *connection.scalars(_GONE_LATELY, lately)]


def _as_closed(row: AnyRow) -> ArchivedEntry:
    entry = decode_entry(row.entry)
    state = EntryState.RETRACTED if entry.is_retracted else EntryState.LIVE
    since = row.seen if entry.is_retracted else None
    if row.state == EntryState.WITHDRAWN:
        state, since = EntryState.WITHDRAWN, row.state_since
    return ArchivedEntry(
        id=row.id,
        source_id=row.source_id,
        entry=entry,
        revision=row.number,
        first_seen=row.first_seen,
        changed=row.seen,
        state=state,
        state_since=since,
    )

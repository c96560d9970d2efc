"""The log of what happened to sources and entries. Append-only: nothing here alters a row. Each
event carries the digest of the one before it (chain.py); what that proves is ledger.py's matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, text, update

from archive import schema
from archive.chain import GENESIS, LoggedEvent, link
from archive.model import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.schema import AnyRow

#: The fact that holds number and digest of the newest event: that it was taken away is seen, too.
HEAD = "events"

_E, _F = schema.events, schema.facts
_ADD = insert(_E)
_ALL = select(_E).order_by(_E.c.number.desc())
_FIND_HEAD = select(_F.c.value).where(_F.c.name == HEAD)
_SET_HEAD = update(_F).where(_F.c.name == HEAD).values(value=bindparam("head"))
_ADD_HEAD = insert(_F)
#: On PostgreSQL one transaction at a time may add to the log, until it ends. SQLite has one anyway.
_TURN = text(f"SELECT pg_advisory_xact_lock({int.from_bytes(b'kanl', 'big')}, hashtext('events'))")


def record(connection: Connection, events: Iterable[Event]) -> None:
    """Write events down, in order."""
    told = list(events)
    if not told:
        return
    if connection.dialect.name == "postgresql":
        connection.execute(_TURN)
    number, previous = find_head(connection)
    logged = list(link(told, number=number, previous=previous))
    connection.execute(_ADD, [row_of(each) for each in logged])
    newest = logged[-1]
    head = f"{newest.number} {newest.digest}"
    if not connection.execute(_SET_HEAD, {"head": head}).rowcount:
        connection.execute(_ADD_HEAD, {"name": HEAD, "value": head})


def find_head(connection: Connection) -> tuple[int, str]:
    """Number and digest of the newest event; 0 and the genesis where there is none."""
    value: str | None = connection.scalar(_FIND_HEAD)
    if value is None:
        return 0, GENESIS
    number, _, digest = value.partition(" ")
    return int(number), digest


def logged_of(row: AnyRow) -> LoggedEvent:
    """A row of the log as it is linked."""
    return LoggedEvent(
        number=row.number, event=_event_of(row), previous=row.previous, digest=row.digest
    )


def find_events(
    connection: Connection,
    *,
    source_id: str | None,
    entry_id: str | None,
    kinds: Collection[str],
    since: datetime | None,
    limit: int | None,
) -> list[Event]:
    """Events that fit every given condition, the newest first."""
    columns = schema.events.c
    query = _ALL.limit(limit)
    if source_id is not None:
        query = query.where(columns.source_id == source_id)
    if entry_id is not None:
        query = query.where(columns.entry_id == entry_id)
    if kinds:
        query = query.where(columns.kind.in_(kinds))
    if since is not None:
        query = query.where(columns.at >= since)
    return [_event_of(row) for row in connection.execute(query)]


def row_of(logged: LoggedEvent) -> dict[str, object]:
    """A link as a row of the log."""
    event = logged.event
    return {
        "number": logged.number,
        "at": event.at,
        "kind": event.kind,
        "source_id": event.source_id,
        "entry_id": event.entry_id,
        "detail": dict(event.detail),
        "previous": logged.previous,
        "digest": logged.digest,
    }


def _event_of(row: AnyRow) -> Event:
    return Event(
        at=row.at,
        kind=row.kind,
        source_id=row.source_id,
        entry_id=row.entry_id,
        detail=row.detail,
    )

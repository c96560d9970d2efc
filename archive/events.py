"""The log of what happened to sources and entries. Append-only: nothing here alters a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select

from archive import schema
from archive.model import Event

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime

    from sqlalchemy import Connection

_ADD = insert(schema.events)
_ALL = select(schema.events).order_by(schema.events.c.number.desc())


def record(connection: Connection, events: Iterable[Event]) -> None:
    """Write events down, in order."""
    rows = [
        {
            "at": event.at,
            "kind": event.kind,
            "source_id": event.source_id,
            "entry_id": event.entry_id,
            "detail": dict(event.detail),
        }
        for event in events
    ]
    if rows:
        connection.execute(_ADD, rows)


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
    return [
        Event(
            at=row.at,
            kind=row.kind,
            source_id=row.source_id,
            entry_id=row.entry_id,
            detail=row.detail,
        )
        for row in connection.execute(query)
    ]

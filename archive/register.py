"""Which sources there are and how they stand: their files, pauses, and what of them changed for
readers. The files themselves are read by sources.read."""

from __future__ import annotations

import hashlib
from dataclasses import fields
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy import bindparam, case, delete, insert, literal, select, text, update

from archive import schema
from archive.columns import Instant
from archive.elsewhere import tell_neighbours_of_source
from archive.events import record
from archive.model import ChangedSource, Event, SourceStatus
from archive.polls import read_poll
from foundation.errors import StoreError
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.schema import AnyRow

_S, _P, _L = schema.sources, schema.polls, schema.lists

# Where the file lies says nothing about the journal.
_SAID = tuple(field.name for field in fields(Source) if field.name != "file")

_ALL = select(_S.c.id, _S.c.digest, _S.c.title, _S.c.is_present, _S.c.paused, _S.c.retired)
_ADD = insert(_S)
_ALTER = update(_S).where(_S.c.id == bindparam("source"))
_FORGET_LISTS = delete(_L).where(_L.c.source_id == bindparam("source"))
_STANDING = select(
    _S.c.id, _S.c.host, _S.c.due, _S.c.entries, _S.c.failures, _S.c.paused, _S.c.retired,
    _S.c.is_present, _S.c.last_new, *_P.c,
).outerjoin(_P, _P.c.number == _S.c.last_poll).order_by(_S.c.id)  # fmt: skip
# The words of the partial index, so that both databases use it.
_CHANGED = select(_S.c.id, _S.c.change).where(text("change > published")).order_by(_S.c.id)
_RETIRED = select(_S.c.id).where(_S.c.retired < bindparam("instant", type_=Instant()))
_PUBLISHED = (
    update(_S)
    .where(_S.c.id == bindparam("source"), _S.c.published < bindparam("shown"))
    .values(published=bindparam("shown"))
)


def host_of(source: Source) -> str:
    """The host whose patience a poll of this source asks for, without port: it is one machine."""
    addresses = (*source.lists, source.feed, source.homepage)
    return next((urlsplit(url).hostname or "" for url in addresses if url), "").lower()


def digest_of(source: Source) -> str:
    """Of everything that a source's file says."""
    said = repr([getattr(source, name) for name in _SAID])
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()


def sync_sources(
    connection: Connection,
    sources: Sequence[Source],
    now: datetime,
    *,
    present: Collection[str] | None,
) -> None:
    """Make the register agree with these files. `present` are all ids that have one, where that
    is known: the other sources rest.

    A new source, and one whose file says something else now, is due at once; what was known of
    its lists is forgotten, because the new rules may find more on the same bytes.
    """
    rows = {row.id: row for row in connection.execute(_ALL)}
    told: list[Event] = []
    added = [source for source in sources if source.id not in rows]
    if added:
        connection.execute(_ADD, [_row(source) | {"id": source.id, "due": now} for source in added])
        told += [_described(source, "source-added", now) for source in added]
    for source in sources:
        row = rows.get(source.id)
        if row is None:
            continue
        if not (row.is_present and row.digest == digest_of(source)):
            told.append(_renew(connection, source, row, now))
        if row.title != source.title:
            _rename(connection, source)
    if present is not None:
        told += _lay_aside(connection, rows.values(), present, now)
    record(connection, told)


def pause(connection: Connection, source_id: str, now: datetime, why: str) -> None:
    """Not polled until resumed."""
    _alter(connection, source_id, paused=now, due=None)
    _tell(connection, source_id, "source-paused", now, why)


def resume(connection: Connection, source_id: str, now: datetime, why: str) -> None:
    """Polled again, from now on; a retirement is taken back too. Without its file it rests on."""
    due = case((_S.c.is_present, literal(now, _S.c.due.type)))
    _alter(connection, source_id, paused=None, retired=None, due=due)
    _tell(connection, source_id, "source-resumed", now, why)


def retire(connection: Connection, source_id: str, now: datetime, why: str) -> None:
    """Not followed any more. Entries, feeds and id stay."""
    _alter(connection, source_id, retired=now, due=None)
    _tell(connection, source_id, "source-retired", now, why)


def retired_before(connection: Connection, instant: datetime) -> set[str]:
    """The ids of the sources that were retired before then."""
    return set(connection.scalars(_RETIRED, {"instant": instant}))


def changed_sources(connection: Connection) -> list[ChangedSource]:
    """The sources whose feeds are behind, also after a crash between keeping and publishing."""
    return [
        ChangedSource(source_id=row.id, change=row.change) for row in connection.execute(_CHANGED)
    ]


def mark_published(connection: Connection, changes: Mapping[str, int]) -> None:
    """The feeds show the archive as it was at these counts; what changed since is still behind."""
    rows = [{"source": source_id, "shown": change} for source_id, change in changes.items()]
    connection.execute(_PUBLISHED, rows)


def statuses(connection: Connection, source_id: str | None) -> list[SourceStatus]:
    """How sources stand, by id."""
    query = _STANDING if source_id is None else _STANDING.where(_S.c.id == source_id)
    return [_status(row) for row in connection.execute(query)]


def unknown_source(source_id: str) -> StoreError:
    """What to say about an id that the store does not have."""
    return StoreError(
        f"{source_id}: no such source in the store. Next: see kanliu status for the known ones, "
        "or kanliu check if its file is new."
    )


def _renew(connection: Connection, source: Source, row: AnyRow, now: datetime) -> Event:
    is_resting = row.paused is not None or row.retired is not None
    connection.execute(_FORGET_LISTS, {"source": source.id})
    connection.execute(
        _ALTER.values(change=_S.c.change + 1),
        {"source": source.id, **_row(source), "due": None if is_resting else now},
    )
    return _described(source, "source-changed" if row.is_present else "source-returned", now)


def _described(source: Source, kind: str, now: datetime) -> Event:
    """An event that says what the register holds of a source, so that it can be made again."""
    row = _row(source)
    detail = {name: str(row[name]) for name in ("title", "host", "zone", "digest")}
    return Event(at=now, kind=kind, source_id=source.id, detail=detail)


def _rename(connection: Connection, source: Source) -> None:
    tell_neighbours_of_source(connection, source.id)
    connection.execute(_ALTER, {"source": source.id, "title": source.title})


def _lay_aside(
    connection: Connection, rows: Iterable[AnyRow], present: Collection[str], now: datetime
) -> list[Event]:
    gone = [row.id for row in rows if row.is_present and row.id not in present]
    for source_id in gone:
        connection.execute(_ALTER, {"source": source_id, "is_present": False, "due": None})
    return [Event(at=now, kind="source-absent", source_id=source_id) for source_id in gone]


def _row(source: Source) -> dict[str, object]:
    return {
        "host": host_of(source),
        "zone": source.zone,
        "title": source.title,
        "digest": digest_of(source),
        "is_present": True,
    }


def _alter(connection: Connection, source_id: str, **values: object) -> None:
    if not connection.execute(_ALTER.values(**values), {"source": source_id}).rowcount:
        raise unknown_source(source_id)


def _tell(connection: Connection, source_id: str, kind: str, now: datetime, why: str) -> None:
    record(connection, [Event(at=now, kind=kind, source_id=source_id, detail={"why": why})])


def _status(row: AnyRow) -> SourceStatus:
    return SourceStatus(
        source_id=row.id,
        host=row.host,
        due=row.due,
        entries=row.entries,
        failures=row.failures,
        paused=row.paused is not None,
        retired=row.retired,
        last_poll=read_poll(row) if row.number is not None else None,
        last_new=row.last_new,
        is_present=row.is_present,
    )

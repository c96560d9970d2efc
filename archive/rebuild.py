"""The database made again from the archive's own files: WARC files and packages, and nothing else.

What a visit or a start makes anew (polls, profiles, what hubs were told) is not rebuilt: the first
visit finds every article known, and asks for each list once without conditions. What pages lack of
their requisites is (owed.py).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from archive import owed, schema
from archive.chain import GENESIS
from archive.comparison import find_unlike
from archive.contents import open_contents
from archive.database import open_database
from archive.events import HEAD, find_head, row_of
from archive.identity import choose_authority, mint
from archive.ledger import TOLD
from archive.replay import Counts, Replay
from archive.requisites import find_had
from archive.scratch import open_scratch
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from archive.chain import LoggedEvent
    from archive.comparison import Unlike
    from archive.contents import Contents
    from archive.database import Database
    from archive.model import Event
    from archive.order import Order, Thing
    from archive.schema import AnyRow
    from sources.model import Source

#: So many things are one transaction: one wait for the disk.
_AT_ONCE = 200
#: What is told anew by whatever is done again. The log of the files must say the same of it.
_TOLD_AGAIN = frozenset(
    {
        *("entry-new", "entry-revised", "entry-reread", "entry-corrected", "correction-undone"),
        *("title-changed", "date-changed", "notice-changed"),
        *("entry-retracted", "retraction-lifted", "entry-reappeared"),
        *(
            "page-added",
            "found-elsewhere",
            "no-longer-elsewhere",
            "correction-questioned",
            "history-closed",
        ),
    }
)

_COUNTS = "CREATE TABLE counts (event TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID"
_COUNT = """INSERT INTO counts VALUES (?, ?)
    ON CONFLICT DO UPDATE SET times = times + excluded.times"""

_F, _S, _E, _V = schema.facts, schema.sources, schema.entries, schema.events


@dataclass(frozen=True, kw_only=True, slots=True)
class Rebuilt:
    """What came of it. `lost` says in words what the files have and cannot be used; `otherwise`
    what did not come out as the files' own log tells it."""

    files: int
    entries: int
    revisions: int
    events: int
    counts: Counts
    lost: tuple[str, ...]
    otherwise: tuple[str, ...]


def rebuild(
    warc: Path,
    url: str,
    *,
    now: datetime,
    sources: Mapping[str, Source] | None = None,
    tell: Callable[[str, int, int], None] | None = None,
) -> Rebuilt:
    """Fill the empty database at this URL. `sources` are the operator's files, for what older
    releases did not write down; `tell` is given what is being done, how much of it is done, and
    how much there is.

    Raises:
        StoreError: the database is not empty, or refused; or the files hold nothing.
    """
    say = tell or (lambda what, done, all_: None)
    with open_contents(warc, tell=partial(say, "reading")) as contents:
        if not contents.order.count():
            raise StoreError(
                f"{warc}: no file there tells of anything. Next: name the data directory whose "
                "files the database is to be made of (--data)"
            )
        database = open_database(url)
        try:
            database.migrate()
            tell_kept = partial(say, "keeping")
            return _fill(database, contents, warc.parent, now, sources or {}, tell_kept)
        finally:
            database.close()


def compare(old_url: str, new_url: str) -> tuple[Unlike, ...]:
    """Where a rebuilt database differs from the one before it.

    Raises:
        StoreError: one of them cannot be read.
    """
    old, new = open_database(old_url), open_database(new_url)
    try:
        old.migrate()
        return tuple(find_unlike(old, new))
    finally:
        old.close()
        new.close()


def _fill(
    database: Database,
    contents: Contents,
    data: Path,
    now: datetime,
    sources: Mapping[str, Source],
    tell: Callable[[int, int], None],
) -> Rebuilt:
    with database.writing() as connection:
        if connection.scalar(select(func.count()).select_from(_V)):
            raise StoreError(
                f"{database.name}: is not empty, and a rebuild overwrites nothing. Next: name "
                "another database, or move this one away"
            )
        authority, minted = contents.ids or (choose_authority(None), now.date().isoformat())
        _settle(connection, authority, minted)
    replay = Replay(contents, data, partial(mint, authority, minted), sources)
    order, all_, done = contents.order, contents.order.count(), 0
    for done in _replay(database, replay, order.early()):
        tell(done, all_)
    otherwise: tuple[str, ...] = ()
    if order.has_log():
        with database.writing() as connection:
            otherwise = tuple(_otherwise(connection, order))
            _put_log(connection, order.events())
    for more in _replay(database, replay, order.late()):
        tell(done + more, all_)
    with database.writing() as connection:
        _settle_owed(connection, data, now)
        _wake(connection, now)
        return Rebuilt(
            files=contents.files,
            entries=_count(connection, _E),
            revisions=_count(connection, schema.revisions),
            events=_count(connection, _V),
            counts=replay.counts,
            lost=(*contents.lost, *replay.counts.lost),
            otherwise=otherwise,
        )


def _replay(database: Database, replay: Replay, things: Iterator[Thing]) -> Iterator[int]:
    """Do things again, in their order; how many are done."""
    done = 0
    while some := tuple(islice(things, _AT_ONCE)):
        with database.writing() as connection:
            for thing in some:
                replay.do(connection, thing)
        done += len(some)
        yield done


def _settle(connection: Connection, authority: str, minted: str) -> None:
    """What every entry id is made of, as at the first start."""
    known = set(connection.scalars(select(_F.c.name)))
    rows = {"authority": authority, "minted": minted}
    added = [{"name": name, "value": rows[name]} for name in rows if name not in known]
    if added:
        connection.execute(insert(_F), added)


def _otherwise(connection: Connection, order: Order) -> Iterator[str]:
    """What was told now and not in the files, or the other way round."""
    query = select(_V.c.kind, _V.c.source_id, _V.c.entry_id, _V.c.at).where(
        _V.c.kind.in_(_TOLD_AGAIN)
    )
    rows = connection.execute(query.execution_options(yield_per=_AT_ONCE))
    written = (logged.event for logged in order.events() if logged.event.kind in _TOLD_AGAIN)
    with open_scratch(_COUNTS) as scratch:
        scratch.executemany(_COUNT, ((_counted(row), 1) for row in rows))
        scratch.executemany(_COUNT, ((_counted(event), -1) for event in written))
        found = scratch.execute("SELECT event, times FROM counts WHERE times <> 0")
        unlike = sorted((tuple(json.loads(event)), times) for event, times in found)
    for what, sign in (("was not told then", 1), ("is not so now", -1)):
        for (kind, source_id, entry_id, at), number in unlike:
            if number * sign > 0:
                times = f"{abs(number)} times " if abs(number) > 1 else ""
                yield f"{kind} of {entry_id or source_id} at {at} {times}{what}"


def _counted(event: Event | AnyRow) -> str:
    """What of an event is told again: not its words."""
    at = event.at.astimezone(UTC).isoformat()
    return json.dumps([event.kind, event.source_id or "", event.entry_id or "", at])


def _put_log(connection: Connection, events: Iterator[LoggedEvent]) -> None:
    """The log of the files, link by link, in the place of what was told again."""
    connection.execute(delete(_V))
    number, digest = 0, GENESIS
    while some := tuple(islice(events, _AT_ONCE)):
        connection.execute(insert(_V), [row_of(each) for each in some])
        number, digest = some[-1].number, some[-1].digest
    _put_fact(connection, HEAD, f"{number} {digest}")
    _put_fact(connection, TOLD, str(number))
    assert find_head(connection) == (number, digest)


def _put_fact(connection: Connection, name: str, value: str) -> None:
    if not connection.execute(update(_F).where(_F.c.name == name).values(value=value)).rowcount:
        connection.execute(insert(_F), {"name": name, "value": value})


def _settle_owed(connection: Connection, data: Path, now: datetime) -> None:
    """Every page that was kept again names its requisites; those that the files have are not owed.
    Files of months of which nothing can be owed any more are not read."""
    owed.give_up(connection, now)
    oldest = owed.find_oldest(connection)
    if oldest is not None:
        owed.settle_rebuilt(connection, find_had(data / "warc", oldest))


def _wake(connection: Connection, now: datetime) -> None:
    """Sources that are followed are due, and their feeds are behind: nothing is known of either."""
    is_awake = (_S.c.is_present, _S.c.paused.is_(None), _S.c.retired.is_(None))
    connection.execute(update(_S).where(*is_awake).values(due=now))
    connection.execute(update(_S).values(change=_S.c.change + 1, published=0))


def _count(connection: Connection, table: object) -> int:
    return connection.scalar(select(func.count()).select_from(table)) or 0  # type: ignore[arg-type]

"""The database made again from the archive's own files: WARC files and packages, and nothing else.

What a visit or a start makes anew (polls, profiles, what hubs were told) is not rebuilt: the first
visit finds every article known, and asks for each list once without conditions. What pages lack of
their requisites is (owed.py).
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import delete, func, insert, select, update

from archive import owed, schema
from archive.comparison import find_unlike
from archive.contents import read_contents
from archive.database import open_database
from archive.events import HEAD, find_head
from archive.identity import choose_authority, mint
from archive.ledger import TOLD
from archive.replay import Counts, Replay
from archive.requisites import find_had
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from sqlalchemy import Connection

    from archive.chain import LoggedEvent
    from archive.comparison import Unlike
    from archive.contents import Contents, Thing
    from archive.database import Database
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
    contents = read_contents(warc, tell=partial(say, "reading"))
    if not contents.things:
        raise StoreError(
            f"{warc}: no file there tells of anything. Next: name the data directory whose files "
            "the database is to be made of (--data)"
        )
    database = open_database(url)
    try:
        database.migrate()
        return _fill(database, contents, warc.parent, now, sources or {}, partial(say, "keeping"))
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
    early = [thing for thing in contents.things if not thing.is_late]
    late = [thing for thing in contents.things if thing.is_late]
    for done in _replay(database, replay, early):
        tell(done, len(contents.things))
    with database.writing() as connection:
        otherwise = tuple(_otherwise(connection, contents.events)) if contents.events else ()
        if contents.events:
            _put_log(connection, contents.events)
    for done in _replay(database, replay, late):
        tell(len(early) + done, len(contents.things))
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


def _replay(database: Database, replay: Replay, things: Sequence[Thing]) -> Iterator[int]:
    """Do things again, in their order; how many are done."""
    for start in range(0, len(things), _AT_ONCE):
        with database.writing() as connection:
            for thing in things[start : start + _AT_ONCE]:
                replay.do(connection, thing)
        yield min(start + _AT_ONCE, len(things))


def _settle(connection: Connection, authority: str, minted: str) -> None:
    """What every entry id is made of, as at the first start."""
    known = set(connection.scalars(select(_F.c.name)))
    rows = {"authority": authority, "minted": minted}
    added = [{"name": name, "value": rows[name]} for name in rows if name not in known]
    if added:
        connection.execute(insert(_F), added)


def _otherwise(connection: Connection, events: Sequence[LoggedEvent]) -> Iterator[str]:
    """What was told now and not in the files, or the other way round."""
    columns = (_V.c.kind, _V.c.source_id, _V.c.entry_id, _V.c.at)
    told = Counter(
        (row.kind, row.source_id, row.entry_id, row.at)
        for row in connection.execute(select(*columns))
        if row.kind in _TOLD_AGAIN
    )
    written = Counter(
        (each.event.kind, each.event.source_id, each.event.entry_id, each.event.at)
        for each in events
        if each.event.kind in _TOLD_AGAIN
    )
    for what, more in (("was not told then", told - written), ("is not so now", written - told)):
        for (kind, source_id, entry_id, at), number in sorted(more.items(), key=repr):
            times = f"{number} times " if number > 1 else ""
            yield f"{kind} of {entry_id or source_id} at {at.isoformat()} {times}{what}"


def _put_log(connection: Connection, events: Sequence[LoggedEvent]) -> None:
    """The log of the files, link by link, in the place of what was told again."""
    connection.execute(delete(_V))
    for start in range(0, len(events), _AT_ONCE):
        rows = [
            {
                "number": each.number,
                "at": each.event.at,
                "kind": each.event.kind,
                "source_id": each.event.source_id,
                "entry_id": each.event.entry_id,
                "detail": dict(each.event.detail),
                "previous": each.previous,
                "digest": each.digest,
            }
            for each in events[start : start + _AT_ONCE]
        ]
        connection.execute(insert(_V), rows)
    newest = events[-1]
    _put_fact(connection, HEAD, f"{newest.number} {newest.digest}")
    _put_fact(connection, TOLD, str(newest.number))
    assert find_head(connection) == (newest.number, newest.digest)


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

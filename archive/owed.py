"""What kept pages still lack of their requisites: asked for again at the next visits, until it came
or was given up. Each method of `Owed` is one transaction; asks nobody, which crawler.gather does.

A page's row is written in the transaction that keeps its article, so a crash can come at any time,
and goes away with the last file that is awaited. The list of what a page names stands in its
metadata record too: from that, and from the requisites that the files have, `settle_rebuilt` makes
the rows again (docs/decisions/2026-11-26-what-a-page-still-lacks.md).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, delete, exists, func, insert, select, update

from archive import schema
from archive.coding import decode, encode
from archive.model import EntryState
from archive.packages import wacz
from archive.packages.address_key import address_key

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.database import Database
    from archive.model import Sighting
    from archive.schema import AnyRow

#: What was not had in this time is given up: what is served there later may be another picture.
OWED_MOST = timedelta(days=30)
#: As many names as one query takes.
_AT_ONCE = 500

_O, _C, _E = schema.owed, schema.captures, schema.entries
# Keeping a sighting twice owes its files once.
_OWE = insert(_O).from_select(
    [column.name for column in _O.columns],
    select(*(bindparam(column.name, type_=column.type) for column in _O.columns)).where(
        ~exists().where(_O.c.page == bindparam("page", type_=_O.c.page.type))
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Awaited:
    """A file that a page lacks. `tries` were made and got no answer; the next not before then."""

    url: str
    is_sheet: bool = False
    tries: int = 0
    retry_at: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Owing:
    """A captured page and what it lacks. `taken` are its files that were asked for, and count
    towards the limit with `size_bytes`; `since` is when the page was captured, `is_sealed` whether
    it stands in a package already."""

    page: str
    source_id: str
    url: str
    since: datetime
    awaited: tuple[Awaited, ...]
    taken: int = 0
    size_bytes: int = 0
    is_sealed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Had:
    """A requisite that is captured: whose, for which page, from where, when, and how large."""

    source_id: str
    page: str
    url: str
    month: str
    size_bytes: int


class Owed:
    """What is owed to pages, by the id of their captures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def sources(self) -> set[str]:
        """The ids of sources whose pages lack something."""
        with self._database.reading() as connection:
            return set(connection.scalars(select(_O.c.source_id).distinct()))

    def of(self, source_id: str, now: datetime) -> list[Owing]:
        """What is owed to a source's pages, those that wait longest first. What is owed for too
        long is given up; what was taken down rests."""
        query = (
            select(_O, _C.c.file)
            .join(_C, _C.c.id == _O.c.page)
            .join(_E, _E.c.id == _C.c.entry_id)
            .where(_O.c.source_id == source_id, _E.c.state != EntryState.WITHDRAWN)
            .order_by(_O.c.since, _O.c.page)
        )
        with self._database.writing(turn=source_id) as connection:
            give_up(connection, now)
            return [
                replace(_owing(row), is_sealed=row.file.endswith(wacz.SUFFIX))
                for row in connection.execute(query)
            ]

    def keep(self, *owings: Owing) -> None:
        """Write down what pages lack now; nothing, where nothing is awaited any more."""
        with self._database.writing(turn="owed") as connection:
            for owing in owings:
                _write(connection, owing)

    def count(self, pages: Collection[str]) -> int:
        """How many files the pages of these captures lack."""
        with self._database.reading() as connection:
            return count_of(connection, pages)


def count_of(connection: Connection, pages: Collection[str]) -> int:
    """How many files the pages of these captures lack."""
    ids, found = sorted(pages), 0
    for start in range(0, len(ids), _AT_ONCE):
        some = ids[start : start + _AT_ONCE]
        found += connection.scalar(select(func.sum(_O.c.files)).where(_O.c.page.in_(some))) or 0
    return found


def owe(connection: Connection, sighting: Sighting) -> None:
    """A new or revised article's page was captured, and nothing of what it names."""
    if not sighting.requisites:
        return
    owing = Owing(
        page=sighting.capture.id,
        source_id=sighting.source_id,
        url=sighting.capture.url,
        since=sighting.capture.seen,
        awaited=tuple(
            Awaited(url=each.url, is_sheet=each.is_sheet) for each in sighting.requisites
        ),
    )
    connection.execute(_OWE, {"page": owing.page, **_columns(owing)})


def give_up(connection: Connection, now: datetime) -> None:
    """What is owed for too long is owed no more."""
    connection.execute(delete(_O).where(_O.c.since <= now - OWED_MOST))


def settle_rebuilt(connection: Connection, had: Iterable[Had]) -> None:
    """After all was kept again: nothing is owed but what the files do not have. A file that another
    page of the same source and month has counts as had, as it does every day."""
    own: dict[str, list[Had]] = {}
    months: dict[tuple[str, str], set[str]] = {}
    for each in had:
        own.setdefault(each.page, []).append(each)
        months.setdefault((each.source_id, each.month), set()).add(address_key(each.url))
    for row in connection.execute(select(_O)).all():
        owing = _owing(row)
        mine = own.get(owing.page, [])
        there = {address_key(each.url) for each in mine}
        there |= months.get((owing.source_id, f"{owing.since:%Y-%m}"), set())
        rest = replace(
            owing,
            awaited=tuple(each for each in owing.awaited if address_key(each.url) not in there),
            taken=len(mine),
            size_bytes=sum(each.size_bytes for each in mine),
        )
        _write(connection, rest)


def find_oldest(connection: Connection) -> datetime | None:
    """When the first of the pages was captured that lack something."""
    oldest: datetime | None = connection.scalar(select(_O.c.since).order_by(_O.c.since).limit(1))
    return oldest


def _write(connection: Connection, owing: Owing) -> None:
    of_page = _O.c.page == owing.page
    if owing.awaited:
        connection.execute(update(_O).where(of_page).values(**_columns(owing)))
    else:
        connection.execute(delete(_O).where(of_page))


def _columns(owing: Owing) -> dict[str, Any]:
    awaited: Sequence[Any] = [encode(each) for each in owing.awaited]
    return {
        "source_id": owing.source_id,
        "url": owing.url,
        "since": owing.since,
        "taken": owing.taken,
        "size_bytes": owing.size_bytes,
        "files": len(owing.awaited),
        "awaited": awaited,
    }


def _owing(row: AnyRow) -> Owing:
    return Owing(
        page=row.page,
        source_id=row.source_id,
        url=row.url,
        since=row.since,
        awaited=tuple(decode(Awaited, each) for each in row.awaited),
        taken=row.taken,
        size_bytes=row.size_bytes,
    )

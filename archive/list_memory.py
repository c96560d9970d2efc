"""What list pages showed, remembered file by file, so that no file is read for it twice. Each
method is one transaction. What a page means is the crawler's matter: this keeps what it was told.

A file is known by name, size and time; what is said of it counts until one of them is another.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy import and_, bindparam, delete, exists, func, insert, select, update

from archive import issue_tables
from archive.coding import write_json
from archive.completeness import Contents, Row
from archive.issue import Issue
from archive.issue_parameters import find_parameters

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.database import Database
    from archive.list_pages import ListPlace

_F, _P, _C, _R = (
    issue_tables.list_files,
    issue_tables.list_pages,
    issue_tables.list_contents,
    issue_tables.issue_reports,
)
#: Who writes here takes this turn.
_TURN = "lists"

_ORPHANS = delete(_C).where(
    ~exists().where(_P.c.source_id == _C.c.source_id, _P.c.contents == _C.c.digest)
)
_PUT = (
    update(_P)
    .where(_P.c.file == bindparam("of"), _P.c.offset == bindparam("at"))
    .values(rules=bindparam("by"), contents=bindparam("said"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownFile:
    """A file as it was read. `modified` is its time on the disk, in nanoseconds; `digest` None
    while it is being written; `broken` counts what is no whole record."""

    file: str
    size_bytes: int
    modified: int
    digest: str | None
    broken: int


class Place(NamedTuple):
    """Where a list page stands, and whose it is."""

    file: str
    offset: int
    source_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ReadPage:
    """What a list page showed by some rules; None where nothing could be read of it."""

    place: Place
    rules: str
    contents: Contents | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Captured:
    """What was captured of a source's lists: how many pages, when the first and the last was seen,
    and of how many nothing could be read."""

    pages: int = 0
    first: datetime | None = None
    last: datetime | None = None
    unread: int = 0


class ListMemory:
    """`store.lists`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def files(self) -> dict[str, KnownFile]:
        """What was read, by name."""
        with self._database.reading() as connection:
            return {row.file: KnownFile(**row._mapping) for row in connection.execute(select(_F))}

    def broken(self) -> int:
        """How many stretches of all files are no whole records."""
        with self._database.reading() as connection:
            return connection.scalar(select(func.sum(_F.c.broken))) or 0

    def keep(self, file: KnownFile, pages: Sequence[ListPlace], *, is_anew: bool) -> None:
        """These list pages were found in a file, from its beginning (`is_anew`) or on from where
        it was known to. They are to be read yet."""
        with self._database.writing(turn=_TURN) as connection:
            if is_anew:
                _forget(connection, [file.file])
            else:
                connection.execute(delete(_F).where(_F.c.file == file.file))
            row = {name: getattr(file, name) for name in KnownFile.__slots__}
            connection.execute(insert(_F), row)
            if pages:
                connection.execute(insert(_P), [_page_row(file.file, page) for page in pages])
            _outdate(connection, {page.source_id for page in pages})

    def forget(self, files: Collection[str]) -> None:
        """These files are there no more."""
        if files:
            with self._database.writing(turn=_TURN) as connection:
                _forget(connection, files)
                connection.execute(_ORPHANS)

    def stale(self, rules: Mapping[str, str], limit: int) -> list[Place]:
        """Some pages that were read by other rules than those which these sources have now, or not
        yet, as they stand in the files."""
        read_by = select(_P.c.source_id, _P.c.rules).distinct()
        with self._database.reading() as connection:
            old = [
                and_(_P.c.source_id == row.source_id, _P.c.rules == row.rules)
                for row in connection.execute(read_by)
                if row.rules != rules.get(row.source_id, row.rules)
            ]
            if not old:
                return []
            query = select(_P.c.file, _P.c.offset, _P.c.source_id).where(old[0]).limit(limit)
            return sorted(Place(*row) for row in connection.execute(query))

    def leave(self, place: Place, rules: str) -> None:
        """A page cannot be read again: what it showed when it could be stays."""
        at = and_(_P.c.file == place.file, _P.c.offset == place.offset)
        with self._database.writing(turn=_TURN) as connection:
            connection.execute(update(_P).where(at).values(rules=rules))

    def put(self, pages: Sequence[ReadPage]) -> None:
        """Known pages were read."""
        with self._database.writing(turn=_TURN) as connection:
            rows = [
                {
                    "of": page.place.file,
                    "at": page.place.offset,
                    "by": page.rules,
                    "said": _put_contents(connection, page),
                }
                for page in pages
            ]
            if rows:
                connection.execute(_PUT, rows)
                connection.execute(_ORPHANS)
            _outdate(connection, {page.place.source_id for page in pages})

    def contents(self, source_id: str) -> list[Contents]:
        """What the lists of a source showed: the same rows at one address once, when they were
        shown last."""
        seen = func.max(_P.c.seen, type_=_P.c.seen.type).label("seen")
        shown = (
            select(_P.c.url, _P.c.contents, seen)
            .where(_P.c.source_id == source_id, _P.c.contents.is_not(None))
            .group_by(_P.c.url, _P.c.contents)
        )
        query = select(_C.c.digest, _C.c.rows, _C.c.parameters).where(_C.c.source_id == source_id)
        with self._database.reading() as connection:
            said = {row.digest: row for row in connection.execute(query)}
            return [
                Contents(
                    url=row.url,
                    seen=row.seen,
                    rows=tuple(map(_read_row, said[row.contents].rows)),
                    parameters=find_parameters(said[row.contents].parameters or ""),
                )
                for row in connection.execute(shown)
            ]

    def captured(self, source_id: str) -> Captured:
        """How much there is of a source's lists; a page that two files have is one."""
        first, last = func.min(_P.c.seen), func.max(_P.c.seen)
        query = select(
            func.count(_P.c.id.distinct()).label("pages"),
            first.label("first"),
            last.label("last"),
            func.count(_P.c.id.distinct()).filter(_P.c.contents.is_(None)).label("unread"),
        ).where(_P.c.source_id == source_id)
        with self._database.reading() as connection:
            return Captured(**connection.execute(query).one()._mapping)


def _forget(connection: Connection, files: Collection[str]) -> None:
    for file in files:
        of = select(_P.c.source_id).where(_P.c.file == file).distinct()
        _outdate(connection, set(connection.scalars(of)))
        connection.execute(delete(_P).where(_P.c.file == file))
        connection.execute(delete(_F).where(_F.c.file == file))


def _outdate(connection: Connection, source_ids: Collection[str]) -> None:
    """What was found of these sources' issues is to be found again."""
    for source_id in source_ids:
        connection.execute(update(_R).where(_R.c.source_id == source_id).values(basis=""))


def _put_contents(connection: Connection, page: ReadPage) -> str | None:
    """The digest of what a page showed, which stands in the table then."""
    if page.contents is None:
        return None
    rows = [_row(row) for row in page.contents.rows]
    line = page.contents.parameters.text if page.contents.parameters else None
    text = write_json([rows, line])
    digest = hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
    key = {"source_id": page.place.source_id, "digest": digest}
    known = select(_C.c.digest).where(and_(*(_C.c[name] == key[name] for name in key)))
    if connection.scalar(known) is None:
        connection.execute(insert(_C), {**key, "rows": rows, "parameters": line})
    return digest


def _page_row(file: str, page: ListPlace) -> dict[str, Any]:
    names = ("id", "offset", "source_id", "url", "seen")
    return {**{name: getattr(page, name) for name in names}, "file": file, "rules": ""}


def _row(row: Row) -> list[Any]:
    """A row as a list, as short as can be: there are many of them."""
    issue = [row.issue.year, row.issue.volume, row.issue.number] if row.issue else None
    said: list[Any] = [row.url, row.title, issue, row.link]
    while said[-1] is None:
        said.pop()
    return said


def _read_row(said: Sequence[Any]) -> Row:
    url, title, issue, link = [*said, None, None, None][:4]
    return Row(url=url, title=title, issue=_read_issue(issue) if issue else None, link=link)


def _read_issue(said: Sequence[Any]) -> Issue:
    year, volume, number = said
    return Issue(year=year, volume=volume, number=number)

"""What is watched over: sealed packages, and each file with its copies and when it was checked
last. Each method is one transaction. Opens no file: packages/ and fixity.py do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from archive import events, holding_tables, schema
from archive.coding import decode_entry
from archive.identity import address_key
from archive.model import EntryState
from archive.packages.plan import Shelfmark, Tree

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from archive.database import Database
    from archive.model import Event, ReprintNotice
    from archive.schema import AnyRow

_C, _E, _R, _L = schema.captures, schema.entries, schema.revisions, schema.locations
_P, _H, _T = holding_tables.packages, holding_tables.holdings, holding_tables.late

#: The place of what lies in the data directory itself.
HERE = ""
#: As many names as one query takes.
_AT_ONCE = 500

_MOVE = (
    update(_C)
    .where(_C.c.id == bindparam("moved"))
    .values(file=bindparam("into"), offset=bindparam("at"))
)
_NOTICES = select(_E.c.id, _E.c.state, _R.c.entry).join(
    _R, and_(_R.c.entry_id == _E.c.id, _R.c.number == _E.c.revision)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A sealed package and in which tree it lies; `file` is its path below the data directory."""

    mark: Shelfmark
    tree: Tree
    records: int
    pages: int
    sealed: datetime

    @property
    def file(self) -> str:
        """Its path below the data directory, or below a place of copies."""
        return self.mark.file(self.tree)


@dataclass(frozen=True, kw_only=True, slots=True)
class Holding:
    """A file in one place. `digest` is None in a WARC file that was never read as a whole, `fault`
    what the last check found wrong."""

    place: str
    file: str
    digest: str | None
    size_bytes: int
    added: datetime
    checked: datetime | None = None
    fault: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What an article says on re-publishing now, and what became of it."""

    notice: ReprintNotice | None
    state: EntryState


class Holdings:
    """Packages, files and their copies."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # Packages

    def packages(self, source_id: str | None = None) -> list[Package]:
        """Every package, or those of a source, by shelfmark."""
        query = select(_P).order_by(_P.c.source_id, _P.c.month, _P.c.number)
        if source_id is not None:
            query = query.where(_P.c.source_id == source_id)
        with self._database.reading() as connection:
            return [_package(row) for row in connection.execute(query)]

    def seal(
        self,
        package: Package,
        holding: Holding,
        offsets: Mapping[str, int],
        told: Event,
        *,
        late: Collection[str] = (),
    ) -> None:
        """A package is whole on disk: from now on its captures are read there. `offsets` has every
        record of it by id; those that are no captures of the store's are passed over. `late` are
        the pages of which it has what came after them."""
        row = {
            "name": str(package.mark),
            "source_id": package.mark.source_id,
            "month": package.mark.month,
            "number": package.mark.number,
            "tree": package.tree,
            "records": package.records,
            "pages": package.pages,
            "sealed": package.sealed,
        }
        moved = [{"moved": id_, "into": package.file, "at": at} for id_, at in offsets.items()]
        with self._database.writing(turn="packages") as connection:
            connection.execute(insert(_P), row)
            _put(connection, holding)
            if late:
                rows = [{"package": row["name"], "page": page} for page in sorted(set(late))]
                connection.execute(insert(_T), rows)
            if moved:
                connection.execute(_MOVE, moved)
            events.record(connection, [told])

    def move(self, package: Package, tree: Tree, told: Event) -> None:
        """A package lies in the other tree now, here; its copies are as they were."""
        into = package.mark.file(tree)
        with self._database.writing(turn="packages") as connection:
            connection.execute(update(_P).where(_P.c.name == str(package.mark)).values(tree=tree))
            connection.execute(
                update(_H).where(_H.c.place == HERE, _H.c.file == package.file).values(file=into)
            )
            connection.execute(update(_C).where(_C.c.file == package.file).values(file=into))
            events.record(connection, [told])

    def standings(self, source_id: str, pages: Mapping[str, str | None]) -> dict[str, Standing]:
        """How the articles stand whose pages these are, by the record id of a page's capture; the
        address is asked for where a capture is not the store's: a page seen unchanged has none.
        What is not known is not in the answer."""
        found: dict[str, Standing] = {}
        with self._database.reading() as connection:
            for some in _parts(list(pages)):
                entries = _entry_ids(connection, source_id, {id_: pages[id_] for id_ in some})
                standing = _standings(connection, set(entries.values()))
                found |= {id_: standing[entries[id_]] for id_ in entries}
        return found

    def standings_in(self, package: Package) -> dict[str, Standing]:
        """How the articles stand of which a package holds captures, or what came late, by entry
        id."""
        held = select(_C.c.entry_id).where(_C.c.file == package.file)
        late = select(_C.c.entry_id).join(_T, _T.c.page == _C.c.id)
        late = late.where(_T.c.package == str(package.mark))
        with self._database.reading() as connection:
            ids = {*connection.scalars(held.distinct()), *connection.scalars(late)}
            return _standings(connection, ids)

    def captured_in(self, file: str) -> int:
        """How many of the store's captures are read in a file."""
        query = select(func.count()).select_from(_C).where(_C.c.file == file)
        with self._database.reading() as connection:
            return connection.scalar(query) or 0

    def address_at(self, file: str, offset: int) -> str | None:
        """The address whose capture stands there, where it is one of the store's."""
        query = select(_C.c.url).where(_C.c.file == file, _C.c.offset == offset)
        with self._database.reading() as connection:
            return connection.scalar(query)

    # Files

    def holdings(self, *, place: str | None = None, file: str | None = None) -> list[Holding]:
        """The files that are watched over, by place and name."""
        query = select(_H).order_by(_H.c.place, _H.c.file)
        if place is not None:
            query = query.where(_H.c.place == place)
        if file is not None:
            query = query.where(_H.c.file == file)
        return self._holdings(query)

    def unchecked(self, places: Collection[str], *, since: datetime, limit: int) -> list[Holding]:
        """Those of these places that were not checked since then: the never checked first, then
        those that were checked longest ago. Costs what it finds."""
        here = select(_H).where(_H.c.place.in_(places)).limit(limit)
        never = self._holdings(here.where(_H.c.checked.is_(None)).order_by(_H.c.added))
        if len(never) == limit:
            return never
        longest = here.where(_H.c.checked < since).order_by(_H.c.checked)
        return [*never, *self._holdings(longest)][:limit]

    def checked_bytes(self, since: datetime) -> int:
        """How much was checked since then."""
        query = select(func.sum(_H.c.size_bytes)).where(_H.c.checked >= since)
        with self._database.reading() as connection:
            return int(connection.scalar(query) or 0)

    def put(self, holdings: Iterable[Holding], *told: Event) -> None:
        """Write down files as they are now, in place of what was said of them before."""
        with self._database.writing(turn="packages") as connection:
            for holding in holdings:
                _put(connection, holding)
            events.record(connection, told)

    def remove(self, files: Sequence[tuple[str, str]], *told: Event) -> None:
        """These files, by place and name, are there no more, and are not missed."""
        with self._database.writing(turn="packages") as connection:
            for place, file in files:
                connection.execute(delete(_H).where(_H.c.place == place, _H.c.file == file))
            events.record(connection, told)

    def _holdings(self, query: Select[*tuple[object, ...]]) -> list[Holding]:
        with self._database.reading() as connection:
            return [
                Holding(
                    place=row.place,
                    file=row.file,
                    digest=row.digest,
                    size_bytes=row.size_bytes,
                    added=row.added,
                    checked=row.checked,
                    fault=row.fault,
                )
                for row in connection.execute(query)
            ]


def _put(connection: Connection, holding: Holding) -> None:
    key = and_(_H.c.place == holding.place, _H.c.file == holding.file)
    connection.execute(delete(_H).where(key))
    connection.execute(
        insert(_H),
        {
            "place": holding.place,
            "file": holding.file,
            "digest": holding.digest,
            "size_bytes": holding.size_bytes,
            "added": holding.added,
            "checked": holding.checked,
            "fault": holding.fault,
        },
    )


def _entry_ids(
    connection: Connection, source_id: str, pages: Mapping[str, str | None]
) -> dict[str, str]:
    captures = select(_C.c.id, _C.c.entry_id).where(_C.c.id.in_(pages))
    found = {row.id: row.entry_id for row in connection.execute(captures)}
    rest = {id_: address_key(url) for id_, url in pages.items() if url and id_ not in found}
    places = select(_L.c.url, _L.c.entry_id).where(
        _L.c.source_id == source_id, _L.c.url.in_(rest.values())
    )
    at = {row.url: row.entry_id for row in connection.execute(places)} if rest else {}
    return found | {id_: at[url] for id_, url in rest.items() if url in at}


def _standings(connection: Connection, entry_ids: set[str]) -> dict[str, Standing]:
    found: dict[str, Standing] = {}
    for some in _parts(sorted(entry_ids)):
        for row in connection.execute(_NOTICES.where(_E.c.id.in_(some))):
            notice = decode_entry(row.entry).notice
            found[row.id] = Standing(notice=notice, state=EntryState(row.state))
    return found


def _package(row: AnyRow) -> Package:
    return Package(
        mark=Shelfmark(source_id=row.source_id, month=row.month, number=row.number),
        tree=row.tree,
        records=row.records,
        pages=row.pages,
        sealed=row.sealed,
    )


def _parts(values: list[str]) -> list[list[str]]:
    return [values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE)]

"""Under which addresses an article was seen. One page may have several (the list's address, a
redirect's, the canonical one): its rows share `asked`, and the row of that address holds what
the next request needs. One article may have several pages: each is a group of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from archive import schema

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.model import Sighting
    from archive.schema import AnyRow

_TABLE = schema.locations
_C = _TABLE.c

_AT = select(_TABLE).where(
    _C.source_id == bindparam("source"), _C.url.in_(bindparam("urls", expanding=True))
)
_OF_ENTRY = select(_TABLE).where(_C.entry_id == bindparam("entry"))
_ADD = insert(_TABLE)
_UPDATE = update(_TABLE).where(_C.source_id == bindparam("source"), _C.url == bindparam("at"))
_FORGET = delete(_TABLE).where(
    _C.source_id == bindparam("source"), _C.url.in_(bindparam("urls", expanding=True))
)
_POINT = (
    update(_TABLE)
    .where(_C.entry_id == bindparam("entry"), _C.asked.in_(bindparam("old", expanding=True)))
    .values(asked=bindparam("new"))
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """One address of an entry, as the archive has it."""

    url: str
    entry_id: str
    asked: str
    first_seen: datetime
    listed: tuple[str | None, str | None]
    body_digest: str | None
    missing: datetime | None

    @property
    def is_page(self) -> bool:
        """Whether this is the address that is asked for, not another name of it."""
        return self.url == self.asked


def find_locations(
    connection: Connection, source_id: str, urls: Sequence[str]
) -> dict[str, Location]:
    """What is known at these addresses."""
    rows = connection.execute(_AT, {"source": source_id, "urls": urls})
    return {row.url: _location(row) for row in rows}


def locations_of(connection: Connection, entry_id: str) -> list[Location]:
    """Every address of an entry."""
    return [_location(row) for row in connection.execute(_OF_ENTRY, {"entry": entry_id})]


def find_home(places: Iterable[Location]) -> str | None:
    """The page that speaks for an entry with several: the one seen first that is still there.
    Only its changes are revisions, else two languages of an article would take turns."""
    pages = [place for place in places if place.is_page and place.missing is None]
    return min(pages, key=lambda page: (page.first_seen, page.url)).url if pages else None


def remember(
    connection: Connection,
    sighting: Sighting,
    entry_id: str,
    addresses: Sequence[str],
    known: Mapping[str, Location],
) -> None:
    """Write down the addresses of a sighting, all as names of the page that was visited.

    `known` are the places at these addresses; one that belongs to another entry is left alone.
    """
    page = addresses[0]
    ours = {url: place for url, place in known.items() if place.entry_id == entry_id}
    pages_before = {place.asked for place in ours.values()} - {page}
    if pages_before:
        connection.execute(_POINT, {"entry": entry_id, "old": list(pages_before), "new": page})
    first_seen = min([sighting.seen, *(place.first_seen for place in ours.values())])
    values = _values(sighting, page, first_seen)
    fresh = [url for url in addresses if url not in known]
    if fresh:
        row = {"listed_title": None, "listed_published": None, "source_id": sighting.source_id}
        connection.execute(
            _ADD, [{**row, **values, "url": url, "entry_id": entry_id} for url in fresh]
        )
    for url in addresses:
        if url in ours:
            write_location(connection, sighting.source_id, url, **values)


def write_location(connection: Connection, source_id: str, url: str, **values: object) -> None:
    """Alter what is known at an address."""
    connection.execute(_UPDATE, {"source": source_id, "at": url, **values})


def forget(connection: Connection, source_id: str, urls: Sequence[str]) -> None:
    """These addresses are no longer the entry's."""
    connection.execute(_FORGET, {"source": source_id, "urls": urls})


def _values(sighting: Sighting, page: str, first_seen: datetime) -> dict[str, object]:
    values: dict[str, object] = {
        "asked": page,
        "first_seen": first_seen,
        "last_asked": sighting.seen,
        "etag": sighting.etag,
        "last_modified": sighting.last_modified,
        "body_digest": sighting.body_digest,
        "missing": None,
    }
    if sighting.listed is not None:
        values["listed_title"] = sighting.listed.title
        values["listed_published"] = sighting.listed.published
    return values


def _location(row: AnyRow) -> Location:
    return Location(
        url=row.url,
        entry_id=row.entry_id,
        asked=row.asked,
        first_seen=row.first_seen,
        listed=(row.listed_title, row.listed_published),
        body_digest=row.body_digest,
        missing=row.missing,
    )

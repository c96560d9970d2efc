"""Under which addresses an article was seen. One page may have several (the list's address, a
redirect's, the canonical one): its rows share `asked`, and the row of that address holds what
the next request needs. One article may have several pages: each is a group of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from archive import schema
from archive.identity import address_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.identity import Addresses
    from archive.model import Sighting
    from archive.schema import AnyRow

_TABLE = schema.locations
_C = _TABLE.c

_AT = (
    select(schema.sources.c.zone, _TABLE)
    .outerjoin(
        _TABLE,
        (_C.source_id == schema.sources.c.id) & _C.url.in_(bindparam("urls", expanding=True)),
    )
    .where(schema.sources.c.id == bindparam("source"))
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
) -> tuple[str | None, dict[str, Location]]:
    """The zone of a source, None if there is no such source, and what is known at its addresses."""
    rows = connection.execute(_AT, {"source": source_id, "urls": urls}).all()
    zone: str | None = rows[0].zone if rows else None
    return zone, {row.url: _location(row) for row in rows if row.url is not None}


def find_location(connection: Connection, source_id: str, url: str) -> Location | None:
    """What is known at one address, as a page gave it."""
    key = address_key(url)
    return find_locations(connection, source_id, [key])[1].get(key)


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
    addresses: Addresses,
    places: Mapping[str, Location],
) -> None:
    """Write down the addresses of a sighting, as names of the page that was visited.

    `places` are what is known at them. An address of another entry is left alone, and so is one
    that is known and only claimed: it has a page of its own.
    """
    page = addresses.visited
    ours = [url for url in addresses.seen if url in places and places[url].entry_id == entry_id]
    pages_before = {places[url].asked for url in ours} - {page}
    if pages_before:
        connection.execute(_POINT, {"entry": entry_id, "old": list(pages_before), "new": page})
    first_seen = min([sighting.seen, *(places[url].first_seen for url in ours)])
    values = _values(sighting, page, first_seen)
    fresh = [url for url in addresses.all if url not in places]
    if fresh:
        row = {"listed_title": None, "listed_published": None, "source_id": sighting.source_id}
        connection.execute(
            _ADD, [{**row, **values, "url": url, "entry_id": entry_id} for url in fresh]
        )
    for url in ours:
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

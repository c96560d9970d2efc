"""Keeping: a sighting becomes a new entry, a revision, another address, or nothing new.

Every function here runs inside one transaction of the store. What is decided stands in
identity.py and revision.py; this module looks up, asks them, and writes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, exists, insert, select

from archive import catalogue, identity, schema
from archive.coding import encode_entry, encode_raw
from archive.correction import with_fields
from archive.corrections import follow_page
from archive.current import COUNT_CHANGE, REOPEN_ENTRY, find_alike, load, state_of
from archive.elsewhere import relate
from archive.events import record
from archive.fingerprint import number_of
from archive.instants import published_instant
from archive.locations import (
    Location,
    find_home,
    find_locations,
    forget,
    locations_of,
    remember,
)
from archive.model import EntryState, Event, Kept, KeptEntry
from archive.owed import owe
from archive.presence import lose, see_again
from archive.revision import digest, find_changes, settle
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.current import Current
    from archive.model import Entry, Sighting

_S, _E, _R, _C = schema.sources, schema.entries, schema.revisions, schema.captures

_ADD_ENTRY, ADD_REVISION = insert(_E), insert(_R)
# A capture is one whatever it is kept for: keeping a sighting twice is keeping it once.
_ADD_CAPTURE = insert(_C).from_select(
    [column.name for column in _C.columns],
    select(*(bindparam(column.name, type_=column.type) for column in _C.columns)).where(
        ~exists().where(_C.c.id == bindparam("id", type_=_C.c.id.type))
    ),
)
_COUNT_NEW = COUNT_CHANGE.values(entries=_S.c.entries + 1, last_new=bindparam("seen"))


def keep(connection: Connection, sighting: Sighting, mint: Callable[[str, str], str]) -> KeptEntry:
    """Keep one sighting. `mint` makes an entry's id from source id and address.

    Raises:
        StoreError: the source is not in the store.
    """
    addresses = identity.addresses_of(sighting)
    zone, places = find_locations(connection, sighting.source_id, addresses.all)
    if zone is None:
        raise StoreError(
            f"{sighting.source_id}: no such source in the store. Next: check that its file is "
            "there (kanliu check), then start again."
        )
    known, place = _find_known(connection, sighting, addresses, places)
    if known is None:
        return _add(connection, sighting, mint, zone, addresses, places)
    if place is not None and identity.is_address_reused(known.read, sighting.entry):
        left = _give_up_addresses(connection, sighting, known, addresses, places)
        return _add(connection, sighting, mint, zone, addresses, left, taken=places)
    is_home = place is not None and _is_at_home(connection, known, addresses, places)
    _add_capture(connection, sighting, known.id)
    remember(connection, sighting, known.id, addresses, places)
    if place is not None and place.missing is not None:
        record(connection, [_event(sighting, known.id, "page-returned", url=place.url)])
    if place is None:
        told = _event(sighting, known.id, "page-added", url=addresses.visited, **_by(sighting))
        record(connection, [told])
    if place is None or not is_home:
        see_again(connection, sighting.source_id, known, known.entry, sighting.seen)
        return KeptEntry(kept=Kept.DUPLICATE, entry_id=known.id, revision=known.revision)
    return _compare(connection, sighting, known, zone, place)


def _find_known(
    connection: Connection,
    sighting: Sighting,
    addresses: identity.Addresses,
    places: Mapping[str, Location],
) -> tuple[Current | None, Location | None]:
    """The entry of a sighting, and the place that led to it where that was an address seen.

    Any address but the visited one may mislead (a dead link that redirects to the front page, a
    canonical address that every page prints), so there the content must not be plainly another.
    """
    entry = sighting.entry
    at = next((url for url in addresses.all if url in places), None)
    if at is not None:
        known = load(connection, places[at].entry_id)
        if at == addresses.visited or not identity.is_other_article(known.read, entry):
            return known, places[at] if at in addresses.seen else None
    doi, content = identity.doi_key(entry), identity.content_key(entry)
    for known in find_alike(connection, sighting.source_id, doi=doi, content=content):
        has_doi = doi is not None and identity.doi_key(known.read) == doi
        is_same = identity.is_same_doi if has_doi else identity.is_same_content
        if is_same(known.read, entry):
            return known, None
    return None, None


def _is_at_home(
    connection: Connection,
    known: Current,
    addresses: identity.Addresses,
    places: Mapping[str, Location],
) -> bool:
    """Whether it was the page that speaks for the entry; if all are missing, any does."""
    home = find_home(locations_of(connection, known.id))
    return home is None or any(places[url].asked == home for url in addresses.seen if url in places)


def _add(
    connection: Connection,
    sighting: Sighting,
    mint: Callable[[str, str], str],
    zone: str,
    addresses: identity.Addresses,
    places: Mapping[str, Location],
    taken: Collection[str] = (),
) -> KeptEntry:
    """A new entry, first revision. Its id is minted from an address that named no entry before:
    the canonical one if possible; where all did (an address reused), the instant makes it new."""
    entry, seen, source_id = sighting.entry, sighting.seen, sighting.source_id
    canonical = identity.address_key(entry.canonical_url)
    free = (url for url in (canonical, *addresses.seen) if url not in places and url not in taken)
    entry_id = mint(source_id, next(free, f"{addresses.visited} {seen.isoformat()}"))
    columns = entry_columns(entry, entry, zone, entry_id=entry_id, first_seen=seen)
    connection.execute(
        _ADD_ENTRY,
        {
            "id": entry_id,
            "source_id": source_id,
            **columns,
            "first_seen": seen,
            "changed": seen,
            "opened": seen,
            "state": state_of(entry),
            "state_since": seen if entry.is_retracted else None,
            "revision": 1,
        },
    )
    _add_revision(connection, sighting, entry_id, 1, entry)
    _add_capture(connection, sighting, entry_id)
    remember(connection, sighting, entry_id, addresses, places)
    catalogue.add(
        connection,
        entry_id=entry_id,
        source_id=source_id,
        entry=entry,
        ordered=columns["ordered"],
        zone=zone,
    )
    relate(connection, entry_id, source_id, entry, before=None, seen=seen)
    connection.execute(_COUNT_NEW, {"source": source_id, "seen": seen})
    record(connection, [_event(sighting, entry_id, "entry-new", url=entry.url, **_by(sighting))])
    return KeptEntry(kept=Kept.NEW, entry_id=entry_id, revision=1)


def _compare(
    connection: Connection, sighting: Sighting, known: Current, zone: str, place: Location
) -> KeptEntry:
    """A known page again: a revision if its content differs."""
    listed = sighting.listed and (sighting.listed.title, sighting.listed.published)
    is_equal = place.body_digest == sighting.body_digest and listed in (None, place.listed)
    # Equal bytes under an equal row: what differs then is our reading, not the page.
    read = known.read if is_equal else settle(known.read, sighting.entry)
    entry = with_fields(read, {each.field: each.value for each in known.corrections})
    follow_page(connection, known, read, sighting.seen)
    if is_equal or digest(entry) == known.digest:
        see_again(connection, sighting.source_id, known, known.entry, sighting.seen)
        return KeptEntry(kept=Kept.UNCHANGED, entry_id=known.id, revision=known.revision)
    number = known.revision + 1
    _add_revision(connection, sighting, known.id, number, entry)
    told = [_event(sighting, known.id, "entry-revised", revision=str(number), **_by(sighting))]
    for change in find_changes(known.entry, entry):
        words = {"before": change.before, "after": change.after, "revision": str(number)}
        told.append(_event(sighting, known.id, change.kind, **words))
    record(connection, told)
    relate(connection, known.id, known.source_id, entry, before=known.entry, seen=sighting.seen)
    values = {
        **entry_columns(entry, read, zone, entry_id=known.id, first_seen=known.first_seen),
        "changed": max(sighting.seen, known.changed),
        "revision": number,
    }
    connection.execute(REOPEN_ENTRY, {"entry": known.id, "reopened": sighting.seen, **values})
    catalogue.revise(
        connection, entry_id=known.id, entry=entry, ordered=values["ordered"], zone=zone
    )
    if not see_again(connection, sighting.source_id, known, entry, sighting.seen):
        connection.execute(COUNT_CHANGE, {"source": sighting.source_id})
    return KeptEntry(kept=Kept.REVISED, entry_id=known.id, revision=number)


def _give_up_addresses(
    connection: Connection,
    sighting: Sighting,
    known: Current,
    addresses: identity.Addresses,
    places: Mapping[str, Location],
) -> dict[str, Location]:
    """The addresses hold another article now. The old one lives on without them, as vanished
    unless it has a page elsewhere. What other entries have at these addresses is given back."""
    taken = set(addresses.all)
    lost = [
        place.url
        for place in locations_of(connection, known.id)
        if place.url in taken or place.asked in taken  # other names of the same page
    ]
    forget(connection, sighting.source_id, lost)
    if known.state is EntryState.LIVE and find_home(locations_of(connection, known.id)) is None:
        detail = {"url": addresses.visited, "reason": "its address holds another article now"}
        seen = sighting.seen
        lose(connection, sighting.source_id, known, seen=seen, since=seen, detail=detail)
    return {url: place for url, place in places.items() if url not in lost}


def entry_columns(
    entry: Entry, read: Entry, zone: str, *, entry_id: str, first_seen: datetime
) -> dict[str, Any]:
    """What of an entry the database is asked for. Its pages are known by what they say, `read`;
    it is put in order by the date that counts."""
    published = published_instant(entry.published, zone)
    return {
        "canonical_url": identity.address_key(read.canonical_url),
        "doi": identity.doi_key(read),
        "content": identity.content_key(read),
        "number": number_of(entry_id),
        "published": published,
        "ordered": min(published or first_seen, first_seen),
    }


def _add_revision(
    connection: Connection, sighting: Sighting, entry_id: str, number: int, entry: Entry
) -> None:
    connection.execute(
        ADD_REVISION,
        {
            "entry_id": entry_id,
            "number": number,
            "seen": sighting.seen,
            "digest": digest(entry),
            "entry": encode_entry(entry),
            "raw": encode_raw(sighting.raw, entry),
            "capture_id": sighting.capture.id,
        },
    )
    owe(connection, sighting)


def _add_capture(connection: Connection, sighting: Sighting, entry_id: str) -> None:
    capture = sighting.capture
    connection.execute(
        _ADD_CAPTURE,
        {
            "id": capture.id,
            "entry_id": entry_id,
            "url": capture.url,
            "status": capture.status,
            "seen": capture.seen,
            "file": capture.file,
            "offset": capture.offset,
            "digest": capture.digest,
        },
    )


def _by(sighting: Sighting) -> dict[str, str]:
    """Which capture an event comes from, for whoever keeps all sightings again (rebuild.py)."""
    return {"capture": sighting.capture.id}


def _event(sighting: Sighting, entry_id: str, kind: str, **detail: str) -> Event:
    return Event(
        at=sighting.seen,
        kind=kind,
        source_id=sighting.source_id,
        entry_id=entry_id,
        detail=detail,
    )

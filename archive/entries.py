"""Keeping: a sighting becomes a new entry, a revision, another address, or nothing new.

Every function here runs inside one transaction of the store. What is decided stands in
identity.py and revision.py; this module looks up, asks them, and writes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, exists, insert, select, union_all, update

from archive import identity, schema
from archive.coding import decode_entry, encode_entry, encode_raw
from archive.events import record
from archive.instants import published_instant
from archive.locations import (
    Location,
    find_home,
    find_location,
    find_locations,
    forget,
    locations_of,
    remember,
    write_location,
)
from archive.model import EntryState, Event, Kept, KeptEntry
from archive.revision import digest, find_changes, settle
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.model import Entry, Sighting
    from archive.schema import AnyRow

#: A page that answers 404 is believed when it does so again this much later: sites lose pages
#: for an hour while they are mended. Less than a day, so that tomorrow's look counts in spite of
#: its jitter. 410 says "for good" and is believed at once.
MISSING_BELIEVED = timedelta(hours=20)

_S, _E, _R, _C = schema.sources, schema.entries, schema.revisions, schema.captures

_CURRENT = select(
    _E.c.id, _E.c.state, _E.c.revision, _E.c.first_seen, _E.c.changed,
    _R.c.digest, _R.c.entry,
).join(_R, (_R.c.entry_id == _E.c.id) & (_R.c.number == _E.c.revision))  # fmt: skip
_BY_ID = _CURRENT.where(_E.c.id == bindparam("entry"))
_IN_SOURCE = select(_E.c.id).where(_E.c.source_id == bindparam("source"))
# A union: for an OR, SQLite would read every entry of the source.
_ALIKE = _CURRENT.where(
    _E.c.id.in_(
        union_all(
            _IN_SOURCE.where(_E.c.doi == bindparam("doi")),
            _IN_SOURCE.where(_E.c.content == bindparam("content")),
        )
    )
).order_by(_E.c.first_seen, _E.c.id)
_ADD_ENTRY, _ADD_REVISION = insert(_E), insert(_R)
_UPDATE_ENTRY = update(_E).where(_E.c.id == bindparam("entry"))
# A capture is one whatever it is kept for: keeping a sighting twice is keeping it once.
_ADD_CAPTURE = insert(_C).from_select(
    [column.name for column in _C.columns],
    select(*(bindparam(column.name, type_=column.type) for column in _C.columns)).where(
        ~exists().where(_C.c.id == bindparam("id", type_=_C.c.id.type))
    ),
)
_COUNT_CHANGE = update(_S).where(_S.c.id == bindparam("source")).values(change=_S.c.change + 1)
_COUNT_NEW = _COUNT_CHANGE.values(entries=_S.c.entries + 1, last_new=bindparam("seen"))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Known:
    """The entry that a sighting belongs to, as it is now."""

    id: str
    entry: Entry
    digest: str
    revision: int
    state: EntryState
    first_seen: datetime
    changed: datetime


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
    if place is not None and identity.is_address_reused(known.entry, sighting.entry):
        left = _give_up_addresses(connection, sighting, known, addresses, places)
        return _add(connection, sighting, mint, zone, addresses, left, taken=places)
    is_home = place is not None and _is_at_home(connection, known, addresses, places)
    _add_capture(connection, sighting, known.id)
    remember(connection, sighting, known.id, addresses, places)
    if place is None or not is_home:
        _see_again(connection, sighting.source_id, known, known.entry, sighting.seen)
        return KeptEntry(kept=Kept.DUPLICATE, entry_id=known.id, revision=known.revision)
    return _compare(connection, sighting, known, zone, place)


def touch(
    connection: Connection, source_id: str, url: str, seen: datetime, values: Mapping[str, object]
) -> None:
    """A known page was asked again and is as it was."""
    place = find_location(connection, source_id, url)
    if place is None:
        return
    given = {name: value for name, value in values.items() if value is not None}
    write_location(connection, source_id, place.asked, last_asked=seen, missing=None, **given)
    known = _load(connection, place.entry_id)
    if known.state is EntryState.VANISHED:
        _see_again(connection, source_id, known, known.entry, seen)


def vanish(connection: Connection, source_id: str, url: str, seen: datetime, status: int) -> bool:
    """A known page is not there. Whether its article counts as vanished with that: every page of
    it is missing, and this one said so for good or twice, a day apart.

    The article stays. A retraction or a take-down says more than absence, and stays too.
    """
    place = find_location(connection, source_id, url)
    if place is None:
        return False
    pages = {page.url: page for page in locations_of(connection, place.entry_id) if page.is_page}
    missing = pages[place.asked].missing or seen
    write_location(connection, source_id, place.asked, last_asked=seen, missing=missing)
    is_elsewhere = any(page.missing is None for page in pages.values() if page.url != place.asked)
    is_believed = status == 410 or seen - missing >= MISSING_BELIEVED
    known = _load(connection, place.entry_id)
    if is_elsewhere or not is_believed or known.state is not EntryState.LIVE:
        return False
    detail = {"url": url, "status": str(status), "missing": missing.isoformat()}
    _lose(connection, source_id, known, seen=seen, since=missing, detail=detail)
    return True


def _find_known(
    connection: Connection,
    sighting: Sighting,
    addresses: identity.Addresses,
    places: Mapping[str, Location],
) -> tuple[_Known | None, Location | None]:
    """The entry of a sighting, and the place that led to it where that was an address seen.

    Any address but the visited one may mislead (a dead link that redirects to the front page, a
    canonical address that every page prints), so there the content must not be plainly another.
    """
    entry = sighting.entry
    at = next((url for url in addresses.all if url in places), None)
    if at is not None:
        known = _load(connection, places[at].entry_id)
        if at == addresses.visited or not identity.is_other_article(known.entry, entry):
            return known, places[at] if at in addresses.seen else None
    doi, content = identity.doi_key(entry), identity.content_key(entry)
    if doi is None and content is None:
        return None, None
    keys = {"source": sighting.source_id, "doi": doi, "content": content}
    for row in connection.execute(_ALIKE, keys):
        known = _known(row)
        has_doi = doi is not None and identity.doi_key(known.entry) == doi
        is_same = identity.is_same_doi if has_doi else identity.is_same_content
        if is_same(known.entry, entry):
            return known, None
    return None, None


def _is_at_home(
    connection: Connection,
    known: _Known,
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
    connection.execute(
        _ADD_ENTRY,
        {
            "id": entry_id,
            "source_id": source_id,
            **_columns(entry, zone, first_seen=seen),
            "first_seen": seen,
            "changed": seen,
            "state": _state_of(entry),
            "state_since": seen if entry.is_retracted else None,
            "revision": 1,
        },
    )
    _add_revision(connection, sighting, entry_id, 1, entry)
    _add_capture(connection, sighting, entry_id)
    remember(connection, sighting, entry_id, addresses, places)
    connection.execute(_COUNT_NEW, {"source": source_id, "seen": seen})
    record(connection, [_event(sighting, entry_id, "entry-new", url=entry.url)])
    return KeptEntry(kept=Kept.NEW, entry_id=entry_id, revision=1)


def _compare(
    connection: Connection, sighting: Sighting, known: _Known, zone: str, place: Location
) -> KeptEntry:
    """A known page again: a revision if its content differs."""
    listed = sighting.listed and (sighting.listed.title, sighting.listed.published)
    is_equal = place.body_digest == sighting.body_digest and listed in (None, place.listed)
    # Equal bytes under an equal row: what differs then is our reading, not the page.
    entry = known.entry if is_equal else settle(known.entry, sighting.entry)
    if is_equal or digest(entry) == known.digest:
        _see_again(connection, sighting.source_id, known, known.entry, sighting.seen)
        return KeptEntry(kept=Kept.UNCHANGED, entry_id=known.id, revision=known.revision)
    number = known.revision + 1
    _add_revision(connection, sighting, known.id, number, entry)
    values = {
        **_columns(entry, zone, first_seen=known.first_seen),
        "changed": max(sighting.seen, known.changed),
        "revision": number,
    }
    connection.execute(_UPDATE_ENTRY, {"entry": known.id, **values})
    told = [_event(sighting, known.id, "entry-revised", revision=str(number))]
    for change in find_changes(known.entry, entry):
        words = {"before": change.before, "after": change.after, "revision": str(number)}
        told.append(_event(sighting, known.id, change.kind, **words))
    record(connection, told)
    if not _see_again(connection, sighting.source_id, known, entry, sighting.seen):
        connection.execute(_COUNT_CHANGE, {"source": sighting.source_id})
    return KeptEntry(kept=Kept.REVISED, entry_id=known.id, revision=number)


def _see_again(
    connection: Connection, source_id: str, known: _Known, entry: Entry, seen: datetime
) -> bool:
    """The page is there: a vanished article has come back, and a retraction follows the page.
    Whether the state changed. A take-down stands whatever the page says."""
    state = _state_of(entry)
    if known.state in (state, EntryState.WITHDRAWN):
        return False
    _set_state(connection, known, state, since=seen)
    connection.execute(_COUNT_CHANGE, {"source": source_id})
    if known.state is EntryState.VANISHED:
        told = Event(at=seen, kind="entry-reappeared", source_id=source_id, entry_id=known.id)
        record(connection, [told])
    return True


def _lose(
    connection: Connection,
    source_id: str,
    known: _Known,
    *,
    seen: datetime,
    since: datetime,
    detail: Mapping[str, str],
) -> None:
    _set_state(connection, known, EntryState.VANISHED, since=since)
    connection.execute(_COUNT_CHANGE, {"source": source_id})
    told = Event(
        at=seen, kind="entry-vanished", source_id=source_id, entry_id=known.id, detail=detail
    )
    record(connection, [told])


def _give_up_addresses(
    connection: Connection,
    sighting: Sighting,
    known: _Known,
    addresses: identity.Addresses,
    places: Mapping[str, Location],
) -> dict[str, Location]:
    """The addresses hold another article now. The old one lives on without them, as vanished
    unless it has a page elsewhere. What other entries have at these addresses is given back."""
    lost = [url for url in addresses.all if url in places and places[url].entry_id == known.id]
    forget(connection, sighting.source_id, lost)
    if known.state is EntryState.LIVE and find_home(locations_of(connection, known.id)) is None:
        detail = {"url": addresses.visited, "reason": "its address holds another article now"}
        seen = sighting.seen
        _lose(connection, sighting.source_id, known, seen=seen, since=seen, detail=detail)
    return {url: place for url, place in places.items() if url not in lost}


def _set_state(
    connection: Connection, known: _Known, state: EntryState, *, since: datetime
) -> None:
    values = {"state": state, "state_since": None if state is EntryState.LIVE else since}
    connection.execute(_UPDATE_ENTRY, {"entry": known.id, **values})


def _columns(entry: Entry, zone: str, *, first_seen: datetime) -> dict[str, object]:
    """What of an entry the database is asked for."""
    published = published_instant(entry.published, zone)
    return {
        "canonical_url": identity.address_key(entry.canonical_url),
        "doi": identity.doi_key(entry),
        "content": identity.content_key(entry),
        "published": published,
        "ordered": min(published or first_seen, first_seen),
    }


def _add_revision(
    connection: Connection, sighting: Sighting, entry_id: str, number: int, entry: Entry
) -> None:
    connection.execute(
        _ADD_REVISION,
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


def _state_of(entry: Entry) -> EntryState:
    return EntryState.RETRACTED if entry.is_retracted else EntryState.LIVE


def _event(sighting: Sighting, entry_id: str, kind: str, **detail: str) -> Event:
    return Event(
        at=sighting.seen,
        kind=kind,
        source_id=sighting.source_id,
        entry_id=entry_id,
        detail=detail,
    )


def _load(connection: Connection, entry_id: str) -> _Known:
    return _known(connection.execute(_BY_ID, {"entry": entry_id}).one())


def _known(row: AnyRow) -> _Known:
    return _Known(
        id=row.id,
        entry=decode_entry(row.entry),
        digest=row.digest,
        revision=row.revision,
        state=EntryState(row.state),
        first_seen=row.first_seen,
        changed=row.changed,
    )

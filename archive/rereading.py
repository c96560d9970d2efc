"""A captured page, read again by today's rules: which captures an entry was read from, and what is
kept of another reading of them. Reads no page itself; that is crawler.reread's matter.

The page did not change, so a new reading tells no change of title, date or notice: it is a revision
with an event of its own kind. What a person corrected stays on top of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - archive.coding reads the types of Rereading
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select

from archive import schema
from archive.amendment import revise
from archive.coding import decode, encode, encode_raw, read_json, write_json
from archive.correction import with_fields
from archive.corrections import follow_page
from archive.current import find, set_state, state_of
from archive.difference import find_field_changes
from archive.events import record
from archive.exchange import Capture
from archive.model import Entry, EntryState, Event, Kept, KeptEntry, ListedLink, RawEntry
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection

    from sqlalchemy import Connection

    from archive.database import Database

#: Of the pages of an entry that is withdrawn, nothing is read or shown.
_SHOWN = tuple(str(state) for state in EntryState if state is not EntryState.WITHDRAWN)
_IS_THERE = frozenset({EntryState.LIVE, EntryState.RETRACTED})

_E, _R, _C, _L = schema.entries, schema.revisions, schema.captures, schema.locations

_ENTRIES = (
    select(_E.c.id).where(_E.c.state.in_(_SHOWN)).order_by(_E.c.source_id, _E.c.first_seen, _E.c.id)
)
_VERSIONS = (
    select(
        _R.c.number,
        _R.c.seen.label("visited_at"),
        _R.c.raw["url"].as_string().label("visited"),
        *_C.c,
    )
    .join(_C, _C.c.id == _R.c.capture_id)
    .where(_R.c.entry_id == bindparam("entry"))
    .order_by(_R.c.number)
)
_LISTED = select(_L.c.url, _L.c.listed_title, _L.c.listed_published).where(
    and_(_L.c.entry_id == bindparam("entry"), _L.c.url == _L.c.asked)
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageVersion:
    """One captured version of an entry's page that became a revision. `url` is the address that it
    was read at, `seen` when, `listed` the row of the list as it was known last: the capture's own
    metadata record knows better where it has one."""

    capture: Capture
    seen: datetime
    url: str
    listed: ListedLink | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Rereading:
    """What `rules` make of the pages of an entry, the newest of which is this capture. `read` is
    without corrections, settled with the versions before it."""

    source_id: str
    entry_id: str
    capture_id: str
    at: datetime
    rules: str
    read: Entry
    raw: RawEntry

    @property
    def why(self) -> str:
        return f"re-read with rules {self.rules}"


def write_rereading(rereading: Rereading) -> bytes:
    """The JSON of its metadata record, from which it can be kept again."""
    return write_json({"reread": encode(rereading)}).encode()


def find_rereading(document: bytes) -> Rereading | None:
    """What `write_rereading` was given; None in any other metadata record."""
    try:
        said = read_json(document)
        return decode(Rereading, said["reread"])
    except (ValueError, KeyError, TypeError):
        return None


class Rereadings:
    """The store's door to what is read again: `store.rereadings`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def entry_ids(
        self, source_ids: Collection[str] | None = None, *, since: datetime | None = None
    ) -> list[str]:
        """The entries of these sources, or all, in the order in which they were first seen; since
        an instant those that are as they are since then. Those that are withdrawn are left out."""
        query = _ENTRIES
        if source_ids is not None:
            query = query.where(_E.c.source_id.in_(source_ids))
        if since is not None:
            query = query.where(_E.c.changed >= since)
        with self._database.reading() as connection:
            return list(connection.scalars(query))

    def versions(self, entry_id: str) -> list[PageVersion]:
        """The captures that an entry's revisions were read from, the first one first; one that
        several were read from stands where it was first."""
        with self._database.reading() as connection:
            return versions_of(connection, entry_id)

    def keep(self, rereading: Rereading) -> KeptEntry:
        """Keep another reading: a revision, unless it says what the entry says. Its record must
        be on disk already.

        Raises:
            StoreError: there is no such entry.
        """
        with self._database.writing(turn=rereading.source_id) as connection:
            return keep(connection, rereading)


def versions_of(connection: Connection, entry_id: str) -> list[PageVersion]:
    """See Rereadings.versions."""
    listed = {
        row.url: ListedLink(url=row.url, title=row.listed_title, published=row.listed_published)
        for row in connection.execute(_LISTED, {"entry": entry_id})
    }
    found: dict[str, PageVersion] = {}
    for row in connection.execute(_VERSIONS, {"entry": entry_id}):
        if row.id in found:
            continue
        capture = Capture(
            id=row.id,
            url=row.url,
            status=row.status,
            seen=row.seen,
            file=row.file,
            offset=row.offset,
            digest=row.digest,
        )
        url = row.visited or row.url
        found[row.id] = PageVersion(
            capture=capture, seen=row.visited_at, url=url, listed=listed.get(url) or _only(listed)
        )
    return list(found.values())


def keep(connection: Connection, rereading: Rereading) -> KeptEntry:
    """See Rereadings.keep."""
    known = find(connection, rereading.entry_id)
    if known is None:
        raise StoreError(f"{rereading.entry_id}: no such entry in the store")
    entry = with_fields(rereading.read, {each.field: each.value for each in known.corrections})
    fields = [change.field for change in find_field_changes(known.entry, entry)]
    if known.state is EntryState.WITHDRAWN:
        return KeptEntry(kept=Kept.UNCHANGED, entry_id=known.id, revision=known.revision)
    follow_page(connection, known, rereading.read, rereading.at)
    if not fields:
        return KeptEntry(kept=Kept.UNCHANGED, entry_id=known.id, revision=known.revision)
    raw = encode_raw(rereading.raw, entry)
    printed = (raw, rereading.capture_id)
    number = revise(connection, known, entry, rereading.at, read=rereading.read, printed=printed)
    detail = {
        "why": rereading.why,
        "rules": rereading.rules,
        "fields": ", ".join(fields),
        "capture": rereading.capture_id,
        "revision": str(number),
    }
    told = Event(
        at=rereading.at,
        kind="entry-reread",
        source_id=known.source_id,
        entry_id=known.id,
        detail=detail,
    )
    record(connection, [told])
    state = state_of(entry)
    if known.state in _IS_THERE and known.state is not state:
        set_state(connection, known.source_id, known, state, since=rereading.at)
    return KeptEntry(kept=Kept.REVISED, entry_id=known.id, revision=number)


def _only(listed: dict[str, ListedLink]) -> ListedLink | None:
    """Where an entry has one page, its row is the one that led there, redirected or not."""
    return next(iter(listed.values())) if len(listed) == 1 else None

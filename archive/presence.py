"""Whether an article's page is there. A page that is not is asked for again before it is believed,
and the article stays in any case. Inside the store's transactions."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from archive.current import load, set_state, state_of
from archive.events import record
from archive.locations import find_location, locations_of, write_location
from archive.model import EntryState, Event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.current import Current
    from archive.locations import Location
    from archive.model import Entry

#: A page that answers 404 is believed when it does so again this much later: sites lose pages
#: for an hour while they are mended. Less than a day, so that tomorrow's look counts in spite of
#: its jitter. 410 says "for good" and is believed at once.
MISSING_BELIEVED = timedelta(hours=20)


def touch(
    connection: Connection, source_id: str, url: str, seen: datetime, values: Mapping[str, object]
) -> None:
    """A known page was asked again and is as it was."""
    place = find_location(connection, source_id, url)
    if place is None:
        return
    given = {name: value for name, value in values.items() if value is not None}
    write_location(connection, source_id, place.asked, last_asked=seen, missing=None, **given)
    if place.missing is not None:
        _tell_page(connection, "page-returned", source_id, place, seen)
    known = load(connection, place.entry_id)
    if known.state is EntryState.VANISHED:
        see_again(connection, source_id, known, known.entry, seen)


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
    known = load(connection, place.entry_id)
    if is_elsewhere or not is_believed or known.state is not EntryState.LIVE:
        if pages[place.asked].missing is None:
            _tell_page(connection, "page-missing", source_id, place, seen, status=str(status))
        return False
    detail = {"url": url, "status": str(status), "missing": missing.isoformat()}
    lose(connection, source_id, known, seen=seen, since=missing, detail=detail)
    return True


def see_again(
    connection: Connection, source_id: str, known: Current, entry: Entry, seen: datetime
) -> bool:
    """The page is there: a vanished article has come back, and a retraction follows the page.
    Whether the state changed. A take-down stands whatever the page says."""
    state = state_of(entry)
    if known.state in (state, EntryState.WITHDRAWN):
        return False
    set_state(connection, source_id, known, state, since=seen)
    if known.state is EntryState.VANISHED:
        told = Event(at=seen, kind="entry-reappeared", source_id=source_id, entry_id=known.id)
        record(connection, [told])
    return True


def lose(
    connection: Connection,
    source_id: str,
    known: Current,
    *,
    seen: datetime,
    since: datetime,
    detail: Mapping[str, str],
) -> None:
    """An article has no page any more, since then; told now, with what is known of it."""
    set_state(connection, source_id, known, EntryState.VANISHED, since=since)
    told = Event(
        at=seen, kind="entry-vanished", source_id=source_id, entry_id=known.id, detail=detail
    )
    record(connection, [told])


def _tell_page(
    connection: Connection,
    kind: str,
    source_id: str,
    place: Location,
    seen: datetime,
    **detail: str,
) -> None:
    """What became of one page: with several, it decides which speaks for the article."""
    told = Event(
        at=seen,
        kind=kind,
        source_id=source_id,
        entry_id=place.entry_id,
        detail={"url": place.asked, **detail},
    )
    record(connection, [told])

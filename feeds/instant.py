"""When an entry counts as published, in the feeds. Pure: the clock has no say here.

A feed's date is a whole instant, and readers show it as one; a date that was printed less
exactly than to the day therefore gives none (READING.md §4).
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from archive import instants

if TYPE_CHECKING:
    from archive.model import ArchivedEntry, PrintedDate

_MINUTE = timedelta(minutes=1)
_zone = cache(ZoneInfo)


def published_instant(archived: ArchivedEntry, *, zone: str) -> datetime | None:
    """The printed date as an instant, at the offset that the page printed or the source has.

    A day is its first moment in the source's zone. A date ahead of us (a cover date) gives the
    instant of first sight: nothing is published after it was seen.
    """
    printed = archived.entry.published
    instant = instants.published_instant(printed, zone)
    if printed is None or instant is None:
        return None
    if instant > archived.first_seen:
        local = archived.first_seen.astimezone(_zone(zone))
    else:
        local = instant.astimezone(_printed_zone(printed, zone))
    # newsboat 2.21 overlooks an offset that follows a fraction of a second.
    return _writable(local.replace(microsecond=0))


def order_instant(archived: ArchivedEntry, *, zone: str) -> datetime:
    """What feeds are ordered by: publication where it is known, else the first sight."""
    return published_instant(archived, zone=zone) or archived.first_seen


def _writable(instant: datetime) -> datetime:
    """With an offset that RFC 3339 and RFC 822 can write: local mean times before the standard
    zones had seconds in theirs (Shanghai until 1901: +08:05:43)."""
    offset = instant.utcoffset()
    return instant.astimezone(UTC) if offset is None or offset % _MINUTE else instant


def _printed_zone(printed: PrintedDate, zone: str) -> tzinfo:
    return datetime.fromisoformat(printed.value or "").tzinfo or _zone(zone)

"""When an entry counts as published, as an instant to order by. Pure.

Only a date printed to the day or finer gives one; a day is its first moment in the source's zone
(READING.md §4)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from functools import cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from archive.model import Precision

if TYPE_CHECKING:
    from archive.model import PrintedDate

_zone = cache(ZoneInfo)


def published_instant(printed: PrintedDate | None, zone: str) -> datetime | None:
    """The printed date in UTC, or None when it is rougher than a day or not whole."""
    if printed is None or printed.value is None or printed.value.startswith("--"):
        return None
    match printed.precision:
        case Precision.DAY:
            local = datetime.combine(date.fromisoformat(printed.value), time(), _zone(zone))
        case Precision.MINUTE | Precision.SECOND:
            local = datetime.fromisoformat(printed.value)
            local = local if local.tzinfo else local.replace(tzinfo=_zone(zone))
        case _:
            return None
    return local.astimezone(UTC)

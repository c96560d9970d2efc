"""From the match of a form to the parts of a date: the readers that date_forms names.

A reader takes the groups of its pattern as printed and checks nothing: whether there is such a
day is date.py's to say. It returns None when the match is not this form after all.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Final

from crawler.normalise.date_clock import Clock, find_clock_after, zone_of
from crawler.normalise.date_words import DAY_WORDS, ERAS, SMALL, month_named, number, unit_named


@dataclass(frozen=True, kw_only=True, slots=True)
class Context:
    """What a reader may know beside the text: the instant of the visit in the source's zone, and
    the page's language, lower case (`zh-cn`)."""

    visited: datetime | None
    language: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Reading:
    """The parts of a date as printed. `refused` says why it is none, `instant` is set by forms
    that name one (epochs), `end` by forms that read on behind their match."""

    year: int | None = None
    quarter: int | None = None
    month: int | None = None
    day: int | None = None
    clock: Clock | None = None
    instant: datetime | None = None
    issue: str | None = None
    refused: str | None = None
    year_missing: bool = False
    end: int | None = None


def read_parts(match: re.Match[str], _context: Context) -> Reading:
    """y, m, d (as far as the pattern has them), in Western or Chinese numerals."""
    group = match.groupdict()
    year, month, day = (number(group[key]) if group.get(key) else None for key in ("y", "m", "d"))
    return Reading(year=year, month=month, day=day, year_missing=year is None)


def read_short_year(match: re.Match[str], context: Context) -> Reading:
    parts = read_parts(match, context)
    assert parts.year is not None
    return Reading(year=century_of(parts.year, context), month=parts.month, day=parts.day)


def century_of(year: int, context: Context) -> int:
    """A year of two digits as the latest that does not lie after the year of the visit; with no
    visit known, POSIX: 69–99 are 1969–1999."""
    if context.visited is None:
        return year + (1900 if year >= 69 else 2000)
    return year + (2000 if year + 2000 <= context.visited.year + 1 else 1900)


def read_era(match: re.Match[str], _context: Context) -> Reading:
    before, last = ERAS[match["era"].upper()]
    year = number(match["y"])
    if year < 1 or (last is not None and year > last):
        return Reading(refused=f"{match['era']} has no year {year}")
    month, day = (number(match[key]) if match[key] else None for key in ("m", "d"))
    return Reading(year=before + year, month=month, day=day)


def read_roc_year(match: re.Match[str], context: Context) -> Reading | None:
    """110年2月27日 with no era named: Taiwan's count, unless the page is not Chinese."""
    if context.language not in ("", "zh-tw", "zh-hant", "zh-hant-tw"):
        return None
    return Reading(year=1911 + int(match["y"]), month=int(match["m"]), day=int(match["d"]))


def read_named_month(match: re.Match[str], context: Context) -> Reading | None:
    month = month_named(match["month"])
    if month is None:
        return None
    group = match.groupdict()
    day = int(group["d"]) if group.get("d") else None
    if not group.get("y"):
        return Reading(month=month, day=day, year_missing=True)
    year = int(group["y"])
    return Reading(
        year=year if len(group["y"]) == 4 else century_of(year, context), month=month, day=day
    )


def read_digits_with_time(match: re.Match[str], context: Context) -> Reading:
    second = int(match["s"]) if match["s"] else None
    zone = zone_of(match["zone"])
    start, end = match.start("h"), match.end()
    hour, minute = int(match["h"]), int(match["min"])
    clock = Clock(hour=hour, minute=minute, second=second, zone=zone, start=start, end=end)
    return replace(read_parts(match, context), clock=clock)


def read_unix(match: re.Match[str], _context: Context) -> Reading | None:
    """`Sat Feb 27 08:05:00 CST 2021`: the year comes after the time."""
    month = month_named(match["month"])
    if month is None:
        return None
    clock = find_clock_after(match[0], match.end("d") - match.start())
    return Reading(
        year=int(match["y"]), month=month, day=int(match["d"]), clock=clock, end=match.end()
    )


def read_quarter(match: re.Match[str], _context: Context) -> Reading:
    return Reading(year=int(match["y"]), quarter=number(match["q"]))


def read_issue(match: re.Match[str], _context: Context) -> Reading:
    """Written as GB/T 7714 does: `2021,36(4)`; parts that were not printed are left out."""
    group = match.groupdict()
    year = f"{number(group['y'])}" if group.get("y") else ""
    volume = f"{number(group['v'])}" if group.get("v") else ""
    issue = f"({_issue_number(group['n'])})" if group.get("n") else ""
    return Reading(issue=(f"{year},{volume}" if year and volume else year + volume) + issue)


def _issue_number(text: str) -> str:
    parts = re.split(r"\s*[-~/、合]\s*", text.strip())
    return "-".join(str(number(part)) if re.fullmatch(SMALL, part) else part for part in parts)


def read_lunar(_match: re.Match[str], _context: Context) -> Reading:
    return Reading(refused="a lunar date: not converted")


def read_day_word(match: re.Match[str], context: Context) -> Reading:
    if context.visited is None:
        return Reading(refused=_NO_VISIT)
    then = context.visited - timedelta(days=DAY_WORDS[match[0].casefold()])
    return Reading(year=then.year, month=then.month, day=then.day)


_NO_VISIT: Final = "counted from the visit, whose instant is not known"
_LENGTHS: Final = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
    "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
    "months": timedelta(days=30.44),
    "years": timedelta(days=365.24),
}
_EXACT: Final = ("seconds", "minutes", "hours", "days")


def read_ago(match: re.Match[str], context: Context) -> Reading | None:
    """3小时前. Up to days the day is told; `2 weeks ago` leaves a span, and only what both of
    its ends share was said."""
    unit = unit_named(match["unit"])
    if unit is None:
        return None
    if context.visited is None:
        return Reading(refused=_NO_VISIT)
    count = _count(match["n"])
    try:
        late = context.visited - count * _LENGTHS[unit]
        early = late - _LENGTHS[unit]
    except OverflowError:
        return Reading(refused="longer ago than time")
    if unit in _EXACT:
        return Reading(year=late.year, month=late.month, day=late.day)
    if late.year != early.year:
        return Reading(refused="too vague to name a year")
    return Reading(year=late.year, month=late.month if late.month == early.month else None)


def _count(text: str) -> float:
    text = text.strip().casefold()
    if text in ("半", "half an"):
        return 0.5
    if text in ("a", "an", "one", "einer", "einem", "une", "un", "una"):
        return 1
    return number(text.replace("两", "二").replace("兩", "二").replace("几", "三"))


def read_epoch(match: re.Match[str], _context: Context) -> Reading:
    """Seconds or milliseconds since 1970. Only ten and thirteen digits: from September 2001."""
    seconds = int(match["s"][:10])
    return Reading(instant=datetime.fromtimestamp(seconds, UTC))

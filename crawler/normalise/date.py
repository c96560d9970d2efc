"""Read a date as journals print it. Pure: no network, no clock, no Scrapy.

It keeps the precision that was printed and never makes up a day, a month or a year: what cannot
be known is refused with a reason. Forms are rows of date_forms, labels of date_labels.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from archive.model import Precision, PrintedDate
from crawler.normalise.date_clock import find_clock_after, find_clock_before
from crawler.normalise.date_form import Hold
from crawler.normalise.date_forms import FORMS
from crawler.normalise.date_labels import (
    PUBLICATION,
    Label,
    Meaning,
    find_label_after,
    find_label_before,
)
from crawler.normalise.date_reading import Context, Reading
from crawler.normalise.date_words import DAY_WORDS, WEEKDAY_PATTERN, flatten

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

FIRST_YEAR: Final = 1900  # READING.md §4: an earlier year is a mistake of the page or of ours
LAST_YEAR: Final = 2100  # for texts read without a visit; 9999 is how some systems print "never"
AHEAD: Final = timedelta(days=400)  # READING.md §4: cover dates run ahead, but not further
# Printed by machines that have no date: Unix's, SQL's and Excel's zero.
PLACEHOLDERS: Final = (date(1970, 1, 1), date(1900, 1, 1))
# A longer text is prose; the worst one of this length that a fuzzer found takes 0.1 s.
_LONGEST_TEXT: Final = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class DateInText:
    """A date in a line: `text[start:end]` is the date with its time, `label` the words beside it
    that say what it is (as matched: lower case, without spaces between Chinese signs)."""

    start: int
    end: int
    date: PrintedDate
    label: str | None = None
    meaning: Meaning | None = None


def parse_date(
    text: str,
    *,
    visited: datetime | None = None,
    zone: str = "Asia/Shanghai",
    language: str | None = None,
) -> PrintedDate:
    """The date that a text is, or holds: publication before no label before an update, the finer
    before the coarser, the earlier before the later. What its label says to be another day (of
    receipt, of a visit, a deadline) is refused. Refusals say why; nothing is raised."""
    return _parse(text, visited, zone, language)


@lru_cache(maxsize=256)  # the readers of a page ask for the same few dates three or four times
def _parse(text: str, visited: datetime | None, zone: str, language: str | None) -> PrintedDate:
    seen = list(_scan(text, _context(visited, zone, language), zone, is_lenient=True))
    dates = [each for each in seen if each.date.value is not None and each.meaning in _TRUST]
    issue = next((each.date.issue for each in seen if each.date.issue), None)
    if dates:
        return replace(_in_its_year(min(dates, key=_rank).date, issue), raw=text, issue=issue)
    if issue:
        return PrintedDate(raw=text, value=None, precision=Precision.ISSUE, issue=issue)
    return _refusal(text, next(map(_why_refused, seen), "no date in it"))


def _why_refused(seen: DateInText) -> str:
    return seen.date.reason or f"{seen.label}: not when it was published"


def _in_its_year(date_: PrintedDate, issue: str | None) -> PrintedDate:
    """A day without a year, in the year of the issue beside it: 2021年第2期（2月27日出版）."""
    named = _YEAR_OF_ISSUE.match(issue) if issue and date_.year_missing else None
    if named is None or date_.value is None:
        return date_
    rest = date_.value[1:] if date_.value.startswith("--") else date_.value[4:]
    month, day = (int(part) for part in rest[1:6].split("-"))
    if _day(int(named[0]), Reading(month=month, day=day)) is None:  # 29 February
        return date_
    return replace(date_, value=f"{named[0]}{rest}", year_missing=False)


def find_dates(
    text: str,
    *,
    visited: datetime | None = None,
    zone: str = "Asia/Shanghai",
    language: str | None = None,
) -> tuple[DateInText, ...]:
    """The dates and issues in a line of a page, in their order; refused ones are left out."""
    return _find(text, visited, zone, language) if _may_hold_a_date(text) else ()


@lru_cache(maxsize=256)  # the last lines of a page are asked for twice
def _find(
    text: str, visited: datetime | None, zone: str, language: str | None
) -> tuple[DateInText, ...]:
    seen = _scan(text, _context(visited, zone, language), zone, is_lenient=False)
    return tuple(each for each in seen if each.date.precision is not Precision.NONE)


def instant_of(date: PrintedDate, zone: str) -> datetime | None:
    """The aware instant of a date of day precision or finer; a day begins at 00:00 in `zone`."""
    if date.value is None or date.value.startswith("--"):
        return None
    match date.precision:
        case Precision.SECOND | Precision.MINUTE:
            return datetime.fromisoformat(date.value)
        case Precision.DAY:
            return datetime.fromisoformat(date.value).replace(tzinfo=_zone(zone))
        case _:
            return None


# --- scanning -------------------------------------------------------------------------------

# Four digits in a row, two numbers with a mark between them, a number beside a word. Each is looked
# for from its number: most signs of most lines are none.
_HINT: Final = re.compile(
    r"\d(?:\d{3}|\s?[-/.／．－]\s?\d|[\w.]{0,2}\s?[-.年月년월]|\s?[^\W\d_]{2}"
    r"|(?<=[^\W\d_]{3}\s\d)|(?<=[^\W\d_]{3}[.,]\s\d))"
    r"|[〇○一二三四五六七八九十元]\s?[年月]|[半两兩一二三四五六七八九十]\w{1,3}前"
)
# Words without a number are dates only where they stand alone or nearly so.
_LONGEST_WORDS: Final = 40
_WORDS: Final = re.compile("|".join(map(re.escape, [*DAY_WORDS, "ago"])), re.IGNORECASE)


def _may_hold_a_date(text: str) -> bool:
    """Spares most lines of a page the forms."""
    return bool(_HINT.search(text)) or (len(text) <= _LONGEST_WORDS and bool(_WORDS.search(text)))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Match:
    start: int
    end: int
    hold: Hold
    reading: Reading


def _scan(text: str, context: Context, zone: str, *, is_lenient: bool) -> Iterator[DateInText]:
    flat = flatten(text[:_LONGEST_TEXT])
    matches = _find_matches(flat, context)
    loosest = Hold.LOOSE if is_lenient else Hold.FIRM
    label: Label | None = None
    end = 0  # of what has been understood, the label of the date before included
    for match, following in zip_longest(matches, matches[1:]):
        label = (
            _label(flat, match, label, end)
            or _label_behind(flat, match, following)
            or _label_of_a_span(flat, match, following)
        )
        if match.hold <= loosest or label or _has_company(flat, match, matches):
            end = max(match.end, label.end if label else 0)
            yield DateInText(
                start=match.start,
                end=match.end,
                date=_printed(match.reading, text[match.start : match.end], context, zone),
                label=label.text if label else None,
                meaning=label.meaning if label else None,
            )


def _label(flat: str, match: _Match, before: Label | None, since: int) -> Label | None:
    """The label of a date; the end of a range has that of its beginning: 会议时间：5月1日至3日."""
    if before and _RANGE.fullmatch(flat, since, match.start):
        return before
    return find_label_before(flat, match.start, since=since)


def _label_behind(flat: str, match: _Match, following: _Match | None) -> Label | None:
    """The label behind a date. One that may be the next date's as well is the next one's
    (02-27 更新 03-01), unless it is set close to this one, or the next has one behind it as well
    (02-27发布 03-01更新)."""
    label = find_label_after(flat, match.end)
    if label is None or following is None:
        return label
    if find_label_before(flat, following.start, since=match.end) is None:
        return label
    is_close = label.start == match.end and label.end < following.start
    # In Chinese: `Feb 27 Updated March 1 Posted in …` says something else.
    is_row = not label.text.isascii() and find_label_after(flat, following.end) is not None
    return label if is_close or is_row else None


def _label_of_a_span(flat: str, match: _Match, following: _Match | None) -> Label | None:
    """What a day is that another ends: 2021年2月20日至2月27日 is a time in which something was."""
    if following is None or None in (match.reading.day, following.reading.day):
        return None
    between = _UNTIL.fullmatch(flat, match.end, following.start)
    return between and Label(text=between[0].strip(), meaning="event", end=match.end)


_UNTIL: Final = re.compile(r"\s*(?:~|至|到|to|until|bis)\s*", re.IGNORECASE)
_RANGE: Final = re.compile(r"\s*(?:-|~|至|到|to|until|bis)\s*", re.IGNORECASE)


def _find_matches(flat: str, context: Context) -> list[_Match]:
    """Every form in its order; what an earlier form has read, a later one does not read again."""
    matches: list[_Match] = []
    has: dict[Callable[[str], object], object] = {}
    for form in FORMS:
        if form.needs not in has:
            has[form.needs] = form.needs(flat)
        if not has[form.needs]:
            continue
        for found in form.pattern.finditer(flat):
            start, end = found.span()
            if any(start < other.end and other.start < end for other in matches):
                continue
            reading = form.read(found, context)
            if reading is not None:
                matches.append(_with_clock(reading, flat, start, end, form.hold))
    return sorted(matches, key=lambda match: match.start)


def _with_clock(reading: Reading, flat: str, start: int, end: int, hold: Hold) -> _Match:
    if reading.clock is None and (reading.day is not None or reading.refused):
        clock = find_clock_after(flat, end)
        if clock is not None:
            reading, end = replace(reading, clock=clock), clock.end
        elif ":" in flat[max(0, start - 16) : start]:
            clock = find_clock_before(flat, start)
            reading, start = replace(reading, clock=clock), clock.start if clock else start
    return _Match(start=start, end=reading.end or end, hold=hold, reading=reading)


def _has_company(flat: str, match: _Match, matches: list[_Match]) -> bool:
    """Whether the place of a doubtful form speaks for it: a time beside it, brackets around it,
    marks that part it from the rest, or nothing else in the line."""
    if match.hold is not Hold.BARE and (
        match.reading.clock is not None or _is_set_apart(flat, match.start, match.end)
    ):
        return True
    firm = [each for each in matches if each.hold is Hold.FIRM]
    if firm and match.hold is not Hold.LOOSE:
        return False  # 2021,36(4):12-15 ends in pages
    return not _has_words(flat, [match, *firm])


_EDGES: Final = re.compile(
    r"(?:^|[|·•/\t]|[^\x00-\xff]\s|\s\s)\s*$"  # a space behind a Chinese sign parts words
)
_EDGE_BEHIND: Final = re.compile(r"\s*(?:$|[|·•/]|\s[^\x00-\xff]|\s\s)")
_SIDES: Final = {"(": ")", "[": "]", "<": ">"}


def _is_set_apart(flat: str, start: int, end: int) -> bool:
    before, after = flat[:start].rstrip(), flat[end:].lstrip()
    if before and after and _SIDES.get(before[-1]) == after[0]:
        return True
    return bool(_EDGES.search(flat, max(0, start - 4), start) and _EDGE_BEHIND.match(flat, end))


def _has_words(flat: str, besides: list[_Match]) -> bool:
    for match in besides:
        flat = flat[: match.start] + " " * (match.end - match.start) + flat[match.end :]
    return any(map(str.isalnum, WEEKDAY_PATTERN.sub("", flat)))


# --- checking -------------------------------------------------------------------------------


def _printed(reading: Reading, raw: str, context: Context, zone: str) -> PrintedDate:
    """The value of a reading, or why it has none."""
    if reading.refused:
        return _refusal(raw, reading.refused)
    if reading.issue:
        return PrintedDate(raw=raw, value=None, precision=Precision.ISSUE, issue=reading.issue)
    if reading.instant:
        local = reading.instant.astimezone(_zone(zone))
        reading = replace(reading, year=local.year, month=local.month, day=local.day)
    if reading.year_missing:
        reading = _with_year(reading, context)
    if reason := _why_not(reading, context):
        return _refusal(raw, reason)
    value, precision, zone_is = _value(reading, zone)
    return PrintedDate(
        raw=raw, value=value, precision=precision, zone=zone_is, year_missing=reading.year_missing
    )


def _with_year(reading: Reading, context: Context) -> Reading:
    """The latest year in which the day exists and does not lie after the visit."""
    if context.visited is None:
        return reading
    for year in range(context.visited.year, context.visited.year - 9, -1):
        day = _day(year, reading)
        if day is not None and day <= context.visited.date():
            return replace(reading, year=year)
    return reading


def _why_not(reading: Reading, context: Context) -> str | None:
    """The reason for which a reading is refused, or None when it stands."""
    if 0 in (reading.year, reading.month, reading.day):
        return "zeros instead of a date"
    day = _day(2000 if reading.year is None else reading.year, reading)
    if day is None:
        return "no such day"
    if reading.year is None:
        return None
    if day in PLACEHOLDERS and reading.month:
        return f"{day} is what machines print that have no date"
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        return f"the year {day.year} is outside {FIRST_YEAR} to {LAST_YEAR}"
    if context.visited is not None and day > context.visited.date() + AHEAD:
        return f"more than {AHEAD.days} days after the visit"
    return None


def _day(year: int, reading: Reading) -> date | None:
    try:
        return date(year, reading.month or 1, reading.day or 1)
    except ValueError:
        return None


def _value(reading: Reading, zone: str) -> tuple[str, Precision, str | None]:
    if reading.instant is not None:
        local = reading.instant.astimezone(_zone(zone))
        return local.isoformat(timespec="seconds"), Precision.SECOND, "given"
    if reading.clock is not None:
        return _value_with_time(reading, zone)
    year = "-" if reading.year is None else f"{reading.year:04}"
    if reading.quarter is not None:
        return f"{year}-Q{reading.quarter}", Precision.QUARTER, None
    if reading.month is None:
        return year, Precision.YEAR, None
    if reading.day is None:
        return f"{year}-{reading.month:02}", Precision.MONTH, None
    return f"{year}-{reading.month:02}-{reading.day:02}", Precision.DAY, None


def _value_with_time(reading: Reading, zone: str) -> tuple[str, Precision, str | None]:
    clock = reading.clock
    assert clock is not None
    is_exact = clock.second is not None
    precision = Precision.SECOND if is_exact else Precision.MINUTE
    timespec = "seconds" if is_exact else "minutes"
    moment = time(clock.hour, clock.minute, clock.second or 0)
    if reading.year is None:
        text = moment.isoformat(timespec=timespec)
        return f"--{reading.month:02}-{reading.day:02}T{text}", precision, None
    day = _day(reading.year, reading)
    assert day is not None
    instant = datetime.combine(day, moment, tzinfo=clock.zone or _zone(zone))
    return instant.isoformat(timespec=timespec), precision, "given" if clock.zone else "assumed"


# --- small things ---------------------------------------------------------------------------

# Trust in what a date means, for texts that hold several; what is not here is never publication
# (READING.md §4).
_TRUST: Final[dict[Meaning | None, int]] = {
    **dict.fromkeys(PUBLICATION, 0),
    None: 1,
    "updated": 2,
}
_YEAR_OF_ISSUE: Final = re.compile(r"(?:19|20)\d\d(?=\D|$)")
_FINENESS: Final = {precision: place for place, precision in enumerate(Precision)}


def _rank(seen: DateInText) -> tuple[int, bool, int, int]:
    date_ = seen.date
    fineness = max(_FINENESS[date_.precision], _FINENESS[Precision.DAY])
    return _TRUST[seen.meaning], date_.year_missing, fineness, seen.start


def _refusal(raw: str, reason: str) -> PrintedDate:
    return PrintedDate(raw=raw, value=None, precision=Precision.NONE, reason=reason)


def _context(visited: datetime | None, zone: str, language: str | None) -> Context:
    local = visited.astimezone(_zone(zone)) if visited else None
    return Context(visited=local, language=(language or "").lower().replace("_", "-"))


@lru_cache(maxsize=64)  # as many zones as journals are likely to be in
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)

"""Which of three short numbers is the day: decided by what is printed and by the page's
language, and by nothing else. Where neither tells, the date is refused. Pure.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Final

from crawler.normalise.date_reading import Context, Reading, century_of

# Who writes the month first, and who the year; everybody else writes the day first.
_MONTH_FIRST: Final = ("en-us", "en-ph", "es-us", "es-pr")
_YEAR_FIRST: Final = ("zh", "ja", "ko", "hu", "lt", "mn")
# Plain English is both: of 23 corpus pages that say lang=en, 9 print the month first.
_UNDECIDED: Final = ("", "en")
_REFUSED: Final = Reading(refused="day and month cannot be told apart")
_HALF_DAY_FOLLOWS: Final = re.compile(r"[^\n]{1,12}\d\s?[ap]\.?m\b", re.IGNORECASE)


def read_year_last(match: re.Match[str], context: Context) -> Reading:
    """27/02/2021, 02/27/2021, 3/4/2021 10:20 AM."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if len(match["y"]) == 2:
        year = century_of(year, context)
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if second <= 12 else (second, first)
        return Reading(year=year, month=month, day=day)
    is_month_first = _is_month_first(match, context)
    if is_month_first is None:
        is_month_first = _by_weekday(match, first, second, year)
    if is_month_first is None:
        return _REFUSED
    month, day = (first, second) if is_month_first else (second, first)
    return Reading(year=year, month=month, day=day)


def _by_weekday(match: re.Match[str], first: int, second: int, year: int) -> bool | None:
    """`周四, 03/04/2021` is in March, for the third of April is a Saturday: Drupal in Chinese."""
    beside = _WEEKDAY.search(match.string[max(0, match.start() - 6) : match.end() + 6])
    if beside is None:
        return None
    weekday = _WEEKDAYS.index(beside[1].replace("天", "日"))
    fits = [
        is_month_first
        for is_month_first, month, day in ((True, first, second), (False, second, first))
        if date(max(year, 1), month, day).weekday() == weekday
    ]
    return fits[0] if len(fits) == 1 else None


_WEEKDAYS: Final = "一二三四五六日"
_WEEKDAY: Final = re.compile(rf"(?:星期|周|週|礼拜)([{_WEEKDAYS}天])")


def _is_month_first(match: re.Match[str], context: Context) -> bool | None:
    """AM or PM behind slashes tells of an American machine; dots are not used where the month
    comes first; else the language says, and when it does not, nobody does."""
    separator, language = match["sep"], context.language
    if separator == "/" and _HALF_DAY_FOLLOWS.match(match.string, match.end()):
        return True
    if language in _MONTH_FIRST:
        return True
    if separator == "." and language != "en":
        return False
    return None if _is_undecided(language) else False


def _is_undecided(language: str) -> bool:
    """Languages that put the year first have no order for when it comes last."""
    return language in _UNDECIDED or language.startswith(_YEAR_FIRST)


def read_three_short(match: re.Match[str], context: Context) -> Reading:
    """21-2-27 and 27/2/21: of the two ways to read it the one that the language prefers, unless
    it lies after the visit and the other does not."""
    year_first, year_last = _year_first(match, context), read_year_last(match, context)
    if year_first is None:
        return year_last
    preferred, other = year_first, year_last
    if context.language and not context.language.startswith(_YEAR_FIRST):
        preferred, other = year_last, year_first
    elif not context.language and match["sep"] != "-" and int(match["a"]) <= 12:
        return _REFUSED  # 03/04/05; behind dashes it is the Chinese short form
    if other.refused or not _is_ahead(preferred, context) or _is_ahead(other, context):
        return preferred
    return other


def _year_first(match: re.Match[str], context: Context) -> Reading | None:
    year, month, day = int(match["a"]), int(match["b"]), int(match["y"])
    if len(match["a"]) < 2 or not 1 <= month <= 12 or not 1 <= day <= 31:
        return None
    return Reading(year=century_of(year, context), month=month, day=day)


def _is_ahead(reading: Reading, context: Context) -> bool:
    day = (reading.year or 0, reading.month or 0, reading.day or 0)
    visited = context.visited
    return visited is not None and day > (visited.year, visited.month, visited.day)


def read_month_and_day(match: re.Match[str], context: Context) -> Reading:
    """02-27 and its like, with no year. Dashes are the Chinese short form when nothing is known
    of the language; slashes are everybody's."""
    first, second = int(match["a"]), int(match["b"])
    if first > 12 or second > 12:
        month, day = (first, second) if first <= 12 else (second, first)
        return Reading(month=month, day=day, year_missing=True)
    language = context.language
    if language in _UNDECIDED and (language or match["sep"] == "/") and first != second:
        return _REFUSED
    if not language or language in _MONTH_FIRST or language.startswith(_YEAR_FIRST):
        return Reading(month=first, day=second, year_missing=True)
    return Reading(month=second, day=first, year_missing=True)

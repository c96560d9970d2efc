"""The forms in which dates are printed: one row a form, in the order in which they are tried.

A form is a pattern and a small reader that turns its match into a `Reading` (parts as printed,
not yet checked), or None when the match is not this form after all. Patterns meet flattened text
(date_words.flatten). To teach a new wording, add a row to FORMS and one to tests/…/test_date.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from crawler.normalise.date_clock import Clock, find_clock_after, zone_of
from crawler.normalise.date_words import (
    DAY_WORDS,
    ERAS,
    SEASON,
    SMALL,
    UNITS,
    YEAR,
    month_named,
    number,
    unit_named,
)

if TYPE_CHECKING:
    from collections.abc import Callable


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


class Hold(IntEnum):
    """How much company a form bears: FIRM is a date anywhere; LOOSE in a line of other words
    only beside a label, a time, brackets or separators; WEAK needs those always."""

    FIRM = 0
    LOOSE = 1
    WEAK = 2


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """`needs` are signs of which the text must hold one for the pattern to be worth trying."""

    name: str
    hold: Hold
    needs: str
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Context], Reading | None]


# --- readers --------------------------------------------------------------------------------


def _parts(match: re.Match[str], _context: Context) -> Reading:
    """y, m, d (as far as the pattern has them), in Western or Chinese numerals."""
    group = match.groupdict()
    year, month, day = (number(group[key]) if group.get(key) else None for key in ("y", "m", "d"))
    return Reading(year=year, month=month, day=day, year_missing=year is None)


def _short_year(match: re.Match[str], context: Context) -> Reading:
    parts = _parts(match, context)
    assert parts.year is not None
    return Reading(year=_century(parts.year, context), month=parts.month, day=parts.day)


def _century(year: int, context: Context) -> int:
    """A year of two digits as the latest that does not lie after the year of the visit; with no
    visit known, POSIX: 69–99 are 1969–1999."""
    if context.visited is None:
        return year + (1900 if year >= 69 else 2000)
    return year + (2000 if year + 2000 <= context.visited.year + 1 else 1900)


def _era(match: re.Match[str], _context: Context) -> Reading:
    before, last = ERAS[match["era"].upper()]
    year = number(match["y"])
    if year < 1 or (last is not None and year > last):
        return Reading(refused=f"{match['era']} has no year {year}")
    month, day = (number(match[key]) if match[key] else None for key in ("m", "d"))
    return Reading(year=before + year, month=month, day=day)


def _roc_year(match: re.Match[str], context: Context) -> Reading | None:
    """110年2月27日 with no era named: Taiwan's count, unless the page is not Chinese."""
    if context.language not in ("", "zh-tw", "zh-hant", "zh-hant-tw"):
        return None
    return Reading(year=1911 + int(match["y"]), month=int(match["m"]), day=int(match["d"]))


def _named_month(match: re.Match[str], context: Context) -> Reading | None:
    month = month_named(match["month"])
    if month is None:
        return None
    group = match.groupdict()
    day = int(group["d"]) if group.get("d") else None
    if not group.get("y"):
        return Reading(month=month, day=day, year_missing=True)
    year = int(group["y"])
    return Reading(
        year=year if len(group["y"]) == 4 else _century(year, context), month=month, day=day
    )


def _digits_with_time(match: re.Match[str], context: Context) -> Reading:
    second = int(match["s"]) if match["s"] else None
    zone = zone_of(match["zone"])
    clock = Clock(
        hour=int(match["h"]), minute=int(match["min"]), second=second, zone=zone, end=match.end()
    )
    return replace(_parts(match, context), clock=clock)


def _unix(match: re.Match[str], _context: Context) -> Reading | None:
    """`Sat Feb 27 08:05:00 CST 2021`: the year comes after the time."""
    month = month_named(match["month"])
    if month is None:
        return None
    clock = find_clock_after(match[0], match.end("d") - match.start())
    return Reading(
        year=int(match["y"]), month=month, day=int(match["d"]), clock=clock, end=match.end()
    )


# Who writes the month first, and who the day; languages that put the year first do neither.
_MONTH_FIRST: Final = ("en-us", "en-ph", "es-us", "es-pr")
_YEAR_FIRST: Final = ("zh", "ja", "ko", "hu", "lt", "mn")
_UNKNOWN_ORDER: Final = "day and month cannot be told apart"


def _day_or_month_first(match: re.Match[str], context: Context) -> Reading:
    """27/02/2021, 02/27/2021, 3/4/2021 10:20 AM."""
    first, second, year = int(match["a"]), int(match["b"]), int(match["y"])
    if len(match["y"]) == 2:
        year = _century(year, context)
    if first > 12 or second > 12 or first == second:
        day, month = (first, second) if second <= 12 else (second, first)
        return Reading(year=year, month=month, day=day)
    is_month_first = _is_month_first(match, context)
    if is_month_first is None:
        return Reading(refused=_UNKNOWN_ORDER)
    month, day = (first, second) if is_month_first else (second, first)
    return Reading(year=year, month=month, day=day)


def _is_month_first(match: re.Match[str], context: Context) -> bool | None:
    """Dots mean the day comes first; AM and PM behind slashes mean an American machine wrote it;
    else the language says, and when it does not, nobody does."""
    separator, language = match["sep"], context.language
    if separator == ".":
        return False
    if separator == "/" and re.match(r"[^\n]{1,12}\d\s?[ap]m\b", match.string[match.end() :], re.I):
        return True
    if language in _MONTH_FIRST:
        return True
    if not language or language == "en" or language.startswith(_YEAR_FIRST):
        return None
    return False


def _three_short(match: re.Match[str], context: Context) -> Reading:
    """21-2-27, and with the year last where only that makes a date: 27/02/98, 2/27/21."""
    first, second, third = (int(match[key]) for key in ("a", "b", "c"))
    is_year_first = second <= 12 and third <= 31 and not _puts_year_last(match["sep"], context)
    if is_year_first:
        return Reading(year=_century(first, context), month=second, day=third)
    return _day_or_month_first(
        _SHORT_YEAR_LAST.match(match.string, match.start()) or match, context
    )


def _puts_year_last(separator: str, context: Context) -> bool:
    language = context.language
    return bool(language) and separator != "-" and not language.startswith(_YEAR_FIRST)


def _month_and_day(match: re.Match[str], context: Context) -> Reading:
    """02-27 and its like, with no year."""
    first, second = int(match["a"]), int(match["b"])
    if first > 12 or second > 12:
        month, day = (first, second) if first <= 12 else (second, first)
        return Reading(month=month, day=day, year_missing=True)
    language = context.language
    if match["sep"] == "/" and (not language or language == "en"):
        return Reading(refused=_UNKNOWN_ORDER)
    if not language or language in _MONTH_FIRST or language.startswith(_YEAR_FIRST):
        return Reading(month=first, day=second, year_missing=True)
    return Reading(month=second, day=first, year_missing=True)


def _quarter(match: re.Match[str], _context: Context) -> Reading:
    return Reading(year=int(match["y"]), quarter=number(match["q"]))


def _issue(match: re.Match[str], _context: Context) -> Reading:
    """Written as GB/T 7714 does: `2021,36(4)`; parts that were not printed are left out."""
    group = match.groupdict()
    year = f"{number(group['y'])}" if group.get("y") else ""
    volume = f"{number(group['v'])}" if group.get("v") else ""
    issue = f"({_issue_number(group['n'])})" if group.get("n") else ""
    return Reading(issue=(f"{year},{volume}" if year and volume else year + volume) + issue)


def _issue_number(text: str) -> str:
    parts = re.split(r"\s*[-~/、合]\s*", text.strip())
    return "-".join(str(number(part)) if re.fullmatch(SMALL, part) else part for part in parts)


def _lunar(_match: re.Match[str], _context: Context) -> Reading:
    return Reading(refused="a lunar date: not converted")


def _day_word(match: re.Match[str], context: Context) -> Reading:
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


def _ago(match: re.Match[str], context: Context) -> Reading | None:
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


def _epoch(match: re.Match[str], _context: Context) -> Reading:
    """Seconds or milliseconds since 1970. Only ten and thirteen digits: from September 2001."""
    seconds = int(match["s"][:10])
    return Reading(instant=datetime.fromtimestamp(seconds, UTC))


# --- patterns -------------------------------------------------------------------------------

_HEAD = r"(?<!\d)(?<!\d[.\-/])"  # not in the middle of a number
_Y4 = r"(?P<y>\d{4})"
_WORD = r"(?P<month>[^\W\d_]{3,12})"
_N_OF_ISSUE = rf"(?P<n>(?:{SMALL}|\d{{3}})(?:\s?[-~/、合]\s?(?:{SMALL}|\d{{3}}))?)"
_SUPPLEMENT = r"(?P<n>[ZSzs]\d{0,2}|(?:增刊|专刊|專刊|特刊|副刊|Suppl\.?)\s?\d{0,2})"
_PAREN = r"(?:\s?\([^()]{1,8}\)\s?)?"  # 2021年（令和3年）2月27日
_ERA = (
    rf"(?P<era>{'|'.join(name for name in ERAS if not name.isascii())})\s?"
    r"(?P<y>元|\d{1,3}|[一二三四五六七八九十百〇]{1,5})"
)
# A day of two digits may run into a time or a count: 2014-08-0114:45, 2014-08-0124人.
_DAY = r"(?P<d>\d{2}(?=\d{1,2}:\d\d)|\d{2}(?=\d{1,6}\s?[^\W\d_a-zA-Z])|\d{1,2}(?!\d))"
_DAY_HAN = rf"(?P<d>{SMALL})\s?(?:[日号號일]|(?=\s?\d{{1,2}}:\d\d)|(?=\s?$))"
_LUNAR_ONLY = (
    r"(?:初[一二三四五六七八九十]|廿[一二三四五六七八九]?(?![一二三四五六七八九]|\s?[日号號]))"
)
_LUNAR_DAY = rf"(?:{_LUNAR_ONLY}|十[一二三四五六七八九]|[二三]?十)"
_STEM = "[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]"

_SHORT_YEAR_LAST = re.compile(r"(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{2})")


def _form(
    name: str,
    pattern: str,
    read: Callable[[re.Match[str], Context], Reading | None],
    *,
    hold: Hold = Hold.FIRM,
    needs: str = "",
) -> Form:
    compiled = re.compile(pattern, re.IGNORECASE)
    return Form(name=name, hold=hold, needs=needs, pattern=compiled, read=read)


_AGO_UNITS = "|".join(sorted((word for word in UNITS if not word.isascii()), key=len, reverse=True))

FORMS: Final[tuple[Form, ...]] = (
    # What is not a date of our calendar comes first, so that nothing is read out of its middle.
    _form(
        "lunar calendar",
        rf"(?:农历|農曆|阴历|陰曆|夏历|旧历|舊曆|旧暦|음력)[^,。;\s)]{{0,14}}"
        rf"|(?:{_STEM}年|{YEAR}年)?\s?(?:正月|[冬腊臘]月|闰\w{{1,2}}月|閏\w{{1,2}}月)(?:{_LUNAR_DAY})?"
        rf"|(?:{_STEM}年)\s?{SMALL}月(?:{_LUNAR_DAY}|{SMALL}日?)?"
        rf"|(?:{YEAR}年)?{SMALL}月{_LUNAR_ONLY}",
        _lunar,
        needs="月历曆暦음",
    ),
    # Issues: printed like dates, and none.
    _form(
        "2021年第36卷第4期",
        rf"(?:(?P<y>\d{{4}})\s?年?\s?,?\s?)?第?\s?(?P<v>{SMALL}|\d{{3}})\s?卷\s?[,(]?\s?"
        rf"第?\s?(?:总?第)?{_N_OF_ISSUE}\s?\)?\s?[期号號호]",
        _issue,
        needs="卷",
    ),
    _form(
        "2021年第4期",
        rf"(?<!\d)(?P<y>{YEAR})\s?[年./,\-년]?\s?(?:总|總)?第?\s?{_N_OF_ISSUE}\s?[期호]",
        _issue,
        needs="期호",
    ),
    _form("第4期", rf"(?<![年\d])第\s?{_N_OF_ISSUE}\s?[期号號]", _issue, needs="第"),
    _form(
        "2021年增刊1",
        rf"(?<!\d){_Y4}\s?年?\s?,?\s?(?:(?P<v>\d{{1,3}})\s?)?(?:\(\s?)?{_SUPPLEMENT}\s?\)?(?!\w)",
        _issue,
        needs="刊ZSzs",
    ),
    _form(
        "2021,36(4)",
        rf"(?<!\d){_Y4}\s?(?:年\s?)?(?:[,;]\s?(?P<v>\d{{1,3}})?\s?)?\(\s?{_N_OF_ISSUE}\s?\)",
        _issue,
        needs="(",
    ),
    _form(
        "2021 Vol. 36 No. 4",
        rf"(?:(?<!\d){_Y4}\s?年?\s?[,.]?\s?)?\bvol(?:\.|ume)?\s?(?P<v>\d{{1,4}})"
        rf"(?:\s?[,.(]?\s?(?:no|number|issue|iss|n)\b\.?\s?{_N_OF_ISSUE})?",
        _issue,
        needs="vV",
    ),
    _form(
        "2021年春季号",
        rf"(?<!\d){_Y4}\s?年?\s?(?P<n>[春夏秋冬](?:季?[号號刊卷]|季)?)",
        _issue,
        needs="春夏秋冬",
    ),
    _form("Spring 2021", rf"\b(?P<n>{SEASON})\s?,?\s?{_Y4}\b", _issue),
    _form(
        "2021年第1季度",
        rf"(?<!\d){_Y4}\s?年?\s?第?\s?(?P<q>[1-4一二三四])\s?(?:季度?|분기|四半期)",
        _quarter,
        needs="季분半",
    ),
    _form("2021 Q1", rf"(?<!\d){_Y4}\s?[年\-]?\s?Q(?P<q>[1-4])\b", _quarter, needs="qQ"),
    _form("Q1 2021", rf"\bQ(?P<q>[1-4])[\s/,\-]{{1,2}}{_Y4}\b", _quarter, needs="qQ"),
    # The year first. Before the eras, because 2021年（令和3年）2月27日 names both.
    _form(
        "2021年2月27日",
        rf"(?<!\d)(?P<y>{YEAR})\s?{_PAREN}[年년]\s?{_PAREN}(?P<m>{SMALL})\s?[月월]\s?{_DAY_HAN}",
        _parts,
        needs="年년",
    ),
    # Eras.
    _form(
        "民國110年2月27日",
        rf"{_ERA}\s?(?:年{_PAREN}\s?|[./\-])"
        rf"(?:(?P<m>{SMALL})\s?(?:月\s?|[./\-])(?:(?P<d>{SMALL})\s?日?(?!\d))?)?",
        _era,
        needs="国國和成正治",
    ),
    _form(
        "R3.2.27",
        r"(?<!\w)(?P<era>[RHS])(?P<y>\d{1,2})(?P<sep>[./\-])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        _era,
        hold=Hold.WEAK,
        needs="RHS",
    ),
    _form(
        "21年2月27日",
        rf"(?<![\d一二三四五六七八九十])(?P<y>\d{{2}})\s?[年년]\s?(?P<m>{SMALL})\s?[月월]\s?{_DAY_HAN}",
        _short_year,
        needs="年년",
    ),
    _form(
        "110年2月27日",
        r"(?<![\d第])(?P<y>1[0-4]\d)\s?年\s?(?P<m>\d{1,2})\s?月\s?(?P<d>\d{1,2})\s?日",
        _roc_year,
        needs="年",
    ),
    _form(
        "2021年2月",
        rf"(?<!\d)(?P<y>{YEAR})\s?{_PAREN}[年년]\s?{_PAREN}(?P<m>{SMALL})\s?[月월](?!\s?\d)(?:份|[上中下]旬)?",
        _parts,
        needs="年년",
    ),
    _form(
        "2021-02-27",
        rf"{_HEAD}{_Y4}\s?(?P<sep>[-/.])\s?(?P<m>\d{{1,2}})\s?(?:(?P=sep)|月)\s?{_DAY}(?:\s?日)?",
        _parts,
        needs="-/.",
    ),
    _form(
        "2021年02-27",
        rf"(?<!\d){_Y4}\s?年\s?(?P<m>\d{{1,2}})\s?[-/.]\s?{_DAY}(?:\s?日)?",
        _parts,
        needs="年",
    ),
    # Year last.
    _form(
        "27/02/2021",
        rf"{_HEAD}(?P<a>\d{{1,2}})\s?(?P<sep>[-/.])\s?(?P<b>\d{{1,2}})\s?(?P=sep)\s?{_Y4}(?!\d)",
        _day_or_month_first,
        needs="-/.",
    ),
    # Months by name.
    _form(
        "Sat Feb 27 08:05:00 CST 2021",
        rf"\b{_WORD}\s(?P<d>\d{{1,2}})\s\d\d:\d\d(?::\d\d)?\s(?:[A-Z+\-0-9:]{{1,9}}\s)?{_Y4}\b",
        _unix,
        needs=":",
    ),
    _form(
        "27 February 2021",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º|ª)?[\s.\-/]{{0,3}}(?:(?:of|de|d')\s?)?{_WORD}"
        rf"\.?[\s,.\-/]{{0,3}}(?:(?:de|del|of)\s)?(?P<y>\d{{4}}(?!\d)|(?<=-)\d{{2}}(?![\d:])|\d{{2}}(?=\s\d?\d:\d\d))",
        _named_month,
    ),
    _form(
        "Feb 27, 2021",
        rf"(?<![^\W\d_]){_WORD}\.?[\s\-]{{0,2}}(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s,.\-]{{1,3}}(?:of\s)?{_Y4}(?!\d)",
        _named_month,
    ),
    _form(
        "2021 Feb 27",
        rf"(?<!\d){_Y4}[\s,.\-/]{{1,3}}{_WORD}\.?[\s.\-/]{{1,2}}(?P<d>\d{{1,2}})(?!\d)",
        _named_month,
    ),
    _form(
        "February 2021",
        rf"(?<![^\W\d_]){_WORD}\.?[\s,.\-/]{{1,3}}(?:(?:de|del|of)\s)?{_Y4}(?!\d)",
        _named_month,
        hold=Hold.LOOSE,
    ),
    _form(
        "2021 February",
        rf"(?<!\d){_Y4}[\s,.\-/]{{1,3}}{_WORD}(?![^\W_])(?!\s\d)",
        _named_month,
        hold=Hold.LOOSE,
    ),
    # Digits only.
    _form(
        "20210227080500",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])T?"
        r"(?P<h>[01]\d|2[0-3])(?P<min>[0-5]\d)(?P<s>[0-5]\d)?(?P<zone>Z)?(?!\d)",
        _digits_with_time,
        hold=Hold.LOOSE,
    ),
    _form(
        "20210227",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?!\d)",
        _parts,
        hold=Hold.LOOSE,
    ),
    _form(
        "2021-02",
        rf"{_HEAD}(?P<y>(?:19|20)\d{{2}})\s?[-/.]\s?(?P<m>0?[1-9]|1[0-2])(?![\d\-/]|\.\d)",
        _parts,
        hold=Hold.LOOSE,
        needs="-/.",
    ),
    _form(
        "1614384300",
        r"(?:^|[=\"'(])\s?(?P<s>[1-3]\d{9}(?:\d{3})?)(?=$|[\"');,\s])",
        _epoch,
        hold=Hold.LOOSE,
    ),
    # Two-digit years and missing years.
    _form(
        "21-2-27",
        r"(?<![\d.\-/])(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{1,2})(?![\d\-/]|\.\d)",
        _three_short,
        hold=Hold.WEAK,
        needs="-/.",
    ),
    _form(
        "110/02/27",
        r"(?<![\d.\-/])(?P<y>1[0-4]\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?![\d\-/])",
        _roc_year,
        hold=Hold.WEAK,
        needs="-/.",
    ),
    _form(
        "2月27日",
        rf"(?<![\d年년])(?P<m>{SMALL})\s?[月월]\s?(?P<d>{SMALL})\s?[日号號일]",
        _parts,
        hold=Hold.LOOSE,
        needs="月월",
    ),
    _form(
        "02-27",
        r"(?<![\d.\-/])(?P<a>\d{1,2})(?P<sep>[-/])(?P<b>\d{1,2})(?![\d\-/%]|\.\d)",
        _month_and_day,
        hold=Hold.WEAK,
        needs="-/",
    ),
    _form(
        "02.27",
        r"(?<![\d.\-/])(?P<a>\d{2})(?P<sep>\.)(?P<b>\d{2})(?![\d.%])",
        _month_and_day,
        hold=Hold.WEAK,
        needs=".",
    ),
    _form(
        "31 Dec",
        rf"(?<!\d)(?P<d>\d{{1,2}})(?:st|nd|rd|th|er)?[\s.\-]{{1,2}}(?:(?:of|de)\s)?{_WORD}(?![^\W_])",
        _named_month,
        hold=Hold.WEAK,
    ),
    _form(
        "Dec 31",
        rf"(?<![^\W_]){_WORD}\.?\s(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?!\d|[:.,]\d)",
        _named_month,
        hold=Hold.WEAK,
    ),
    # Counted from the visit.
    _form(
        "3小时前",
        rf"(?P<n>\d{{1,4}}|半|两|兩|[一二三四五六七八九十]{{1,3}})\s?(?P<unit>{_AGO_UNITS})\s?(?:[以之]?前|전)",
        _ago,
        hold=Hold.LOOSE,
        needs="前전",
    ),
    _form(
        "3 hours ago",
        r"\b(?P<n>\d{1,4}|half an|an?|one)\s?(?P<unit>[a-z]{1,7})\.?\sago\b",
        _ago,
        hold=Hold.LOOSE,
        needs="aA",
    ),
    _form(
        "vor 3 Stunden",
        r"\b(?:vor|il y a|hace|há)\s(?P<n>\d{1,4}|eine[rm]|une?|una)\s(?P<unit>[^\W\d_]{2,8})\b",
        _ago,
        hold=Hold.LOOSE,
    ),
    _form(
        "昨天",
        rf"(?<![^\W_])(?:{'|'.join(sorted(DAY_WORDS, key=len, reverse=True))})",
        _day_word,
        hold=Hold.WEAK,
    ),
    _form(
        "2021年",
        r"(?<!\d)(?P<y>(?:19|20)\d{2})(?:\s?[年년]度?)?(?!\d|[.,]\d)",
        _parts,
        hold=Hold.WEAK,
    ),
)

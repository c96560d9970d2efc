"""The dates that lines of a page print, each with its place and what is said of it: by a label
beside it, in the line before, or by the name of its element.

Does not know which of them is the article's: date.py decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import TYPE_CHECKING

from archive.model import Found, Precision
from crawler.normalise.date import find_dates, parse_date
from crawler.normalise.date_labels import is_label
from crawler.reading.document import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.normalise.date import DateInText
    from crawler.reading.document import Document, Line
    from sources.model import Source

#: A date and its place, what its label says (None without one), how exact it is.
Printed = tuple[Found, str | None, Precision]
DAYS = (Precision.SECOND, Precision.MINUTE, Precision.DAY)


@dataclass(frozen=True, kw_only=True, slots=True)
class DateReader:
    """What a date is read against: the visit, the source's zone, the page's language."""

    visited: datetime
    zone: str = "Asia/Shanghai"
    language: str | None = None

    @classmethod
    def of(cls, document: Document, *, visited: datetime, source: Source | None) -> DateReader:
        if source:
            return cls(visited=visited, zone=source.zone, language=source.language)
        declared = document.tree.get("lang") or None
        if document.is_chinese and not (declared or "").lower().startswith("zh"):
            declared = "zh"  # a template was copied; zh-TW tells which calendar is meant
        return cls(visited=visited, language=declared)

    def printed(
        self, text: str, *, yearless: bool = False
    ) -> list[tuple[str, str | None, Precision]]:
        """The dates in a line, those with a year or those without: as printed, what their label
        says, how exact."""
        dates = find_dates(text, visited=self.visited, zone=self.zone, language=self.language)
        return [
            (self._as_printed(text, each), each.meaning, each.date.precision)
            for each in dates
            if each.date.value and each.date.year_missing is yearless
        ]

    def _as_printed(self, text: str, found: DateInText) -> str:
        """The date alone where it reads the same alone; a two-digit year may need its line."""
        alone = text[found.start : found.end]
        parsed = parse_date(alone, visited=self.visited, zone=self.zone, language=self.language)
        return alone if parsed.value == found.date.value else text

    def day(self, text: str) -> date | None:
        """The day that a text names, where it names one."""
        parsed = parse_date(text, visited=self.visited, zone=self.zone, language=self.language)
        if parsed.value is None or parsed.year_missing or parsed.precision not in DAYS:
            return None
        return date.fromisoformat(parsed.value[:10])

    def year_and_month(self, text: str) -> tuple[int, int]:
        """Of a day, be its year printed or that of the visit."""
        parsed = parse_date(text, visited=self.visited, zone=self.zone, language=self.language)
        year, month = f"{parsed.value}"[:7].split("-")
        return int(year), int(month)

    def precision(self, text: str) -> Precision:
        parsed = parse_date(text, visited=self.visited, zone=self.zone, language=self.language)
        return parsed.precision if parsed.value else Precision.NONE


def printed_in(
    lines: Sequence[Line], reader: DateReader, *, yearless: bool = False
) -> Iterator[Printed]:
    """The dates in lines that follow one another: where, what their label says, how exact."""
    before = ""
    for line, below in zip_longest(lines, lines[1:]):
        said, before = f"{before}{line.text}", _to_go_on(before, line.text)
        if len(said) > LONGEST_LINE:
            continue
        for text, meaning, precision in reader.printed(said, yearless=yearless):
            if meaning is None and _SENTENCE.search(line.text):
                continue
            if meaning == "published" and is_of_an_event(line, below):
                meaning = "event"
            if meaning is None and _is_named_an_edit(line.element):
                meaning = "updated"
            label = f"labelled {meaning}" if meaning else "line"
            yield Found(text=text, where=f"{label}: {place_of(line.element)}"), meaning, precision


def is_of_an_event(line: Line, below: Line | None) -> bool:
    """`时间：5月1日 地点：报告厅`: what has a place is no publication."""
    is_placed = below is not None and _PLACE.match(below.text)
    return bool(is_placed or _PLACE.search(line.text)) and _TIME.search(line.text) is not None


_PLACE = re.compile(r"(?<!\w)(?:地\s*点|地\s*點|场所|會場|会场)\s*[:：]")
_TIME = re.compile(r"(?:时\s*间|時\s*間|日\s*期)\s*[:：]")


def _to_go_on(before: str, text: str) -> str:
    """What of a line belongs to the date in the next: a label, in a cell of its own, or the pieces
    of a date of which one is set large."""
    if len(text) > _LONGEST_PIECE:
        return ""
    if _PIECE.fullmatch(text):
        return f"{before if _PIECE.match(before) else ''}{text} "
    return f"{text} " if is_label(text) else ""


_LONGEST_PIECE = 16
_PIECE = re.compile(
    r"\d{2}\s?日?|\d{2}\s?[-/.月]\s?\d{2}日?|(?:19|20)\d\d\s?年?(?:\s?[-/.年]\s?\d{2}月?)?"
)


def _is_named_an_edit(element: HtmlElement) -> bool:
    """Whether the place of a date is named after the edit: `date-modified`, `field--name-changed`.
    `updated` does not say so: hAtom's templates name the date of publication that."""
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _EDITED.search(names) is not None


_EDITED = re.compile(r"(?:^|[-_\s]|date)(?:modified|changed)(?=$|[-_\s])", re.IGNORECASE)

LONGEST_LINE = 300
# A date that says nothing of itself inside a sentence is of what is told: 图为2020年5月1日的码头。
_SENTENCE = re.compile(r"[。！？]|，[^，]{8,}，")

"""The dates that lines of a page print, each with its place and what is said of it: by a label
beside it, in the line before, or by the name of its element.

Does not know which of them is the article's: date.py decides.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
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

    def printed(self, text: str) -> list[tuple[str, str | None, Precision]]:
        """The dates in a line: as printed, what their label says, how exact."""
        dates = find_dates(text, visited=self.visited, zone=self.zone, language=self.language)
        return [
            (self._as_printed(text, each), each.meaning, each.date.precision)
            for each in dates
            if each.date.value and not each.date.year_missing
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

    def precision(self, text: str) -> Precision:
        parsed = parse_date(text, visited=self.visited, zone=self.zone, language=self.language)
        return parsed.precision if parsed.value else Precision.NONE


def printed_in(lines: Sequence[Line], reader: DateReader) -> Iterator[Printed]:
    """The dates in lines that follow one another: where, what their label says, how exact."""
    before = ""
    for line in lines:
        said, before = f"{before}{line.text}", _to_go_on(before, line.text)
        if len(said) > LONGEST_LINE:
            continue
        for text, meaning, precision in reader.printed(said):
            if meaning is None and _SENTENCE.search(line.text):
                continue
            if meaning is None and _is_named_an_edit(line.element):
                meaning = "updated"
            label = f"labelled {meaning}" if meaning else "line"
            yield Found(text=text, where=f"{label}: {place_of(line.element)}"), meaning, precision


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

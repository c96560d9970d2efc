"""When an article page says that it was published and updated: every candidate, most believed
first. The order is READING.md §4 and stands in `_ORDER_CHINESE` and `_ORDER_OTHER`.

Reads single dates with crawler.normalise.date; makes up nothing, lets no frequency vote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Found, Precision
from crawler.normalise.date import find_dates, parse_date
from crawler.normalise.date_labels import PUBLICATION
from crawler.reading.document import place_of
from crawler.reading.metadata import unique

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.normalise.date import DateInText
    from crawler.reading.block import Block
    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """Candidates, most believed first."""

    published: tuple[Found, ...]
    updated: tuple[Found, ...]


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
        return cls(visited=visited, language="zh" if document.is_chinese else declared)

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
        date = parse_date(alone, visited=self.visited, zone=self.zone, language=self.language)
        return alone if date.value == found.date.value else text

    def precision(self, text: str) -> Precision:
        date = parse_date(text, visited=self.visited, zone=self.zone, language=self.language)
        return date.precision if date.value else Precision.NONE


def find_page_dates(
    document: Document,
    metadata: Metadata,
    block: Block,
    *,
    reader: DateReader,
    listed: str | None = None,
) -> Dates:
    """All dates of a page by what they mean and where they stand."""
    by_kind = dict(_by_kind(document, metadata, block, reader, listed))
    if not any(by_kind[kind] for kind in _BEFORE_SCRIPTS):
        by_kind["script"] = list(_in_scripts(document))  # 5 ms: only where nothing better is
    order = _ORDER_CHINESE if document.is_chinese else _ORDER_OTHER
    published = [found for kind in order for found in by_kind.get(kind, ())[:_MOST_OF_A_KIND]]
    updated = [*by_kind.get("printed updated", ()), *metadata.all("updated")]
    return Dates(
        published=unique(_finer_first(published, reader)),
        updated=unique(found for found in updated if reader.precision(found.text) in _DAYS),
    )


# On Chinese pages print comes first altogether: their metadata is the template's as often as the
# article's. Elsewhere metadata is kept by machines, and print near the title names many things.
_ORDER_CHINESE = (
    "labelled online",
    "labelled printed",
    "labelled published",
    "timed",
    "bare",
    "above",
    "lone updated",
    "meta online",
    "meta published",
    "time",
    "meta dated",
    "script",
    "signature",
    "list",
    "url",
    "far time",
)
_ORDER_OTHER = (
    "meta online",
    "labelled online",
    "meta published",
    "labelled printed",
    "labelled published",
    "time",
    "timed",
    "bare",
    "meta dated",
    "above",
    "script",
    "lone updated",
    "signature",
    "list",
    "url",
    "far time",
)
_BEFORE_SCRIPTS = (
    "meta online",
    "meta published",
    "labelled online",
    "labelled printed",
    "labelled published",
    "time",
    "timed",
    "bare",
)
_DAYS = (Precision.SECOND, Precision.MINUTE, Precision.DAY)
_TIMES = (Precision.SECOND, Precision.MINUTE)

_SCRIPT = re.compile(
    r"""\bvar\s+ct\s*=\s*["']?\d{10,13}["']?|["']?(?:publish_?(?:time|date)|pub_?(?:time|date)|datePublished|create_?time)["']?"""
    r"""\s*[:=]\s*["']?[\dT :+./-]{10,30}Z?""",
    re.IGNORECASE,
)
_URL_DAY = re.compile(
    r"(?<![\d])(?:t|art_|/)?((?:19|20)\d\d[/-]?(?:0[1-9]|1[0-2])[/-]?(?:0[1-9]|[12]\d|3[01]))(?=[/_.-]|$)"
)
# A line that is a date and little else: 品牌研究杂志社编辑部 2021/02/27.
_SIGNATURE_CHARS = 40
_LONGEST_LINE = 300
# A forum's page has hundreds of each; the first ones are the article's or none is.
_MOST_OF_A_KIND = 3


def _by_kind(
    document: Document, metadata: Metadata, block: Block, reader: DateReader, listed: str | None
) -> Iterator[tuple[str, list[Found]]]:
    head = list(_printed(block.head, reader))
    for meaning in PUBLICATION:
        yield f"labelled {meaning}", [found for found, said, _ in head if said == meaning]
    bare = [(found, precision) for found, said, precision in head if said is None]
    yield "timed", [found for found, precision in bare if precision in _TIMES]
    yield "bare", [found for found, precision in bare if precision in _DAYS]
    updated = [found for found, said, _ in head if said == "updated"]
    yield "printed updated", updated
    if all(said in (None, "updated") for _, said, _ in head) and not bare:
        yield "lone updated", updated
    yield (
        "above",
        [
            found
            for found, said, precision in _printed(block.above, reader)
            if precision in _DAYS and said in (None, *PUBLICATION)
        ],
    )
    yield "meta online", list(metadata.all("online"))
    yield "meta published", list(metadata.all("published"))
    yield "meta dated", list(metadata.all("dated"))
    near = {line.element for line in (*block.above, *block.head)}
    tags = list(_time_tags(document))
    yield (
        "time",
        [
            found
            for found, element in tags
            if not near.isdisjoint((element, *element.iterancestors()))
        ],
    )
    yield "far time", [found for found, _ in tags]
    yield "signature", _signature(block.tail, reader)
    yield "list", [Found(text=listed, where="list")] if listed else []
    yield (
        "url",
        [Found(text=match[1], where="url") for match in _URL_DAY.finditer(document.url or "")],
    )


def _printed(
    lines: Sequence[Line], reader: DateReader
) -> Iterator[tuple[Found, str | None, Precision]]:
    for line in lines:
        if len(line.text) > _LONGEST_LINE:
            continue
        for text, meaning, precision in reader.printed(line.text):
            label = f"labelled {meaning}" if meaning else "line"
            yield Found(text=text, where=f"{label}: {place_of(line.element)}"), meaning, precision


def _signature(tail: Sequence[Line], reader: DateReader) -> list[Found]:
    """The date at the end of the body, on a line with hardly more than itself. Two different
    ones there are the dates of comments, or of other articles."""
    signed = [
        text
        for line in tail
        if len(line.text) <= _SIGNATURE_CHARS and line.link_share <= 0.3
        for text, meaning, precision in reader.printed(line.text)
        if precision in _DAYS and meaning in (None, *PUBLICATION)
    ]
    return [Found(text=signed[0], where="signature")] if len(set(signed)) == 1 else []


def _time_tags(document: Document) -> Iterator[tuple[Found, HtmlElement]]:
    for element in document.tree.iter("time"):
        value = (element.get("datetime") or "").strip()
        if value[:1].isdigit():  # PT7M is a duration
            yield Found(text=value, where="time[datetime]"), element


def _in_scripts(document: Document) -> Iterator[Found]:
    for script in document.tree.iter("script"):
        for match in _SCRIPT.finditer(script.text or ""):
            yield Found(text=match[0], where="script")


def _finer_first(found: Sequence[Found], reader: DateReader) -> list[Found]:
    """Days before months before years, the order kept among equals. A journal's `2021` in its
    metadata does not hide the day that is printed; the candidates stay, with their places."""
    rank = {
        Precision.MONTH: 1,
        Precision.QUARTER: 2,
        Precision.YEAR: 3,
        Precision.ISSUE: 4,
        Precision.NONE: 5,
    }
    return sorted(found, key=lambda each: rank.get(reader.precision(each.text), 0))

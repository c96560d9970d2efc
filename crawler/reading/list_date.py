"""The date of each row of a list, as printed: inside the row, beside it (`<dt>` title, `<dd>`
date), before it, or once as a heading over several rows. Never changes what was printed, and
never takes for one row what stands at another.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from archive.model import Precision
from crawler.normalise.date import find_dates
from crawler.reading.anchors import text_of
from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.reading.anchors import Anchor
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDates:
    """Tells dates from other words, for a page visited then and there: 3小时前 is a date only
    when it is known of which day."""

    visited: datetime | None = None
    zone: str = "Asia/Shanghai"
    language: str | None = None

    @classmethod
    def of(cls, source: Source | None, visited: datetime) -> PrintedDates:
        """For the pages of a source."""
        if source is None:
            return cls(visited=visited)
        return cls(visited=visited, zone=source.zone, language=source.language)

    def find(self, text: str) -> str | None:
        """The date in a few words, as printed; None when there is none of a month or finer."""
        text = one_line(text)[:_ROW_CHARS]
        if not _MAY_BE_DATE.search(text):
            return None
        if split := _SPLIT_DATE.search(text):
            return "-".join(filter(None, split.group("y1", "m1", "d1", "y2", "m2", "d2")))
        found = [
            (_MEANINGS.index(each.meaning), _DATES.index(each.date.precision), each.start, each.end)
            for each in find_dates(
                text, visited=self.visited, zone=self.zone, language=self.language
            )
            if each.date.precision in _DATES and each.meaning in _MEANINGS
        ]
        if not found:
            return None
        *_, start, end = min(found)
        return text[start:end].strip()

    def is_date(self, text: str) -> bool:
        """Whether a text is a date and little else: `发布时间：2021-02-27`, `[02-27]`."""
        if len(text) > _DATE_CHARS or not (printed := self.find(text)):
            return False
        return len(fold(text.replace(printed, ""))) <= _DATE_WORDS

    def of_rows(
        self, rows: Mapping[Anchor, HtmlElement], taken: Mapping[HtmlElement, str]
    ) -> dict[Anchor, str | None]:
        """The date of each row, looked for in one place for all of them. `taken` are the rows of
        all links of these articles, with the address: nothing is taken from beyond one of another
        article."""
        after = partial(words_beside, taken=taken, preceding=False)
        before = partial(words_beside, taken=taken, preceding=True)
        over = partial(self._heading, taken=taken, known={})
        best: dict[Anchor, str | None] = dict.fromkeys(rows)
        most = 0
        # After and before are tried together: what stands before each row but the first also
        # stands after each but the last, and the place that gives all of them is right. What
        # stands beside one row of many is not that row's: the 刊出日期 over its contents.
        few_beside = 1 if len(rows) > _FEW_ROWS else 0
        for ways, few in (((self._inside,), 0), ((after, before), few_beside), ((over,), 0)):
            for way in ways:
                dates = {anchor: self.find(way(row)) for anchor, row in rows.items()}
                count = sum(date is not None for date in dates.values())
                if count > max(most, few):
                    best, most = dates, count
            if most * 2 > len(rows):
                break
        return best

    def _inside(self, row: HtmlElement) -> str:
        """The words of a row outside its links; inside them only what is a date."""
        texts = texts_of(row)
        return " ".join(text for text, is_linked in texts if not is_linked or self.is_date(text))

    def _heading(
        self, row: HtmlElement, *, taken: Collection[HtmlElement], known: dict[HtmlElement, str]
    ) -> str:
        """A line over several rows that is a date and nothing else. `known` keeps what was
        looked at for the rows before."""
        element: HtmlElement | None = row
        for _ in range(_HEADING_LEVELS):
            if element is None:
                break
            for before in islice(element.itersiblings(preceding=True), _HEADING_SIBLINGS):
                if before not in taken and before not in known:
                    words = one_line(" ".join(islice(before.itertext(), _HEADING_PIECES)))
                    known[before] = words if self.is_date(words) else ""
                if known.get(before):
                    return known[before]
            element = element.getparent()
        return ""


def texts_of(element: HtmlElement) -> Iterator[tuple[str, bool]]:
    """The text nodes of an element, the first `_ROW_TEXTS`, each with whether it is inside a link.
    A `<time>` gives its machine-readable date where it prints only a part of one."""
    links = said_so_far = 0
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        links += (node.tag == "a") * (1 if event == "start" else -1)
        said = node.text if event == "start" else node.tail
        if event == "start" and node.tag == "time":
            stamp = node.get("datetime") or ""
            said = stamp if _ISO.match(stamp) and not _YEAR.search(text_of(node)) else said
        if event == "start" and node.tag in ("script", "style"):
            walker.skip_subtree()
        elif said and said.strip() and (event == "start" or node is not element):
            yield one_line(said), links > 0
            said_so_far += 1
            if said_so_far == _ROW_TEXTS:
                return


def words_beside(row: HtmlElement, *, taken: Mapping[HtmlElement, str], preceding: bool) -> str:
    """The words between a row and the next one, or the one before. A row of the same article is
    no end: its title in `<dt>`, a summary with 详细 in `<dd>`, its date in another."""
    own = taken.get(row)
    texts = [] if preceding else [row.tail or ""]
    for sibling in row.itersiblings(preceding=preceding):
        tail = sibling.tail or ""
        if preceding:
            texts.append(tail)
        if any(taken.get(inner, own) != own for inner in sibling.iter()):
            break
        texts.append(" ".join(text for text, _ in texts_of(sibling)))
        if not preceding:
            texts.append(tail)
        if len(texts) > _NEIGHBOURS:
            break
    return " ".join(reversed(texts) if preceding else texts)


# How far words count: what follows in a row is a summary, and its dates are others'.
_ROW_CHARS = 400
# And a row of more pieces than this is a whole page in one link: none is asked for a date.
_ROW_TEXTS = 200
_FEW_ROWS = 2
_NEIGHBOURS, _HEADING_PIECES, _HEADING_LEVELS, _HEADING_SIBLINGS = 12, 6, 3, 100
# A text of only a date is short, and has room for a label of a few letters beside it.
_DATE_CHARS, _DATE_WORDS = 40, 6

_MAY_BE_DATE = re.compile(
    r"\d|[〇一二三四五六七八九十][年月日]|[昨今前]天|[昨今]日|yesterday|today", re.IGNORECASE
)
_ISO = re.compile(r"(?:19|20)\d\d-\d\d-\d\d")
_YEAR = re.compile(r"(?:19|20)\d\d")

# A day in large print over its month, `<b>27</b><i>2021-02</i>`, or under it. It is put together
# in the order of the calendar: as it stands no reader of dates could tell it from two numbers.
_SPLIT_DATE = re.compile(
    r"(?<![\d./-])(?P<d1>\d\d?)日? (?P<y1>(?:19|20)\d\d)\s?[-./年]\s?(?P<m1>\d\d?)月?(?![\d./-])"
    r"|(?<![\d./-])(?P<y2>(?:19|20)\d\d)\s?[-./年]\s?(?P<m2>\d\d?)月? (?P<d2>\d\d?)日?(?![\d./:-])"
)

# What a list prints is when the article came out, best first; 收稿 and the like are left alone.
_MEANINGS = ("online", "published", "printed", None, "updated")
_DATES = (Precision.DAY, Precision.MINUTE, Precision.SECOND, Precision.MONTH)

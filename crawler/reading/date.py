"""When an article page says that it was published and updated: every candidate, most believed
first. The order is READING.md §4 and stands in `_ORDER_CHINESE` and `_ORDER_OTHER`.

Reads single dates with crawler.normalise.date; makes up nothing, lets no frequency vote.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from archive.model import Found, Precision
from crawler.normalise.date_labels import PUBLICATION, is_label
from crawler.normalise.date_url import find_url_date, find_url_year
from crawler.reading.date_around import banners_in, before_comments, below_the_menu
from crawler.reading.date_lines import DAYS, is_of_an_event, printed_in
from crawler.reading.metadata import unique
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.block import Block
    from crawler.reading.date_lines import DateReader, Printed
    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata


@dataclass(frozen=True, kw_only=True, slots=True)
class Dates:
    """Candidates, most believed first."""

    published: tuple[Found, ...]
    updated: tuple[Found, ...]


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
        # 5 ms: only where nothing better is
        scripts = list(_in_scripts(document))
        by_kind["script"] = _not_after_the_address(scripts, document.url, reader)
    order = _ORDER_CHINESE if document.is_chinese else _ORDER_OTHER
    if not any(by_kind.get(kind) for kind in order):
        start = block.span[0]
        rest = before_comments(document.lines[start : start + _MOST_LINES])
        lines = [*document.lines[:start], *rest][:_MOST_LINES]
        by_kind["labelled elsewhere"] = _labelled(lines, reader)
    if not any(by_kind.get(kind) for kind in order):
        by_kind["yearless"] = _yearless(document, block.head, reader)
    published = [found for kind in order for found in by_kind.get(kind, ())[:_MOST_OF_A_KIND]]
    updated = [*by_kind.get("printed updated", ()), *metadata.all("updated")]
    return Dates(
        published=unique(_finer_first(published, reader)),
        updated=unique(found for found in updated if reader.precision(found.text) in DAYS),
    )


# On Chinese pages print comes first altogether: their metadata is the template's as often as the
# article's. Elsewhere metadata is kept by machines, and print near the title names many things.
_ORDER_CHINESE = (
    "labelled online",
    "labelled printed",
    "labelled published",
    "labelled issued",
    "timed",
    "bare",
    "labelled below",
    "lone updated",
    "above",
    "meta online",
    "meta published",
    "time",
    "meta dated",
    "script",
    "begun",
    "signature",
    "list",
    "url",
    "far time",
    "month of issue",
    "labelled elsewhere",
    "yearless",
)
_ORDER_OTHER = (
    "meta online",
    "labelled online",
    "meta published",
    "labelled printed",
    "labelled published",
    "labelled issued",
    "time",
    "timed",
    "bare",
    "labelled below",
    "above",
    "meta dated",
    "script",
    "begun",
    "signature",
    "list",
    "url",
    "far time",
    "month of issue",
    "labelled elsewhere",
    "yearless",
)
_BEFORE_SCRIPTS = (
    "meta online",
    "meta published",
    "labelled online",
    "labelled printed",
    "labelled published",
    "labelled issued",
    "time",
    "timed",
    "bare",
)
_TIMES = (Precision.SECOND, Precision.MINUTE)

_SCRIPT = re.compile(
    r"""\bvar\s+ct\s*=\s*["']?\d{10,13}["']?|["']?(?:(?:first_)?publi(?:sh|cation)_?(?:time|date)"""
    r"""|published_?(?:at|on|time|date)|pub_?(?:time|date)|date_?(?:published|posted)|create_?time)["']?"""
    r"""\s*[:=]\s*["']?[\dT :+./-]{10,30}Z?|^\s*[\w.]+\(["'](?:19|20)[\d :./年月日-]{6,30}["']\)"""
    r"""|(?:\.(?:inner(?:HTML|Text)|textContent)\s*=|\.(?:html|text|write)\()\s*"""
    r"""["'](?:19|20)[\d :./年月日-]{6,30}["']""",
    re.IGNORECASE,
)
_URL_DAY = re.compile(
    r"(?<![\d])(?:t|art_|/)?((?:19|20)\d\d(?:[/-]?(?:0[1-9]|1[0-2])[/-]?(?:0[1-9]|[12]\d|3[01])"
    r"|/(?:[1-9]|1[0-2])/(?:[1-9]|[12]\d|3[01])(?=/[^/]*[^\d/][^/]*$)))(?=[/_.-]|$)"
)
# /2014/5/abcd20140508.shtml is the eighth article of the fifth issue.
_URL_ISSUE = re.compile(r"/((?:19|20)\d\d)/([1-9])/[a-z]{2,}\1[0]\2\d\d\.", re.IGNORECASE)
# A line that is a date and little else: 品牌研究杂志社编辑部 2021/02/27.
_SIGNATURE_CHARS = 40
# 建站日期：2009-03-04 备案
_FOOT = re.compile(r"附件|备案|備案|ICP|建站|版权|版權|电话|電話", re.IGNORECASE)
_CHARS_BESIDE_DATES = 15  # December 3, 2021. Updated: December 7, 2021
_LONGEST_SIGNATURE = 120
# A place with a class or an id of its own, or a <time>: `p` is any place.
_NAMED_PLACE = re.compile(r"[.#]|^time")
_MANY_DAYS = 3  # two can be those of the article and of its edit
# Von Christian am 03.05.2013, 11:51 | 0 Meinungen | Energie sparen
_SIGNED = re.compile(r"(?:by|von|par|por|di|作者|撰文|文)[\s:：]\s?\S", re.IGNORECASE)
_FIRST_LINES = 4
# The longest page of the corpus has 3,000.
_MOST_LINES = 5_000
# 2021年2月號　第131期: a magazine's month, where it prints no day.
_ISSUE = re.compile(
    r"^\W*(?:19|20)\d\d\s?年\s?\d{1,2}\s?月[号號刊]?\W*(?:[总總]?第\s?\d+\s?[期号號]\W*)?$"
)
# A forum's page has hundreds of each; the first ones are the article's or none is.
_MOST_OF_A_KIND = 3
# The corpus's longest thread has 99; each is asked for its day and for what is around it.
_MOST_TAGS = 1_000


def _by_kind(
    document: Document, metadata: Metadata, block: Block, reader: DateReader, listed: str | None
) -> Iterator[tuple[str, list[Found]]]:
    head = list(printed_in(block.head, reader))
    tags = list(_time_tags(document))
    for meaning in PUBLICATION:
        labelled = [found for found, said, _ in head if said == meaning]
        yield f"labelled {meaning}", _with_instants(labelled, tags, reader)
    bare = [(found, precision) for found, said, precision in head if said is None]
    updated = [found for found, said, _ in head if said == "updated"]
    edits = {reader.day(found.text) for found in (*updated, *metadata.all("updated"))}
    timed = [found for found, precision in bare if precision in _TIMES]
    yield "timed", _edits_last(timed, edits, reader)
    days = [found for found, precision in bare if precision in DAYS]
    yield "bare", _with_instants(_edits_last(days, edits, reader), tags, reader)
    yield "printed updated", updated
    if all(said in (None, "updated") for _, said, _ in head) and not bare:
        yield "lone updated", updated
    banners = "\n".join(banners_in(block.above)) if document.is_chinese else ""
    below_menu = below_the_menu(block.above) if document.is_chinese else block.above
    above = _no_rows(list(printed_in(below_menu, reader)), reader)
    yield (
        "above",
        [
            found
            for found, said, precision in sorted(above, key=_by_label)
            if precision in DAYS and said in (None, *PUBLICATION) and found.text not in banners
        ],
    )
    issues = [line for line in (*block.above, *block.head) if _ISSUE.match(line.text)]
    months = [found for found, _, _ in printed_in(issues, reader)]
    signed = printed_in(block.tail, reader)
    texts = {line.text for line in block.tail}
    months += [
        found
        for found, _, precision in signed
        if precision is Precision.MONTH and found.text in texts
    ]
    yield "month of issue", months
    yield "meta online", list(metadata.all("online"))
    published = _of_this_article(metadata.all("published"), [*head, *above], reader)
    published = _not_after_the_address(published, document.url, reader)
    yield (
        "meta published",
        _told_in_print_first(published, head, metadata.all("updated"), reader),
    )
    yield "meta dated", list(metadata.all("dated"))
    called_edits = {
        reader.day(found.text) for found, said, _ in (*head, *above) if said == "updated"
    }
    tags = [each for each in tags if reader.day(each[0].text) not in called_edits]
    near = [found for part in (block.head, block.above) for found in _inside(part, tags)]
    yield "time", _edits_last(near, edits, reader)
    is_one_day = len({reader.day(found.text) for found, _ in tags}) == 1
    yield "far time", [found for found, _ in tags] if is_one_day else []
    ending = before_comments(block.tail)
    yield "begun", _begun(block, reader)
    yield "labelled below", _labelled(ending, reader)
    yield "signature", _signature(ending, reader)
    yield "list", [Found(text=listed, where="list")] if listed else []
    address = _URL_ISSUE.sub("/", document.url or "")
    yield "url", [Found(text=match[1], where="url") for match in _URL_DAY.finditer(address)]


def _by_label(printed: Printed) -> int:
    said = printed[1]
    return PUBLICATION.index(said) if said in PUBLICATION else len(PUBLICATION)


def _labelled(lines: Sequence[Line], reader: DateReader) -> list[Found]:
    """The date that is said to be that of publication: blogs and old forums print it under the
    body, journals below the abstract with those of receipt. One label with two different ones
    stands there for several articles, or for answers."""
    said = [
        (found, meaning)
        for found, meaning, precision in printed_in(lines, reader)
        if meaning in PUBLICATION and precision in DAYS
    ]
    days = {(meaning, reader.day(found.text)) for found, meaning in said}
    meanings = [meaning for meaning, _ in days]
    if len(set(meanings)) < len(meanings):
        return []
    return [found for told in PUBLICATION for found, meaning in said if meaning == told][:1]


def _yearless(document: Document, head: Sequence[Line], reader: DateReader) -> list[Found]:
    """The day without a year under a title, where nothing has one: `发布：03-04`, `03-04 10:20`, or
    alone on its line. Two different ones are those of a list. Its year is the address's, or that
    of the visit if the page prints this anywhere: one that was put aside for years does not."""
    whole = {line.text for line in head}
    said = [
        found
        for found, meaning, precision in printed_in(head, reader, yearless=True)
        if meaning in PUBLICATION
        or (meaning is None and (precision in _TIMES or found.text in whole))
    ]
    if len({found.text for found in said}) != 1:
        return []
    year, month = reader.year_and_month(said[0].text)
    lines = document.lines[:_MOST_LINES]
    is_told = find_url_year(document.url or "", month=month) is not None
    return said[:1] if is_told or any(f"{year}" in line.text for line in lines) else []


def _begun(block: Block, reader: DateReader) -> list[Found]:
    """A date on a line of its own where the text begins: under a picture and its long caption."""
    over = block.above[-1].position if block.above else -1
    first = [line for line in block.body[: over + _FIRST_LINES + 1] if line.position > over]
    first = first[:_FIRST_LINES]
    return [
        found
        for found, said, precision in printed_in(first, reader)
        if precision in DAYS
        and said in (None, *PUBLICATION)
        and any(line.text == found.text for line in first)
    ][:1]


def _signature(tail: Sequence[Line], reader: DateReader) -> list[Found]:
    """The date at the end of the body, on a line with hardly more than itself, or behind the
    name of an author. Two different ones there are the dates of comments, or of other articles."""
    signed = []
    for before, line, below in zip((None, *tail), tail, (*tail[1:], None), strict=False):
        if line.link_share > 0.3 or len(line.text) > _LONGEST_SIGNATURE:
            continue
        if _FOOT.search(line.text) or is_of_an_event(line, below):
            continue
        label = f"{before.text} " if before and is_label(before.text) else ""
        dates = reader.printed(f"{label}{line.text}")
        beside = len(line.text) - sum(len(text) for text, _, _ in dates)
        if (
            len(line.text) <= _SIGNATURE_CHARS
            or beside <= _CHARS_BESIDE_DATES
            or _SIGNED.match(line.text)
        ):
            signed += [
                text
                for text, meaning, precision in dates
                if precision in DAYS and meaning in (None, *PUBLICATION)
            ]
    return [Found(text=signed[0], where="signature")] if len(set(signed)) == 1 else []


def _of_this_article(
    published: Sequence[Found],
    printed: Sequence[Printed],
    reader: DateReader,
) -> list[Found]:
    """Publication metadata less that of elements in the body of the page which name many days:
    each answer of a forum and each card of a list has one. Their first is the article's when the
    first date by the title says so."""
    inside = [found for found in published if found.where.startswith(("*[", "time["))]
    days = {reader.day(found.text) for found in inside}
    near = [reader.day(found.text) for found, _, _ in printed][:1]
    if len(days) < _MANY_DAYS or reader.day(inside[0].text) in near:
        return list(published)
    return [found for found in published if found not in inside]


def _not_after_the_address(
    published: Sequence[Found], url: str | None, reader: DateReader
) -> list[Found]:
    """Publication metadata, unless the address names an earlier day: moving house rewrites what
    machines keep of an article, and leaves its address. A day of difference is the zone's."""
    day = find_url_date(url or "", visited=reader.visited, zone=reader.zone)
    if day is None or day.value is None:
        return list(published)
    latest = date.fromisoformat(day.value) + timedelta(days=1)
    return [
        found for found in published if (said := reader.day(found.text)) is None or said <= latest
    ]


def _told_in_print_first(
    published: Sequence[Found],
    head: Sequence[Printed],
    updated: Sequence[Found],
    reader: DateReader,
) -> list[Found]:
    """Where publication metadata names several days: the one that the page prints first under the
    title, then what is not the very instant of the edit (a page that is written on all day moves
    both on), then what is no New Year's Day, which systems make of a year. A printed day that is
    the edit's as well decides nothing, nor does the neighbour of an instant in UTC: its zone is
    told later, from all that is printed."""
    days = {found: reader.day(found.text) for found in published}
    if len(set(days.values())) < 2:
        return list(published)
    shown = (reader.day(found.text) for found, said, _ in head if said in (None, *PUBLICATION))
    printed = next(shown, None)
    edits = {found.text for found in updated}
    first = days[published[0]]
    is_near = printed and first and abs(printed - first) == timedelta(days=1)
    if printed in map(reader.day, edits) or (is_near and _UTC.search(published[0].text)):
        return list(published)

    def doubts(found: Found) -> tuple[bool, bool, bool]:
        return days[found] != printed, found.text in edits, _is_new_year(days[found])

    return sorted(published, key=doubts)


def _is_new_year(day: date | None) -> bool:
    return day is not None and (day.month, day.day) == (1, 1)


_UTC = re.compile(r"\d\s?(?:Z|[+-]00:?00)$")


def _no_rows(above: list[Printed], reader: DateReader) -> list[Printed]:
    """What is printed over the title, less the days of a list, whose rows have one each."""
    bare = {reader.day(found.text) for found, said, _ in above if said is None}
    return [each for each in above if each[1] is not None or len(bare) < _MANY_DAYS]


def _with_instants(
    printed: Sequence[Found], tags: Sequence[tuple[Found, HtmlElement]], reader: DateReader
) -> list[Found]:
    """Printed days, each behind the instant that a `<time>` around its very words names. Midnight
    is how a day is written there."""
    instants = {
        one_line("".join(element.itertext())): found
        for found, element in (tags if printed else ())
        if reader.precision(found.text) in _TIMES and not _MIDNIGHT.search(found.text)
    }
    finer: list[Found] = []
    for found in printed:
        instant = instants.get(found.text)
        if instant is not None and reader.day(instant.text) == reader.day(found.text):
            finer.append(instant)
        finer.append(found)
    return finer


_MIDNIGHT = re.compile(r"[T ]00:00(?::00)?(?!:|\d)")


def _edits_last(
    found: list[Found], edits: Container[date | None], reader: DateReader
) -> list[Found]:
    """Dates that say nothing of themselves, those of an edit behind the others: the days that the
    page calls so, and the later of just two that stand in the same place."""
    is_pair = len(found) == 2 and found[0].where == found[1].where
    if is_pair and _NAMED_PLACE.search(found[0].where):
        return sorted(found, key=lambda each: f"{reader.day(each.text)}")
    return sorted(found, key=lambda each: reader.day(each.text) in edits)


def _inside(lines: Sequence[Line], tags: Sequence[tuple[Found, HtmlElement]]) -> Iterator[Found]:
    near = {line.element for line in lines}
    for found, element in tags:
        if not near.isdisjoint((element, *element.iterancestors())):
            yield found


def _time_tags(document: Document) -> Iterator[tuple[Found, HtmlElement]]:
    for element in islice(document.tagged("time"), _MOST_TAGS):
        value = (element.get("datetime") or "").strip()
        if value[:1].isdigit():  # PT7M is a duration
            yield Found(text=value, where="time[datetime]"), element


def _in_scripts(document: Document) -> Iterator[Found]:
    for script in document.tagged("script"):
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

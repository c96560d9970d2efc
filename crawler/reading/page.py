"""Read an article page into a raw entry: strings as printed, each with its place, best candidate
first. Here the readers meet; what each field prefers is decided in its own reader (title.py,
date.py, byline.py, keywords.py, details.py, notice.py, body.py). Never fetches, never raises on
any bytes.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from archive.model import Found, RawEntry
from crawler.normalise.masthead import find_masthead
from crawler.normalise.notice_parts import find_origin
from crawler.reading import details
from crawler.reading.block import Block, find_block
from crawler.reading.body import Body, cut_known_body, read_body
from crawler.reading.byline import Byline, read_byline
from crawler.reading.date import Dates, find_page_dates
from crawler.reading.date_lines import DateReader
from crawler.reading.document import Document, letters, read_document, select, text_of
from crawler.reading.keywords import Keywords, find_keywords
from crawler.reading.metadata import Metadata, read_metadata
from crawler.reading.notice import find_notice_lines, is_notice_line
from crawler.reading.own_name import find_own_names
from crawler.reading.site_name import find_sites
from crawler.reading.title import Headline, find_headline

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from lxml.html import HtmlElement

    from archive.model import ListedLink
    from crawler.reading.document import Line
    from sources.model import Source


def read_page(
    body: bytes,
    *,
    url: str | None,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
    listed: ListedLink | None = None,
    with_body: bool = True,
    with_extractor: bool = True,
) -> RawEntry:
    """Read a page. What the source's selectors point at comes before all that is found."""
    forced = source.encoding if source else None
    document = read_document(body, url=url, http_charset=http_charset, forced=forced)
    read = read_parsed(
        document,
        visited=visited,
        source=source,
        listed=listed,
        with_body=with_body,
        with_extractor=with_extractor,
    )
    return read.raw


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """What is known beforehand of a page, from others of the same layout (crawler.learn): the
    parts to read, the element of the body, and the names of what in it is no text of the article.
    """

    regions: tuple[tuple[HtmlElement, ...], ...]
    body: HtmlElement
    not_text: frozenset[str] = frozenset()


@dataclass(frozen=True, kw_only=True, slots=True)
class PageRead:
    """A page as read: its raw entry, and what learning asks besides. `reading` is None where
    there was no page."""

    raw: RawEntry
    reading: PageReading | None = None
    body: Body | None = None


def read_parsed(
    document: Document,
    *,
    visited: datetime,
    source: Source | None = None,
    listed: ListedLink | None = None,
    with_body: bool = True,
    with_extractor: bool = True,
    frame: Frame | None = None,
) -> PageRead:
    """`read_page` of a page that is parsed already; with a frame only what that frames is read."""
    if not document.is_markup:
        return PageRead(raw=RawEntry(url=document.url, charset=_charset(document)))
    if frame is not None:
        document = document.within(frame.regions)
    reading = _read(document, visited=visited, source=source, listed=listed)
    cut = None
    if with_body:
        cut = cut_body(reading, source, with_extractor=with_extractor, frame=frame)
    return PageRead(raw=_raw_entry(reading, source, cut), reading=reading, body=cut)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageReading:
    """What the readers found on one page, before it is put together."""

    document: Document
    metadata: Metadata
    headline: Headline
    block: Block
    byline: Byline
    keywords: Keywords
    dates: Dates
    notices: tuple[Found, ...]
    masthead: Mapping[str, str]


def _read(
    document: Document, *, visited: datetime, source: Source | None, listed: ListedLink | None
) -> PageReading:
    metadata = read_metadata(document, language=source.language if source else None)
    headline = find_headline(document, metadata, listed=listed.title if listed else None)
    block = find_block(document, headline.line)
    reader = DateReader.of(document, visited=visited, source=source)
    return PageReading(
        document=document,
        metadata=metadata,
        headline=headline,
        block=block,
        byline=read_byline(
            document, block, title=headline.line.text if headline.line is not None else None
        ),
        keywords=find_keywords(document, metadata, block),
        dates=find_page_dates(
            document, metadata, block, reader=reader, listed=listed.published if listed else None
        ),
        notices=find_notice_lines(document, block, metadata),
        masthead=find_masthead(
            [line.text for line in document.lines if len(line.text) <= _LONGEST_LABELLED]
        ),
    )


# A masthead's line is a label and a name; prose that has a colon is longer.
_LONGEST_LABELLED = 120


def _raw_entry(reading: PageReading, source: Source | None, body: Body | None) -> RawEntry:
    document, metadata, byline, block = (
        reading.document,
        reading.metadata,
        reading.byline,
        reading.block,
    )
    return RawEntry(
        url=document.url,
        canonical_url=details.find_canonical(document, metadata),
        titles=(*_selected(document, source, "title"), *reading.headline.titles),
        published=(*_selected(document, source, "published"), *reading.dates.published),
        updated=reading.dates.updated,
        authors=(*_selected(document, source, "authors"), *metadata.all("author"), *byline.authors),
        keywords=reading.keywords.found,
        notices=(*_selected(document, source, "notice", place="article: "), *reading.notices),
        origin=byline.origin or metadata.first("source"),
        origin_url=byline.origin_url or metadata.first("source_url"),
        text=body.text if body else None,
        html=body.html if body else None,
        body_where=body.where if body else None,
        summary=details.find_abstract(metadata, block) or metadata.first("description"),
        language=details.find_language(document, metadata),
        charset=_charset(document),
        site=(*find_sites(document, metadata), *find_own_names(document, _publishers(reading))),
        **details.find_issue(metadata, block),
        column=byline.column or metadata.first("column"),
        license=details.find_license(document, metadata),
        image=details.find_image(document, metadata),
        enclosures=details.find_enclosures(document, metadata, block),
        masthead=reading.masthead,
    )


def _publishers(reading: PageReading) -> Iterator[str]:
    """Whoever the page names as the source of its article, and in lines that may be notices.
    Chinese pages do: elsewhere who is the first publisher is said in a sentence."""
    if not reading.document.is_chinese:
        return
    source = reading.byline.origin or reading.metadata.first("source")
    if source:
        yield source.text
    for found in reading.notices:
        origin = find_origin(found.text)
        if origin and origin.name:
            yield origin.name


def cut_body(
    reading: PageReading,
    source: Source | None,
    *,
    with_extractor: bool = True,
    frame: Frame | None = None,
) -> Body | None:
    """The body, less the lines around it that are read into fields of their own."""
    selector = source.selectors.body if source else None
    unwanted = tuple(_not_body(reading))
    if frame is not None and selector is None:
        return cut_known_body(
            reading.document, frame.body, unwanted=unwanted, not_text=frame.not_text
        )
    return read_body(
        reading.document,
        reading.block,
        selector=selector,
        unwanted=unwanted,
        with_extractor=with_extractor,
    )


def _not_body(reading: PageReading) -> Iterator[str]:
    block = reading.block
    yield from (found.text for found in reading.headline.titles)
    yield from (line.text for line in reading.byline.lines if len(line.text) <= _LONGEST_LABELLED)
    yield from (found.text for found in reading.dates.published)
    near = chain(block.above, block.head)
    yield from (line.text for line in near if _is_date_line(line, reading.dates))
    values = [letters(value) for value in reading.masthead.values()]
    for line in chain(block.head, block.body[:_MASTHEAD_LINES]):
        if len(line.text) <= _LONGEST_LABELLED and any(
            value and value in letters(line.text) for value in values
        ):
            yield line.text
    yield from (line.text for line in block.tail if is_notice_line(line))


def _is_date_line(line: Line, dates: Dates) -> bool:
    """`刊出日期：2026-01-02`: a line with a date of the page and hardly more."""
    return any(
        found.text in line.text and len(line.text) <= len(found.text) + _LABEL_LETTERS
        for found in dates.published
    )


_MASTHEAD_LINES = 30
# `最后更新时间：`, `Published online:`.
_LABEL_LETTERS = 20


def _selected(
    document: Document, source: Source | None, field: str, *, place: str = ""
) -> Iterator[Found]:
    """What the source's own selector for a field gives, before any candidate."""
    selector = getattr(source.selectors, field) if source else None
    for element in select(document.tree, selector) if selector else ():
        if text := text_of(element):
            yield Found(text=text, where=f"{place}selector {selector}")


def _charset(document: Document) -> Found:
    return Found(text=document.decoded.charset, where=document.decoded.how)

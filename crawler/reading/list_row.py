"""One row of a list page: the title and the date that it prints for an article, as printed.

An article is often linked more than once in its row, by its picture, its title and a 详情: they
are one row here. list_block has found the rows, list_date reads the dates.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archive.model import ListedLink
from crawler.normalise.url import canonical
from crawler.reading.anchors import (
    is_heading,
    row_elements,
    text_of,
    title_inside,
    width,
)
from crawler.reading.document import BLOCK_TAGS, first_lines
from crawler.reading.link_words import is_label, is_opener
from crawler.reading.list_date import texts_of, words_beside
from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.anchors import Anchor
    from crawler.reading.list_date import PrintedDates


def read_rows(
    chosen: Sequence[Anchor], anchors: Iterable[Anchor], dates: PrintedDates
) -> tuple[ListedLink, ...]:
    """The rows of the chosen links, in page order, each article once.

    `anchors` are all links of the page: an article's picture, its 摘要 and its title often link
    to the same address, and the title may be on any of them.
    """
    wanted = {anchor.url for anchor in chosen}
    same: dict[str | None, list[Anchor]] = {}
    for anchor in anchors:
        if anchor.url in wanted:
            same.setdefault(anchor.url, []).append(anchor)
    rows = row_elements(anchor for linked in same.values() for anchor in linked)
    taken = {row: anchor.url or "" for anchor, row in rows.items()}
    published = dates.of_rows({anchor: rows[anchor] for anchor in chosen}, taken)
    links: dict[str, ListedLink] = {}
    for anchor in chosen:
        if anchor.url and (key := canonical(anchor.url)) not in links:
            row = rows[anchor]
            title = read_title([each for each in same[anchor.url] if rows[each] is row], row, dates)
            links[key] = ListedLink(
                url=anchor.url, title=title, published=published[anchor], issue=_issue(row, taken)
            )
    return tuple(links.values())


def with_row_titles(anchors: Sequence[Anchor], dates: PrintedDates) -> list[Anchor]:
    """The links, those that say 下载 or 详情 with the words of their row: in a table of
    announcements, say, whose titles are no links. An article with a better link keeps it."""
    linked = {anchor.url for anchor in anchors if not is_label(anchor.text)}
    openers = [a for a in anchors if is_opener(a.text) and a.url not in linked]
    rows = row_elements(openers) if len(openers) > 1 else {}
    named = {opener: _row_title(row, dates) for opener, row in rows.items()}
    return [replace(a, text=title) if (title := named.get(a)) else a for a in anchors]


def read_title(anchors: Sequence[Anchor], row: HtmlElement, dates: PrintedDates) -> str | None:
    """The title on the links of one article, in full: where it is cut with an ellipsis, the
    whole is often in a `title` attribute. When all links say 详情, the row's own words."""
    words = [(is_heading(anchor.element), _words(anchor.element, dates)) for anchor in anchors]
    titles = [(headed, text) for headed, text in words if text and not is_label(text)]
    spares = [text for anchor in anchors for text in _spares(anchor.element) if not is_label(text)]
    if titles:
        title = max(titles, key=lambda headed: headed[0])[1]
        return _in_full(title, [*(text for _, text in titles), *spares])
    return next(iter(spares), None) or _row_title(row, dates)


def _words(link: HtmlElement, dates: PrintedDates) -> str:
    """The title in a link: its heading, or its first line that is more than a date."""
    if not len(link):
        return _without_bullet(one_line(link.text or ""))
    inner = title_inside(link)
    if inner is not None:
        return _without_bullet(text_of(inner))
    if any(child.tag in BLOCK_TAGS for child in link.iterdescendants()):
        lines = [
            line.text for line in first_lines(link, _MOST_LINES) if not dates.is_date(line.text)
        ]
        return _without_bullet(
            next((line for line in lines if width(line) >= 8), "".join(lines[:1]))
        )
    texts = [text for text, _ in texts_of(link)]
    words = text_of(link)
    for text in texts:
        if len(texts) > 1 and dates.is_date(text):
            words = words.replace(text, " ", 1)
    return _without_bullet(one_line(words))


def _without_bullet(text: str) -> str:
    return _BULLET.sub("", text)


_BULLET = re.compile(r"^[·•・▪■◆●○►▶»›>※★☆□◇\s]+(?=\S)")


def _spares(link: HtmlElement) -> Iterator[str]:
    """Other words for the same thing: the `title` attribute, the picture's `alt`."""
    said = [link.get("title"), *(image.get("alt") for image in link.iter("img"))]
    for text in said:
        if text and (words := one_line(_LABELLED.split(text.strip())[-1])):
            yield words


# Some systems (DedeCMS, PowerEasy) write a small card into the attribute, one line for each field.
_LABELLED = re.compile(r"(?:[\r\n].*|^(?:文章)?标\s*题\s*[:：]\s*)", re.DOTALL)


def _in_full(title: str, others: Iterable[str]) -> str:
    """The uncut form of a title among its other forms, if it was cut."""
    stem = _ELLIPSIS.sub("", title)
    if stem == title:
        return title
    key = fold(stem)
    whole = [text for text in others if fold(text).startswith(key) and not _ELLIPSIS.search(text)]
    return max(whole, key=len, default=title)


def _issue(row: HtmlElement, taken: Mapping[HtmlElement, str]) -> str | None:
    """Volume, number and pages, where a row or what stands below it prints them."""
    inside = " ".join(text for text, is_linked in texts_of(row) if not is_linked)
    for said in (inside, words_beside(row, taken=taken, preceding=False)):
        if found := _VOLUME_NUMBER_PAGES.search(said, 0, _ROW_CHARS):
            return found[0]
    return None


# A card has a heading, a date and a summary; a link around half a page is none.
_MOST_LINES = 50
_ROW_CHARS = 400
_VOLUME_NUMBER_PAGES = re.compile(
    r"(?:(?:19|20)\d\d\s*[,，年]\s*)?(?:"
    r"\d{1,4}\s*[(（]\s*[\w-]{1,8}\s*[)）]\s*[:：,，]\s*[A-Z]?\d+(?:\s*[-–—]\s*[A-Z]?\d+)?"
    r"|Vol\.?\s*\d+,?\s*(?:No|Issue)\.?\s*\d+(?:\W{1,3}pp?\.?\s*\d+(?:\s*[-–—]\s*\d+)?)?"
    r"|(?:第\s*\d+\s*卷)?\s*第\s*\d+\s*期(?:\s*第?\s*\d+(?:\s*[-–—]\s*\d+)?\s*页)?)",
    re.IGNORECASE,
)
_ELLIPSIS = re.compile(r"\s*(?:…+|\.{2,}|。{2,}|⋯+)\s*$")


def _row_title(row: HtmlElement, dates: PrintedDates) -> str | None:
    """The words of a row whose links are all labels."""
    inner = title_inside(row)
    if inner is not None:
        return text_of(inner)
    texts = (text for text, is_linked in texts_of(row) if not is_linked)
    return next((text for text in texts if width(text) >= 6 and not dates.is_date(text)), None)

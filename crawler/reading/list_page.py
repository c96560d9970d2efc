"""Read a list page: which articles it links to, with title and date as printed, and its next page.

With selectors the operator's word decides; with none the list is found (list_block). Takes
bytes, never fetches; what a publishing system prints besides is crawler.platforms' matter.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.normalise.url import canonical
from crawler.reading.anchors import count_left, find_anchors
from crawler.reading.document import read_document
from crawler.reading.link_words import is_label
from crawler.reading.list_block import find_block
from crawler.reading.list_date import PrintedDates
from crawler.reading.list_row import read_rows, with_row_titles
from crawler.reading.list_select import owner_of, select, words_of
from crawler.reading.next_page import acceptable, find_next, has_previous

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from lxml.html import HtmlElement

    from archive.model import ListedLink
    from crawler.reading.anchors import Anchor
    from crawler.reading.document import Document
    from crawler.reading.list_block import Block
    from sources.model import Selectors, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """What a list page says. `links` in the order of the page, each article once; `next` is
    another page of the same host; `skipped` counts rows that could not be read, `left` the links
    at the end of an overlong page that were not looked at; `where` says how the list was found,
    for the operator. `older` are further pages where a page knows more than the one after it,
    newest first; `parts` the lists that a list without links is made of.

    `is_increment` is an answer to what has changed since a day (OAI-PMH), oldest page first: known
    ground ends no walk of it, and nothing at all is an answer. Of its rows `deleted` are told to
    be gone. `fault` is why the site gives no list, in its words; `is_expired` if only the place
    in the list is not known any more."""

    links: tuple[ListedLink, ...]
    next: str | None
    skipped: int
    where: str
    left: int = 0
    older: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    deleted: int = 0
    fault: str | None = None
    is_expired: bool = False
    is_increment: bool = False


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    """Read the links of a list page, by the source's selectors where it has them."""
    forced = source.encoding if source else None
    document = read_document(body, url=url, http_charset=http_charset, forced=forced)
    return read_list_document(document, visited=visited, source=source)


def read_list_document(
    document: Document,
    *,
    visited: datetime,
    source: Source | None = None,
    is_article: Callable[[Anchor], bool] | None = None,
) -> ListPage:
    """`read_list` of a page that is parsed already. `is_article` is a platform's knowledge of
    which links may lead to articles; rankings and the like are still left out."""
    anchors = find_anchors(document)
    dates = PrintedDates.of(source, visited)
    selectors = source.selectors if source else None
    following = _selected_next(document, selectors) or find_next(document, anchors)
    if selectors and selectors.links:
        page = _read_selected(document, anchors, selectors, dates)
    else:
        anchors = with_row_titles(anchors, dates)
        known = anchors if is_article is None else [each for each in anchors if is_article(each)]
        has_pager = following is not None or has_previous(document, anchors)
        block = find_block(known, has_pager=has_pager)
        page = _read_found(block, anchors, dates)
    return replace(page, next=following, left=count_left(document))


def _read_found(block: Block | None, anchors: Sequence[Anchor], dates: PrintedDates) -> ListPage:
    if block is None:
        return ListPage(links=(), next=None, skipped=0, where="no links that read like titles")
    return ListPage(
        links=read_rows(block.anchors, anchors, dates),
        next=None,
        skipped=block.skipped,
        where=f"found {block.where}",
    )


def _read_selected(
    document: Document, anchors: Sequence[Anchor], selectors: Selectors, dates: PrintedDates
) -> ListPage:
    """The rows that `selectors.links` matches: links, or blocks that hold one each."""
    matched = [owner_of(match) for match in select(document.tree, selectors.links)]
    by_element = {anchor.element: anchor for anchor in anchors if anchor.url}
    found = {element: _link_of(element, by_element, selectors) for element in matched}
    chosen = [anchor for anchor in found.values() if anchor is not None]
    plain = {canonical(link.url): link for link in read_rows(chosen, anchors, dates)}
    links: dict[str, ListedLink] = {}
    for element, anchor in found.items():
        if anchor is not None and anchor.url and (key := canonical(anchor.url)) not in links:
            links[key] = _as_selected(element, plain[key], selectors, dates)
    return ListPage(
        links=tuple(links.values()),
        next=None,
        skipped=len(found) - len(chosen),
        where=f"selectors.links {selectors.links!r} matched {len(found)}",
    )


def _as_selected(
    element: HtmlElement, link: ListedLink, selectors: Selectors, dates: PrintedDates
) -> ListedLink:
    """A row with the title and date that the selectors find in it, where there are such."""
    titles = (words_of(match) for match in select(element, selectors.link_title))
    said = next((words_of(match) for match in select(element, selectors.link_date)), "")
    return replace(
        link,
        title=next(filter(None, titles), link.title),
        published=dates.find(said) or said or link.published,
    )


def _link_of(
    element: HtmlElement, by_element: dict[HtmlElement, Anchor], selectors: Selectors
) -> Anchor | None:
    """The link of a matched element: at its title, else inside it, else around it."""
    titles = (owner_of(match) for match in select(element, selectors.link_title))
    for part in (*titles, element):
        nodes = (*part.iter("a"), *part.iterancestors("a"))
        linked = [by_element[node] for node in nodes if node in by_element]
        if linked:
            return next((anchor for anchor in linked if not is_label(anchor.text)), linked[0])
    return None


def _selected_next(document: Document, selectors: Selectors | None) -> str | None:
    for match in select(document.tree, selectors.next if selectors else None):
        href = match if isinstance(match, str) else match.get("href")
        if (url := acceptable(href, base=document.base, url=document.url)) is not None:
            return url
    return None

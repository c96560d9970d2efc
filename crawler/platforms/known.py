"""Lists of systems whose addresses tell which links are articles. Used by the systems, is none
itself.

Rankings and whole issues are still left out. A page that has no such address is read as any
other: journals change what their system gives them.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.normalise.url import canonical
from crawler.reading.anchors import find_anchors, width
from crawler.reading.document import read_document
from crawler.reading.link_words import is_label, is_ranking_heading, is_whole_issue
from crawler.reading.list_date import PrintedDates
from crawler.reading.list_page import read_list_document
from crawler.reading.list_row import read_rows
from crawler.reading.place import Place

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from crawler.reading.anchors import Anchor
    from crawler.reading.document import Document
    from crawler.reading.list_page import ListPage
    from sources.model import Source


# A heading stands right before the list that it names, one or two boxes out, and is short.
_HEADING_LEVELS, _HEADING_SIBLINGS, _HEADING_PIECES, _HEADING_WIDTH = 4, 10, 12, 24


def read_known_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None,
    http_charset: str | None,
    article: Sequence[re.Pattern[str]],
) -> ListPage:
    """Read a list whose articles have addresses of one of these kinds (see `kind_of`)."""
    document = open_list(body, url=url, source=source, http_charset=http_charset)
    kind = kind_of(find_anchors(document), article)
    return read_kind(document, kind, visited=visited, source=source)


def open_list(
    body: bytes, *, url: str, source: Source | None, http_charset: str | None
) -> Document:
    forced = source.encoding if source else None
    return read_document(body, url=url, http_charset=http_charset, forced=forced)


def leads_to(anchor: Anchor, pattern: re.Pattern[str]) -> bool:
    """Whether a link's address is of this kind: its path, and what stands after the `?`."""
    if anchor.url is None:
        return False
    parts = urlsplit(anchor.url)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    return pattern.search(address) is not None


def is_title(anchor: Anchor) -> bool:
    """Whether a link's words may name an article: not 摘要, not 封面."""
    return bool(anchor.text) and not is_label(anchor.text) and not is_whole_issue(anchor.text)


def is_aside(anchor: Anchor) -> bool:
    """Whether a link stands in a side column or under the heading of a ranking."""
    if anchor.place in (Place.SIDE, Place.RANKING):
        return True
    for element in islice(anchor.element.iterancestors(), _HEADING_LEVELS):
        for before in islice(element.itersiblings(preceding=True), _HEADING_SIBLINGS):
            if words := "".join(islice(before.itertext(), _HEADING_PIECES)).strip():
                if width(words) <= _HEADING_WIDTH and is_ranking_heading(words):
                    return True
                break
    return False


def kind_of(anchors: Sequence[Anchor], kinds: Sequence[re.Pattern[str]]) -> re.Pattern[str] | None:
    """The kind of address that the titles on this page have, of those that a system gives one
    article (its abstract, its full text); the first where equal, None when no title has any."""
    titles = [anchor for anchor in anchors if is_title(anchor)]
    counts = {kind: len({a.url for a in titles if leads_to(a, kind)}) for kind in kinds}
    best = max(kinds, key=counts.__getitem__)
    return best if counts[best] else None


def read_kind(
    document: Document,
    kind: re.Pattern[str] | None,
    *,
    visited: datetime,
    source: Source | None,
) -> ListPage:
    """The links to addresses of a kind; with no kind the list is found as on any page."""
    if kind is None:
        return read_list_document(document, visited=visited, source=source)
    is_article = partial(leads_to, pattern=kind)
    return read_articles(document, visited=visited, source=source, is_article=is_article)


def read_articles(
    document: Document,
    *,
    visited: datetime,
    source: Source | None,
    is_article: Callable[[Anchor], bool],
) -> ListPage:
    """The links that `is_article` knows, less rankings. Where they do not look like a list (one
    short title), the address decides."""
    page = read_list_document(document, visited=visited, source=source, is_article=is_article)
    if page.links:
        return page
    anchors = find_anchors(document)
    chosen = [
        anchor
        for anchor in anchors
        if is_article(anchor) and is_title(anchor) and not is_aside(anchor)
    ]
    rows = read_rows(chosen, anchors, PrintedDates.of(source, visited))
    own = canonical(document.url or "")
    links = tuple(link for link in rows if canonical(link.url) != own)
    where = f"{len(links)} links by their address" if links else page.where
    return replace(page, links=links, where=where)

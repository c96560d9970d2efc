"""What journals have in common that publish by issue: the date of an issue belongs to all of its
articles, and the list goes on with the issue before. Used by the systems, is none itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crawler.platforms.known import is_aside, kind_of, leads_to, open_list, read_articles
from crawler.reading.anchors import find_anchors
from crawler.reading.list_date import PrintedDates
from crawler.reading.list_page import ListPage, read_list_document
from crawler.reading.next_page import acceptable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from crawler.reading.anchors import Anchor
    from crawler.reading.document import Document
    from sources.model import Source


def read_issue_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None,
    http_charset: str | None,
    article: Sequence[re.Pattern[str]],
    issue: re.Pattern[str],
) -> ListPage:
    """Read an issue's contents, or an archive of issues: that has no articles, and goes on with
    its first (newest) issue. `article` (one kind or several) and `issue` match the path and query
    of their addresses; a page that has neither is read as any other."""
    document = open_list(body, url=url, source=source, http_charset=http_charset)
    anchors = find_anchors(document)
    issues = [anchor for anchor in anchors if leads_to(anchor, issue)]
    # An archive of issues may show what is read most, in its side.
    kind = kind_of([anchor for anchor in anchors if not (issues and is_aside(anchor))], article)
    if kind is not None:
        is_article = partial(leads_to, pattern=kind)
        page = read_articles(document, visited=visited, source=source, is_article=is_article)
        before = (anchor for anchor in issues if _is_before(anchor))
        printed = _issue_date(document, page, visited=visited, source=source)
        links = tuple(replace(link, published=link.published or printed) for link in page.links)
        return replace(page, links=links, next=_first_other_page(before, document) or page.next)
    if older := _first_other_page(issues, document):
        return ListPage(links=(), next=older, skipped=0, where="an archive of issues")
    return read_list_document(document, visited=visited, source=source)


_BEFORE = re.compile(r"[上前]\s*一?\s*期|previous\s+issue|prev\b|older", re.IGNORECASE)
_ISSUE_DATE = re.compile(
    r"刊出日期|出版日期|出刊日期|publi(?:shed|cation\s+date)|issue\s+date", re.IGNORECASE
)

# An issue prints its date above its contents, within the masthead of the page.
_DATE_LINES = 200


def _is_before(anchor: Anchor) -> bool:
    """Whether a link says that it leads to the issue before; an arrow says so in its `title`."""
    said = (anchor.text, anchor.element.get("title"), anchor.element.get("aria-label"))
    return any(_BEFORE.search(words) for words in said if words)


def _first_other_page(anchors: Iterable[Anchor], document: Document) -> str | None:
    pages = (acceptable(each.url, base=document.base, url=document.url) for each in anchors)
    return next(filter(None, pages), None)


def _issue_date(
    document: Document, page: ListPage, *, visited: datetime, source: Source | None
) -> str | None:
    """The date of the whole issue. What stands below the first title may be that article's own."""
    dates = PrintedDates.of(source, visited)
    first = page.links[0].title if page.links else None
    for line in document.lines[:_DATE_LINES]:
        if first and first in line.text:
            return None
        if _ISSUE_DATE.search(line.text) and (printed := dates.find(line.text)):
            return printed
    return None

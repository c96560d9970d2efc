"""What journals have in common that publish by issue: the date of an issue belongs to all of its
articles, and the list goes on with the issue before. Used by the systems, is none itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from crawler.normalise.url import canonical
from crawler.platforms.known import is_aside, kind_of, leads_to, open_list, read_articles
from crawler.reading.anchors import find_anchors
from crawler.reading.list_date import PrintedDates
from crawler.reading.list_page import ListPage, read_list_document
from crawler.reading.next_page import acceptable, find_next

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
    archive: re.Pattern[str] | None = None,
) -> ListPage:
    """Read an issue's contents, or an archive of issues: that has no articles, and goes on with
    its first (newest) issue, then the others. `article` (one kind or several), `issue` and
    `archive` (of issues, where older ones stand if an issue does not lead to the one before it)
    match the path and query of their addresses; a page that has neither articles nor issues is
    read as any other."""
    document = open_list(body, url=url, source=source, http_charset=http_charset)
    anchors = find_anchors(document)
    issues = [anchor for anchor in anchors if leads_to(anchor, issue)]
    # An archive of issues may show what is read most, in its side.
    kind = kind_of([anchor for anchor in anchors if not (issues and is_aside(anchor))], article)
    if kind is not None:
        is_article = partial(leads_to, pattern=kind)
        page = read_articles(document, visited=visited, source=source, is_article=is_article)
        before = [anchor for anchor in issues if _is_before(anchor)]
        archives = [anchor for anchor in anchors if archive and leads_to(anchor, archive)]
        printed = _issue_date(document, page, visited=visited, source=source)
        links = tuple(replace(link, published=link.published or printed) for link in page.links)
        following = next(iter(_other_pages(before, document)), page.next)
        older = _other_pages(archives, document)[:1]
        return replace(page, links=links, next=following, older=older)
    if pages := _other_pages(issues, document):
        rest = find_next(document, anchors)
        older = (*pages[1:], *([rest] if rest else []))
        return ListPage(
            links=(), next=pages[0], skipped=0, where="an archive of issues", older=older
        )
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


def _other_pages(anchors: Iterable[Anchor], document: Document) -> tuple[str, ...]:
    """The pages that these links lead to, each once, in the order of the page."""
    pages = (acceptable(each.url, base=document.base, url=document.url) for each in anchors)
    return tuple({canonical(page): page for page in pages if page}.values())


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

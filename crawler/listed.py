"""What a list showed, and whether it shows something else now: a row, and the whole. Pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from archive.model import ListedLink, ListState
from crawler.normalise.date import parse_date
from foundation.text import fold

if TYPE_CHECKING:
    from archive.model import KnownLink
    from crawler.fetch import Answer
    from crawler.reading.list_page import ListPage


def reads_otherwise(link: ListedLink, known: KnownLink) -> bool:
    """Whether the list shows another title or day than it did for the same address. A list that
    shows none says nothing."""
    titles = {fold(title) for title in (link.title, known.title) if title}
    days = {day for day in map(steady_day, (link.published, known.published)) if day}
    return len(titles) > 1 or len(days) > 1


def steady_day(printed: str | None) -> str | None:
    """The day of a date that will read the same tomorrow: "3小时前" has none."""
    value = parse_date(printed).value if printed else None
    return value[:10] if value else None


def listed_as(known: KnownLink) -> ListedLink:
    """The row under which a known article stood when it was seen last."""
    return ListedLink(url=known.url, title=known.title, published=known.published)


def state_of(url: str, answer: Answer, page: ListPage) -> ListState:
    """What the next visit needs to see that nothing changed."""
    return ListState(
        url=url,
        etag=answer.etag,
        last_modified=answer.last_modified,
        body_digest=digest(answer.body),
        links_digest=digest_links(page),
    )


def digest_links(page: ListPage) -> str:
    """Of the set of (link, title, date): an advertisement or a counter changes the bytes only."""
    rows = sorted(f"{link.url}\0{link.title}\0{steady_day(link.published)}" for link in page.links)
    return digest("\n".join((*rows, page.next or "")).encode())


def digest(body: bytes) -> str:
    """`sha256:…`, as captures have it."""
    return "sha256:" + hashlib.sha256(body).hexdigest()

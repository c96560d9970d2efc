"""`kanliu probe URL|FILE`: one page, fetched as politely as a poll would or read from disk, and
what is read from it. Keeps nothing. What an article page says is laid out by reading.probe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.platforms import find_platform, reader_for
from crawler.reading.probe import ProbedField
from crawler.reading.probe import probe_page as read_article
from crawler.service import Crawl
from foundation.errors import SiteError
from sources.model import Limits

if TYPE_CHECKING:
    from archive.model import ListedLink
    from foundation.settings import Settings
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """What one page says: `fields` of an article page, `links` and `next` of a list page, or the
    `obstacle` in place of either."""

    url: str
    kind: str
    platform: str | None = None
    fields: tuple[ProbedField, ...] = ()
    links: tuple[ListedLink, ...] = ()
    next: str | None = None
    obstacle: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class _Page:
    """The bytes to read, and what is known of them."""

    body: bytes
    url: str
    charset: str | None = None


async def probe_page(
    place: str, *, settings: Settings, source: Source | None = None, as_list: bool = False
) -> Probe:
    """Fetch a page, or read it from disk, and say what it says.

    Raises:
        SiteError: `place` is neither an http address nor a file.
    """
    visited = datetime.now(UTC)
    try:
        page = await _fetch(place, settings, source) if "://" in place else _read(place)
    except SiteError as error:
        if "://" not in place:
            raise
        return Probe(url=place, kind="no", obstacle=str(error))
    platform = find_platform(page.body, None, page.url)
    if as_list:
        listed = reader_for(source)(
            page.body, url=page.url, visited=visited, http_charset=page.charset
        )
        found = ProbedField(name="articles", value=str(len(listed.links)), where=listed.where)
        return Probe(
            url=page.url,
            kind="list",
            platform=platform,
            fields=(found,),
            links=listed.links,
            next=listed.next,
        )
    article = read_article(
        page.body, url=page.url, visited=visited, source=source, http_charset=page.charset
    )
    return Probe(url=page.url, kind="article", platform=platform, fields=article.fields)


async def _fetch(url: str, settings: Settings, source: Source | None) -> _Page:
    async with Crawl(settings) as crawl:
        fetch = (
            crawl.fetcher(source.limits, render=source.render, encoding=source.encoding)
            if source
            else crawl.fetcher(Limits())
        )
        answer = await fetch(url)
    return _Page(body=answer.body, url=answer.url, charset=answer.charset)


def _read(place: str) -> _Page:
    file = Path(place)
    if not file.is_file():
        raise SiteError(f"{place} is neither an http address nor a file")
    return _Page(body=file.read_bytes(), url=file.absolute().as_uri())

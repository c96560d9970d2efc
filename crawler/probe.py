"""`kanliu probe URL|FILE`: one page, fetched as politely as a poll would or read from disk, and
what is read from it. Keeps nothing. What an article page says is laid out by reading.probe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.discover import discover, discover_with
from crawler.discovery.preview import is_list, read_list
from crawler.discovery.visits import Visits
from crawler.platforms import find_platform, reader_for
from crawler.reading.probe import ProbedField
from crawler.reading.probe import probe_page as read_article
from crawler.service import Crawl
from foundation.errors import SiteError
from sources.model import Limits

if TYPE_CHECKING:
    from archive.model import ListedLink
    from crawler.discover import Discovery, Tell
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


async def discover_at(url: str, *, settings: Settings, tell: Tell) -> Discovery:
    """`kanliu add`: everything that may be followed there.

    Raises:
        SiteError: the address itself could not be had.
    """
    async with Crawl(settings) as crawl:
        return await discover(url, fetch=crawl.fetcher(Limits()), clock=_now, tell=tell)


async def discover_list(url: str, *, settings: Settings, tell: Tell) -> Discovery | None:
    """The same for a front page or a list; None for any other page, and for one that cannot be
    had."""
    async with Crawl(settings) as crawl:
        visits = Visits(crawl.fetcher(Limits()), _now)
        page = await visits.see(url)
        if page is None or not is_list(page, read_list(page)):
            return None
        return await discover_with(url, visits, tell=tell)


def _now() -> datetime:
    return datetime.now(UTC)


async def _fetch(url: str, settings: Settings, source: Source | None) -> _Page:
    async with Crawl(settings) as crawl:
        answer = await crawl.fetcher(source.limits if source else Limits())(url)
    return _Page(body=answer.body, url=answer.url, charset=answer.charset)


def _read(place: str) -> _Page:
    file = Path(place)
    if not file.is_file():
        raise SiteError(f"{place} is neither an http address nor a file")
    return _Page(body=file.read_bytes(), url=file.absolute().as_uri())

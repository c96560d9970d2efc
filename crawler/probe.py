"""`kanliu probe URL|FILE`: one page, fetched as politely as a poll would or read from disk, and
what is read from it. Keeps nothing. What an article page says is laid out by reading.probe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.discover import discover, discover_with
from crawler.discovery.preview import is_list, read_list
from crawler.discovery.visits import SeenPage, Visits
from crawler.fetch import Answer
from crawler.platforms import find_platform, reader_for
from crawler.reading.probe import ProbedField
from crawler.reading.probe import probe_page as read_article
from crawler.service import Crawl
from foundation.errors import SiteError
from sources.model import Limits

if TYPE_CHECKING:
    from archive.model import ListedLink
    from crawler.discover import Discovery, Tell
    from crawler.fetch import Fetch
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


async def probe_page(
    place: str,
    *,
    settings: Settings,
    source: Source | None = None,
    as_list: bool = False,
    tell: Tell | None = None,
) -> Probe | Discovery:
    """Fetch a page, or read it from disk, and say what it says. With `tell`, a front page or a
    list on the web is answered by all that may be followed there.

    Raises:
        SiteError: `place` is neither an http address nor a file.
    """
    if "://" not in place:
        return _lay_out(_read(place), source, as_list=as_list)
    async with Crawl(settings) as crawl:
        visits = Visits(fetcher_for(crawl, source), _now)
        page = await visits.see(place)
        if page is None:
            error = next(iter(visits.failures.values()))
            return Probe(url=place, kind="no", obstacle=str(error))
        if tell is not None and not as_list and is_list(page, read_list(page)):
            return await discover_with(place, visits, tell=tell)
        return _lay_out(page, source, as_list=as_list)


async def discover_at(url: str, *, settings: Settings, tell: Tell) -> Discovery:
    """`kanliu add`: everything that may be followed there.

    Raises:
        SiteError: the address itself could not be had.
    """
    async with Crawl(settings) as crawl:
        return await discover(url, fetch=crawl.fetcher(Limits()), clock=_now, tell=tell)


def _lay_out(page: SeenPage, source: Source | None, *, as_list: bool) -> Probe:
    body, url, charset = page.answer.body, page.url, page.answer.charset
    platform = find_platform(body, None, url)
    if as_list:
        listed = reader_for(source)(body, url=url, visited=page.seen, http_charset=charset)
        found = [ProbedField(name="articles", value=str(len(listed.links)), where=listed.where)]
        if listed.left:
            where = "at the end of the page, beyond what is read of one"
            found.append(ProbedField(name="links left", value=str(listed.left), where=where))
        return Probe(
            url=url,
            kind="list",
            platform=platform,
            fields=tuple(found),
            links=listed.links,
            next=listed.next,
        )
    article = read_article(body, url=url, visited=page.seen, source=source, http_charset=charset)
    return Probe(url=url, kind="article", platform=platform, fields=article.fields)


def fetcher_for(crawl: Crawl, source: Source | None) -> Fetch:
    """What asks for the page: as a poll of the source would, where there is one."""
    if source is None:
        return crawl.fetcher(Limits())
    return crawl.fetcher(source.limits, render=source.render, encoding=source.encoding)


def _now() -> datetime:
    return datetime.now(UTC)


def _read(place: str) -> SeenPage:
    file = Path(place)
    if not file.is_file():
        raise SiteError(f"{place} is neither an http address nor a file")
    url = file.absolute().as_uri()
    answer = Answer(url=url, status=200, headers={}, body=file.read_bytes(), exchanges=())
    return SeenPage(asked=url, seen=_now(), answer=answer)

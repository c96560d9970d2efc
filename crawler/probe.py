"""`kanliu probe URL|FILE`: one page, fetched as politely as a poll would or read from disk, and
what is read from it. Keeps nothing. What an article page says is laid out by reading.probe."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.browser import find_lack
from crawler.discover import discover, discover_with
from crawler.discovery.preview import is_list, read_list
from crawler.discovery.visits import SeenPage, Visits, is_empty_shell
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
    from sources.model import Render, Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """What one page says: `fields` of an article page, `links` and `next` of a list page, or the
    `obstacle` in place of either. `hint` is what a person could do to read more."""

    url: str
    kind: str
    platform: str | None = None
    fields: tuple[ProbedField, ...] = ()
    links: tuple[ListedLink, ...] = ()
    next: str | None = None
    obstacle: str | None = None
    hint: str | None = None


async def probe_page(
    place: str,
    *,
    settings: Settings,
    source: Source | None = None,
    as_list: bool = False,
    tell: Tell | None = None,
    render: Render | None = None,
) -> Probe | Discovery:
    """Fetch a page, or read it from disk, and say what it says. With `tell`, a front page or a
    list on the web is answered by all that may be followed there. `render` overrules the source.

    Raises:
        SiteError: `place` is neither an http address nor a file.
    """
    if "://" not in place:
        return _lay_out(_read(place), source, as_list=as_list)
    async with Crawl(settings) as crawl:
        visits = Visits(fetcher_for(crawl, source, render=render), _now)
        page = await visits.see(place)
        if page is None:
            error = next(iter(visits.failures.values()))
            return Probe(url=place, kind="no", obstacle=str(error))
        if tell is not None and not as_list and is_list(page, read_list(page)):
            return await discover_with(place, visits, tell=tell)
        laid_out = _lay_out(page, source, as_list=as_list)
        return (
            replace(laid_out, hint=hint_of(place, settings)) if is_empty_shell(page) else laid_out
        )


def hint_of(url: str, settings: Settings) -> str:
    """What to do about a page that a script fills."""
    lack = find_lack(settings)
    first = f"{lack}. Then let" if lack else "let"
    return (
        f"The page is an empty shell that its scripts fill in a browser. To follow it, {first} "
        f"one draw it: kanliu add {url} --render browser (docs/pages-that-need-javascript.md)"
    )


async def discover_at(
    url: str, *, settings: Settings, tell: Tell, render: Render = "plain"
) -> Discovery:
    """`kanliu add`: everything that may be followed there, as served or as drawn.

    Raises:
        SiteError: the address itself could not be had.
    """
    async with Crawl(settings) as crawl:
        fetch = crawl.fetcher(Limits(), render=render)
        return await discover(url, fetch=fetch, clock=_now, tell=tell)


def _lay_out(page: SeenPage, source: Source | None, *, as_list: bool) -> Probe:
    body, url, charset = page.answer.body, page.url, page.answer.charset
    platform = find_platform(body, page.answer.headers, url)
    if as_list:
        listed = reader_for(source)(
            body,
            url=url,
            visited=page.seen,
            http_charset=charset,
            headers=page.answer.headers,
        )
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


def fetcher_for(crawl: Crawl, source: Source | None, *, render: Render | None = None) -> Fetch:
    """What asks for the page: as a poll of the source would, where there is one."""
    if source is None:
        return crawl.fetcher(Limits(), render=render or "plain")
    return crawl.fetcher(source.limits, render=render or source.render, encoding=source.encoding)


def _now() -> datetime:
    return datetime.now(UTC)


def _read(place: str) -> SeenPage:
    file = Path(place)
    if not file.is_file():
        raise SiteError(f"{place} is neither an http address nor a file")
    url = file.absolute().as_uri()
    answer = Answer(url=url, status=200, headers={}, body=file.read_bytes(), exchanges=())
    return SeenPage(asked=url, seen=_now(), answer=answer)

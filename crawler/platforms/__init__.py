"""How the publishing system of a source lists its articles: one small module for each.

A module knows how to recognise its system, how to read a list page of it, and where its lists and
native feeds are. Takes bytes and addresses, never fetches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from crawler.platforms import (
    cbpt,
    citation,
    dedecms,
    discuz,
    empirecms,
    etiller,
    feed,
    magtech,
    oai,
    ojs,
    pbootcms,
    phpcms,
    plain,
    rhhz,
    sitemap,
    wordpress,
)
from crawler.platforms.sight import Sight

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from crawler.reading.list_page import ListPage
    from sources.model import Source

__all__ = [
    "FILES",
    "PLATFORMS",
    "ListReader",
    "PageReader",
    "Platform",
    "Sight",
    "find_feeds",
    "find_platform",
    "reader_for",
]


class ListReader(Protocol):
    """Reads a list page, or what stands in its place: a native feed, a sitemap, OAI-PMH."""

    def __call__(
        self,
        body: bytes,
        *,
        url: str,
        visited: datetime,
        source: Source | None = None,
        http_charset: str | None = None,
    ) -> ListPage: ...


class PageReader(Protocol):
    """Reads a list page of any system; the headers of its response tell which, too."""

    def __call__(
        self,
        body: bytes,
        *,
        url: str,
        visited: datetime,
        http_charset: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ListPage: ...


class Platform(Protocol):
    """What a module of this package offers.

    `is_platform` judges by fingerprints of one response; `read_list` is `reading.read_list` with
    the system's knowledge; `feed_addresses` are where its native feeds are for a journal with
    this list page, best first; `list_addresses` are where the lists of its newest articles are,
    best first, none where only the front page can tell. An address may answer nothing: a journal
    can switch feeds off, and some systems address several journals on one host.
    """

    def is_platform(self, sight: Sight) -> bool: ...

    @property
    def read_list(self) -> ListReader: ...

    def feed_addresses(self, url: str) -> tuple[str, ...]: ...

    def list_addresses(self, url: str) -> tuple[str, ...]: ...


# In the order of asking: a feed is a feed whoever serves it, a sitemap and an answer of OAI-PMH
# too, and plain takes whatever is left.
PLATFORMS: Mapping[str, Platform] = {
    "feed": feed,
    "sitemap": sitemap,
    "oai": oai,
    "ojs": ojs,
    "magtech": magtech,
    "etiller": etiller,
    "rhhz": rhhz,
    "cbpt": cbpt,
    "citation": citation,
    "dedecms": dedecms,
    "empirecms": empirecms,
    "phpcms": phpcms,
    "pbootcms": pbootcms,
    "discuz": discuz,
    "wordpress": wordpress,
    "plain": plain,
}


def find_platform(body: bytes, headers: Mapping[str, str] | None = None, url: str = "") -> str:
    """The name of the system behind a response; `plain` when it is none that we know."""
    sight = Sight.of(body, headers, url)
    return next(name for name, platform in PLATFORMS.items() if platform.is_platform(sight))


def reader_for(source: Source | None) -> PageReader:
    """The reader of a source's list pages.

    A native feed, a sitemap, OAI-PMH is read as such wherever it comes; selectors overrule what is
    known of a system; with `platform = "auto"` each page is recognised for itself.
    """

    def read(
        body: bytes,
        *,
        url: str,
        visited: datetime,
        http_charset: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> ListPage:
        name = _platform_of(body, headers, url, source)
        return PLATFORMS[name].read_list(
            body, url=url, visited=visited, source=source, http_charset=http_charset
        )

    return read


def find_feeds(
    body: bytes, headers: Mapping[str, str] | None = None, url: str = ""
) -> tuple[str, ...]:
    """Where native feeds of a page may be: those it links to, then those its system has."""
    known = PLATFORMS[find_platform(body, headers, url)].feed_addresses(url)
    return tuple(dict.fromkeys((*feed.linked_feeds(body, url), *known)))


#: Lists that are no pages.
FILES = ("feed", "sitemap", "oai")


def _platform_of(
    body: bytes, headers: Mapping[str, str] | None, url: str, source: Source | None
) -> str:
    sight = Sight.of(body, headers, url)
    for name in FILES:
        if PLATFORMS[name].is_platform(sight):
            return name
    if source and source.selectors.links:
        return "plain"
    if source and source.platform not in ("auto", *FILES):
        return source.platform
    return find_platform(body, headers, url)

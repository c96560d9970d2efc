"""Sitemaps as lists, for a site whose articles stand in no list and no feed.

Checked against the protocol (sitemaps.org 0.9), Google's extension for news, and what WordPress,
its SEO plug-ins and PbootCMS write. An address has no title and no day there, but in the
extension for news: both come from the article's page. `lastmod` is the day of an edit and dates
nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.model import ListedLink
from crawler.normalise.url import canonical, is_same_site, join_url
from crawler.reading.list_page import ListPage
from crawler.reading.sitemap import LOOKED_AT, read_sitemap, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.sitemap import Location
    from sources.model import Source

#: Of so many newest maps of an index, and so many newest addresses of each. One may hold 50,000:
#: a first visit is no harvest, and no journal prints so much between two visits. Where nothing
#: tells the new from the old, all that are looked at are taken.
MAPS_MOST, NEWEST = 3, 300


def is_platform(sight: Sight) -> bool:
    is_packed = sight.ends.startswith(b"\x1f\x8b")
    start = unpack(sight.ends, _LOOK_BYTES).decode("ascii", "replace") if is_packed else sight.text
    return _IS_SITEMAP.match(start.lower()) is not None


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    """The articles of a sitemap, or the maps of an index. (`visited`, `source` and `http_charset`
    are the protocol's: a sitemap is UTF-8 and prints whole dates.)"""
    sitemap = read_sitemap(body)
    if not sitemap.pages:
        parts = _likely(_here(sitemap.maps, url))[:MAPS_MOST]
        where = f"sitemap: {len(parts)} newest of {len(sitemap.maps)} maps"
        return ListPage(
            links=(), next=None, skipped=0, where=where, parts=tuple(each.url for each in parts)
        )
    articles = _here(sitemap.articles, url)
    shown = articles[:NEWEST] if sitemap.is_ordered else articles
    links = {
        canonical(each.url): ListedLink(url=each.url, title=each.title, published=each.published)
        for each in shown
    }
    return ListPage(
        links=tuple(links.values()),
        next=None,
        skipped=0,
        where=f"sitemap: {len(shown)} of {len(sitemap.pages)} addresses, the newest articles",
        left=0 if sitemap.is_ordered else max(0, len(sitemap.pages) - LOOKED_AT),
    )


def feed_addresses(url: str) -> tuple[str, ...]:
    return ()


def list_addresses(url: str) -> tuple[str, ...]:
    return (url,)


_LOOK_BYTES = 4_096
_IS_SITEMAP = re.compile(
    r"[^<]{0,16}(?>\s+|<\?[^>]*>|<!--.*?-->|<!doctype[^>]*>)*+"
    r"<(?:\w+:)?(?:urlset|sitemapindex)[\s>]",
    re.DOTALL,
)
# Maps of what is no article, as WordPress and its plug-ins name them.
_ASIDE = re.compile(
    r"(?:^|[-_/])(?:categor(?:y|ies)|(?:post_)?tags?|taxonom(?:y|ies)|authors?|users?|page"
    r"|images?|videos?|products?)(?:[-_.]|$)",
    re.IGNORECASE,
)


def _here(found: Iterable[Location], url: str) -> list[Location]:
    """The addresses on the sitemap's own site (the protocol allows no others)."""
    return [each for each in found if is_same_site(each.url, url) and join_url(url, each.url)]


def _likely(maps: list[Location]) -> list[Location]:
    """The maps that may hold articles, the newest first; all where each has a name of others."""
    kept = [each for each in maps if not _ASIDE.search(urlsplit(each.url).path)]
    return kept or maps

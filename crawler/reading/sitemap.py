"""Sitemaps (sitemaps.org, and its extension for news): the addresses that a site wants to be
found, newest first. Pure; takes bytes. What is followed of them is crawler.platforms' matter.

`lastmod` is the day of an edit: it orders addresses, and is never a date of publication.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.reading.anchors import has_number, url_shape
from crawler.reading.xml import local_name, parse_xml
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml import etree


#: A sitemap may hold 50,000 addresses, and each costs 0.05 ms to judge.
LOOKED_AT = 3_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Location:
    """One address of a sitemap; `title` and `published` as the extension for news prints them."""

    url: str
    changed: str = ""
    title: str | None = None
    published: str | None = None

    @property
    def rank(self) -> tuple[str, tuple[int, ...]]:
        """What orders addresses: when they changed, then the numbers in them. A system that
        writes today's date beside each address still counts its articles."""
        path = self.url.partition("//")[2].partition("/")[2]
        numbers = tuple(map(int, _NUMBERS.findall(path)))
        return self.published or self.changed, numbers


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """`maps` are further sitemaps, `pages` those of an ordinary one; each newest first as far as
    the file or its addresses tell."""

    maps: tuple[Location, ...] = ()
    pages: tuple[Location, ...] = ()

    @property
    def articles(self) -> tuple[Location, ...]:
        """The pages that are called news, and those whose address counts or names single things,
        as those of articles do, in the shapes that are common here: of the newest LOOKED_AT."""
        shapes = {page: _article_shape(page) for page in self.pages[:LOOKED_AT]}
        counts = Counter(filter(None, shapes.values()))
        least = counts.total() * _LEAST_SHARE
        return tuple(
            page
            for page, shape in shapes.items()
            if page.title or (shape is not None and counts[shape] >= least)
        )

    @property
    def is_ordered(self) -> bool:
        """Whether anything tells the new from the old."""
        return bool(self.pages) and self.pages[0].rank != self.pages[-1].rank


def read_sitemap(body: bytes) -> Sitemap:
    """What is no sitemap gives an empty one."""
    data = unpack(body)
    text = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        urls = [one_line(line) for line in data.decode("utf-8", "replace").splitlines()]
        found = (Location(url=url) for url in urls if re.match(r"https?://\S+$", url))
        return Sitemap(pages=_newest_first(found))
    root = parse_xml(data)
    if root is None:
        return Sitemap()
    return Sitemap(
        maps=_newest_first(_locations(root, "sitemap")),
        pages=_newest_first(_locations(root, "url")),
    )


def unpack(body: bytes, most: int | None = None) -> bytes:
    """The text of a sitemap, or its beginning: `sitemap.xml.gz` comes packed, whatever its headers
    say. What cannot be unpacked gives nothing."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, most or _BYTES_MOST)
    except (zlib.error, gzip.BadGzipFile):
        return b""


# The size that the protocol allows, and where an unpacked one is cut.
_BYTES_MOST = 50 * 1024 * 1024
_NUMBERS = re.compile(r"\d{1,18}")
# A shape of address that fewer than one in twenty have is that of an exception: /about/2020.html.
_LEAST_SHARE = 0.05
_NO_ARTICLE = re.compile(
    r"/(?:tags?|categor(?:y|ies)|authors?|users?|page|topics?|search|feed)(?:[-_/]|$)"
    r"|\.(?:jpe?g|png|gif|webp|svg|mp[34])$",
    re.IGNORECASE,
)


def _article_shape(page: Location) -> str | None:
    shape = url_shape(page.url)
    is_article = has_number(shape) and not _NO_ARTICLE.search(urlsplit(page.url).path)
    return shape if is_article else None


def _newest_first(found: Iterator[Location]) -> tuple[Location, ...]:
    rows: Sequence[Location] = list({each.url: each for each in found}.values())
    return tuple(sorted(rows, key=lambda each: each.rank, reverse=True))


def _locations(root: etree._Element, kind: str) -> Iterator[Location]:
    for element in root.iter(f"{{*}}{kind}"):
        said = _words(element)
        if said.get("loc", "").startswith(("http://", "https://")):
            news = next((_words(each) for each in element.iterchildren("{*}news")), {})
            yield Location(
                url=said["loc"],
                changed=said.get("lastmod", ""),
                title=news.get("title") or None,
                published=news.get("publication_date") or None,
            )


def _words(element: etree._Element) -> dict[str, str]:
    """The texts of an element's children, by name."""
    return {local_name(child): one_line(child.text or "") for child in element.iterchildren("{*}*")}

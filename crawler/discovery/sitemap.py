"""Sitemaps (sitemaps.org): the addresses that a site wants to be found, newest first. Of use where
no list is found: they tell in which folders the articles lie. Pure; takes bytes."""

from __future__ import annotations

import gzip
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lxml import etree

from crawler.discovery.markup import parse_xml
from crawler.reading.anchors import has_number, url_shape
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

#: A sitemap may hold 50,000 addresses; the newest few hundred tell where new articles are.
NEWEST = 300
# The size that the protocol allows, and where an unpacked one is cut.
_BYTES_MOST = 50 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """`maps` are further sitemaps, `pages` addresses of pages; each newest first as far as the
    file says when they changed."""

    maps: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()

    @property
    def articles(self) -> tuple[str, ...]:
        """The pages whose address counts or names single things, as those of articles do."""
        return tuple(url for url in self.pages[:NEWEST] if has_number(url_shape(url)))


def read_sitemap(body: bytes) -> Sitemap:
    """What is no sitemap gives an empty one."""
    data = _unpacked(body)
    text = data[:512].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not text.startswith(b"<"):
        urls = [one_line(line) for line in data.decode("utf-8", "replace").splitlines()]
        return Sitemap(pages=tuple(url for url in urls if re.match(r"https?://\S+$", url)))
    root = parse_xml(data)
    if root is None:
        return Sitemap()
    return Sitemap(maps=tuple(_newest(root, "sitemap")), pages=tuple(_newest(root, "url")))


def _newest(root: etree._Element, kind: str) -> Iterator[str]:
    rows = []
    for element in root.iter(f"{{*}}{kind}"):
        said = {
            etree.QName(child).localname: one_line(child.text or "")
            for child in element.iterchildren("{*}*")
        }
        if said.get("loc", "").startswith(("http://", "https://")):
            rows.append((said.get("lastmod", ""), said["loc"]))
    yield from (url for _, url in sorted(rows, key=lambda row: row[0], reverse=True))


def _unpacked(body: bytes) -> bytes:
    """`sitemap.xml.gz` comes packed, whatever its headers say."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, _BYTES_MOST)
    except (zlib.error, gzip.BadGzipFile):
        return b""

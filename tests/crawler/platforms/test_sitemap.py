"""Sitemaps as lists: which of their addresses are followed, and how an index is walked."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.platforms import find_platform, reader_for
from crawler.platforms.sitemap import MAPS_MOST, NEWEST
from crawler.reading.sitemap import LOOKED_AT
from sources.model import PlatformName, Source

if TYPE_CHECKING:
    from crawler.reading.list_page import ListPage

SITE = "https://kan.example"
VISITED = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
PROLOGUE = (
    '<?xml version="1.0" encoding="UTF-8"?><?xml-stylesheet href="/s.xsl"?><!-- made by hand -->\n'
)


def urlset(paths: list[str], changed: str = "2026-11-20") -> bytes:
    rows = "".join(
        f"<url><loc>{SITE}{path}</loc><lastmod>{changed}</lastmod></url>" for path in paths
    )
    name = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
    return f"{PROLOGUE}<urlset {name}>{rows}</urlset>".encode()


def index(maps: dict[str, str]) -> bytes:
    rows = "".join(
        f"<sitemap><loc>{SITE}{path}</loc><lastmod>{changed}</lastmod></sitemap>"
        for path, changed in maps.items()
    )
    return f"{PROLOGUE}<sitemapindex>{rows}</sitemapindex>".encode()


def read(body: bytes, platform: PlatformName = "auto") -> ListPage:
    source = Source(id="kan", title="某刊", lists=(f"{SITE}/sitemap.xml",), platform=platform)
    return reader_for(source)(body, url=f"{SITE}/sitemap.xml", visited=VISITED)


@pytest.mark.parametrize("platform", ["auto", "sitemap", "wordpress", "feed"])
def test_a_sitemap_is_read_as_one_wherever_it_comes(platform: PlatformName) -> None:
    found = read(urlset(["/", "/a/2026/8.html", "/a/2026/91.html"]), platform)
    assert [link.url for link in found.links] == [f"{SITE}/a/2026/91.html", f"{SITE}/a/2026/8.html"]


def test_the_day_of_an_edit_is_never_that_of_publication() -> None:
    (link,) = read(urlset(["/a/2026/91.html"])).links
    assert (link.title, link.published) == (None, None)


def test_a_packed_one_is_recognised() -> None:
    body = gzip.compress(urlset(["/a/2026/91.html"]))
    assert find_platform(body, None, f"{SITE}/sitemap.xml.gz") == "sitemap"
    assert len(read(body).links) == 1


@pytest.mark.parametrize(
    "body", [b"", b"\x1f\x8b", b"<html><body><urlset></urlset></body></html>", b"<rss></rss>"]
)
def test_what_is_no_sitemap_is_not_taken_for_one(body: bytes) -> None:
    assert find_platform(body) != "sitemap"


def test_a_source_of_sitemaps_that_answers_a_page_reads_it_as_a_page() -> None:
    rows = "".join(f"<li><a href=/a/{n}.html>街角小店的第{n}个夏天</a>" for n in range(101, 105))
    assert len(read(f"<ul>{rows}</ul>".encode(), "sitemap").links) == 4


def test_of_many_addresses_the_newest_are_followed() -> None:
    found = read(urlset([f"/a/{n}.html" for n in range(1, NEWEST + 101)]))
    assert (len(found.links), found.left) == (NEWEST, 0)
    assert found.links[0].url == f"{SITE}/a/{NEWEST + 100}.html"
    assert str(NEWEST + 100) in found.where


def test_where_nothing_tells_new_from_old_all_are_followed_and_the_rest_is_told() -> None:
    letters = "bcdfghjkmnpqrstvwxz"
    slugs = [f"/{a}a-{b}a-{c}a-letters" for a in letters for b in letters for c in letters]
    found = read(urlset(slugs))
    assert (len(found.links), found.left) == (LOOKED_AT, len(slugs) - LOOKED_AT)


def test_addresses_of_other_sites_are_left_out() -> None:
    body = urlset(["/a/91.html"]).replace(
        b"</urlset>", b"<url><loc>https://b.test/a/92.html</loc></url></urlset>"
    )
    assert [link.url for link in read(body).links] == [f"{SITE}/a/91.html"]


def test_an_index_leads_to_its_newest_maps_of_articles() -> None:
    found = read(
        index(
            {
                "/post-sitemap.xml": "2024-03-01",
                "/post-sitemap2.xml": "2026-11-01",
                "/category-sitemap.xml": "2026-11-22",
                "/author-sitemap.xml": "2026-11-22",
                "/page-sitemap.xml": "2026-11-22",
                "/essay-sitemap.xml": "2026-11-02",
                "/old-sitemap.xml": "2019-11-02",
            }
        )
    )
    assert (found.links, found.next) == ((), None)
    assert found.parts == tuple(
        f"{SITE}/{name}" for name in ("essay-sitemap.xml", "post-sitemap2.xml", "post-sitemap.xml")
    )
    assert len(found.parts) == MAPS_MOST


def test_an_index_without_days_is_ordered_by_its_numbers() -> None:
    body = index({f"/wp-sitemap-posts-post-{n}.xml": "" for n in range(1, 6)})
    assert [part.rpartition("-")[2] for part in read(body).parts] == ["5.xml", "4.xml", "3.xml"]


def test_half_a_character_and_a_prefix_that_nobody_declared_cost_no_address() -> None:
    news = "<news:news><news:title>街角小店&#xD800;</news:title></news:news>"
    body = urlset(["/a/2026/91.html"]).replace(b"</url>", f"{news}</url>".encode())
    assert [link.url for link in read(body).links] == [f"{SITE}/a/2026/91.html"]

"""crawler.discovery.sitemap: the newest articles that a site wants to be found."""

from __future__ import annotations

import gzip

from crawler.discovery.places import parents, robots_sitemaps
from crawler.discovery.sitemap import Sitemap, read_sitemap

MAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://j.example/about.html</loc><lastmod>2026-11-25</lastmod></url>
<url><loc>https://j.example/essays/2026/12.html</loc><lastmod>2026-01-02</lastmod></url>
<url><loc>https://j.example/essays/2026/34.html</loc><lastmod>2026-11-02</lastmod></url>
<url><loc>javascript:void(0)</loc></url></urlset>"""


def test_articles_come_newest_first_and_other_pages_not() -> None:
    assert read_sitemap(MAP.encode()).articles == (
        "https://j.example/essays/2026/34.html",
        "https://j.example/essays/2026/12.html",
    )


def test_a_packed_one_is_read_and_a_list_of_lines_too() -> None:
    assert read_sitemap(gzip.compress(MAP.encode())) == read_sitemap(MAP.encode())
    lines = b"https://j.example/a/101.html\nnot an address\n"
    assert read_sitemap(lines).articles == ("https://j.example/a/101.html",)


def test_an_index_names_further_maps() -> None:
    index = "<sitemapindex><sitemap><loc>https://j.example/s1.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(index.encode()).maps == ("https://j.example/s1.xml",)


def test_what_is_none_gives_an_empty_one() -> None:
    for body in (b"", b"<", b"<html><body>404</body></html>", b"\x1f\x8bnot packed", b"\x00"):
        assert read_sitemap(body) == Sitemap()


def test_entities_are_not_followed() -> None:
    evil = b'<!DOCTYPE u [<!ENTITY x SYSTEM "file:///etc/passwd">]><urlset><url><loc>&x;</loc></url></urlset>'
    assert read_sitemap(evil) == Sitemap()


def test_the_folder_of_most_articles_comes_first() -> None:
    urls = ["https://j.example/essays/2026/12.html", "https://j.example/essays/13.html"]
    assert list(parents([*urls, "https://j.example/news/1.html", "https://j.example/9.html"])) == [
        "https://j.example/essays/",
        "https://j.example/news/",
    ]


def test_robots_txt_names_sitemaps() -> None:
    text = "User-agent: *\nDisallow:\n Sitemap: https://j.example/a.xml\nsitemap:https://j.example/b.xml\n"
    assert robots_sitemaps(text) == ("https://j.example/a.xml", "https://j.example/b.xml")

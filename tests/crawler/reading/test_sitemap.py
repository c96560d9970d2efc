"""crawler.reading.sitemap: the newest articles that a site wants to be found."""

from __future__ import annotations

import gzip

from crawler.discovery.places import parents, robots_sitemaps
from crawler.reading.sitemap import Sitemap, read_sitemap

MAP = """<?xml version="1.0"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://j.example/about.html</loc><lastmod>2026-11-25</lastmod></url>
<url><loc>https://j.example/essays/2026/12.html</loc><lastmod>2026-01-02</lastmod></url>
<url><loc>https://j.example/essays/2026/34.html</loc><lastmod>2026-11-02</lastmod></url>
<url><loc>javascript:void(0)</loc></url></urlset>"""


def urls(sitemap: Sitemap) -> tuple[str, ...]:
    return tuple(each.url for each in sitemap.articles)


def test_articles_come_newest_first_and_other_pages_not() -> None:
    assert urls(read_sitemap(MAP.encode())) == (
        "https://j.example/essays/2026/34.html",
        "https://j.example/essays/2026/12.html",
    )


def test_where_all_changed_today_the_numbers_in_the_addresses_order_them() -> None:
    rows = "".join(
        f"<url><loc>https://j.example/wenzhang/{n}.html</loc><lastmod>2026-11-25</lastmod></url>"
        for n in (98, 101, 7, 100)
    )
    numbers = [
        url.rpartition("/")[2] for url in urls(read_sitemap(f"<urlset>{rows}</urlset>".encode()))
    ]
    assert numbers == ["101.html", "100.html", "98.html", "7.html"]


def test_what_is_called_news_is_an_article_whatever_its_address() -> None:
    news = (
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url>'
        "<loc>https://j.example/harbour</loc><lastmod>2026-11-25</lastmod><news:news>"
        "<news:publication><news:name>Harbour</news:name></news:publication>"
        "<news:publication_date>2026-11-20T08:00+01:00</news:publication_date>"
        "<news:title>The ledger of missed boats</news:title></news:news></url></urlset>"
    )
    (found,) = read_sitemap(news.encode()).articles
    assert (found.title, found.published) == (
        "The ledger of missed boats",
        "2026-11-20T08:00+01:00",
    )


def test_archives_tags_and_pictures_are_no_articles() -> None:
    paths = (
        "tag/2026",
        "category/12",
        "author/77.html",
        "page/2",
        "up/20261120.jpg",
        "a/2026/91.html",
    )
    rows = "".join(f"<url><loc>https://j.example/{path}</loc></url>" for path in paths)
    assert urls(read_sitemap(f"<urlset>{rows}</urlset>".encode())) == (
        "https://j.example/a/2026/91.html",
    )


def test_an_address_that_is_shaped_like_no_other_is_no_article() -> None:
    rows = "".join(f"<url><loc>https://j.example/a/2026/{n}.html</loc></url>" for n in range(30))
    strange = "<url><loc>https://j.example/history-1998</loc></url>"
    found = urls(read_sitemap(f"<urlset>{rows}{strange}</urlset>".encode()))
    assert (len(found), "https://j.example/history-1998" in found) == (30, False)


def test_a_packed_one_is_read_and_a_list_of_lines_too() -> None:
    assert read_sitemap(gzip.compress(MAP.encode())) == read_sitemap(MAP.encode())
    lines = b"https://j.example/a/101.html\nnot an address\n"
    assert urls(read_sitemap(lines)) == ("https://j.example/a/101.html",)


def test_an_index_names_further_maps() -> None:
    index = "<sitemapindex><sitemap><loc>https://j.example/s1.xml</loc></sitemap></sitemapindex>"
    assert [each.url for each in read_sitemap(index.encode()).maps] == ["https://j.example/s1.xml"]


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

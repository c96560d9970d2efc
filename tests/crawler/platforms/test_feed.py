"""Native feeds in all their forms; the texts are our own."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.platforms import find_feeds, find_platform, reader_for
from crawler.platforms.feed import read_feed
from sources.model import Selectors, Source

if TYPE_CHECKING:
    from crawler.reading.list_page import ListPage

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://kan.example/feed/rss.xml"


def read(text: str | bytes, url: str = URL) -> ListPage:
    body = text if isinstance(text, bytes) else text.encode()
    return read_feed(body, url=url, visited=VISITED)


def rows_of(found: ListPage) -> list[tuple[str, str | None, str | None]]:
    return [(link.url, link.title, link.published) for link in found.links]


def rss(items: str, head: str = "") -> str:
    return (
        f'<?xml version="1.0" encoding="utf-8"?>{head}<rss version="2.0" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>某刊</title>'
        f"<link>https://kan.example/</link>{items}</channel></rss>"
    )


ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>某刊</title>
<link rel="self" href="https://kan.example/feed/atom.xml"/><link rel="next" href="atom.xml?page=2"/>
<entry><title type="html">盐田边的&lt;em&gt;气象站&lt;/em&gt;</title>
<link rel="alternate" type="application/pdf" href="/a/1.pdf"/><link href="/a/1.html"/>
<updated>2026-11-21T00:00:00Z</updated><published>2026-11-20T08:00:00+08:00</published></entry>
<entry><title>谁在修复老照片</title><link rel="enclosure" href="/x.mp3"/><link href="/a/2.html"/>
<updated>2026-11-19T00:00:00Z</updated></entry></feed>"""

RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"
 xmlns:prism="http://prismstandard.org/namespaces/1.2/basic/">
<channel rdf:about="https://kan.example/"><title>某刊</title><items/></channel>
<item rdf:about="https://kan.example/a/1"><title>河堤上的图书室</title><dc:date>2026-11-20</dc:date></item>
<item><title>雨季之前</title><link>https://kan.example/a/2</link>
<prism:publicationDate>2026-10</prism:publicationDate></item></rdf:RDF>"""


def test_rss_is_read_with_its_dates_as_printed() -> None:
    items = (
        "<item><title>河堤上的图书室</title><link>https://kan.example/a/1</link>"
        "<pubDate>Fri, 20 Nov 2026 08:00:00 +0800</pubDate></item>"
        "<item><title>雨季之前</title><link> /a/2 </link><pubDate>2026年11月19日</pubDate></item>"
    )
    assert rows_of(read(rss(items))) == [
        ("https://kan.example/a/1", "河堤上的图书室", "Fri, 20 Nov 2026 08:00:00 +0800"),
        ("https://kan.example/a/2", "雨季之前", "2026年11月19日"),
    ]


def test_atom_is_read_with_its_next_page() -> None:
    found = read(ATOM, "https://kan.example/feed/atom.xml")
    assert rows_of(found) == [
        ("https://kan.example/a/1.html", "盐田边的气象站", "2026-11-20T08:00:00+08:00"),
        ("https://kan.example/a/2.html", "谁在修复老照片", "2026-11-19T00:00:00Z"),
    ]
    assert found.next == "https://kan.example/feed/atom.xml?page=2"


def test_rdf_is_read() -> None:
    assert rows_of(read(RDF)) == [
        ("https://kan.example/a/1", "河堤上的图书室", "2026-11-20"),
        ("https://kan.example/a/2", "雨季之前", "2026-10"),
    ]


def test_rss_of_the_first_kind_has_no_dates() -> None:
    found = read(
        '<rss version="0.91"><channel><item><title>甲</title><link>/a/1</link></item>'
        "</channel></rss>"
    )
    assert rows_of(found) == [("https://kan.example/a/1", "甲", None)]


def test_json_feed_is_read_with_its_next_page() -> None:
    said = {
        "version": "https://jsonfeed.org/version/1.1",
        "next_url": "https://kan.example/feed.json?page=2",
        "items": [
            {
                "id": "1",
                "url": "/a/1",
                "title": "甲",
                "date_published": "2026-11-20T08:00:00+08:00",
            },
            {"id": "https://kan.example/a/2", "title": "乙"},
            {"id": "3"},
            "nonsense",
        ],
    }
    found = read(json.dumps(said), "https://kan.example/feed.json")
    assert rows_of(found) == [
        ("https://kan.example/a/1", "甲", "2026-11-20T08:00:00+08:00"),
        ("https://kan.example/a/2", "乙", None),
    ]
    assert (found.next, found.skipped) == ("https://kan.example/feed.json?page=2", 2)


def test_a_permanent_guid_stands_in_for_a_missing_link() -> None:
    items = (
        "<item><title>甲</title><guid>https://kan.example/a/1</guid></item>"
        '<item><title>乙</title><guid isPermaLink="false">https://kan.example/a/2</guid></item>'
        '<item><title>丙</title><enclosure url="/a/3.pdf" type="application/pdf"/></item>'
    )
    found = read(rss(items))
    assert [link.url[-5:] for link in found.links] == ["e/a/1", "3.pdf"]
    assert found.skipped == 1


def test_a_gbk_feed_is_read_right() -> None:
    text = rss("<item><title>镕字与纺织城</title><link>/a/1</link></item>")
    body = text.replace("utf-8", "gb2312").encode("gbk")
    assert read(body).links[0].title == "镕字与纺织城"


@pytest.mark.parametrize(
    "items",
    [
        "<item><title>甲 & 乙</title><link>/a/1</link></item>",
        "<item><title>甲 &nbsp;&amp; 乙</title><link>/a/1</link></item>",
        "<item><title>甲 \x0b&amp; 乙</title><link>/a/1</link>",
        "<item><title><![CDATA[甲 &amp; 乙]]></title><link>/a/1</link></item></wrong>",
        "<item><title>&lt;b&gt;甲&lt;/b&gt; &amp;amp; 乙</title><link>/a/1</link></item>",
        "<item><title>甲 &amp; 乙</title><link>/a/1</link><dc:x><undeclared:y/></item>",
    ],
)
def test_broken_xml_is_mended(items: str) -> None:
    assert rows_of(read(rss(items))) == [("https://kan.example/a/1", "甲 & 乙", None)]


def test_no_entity_of_a_document_type_is_resolved(tmp_path_factory: pytest.TempPathFactory) -> None:
    secret = tmp_path_factory.mktemp("secret") / "key"
    secret.write_text("geheim")
    head = f'<!DOCTYPE rss [<!ENTITY x SYSTEM "file://{secret}"><!ENTITY y "zehn">]>'
    found = read(rss("<item><title>甲&x;&y;</title><link>/a/1</link></item>", head))
    assert found.links[0].title == "甲"


def test_an_entity_bomb_does_not_go_off() -> None:
    bomb = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 20))
    head = f'<!DOCTYPE rss [<!ENTITY e0 "bumm">{bomb}]>'
    assert len(read(rss("<item><title>甲&e19;</title><link>/a/1</link></item>", head)).links) == 1


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"<", b"nichts", b'{"items": 3}', b"\xff\xfe\x00"]
)
def test_what_is_no_feed_gives_no_links(body: bytes) -> None:
    assert read(body).links == ()


def test_feeds_are_recognised_whoever_serves_them() -> None:
    for text in (
        rss(""),
        ATOM,
        RDF,
        "\ufeff \n" + ATOM,
        '{"version": "https://jsonfeed.org/version/1"}',
    ):
        assert find_platform(text.encode()) == "feed"
    assert find_platform(b"<html><body><a href=/rss>rss</a> {}</body></html>") == "plain"


def test_a_feed_is_read_as_one_even_for_a_source_with_selectors() -> None:
    source = Source(id="kan", title="某刊", lists=(URL,), selectors=Selectors(links="li a"))
    assert len(reader_for(source)(ATOM.encode(), url=URL, visited=VISITED).links) == 2


def test_the_feeds_that_a_page_announces_are_found() -> None:
    page = (
        '<html><head><link rel="alternate" type="application/rss+xml" href="/rss">'
        '<link rel="alternate" type="application/atom+xml; charset=utf-8" href="atom.xml">'
        '<link rel="alternate" hreflang="en" href="/en"></head></html>'
    )
    found = find_feeds(page.encode(), url="https://kan.example/news/")
    assert found == ("https://kan.example/rss", "https://kan.example/news/atom.xml")


def test_a_page_full_of_comments_is_told_from_a_feed_at_once() -> None:
    page = "<!doctype html>" + "<!-- x --> <!-- y -->\n" * 5_000 + "<html></html>"
    start = time.process_time()
    assert find_platform(page.encode()) == "plain"
    assert time.process_time() - start < 1

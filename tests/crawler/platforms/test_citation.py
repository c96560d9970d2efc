"""HighWire and Silverchair, on the pattern of their public addresses; Atypon is a sample site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.platforms import find_platform, reader_for
from crawler.platforms.citation import feed_addresses, list_addresses
from sources.model import Source

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "https://press.example"
SOURCE = Source(id="press", title="Notes", lists=(f"{HOST}/content/current",), language="en")
TITLES = ("A sundial for overcast towns", "On the wear of brass verniers", "The quietest ruler")
HIGHWIRE = (
    '<html><head><link href="/sites/all/modules/highwire/css/a.css" rel="stylesheet"></head><body>'
    '<a href="/content/12/2">Previous Issue</a><div class="issue-toc">'
    '<div class="toc-item"><a href="/content/12/3.cover-expansion">Cover</a></div>'
    + "".join(
        f'<li class="toc-item"><a class="highwire-cite-linked-title" href="/content/12/3/{page}"><span>{title}</span></a>'
        f'<p>Journal May {n}, 2026, 12 (3) {page}-{page + 9}</p><a href="/content/12/3/{page}.abstract">Abstract</a>'
        f'<a href="/content/12/3/{page}.full.pdf">Full Text (PDF)</a></li>'
        for n, (page, title) in enumerate(zip((201, 215, 230), TITLES, strict=True), 1)
    )
    + "</div></body></html>"
)
SILVERCHAIR = (
    '<html><head><script src="https://cdn.silverchair-cdn.com/x.js"></script></head><body>'
    + "".join(
        f'<div class="al-article-items"><h5 class="item-title"><a href="/nsi/article/12/3/{page}/77{page}/{title.replace(" ", "-")}">{title}</a></h5>'
        f'<div class="al-pub-date">Published: 0{n} May 2026</div><a href="/nsi/article-abstract/12/3/{page}/77{page}">Abstract</a>'
        f'<a href="/nsi/article-pdf/12/3/{page}/5{page}/x.pdf">PDF</a></div>'
        for n, (page, title) in enumerate(zip((201, 215, 230), TITLES, strict=True), 1)
    )
    + '<aside><h3>Most Read</h3><ul><li><a href="/nsi/article/1/1/1/11/An-old-favourite-of-all">An old favourite of all</a></li></ul></aside></body></html>'
)


@pytest.mark.parametrize("page", [HIGHWIRE, SILVERCHAIR])
def test_the_platforms_are_recognised(page: str) -> None:
    assert find_platform(page.encode(), None, f"{HOST}/content/current") == "citation"


@pytest.mark.parametrize(
    ("page", "path"), [(HIGHWIRE, "/content/current"), (SILVERCHAIR, "/nsi/issue")]
)
def test_an_issue_gives_each_article_once(page: str, path: str) -> None:
    found = reader_for(SOURCE)(page.encode(), url=HOST + path, visited=VISITED)
    assert tuple(link.title for link in found.links) == TITLES
    assert all("/12/3/2" in link.url and "abstract" not in link.url for link in found.links)


def test_the_issue_before_is_the_next_page() -> None:
    found = reader_for(SOURCE)(HIGHWIRE.encode(), url=f"{HOST}/content/12/3", visited=VISITED)
    assert found.next == f"{HOST}/content/12/2"


@pytest.mark.parametrize(
    ("path", "lists", "feeds"),
    [
        ("/toc/nsi/7/2", ["/toc/nsi/current"], ["/action/showFeed?type=etoc&feed=rss&jc=nsi"]),
        ("/nsi/article/12/3/201/77201/X", ["/nsi/advance-articles", "/nsi/issue"], []),
        ("/content/12/3", ["/content/early/recent", "/content/current"], ["/rss/current.xml"]),
        ("/", [], ["/rss/current.xml"]),
    ],
)
def test_lists_and_feeds_are_known_from_an_address(
    path: str, lists: list[str], feeds: list[str]
) -> None:
    assert list_addresses(HOST + path) == tuple(HOST + each for each in lists)
    assert feed_addresses(HOST + path) == tuple(HOST + each for each in feeds)


def test_a_page_with_citation_tags_alone_is_plain() -> None:
    """Every system for scholars writes them; how its lists are addressed they do not say."""
    page = '<html><head><meta name="citation_title" content="A sundial"></head><p>Text.</p></html>'
    assert find_platform(page.encode(), None, f"{HOST}/a/1") == "plain"

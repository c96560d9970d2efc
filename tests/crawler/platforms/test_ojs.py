"""OJS 3 and OJS 2 contents and archive pages, on the documented templates; texts are our own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.platforms import find_feeds, find_platform, reader_for
from crawler.platforms.ojs import list_addresses
from sources.model import Source

if TYPE_CHECKING:
    from crawler.reading.list_page import ListPage

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
BASE = "https://press.example/index.php/tides"
SOURCE = Source(id="tides", title="Tides", lists=(f"{BASE}/issue/current",), language="en")
TITLES = (
    "Measuring the patience of harbour pilots",
    "A grammar of lighthouse signals",
    "Notes towards a history of fog",
)


def summary(number: int, title: str) -> str:
    address = f"{BASE}/article/view/{number}"
    return (
        f'<div class="obj_article_summary"><h3 class="title"><a href="{address}">'
        f'{title} <span class="subtitle">With charts</span></a></h3><div class="meta">'
        f'<div class="authors">A. Pilot, B. Keeper</div>'
        f'<div class="pages">{number}-{number + 8}</div></div>'
        f'<ul class="galleys_links"><li>'
        f'<a class="obj_galley_link pdf" href="{address}/77">PDF</a></li></ul></div>'
    )


HEAD = '<meta name="generator" content="Open Journal Systems 3.3.0.8">'
SIDE = (
    '<div class="pkp_block block_most_read"><span class="title">Most read</span><ul>'
    + "".join(
        f'<li><a href="{BASE}/article/view/{n}">An article of long ago, much read, {n}</a>'
        for n in range(1, 6)
    )
    + "</ul></div>"
)
ISSUE = (
    f"<html><head>{HEAD}</head><body class='pkp_page_issue'>"
    f"<nav><a href='{BASE}/issue/archive'>Archives</a></nav>"
    '<div class="obj_issue_toc"><div class="published"><span class="label">Published:</span>'
    ' <span class="value">2026-05-14</span></div>'
    f'<div class="galleys"><a href="{BASE}/issue/view/12/40">Full Issue</a></div>'
    + "".join(summary(n, title) for n, title in enumerate(TITLES, 101))
    + f"</div>{SIDE}</body></html>"
)
OLD_ISSUE = (
    f"<html><head>{HEAD.replace('3.3.0.8', '2.4.8.5')}</head><body>"
    + "".join(
        f'<table class="tocArticle"><tr><td class="tocTitle">'
        f'<a href="{BASE}/article/view/{n}">{title}</a></td>'
        f'<td class="tocGalleys">'
        f'<a href="{BASE}/article/view/{n}/9" class="file">PDF</a></td></tr>'
        f'<tr><td class="tocAuthors">C. Diver</td><td>{n}-{n + 4}</td></tr></table>'
        for n, title in enumerate(TITLES, 31)
    )
    + "</body></html>"
)
ARCHIVE = (
    f'<html><head>{HEAD}</head><body><ul class="issues_archive">'
    + "".join(
        f'<li><div class="obj_issue_summary"><h2><a class="title" href="{BASE}/issue/view/{n}">'
        f"Vol. {n} No. 1 (2026)</a></h2></div></li>"
        for n in (12, 11, 10)
    )
    + "</ul></body></html>"
)


def read(text: str, path: str = "/issue/current") -> ListPage:
    return reader_for(SOURCE)(text.encode(), url=BASE + path, visited=VISITED)


def test_the_contents_of_an_issue_are_read_with_its_day() -> None:
    found = read(ISSUE)
    assert [(link.url, link.published) for link in found.links] == [
        (f"{BASE}/article/view/{n}", "2026-05-14") for n in (101, 102, 103)
    ]
    assert [link.title for link in found.links] == [f"{title} With charts" for title in TITLES]


def test_the_contents_of_version_2_are_read() -> None:
    found = read(OLD_ISSUE)
    assert [link.title for link in found.links] == list(TITLES)
    assert found.links[0].url == f"{BASE}/article/view/31"


def test_an_archive_goes_on_with_its_newest_issue() -> None:
    found = read(ARCHIVE, "/issue/archive")
    assert (found.links, found.next) == ((), f"{BASE}/issue/view/12")


def test_an_archive_tells_of_its_older_issues() -> None:
    pager = f'<a class="next" href="{BASE}/issue/archive/2">Next</a>'
    found = read(ARCHIVE.replace("</body>", f"{pager}</body>"), "/issue/archive")
    assert found.older == (
        f"{BASE}/issue/view/11",
        f"{BASE}/issue/view/10",
        f"{BASE}/issue/archive/2",
    )


def test_an_issue_that_leads_to_none_before_it_leads_to_the_archive() -> None:
    menu = f'<nav><a href="{BASE}/issue/archive">Archives</a></nav>'
    found = read(ISSUE.replace("</body>", f"{menu}</body>"))
    assert (found.next, found.older) == (None, (f"{BASE}/issue/archive",))


@pytest.mark.parametrize("text", [ISSUE, OLD_ISSUE, ARCHIVE, ISSUE.replace(HEAD, "")])
def test_the_system_is_recognised_by_its_page(text: str) -> None:
    assert find_platform(text.encode()) == "ojs"


def test_the_system_is_recognised_by_its_cookie() -> None:
    assert find_platform(b"<html></html>", {"Set-Cookie": "OJSSID=1; path=/"}) == "ojs"


@pytest.mark.parametrize("path", ["", "/issue/current", "/article/view/7", "/issue/view/3/showToc"])
def test_its_feeds_are_known_from_any_address(path: str) -> None:
    assert find_feeds(ISSUE.encode(), url=BASE + path)[0] == (
        f"{BASE}/gateway/plugin/WebFeedGatewayPlugin/atom"
    )


@pytest.mark.parametrize("path", ["", "/issue/archive", "/article/view/7", "/about/submissions"])
def test_its_lists_are_known_from_any_address(path: str) -> None:
    assert list_addresses(BASE + path) == (f"{BASE}/issue/current", f"{BASE}/issue/archive")


def test_a_source_that_names_its_platform_is_believed() -> None:
    source = Source(id="tides", title="Tides", lists=(BASE,), platform="plain")
    found = reader_for(source)(ARCHIVE.encode(), url=f"{BASE}/issue/archive", visited=VISITED)
    assert found.next is None

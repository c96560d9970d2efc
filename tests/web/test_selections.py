"""Pages and feeds of parts of the archive, over the real server."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import feedparser
import pytest
from bs4 import BeautifulSoup

from archive.model import NoticeClass
from tests.factories import day, entry, notice, sighting
from tests.web.library import NOW

if TYPE_CHECKING:
    import httpx

    from archive.store import Store
    from sources.model import Source

pytestmark = pytest.mark.slow

DILI = "/dili-yu-huanjing"


def keep(store: Store, which: int = 1, of: str = "pinpai-guancha", **fields: Any) -> None:
    url = f"https://{of}.example/{which}"
    plain = {"url": url, "canonical_url": url, "published": day("2026-11-20"), "number": None}
    article = entry(**{**plain, "text": f"第{which}篇：灯塔在岸上，船在水里。", **fields})
    store.keep(sighting(article, source_id=of, seen=NOW))


def soup(page: httpx.Response) -> BeautifulSoup:
    assert page.status_code == 200
    return BeautifulSoup(page.text, "lxml")


def headlines(page: BeautifulSoup) -> list[str]:
    return [link.get_text() for link in page.select(".articles .headline a")]


def test_search_marks_what_it_found_and_links_its_own_feeds(
    client: httpx.Client, store: Store
) -> None:
    keep(store, title="灯塔")
    page = soup(client.get("/search", params={"q": "灯塔 岸上"}))
    assert headlines(page) == ["灯塔"]
    assert [mark.get_text() for mark in page.select(".snippet mark")] == ["灯塔", "岸上"]
    assert page.select_one("input[name=q]")["value"] == "灯塔 岸上"
    feed = page.select_one("link[type='application/atom+xml']")["href"]
    parsed = feedparser.parse(client.get(str(feed)).content)
    assert [one.title for one in parsed.entries] == ["灯塔"]
    for suffix in ("rss", "json"):
        assert client.get(f"/search.{suffix}", params={"q": "灯塔"}).status_code == 200


def test_what_is_searched_for_in_a_title_comes_before_newer_texts_that_mention_it(
    client: httpx.Client, store: Store
) -> None:
    keep(store, 1, title="灯塔", published=day("2020-01-02"))
    keep(store, 2, title="船", published=day("2026-11-20"))
    page = soup(client.get("/search", params={"q": "灯塔"}))
    assert headlines(page) == ["灯塔", "船"]


def test_search_shows_nothing_of_a_text_that_may_not_be_quoted(
    client: httpx.Client, store: Store
) -> None:
    keep(store, title="灯塔", notice=notice(NoticeClass.FORBIDDEN))
    page = soup(client.get("/search", params={"q": "岸上"}))
    assert headlines(page) == ["灯塔"]
    assert not page.select(".snippet")


def test_search_for_what_may_be_re_published_is_a_click_away(
    client: httpx.Client, store: Store
) -> None:
    keep(store, 1, title="开放的灯塔")
    keep(store, 2, title="不开放的灯塔", notice=notice(NoticeClass.PERMISSION))
    page = soup(client.get("/search", params={"q": "灯塔", "lang": "en"}))
    assert len(headlines(page)) == 2
    link = page.select_one(".side > p a")
    assert link.get_text() == "Only what may be re-published"
    narrowed = soup(client.get(str(link["href"])))
    assert headlines(narrowed) == ["开放的灯塔"]
    assert narrowed.html["lang"] == "en"


def test_the_other_language_of_a_search_is_the_same_search(client: httpx.Client) -> None:
    page = soup(client.get("/search", params={"q": "品牌"}))
    switch = page.select_one(".language a")
    other = soup(client.get(str(switch["href"])))
    assert other.select_one("input[name=q]")["value"] == "品牌"
    assert headlines(other) == headlines(page) != []


@pytest.mark.parametrize("query", ["", "   "])
def test_without_a_query_there_is_only_the_form(client: httpx.Client, query: str) -> None:
    page = soup(client.get("/search", params={"q": query}))
    assert page.select_one("form[role=search]")
    assert not page.select(".articles")


def test_a_query_that_cannot_be_understood_is_explained(client: httpx.Client) -> None:
    page = soup(client.get("/search", params={"q": "notice:gratis"}))
    assert "reusable" in page.select_one("[role=alert]").get_text()
    assert client.get("/search.atom", params={"q": "notice:gratis"}).status_code == 400
    assert client.get("/search.atom").status_code == 404
    assert client.get("/search.pdf", params={"q": "品牌"}).status_code == 404


@pytest.mark.parametrize("query", ["<script>alert(1)</script>", '"><img src=x>', "%00", "\ud7ff"])
def test_a_query_is_text_whatever_it_holds(client: httpx.Client, query: str) -> None:
    page = soup(client.get("/search", params={"q": query}))
    assert not page.select("script, main img")


def test_many_results_are_turned_over(client: httpx.Client, store: Store) -> None:
    for which in range(35):
        keep(store, which, title=f"灯塔之{which}")
    first = soup(client.get("/search", params={"q": "灯塔"}))
    second = soup(client.get(str(first.select_one("a[rel=next]")["href"])))
    assert (len(headlines(first)), len(headlines(second))) == (30, 5)
    assert not set(headlines(first)) & set(headlines(second))
    assert second.select_one("a[rel=prev]")


def test_an_issue_is_a_table_of_contents_with_its_neighbours(client: httpx.Client) -> None:
    page = soup(client.get(f"{DILI}/issues/2026-3/"))
    assert page.h1.get_text() == "2026年第18卷第3期"
    assert len(headlines(page)) == 3
    assert "第 265-277 页" in page.select_one(".byline").get_text()
    links = {str(link["rel"][0]): str(link["href"]) for link in page.select(".turn a")}
    assert links == {"prev": f"{DILI}/issues/2026-2/", "next": f"{DILI}/issues/2026-4/"}
    parsed = feedparser.parse(client.get(f"{DILI}/issues/2026-3/atom.xml").content)
    assert parsed.entries[0].title == "《地理与环境》2026年第18卷第3期目录（3 篇）"
    assert len(parsed.entries) == 4


def test_the_issues_of_a_journal_stand_by_year(client: httpx.Client) -> None:
    page = soup(client.get(f"{DILI}/issues/"))
    assert [heading.get_text() for heading in page.select(".year h2")] == ["2026"]
    for link in page.select(".year a"):
        assert client.get(str(link["href"])).status_code == 200
    assert soup(client.get(f"{DILI}/")).select(f"a[href='{DILI}/issues/']")


def test_a_column_and_an_author_have_a_page_and_feeds(client: httpx.Client, store: Store) -> None:
    keep(store, column="灯塔/岸", authors=("林渡",))
    journal = soup(client.get("/pinpai-guancha/"))
    column = str(journal.find("a", string="灯塔/岸")["href"])
    for path in (column, f"/authors/{quote('林渡')}/"):
        page = soup(client.get(path))
        assert headlines(page) == ["渡口的灯火"]
        for name in ("atom.xml", "rss.xml", "feed.json"):
            answer = client.get(f"{path}{name}")
            assert answer.status_code == 200
            again = client.get(f"{path}{name}", headers={"If-None-Match": answer.headers["etag"]})
            assert again.status_code == 304


def test_a_group_shows_its_journals_and_serves_its_published_feed(client: httpx.Client) -> None:
    front = soup(client.get("/"))
    path = str(front.select_one(".groups a")["href"])
    page = soup(client.get(path))
    assert page.select(".panel .names a")
    assert headlines(page)
    feed = json.loads(client.get(f"{path}feed.json").content)
    assert feed["items"]


@pytest.mark.parametrize(
    "path",
    [
        "/groups/nothing/",
        "/searches/nothing/",
        "/authors/---/",
        "/pinpai-guancha/columns/nothing/",
        "/nowhere/columns/x/",
        "/nowhere/issues/",
        f"{DILI}/issues/1999-9/",
        f"{DILI}/issues/.../",
        f"{DILI}/issues/2026-3/feed.pdf",
        "/groups/../all/atom.xml/x",
    ],
)
def test_what_there_is_not_is_missing(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_journals_that_are_not_followed_are_neither_found_nor_counted(
    client: httpx.Client, store: Store, sources: list[Source]
) -> None:
    keep(store, title="灯塔")
    sources[:] = [each for each in sources if each.id != "pinpai-guancha"]
    page = soup(client.get("/search", params={"q": "灯塔"}))
    assert page.find(id="found").get_text() == "找到 0 篇"


def test_an_operators_word_counts_in_a_search_for_notices(
    client: httpx.Client, store: Store, sources: list[Source]
) -> None:
    keep(store, title="灯塔", notice=None)
    query = {"q": "灯塔 notice:reusable"}
    assert not headlines(soup(client.get("/search", params=query)))
    sources[:] = [
        replace(each, rights=replace(each.rights, notice="free-attribution")) for each in sources
    ]
    assert headlines(soup(client.get("/search", params=query))) == ["灯塔"]

"""The page of one article: what its notice allows, how it is cited, what was changed."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
import rispy
from bs4 import BeautifulSoup

from archive.correction import Wanted
from archive.model import NoticeClass
from foundation.settings import Settings
from tests.factories import day, entry, notice, sighting
from tests.web.library import NOW
from web.article_text import page_html
from web.pages.article import _report
from web.words import Words

if TYPE_CHECKING:
    import httpx

    from archive.store import Store

pytestmark = pytest.mark.slow

URL = "https://pinpai.example/extra.html"
TEXT = "船在三月下水。\n岸上有很多人来送行。"
HTML = '<p>船在三月下水。</p><h1>岸</h1><p><img src="https://a.example/1.png" alt="船"></p>'


def keep(store: Store, *, seen: timedelta = timedelta(), **fields: object) -> str:
    plain: dict[str, object] = {"url": URL, "canonical_url": URL, "text": TEXT, "html": HTML}
    found = sighting(entry(**plain | fields), source_id="pinpai-guancha", seen=NOW + seen)
    return store.keep(found).entry_id


def path_of(entry_id: str) -> str:
    return f"/pinpai-guancha/{entry_id.rpartition('/')[2]}/"


def soup(page: httpx.Response) -> BeautifulSoup:
    assert page.status_code == 200
    return BeautifulSoup(page.text, "lxml")


def test_the_original_comes_first_and_the_text_where_the_notice_allows_it(
    client: httpx.Client, store: Store
) -> None:
    answer = client.get(path_of(keep(store)))
    assert "x-robots-tag" not in answer.headers
    page = soup(answer)
    first = page.select_one("main a.button")
    assert first is not None
    assert (first["href"], first.get_text()) == (URL, "阅读原文")
    assert "船在三月下水。" in page.select_one(".prose").get_text()
    assert page.select_one("link[rel=canonical]")["href"] == URL
    # Nothing is asked of anybody else: a picture is a link.
    assert not page.select("img:not(.nameplate img), script, iframe")
    assert page.select_one(".prose a.picture").get_text() == "图：船"


@pytest.mark.parametrize(
    ("class_", "shows"),
    [
        (NoticeClass.PERMISSION, "一座老渡口怎样成了城市的客厅。"),
        (NoticeClass.FORBIDDEN, "来源：《品牌观察》"),
    ],
)
def test_a_notice_that_does_not_allow_it_keeps_the_text_away(
    client: httpx.Client, store: Store, class_: NoticeClass, shows: str
) -> None:
    path = path_of(keep(store, notice=notice(class_)))
    answer = client.get(path)
    assert "noarchive" in answer.headers["x-robots-tag"]
    page = soup(answer)
    assert not page.select(".prose")
    assert page.select_one(".summary").get_text().startswith(shows)
    assert "三月下水" not in page.get_text()


def test_an_article_is_cited_in_four_formats(client: httpx.Client, store: Store) -> None:
    path = path_of(keep(store, number="5", authors=("林渡",)))
    page = soup(client.get(path))
    assert (
        page.select_one(".citation").get_text().startswith("林渡.渡口的灯火[J/OL].品牌观察,2026(5)")
    )
    links = {link.get_text(): str(link["href"]) for link in page.select("#cite ~ p a")}
    assert set(links) == {"BibTeX", "RIS", "CSL-JSON", "GB/T 7714"}
    texts = {name: client.get(link) for name, link in links.items()}
    assert rispy.loads(texts["RIS"].text)[0]["title"] == "渡口的灯火"
    assert json.loads(texts["CSL-JSON"].text)[0]["issue"] == "5"
    assert texts["BibTeX"].text.startswith("@article{")
    assert texts["GB/T 7714"].headers["content-type"] == "text/plain; charset=utf-8"
    again = client.get(links["RIS"], headers={"If-None-Match": texts["RIS"].headers["etag"]})
    assert again.status_code == 304
    assert client.get(f"{path}citation.doc").status_code == 404


def test_revisions_are_told_with_what_they_changed(client: httpx.Client, store: Store) -> None:
    entry_id = keep(store, number=None)
    keep(store, seen=timedelta(days=2), text=TEXT.replace("三", "四"), published=day("2026-03-03"))
    page = soup(client.get(path_of(entry_id)))
    (revision,) = page.select(".revision")
    assert "第 2 版" in revision.get_text()
    assert [one.get_text() for one in revision.select("del")] == ["2026-03-02", "三"]
    assert [one.get_text() for one in revision.select("ins")] == ["2026-03-03", "四"]
    assert "正文加 1 字，正文删 1 字" in revision.get_text()


def test_revisions_of_a_closed_text_say_how_much_and_not_what(
    client: httpx.Client, store: Store
) -> None:
    closed = notice(NoticeClass.FORBIDDEN)
    entry_id = keep(store, notice=closed)
    keep(store, seen=timedelta(days=2), notice=closed, text=TEXT.replace("三", "四"))
    page = soup(client.get(path_of(entry_id)))
    assert "正文加 1 字" in page.get_text()
    assert not page.select(".difference")


def test_the_same_article_elsewhere_is_told_as_what_it_is(
    client: httpx.Client, store: Store
) -> None:
    text = "渡口的灯夜里先亮，撑船的人还没有来，等船的人已经到了。" * 20
    first = keep(store, text=text)
    url = "https://letters.example/1"
    other = entry(url=url, canonical_url=url, text=text, published=day("2026-03-09"))
    store.keep(sighting(other, source_id="open-letters", seen=NOW))
    page = soup(client.get(path_of(first)))
    near = page.find(id="elsewhere").find_next("p")
    assert near.get_text().startswith("被转载于 ")
    path = str(near.find("a")["href"])
    assert path.startswith("/open-letters/")
    there = soup(client.get(path))
    assert there.find(id="elsewhere").find_next("p").get_text().startswith("转载自 品牌观察")


def test_a_withdrawn_article_is_gone_and_nothing_of_it_is_shown(
    client: httpx.Client, store: Store
) -> None:
    entry_id = keep(store)
    (held,) = store.captures(entry_id)
    signed = {"who": "周行", "why": "作者来信要求", "now": NOW + timedelta(days=2)}
    store.withdrawals.withdraw(entry_id, **signed)
    for path in (path_of(entry_id), f"{path_of(entry_id)}citation.ris"):
        answer = client.get(path)
        assert answer.status_code == 410
        for word in ("撤下", "2026年11月25日 12:00", held.digest, entry_id, "品牌观察"):
            assert word in answer.text
        # Neither what it was, nor by whom and why it went.
        for word in ("渡口", "林渡", "pinpai.example/extra", "周行", "来信"):
            assert word not in answer.text
    (listed, found) = (client.get(path).text for path in ("/pinpai-guancha/", "/search?q=渡口"))
    assert "渡口的灯火" not in listed
    assert entry_id.rpartition("/")[2] not in found


def test_why_an_article_was_taken_down_is_told_when_the_operator_says_so(
    client: httpx.Client, store: Store
) -> None:
    entry_id = keep(store)
    signed = {"who": "周行", "why": "密", "public_reason": "应作者要求。", "now": NOW}
    store.withdrawals.withdraw(entry_id, **signed)
    page = client.get(f"{path_of(entry_id)}?lang=en").text
    assert "应作者要求。" in page
    assert "周行" in page
    assert "密" not in page
    store.withdrawals.undo(entry_id, who="周行", why="误", now=NOW)
    assert "渡口的灯火" in soup(client.get(path_of(entry_id))).get_text()


def test_an_article_leads_to_its_authors_column_issue_and_keywords(
    client: httpx.Client, store: Store
) -> None:
    fields = {"column": "江岸", "number": "5", "keywords": ("渡口", 'a "b"')}
    path = path_of(keep(store, **fields))
    page = soup(client.get(path))
    links = {link.get_text(): str(link["href"]) for link in page.select(".byline a, .labels a")}
    for name in ("林渡", "Ada River", "江岸", "2026年第5期", "渡口", 'a "b"'):
        found = soup(client.get(links[name]))
        assert "渡口的灯火" in [one.get_text() for one in found.select(".articles .headline a")]


def test_lists_lead_to_articles_and_articles_to_their_journal(
    client: httpx.Client, store: Store
) -> None:
    path = path_of(keep(store))
    listed = soup(client.get("/pinpai-guancha/?lang=en")).select(".articles .headline a")
    assert f"{path}?lang=en" in [str(link["href"]) for link in listed]
    page = soup(client.get(f"{path}?lang=en"))
    assert page.select_one(".masthead .facts a")["href"] == "/pinpai-guancha/?lang=en"


@pytest.mark.parametrize("path", ["/pinpai-guancha/nosuch/", "/nowhere/abc/", "/all/abc/"])
def test_an_address_without_an_article_is_missing(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_an_edit_of_ours_is_a_revision_too(client: httpx.Client, store: Store) -> None:
    entry_id = keep(store)
    store.corrections.put(entry_id, Wanted(title="改题"), who="林", why="错字", now=NOW)
    page = soup(client.get(path_of(entry_id)))
    assert [one.get_text() for one in page.select(".revision ins")] == ["改题"]


@pytest.mark.parametrize(
    ("contact", "link"),
    [
        ("ed@feeds.example", "mailto:ed@feeds.example?subject="),
        ("mailto:ed@feeds.example", "mailto:ed@feeds.example?subject="),
        ("https://feeds.example/contact", "https://feeds.example/contact"),
    ],
)
def test_an_error_can_be_reported_to_the_operator(store: Store, contact: str, link: str) -> None:
    archived = store.entries(limit=1)[0]
    words = Words(language="zh-CN")
    told = _report(archived, Settings(contact=contact), words)
    assert told is not None
    assert told.startswith(link)
    assert _report(archived, Settings(), words) is None


def test_wide_tables_scroll_by_themselves_and_headings_stay_below_the_pages_own() -> None:
    html = page_html("<h1>一</h1><table><tr><td>二</td></tr></table>", picture="图：")
    assert html == (
        '<h3>一</h3><div class="wide" tabindex="0"><table><tr><td>二</td></tr></table></div>'
    )

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import feedparser
import pytest
from bs4 import BeautifulSoup

from archive.model import Outcome, Poll, Precision, PrintedDate
from tests.factories import entry, sighting
from tests.web.library import NOW

if TYPE_CHECKING:
    import httpx

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = pytest.mark.slow

FEEDS = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}


def soup(page: httpx.Response) -> BeautifulSoup:
    return BeautifulSoup(page.text, "lxml")


def keep(store: Store, **fields: object) -> None:
    """One more article of the magazine."""
    url = "https://pinpai.example/extra.html"
    plain: dict[str, object] = {"url": url, "canonical_url": url, "text": "另一篇。"}
    store.keep(sighting(entry(**plain | fields), source_id="pinpai-guancha", seen=NOW))


def test_the_front_page_shows_every_journal_with_its_newest_article(
    client: httpx.Client, sources: list[Source]
) -> None:
    page = soup(client.get("/"))
    shown = {str(heading.get_text()) for heading in page.select(".journal h3")}
    assert shown == {source.title for source in sources}
    assert len(page.select(".journal .newest a")) == len(sources)
    assert "3 种刊物" in page.select(".dateline")[0].get_text()


def test_a_journals_page_shows_masthead_notice_articles_and_feeds(client: httpx.Client) -> None:
    page = soup(client.get("/pinpai-guancha/"))
    text = page.get_text()
    assert "云川省社会科学院" in page.select_one(".labels").get_text()
    assert "任何人都可以转载，须注明来源。" in text
    assert "如需转载,请注明来源。" in page.blockquote.get_text()
    assert len(page.select(".articles li")) == 13
    for name in FEEDS:
        assert f"https://feeds.example/pinpai-guancha/{name}" in text


def test_line_38_a_reader_finds_the_feeds_by_autodiscovery(client: httpx.Client) -> None:
    links = soup(client.get("/pinpai-guancha/")).select("link[rel=alternate]")
    types = {str(link["type"]): str(link["href"]) for link in links}
    assert types == {
        type_.partition(";")[0]: f"/pinpai-guancha/{name}" for name, type_ in FEEDS.items()
    }
    for path in types.values():
        assert client.get(path).status_code == 200


@pytest.mark.parametrize(("name", "content_type"), FEEDS.items())
def test_a_feed_is_served_as_it_was_published(
    client: httpx.Client, settings: Settings, name: str, content_type: str
) -> None:
    answer = client.get(f"/pinpai-guancha/{name}")
    assert answer.content == (settings.public / "pinpai-guancha" / name).read_bytes()
    assert answer.headers["content-type"] == content_type


def test_the_feed_of_everything_and_the_list_of_feeds_are_served(client: httpx.Client) -> None:
    assert len(feedparser.parse(client.get("/all/atom.xml").content).entries) == 30
    assert json.loads(client.get("/all/feed.json").content)["version"].endswith("1.1")
    opml = client.get("/opml.xml")
    assert opml.headers["content-type"] == "text/x-opml; charset=utf-8"
    assert b"/pinpai-guancha/" in opml.content


@pytest.mark.parametrize("path", ["/pinpai-guancha/atom.xml", "/opml.xml"])
def test_an_unchanged_file_answers_304_to_either_validator(client: httpx.Client, path: str) -> None:
    first = client.get(path)
    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = client.get(path, headers={name: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]


def test_an_unchanged_page_answers_304(client: httpx.Client) -> None:
    first = client.get("/pinpai-guancha/")
    again = client.get("/pinpai-guancha/", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("path", ["/", "/pinpai-guancha/", "/pinpai-guancha/rss.xml"])
def test_head_is_get_without_the_body(client: httpx.Client, path: str) -> None:
    get, head = client.get(path), client.head(path)
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]


@pytest.mark.parametrize(
    "path",
    [
        "/../kanliu.sqlite",
        "/%2e%2e/kanliu.sqlite",
        "/pinpai-guancha/..%2f..%2fkanliu.sqlite",
        "/pinpai-guancha/%2e%2e",
        "/static/..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/pinpai-guancha/rss.xml%00",
    ],
)
def test_nothing_outside_the_published_tree_is_served(client: httpx.Client, path: str) -> None:
    # httpx would tidy the dots away; the bytes must go out as they stand.
    request = client.build_request("GET", "/")
    request.extensions["target"] = path.encode()
    answer = client.send(request)
    assert answer.status_code == 404
    assert b"SQLite" not in answer.content


def test_what_a_page_said_is_text_and_never_html(client: httpx.Client, store: Store) -> None:
    title = '<script>alert(1)</script>"&<b>'
    today = PrintedDate(raw="", value="2026-11-23T12:00+08:00", precision=Precision.MINUTE)
    keep(store, title=title, url="javascript:alert(2)", published=today)
    for path in ("/", "/pinpai-guancha/"):
        page = client.get(path)
        assert "<script" not in page.text
        assert "javascript:" not in page.text
        assert title in soup(page).get_text()


def test_a_date_without_a_day_gets_none(client: httpx.Client, store: Store) -> None:
    issue = PrintedDate(raw="2026年4期", value=None, precision=Precision.ISSUE, issue="2026年第4期")
    keep(store, title="只有期次的文章", published=issue)
    page = soup(client.get("/pinpai-guancha/"))
    (row,) = [row for row in page.select(".articles li") if "只有期次的文章" in row.get_text()]
    assert "2026年第4期" in row.get_text()
    assert row.find("time") is None


def test_an_undated_article_says_so_and_when_it_was_seen(
    client: httpx.Client, store: Store
) -> None:
    keep(store, title="没有日期的文章", published=None)
    assert "未印日期，2026年11月23日首见" in client.get("/pinpai-guancha/").text


def test_a_retracted_article_and_another_notice_are_marked(client: httpx.Client) -> None:
    page = soup(client.get("/dili-yu-huanjing/"))
    assert [mark.get_text() for mark in page.select(".mark.state")] == ["撤稿"]
    page = soup(client.get("/pinpai-guancha/"))
    assert [mark.get_text() for mark in page.select(".mark.notice")] == ["本身是转载"]


def test_a_failed_visit_is_named_and_the_articles_stay(client: httpx.Client, store: Store) -> None:
    poll = Poll(
        source_id="pinpai-guancha",
        started=NOW,
        ended=NOW,
        outcome=Outcome.UNREACHABLE,
        reason="no answer",
    )
    store.end_poll(poll, due=NOW, failures=1)
    page = client.get("/pinpai-guancha/")
    assert "没有连上：这次没有读到新内容" in page.text
    assert len(soup(page).select(".articles li")) == 13
    assert "没有连上" in client.get("/").text


def test_a_retired_journal_says_since_when(client: httpx.Client, store: Store) -> None:
    store.retire("pinpai-guancha", NOW, "ended")
    assert "已停止关注，自 2026年11月23日" in client.get("/pinpai-guancha/").text


@pytest.mark.parametrize(
    ("path", "headers", "language"),
    [
        ("/", {}, "zh-CN"),
        ("/", {"Accept-Language": "en-GB,en;q=0.8"}, "en"),
        ("/?lang=zh-CN", {"Accept-Language": "en"}, "zh-CN"),
        ("/pinpai-guancha/?lang=en", {}, "en"),
        ("/nowhere/", {"Accept-Language": "en"}, "en"),
    ],
)
def test_a_page_speaks_the_readers_language(
    client: httpx.Client, path: str, headers: dict[str, str], language: str
) -> None:
    page = client.get(path, headers=headers)
    assert soup(page).html["lang"] == language
    if page.status_code == 200:
        assert page.headers["content-language"] == language
        assert page.headers["vary"] == "Accept-Language"


def test_a_chosen_language_lasts_from_page_to_page(client: httpx.Client) -> None:
    page = soup(client.get("/?lang=en"))
    assert page.select_one(".journal h3 a")["href"].endswith("/?lang=en")
    assert page.select_one(".language a")["href"] == "/?lang=zh-CN"


def test_no_page_asks_a_third_party_for_anything(client: httpx.Client) -> None:
    for path in ("/", "/open-letters/", "/nowhere/"):
        answer = client.get(path)
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
        page = soup(answer)
        loaded = page.select("script, iframe, img[src], link[rel=stylesheet], link[rel=icon]")
        addresses = {str(tag.get("href") or tag.get("src")) for tag in loaded}
        assert all(address.startswith("/static/") for address in addresses)
        assert not page.select("[style], style")


def test_the_style_is_held_by_browsers_until_it_changes(client: httpx.Client) -> None:
    href = str(soup(client.get("/")).select_one("link[rel=stylesheet]")["href"])
    style = client.get(href)
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in style.headers["cache-control"]
    assert client.get("/static/style.css").headers["cache-control"] == "no-cache"
    # Issue: no page over 60 kB of our own assets.
    assert len(style.content) < 20_000


def test_a_mistyped_address_helps_to_the_right_one(client: httpx.Client) -> None:
    page = client.get("/pinpai-guanca/")
    assert page.status_code == 404
    assert 'href="/pinpai-guancha/"' in page.text


def test_a_feed_that_is_not_published_yet_says_so(client: httpx.Client, settings: Settings) -> None:
    shutil.rmtree(settings.public / "pinpai-guancha")
    answer = client.get("/pinpai-guancha/rss.xml")
    assert answer.status_code == 404
    assert "还没有出版" in answer.text


def test_the_feed_of_a_journal_that_is_followed_no_more_is_gone(
    client: httpx.Client, settings: Settings, sources: list[Source]
) -> None:
    del sources[[source.id for source in sources].index("pinpai-guancha")]
    assert client.get("/pinpai-guancha/rss.xml").status_code == 200
    shutil.rmtree(settings.public / "pinpai-guancha")
    answer = client.get("/pinpai-guancha/rss.xml")
    assert answer.status_code == 410
    assert "取消订阅" in answer.text


def test_an_address_without_its_slash_leads_to_the_page(client: httpx.Client) -> None:
    answer = client.get("/pinpai-guancha", follow_redirects=True)
    assert answer.status_code == 200
    assert client.get("/all/").headers["location"] == "/"


def test_nothing_can_be_sent_here(client: httpx.Client) -> None:
    answer = client.post("/", content=b"x")
    assert answer.status_code == 405
    assert answer.headers["allow"] == "GET, HEAD"


def test_a_store_that_does_not_answer_breaks_pages_and_no_feed(
    client: httpx.Client, store: Store, settings: Settings
) -> None:
    assert client.get("/healthz").text == "ok\n"
    store.close()
    for file in settings.data.glob("kanliu.sqlite*"):
        file.write_bytes(b"no database" * 1000)
    assert client.get("/healthz").status_code == 503
    page = client.get("/pinpai-guancha/")
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert "订阅源不受影响" in page.text
    assert client.get("/pinpai-guancha/rss.xml").status_code == 200

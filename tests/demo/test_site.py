from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import feedparser
import httpx
import pytest
from bs4 import BeautifulSoup

from demo.site import EVERY, DemoSite, make_site, write_journals
from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

STARTED = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
FEED = "/index.php/letters/gateway/plugin/WebFeedGatewayPlugin/atom"


@pytest.fixture
def site() -> DemoSite:
    return make_site(STARTED)


@pytest.fixture
def client(site: DemoSite) -> Iterator[httpx.Client]:
    with served(site.app) as address, httpx.Client(base_url=address) as client:
        yield client


def _text(page: httpx.Response) -> str:
    """As a right reader has it: gb2312 is read as what contains it."""
    charset = "gb18030" if b"charset=gb2312" in page.content else "utf-8"
    return BeautifulSoup(page.content.decode(charset), "lxml").get_text()


def _links(page: httpx.Response) -> set[str]:
    soup = BeautifulSoup(page.content, "lxml")
    return {urljoin(str(page.url), str(a["href"])) for a in soup.find_all("a", href=True)}


def test_every_expected_article_answers_with_its_title_and_day(
    site: DemoSite, client: httpx.Client
) -> None:
    while site.step():
        pass
    for expected in site.expected():
        page = client.get(expected.path)
        assert page.status_code == 200, expected.path
        text = _text(page)
        assert expected.title in text
        assert expected.published in text.replace("/", "-")


def test_every_link_on_the_site_leads_somewhere(site: DemoSite, client: httpx.Client) -> None:
    seen: set[str] = set()
    waiting = {f"{client.base_url}"}
    while waiting:
        url = waiting.pop()
        seen.add(url)
        page = client.get(url)
        assert page.status_code == 200, url
        if "html" in page.headers["content-type"]:
            own = {link for link in _links(page) if link.startswith(str(client.base_url))}
            waiting |= {link.partition("#")[0] for link in own} - seen
    paths = {httpx.URL(url).path for url in seen}
    assert {expected.path for expected in site.expected()} <= paths


def test_the_magazine_is_gbk_under_a_page_that_says_gb2312(client: httpx.Client) -> None:
    page = client.get("/pinpai/list_1.html")
    assert page.headers["content-type"] == "text/html"
    assert b"charset=gb2312" in page.content
    assert "品牌观察" in page.content.decode("gbk")
    with pytest.raises(UnicodeDecodeError):
        page.content.decode("utf-8")


def test_one_magazine_article_cannot_be_read_as_gb2312(
    site: DemoSite, client: httpx.Client
) -> None:
    # 記 is in GBK and not in GB2312: a reader that takes the declaration at its word loses it.
    (path,) = [e.path for e in site.expected() if "招牌挂了三十年" in e.title]
    body = client.get(path).content
    assert "瑞記修鞋" in body.decode("gb18030")
    with pytest.raises(UnicodeDecodeError):
        body.decode("gb2312")


def test_the_magazine_has_two_list_pages_with_the_pinned_article_on_both(
    client: httpx.Client,
) -> None:
    first, second = (client.get(f"/pinpai/list_{n}.html").content.decode("gbk") for n in (1, 2))
    assert "list_2.html" in first
    assert "下一页" not in second
    assert first.count("[置顶]") == second.count("[置顶]") == 1


def test_the_quarterly_prints_its_metadata_in_two_languages(
    site: DemoSite, client: httpx.Client
) -> None:
    (expected,) = [e for e in site.expected() if "坡改梯" in e.title]
    soup = BeautifulSoup(client.get(expected.path).content, "lxml")
    titles = soup.find_all("meta", attrs={"name": "citation_title"})
    assert {tag["xml:lang"] for tag in titles} == {"zh", "en"}
    (doi,) = soup.find_all("meta", attrs={"name": "citation_doi"})
    assert doi["content"] == expected.doi


def test_a_whole_issue_entry_is_listed_but_not_expected(
    site: DemoSite, client: httpx.Client
) -> None:
    links = {httpx.URL(link).path for link in _links(client.get("/CN/volumn/current.shtml"))}
    (whole,) = [link for link in links if link.startswith("/CN/abstract/")]
    assert whole not in {expected.path for expected in site.expected()}


def test_the_native_feed_of_the_letters_holds_all_of_them(
    site: DemoSite, client: httpx.Client
) -> None:
    feed = feedparser.parse(client.get(FEED).content)
    expected = [e for e in site.expected() if e.source_id == "open-letters"]
    assert not feed.bozo
    assert [entry.title for entry in feed.entries] == [e.title for e in expected]
    assert [entry.published[:10] for entry in feed.entries] == [e.published for e in expected]
    assert feed.entries[0].link == f"{str(client.base_url).rstrip('/')}{expected[0].path}"


def test_an_unchanged_page_answers_304_to_either_validator(client: httpx.Client) -> None:
    first = client.get("/pinpai/list_1.html")
    for name, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = client.get("/pinpai/list_1.html", headers={name: value})
        assert (again.status_code, again.content) == (304, b"")


def test_a_step_changes_the_pages_that_it_is_about_and_no_other(
    site: DemoSite, client: httpx.Client
) -> None:
    paths = ("/pinpai/list_1.html", "/CN/volumn/current.shtml", FEED)
    before = {path: client.get(path).headers for path in paths}
    site.step()
    answers = {
        path: client.get(path, headers={"If-None-Match": headers["etag"]}).status_code
        for path, headers in before.items()
    }
    assert list(answers.values()) == [200, 304, 304]
    after = client.get(paths[0]).headers["last-modified"]
    assert after != before[paths[0]]["last-modified"]


def test_a_corrected_article_keeps_its_list_page_as_it_was(
    site: DemoSite, client: httpx.Client
) -> None:
    for _ in range(3):
        site.step()
    listed = [client.get(f"/pinpai/list_{n}.html").content for n in (1, 2)]
    happening = site.step()
    assert happening is not None
    assert happening.kind == "corrected"
    assert listed == [client.get(f"/pinpai/list_{n}.html").content for n in (1, 2)]


def test_a_withdrawn_article_says_so_and_why(site: DemoSite, client: httpx.Client) -> None:
    while site.step():
        pass
    (withdrawn,) = [expected for expected in site.expected() if expected.is_retracted]
    page = client.get(withdrawn.path).text
    assert f"【撤稿】{withdrawn.title}" in page
    assert "撤稿声明" in page


def test_stepping_and_advancing_by_the_clock_come_to_the_same(site: DemoSite) -> None:
    other = make_site(STARTED)
    assert other.advance(STARTED + EVERY - timedelta(seconds=1)) == ()
    happened = other.advance(STARTED + 3 * EVERY)
    assert happened == tuple(site.step() for _ in range(3))
    assert other.expected() == site.expected()


def test_the_script_ends_and_then_the_site_rests(site: DemoSite) -> None:
    assert len(site.advance(STARTED + timedelta(days=1))) == len(site.script)
    assert site.step() is None


@pytest.mark.parametrize(
    "day", [datetime(2027, 1, 1, tzinfo=UTC), datetime(2028, 2, 29, tzinfo=UTC)]
)
def test_nothing_on_the_site_is_dated_ahead_of_its_start(day: datetime) -> None:
    site = make_site(day)
    site.advance(day + timedelta(hours=1))
    for expected in site.expected():
        assert expected.published <= (day + timedelta(hours=8)).date().isoformat()


def test_robots_txt_lets_a_reader_in(client: httpx.Client) -> None:
    robots = client.get("/robots.txt")
    assert robots.headers["content-type"].startswith("text/plain")
    assert "Disallow: /admin/" in robots.text


def test_head_answers_like_get_without_the_body(client: httpx.Client) -> None:
    get, head = client.get("/pinpai/list_1.html"), client.head("/pinpai/list_1.html")
    assert head.content == b""
    assert head.headers["content-length"] == get.headers["content-length"]
    assert head.headers["etag"] == get.headers["etag"]


def test_an_address_that_the_site_does_not_have_is_404(client: httpx.Client) -> None:
    assert client.get("/pinpai/nothing.html").status_code == 404


def test_the_source_files_are_written_with_the_address_of_the_site(tmp_path: Path) -> None:
    files = write_journals(tmp_path / "journals", "http://127.0.0.1:8765/")
    assert [file.stem for file in files] == ["pinpai-guancha", "dili-yu-huanjing", "open-letters"]
    for file in files:
        text = file.read_text("utf-8")
        assert "{base}" not in text
        assert '"http://127.0.0.1:8765/' in text

"""Magtech's issue, year and archive pages, on the documented patterns; the texts are our own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.platforms import find_feeds, find_platform, reader_for
from crawler.platforms.magtech import list_addresses
from sources.model import Source

if TYPE_CHECKING:
    from crawler.reading.list_page import ListPage

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "https://xuebao.example"
SOURCE = Source(id="xuebao", title="某学报", lists=(f"{HOST}/CN/volumn/current.shtml",))


def article(number: int, title: str) -> str:
    """One article in the newer layout, addressed by its DOI."""
    doi = f"/CN/10.12345/xb2026{number:04d}"
    return (
        f'<div class="j-title-1"><a href="{doi}">{title}</a></div>'
        f'<div class="j-author">甲某, 乙某</div><div class="j-volumn-doi">'
        f'<span class="j-volumn">2026, 45(1): {number}-{number + 9}.</span></div>'
        f'<div class="j-btn"><a class="j-abs" href="{doi}">摘要</a>'
        f"""<a href="#1" onclick="lsdy1('PDF','{number}')">PDF</a></div>"""
    )


TITLES = ("梯田水渠的渗漏估算", "黄土塬边界的二十年变动", "一种测量树影的新办法")
MENU = (
    '<div class="menu"><a href="/CN/column/column1.shtml">期刊在线首页栏目</a>'
    '<a href="/CN/article/showTenYearOldVolumn.do">过刊一览</a></div>'
)
ISSUE = (
    f"<html><head><title>某学报</title></head><body>{MENU}"
    '<div class="n-j-q">2026年 第45卷 第1期 刊出日期：2026-01-10</div>'
    '<a href="/CN/Y2025/V44/I12">上一期</a> <a href="/CN/Y2026/V45/I2">下一期</a>'
    '<div class="list"><p><a href="/CN/abstract/abstract100.shtml">2026年第45卷第1期电子期刊</a>'
    '<div><a href="/CN/abstract/abstract101.shtml">封面</a></div>'
    '<div><a href="/CN/abstract/abstract102.shtml">目次</a></div>'
    + "".join(article(n * 10, title) for n, title in enumerate(TITLES, 1))
    + "</div><div class=side><h3>阅读排行</h3>"
    + "".join(
        f'<p><a href="/CN/10.12345/xb2001{n}">从前读得最多的论文之{n}</a></p>' for n in range(9)
    )
    + "</div></body></html>"
)
OLD_ISSUE = (
    "<html><body><span>2008, Vol. 27, No. 3 出版日期：2008-05-15</span><table>"
    + "".join(
        f'<tr><td><a href="/CN/abstract/abstract{n}.shtml" class="txt_biaoti">{title}</a></td></tr>'
        f"<tr><td>丙某 &nbsp; 2008, 27(3): {n}-{n + 5}. [<a href='#' onclick=\"x('PDF')\">PDF</a>]"
        f' [<a href="/CN/abstract/abstract{n}.shtml">摘要</a>]</td></tr>'
        for n, title in enumerate(TITLES, 301)
    )
    + "</table></body></html>"
)
ARCHIVE = (
    "<html><body><div class=gk_nian>2026</div>"
    '<div class="gk_qi"><a href="/CN/Y2026/V45/I2"><span>2026 Vol. 45 No. 2 pp. 283-560</span></a>'
    ' 2026-02-10</div><div class="gk_qi"><a href="/CN/Y2026/V45/I1">'
    "<span>2026 Vol. 45 No. 1 pp. 1-281</span></a> 2026-01-10</div>"
    '<a href="/CN/article/showTenYearVolumnDetail.do">近十年目录</a></body></html>'
)


def read(text: str, path: str = "/CN/volumn/current.shtml") -> ListPage:
    return reader_for(SOURCE)(text.encode(), url=HOST + path, visited=VISITED)


def test_an_issue_gives_its_articles_and_nothing_of_the_issue_itself() -> None:
    found = read(ISSUE)
    assert tuple(link.title for link in found.links) == TITLES
    assert found.links[0].url == f"{HOST}/CN/10.12345/xb20260010"


def test_the_day_of_the_issue_is_the_day_of_its_articles() -> None:
    assert {link.published for link in read(ISSUE).links} == {"2026-01-10"}
    assert {link.published for link in read(OLD_ISSUE).links} == {"2008-05-15"}


def test_volume_number_and_pages_are_kept() -> None:
    assert [link.issue for link in read(ISSUE).links] == [
        "2026, 45(1): 10-19",
        "2026, 45(1): 20-29",
        "2026, 45(1): 30-39",
    ]


def test_the_list_goes_on_with_the_issue_before() -> None:
    assert read(ISSUE).next == f"{HOST}/CN/Y2025/V44/I12"


def test_the_older_layout_is_read() -> None:
    found = read(OLD_ISSUE, "/CN/volumn/volumn_88.shtml")
    assert [(link.title, link.url[-17:]) for link in found.links] == [
        (title, f"abstract{n}.shtml") for n, title in enumerate(TITLES, 301)
    ]
    assert found.next is None


def test_an_archive_of_issues_has_no_articles_and_goes_on_with_the_newest() -> None:
    found = read(ARCHIVE, "/CN/archive_by_years")
    assert found.links == ()
    assert found.next == f"{HOST}/CN/Y2026/V45/I2"


@pytest.mark.parametrize(
    "box",
    [
        "<div class=right><h3>阅读排行</h3><ul>{}</ul></div>",
        "<div class=sidebar><ul>{}</ul></div>",
        "<div><div class=tit><span>下载排行</span></div><div class=con><ul>{}</ul></div></div>",
    ],
)
def test_an_archive_is_one_whatever_is_read_most_beside_it(box: str) -> None:
    ranking = "".join(
        f"<li><a href=/CN/10.12345/xb2001{n}>从前读得最多的论文{n}</a>" for n in range(9)
    )
    page = ARCHIVE.replace("<div class=gk_nian>", box.format(ranking) + "<div class=gk_nian>")
    found = read(page, "/CN/archive_by_years")
    assert (found.links, found.next) == ((), f"{HOST}/CN/Y2026/V45/I2")


@pytest.mark.parametrize(
    "text", [ISSUE, ARCHIVE, '<html><a href="http://www.magtech.com.cn">技术支持</a>']
)
def test_the_system_is_recognised(text: str) -> None:
    assert find_platform(text.encode()) == "magtech"


def test_its_feed_is_known() -> None:
    assert find_feeds(ISSUE.encode(), url=f"{HOST}/CN/volumn/current.shtml") == (
        f"{HOST}/CN/rss_zxly.xml",
    )


@pytest.mark.parametrize(
    ("path", "journal"),
    [
        ("/", "/CN"),
        ("/CN/home", "/CN"),
        ("/EN/Y2026/V45/I1", "/EN"),
        ("/jweb_xb/CN/volumn/volumn_88.shtml", "/jweb_xb/CN"),
    ],
)
def test_its_lists_are_known_from_any_address(path: str, journal: str) -> None:
    assert list_addresses(HOST + path) == (
        f"{HOST}{journal}/volumn/current.shtml",
        f"{HOST}{journal}/archive_by_years",
    )


def test_a_link_to_a_journal_of_the_system_does_not_make_a_page_one() -> None:
    for link in ("other.magtechjournal.com/CN/volumn/current.shtml", "www.magtech.com.cn/faq.html"):
        page = f'<html><a href="http://{link}">某学报</a>'
        assert find_platform(page.encode(), None, HOST) == "plain"


@pytest.mark.parametrize(
    "name", ["封面", "目次", "2026年第45卷第1期电子期刊", "封底", "Full Issue"]
)
def test_what_an_issue_lists_of_itself_is_no_article(name: str) -> None:
    found = read(ISSUE.replace("2026年第45卷第1期电子期刊", name))
    assert tuple(link.title for link in found.links) == TITLES


def test_the_day_of_an_article_is_not_given_to_the_others() -> None:
    """A day that stands below the first title belongs to that article alone."""
    page = ISSUE.replace("刊出日期：2026-01-10", "").replace(
        '<div class="j-author">', '<div class="j-author">网络出版日期：2026-01-02 ', 1
    )
    assert [link.published for link in read(page).links][1:] == [None, None]


def test_a_page_with_other_addresses_is_read_as_any_list() -> None:
    text = MENU + "".join(
        f"<li><a href=/notice/{n}.html>编辑部写给作者的通知之{n}</a>" for n in range(6)
    )
    assert len(read(text, "/CN/news").links) == 6

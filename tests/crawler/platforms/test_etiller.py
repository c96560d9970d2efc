"""E-Tiller's newer layout, on the pattern of its public addresses; the older one is a sample site."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crawler.platforms import find_platform, reader_for
from crawler.platforms.etiller import feed_addresses, list_addresses
from sources.model import Source

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
BASE = "https://journal.example/sdgc"
SOURCE = Source(id="sdgc", title="山地工程学报", lists=(f"{BASE}/home",))
TITLES = ("谷坊群拦沙效果的复测", "裸露岩面的夜间剥落", "截水沟淤积的一种估算")
ISSUE = (
    '<html><body><div class="nav"><a href="/sdgc/home">首页</a><a href="/sdgc/issue/browser">过刊</a></div>'
    '<div class="issue-title">2026年第44卷第3期 <a href="/sdgc/article/issue/2026_44_2">上一期</a></div>'
    '<div class="article-item"><a href="/sdgc/article/abstract/2026030000">封面</a></div>'
    + "".join(
        f'<div class="article-item"><a class="title" href="/sdgc/article/abstract/202603{n:04d}">{title}</a>'
        f'<p>罗某，2026,44(3):{n}-{n + 8}. <a href="/sdgc/article/abstract/202603{n:04d}">[摘要]</a> '
        f'<a href="/sdgc/article/html/202603{n:04d}">[HTML]</a> <a href="/sdgc/article/pdf/202603{n:04d}">[PDF 1.2 M]</a></p></div>'
        for n, title in enumerate(TITLES, 1)
    )
    + '<div class="footer">技术支持：北京勤云科技发展有限公司</div></body></html>'
)


@pytest.mark.parametrize("charset", ["utf-8", "gb18030"])
def test_the_newer_layout_is_recognised_by_its_maker_in_any_charset(charset: str) -> None:
    assert find_platform(ISSUE.encode(charset), None, f"{BASE}/home") == "etiller"


def test_addresses_like_it_without_its_maker_are_not_enough() -> None:
    page = ISSUE.replace("北京勤云科技发展有限公司", "某某公司")
    assert find_platform(page.encode(), None, f"{BASE}/home") == "plain"


def test_the_contents_of_the_newer_layout_are_read() -> None:
    found = reader_for(SOURCE)(ISSUE.encode(), url=f"{BASE}/home", visited=VISITED)
    assert [(link.url, link.title) for link in found.links] == [
        (f"{BASE}/article/abstract/202603{n:04d}", title) for n, title in enumerate(TITLES, 1)
    ]
    assert found.next == f"{BASE}/article/issue/2026_44_2"


def test_the_archive_of_the_newer_layout_leads_to_the_newest_issue_of_its_script() -> None:
    issues = ("2025_43_6", "2026_44_3", "2026_44_12", "2024_42_12")
    said = ",".join(
        f'{{"issue_id":"{n}","cn_name":"某期","issue_url":"/sdgc/article/issue/{n}"}}'
        for n in issues
    )
    script = '{"years":[{"year_id":"2026","issues":[' + said + "]}]}"
    escaped = script.replace('"', '\\"').replace("/", "\\/")
    page = ISSUE[: ISSUE.index('<div class="issue-title')] + (
        f'<script>var strAllIssueJson = "{escaped}";</script>'
        "<div>技术支持：北京勤云科技发展有限公司</div></body></html>"
    )
    found = reader_for(SOURCE)(page.encode(), url=f"{BASE}/issue/browser", visited=VISITED)
    assert (found.links, found.next) == ((), f"{BASE}/article/issue/2026_44_12")


@pytest.mark.parametrize(
    ("url", "first"),
    [
        (f"{BASE}/ch/index.aspx", f"{BASE}/ch/reader/issue_browser.aspx"),
        (f"{BASE}/ch/reader/view_abstract.aspx?file_no=1", f"{BASE}/ch/reader/issue_browser.aspx"),
        (f"{BASE}/article/abstract/202603001", f"{BASE}/issue/browser"),
        (f"{BASE}/home", f"{BASE}/issue/browser"),
        ("https://journal.example/", "https://journal.example/ch/reader/issue_browser.aspx"),
    ],
)
def test_the_archive_is_known_from_any_address_of_the_journal(url: str, first: str) -> None:
    assert list_addresses(url)[0] == first
    assert len(list_addresses(url)) == 2


def test_the_feed_is_below_the_code_of_the_journal() -> None:
    assert feed_addresses(f"{BASE}/ch/index.aspx") == (f"{BASE}/ch/reader/rss.aspx",)

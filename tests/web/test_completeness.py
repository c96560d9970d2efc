"""The page that says whether a journal's issues are kept whole, and the same as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.completeness import Gap, IssueReport, JournalReport
from archive.issue import Issue
from tests.web.library import NOW
from web.pages.completeness import GAPS_MOST

if TYPE_CHECKING:
    import httpx

    from archive.store import Store

ID = "dili-yu-huanjing"
PAGE, DATA = f"/{ID}/completeness/", f"/{ID}/completeness.json"
DEAD = Gap(
    title="古渡口<沿革>考",
    url="https://geo.example/9",
    tries=3,
    reason="geo.example: a secret of ours; https://geo.example/9 was not found (404)",
    shown=NOW,
)
UNASKED = Gap(title=None, url="javascript:alert(1)", shown=NOW)
HIDDEN = Gap(title="撤下的题名", url="https://geo.example/gone", is_hidden=True)
ISSUES = (
    IssueReport(
        issue=Issue(year=2026, volume="18", number="4"),
        listed=5, kept=3, printed=7, gaps=(DEAD, UNASKED),
    ),
    IssueReport(
        issue=Issue(year=2026, volume="18", number="3"),
        listed=3, kept=3, printed=None, gaps=(), withdrawn=1,
    ),
    IssueReport(
        issue=Issue(year=2025, volume="17", number="1"), listed=0, kept=1, printed=None, gaps=()
    ),
    IssueReport(issue=None, listed=3, kept=2, printed=None, gaps=(HIDDEN,)),
)  # fmt: skip
REPORT = JournalReport(
    source_id=ID, computed=NOW, issues=ISSUES, lists=4, first=NOW, last=NOW, unread=1, broken=2
)


@pytest.fixture
def reported(store: Store) -> JournalReport:
    store.issue_reports.put(REPORT, "basis")
    return REPORT


def shown(client: httpx.Client, language: str = "zh-CN", path: str = PAGE) -> str:
    answer = client.get(path, params={"lang": language})
    assert answer.status_code == 200
    return answer.text


def test_each_issue_says_what_it_holds_and_what_lacks(
    client: httpx.Client, reported: JournalReport
) -> None:
    page = shown(client)
    for words in (
        "缺 4 篇", "目录列出 5 篇", "收到 3 篇", "期刊基本参数 7 篇", "还缺 2 篇",
        "收齐 1 期", "有缺 1 期", "无从核对 1 期", "其中撤下 1 篇", "未见期刊基本参数", "未见目录",
        "没有印明刊期的文章", "核对于 2026年11月23日 12:00", "4 份存下的目录页",
        "其中 1 份读不出文章", "2 处记录读不出",
    ):  # fmt: skip
        assert words in page, words
    assert '<li id="2026-4">' in page
    assert f'href="/{ID}/issues/2026-4/?lang=zh-CN"' in page


def test_it_speaks_english_too(client: httpx.Client, reported: JournalReport) -> None:
    page = shown(client, "en")
    for words in (
        "4 lack", "5 in its contents", "3 kept", "asked for 3 times in vain", "whole",
        "the site answered 404", "cannot be told", "compared on 23 November 2026",
    ):  # fmt: skip
        assert words in page, words


def test_a_gap_is_named_as_the_contents_have_it_and_no_more_is_told(
    client: httpx.Client, reported: JournalReport
) -> None:
    page, data = shown(client), client.get(DATA)
    assert '<a href="https://geo.example/9" lang="zh-CN">古渡口&lt;沿革&gt;考</a>' in page
    assert "取过 3 次" in page
    assert "网站答 404" in page
    assert 'href="javascript:' not in page
    assert "secret" not in page + data.text
    assert "（与已撤下的文章同题，不列出）" in page
    assert "撤下的题名" not in page + data.text
    assert HIDDEN.url not in page + data.text


def test_the_json_says_the_same(client: httpx.Client, reported: JournalReport) -> None:
    answer = client.get(DATA)
    assert answer.headers["content-type"] == "application/json"
    data = answer.json()
    assert (data["source"], data["computed"]) == (ID, "2026-11-23T04:00:00+00:00")
    assert data["lists"]["captured"] == 4
    assert (data["lists"]["unread"], data["broken_records"]) == (1, 2)
    first, second, third, rest = data["issues"]
    assert (first["issue"], first["verdict"], first["lacking"]) == ("2026-4", "lacks", 4)
    assert (first["unlisted"], first["unknown"]) == (2, ["unlisted"])
    assert first["page"] == f"https://feeds.example/{ID}/issues/2026-4/"
    assert first["gaps"][0] == {
        "title": DEAD.title, "url": DEAD.url, "shown": "2026-11-23T04:00:00+00:00",
        "tries": 3, "status": 404,
    }  # fmt: skip
    assert (second["verdict"], second["withdrawn"]) == ("whole", 1)
    assert (third["verdict"], third["unknown"]) == ("unknown", ["contents", "number"])
    assert (rest["issue"], rest["name"], rest["page"]) == (None, None, None)
    tag = answer.headers["etag"]
    assert client.get(DATA, headers={"If-None-Match": tag}).status_code == 304


def test_of_many_gaps_the_page_names_some_and_the_json_all(
    client: httpx.Client, store: Store
) -> None:
    gaps = tuple(Gap(title=f"第{n}篇缺", url=f"https://geo.example/{n}") for n in range(60))
    issue = IssueReport(issue=None, listed=60, kept=0, printed=None, gaps=gaps)
    store.issue_reports.put(JournalReport(source_id=ID, computed=NOW, issues=(issue,)), "basis")
    page = shown(client)
    assert page.count("篇缺</a>") == GAPS_MOST
    assert "<details>" in page
    assert "另有 10 篇" in page
    assert len(client.get(DATA).json()["issues"][0]["gaps"]) == 60


def test_before_it_was_compared_it_says_so(client: httpx.Client) -> None:
    assert "还没有核对过" in shown(client)
    data = client.get(DATA).json()
    assert (data["computed"], data["issues"]) == (None, [])
    for path in ("/nobody/completeness/", "/nobody/completeness.json"):
        assert client.get(path).status_code == 404


def test_journal_issues_and_issue_lead_there(client: httpx.Client) -> None:
    for path, link in (
        (f"/{ID}/", f'href="{PAGE}?lang=zh-CN"'),
        (f"/{ID}/issues/", f'href="{PAGE}?lang=zh-CN"'),
        (f"/{ID}/issues/2026-4/", f'href="{PAGE}?lang=zh-CN#2026-4"'),
    ):
        assert link in shown(client, path=path), path

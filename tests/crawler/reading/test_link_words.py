"""Words of links: one row for each wording, taken from list pages of the kinds that we read."""

from __future__ import annotations

import time

import pytest

from crawler.reading.link_words import (
    is_label,
    is_opener,
    is_ranking_heading,
    is_whole_issue,
)

LABELS = (
    *("", "3", ">>", "更多", "更多>>", "首页", "下一页", "上一期", "第12页", "尾页", "返回列表"),
    *("摘要", "[PDF]", "PDF (1.2 MB)", "PDF(1234KB)(56)", "HTML全文", "阅读全文 »", "点击下载"),
    *("Read more", "Continue reading A title that follows", "Next", "12 Comments", "Abstract"),
    *("分享", "QQ空间", "210 跟贴210", "続きを読む"),
)
TITLES = (
    *("PDF格式的变迁", "摘要写作十讲", "更多的人走进乡村图书馆", "下一页的故事", "第二期工程开工"),
    *("Nexts and neighbours", "Download culture in the nineties", "3月的茶山", "盐"),
)
WHOLE_ISSUES = (
    *(
        "封面",
        "封底",
        "目次",
        "【目录】",
        "2024年第1期 目录",
        "2023年第44卷第1期电子期刊",
        "2026年第8卷第4期全文下载",
        "本期目录",
    ),
    *("2024年第3期", "《某刊》2024年第3期封面", "整期下载", "Vol. 45 No. 2 (2026)", "Full Issue"),
    *("2023 Vol.44 No.2 pp.0-627181", "Cover", "Table of Contents", "Front Matter"),
)
NO_ISSUES = (
    *("封面故事：茶的来路", "《一切都可以接》", "广告学的未来", "全期权定价模型", "第二期工程开工"),
    *("Volume changes in cells", "Cover crops in dry years", "2020年", "目录学小史"),
)
RANKINGS = ("点击排行", "本周热门", "推荐阅读", "相关文章", "下载量排名", "Most Read", "人気記事")
HEADINGS = ("最新文章", "学术动态", "Latest articles", "本刊公告")


@pytest.mark.parametrize("text", LABELS)
def test_a_label_is_no_title(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize("text", [*TITLES, *NO_ISSUES])
def test_a_title_is_no_label_and_no_whole_issue(text: str) -> None:
    assert not is_label(text)
    assert not is_whole_issue(text)


@pytest.mark.parametrize("text", WHOLE_ISSUES)
def test_the_issue_itself_is_told(text: str) -> None:
    assert is_whole_issue(text)


@pytest.mark.parametrize("text", RANKINGS)
def test_the_heading_of_a_ranking_is_told(text: str) -> None:
    assert is_ranking_heading(text)


@pytest.mark.parametrize("text", HEADINGS)
def test_the_heading_of_a_list_is_left_alone(text: str) -> None:
    assert not is_ranking_heading(text)


def test_what_opens_an_article_is_told_from_what_leads_elsewhere() -> None:
    assert all(map(is_opener, ("下载", "PDF", "阅读全文", "详情", "Read more")))
    assert not any(map(is_opener, ("更多", "下一页", "分享", "3", "")))


def test_no_run_of_signs_hangs_the_patterns() -> None:
    start = time.process_time()
    for text in ("封" + "-" * 199, "封" + "《》" * 99, "pdf" + "1." * 98, "no" + " -" * 98 + "封"):
        assert not is_label(text) or text.startswith("pdf")
        is_whole_issue(text)
    assert time.process_time() - start < 0.5

"""crawler.discovery.places: where on a site to look next."""

from __future__ import annotations

import pytest

from crawler.discovery.places import find_about, find_columns, find_home, names_one_issue
from crawler.reading.document import Document, read_document

URL = "https://journal.example/list_1.html"


def page(body: str, url: str = URL) -> Document:
    return read_document(f"<html><body>{body}</body></html>".encode(), url=url)


def test_the_front_page_is_the_one_that_is_called_so() -> None:
    assert find_home(page('<a href="/x">文章</a> <a href="/pinpai/">网站首页</a>')) == (
        "https://journal.example/pinpai/"
    )
    assert find_home(page('<div class="logo"><a href="/j/"><img src="l.gif"></a></div>')) == (
        "https://journal.example/j/"
    )


def test_a_page_may_be_its_own_front_page() -> None:
    assert find_home(page('<a href="/list_1.html">首页</a>')) == URL


def test_a_front_page_that_no_link_names_is_not_invented() -> None:
    assert find_home(page('<a href="/news/">新闻</a>')) is None
    assert find_home(page('<a href="https://university.example/">首页</a>')) is None


def test_columns_are_what_the_menu_calls_so() -> None:
    menu = """<ul class="nav"><li><a href="/">首页</a></li><li><a href="/lunwen/">论文</a></li>
    <li><a href="/suibi/">随笔</a></li><li><a href="/about.html">关于我们</a></li>
    <li><a href="/tougao/">在线投稿</a></li><li><a href="https://other.example/news/">新闻</a></li>
    <li><a href="/files/mulu.pdf">目录</a></li></ul>
    <div><a href="/a/2026/1101.html">一篇文章的题目相当长，不是栏目</a></div>"""
    assert [
        lead.url.removeprefix("https://journal.example") for lead in find_columns(page(menu))
    ] == [
        "/lunwen/",
        "/suibi/",
    ]


def test_a_more_beside_a_heading_leads_to_a_column_and_page_numbers_do_not() -> None:
    body = """<div class="box"><h3>访谈</h3><a class="more" href="/fangtan/">更多&gt;&gt;</a></div>
    <div class="pages"><a href="/list_2.html">2</a><a href="/list_2.html">下一页</a></div>"""
    assert [lead.url for lead in find_columns(page(body))] == ["https://journal.example/fangtan/"]


def test_the_page_on_the_journal_itself_is_found() -> None:
    body = '<a href="/us.html">关于我们</a><a href="/j.html">期刊简介</a>'
    assert find_about(page(body)) == "https://journal.example/us.html"
    assert find_about(page('<a href="/1.html">关于品牌的三个问题与回答，以及其他</a>')) is None


@pytest.mark.parametrize(
    ("url", "is_one"),
    [
        ("https://j.example/CN/Y2026/V18/I4", True),
        ("https://j.example/index.php/l/issue/view/28", True),
        ("https://j.example/CN/volumn/volumn_12.shtml", True),
        ("https://j.example/2026/04/", True),
        ("https://j.example/list.aspx?issue=3", True),
        ("https://j.example/CN/volumn/current.shtml", False),
        ("https://j.example/index.php/l/issue/current", False),
        ("https://j.example/list_1.html", False),
        ("https://j.example/index.php?m=content&catid=6", False),
        ("https://j.example/", False),
    ],
)
def test_an_address_of_one_issue_is_told_from_that_of_a_list(url: str, is_one: bool) -> None:
    assert names_one_issue(url) is is_one

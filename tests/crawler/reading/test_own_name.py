"""Whose name stands behind 来源: the site's own where the page proves it, else another's."""

from __future__ import annotations

import pytest

from crawler.normalise.entry import normalise_entry
from crawler.reading.document import read_document
from crawler.reading.own_name import find_own_names
from crawler.reading.page import read_page
from tests.crawler.reading.pages import URL, VISITED, paragraphs


def proof(name: str, *, title: str = "", body: str = "", url: str | None = URL) -> str | None:
    """Where a page with that title and body proves the name to be its own."""
    html = f"<html><head><title>旧码头的新作坊{title}</title></head><body>{body}</body></html>"
    document = read_document(html.encode(), url=url, forced="utf-8")
    return next((found.where for found in find_own_names(document, [name])), None)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("旧城谈", "-旧城谈"),
        ("旧城谈网", "-旧城谈"),
        ("旧城新闻", "_科技_旧城新闻-The Old Town"),
        ("旧城新闻·旧城号·政务", "_政务_旧城新闻-The Old Town"),
        ("旧城网-文化频道", " - 旧城网"),
        ("旧城杂志", "_旧城杂志社"),
    ],
)
def test_a_name_behind_the_title_is_the_sites(name: str, title: str) -> None:
    assert proof(name, title=title) == "title"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("山口日报", "_旧城新闻"),
        ("国际在线", "_国际"),
        ("中国网", "_中国_旧城新闻"),
        ("旧城", ""),
        ("新作坊网", ""),
        ("旧城晚报", "_旧城"),
    ],
)
def test_a_column_or_the_title_itself_proves_nothing(name: str, title: str) -> None:
    assert proof(name, title=title) is None


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("旧城日报", "版权所有：旧城日报 旧城新闻"),
        ("旧城谈网", "主办：旧城谈杂志社 电话：000-0000"),
        ("旧城网", "© 2000-2006，北京旧城新闻网络传播有限责任公司"),
        ("旧城市教育局", "主办：旧城市教育局 承办：旧城市信息中心"),
    ],
)
def test_the_holder_of_the_copyright_is_the_site(name: str, line: str) -> None:
    assert proof(name, body=f"<p>正文</p><p>{line}</p>") == "copyright line"


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("人民网", "版权所有：旧城市人民政府网"),
        ("山口网", "版权所有：旧城日报社 技术支持：山口网"),
        ("山口日报", "版权所有：旧城日报社"),
        ("旧城网", "版权所有：旧城市文化馆"),
        ("旧城日报", "转载自旧城日报"),
    ],
)
def test_who_is_named_beside_the_holder_is_not_the_site(name: str, line: str) -> None:
    assert proof(name, body=f"<p>正文</p><p>{line}</p>") is None


@pytest.mark.parametrize(
    ("link", "is_own"),
    [
        ("<a href=/>返回旧城首页</a>", True),
        ("<a href=https://www.journal.example/><img alt=旧城></a>", True),
        ("<a href='//journal.example/?from=a' title=点击进入旧城首页>回</a>", True),
        ("<a href='../../Index.shtml#top'>旧城首页</a>", True),
        ("<a href='../'>旧城首页</a>", False),
        ("<a href=/list.html>旧城</a>", False),
        ("<a href=https://oldtown.example/>旧城首页</a>", False),
        ("<a href=/>首页</a>", False),
        ("<a>旧城</a>", False),
    ],
)
def test_a_link_home_says_how_the_site_is_called(link: str, is_own: bool) -> None:
    assert proof("旧城政务", body=link) == ("link home" if is_own else None)
    assert proof("旧城政务", body=link, url=None) is None


@pytest.mark.parametrize(
    ("name", "class_"), [("旧城谈网", "free-attribution"), ("山口日报", "third-party")]
)
def test_only_the_sites_own_text_is_under_the_sites_licence(name: str, class_: str) -> None:
    """A name that nothing proves to be the site's stays another publisher's: READING.md §5, 3."""
    html = f"""<html lang=zh><head><meta charset=utf-8><title>旧码头的新作坊-旧城谈</title></head>
        <body><h1>旧码头的新作坊</h1><p>2026-11-20 来源：{name}</p>{paragraphs()}
        <div class=footer>本站文章欢迎转载，请注明出处。</div></body></html>"""
    raw = read_page(html.encode(), url=URL, visited=VISITED)
    notice = normalise_entry(raw, source=None, visited=VISITED).notice
    assert notice is not None
    assert notice.class_ == class_


def test_a_department_named_as_the_source_leaves_the_sites_licence_in_force() -> None:
    html = f"""<html lang=zh><head><meta charset=utf-8><title>旧码头的新作坊-旧城谈</title></head>
        <body><h1>旧码头的新作坊</h1><p>2026-11-20 来源：会刊编辑部 点击数：8</p>{paragraphs()}
        <div class=footer>本站文章欢迎转载，请注明出处。</div></body></html>"""
    raw = read_page(html.encode(), url=URL, visited=VISITED)
    notice = normalise_entry(raw, source=None, visited=VISITED).notice
    assert notice is not None
    assert notice.class_ == "free-attribution"


@pytest.mark.parametrize(("row", "is_reprint"), [("<a href=/t/2>{}</a>", False), ("{}", True)])
def test_a_reprint_tag_before_a_link_speaks_of_another_text(row: str, is_reprint: bool) -> None:
    """The rows of a thread, and related texts, are marked so as well."""
    tagged = row.format("[转载]一次出行")
    html = f"""<html lang=zh><head><meta charset=utf-8><title>旧码头的新作坊</title></head>
        <body><h1>旧码头的新作坊</h1>{paragraphs()}
        <ul><li>{tagged} 甲乙 08-16</li></ul></body></html>"""
    raw = read_page(html.encode(), url=URL, visited=VISITED)
    classes = [
        str(notice.class_) for notice in normalise_entry(raw, source=None, visited=VISITED).notices
    ]
    assert ("third-party" in classes) is is_reprint

"""Articles that are cut into several pages."""

from __future__ import annotations

import pytest

from archive.model import Found, RawEntry
from crawler.reading.parts import find_next_part, join_parts

HOST = "https://magazine.example"


def link(href: str, words: str, charset: str = "utf-8") -> bytes:
    menu = "<a href='/'>首页</a><a href=/list_2.html>下一页</a>"
    page = (
        f"<html><body>{menu}<p>正文。</p><div class=page><a href='{href}'>{words}</a></div></body>"
    )
    return page.encode(charset)


@pytest.mark.parametrize(
    ("first", "href", "words", "number"),
    [
        ("/a/2026/0803/2735.html", "2735_2.html", "下一页", 2),  # DedeCMS
        ("/a/2026/0803/2735.html", "/a/2026/0803/2735_3.html", "3", 3),
        ("/html/2026/news_0803/12.html", "12_2.html", "下一页", 2),  # EmpireCMS
        ("/show-3-12-1.html", "show-3-12-2.html", "2", 2),  # PHPCMS
        ("/art/t20260803_12.html", "./t20260803_12_1.html", "下一页", 2),  # TRS
        ("/2026/08/bridge/", "https://magazine.example/2026/08/bridge/2/", "2", 2),  # WordPress
        ("/read?id=12", "/read?id=12&amp;page=2", "Next", 2),
        ("/read?id=12", "?id=12&p=2", "[2]", 2),
        ("/a/12.html", "12_2.html", "<span>下一页</span> &nbsp;", 2),
    ],
)
def test_the_next_page_of_an_article_is_found(
    first: str, href: str, words: str, number: int
) -> None:
    url = f"{HOST}{first}"
    found = find_next_part(link(href, words), url=url, first=url, number=number)
    assert found is not None
    assert found.startswith(HOST)


def test_a_page_in_gbk_says_so_too() -> None:
    url = f"{HOST}/a/12.html"
    body = link("12_2.html", "下一页", "gbk")
    assert find_next_part(body, url=url, first=url, number=2) == f"{HOST}/a/12_2.html"


@pytest.mark.parametrize(
    ("first", "href", "words"),
    [
        ("/a/12.html", "13.html", "下一篇:桥头的早市"),  # the next article
        ("/a/12.html", "12_2.html", "延伸阅读:十二问"),  # an article that is called so
        ("/a/12.html", "https://other.example/a/12_2.html", "下一页"),
        ("/article/view/17", "/article/view/17/2", "PDF"),  # a galley of OJS
        ("/a/12.html", "javascript:next()", "下一页"),
    ],
)
def test_what_is_no_further_page_is_left_alone(first: str, href: str, words: str) -> None:
    url = f"{HOST}{first}"
    assert find_next_part(link(href, words), url=url, first=url, number=2) is None


def test_the_parts_are_one_article() -> None:
    first = RawEntry(url="u", text="一", html="<p>一</p>", titles=(Found(text="题", where="h1"),))
    signed = Found(text="2026/11/20", where="signature")
    last = RawEntry(url="u2", text="二", html="<p>二</p>", published=(signed,))
    whole = join_parts(first, [RawEntry(url="u1"), last])
    assert (whole.url, whole.text, whole.html) == ("u", "一\n二", "<p>一</p>\n<p>二</p>")
    assert (whole.titles, whole.published) == (first.titles, (signed,))

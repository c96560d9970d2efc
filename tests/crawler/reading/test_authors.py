"""Who wrote an article, as its page says or marks it; editors and other articles' authors are not
among them."""

from __future__ import annotations

import pytest

from crawler.normalise.entry import normalise_entry
from crawler.reading.page import read_page
from tests.crawler.reading.pages import PARAGRAPHS, URL, VISITED, article, page, paragraphs

BOTH = ("Ann Ferry", "Bo Quay")
ENGLISH = "The old quay has been open since last winter, and its stores are workshops now. " * 4


def authors(body: bytes) -> tuple[str, ...]:
    raw = read_page(body, url=URL, visited=VISITED)
    return normalise_entry(raw, source=None, visited=VISITED).authors


def english(byline: str = "", *, head: str = "", end: str = "") -> bytes:
    text = f"<p>{ENGLISH}</p><p>{ENGLISH}</p>"
    body = f"<article><h1>The old quay</h1>{byline}<div>{text}{end}</div></article>"
    return page(body, title="The old quay", head=head).replace(b"lang=zh-CN", b"lang=en")


def json_ld(nodes: str) -> str:
    return f'<script type="application/ld+json">{nodes}</script>'


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ('<p><a rel="author" href="/ann">Ann Ferry</a></p>', ("Ann Ferry",)),
        ("<p><a rel=author href=/a>Ann Ferry</a>, <a rel=author href=/b>Bo Quay</a></p>", BOTH),
        ("<ul><li><a href=/author/a>Ann Ferry</a><li><a href=/author/b>Bo Quay</a></ul>", BOTH),
        ("<div><a href=/staff/ann-ferry>Ann Ferry</a> 4 comments</div>", ("Ann Ferry",)),
        ('<div class="post-author_name">Ann Ferry</div><div>Harbour desk</div>', ("Ann Ferry",)),
        ("<p class=byline>Ann Ferry, Head of Sales <span>9 March 2022</span></p>", ("Ann Ferry",)),
        ("<p class=byline>BY ANN FERRY and BO QUAY</p>", ("ANN FERRY", "BO QUAY")),
        # What is called so and is no name, or holds the whole article.
        ('<div class="author-box"><p>About the Author</p></div>', ()),
        ('<div class="author"><p>Marketing Analyst</p></div>', ()),
        ('<div class="author">Ann FerryCEO</div>', ()),
        (f'<div class="author"><p>Old Town</p><p>{ENGLISH}</p></div>', ()),
        ('<p><a href="/author/">Our Authors</a></p>', ()),
        ('<div class="comment-author">Ann Ferry</div>', ()),
        # The words around a name.
        ("<p>By Ann Ferry Nov 29, 2016, 10:00am</p>", ("Ann Ferry",)),
        ("<p>By Ann Ferry, December 3, 2016</p>", ("Ann Ferry",)),
        ("<p>Written by Ann Ferry in Harbours on 1 June 2019</p>", ("Ann Ferry",)),
        ("<p>By Ann Ferry (Brussels, European desk)</p>", ("Ann Ferry",)),
        ("<p>By Ann Ferry, PhD and Bo Quay, MPH</p>", ("Ann Ferry", "Bo Quay")),
        ("<p>Af Ann Færge</p><p>By Ann Færge og Bo Kaj</p>", ("Ann Færge", "Bo Kaj")),
        ("<p>2022-03-09 | Ann Ferry | 4 min</p>", ("Ann Ferry",)),
        ("<p>Author: May Lin</p>", ("May Lin",)),
    ],
)  # fmt: skip
def test_a_by_line_is_read_by_its_words_and_by_its_markup(
    byline: str, names: tuple[str, ...]
) -> None:
    assert authors(english(byline)) == names


@pytest.mark.parametrize(
    ("byline", "names"),
    [
        ('<div class="author">李明2017-03-01 14:27:02</div>', ("李明",)),
        ('<div id="zz">查明渡</div>', ("查明渡",)),
        ('<p class="author">小野寺 澄江</p>', ("小野寺", "澄江")),
        ("<table><tr><td>作者：<td>李明<sup>1</sup>，王芳<sup>2</sup></table>", ("李明", "王芳")),
        ("<table><tr><td>作者：<tr><td>作者单位：<td>河港大学</table>", ()),
        ("<p>作者(Author)：李明；王芳；</p>", ("李明", "王芳")),
        ("<p><span>作者：欧阳芷</span><span>浏览量：643</span></p>", ("欧阳芷",)),
        ("<p>作者:李明 阅读(1660) 评论(5)</p>", ("李明",)),
        ("<p>采访：李明</p>", ("李明",)),
        ("<p>执笔人：李明 王芳</p>", ("李明", "王芳")),
        ("<p>2024-08-06<i>|</i>李明<i>|</i>访问量：12</p>", ("李明",)),
        ("<p>嵇敏；屠光；李明；</p>", ("嵇敏", "屠光", "李明")),
        ("<p>河港晚报记者李明发自河港</p>", ("李明",)),
        ("<p>記者李明／河港報導</p>", ("李明",)),
        ("<p>记者看河港</p>", ()),
        ("<p>记者：您是哪一年来的？</p>", ()),
        ("<p>编辑：李明 责编：王芳</p>", ()),
    ],
)  # fmt: skip
def test_a_chinese_page_names_its_authors_in_many_ways(byline: str, names: tuple[str, ...]) -> None:
    assert authors(article(byline)) == names


def test_a_japanese_name_is_not_parted_at_its_space() -> None:
    text = "港の公民館に箱を置いたのは三年前の秋である。気になる言い方を紙に書いて入れてもらった。"
    body = f'<h1>ことばの箱</h1><p class="author">小野寺 澄江</p><p>{text * 3}</p><p>{text * 3}</p>'
    whole = page(body, title="ことばの箱").replace(b"lang=zh-CN", b"lang=ja")
    assert authors(whole) == ("小野寺 澄江",)


def test_a_korean_reporter_stands_before_the_word() -> None:
    text = "강원도 산골의 분교가 문을 닫은 것은 십이 년 전이다. 마을 사람들은 활자를 모았다. " * 3
    body = f"<h1>활판 인쇄소</h1><ul><li>한지우 기자</li></ul><p>{text}</p><p>{text}</p>"
    assert authors(page(body, title="활판 인쇄소").replace(b"lang=zh-CN", b"lang=ko")) == (
        "한지우",
    )


@pytest.mark.parametrize(
    ("end", "names"),
    [
        ("（作者：李明，河港大学教授）", ("李明",)),
        ("（作者：李明 王芳）", ("李明", "王芳")),
        ("(河港晚报记者 李明)", ("李明",)),
        ("（文/李明）", ("李明",)),
        ("（作者系河港大学教授）", ()),
        ("（记者节特稿）", ()),
    ],
)
def test_a_text_that_names_nobody_before_may_close_with_its_author(
    end: str, names: tuple[str, ...]
) -> None:
    body = f"<h1>旧码头的新作坊</h1><div>{paragraphs()}<p>{PARAGRAPHS[0] * 4}{end}</p></div>"
    assert authors(page(body)) == names
    raw = read_page(page(body), url=URL, visited=VISITED)
    assert raw.text is not None
    assert raw.text.endswith(end)


SITE = '<meta property="og:site_name" content="Quay News">'
ONE = json_ld('{"@type": "Article", "author": {"name": "Ann Ferry"}}')
TWO = json_ld('{"@type": "Article", "author": [{"name": "Ann Ferry"}, {"name": "Bo Quay"}]}')


def meta_author(name: str) -> str:
    return f'<meta name="author" content="{name}">'


def graph(kind: str, name: str) -> str:
    """An author by reference."""
    node = f'{{"@type": "{kind}", "@id": "#a", "name": "{name}"}}'
    return json_ld(f'{{"@graph": [{{"@type": "Article", "author": {{"@id": "#a"}}}}, {node}]}}')


@pytest.mark.parametrize(
    ("head", "names"),
    [
        (graph("Person", "Ann Ferry"), ("Ann Ferry",)),
        (graph("Organization", "Quay News"), ()),
        # The tag has the site, or the first of several, or an account; what says more wins.
        (SITE + meta_author("Quay News Ltd") + ONE, ("Ann Ferry",)),
        (meta_author("Ann Ferry") + TWO, BOTH),
        (meta_author("aferry") + ONE, ("Ann Ferry",)),
        # Alone, each of them stands; a first name is no account.
        (SITE + meta_author("Quay News"), ("Quay News",)),
        (meta_author("aferry"), ("aferry",)),
        (meta_author("Bo") + ONE, ("Bo",)),
    ],
)
def test_metadata_that_names_less_gives_way_to_metadata_that_names_more(
    head: str, names: tuple[str, ...]
) -> None:
    assert authors(english(head=head)) == names


def test_the_authors_of_comments_and_answers_are_not_the_articles() -> None:
    own = (
        '<div itemscope itemtype="https://schema.org/Question"><span itemprop="author" itemscope>'
        '<b itemprop="name">Ann Ferry</b> 11 badges</span>'
    )
    other = '<span itemprop="author">Cy Stern</span>'
    answer = f'<div itemprop="suggestedAnswer" itemscope>{other}</div>'
    comment = f'<div itemscope itemtype="https://schema.org/Comment">{other}</div>'
    another = f'<div itemscope itemtype="https://schema.org/Posting">{other}</div>'
    assert authors(english(own + answer + comment + "</div>" + another)) == ("Ann Ferry",)
    assert authors(english(comment)) == ()


def test_one_publisher_signs_though_the_foot_names_it_again() -> None:
    end = "<p>《河港》杂志社编辑部</p><p>《河港》杂志社</p>"
    assert authors(article(end=end)) == ("《河港》杂志社编辑部",)

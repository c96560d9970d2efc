"""Where an article's keywords stand on its page."""

from __future__ import annotations

import pytest

from crawler.normalise.entry import normalise_entry
from crawler.reading.page import read_page
from tests.crawler.reading.pages import PARAGRAPHS, URL, VISITED, article, page, paragraphs


def keywords(body: bytes) -> tuple[tuple[str, ...], str | None]:
    """What an entry keeps, and where it was found."""
    entry = normalise_entry(read_page(body, url=URL, visited=VISITED), source=None, visited=VISITED)
    return entry.keywords, entry.found.get("keywords")


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("<p>关键词：旧城；木作</p>", ("旧城", "木作")),
        ("<p><b>关键词：</b> <a href=?k=1>旧城</a>, <a href=?k=2>木作</a></p>", ("旧城", "木作")),
        ("<table><tr><td>中文关键词:</td><td>旧城　木作</td></tr></table>", ("旧城", "木作")),
        ("<h2>关键词</h2><p>旧城；木作</p>", ("旧城", "木作")),
        ("<p>【关键词】旧城 木作 【中图分类号】 F1</p>", ("旧城", "木作")),
        ("<p>關鍵詞：舊城、木作　中圖分類號：F1</p>", ("舊城", "木作")),
        ("<p>Keywords: old town; joinery</p><p>关键词：旧城；木作</p>", ("旧城", "木作")),
        ("<p>关键词(KeyWords)：旧城;木作</p>", ("旧城", "木作")),
        # A search box, a sentence, a heading with a paragraph under it.
        ("<p>关键字</p><p>搜索</p>", ()),
        ("<p>关键词的选择要谨慎</p>", ()),
        (f"<h3>关键词</h3><p>{PARAGRAPHS[0] * 9}</p>", ()),
    ],
)  # fmt: skip
def test_printed_keywords_stand_behind_their_label(printed: str, words: tuple[str, ...]) -> None:
    found = (words, "label 关键词") if words else ((), None)
    assert keywords(article(printed)) == found


def test_an_english_page_has_the_english_ones() -> None:
    text = "The old quay has been open since last winter, and its stores are workshops now. " * 3
    body = (
        f"<div><h1>The old quay</h1><p>Keywords: quay; joinery</p><p>{text}</p><p>{text}</p></div>"
    )
    assert keywords(page(body, title="The old quay"))[0] == ("quay", "joinery")


def meta(*tags: str) -> str:
    return "".join(f"<meta {tag}>" for tag in tags)


def json_ld(keywords: str) -> str:
    node = f'{{"@type": "Article", "keywords": {keywords}}}'
    return f'<script type="application/ld+json">{node}</script>'


@pytest.mark.parametrize(
    "head",
    [
        meta('name="citation_keywords" content="旧城; 木作"'),
        meta('name="citation_keywords" content="旧城"', 'name="citation_keywords" content="木作"'),
        meta(
            'name="citation_keywords" xml:lang="en" content="old town; joinery"',
            'name="citation_keywords" xml:lang="zh" content="旧城; 木作"',
        ),
        meta('name="DC.Subject" content="旧城"', 'name="DC.Subject" content="木作"'),
        meta('property="article:tag" content="旧城"', 'property="article:tag" content="木作"'),
        json_ld('["旧城", "木作"]'),
        json_ld('"旧城,木作"'),
    ],
)
def test_markup_names_keywords_in_many_ways(head: str) -> None:
    assert keywords(article(head=head))[0] == ("旧城", "木作")


def test_the_list_of_a_page_is_the_articles_if_the_article_says_it() -> None:
    said = meta('name="keywords" content="旧码头,书店,作坊"')
    assert keywords(article(head=said))[0] == ("旧码头", "书店", "作坊")
    assert keywords(article(head=meta('name="keywords" content="河港研究,期刊,投稿"')))[0] == ()


def test_print_comes_before_general_tags_and_behind_those_for_scholars() -> None:
    printed = "<p>关键词：书店；作坊</p>"
    tag = '<meta property="article:tag" content="专题">'
    scholars = '<meta name="citation_keywords" content="旧城">'
    assert keywords(article(printed, head=tag)) == (("书店", "作坊"), "label 关键词")
    assert keywords(article(printed, head=tag + scholars))[0] == ("旧城",)


def test_the_line_of_keywords_stays_in_the_text() -> None:
    raw = read_page(
        page(f"<h1>旧码头的新作坊</h1><div><p>关键词：旧城；木作</p>{paragraphs()}</div>"),
        url=URL,
        visited=VISITED,
    )
    assert raw.text is not None
    assert raw.text.endswith(PARAGRAPHS[-1])

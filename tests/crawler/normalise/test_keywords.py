"""Keywords as journals and content systems print them, one each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.keywords import in_one_language, split_keywords


@pytest.mark.parametrize(
    ("printed", "words"),
    [
        ("积雪；反照率；高原", ("积雪", "反照率", "高原")),
        ("积雪;反照率;", ("积雪", "反照率")),
        ("积雪，反照率、高原", ("积雪", "反照率", "高原")),
        ("积雪 / 反照率", ("积雪", "反照率")),
        ("积雪　反照率", ("积雪", "反照率")),
        ("河港|旧城|20190926", ("河港", "旧城")),
        ("关键词：积雪；反照率。", ("积雪", "反照率")),
        ("【关键词】：关 键 词：积雪；积 雪", ("积雪",)),
        ("关键词(KeyWords)：口述史;档案", ("口述史", "档案")),
        ("Keywords: tide gauges, harbours.", ("tide gauges", "harbours")),
        # A comma parts nothing where semicolons do.
        ("Neoplasms, Experimental; Snow", ("Neoplasms, Experimental", "Snow")),
        # Neither do spaces between Latin words, nor a stroke without spaces.
        ("urban renewal", ("urban renewal",)),
        ("BIM 技术", ("BIM 技术",)),
        ("水/盐比；二氧化碳(CO2)", ("水/盐比", "二氧化碳(CO2)")),
        ("2019, 2020", ()),
        ("", ()),
        ("河" * 61, ()),
    ],
)  # fmt: skip
def test_each_keyword_stands_alone_and_once(printed: str, words: tuple[str, ...]) -> None:
    assert split_keywords(printed) == words


def test_of_a_list_for_search_engines_the_first_twenty_are_kept() -> None:
    words = [f"river {sign}" for sign in "abcdefghijklmnopqrstuvwxyz"]
    assert split_keywords(", ".join(words)) == tuple(words[:20])


@pytest.mark.parametrize(
    ("texts", "words"),
    [
        # In two tags, or in one, or word by word.
        (["积雪;反照率", "snow;albedo"], ("积雪", "反照率")),
        (["积雪;反照率;snow;albedo"], ("积雪", "反照率")),
        (["积雪", "BIM"], ("积雪", "BIM")),
        # Latin words among Chinese ones are no translation.
        (["积雪;反照率;BIM"], ("积雪", "反照率", "BIM")),
        (["积雪;BIM"], ("积雪", "BIM")),
        (["snow;albedo"], ("snow", "albedo")),
    ],
)
def test_a_chinese_page_that_says_its_list_twice_has_the_chinese_one(
    texts: list[str], words: tuple[str, ...]
) -> None:
    assert in_one_language(texts, language="zh-CN") == words


def test_elsewhere_every_language_is_kept() -> None:
    assert in_one_language(["积雪;反照率", "snow"], language="en") == ("积雪", "反照率", "snow")


@given(st.text() | st.text(alphabet="关键词keywords：:；;,、 /|【】积雪aB1。\u3000"))
def test_splitting_twice_is_splitting_once(text: str) -> None:
    words = split_keywords(text)
    assert split_keywords("；".join((*words, ""))) == words

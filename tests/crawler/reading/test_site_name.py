"""Titles and the names of sites around them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.site_name import Names, begins_a_name, is_site_name, less_names

NAMES = Names(keys=frozenset({"ab"}), owners="河港研究杂志社")
TITLELIKE = st.text(
    alphabet=st.sampled_from(list("河港研究网日报大学新闻中心互联_-—|｜ >.ab1")), max_size=30
)


@given(TITLELIKE)
def test_a_title_without_names_stays_as_it_is(text: str) -> None:
    once = less_names(text, NAMES)
    assert less_names(once, NAMES) == once
    assert once in text


@pytest.mark.parametrize(
    "text",
    ["河港研究网", "河港日报", "《河港研究》编辑部", "河港大学学报", "甲乙的博客", "河港新聞網"],
)
def test_what_ends_like_a_site_is_a_sites_name(text: str) -> None:
    assert is_site_name(text)


@pytest.mark.parametrize(
    "text", ["旧码头的新作坊", "城市与互联网", "论电网", "怎样办报，怎样办网站？"]
)
def test_a_thing_or_a_sentence_is_no_sites_name(text: str) -> None:
    assert not is_site_name(text)


def test_printed_markup_parts_no_title() -> None:
    """E-Tiller prints the footnote mark of a title in its citation_title."""
    title = "根系加固作用的简化计算式<sup>*</sup>"
    assert less_names(title, Names(keys=frozenset(), owners="")) == title


def test_a_line_is_the_short_name_of_a_site_where_only_the_kind_of_site_follows() -> None:
    assert begins_a_name("河港新闻", ["河港新闻客户端"])
    assert not begins_a_name("旧码头的新作坊", ["旧码头的新作坊河港新闻网"])
    assert not begins_a_name("", ["客户端"])

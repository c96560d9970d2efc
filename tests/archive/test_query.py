"""What a person writes to search."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import NoticeClass
from archive.query import check_query, check_searches, parse_query
from archive.selection import REUSABLE, Selection
from foundation.errors import QueryError, SettingsError
from foundation.setting_kinds import SavedSearch

JOURNALS = {"river-port": "河港", "tea": "茶叶通讯", "tea-north": "北方茶叶"}


def parsed(text: str) -> Selection:
    return parse_query(text, journals=JOURNALS, issns={"2096-1847": {"tea", "tea-north"}})


@pytest.mark.parametrize(
    ("text", "selection"),
    [
        ("品牌", Selection(words=("品牌",))),
        ("  品牌　战略\n", Selection(words=("品牌", "战略"))),
        ('"品牌 战略"', Selection(words=("品牌 战略",))),
        ("“品牌 战略” brand", Selection(words=("品牌 战略", "brand"))),
        ("品牌 -广告 －“软 文”", Selection(words=("品牌",), without=("广告", "软 文"))),
        ("e-mail", Selection(words=("e-mail",))),
        ("author:林渡", Selection(authors=frozenset({"林渡"}))),
        ("作者：“Ada River”", Selection(authors=frozenset({"adariver"}))),
        ("author:林渡 AUTHOR:周行", Selection(authors=frozenset({"林渡", "周行"}))),
        ("journal:tea", Selection(sources=frozenset({"tea"}))),
        ("刊物:茶葉", Selection(sources=frozenset({"tea", "tea-north"}))),
        ("期刊：河港 journal:tea", Selection(sources=frozenset({"river-port", "tea"}))),
        (
            "issn:2096-1847 ISSN：1234－5679",
            Selection(
                issns=frozenset({"2096-1847", "1234-5679"}),
                issn_sources=frozenset({"tea", "tea-north"}),
            ),
        ),
        ("notice:free", Selection(notices=frozenset({NoticeClass.FREE}))),
        ("声明:reusable", Selection(notices=REUSABLE)),
        ("声明：可转载", Selection(notices=REUSABLE)),
        ("year:2026", Selection(years=(2026, 2026))),
        ("年:2024-2026", Selection(years=(2024, 2026))),
        ("year:2024 year:2026", Selection(years=(2024, 2026))),
        ("栏目:要闻", Selection(columns=frozenset({"要闻"}))),
        ("关键词:茶 keyword:水", Selection(keywords=frozenset({"茶", "水"}))),
        # A title that was pasted, and an address: words, not fields.
        ("注意：安全", Selection(words=("注意：安全",))),
        ("https://ship.example/1", Selection(words=("https://ship.example/1",))),
        ("author:", Selection(words=("author:",))),
    ],
)
def test_a_query_means_a_selection(text: str, selection: Selection) -> None:
    assert parsed(text) == selection


@pytest.mark.parametrize(
    ("text", "said", "at"),
    [
        ("", "the query is empty", 0),
        ("品牌 ！！", "'！！' has no letter or digit", 3),
        ("品牌 -", "'-' has no letter or digit", 3),
        ('品牌 "战略', 'the quote " is not closed: "战略', 3),
        ("authr:林渡", 'did you mean "author:"', 0),
        ("-author:林渡", "-author: a minus goes with words only", 0),
        ("author:！", "could be a name", 0),
        ("notice:gratis", "Choose from: open-license, free, ", 0),
        ("journal:tee", "Known are: tea", 0),
        ("year:26", "write year:2026", 0),
        ("year:2026-2024", "is no year", 0),
        ("品牌 issn:1234-5678", '"1234-5678" does not check', 3),
        ("水 " * 41, "the query is too long", 80),
        ("水" * 1001, "the query is too long", 1000),
    ],
)
def test_what_cannot_be_understood_is_said_with_its_place(text: str, said: str, at: int) -> None:
    with pytest.raises(QueryError) as caught:
        parsed(text)
    assert said in str(caught.value)
    assert caught.value.at == at


def test_a_closed_list_is_offered_as_choices() -> None:
    with pytest.raises(QueryError) as caught:
        parsed("notice:gratis")
    assert caught.value.choices == (*map(str, NoticeClass), "reusable")


def test_a_saved_query_is_checked_before_the_journals_are_known() -> None:
    check_query("品牌 journal:nowhere")
    with pytest.raises(QueryError):
        check_query("journal:nowhere notice:gratis")


def test_every_broken_saved_search_is_named() -> None:
    searches = [
        SavedSearch(id="brand", title="品牌", query="品牌"),
        SavedSearch(id="tea", title="茶", query="notice:gratis"),
        SavedSearch(id="port", title="港", query='"河港'),
    ]
    with pytest.raises(SettingsError) as caught:
        check_searches(searches, where="kanliu.toml")
    lines = str(caught.value).splitlines()
    assert lines[0].startswith("kanliu.toml: searches.tea.query: 'gratis' is no class")
    assert lines[1].startswith("kanliu.toml: searches.port.query: the quote")


PIECES = st.sampled_from(
    ["author:", "年：", '"', "“", "”", "-", " ", "品牌", "notice:", "free", ":"]
)


@given(st.text() | st.lists(PIECES).map("".join))
def test_any_text_is_a_selection_or_an_error_that_says_where(text: str) -> None:
    try:
        selection, at = parsed(text), 0
    except QueryError as error:
        selection, at = Selection(words=("none",)), error.at
    assert selection != Selection()
    assert 0 <= at <= len(text)

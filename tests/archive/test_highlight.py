"""Where the words of a query are in a text, and how much of it may be shown."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.highlight import Part, excerpt_of, highlight, snippet
from archive.model import EntryState, NoticeClass
from archive.rights import decide
from sources.model import Rights
from tests.factories import archived, notice


def shown(parts: tuple[Part, ...]) -> str:
    """As text, with what is marked in brackets."""
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in parts)


@pytest.mark.parametrize(
    ("text", "words", "marked"),
    [
        ("我国品牌战略", ["品牌"], "我国[品牌]战略"),
        ("圖書館裡的圖書", ["图书"], "[圖書]館裡的[圖書]"),
        ("The BRAND and branding", ["brand"], "The [BRAND] and branding"),
        ("品　牌战略", ["品牌"], "[品　牌]战略"),
        ("进入ＡＩ 时代", ["AI时代"], "进入[ＡＩ 时代]"),
        ("品牌战略", ["品牌", "牌战"], "[品牌战]略"),
        ("品牌战略", ["品牌战略", "品牌"], "[品牌战略]"),
        ("Ⅳ号船与IV号", ["iv"], "[Ⅳ]号船与[IV]号"),
        ("无", ["！"], "无"),
        ("", ["品牌"], ""),
        ("A [link](x) 品牌", [], "A [link](x) 品牌"),
    ],
)
def test_the_words_are_marked_as_they_are_found(text: str, words: list[str], marked: str) -> None:
    assert shown(highlight(text, words)) == marked


def test_a_snippet_shows_the_place_with_most_of_the_words() -> None:
    text = "品牌。" + "天黑以后，渡口先亮起来。" * 20 + "这里谈品牌与战略。" + "人们等船。" * 40
    parts = snippet(text, ["品牌", "战略"])
    assert "[品牌]与[战略]" in shown(parts)
    assert 60 <= len("".join(part.text for part in parts)) <= 82
    assert (parts[0].text, parts[-1].text) == ("…", "…")


def test_a_snippet_without_the_words_is_the_beginning() -> None:
    assert shown(snippet("天黑以后，\n渡口先亮。", ["品牌"])) == "天黑以后， 渡口先亮。"


@pytest.mark.parametrize("word", ["ferry", "came", "slowly", "embankment"])
def test_a_snippet_begins_with_a_whole_word(word: str) -> None:
    text = "Everybody remembers streetlamps along the embankment. A ferry came, slowly."
    first = shown(snippet(text, [word], length=40)).lstrip("…").split()[0]
    assert first in text.split()


@pytest.mark.parametrize(
    ("class_", "obligations", "has_text"),
    [
        (NoticeClass.FREE, (), True),
        (NoticeClass.RESERVED, (), True),
        (NoticeClass.RESERVED, ("noexcerpt",), False),
        (NoticeClass.FORBIDDEN, (), False),
    ],
)
def test_no_text_is_excerpted_that_may_not_be(
    class_: NoticeClass, obligations: tuple[str, ...], has_text: bool
) -> None:
    found = archived(notice=notice(class_, obligations=obligations))
    carry = decide(
        found.entry.notice, source_rights=Rights(), noncommercial=False, state=found.state
    )
    excerpt = excerpt_of(found, ["渡口"], carry)
    assert shown(excerpt.title) == "[渡口]的灯火"
    assert bool(excerpt.text) is has_text


def test_nothing_of_a_withdrawn_text_is_shown() -> None:
    found = replace(archived(), state=EntryState.WITHDRAWN)
    carry = decide(None, source_rights=Rights(), noncommercial=True, state=found.state)
    assert excerpt_of(found, ["渡口"], carry).text == ()


WORDS = st.lists(st.text(max_size=4) | st.sampled_from(["品牌", "ai", "a b", "船"]), max_size=4)


@given(st.text() | st.text("品牌战略aiAI ,船\n"), WORDS)
def test_pieces_put_together_are_the_text(text: str, words: list[str]) -> None:
    parts = highlight(text, words)
    assert "".join(part.text for part in parts) == text
    assert all(part.text for part in parts)
    assert not any(not a.is_marked and not b.is_marked for a, b in pairwise(parts))


@given(st.text() | st.text("品牌战略ai ,船\n", min_size=50), WORDS)
def test_a_snippet_is_never_long(text: str, words: list[str]) -> None:
    parts = snippet(text, words)
    joined = "".join(part.text for part in parts)
    assert len(joined) <= 82
    assert joined.strip("…") in " ".join(text.split()) or "…" in text

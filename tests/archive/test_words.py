"""The tokens by which a text is found, and what is looked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.words import TEXT_MOST, index_tokens, keyed, keyed_fields, phrase_of

HAN = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF)
KANA = st.characters(min_codepoint=0x3041, max_codepoint=0x3096)
HANGUL = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
LETTERS = HAN | KANA | HANGUL


def tokens(text: str) -> frozenset[str]:
    return index_tokens("", keyed(text), "ship")


def has(text: str, words: str) -> bool:
    """Whether a text is found by these words: by its tokens, and by looking at it."""
    phrase = phrase_of(words)
    return phrase is not None and phrase.tokens <= tokens(text) and phrase.pattern in keyed(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("我国品牌战略研究", "品牌"),
        ("我国品牌战略研究", "牌战"),
        ("我国品牌战略研究", "品牌战略"),
        ("圖書館在西湖", "图书馆"),
        ("图书馆在西湖", "圖書館"),
        ("苎麻与薴烯", "薴烯"),
        ("進入AI時代", "AI时代"),
        ("進入ＡＩ时代", "ai"),
        ("新时代AI", "时代AI"),
        ("The Brand of a nation", "brand"),
        ("The Brand of a nation", "brand of"),
        ("e-mail 通讯", "E mail"),
        ("品　牌　战　略", "品牌"),
        ("これはコーヒーです", "コーヒー"),
        ("ｶﾞｽ会社", "ガス"),
        ("환경 정책을 논하다", "정책"),
        ("𠀀𠀁", "𠀀𠀁"),
        ("Журнал науки", "наукИ"),
    ],
)
def test_a_word_is_found_in_a_text(text: str, words: str) -> None:
    assert has(text, words)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("品牌的策略，牌战与战略", "品牌战略"),
        ("品牌，战略", "品牌战略"),
        ("branding", "brand"),
        ("brand new", "new brand"),
        ("환경 정책", "경정"),
        ("AIX时代", "AI时代"),
    ],
)
def test_a_word_that_is_not_there_as_one_is_not_found(text: str, words: str) -> None:
    assert not has(text, words)


def test_a_phrase_does_not_go_from_one_field_into_the_next() -> None:
    phrase = phrase_of("river 品牌")
    assert phrase is not None
    assert phrase.pattern in keyed_fields(["Ada River，品牌"])
    assert phrase.pattern not in keyed_fields(["Ada River", "品牌"])


@pytest.mark.parametrize(
    ("words", "is_exact"), [("品牌", True), ("brand", True), ("品牌战", False)]
)
def test_one_token_need_not_be_looked_up(words: str, is_exact: bool) -> None:
    phrase = phrase_of(words)
    assert phrase is not None
    assert phrase.is_exact is is_exact


@pytest.mark.parametrize("words", ["", "！？", "  ", "😀", "_"])
def test_signs_alone_are_nothing_to_look_for(words: str) -> None:
    assert phrase_of(words) is None


def test_a_lone_letter_is_looked_for_in_titles() -> None:
    phrase = phrase_of("船")
    assert phrase is not None
    assert phrase.is_letter
    assert phrase.title_tokens <= index_tokens(keyed("内河的船"), "", "ship")
    assert not phrase.title_tokens <= index_tokens("", keyed("内河的船"), "ship")


def test_a_text_of_any_length_gives_no_more_than_postgresql_takes() -> None:
    text = "".join(chr(0x20000 + number % 40_000) for number in range(2 * TEXT_MOST))
    assert sum(len(token.encode()) for token in tokens(text)) < 1 << 20


@given(st.text(LETTERS, min_size=2, max_size=40), st.data())
def test_a_text_is_found_by_any_two_neighbours_of_it(text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text) - 2))
    assert has(text, text[at : at + 2])


@given(st.text(LETTERS, min_size=2, max_size=40), st.data())
def test_a_text_is_found_by_any_piece_of_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert has(text, text[start:end])


@given(st.text())
def test_no_text_is_too_strange(text: str) -> None:
    made = keyed(text)
    assert keyed(made) == made
    for token in index_tokens(made, made, "ship-yard"):
        assert token
        assert not set(token) & set(" \"'\\\0")
    phrase = phrase_of(text)
    assert (phrase is None) == (made == "")

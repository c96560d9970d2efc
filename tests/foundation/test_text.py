"""foundation.text: what leaves the reader is clean, and keys are equal for equal texts."""

from __future__ import annotations

import unicodedata
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from foundation.text import (
    clean,
    clean_report,
    fold,
    is_chinese,
    join_cjk,
    letters,
    one_line,
    to_simplified,
)

any_text = st.text(st.characters(), max_size=60)

REFUSED = [
    *("\x00", "\x08", "\x0b", "\x0c", "\x1f", "\x7f", "\x80", "\x85", "\x9f"),
    *("\u202a", "\u202e", "\u2066", "\u2069", "\ufeff"),
    *("\ud800", "\udfff", "\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"),
]


@pytest.mark.parametrize("character", REFUSED, ids=lambda c: f"U+{ord(c):04X}")
def test_a_refused_character_is_dropped_wherever_it_stands(character: str) -> None:
    assert clean(f"{character}期{character}刊{character}") == "期刊"


@pytest.mark.parametrize("text", ["a\tb\nc", "①²？！", "　两格", "👩‍🔬", "\u200f", "�"])
def test_what_is_allowed_stays(text: str) -> None:
    assert clean(text) == text


def test_line_ends_become_lf() -> None:
    assert clean("a\r\nb\rc\n") == "a\nb\nc\n"


def test_composed_form_is_made_after_the_drop() -> None:
    assert clean("e\x00\u0301") == "é"


@given(any_text)
def test_clean_text_is_valid_xml_and_cleaning_twice_is_cleaning_once(text: str) -> None:
    cleaned = clean(text)

    assert clean(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    etree.Element("x").text = cleaned  # lxml refuses what XML 1.0 refuses


@given(any_text)
def test_a_text_with_nothing_to_drop_reports_nothing(text: str) -> None:
    cleaned, dropped = clean_report(text)

    assert cleaned == clean(text)
    assert clean_report(cleaned) == (cleaned, ())
    assert bool(dropped) == any(character in text for character in map(_first, dropped))


def _first(name: str) -> str:
    return chr(int(name.split()[0].removeprefix("U+"), 16))


def test_each_dropped_character_is_named_once_in_order() -> None:
    assert clean_report("\x00a\u202eb\x00") == ("ab", ("U+0000", "U+202E RIGHT-TO-LEFT OVERRIDE"))


def test_every_run_of_white_space_becomes_one_space() -> None:
    assert one_line(" 一\u3000\n\t 二\u00a0三 \x00") == "一 二 三"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("轉載請註明來源。", "转载请注明来源"),
        ("ＡＢＣ　１２３", "abc 123"),
        ("Straße", "STRASSE"),
        ("《品牌·研究》", "品牌研究"),
        ("カﾞス", "ガス"),
        ("薴", "苧"),
    ],
)
def test_texts_that_say_the_same_have_one_key(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    "text", ["無断転載を禁じます", "無断転載禁止", "무단 전재 및 재배포 금지 無斷"]
)
def test_japanese_and_korean_keep_their_characters_in_a_key(text: str) -> None:
    assert fold(text) == text.replace(" ", "")


@given(any_text)
def test_folding_twice_is_folding_once(text: str) -> None:
    key = fold(text)

    assert fold(key) == key
    assert not key or key.isalnum()


@pytest.mark.parametrize("text", ["转载请注明", "轉載請註明", "约翰・史密斯", "A股", "〇"])
def test_chinese_is_chinese(text: str) -> None:
    assert is_chinese(text)


def test_a_japanese_name_does_not_make_a_long_chinese_text_japanese() -> None:
    assert is_chinese(
        "本刊转载的文章来自日本杂志《花の森》，译文由本刊编辑部完成，转载请注明来源。"
    )


@pytest.mark.parametrize(
    "text",
    ["", "2026", "Nature", "ひらがな", "無断転載を禁ず", "無断転載禁止", "무단전재", "優の良品"],
)
def test_what_is_not_chinese_is_not(text: str) -> None:
    assert not is_chinese(text)


def test_traditional_becomes_simplified_phrase_by_phrase() -> None:
    assert to_simplified("乾燥的乾坤、頭髮與發展") == "干燥的乾坤、头发与发展"


def test_a_lone_surrogate_does_not_stop_the_conversion() -> None:
    assert to_simplified("轉\ud800載") == "转\ufffd载"


def test_the_converter_is_shared_by_threads() -> None:
    with ThreadPoolExecutor(8) as threads:
        assert set(threads.map(to_simplified, ["轉載請註明來源" * 50] * 200)) == {
            "转载请注明来源" * 50
        }


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("周 期：", "周期："),
        ("主\u3000管 单\n位", "主管单位"),
        ("中国 GDP 增长", "中国 GDP 增长"),
        ("第 3 期", "第 3 期"),
        ("한국 저널", "한국 저널"),
        ("日本 の 雑誌", "日本の雑誌"),
    ],
)
def test_spaces_between_cjk_go_and_those_beside_latin_stay(text: str, joined: str) -> None:
    assert join_cjk(text) == joined


def test_the_letters_of_a_text_are_the_same_in_both_scripts_and_any_layout() -> None:
    simplified = "老渡口的灯，怎样成了城市的客厅？\n见第 3 期"
    assert letters("老渡口的燈﹐怎樣成了城市的客廳?　見第３期") == letters(simplified)
    assert letters(simplified) == "老渡口的灯怎样成了城市的客厅见第3期"


def test_japanese_letters_stay_as_they_are() -> None:
    assert letters("渡し場の燈が、街の客間になった。") == "渡し場の燈が街の客間になった"


@given(any_text)
def test_letters_are_letters_and_digits_that_utf_8_can_write(text: str) -> None:
    found = letters(text)
    assert found.encode().decode() == found
    assert not {" ", "\n", ",", "，", "_"} & set(found)

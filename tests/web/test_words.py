from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from string import Formatter

import pytest

from archive.model import EntryState, NoticeClass, Outcome
from web.wording import NOTICES, OBLIGATIONS, OUTCOMES, TEXTS
from web.words import Words, choose_language

WEB = Path(__file__).parents[2] / "web"
CHINESE, ENGLISH = Words(language="zh-CN"), Words(language="en")


@pytest.mark.parametrize(
    ("asked", "accepted", "language"),
    [
        (None, None, "zh-CN"),
        ("en", "zh-CN", "en"),
        ("zh-CN", "en", "zh-CN"),
        ("fr", "en-GB,en;q=0.9", "en"),
        (None, "en-US,en;q=0.9,zh;q=0.8", "en"),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        (None, "fr,en;q=0.3,zh;q=0.5", "zh-CN"),
        (None, "en;q=0,zh;q=0.1", "zh-CN"),
        (None, "fr-FR", "zh-CN"),
        (None, ";;q=,,en;q=x", "zh-CN"),
    ],
)
def test_the_language_is_asked_for_or_accepted_or_the_operators(
    asked: str | None, accepted: str | None, language: str
) -> None:
    assert choose_language(asked=asked, accepted=accepted, default="zh-CN") == language


@pytest.mark.parametrize("key", TEXTS)
def test_both_languages_of_a_text_name_the_same_values(key: str) -> None:
    chinese, english = ({field for _, field, *_ in Formatter().parse(text)} for text in TEXTS[key])
    # "checked every hour" needs no number: the singular may leave it out, nothing else may.
    assert chinese - {None} >= english - {None}
    assert key.endswith(".one") or chinese - {None} == english - {None}


def test_every_text_is_said_somewhere() -> None:
    files = [file for file in WEB.rglob("*") if file.suffix in (".py", ".html")]
    code = "".join(f.read_text("utf-8") for f in files if f.name != "wording.py")
    said = {key for key in TEXTS if f'"{key.removesuffix(".one")}"' in code}
    # Put together from a part that is known only when it is said.
    said |= {
        key for key in TEXTS if key.startswith(("carries.", "change.")) or key.endswith("-hint")
    }
    assert set(TEXTS) - said == set()


def test_every_class_and_outcome_has_words() -> None:
    assert set(NOTICES) == set(NoticeClass)
    assert set(OUTCOMES) == set(Outcome)


def test_english_words_hold_no_chinese() -> None:
    texts = [english for key, (_, english) in TEXTS.items() if key != "other-language"]
    assert not [text for text in texts if re.search(r"[\u3400-\u9fff]", text)]


def test_a_count_of_one_is_singular_in_english() -> None:
    assert ENGLISH.count("count-journals", 1) == "1 journal"
    assert ENGLISH.count("count-journals", 1200) == "1,200 journals"
    assert CHINESE.count("count-journals", 1) == "1 种刊物"


@pytest.mark.parametrize(
    ("span", "chinese", "english"),
    [
        (timedelta(seconds=10), "10 秒", "10 seconds"),
        (timedelta(minutes=90), "90 分钟", "90 minutes"),
        (timedelta(hours=1), "1 小时", "hour"),
        (timedelta(days=2), "2 天", "2 days"),
    ],
)
def test_a_span_is_told_in_its_largest_whole_unit(
    span: timedelta, chinese: str, english: str
) -> None:
    assert (CHINESE.span(span), ENGLISH.span(span)) == (chinese, english)


def test_an_obligation_that_is_new_to_us_stays_as_it_is() -> None:
    assert "source" in OBLIGATIONS
    assert CHINESE.obligation("sing-it") == "sing-it"


def test_an_article_that_is_simply_there_has_no_state_in_words() -> None:
    assert CHINESE.state(EntryState.LIVE) is None
    assert CHINESE.state(EntryState.RETRACTED) == "撤稿"

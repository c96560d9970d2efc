"""The cheap test that every line of a page passes: whether it may hold a notice."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.notice_words.hint import EASTERN, NOTICE_HINT, WESTERN

STEMS = (*EASTERN, *WESTERN)


@given(before=st.text(max_size=6), stem=st.sampled_from(STEMS), behind=st.text(max_size=6))
def test_a_stem_is_found_wherever_it_stands(before: str, stem: str, behind: str) -> None:
    assert NOTICE_HINT.search(f"{before}{stem}{behind}")


@pytest.mark.parametrize(
    "text", ["Image CC by the author", "Wer diesen Beitrag übernimmt", "NACHDRUCK", "RePrint"]
)
def test_case_does_not_matter_in_the_west(text: str) -> None:
    assert NOTICE_HINT.search(text)


@given(text=st.text())
def test_only_a_stem_is_found(text: str) -> None:
    lower = text.lower()
    is_there = any(stem in lower for stem in WESTERN) or any(stem in text for stem in EASTERN)
    assert bool(NOTICE_HINT.search(text)) is is_there

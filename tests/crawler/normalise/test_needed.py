"""What a text must hold for an expression to match in it."""

from __future__ import annotations

import re

import pytest

from crawler.normalise.needed import needed
from crawler.normalise.notice_words import LANGUAGES
from tests.crawler.normalise.notice_wordings import WORDINGS


def alternatives(expression: str) -> list[list[str]]:
    return [["|".join(sorted(words)) for words in needs] for needs in needed(expression)]


@pytest.mark.parametrize(
    ("expression", "needs"),
    [
        ("reprint", [["reprint"]]),
        (r"re-?print\w*", [["print", "re"]]),
        (r"(?:copy|reprint)s?\b", [["copy|reprint"]]),
        (r"(copy|print)", [["copy|print"]]),
        (r"(?i:copy) that", [[" that"]]),
        (r"one|two words", [["one"], ["two words"]]),
        (r"(?:not){1,2}(?:ever)?(?:more)*?(?:soon)+?", [["soon", "not"]]),
        (r"(?:yes|\w+) (?!please)", [[]]),
        (r"(?<=who )asks(?= who)", [["asks"]]),
        (r"a{3}bcd[ef]gh.i", [["bcd", "gh", "a"]]),
        (r"\bno\b(?:(?!\.\s)[^;]){0,90}?(?:can|must not)", [["no", "can|must not"]]),
    ],
)
def test_an_expression_needs_its_words(expression: str, needs: list[list[str]]) -> None:
    assert sorted(map(sorted, alternatives(expression))) == sorted(map(sorted, needs))


def test_no_wording_of_a_notice_is_missed_for_want_of_a_word() -> None:
    """Where an expression of any language matches, its needs are met."""
    expressions = [
        (re.compile(expanded), needed(expanded))
        for words in LANGUAGES
        for wordings in words.signs.values()
        for wording in wordings
        for expanded in (words.expand(wording),)
    ]
    texts = [text.lower() for texts in WORDINGS.values() for text in texts]
    matches = 0
    for text in texts[::3]:
        for pattern, needs in expressions:
            if pattern.search(text):
                matches += 1
                assert any(
                    all(any(word in text for word in words) for words in each) for each in needs
                ), (pattern.pattern, text)
    assert matches > len(texts[::3])

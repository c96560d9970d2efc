"""The wordings of reprint notices, one module a language: data, no decisions.

A wording that was met and is not read right becomes a pattern here and a row in
tests/crawler/normalise/test_notice.py.
"""

from __future__ import annotations

from crawler.normalise.notice_words import chinese, english, european, japanese, korean
from crawler.normalise.notice_words.hint import NOTICE_HINT

__all__ = ["LANGUAGES", "NOTICE_HINT"]

LANGUAGES = (
    chinese.WORDS,
    japanese.WORDS,
    korean.WORDS,
    english.WORDS,
    *european.WORDS,
)

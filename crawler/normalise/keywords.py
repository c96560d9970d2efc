"""Keywords as printed → keywords, one each. Pure; makes no words that were not set apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

# Journals print three to eight; what names more than twenty is a list for search engines.
_MOST: Final = 20
# Of Medline's subject headings, which are the longest in use, 99 in 100 are shorter.
_LONGEST: Final = 60
# Twenty of the longest, and a label.
_LONGEST_TEXT: Final = 1500

_LABEL: Final = re.compile(
    r"^\W*(?:(?:中文)?(?:关\s?键\s?[词字]|關\s?鍵\s?[詞字])|key\s?-?words?)"
    r"\s*(?:[(（]\s*key\s?words?\s*[)）])?\s*[】\]]?\s*[:：]\s*",
    re.IGNORECASE,
)
# The first of these that a text has parts it: where words are parted by semicolons, a comma
# stands within one (`Neoplasms, Experimental`).
_SEPARATORS: Final = (
    re.compile(r"[;；]"),
    re.compile(r"[,，、|｜]|\s[/／·•]\s"),
)
_HAN: Final = re.compile(r"[\u3400-\u9fff]")
_AROUND: Final = " \t,，.。:：;；、|｜/／>»【】[]"


def split_keywords(text: str) -> tuple[str, ...]:
    """The keywords in one printed string, each once: `关键词：积雪；反照率` has two."""
    words: dict[str, str] = {}
    for part in _parts(_LABEL.sub("", one_line(text[:_LONGEST_TEXT]))):
        word = _bare(part)
        if len(word) <= _LONGEST and any(sign.isalpha() for sign in word) and (key := fold(word)):
            words.setdefault(key, word)
    return tuple(words.values())[:_MOST]


def in_one_language(texts: Sequence[str], *, language: str | None) -> tuple[str, ...]:
    """The keywords of several strings of one place. A Chinese journal says its list twice, in
    Chinese and in English: there the English one is left out, not a Latin word among the others
    (`BIM`)."""
    lists = [words for text in texts if (words := split_keywords(text))]
    if (language or "").startswith("zh"):
        has_chinese = any(_is_chinese(word) for words in lists for word in words)
        lists = [
            _first_half(words)
            for words in lists
            if len(words) == 1 or not has_chinese or any(map(_is_chinese, words))
        ]
    once: dict[str, str] = {}
    for words in lists:
        for word in words:
            once.setdefault(fold(word), word)
    return tuple(once.values())[:_MOST]


def _parts(line: str) -> list[str]:
    for separator in _SEPARATORS:
        if separator.search(line):
            return separator.split(line)
    words = line.split()
    return words if all(map(_is_chinese, words)) else [line]


def _bare(part: str) -> str:
    while (less := _LABEL.sub("", part.strip(_AROUND))) != part:
        part = less
    return part


def _first_half(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without the translation: as many words without a Chinese sign, behind all that have one."""
    half, rest = divmod(len(words), 2)
    is_twice = (
        half > 1
        and not rest
        and all(map(_is_chinese, words[:half]))
        and not any(map(_is_chinese, words[half:]))
    )
    return words[:half] if is_twice else words


def _is_chinese(word: str) -> bool:
    return _HAN.search(word) is not None

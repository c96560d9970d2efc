"""The summary of an article that gives none: its beginning, cut where a sentence or at least a
sign ends. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final

from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Collection

# FEEDS.md asks for a paragraph, and readers show two or three lines: 200 signs of Chinese, of
# which the last 120 may be given up for a whole sentence. Letters are a third as wide as signs.
_LONGEST: Final = 200
_SHORTEST: Final = 80
_LETTERS_FOR_A_SIGN: Final = 2

_SENTENCE_END: Final = re.compile(r"[。！？!?…][”’」』）)\"']*|\.[”’\"')]*(?=\s)")
_JOINER: Final = "\u200d"


def summarise(text: str, *, without: Collection[str] = ()) -> str | None:
    """The first sentences of a body. Paragraphs that hold or are one of `without` (notices, the
    title) are left out."""
    unwanted = [key for each in without if (key := fold(each))]
    paragraphs = (one_line(paragraph) for paragraph in text.split("\n"))
    kept: list[str] = []
    for paragraph in paragraphs:
        key = fold(paragraph)
        if key and not any(each in key or (len(key) > 8 and key in each) for each in unwanted):
            kept.append(paragraph)
        if sum(map(len, kept)) > _LONGEST * _LETTERS_FOR_A_SIGN:
            break
    return shorten(" ".join(kept)) or None


def shorten(text: str) -> str:
    """A line cut at the end of a sentence, else between two words or signs, with an ellipsis."""
    scale = _LETTERS_FOR_A_SIGN if text[:_LONGEST].isascii() else 1
    longest, shortest = _LONGEST * scale, _SHORTEST * scale
    if len(text) <= longest:
        return text
    ends = [end.end() for end in _SENTENCE_END.finditer(text, 0, longest + 1)]
    whole = [end for end in ends if shortest <= end <= longest]
    if whole:
        return text[: whole[-1]]
    return text[: _between_signs(text, longest - 1)].rstrip() + "…"


def _between_signs(text: str, place: int) -> int:
    """The last place up to `place` where no letter, emoji or word is torn."""
    start = place
    while place > 0 and _is_inside(text, place):
        place -= 1
    return place or start


def _is_inside(text: str, place: int) -> bool:
    before, after = text[place - 1], text[place]
    return (
        unicodedata.category(after) in ("Mn", "Mc", "Me")  # accents, variation selectors
        or _JOINER in (before, after)
        or "\U0001f3fb" <= after <= "\U0001f3ff"  # skin tones
        or ("\U0001f1e6" <= before <= "\U0001f1ff" and "\U0001f1e6" <= after <= "\U0001f1ff")
        or (before.isascii() and after.isascii() and before.isalnum() and after.isalnum())
    )

"""What a form of printed dates is: a pattern, its reader, how much company it needs, and the cheap
test before it. The forms themselves are rows of date_forms.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Final

from crawler.normalise.date_words import DAY_WORDS, ERAS, SEASONS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from crawler.normalise.date_reading import Context, Reading


class Hold(IntEnum):
    """How much company a form bears: FIRM is a date anywhere; LOOSE in a line of other words
    only beside a label, a time, brackets or separators; WEAK needs those always; BARE needs a
    label or the line for itself."""

    FIRM = 0
    LOOSE = 1
    WEAK = 2
    BARE = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """`needs` is a cheap test whether the pattern is worth trying on a text; forms share tests,
    so that one is made once a text."""

    name: str
    hold: Hold
    needs: Callable[[str], object]
    pattern: re.Pattern[str]
    read: Callable[[re.Match[str], Context], Reading | None]


def make_form(
    name: str,
    pattern: str,
    read: Callable[[re.Match[str], Context], Reading | None],
    *,
    needs: Callable[[str], object],
    hold: Hold = Hold.FIRM,
) -> Form:
    compiled = re.compile(pattern, re.IGNORECASE)
    return Form(name=name, hold=hold, needs=needs, pattern=compiled, read=read)


# --- what a text must hold ------------------------------------------------------------------


def _one_of(words: Iterable[str]) -> Callable[[str], bool]:
    """Twenty searches for a word cost a tenth of one pattern with twenty branches."""
    wanted = tuple(words)

    def holds(text: str) -> bool:
        text = text.lower()
        return any(word in text for word in wanted)

    return holds


HAS_HAN_DATE: Final = _one_of("年月년월")
HAS_HAN_ISSUE: Final = _one_of("期卷刊号號호")
HAS_LUNAR: Final = re.compile("[正冬腊臘闰閏历曆暦음初廿]|[子丑寅卯辰巳午未申酉戌亥]年").search
HAS_ERA_NAME: Final = _one_of(name for name in ERAS if not name.isascii())
HAS_VOLUME: Final = _one_of(["vol"])
HAS_SEASON: Final = _one_of(SEASONS)
HAS_QUARTER: Final = _one_of(["q", "季", "분기", "四半期"])
HAS_AGO: Final = _one_of(["前", "전", " ago", "vor ", "il y a", "hace ", "há "])
HAS_DAY_WORD: Final = _one_of(DAY_WORDS)
HAS_PARTED: Final = re.compile(r"\d\s?[-/._]\s?\d").search
HAS_DIGITS: Final = re.compile(r"\d{4}").search
HAS_EIGHT_DIGITS: Final = re.compile(r"\d{8}").search

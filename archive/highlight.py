"""Where in a text the words of a query are, for people to see. Pure.

How much of a text may be shown at all is archive.rights' word: `excerpt_of` is the way in for
whoever shows what was found.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from archive.words import keyed
from foundation.text import CJK_LETTERS, search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.model import ArchivedEntry
    from archive.rights import Carry

#: What a result shows of a text: two lines.
SNIPPET = 80
#: Letters before the first word that is shown, so that it is read in its sentence.
_LEAD = 20
_CUT = "…"
#: What may be excerpted; the others are "link" and "nothing".
_EXCERPTED = ("full", "summary")

_LETTER = rf"[^\W_{CJK_LETTERS}]"
_INSIDE = re.compile(_LETTER * 2)
_IS_CJK = re.compile(rf"[{CJK_LETTERS}]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A piece of a text, and whether it is one of the words looked for."""

    text: str
    is_marked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Excerpt:
    """What may be shown of an entry that was found. `text` is empty where its rights allow none."""

    title: tuple[Part, ...]
    text: tuple[Part, ...]


def excerpt_of(archived: ArchivedEntry, words: Sequence[str], carry: Carry) -> Excerpt:
    """The title, and the best place of the text if `carry` allows one."""
    entry = archived.entry
    may_quote = carry.feed in _EXCERPTED
    return Excerpt(
        title=highlight(entry.title or "", words),
        text=snippet(entry.text or "", words) if may_quote else (),
    )


def highlight(text: str, words: Sequence[str]) -> tuple[Part, ...]:
    """A whole text in pieces; joined they are the text."""
    return _parts(text, _places(text, words))


def snippet(text: str, words: Sequence[str], *, length: int = SNIPPET) -> tuple[Part, ...]:
    """About so many letters around the place that has most of the words, on one line; the
    beginning of a text that has none."""
    line = " ".join(text.split())
    places = _places(line, words)
    start = _at_word(line, _best_start(places, length))
    end = min(start + length, len(line))
    inside = [
        (max(a, start) - start, min(b, end) - start) for a, b in places if a < end and start < b
    ]
    cut = (Part(text=_CUT),)
    return (
        *(cut if start else ()),
        *_parts(line[start:end], inside),
        *(cut if end < len(line) else ()),
    )


def _parts(text: str, places: Iterable[tuple[int, int]]) -> tuple[Part, ...]:
    parts, at = [], 0
    for start, end in places:
        if start > at:
            parts.append(Part(text=text[at:start]))
        parts.append(Part(text=text[start:end], is_marked=True))
        at = end
    if at < len(text):
        parts.append(Part(text=text[at:]))
    return tuple(parts)


def _best_start(places: Sequence[tuple[int, int]], length: int) -> int:
    """Where to begin: before the first of most places that stand together."""
    best, most = 0, 0
    for start, _ in places:
        together = sum(1 for a, b in places if start <= a and b <= start + length - _LEAD)
        if together > most:
            best, most = start, together
    return max(best - _LEAD, 0)


def _at_word(line: str, start: int) -> int:
    """The beginning of the next word, where a place is inside one that is spelt."""
    if not start or not _INSIDE.match(line, start - 1):
        return start
    blank = line.find(" ", start, start + _LEAD)
    return start if blank < 0 else blank + 1


def _places(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where the words are, in order, those that overlap as one."""
    patterns = _patterns(tuple(words))
    if not patterns or not text:
        return []
    key, origin = _mapped(text)
    matches = (match.span() for pattern in patterns for match in pattern.finditer(key))
    found: list[tuple[int, int]] = []
    for start, end in sorted((origin[a], origin[b - 1] + 1) for a, b in matches):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _mapped(text: str) -> tuple[str, list[int]]:
    """The text as it is searched in, and for each of its letters the place that it came from."""
    keys = list(map(_key, text))
    if all(len(key) == 1 for key in keys):
        return "".join(keys), list(range(len(text)))
    origin = [at for at, key in enumerate(keys) for _ in key]
    return "".join(keys), origin


@lru_cache(maxsize=10_000)
def _key(letter: str) -> str:
    return search_key(letter)


@lru_cache(maxsize=100)
def _patterns(words: tuple[str, ...]) -> tuple[re.Pattern[str], ...]:
    runs = (keyed(word).split() for word in words)
    return tuple(re.compile(_phrase(each)) for each in runs if each)


def _phrase(runs: Sequence[str]) -> str:
    pattern, was_cjk = "", True
    for at, run in enumerate(runs):
        is_cjk = bool(_IS_CJK.match(run))
        if at:
            pattern += r"[\W_]*" if is_cjk != was_cjk else r"[\W_]+"
        pattern += " *".join(run) if is_cjk else f"(?<!{_LETTER}){re.escape(run)}(?!{_LETTER})"
        was_cjk = is_cjk
    return pattern

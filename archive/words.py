"""The words by which a text is found. Pure; knows no database.

Chinese is written without spaces, so a run of Chinese, Japanese or Korean letters is found by its
bigrams, every two neighbours of it: 品牌战略 by 品牌, 牌战, 战略. A dictionary would find fewer
(words that it does not know) at seven times the cost (DESIGN.md). A word of letters is found
whole.

Text and query both become a keyed text first: runs of letters, folded, with a blank between. A
phrase of several tokens may have them scattered over the text; whether it is there is looked up in
the keyed text itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from operator import add
from typing import TYPE_CHECKING

from foundation.text import CJK_LETTERS, search_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Set

#: Letters of a text that are searched in: a whole book's. PostgreSQL takes 1 MB of tokens a text,
#: and each letter of these gives at most six bytes.
TEXT_MOST = 150_000
#: Letters of one word: longer ones are addresses and data.
_WORD_MOST = 60
#: Before a token that stands in the title; before what stands for a source. Private use, so that
#: no text has them.
_IN_TITLE, _OF_SOURCE = "\ue001", "\ue000"

_RUN = re.compile(rf"[{CJK_LETTERS}]+|[^\W_{CJK_LETTERS}]+")
#: Set wide, as titles are: 品　牌. Not Korean, which has words.
_WIDE = re.compile(
    r"(?<=[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff]) +(?=[\u3005-\u3007\u3040-\u30ff\u3400-\u9fff])"
)
_IS_CJK = re.compile(rf"[{CJK_LETTERS}]")
#: Keeps a phrase from being found across two fields; no query has one.
_END_OF_FIELD = " \n "


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """What is looked for as one: a word, or words in this order.

    `tokens` are all in a text that has it; `pattern` is then in its keyed text, which need not be
    looked at where `is_exact`. Lone CJK letters (`is_letter`) are looked for in titles only: in
    texts they say nothing, and would be found nearly everywhere.
    """

    tokens: frozenset[str]
    pattern: str
    is_exact: bool
    is_letter: bool

    @property
    def title_tokens(self) -> frozenset[str]:
        """The tokens of a title that has it."""
        return frozenset(_IN_TITLE + token for token in self.tokens)


def keyed(text: str | None) -> str:
    """The runs of a text, folded, with a blank between, before and after."""
    key = search_key((text or "")[:TEXT_MOST])
    if " " in key:
        key = _WIDE.sub("", key)
    runs = _RUN.findall(key)
    return f" {' '.join(runs)} " if runs else ""


def keyed_fields(fields: Iterable[str | None]) -> str:
    """Several texts as one, in which no phrase goes over an end."""
    return _END_OF_FIELD.join(filter(None, map(keyed, fields)))


def phrase_of(text: str) -> Phrase | None:
    """What to look for, from a person's words; None if there is no letter or digit in them."""
    runs = keyed(text).split()
    if not runs:
        return None
    first, last = (bool(_IS_CJK.match(runs[end])) for end in (0, -1))
    tokens = _tokens(runs)
    is_letter = not tokens
    size = len(runs[0]) if first else len(runs[0]) <= _WORD_MOST and 2
    return Phrase(
        tokens=tokens or frozenset(runs),
        pattern=f"{'' if first else ' '}{' '.join(runs)}{'' if last else ' '}",
        is_exact=len(runs) == 1 and size == 2,
        is_letter=is_letter,
    )


def index_tokens(title: str, text: str, source_id: str) -> Set[str]:
    """All by which an article is found, from its keyed title and its keyed other texts."""
    runs = title.split()
    # One set all the way: to copy some 1,400 tokens costs a tenth of making them.
    found: set[str] = set()
    _add_tokens(found, runs)
    marked = {_IN_TITLE + token for token in found.union(*map(_letters, runs))}
    _add_tokens(found, text.split())
    found |= marked
    found.add(source_token(source_id))
    return found


def source_token(source_id: str) -> str:
    """What stands for a source among the tokens of its articles."""
    return _OF_SOURCE + source_id.replace("-", _OF_SOURCE)


def _tokens(runs: Iterable[str]) -> frozenset[str]:
    found: set[str] = set()
    _add_tokens(found, runs)
    return frozenset(found)


def _add_tokens(found: set[str], runs: Iterable[str]) -> None:
    for run in runs:
        if _IS_CJK.match(run):
            found.update(map(add, run, run[1:]))
        else:
            found.add(run[:_WORD_MOST])


def _letters(run: str) -> str:
    return run if _IS_CJK.match(run) else ""

"""What the words of a reprint notice can say, whatever their language, and how a language says it.

A sign is one statement ("reprinting needs permission"). The tables of `notice_words` tell how each
language makes it; `notice_rules` decides what the signs mean together. Nothing is decided here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from crawler.normalise.needed import needed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

# Stands in a text where a licence was named, so that a wording can speak of "a licence".
LICENSE_MARK = "\ue000"


# After a full stop only where a blank follows: addresses and numbers hold some.
_SENTENCE_END = re.compile(r"(?<=[。!?;\n])|(?<=\.)(?=\s)")


def split_sentences(text: str) -> list[str]:
    """The sentences of a folded text; joined they are the text again."""
    return _SENTENCE_END.split(text)


class Sign(StrEnum):
    """One statement of a notice. Those on reprinting hold for reprinting only: "do not smoke"
    forbids nothing, "name your sources" asks for no credit."""

    # On reprinting.
    FORBIDS = "forbids"
    ASKS = "asks for permission"
    ASKS_COMMERCE = "asks commerce for permission"
    UNLESS = "speaks of consent"
    ALLOWS = "allows"
    IF = "sets a condition"
    CREDITS = "wants credit for a reprint"
    MARKS = "wants credit"
    KEEPS_WHOLE = "may be passed on whole"
    LICENSES = "puts this work under a licence"
    NAMES_LICENSE = "is a licence's name and no more"
    # Obligations.
    WRITTEN = "in writing"
    AUTHOR = "name the author"
    LINK = "link"
    NOTICE = "keep the notice"
    NOCHANGE = "change nothing"
    NOEXCERPT = "no excerpts"
    NONCOMMERCIAL = "no commerce"
    NOTIFY = "tell"
    NOPRINT = "not in print"
    NOMIRROR = "no mirrors"
    NOAI = "not for machines to learn from"
    NOLINK = "no links"
    # Whose the text is.
    REPRINTED = "this text comes from elsewhere"
    FIRST_ELSEWHERE = "this text appeared elsewhere first"
    GATHERED = "texts here come from elsewhere"
    SOURCE_LINE = "names a source"
    COPYRIGHT = "somebody holds the copyright"
    ALL_RIGHTS = "all rights reserved"
    # Traps.
    IMAGE = "on images only"
    TAKEDOWN = "offers to take down"
    AUTHORS = "terms for authors"
    PLATFORM = "users' own uploads"
    TRADEMARK = "on trademarks"
    NARRATIVE = "tells of a case"
    CONDITION = "holds for some articles"
    OTHER_WORK = "on another work"
    # Kinds of article.
    ORIGINAL = "original"
    COMPILED = "compiled"
    TRANSLATED = "translation"
    CONTRIBUTED = "contributed"
    EXCLUSIVE = "exclusive"
    PRESS = "press"


# What a notice may say besides. Alone they make none (no rule needs these only), so that they are
# looked for last.
BESIDES = frozenset(
    {
        *(Sign.UNLESS, Sign.IF, Sign.MARKS, Sign.WRITTEN, Sign.AUTHOR, Sign.LINK, Sign.NOTICE),
        *(Sign.NOCHANGE, Sign.NOEXCERPT, Sign.NONCOMMERCIAL, Sign.NOTIFY, Sign.NOPRINT),
        *(Sign.NOMIRROR, Sign.NOLINK),
    }
)


@dataclass(frozen=True, kw_only=True, eq=False, slots=True)
class _Wording:
    """One way to make a sign. Where it matches, the text has a word of each set of one of
    `needs`."""

    sign: Sign
    pattern: re.Pattern[str]
    needs: tuple[tuple[frozenset[str], ...], ...]

    def may_match(self, text: str) -> bool:
        return any(
            all(any(word in text for word in words) for words in needs) for needs in self.needs
        )


@dataclass(frozen=True, kw_only=True)
class Words:
    """How one language makes the signs.

    Patterns are matched against folded text (NFKC, lower case, simplified where Chinese, no
    spaces between CJK). `<name>` in a pattern stands for an entry of `vocabulary`. What misleads
    is hidden first: `drops` hide the whole sentence in which they match (terms for authors), then
    `masks`, in order, what they match (an image credit). `hint` matches every text in which the
    language might speak. `loose` wordings are asked only where all others say nothing: they know a
    notice by its parts, whatever stands between them, and take what a text gives for the least.
    """

    language: str
    hint: str
    vocabulary: Mapping[str, str]
    drops: Mapping[Sign, tuple[str, ...]] = field(default_factory=dict)
    masks: Mapping[Sign, tuple[str, ...]] = field(default_factory=dict)
    signs: Mapping[Sign, tuple[str, ...]]
    loose: Mapping[Sign, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def may_speak(self) -> re.Pattern[str]:
        return re.compile(self.hint)

    @cached_property
    def _drops(self) -> tuple[tuple[Sign, re.Pattern[str]], ...]:
        return tuple((sign, self._compile(wordings)) for sign, wordings in self.drops.items())

    @cached_property
    def _masks(self) -> tuple[tuple[Sign, re.Pattern[str]], ...]:
        return tuple((sign, self._compile(wordings)) for sign, wordings in self.masks.items())

    @cached_property
    def _wordings(self) -> tuple[_Wording, ...]:
        return tuple(
            _Wording(sign=sign, pattern=self._compile((wording,)), needs=needs)
            for sign, wordings in self.signs.items()
            for wording in wordings
            for needs in (needed(self.expand(wording)),)
        )

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[_Wording]]:
        """The wordings by the first words that they need; under "", which is in
        every text, those that need none."""
        by_word: defaultdict[str, list[_Wording]] = defaultdict(list)
        for wording in self._wordings:
            firsts = (needs[0] if needs else ("",) for needs in wording.needs)
            for word in frozenset(chain.from_iterable(firsts)):
                by_word[word].append(wording)
        return by_word

    @cached_property
    def _loose(self) -> tuple[tuple[Sign, re.Pattern[str]], ...]:
        return tuple((sign, self._compile(wordings)) for sign, wordings in self.loose.items())

    def hide(self, text: str) -> tuple[str, frozenset[Sign]]:
        """The text without what misleads, and the signs of what was hidden."""
        found = set()
        for sign, pattern in self._drops:
            if pattern.search(text):
                found.add(sign)
                text = "".join(part for part in split_sentences(text) if not pattern.search(part))
        for sign, pattern in self._masks:
            text, count = pattern.subn("。", text)
            if count:
                found.add(sign)
        return text, frozenset(found)

    def find(self, text: str, *, besides: bool = False) -> set[Sign]:
        """The signs in a text from which `hide` has hidden what misleads: those that make a
        notice, or those `BESIDES`. Only the wordings are tried of which the text has a word: that
        is a few of a hundred, and each may take 0.1 ms."""
        likely = chain.from_iterable(
            wordings for word, wordings in self._by_word.items() if word in text
        )
        found: set[Sign] = set()
        for wording in dict.fromkeys(likely):
            is_wanted = wording.sign not in found and (wording.sign in BESIDES) is besides
            if is_wanted and wording.may_match(text) and wording.pattern.search(text):
                found.add(wording.sign)
        return found

    def guess(self, text: str) -> Iterator[Sign]:
        """The signs that the loose wordings see, where `find` saw none that makes a notice."""
        return (sign for sign, pattern in self._loose if pattern.search(text))

    def _compile(self, wordings: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile("|".join(self.expand(wording) for wording in wordings))

    def expand(self, wording: str) -> str:
        """Each `<name>` replaced by its vocabulary, which may name others in turn."""
        return re.sub(
            r"<([a-z_]+)>", lambda match: f"(?:{self.expand(self.vocabulary[match[1]])})", wording
        )

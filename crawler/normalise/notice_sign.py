"""What the words of a reprint notice can say, whatever their language, and how a language says it.

A sign is one statement ("reprinting needs permission"). The tables of `notice_words` tell how each
language makes it; `notice_rules` decides what the signs mean together. Nothing is decided here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

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
    def _signs(self) -> tuple[tuple[Sign, re.Pattern[str]], ...]:
        return tuple((sign, self._compile(wordings)) for sign, wordings in self.signs.items())

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

    def find(self, text: str, *, besides: bool = False) -> Iterator[Sign]:
        """The signs in a text from which `hide` has hidden what misleads: those that make a
        notice, or those `BESIDES`."""
        return (
            sign
            for sign, pattern in self._signs
            if (sign in BESIDES) is besides and pattern.search(text)
        )

    def guess(self, text: str) -> Iterator[Sign]:
        """The signs that the loose wordings see, where `find` saw none that makes a notice."""
        return (sign for sign, pattern in self._loose if pattern.search(text))

    def _compile(self, wordings: tuple[str, ...]) -> re.Pattern[str]:
        return re.compile("|".join(self._expand(wording) for wording in wordings))

    def _expand(self, wording: str) -> str:
        """Each `<name>` replaced by its vocabulary, which may name others in turn."""
        return re.sub(
            r"<([a-z_]+)>", lambda match: f"(?:{self._expand(self.vocabulary[match[1]])})", wording
        )

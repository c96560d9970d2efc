"""Whether a selection chooses an entry that is in no catalogue: the conditions of selection.py, on
one entry at hand. Pure. For the few that were taken down; what is kept is asked of the database.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archive.catalogue import columns_of, keyed_texts, labels_in
from archive.model import ReprintNotice
from archive.rights import effective_class
from archive.selection import Word, keyed_title
from archive.words import index_tokens, phrase_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Set
    from datetime import datetime

    from archive.model import ArchivedEntry, NoticeClass
    from archive.selection import Selection
    from sources.model import Rights


@dataclass(frozen=True, kw_only=True)
class Candidate:
    """An entry, and what of its source and place it is chosen by. What is made of its text is made
    when a selection has words, and once."""

    archived: ArchivedEntry
    ordered: datetime
    zone: str
    source_title: str | None

    def fits(self, selection: Selection, rights: Mapping[str, Rights]) -> bool:
        """Whether the selection would choose it, were it in the catalogue."""
        return self._stands_where(selection, rights) and self._says(selection)

    def _stands_where(self, wanted: Selection, rights: Mapping[str, Rights]) -> bool:
        columns, source_id = self._columns, self.archived.source_id
        return (
            (wanted.sources is None or source_id in wanted.sources)
            and (wanted.issue is None or wanted.issue == columns["issue"])
            and self._has_label("author", wanted.authors, every=True)
            and self._has_label("keyword", wanted.keywords, every=True)
            and self._has_label("column", wanted.columns, every=False)
            and (wanted.notices is None or self._class(rights.get(source_id)) in wanted.notices)
            and (wanted.years is None or wanted.years[0] <= columns["year"] <= wanted.years[1])
            and (wanted.since is None or wanted.since <= self.ordered)
            and (wanted.until is None or self.ordered < wanted.until)
        )

    def _says(self, wanted: Selection) -> bool:
        has = {word: self._has(word) for word in (*wanted.words, *wanted.without)}
        # Without a letter in it a word is in no text; so it is nothing to leave out either.
        return all(has[word] for word in wanted.words) and not any(
            has[word] for word in wanted.without
        )

    def _has_label(self, kind: str, keys: Collection[str], *, every: bool) -> bool:
        if not keys:
            return True
        found = ((kind, key) in self._labels for key in keys)
        return all(found) if every else any(found)

    def _class(self, said: Rights | None) -> NoticeClass:
        printed: NoticeClass = self._columns["notice"]
        if said is None or said.notice is None:
            return printed
        return effective_class(ReprintNotice(class_=printed, text=""), said)[0]

    def _has(self, text: str) -> bool:
        phrase = phrase_of(text)
        if phrase is None:
            return False
        word = Word.of(phrase, self._titles)
        if not any(tokens <= self._tokens for tokens in word.alternatives):
            return False
        places = (*self._texts, *self._titles.values())
        return not word.must_be_looked_up or any(phrase.pattern in each for each in places)

    @cached_property
    def _columns(self) -> dict[str, Any]:
        return columns_of(self.archived.entry, self.ordered, self.zone)

    @cached_property
    def _labels(self) -> Collection[tuple[str, str]]:
        return labels_in(self.archived.entry).keys()

    @cached_property
    def _titles(self) -> dict[str, str]:
        title = self.source_title
        return {self.archived.source_id: keyed_title(title)} if title is not None else {}

    @cached_property
    def _texts(self) -> tuple[str, str]:
        return keyed_texts(self.archived.entry)

    @cached_property
    def _tokens(self) -> Set[str]:
        return index_tokens(*self._texts, self.archived.source_id)

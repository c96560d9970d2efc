"""Choosing entries: by source, issue, column, author, notice, time and words. Reads only.

A selection is a value; what it means for the database stands here, and how words are found in
words.py and word_index.py. Withdrawn entries are in no catalogue, so none is ever chosen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, false, func, or_, select

from archive import schema
from archive.catalogue import label_key
from archive.issue import Issue, parse_slug
from archive.model import ArchivedEntry, NoticeClass, ReprintNotice
from archive.rights import effective_class
from archive.word_index import contains, word_index
from archive.words import Phrase, keyed, phrase_of, source_token
from sources.model import Rights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, FromClause, Select


#: What anyone may re-publish who names the source.
REUSABLE = frozenset({NoticeClass.OPEN_LICENSE, NoticeClass.FREE, NoticeClass.FREE_ATTRIBUTION})

_C, _L, _T, _S = schema.catalogue, schema.labels, schema.texts, schema.sources
#: Texts that are looked at in one go.
_LOOKED_UP = 100
#: Tokens of a phrase that are asked of the words: so many tell it well enough from others, and a
#: pasted paragraph would be more than the databases take.
_MOST_TOKENS = 30
#: Sources that are asked of the words, too; more make the question longer than the answer.
_MOST_SOURCES = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """What entries to choose: those that fit all that is given. None and empty: whatever it is.

    `sources` are ids, one of which the entry's is; `issue` is a slug (issue.py). `authors`,
    `columns` and `keywords` are keys (`key_of`): all of the authors and keywords, one of the
    columns. `notices` are effective classes, one of them. `words` are all there, each a word or a
    phrase as a person writes it, and none of `without`. `issns` are in their normal form: the
    entry's page prints one of them, or the entry is of one of `issn_sources`, which have one.
    `years` are the first and the last one printed; `since` and `until` go by the order of entries,
    `until` itself not included.
    """

    sources: frozenset[str] | None = None
    issue: str | None = None
    columns: frozenset[str] = frozenset()
    authors: frozenset[str] = frozenset()
    keywords: frozenset[str] = frozenset()
    notices: frozenset[NoticeClass] | None = None
    words: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    issns: frozenset[str] = frozenset()
    issn_sources: frozenset[str] = frozenset()
    years: tuple[int, int] | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueCount:
    """An issue of a source, with how many of its articles are kept and when the newest came.
    `issue` is as its articles print it."""

    issue: Issue
    entries: int
    newest: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class LabelCount:
    """A column, author or keyword of a source, with how many of its articles are kept and when
    the newest came. `key` is what a selection takes."""

    name: str
    key: str
    entries: int
    newest: datetime


def key_of(name: str) -> str:
    """The key of an author, column or keyword as anybody writes it."""
    return label_key(name)


def select_ids(
    connection: Connection,
    selection: Selection,
    *,
    rights: Mapping[str, Rights],
    limit: int | None,
    before: datetime | ArchivedEntry | None,
    offset: int,
    by_relevance: bool,
) -> list[str]:
    """The ids of the chosen entries: newest first, ties by id; `by_relevance` those first that
    have all words in their title."""
    made = _Question(connection, selection, rights)
    if made.is_vain:
        return []
    end = None if limit is None else offset + limit
    first = made.titled(before, end) if by_relevance and made.words else []
    if end is not None and len(first) >= end:
        return first[offset:end]
    known = set(first)
    rest = (id_ for id_ in made.newest(before, end and end + len(first)) if id_ not in known)
    return list(islice(chain(first, rest), offset, end))


def count_entries(
    connection: Connection, selection: Selection, *, rights: Mapping[str, Rights], most: int | None
) -> int:
    """How many entries are chosen; `most` where there are more."""
    made = _Question(connection, selection, rights)
    return 0 if made.is_vain else made.count(most)


def issues_of(connection: Connection, source_id: str) -> list[IssueCount]:
    """The issues of a source, the newest first."""
    query = (
        select(
            _C.c.issue,
            func.max(_C.c.volume).label("volume"),
            func.max(_C.c.issue_number).label("number"),
            func.count().label("entries"),
            func.max(_C.c.ordered, type_=_C.c.ordered.type).label("newest"),
        )
        .where(_C.c.source_id == source_id, _C.c.issue.is_not(None))
        .group_by(_C.c.issue)
    )
    found = [
        IssueCount(
            issue=_issue(row.issue, row.volume, row.number),
            entries=row.entries,
            newest=row.newest,
        )
        for row in connection.execute(query)
    ]
    return sorted(found, key=lambda each: each.issue.order, reverse=True)


def labels_of(connection: Connection, source_id: str, kind: str) -> list[LabelCount]:
    """The columns, authors or keywords of a source, the most frequent first."""
    entries = func.count().label("entries")
    query = (
        select(
            _L.c.key,
            func.max(_L.c.name).label("name"),
            entries,
            func.max(_C.c.ordered, type_=_C.c.ordered.type).label("newest"),
        )
        .join(_C, _C.c.number == _L.c.number)
        .where(_C.c.source_id == source_id, _L.c.kind == kind)
        .group_by(_L.c.key)
        .order_by(entries.desc(), _L.c.key)
    )
    return [
        LabelCount(name=row.name, key=row.key, entries=row.entries, newest=row.newest)
        for row in connection.execute(query)
    ]


class _Question:
    """A selection as the database is asked for it."""

    def __init__(
        self, connection: Connection, selection: Selection, rights: Mapping[str, Rights]
    ) -> None:
        self._connection = connection
        self._index = word_index(connection)
        self._selection = selection
        self._rights = rights
        phrases = [phrase_of(word) for word in selection.words]
        #: What has no letter in it is in no text.
        self.is_vain = None in phrases or selection.sources == frozenset()
        has_words = bool(selection.words or selection.without)
        titles = _titles(connection) if has_words else {}
        if has_words:
            self._index.weigh(connection)
        self.words = [Word.of(phrase, titles) for phrase in phrases if phrase is not None]
        unwanted = map(phrase_of, selection.without)
        self._without = [Word.of(phrase, titles) for phrase in unwanted if phrase is not None]
        self._unsure = [word for word in self.words if word.must_be_looked_up]

    def titled(self, before: datetime | ArchivedEntry | None, most: int | None) -> list[str]:
        """The newest entries that have all words in their titles."""
        index, phrases = self._index, [word.phrase for word in self.words]
        asked = [[frozenset(sorted(each.title_tokens)[:_MOST_TOKENS])] for each in phrases]
        found = [index.matches([*asked, *self._own()])]
        tables: FromClause = index.table
        if unsure := [phrase for phrase in phrases if not (phrase.is_exact or phrase.is_letter)]:
            tables = tables.join(_T, _T.c.number == index.number)
            found += [self._has(_T.c.title, phrase) for phrase in unsure]
        tables = tables.join(_C, _C.c.number == index.number)
        query = select(_C.c.entry_id).select_from(tables).where(*found, *self._conditions())
        return list(self._connection.scalars(_newest(query, before).limit(most)))

    def newest(self, before: datetime | ArchivedEntry | None, most: int | None) -> Iterator[str]:
        """The newest entries. Where tokens may lie, the texts are looked at one after the other,
        no more of them than are asked for."""
        tables, found = self._found()
        query = select(_C.c.number, _C.c.entry_id).select_from(tables).where(*found)
        query = _newest(query, before)
        if not self._unsure:
            yield from (row.entry_id for row in self._connection.execute(query.limit(most)))
            return
        for rows in self._connection.execute(query).partitions(_LOOKED_UP):
            numbers = [row.number for row in rows]
            true = select(_T.c.number).where(_T.c.number.in_(numbers), *self._looked_up())
            there = set(self._connection.scalars(true))
            yield from (row.entry_id for row in rows if row.number in there)

    def count(self, most: int | None) -> int:
        """How many there are, or `most`."""
        tables, found = self._found()
        if self._unsure:
            tables = tables.join(_T, _T.c.number == _C.c.number)
            found += self._looked_up()
        some = select(_C.c.number).select_from(tables).where(*found).limit(most).subquery()
        return self._connection.scalar(select(func.count()).select_from(some)) or 0

    def _found(self) -> tuple[FromClause, list[ColumnElement[bool]]]:
        """The tables, and the conditions on them as far as tokens can tell."""
        conditions = list(self._conditions())
        if not self.words:
            return _C, conditions
        index = self._index
        asked = [word.alternatives for word in self.words]
        conditions.append(index.matches([*asked, *self._own()]))
        return index.table.join(_C, _C.c.number == index.number), conditions

    def _own(self) -> list[list[frozenset[str]]]:
        """The wanted sources, asked of the words: far fewer rows are found then."""
        own = self._selection.sources
        if own is None or len(own) > _MOST_SOURCES:
            return []
        return [[frozenset({source_token(each)}) for each in sorted(own)]]

    def _looked_up(self) -> list[ColumnElement[bool]]:
        """What tokens cannot tell."""
        return [self._is_there(word) for word in self._unsure]

    def _is_there(self, word: Word) -> ColumnElement[bool]:
        found = [self._has(_T.c.title, word.phrase), self._has(_T.c.text, word.phrase)]
        if word.sources:
            own = select(_C.c.number).where(_C.c.source_id.in_(word.sources)).correlate(None)
            found.append(_T.c.number.in_(own))
        return or_(*found)

    def _has(self, text: ColumnElement[str], phrase: Phrase) -> ColumnElement[bool]:
        return contains(text, phrase.pattern, self._connection.dialect)

    def _conditions(self) -> Iterator[ColumnElement[bool]]:
        wanted = self._selection
        if wanted.sources is not None:
            yield _C.c.source_id.in_(sorted(wanted.sources))
        if wanted.issue is not None:
            yield _C.c.issue == wanted.issue
        for kind, keys in (("author", wanted.authors), ("keyword", wanted.keywords)):
            for key in sorted(keys):
                yield _is_labelled(kind, [key])
        if wanted.columns:
            yield _is_labelled("column", sorted(wanted.columns))
        if wanted.issns:
            printed = _is_labelled("issn", sorted(map(label_key, wanted.issns)))
            yield or_(printed, _C.c.source_id.in_(sorted(wanted.issn_sources)))
        if wanted.notices is not None:
            yield _is_noticed(wanted.notices, self._rights)
        if wanted.years is not None:
            yield _C.c.year.between(*wanted.years)
        if wanted.since is not None:
            yield _C.c.ordered >= wanted.since
        if wanted.until is not None:
            yield _C.c.ordered < wanted.until
        for word in self._without:
            yield _C.c.number.not_in(self._having(word))

    def _having(self, word: Word) -> Select[Any]:
        """The numbers of all texts that have a word."""
        index = self._index
        query = select(index.number).where(index.matches([word.alternatives])).correlate(None)
        if not word.must_be_looked_up:
            return query
        return query.join(_T, _T.c.number == index.number).where(self._is_there(word))


@dataclass(frozen=True, kw_only=True, slots=True)
class Word:
    """A wanted word: a phrase, and the sources whose own title has it: all their entries do."""

    phrase: Phrase
    sources: tuple[str, ...]

    @classmethod
    def of(cls, phrase: Phrase, titles: Mapping[str, str]) -> Word:
        sources = (id_ for id_, title in titles.items() if phrase.pattern in title)
        return cls(phrase=phrase, sources=tuple(sources))

    @property
    def alternatives(self) -> list[frozenset[str]]:
        """The tokens of one of these are among those of a text that has the word."""
        phrase = self.phrase
        tokens = phrase.title_tokens if phrase.is_letter else phrase.tokens
        own = frozenset(sorted(tokens)[:_MOST_TOKENS])
        return [own, *(frozenset({source_token(each)}) for each in self.sources)]

    @property
    def must_be_looked_up(self) -> bool:
        """Whether the tokens alone may lie. A lone letter has a token of its own in titles."""
        return not (self.phrase.is_exact or self.phrase.is_letter)


def _titles(connection: Connection) -> dict[str, str]:
    """The keyed titles of all sources, by id."""
    rows = connection.execute(select(_S.c.id, _S.c.title).where(_S.c.title.is_not(None)))
    return {row.id: keyed_title(row.title) for row in rows}


keyed_title = lru_cache(maxsize=20_000)(keyed)


def _newest(query: Select[Any], before: datetime | ArchivedEntry | None) -> Select[Any]:
    """In the order of entries, after one of them or before an instant."""
    query = query.order_by(_C.c.ordered.desc(), _C.c.entry_id.desc())
    if before is None:
        return query
    if not isinstance(before, ArchivedEntry):
        return query.where(_C.c.ordered < before)
    entries = schema.entries
    at = select(entries.c.ordered).where(entries.c.id == before.id).scalar_subquery()
    return query.where(or_(_C.c.ordered < at, and_(_C.c.ordered == at, _C.c.entry_id < before.id)))


def _is_labelled(kind: str, keys: Sequence[str]) -> ColumnElement[bool]:
    """Whether a row has one of these labels."""
    query = select(_L.c.number).where(_L.c.kind == kind, _L.c.key.in_(keys))
    return _C.c.number.in_(query)


def _is_noticed(
    wanted: frozenset[NoticeClass], rights: Mapping[str, Rights]
) -> ColumnElement[bool]:
    """Whether a row's effective class is among these. The page's own class is what is kept; where
    the operator has a word on a source, it decides which of them come to a wanted one."""
    by_word: dict[str, list[str]] = {}
    for source_id, said in sorted(rights.items()):
        if said.notice is not None:
            by_word.setdefault(said.notice, []).append(source_id)
    spoken_for = [source_id for ids in by_word.values() for source_id in ids]
    plain = _C.c.notice.in_(sorted(wanted))
    if not spoken_for:
        return plain
    ways = [and_(plain, _C.c.source_id.not_in(spoken_for))]
    for word, source_ids in by_word.items():
        printed = _printed_that_come_to(wanted, word)
        if printed:
            ways.append(and_(_C.c.source_id.in_(source_ids), _C.c.notice.in_(printed)))
    return or_(false(), *ways)


def _printed_that_come_to(wanted: frozenset[NoticeClass], word: str) -> list[NoticeClass]:
    """The classes of pages that are one of the wanted ones by the operator's word."""
    rights = Rights(notice=word)
    return [
        class_
        for class_ in NoticeClass
        if effective_class(ReprintNotice(class_=class_, text=""), rights)[0] in wanted
    ]


def _issue(slug: str, volume: str | None, number: str | None) -> Issue:
    """The issue of a slug, its parts as printed."""
    issue = parse_slug(slug)
    assert issue is not None, slug
    return replace(issue, volume=volume, number=number)

"""What a person writes to search, as a selection. Pure.

品牌 战略          both words            "品牌 战略"        these words, in this order
-广告              not this word         author:林渡 作者:  by this author
journal:河港 刊物: in this journal       notice:reusable 声明: what may be re-published
year:2024-2026 年: printed in these years
column:要闻 栏目:  in this column        keyword:茶 关键词:  with this keyword
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import TYPE_CHECKING

from archive.model import NoticeClass
from archive.selection import REUSABLE, Selection, key_of
from archive.words import phrase_of
from foundation.errors import QueryError, SettingsError
from foundation.text import fold
from sources.masthead import check_issn

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from foundation.setting_kinds import SavedSearch
    from sources.model import Source

#: What anyone may re-publish, and its name in Chinese.
_REUSABLE = ("reusable", "可转载")
#: Letters and parts of a query: more is a text that was pasted.
_LETTERS_MOST, _PARTS_MOST = 1_000, 40
#: Names of journals that an error shows.
_SHOWN = 8
#: From how like it is to a field's name a word before a colon is a slip of the pen.
_SLIP = 0.75

_FIELDS = {
    "author": "author", "作者": "author",
    "journal": "journal", "刊物": "journal", "期刊": "journal",
    "notice": "notice", "声明": "notice",
    "year": "year", "年": "year",
    "column": "column", "栏目": "column",
    "keyword": "keyword", "关键词": "keyword",
    "issn": "issn",
}  # fmt: skip
#: Which closing sign ends what an opening one began.
_QUOTES = {'"': '"', "“": "”", "＂": "＂", "「": "」", "『": "』"}
_OPENING = "".join(_QUOTES)
_MINUS = "-－−"
_PART = re.compile(
    rf"(?P<minus>[{_MINUS}]?)"
    rf"(?:(?P<field>[^\W\d_]+)[:：](?=\S))?"
    rf"(?P<value>[{_OPENING}]|\S[^\s]*)"
)
_YEARS = re.compile(r"(\d{4})(?:\s*(?:-|–|—|~|～|\.\.)\s*(\d{4}))?\s*年?")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Part:
    """One word, phrase or field of a query, and where it stands."""

    at: int
    is_without: bool
    field: str | None
    value: str


def parse_query(
    text: str,
    *,
    journals: Mapping[str, str] | None = None,
    issns: Mapping[str, Collection[str]] | None = None,
) -> Selection:
    """The selection that a query means. `journals` are the titles of the sources by id; without
    them, none can be named. `issns` are the ids of the sources that have an ISSN (`issns_of`).

    Raises:
        QueryError: it cannot be understood.
    """
    if len(text) > _LETTERS_MOST:
        raise _too_long(_LETTERS_MOST)
    parts = list(_parts(text))
    if len(parts) > _PARTS_MOST:
        raise _too_long(parts[_PARTS_MOST].at)
    if not parts:
        raise QueryError("the query is empty. Next: write a word to look for")
    selection = Selection()
    for part in parts:
        selection = _add(selection, part, journals or {})
    of_journals = {id_ for issn in selection.issns for id_ in (issns or {}).get(issn, ())}
    return replace(selection, issn_sources=frozenset(of_journals))


def issns_of(sources: Iterable[Source]) -> dict[str, set[str]]:
    """The ids of the sources by the ISSN and eISSN of their mastheads."""
    found: dict[str, set[str]] = {}
    for source in sources:
        for issn in (source.masthead.issn, source.masthead.eissn):
            if issn:
                found.setdefault(issn, set()).add(source.id)
    return found


def check_query(text: str) -> None:
    """Whether a query can be understood, whatever journals there are.

    Raises:
        QueryError: it cannot.
    """
    journals = [part for part in _parts(text[:_LETTERS_MOST]) if part.field == "journal"]
    parse_query(text, journals={part.value: part.value for part in journals})


def check_searches(searches: Sequence[SavedSearch], *, where: str) -> None:
    """Whether the queries of the settings can be understood; `where` is what holds them.

    Raises:
        SettingsError: some cannot; it names them all.
    """
    faults = []
    for search in searches:
        try:
            check_query(search.query)
        except QueryError as error:
            faults.append(f"{where}: searches.{search.id}.query: {error}")
    if faults:
        raise SettingsError("\n".join(faults))


def _too_long(at: int) -> QueryError:
    return QueryError(
        f"the query is too long. Next: at most {_PARTS_MOST} words and {_LETTERS_MOST} letters",
        at=at,
    )


def _parts(text: str) -> Iterator[_Part]:
    at = 0
    while (start := _skip_blanks(text, at)) < len(text):
        match = _PART.match(text, start)
        if match is None:  # a minus alone
            raise QueryError("a minus stands alone. Next: write the word right behind it", at=start)
        field = _field(match, start)
        value_at = match.start("value") if field or not match["field"] else match.start("field")
        value, at = _value(text, value_at)
        yield _Part(at=start, is_without=bool(match["minus"]), field=field, value=value)


def _skip_blanks(text: str, at: int) -> int:
    while at < len(text) and text[at].isspace():
        at += 1
    return at


def _field(match: re.Match[str], at: int) -> str | None:
    """The field that a part names. Another word before a colon is a word like any other, unless it
    is a field's name with a slip in it."""
    name = (match["field"] or "").casefold()
    if not name or name in _FIELDS:
        return _FIELDS.get(name)
    known = [field for field in _FIELDS if field.isascii()]
    near = get_close_matches(name, known, n=1, cutoff=_SLIP)
    if near:
        raise QueryError(
            f'{match["field"]}: no such field; did you mean "{near[0]}:"?', at=at, choices=known
        )
    return None


def _value(text: str, at: int) -> tuple[str, int]:
    """What stands at a place, up to a blank or, in quotes, to their end; and where it ends."""
    if text[at] not in _QUOTES:
        end = at
        while end < len(text) and not text[end].isspace():
            end += 1
        return text[at:end], end
    end = text.find(_QUOTES[text[at]], at + 1)
    if end < 0:
        raise QueryError(f"the quote {text[at]} is not closed: {text[at:]}", at=at)
    return text[at + 1 : end], end + 1


def _add(selection: Selection, part: _Part, journals: Mapping[str, str]) -> Selection:
    """The selection with one part more."""
    if part.field is None:
        return _add_word(selection, part)
    if part.is_without:
        raise QueryError(f"-{part.field}: a minus goes with words only", at=part.at)
    return _ADD[part.field](selection, part, journals)


def _add_word(selection: Selection, part: _Part) -> Selection:
    if phrase_of(part.value) is None:
        raise QueryError(
            f"{part.value!r} has no letter or digit that could be looked for", at=part.at
        )
    if part.is_without:
        return replace(selection, without=(*selection.without, part.value))
    return replace(selection, words=(*selection.words, part.value))


def _key(part: _Part) -> frozenset[str]:
    key = key_of(part.value)
    if not key:
        raise QueryError(f"{part.value!r} has no letter or digit that could be a name", at=part.at)
    return frozenset({key})


def _add_author(selection: Selection, part: _Part, _: Mapping[str, str]) -> Selection:
    return replace(selection, authors=selection.authors | _key(part))


def _add_keyword(selection: Selection, part: _Part, _: Mapping[str, str]) -> Selection:
    return replace(selection, keywords=selection.keywords | _key(part))


def _add_column(selection: Selection, part: _Part, _: Mapping[str, str]) -> Selection:
    return replace(selection, columns=selection.columns | _key(part))


def _add_journal(selection: Selection, part: _Part, journals: Mapping[str, str]) -> Selection:
    """A source by its id, or all whose title has the words."""
    if part.value.casefold() in journals:
        found = {part.value.casefold()}
    else:
        wanted = fold(part.value)
        found = {id_ for id_, title in journals.items() if wanted and wanted in fold(title)}
    if not found:
        known = [*journals, *journals.values()]
        near = get_close_matches(part.value, known, n=_SHOWN, cutoff=0.3) or known[:_SHOWN]
        raise QueryError(
            f"no journal is called {part.value!r}. Known are: {', '.join(near) or 'none'}",
            at=part.at,
            choices=near,
        )
    return replace(selection, sources=(selection.sources or frozenset()) | found)


def _add_notice(selection: Selection, part: _Part, _: Mapping[str, str]) -> Selection:
    name = part.value.casefold()
    choices = (*map(str, NoticeClass), _REUSABLE[0])
    if name in _REUSABLE:
        wanted = REUSABLE
    elif name in choices:
        wanted = frozenset({NoticeClass(name)})
    else:
        raise QueryError(
            f"{part.value!r} is no class of notices. Choose from: {', '.join(choices)}",
            at=part.at,
            choices=choices,
        )
    return replace(selection, notices=(selection.notices or frozenset()) | wanted)


def _add_year(selection: Selection, part: _Part, _: Mapping[str, str]) -> Selection:
    match = _YEARS.fullmatch(part.value)
    first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
    if first > last:
        raise QueryError(
            f"{part.value!r} is no year. Next: write year:2026, or year:2024-2026", at=part.at
        )
    if selection.years is not None:
        first, last = min(first, selection.years[0]), max(last, selection.years[1])
    return replace(selection, years=(first, last))


def _add_issn(selection: Selection, part: _Part, _: Mapping[str, str]) -> Selection:
    try:
        issn = check_issn(part.value)
    except ValueError as error:
        raise QueryError(f"{error}", at=part.at) from error
    return replace(selection, issns=selection.issns | {issn})


_ADD: dict[str, Callable[[Selection, _Part, Mapping[str, str]], Selection]] = {
    "author": _add_author,
    "journal": _add_journal,
    "notice": _add_notice,
    "year": _add_year,
    "column": _add_column,
    "keyword": _add_keyword,
    "issn": _add_issn,
}

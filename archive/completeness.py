"""Whether an issue is kept whole: what its contents page showed, and the number of articles that it
prints, against what was captured. Pure; what the pages say is read by whoever asks.

Two gaps are told apart: an article that was shown and is not kept has a title and an address; of
one that the printed number alone tells of nothing else is known.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from archive.issue import Issue, newest_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from archive.issue_parameters import Parameters
    from archive.model import Miss

#: Where the words of a failure say what the site answered (crawler/fetch.py).
_STATUS = re.compile(r"\((\d{3})\)$|answered (\d{3})$")


class Verdict(StrEnum):
    """Whether an issue is kept whole, as far as its own pages tell."""

    LACKS = "lacks"
    WHOLE = "whole"
    UNKNOWN = "unknown"


class Unknown(StrEnum):
    """What is not known of an issue."""

    #: No list that was captured showed anything of it.
    CONTENTS = "contents"
    #: None of its pages prints 期刊基本参数.
    NUMBER = "number"
    #: Its number tells of articles that no list showed: neither title nor address is known.
    UNLISTED = "unlisted"
    #: Nothing says which issue these are of.
    ISSUE = "issue"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One article as a list shows it: its canonical address, and the issue where the row prints
    one. `link` is the address as the list has it, where that is another."""

    url: str
    title: str | None
    issue: Issue | None = None
    link: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Contents:
    """A list page as it was shown at an instant, and the 期刊基本参数 that it prints."""

    url: str
    seen: datetime
    rows: tuple[Row, ...]
    parameters: Parameters | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptArticle:
    """An article that was captured, also one that was withdrawn since. `addresses` are all that
    it is known by, canonical; `parameters` are what its page prints."""

    entry_id: str
    issue: Issue | None
    addresses: frozenset[str]
    parameters: Parameters | None = None
    is_withdrawn: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """An article that was shown and is not kept. `shown` is when a list showed it last; `tries` how
    often it was asked for in vain, and `reason` what came of it last: None where it never was.
    `is_hidden` where it has the title of one that was taken down: it may be that one, elsewhere."""

    title: str | None
    url: str
    tries: int = 0
    reason: str | None = None
    shown: datetime | None = None
    is_hidden: bool = False

    @property
    def why(self) -> str:
        """Why it is not kept, as far as it is known, in a sentence for the operator."""
        if not self.tries:
            return "a list shows it, and it was never asked for, or it was none that could be kept"
        times = "once" if self.tries == 1 else f"{self.tries} times"
        return f"asked for {times}: {self.reason}"

    @property
    def status(self) -> int | None:
        """What the site answered last, where that is why: 404, 403, …"""
        found = _STATUS.search(self.reason or "")
        return int(found[1] or found[2]) if found else None


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueReport:
    """One issue; `issue` is None for what no page says the issue of. `listed` counts what lists
    showed of it, `kept` what was captured, those that were taken down since (`withdrawn`) among
    them; `printed` is the number in 期刊基本参数."""

    issue: Issue | None
    listed: int
    kept: int
    printed: int | None
    gaps: tuple[Gap, ...]
    withdrawn: int = 0

    @property
    def unlisted(self) -> int:
        """How many lack by the printed number alone: no list showed them."""
        return max((self.printed or 0) - self.kept - len(self.gaps), 0)

    @property
    def lacking(self) -> int:
        """How many are known to lack: those that were shown, or more by the printed number."""
        return len(self.gaps) + self.unlisted

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to lack."""
        return not self.lacking

    @property
    def verdict(self) -> Verdict:
        """Nothing is known to lack of what nothing is known of: that makes it not whole."""
        if self.lacking:
            return Verdict.LACKS
        is_told = self.listed or self.printed is not None
        return Verdict.WHOLE if is_told else Verdict.UNKNOWN

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """What is not known of it."""
        if self.issue is None:
            return (Unknown.ISSUE,)
        told = {
            Unknown.CONTENTS: not self.listed,
            Unknown.NUMBER: self.printed is None,
            Unknown.UNLISTED: self.unlisted > 0,
        }
        return tuple(each for each in told if told[each])


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalReport:
    """All issues of a journal as they were found at an instant, the newest first. `lists` counts
    the list pages that this rests on, captured from `first` to `last`; `unread` are those of which
    nothing could be read; `broken` counts what of the archive's files is no whole record: a list
    may be among that."""

    source_id: str
    computed: datetime
    issues: tuple[IssueReport, ...]
    lists: int = 0
    first: datetime | None = None
    last: datetime | None = None
    unread: int = 0
    broken: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to lack, and everything could be read."""
        return not self.broken and all(each.is_whole for each in self.issues)


def as_data(each: IssueReport, *, is_public: bool) -> dict[str, Any]:
    """An issue as data. What a site said to us in its own words is for the operator alone, and so
    is what a gap is called that may have been taken down."""
    return {
        "issue": each.issue.slug if each.issue else None,
        "verdict": each.verdict,
        "listed": each.listed,
        "kept": each.kept,
        "withdrawn": each.withdrawn,
        "printed": each.printed,
        "lacking": each.lacking,
        "unlisted": each.unlisted,
        "unknown": list(each.unknown),
        "gaps": [
            {
                "title": None if is_public and gap.is_hidden else gap.title,
                "url": None if is_public and gap.is_hidden else gap.url,
                "shown": gap.shown,
                "tries": gap.tries,
                "status": gap.status,
                **({} if is_public else {"why": gap.why}),
            }
            for gap in each.gaps
        ],
    }


@dataclass(frozen=True, kw_only=True, slots=True)
class _Shown:
    """A row as it was shown last; `issue` is None where nothing says which it is of."""

    row: Row
    issue: Issue | None
    seen: datetime


def report(
    contents: Sequence[Contents],
    kept: Sequence[KeptArticle],
    misses: Mapping[str, Miss],
    *,
    masthead: Parameters | None = None,
    cn: str | None = None,
) -> list[IssueReport]:
    """Every issue of a journal, the newest first, and what is of none last.

    `contents` are all list pages that were captured; `misses` go by canonical address. `masthead`
    are the parameters that the journal's file has, `cn` its number: others' lines do not count.
    """
    by_address = {url: each for each in kept for url in each.addresses}
    pages = [(page, _issues_of(page, by_address)) for page in sorted(contents, key=_seen)]
    shown = _shown(pages)
    missing = {url: each for url, each in shown.items() if url not in by_address}
    issues = [*(each.issue for each in kept), *(each.issue for each in missing.values())]
    printed = _Printed(pages, kept, masthead, cn)
    named = {issue.slug: issue for issue in reversed(issues) if issue is not None}
    ordered: list[Issue | None] = list(newest_first(named.values()))
    if None in issues:
        ordered.append(None)
    listed = Counter(_slug(each.issue) for each in shown.values())
    counts = Counter(_slug(each.issue) for each in kept)
    withdrawn = Counter(_slug(each.issue) for each in kept if each.is_withdrawn)
    gaps: defaultdict[str, list[Gap]] = defaultdict(list)
    gone = _titles_gone(shown, by_address)
    for url, each in missing.items():
        gaps[_slug(each.issue)].append(_gap(each, misses.get(url), gone))
    return [
        IssueReport(
            issue=issue,
            listed=listed[slug],
            kept=counts[slug],
            withdrawn=withdrawn[slug],
            printed=printed.of(issue) if issue else None,
            gaps=tuple(gaps[slug]),
        )
        for issue, slug in ((each, _slug(each)) for each in ordered)
    ]


def _issues_of(page: Contents, by_address: Mapping[str, KeptArticle]) -> list[Issue | None]:
    """The issue of each row: as the article, or the row itself, says; else that of its neighbours
    on both sides, or at an end of the page that of all."""
    known = [
        (True, by_address[row.url].issue) if row.url in by_address else (bool(row.issue), row.issue)
        for row in page.rows
    ]
    said = [issue for is_known, issue in known if is_known]
    is_one = len({_slug(issue) for issue in said}) == 1
    before = _last_known(known)
    behind = _last_known(known[::-1])[::-1]
    found: list[Issue | None] = []
    for at, (is_known, issue) in enumerate(known):
        beside = {_slug(each): each for each in (*before[at], *behind[at])}
        is_between = bool(before[at] and behind[at]) and len(beside) == 1
        if is_known:
            found.append(issue)
        elif is_between or (is_one and said):
            found.append(next(iter(beside.values())))
        else:
            found.append(None)
    return found


def _last_known(known: Sequence[tuple[bool, Issue | None]]) -> list[list[Issue | None]]:
    """For each row the issue of the last one before it that is known, if there is one."""
    found: list[list[Issue | None]] = []
    last: list[Issue | None] = []
    for is_known, issue in known:
        found.append(last)
        if is_known:
            last = [issue]
    return found


def _shown(pages: Sequence[tuple[Contents, list[Issue | None]]]) -> dict[str, _Shown]:
    """Every row by its address, as it was shown last. What issue it is of stays known."""
    found: dict[str, _Shown] = {}
    for page, issues in pages:
        for row, issue in zip(page.rows, issues, strict=True):
            before = found.get(row.url)
            known = issue or (before.issue if before else None)
            found[row.url] = _Shown(row=row, issue=known, seen=page.seen)
    return found


def _titles_gone(
    shown: Mapping[str, _Shown], by_address: Mapping[str, KeptArticle]
) -> frozenset[str]:
    """The titles under which lists showed what was taken down."""
    return frozenset(
        each.row.title
        for url, each in shown.items()
        if each.row.title and url in by_address and by_address[url].is_withdrawn
    )


def _gap(shown: _Shown, miss: Miss | None, gone: frozenset[str]) -> Gap:
    return Gap(
        title=shown.row.title,
        url=shown.row.link or shown.row.url,
        tries=miss.tries if miss else 0,
        reason=miss.reason if miss else None,
        shown=shown.seen,
        is_hidden=shown.row.title in gone,
    )


class _Printed:
    """How many articles an issue has by its own word, where one of its pages prints it."""

    def __init__(
        self,
        pages: Sequence[tuple[Contents, list[Issue | None]]],
        kept: Sequence[KeptArticle],
        masthead: Parameters | None,
        cn: str | None,
    ) -> None:
        self._pages = [
            (page.parameters, {_slug(issue) for issue in issues})
            for page, issues in pages
            if page.parameters
        ]
        self._articles = [
            (each.parameters, {_slug(each.issue)}) for each in kept if each.parameters
        ]
        self._masthead = masthead
        self._cn = cn

    def of(self, issue: Issue) -> int | None:
        """The number that most of its pages print."""
        counts = Counter(each.articles for each in self._lines(issue) if self._is_own(each))
        return max(counts, key=lambda articles: (counts[articles], articles), default=None)

    def _lines(self, issue: Issue) -> Iterator[Parameters]:
        for said, slugs in (*self._pages, *self._articles, (self._masthead, set[str]())):
            fits = said.is_of(issue) if said else False
            # A page that shows this issue alone is about it, where the line does not tell.
            if said and (fits or (fits is None and slugs == {issue.slug})):
                yield said

    def _is_own(self, said: Parameters) -> bool:
        return self._cn is None or said.cn.partition("/")[0] == self._cn.partition("/")[0]


@lru_cache(maxsize=4096)  # asked of every row of every list, and there are few
def _slug(issue: Issue | None) -> str:
    return issue.slug if issue else ""


def _seen(page: Contents) -> datetime:
    return page.seen

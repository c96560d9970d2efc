"""Whether an issue is kept whole: what its contents page showed, and the number of articles that it
prints, against what was captured. Pure; what the pages say is read by whoever asks.

Two gaps are told apart: an article that was shown and is not kept has a title and an address; of
one that the printed number alone tells of nothing else is known.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.issue import newest_first

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from datetime import datetime

    from archive.issue import Issue
    from archive.issue_parameters import Parameters
    from archive.model import Miss


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One article as a list shows it: its canonical address, and the issue where the row prints
    one."""

    url: str
    title: str | None
    issue: Issue | None = None


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


@dataclass(frozen=True, kw_only=True, slots=True)
class Gap:
    """An article that was shown and is not kept, and why as far as it is known. `shown` is when a
    list showed it last."""

    title: str | None
    url: str
    why: str
    shown: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueReport:
    """One issue; `issue` is None for what no page says the issue of. `listed` counts what lists
    showed of it, `kept` what was captured, `printed` is the number in 期刊基本参数."""

    issue: Issue | None
    listed: int
    kept: int
    printed: int | None
    gaps: tuple[Gap, ...]

    @property
    def lacking(self) -> int:
        """How many are known to lack: those that were shown, or more by the printed number."""
        return max(len(self.gaps), (self.printed or 0) - self.kept, 0)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is known to lack."""
        return not self.lacking


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
    return [
        IssueReport(
            issue=issue,
            listed=listed[_slug(issue)],
            kept=counts[_slug(issue)],
            printed=printed.of(issue) if issue else None,
            gaps=tuple(
                _gap(each, misses.get(url))
                for url, each in missing.items()
                if _slug(each.issue) == _slug(issue)
            ),
        )
        for issue in ordered
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
    found: list[Issue | None] = []
    for at, (is_known, issue) in enumerate(known):
        before = [each for is_sure, each in known[:at] if is_sure][-1:]
        behind = [each for is_sure, each in known[at + 1 :] if is_sure][:1]
        beside = {_slug(each): each for each in (*before, *behind)}
        is_between = bool(before and behind) and len(beside) == 1
        if is_known:
            found.append(issue)
        elif is_between or (is_one and said):
            found.append(next(iter(beside.values())))
        else:
            found.append(None)
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


def _gap(shown: _Shown, miss: Miss | None) -> Gap:
    why = "a list shows it, and it was never asked for, or it was none that could be kept"
    if miss is not None:
        times = "once" if miss.tries == 1 else f"{miss.tries} times"
        why = f"asked for {times}: {miss.reason}"
    return Gap(title=shown.row.title, url=shown.row.url, why=why, shown=shown.seen)


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


def _slug(issue: Issue | None) -> str:
    return issue.slug if issue else ""


def _seen(page: Contents) -> datetime:
    return page.seen

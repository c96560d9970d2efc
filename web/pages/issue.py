"""`/<source>/issues/` and `/<source>/issues/<issue>/`: the issues of a journal, and one of them as
a table of contents."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from feeds.words import words as feed_words
from web.pages.rows import ArticleRow, FeedLink, article_row
from web.pages.selection import Link, channel_links, journal_link

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.issue import Issue
    from archive.model import ArchivedEntry
    from archive.selection import IssueCount
    from archive.store import Store
    from feeds.selected import Chosen
    from sources.model import Source
    from web.frame import Frame

_FIRST_PAGE = re.compile(r"[A-Za-z]*(\d+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class IssueRow:
    """One issue in a list."""

    name: str
    path: str
    count: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Year:
    """The issues of a year, the newest first; `name` is empty for those of no known year."""

    name: str
    issues: tuple[IssueRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuesPage:
    """All issues of which articles are kept."""

    journal: Link
    language: str
    years: tuple[Year, ...]
    completeness: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A column of an issue, in the order of its first article. `name` is empty for articles
    without one."""

    name: str
    articles: tuple[ArticleRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class IssuePage:
    """One issue. `older` and `newer` are its neighbours."""

    name: str
    language: str
    journal: Link
    count: str
    sections: tuple[Section, ...]
    feeds: tuple[FeedLink, ...]
    older: IssueRow | None
    newer: IssueRow | None
    completeness: str


def issues_page(store: Store, source: Source, frame: Frame) -> IssuesPage:
    """The issues of a journal by year."""
    counts = store.issues(source.id)
    by_year = groupby(counts, key=lambda each: each.issue.year)
    return IssuesPage(
        journal=journal_link(source, frame),
        language=source.language,
        years=tuple(
            Year(
                name=str(year) if year else "",
                issues=tuple(issue_row(each, source, frame) for each in found),
            )
            for year, found in by_year
        ),
        completeness=frame.link(completeness_path(source.id)),
    )


def issue_page(
    store: Store, chosen: Chosen, entries: Sequence[ArchivedEntry], source: Source, frame: Frame
) -> IssuePage:
    """One issue as its table of contents."""
    assert chosen.issue is not None
    rows = [issue_row(each, source, frame) for each in store.issues(source.id)]
    name = issue_name(chosen.issue, source)
    at = next((place for place, row in enumerate(rows) if row.name == name), None)
    return IssuePage(
        name=name,
        language=source.language,
        journal=journal_link(source, frame),
        count=frame.words.count("count-articles", len(entries)),
        sections=_sections(entries, source, frame),
        feeds=channel_links(chosen.channel, frame),
        newer=rows[at - 1] if at else None,
        older=rows[at + 1] if at is not None and at + 1 < len(rows) else None,
        completeness=f"{frame.link(completeness_path(source.id))}#{chosen.issue.slug}",
    )


def issue_row(each: IssueCount, source: Source, frame: Frame) -> IssueRow:
    """One issue with how many articles of it are kept."""
    return IssueRow(
        name=issue_name(each.issue, source),
        path=frame.link(issue_path(source.id, each.issue)),
        count=frame.words.count("count-articles", each.entries),
    )


def issue_name(issue: Issue, source: Source) -> str:
    """What the journal's readers call it."""
    say = feed_words(source.language)
    return say.issue_name(issue.year, issue.volume, issue.number)


def completeness_path(source_id: str) -> str:
    """Where the page is that says whether the issues are kept whole."""
    return f"/{source_id}/completeness/"


def issue_path(source_id: str, issue: Issue) -> str:
    """Where an issue's page is."""
    return f"/{source_id}/issues/{issue.slug}/"


def _sections(
    entries: Sequence[ArchivedEntry], source: Source, frame: Frame
) -> tuple[Section, ...]:
    """The articles by column, in the order of their pages, as far as these are known."""
    by_column: dict[str, list[ArticleRow]] = {}
    as_listed = entries[::-1]
    for one in sorted(as_listed, key=_page):
        rows = by_column.setdefault(one.entry.column or "", [])
        rows.append(article_row(one, source, None, frame))
    return tuple(Section(name=name, articles=tuple(rows)) for name, rows in by_column.items())


def _page(one: ArchivedEntry) -> float:
    """The first page; an article without one comes after those that have one, as listed."""
    match = _FIRST_PAGE.match(one.entry.pages or "")
    return int(match[1]) if match else float("inf")

"""`/<source>/`: one journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.selected import path_name
from web.days import Day, print_instant
from web.frame import web_address
from web.notices import NoticeView, notice_view
from web.pages.issue import IssueRow, completeness_path, issue_row
from web.pages.rows import (
    ArticleRow,
    FeedLink,
    article_row,
    feed_links,
    journal_facts,
    trouble_of,
)
from web.pages.selection import Link

if TYPE_CHECKING:
    from collections.abc import Mapping

    from archive.model import Poll, SourceStatus
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source
    from web.frame import Frame
    from web.words import Words

# A screen or two: the feeds hold as many, older ones are in the archive.
ARTICLES = 30
# A year of a monthly.
ISSUES = 12
COLUMNS = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalPage:
    """`/<source>/`: one journal."""

    title: str
    language: str
    facts: tuple[str, ...]
    homepage: str | None
    masthead: Mapping[str, str]
    notice: NoticeView | None
    articles: tuple[ArticleRow, ...]
    issues: tuple[IssueRow, ...]
    issues_path: str
    completeness: str
    columns: tuple[Link, ...]
    feeds: tuple[FeedLink, ...]
    last_poll: Day | None
    poll_text: str
    trouble: str | None


def journal_page(store: Store, source: Source, settings: Settings, frame: Frame) -> JournalPage:
    """One journal with its newest articles."""
    entries = store.entries(source.id, limit=ARTICLES)
    status = _status(store, source.id)
    notice = notice_view(entries, source, settings, frame.words)
    poll = status.last_poll if status else None
    return JournalPage(
        title=source.title,
        language=source.language,
        facts=(*journal_facts(source, frame.words), _interval(source, frame.words)),
        homepage=web_address(source.homepage or source.lists[0]),
        masthead=source.masthead.labels,
        notice=notice,
        articles=tuple(article_row(entry, source, notice, frame) for entry in entries),
        issues=tuple(issue_row(each, source, frame) for each in store.issues(source.id)[:ISSUES]),
        issues_path=frame.link(f"/{source.id}/issues/"),
        completeness=frame.link(completeness_path(source.id)),
        columns=tuple(
            Link(
                name=each.name,
                language=source.language,
                path=frame.link(f"/{source.id}/columns/{path_name(each.name)}/"),
            )
            for each in store.columns(source.id)[:COLUMNS]
        ),
        feeds=feed_links(source.id, frame),
        last_poll=print_instant(poll.ended, source.zone, frame.language) if poll else None,
        poll_text=_poll_text(poll, frame.words) if poll else frame.words.say("never-polled"),
        trouble=trouble_of(status, source, frame.words),
    )


def _status(store: Store, source_id: str) -> SourceStatus | None:
    """How a source stands; None for one whose file is newer than the store's register."""
    return next((status for status in store.status() if status.source_id == source_id), None)


def _interval(source: Source, words: Words) -> str:
    every = source.schedule.every
    if every is None:
        return words.say("rhythm-auto")
    return words.say("rhythm-every", span=words.span(every))


def _poll_text(poll: Poll, words: Words) -> str:
    """How the last visit ended, in words."""
    if not poll.outcome.is_good:
        return words.outcome(poll.outcome) + words.say("colon") + words.say("poll-bad")
    counts = [
        words.count(key, number)
        for key, number in (("poll-new", poll.new), ("poll-revised", poll.revised))
        if number
    ]
    return words.say("authors-join").join(counts) or words.outcome(poll.outcome)

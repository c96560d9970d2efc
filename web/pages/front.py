"""`/`: all journals, and what is new among them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.selected import groups_of, path_name
from web.notices import NoticeView, notice_view
from web.pages.rows import (
    ArticleRow,
    FeedLink,
    article_row,
    feed_link,
    feed_links,
    journal_facts,
    trouble_of,
)
from web.pages.selection import Link

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.model import SourceStatus
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source
    from web.frame import Frame

LATEST = 8
# Journals a page: each costs the store a query.
JOURNALS = 50
# To say what a journal's notice is, one odd article among them or not.
SAMPLE = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalRow:
    """One journal on the front page."""

    title: str
    language: str
    path: str
    facts: tuple[str, ...]
    notice: NoticeView | None
    latest: ArticleRow | None
    feeds: tuple[FeedLink, ...]
    trouble: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontPage:
    """`/`: all journals, so many a page, and what is new among them."""

    journals: tuple[JournalRow, ...]
    latest: tuple[ArticleRow, ...]
    facts: tuple[str, ...]
    groups: tuple[Link, ...]
    feeds: tuple[FeedLink, ...]
    opml: FeedLink
    oai: FeedLink
    previous: str | None
    following: str | None


def front_page(
    store: Store, sources: Sequence[Source], settings: Settings, frame: Frame, *, number: int = 1
) -> FrontPage:
    """All journals, those with the newest article first, and the newest articles of all."""
    words, by_id = frame.words, {source.id: source for source in sources}
    statuses = {status.source_id: status for status in store.status()}
    count = max(1, -(-len(sources) // JOURNALS))
    number = min(max(number, 1), count)
    shown = _by_news(sources, statuses)[(number - 1) * JOURNALS : number * JOURNALS]
    newest = [entry for entry in store.entries(limit=LATEST) if entry.source_id in by_id]
    total = sum(status.entries for key, status in statuses.items() if key in by_id)
    return FrontPage(
        journals=tuple(
            _journal_row(store, source, statuses.get(source.id), settings, frame)
            for source in shown
        ),
        latest=tuple(article_row(e, by_id[e.source_id], None, frame) for e in newest),
        facts=(words.count("count-journals", len(sources)), words.count("count-articles", total)),
        groups=tuple(
            Link(
                name=group,
                language=settings.language,
                path=frame.link(f"/groups/{path_name(group)}/"),
            )
            for group in groups_of(sources)
        ),
        feeds=feed_links("all", frame),
        opml=feed_link(words.say("opml"), "text/x-opml", "/opml.xml", frame),
        oai=FeedLink(
            name=words.say("oai"),
            type="text/xml",
            path=f"{frame.path_of('/oai')}?verb=Identify",
            address=frame.address_of("/oai"),
        ),
        previous=frame.link("/", page=number - 1) if number > 1 else None,
        following=frame.link("/", page=number + 1) if number < count else None,
    )


def _by_news(sources: Sequence[Source], statuses: Mapping[str, SourceStatus]) -> list[Source]:
    def newness(source: Source) -> float:
        status = statuses.get(source.id)
        return -status.last_new.timestamp() if status and status.last_new else 0

    return sorted(sources, key=lambda source: (newness(source), source.id))


def _journal_row(
    store: Store, source: Source, status: SourceStatus | None, settings: Settings, frame: Frame
) -> JournalRow:
    entries = store.entries(source.id, limit=SAMPLE)
    count = frame.words.count("count-articles", status.entries if status else 0)
    return JournalRow(
        title=source.title,
        language=source.language,
        path=frame.link(f"/{source.id}/"),
        facts=(*journal_facts(source, frame.words), count),
        notice=notice_view(entries, source, settings, frame.words),
        latest=article_row(entries[0], source, None, frame) if entries else None,
        feeds=feed_links(source.id, frame),
        trouble=trouble_of(status, source, frame.words),
    )

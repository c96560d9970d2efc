"""A part of the archive as a page: a column, an author, a group of journals, a saved search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feeds.channel import ATOM, JSON, MEDIA_TYPES, RSS
from feeds.selected import among
from web.pages.rows import ArticleRow, FeedLink, article_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.store import Store
    from feeds.channel import Channel
    from feeds.selected import Chosen
    from sources.model import Source
    from web.frame import Frame

#: A screen or two, as on a journal's page.
ARTICLES = 30

_NAMES = {RSS: "RSS", ATOM: "Atom", JSON: "JSON"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A name that leads to another page of ours."""

    name: str
    language: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SelectionPage:
    """What was selected: `journal` is set where it is all of one, `journals` are those of a group.
    `query` is what a saved search looks for."""

    title: str
    language: str
    journal: Link | None
    journals: tuple[Link, ...]
    query: str | None
    count: str
    articles: tuple[ArticleRow, ...]
    feeds: tuple[FeedLink, ...]
    previous: str | None
    following: str | None


def selection_page(
    store: Store,
    chosen: Chosen,
    sources: Sequence[Source],
    frame: Frame,
    *,
    title: str,
    members: Sequence[Source] = (),
    query: str | None = None,
    number: int = 1,
) -> SelectionPage:
    """The articles of a selection, so many a page, the newest first."""
    by_id = {source.id: source for source in sources}
    rights = {source.id: source.rights for source in sources}
    selection = among(store, chosen.selection, rights)
    total = store.count(selection, rights=rights)
    turn = Turn.of(total, number)
    found = store.select(
        selection, rights=rights, limit=ARTICLES, offset=(turn.number - 1) * ARTICLES
    )
    source = chosen.channel.source
    return SelectionPage(
        title=title,
        language=source.language if source else frame.language,
        journal=journal_link(source, frame) if source else None,
        journals=tuple(journal_link(member, frame) for member in members),
        query=query,
        count=frame.words.count("count-articles", total),
        articles=tuple(
            article_row(one, by_id[one.source_id], None, frame)
            for one in found
            if one.source_id in by_id
        ),
        feeds=channel_links(chosen.channel, frame),
        previous=turn.previous(frame),
        following=turn.following(frame),
    )


def journal_link(source: Source, frame: Frame) -> Link:
    """To a journal's page."""
    return Link(name=source.title, language=source.language, path=frame.link(f"/{source.id}/"))


def channel_links(channel: Channel, frame: Frame) -> tuple[FeedLink, ...]:
    """The three feeds of a channel."""
    return tuple(
        FeedLink(
            name=name,
            type=MEDIA_TYPES[document],
            path=_path(channel.url(document)),
            address=channel.url(document),
        )
        for document, name in _NAMES.items()
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """Which page of how many."""

    number: int
    pages: int

    @classmethod
    def of(cls, total: int, number: int) -> Turn:
        """The page of this number, or the nearest there is."""
        pages = max(1, -(-total // ARTICLES))
        return cls(number=min(max(number, 1), pages), pages=pages)

    def previous(self, frame: Frame) -> str | None:
        """A link to the page before, if any."""
        return frame.turned(self.number - 1) if self.number > 1 else None

    def following(self, frame: Frame) -> str | None:
        """A link to the page after, if any."""
        return frame.turned(self.number + 1) if self.number < self.pages else None


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")

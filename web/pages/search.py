"""`/search`: what a query finds, with the words marked where they may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.highlight import excerpt_of
from feeds.selected import among, of_search
from foundation.errors import QueryError
from web.notices import class_of
from web.pages.article import carry_of
from web.pages.rows import ArticleRow, FeedLink, article_row
from web.pages.selection import ARTICLES, Turn, channel_links

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.highlight import Part
    from archive.model import ArchivedEntry
    from archive.store import Store
    from feeds.channel import Tags
    from feeds.selected import Chosen
    from foundation.settings import Settings
    from sources.model import Source
    from web.frame import Frame

#: Results that are counted and turned over; whoever wants more asks for less.
MOST = 1_000

#: What narrows a query to articles that anyone may re-publish.
REUSABLE = "notice:reusable"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One result: the article, its title and the best place of its text with the words marked,
    and its class of notice in a word."""

    row: ArticleRow
    title: tuple[Part, ...]
    text: tuple[Part, ...]
    notice_class: str
    notice: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SearchPage:
    """A query and what it finds. `fault` says why it cannot be understood. `reusable` is a link to
    the same query for what may be re-published; None where it asks for a class already."""

    query: str
    fault: str | None
    count: str | None
    results: tuple[Found, ...]
    feeds: tuple[FeedLink, ...]
    reusable: str | None
    previous: str | None
    following: str | None


def search_page(
    store: Store,
    query: str,
    sources: Sequence[Source],
    settings: Settings,
    tags: Tags,
    frame: Frame,
    *,
    number: int = 1,
) -> SearchPage:
    """What a query finds, so many a page; without one the form alone."""
    if not query.strip():
        return _empty(query, None)
    try:
        chosen = of_search(query, sources, settings, tags)
    except QueryError as error:
        return _empty(query, str(error))
    rights = {source.id: source.rights for source in sources}
    selection = among(store, chosen.selection, rights)
    total = store.count(selection, rights=rights, most=MOST)
    turn = Turn.of(total, number)
    found = store.select(
        selection,
        rights=rights,
        limit=ARTICLES,
        offset=(turn.number - 1) * ARTICLES,
        by_relevance=True,
    )
    by_id = {source.id: source for source in sources}
    return SearchPage(
        query=query,
        fault=None,
        count=frame.words.count("count-found-many" if total >= MOST else "count-found", total),
        results=tuple(
            _found(one, by_id[one.source_id], chosen, settings, frame)
            for one in found
            if one.source_id in by_id
        ),
        feeds=channel_links(chosen.channel, frame),
        reusable=None if chosen.selection.notices else frame.search(f"{query} {REUSABLE}"),
        previous=turn.previous(frame),
        following=turn.following(frame),
    )


def _found(
    one: ArchivedEntry, source: Source, chosen: Chosen, settings: Settings, frame: Frame
) -> Found:
    excerpt = excerpt_of(one, chosen.selection.words, carry_of(one, source, settings))
    class_ = class_of(one, source)
    return Found(
        row=article_row(one, source, None, frame),
        title=excerpt.title,
        text=excerpt.text,
        notice_class=class_.value,
        notice=frame.words.notice(class_)[0],
    )


def _empty(query: str, fault: str | None) -> SearchPage:
    return SearchPage(
        query=query,
        fault=fault,
        count=None,
        results=(),
        feeds=(),
        reusable=None,
        previous=None,
        following=None,
    )

"""Archived entries → every document of a feed, by file name. Values in, bytes out.

The same entries, sources, settings and tags give the same bytes, whenever and wherever.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.rights import decide
from feeds.build import build_feeds
from feeds.channel import ALL, ATOM, JSON, RSS, common_channel, journal_channel
from feeds.content import show
from feeds.instant import order_instant
from feeds.isolate import each
from feeds.json_feed import build_json_feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from archive.model import ArchivedEntry
    from feeds.channel import Channel, Tags
    from feeds.content import Shown
    from foundation.settings import Settings
    from sources.model import Source


def journal_documents(
    entries: Iterable[ArchivedEntry], source: Source, settings: Settings, *, tags: Tags
) -> dict[str, bytes]:
    """The feed of one journal in each format."""
    shown = show_entries(entries, {source.id: source}, settings, what=source.id)
    channel = journal_channel(source, shown, settings=settings, tags=tags)
    return _documents(channel, shown)


def common_documents(
    entries: Iterable[ArchivedEntry],
    sources: Iterable[Source],
    settings: Settings,
    *,
    tags: Tags,
) -> dict[str, bytes]:
    """The feed of everything in each format. An entry whose source is not given (its file is
    away, or cannot be read now) waits until it is: without the file we cannot name the journal."""
    by_id = {source.id: source for source in sources}
    known = (archived for archived in entries if archived.source_id in by_id)
    shown = show_entries(known, by_id, settings, what=ALL)
    return _documents(common_channel(shown, settings=settings, tags=tags), shown)


def show_entries(
    entries: Iterable[ArchivedEntry],
    sources: Mapping[str, Source],
    settings: Settings,
    *,
    what: str,
) -> list[Shown]:
    """The entries as rights allow them to be shown, newest first, ties by first sight and id.

    What may not be carried at all (the operator withdrew it) is not among them; no id is twice.
    """

    def decide_and_show(archived: ArchivedEntry) -> Shown | None:
        source = sources[archived.source_id]
        carry = decide(
            archived.entry.notice,
            source_rights=source.rights,
            noncommercial=settings.noncommercial,
            state=archived.state,
        )
        return None if carry.feed == "nothing" else show(archived, source=source, carry=carry)

    once = {archived.id: archived for archived in entries}
    shown = each(once.values(), decide_and_show, what=what)
    return sorted((one for one in shown if one), key=_newness, reverse=True)


def _newness(shown: Shown) -> tuple[object, ...]:
    archived = shown.archived
    return order_instant(archived, zone=shown.source.zone), archived.first_seen, archived.id


def _documents(channel: Channel, shown: Sequence[Shown]) -> dict[str, bytes]:
    feeds = build_feeds(channel, shown)
    return {RSS: feeds.rss, ATOM: feeds.atom, JSON: build_json_feed(channel, shown)}

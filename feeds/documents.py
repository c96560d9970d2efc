"""Archived entries → every document of a feed, by file name. Values in, bytes out.

The same entries, sources, settings and tags give the same bytes, whenever and wherever.
"""

from __future__ import annotations

from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING

from archive.rights import decide
from feeds.build import WrittenEntry, build_closed, build_feeds, write_entry
from feeds.channel import ATOM, JSON, RSS, History, common_channel, journal_channel
from feeds.content import show
from feeds.instant import order_instant
from feeds.isolate import each
from feeds.json_feed import WrittenItem, build_json_feed, write_item
from feeds.memo import Memo

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from archive.model import ArchivedEntry
    from feeds.channel import Channel, Tags
    from feeds.content import Shown
    from foundation.settings import Settings
    from sources.model import Source

# What the service keeps rendered: the feed of everything, which changes with every journal, and
# the journals that changed last. A thousand articles of 8,000 letters, or ten times as many
# summaries.
_REMEMBERED_BYTES = 40_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class _Rendered:
    """An entry in every format, as it stands in one feed."""

    shown: Shown
    xml: WrittenEntry
    json: WrittenItem

    @property
    def size_bytes(self) -> int:
        xml, json = self.xml, self.json
        return sum(map(len, (xml.rss, xml.atom, json.full, json.brief)))


# feedgen formats RFC 822 dates under a process-wide setlocale, and four threads at it left the
# process in another locale.
_ONE_AT_A_TIME = Lock()
_memo: Memo[_Rendered] = Memo(_REMEMBERED_BYTES, weigh=lambda one: one.size_bytes)


def journal_documents(
    entries: Iterable[ArchivedEntry],
    source: Source,
    settings: Settings,
    *,
    tags: Tags,
    previous: str | None = None,
) -> dict[str, bytes]:
    """The feed of one journal in each format. `previous` names the newest closed document of its
    history."""
    channel = journal_channel(source, settings, tags, History(previous=previous))
    return _documents(channel, entries, {source.id: source}, settings)


def closed_document(
    entries: Iterable[ArchivedEntry],
    source: Source,
    settings: Settings,
    *,
    tags: Tags,
    history: History,
) -> bytes:
    """One closed document of a journal's history, in Atom. It is rendered once, so nothing of it
    is remembered."""
    channel = journal_channel(source, settings, tags, history)

    def render(archived: ArchivedEntry) -> _Rendered:
        return _render(archived, source, channel, noncommercial=settings.noncommercial)

    with _ONE_AT_A_TIME:
        made = each(entries, render, what=channel.id)
        rendered = sorted(made, key=_newness, reverse=True)
        return build_closed(
            channel, (one.xml for one in rendered), updated=_newest(rendered, channel)
        )


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
    return _documents(common_channel(settings, tags), known, by_id, settings)


def selected_documents(
    channel: Channel,
    entries: Iterable[ArchivedEntry],
    sources: Iterable[Source],
    settings: Settings,
    *,
    contents: Shown | None = None,
) -> dict[str, bytes]:
    """The feed of what was selected, in each format; `contents` is an entry of our own that stands
    before all others."""
    by_id = {source.id: source for source in sources}
    known = (archived for archived in entries if archived.source_id in by_id)
    return _documents(channel, known, by_id, settings, contents=contents)


def _documents(
    channel: Channel,
    entries: Iterable[ArchivedEntry],
    sources: Mapping[str, Source],
    settings: Settings,
    *,
    contents: Shown | None = None,
) -> dict[str, bytes]:
    """Newest first, ties by first sight and id; no id twice. An entry that cannot be rendered in
    every format is left out of all of them, and named in the log."""

    def render(archived: ArchivedEntry) -> _Rendered:
        source = sources[archived.source_id]
        return _memo.recall(
            (channel.source is None, channel.language, archived.id),
            (archived, source, channel.surroundings, settings.noncommercial),
            lambda: _render(archived, source, channel, noncommercial=settings.noncommercial),
        )

    once = {archived.id: archived for archived in entries}
    with _ONE_AT_A_TIME:
        made = each(once.values(), render, what=channel.folder)
        rendered = sorted(made, key=_newness, reverse=True)
        if contents is not None:
            rendered.insert(0, _write(contents, channel))
        updated = _newest(rendered, channel)
        rss, atom = build_feeds(channel, (one.xml for one in rendered), updated=updated)
    json = build_json_feed(channel, [one.json for one in rendered])
    return {RSS: rss, ATOM: atom, JSON: json}


def _render(
    archived: ArchivedEntry, source: Source, channel: Channel, *, noncommercial: bool
) -> _Rendered:
    carry = decide(
        archived.entry.notice,
        source_rights=source.rights,
        noncommercial=noncommercial,
        state=archived.state,
    )
    return _write(show(archived, source=source, carry=carry), channel)


def _write(shown: Shown, channel: Channel) -> _Rendered:
    return _Rendered(shown=shown, xml=write_entry(shown, channel), json=write_item(shown, channel))


def _newest(rendered: Sequence[_Rendered], channel: Channel) -> datetime:
    return max((one.shown.updated for one in rendered), default=channel.tags.beginning)


def _newness(one: _Rendered) -> tuple[datetime, datetime, str]:
    archived = one.shown.archived
    instant = order_instant(archived, zone=one.shown.source.zone)
    return instant, archived.first_seen, archived.id

"""RSS 2.0 and Atom through feedgen. Takes values, gives bytes; no clock, no store, no files.

What feedgen cannot say stands in journal.py. feedgen has no types: its `Any` stays in here.
The traps that it sets are kept shut by tests/feeds/test_traps.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator

from feeds.journal import JournalEntry, JournalFeed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from lxml.etree import _Element

    from feeds.channel import Channel
    from feeds.content import Shown

GENERATOR = "Kanliu 刊流"
_EXTENSION = "journal"


@dataclass(frozen=True, kw_only=True, slots=True)
class WrittenEntry:
    """An entry already rendered, in the place where feedgen expects one of its own: what raises
    then costs this entry and not the feed, which feedgen would render only as a whole."""

    rss: _Element
    atom: _Element

    def rss_entry(self) -> _Element:
        """The item; it moves into the tree that asks for it."""
        return self.rss

    def atom_entry(self) -> _Element:
        """The same for Atom."""
        return self.atom

    def register_extension(self, *_: object) -> None:
        """Its extension has spoken."""


def write_entry(shown: Shown, channel: Channel) -> WrittenEntry:
    """One entry in both formats, as it stands in this feed."""
    entry = FeedEntry()
    entry.register_extension(_EXTENSION, JournalEntry)
    entry.journal.shown, entry.journal.channel = shown, channel
    entry.id(shown.id)
    entry.title(shown.title)
    entry.updated(shown.updated)
    if shown.published:
        entry.published(shown.published)
    entry.link({"href": shown.url, "rel": "alternate"})
    # Without an e-mail these reach Atom only, which is where they belong (journal.py).
    entry.author([{"name": name} for name in shown.entry.authors])
    entry.summary(shown.summary_html, type="html")
    if shown.content is not None:
        entry.content(shown.content, type="html")
    if shown.rights:
        entry.rights(shown.rights)
    if shown.entry.column:
        entry.category({"term": shown.entry.column})
    return WrittenEntry(rss=entry.rss_entry(), atom=entry.atom_entry())


def build_feeds(
    channel: Channel, entries: Iterable[WrittenEntry], *, updated: datetime
) -> tuple[bytes, bytes]:
    """RSS and Atom, entries in the order given. The same values give the same bytes."""
    feed = _feed(channel)
    # Else the output would hold the instant of rendering.
    feed.updated(updated)
    for entry in entries:
        # feedgen prepends unless told.
        feed.add_entry(entry, order="append")
    return _end(feed.rss_str(pretty=True)), _end(feed.atom_str(pretty=True))


def _feed(channel: Channel) -> Any:
    feed = FeedGenerator()
    feed.register_extension(_EXTENSION, JournalFeed, JournalEntry)
    feed.journal.channel = channel
    feed.id(channel.id)
    feed.title(channel.title)
    feed.description(channel.description)
    feed.language(channel.language)
    feed.author({"name": channel.title})
    feed.generator(GENERATOR)
    if channel.ttl_minutes:
        feed.ttl(channel.ttl_minutes)
    # The only link given to feedgen: RSS takes the last one, whatever its rel.
    feed.link({"href": channel.home, "rel": "alternate", "type": "text/html"})
    return feed


def _end(document: bytes) -> bytes:
    return document.rstrip() + b"\n"

"""RSS 2.0 and Atom through feedgen. Takes values, gives bytes; no clock, no store, no files.

What feedgen cannot say stands in journal.py. feedgen has no types: its `Any` stays in here.
The traps that it sets are kept shut by tests/feeds/test_traps.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml.etree import Element, indent, tostring

from feeds.journal import NAMESPACES, JournalEntry, JournalFeed, tombstone

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
    """An entry as it stands in both documents of a feed, ready to be set between the others: what
    did not change is written once, and what raises costs this entry and not the feed, which
    feedgen would write only as a whole."""

    rss: bytes
    atom: bytes
    tombstone: bytes = b""


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
    for tag in shown.tags:
        entry.category({"term": tag})
    grave = tombstone(shown)
    return WrittenEntry(
        rss=_cut(entry.rss_entry(), depth=2, declared=_IN_RSS),
        atom=_cut(entry.atom_entry(), depth=1, declared=_IN_ATOM),
        tombstone=b"" if grave is None else _cut(grave, depth=1, declared=_IN_ATOM),
    )


def build_feeds(
    channel: Channel, entries: Iterable[WrittenEntry], *, updated: datetime
) -> tuple[bytes, bytes]:
    """RSS and Atom, entries in the order given. The same values give the same bytes."""
    feed = _feed(channel)
    # Else the output would hold the instant of rendering.
    feed.updated(updated)
    written = list(entries)
    rss = [entry.rss for entry in written]
    return _set(feed.rss_str(pretty=True), b"  </channel>\n", rss), _atom(feed, written)


def build_closed(channel: Channel, entries: Iterable[WrittenEntry], *, updated: datetime) -> bytes:
    """A closed document of history, in Atom alone."""
    feed = _feed(channel)
    feed.updated(updated)
    return _atom(feed, list(entries))


def _atom(feed: Any, written: list[WrittenEntry]) -> bytes:
    graves = [entry.tombstone for entry in written if entry.tombstone]
    entries = [entry.atom for entry in written]
    return _set(feed.atom_str(pretty=True), b"</feed>\n", [*entries, *graves])


# The prefixes that feedgen declares at the root of each document, with journal.py's.
_IN_ATOM = JournalFeed().extend_ns()
_IN_RSS = {**_IN_ATOM, "atom": NAMESPACES["atom"], "content": NAMESPACES["content"]}


def _cut(element: _Element, *, depth: int, declared: dict[str, str]) -> bytes:
    """An element as it is written `depth` levels below a root that declares these prefixes."""
    root = Element("root", nsmap=declared)
    root.append(element)
    indent(root, level=depth - 1)
    document: bytes = tostring(root, encoding="UTF-8")
    return document[document.index(b">") + 1 : document.rindex(b"<")].strip()


def _set(frame: bytes, before: bytes, entries: list[bytes]) -> bytes:
    """The entries in a document without any, before what closes it."""
    head, end, rest = frame.rpartition(before)
    space = before[: len(before) - len(before.lstrip())] + b"  "
    lines = (space + entry + b"\n" for entry in entries)
    return b"".join((head, *lines, end, rest)).rstrip() + b"\n"


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

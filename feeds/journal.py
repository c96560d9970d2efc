"""The feedgen extension: what a journal's feed says beyond plain RSS and Atom.

PRISM and Dublin Core, links with rel, type and length, licence, language, media, the rhythm
(sy:*), the place in a history (RFC 5005), hubs (WebSub), tombstones (RFC 6721), and the source of
an entry in a feed of several journals. feedgen calls `extend_rss` and `extend_atom` on the
finished tree; its Atom tree carries no namespace in memory, so Atom's own elements have bare names
here. Values come from content and channel; nothing is decided.
"""

from __future__ import annotations

import re
from datetime import UTC
from functools import cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml.etree import Element, SubElement

from archive.model import EntryState, Precision
from feeds.channel import ATOM, MEDIA_TYPES, RSS, copies_url, feed_url, homepage, publisher
from feeds.content import percent_encode

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from typing import TypeAlias

    from lxml.etree import _Element

    from archive.model import PrintedDate
    from feeds.channel import Channel
    from feeds.content import Shown

    Named: TypeAlias = Iterator[tuple[str, str | None]]

NAMESPACES = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "prism": "http://prismstandard.org/namespaces/basic/2.0/",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "media": "http://search.yahoo.com/mrss/",
    "cc": "http://web.resource.org/cc/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
}
_DECLARED = ("dc", "prism", "sy", "media", "cc", "rdf", "fh", "at")
_ATOM_TYPE = MEDIA_TYPES[ATOM]
_HTML = "text/html"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_PAGES = re.compile(r"\s*(\w+)\s*(?:[-‐‑–—~～－]+\s*(\w+)\s*)?")
# Of these the printed value is a date as W3C writes it; a quarter and an issue are not.
_W3C_DATES = {
    *(Precision.SECOND, Precision.MINUTE, Precision.DAY),
    *(Precision.MONTH, Precision.YEAR),
}
# What a picture's address ends with says what it is; its size we never asked for.
_IMAGE_TYPES = {
    **dict.fromkeys(("jpg", "jpeg", "jfif"), "image/jpeg"),
    **{name: f"image/{name}" for name in ("png", "gif", "webp", "avif", "bmp")},
    "svg": "image/svg+xml",
}
_BELOW_A_DAY = {Precision.MONTH, Precision.QUARTER, Precision.YEAR, Precision.ISSUE}


class JournalFeed:
    """The feed's half. feedgen makes it without arguments; build sets `channel`."""

    channel: Channel

    def extend_ns(self) -> dict[str, str]:
        """The prefixes that the feed's root declares."""
        return {name: NAMESPACES[name] for name in _DECLARED}

    def extend_rss(self, rss: _Element) -> None:
        """The channel's own elements: they precede its items."""
        channel, tree = self.channel, rss[0]
        _link(tree, "atom:link", channel.url(RSS), rel="self", type=MEDIA_TYPES[RSS])
        for hub in channel.hubs:
            _link(tree, "atom:link", hub, rel="hub")
        if channel.previous_url:
            # History is Atom's; a reader that walks it reads both.
            _link(tree, "atom:link", channel.previous_url, rel="prev-archive", type=_ATOM_TYPE)
        _write(tree, _journal(channel))
        if channel.frequency:
            # feedgen's own extension writes sy:UpdatePeriod, which is no element of that module.
            period, times = channel.frequency
            _write(tree, iter((("sy:updatePeriod", period), ("sy:updateFrequency", str(times)))))

    def extend_atom(self, feed: _Element) -> None:
        """The same for Atom, whose links are its own."""
        channel = self.channel
        _link(feed, "link", channel.atom_url, rel="self", type=_ATOM_TYPE)
        for hub in channel.hubs:
            _link(feed, "link", hub, rel="hub")
        if channel.history.closed:
            _link(feed, "link", channel.url(ATOM), rel="current", type=_ATOM_TYPE)
        if channel.previous_url:
            _link(feed, "link", channel.previous_url, rel="prev-archive", type=_ATOM_TYPE)
        _write(feed, _journal(channel))
        if channel.history.closed:
            _sub(feed, "fh:archive")


class JournalEntry:
    """The entry's half: `shown` is what to say, `channel` where it will stand."""

    shown: Shown
    channel: Channel

    def extend_ns(self) -> dict[str, str]:
        """Nothing: the root has them all."""
        return {}

    def extend_rss(self, item: _Element) -> None:
        """RSS has authors by e-mail only, so names are dc:creator; rights and licence by module."""
        shown = self.shown
        _write(item, (("dc:creator", name) for name in shown.entry.authors))
        _write(item, iter((("dc:rights", shown.rights),)))
        if shown.published is None:
            # Beside pubDate it would say the same thing twice.
            _write(item, iter((("dc:date", _w3c_date(shown.entry.published)),)))
        if shown.language != self.channel.language:
            _write(item, iter((("dc:language", shown.language),)))
        if shown.license_url:
            _sub(item, "cc:license").set(_name("rdf:resource"), shown.license_url)
        _write(item, _article(shown))
        _media(item, shown)
        if shown.has_files and shown.entry.enclosures:
            first = shown.entry.enclosures[0]
            length = str(first.size_bytes or 0)
            url = percent_encode(first.url)
            _sub(item, "enclosure", url=url, length=length, type=first.type)
        if shown.has_copies:
            for rel, url, kind in self._copies():
                _link(item, "atom:link", url, rel=rel, **kind)
        if self.channel.source is None:
            url = feed_url(self.channel.public_url, shown.source.id, RSS)
            _sub(item, "source", url=url).text = shown.source.title

    def extend_atom(self, entry: _Element) -> None:
        """Atom's links anew, since feedgen loses all but their href, and the content last: a
        reader that shows the first text it meets then shows the summary."""
        shown = self.shown
        if shown.language != self.channel.language:
            entry.set(_XML_LANG, shown.language)
        for link in entry.findall("link"):
            entry.remove(link)
        self._links(entry)
        _write(entry, _article(shown))
        _media(entry, shown)
        if shown.published is None:
            # Ahead of `updated`: feedparser takes the later of the two for it.
            _write(entry, iter((("dc:date", _w3c_date(shown.entry.published)),)), at=0)
        if self.channel.source is None:
            self._source(entry)
        content = entry.find("content")
        if content is not None:
            entry.append(content)

    def _links(self, entry: _Element) -> None:
        shown = self.shown
        _link(entry, "link", shown.url, rel="alternate", type=shown.url_type)
        if shown.origin_url:
            _link(entry, "link", shown.origin_url, rel="via", type=_HTML)
        if shown.license_url:
            _link(entry, "link", shown.license_url, rel="license", type=_HTML)
        for file in shown.entry.enclosures if shown.has_files else ():
            link = _link(entry, "link", percent_encode(file.url), rel="enclosure", type=file.type)
            if file.size_bytes is not None:
                link.set("length", str(file.size_bytes))
            if file.title:
                link.set("title", file.title)
        for rel, url, kind in self._copies() if shown.has_copies else ():
            _link(entry, "link", url, rel=rel, **kind)

    def _copies(self) -> Iterator[tuple[str, str, dict[str, str]]]:
        """Links to the kept copies (RFC 7089 section 2.2): rel, address, type."""
        timemap, timegate = copies_url(self.channel.public_url, self.shown.id)
        yield "timemap", timemap, {"type": "application/link-format"}
        yield "timegate", timegate, {}

    def _source(self, entry: _Element) -> None:
        """atom:source. Its `updated` is the entry's: the feed's own would change this entry
        whenever another one of that journal changes."""
        source, public_url = self.shown.source, self.channel.public_url
        tree = _sub(entry, "source")
        _sub(tree, "id").text = self.channel.tags.feed_id(source.id)
        _sub(tree, "title").text = source.title
        _sub(tree, "updated").text = self.shown.updated.isoformat()
        _link(tree, "link", feed_url(public_url, source.id, ATOM), rel="self", type=_ATOM_TYPE)
        _link(tree, "link", homepage(source), rel="alternate", type=_HTML)


def tombstone(shown: Shown) -> _Element | None:
    """at:deleted-entry (RFC 6721), for what is not to be read any more. Readers were seen to
    overlook it (FEEDS.md), so the entry itself says the same."""
    state, since = shown.archived.state, shown.archived.state_since
    if state not in (EntryState.RETRACTED, EntryState.WITHDRAWN) or since is None:
        return None
    return deleted_entry(shown.id, since, comment=shown.title)


def deleted_entry(entry_id: str, when: datetime, *, comment: str) -> _Element:
    """The element itself: which entry is gone, since when, and why (RFC 6721 section 3)."""
    element = Element(
        _name("at:deleted-entry"), ref=entry_id, when=when.astimezone(UTC).isoformat()
    )
    _sub(element, "at:comment").text = comment
    return element


def _journal(channel: Channel) -> Named:
    source = channel.source
    if source is None:
        return
    yield "dc:publisher", publisher(source)
    yield "prism:publicationName", source.title
    yield "prism:issn", source.masthead.issn
    yield "prism:eIssn", source.masthead.eissn


def _article(shown: Shown) -> Named:
    """What every item of a scholarly feed says; absent where unknown, never empty."""
    entry, source = shown.entry, shown.source
    start, end, pages = _page_range(entry.pages)
    printed = entry.published
    yield "prism:publicationName", entry.journal or source.title
    yield "prism:issn", entry.issn or source.masthead.issn
    yield "prism:eIssn", source.masthead.eissn
    yield "prism:volume", entry.volume
    yield "prism:number", entry.number
    yield "prism:startingPage", start
    yield "prism:endingPage", end
    yield "prism:pageRange", pages
    yield "prism:publicationDate", _w3c_date(printed)
    if printed and printed.precision in _BELOW_A_DAY:
        yield "prism:coverDisplayDate", printed.raw
    yield "prism:doi", entry.doi
    yield "dc:identifier", f"doi:{entry.doi}" if entry.doi else None


def _media(tree: _Element, shown: Shown) -> None:
    """The picture goes with the text: it is as little ours to pass on."""
    if shown.content is not None and shown.entry.image:
        url = percent_encode(shown.entry.image)
        picture = _sub(tree, "media:content", url=url, medium="image")
        if type_ := _IMAGE_TYPES.get(urlsplit(url).path.rpartition(".")[2].casefold()):
            picture.set("type", type_)


def _w3c_date(printed: PrintedDate | None) -> str | None:
    if printed is None or printed.value is None or printed.value.startswith("--"):
        return None
    return printed.value if printed.precision in _W3C_DATES else None


def _page_range(pages: str | None) -> tuple[str | None, str | None, str | None]:
    """First and last page; what is no such range (`12-15, 30`) stays whole."""
    if not pages:
        return None, None, None
    match = _PAGES.fullmatch(pages)
    return (match[1], match[2], None) if match else (None, None, pages)


@cache
def _name(name: str) -> str:
    prefix, _, local = name.rpartition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}" if prefix else local


def _sub(parent: _Element, name: str, /, **attributes: str) -> _Element:
    return SubElement(parent, _name(name), attributes)


def _link(parent: _Element, name: str, href: str, /, **attributes: str) -> _Element:
    return _sub(parent, name, href=href, **attributes)


def _write(parent: _Element, named: Named, *, at: int | None = None) -> None:
    """One element for each value that is known."""
    for name, value in named:
        if value:
            element = _sub(parent, name)
            element.text = value
            if at is not None:
                parent.insert(at, element)

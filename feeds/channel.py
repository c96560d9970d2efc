"""A feed as a whole: its identity, addresses, title and rhythm. Pure; knows no entries.

A channel is about one journal, or about several (the feed of everything): then each entry says
which journal it comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from feeds.content import percent_encode
from feeds.words import words

if TYPE_CHECKING:
    from foundation.settings import Settings
    from sources.model import Source

RSS, ATOM, JSON, OPML = "rss.xml", "atom.xml", "feed.json", "opml.xml"
ALL = "all"
ARCHIVE = "archive"
MEDIA_TYPES = {
    RSS: "application/rss+xml",
    ATOM: "application/atom+xml",
    JSON: "application/feed+json",
    OPML: "text/x-opml",
}

# How the address of a search ends, by the document that it gives.
_SUFFIXES = {RSS: "rss", ATOM: "atom", JSON: "json"}

# What the RSS syndication module can say, from short to long.
_PERIODS = (
    ("hourly", timedelta(hours=1)),
    ("daily", timedelta(days=1)),
    ("weekly", timedelta(days=7)),
    ("monthly", timedelta(days=30)),
    ("yearly", timedelta(days=365)),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tags:
    """What all tag URIs (RFC 4151) of an archive begin with, settled when it was begun: a name
    and the day. A feed's id outlives every change of address by it, as its entries' do."""

    authority: str
    minted: str

    def feed_id(self, folder: str) -> str:
        """The id of the feed in a folder."""
        return f"tag:{self.authority},{self.minted}:{quote(folder)}"

    @property
    def beginning(self) -> datetime:
        """What a feed without entries says it was updated at. Atom wants an instant, and no
        clock may give it."""
        return datetime.fromisoformat(self.minted).replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class History:
    """A document's place in the history of its feed (RFC 5005 section 4), by the names of closed
    documents: its own, None for the head, and the newest one before it."""

    closed: str | None = None
    previous: str | None = None


HEAD = History()


@dataclass(frozen=True, kw_only=True, slots=True)
class Channel:
    """What every format says about a feed before its first entry, and all that an entry needs to
    know of the feed it stands in.

    `folder` is its place below the public address; what a search finds has a `query` in its
    place. `source` is None in a feed of several journals. `every` is how often its source is
    visited, None where that varies. `hubs` tell subscribers of changes (WebSub): of files that are
    published, and of no closed document, since it does not change.
    """

    folder: str
    public_url: str
    tags: Tags
    title: str
    home: str
    description: str
    language: str
    source: Source | None = None
    every: timedelta | None = None
    history: History = HEAD
    hubs: tuple[str, ...] = ()
    query: str | None = None

    @property
    def id(self) -> str:
        """Its tag URI; a closed document has one of its own."""
        closed = self.history.closed
        part = f"{ARCHIVE}/{closed}" if closed else self.query
        return self.tags.feed_id(self.folder if part is None else f"{self.folder}/{part}")

    def url(self, name: str) -> str:
        """The public address of one of its documents."""
        if self.query is not None:
            found = f"{self.folder}.{_SUFFIXES[name]}?{urlencode({'q': self.query})}"
            return f"{self.public_url.rstrip('/')}/{found}"
        return feed_url(self.public_url, self.folder, name)

    @property
    def surroundings(self) -> tuple[object, ...]:
        """All that an entry looks at of the feed that it stands in."""
        return self.public_url, self.tags, self.language, self.source

    @property
    def atom_url(self) -> str:
        """The public address of the Atom document itself."""
        closed = self.history.closed
        return self.closed_url(closed) if closed else self.url(ATOM)

    @property
    def previous_url(self) -> str | None:
        """Where what came before begins."""
        previous = self.history.previous
        return self.closed_url(previous) if previous else None

    def closed_url(self, name: str) -> str:
        """The public address of a closed document of its history."""
        return self.url(closed_path(name))

    @property
    def ttl_minutes(self) -> int | None:
        """How long a reader may wait before it asks again."""
        return max(1, round(self.every / timedelta(minutes=1))) if self.every else None

    @property
    def frequency(self) -> tuple[str, int] | None:
        """`every` as the syndication module counts: how many times in which period. The shortest
        period that says it exactly, or else most nearly: three days are ten times a month."""
        every = self.every
        if every is None:
            return None
        fitting = [one for one in _PERIODS if every <= one[1]] or [_PERIODS[-1]]
        counted = [(period, length, max(1, round(length / every))) for period, length in fitting]
        period, _, times = min(counted, key=lambda one: abs(one[1] / one[2] - every))
        return period, times


def feed_url(public_url: str, folder: str, name: str) -> str:
    """Where a document is served; the published tree has the same paths."""
    return f"{public_url.rstrip('/')}/{quote(folder)}/{name}"


def copies_url(public_url: str, entry_id: str) -> tuple[str, str]:
    """Where the kept copies of an entry are listed, and what leads to that of an instant: TimeMap
    and TimeGate (RFC 7089). The web server gives the same paths (web/copies.py)."""
    page = f"{public_url.rstrip('/')}/{entry_id.rpartition(':')[2]}"
    return f"{page}/timemap", f"{page}/timegate"


def closed_path(name: str) -> str:
    """Where below its feed's folder a closed document is."""
    return f"{ARCHIVE}/{name}.atom"


def journal_channel(
    source: Source, settings: Settings, tags: Tags, history: History = HEAD
) -> Channel:
    """The feed of one journal, under the journal's bare name."""
    return Channel(
        folder=source.id,
        public_url=settings.public_url,
        tags=tags,
        title=source.title,
        home=homepage(source),
        description=_describe(source),
        language=source.language,
        source=source,
        every=source.schedule.every,
        history=history,
        hubs=() if history.closed else hubs_of(settings),
    )


def common_channel(settings: Settings, tags: Tags) -> Channel:
    """The feed of everything."""
    say = words(settings.language)
    return Channel(
        folder=ALL,
        public_url=settings.public_url,
        tags=tags,
        title=say.all_journals,
        home=f"{settings.public_url.rstrip('/')}/",
        description=say.feeds_of_all,
        language=settings.language,
        hubs=hubs_of(settings),
    )


def hubs_of(settings: Settings) -> tuple[str, ...]:
    """The hubs that our feeds name: our own first, if we are one."""
    own = (own_hub(settings),) if settings.hub else ()
    return tuple(dict.fromkeys((*own, *settings.hubs)))


def own_hub(settings: Settings) -> str:
    """Where our own hub is, if we are one."""
    return f"{settings.public_url.rstrip('/')}/hub"


def homepage(source: Source) -> str:
    """The journal's own page: as its file says, else the first page that we watch."""
    return percent_encode(source.homepage or source.lists[0])


def publisher(source: Source) -> str | None:
    """Who brings the journal out: 主办单位, else its publishing house."""
    return source.masthead.sponsor or source.masthead.publisher


def _describe(source: Source) -> str:
    masthead = source.masthead
    sponsor = masthead.sponsor and words(source.language).sponsored_by.format(masthead.sponsor)
    issn = masthead.issn and f"ISSN {masthead.issn}"
    cn = masthead.cn and f"CN {masthead.cn}"
    return " · ".join(part for part in (source.title, sponsor, masthead.period, issn, cn) if part)

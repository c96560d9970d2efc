"""The vocabulary that the rooms share. Values only: no I/O, no decisions.

Instants are aware datetimes in UTC unless a field says otherwise. `None` means unknown;
an empty string never does. What a page said stands beside what we made of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime, timedelta

    from archive.exchange import Capture
    from archive.likeness import Elsewhere


class Outcome(StrEnum):
    """How a poll ended. A closed list; docs/outcomes.md says what each asks of a person."""

    NEW = "new"
    UNCHANGED = "unchanged"
    PARTIAL = "partial"
    EMPTY = "empty"
    CHANGED = "changed"
    BLOCKED = "blocked"
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    GONE = "gone"

    @property
    def is_good(self) -> bool:
        """Whether the source answered as a followed journal should."""
        return self in (Outcome.NEW, Outcome.UNCHANGED, Outcome.PARTIAL)


class Precision(StrEnum):
    """How exactly a date was printed."""

    SECOND = "second"
    MINUTE = "minute"
    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"
    ISSUE = "issue"
    NONE = "none"


class NoticeClass(StrEnum):
    """What a reprint notice lets others do (READING.md §5)."""

    OPEN_LICENSE = "open-license"
    FREE = "free"
    FREE_ATTRIBUTION = "free-attribution"
    NC_ATTRIBUTION = "nc-attribution"
    PERMISSION = "permission"
    FORBIDDEN = "forbidden"
    RESERVED = "reserved"
    THIRD_PARTY = "third-party"
    NONE = "none"


class EntryState(StrEnum):
    """What became of an entry. Retraction is the journal's word, vanishing is what we saw,
    withdrawal is the operator's take-down."""

    LIVE = "live"
    RETRACTED = "retracted"
    VANISHED = "vanished"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A string as printed, and where: `meta[name=citation_title]`, `h1`, `list`, `url`."""

    text: str
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class PrintedDate:
    """A date as far as the page gave it.

    `value` is ISO 8601 cut to the precision: `2021`, `2021-04`, `2021-02-27`,
    `2021-02-27T08:05+08:00`; `--02-27` where the year was not printed and no visit was given;
    None when it is not a date (an issue, a refusal). `zone` is `given` when the page printed an
    offset, `assumed` when the source's zone was used, None where no time of day is involved.
    """

    raw: str
    value: str | None
    precision: Precision
    zone: str | None = None
    year_missing: bool = False
    issue: str | None = None
    reason: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The first publisher of a reprinted page, as far as the page names it."""

    name: str | None = None
    url: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ReprintNotice:
    """转载声明: the words verbatim, and what they permit.

    `obligations` come from the closed list of READING.md §5, `kinds` say what the article is
    (original, reprint, compiled, translation, …). `where` is the place on the page, `rule` the
    rule that decided, both for the person who doubts it.
    """

    class_: NoticeClass
    text: str
    obligations: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    license: str | None = None
    license_url: str | None = None
    origin: Origin | None = None
    holder: str | None = None
    contact: str | None = None
    where: str = ""
    rule: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Enclosure:
    """A file that belongs to an article, with absolute address."""

    url: str
    type: str
    size_bytes: int | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListedLink:
    """One row of a list page, as printed; `url` is absolute, `issue` what the row prints of
    volume, number and pages: `2026, 45(1): 1-18`."""

    url: str
    title: str | None = None
    published: str | None = None
    issue: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class RawEntry:
    """Strings as printed on one article page, best candidate first, each with its place.

    Made by crawler.reading, read by crawler.normalise, kept beside the values for good.
    `text` and `html` are the body: plain text by paragraphs (newline between them), and clean
    HTML with absolute addresses. `notices` are sentences that may be notices, nearest to the
    article first.
    """

    url: str | None
    canonical_url: Found | None = None
    titles: tuple[Found, ...] = ()
    published: tuple[Found, ...] = ()
    updated: tuple[Found, ...] = ()
    authors: tuple[Found, ...] = ()
    keywords: tuple[Found, ...] = ()
    notices: tuple[Found, ...] = ()
    origin: Found | None = None
    origin_url: Found | None = None
    text: str | None = None
    html: str | None = None
    body_where: str | None = None
    summary: Found | None = None
    language: Found | None = None
    charset: Found | None = None
    doi: Found | None = None
    issn: Found | None = None
    cn: Found | None = None
    journal: Found | None = None
    site: tuple[Found, ...] = ()
    volume: Found | None = None
    number: Found | None = None
    pages: Found | None = None
    column: Found | None = None
    license: Found | None = None
    image: Found | None = None
    enclosures: tuple[Enclosure, ...] = ()
    masthead: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """条目: an article with normalised title, date and notice. No identity yet: that is the
    archive's to mint. `found` says for each field where it was found. `url` is the address as
    visited, `canonical_url` the one that identity goes by."""

    url: str
    canonical_url: str
    title: str | None
    title_raw: str | None
    published: PrintedDate | None
    updated: PrintedDate | None = None
    authors: tuple[str, ...] = ()
    notice: ReprintNotice | None = None
    notices: tuple[ReprintNotice, ...] = ()
    summary: str | None = None
    text: str | None = None
    html: str | None = None
    language: str | None = None
    doi: str | None = None
    issn: str | None = None
    cn: str | None = None
    journal: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    column: str | None = None
    keywords: tuple[str, ...] = ()
    image: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    is_retracted: bool = False
    found: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class ArchivedEntry:
    """An entry as the archive holds it now: the newest revision and what surrounds it.

    `id` is a tag URI (RFC 4151), minted once. `changed` is the instant of the newest revision
    (what Atom calls updated), `first_seen` the instant of the first. `issn` and the like of the
    journal are the source's matter. `also_in` are the other sources that have the article.
    """

    id: str
    source_id: str
    entry: Entry
    revision: int
    first_seen: datetime
    changed: datetime
    state: EntryState = EntryState.LIVE
    state_since: datetime | None = None
    also_in: tuple[Elsewhere, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """An entry as it stood after a change; the first is revision 1."""

    entry_id: str
    number: int
    seen: datetime
    digest: str
    entry: Entry
    raw: RawEntry | None = None
    capture_id: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListState:
    """What the last walk left of one list page, for the next conditional request.

    `body_digest` is of the decoded bytes, `links_digest` of the set of (link, title, date).
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    links_digest: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class KnownLink:
    """An article page that the archive knows for a source: as printed on the list then.

    `url` is the address to ask for again. `missing` is when it was first answered with 404.
    """

    url: str
    entry_id: str
    title: str | None
    published: str | None
    first_seen: datetime
    last_asked: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_digest: str | None = None
    missing: datetime | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Miss:
    """An article address that could not be had: how often in a row, the last reason, and when
    to try again, so that a dead link on a list is not asked for at each poll."""

    url: str
    tries: int
    reason: str
    retry_at: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceMemory:
    """What the archive knows about a source before a poll.

    `walked` is when a walk last was whole: what was first seen before then is known ground, what
    was seen since may have unseen articles behind it. None: never yet. `known` and `misses` go by
    canonical address. An article that was seen under several addresses is one KnownLink under
    several keys.
    """

    source_id: str
    lists: Mapping[str, ListState]
    known: Mapping[str, KnownLink]
    walked: datetime | None
    misses: Mapping[str, Miss] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Requisite:
    """A file that a page cannot be shown without; a style sheet names others in turn."""

    url: str
    is_sheet: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sighting:
    """One article page as a poll saw it, ready to be kept: captured, read and normalised.

    `asked` is the canonical form of the address that was asked for, where a redirect led on: the
    address by which the next list page will be compared. `requisites` are what the page needs to
    be shown, none where nobody is to ask for them.
    """

    source_id: str
    seen: datetime
    listed: ListedLink | None
    raw: RawEntry
    entry: Entry
    capture: Capture
    body_digest: str
    etag: str | None = None
    last_modified: str | None = None
    asked: str | None = None
    requisites: tuple[Requisite, ...] = ()


class Kept(StrEnum):
    """What the archive made of a sighting."""

    NEW = "new"
    REVISED = "revised"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptEntry:
    """A sighting's entry: its id, the revision it has now, and what the sighting was to it."""

    kept: Kept
    entry_id: str
    revision: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Poll:
    """One visit to one source, as it ended. `reason` is a sentence for log and operator."""

    source_id: str
    started: datetime
    ended: datetime
    outcome: Outcome
    reason: str
    new: int = 0
    revised: int = 0
    vanished: int = 0
    skipped: int = 0
    requests: int = 0
    retry_after: timedelta | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PollEnd:
    """What is written down when a poll ends: the poll, when to come again, and what to remember.

    `lists` replaces the states of these list pages; `walked` is the end of a
    walk that was whole; None leaves what was.
    """

    poll: Poll
    due: datetime
    failures: int
    lists: tuple[ListState, ...] = ()
    walked: datetime | None = None
    misses: tuple[Miss, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class ChangedSource:
    """A source whose feeds are behind the archive; `change` is the count they would show."""

    source_id: str
    change: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """Something that happened to a source or an entry and must be told later. Append-only."""

    at: datetime
    kind: str
    source_id: str | None = None
    entry_id: str | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceStatus:
    """How a source stands: for `kanliu status` and the pages. `due` is None while it is not polled:
    paused, retired (`why` has the operator's words), or without a file (`is_present`)."""

    source_id: str
    host: str
    due: datetime | None = None
    entries: int = 0
    failures: int = 0
    paused: bool = False
    retired: datetime | None = None
    last_poll: Poll | None = None
    last_new: datetime | None = None
    is_present: bool = True
    why: str | None = None

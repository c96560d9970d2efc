"""What the pages of one source have in common: the first ones are read the thorough way, and where
they agree (the part of the page that counts, the body in it, the places of title and date) later
ones are read there and nowhere else, for a third of the cost.

A profile is taken only if it reads the pages that it was learned from exactly as the thorough way
did. Each later page is checked, and read thoroughly where the check fails; whether the journal has
been redesigned then, crawler.redesign decides. Never fetches, keeps nothing.
"""

from __future__ import annotations

import re
from collections import deque
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - archive.coding reads the types of Profile
from typing import TYPE_CHECKING

from crawler.normalise.entry import normalise_entry
from crawler.reading.document import letters, read_document
from crawler.reading.frame import Shape, find_frame, shape_of
from crawler.reading.page import read_parsed
from crawler.reading.parts import join_parts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archive.model import Entry, ListedLink, RawEntry
    from crawler.reading.document import Document
    from crawler.reading.page import PageRead
    from sources.model import Source

#: Bumped when a profile of before would be read otherwise now; such a one is learned anew.
VERSION = 2
#: So many pages must agree. Three is what separates a suffix of the site from a chance
#: (READING.md §3), and what nearly every first visit brings.
ENOUGH = 3
#: As many are looked at again when the last ones did not agree.
MOST = 6
#: So many pages in a row that do not fit make a redesign, and not an odd page.
REDESIGNED = 3
_NUMBERED = re.compile(r"#\S*\d\S*")
#: What is said of a page that has none of the places of a profile.
OTHER_LAYOUT = "the page has another layout"
#: A text shorter than this share of the shortest one seen was cut in the wrong place.
SHORTEST_SHARE = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Profile:
    """What is known of a source's article pages. `shape` is where things stand, `titles` and
    `dates` the places (Entry.found) at which they were found; none of `dates` means that these
    pages print none. `letters` are those of the shortest text. `since` is when the pages had been
    given this layout, None for the first one."""

    shape: Shape
    titles: tuple[str, ...]
    dates: tuple[str, ...] = ()
    has_authors: bool = False
    has_notice: bool = False
    letters: int = 0
    pages: int = 0
    since: datetime | None = None
    version: int = VERSION


@dataclass(frozen=True, kw_only=True, slots=True)
class PageIn:
    """One page to be read, and what is known around it. `more` are the further pages of an
    article that is cut into several."""

    body: bytes
    url: str
    visited: datetime
    http_charset: str | None = None
    listed: ListedLink | None = None
    more: tuple[PageIn, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Lesson:
    """A page that was read the thorough way."""

    page: PageIn
    read: PageRead
    entry: Entry


@dataclass(frozen=True, kw_only=True, slots=True)
class Learned:
    """A page as read. `misfit` says why the profile did not serve, None where it did or there was
    none; `has_learned` whether this page brought a profile."""

    raw: RawEntry
    entry: Entry
    misfit: str | None = None
    has_learned: bool = False

    @property
    def has_other_layout(self) -> bool:
        """Whether the places of the profile are not there: more than an odd page may be behind
        it."""
        return self.misfit == OTHER_LAYOUT


class Learner:
    """Reads the pages of one source, one after the other, and learns. Not thread-safe."""

    def __init__(
        self, source: Source, profile: Profile | None = None, *, with_extractor: bool = True
    ) -> None:
        self.source = source
        self.profile = profile if profile and profile.version == VERSION else None
        self.misfits = 0
        self._with_extractor = with_extractor
        self._lessons: deque[Lesson] = deque(maxlen=MOST)
        self._until_try = ENOUGH

    def read(self, page: PageIn) -> Learned:
        """Read a page, by the profile where it fits; the first pages bring one by themselves."""
        learned = self._read_first(page)
        if not page.more:
            return learned
        raw = join_parts(learned.raw, [self._read_part(part) for part in page.more])
        return replace(learned, raw=raw, entry=entry_of(raw, page, self.source))

    def _read_part(self, page: PageIn) -> RawEntry:
        """A further page of an article: it has a text, and of the rest what it has."""
        document = self._document(page)
        read = read_by(self.profile, document, page, self.source) if self.profile else None
        return (read or self._read_parsed(document, page)).raw

    def _document(self, page: PageIn) -> Document:
        forced = self.source.encoding
        return read_document(page.body, url=page.url, http_charset=page.http_charset, forced=forced)

    def _read_first(self, page: PageIn) -> Learned:
        document = self._document(page)
        misfit = None
        if self.profile is not None:
            read = read_by(self.profile, document, page, self.source)
            entry = entry_of(read.raw, page, self.source) if read is not None else None
            misfit = why_not(self.profile, entry)
            if read is not None and entry is not None and misfit is None:
                self.misfits = 0
                return Learned(raw=read.raw, entry=entry)
            self.misfits += 1
        lesson = self._read_thoroughly(document, page)
        has_learned = self.profile is None and self._is_time() and self.relearn()
        return Learned(
            raw=lesson.read.raw, entry=lesson.entry, misfit=misfit, has_learned=has_learned
        )

    def relearn(self, since: datetime | None = None) -> bool:
        """Derive the profile from the pages that were read thoroughly last; whether they gave
        one. Where they did not, the old one is given up too. `since` is when a redesign was
        seen."""
        lessons = list(self._lessons)
        profile = learn(lessons[-ENOUGH:], self.source) or learn(lessons, self.source)
        self.profile, self.misfits = None, 0
        if profile is not None:
            self.profile = replace(profile, since=since)
            self._lessons.clear()
        return profile is not None

    def _is_time(self) -> bool:
        """After the first pages, after as many again, and then at times."""
        self._until_try -= 1
        if self._until_try > 0:
            return False
        self._until_try = ENOUGH if len(self._lessons) < MOST else MOST
        return True

    def _read_parsed(self, document: Document, page: PageIn) -> PageRead:
        return read_parsed(
            document,
            visited=page.visited,
            source=self.source,
            listed=page.listed,
            with_extractor=self._with_extractor,
        )

    def _read_thoroughly(self, document: Document, page: PageIn) -> Lesson:
        read = self._read_parsed(document, page)
        lesson = Lesson(page=page, read=read, entry=entry_of(read.raw, page, self.source))
        if read.reading is not None and read.body is not None:
            self._lessons.append(lesson)
        return lesson


def learn(lessons: Sequence[Lesson], source: Source) -> Profile | None:
    """What these pages have in common; None where they do not agree, or where reading them by it
    would give anything else than the thorough way did."""
    if len(lessons) < ENOUGH:
        return None
    shapes = [shape_of(lesson.read, lesson.entry) for lesson in lessons]
    shape = Shape.common(shapes)
    if shape is None:
        return None
    entries = [lesson.entry for lesson in lessons]
    profile = Profile(
        shape=shape,
        titles=places(entries, "title"),
        dates=places(entries, "published") if all(entry.published for entry in entries) else (),
        has_authors=all(entry.authors for entry in entries),
        has_notice=all(entry.notice for entry in entries),
        letters=min(len(letters(entry.text or "")) for entry in entries),
        pages=len(lessons),
    )
    return profile if all(is_faithful(profile, lesson, source) for lesson in lessons) else None


def places(entries: Iterable[Entry], field: str) -> tuple[str, ...]:
    """Where a field was found, each place once. An element whose id has a number is on the next
    page another: `article#post-12` counts as `article#`."""
    found = (_NUMBERED.sub("#", entry.found[field]) for entry in entries if field in entry.found)
    return tuple(sorted({*found}))


def is_faithful(profile: Profile, lesson: Lesson, source: Source) -> bool:
    """Whether a page reads by a profile as it did the thorough way. Where a thing was found may
    be called otherwise."""
    assert lesson.read.reading is not None
    read = read_by(profile, lesson.read.reading.document, lesson.page, source)
    entry = entry_of(read.raw, lesson.page, source) if read is not None else None
    if entry is None or why_not(profile, entry) is not None:
        return False
    return replace(entry, found={}) == replace(lesson.entry, found={})


def read_by(profile: Profile, document: Document, page: PageIn, source: Source) -> PageRead | None:
    """A page read where the profile says; None where the page has no such places."""
    frame = find_frame(document, profile.shape)
    if frame is None:
        return None
    return read_parsed(
        document, visited=page.visited, source=source, listed=page.listed, frame=frame
    )


def why_not(profile: Profile, entry: Entry | None) -> str | None:
    """Why a page that was read by the profile must be read again the thorough way. `entry` is
    None where the page has no such places."""
    if entry is None:
        return OTHER_LAYOUT
    if not _is_at(entry, "title", profile.titles):
        return "no title where titles were"
    if profile.dates and not _is_at(entry, "published", profile.dates):
        return "no date where dates were"
    if profile.has_authors and not entry.authors:
        return "no author where authors were"
    if profile.has_notice and entry.notice is None:
        return "no notice where notices were"
    if len(letters(entry.text or "")) < profile.letters * SHORTEST_SHARE:
        return "hardly any text where texts were"
    return None


def _is_at(entry: Entry, field: str, known: tuple[str, ...]) -> bool:
    return not {*places([entry], field)}.isdisjoint(known)


def entry_of(raw: RawEntry, page: PageIn, source: Source) -> Entry:
    """The entry that the page is."""
    return normalise_entry(raw, source=source, visited=page.visited, listed=page.listed)

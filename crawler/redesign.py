"""Learners of many sources, with their profiles in the store; and what to do when a journal's pages
have another layout all at once.

New articles of such pages are held back until known ones, asked for again, have been read and say
what the archive says. Then they are kept and the profile is derived anew; else nothing of the poll
is kept, and the outcome is `changed`. One thread; decides in pure functions.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.coding import decode, encode
from archive.model import Event
from crawler.learn import REDESIGNED, Learner, Profile
from foundation.text import fold

if TYPE_CHECKING:
    from datetime import datetime

    from archive.model import Entry, KnownLink
    from archive.store import Store
    from crawler.learn import Learned, PageIn
    from crawler.walk import Visited
    from sources.model import Source

#: Sources whose learner stays in memory, with at most six pages each while it learns.
LEARNERS = 64


@dataclass(frozen=True, kw_only=True, slots=True)
class Suspect:
    """A new article whose page has another layout than was learned, and how it reads."""

    step: Visited
    read: Learned


class Learners:
    """One learner for each source, made when it is asked for."""

    def __init__(self, store: Store, *, with_extractor: bool) -> None:
        self._store = store
        self._with_extractor = with_extractor
        self._known: OrderedDict[str, Learner] = OrderedDict()

    def read(self, source: Source, page: PageIn) -> Learned:
        """Read a page of a source, and write down what it taught."""
        learner = self._learner(source)
        learned = learner.read(page)
        if learned.has_learned:
            self._keep(learner, None, page.visited)
        return learned

    def believe(self, source: Source, now: datetime) -> None:
        """The pages of another layout are right: derive the profile anew once there are enough."""
        learner = self._learner(source)
        before = learner.profile
        if before is not None and learner.misfits >= REDESIGNED:
            learner.relearn(now)
            self._keep(learner, before, now)

    def is_laid_out_anew(self, source: Source, learned: Learned, known: KnownLink) -> bool:
        """Whether a known page has another layout than when it was asked for last."""
        profile = self._learner(source).profile
        since = profile.since if profile else None
        return learned.has_other_layout or (since is not None and known.last_asked < since)

    def _learner(self, source: Source) -> Learner:
        learner = self._known.pop(source.id, None)
        if learner is None or learner.source is not source:
            document = self._store.profile(source.id)
            profile = decode(Profile, document) if document else None
            learner = Learner(source, profile, with_extractor=self._with_extractor)
        self._known[source.id] = learner
        if len(self._known) > LEARNERS:
            self._known.popitem(last=False)
        return learner

    def _keep(self, learner: Learner, before: Profile | None, now: datetime) -> None:
        after = learner.profile
        event = Event(
            at=now,
            kind="profile-learned" if before is None else "profile-changed",
            source_id=learner.source.id,
            detail={"before": in_words(before), "after": in_words(after)},
        )
        document = encode(after) if after is not None else None
        self._store.keep_profile(learner.source.id, document, now, event)


def in_words(profile: Profile | None) -> str:
    """A profile for the operator."""
    if profile is None:
        return "none: each page is read the thorough way"
    places = (*profile.titles, *profile.dates)
    return f"text in {profile.shape.body}; found at {', '.join(places)}"


def reads_as_archived(archived: Entry, entry: Entry) -> bool:
    """Whether a known article reads as the archive has it: same title, same day where both are
    known, and most of its text."""
    days = {day for day in (_day(archived), _day(entry)) if day}
    text, lines = fold(entry.text or ""), _lines(archived)
    found = sum(len(line) for line in lines if line in text)
    has_text = found * 2 >= sum(map(len, lines))
    return fold(archived.title or "") == fold(entry.title or "") and len(days) < 2 and has_text


def _day(entry: Entry) -> str:
    value = entry.published.value if entry.published else None
    return (value or "")[:10]


def is_the_same(archived: Entry, entry: Entry) -> bool:
    """Whether an article that was laid out anew is as it was: title, day, kind of notice, and the
    text but for lines at its beginning and end, which another layout puts elsewhere. Without this,
    a redesign would be an edit of everything."""
    before, after = archived.notice, entry.notice
    has_same_notice = (before and before.class_) == (after and after.class_)
    shorter, longer = sorted((_lines(archived), _lines(entry)), key=len)
    is_inside = any(
        longer[at : at + len(shorter)] == shorter for at in range(len(longer) - len(shorter) + 1)
    )
    return reads_as_archived(archived, entry) and has_same_notice and is_inside


def _lines(entry: Entry) -> list[str]:
    return [key for line in (entry.text or "").splitlines() if (key := fold(line))]

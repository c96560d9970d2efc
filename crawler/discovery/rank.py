"""Which of several possibilities to follow is best, and why, in words. Pure: what was read is an
argument, and so is today.

A score is a sum of points, so that each of them can be told: 100 is a list that was asked for,
each of whose articles reads well, with the day and the title that the list shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.discovery.feeds import FeedCheck

Origin = Literal["given", "platform", "column", "front", "columns", "feed", "oai", "sitemap", "map"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evidence:
    """What reading a possibility showed.

    `links` stand on its lists. Of the articles that were asked for, `tried` in all, `read` came
    out as articles, and of these `titled` show the title that the list shows, `dated` a day,
    `noticed` a reprint notice; of `comparable` days on list and page, `agreeing` are the same.
    `newest` is the newest day seen. `is_one_issue` is an address that always shows the same issue,
    `is_by_issue` a list that shows one issue at a time. `covers` is the share of the front page's
    articles that the lists show too; None where there is no other front page.
    """

    origin: Origin
    links: int
    tried: int
    read: int
    titled: int = 0
    dated: int = 0
    comparable: int = 0
    agreeing: int = 0
    noticed: int = 0
    newest: str | None = None
    listed_days: int = 0
    has_next: bool = False
    is_one_issue: bool = False
    is_by_issue: bool = False
    covers: float | None = None
    feed: FeedCheck | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """How good a possibility is, and the reasons, the weightiest first."""

    score: float
    reasons: tuple[str, ...]


def judge(evidence: Evidence, *, today: date) -> Judgement:
    """The sum of the points, with their words."""
    points = [*_reading(evidence), *_dates(evidence, today), *_place(evidence)]
    score = sum(each for each, _ in points)
    told = sorted((each for each in points if each[1]), key=lambda each: -abs(each[0]))
    return Judgement(score=round(score, 1), reasons=tuple(words for _, words in told))


_Point = tuple[float, str]

# What a whole share is worth. That articles read as articles counts most: without it, the rest
# says nothing. The notice counts little: many journals print none.
_READ, _TITLED, _DATED, _NOTICED = 35.0, 20.0, 20.0, 3.0
_DAYS_DIFFER = -15.0
# A list of ten is one; more says little.
_LINKS, _ENOUGH_LINKS = 7.0, 10
_LIST_HAS_DAYS, _LIST_GOES_ON = 2.0, 3.0
# A journal that has been silent for longer than its year is no longer followed for news.
_NEW, _NEW_DAYS, _OLD, _OLD_DAYS = 5.0, 100, -10.0, 500
_TRUSTED_FEED, _STRANGE_FEED = 3.0, 0.0
_ONE_ISSUE = -20.0
# What the place adds: the person who pasted an address has looked at it.
_ORIGIN: dict[Origin, _Point] = {
    "given": (7.0, "the address that was given"),
    "platform": (6.0, "where this publishing system lists its articles"),
    "columns": (4.0, "the columns together"),
    "column": (0.0, ""),
    "front": (2.0, "the front page"),
    "feed": (-6.0, "a feed alone: what it drops before a visit is never seen"),
    "oai": (7.0, "an OAI-PMH endpoint: it tells all that is new since the last visit"),
    "sitemap": (-4.0, "found through the sitemap"),
    "map": (-15.0, "a sitemap alone: addresses, and nothing of what stands behind them"),
}
_COVERS, _COVERS_LITTLE = 4.0, -6.0


def _reading(evidence: Evidence) -> Iterator[_Point]:
    tried, read = evidence.tried, evidence.read
    if not tried:
        yield 0.0, f"{evidence.links} links, none was read"
        return
    yield _READ * read / tried, f"{read} of {tried} links read as articles"
    if read:
        yield (
            _TITLED * evidence.titled / tried,
            (f"{evidence.titled} of {read} titles stand on the article's own page"),
        )
        noticed = f"{evidence.noticed} of {read} print a reprint notice"
        yield _NOTICED * evidence.noticed / tried, noticed if evidence.noticed else ""
    yield _LINKS * min(1.0, evidence.links / _ENOUGH_LINKS), f"{evidence.links} articles listed"


def _dates(evidence: Evidence, today: date) -> Iterator[_Point]:
    if evidence.read:
        yield (
            _DATED * evidence.dated / evidence.tried,
            (f"{evidence.dated} of {evidence.read} articles give their day"),
        )
    if evidence.comparable:
        wrong = evidence.comparable - evidence.agreeing
        words = f"{evidence.agreeing} of {evidence.comparable} days agree between list and article"
        yield _DAYS_DIFFER * wrong / evidence.comparable, words
    if evidence.listed_days:
        yield _LIST_HAS_DAYS * evidence.listed_days / evidence.links, "the list prints days"
    if evidence.newest:
        age = (today - date.fromisoformat(evidence.newest)).days
        if age <= _NEW_DAYS:
            yield _NEW, f"the newest article is of {evidence.newest}"
        elif age > _OLD_DAYS:
            yield _OLD, f"nothing newer than {evidence.newest}"


def _place(evidence: Evidence) -> Iterator[_Point]:
    yield _ORIGIN[evidence.origin]
    if evidence.has_next:
        yield _LIST_GOES_ON, "older pages can be walked"
    if evidence.is_one_issue:
        yield _ONE_ISSUE, "the address names one issue, so nothing new will stand there"
    if evidence.covers is not None:
        share = evidence.covers
        words = f"shows {share:.0%} of what is on the front page"
        yield (_COVERS * share if share >= 0.5 else _COVERS_LITTLE * (1 - share)), words
    if evidence.feed is not None:
        trusted = evidence.feed.is_trusted
        yield (_TRUSTED_FEED if trusted else _STRANGE_FEED), f"feed: {evidence.feed.words()}"

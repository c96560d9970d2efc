"""Whether entries of two sources are one article, and which is the copy. Pure: no SQL.

READING.md §8: exact keys first; then the words of the texts, exact Jaccard and containment of
their grams. Keys can lie (a template prints one DOI on every page), so each is checked against
what the entries say, like inside one source (identity.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.fingerprint import exact_keys, grams_of
from archive.identity import is_other_article, is_same_doi, printed_day
from archive.instants import published_instant
from foundation.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archive.model import Entry, Origin

#: READING.md §8: these separated every edited copy from 1,891 unrelated pairs.
JACCARD_LEAST = 0.5
CONTAINMENT_LEAST = 0.7
#: A name this long is a journal's wherever it stands: 《云川手工艺》杂志 is 云川手工艺. A shorter
#: one must be all (读者 is not 读者文摘).
_NAME_LEAST = 4


class Relation(StrEnum):
    """What an entry is to an entry of another source. The last is what the second looks like from
    the other side; it is never stored."""

    DUPLICATE = "duplicate"
    REPRINT_OF = "reprint-of"
    REPRINTED_AS = "reprinted-as"


class LikenessReason(StrEnum):
    """Why two entries count as one article, or one as the reprint of the other.

    By an exact key: the same DOI, CNKI file name, place in an issue, or canonical address. By
    their words alone: `text`. Then what says which was first: the copy's notice or link names the
    other, or it was published later, or seen later.
    """

    DOI = "doi"
    CNKI = "cnki"
    ISSUE_PAGE = "issue-page"
    ADDRESS = "address"
    TITLE_AUTHOR_DAY = "title-author-day"
    TEXT = "text"
    NOTICE = "notice"
    LINK = "link"
    PUBLISHED = "published"
    SEEN = "seen"


@dataclass(frozen=True, kw_only=True, slots=True)
class Elsewhere:
    """The same article in another source: which entry, as what, why, and since when we know.

    `title` and `url` are the other entry's. `similarity` is the share of their words that the two
    texts have in common (Jaccard); None where one is too short to compare.
    """

    entry_id: str
    source_id: str
    source_title: str | None
    title: str | None
    url: str
    relation: Relation
    reason: LikenessReason
    similarity: float | None
    seen: datetime


_KEYS = (
    LikenessReason.DOI,
    LikenessReason.CNKI,
    LikenessReason.ISSUE_PAGE,
    LikenessReason.ADDRESS,
)


@dataclass(frozen=True, kw_only=True)
class Side:
    """One of two entries that are compared: with the title and zone of its source."""

    entry: Entry
    journal: str | None
    zone: str
    first_seen: datetime

    @cached_property
    def grams(self) -> frozenset[str]:
        return grams_of(self.entry.text)

    @cached_property
    def keys(self) -> dict[str, str]:
        return exact_keys(self.entry)


@dataclass(frozen=True, kw_only=True, slots=True)
class Likeness:
    """What the first of two entries is to the second."""

    relation: Relation
    reason: LikenessReason
    similarity: float | None


def find_likeness(one: Side, other: Side) -> Likeness | None:
    """What `one` is to `other`, or None if they are two articles."""
    similarity, containment = _overlap(one, other)
    is_alike = similarity >= JACCARD_LEAST or containment >= CONTAINMENT_LEAST
    key = _shared_key(one, other, is_alike=is_alike)
    if key is None and not is_alike:
        return None
    shown = round(similarity, 3) if one.grams and other.grams else None
    copy, reason = _find_copy(one, other, is_published_once=key in _KEYS)
    if copy is None:
        reason = key or LikenessReason.TEXT
        return Likeness(relation=Relation.DUPLICATE, reason=reason, similarity=shown)
    relation = Relation.REPRINT_OF if copy is one else Relation.REPRINTED_AS
    return Likeness(relation=relation, reason=reason, similarity=shown)


def _overlap(one: Side, other: Side) -> tuple[float, float]:
    """Jaccard and containment of the grams: shared of all, shared of the smaller."""
    least = min(len(one.grams), len(other.grams))
    if not least:
        return 0.0, 0.0
    shared = len(one.grams & other.grams)
    return shared / (len(one.grams) + len(other.grams) - shared), shared / least


def _shared_key(one: Side, other: Side, *, is_alike: bool) -> LikenessReason | None:
    shared = [key for key in _KEYS if key in one.keys and one.keys[key] == other.keys.get(key)]
    if LikenessReason.DOI in shared and not is_same_doi(one.entry, other.entry):
        return None  # a template's, and then its other keys are as well
    is_other = not is_alike and is_other_article(one.entry, other.entry)
    for key in shared:
        # An issue's page may begin with the end of one article and the start of the next.
        has_title = fold(one.entry.title or "") == fold(other.entry.title or "")
        is_its = is_alike or has_title if key is LikenessReason.ISSUE_PAGE else not is_other
        if key is LikenessReason.DOI or is_its:
            return key
    key = LikenessReason.TITLE_AUTHOR_DAY
    is_short = not (one.grams and other.grams)
    is_shared = key in one.keys and one.keys[key] == other.keys.get(key)
    return key if is_short and is_shared else None


def _find_copy(
    one: Side, other: Side, *, is_published_once: bool
) -> tuple[Side | None, LikenessReason]:
    """Which of the two is the copy, and what says so; None where nothing does.

    A notice or a link counts where only one of the two has it. What an exact key joins is one
    publication shown in two places: neither day makes one of them the reprint.
    """
    for reason, names in ((LikenessReason.NOTICE, _names), (LikenessReason.LINK, _links)):
        is_copy, is_original = names(one, other), names(other, one)
        if is_copy is not is_original:
            return (one if is_copy else other), reason
    if is_published_once:
        return None, LikenessReason.TEXT
    if (later := _published_later(one, other)) is not None:
        return later, LikenessReason.PUBLISHED
    if one.first_seen != other.first_seen:
        return max(one, other, key=lambda side: side.first_seen), LikenessReason.SEEN
    return None, LikenessReason.TEXT


def _names(copy: Side, original: Side) -> bool:
    """Whether the notice of `copy` says that it is from the journal of `original`."""
    journals = {fold(name) for name in (original.journal, original.entry.journal) if name}
    return any(
        _is_name_of(fold(origin.name), journal)
        for origin in _origins(copy.entry)
        if origin.name
        for journal in journals
    )


def _is_name_of(name: str, journal: str) -> bool:
    if name == journal:
        return bool(name)
    shorter, longer = sorted((name, journal), key=len)
    return len(shorter) >= _NAME_LEAST and shorter in longer


def _links(copy: Side, original: Side) -> bool:
    """Whether `copy` links to `original` as its first place: to the article, or to its site; or
    calls its address the canonical one."""
    page, claim = original.entry.url, original.entry.canonical_url
    if copy.entry.url == page:
        return False
    site = _host(page)
    is_apart = site is not None and _host(copy.entry.url) != site
    urls = [origin.url for origin in _origins(copy.entry) if origin.url]
    return copy.entry.canonical_url == page or any(
        url in (page, claim) or (is_apart and _host(url) == site) for url in urls
    )


def _origins(entry: Entry) -> Iterator[Origin]:
    for notice in (entry.notice, *entry.notices):
        if notice and notice.origin:
            yield notice.origin


def _host(url: str) -> str | None:
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _published_later(one: Side, other: Side) -> Side | None:
    """By the printed days; on one day by the times, where both print one. Two zones' days are
    compared as printed: a day has no instant."""
    days = printed_day(one.entry), printed_day(other.entry)
    if days[0] is None or days[1] is None:
        return None
    if days[0] != days[1]:
        return one if days[0] > days[1] else other
    times = [_time(side) for side in (one, other)]
    if times[0] is None or times[1] is None or times[0] == times[1]:
        return None
    return one if times[0] > times[1] else other


def _time(side: Side) -> datetime | None:
    date = side.entry.published
    if date is None or "T" not in (date.value or ""):
        return None
    return published_instant(date, side.zone)

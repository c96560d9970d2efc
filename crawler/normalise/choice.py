"""Which candidate of a raw entry wins, field by field: the first that normalises, in the order in
which the page was read. Each choice comes with the place it was found at. Pure.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final, Generic, TypeAlias, TypeVar

from archive.model import Found, NoticeClass, Origin, Precision
from crawler.normalise.author import split_authors
from crawler.normalise.date import parse_date
from crawler.normalise.date_url import find_url_date
from crawler.normalise.keywords import in_one_language
from crawler.normalise.notice import choose, classify, find_notices
from crawler.normalise.summary import summarise
from crawler.normalise.title import is_generic, normalise_title
from crawler.normalise.url import canonical, host_key, is_same_site
from foundation.text import fold, letters, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from archive.model import ListedLink, PrintedDate, RawEntry, ReprintNotice
    from crawler.normalise.title import NormalTitle
    from sources.model import Source

T_co = TypeVar("T_co", covariant=True)

ZONE: Final = "Asia/Shanghai"  # READING.md §4: where no source says otherwise


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen(Generic[T_co]):
    """A value, and where it was found."""

    value: T_co
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A raw entry and what is known around it. `names` are those of the journal and its host,
    which are neither titles nor authors."""

    raw: RawEntry
    listed: ListedLink | None
    visited: datetime
    url: str
    zone: str
    language: str | None
    names: tuple[str, ...]

    @classmethod
    def of(
        cls, raw: RawEntry, source: Source | None, visited: datetime, listed: ListedLink | None
    ) -> Page:
        url = raw.url or (listed.url if listed else None) or _text(raw.canonical_url) or ""
        host = host_key(url)
        names = (
            _text(raw.journal),
            source.title if source else None,
            source.masthead.publisher if source else None,
            host,
            host.removeprefix("www."),
        )
        return cls(
            raw=raw,
            listed=listed,
            visited=visited,
            url=url,
            zone=source.zone if source else ZONE,
            language=_text(raw.language) or (source.language if source else None),
            names=tuple(dict.fromkeys(name for name in names if name)),
        )


def _text(found: Found | None) -> str | None:
    return found.text if found else None


# --- address ----------------------------------------------------------------------------------


def choose_canonical(page: Page) -> str:
    """The page's own word on its address, if it can be true: templates print the home page's, or
    another site's, on every article."""
    own, claimed = canonical(page.url), _text(page.raw.canonical_url)
    if not claimed or not is_same_site(claimed, page.url):
        return own
    claim = canonical(claimed)
    return own if claim == canonical(f"http://{host_key(claimed)}/") else claim


# --- title ------------------------------------------------------------------------------------


def choose_title(page: Page) -> Chosen[NormalTitle] | None:
    """The first candidate that is a title; the list's words for it where the page has none."""
    authors = [name for found in page.raw.authors for name in split_authors(found.text)]
    normal = [
        Chosen(value=_normal_title(found.text, page, authors), where=found.where)
        for found in _titles(page)
    ]
    chosen = next(
        (each for each in normal if not is_generic(each.value.text, names=page.names)), None
    )
    if chosen is None:
        return None
    key = fold(chosen.value.text)
    is_retracted = any(each.value.is_retracted for each in normal if fold(each.value.text) == key)
    return replace(chosen, value=replace(chosen.value, is_retracted=is_retracted))


def _titles(page: Page) -> Iterator[Found]:
    yield from page.raw.titles
    if page.listed and page.listed.title:
        yield Found(text=page.listed.title, where="list")


def _normal_title(text: str, page: Page, authors: Sequence[str]) -> NormalTitle:
    column = _text(page.raw.column)
    return normalise_title(
        text,
        host_names=page.names,
        authors=authors,
        columns=(column,) if column else (),
    )


# --- dates ------------------------------------------------------------------------------------

_DAYS: Final = (Precision.SECOND, Precision.MINUTE, Precision.DAY)
_TIMES: Final = (Precision.SECOND, Precision.MINUTE)


def choose_published(page: Page) -> Chosen[PrintedDate] | None:
    """The first date; a finer one that agrees with it says more. A date without a year waits for
    all that have one, an issue for all dates; a refusal is kept when there is nothing else, with
    what was printed."""
    dates = [_date(found, page) for found in _printed_dates(page)]
    if by_url := find_url_date(page.url, visited=page.visited, zone=page.zone):
        dates.append(Chosen(value=by_url, where="url"))
    first = min(dates, key=_doubt, default=None)
    if first is None or first.value.value is None:
        return first
    if _is_utc(first.value):
        return _in_the_pages_zone(first, dates)
    finer = (each for each in dates if _refines(each.value, first.value))
    return next(finer, first)


def choose_updated(page: Page) -> Chosen[PrintedDate] | None:
    """The first date of an edit that names a day."""
    dates = (_date(found, page) for found in page.raw.updated)
    return next((each for each in dates if each.value.precision in _DAYS), None)


def _printed_dates(page: Page) -> Iterator[Found]:
    yield from page.raw.published
    if page.listed and page.listed.published:
        yield Found(text=page.listed.published, where="list")


def _date(found: Found, page: Page) -> Chosen[PrintedDate]:
    date = parse_date(found.text, visited=page.visited, zone=page.zone, language=page.language)
    return Chosen(value=date, where=found.where)


def _doubt(chosen: Chosen[PrintedDate]) -> int:
    date = chosen.value
    if date.value is not None:
        return 1 if date.year_missing else 0
    return 2 if date.precision is Precision.ISSUE else 3


def _refines(date: PrintedDate, coarse: PrintedDate) -> bool:
    """2021-02-27 refines 2021-02. Times are left alone: one that a page prints elsewhere is as
    often the time of an edit."""
    return (
        coarse.precision not in _DAYS
        and date.precision in _DAYS
        and not date.year_missing
        and f"{date.value}".startswith(f"{coarse.value}-")
    )


def _is_utc(date: PrintedDate) -> bool:
    return date.precision in _TIMES and f"{date.value}".endswith("+00:00")


def _in_the_pages_zone(
    first: Chosen[PrintedDate], dates: Sequence[Chosen[PrintedDate]]
) -> Chosen[PrintedDate]:
    """An instant that machines keep in UTC, as the page itself tells it: `2020-02-25T02:25Z` under
    a title that says `February 24, 2020, 9:25pm` is that evening, five hours west. Where the page
    prints another day without a time, its address must name that day too: then the day stands."""
    utc = datetime.fromisoformat(f"{first.value.value}")
    for each in dates:
        if not each.where.startswith(_BY_THE_TITLE) or each.value.year_missing:
            continue
        if each.value.precision in _TIMES and (zone := _zone_between(each.value, utc)):
            local = utc.astimezone(zone)
            if local.date() == utc.date():
                return first
            spec = "seconds" if first.value.precision is Precision.SECOND else "minutes"
            value = replace(first.value, value=local.isoformat(timespec=spec))
            return replace(first, value=value)
    by_url = [each.value.value for each in dates if each.where == "url"]
    near = {f"{(utc + hours).date()}" for hours in (*_FURTHEST, timedelta())}
    printed = (
        each
        for each in dates
        if each.where.startswith(("line", "labelled"))
        and each.value.precision is Precision.DAY
        and each.value.value in near
    )
    told = next(printed, first)
    is_other_day = told.value.value in by_url and told.value.value != f"{utc.date()}"
    return told if is_other_day else first


# Zones reach from UTC-12 to UTC+14, on the hour but for those of Newfoundland, Iran, Afghanistan,
# India, Myanmar and Adelaide. With all quarters, one in seven unrelated times would agree.
_FURTHEST: Final = (timedelta(hours=-12), timedelta(hours=14))
_HALVES: Final = frozenset(timedelta(minutes=m) for m in (-210, -150, 210, 270, 330, 390, 570, 630))
_HOUR: Final = timedelta(hours=1)
_MINUTE: Final = timedelta(minutes=1)
# A time in a script, or of a tag far from the title, is any article's.
_BY_THE_TITLE: Final = ("line", "labelled", "meta", "json-ld", "*[")


def _zone_between(date: PrintedDate, utc: datetime) -> timezone | None:
    """The zone in which a printed time is the instant `utc`."""
    told = datetime.fromisoformat(f"{date.value}")
    if date.zone == "given":
        offset = told.utcoffset()
        is_same = bool(offset) and abs(told - utc) < _MINUTE
    else:
        offset = told.replace(tzinfo=UTC, second=0) - utc.replace(second=0)
        is_zone = offset in _HALVES or not offset % _HOUR
        is_same = is_zone and _FURTHEST[0] <= offset <= _FURTHEST[1]
    return timezone(offset) if is_same and offset is not None else None


# --- people -----------------------------------------------------------------------------------


def choose_authors(page: Page) -> Chosen[tuple[str, ...]] | None:
    """All names of the first place that has any: metadata and byline name the same people. On
    Chinese pages the tags that every template has name the site: print comes before them."""
    by_place: dict[str, dict[str, str]] = {}
    authors = page.raw.authors
    if (page.language or "").startswith("zh"):
        authors = tuple(sorted(authors, key=lambda found: found.where.startswith(_TEMPLATES)))
    for found in authors:
        place = by_place.setdefault(found.where, {})
        for name in split_authors(found.text, nobody=page.names, language=page.language):
            place.setdefault(fold(name), name)
    told = [(where, names) for where, names in by_place.items() if names]
    if not told:
        return None
    where, names = _first_of(told, sites={fold(found.text) for found in page.raw.site})
    return Chosen(value=tuple(names.values()), where=where)


_TEMPLATES: Final = (
    "meta[name=author]",
    "meta[itemprop=author]",
    "meta[property=og:",
    "*[itemprop",
)
_Names: TypeAlias = "tuple[str, Mapping[str, str]]"


def _first_of(told: Sequence[_Names], *, sites: Collection[str]) -> _Names:
    """The first place, unless a later one knows better: a person for the name of the site, the
    full name for that of an account, all of several for the first."""
    where, names = told[0]
    if all(_is_of_the_site(key, sites) for key in names):
        persons = (
            place
            for place in told[1:]
            if place[0].startswith(_MARKUP)
            and not any(_is_of_the_site(key, sites) for key in place[1])
        )
        where, names = next(persons, told[0])
    if all(_ACCOUNT.fullmatch(name) for name in names.values()):
        full = (place for place in told if all(" " in name for name in place[1].values()))
        where, names = next(full, (where, names))
    if len(names) == 1:
        wider = (
            place
            for place in told
            if place[0].startswith(_LISTS) and names.keys() < place[1].keys()
        )
        where, names = next(wider, (where, names))
    return where, names


def _is_of_the_site(key: str, sites: Collection[str]) -> bool:
    """`Some Paper GmbH` on the site of Some Paper, `somepaper` on somepaper.example."""
    return any(key in site or site in key for site in sites if len(site) > _SHORT)


# Below this the name of a site is in that of many a person.
_SHORT: Final = 3
_ACCOUNT: Final = re.compile(
    r"[a-z0-9]+(?:[._-][a-z0-9]+)*|[A-Za-z]+[a-z][A-Z]{1,2}|\w*\d\w*", re.ASCII
)
_MARKUP: Final = ("json-ld", "meta[", "a[", ".")
# Places that name all authors. By-lines of other articles stand about as often as the second.
_LISTS: Final = ("json-ld", "a[rel=author]")


# --- keywords ---------------------------------------------------------------------------------


def choose_keywords(
    page: Page, title: Chosen[NormalTitle] | None
) -> Chosen[tuple[str, ...]] | None:
    """All keywords of the first place that has any. `<meta name=keywords>` is the article's own on
    pages with tags for scholars; elsewhere it may be the site's list, and counts as far as the
    article says its words."""
    if not page.raw.keywords:
        return None
    names = (*page.names, *(found.text for found in page.raw.site))
    refused = {fold(each) for each in (*names, *((title.value.text,) if title else ()))}
    by_place: dict[str, list[str]] = {}
    for found in page.raw.keywords:
        if fold(found.text) not in refused:
            by_place.setdefault(found.where, []).append(found.text)
    for where, texts in by_place.items():
        listed = in_one_language(texts, language=page.language)
        is_json = where.startswith("json-ld")
        words = tuple(
            word
            for word in listed
            if fold(word) not in refused and not (is_json and _FACET.match(word))
        )
        if where.lower() in _OF_THE_SITE and not _is_scholarly(page):
            words = _said(words, page, title)
        if words:
            return Chosen(value=words, where=where)
    return None


# What a system keeps for its advertisers: `Page Type: Article`.
_FACET: Final = re.compile(r"[\w ]+:\s|_")
_OF_THE_SITE: Final = ("meta[name=keywords]", "meta[name=news_keywords]")
# On 210 article pages of the corpus 41 lists pass, of which two are the site's, and 25 do not: of
# these nine are the article's, in words that it does not say.
_SAID_OF: Final = (2, 3)


def _is_scholarly(page: Page) -> bool:
    return any("citation_" in found.where for found in page.raw.titles)


def _said(words: tuple[str, ...], page: Page, title: Chosen[NormalTitle] | None) -> tuple[str, ...]:
    """The words that title or text say, if they are most of them."""
    text = letters(f"{title.value.text if title else ''}\n{page.raw.text or ''}")
    said = tuple(word for word in words if letters(word) in text)
    some, all_ = _SAID_OF
    return said if len(said) * all_ >= len(words) * some else ()


# --- notices ----------------------------------------------------------------------------------


def list_notices(page: Page, title: Chosen[NormalTitle] | None) -> tuple[ReprintNotice, ...]:
    """What the page says on re-publishing, its title's [转载] before all."""
    raw = page.raw
    said = list(raw.notices)
    if title and "reprint" in title.value.kinds:
        said.insert(0, Found(text=title.value.raw, where=f"article: {title.where}"))
    if raw.license and raw.license.text not in {found.text for found in said}:
        said.append(raw.license)
    return find_notices(
        said,
        language=page.language,
        source_name=_text(raw.origin),
        outlets=(*page.names, *(found.text for found in raw.site)),
    )


def choose_notice(
    page: Page, notices: tuple[ReprintNotice, ...], title: Chosen[NormalTitle] | None
) -> Chosen[ReprintNotice] | None:
    """The notice that holds, with what the title says of the article, and for a reprint the first
    publisher that the page names."""
    notice = choose(notices)
    if notice is None:
        return None
    kinds = (*notice.kinds, *(title.value.kinds if title else ()))
    notice = replace(notice, kinds=tuple(dict.fromkeys(kinds)))
    name, url = _text(page.raw.origin), _text(page.raw.origin_url)
    if notice.class_ is NoticeClass.THIRD_PARTY and notice.origin is None and (name or url):
        notice = replace(notice, origin=Origin(name=name and one_line(name), url=url))
    return Chosen(value=notice, where=notice.where)


# --- summary ----------------------------------------------------------------------------------


def choose_summary(
    page: Page, title: Chosen[NormalTitle] | None, notices: tuple[ReprintNotice, ...]
) -> Chosen[str] | None:
    """The abstract that the page gives, unless it is but the title or a notice; else the
    beginning of the text."""
    unwanted = [notice.text for notice in notices]
    if title:
        unwanted.append(title.value.text)
    given = page.raw.summary
    if given:
        key = fold(given.text)
        is_notice = classify(given.text, language=page.language).class_ is not NoticeClass.NONE
        if key and not is_notice and key not in map(fold, (*unwanted, *page.names)):
            return Chosen(value=one_line(given.text), where=given.where)
    begun = summarise(page.raw.text, without=unwanted) if page.raw.text else None
    return Chosen(value=begun, where="text") if begun else None

"""What there is to cite of an article, decided once for every format. Pure.

A date is cited as exactly as it was printed and no more; the day of access is the day on which the
archive saw the article as it stands, so that the same entry is always cited alike.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from zoneinfo import ZoneInfo

from archive.model import Precision
from feeds.channel import publisher
from feeds.content import percent_encode
from feeds.words import words

if TYPE_CHECKING:
    from datetime import date

    from archive.model import ArchivedEntry, PrintedDate
    from sources.model import Source

_RANGE = re.compile(r"\s*(\w+)\s*[-‐‑–—~～－]+\s*(\w+)\s*")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?")
_KEY = re.compile(r"[^a-z0-9]+")
#: Han, kana, hangul: such a name is family name first, and written as one.
_EAST_ASIAN = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Name:
    """An author. `family` and `given` are None where a name is one piece: East Asian names, and
    bodies. A Western name is read given name first unless it has a comma."""

    whole: str
    family: str | None = None
    given: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """An article to be cited. `issued` is year, month, day as far as printed; `first_page` and
    `last_page` are parts of `pages` where that is a range. `kind` is `journal` for an article with
    its place in a numbered issue or with a DOI, else `web`."""

    key: str
    kind: Literal["journal", "web"]
    title: str
    authors: tuple[Name, ...]
    journal: str
    publisher: str | None
    issued: tuple[int, ...]
    volume: str | None
    number: str | None
    pages: str | None
    first_page: str | None
    last_page: str | None
    issn: str | None
    doi: str | None
    url: str
    language: str
    keywords: tuple[str, ...]
    accessed: date


def work_of(archived: ArchivedEntry, source: Source) -> Work:
    """The article of an entry, as its page named it."""
    entry = archived.entry
    language = entry.language or source.language
    pages = entry.pages.strip() if entry.pages else None
    span = _RANGE.fullmatch(pages) if pages else None
    is_numbered = bool(entry.number or entry.volume or entry.doi)
    return Work(
        key=_KEY.sub("-", archived.id.rpartition(":")[2].lower()).strip("-"),
        kind="journal" if is_numbered else "web",
        title=entry.title or words(language).untitled,
        authors=tuple(map(read_name, entry.authors)),
        journal=entry.journal or source.title,
        publisher=publisher(source),
        issued=_issued(entry.published),
        volume=entry.volume,
        number=entry.number,
        pages=pages,
        first_page=span[1] if span else pages,
        last_page=span[2] if span else None,
        issn=entry.issn or source.masthead.issn or source.masthead.eissn,
        doi=entry.doi,
        url=percent_encode(entry.url),
        language=language,
        keywords=entry.keywords,
        accessed=archived.changed.astimezone(ZoneInfo(source.zone)).date(),
    )


def read_name(name: str) -> Name:
    """A printed name in its parts, where it has them."""
    whole = " ".join(name.split())
    if _EAST_ASIAN.search(whole):
        return Name(whole=whole)
    family, comma, given = (part.strip() for part in whole.partition(","))
    if comma and family and given:
        return Name(whole=whole, family=family, given=given)
    given, _, family = whole.rpartition(" ")
    return Name(whole=whole, family=family, given=given) if given else Name(whole=whole)


def _issued(printed: PrintedDate | None) -> tuple[int, ...]:
    if printed is None or printed.precision is Precision.NONE:
        return ()
    match = _DATE.match(printed.value or printed.issue or "")
    return tuple(int(part) for part in match.groups() if part) if match else ()

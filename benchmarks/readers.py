"""Those who read an article page, ours and the baselines, each timed alone: title, date, authors
and body of one saved page. The baselines are for comparing only; nothing of ours imports them.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from crawler.normalise.date import parse_date
from crawler.normalise.entry import normalise_entry
from crawler.reading.encoding import decode
from crawler.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.model import ReprintNotice
    from benchmarks.corpus import SavedPage

#: The instant that relative dates are read against, the same in every run.
VISITED = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one reader made of one page, and the CPU that it took. `found` says where ours found
    a field; None stands for what a reader does not look for, as well as for what it missed."""

    ms: float = 0.0
    title: str | None = None
    date: str | None = None
    authors: tuple[str, ...] = ()
    text: str | None = None
    notices: tuple[ReprintNotice, ...] = ()
    found: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Reader:
    """A reader by its name in the tables. `fields` are what it is scored on, `only_chinese` that
    it is made for Chinese pages."""

    name: str
    read: Callable[[SavedPage, bytes], Reading]
    fields: tuple[str, ...]
    only_chinese: bool = False

    def timed(self, page: SavedPage, body: bytes) -> Reading:
        """One reading with its CPU time; a reader that raises has read nothing."""
        started = time.process_time()
        try:
            reading = self.read(page, body)
        except Exception:  # noqa: BLE001 -- of a baseline; ours raises in the fuzz run and the tests
            reading = Reading()
        spent = (time.process_time() - started) * 1000
        return Reading(**{**vars(reading), "ms": spent})


def _ours(page: SavedPage, body: bytes, *, with_body: bool = True) -> Reading:
    raw = read_page(body, url=page.url, visited=VISITED, with_body=with_body)
    entry = normalise_entry(raw, source=None, visited=VISITED)
    return Reading(
        title=entry.title,
        date=entry.published.value if entry.published else None,
        authors=entry.authors,
        text=entry.text,
        notices=entry.notices,
        found=dict(entry.found),
    )


def _ours_without_body(page: SavedPage, body: bytes) -> Reading:
    return _ours(page, body, with_body=False)


def _htmldate(page: SavedPage, body: bytes, *, extensive: bool) -> Reading:
    from htmldate import find_date

    return Reading(
        date=find_date(body, extensive_search=extensive, original_date=True, url=page.url)
    )


def _trafilatura(page: SavedPage, body: bytes) -> Reading:
    from trafilatura import bare_extraction

    found = bare_extraction(body, url=page.url, with_metadata=True, include_comments=False)
    if found is None:
        return Reading()
    return Reading(
        title=found.title,
        date=found.date,
        authors=(found.author,) if found.author else (),
        text=found.text,
    )


def _gne(page: SavedPage, body: bytes) -> Reading:
    from gne import GeneralNewsExtractor

    # It takes text: ours decodes for it, or a third of the Chinese pages would be noise to it.
    found = GeneralNewsExtractor().extract(decode(body).text)
    printed = found["publish_time"]
    return Reading(
        title=found["title"],
        date=parse_date(printed, visited=VISITED).value if printed else None,  # it gives the words
        authors=(found["author"],) if found["author"] else (),
        text=found["content"],
    )


OURS = Reader(name="kanliu", read=_ours, fields=("title", "date", "authors", "body"))
OURS_WITHOUT_BODY = Reader(name="kanliu without body", read=_ours_without_body, fields=())
BASELINES = (
    Reader(
        name="htmldate fast",
        read=lambda page, body: _htmldate(page, body, extensive=False),
        fields=("date",),
    ),
    Reader(
        name="htmldate extensive",
        read=lambda page, body: _htmldate(page, body, extensive=True),
        fields=("date",),
    ),
    Reader(name="trafilatura", read=_trafilatura, fields=("title", "date", "authors", "body")),
    Reader(name="gne", read=_gne, fields=("title", "date", "authors", "body"), only_chinese=True),
)


def installed(*packages: str) -> dict[str, str | None]:
    """Their versions; None for one that is not here."""
    return {package: _version(package) for package in packages}


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None

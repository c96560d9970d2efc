"""What a person asks about one page: what was read, from where, and what else might have been.

Data only; cli.py prints it. Decides nothing that page.py and crawler.normalise do not decide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.normalise.entry import normalise_entry
from crawler.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archive.model import Entry, Found, ListedLink, RawEntry
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class ProbedField:
    """One field: its value (None: not found), where it came from, and every candidate in the
    order in which they were believed."""

    name: str
    value: str | None
    where: str | None
    candidates: tuple[Found, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """An article page as read. `fields` are in the order in which a person wants them."""

    raw: RawEntry
    entry: Entry
    fields: tuple[ProbedField, ...]


def probe_page(
    body: bytes,
    *,
    url: str | None,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
    listed: ListedLink | None = None,
) -> Probe:
    """Read a page and lay out how."""
    raw = read_page(
        body, url=url, visited=visited, source=source, http_charset=http_charset, listed=listed
    )
    entry = normalise_entry(raw, source=source, visited=visited, listed=listed)
    return Probe(raw=raw, entry=entry, fields=tuple(_fields(raw, entry)))


def _fields(raw: RawEntry, entry: Entry) -> Iterator[ProbedField]:
    published, notice = entry.published, entry.notice
    yield _field(entry, "title", entry.title, raw.titles)
    yield _field(entry, "published", published.value if published else None, raw.published)
    yield _field(entry, "updated", entry.updated.value if entry.updated else None, raw.updated)
    yield _field(entry, "authors", "、".join(entry.authors) or None, raw.authors)
    yield _field(entry, "notice", str(notice.class_) if notice else None, raw.notices)
    for name in _PLAIN:
        found = getattr(raw, name)
        yield _field(entry, name, getattr(entry, name), (found,) if found else ())
    for label, value in raw.masthead.items():
        yield ProbedField(name=label, value=value, where="masthead")
    yield _field(entry, "text", entry.text, ())
    charset = raw.charset
    yield ProbedField(
        name="charset",
        value=charset.text if charset else None,
        where=charset.where if charset else None,
    )


_PLAIN = ("column", "journal", "volume", "number", "pages", "doi", "issn", "cn", "language")


def _field(
    entry: Entry, name: str, value: str | None, candidates: tuple[Found, ...]
) -> ProbedField:
    return ProbedField(name=name, value=value, where=entry.found.get(name), candidates=candidates)

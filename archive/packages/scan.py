"""What stands in the WARC files: each record with whose it is and where, without its content.
Reads heads only in the sense that it keeps nothing else: every member is inflated to find the next.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from sys import intern
from typing import TYPE_CHECKING

from archive.packages.members import Broken, read_members

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archive.packages.members import Member

#: The heads by which we say whose a record is.
SOURCE, ROLE, PAGE = "Kanliu-Source", "Kanliu-Role", "Kanliu-For"
EVENT_URI = "urn:kanliu:event:"
#: Under this name stands what is no journal's: the log of events, a robots.txt of many. No source
#: has it: sources.model reserves it.
NOBODY = "archive"


@dataclass(frozen=True, kw_only=True, slots=True)
class FiledRecord:
    """A record in a WARC file. `beside` is the response that a request, metadata or rendering
    belongs to, `page` the page's response that a requisite belongs to; `url` only pages
    of articles and requisites have."""

    file: Path
    offset: int
    size_bytes: int
    id: str
    kind: str
    at: str
    source_id: str
    role: str
    info: str | None = None
    beside: str | None = None
    page: str | None = None
    original: str | None = None
    url: str | None = None

    @property
    def owner(self) -> str:
        """The response that it is, or is beside."""
        return self.beside or self.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """What is kept together: an article's page with all that belongs to it, or one list page.
    `anchor` is the response that it hangs on, `url` its address where that is an article's."""

    source_id: str
    anchor: str
    at: str
    is_article: bool
    url: str | None
    records: tuple[FiledRecord, ...]

    @property
    def month(self) -> str:
        """YYYY-MM, in UTC."""
        return self.at[:7]

    @property
    def is_late(self) -> bool:
        """Whether it is what came of an article after its page, which stands elsewhere."""
        return self.is_article and all(record.id != self.anchor for record in self.records)


@dataclass(frozen=True, kw_only=True, slots=True)
class Scan:
    """One file: its records, and what of it cannot be read."""

    file: Path
    records: tuple[FiledRecord, ...]
    broken: tuple[Broken, ...]


def scan_file(path: Path) -> Scan:
    """Every record of a WARC file."""
    records, broken = [], []
    with path.open("rb") as file:
        for found in read_members(file):
            if isinstance(found, Broken):
                broken.append(found)
            else:
                records.append(_filed(path, found))
    return Scan(file=path, records=tuple(_with_sources(records)), broken=tuple(broken))


def units_of(records: Iterable[FiledRecord]) -> list[Unit]:
    """Records by what they belong to, in the order of time. A warcinfo record is nobody's; what
    stands beside a response that cannot be read stays where it is, with it."""
    content = [record for record in records if record.kind != "warcinfo"]
    responses = {record.id: record for record in content if record.beside is None}
    gathered: dict[tuple[str, str], list[FiledRecord]] = {}
    for record in content:
        response = responses.get(record.owner)
        if response is None:
            continue
        anchor = response.page or response.id
        gathered.setdefault((response.source_id, anchor), []).append(record)
    units = [
        _unit(source_id, anchor, found, responses.get(anchor))
        for (source_id, anchor), found in gathered.items()
    ]
    return sorted(units, key=lambda unit: (unit.at, unit.anchor))


def _unit(
    source_id: str, anchor: str, records: list[FiledRecord], page: FiledRecord | None
) -> Unit:
    at = page.at if page else min(record.at for record in records)
    return Unit(
        source_id=source_id,
        anchor=anchor,
        at=at,
        is_article=any(record.page or record.url for record in records),
        url=page.url if page else None,
        records=tuple(records),
    )


def _filed(path: Path, member: Member) -> FiledRecord:
    headers = member.headers
    is_beside = member.kind not in ("response", "revisit", "resource", "warcinfo")
    beside = member.named("WARC-Concurrent-To")
    if member.kind == "conversion":
        beside = member.named("WARC-Refers-To")
    source = headers.get(SOURCE) or _source_in(member)
    url, role = headers.get("WARC-Target-URI", ""), headers.get(ROLE, "")
    is_event = url.startswith(EVENT_URI)
    is_page = not is_beside and role in ("article", "further", "requisite", "") and bool(url)
    return FiledRecord(
        file=path,
        offset=member.offset,
        size_bytes=len(member.packed),
        id=member.id,
        kind=intern(member.kind),
        at=headers.get("WARC-Date", ""),
        source_id=intern(NOBODY if is_event else source or ""),
        role=intern(role),
        info=_interned(member.named("WARC-Warcinfo-ID")),
        beside=beside if is_beside else None,
        page=member.named(PAGE),
        original=member.named("WARC-Refers-To") if member.kind == "revisit" else None,
        # Files of older releases do not say what is an article: all may be.
        url=url if is_page else None,
    )


def _source_in(member: Member) -> str | None:
    """Files of older releases name the source in the metadata record only."""
    if member.kind != "metadata":
        return None
    try:
        document = json.loads(member.block)
    except ValueError:
        return None
    return document.get("source") if isinstance(document, dict) else None


def _with_sources(records: list[FiledRecord]) -> Iterator[FiledRecord]:
    """A response without the head has the source of the metadata beside it."""
    told = {record.owner: record.source_id for record in records if record.source_id}
    for record in records:
        if record.source_id:
            yield record
        else:
            yield replace(record, source_id=told.get(record.owner, NOBODY))


def _interned(text: str | None) -> str | None:
    return intern(text) if text else None

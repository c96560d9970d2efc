"""What went over the wire, what it was for, and where it is kept. Values only: no I/O, no
decisions. Instants are aware datetimes in UTC."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One request and its response as they went over the wire, to be written to a WARC file.

    `request_headers` and `response_headers` are name and value as bytes, in order; `body` is
    still content-encoded, as served. `reason` is the reason phrase, empty when it was lost. The
    two heads are the very bytes, None where they were lost.
    """

    url: str
    method: str
    status: int
    started: datetime
    request_headers: tuple[tuple[bytes, bytes], ...]
    response_headers: tuple[tuple[bytes, bytes], ...]
    body: bytes
    ip_address: str | None = None
    protocol: str = "HTTP/1.1"
    reason: bytes = b""
    request_head: bytes | None = field(default=None, compare=False)
    response_head: bytes | None = field(default=None, compare=False)


@dataclass(frozen=True, kw_only=True, slots=True)
class Rendering:
    """What a browser drew from a page's document with its scripts: `body` is HTML in UTF-8, made
    by `software`, never served by anybody. `parts` are the scripts and data that were asked for
    meanwhile."""

    at: datetime
    body: bytes
    software: str
    parts: tuple[Exchange, ...] = ()


class Role(StrEnum):
    """What a record in a WARC file is to the journal. `part` is what one fetch exchanged on its
    way to a page: redirects, and scripts and data that a browser asked for."""

    LIST = "list"
    ARTICLE = "article"
    FURTHER = "further"
    REQUISITE = "requisite"
    PART = "part"
    ROBOTS = "robots"


@dataclass(frozen=True, kw_only=True, slots=True)
class Belonging:
    """Whose a capture is and what for: it stands in the heads of its records, so that a package
    is made without parsing a page. `page` is the record id of the page that it belongs to."""

    source_id: str
    role: Role
    page: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Capture:
    """Where the bytes of one response are: WARC record id, file below the data directory,
    offset of the response record, payload digest (`sha256:…`), instant."""

    id: str
    url: str
    status: int
    seen: datetime
    file: str
    offset: int
    digest: str

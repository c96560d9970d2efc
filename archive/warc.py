"""One exchange ⇄ WARC 1.1 records, each its own gzip member. Bytes in, bytes out: opens no file.

warcio writes the record heads. The blocks are made here, because warcio would re-encode header
lines that are not ASCII, and GBK ones come from real servers (promise 4).
"""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.exchange import Belonging, Capture, Exchange, Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from archive.exchange import Rendering

VERSION = "WARC/1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

#: A capture holds no secret of ours and no session of theirs (promise 26); warcinfo
#: names them, so that nobody takes the absence for the server's.
OMITTED = (
    b"cookie", b"cookie2", b"set-cookie", b"set-cookie2", b"authorization", b"proxy-authorization",
)  # fmt: skip
#: Left out as well. A package is not held to these: files of older releases have them.
TOKENS = (
    b"authentication-info", b"proxy-authentication-info", b"x-access-token", b"x-api-key",
    b"x-auth-token", b"x-csrf-token", b"x-xsrf-token",
)  # fmt: skip
#: Bodies come with chunks joined; left as it is, this line would make every checker fail.
_RENAMED = b"transfer-encoding"
_ORIGINAL = b"X-Archive-Orig-"

#: Headers that hold addresses: a password in one is no more for an archive than in a header.
_ADDRESSES = (b"location", b"content-location", b"refresh", b"link", b"referer")
#: Up to the last @ before the path, as browsers take an address apart (and ours does): a password
#: may have one of its own, and a slash may lean the other way.
_CREDENTIALS = re.compile(rb"([/\\]{2})[^/\\?#\s\"'<>]*@")

#: What a browser drew, whatever charset the document came in.
RENDERED_TYPE = "text/html; charset=utf-8"

_MESSAGE = "application/http; msgtype={}"
#: Where a head ends, and where a header goes on in the next line (RFC 9112 §5.2). Old servers
#: leave out the carriage returns.
_END, _FOLD = re.compile(rb"\r?\n\r?\n"), re.compile(rb"\r?\n[ \t]+")

#: Fields of our own (WARC 1.1 §5 allows them): whose a record is, what it is to the journal, and
#: the record id of the page that it belongs to.
SOURCE, ROLE, PAGE = "Kanliu-Source", "Kanliu-Role", "Kanliu-For"

#: WARC 1.1 §6.7.2: the same bytes as another record's.
IDENTICAL = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
#: Where that record was when this one was written, `offset file`: a hint that saves a search.
BODY_AT = "Kanliu-Body-At"

#: The target of a record that holds an event of the archive's own log, before its number.
EVENT_URI = "urn:kanliu:event:"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record to be written: its WARC headers, in order, and its block."""

    headers: dict[str, str]
    block: bytes

    @property
    def id(self) -> str:
        return self.headers["WARC-Record-ID"].strip("<>")


def new_id() -> str:
    """A record id, without its brackets."""
    name: str = WARCWriter(None, gzip=False)._make_warc_id()
    return name.strip("<>")


def warcinfo(file_name: str, started: datetime, about: Mapping[str, str]) -> Record:
    """The first record of a file: who wrote it, with what, by which rules."""
    fields = {
        **about,
        "format": "WARC File Format 1.1",
        "conformsTo": CONFORMS_TO,
        "omitted-headers": ", ".join(name.decode() for name in (*OMITTED, *TOKENS)),
    }
    block = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields.items()).encode()
    headers = _headers("warcinfo", started, "application/warc-fields", block)
    return Record(headers={**headers, "WARC-Filename": file_name}, block=block)


def records_of(
    exchange: Exchange,
    *,
    info_id: str,
    metadata: bytes | None = None,
    rendering: Rendering | None = None,
    belonging: Belonging | None = None,
    id_: str | None = None,
    same_as: Capture | None = None,
) -> list[Record]:
    """The response first: its offset is the capture's; then the request, what we made of it, and
    what a browser drew from it. The response is a revisit where its bytes are `same_as` those of
    another capture."""
    response = _response(exchange, same_as)
    if id_ is not None:
        response.headers["WARC-Record-ID"] = f"<{id_}>"
    own = {"WARC-Warcinfo-ID": f"<{info_id}>", **_belonging(belonging)}
    shared = {
        "WARC-Target-URI": response.headers["WARC-Target-URI"],
        "WARC-Concurrent-To": response.headers["WARC-Record-ID"],
        **own,
    }
    asked = _request_head(exchange)
    request = _headers("request", exchange.started, _MESSAGE.format("request"), asked)
    request["WARC-Payload-Digest"] = payload_digest(b"")  # else warcio adds a wrong one
    records = [
        Record(headers={**response.headers, **own}, block=response.block),
        Record(headers={**request, **shared}, block=asked),
    ]
    if metadata is not None:
        about = _headers("metadata", exchange.started, "application/json", metadata)
        about["WARC-Payload-Digest"] = about["WARC-Block-Digest"]
        records.append(Record(headers={**about, **shared}, block=metadata))
    if rendering is not None:
        drawn = _headers("conversion", rendering.at, RENDERED_TYPE, rendering.body)
        drawn["WARC-Target-URI"] = shared["WARC-Target-URI"]
        # No WARC-Concurrent-To: WARC 1.1 §5.7 forbids it here, §6.7 wants what it came from.
        drawn["WARC-Refers-To"] = response.headers["WARC-Record-ID"]
        drawn["WARC-Payload-Digest"] = drawn["WARC-Block-Digest"]
        records.append(Record(headers={**drawn, **own}, block=rendering.body))
    return records


def event_record(
    document: bytes, *, number: int, at: datetime, source_id: str | None, info_id: str
) -> Record:
    """An event of the log, as the archive's files hold it."""
    headers = _headers("metadata", at, "application/json", document)
    headers["WARC-Payload-Digest"] = headers["WARC-Block-Digest"]
    headers["WARC-Target-URI"] = f"{EVENT_URI}{number}"
    headers["WARC-Warcinfo-ID"] = f"<{info_id}>"
    if source_id is not None:
        headers[SOURCE] = source_id
    return Record(headers=headers, block=document)


def reading_record(
    document: bytes, *, of: Capture, at: datetime, source_id: str, info_id: str
) -> Record:
    """What was made later of a captured page that was read again. It belongs to that page."""
    headers = _headers("metadata", at, "application/json", document)
    headers["WARC-Payload-Digest"] = headers["WARC-Block-Digest"]
    headers["WARC-Target-URI"] = of.url
    headers["WARC-Refers-To"] = f"<{of.id}>"
    headers["WARC-Warcinfo-ID"] = f"<{info_id}>"
    headers |= {SOURCE: source_id, PAGE: f"<{of.id}>"}
    return Record(headers=headers, block=document)


def pack(record: Record, level: int) -> bytes:
    """The record as one gzip member."""
    plain = BytesIO()
    headers = StatusAndHeaders("", list(record.headers.items()), protocol=VERSION)
    size = len(record.block)
    # warcio leaves out the block of a revisit: the head that was served with it.
    kind = record.headers["WARC-Type"].replace("revisit", "response")
    content_type = record.headers["Content-Type"]
    # Without parsed HTTP headers warcio takes the block as it is; with the length it keeps our
    # digests (ARCHIVE.md).
    whole = ArcWarcRecord("warc", kind, headers, BytesIO(record.block), None, content_type, size)
    whole.payload_length = size
    WARCWriter(plain, gzip=False, warc_version=VERSION).write_record(whole)
    member = zlib.compressobj(level, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return member.compress(plain.getbuffer()) + member.flush()


def read_records(file: BinaryIO) -> Iterator[Record]:
    """The records from the file's position on.

    Raises:
        ValueError: what stands there is no WARC record, or broken.
    """
    try:
        for record in ArchiveIterator(file, no_record_parse=True):
            block: bytes = record.raw_stream.read()
            yield Record(headers=dict(record.rec_headers.headers), block=block)
    except (ArchiveLoadFailed, zlib.error) as error:
        # Not the bytes that it quotes: they are for no terminal.
        raise ValueError(str(error).partition(", first line")[0]) from error


def belonging_of(record: Record) -> Belonging | None:
    """Whose a record is; None in files of older releases, and for what is no journal's."""
    if ROLE not in record.headers:
        return None
    page = record.headers.get(PAGE)
    return Belonging(
        source_id=record.headers[SOURCE],
        role=Role(record.headers[ROLE]),
        page=page.strip("<>") if page else None,
    )


def same_as(revisit: Record) -> Capture | None:
    """Where the bytes are that a revisit does not repeat; None where it does not say."""
    offset, _, file = revisit.headers.get(BODY_AT, "").partition(" ")
    if not offset.isdigit():
        return None
    return Capture(
        id=revisit.headers["WARC-Refers-To"].strip("<>"),
        url=revisit.headers["WARC-Refers-To-Target-URI"],
        status=0,
        seen=datetime.fromisoformat(revisit.headers["WARC-Refers-To-Date"]),
        file=file,
        offset=int(offset),
        digest=revisit.headers["WARC-Payload-Digest"],
    )


def exchange_of(response: Record, request: Record | None, body: bytes | None = None) -> Exchange:
    """The exchange that `records_of` was given, without what is omitted. `body` is for a revisit,
    which has none of its own."""
    line, headers, own_body = _split(response.block)
    protocol, _, rest = line.partition(b" ")
    status, _, reason = rest.partition(b" ")
    request_line, request_headers, _ = _split(request.block if request else b"GET ")
    return Exchange(
        url=response.headers["WARC-Target-URI"],
        method=request_line.partition(b" ")[0].decode("ascii"),
        status=int(status),
        started=datetime.fromisoformat(response.headers["WARC-Date"]),
        request_headers=request_headers,
        response_headers=tuple((_original(name), value) for name, value in headers),
        body=own_body if body is None else body,
        ip_address=response.headers.get("WARC-IP-Address"),
        protocol=protocol.decode("ascii"),
        reason=reason,
    )


def payload_digest(body: bytes) -> str:
    """`sha256:…` in hexadecimal, of the body as served."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def head(first: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """An HTTP head made anew, as near as can be to the one that went over the wire."""
    lines = (name + b": " + b" ".join(value.splitlines()) for name, value in headers)
    return b"\r\n".join((first, *lines)) + b"\r\n\r\n"


def shown(head: bytes) -> bytes:
    """A head as it is kept: the very bytes, less what is omitted, less a password in an address,
    and with the one line renamed that would no longer be true of the body beside it."""
    kept: list[bytes] = []
    name = b""
    for line in head.splitlines(keepends=True):
        if line[:1] not in (b" ", b"\t"):  # else it goes on with the line before
            name = line.partition(b":")[0].strip().lower()
            line = _ORIGINAL + line if name == _RENAMED else line
        if name not in OMITTED and name not in TOKENS:
            kept.append(_CREDENTIALS.sub(rb"\1", line) if name in _ADDRESSES else line)
    return b"".join(kept)


def parse_head(head: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    """First line and header lines; a line that goes on is one, and one without a colon is a name
    alone."""
    first, *rest = _FOLD.sub(b" ", head).split(b"\n")
    pairs = (line.rstrip(b"\r").partition(b":") for line in rest if line.strip())
    return first.rstrip(b"\r"), tuple((name, value.strip(b" \t")) for name, _, value in pairs)


def without_credentials(url: str) -> str:
    """The address without `user:password@`."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _response(exchange: Exchange, same_as: Capture | None) -> Record:
    block = _response_head(exchange) + (exchange.body if same_as is None else b"")
    kind = "response" if same_as is None else "revisit"
    fields = _headers(kind, exchange.started, _MESSAGE.format("response"), block)
    fields["WARC-Target-URI"] = without_credentials(exchange.url)
    fields["WARC-Payload-Digest"] = payload_digest(exchange.body)
    if exchange.ip_address is not None:
        fields["WARC-IP-Address"] = exchange.ip_address
    if same_as is not None:
        fields |= _refers_to(same_as)
    return Record(headers=fields, block=block)


def _refers_to(same: Capture) -> dict[str, str]:
    return {
        "WARC-Profile": IDENTICAL,
        "WARC-Truncated": "length",
        "WARC-Refers-To": f"<{same.id}>",
        "WARC-Refers-To-Target-URI": same.url,
        "WARC-Refers-To-Date": _instant(same.seen),
        BODY_AT: f"{same.offset} {same.file}",
    }


def _belonging(belonging: Belonging | None) -> dict[str, str]:
    if belonging is None:
        return {}
    fields = {SOURCE: belonging.source_id, ROLE: belonging.role.value}
    return fields if belonging.page is None else {**fields, PAGE: f"<{belonging.page}>"}


def _response_head(exchange: Exchange) -> bytes:
    line = f"{exchange.protocol} {exchange.status} ".encode() + exchange.reason
    return shown(exchange.response_head or head(line, exchange.response_headers))


def _request_head(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    line = f"{exchange.method} {target} {exchange.protocol}".encode()
    return shown(exchange.request_head or head(line, exchange.request_headers))


def _headers(kind: str, at: datetime, content_type: str, block: bytes) -> dict[str, str]:
    return {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<{new_id()}>",
        "WARC-Date": _instant(at),
        "Content-Type": content_type,
        "WARC-Block-Digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
    }


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z"


def _split(block: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...], bytes]:
    """First line, header lines and body of an HTTP message."""
    found = _END.search(block)
    end = found.end() if found else len(block)
    return *parse_head(block[:end]), block[end:]


def _original(name: bytes) -> bytes:
    return name.removeprefix(_ORIGINAL) if name.lower().endswith(_RENAMED) else name


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())

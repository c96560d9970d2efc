"""One exchange ⇄ WARC 1.1 records, each its own gzip member. Bytes in, bytes out: opens no file.

warcio writes the record heads. The blocks are made here, because warcio would re-encode header
lines that are not ASCII, and GBK ones come from real servers (ARCHIVE.md line 4).
"""

from __future__ import annotations

import hashlib
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

from archive.model import Exchange

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from archive.model import Rendering

VERSION = "WARC/1.1"
CONFORMS_TO = "https://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"

#: A capture holds no secret of ours and no session of theirs (ARCHIVE.md line 26); warcinfo
#: names them, so that nobody takes the absence for the server's.
OMITTED = (
    b"cookie", b"cookie2", b"set-cookie", b"set-cookie2", b"authorization", b"proxy-authorization",
)  # fmt: skip
#: Bodies come with chunks joined; left as it is, this line would make every checker fail.
_RENAMED = b"transfer-encoding"
_ORIGINAL = b"X-Archive-Orig-"

#: What a browser drew, whatever charset the document came in.
RENDERED_TYPE = "text/html; charset=utf-8"

_MESSAGE = "application/http; msgtype={}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Record:
    """One record to be written: its WARC headers, in order, and its block."""

    headers: Mapping[str, str]
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
        "omitted-headers": ", ".join(name.decode() for name in OMITTED),
    }
    block = "".join(f"{name}: {_one_line(value)}\r\n" for name, value in fields.items()).encode()
    headers = _headers("warcinfo", started, "application/warc-fields", block)
    return Record(headers={**headers, "WARC-Filename": file_name}, block=block)


def records_of(
    exchange: Exchange, *, metadata: bytes | None, info_id: str, rendering: Rendering | None = None
) -> list[Record]:
    """The response first: its offset is the capture's; then the request, what we made of it, and
    what a browser drew from it."""
    response, info = _response(exchange), f"<{info_id}>"
    shared = {
        "WARC-Target-URI": response.headers["WARC-Target-URI"],
        "WARC-Concurrent-To": response.headers["WARC-Record-ID"],
        "WARC-Warcinfo-ID": info,
    }
    asked = head(_request_line(exchange), exchange.request_headers)
    request = _headers("request", exchange.started, _MESSAGE.format("request"), asked)
    request["WARC-Payload-Digest"] = payload_digest(b"")  # else warcio adds a wrong one
    records = [
        Record(headers={**response.headers, "WARC-Warcinfo-ID": info}, block=response.block),
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
        drawn["WARC-Warcinfo-ID"] = info
        drawn["WARC-Payload-Digest"] = drawn["WARC-Block-Digest"]
        records.append(Record(headers=drawn, block=rendering.body))
    return records


def pack(record: Record, level: int) -> bytes:
    """The record as one gzip member."""
    plain = BytesIO()
    headers = StatusAndHeaders("", list(record.headers.items()), protocol=VERSION)
    kind, size = record.headers["WARC-Type"], len(record.block)
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
        raise ValueError(str(error)) from error


def exchange_of(response: Record, request: Record | None) -> Exchange:
    """The exchange that `records_of` was given, without what is omitted."""
    line, headers, body = _split(response.block)
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
        body=body,
        ip_address=response.headers.get("WARC-IP-Address"),
        protocol=protocol.decode("ascii"),
        reason=reason,
    )


def payload_digest(body: bytes) -> str:
    """`sha256:…` in hexadecimal, of the body as served."""
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def head(first: bytes, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    """An HTTP head of the very bytes that went over the wire, less what is omitted."""
    kept = ((name, value) for name, value in headers if name.lower() not in OMITTED)
    lines = (name + b": " + b" ".join(value.splitlines()) for name, value in kept)
    return b"\r\n".join((first, *lines)) + b"\r\n\r\n"


def without_credentials(url: str) -> str:
    """The address without `user:password@`."""
    parts = urlsplit(url)
    if "@" not in parts.netloc:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _response(exchange: Exchange) -> Record:
    line = f"{exchange.protocol} {exchange.status} ".encode() + exchange.reason
    headers = tuple(
        (_ORIGINAL + name if name.lower() == _RENAMED else name, value)
        for name, value in exchange.response_headers
    )
    block = head(line, headers) + exchange.body
    fields = _headers("response", exchange.started, _MESSAGE.format("response"), block)
    fields["WARC-Target-URI"] = without_credentials(exchange.url)
    fields["WARC-Payload-Digest"] = payload_digest(exchange.body)
    if exchange.ip_address is not None:
        fields["WARC-IP-Address"] = exchange.ip_address
    return Record(headers=fields, block=block)


def _request_line(exchange: Exchange) -> bytes:
    parts = urlsplit(exchange.url)
    target = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return f"{exchange.method} {target} {exchange.protocol}".encode()


def _headers(kind: str, at: datetime, content_type: str, block: bytes) -> dict[str, str]:
    return {
        "WARC-Type": kind,
        "WARC-Record-ID": f"<{new_id()}>",
        "WARC-Date": at.astimezone(UTC).isoformat(timespec="microseconds")[:-6] + "Z",
        "Content-Type": content_type,
        "WARC-Block-Digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
    }


def _split(block: bytes) -> tuple[bytes, tuple[tuple[bytes, bytes], ...], bytes]:
    """First line, header lines and body of an HTTP message."""
    top, _, body = block.partition(b"\r\n\r\n")
    first, *lines = top.split(b"\r\n")
    headers = (line.partition(b": ") for line in lines)
    return first, tuple((name, value) for name, _, value in headers), body


def _original(name: bytes) -> bytes:
    return name.removeprefix(_ORIGINAL) if name.lower().endswith(_RENAMED) else name


def _one_line(value: Any) -> str:
    return " ".join(str(value).split())

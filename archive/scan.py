"""Every record of the archive's files in turn, wherever it lies: in a WARC file, also one that is
still open, or inside a package. What is cut or broken costs itself alone, and is told.

Each record is a gzip member of its own (warc.py), so reading goes on at the next one.
"""

from __future__ import annotations

import mmap
import os
import zlib
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, BadZipFile, ZipFile

from archive.exchange import Capture
from archive.sweep import OPEN
from archive.warc import Record
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The types of records that a capture can be.
EXCHANGES = frozenset({"response", "revisit"})
#: Where packages lie, below the data directory (docs/decisions/2026-11-26-…).
PACKAGES = "packages"
#: How a member begins: gzip, deflated.
_MAGIC = b"\x1f\x8b\x08"
_RECORD = b"WARC/"
_PIECE_BYTES = 65_536
#: How much of a file that was read stays in memory: a file may be as large as the memory is.
_HELD_BYTES = 16 << 20
#: A local file header of a ZIP, up to the lengths of name and extra field (APPNOTE 4.3.7).
_ZIP_HEADER_BYTES = 30


@dataclass(frozen=True, kw_only=True, slots=True)
class Scanned:
    """A record, and where it is: the file below the data directory, and the offset in it, as a
    Capture has them."""

    file: str
    offset: int
    record: Record


@dataclass(frozen=True, kw_only=True, slots=True)
class Damage:
    """Bytes that are no whole record: at the end of a file a cut tail, before it a broken one."""

    file: str
    offset: int
    size_bytes: int
    is_tail: bool


def archive_files(warc: Path) -> list[Path]:
    """The files that hold records: WARC files, and the packages beside their folder."""
    packages = warc.parent / PACKAGES
    found = [
        *warc.rglob("*.warc.gz"),
        *warc.rglob(f"*.warc.gz{OPEN}"),
        *packages.rglob("*.wacz"),
    ]
    return sorted(path for path in found if path.is_file())


def scan(path: Path, data: Path, *, begin: int = 0) -> Iterator[Scanned | Damage]:
    """The records of one file, in order, from an offset on. `data` is the data directory.

    Raises:
        CaptureError: the file cannot be opened.
    """
    name = path.relative_to(data).as_posix().removesuffix(OPEN)
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            if not size:
                return
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as view:
                for start, end in _spans(path, view, size):
                    yield from _scan(name, view, max(start, begin), end)
    except (OSError, BadZipFile) as error:
        raise CaptureError(
            f"{path}: cannot be read: {error}. Next: restore this file from a copy."
        ) from error


def beside(data: Path, capture: Capture) -> Iterator[Record]:
    """The records that were written with a capture's own: its request, what was made of it, what a
    browser drew. A broken one ends them.

    Raises:
        CaptureError: the file is not there.
    """
    path = data / capture.file
    path = path if path.exists() else path.with_name(path.name + OPEN)
    for each in scan(path, data, begin=capture.offset):
        if isinstance(each, Damage):
            return
        headers = each.record.headers
        if headers["WARC-Type"] in EXCHANGES and each.record.id != capture.id:
            return
        named = (headers.get(name) for name in ("WARC-Concurrent-To", "WARC-Refers-To"))
        if f"<{capture.id}>" in named and headers["WARC-Type"] not in EXCHANGES:
            yield each.record


def capture_of(scanned: Scanned) -> Capture:
    """The capture that a response's record is, or a revisit's.

    Raises:
        ValueError: its head says too little.
    """
    headers = scanned.record.headers
    try:
        return Capture(
            id=scanned.record.id,
            url=headers["WARC-Target-URI"],
            status=int(scanned.record.block[:32].split(b" ", 2)[1][:3]),
            seen=datetime.fromisoformat(headers["WARC-Date"]),
            file=scanned.file,
            offset=scanned.offset,
            digest=headers["WARC-Payload-Digest"],
        )
    except (KeyError, IndexError) as error:
        raise ValueError(f"{scanned.file} at {scanned.offset}: no response stands there") from error


def _spans(path: Path, view: mmap.mmap, size: int) -> Iterator[tuple[int, int]]:
    """Where records stand: all of a WARC file, and of a package what is stored of one."""
    if path.suffix != ".wacz":
        yield 0, size
        return
    with ZipFile(path) as package:
        for info in package.infolist():
            if info.filename.endswith(".warc.gz") and info.compress_type == ZIP_STORED:
                lengths = view[info.header_offset + 26 : info.header_offset + _ZIP_HEADER_BYTES]
                name, extra = (int.from_bytes(lengths[at : at + 2], "little") for at in (0, 2))
                start = info.header_offset + _ZIP_HEADER_BYTES + name + extra
                yield start, start + info.file_size


def _scan(name: str, view: mmap.mmap, start: int, end: int) -> Iterator[Scanned | Damage]:
    at = left = start
    while at < end:
        if at - left > _HELD_BYTES:
            left = _let_go(view, at)
        plain, after = _member(view, at, end)
        record = _parse(plain) if plain is not None else None
        if record is None:
            after = _next_record(view, at, end)
            yield Damage(file=name, offset=at, size_bytes=after - at, is_tail=after == end)
        else:
            yield Scanned(file=name, offset=at, record=record)
        at = after


def _let_go(view: mmap.mmap, at: int) -> int:
    """What was read up to here need not stay in memory; where that ends."""
    end = at - at % mmap.PAGESIZE
    view.madvise(mmap.MADV_DONTNEED, 0, end)
    return end


def _member(view: mmap.mmap, at: int, end: int) -> tuple[bytes | None, int]:
    """The gzip member at a place, its checksum right, and where it ends; None if there is none."""
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    plain = bytearray()
    position = at
    while position < end and not member.eof:
        piece = view[position : min(position + _PIECE_BYTES, end)]
        position += len(piece)
        try:
            plain += member.decompress(piece)
        except zlib.error:
            return None, at
    if not member.eof:
        return None, at
    return bytes(plain), position - len(member.unused_data)


def _parse(plain: bytes) -> Record | None:
    head, sign, rest = plain.partition(b"\r\n\r\n")
    if not head.startswith(_RECORD) or not sign:
        return None
    lines = (line.partition(b":") for line in head.split(b"\r\n")[1:])
    headers = {
        name.decode("utf-8", "replace"): value.strip().decode("utf-8", "replace")
        for name, _, value in lines
    }
    try:
        size = int(headers["Content-Length"])
    except (KeyError, ValueError):
        return None
    if len(rest) < size or "WARC-Record-ID" not in headers or "WARC-Type" not in headers:
        return None
    return Record(headers=headers, block=rest[:size])


def _next_record(view: mmap.mmap, at: int, end: int) -> int:
    """Where the next whole record begins after broken bytes; the end if there is none."""
    place = at
    while (place := view.find(_MAGIC, place + 1, end)) >= 0:
        plain, _ = _member(view, place, end)
        if plain is not None and _parse(plain) is not None:
            return place
    return end

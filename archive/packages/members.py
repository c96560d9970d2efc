"""The records of a WARC file with the bytes that they stand in: each is one gzip member.

Reads only. Broken records are values here, not errors: whoever checks wants to know them all.
"""

from __future__ import annotations

import hashlib
import zlib
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import BinaryIO

_PIECE_BYTES = 262_144
_GZIP = b"\x1f\x8b\x08"
_WARC = b"WARC/1."
_END = b"\r\n\r\n"
#: Enough of a member to see whether it is a record.
_GLANCE_BYTES = 512


@dataclass(frozen=True, kw_only=True, slots=True)
class Member:
    """One whole record: `packed` is the gzip member as it stands in the file, at `offset`."""

    offset: int
    packed: bytes
    headers: dict[str, str]
    block: bytes

    @property
    def kind(self) -> str:
        """response, request, metadata, …"""
        return self.headers.get("WARC-Type", "")

    @property
    def id(self) -> str:
        """The record id, without brackets."""
        return self.named("WARC-Record-ID") or ""

    def named(self, header: str) -> str | None:
        """The record id that a header names, without brackets."""
        value = self.headers.get(header)
        return value.strip("<>") if value else None

    @property
    def is_http(self) -> bool:
        """Whether the block is an HTTP message."""
        return self.headers.get("Content-Type", "").startswith("application/http")

    @property
    def payload(self) -> bytes:
        """The body of a message; else the block."""
        return self.block.partition(_END)[2] if self.is_http else self.block


@dataclass(frozen=True, kw_only=True, slots=True)
class Broken:
    """Bytes from `offset` on that are no whole record."""

    offset: int
    reason: str


class OpenFiles(ExitStack):
    """Files that are read here and there: each is opened once, and closed at the end."""

    def __init__(self) -> None:
        super().__init__()
        self._opened: dict[Path, BinaryIO] = {}

    def open(self, path: Path) -> BinaryIO:
        """The file, at any position."""
        if path not in self._opened:
            self._opened[path] = self.enter_context(path.open("rb"))
        return self._opened[path]


def read_members(
    file: BinaryIO, start: int = 0, end: int | None = None
) -> Iterator[Member | Broken]:
    """Every record from `start` to `end`, or the end of the file; after a broken one it goes on
    with the next that is whole."""
    at = start
    while end is None or at < end:
        found = _read_one(file, at, end)
        if found is None:
            return
        yield found
        if isinstance(found, Member):
            at = found.offset + len(found.packed)
            continue
        following = _find_next(file, at + 1, end)
        if following is None:
            return
        at = following


def read_member(file: BinaryIO, offset: int, end: int | None = None) -> Member:
    """The record at an offset.

    Raises:
        ValueError: there is none, or it is broken.
    """
    found = _read_one(file, offset, end)
    if isinstance(found, Member):
        return found
    raise ValueError(found.reason if found else "the file ends before it")


def digest_of(data: bytes) -> str:
    """`sha256:…` in hexadecimal, as our records and packages have it."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def find_fault(member: Member) -> str | None:
    """Why a record's bytes are not those that its own digests are of; None where they are.

    The payload of a revisit is another record's, so its digest says nothing here.
    """
    block, payload = (member.headers.get(f"WARC-{name}-Digest") for name in ("Block", "Payload"))
    if block is None:
        return None if member.kind == "warcinfo" else "it has no block digest"
    if digest_of(member.block) != block:
        return "its block is not what was written"
    if payload and member.kind != "revisit" and digest_of(member.payload) != payload:
        return "its body is not what was written"
    return None


def _read_one(file: BinaryIO, offset: int, end: int | None) -> Member | Broken | None:
    """None at the end of the file."""
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    packed: list[bytes] = []
    plain: list[bytes] = []
    file.seek(offset)
    left = end - offset if end is not None else None
    while not inflate.eof:
        piece = file.read(_PIECE_BYTES if left is None else min(_PIECE_BYTES, left))
        if not piece:
            return Broken(offset=offset, reason="it is cut off") if packed else None
        try:
            plain.append(inflate.decompress(piece))
        except zlib.error as error:
            return Broken(offset=offset, reason=f"its gzip member is damaged ({error})")
        packed.append(piece)
        if left is not None:
            left -= len(piece)
    unused = len(inflate.unused_data)
    whole = b"".join(packed)
    return _parse(offset, whole[: len(whole) - unused], b"".join(plain))


def _parse(offset: int, packed: bytes, plain: bytes) -> Member | Broken:
    top, mark, rest = plain.partition(_END)
    first, *lines = top.decode("utf-8", "replace").split("\r\n")
    headers = {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}
    if not mark or not first.startswith("WARC/1."):
        return Broken(offset=offset, reason="it is no WARC record")
    length = headers.get("Content-Length", "")
    size = int(length) if length.isdecimal() else -1
    if size < 0 or rest[size:] != _END:
        return Broken(offset=offset, reason="it is not as long as it says")
    return Member(offset=offset, packed=packed, headers=headers, block=rest[:size])


def _find_next(file: BinaryIO, start: int, end: int | None) -> int | None:
    """Where the next record begins: by its magic number, and by what it inflates to."""
    at, kept = start, b""
    while end is None or at < end:
        file.seek(at)
        piece = kept + file.read(_PIECE_BYTES)
        if len(piece) <= len(kept):
            return None
        base = at - len(kept)
        place = piece.find(_GZIP)
        while place != -1:
            if _is_record(file, base + place):
                return base + place
            place = piece.find(_GZIP, place + 1)
        at = base + len(piece)
        kept = piece[-2:]
    return None


def _is_record(file: BinaryIO, offset: int) -> bool:
    file.seek(offset)
    try:
        plain = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(
            file.read(_GLANCE_BYTES), len(_WARC)
        )
    except zlib.error:
        return False
    return plain.startswith(_WARC)

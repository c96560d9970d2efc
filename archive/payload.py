"""The body of a capture without its content coding, as a browser sees it. Pure.

Bodies are kept as they were served (archive/captures.py). A damaged one is read as far as it goes:
what was served broken is shown broken.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

import brotli

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.exchange import Exchange

#: Ours were 8 MiB at most by default, and some pages shrink to a fiftieth: no page grows past it.
_BYTES_MOST = 256 * 1024 * 1024


def find_header(exchange: Exchange, name: bytes) -> bytes | None:
    """The first response header of this name (in lower case); None where there is none."""
    found = (value for key, value in exchange.response_headers if key.lower() == name)
    return next(found, None)


def codings_of(exchange: Exchange) -> tuple[str, ...]:
    """The content codings of the body, in the order in which they were applied."""
    said = find_header(exchange, b"content-encoding") or b""
    codings = (part.strip().lower() for part in said.decode("latin-1").split(","))
    return tuple(each for each in codings if each not in ("", "identity"))


def plain_body(exchange: Exchange) -> bytes | None:
    """The body without its codings; None where one of them is none that we know."""
    body = exchange.body
    for coding in reversed(codings_of(exchange)):
        decode = _CODINGS.get(coding)
        if decode is None:
            return None
        body = decode(body)
    return body


def _gunzip(body: bytes) -> bytes:
    return _inflate(body, zlib.MAX_WBITS | 32)  # gzip and zlib, as it says itself


def _undeflate(body: bytes) -> bytes:
    """`deflate` is zlib by RFC 9110, and bare deflate at some servers."""
    return _inflate(body, zlib.MAX_WBITS) or _inflate(body, -zlib.MAX_WBITS)


def _inflate(body: bytes, window: int) -> bytes:
    unpacked = b""
    while body:
        member = zlib.decompressobj(window)
        try:
            unpacked += member.decompress(body, _BYTES_MOST - len(unpacked))
        except zlib.error:
            break
        if not member.eof or len(unpacked) >= _BYTES_MOST:
            break
        body = member.unused_data
    return unpacked


def _unbrotli(body: bytes) -> bytes:
    try:
        unpacked: bytes = brotli.decompress(body)
    except brotli.error:
        return b""
    return unpacked


_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _undeflate,
    "br": _unbrotli,
}

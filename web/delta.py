"""Deltas of feeds: what a request asks for (`A-IM: feed`), and which rendition it holds.

RFC 3229, with the instance manipulation `feed` that feed readers use. Pure.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from web.encoding import weigh
from web.validators import bare_tags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FEED = "feed"
IM_USED = 226

# An ETag of ours without its quotes: the digest of the feed, and the coding it was sent in.
_TAG = re.compile(r"([0-9a-f]{32})(?:-(?:gzip|br))?")


def wants_delta(request: Mapping[str, str]) -> bool:
    """Whether the client can put entries that are new beside those that it has."""
    asked = request.get("a-im")
    return asked is not None and any(
        name == FEED and weight > 0 for name, weight in map(weigh, asked.split(","))
    )


def held_renditions(request: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The tags that the client holds, as far as they can be ours, and the digests in them."""
    for tag in bare_tags(request.get("if-none-match", "")):
        match = _TAG.fullmatch(tag)
        if match:
            yield tag, match[1]


def delta_headers(headers: list[tuple[bytes, bytes]], tag: str) -> list[tuple[bytes, bytes]]:
    """Those of the whole feed, as a delta to the rendition with this tag has them.

    A cache that knows nothing of deltas must not keep one as if it were the feed; one that does
    heeds `im` over `no-store` (RFC 3229 section 10.8.2).
    """
    changed = {
        b"cache-control": b"no-store, im, %b",
        b"vary": b"%b, A-IM, If-None-Match",
    }
    own = [(b"im", FEED.encode("ascii")), (b"delta-base", f'"{tag}"'.encode("latin-1"))]
    return [*((name, changed.get(name, b"%b") % value) for name, value in headers), *own]

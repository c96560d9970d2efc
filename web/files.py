"""Published files over HTTP: a strong ETag for each content coding, 304, and deltas of feeds.

Serves single files whose names are fixed here; no part of a request ever becomes a path unchecked.
What was read is kept in memory, and asked for again when the file has another time, size or
inode: one look at the file a request. Blocking reads of small local files: faster than handing
them to a thread. For one thread.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.responses import Response

from feeds.compress import compress, sibling_of
from feeds.memo import Memo
from feeds.renditions import digest_of, file_of, find_parts, has_renditions, parse_renditions
from web.delta import IM_USED, delta_headers, held_renditions, wants_delta
from web.encoding import IDENTITY, accepted_codings
from web.headers import SAFETY
from web.links import link_header
from web.validators import Validators

if TYPE_CHECKING:
    from collections.abc import Mapping

FEED_TYPES: Mapping[str, str] = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
STATIC = Path(__file__).parent / "static"
STATIC_TYPES: Mapping[str, str] = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

# Bodies of 100 journals with full texts, or of 600 with summaries; the others are read each time.
_BODIES_BYTES = 32_000_000
# What is known of a file without its body is a few hundred bytes.
_MOST_VERSIONS = 20_000

_Stamp = tuple[int, int, int]
_Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Version:
    """A file as it stood at one time, without its bytes."""

    stamp: _Stamp
    digest: str
    modified: datetime
    link: str | None

    def validators(self, coding: str) -> Validators:
        """The same bytes in another coding are another representation."""
        suffix = "" if coding == IDENTITY else f"-{coding}"
        return Validators(etag=f'"{self.digest}{suffix}"', modified=self.modified)


class _Replaced(Exception):  # noqa: N818 - no error: there is a newer file, which is the one to send
    """The file is not any more what was looked at."""


class _Ready(Response):
    """A response whose headers are bytes already. Starlette would make them anew each time, and
    add a charset where the caller names none."""

    def __init__(self, status: int, headers: _Headers, body: bytes = b"") -> None:
        self.status_code = status
        self.background = None
        self.body = body
        self.raw_headers = list(headers)
        if status != 304:
            self.raw_headers.append((b"content-length", b"%d" % len(body)))


class Files:
    """Answers requests for files."""

    def __init__(self) -> None:
        self._versions: Memo[_Version] = Memo(_MOST_VERSIONS)
        self._head: Memo[_Headers] = Memo(_MOST_VERSIONS)
        self._bodies: Memo[bytes | None] = Memo(_BODIES_BYTES, weigh=lambda body: len(body or b"-"))

    def answer(
        self, file: Path, request: Mapping[str, str], *, content_type: str, cache: str
    ) -> Response | None:
        """The file, what is new in it, or 304 when the request says that it is held; None when
        there is none. Headers and body belong to one and the same version."""
        while True:
            try:
                version = self._versions.recall(file, _stamp(file.stat()), lambda: _look(file))
                return self._answer(file, version, request, content_type=content_type, cache=cache)
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                return None
            except _Replaced:
                continue

    def _answer(
        self,
        file: Path,
        version: _Version,
        request: Mapping[str, str],
        *,
        content_type: str,
        cache: str,
    ) -> Response:
        codings = accepted_codings(request.get("accept-encoding"))
        for coding in codings if "if-none-match" in request else ():
            # Whichever of them is held: that it be this one is ours to choose.
            if version.validators(coding).is_held(request):
                return _Ready(304, self._headers(file, version, coding, cache))
        coding, body = self._body(file, version, codings)
        headers = self._headers(file, version, coding, cache)
        if version.validators(coding).is_held(request):
            return _Ready(304, headers)
        headers = [*headers, (b"content-type", content_type.encode("latin-1"))]
        if coding != IDENTITY:
            headers.append((b"content-encoding", coding.encode("latin-1")))
        if "a-im" in request and has_renditions(file.name) and wants_delta(request):
            delta = self._find_delta(file, version, request, coding)
            if delta is not None and len(delta[1]) < len(body):
                tag, body = delta
                return _Ready(IM_USED, delta_headers(headers, tag), body)
        return _Ready(200, headers, body)

    def _headers(self, file: Path, version: _Version, coding: str, cache: str) -> _Headers:
        """Those of a 304 too."""
        return self._head.recall(
            (file, coding), (version.stamp, cache), lambda: _make_headers(version, coding, cache)
        )

    def _body(self, file: Path, version: _Version, codings: tuple[str, ...]) -> tuple[str, bytes]:
        """The bytes in the first coding in which we have them, else plain."""
        for coding in codings:
            if coding == IDENTITY:
                break
            try:
                return coding, self._bytes(file, version, coding)
            except FileNotFoundError:
                continue  # not yet compressed: that is done when publishing has settled
        return IDENTITY, self._bytes(file, version, IDENTITY)

    def _bytes(self, file: Path, version: _Version, coding: str) -> bytes:
        body = self._bodies.recall(
            (file, coding), version.stamp, lambda: _read(file, version, coding)
        )
        assert body is not None
        return body

    def _find_delta(
        self, file: Path, version: _Version, request: Mapping[str, str], coding: str
    ) -> tuple[str, bytes] | None:
        """The first tag held that we remember, and what is new since."""
        for tag, digest in held_renditions(request):
            make = partial(self._make_delta, file, version, coding, digest)
            delta = self._bodies.recall((file, coding, digest), version.stamp, make)
            if delta is not None:
                return tag, delta
        return None

    def _make_delta(self, file: Path, version: _Version, coding: str, digest: str) -> bytes | None:
        try:
            held = parse_renditions(file_of(file).read_bytes()).get(digest)
        except FileNotFoundError:
            return None
        parts = find_parts(file.name, self._bytes(file, version, IDENTITY))
        if held is None or parts is None:
            return None
        delta = parts.since(held)
        return delta if coding == IDENTITY else compress(coding, delta)


def _make_headers(version: _Version, coding: str, cache: str) -> _Headers:
    headers = {
        **version.validators(coding).headers,
        "Cache-Control": cache,
        "Vary": "Accept-Encoding",
        **({"Link": version.link} if version.link else {}),
        **SAFETY,
    }
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


def _look(file: Path) -> _Version:
    """A file that is new to us. All is asked of the open file: a new one that is moved into its
    place does not mix with it."""
    with file.open("rb") as opened:
        stat = os.fstat(opened.fileno())
        body = opened.read()
    return _Version(
        stamp=_stamp(stat),
        digest=digest_of(body),
        modified=datetime.fromtimestamp(stat.st_mtime, UTC),
        link=link_header(file.name, body),
    )


def _read(file: Path, version: _Version, coding: str) -> bytes:
    """The bytes of this version and no other."""
    place = file if coding == IDENTITY else sibling_of(file, coding)
    with place.open("rb") as opened:
        stamp = _stamp(os.fstat(opened.fileno()))
        if coding == IDENTITY and stamp != version.stamp:
            raise _Replaced
        if stamp[0] != version.stamp[0]:
            raise FileNotFoundError  # the sibling of another version
        return opened.read()


def _stamp(stat: os.stat_result) -> _Stamp:
    return stat.st_mtime_ns, stat.st_size, stat.st_ino

"""Published files over HTTP: the bytes on disk, a strong ETag and a date, 304 for either.

Reads single files whose names are fixed here; no part of a request ever becomes a path unchecked.
Blocking reads of small local files: faster than handing them to a thread.
"""

from __future__ import annotations

import os
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from web.validators import Validators, etag_of, respond

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.responses import Response

FEED_TYPES: Mapping[str, str] = {
    "rss.xml": "application/rss+xml; charset=utf-8",
    "atom.xml": "application/atom+xml; charset=utf-8",
    "feed.json": "application/feed+json; charset=utf-8",
}
OPML_TYPE = "text/x-opml; charset=utf-8"
STATIC = Path(__file__).parent / "static"
STATIC_TYPES: Mapping[str, str] = {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
}

# What names a folder of the published tree: a source id, or `all`.
_FOLDER = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

_Stamp = tuple[int, int, int]


class Files:
    """Answers requests for files, and remembers their ETags for as long as they do not change."""

    def __init__(self) -> None:
        self._etags: dict[Path, tuple[_Stamp, str]] = {}

    def answer(
        self, file: Path, request: Mapping[str, str], *, content_type: str, cache: str
    ) -> Response | None:
        """The file, or 304 when the request says that it is held; None when there is none.

        All is asked of the open file: a new one that is moved into its place does not mix with it.
        """
        try:
            opened = file.open("rb")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
            return None
        with opened:
            stat = os.fstat(opened.fileno())
            modified = datetime.fromtimestamp(stat.st_mtime, UTC)
            return respond(
                request,
                Validators(etag=self._etag(file, opened, stat), modified=modified),
                opened.read,
                content_type=content_type,
                headers={"Cache-Control": cache},
            )

    def _etag(self, file: Path, opened: BinaryIO, stat: os.stat_result) -> str:
        """From the content, so that an equal file written anew is the same; read once a change."""
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self._etags.get(file)
        if known and known[0] == stamp:
            return known[1]
        etag = etag_of(opened.read())
        opened.seek(0)
        self._etags[file] = (stamp, etag)
        return etag


def published_file(public: Path, folder: str, name: str) -> tuple[Path, str] | None:
    """Where a feed of the published tree is, and its content type; None for any other name."""
    content_type = FEED_TYPES.get(name)
    if content_type is None or not _FOLDER.fullmatch(folder):
        return None
    return public / folder / name, content_type

"""The files of the published tree, before anything else is asked: most requests are for them.

Plain ASGI: the routes and exceptions of the pages cost as much as such an answer itself. What is
not there is the pages' matter: not yet, moved, ended, or never.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from typing import TYPE_CHECKING

from feeds.channel import OPML
from web.files import FEED_TYPES

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.types import ASGIApp, Receive, Scope, Send

    from web.files import Files
    from web.known import Known

CLOSED_TYPE = "application/atom+xml; charset=utf-8"
OPML_TYPE = "text/x-opml; charset=utf-8"

# A source id (or `all`) and a feed, or a closed document of its history: a month, and its part.
_FILE = re.compile(
    r"/([a-z0-9]+(?:-[a-z0-9]+)*)"
    r"/(?:(rss\.xml|atom\.xml|feed\.json)|archive/[0-9]{4}-[0-9]{2}(?:\.[0-9]{1,6})?\.atom)"
)
# A group, whose name may be anything that feeds.selected.path_name lets through, or a saved search.
_COMMON_FILE = re.compile(
    r"/(?:groups|searches)/(?!\.)[^/\\\x00]{1,80}/(rss\.xml|atom\.xml|feed\.json)"
)
# It changes for a take-down alone, which reaches everybody within this time (RFC 5005 documents
# are read once, so more would save nothing).
_CLOSED_FRESH = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a file of the published tree is. `fresh` is None where that is its journal's matter."""

    folder: str
    file: Path
    content_type: str
    fresh: timedelta | None = None


class PublishedFiles:
    """Answers for them, and hands everything else on."""

    def __init__(self, app: ASGIApp, *, public: Path, known: Known, files: Files) -> None:
        self._app = app
        self._public = public
        self._known = known
        self._files = files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._app
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            place = find_place(self._public, scope["path"])
            if place is not None:
                fresh = place.fresh or self._known.fresh_for(place.folder)
                app = (
                    self._files.answer(
                        place.file,
                        _headers(scope),
                        content_type=place.content_type,
                        cache=f"public, max-age={fresh // timedelta(seconds=1)}",
                    )
                    or app
                )
        await app(scope, receive, send)


@lru_cache(maxsize=20_000)
def find_place(public: Path, path: str) -> Place | None:
    """The file for the path of a request; None for all that is none of the tree's own names."""
    if path == f"/{OPML}":
        return Place(folder="all", file=public / OPML, content_type=OPML_TYPE)
    common = _COMMON_FILE.fullmatch(path)
    if common is not None:
        return Place(folder="all", file=public / path[1:], content_type=FEED_TYPES[common[1]])
    match = _FILE.fullmatch(path)
    if match is None:
        return None
    folder, name = match.groups()
    file = public / path[1:]
    if name is None:
        return Place(folder=folder, file=file, content_type=CLOSED_TYPE, fresh=_CLOSED_FRESH)
    return Place(folder=folder, file=file, content_type=FEED_TYPES[name])


def _headers(scope: Scope) -> Mapping[str, str]:
    """By lower-case name; of several lines of one name, the list that they make together."""
    found: dict[str, str] = {}
    for name, value in scope["headers"]:
        key = name.decode("latin-1")
        text = value.decode("latin-1")
        found[key] = f"{found[key]}, {text}" if key in found else text
    return found

"""The published feeds as WebSub knows them: a topic is the address of one document, and by this
name, its path in the published tree, the store keeps what was told of it. Reads files, writes none.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from feeds.channel import ATOM, JSON, MEDIA_TYPES, RSS, hubs_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from foundation.settings import Settings

# Closed documents of a history do not change, and the OPML file is no feed.
_NAMES = (RSS, ATOM, JSON)

# A source id, or `all`; a group, whose name may be anything that selected.path_name lets through,
# or a saved search: nothing else of an address becomes part of a path, or of a line in the log.
_FOLDER = r"[a-z0-9]+(?:-[a-z0-9]+)*|(?:groups|searches)/(?!\.)[^/\\\x00-\x1f\x7f-\x9f]{1,80}"
_TOPIC = re.compile(rf"(?:{_FOLDER})/(?:{'|'.join(map(re.escape, _NAMES))})")
# What it may look like from the public folder, before its name is looked at.
_DEPTHS = ("*", "groups/*", "searches/*")

_Stamp = tuple[int, int, int]


@dataclass(frozen=True, kw_only=True, slots=True)
class Content:
    """What a topic holds: the whole document, and the digest that tells one state from another."""

    body: bytes
    digest: str


class Topics:
    """The topics below one folder. Digests are remembered for as long as a file is as it was, so
    that to ask again costs a look at the file's time; threads that ask at once read twice at worst.
    """

    def __init__(self, settings: Settings) -> None:
        self._public = settings.public
        self._base = f"{settings.public_url.rstrip('/')}/"
        self._hubs = hubs_of(settings)
        self._digests: dict[str, tuple[_Stamp, str]] = {}

    def all(self) -> list[str]:
        """Every feed that is published."""
        patterns = (f"{folder}/{name}" for folder in _DEPTHS for name in _NAMES)
        return sorted(self.of(path for each in patterns for path in self._public.glob(each)))

    def of(self, paths: Iterable[Path]) -> Iterator[str]:
        """Those of these published files that are topics."""
        for path in paths:
            topic = path.relative_to(self._public).as_posix()
            if _TOPIC.fullmatch(topic):
                yield topic

    def find(self, url: str) -> str | None:
        """The topic of an address, letter by letter, whether or not it is published; None where
        it can be no feed of ours."""
        if not url.startswith(self._base):
            return None
        topic = unquote(url.removeprefix(self._base))
        return topic if _TOPIC.fullmatch(topic) and self.url(topic) == url else None

    def url(self, topic: str) -> str:
        """Its public address."""
        return f"{self._base}{quote(topic)}"

    def digest(self, topic: str) -> str | None:
        """What it holds now; None where it is not published any more."""
        path = self._public / topic
        try:
            stat = path.stat()
        except (FileNotFoundError, NotADirectoryError):
            return None
        stamp = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
        known = self._digests.get(topic)
        if known is not None and known[0] == stamp:
            return known[1]
        content = self.read(topic)
        return content.digest if content else None

    def digests(self, topics: Iterable[str]) -> dict[str, str]:
        """What each of these holds now, of those that are published."""
        known = ((topic, self.digest(topic)) for topic in topics)
        return {topic: digest for topic, digest in known if digest is not None}

    def read(self, topic: str) -> Content | None:
        """The whole document; None where it is not published any more."""
        try:
            with (self._public / topic).open("rb") as opened:
                stat = os.fstat(opened.fileno())
                body = opened.read()
        except (FileNotFoundError, NotADirectoryError):
            self._digests.pop(topic, None)
            return None
        digest = hashlib.sha256(body).hexdigest()
        self._digests[topic] = ((stat.st_mtime_ns, stat.st_size, stat.st_ino), digest)
        return Content(body=body, digest=digest)

    def headers(self, topic: str) -> dict[str, str]:
        """Its own content type, and the links to its hubs and itself that stand in it too."""
        links = [*((hub, "hub") for hub in self._hubs), (self.url(topic), "self")]
        return {
            "Content-Type": f"{MEDIA_TYPES[topic.rpartition('/')[2]]}; charset=utf-8",
            "Link": ", ".join(f'<{url}>; rel="{relation}"' for url, relation in links),
        }

"""What a feed held at earlier times, so that a reader is sent only what is new since (RFC 3229).

Beside each feed lies a small file of its last renditions: for each its digest, which is what its
ETag says, and the digests of its entries. Written at each publication, so that a restarted server
knows them too; when it is lost, readers get the whole feed once more. The entries are told apart
by how feeds/build.py sets them, without parsing.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

#: A journal that changes hourly is remembered for two days; a reader that stayed away for longer
#: gets the whole feed.
MOST = 50
#: What fifty renditions of sixty entries take; feeds with more entries are remembered shorter.
MOST_BYTES = 64_000

# 64 bits tell sixty entries apart; the feed's own digest is an ETag and must be unique for good.
_ENTRY_DIGITS = 16
_FEED_DIGITS = 32

_REMEMBERED = frozenset({"rss.xml", "atom.xml"})

# Where an entry begins in each format, at the depth that build.py writes it, and where they end;
# a tombstone (RFC 6721) counts as one. No text can hold a `<` of its own.
_ATOM = re.compile(rb"\n(?=  <(?:entry|at:deleted-entry)[ >])"), b"\n</feed>"
_RSS = re.compile(rb"\n(?=    <item>)"), b"\n  </channel>"


@dataclass(frozen=True, kw_only=True, slots=True)
class Parts:
    """A feed cut up: what stands before its entries, they, and what closes it."""

    head: bytes
    entries: tuple[bytes, ...]
    tail: bytes

    @property
    def digests(self) -> tuple[str, ...]:
        """One for each entry, in order."""
        return tuple(_digest(entry, _ENTRY_DIGITS) for entry in self.entries)

    def since(self, held: frozenset[str]) -> bytes:
        """The feed with those entries alone that are not among the ones held."""
        new = (
            entry
            for entry, digest in zip(self.entries, self.digests, strict=True)
            if digest not in held
        )
        return b"\n".join((self.head, *new)) + self.tail


def digest_of(document: bytes) -> str:
    """What tells one rendition from every other: 128 bits of SHA-256."""
    return _digest(document, _FEED_DIGITS)


def has_renditions(name: str) -> bool:
    """Whether the documents of this name are remembered: no reader asks for deltas of others."""
    return name in _REMEMBERED


def find_parts(name: str, document: bytes) -> Parts | None:
    """A feed's parts, by the name of its file; None for what is neither RSS nor Atom of ours."""
    if name == "rss.xml":
        beginning, end = _RSS
    elif name.endswith(("atom.xml", ".atom")):
        beginning, end = _ATOM
    else:
        return None
    body, found, rest = document.rpartition(end)
    if not found:
        return None
    head, *entries = beginning.split(body)
    return Parts(head=head, entries=tuple(entries), tail=found + rest)


def file_of(feed: Path) -> Path:
    """Where a feed's renditions are; a name that is never served."""
    return feed.with_name(f".{feed.name}.renditions")


def add_rendition(name: str, document: bytes, known: bytes) -> bytes:
    """The content of a file of renditions with one more, the newest first."""
    parts = find_parts(name, document)
    if parts is None:
        return known
    line = " ".join((digest_of(document), *parts.digests)).encode("ascii")
    others = (old for old in known.splitlines() if old[:_FEED_DIGITS] != line[:_FEED_DIGITS])
    kept: list[bytes] = []
    room = MOST_BYTES
    for each in islice((line, *others), MOST):
        room -= len(each) + 1
        if room < 0:
            break
        kept.append(each)
    return b"".join(each + b"\n" for each in kept)


def parse_renditions(content: bytes) -> dict[str, frozenset[str]]:
    """The digests of the entries of each rendition, by its own. What a power cut has garbled
    matches no ETag, and is held by nobody."""
    lines = (line.split() for line in content.decode("ascii", "replace").splitlines())
    return {line[0]: frozenset(line[1:]) for line in lines if line}


def _digest(data: bytes, digits: int) -> str:
    return hashlib.sha256(data).hexdigest()[:digits]

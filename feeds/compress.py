"""The compressed siblings of published files: `atom.xml.gz`, `atom.xml.br`.

Made apart from publishing, when it has settled: compressing a journal's three documents costs
more than rendering them, and nobody waits for it. A sibling has the time of its file; so whoever
serves it can tell that the two belong together. `feeds.write` takes the old ones away before it
puts a new file in its place: nobody is ever given old bytes for new ones.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path
from typing import TYPE_CHECKING

import brotli

from feeds.write import IN_TURN, SUFFIXES, make_temporary, refused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_COMPRESSED = (".xml", ".json", ".atom")

# Measured on feeds of 30 entries with summaries (69 kB) and full texts (298 kB): a step higher
# costs half as much again for one to three hundredths of the bytes
# (docs/decisions/2026-11-26-how-feeds-are-served.md).
_GZIP_LEVEL = 4
_BROTLI_QUALITY = 5

_CODERS: Mapping[str, Callable[[bytes], bytes]] = {
    # mtime: the header would hold the time of compressing.
    "gzip": lambda data: gzip.compress(data, _GZIP_LEVEL, mtime=0),
    "br": lambda data: brotli.compress(data, quality=_BROTLI_QUALITY),
}


def compress(coding: str, data: bytes) -> bytes:
    """The bytes in a content coding; equal bytes give equal ones."""
    return _CODERS[coding](data)


def sibling_of(file: Path, coding: str) -> Path:
    """Where the file stands in a content coding."""
    return file.with_name(file.name + SUFFIXES[coding])


def compress_file(file: Path) -> int:
    """Make a file's siblings, where they lack or belong to an older one; how many were made. May
    run beside a publication; a file that is replaced meanwhile is left for the next time.

    Raises:
        StoreError: the disk does not take them.
    """
    return sum(_compress(file, coding) for coding in SUFFIXES)


def uncompressed_files(public: Path) -> Iterator[Path]:
    """The files of the published tree that lack a sibling: for the start, since a crash may have
    come before they were made."""
    for folder, _, names in os.walk(public):
        present = set(names)
        for name in names:
            if name.startswith(".") or not name.endswith(_COMPRESSED):
                continue
            if any(name + suffix not in present for suffix in SUFFIXES.values()):
                yield Path(folder, name)


def _compress(file: Path, coding: str) -> bool:
    sibling = sibling_of(file, coding)
    try:
        with file.open("rb") as opened:
            stat = os.fstat(opened.fileno())
            if _is_of(sibling, stat):
                return False
            data = compress(coding, opened.read())
    except FileNotFoundError:
        return False
    try:
        with IN_TURN:
            # The inode too: the clocks of file systems stand still for up to 4 ms.
            if not (_is_of(file, stat) and file.stat().st_ino == stat.st_ino):
                return False
            temporary = make_temporary(sibling, data)
            os.utime(temporary, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
            temporary.replace(sibling)
    except OSError as error:
        raise refused(sibling, error) from error
    return True


def _is_of(file: Path, stat: os.stat_result) -> bool:
    """Whether a file is there and has this time."""
    try:
        return file.stat().st_mtime_ns == stat.st_mtime_ns
    except FileNotFoundError:
        return False

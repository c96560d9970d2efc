"""Files that readers poll: replaced whole, and only when their bytes differ.

A temporary file never has a name that is served (`.rss.xml.123.tmp`). Whoever reads at any
instant gets the old file or the new one; an unchanged one keeps its time and thereby its ETag.
What was made of the old file (feeds/compress.py) goes before the new one comes.
"""

from __future__ import annotations

import os
from threading import Lock
from typing import TYPE_CHECKING

from feeds.renditions import add_rendition, digest_of, file_of, has_renditions
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TEMPORARY = ".*.tmp"

#: What the compressed siblings of a file end in, by content coding.
SUFFIXES: Mapping[str, str] = {"gzip": ".gz", "br": ".br"}
#: Held while a file, or its compressed sibling, is put in its place: so a sibling that was made
#: of the old file never comes to stand beside the new one.
IN_TURN = Lock()


def write_if_changed(path: Path, data: bytes) -> bool:
    """Whether the file was written; its folder is made when missing. It is whole at any instant;
    that it is the new one after a power cut too, `sync_folder` says."""
    try:
        before = _read(path)
        if before == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _remember(path, before, data)
        _replace(path, data)
    except OSError as error:
        raise refused(path, error) from error
    return True


def refused(path: Path, error: OSError) -> StoreError:
    """What the operator is told when the disk does not take a file."""
    return StoreError(
        f"{path}: cannot be written: {error.strerror or error}. The published file is as it "
        "was; mend the disk, then run: kanliu publish"
    )


def sync_folder(folder: Path) -> None:
    """The renames of what was written survive a power cut only when their folder is synced too:
    once for all of its files."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreError(
            f"{folder}: cannot be written: {error.strerror or error}. Mend the disk, then run: "
            "kanliu publish"
        ) from error


def sweep(folder: Path) -> tuple[Path, ...]:
    """Remove what a killed process left of its temporary files, here and below."""
    with IN_TURN:  # what is being compressed just now is no leftover
        leftovers = tuple(sorted(folder.rglob(_TEMPORARY)))
        for leftover in leftovers:
            leftover.unlink(missing_ok=True)
    return leftovers


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def make_temporary(path: Path, data: bytes) -> Path:
    """The bytes on the disk under a name that is not served, to be moved to `path`."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        # The umask decides who may read it: a web server of its own usually may.
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _replace(path: Path, data: bytes) -> None:
    temporary = make_temporary(path, data)
    try:
        _date_later(temporary, path)
        with IN_TURN:
            for suffix in SUFFIXES.values():
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def _date_later(temporary: Path, path: Path) -> None:
    """Dates of HTTP have whole seconds: of two files within one, whoever holds the first by its
    date alone would be told that nothing changed. newsboat 2.21 asks so at times."""
    try:
        before = int(path.stat().st_mtime)
    except FileNotFoundError:
        return
    if int(temporary.stat().st_mtime) <= before:
        os.utime(temporary, (before + 1, before + 1))


def _remember(path: Path, before: bytes | None, data: bytes) -> None:
    """Before the file itself: a rendition that was never served does no harm. Not synced: what a
    power cut takes from it costs some readers a whole feed."""
    if not has_renditions(path.name):
        return
    file = file_of(path)
    known = _read(file) or b""
    if before is not None and not known.startswith(digest_of(before).encode("ascii")):
        known = add_rendition(path.name, before, known)
    temporary = file.with_name(f"{file.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(add_rendition(path.name, data, known))
        temporary.replace(file)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise

"""Files that readers poll: replaced whole, and only when their bytes differ.

A temporary file never has a name that is served (`.rss.xml.123.tmp`). Whoever reads at any
instant gets the old file or the new one; an unchanged one keeps its time and thereby its ETag.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from foundation.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path

_TEMPORARY = ".*.tmp"


def write_if_changed(path: Path, data: bytes) -> bool:
    """Whether the file was written; its folder is made when missing. It is whole at any instant;
    that it is the new one after a power cut too, `sync_folder` says."""
    try:
        if _read(path) == data:
            return False
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, data)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written: {error.strerror or error}. The published file is as it "
            "was; mend the disk, then run: kanliu publish"
        ) from error
    return True


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
    leftovers = tuple(sorted(folder.rglob(_TEMPORARY)))
    for leftover in leftovers:
        leftover.unlink(missing_ok=True)
    return leftovers


def _read(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _replace(path: Path, data: bytes) -> None:
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        # The umask decides who may read it: a web server of its own usually may.
        with temporary.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise

"""After a crash: capture files that were left open are cut to their last whole record and get
their final name. What was cut off is kept aside, and told. Repairs nothing, deletes nothing."""

from __future__ import annotations

import fcntl
import os
import zlib
from typing import TYPE_CHECKING, BinaryIO

from archive.model import Event
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

#: What a file's name ends in while it is written, and what is kept beside it after a cut.
OPEN = ".open"
TAIL = ".tail"

#: A member inflates to a thousand times its size at most; this keeps a piece in memory.
_PIECE_BYTES = 65_536


def sweep(folder: Path, *, now: datetime) -> tuple[Event, ...]:
    """Close every capture file that nobody writes any more; an event for each tail.

    Raises:
        CaptureError: the disk refused.
    """
    events = []
    for path in sorted(folder.rglob(f"*{OPEN}")):
        try:
            with path.open("r+b") as file:
                if _is_being_written(file):
                    continue
                event = _close(path, file, now)
        except OSError as error:
            raise CaptureError(
                f"{path}: what a crash left open cannot be closed: {error.strerror}. Next: free "
                f"space there and let user id {os.geteuid()} write."
            ) from error
        if event is not None:
            events.append(event)
    return tuple(events)


def whole_bytes(file: BinaryIO) -> int:
    """How many bytes from the start are whole gzip members, their checksums right."""
    file.seek(0)
    whole = read = 0
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while piece := file.read(_PIECE_BYTES):
        read += len(piece)
        while piece:
            try:
                member.decompress(piece)
            except zlib.error:
                return whole
            piece = member.unused_data
            if member.eof:
                whole = read - len(piece)
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return whole


def fsync_folder(folder: Path) -> None:
    """A new name is on disk only when its folder is."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _is_being_written(file: BinaryIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    return False


def _close(path: Path, file: BinaryIO, now: datetime) -> Event | None:
    final = path.with_name(path.name.removesuffix(OPEN))
    whole, size = whole_bytes(file), path.stat().st_size
    if whole < size:
        _keep_tail(file, whole, final.with_name(final.name + TAIL))
    if whole:
        file.truncate(whole)
        os.fsync(file.fileno())
        path.rename(final)
    else:
        path.unlink()
    fsync_folder(path.parent)
    if whole == size:
        return None
    detail = {"file": final.name, "whole_bytes": str(whole), "tail_bytes": str(size - whole)}
    return Event(at=now, kind="capture-tail-kept", detail=detail)


def _keep_tail(file: BinaryIO, whole: int, aside: Path) -> None:
    file.seek(whole)
    with aside.open("wb") as tail:
        while piece := file.read(_PIECE_BYTES):
            tail.write(piece)
        tail.flush()
        os.fsync(tail.fileno())

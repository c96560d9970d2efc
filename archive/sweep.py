"""After a crash: capture files that were left open are cut to their last whole record and get
their final name. What was cut off is kept aside, and told. Repairs nothing, deletes nothing."""

from __future__ import annotations

import fcntl
import hashlib
import os
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from archive.model import Event
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

#: What a file's name ends in while it is written, and what is kept beside it after a cut.
OPEN = ".open"
TAIL = ".tail"

#: The kind of event that says which bytes a file had when it got its final name.
SEALED = "capture-sealed"

#: A member inflates to a thousand times its size at most; this keeps a piece in memory.
_PIECE_BYTES = 65_536


def sweep(
    folder: Path, *, now: datetime, tell: Callable[[Event], object] = lambda _: None
) -> tuple[Event, ...]:
    """Close every capture file that nobody writes any more. What there is to tell of it: the
    tails that were cut off, and the digests of what was sealed. `tell` is given each before that
    is done which the next sweep could not see: a crash has it told twice rather than never.

    Raises:
        CaptureError: the disk refused.
    """
    events: list[Event] = []
    for path in sorted(folder.rglob(f"*{OPEN}")):
        try:
            with path.open("r+b") as file:
                if _is_being_written(file):
                    continue
                events += _close(path, file, folder, now, tell)
        except FileNotFoundError:
            continue  # another process has closed it meanwhile
        except OSError as error:
            raise CaptureError(
                f"{path}: what a crash left open cannot be closed: {error.strerror}. Next: free "
                f"space there and let user id {os.geteuid()} write."
            ) from error
    return tuple(events)


def sealed_event(now: datetime, *, file: str, digest: str, size_bytes: int, records: int) -> Event:
    """A file has its final name: from now on its bytes never change. `file` is named from the
    data directory on."""
    detail = {
        "file": file,
        "sha256": digest,
        "size_bytes": str(size_bytes),
        "records": str(records),
    }
    return Event(at=now, kind=SEALED, detail=detail)


@dataclass(frozen=True, kw_only=True, slots=True)
class Whole:
    """What of a file is whole gzip members: so many bytes, in so many members."""

    size_bytes: int
    records: int


def find_whole(file: BinaryIO) -> Whole:
    """How much from the start is whole gzip members, their checksums right."""
    file.seek(0)
    whole = read = records = 0
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while piece := file.read(_PIECE_BYTES):
        read += len(piece)
        while piece:
            try:
                member.decompress(piece)
            except zlib.error:
                return Whole(size_bytes=whole, records=records)
            piece = member.unused_data
            if member.eof:
                whole = read - len(piece)
                records += 1
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    return Whole(size_bytes=whole, records=records)


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


def _close(
    path: Path, file: BinaryIO, folder: Path, now: datetime, tell: Callable[[Event], object]
) -> list[Event]:
    final = path.with_name(path.name.removesuffix(OPEN))
    found, size = find_whole(file), path.stat().st_size
    whole = found.size_bytes
    told = []
    if whole < size:
        _keep_tail(file, whole, final.with_name(final.name + TAIL))
        detail = {"file": final.name, "whole_bytes": str(whole), "tail_bytes": str(size - whole)}
        told.append(Event(at=now, kind="capture-tail-kept", detail=detail))
        tell(told[-1])
    if whole:
        file.truncate(whole)
        os.fsync(file.fileno())
        digest = _digest_of(file)
        name = final.relative_to(folder.parent).as_posix()
        told.append(
            sealed_event(now, file=name, digest=digest, size_bytes=whole, records=found.records)
        )
        tell(told[-1])
        path.rename(final)
    else:
        path.unlink()
    fsync_folder(path.parent)
    return told


def _keep_tail(file: BinaryIO, whole: int, aside: Path) -> None:
    file.seek(whole)
    with aside.open("wb") as tail:
        while piece := file.read(_PIECE_BYTES):
            tail.write(piece)
        tail.flush()
        os.fsync(tail.fileno())


def _digest_of(file: BinaryIO) -> str:
    file.seek(0)
    digest = hashlib.sha256()
    while piece := file.read(_PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()

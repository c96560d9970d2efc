"""One instance a data directory, and deeds that are done beside it. The kernel holds a lock and
lets go of it when the holder dies, however it dies; what the file says is only for the person who
is refused."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import socket
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from foundation.errors import DataLockedError, StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE_NAME = "kanliu.lock"
#: Whoever does something beside the holder of the data has a share in this one, and whoever puts
#: another database into the place of this one has it alone: a deed would be lost with the old one.
BESIDE_NAME = "kanliu.beside.lock"


@contextmanager
def open_lock(data: Path, what: str, *, now: datetime | None = None) -> Iterator[Path]:
    """Hold the data directory while the block runs; `what` is the command that does.

    The file stays when the lock is let go: removing it would let two processes hold one each.

    Raises:
        DataLockedError: another process holds it; the message says which.
        StoreError: the directory cannot be written.
    """
    with _hold(data / FILE_NAME, what, fcntl.LOCK_EX, now) as file:
        yield file


@contextmanager
def open_beside(data: Path, what: str) -> Iterator[Path]:
    """Do something to what is kept, beside whoever holds the data directory. The store is opened
    inside: before, it could be one whose place another takes.

    Raises:
        DataLockedError: the database is being made again; the message says by whom.
        StoreError: the directory cannot be written.
    """
    with _hold(data / BESIDE_NAME, what, fcntl.LOCK_SH) as file:
        yield file


@contextmanager
def open_alone(data: Path, what: str) -> Iterator[Path]:
    """Hold the data directory, with nobody beside.

    Raises:
        DataLockedError, StoreError: see open_lock.
    """
    with (
        _hold(data / FILE_NAME, what, fcntl.LOCK_EX) as file,
        _hold(data / BESIDE_NAME, what, fcntl.LOCK_EX),
    ):
        yield file


@contextmanager
def _hold(file: Path, what: str, how: int, now: datetime | None = None) -> Iterator[Path]:
    descriptor = _open(file)
    try:
        is_first = how == fcntl.LOCK_EX or _is_free(descriptor)
        _lock(descriptor, file, how)
        if is_first:
            _write(descriptor, _holder(what, now or datetime.now(UTC)))
        yield file
        if is_first:
            _write(descriptor, b"")
    finally:
        os.close(descriptor)


def _open(file: Path) -> int:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        return os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(
            f"{file}: the data directory cannot be written ({error.strerror}). Next: make it "
            f"writable for user id {os.geteuid()}, or name another one (--data, KANLIU_DATA)."
        ) from error


def _lock(descriptor: int, file: Path, how: int) -> None:
    try:
        fcntl.flock(descriptor, how | fcntl.LOCK_NB)
    except BlockingIOError:
        raise DataLockedError(_refusal(file, os.pread(descriptor, 4096, 0))) from None
    except OSError as error:
        if error.errno not in (errno.ENOLCK, errno.ENOTSUP, errno.EINVAL):
            raise
        raise StoreError(
            f"{file}: this file system has no locks ({error.strerror}). Next: keep the data on a "
            "local disk."
        ) from error


def _is_free(descriptor: int) -> bool:
    """Whether nobody has a share yet. The first one says who it is: all would not fit."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False  # why, the lock itself will say
    return True


def _write(descriptor: int, text: bytes) -> None:
    """What the file says. A full disk must not keep the service from starting: it is only told."""
    try:
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, text, 0)
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise


def _holder(what: str, now: datetime) -> bytes:
    holder = {
        "pid": os.getpid(),
        "host": socket.gethostname(),
        "since": now.astimezone(UTC).isoformat(timespec="seconds"),
        "command": what,
    }
    return json.dumps(holder, ensure_ascii=False).encode()


def _refusal(file: Path, text: bytes) -> str:
    try:
        holder = json.loads(text)
        who = (
            f"`{holder['command']}`, process {holder['pid']} on {holder['host']}, "
            f"since {holder['since']}"
        )
        todo = f"wait for it, or end it (kill {holder['pid']} there)"
    except (ValueError, KeyError, TypeError):
        who, todo = "another process", f"find it (fuser {file})"
    return (
        f"{file.parent}: {who}, is using this data directory. Next: {todo}; "
        "or name another directory (--data, KANLIU_DATA)."
    )

"""One WARC file while it is written: whole records or nothing, and a final name once it is whole
on disk. Knows no record: captures.py does."""

from __future__ import annotations

import fcntl
import hashlib
import os
from typing import TYPE_CHECKING

from archive.sweep import OPEN, fsync_folder, sealed_event

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.model import Event


class WarcFile:
    """`size` counts whole records only; `is_empty` until one of them is more than the file's own
    words about itself."""

    def __init__(self, name: Path, info_id: str) -> None:
        self.name = name
        self.info_id = info_id
        self.size = 0
        self.is_empty = True
        self._records = 0
        self._digest = hashlib.sha256()
        self._path = name.with_name(name.name + OPEN)
        self._descriptor = _create(self._path)
        fsync_folder(name.parent)

    def append(self, members: Sequence[bytes]) -> int:
        """All of these records, or none: what a full disk took of them is taken back. Where the
        first begins."""
        begin, whole = self.size, b"".join(members)
        rest = memoryview(whole)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            os.lseek(self._descriptor, self.size, os.SEEK_SET)
            raise
        self.size += len(whole)
        self._records += len(members)
        self._digest.update(whole)
        return begin

    def sync(self) -> None:
        """Return when everything appended would survive a power cut."""
        os.fsync(self._descriptor)

    def seal(self, now: datetime, folder: Path) -> Event | None:
        """Whole on disk, then the final name; a file without a capture is none. What there is to
        tell of it, named from `folder` on."""
        try:
            if self.is_empty:
                self._path.unlink()
            else:
                os.fsync(self._descriptor)
                self._path.rename(self.name)
            fsync_folder(self.name.parent)
        finally:
            os.close(self._descriptor)
        if self.is_empty:
            return None
        return sealed_event(
            now,
            file=self.name.relative_to(folder.parent).as_posix(),
            digest=self._digest.hexdigest(),
            size_bytes=self.size,
            records=self._records,
        )


def _create(path: Path) -> int:
    """A new file, locked, so that a sweep leaves it alone. One that came between took the file for
    what a crash had left, and away: then once more."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
    while True:
        descriptor = os.open(path, flags, 0o644)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        if os.fstat(descriptor).st_nlink:
            return descriptor
        os.close(descriptor)

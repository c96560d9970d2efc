"""Captures: responses as they were served, in WARC files. Written before anything of them is
published, never altered after. What an article means is not this module's matter.

A file is `….warc.gz.open` while it is written and gets its final name once it is whole on disk.
One writer a file, never appended to again: appending after a cut made every later record
unreadable (ARCHIVE.md). archive/sweep.py closes what a crash left open.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from archive import warc
from archive.model import Capture
from archive.sweep import OPEN, fsync_folder, sweep
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from types import TracebackType

    from archive.model import Event, Exchange, Rendering
    from foundation.settings import Settings

__all__ = ["CaptureWriter", "find_rendering", "open_captures", "read_capture", "sweep"]

log = logging.getLogger(__name__)

#: What the WARC guidelines advise, and what tools and copies handle well.
FILE_BYTES_MOST = 1_000_000_000
#: Saves 7 % of the time of the default 9 for the same bytes within 1 % (ARCHIVE.md).
LEVEL = 6


class CaptureWriter:
    """Writes exchanges, each on its way to the disk when `write` returns, on it after `sync`.

    No file is opened before the first exchange. After a failure the next exchange begins a new
    file, so the writer is of use again as soon as there is space. Safe to call from any thread.
    """

    def __init__(
        self,
        folder: Path,
        *,
        level: int = LEVEL,
        software: str,
        operator: str,
        clock: Callable[[], datetime],
        robots: str = "obey",
        file_bytes: int = FILE_BYTES_MOST,
    ) -> None:
        self._folder = folder
        self._level = level
        self._about = {"software": software, "operator": operator, "robots": robots}
        self._clock = clock
        self._file_bytes = file_bytes
        self._file: _OpenFile | None = None
        self._number = 0
        self._lock = threading.Lock()

    def write(
        self,
        exchange: Exchange,
        *,
        metadata: bytes | None = None,
        rendering: Rendering | None = None,
    ) -> Capture:
        """Write one exchange, and what was made of it (as JSON, and as a browser drew it), as
        records that name each other. A rendering's parts are exchanges of their own.

        Raises:
            CaptureError: it is not written; nothing of it may be published.
        """
        with self._lock, self._in_words("write"):
            file = self._ready()
            records = warc.records_of(
                exchange, metadata=metadata, info_id=file.info_id, rendering=rendering
            )
            offset = file.size
            file.append(b"".join(warc.pack(record, self._level) for record in records))
            file.is_empty = False
        return Capture(
            id=records[0].id,
            url=records[0].headers["WARC-Target-URI"],
            status=exchange.status,
            seen=exchange.started,
            file=f"{self._folder.name}/{file.name.relative_to(self._folder).as_posix()}",
            offset=offset,
            digest=records[0].headers["WARC-Payload-Digest"],
        )

    def sync(self) -> None:
        """Return when everything written would survive a power cut.

        Raises:
            CaptureError: nothing written since the last sync is sure.
        """
        with self._lock, self._in_words("sync"):
            if self._file is not None:
                self._file.sync()

    def close(self) -> None:
        """Give the open file its final name."""
        with self._lock, self._in_words("close"):
            self._seal()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _ready(self) -> _OpenFile:
        """The file for this month, with room."""
        month = self._folder / f"{self._clock().astimezone(UTC):%Y/%m}"
        file = self._file
        if file is None or file.size >= self._file_bytes or file.name.parent != month:
            self._seal()
            file = self._file = self._open(month)
        return file

    def _open(self, month: Path) -> _OpenFile:
        month.mkdir(parents=True, exist_ok=True)
        now = self._clock().astimezone(UTC)
        self._number += 1
        name = f"kanliu-{now:%Y%m%d%H%M%S}-{os.getpid()}-{self._number}.warc.gz"
        info = warc.warcinfo(name, now, self._about)
        file = _OpenFile(month / name, info.id)
        self._file = file  # known before the first byte: a full disk may refuse that one
        file.append(warc.pack(info, self._level))
        return file

    def _seal(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            file.seal()

    @contextmanager
    def _in_words(self, doing: str) -> Iterator[None]:
        """A refusal of the disk as CaptureError, and the file given up as it was before."""
        try:
            yield
        except OSError as error:
            where = self._file.name if self._file is not None else self._folder
            with suppress(OSError):  # then it stays .open, and the next start sweeps it
                self._seal()
            raise CaptureError(
                f"{where}: the capture could not be kept, {doing}: {error.strerror}. Nothing of "
                f"it is published. Next: free space there and let user id {os.geteuid()} write."
            ) from error


class _OpenFile:
    """A WARC file being written. `size` counts whole records only; `is_empty` until one of them
    is a capture."""

    def __init__(self, name: Path, info_id: str) -> None:
        self.name = name
        self.info_id = info_id
        self.size = 0
        self.is_empty = True
        self._path = name.with_name(name.name + OPEN)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC
        self._descriptor = os.open(self._path, flags, 0o644)
        fcntl.flock(self._descriptor, fcntl.LOCK_EX)  # a sweep leaves it alone
        fsync_folder(name.parent)

    def append(self, members: bytes) -> None:
        """All of the bytes, or none: what a full disk took of them is taken back."""
        rest = memoryview(members)
        try:
            while rest:
                rest = rest[os.write(self._descriptor, rest) :]
        except OSError:
            os.ftruncate(self._descriptor, self.size)
            raise
        self.size += len(members)

    def sync(self) -> None:
        os.fsync(self._descriptor)

    def seal(self) -> None:
        """Whole on disk, then the final name; a file without a capture is none."""
        try:
            if self.is_empty:
                self._path.unlink()
            else:
                os.fsync(self._descriptor)
                self._path.rename(self.name)
            fsync_folder(self.name.parent)
        finally:
            os.close(self._descriptor)


@contextmanager
def open_captures(
    settings: Settings, *, record: Callable[[Event], object] | None = None
) -> Iterator[CaptureWriter]:
    """The writer as the settings want it, after a sweep of what a crash left; `record` is told."""
    for event in sweep(settings.warc, now=datetime.now(UTC)):
        log.warning("capture swept %s", " ".join(f"{k}={v}" for k, v in event.detail.items()))
        if record is not None:
            record(event)
    writer = CaptureWriter(
        settings.warc,
        level=settings.capture_level,
        software=f"Kanliu/{version('kanliu')}",
        operator=settings.contact or settings.public_url,
        clock=lambda: datetime.now(UTC),
        robots="obey" if settings.robots else "ignore",
    )
    with writer:
        yield writer


def read_capture(folder: Path, capture: Capture) -> Exchange:
    """The exchange of a capture. `folder` is the one that its writer was given.

    Raises:
        CaptureError: the file is not there, or its bytes are not what was written.
    """
    path = _path_of(folder, capture)
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            records = warc.read_records(file)
            response = next(records, None)
            request = next(records, None)
    except (OSError, ValueError) as error:
        raise CaptureError(_damage(capture, str(error))) from error
    if response is None or response.id != capture.id:
        raise CaptureError(_damage(capture, "another record stands there"))
    concurrent = request.headers.get("WARC-Concurrent-To") if request is not None else None
    is_pair = concurrent is not None and concurrent.strip("<>") == capture.id
    exchange = warc.exchange_of(response, request if is_pair else None)
    if warc.payload_digest(exchange.body) != capture.digest:
        raise CaptureError(_damage(capture, "its body is not what was written"))
    return exchange


def find_rendering(folder: Path, capture: Capture) -> bytes | None:
    """What a browser drew from a capture's document, in UTF-8; None where the page was read as it
    was served.

    Raises:
        CaptureError: the file is not there, or broken.
    """
    path = _path_of(folder, capture)
    try:
        with path.open("rb") as file:
            file.seek(capture.offset)
            for record in warc.read_records(file):
                of = record.headers.get("WARC-Refers-To", "").strip("<>")
                if record.headers["WARC-Type"] == "conversion" and of == capture.id:
                    return record.block
                if record.headers["WARC-Type"] == "response" and record.id != capture.id:
                    break
    except (OSError, ValueError) as error:
        raise CaptureError(_damage(capture, str(error))) from error
    return None


def _path_of(folder: Path, capture: Capture) -> Path:
    path = folder.parent / capture.file
    return path if path.exists() else path.with_name(path.name + OPEN)


def _damage(capture: Capture, what: str) -> str:
    return (
        f"{capture.file}: capture {capture.id} at {capture.offset} cannot be read: {what}. "
        "Next: restore this file from a backup."
    )

"""Captures: responses as they were served, in WARC files. Written before anything of them is
published, never altered after. What an article means is not this module's matter.

A file is `….warc.gz.open` while it is written and gets its final name once it is whole on disk.
One writer a file, never appended to again: appending after a cut made every later record
unreadable (ARCHIVE.md). archive/sweep.py closes what a crash left open.
"""

from __future__ import annotations

import logging
import os
import threading
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

from archive import warc
from archive.chain import event_document
from archive.exchange import Capture
from archive.packages import wacz
from archive.sweep import OPEN, SEALED, sweep
from archive.warc_file import WarcFile
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from archive.chain import LoggedEvent
    from archive.exchange import Belonging, Exchange, Rendering
    from archive.model import Event
    from archive.store import Store
    from foundation.settings import Settings

__all__ = [
    "CaptureWriter", "crawler_name", "find_rendering", "finish", "open_captures", "read_capture",
    "sweep", "write_log", "write_log_at_once",
]  # fmt: skip

log = logging.getLogger(__name__)

#: What the WARC guidelines advise, and what tools and copies handle well.
FILE_BYTES_MOST = 1_000_000_000
#: Saves 7 % of the time of the default 9 for the same bytes within 1 % (ARCHIVE.md).
LEVEL = 6
#: Events that are written into a file before the disk is waited for.
_EVENTS_AT_ONCE = 1000
#: What alone is no reason to begin a file: each file that is finished, copied and checked would
#: bring about the next one.
_QUIET = frozenset({SEALED, "file-copied", "file-found", "fixity-checked"})


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
        about: Mapping[str, str] | None = None,
        file_bytes: int = FILE_BYTES_MOST,
    ) -> None:
        """`about` is what else the files say of themselves (warcinfo)."""
        self._folder = folder
        self._level = level
        self._about = {
            "software": software, "operator": operator, "robots": robots, **(about or {})
        }  # fmt: skip
        self._clock = clock
        self._file_bytes = file_bytes
        self._file: WarcFile | None = None
        self._sealed: list[Event] = []
        self._number = 0
        self._lock = threading.Lock()

    def write(
        self,
        exchange: Exchange,
        *,
        metadata: bytes | None = None,
        rendering: Rendering | None = None,
        belonging: Belonging | None = None,
        id_: str | None = None,
        same_as: Capture | None = None,
    ) -> Capture:
        """Write one exchange, and what was made of it (as JSON, and as a browser drew it), as
        records that name each other. A rendering's parts are exchanges of their own.

        `id_` is the capture's where others name it already (warc.new_id). A response whose body
        is `same_as` that of another capture is written without it, as a revisit.

        Raises:
            CaptureError: it is not written; nothing of it may be published.
        """
        with self._lock, self._in_words("write"):
            file = self._ready()
            records = warc.records_of(
                exchange,
                info_id=file.info_id,
                metadata=metadata,
                rendering=rendering,
                belonging=belonging,
                id_=id_,
                same_as=same_as,
            )
            offset = self._append(file, records)
        return Capture(
            id=records[0].id,
            url=records[0].headers["WARC-Target-URI"],
            status=exchange.status,
            seen=exchange.started,
            file=f"{self._folder.name}/{file.name.relative_to(self._folder).as_posix()}",
            offset=offset,
            digest=records[0].headers["WARC-Payload-Digest"],
        )

    def tell(self, events: Iterable[LoggedEvent]) -> None:
        """Write events of the archive's log, each a record of its own.

        Raises:
            CaptureError: they are not written, or not all of them.
        """
        with self._lock, self._in_words("write"):
            for logged in events:
                file = self._ready()
                record = warc.event_record(
                    event_document(logged),
                    number=logged.number,
                    at=logged.event.at,
                    source_id=logged.event.source_id,
                    info_id=file.info_id,
                )
                self._append(file, [record])

    def write_reading(self, document: bytes, *, of: Capture, at: datetime, source_id: str) -> None:
        """Write what was made of a capture that was read again.

        Raises:
            CaptureError: it is not written; nothing of it may be kept.
        """
        with self._lock, self._in_words("write"):
            file = self._ready()
            record = warc.reading_record(
                document, of=of, at=at, source_id=source_id, info_id=file.info_id
            )
            self._append(file, [record])

    def sync(self) -> None:
        """Return when everything written would survive a power cut.

        Raises:
            CaptureError: nothing written since the last sync is sure.
        """
        with self._lock, self._in_words("sync"):
            if self._file is not None:
                self._file.sync()

    def begin(self) -> None:
        """Have a file ready, on disk, before there is anything to write: what the disk refuses it
        refuses now. If nothing comes, the file goes away again.

        Raises:
            CaptureError: no file can be written.
        """
        with self._lock, self._in_words("begin"):
            self._ready().sync()

    @property
    def holds_something(self) -> bool:
        """Whether a file is being written that will stay."""
        return self._file is not None and not self._file.is_empty

    def take_sealed(self) -> list[Event]:
        """What there is to tell of the files that got their final names since the last time."""
        with self._lock:
            sealed, self._sealed = self._sealed, []
        return sealed

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

    def _append(self, file: WarcFile, records: Iterable[warc.Record]) -> int:
        """Where the first of them begins."""
        offset = file.append([warc.pack(record, self._level) for record in records])
        file.is_empty = False
        return offset

    def _ready(self) -> WarcFile:
        """The file for this month, with room."""
        month = self._folder / f"{self._clock().astimezone(UTC):%Y/%m}"
        file = self._file
        if file is None or file.size >= self._file_bytes or file.name.parent != month:
            self._seal()
            file = self._file = self._open(month)
        return file

    def _open(self, month: Path) -> WarcFile:
        month.mkdir(parents=True, exist_ok=True)
        now = self._clock().astimezone(UTC)
        name = self._new_name(month, now)
        info = warc.warcinfo(name, now, self._about)
        file = WarcFile(month / name, info.id)
        self._file = file  # known before the first byte: a full disk may refuse that one
        file.append([warc.pack(info, self._level)])
        return file

    def _new_name(self, month: Path, now: datetime) -> str:
        """One that no file has had: a writer of a second ago may have had this process's id."""
        while True:
            self._number += 1
            name = f"kanliu-{now:%Y%m%d%H%M%S}-{os.getpid()}-{self._number}.warc.gz"
            if not (month / name).exists():
                return name

    def _seal(self) -> None:
        file, self._file = self._file, None
        if file is not None:
            event = file.seal(self._clock(), self._folder)
            self._sealed += [event] if event is not None else []

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


@contextmanager
def open_captures(settings: Settings, store: Store, *, rules: str) -> Iterator[CaptureWriter]:
    """The writer as the settings want it, after a sweep of what a crash left. The log of events
    is written on into its files: at the start what a crash left out, and at the end. `rules` is
    the version by which pages are read."""

    def tell(event: Event) -> None:
        words = " ".join(f"{key}={value}" for key, value in event.detail.items())
        log.warning("capture swept kind=%s %s", event.kind, words)
        store.record(event)

    sweep(settings.warc, now=datetime.now(UTC), tell=tell)
    writer = CaptureWriter(
        settings.warc,
        level=settings.capture_level,
        software=crawler_name(),
        operator=settings.contact or settings.public_url,
        clock=lambda: datetime.now(UTC),
        robots="obey" if settings.robots else "ignore",
        about={"rules": rules, "ids": f"tag:{store.authority},{store.minted}"},
    )
    try:
        with writer:
            write_log(store, writer)
            yield writer
            write_log(store, writer)
    finally:
        _record_sealed(store, writer)


def write_log_at_once(settings: Settings, store: Store) -> None:
    """The same for whoever did a deed and captures nothing: else what a person said would be in no
    file until the next visit. Whoever calls it holds the data directory.

    Raises:
        CaptureError, StoreError: it is not written; the next visit will.
    """
    if store.ledger.has_untold(besides=_QUIET):
        with open_captures(settings, store, rules="none"):
            pass


@cache
def crawler_name() -> str:
    """Who captures, as files and User-Agent say it. Looked up once: Python reads the whole
    description of the package for it, 0.5 ms, and each metadata record says it."""
    return f"Kanliu/{version('kanliu')}"


def write_log(store: Store, captures: CaptureWriter) -> None:
    """Write what happened since the last time into the archive's own files. That a file was
    sealed, copied or found whole is no reason to begin another one.

    Raises:
        CaptureError, StoreError: it is not written; the next time will.
    """
    _record_sealed(store, captures)
    if not captures.holds_something and not store.ledger.has_untold(besides=_QUIET):
        return
    while untold := store.ledger.untold(_EVENTS_AT_ONCE):
        captures.tell(untold)
        captures.sync()
        store.ledger.mark_told(untold[-1].number)


def finish(store: Store, captures: CaptureWriter) -> None:
    """Write the log of events on, give the open file its final name, and write down what it holds.

    Raises:
        CaptureError, StoreError: it is not done.
    """
    write_log(store, captures)
    captures.close()
    _record_sealed(store, captures)


def _record_sealed(store: Store, captures: CaptureWriter) -> None:
    sealed = captures.take_sealed()
    if sealed:
        store.record(*sealed)


def read_capture(folder: Path, capture: Capture) -> Exchange:
    """The exchange of a capture. `folder` is the one that its writer was given.

    Raises:
        CaptureError: the file is not there, or its bytes are not what was written.
    """
    response, request = _read_pair(folder, capture)
    body = None
    if response.headers["WARC-Type"] == "revisit":
        body = _body_of(folder, capture, response)
    exchange = warc.exchange_of(response, request, body)
    if warc.payload_digest(exchange.body) != capture.digest:
        raise CaptureError(_damage(capture, "its body is not what was written"))
    return exchange


def _read_pair(folder: Path, capture: Capture) -> tuple[warc.Record, warc.Record | None]:
    """The response, or revisit, and its request."""
    try:
        with closing(_records_at(_path_of(folder, capture), capture.offset)) as records:
            response = next(records, None)
            request = next(records, None)
    except (OSError, ValueError) as error:
        raise CaptureError(_damage(capture, str(error))) from error
    if response is None or response.id != capture.id:
        raise CaptureError(_damage(capture, "another record stands there"))
    concurrent = request.headers.get("WARC-Concurrent-To") if request is not None else None
    is_pair = concurrent is not None and concurrent.strip("<>") == capture.id
    return response, request if is_pair else None


def _body_of(folder: Path, capture: Capture, revisit: warc.Record) -> bytes:
    """The bytes that a revisit says are the same, of the capture that has them: in a package,
    another one in it."""
    if capture.file.endswith(wacz.SUFFIX):
        return _body_in_package(folder, capture)
    same = warc.same_as(revisit)
    if same is None:
        raise CaptureError(_damage(capture, "it does not say whose bytes it has"))
    try:
        response, _ = _read_pair(folder, same)
    except CaptureError as error:
        raise CaptureError(_damage(capture, f"it has the bytes of another: {error}")) from error
    return warc.exchange_of(response, None).body


def _body_in_package(folder: Path, capture: Capture) -> bytes:
    try:
        found = wacz.find_body(_path_of(folder, capture), capture.digest)
    except (OSError, ValueError) as error:
        raise CaptureError(_damage(capture, f"it has the bytes of another: {error}")) from error
    if found is None:
        raise CaptureError(_damage(capture, "the bytes that it has of another are not there"))
    return found.payload


def find_rendering(folder: Path, capture: Capture) -> bytes | None:
    """What a browser drew from a capture's document, in UTF-8; None where the page was read as it
    was served.

    Raises:
        CaptureError: the file is not there, or broken.
    """
    try:
        with closing(_records_at(_path_of(folder, capture), capture.offset)) as records:
            for record in records:
                of = record.headers.get("WARC-Refers-To", "").strip("<>")
                if record.headers["WARC-Type"] == "conversion" and of == capture.id:
                    return record.block
                if record.headers["WARC-Type"] == "response" and record.id != capture.id:
                    break
    except (OSError, ValueError) as error:
        raise CaptureError(_damage(capture, str(error))) from error
    return None


def _records_at(path: Path, offset: int) -> Generator[warc.Record, None, None]:
    """The records of a WARC file, or of a package, from one of them on."""
    if path.suffix == wacz.SUFFIX:
        for member in wacz.read_from(path, offset):
            yield warc.Record(headers=member.headers, block=member.block)
        return
    with path.open("rb") as file:
        file.seek(offset)
        yield from warc.read_records(file)


def _path_of(folder: Path, capture: Capture) -> Path:
    path = folder.parent / capture.file
    return path if path.exists() else path.with_name(path.name + OPEN)


def _damage(capture: Capture, what: str) -> str:
    return (
        f"{capture.file}: capture {capture.id} at {capture.offset} cannot be read: {what}. "
        "Next: restore this file from a backup."
    )

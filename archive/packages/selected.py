"""One package of many captures, of whatever journals and months: what an export hands out. The
records are copied byte for byte from where they lie. The same captures give the same bytes.

Which captures is the caller's matter. Holds heads in memory, never bodies.
"""

from __future__ import annotations

import hashlib
import os
import uuid
import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from itertools import chain
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

from archive import warc
from archive.captures import read_capture
from archive.exchange import Capture
from archive.packages import revisits, wacz
from archive.packages.address_key import address_key
from archive.packages.finder import Finder, Place, beside
from archive.packages.lines import INDEXED, entry_in, index_line, page_of, write_pages
from archive.packages.members import (
    Broken,
    Member,
    OpenFiles,
    find_fault,
    read_member,
    read_members,
)
from archive.packages.named import keys_named_in, may_name_others
from archive.packages.wrapper import Wrapper, own_warcinfo
from archive.sweep import OPEN
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

_PIECE_BYTES = 1_048_576
#: Namespace of the id of our own warcinfo record: the same content, the same id.
_NAMESPACE = uuid.UUID("5b6d7a0e-2f0c-5c1b-8d4e-3a5f9e1c7d20")


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a package says of itself."""

    title: str
    description: str
    software: str
    operator: str


@dataclass(kw_only=True, slots=True)
class Written:
    """What became of it. `left` says of each capture, or picture, that is not in there why."""

    captures: int = 0
    records: int = 0
    pages: int = 0
    left: dict[str, str] = field(default_factory=dict)


def write_selected(
    path: Path,
    data: Path,
    captures: Iterable[Capture],
    about: About,
    tell: Callable[[str], object] = lambda _: None,
) -> Written:
    """Write a package of these captures and all that belongs to their pages to `path`, on disk
    when it returns. `data` is the data directory.

    Raises:
        OSError: the disk refused.
    """
    ordered = sorted({each.id: each for each in captures}.values(), key=_time)
    found = Finder(data, {each.id for each in ordered})
    for number, (name, ids) in enumerate(files := _by_file(ordered), 1):
        tell(f"looking through {name}, {number} of {len(files)}")
        found.look_through(name, ids)
    newest = max((each.seen for each in ordered), default=datetime(2000, 1, 1, tzinfo=UTC))
    with path.open("wb") as file:
        with (
            zipfile.ZipFile(file, "w") as package,
            TemporaryFile(dir=path.parent) as pages,
            OpenFiles() as opened,
        ):
            instant = newest.astimezone(UTC).replace(microsecond=0)
            writer = _Writer(package, data, about, instant, pages)
            writer.write_warc(ordered, found, opened, tell)
            writer.write_lists()
        file.flush()
        os.fsync(file.fileno())
    return writer.written


class _Writer:
    """One package being written."""

    def __init__(
        self,
        package: zipfile.ZipFile,
        data: Path,
        about: About,
        newest: datetime,
        pages: IO[bytes],
    ) -> None:
        self.written = Written()
        self._package = package
        self._wrapper = Wrapper(package, newest)
        self._data = data
        self._about = about
        self._newest = newest
        self._size = 0
        self._index: list[str] = []
        # Lines with the texts of all articles: aside, since they are as large as the archive.
        self._pages = pages
        self._last: tuple[str, str, str] | None = None
        # Heads of the responses that are in, by record id and by body.
        self._responses: dict[str, Member] = {}
        self._bodies: dict[str, Member] = {}

    def write_warc(
        self,
        captures: Sequence[Capture],
        found: Finder,
        opened: OpenFiles,
        tell: Callable[[str], object],
    ) -> None:
        """Our own warcinfo, those of the files that the records came from, then page by page."""
        places = [place for id_ in found.places for place in found.places[id_].values()]
        needed = sorted({place.info for place in places if place.info} & found.infos.keys())
        whole = hashlib.sha256()
        # 64-bit sizes always: how large it becomes is not known, and the header stands first.
        with self._package.open(self._wrapper.info(wacz.WARC), "w", force_zip64=True) as file:

            def write(packed: bytes) -> None:
                file.write(packed)
                whole.update(packed)
                self._size += len(packed)
                self.written.records += 1

            write(self._warcinfo(captures))
            for id_ in needed:
                write(found.infos[id_].packed)
            for number, capture in enumerate(captures, 1):
                tell(f"writing capture {number} of {len(captures)}")
                for packed, member in self._page(capture, found, opened):
                    self._note(member, len(packed))
                    write(packed)
        self._wrapper.add(wacz.WARC, f"sha256:{whole.hexdigest()}", self._size)

    def write_lists(self) -> None:
        """Index, pages, manifest and its digest."""
        self._wrapper.write(
            wacz.INDEX, "".join(f"{line}\n" for line in sorted(self._index)).encode()
        )
        self._write_pages()
        self._wrapper.write_manifest(self._manifest())

    def _page(
        self, capture: Capture, found: Finder, opened: OpenFiles
    ) -> Iterator[tuple[bytes, Member]]:
        """A page with all that is its own, the page first, and then what it names of others'. One
        that cannot be read is left out whole; of what belongs to it, what cannot be read."""
        if capture.id not in found.places.get(capture.id, {}):
            why = found.faults.get(capture.id, f"it is not in {capture.file} any more")
            self.written.left[capture.id] = why
            return
        waiting = [capture.id]
        have: set[str] = set()
        for owner in waiting:
            source, named = "", set[str]()
            for packed, member in self._own(owner, found, opened):
                yield packed, member
                source = member.headers.get(warc.SOURCE, source)
                if member.kind in INDEXED:
                    have.add(address_key(member.headers["WARC-Target-URI"]))
                if member.kind != "revisit" and may_name_others(member):
                    named |= keys_named_in(member)
            # What was captured for the page itself comes before what it shares.
            waiting += [id_ for id_ in found.find_shared(capture, source, named - have)
                        if id_ not in self._responses and id_ not in waiting]  # fmt: skip
            have |= named
        self.written.captures += capture.id not in self.written.left

    def _own(self, owner: str, found: Finder, opened: OpenFiles) -> Iterator[tuple[bytes, Member]]:
        left: set[str] = set()
        for place in sorted(found.places[owner].values(), key=lambda place: place.id != owner):
            try:
                member = _read(opened, place)
                if beside(member) in left or place.id in self._responses:
                    continue
                packed = self._packed(member, place)
            except (CaptureError, ValueError) as error:
                self.written.left[place.id] = str(error)
                left.add(place.id)
                if place.id == owner:
                    return
                continue
            yield packed, member if packed is member.packed else _unpacked(packed)

    def _packed(self, member: Member, place: Place) -> bytes:
        """A record as it stands; but a revisit names a body that is in here, or gets its own."""
        if member.kind != "revisit":
            return member.packed
        if (member.named("WARC-Refers-To") or "") in self._responses:
            return member.packed
        if (
            response := self._bodies.get(member.headers.get("WARC-Payload-Digest", ""))
        ) is not None:
            return revisits.pointing_to(member, response)
        file = place.file.relative_to(self._data).as_posix().removesuffix(OPEN)
        exchange = read_capture(self._data / "warc", _capture_of(member, file))
        return revisits.with_body(member, exchange.body)

    def _note(self, member: Member, size_bytes: int) -> None:
        """A record is about to be written: put it in the lists."""
        if member.kind in INDEXED:
            line = index_line(
                member, offset=self._size, size_bytes=size_bytes, file_name=wacz.WARC_NAME
            )
            self._index.append(line)
            head = Member(offset=0, packed=b"", headers=member.headers, block=b"")
            self._responses[member.id] = head
            if member.kind == "response":
                self._bodies.setdefault(member.headers.get("WARC-Payload-Digest", ""), head)
        if member.kind == "metadata":
            response = self._responses.get(member.named("WARC-Concurrent-To") or "")
            entry = entry_in(member.block)
            if response is not None and entry is not None:
                page = page_of(response, entry)
                self._pages.write(write_pages([page]).removeprefix(write_pages([])))
                self.written.pages += 1
                last = (page["ts"], page["id"], page["url"])
                self._last = max(last, self._last or last)

    def _warcinfo(self, captures: Sequence[Capture]) -> bytes:
        """Ours says what made the package; the copied ones say what made the captures."""
        told = {
            "software": self._about.software,
            "operator": self._about.operator,
            "description": self._about.description,
        }
        own = uuid.uuid5(_NAMESPACE, " ".join([str(told), *(each.id for each in captures)]))
        return own_warcinfo(wacz.WARC_NAME, self._newest, told, own)

    def _manifest(self) -> dict[str, Any]:
        instant = self._newest.strftime("%Y-%m-%dT%H:%M:%SZ")
        manifest: dict[str, Any] = {
            "profile": "data-package",
            "wacz_version": wacz.VERSION,
            "title": self._about.title,
            "description": self._about.description,
            "created": instant,
            "modified": instant,
            "software": self._about.software,
            "resources": self._wrapper.resources,
        }
        if self._last is not None:
            at, _, url = self._last
            manifest |= {"mainPageUrl": url, "mainPageDate": at}
        return manifest

    def _write_pages(self) -> None:
        """The pages, in the order of the captures."""
        self._pages.seek(0)
        whole, size = hashlib.sha256(), 0
        info = self._wrapper.info(wacz.PAGES, zipfile.ZIP_DEFLATED)
        with self._package.open(info, "w", force_zip64=True) as file:
            pieces = iter(lambda: self._pages.read(_PIECE_BYTES), b"")
            for piece in chain([write_pages([])], pieces):
                file.write(piece)
                whole.update(piece)
                size += len(piece)
        self._wrapper.add(wacz.PAGES, f"sha256:{whole.hexdigest()}", size)


def _by_file(captures: Iterable[Capture]) -> list[tuple[str, list[str]]]:
    files: dict[str, list[str]] = {}
    for each in captures:
        files.setdefault(each.file, []).append(each.id)
    return sorted(files.items())


def _read(opened: OpenFiles, place: Place) -> Member:
    """A record, as it was written.

    Raises:
        ValueError: it is not there any more, or damaged.
    """
    found = read_member(opened.open(place.file), place.offset)
    fault = "another record stands there" if found.id != place.id else find_fault(found)
    if fault is not None:
        raise ValueError(f"{place.file.name} at {place.offset}: {fault}")
    return found


def _capture_of(member: Member, file: str) -> Capture:
    """A revisit as the capture that it is."""
    return Capture(
        id=member.id,
        url=member.headers["WARC-Target-URI"],
        status=200,
        seen=datetime.fromisoformat(member.headers["WARC-Date"]),
        file=file,
        offset=member.offset,
        digest=member.headers.get("WARC-Payload-Digest", ""),
    )


def _unpacked(packed: bytes) -> Member:
    return next(each for each in read_members(BytesIO(packed)) if not isinstance(each, Broken))


def _time(capture: Capture) -> tuple[datetime, str]:
    return capture.seen, capture.id

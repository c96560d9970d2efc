"""Writes one package: records copied byte for byte out of the WARC files, and what makes them
findable. The same records at the same instant give the same bytes. Decides nothing: plan.py has.
"""

from __future__ import annotations

import hashlib
import os
import uuid
import zipfile
from dataclasses import dataclass, field
from datetime import UTC
from io import BytesIO
from typing import TYPE_CHECKING, Any

from archive.packages import revisits, wacz
from archive.packages.lines import INDEXED, entry_in, index_line, page_of, write_pages
from archive.packages.members import (
    Broken,
    Member,
    OpenFiles,
    digest_of,
    find_fault,
    read_member,
    read_members,
)
from archive.packages.wrapper import READ_ONLY, Wrapper, own_warcinfo

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime
    from pathlib import Path

    from archive.packages.plan import PlannedPackage
    from archive.packages.scan import FiledRecord

#: Namespace of the record ids of our own warcinfo records: the same content, the same id.
_NAMESPACE = uuid.UUID("6f1c5c4e-6a54-5d0c-9d4f-0f0f5b1b6b0a")


@dataclass(frozen=True, kw_only=True, slots=True)
class About:
    """What a package says of itself."""

    title: str
    issn: str | None
    software: str
    operator: str
    sealed: datetime

    @property
    def instant(self) -> str:
        """RFC 3339, to the second, as py-wacz and its kind parse it."""
        return self.sealed.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Placed:
    """Where a record stands in the package, and the digest of its bytes there. `copied` is that
    of its bytes in the WARC file that it came from; None where it was written anew."""

    offset: int
    size_bytes: int
    digest: str
    copied: str | None


@dataclass(kw_only=True, slots=True)
class Built:
    """A written package: where each record stands, by id, and which could not be taken in."""

    placed: dict[str, Placed] = field(default_factory=dict)
    pages: int = 0
    left: dict[str, str] = field(default_factory=dict)


def build(
    path: Path,
    planned: PlannedPackage,
    infos: Iterable[FiledRecord],
    about: About,
    find_body: Callable[[Member], bytes | None],
) -> Built:
    """Write a package to `path`, on disk when it returns.

    `infos` are the warcinfo records that the copied ones name. `find_body` finds what a revisit
    names outside of the package. A record that is damaged, or a revisit without a body, is left
    out and named in the result.

    Raises:
        OSError: the disk refused.
    """
    with path.open("xb") as file:
        with zipfile.ZipFile(file, "w") as package:
            writer = _Writer(package, planned, about, find_body)
            writer.write_warc(infos)
            writer.write_lists()
        file.flush()
        os.fsync(file.fileno())
        os.fchmod(file.fileno(), READ_ONLY)
    with path.open("rb") as written, zipfile.ZipFile(path) as package:
        start = wacz.stretch_of(package, written).start
    built = writer.built
    built.placed = {
        id_: Placed(
            offset=start + place.offset,
            size_bytes=place.size_bytes,
            digest=place.digest,
            copied=place.copied,
        )
        for id_, place in built.placed.items()
    }
    return built


class _Writer:
    """One package being written."""

    def __init__(
        self,
        package: zipfile.ZipFile,
        planned: PlannedPackage,
        about: About,
        find_body: Callable[[Member], bytes | None],
    ) -> None:
        self.built = Built()
        self._package = package
        self._wrapper = Wrapper(package, about.sealed)
        self._planned = planned
        self._about = about
        self._find_body = find_body
        self._index: list[str] = []
        self._pages: list[dict[str, Any]] = []
        self._responses: dict[str, Member] = {}
        # What stood in for an original outside: its record id, and the response that has it here.
        self._restored: dict[str, Member] = {}
        self._here = {record.id for record in planned.records if record.kind == "response"}

    def write_warc(self, infos: Iterable[FiledRecord]) -> None:
        """Our own warcinfo, those of the files that the records came from, then the records."""
        whole, size = hashlib.sha256(), 0
        info = self._wrapper.info(wacz.WARC, zipfile.ZIP_STORED)
        records = (*infos, *self._planned.records)
        # 64-bit sizes always: how large it becomes is not known, and the header stands first.
        with self._package.open(info, "w", force_zip64=True) as file, OpenFiles() as files:
            for packed, record in self._members(records, files):
                file.write(packed)
                whole.update(packed)
                if record is not None:
                    self._note(record, packed, size)
                size += len(packed)
        self._wrapper.add(wacz.WARC, f"sha256:{whole.hexdigest()}", size)

    def write_lists(self) -> None:
        """Index, pages, manifest and its digest."""
        self._wrapper.write(
            wacz.INDEX, "".join(f"{line}\n" for line in sorted(self._index)).encode()
        )
        self._wrapper.write(wacz.PAGES, write_pages(self._pages))
        self.built.pages = len(self._pages)
        self._wrapper.write_manifest(self._manifest())

    def _members(
        self, records: Iterable[FiledRecord], files: OpenFiles
    ) -> Iterable[tuple[bytes, Member | None]]:
        """Each record's bytes as they go in; our own warcinfo has no record to be noted."""
        yield self._warcinfo(), None
        for filed in records:
            try:
                if filed.owner in self.built.left:
                    raise ValueError("what it stands beside is left out")  # noqa: TRY301
                found = _read(files, filed)
                packed = self._packed(found)
            except ValueError as error:
                self.built.left[filed.id] = str(error)
                continue
            is_copy = packed is found.packed
            member = found if is_copy else _unpacked(packed)
            self.built.placed[filed.id] = Placed(
                offset=0,
                size_bytes=len(packed),
                digest=digest_of(packed),
                copied=digest_of(found.packed) if is_copy else None,
            )
            yield packed, member

    def _packed(self, member: Member) -> bytes:
        """A record as it goes in: as it stands, but for a revisit of what is not in here."""
        original = member.named("WARC-Refers-To")
        if member.kind != "revisit" or original is None or original in self._here:
            return member.packed
        if (response := self._restored.get(original)) is not None:
            return revisits.pointing_to(member, response)
        body = self._find_body(member)
        if body is None:
            raise ValueError(f"the record {original} whose body it has is nowhere")
        packed = revisits.with_body(member, body)
        self._restored[original] = _unpacked(packed)
        return packed

    def _note(self, member: Member, packed: bytes, offset: int) -> None:
        """A record is written at an offset of the WARC file: put it in the lists."""
        place = self.built.placed[member.id]
        self.built.placed[member.id] = Placed(
            offset=offset,
            size_bytes=place.size_bytes,
            digest=place.digest,
            copied=place.copied,
        )
        if member.kind in INDEXED:
            line = index_line(
                member, offset=offset, size_bytes=len(packed), file_name=wacz.WARC_NAME
            )
            self._index.append(line)
            self._responses[member.id] = _head_of(member)
        if member.kind == "metadata":
            response = self._responses.get(member.named("WARC-Concurrent-To") or "")
            entry = entry_in(member.block)
            if response is not None and entry is not None:
                self._pages.append(page_of(response, entry))

    def _warcinfo(self) -> bytes:
        """Ours says what made the package; the copied ones say what made the captures."""
        name = f"{str(self._planned.mark).replace('/', '-')}.warc.gz"
        about = {
            "software": self._about.software,
            "operator": self._about.operator,
            "description": f"Packed from captures: {self._planned.mark}",
        }
        ids = " ".join(record.id for record in self._planned.records)
        own = uuid.uuid5(_NAMESPACE, f"{self._about.instant} {self._planned.mark} {ids}")
        return own_warcinfo(name, self._about.sealed, about, own)

    def _manifest(self) -> dict[str, Any]:
        mark, about = self._planned.mark, self._about
        kanliu: dict[str, Any] = {
            "source": mark.source_id,
            "month": mark.month,
            "number": mark.number,
        }
        if about.issn:
            kanliu["issn"] = about.issn
        if self._planned.late:
            kanliu["late"] = list(self._planned.late)
        manifest: dict[str, Any] = {
            "profile": "data-package",
            "wacz_version": wacz.VERSION,
            "title": f"{about.title} {mark.month}",
            "description": f"{about.title}: what was captured in {mark.month}.",
            "created": about.instant,
            "modified": about.instant,
            "software": about.software,
            "resources": self._wrapper.resources,
            "kanliu": kanliu,
        }
        if self._pages:
            first = min(self._pages, key=lambda page: (page["ts"], page["id"]))
            manifest |= {"mainPageUrl": first["url"], "mainPageDate": first["ts"]}
        return manifest


def _read(files: OpenFiles, filed: FiledRecord) -> Member:
    """A record out of its WARC file.

    Raises:
        ValueError: it is not there any more as it was written.
    """
    found = read_member(files.open(filed.file), filed.offset)
    if found.id != filed.id:
        raise ValueError("another record stands there")
    if fault := find_fault(found):
        raise ValueError(fault)
    return found


def _unpacked(packed: bytes) -> Member:
    """A record that we packed ourselves."""
    return next(each for each in read_members(BytesIO(packed)) if not isinstance(each, Broken))


def _head_of(member: Member) -> Member:
    """A record without its bytes: only its heads are asked for later."""
    return Member(offset=member.offset, packed=b"", headers=member.headers, block=b"")

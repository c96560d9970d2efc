"""Our own test of a package, since `wacz validate` asks for little (ARCHIVE.md): every record can
be read, all digests are right, index and pages are complete, it replays alone, and it holds no
cookie. Needs the file alone: no store, no settings. Reads only.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archive.packages import wacz
from archive.packages.lines import INDEXED, entry_in, index_line, iterate_pages, read_index
from archive.packages.members import Broken, digest_of, find_fault, read_members
from archive.warc import OMITTED

if TYPE_CHECKING:
    from pathlib import Path
    from typing import BinaryIO

    from archive.packages.members import Member

_PIECE_BYTES = 1_048_576
_REQUIRED = (wacz.WARC, wacz.INDEX, wacz.PAGES, wacz.MANIFEST, wacz.MANIFEST_DIGEST)
#: Who reads a report of more than this needs another copy, not a longer list.
FAULTS_MOST = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Examined:
    """A package as it was found: no fault is a package that conforms."""

    faults: tuple[str, ...]
    records: int = 0
    pages: int = 0


@dataclass(kw_only=True, slots=True)
class _Heads:
    """What of the records is compared with each other; their blocks are forgotten."""

    kinds: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)
    responses: dict[str, dict[str, str]] = field(default_factory=dict)
    references: list[tuple[str, str, str]] = field(default_factory=list)
    revisits: list[dict[str, str]] = field(default_factory=list)
    titles: dict[tuple[str, str], str | None] = field(default_factory=dict)
    ids: set[str] = field(default_factory=set)


def examine(path: Path) -> Examined:
    """Look at everything in a package."""
    faults: list[str] = []
    heads = _Heads()
    try:
        with wacz.open_package(path) as (package, file):
            missing = [name for name in _REQUIRED if name not in package.namelist()]
            if missing:
                return Examined(faults=tuple(f"{name} is missing" for name in missing))
            faults += _check_manifest(package)
            stretch = wacz.stretch_of(package, file)
            faults += _check_records(file, stretch, heads)
            faults += _check_references(heads)
            faults += _check_index(package, heads)
            faults += _check_pages(package, heads)
    except (OSError, ValueError) as error:
        faults.append(str(error))
    return Examined(
        faults=tuple(faults[:FAULTS_MOST]), records=heads.kinds.total(), pages=len(heads.titles)
    )


def _check_manifest(package: zipfile.ZipFile) -> list[str]:
    """datapackage.json names every file with its size and digest, and is named by its own."""
    data = package.read(wacz.MANIFEST)
    manifest, own = json.loads(data), json.loads(package.read(wacz.MANIFEST_DIGEST))
    if not isinstance(manifest, dict) or not isinstance(manifest.get("resources"), list):
        return [f"{wacz.MANIFEST} names no resources"]
    faults = []
    if own != {"path": wacz.MANIFEST, "hash": digest_of(data)}:
        faults.append(f"{wacz.MANIFEST_DIGEST} is not the digest of {wacz.MANIFEST}")
    if manifest.get("profile") != "data-package" or manifest.get("wacz_version") != wacz.VERSION:
        faults.append(f"{wacz.MANIFEST} does not say profile data-package, WACZ {wacz.VERSION}")
    resources = [each for each in manifest["resources"] if isinstance(each, dict)]
    named = {str(resource.get("path")) for resource in resources}
    there = set(package.namelist()) - {wacz.MANIFEST, wacz.MANIFEST_DIGEST}
    faults += [f"{name} is not in {wacz.MANIFEST}" for name in sorted(there - named)]
    faults += [f"{name} is in {wacz.MANIFEST}, not there" for name in sorted(named - there)]
    for resource in resources:
        if resource.get("path") in there:
            faults += _check_resource(package, resource)
    return faults


def _check_resource(package: zipfile.ZipFile, resource: dict[str, Any]) -> list[str]:
    name, whole, size = resource["path"], hashlib.sha256(), 0
    try:
        with package.open(name) as file:
            while piece := file.read(_PIECE_BYTES):
                whole.update(piece)
                size += len(piece)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        return [f"{name} cannot be read: {error}"]
    said = (resource.get("hash"), resource.get("bytes"))
    is_right = said == (f"sha256:{whole.hexdigest()}", size)
    return [] if is_right else [f"{name} is not what {wacz.MANIFEST} says of it"]


def _check_records(file: BinaryIO, stretch: wacz.Stretch, heads: _Heads) -> list[str]:
    faults = []
    first = True
    for found in read_members(file, stretch.start, stretch.end):
        at = found.offset - stretch.start
        if isinstance(found, Broken):
            faults.append(f"{wacz.WARC} at {at}: {found.reason}")
            continue
        if first and found.kind != "warcinfo":
            faults.append(f"{wacz.WARC} does not begin with a warcinfo record")
        first = False
        faults += [f"{found.id} at {at}: {fault}" for fault in _check_record(found)]
        _note(heads, found, at)
    return faults


def _check_record(member: Member) -> list[str]:
    faults = []
    if fault := find_fault(member):
        faults.append(fault)
    if member.is_http:
        top = member.block.partition(b"\r\n\r\n")[0]
        names = {line.partition(b":")[0].strip().lower() for line in top.split(b"\r\n")[1:]}
        secrets = sorted(names.intersection(OMITTED))
        faults += [f"it has a {name.decode()} header" for name in secrets]
    return faults


def _note(heads: _Heads, member: Member, at: int) -> None:
    heads.kinds[member.kind] += 1
    if member.id in heads.ids:
        heads.references.append((member.id, "WARC-Record-ID", "another record has it too"))
    heads.ids.add(member.id)
    for name in ("WARC-Concurrent-To", "WARC-Warcinfo-ID"):
        if (named := member.named(name)) is not None:
            heads.references.append((member.id, name, named))
    if member.kind in INDEXED:
        size = len(member.packed)
        heads.lines.append(index_line(member, offset=at, size_bytes=size, file_name=wacz.WARC_NAME))
        heads.responses[member.id] = member.headers
    if member.kind == "revisit":
        heads.revisits.append(member.headers)
    if member.kind == "metadata":
        response = heads.responses.get(member.named("WARC-Concurrent-To") or "")
        entry = entry_in(member.block)
        if response is not None and entry is not None:
            page = (response["WARC-Target-URI"], response["WARC-Date"])
            heads.titles[page] = entry.get("title") or entry.get("title_raw")


def _check_references(heads: _Heads) -> list[str]:
    """What a record names is in here; a revisit's original in full, with the same body."""
    faults = [
        f"{id_}: its {name} is not in here: {named}"
        for id_, name, named in heads.references
        if named not in heads.ids
    ]
    for headers in heads.revisits:
        named = headers.get("WARC-Refers-To", "").strip("<>")
        original = heads.responses.get(named, {})
        same = (
            ("WARC-Refers-To-Target-URI", "WARC-Target-URI"),
            ("WARC-Refers-To-Date", "WARC-Date"),
            ("WARC-Payload-Digest", "WARC-Payload-Digest"),
        )
        is_right = original.get("WARC-Type") == "response" and all(
            headers.get(ours) == original.get(theirs) for ours, theirs in same
        )
        if not is_right:
            id_ = headers.get("WARC-Record-ID", "").strip("<>")
            faults.append(f"{id_}: it is a revisit, and what it revisits is not in here: {named}")
    return faults


def _check_index(package: zipfile.ZipFile, heads: _Heads) -> list[str]:
    lines = package.read(wacz.INDEX).decode().splitlines()
    read_index("\n".join(lines))
    faults = []
    if lines != sorted(lines):
        faults.append(f"{wacz.INDEX} is not sorted")
    lacking = Counter(heads.lines) - Counter(lines)
    further = Counter(lines) - Counter(heads.lines)
    faults += [f"{wacz.INDEX} lacks: {line}" for line in sorted(lacking)]
    faults += [f"{wacz.INDEX} has what is not there: {line}" for line in sorted(further)]
    return faults


def _check_pages(package: zipfile.ZipFile, heads: _Heads) -> list[str]:
    """Every capture of an article is a page, under the title that was read; and no other is."""
    with package.open(wacz.PAGES) as lines:
        told = {
            (page.get("url"), page.get("ts")): page.get("title") for page in iterate_pages(lines)
        }
    faults = [
        f"{wacz.PAGES} lacks {url} of {at}" for url, at in heads.titles if (url, at) not in told
    ]
    for page, title in told.items():
        if page not in heads.titles:
            faults.append(f"{wacz.PAGES} has what is no article here: {page[0]}")
        elif heads.titles[page] != title:
            faults.append(f"{wacz.PAGES} has another title for {page[0]}: {title}")
    return faults

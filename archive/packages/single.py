"""A package of one article: its captures with all that belongs to them, made when it is asked for.
The same captures give the same bytes. Decides nothing; reads the files that hold them.
"""

from __future__ import annotations

import json
import uuid
import zipfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any

from archive import warc
from archive.captures import read_capture
from archive.exchange import Capture
from archive.packages import revisits, wacz
from archive.packages.further import Further
from archive.packages.lines import INDEXED, entry_in, index_line, page_of, write_pages
from archive.packages.members import Broken, Member, digest_of, read_member, read_members
from archive.sweep import OPEN
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence
    from pathlib import Path
    from typing import BinaryIO

    from archive.bodies import Spot
    from archive.packages.further import FindOwn, Found
    from archive.packages.wacz import Stretch

#: The page's response that a record belongs to (pictures, style sheets).
_PAGE = "Kanliu-For"
_NAMESPACE = uuid.UUID("0e0c9b1f-63d5-5a53-8f0e-6a2f0b6d0c58")
#: Compressed bytes after the last record of a page in which nothing more of it is found: a poll
#: writes what belongs to a page at once, between that of a few other journals.
_GAP_BYTES = 8 * 1024 * 1024
#: Compressed bytes before a page in which its further parts stand; they are written just before.
_BACK_BYTES = 4 * 1024 * 1024
#: The newest captures of an article, and bytes of them, that go in: a browser reads it whole.
_CAPTURES_MOST, _BYTES_MOST = 50, 128 * 1024 * 1024


def _find_nothing(source_id: str, month: str, urls: Collection[str]) -> Sequence[Spot]:
    return ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Single:
    """What a package of one article says of itself."""

    id: str
    title: str
    software: str


def build_single(
    data: Path, captures: Sequence[Capture], about: Single, find_own: FindOwn = _find_nothing
) -> bytes:
    """The package, as WACZ. `captures` are the article's, oldest first, at least one; `data` is
    the data directory. `find_own` knows where addresses were captured that no package has yet.

    Raises:
        CaptureError: a capture is not where it was written, or is damaged.
    """
    infos: dict[str, Member] = {}
    chosen: list[list[Member]] = []
    further: Further | None = None
    size = 0
    for capture in reversed(captures[-_CAPTURES_MOST:]):
        records = list(_with_bodies(data, capture, _records_of(data, capture, infos)))
        further = further or Further(data, _source_of(records, capture), find_own)
        records += _further_of(data, capture, records, further, infos)
        size += sum(len(each.packed) for each in records)
        if chosen and size > _BYTES_MOST:
            break
        chosen.append(records)
    once = {each.id: each for records in reversed(chosen) for each in records}
    newest = max(capture.seen for capture in captures).astimezone(UTC).replace(microsecond=0)
    return _write([*infos.values(), *once.values()], about, newest)


def _source_of(records: Sequence[Member], page: Capture) -> str:
    found = next(each for each in records if each.id == page.id)
    return found.headers.get(warc.SOURCE, "")


def _further_of(
    data: Path,
    page: Capture,
    records: Sequence[Member],
    further: Further,
    infos: dict[str, Member],
) -> Iterator[Member]:
    """What the page shows and other pages asked for first, or what came late."""

    def whole(found: Found) -> Member | None:
        at = replace(page, file=found.file)
        return next(_with_bodies(data, at, [found.member]), None)

    files = set()
    for found in further.of(page, records, whole):
        if found.file not in files:
            files.add(found.file)
            _read_infos(_path_of(data, found.file), infos)
        yield found.member


def _read_infos(path: Path, infos: dict[str, Member]) -> None:
    """What a file says of who made it."""
    with path.open("rb") as file:
        stretch = _stretch(path, file)
        for member in read_members(file, stretch.start if stretch else 0):
            if isinstance(member, Broken) or member.kind != "warcinfo":
                return
            infos[member.id] = member


def _path_of(data: Path, name: str) -> Path:
    path = data / name
    return path if path.exists() else path.with_name(path.name + OPEN)


def _records_of(data: Path, capture: Capture, infos: dict[str, Member]) -> Iterator[Member]:
    """The capture's record, and what in its file belongs to it. What the file says of who made it
    goes into `infos`."""
    path = _path_of(data, capture.file)
    try:
        _read_infos(path, infos)
        with path.open("rb") as file:
            stretch = _stretch(path, file)
            end = stretch.end if stretch else None
            first = read_member(file, capture.offset, end)
            if first.id != capture.id:
                raise ValueError("another record stands there")  # noqa: TRY301
            yield from _belonging(file, first, stretch.start if stretch else 0, end)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise CaptureError(
            f"{capture.file}: capture {capture.id} at {capture.offset} cannot be read: {error}. "
            "Next: restore this file from a copy."
        ) from error


def _belonging(file: BinaryIO, page: Member, start: int, end: int | None) -> Iterator[Member]:
    """The page, and what stands around it and is its own: before it the further parts of an
    article and what a redirect went through, after it request, metadata, pictures with theirs."""
    ours = {page.id}
    # Wherever that begins: what is no whole record there is passed over.
    for member in read_members(file, max(start, page.offset - _BACK_BYTES), page.offset):
        if isinstance(member, Member) and _is_ours(member, page, ours):
            ours.add(member.id)
            yield member
    yield page
    at = last = page.offset + len(page.packed)
    for member in read_members(file, at, end):
        if member.offset - last > _GAP_BYTES:
            return
        if isinstance(member, Member) and _is_ours(member, page, ours):
            ours.add(member.id)
            last = member.offset + len(member.packed)
            yield member


def _is_ours(member: Member, page: Member, ours: set[str]) -> bool:
    if member.kind in INDEXED:
        return member.named(_PAGE) == page.id
    beside = "WARC-Refers-To" if member.kind == "conversion" else "WARC-Concurrent-To"
    return member.named(beside) in ours


def _with_bodies(data: Path, page: Capture, records: Iterable[Member]) -> Iterator[Member]:
    """Revisits as the responses that they stand for: so the package replays alone. A picture
    whose body is nowhere is left out with what stands beside it."""
    left: set[str] = set()
    for member in records:
        if member.named("WARC-Concurrent-To") in left:
            continue
        if member.kind != "revisit":
            yield member
            continue
        try:
            body = read_capture(data / "warc", _capture_of(page, member)).body
            yield _unpacked(revisits.with_body(member, body))
        except (CaptureError, ValueError):
            if member.id == page.id:
                raise
            left.add(member.id)


def _capture_of(page: Capture, member: Member) -> Capture:
    return Capture(
        id=member.id,
        url=member.headers["WARC-Target-URI"],
        status=200,
        seen=datetime.fromisoformat(member.headers["WARC-Date"]),
        file=page.file,
        offset=member.offset,
        digest=member.headers.get("WARC-Payload-Digest", ""),
    )


def _stretch(path: Path, file: BinaryIO) -> Stretch | None:
    """Where in a sealed package its WARC file stands; None in a WARC file itself."""
    if path.suffix != ".wacz":
        return None
    with zipfile.ZipFile(path) as package:
        return wacz.stretch_of(package, file)


def _write(members: Sequence[Member], about: Single, newest: datetime) -> bytes:
    """The ZIP: records, index, pages, manifest, its digest."""
    packed = [_warcinfo(members, about, newest), *(each.packed for each in members)]
    index, pages = _lists(members, at=len(packed[0]))
    files = {
        wacz.WARC: b"".join(packed),
        wacz.INDEX: "".join(f"{line}\n" for line in sorted(index)).encode(),
        wacz.PAGES: write_pages(pages),
    }
    files[wacz.MANIFEST] = manifest = _json(_manifest(files, pages, about, newest))
    files[wacz.MANIFEST_DIGEST] = _json({"path": wacz.MANIFEST, "hash": digest_of(manifest)})
    whole = BytesIO()
    with zipfile.ZipFile(whole, "w") as package:
        for name, content in files.items():
            info = zipfile.ZipInfo(name, newest.timetuple()[:6])
            info.compress_type = zipfile.ZIP_STORED if name == wacz.WARC else zipfile.ZIP_DEFLATED
            info.create_system = 3  # Unix, on whatever it is made
            info.external_attr = 0o100444 << 16
            package.writestr(info, content)
    return whole.getvalue()


def _lists(members: Sequence[Member], *, at: int) -> tuple[list[str], list[dict[str, Any]]]:
    """Where each capture stands in the WARC file, and which of them are pages."""
    responses = {each.id: each for each in members if each.kind in INDEXED}
    index, pages = [], []
    for member in members:
        size = len(member.packed)
        if member.kind in INDEXED:
            line = index_line(member, offset=at, size_bytes=size, file_name=wacz.WARC_NAME)
            index.append(line)
        if member.kind == "metadata":
            response = responses.get(member.named("WARC-Concurrent-To") or "")
            entry = entry_in(member.block)
            if response is not None and entry is not None:
                pages.append(page_of(response, entry))
        at += size
    return index, pages


def _manifest(
    files: dict[str, bytes], pages: list[dict[str, Any]], about: Single, newest: datetime
) -> dict[str, Any]:
    instant = newest.strftime("%Y-%m-%dT%H:%M:%SZ")
    manifest: dict[str, Any] = {
        "profile": "data-package",
        "wacz_version": wacz.VERSION,
        "title": about.title,
        "created": instant,
        "modified": instant,
        "software": about.software,
        "resources": [
            {
                "name": name.rpartition("/")[2],
                "path": name,
                "hash": digest_of(content),
                "bytes": len(content),
            }
            for name, content in files.items()
        ],
        "kanliu": {"entry": about.id},
    }
    if pages:
        last = max(pages, key=lambda page: (page["ts"], page["id"]))
        manifest |= {"mainPageUrl": last["url"], "mainPageDate": last["ts"]}
    return manifest


def _warcinfo(members: Sequence[Member], about: Single, newest: datetime) -> bytes:
    """Ours says what this package is; those of the files say what made the captures."""
    told = {"software": about.software, "description": f"Captures of {about.id}"}
    record = warc.warcinfo(wacz.WARC_NAME, newest, told)
    own = uuid.uuid5(_NAMESPACE, " ".join([about.id, *(each.id for each in members)]))
    headers = {**record.headers, "WARC-Record-ID": f"<urn:uuid:{own}>"}
    return warc.pack(warc.Record(headers=headers, block=record.block), revisits.LEVEL)


def _unpacked(packed: bytes) -> Member:
    return next(each for each in read_members(BytesIO(packed)) if not isinstance(each, Broken))


def _json(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()

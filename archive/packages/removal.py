"""Which WARC files are not needed any more, and taking them away. Each record of such a file was
found again just now, byte for byte, in sealed packages that have their copies."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.holdings import HERE
from archive.model import Event
from archive.packages.members import Broken, OpenFiles, digest_of, read_member, read_members
from archive.packages.plan import Shelfmark
from archive.packages.revisits import WAS_REVISIT
from archive.packages.seal import in_words, month_before, month_of_file
from archive.sweep import fsync_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.holdings import Holdings
    from archive.packages.members import Member
    from archive.packages.scan import Scan
    from archive.packages.seal import Draft

log = logging.getLogger(__name__)

#: The event that says of a WARC file, or of a copy, that it was taken away; of a WARC file also
#: which packages hold what was in it (`packages`, shelfmarks with a comma between).
REMOVED = "files-removed"


@dataclass(frozen=True, kw_only=True, slots=True)
class Removable:
    """A WARC file that is not needed any more, and the packages that hold what is in it."""

    file: Path
    packages: tuple[str, ...]


def find_removable(
    data: Path, draft: Draft, now: datetime, *, is_copied: Callable[[str], bool]
) -> list[Removable]:
    """The files of a draft that are not needed any more; none of a month that is not over.
    `is_copied` says of a package's file whether its copies are written."""
    return [
        Removable(
            file=scan.file,
            packages=tuple(
                sorted(str(Shelfmark.of_file(each)) for each in _packages_of(scan, draft))
            ),
        )
        for scan in draft.scans
        if month_of_file(scan.file) <= month_before(now)
        and not scan.broken
        and all(is_copied(file) for file in _packages_of(scan, draft))
        and _is_sealed(data, scan, draft)
    ]


def remove(holdings: Holdings, data: Path, removable: Sequence[Removable], now: datetime) -> None:
    """Take files away. The event comes first: what is gone is accounted for.

    Raises:
        StoreError: the disk refused.
    """
    for each in removable:
        name = each.file.relative_to(data).as_posix()
        detail = {
            "file": name,
            "reason": "each of its records stands in a sealed package",
            "packages": ", ".join(each.packages),
        }
        told = Event(at=now, kind=REMOVED, detail=detail)
        holdings.remove([(HERE, name)], told)
        with in_words(each.file):
            each.file.unlink(missing_ok=True)
            fsync_folder(each.file.parent)
        log.info("sealed file removed file=%s", name)


def _packages_of(scan: Scan, draft: Draft) -> set[str]:
    return {draft.sealed[record.id][0] for record in scan.records if record.id in draft.sealed}


def _is_sealed(data: Path, scan: Scan, draft: Draft) -> bool:
    """Whether each record of a file stands in its package."""
    with scan.file.open("rb") as file, OpenFiles() as packages:
        for found in read_members(file):
            if isinstance(found, Broken) or found.id not in draft.sealed:
                return False
            name, offset = draft.sealed[found.id]
            try:
                there = read_member(packages.open(data / name), offset)
            except (OSError, ValueError):
                return False
            if there.packed != found.packed and not _is_the_same(found, there):
                return False
    return True


def _is_the_same(found: Member, there: Member) -> bool:
    """Whether a record that was written anew says the same: a revisit that got its body again, or
    that names another record with the same body."""
    if found.kind != "revisit" or there.id != found.id:
        return False
    head, digest = found.block.partition(b"\r\n\r\n")[0], found.headers["WARC-Payload-Digest"]
    if there.block.partition(b"\r\n\r\n")[0] != head:
        return False
    if there.kind == "revisit":
        return there.headers["WARC-Payload-Digest"] == digest
    return WAS_REVISIT in there.headers and digest_of(there.payload) == digest

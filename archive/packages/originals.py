"""Finds the body that a revisit names, where that is not in the package that the revisit goes into:
in the WARC files that are being sealed, or in a package of the same journal. Reads only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.packages import wacz
from archive.packages.members import digest_of, read_member

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from archive.packages.members import Member
    from archive.packages.scan import FiledRecord


class Originals:
    """`records` are the responses that revisits name, as far as they stand in WARC files;
    `packages` are those of the journal, below the data directory, the oldest first."""

    def __init__(
        self, data: Path, records: Mapping[str, FiledRecord], packages: Sequence[str]
    ) -> None:
        self._data = data
        self._records = records
        self._packages = packages

    def find(self, revisit: Member) -> bytes | None:
        """The body, by its digest."""
        digest = revisit.headers.get("WARC-Payload-Digest", "")
        for member in self._candidates(revisit, digest):
            if member is not None and digest_of(member.payload) == digest:
                return member.payload
        return None

    def _candidates(self, revisit: Member, digest: str) -> Iterator[Member | None]:
        filed = self._records.get(revisit.named("WARC-Refers-To") or "")
        if filed is not None:
            yield _read(filed)
        for name in reversed(self._packages):
            yield _find(self._data / name, digest)


def _read(filed: FiledRecord) -> Member | None:
    try:
        with filed.file.open("rb") as file:
            return read_member(file, filed.offset)
    except (OSError, ValueError):
        return None


def _find(path: Path, digest: str) -> Member | None:
    try:
        return wacz.find_body(path, digest)
    except (OSError, ValueError):  # damaged: what it holds may stand elsewhere too
        return None

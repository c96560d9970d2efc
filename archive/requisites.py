"""Which requisites the archive's files have, for whoever makes the database again: what a page
still lacks is what it names and the files do not have. Reads files, asks no database."""

from __future__ import annotations

import re
from datetime import UTC
from typing import TYPE_CHECKING

from archive.exchange import Role
from archive.owed import Had
from archive.scan import EXCHANGES, Damage, archive_files, scan
from archive.warc import belonging_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from archive.warc import Record

#: The month of a file stands in its path: `warc/2026/11/…`, `packages/open/tea/2026-11.2.wacz`.
_MONTH = re.compile(r"/(\d{4})[/-](\d\d)(?:/[^/]+\.warc\.gz(?:\.open)?|(?:\.\d+)?\.wacz)$")


def find_had(warc: Path, since: datetime) -> Iterator[Had]:
    """The requisites that were captured in the month of an instant or later. What stands twice, in
    a WARC file and its package, is told once.

    Raises:
        CaptureError: a file cannot be opened.
    """
    seen: set[str] = set()
    for path in archive_files(warc):
        if _month_of(path) < f"{since.astimezone(UTC):%Y-%m}":
            continue
        for each in scan(path, warc.parent):
            if isinstance(each, Damage) or each.record.id in seen:
                continue
            had = _had_in(each.record)
            if had is not None:
                seen.add(each.record.id)
                yield had


def _month_of(path: Path) -> str:
    """YYYY-MM; what lies elsewhere may be of any month."""
    found = _MONTH.search(path.as_posix())
    return f"{found[1]}-{found[2]}" if found else "9999-12"


def _had_in(record: Record) -> Had | None:
    headers = record.headers
    if headers["WARC-Type"] not in EXCHANGES:
        return None
    belonging = belonging_of(record)
    if belonging is None or belonging.role is not Role.REQUISITE or belonging.page is None:
        return None
    return Had(
        source_id=belonging.source_id,
        page=belonging.page,
        url=headers["WARC-Target-URI"],
        month=headers["WARC-Date"][:7],
        size_bytes=len(record.block.partition(b"\r\n\r\n")[2]),
    )

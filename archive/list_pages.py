"""The list pages that were captured, out of the WARC files and packages: what journals showed.
Reads files only; what a page means is the crawler's matter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive import warc
from archive.exchange import Role
from archive.packages.finder import members_of
from archive.payload import plain_body

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator
    from datetime import datetime
    from pathlib import Path

    from archive.packages.members import Member


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturedList:
    """A list page as it was served, or as a browser drew it, without its content coding. Header
    names are in lower case."""

    source_id: str
    url: str
    seen: datetime
    headers: dict[str, str]
    body: bytes


def read_list_pages(
    data: Path, source_ids: Collection[str], tell: Callable[[str], object] = lambda _: None
) -> Iterator[CapturedList]:
    """Every list page of these sources that was captured, file by file. One that came again with
    the same bytes is told once. What cannot be read is passed over: `kanliu verify` finds it."""
    files = sorted(
        path
        for pattern in ("warc/**/*.warc.gz*", "packages/**/*.wacz")
        for path in data.glob(pattern)
        if path.is_file()
    )
    for number, path in enumerate(files, 1):
        tell(f"reading lists in {path.name}, {number} of {len(files)}")
        found: dict[str, CapturedList] = {}
        try:
            for member in members_of(path):
                _take(member, source_ids, found)
        except (OSError, ValueError):
            pass
        yield from found.values()


def _take(member: Member, source_ids: Collection[str], found: dict[str, CapturedList]) -> None:
    """Put a list page, or what a browser drew of one, with those of its file."""
    if member.kind == "conversion" and (drawn := member.named("WARC-Refers-To")) in found:
        served = found[drawn]
        headers = {**served.headers, "content-type": warc.RENDERED_TYPE}
        found[drawn] = CapturedList(
            source_id=served.source_id,
            url=served.url,
            seen=served.seen,
            headers=headers,
            body=member.block,
        )
    source_id = member.headers.get(warc.SOURCE, "")
    is_list = member.kind == "response" and member.headers.get(warc.ROLE) == Role.LIST
    if not is_list or source_id not in source_ids:
        return
    exchange = warc.exchange_of(warc.Record(headers=member.headers, block=member.block), None)
    body = plain_body(exchange)
    if exchange.status == 200 and body is not None:
        found[member.id] = CapturedList(
            source_id=source_id,
            url=exchange.url,
            seen=exchange.started,
            headers={
                name.decode("latin-1").lower(): value.decode("latin-1")
                for name, value in exchange.response_headers
            },
            body=body,
        )

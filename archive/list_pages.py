"""The list pages that were captured, out of the WARC files and packages: what journals showed.
Reads files only; what a page means is the crawler's matter."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from archive import warc
from archive.exchange import Role
from archive.packages import wacz
from archive.packages.lines import INDEXED
from archive.packages.members import Broken, read_members
from archive.payload import plain_body
from archive.sweep import OPEN

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.packages.members import Member


@dataclass(frozen=True, kw_only=True, slots=True)
class CapturedList:
    """A list page as it was served, or as a browser drew it, without its content coding. Header
    names are in lower case; `id` is its record."""

    id: str
    url: str
    seen: datetime
    headers: dict[str, str]
    body: bytes


def find_files(data: Path) -> dict[str, Path]:
    """The files that hold records, by the names that captures give them: one that is still being
    written as it will be called."""
    patterns = ("warc/**/*.warc.gz", f"warc/**/*.warc.gz{OPEN}", "packages/**/*.wacz")
    paths = sorted(path for each in patterns for path in data.glob(each) if path.is_file())
    return {path.relative_to(data).as_posix().removesuffix(OPEN): path for path in paths}


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPlace:
    """Where a list page stands in its file, whose it is, and what its head says."""

    id: str
    offset: int
    source_id: str
    url: str
    seen: datetime


@dataclass(kw_only=True, slots=True)
class Lists:
    """The list pages of a stretch of a file. `end` is behind what was read as a whole; `broken`
    counts what is no whole record: reading goes on behind it. `is_all` where the file ends."""

    end: int
    pages: list[ListPlace] = field(default_factory=list)
    broken: int = 0
    is_all: bool = True


def find_lists(path: Path, start: int = 0, most_bytes: int | None = None) -> Lists:
    """Every list page of a file from an offset on, in so many bytes of it or a little more. At the
    end of a file that is being written, what is not whole yet is left.

    Raises:
        OSError: the file cannot be read.
    """
    lists = Lists(end=start)
    last: ListPlace | None = None
    is_open = path.name.endswith(OPEN)
    try:
        for each in _records(path, start):
            if isinstance(each, Broken):
                if is_open:
                    if last is not None:  # what belongs to it may not be there yet
                        lists.pages.remove(last)
                        lists.end = last.offset
                    break
                lists.broken += 1
                continue
            if most_bytes is not None and each.offset >= start + most_bytes:
                lists.is_all = False
                break
            lists.end = each.offset + len(each.packed)
            if each.kind in INDEXED:
                last = _find(each)
                lists.pages += [last] if last else []
    except ValueError:  # no package
        lists.broken += 1
    return lists


def read_list_at(path: Path, offset: int) -> CapturedList | None:
    """The list page that stands there; None where nothing does any more, or it cannot be read.

    Raises:
        FileNotFoundError: the file has gone, or has another name now.
    """
    page: CapturedList | None = None
    try:
        for each in _records(path, offset):
            if isinstance(each, Broken) or (page and each.kind in INDEXED):
                break
            page = _taken(each, page)
            if page is None:
                break
    except FileNotFoundError:
        raise
    except (OSError, ValueError):
        return None
    return page


def _records(path: Path, start: int) -> Iterator[Member | Broken]:
    """Raises ValueError for what should be a package and is none."""
    if path.suffix != wacz.SUFFIX:
        with path.open("rb") as file:
            yield from read_members(file, start)
        return
    with wacz.open_package(path) as (package, file):
        stretch = wacz.stretch_of(package, file)
        yield from read_members(file, max(start, stretch.start), stretch.end)


def _find(member: Member) -> ListPlace | None:
    """The list page that a record is, if a page came."""
    if member.kind != "response" or member.headers.get(warc.ROLE) != Role.LIST:
        return None
    status = member.block[:32].partition(b" ")[2][:3]
    if status != b"200":
        return None
    return ListPlace(
        id=member.id,
        offset=member.offset,
        source_id=member.headers.get(warc.SOURCE, ""),
        url=member.headers["WARC-Target-URI"],
        seen=datetime.fromisoformat(member.headers["WARC-Date"]),
    )


def _taken(member: Member, page: CapturedList | None) -> CapturedList | None:
    """The list page that a record is, or the one before it, as this record lets it be."""
    if page is not None and member.kind == "conversion":
        if member.named("WARC-Refers-To") != page.id:
            return page
        headers = {**page.headers, "content-type": warc.RENDERED_TYPE}
        return replace(page, headers=headers, body=member.block)
    if page is not None or _find(member) is None:
        return page
    exchange = warc.exchange_of(warc.Record(headers=member.headers, block=member.block), None)
    body = plain_body(exchange)
    if body is None:
        return None
    return CapturedList(
        id=member.id,
        url=exchange.url,
        seen=exchange.started,
        headers={
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in exchange.response_headers
        },
        body=body,
    )

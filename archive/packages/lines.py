"""The two lists of a package: which captures stand where (CDXJ), and which pages it shows. Pure."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archive.packages.address_key import address_key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archive.packages.members import Member

#: What replay looks up. Metadata and renderings have the page's own address: indexed, they would
#: be shown in its place.
INDEXED = frozenset({"response", "revisit", "resource"})
REVISIT_TYPE = "warc/revisit"

_PAGES_HEAD = {"format": "json-pages-1.0", "id": "pages", "title": "All Pages"}


def index_line(member: Member, *, offset: int, size_bytes: int, file_name: str) -> str:
    """The CDXJ line of a capture; lines are sorted as bytes."""
    url = member.headers.get("WARC-Target-URI", "")
    fields = {
        "url": url,
        "mime": _mime(member),
        "status": _status(member),
        "digest": member.headers.get("WARC-Payload-Digest"),
        "length": str(size_bytes),
        "offset": str(offset),
        "filename": file_name,
    }
    known = {name: value for name, value in fields.items() if value is not None}
    return f"{address_key(url)} {timestamp(member.headers['WARC-Date'])} {json.dumps(known)}"


def read_index(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """Key, timestamp and fields of each line.

    Raises:
        ValueError: a line is none.
    """
    lines = []
    for line in text.splitlines():
        key, at, fields = line.split(" ", 2)
        lines.append((key, at, json.loads(fields)))
    return lines


def timestamp(at: str) -> str:
    """WARC-Date as CDX has it: 20261123080000."""
    return re.sub(r"\D", "", at)[:14]


def entry_in(document: bytes) -> dict[str, Any] | None:
    """The entry that a metadata record tells of; None where it tells of none."""
    try:
        found = json.loads(document)
    except ValueError:
        return None
    if not isinstance(found, dict):
        return None
    entry = found.get("entry") or (found.get("sighting") or {}).get("entry")
    return entry if isinstance(entry, dict) else None


def page_of(response: Member, entry: Mapping[str, Any]) -> dict[str, Any]:
    """A page as `pages.jsonl` lists it: title and text as they were read, whatever the charset
    of what was served."""
    page = {
        "id": response.id.removeprefix("urn:uuid:"),
        "url": response.headers["WARC-Target-URI"],
        "ts": response.headers["WARC-Date"],
        "title": entry.get("title") or entry.get("title_raw"),
        "text": entry.get("text"),
    }
    return {name: value for name, value in page.items() if value is not None}


def write_pages(pages: list[dict[str, Any]]) -> bytes:
    """`pages.jsonl`, in the order of time."""
    ordered = sorted(pages, key=lambda page: (page["ts"], page["id"]))
    lines = (json.dumps(line, ensure_ascii=False) for line in (_PAGES_HEAD, *ordered))
    return "".join(f"{line}\n" for line in lines).encode("utf-8", "replace")


def read_pages(data: bytes) -> list[dict[str, Any]]:
    """The pages that `pages.jsonl` lists.

    Raises:
        ValueError: it is none.
    """
    return list(iterate_pages(data.split(b"\n")))


def iterate_pages(lines: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """The same line by line: the texts of a month need not be in memory at once.

    Raises:
        ValueError: it is none.
    """
    found = (json.loads(line) for line in lines if line.strip(b"\n"))
    if "format" not in next(found, {}):
        raise ValueError("its first line does not say its format")
    for page in found:
        if not isinstance(page, dict):
            raise ValueError("one of its lines is no page")  # noqa: TRY004 - the file is wrong
        yield page


def _mime(member: Member) -> str | None:
    if member.kind == "revisit":
        return REVISIT_TYPE
    if member.kind == "resource":
        return member.headers.get("Content-Type")
    top = member.block.partition(b"\r\n\r\n")[0].decode("latin-1")
    found = re.search(r"^content-type:\s*([^;\s]+)", top, re.IGNORECASE | re.MULTILINE)
    return found[1] if found else None


def _status(member: Member) -> str | None:
    if not member.is_http:
        return None
    words = member.block[:64].split(b" ", 2)
    return words[1][:3].decode("latin-1") if len(words) > 1 else None

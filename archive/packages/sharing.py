"""Style sheets and pictures that pages of both trees need go into both packages of the month, so
that each replays alone: they are captured once a month, for the page that asked first. What a page
needs is what it names; pages are searched for that, not parsed. Reads only.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import brotli

from archive.packages.address_key import address_key
from archive.packages.members import OpenFiles, read_member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from archive.packages.members import Member
    from archive.packages.plan import PlannedPackage
    from archive.packages.scan import FiledRecord

#: Whatever may hold an address: too much does no harm, since only addresses that were captured as
#: requisites count.
_NAMED = re.compile(
    r"""\b(?:src|href|poster|data|srcset|background|data-[a-z-]+)\s*=\s*
        (?:"([^"]*)"|'([^']*)'|([^\s"'>]+))
        |url\(\s*["']?([^"')]+)|@import\s+["']([^"']+)""",
    re.IGNORECASE | re.VERBOSE,
)
_BASE = re.compile(r"<base\b[^>]*\bhref\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ENCODING = re.compile(rb"^content-encoding:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_STYLE = re.compile(rb"^content-type:\s*text/css", re.IGNORECASE | re.MULTILINE)
REQUISITE = "requisite"


def share(planned: Sequence[PlannedPackage]) -> list[PlannedPackage]:
    """The packages, with what the one of a journal's month has and the other one needs."""
    shelves: dict[tuple[str, str], list[PlannedPackage]] = {}
    for each in planned:
        shelves.setdefault((each.mark.source_id, each.mark.month), []).append(each)
    shared = []
    with OpenFiles() as files:
        for packages in shelves.values():
            for package in packages:
                others = [record for each in packages if each is not package
                          for record in each.records]  # fmt: skip
                needed = tuple(_find_needed(package, others, files))
                shared.append(replace(package, records=(*package.records, *needed)))
    return shared


def find_named(text: str, url: str) -> set[str]:
    """The keys of the addresses that a page or a style sheet names."""
    base = _BASE.search(text)
    home = urljoin(url, unescape(base[1])) if base else url
    found = set()
    for match in _NAMED.finditer(text):
        value = unescape(next(group for group in match.groups() if group is not None)).strip()
        # A srcset is a list of addresses, each with a width.
        for part in {value, *(each.strip().split(" ")[0] for each in value.split(","))}:
            try:
                found.add(address_key(urljoin(home, part)))
            except ValueError:  # no address at all: http://[
                continue
    return found


def _find_needed(
    package: PlannedPackage, others: Sequence[FiledRecord], files: OpenFiles
) -> Iterator[FiledRecord]:
    """Requisites in the other package of the month that this one's pages name, and what the style
    sheets among them name in turn."""
    lacking = {address_key(each.url): each for each in others if _is_requisite(each) and each.url}
    for own in package.records:
        if _is_requisite(own) and own.url:
            lacking.pop(address_key(own.url), None)
    waiting = [each for each in package.records if each.url] if lacking else []
    while waiting and lacking:
        for key in _named_by(waiting.pop(), files) & lacking.keys():
            found = lacking.pop(key)
            waiting.append(found)
            yield from _with_beside(found, others)


def _is_requisite(record: FiledRecord) -> bool:
    return record.role == REQUISITE and record.beside is None


def _with_beside(response: FiledRecord, records: Iterable[FiledRecord]) -> Iterator[FiledRecord]:
    return (each for each in records if each.owner == response.id)


def _named_by(record: FiledRecord, files: OpenFiles) -> set[str]:
    """What a page names; of requisites only style sheets name anything."""
    try:
        member = read_member(files.open(record.file), record.offset)
    except ValueError:  # damaged: sealing says so
        return set()
    head = member.block.partition(b"\r\n\r\n")[0]
    if _is_requisite(record) and not _STYLE.search(head):
        return set()
    return find_named(_text_of(member, head), record.url or "")


def _text_of(member: Member, head: bytes) -> str:
    """The body, without the coding that it was served in; addresses are ASCII or UTF-8."""
    encoding = _ENCODING.search(head)
    body = member.payload
    try:
        match encoding[1].lower() if encoding else b"":
            case b"gzip" | b"x-gzip" | b"deflate":
                body = zlib.decompress(body, zlib.MAX_WBITS | 32)
            case b"br":
                body = brotli.decompress(body)
    except (zlib.error, brotli.error):  # as served, which no browser could read either
        return ""
    return body.decode("utf-8", "replace")

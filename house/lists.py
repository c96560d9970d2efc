"""The lists that journals showed, read out of the archive's files by today's rules and remembered:
each file once, and of one that is being written what came since. Asks no site."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import dataclass, replace
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

from archive.completeness import Contents, Row
from archive.issue import issue_of
from archive.issue_parameters import find_parameters
from archive.list_memory import KnownFile, ReadPage
from archive.list_pages import find_files, find_lists, read_list_at
from archive.model import Entry
from archive.packages.wacz import digest_of_file
from archive.sweep import OPEN
from crawler.normalise.date import parse_date
from crawler.normalise.url import canonical
from foundation.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from archive.issue import Issue
    from archive.list_pages import CapturedList
    from archive.model import ListedLink
    from archive.store import Store
    from sources.model import Source

log = logging.getLogger(__name__)

#: How lists are read. A release reads everything again: a reader may have been mended in it. Raise
#: this where you mend one and want to see it before.
LISTS_VERSION = "1"
#: So many pages are read in one transaction: a second's work.
_AT_ONCE = 20


@dataclass(frozen=True, kw_only=True, slots=True)
class Followed:
    """How far reading came: whether a file or page is left for the next time, and the files that
    could not be read."""

    has_more: bool
    refused: tuple[str, ...] = ()


def follow_lists(
    store: Store,
    data: Path,
    sources: Sequence[Source],
    tell: Callable[[str], object] = lambda _: None,
    *,
    most_bytes: int | None = None,
) -> Followed:
    """Find the lists in what was not looked through yet, and read those that were not read by
    today's rules; forget the files that are gone. With `most_bytes` it ends after so many, or
    after a few lists.

    Raises:
        StoreError: it cannot be remembered.
    """
    files, known = find_files(data), store.lists.files()
    refused: list[str] = []
    left = most_bytes
    for number, (name, path) in enumerate(files.items(), 1):
        tell(f"looking for lists in {path.name}, {number} of {len(files)}")
        try:
            read = _follow_file(store, name, path, known.get(name), left)
        except OSError as error:
            log.warning("lists not found file=%s error=%s", name, error)
            refused.append(name)
        else:
            left = left - read if left is not None else None
        if left is not None and left <= 0:
            return Followed(has_more=True, refused=tuple(refused))
    store.lists.forget(known.keys() - files.keys())
    by_id = {source.id: source for source in sources}
    has_more = _read_stale(store, by_id, files, tell, is_all=most_bytes is None)
    return Followed(has_more=has_more, refused=tuple(refused))


def rules_of(source: Source) -> str:
    """What says how this source's lists are read: while it is the same, so is what is read."""
    told = (
        _release(), LISTS_VERSION, source.platform, source.encoding, source.language,
        source.zone, source.selectors,
    )  # fmt: skip
    return hashlib.blake2s(repr(told).encode(), digest_size=8).hexdigest()


def contents_of(page: CapturedList, source: Source) -> Contents:
    """What a captured list page shows, read as a poll would read it today.

    Raises:
        SiteError: it cannot be read.
    """
    # Imported here: asking again reads nothing, and Scrapy alone takes more time than the answer.
    from crawler.fetch import Answer
    from crawler.platforms import reader_for
    from crawler.reading.encoding import decode

    answer = Answer(url=page.url, status=200, headers=page.headers, body=page.body, exchanges=())
    read = reader_for(source)(
        answer.body,
        url=answer.url,
        visited=page.seen,
        http_charset=answer.charset,
        headers=answer.headers,
    )
    text = ""
    if b"*" in page.body or "＊".encode() in page.body or "＊".encode("gbk") in page.body:
        text = decode(page.body, http_charset=answer.charset, forced=source.encoding).text
    return Contents(
        url=page.url,
        seen=page.seen,
        rows=tuple(map(_row_of, read.links)),
        parameters=find_parameters(text),
    )


def _follow_file(
    store: Store, name: str, path: Path, known: KnownFile | None, most_bytes: int | None
) -> int:
    """Look through what of a file is not known; how many bytes that took.

    Raises:
        OSError: it cannot be read.
    """
    stat, is_open = path.stat(), path.name.endswith(OPEN)
    is_same = known and (known.size_bytes, known.modified) == (stat.st_size, stat.st_mtime_ns)
    if known and is_same and (known.digest is not None or is_open):
        return 0
    if known and known.digest is not None:
        if known.digest == digest_of_file(path):
            store.lists.keep(replace(known, modified=stat.st_mtime_ns), [], is_anew=False)
            return stat.st_size
        known = None
    start = known.size_bytes if known and known.size_bytes <= stat.st_size else 0
    lists = find_lists(path, start, most_bytes)
    is_done = lists.is_all and not is_open
    now = KnownFile(
        file=name,
        size_bytes=stat.st_size if is_done else lists.end,
        modified=stat.st_mtime_ns,
        digest=digest_of_file(path) if is_done else None,
        broken=lists.broken + (known.broken if known and start else 0),
    )
    store.lists.keep(now, lists.pages, is_anew=not start)
    return max(lists.end - start, 1)


def _read_stale(
    store: Store,
    by_id: Mapping[str, Source],
    files: Mapping[str, Path],
    tell: Callable[[str], object],
    *,
    is_all: bool,
) -> bool:
    """Read what was not read by today's rules: some of it, or all; whether some may be left."""
    rules = {id_: rules_of(source) for id_, source in by_id.items()}
    while places := store.lists.stale(rules, _AT_ONCE):
        tell(f"reading lists in {places[0].file}")
        read = []
        for place in places:
            try:
                page = read_list_at(files[place.file], place.offset)
            except FileNotFoundError:  # it was finished meanwhile, or sealed: look again
                store.lists.forget([place.file])
                return True
            now = rules[place.source_id]
            if page is None:
                log.warning("list not read file=%s at=%d", place.file, place.offset)
                store.lists.leave(place, now)
            else:
                contents = _contents(page, by_id[place.source_id])
                read.append(ReadPage(place=place, rules=now, contents=contents))
        store.lists.put(read)
        if not is_all:
            return True
    return False


def _contents(page: CapturedList, source: Source) -> Contents | None:
    try:
        return contents_of(page, source)
    except SiteError as error:
        log.warning("list not read source=%s record=%s error=%s", source.id, page.id, error)
        return None


@cache
def _release() -> str:
    return version("kanliu")


def _row_of(link: ListedLink) -> Row:
    url = canonical(link.url)
    return Row(
        url=url,
        title=link.title,
        issue=_issue_in(link),
        link=link.url if link.url != url else None,
    )


def _issue_in(link: ListedLink) -> Issue | None:
    """The issue that a row prints: `2026, 45(1): 1-18`."""
    if not link.issue:
        return None
    printed = parse_date(link.issue)
    if printed.issue is None:
        return None
    bare = Entry(url="", canonical_url="", title=None, title_raw=None, published=printed)
    return issue_of(bare)

"""Whether the issues of journals are kept whole: the lists that were captured are read by today's
rules, and set against what is kept. Asks no site, and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.completeness import Contents, IssueReport, KeptArticle, Row, report
from archive.issue import issue_of
from archive.issue_parameters import LABEL, find_parameters
from archive.list_pages import read_list_pages
from archive.model import Entry, EntryState
from crawler.fetch import Answer
from crawler.normalise.date import parse_date
from crawler.normalise.url import canonical
from crawler.platforms import reader_for
from crawler.reading.encoding import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from archive.issue import Issue
    from archive.issue_parameters import Parameters
    from archive.list_pages import CapturedList
    from archive.model import ListedLink
    from archive.store import Store
    from sources.model import Source


def completeness(
    store: Store,
    data: Path,
    sources: Sequence[Source],
    tell: Callable[[str], object] = lambda _: None,
) -> dict[str, list[IssueReport]]:
    """The issues of each of these sources, by its id."""
    by_id = {source.id: source for source in sources}
    contents: dict[str, list[Contents]] = {id_: [] for id_ in by_id}
    for page in read_list_pages(data, by_id.keys(), tell):
        contents[page.source_id].append(contents_of(page, by_id[page.source_id]))
    found = {}
    for source in sources:
        tell(f"reading what is kept of {source.id}")
        memory = store.memory(source.id)
        found[source.id] = report(
            contents[source.id],
            list(kept_articles(store, source.id)),
            {canonical(url): miss for url, miss in memory.misses.items()},
            masthead=find_parameters(source.masthead.labels.get(LABEL, "")),
            cn=source.masthead.cn,
        )
    return found


def contents_of(page: CapturedList, source: Source) -> Contents:
    """What a captured list page shows, read as a poll would read it today."""
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
        rows=tuple(
            Row(url=canonical(link.url), title=link.title, issue=_issue_in(link))
            for link in read.links
        ),
        parameters=find_parameters(text),
    )


def kept_articles(store: Store, source_id: str) -> Iterator[KeptArticle]:
    """What is kept of a source, by every address that it was seen at."""
    addresses: dict[str, set[str]] = {}
    for url, known in store.memory(source_id).known.items():
        addresses.setdefault(known.entry_id, set()).add(canonical(url))
    for archived in store.entries(source_id, states=frozenset(EntryState)):
        entry = archived.entry
        own = {canonical(entry.url), canonical(entry.canonical_url)}
        yield KeptArticle(
            entry_id=archived.id,
            issue=issue_of(entry),
            addresses=frozenset(own | addresses.get(archived.id, set())),
            parameters=_printed_on(store, archived.id, entry),
        )


def _printed_on(store: Store, entry_id: str, entry: Entry) -> Parameters | None:
    """The parameters in an article's text, or in the masthead beside it."""
    if entry.text and (found := find_parameters(entry.text)) is not None:
        return found
    raws = (revision.raw for revision in reversed(store.revisions(entry_id)))
    return next(_parameters(raw.masthead.get(LABEL) for raw in raws if raw), None)


def _parameters(lines: Iterable[str | None]) -> Iterator[Parameters]:
    for line in lines:
        if line and (found := find_parameters(line)) is not None:
            yield found


def _issue_in(link: ListedLink) -> Issue | None:
    """The issue that a row prints: `2026, 45(1): 1-18`."""
    if not link.issue:
        return None
    printed = parse_date(link.issue)
    if printed.issue is None:
        return None
    bare = Entry(url="", canonical_url="", title=None, title_raw=None, published=printed)
    return issue_of(bare)

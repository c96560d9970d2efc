"""`/<source>/<article>/`: one article: where it is, what may be done with it, how to cite it, what
was changed. Its text only as far as its notice allows."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING
from urllib.parse import quote

from archive.difference import difference
from archive.issue import issue_of
from archive.likeness import Relation
from archive.model import EntryState
from archive.rights import decide
from feeds.citation.gbt7714 import write_gbt7714
from feeds.citation.work import work_of
from feeds.content import show
from feeds.selected import path_name
from web.article_text import page_html
from web.days import Day, print_date, print_instant
from web.frame import web_address
from web.notices import NoticeView, notice_view
from web.pages.copies import copies_view
from web.pages.issue import issue_name, issue_path
from web.pages.rows import article_path
from web.pages.selection import Link

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.difference import Difference, Piece
    from archive.model import ArchivedEntry, Entry, Revision
    from archive.rights import Carry
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source
    from web.frame import Frame
    from web.memento import Copies
    from web.pages.copies import CopiesView
    from web.words import Words

#: The formats of web.citations, and what people call them.
CITATION_NAMES = {"bib": "BibTeX", "ris": "RIS", "json": "CSL-JSON", "txt": "GB/T 7714"}

#: The field of a query that looks for a keyword (archive.query).
KEYWORD = "keyword"

_RELATIONS = {
    Relation.DUPLICATE: "also-duplicate",
    Relation.REPRINT_OF: "also-reprint-of",
    Relation.REPRINTED_AS: "also-reprinted-as",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Neighbour:
    """The same article in another journal: what it is to this one, in words, and where it is here
    and there. `path` is None for a journal that is not followed any more."""

    relation: str
    journal: str
    title: str
    path: str
    url: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """One thing that a revision changed: what it is called, as it was, as it is."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, kw_only=True, slots=True)
class RevisionView:
    """One revision: when it was seen, what it changed. `paragraphs` only where the notice lets the
    text be shown; `letters` says how much was changed in any case."""

    number: int
    day: Day
    changes: tuple[Change, ...]
    letters: str | None
    paragraphs: tuple[tuple[Piece, ...], ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Label:
    """What is known of an article's place, and our page of that place."""

    name: str
    value: str
    path: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticlePage:
    """One article. `text` is clean HTML, None where the notice allows none; `labels` are what is
    known of its place: column, issue, pages. `report` is a link for a person who sees an error,
    None where the operator gave no address."""

    title: str
    language: str
    path: str
    url: str | None
    journal: str
    journal_language: str
    journal_path: str
    day: Day | None
    first_seen: Day
    authors: tuple[Link, ...]
    labels: tuple[Label, ...]
    keywords: tuple[Link, ...]
    doi_url: str | None
    state: str | None
    notice: NoticeView | None
    text: str | None
    summary: str | None
    origin_url: str | None
    citation: str
    citation_files: tuple[tuple[str, str], ...]
    revisions: tuple[RevisionView, ...]
    also_in: tuple[Neighbour, ...]
    copies: CopiesView | None
    report: str | None


def find_article(store: Store, source: Source, name: str) -> ArchivedEntry | None:
    """The entry of a page's address."""
    return store.entry(f"tag:{store.authority},{store.minted}:{source.id}/{name}")


def article_page(
    store: Store,
    archived: ArchivedEntry,
    source: Source,
    settings: Settings,
    frame: Frame,
    *,
    copies: Copies,
    can_replay: bool = False,
) -> ArticlePage:
    """One article that was not withdrawn."""
    words, entry = frame.words, archived.entry
    carry = carry_of(archived, source, settings)
    shown = show(archived, source=source, carry=carry)
    path = article_path(archived)
    return ArticlePage(
        title=shown.title,
        language=shown.language,
        path=frame.link(path),
        url=web_address(shown.url),
        journal=source.title,
        journal_language=source.language,
        journal_path=frame.link(f"/{source.id}/"),
        day=print_date(entry.published, frame.language),
        first_seen=print_instant(archived.first_seen, source.zone, frame.language, to_day=True),
        authors=tuple(
            Link(
                name=name,
                language=shown.language,
                path=frame.link(f"/authors/{path_name(name)}/"),
            )
            for name in entry.authors
        ),
        labels=tuple(_labels(archived, source, frame)),
        keywords=tuple(_keywords(entry, shown.language, frame)),
        doi_url=f"https://doi.org/{quote(entry.doi)}" if entry.doi else None,
        state=words.state(archived.state),
        notice=notice_view([archived], source, settings, words),
        text=page_html(shown.content, picture=words.say("picture")) if shown.content else None,
        summary=None if shown.content else shown.summary,
        origin_url=web_address(shown.origin_url),
        citation=write_gbt7714(work_of(archived, source)),
        citation_files=tuple(
            (name, frame.path_of(f"{path}citation.{suffix}"))
            for suffix, name in CITATION_NAMES.items()
        ),
        revisions=tuple(_revisions(store.revisions(archived.id), source, carry, frame)),
        also_in=tuple(_neighbours(archived, frame)),
        copies=copies_view(copies, source, frame, is_open=carry.is_open, can_replay=can_replay),
        report=_report(archived, settings, words),
    )


def carry_of(archived: ArchivedEntry, source: Source, settings: Settings) -> Carry:
    """What of an article may be shown."""
    return decide(
        archived.entry.notice,
        source_rights=source.rights,
        noncommercial=settings.noncommercial,
        state=archived.state,
    )


def _labels(archived: ArchivedEntry, source: Source, frame: Frame) -> Iterator[Label]:
    entry, words = archived.entry, frame.words
    if entry.column:
        path = frame.link(f"/{source.id}/columns/{path_name(entry.column)}/")
        yield Label(name=words.say("column"), value=entry.column, path=path)
    issue = issue_of(entry)
    if issue is not None:
        path = frame.link(issue_path(source.id, issue))
        yield Label(name=words.say("issue"), value=issue_name(issue, source), path=path)
    if entry.pages:
        yield Label(name=words.say("pages"), value=entry.pages, path=None)


def _keywords(entry: Entry, language: str, frame: Frame) -> Iterator[Link]:
    for word in entry.keywords:
        # Quotes of its own would end the phrase.
        query = f'{KEYWORD}:"{word.replace(chr(34), " ")}"'
        yield Link(name=word, language=language, path=frame.search(query))


def _neighbours(archived: ArchivedEntry, frame: Frame) -> list[Neighbour]:
    return [
        Neighbour(
            relation=frame.words.say(_RELATIONS[other.relation]),
            journal=other.source_title or other.source_id,
            title=other.title or frame.words.say("untitled"),
            path=frame.link(f"/{other.source_id}/{other.entry_id.rpartition('/')[2]}/"),
            url=web_address(other.url),
        )
        for other in archived.also_in
    ]


def _revisions(
    revisions: list[Revision], source: Source, carry: Carry, frame: Frame
) -> list[RevisionView]:
    """The newest first. The first one changed nothing, and is the first sight."""
    found = [
        _revision(new, difference(old.entry, new.entry), source, carry, frame)
        for old, new in pairwise(revisions)
    ]
    return found[::-1]


def _revision(
    revision: Revision, made: Difference, source: Source, carry: Carry, frame: Frame
) -> RevisionView:
    words = frame.words
    counts = [
        words.say(key, n=number)
        for key, number in (("letters-added", made.added), ("letters-removed", made.removed))
        if number
    ]
    return RevisionView(
        number=revision.number,
        day=print_instant(revision.seen, source.zone, frame.language),
        changes=tuple(
            Change(name=words.say(f"change.{each.kind}"), before=each.before, after=each.after)
            for each in made.changes
        ),
        letters=words.say("comma").join(counts) or None,
        paragraphs=made.paragraphs if carry.feed == "full" else (),
    )


def _report(archived: ArchivedEntry, settings: Settings, words: Words) -> str | None:
    """A way to tell the operator of an error: a letter with the entry's id, or their page."""
    contact = settings.contact
    if contact is None or "@" not in contact.partition("//")[0]:
        return web_address(contact)
    address = contact.removeprefix("mailto:")
    subject = quote(words.say("report-subject", title=archived.entry.title or archived.id))
    return f"mailto:{address}?subject={subject}&body={quote(archived.id)}"


def is_withdrawn(archived: ArchivedEntry) -> bool:
    """Whether the operator has taken it down: then nothing of it is shown."""
    return archived.state is EntryState.WITHDRAWN

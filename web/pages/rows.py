"""Pieces that several pages show: an article in a list, addresses of feeds, a journal in a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from web.days import Day, print_date, print_instant
from web.frame import web_address
from web.notices import class_of

if TYPE_CHECKING:
    from archive.model import ArchivedEntry, SourceStatus
    from sources.model import Source
    from web.frame import Frame
    from web.notices import NoticeView
    from web.words import Words


def article_path(archived: ArchivedEntry) -> str:
    """Where an entry's page is: after the names in its id, which never change."""
    return f"/{archived.source_id}/{archived.id.rpartition('/')[2]}/"


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedLink:
    """One feed of a journal: what it is called, its path here and its full address to copy."""

    name: str
    type: str
    path: str
    address: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """A few words that set an article apart: what became of it, a revision, another notice."""

    kind: Literal["state", "revised", "notice"]
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class AlsoIn:
    """Another journal that has the article: its title, and the article's address there."""

    journal: str
    url: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ArticleRow:
    """One article in a list: its page here, and where the journal has it; `url` is None when a
    browser should not open that address."""

    title: str
    language: str
    path: str
    url: str | None
    day: Day
    authors: str
    issue: str
    pages: str | None
    marks: tuple[Mark, ...]
    journal: str
    journal_path: str
    also_in: tuple[AlsoIn, ...]


def feed_links(source_id: str, frame: Frame) -> tuple[FeedLink, ...]:
    """The three feeds of a journal, or of `all`."""
    return (
        feed_link("RSS", "application/rss+xml", f"/{source_id}/rss.xml", frame),
        feed_link("Atom", "application/atom+xml", f"/{source_id}/atom.xml", frame),
        feed_link("JSON", "application/feed+json", f"/{source_id}/feed.json", frame),
    )


def feed_link(name: str, type_: str, path: str, frame: Frame) -> FeedLink:
    """One feed at a path of ours."""
    return FeedLink(name=name, type=type_, path=frame.path_of(path), address=frame.address_of(path))


def article_row(
    archived: ArchivedEntry, source: Source, usual: NoticeView | None, frame: Frame
) -> ArticleRow:
    """One article in a list; `usual` is the notice of the others, None where they differ."""
    entry, words = archived.entry, frame.words
    return ArticleRow(
        title=entry.title or words.say("untitled"),
        language=entry.language or source.language,
        path=frame.link(article_path(archived)),
        url=web_address(entry.url),
        day=print_date(entry.published, frame.language) or _first_seen(archived, source, frame),
        authors=words.say("authors-join").join(entry.authors),
        issue=issue_words(archived, words),
        pages=entry.pages,
        marks=_marks(archived, source, usual, frame),
        journal=source.title,
        journal_path=frame.link(f"/{source.id}/"),
        also_in=tuple(
            AlsoIn(journal=other.source_title or other.source_id, url=web_address(other.url))
            for other in archived.also_in
        ),
    )


def _first_seen(archived: ArchivedEntry, source: Source, frame: Frame) -> Day:
    """For an article whose page printed no date: that, and when we saw it."""
    seen = print_instant(archived.first_seen, source.zone, frame.language, to_day=True)
    return Day(text=frame.words.say("first-seen", day=seen.text), machine=seen.machine)


def issue_words(archived: ArchivedEntry, words: Words) -> str:
    """第3卷第5期, as far as the article's page says."""
    entry = archived.entry
    volume = words.say("volume", n=entry.volume) if entry.volume else ""
    number = words.say("number", n=entry.number) if entry.number else ""
    return (volume + number).strip()


def _marks(
    archived: ArchivedEntry, source: Source, usual: NoticeView | None, frame: Frame
) -> tuple[Mark, ...]:
    words, marks = frame.words, []
    if state := words.state(archived.state):
        marks.append(Mark(kind="state", text=state))
    elif archived.revision > 1:
        day = print_instant(archived.changed, source.zone, frame.language, to_day=True)
        marks.append(Mark(kind="revised", text=words.say("revised", day=day.text)))
    class_ = class_of(archived, source)
    if usual and class_ is not usual.class_:
        marks.append(Mark(kind="notice", text=words.notice(class_)[0]))
    return tuple(marks)


def journal_facts(source: Source, words: Words) -> tuple[str, ...]:
    """What a reader wants to know of a journal in one line."""
    masthead = source.masthead
    number = f"ISSN {masthead.issn}" if masthead.issn else masthead.cn
    return tuple(fact for fact in (masthead.period, number) if fact)


def trouble_of(status: SourceStatus | None, source: Source, words: Words) -> str | None:
    """Why a journal does not move, where it does not."""
    if status is None:
        return None
    if status.retired:
        day = print_instant(status.retired, source.zone, words.language, to_day=True)
        return words.say("retired", day=day.text)
    if status.paused:
        return words.say("paused")
    poll = status.last_poll
    return words.outcome(poll.outcome) if poll and not poll.outcome.is_good else None

"""From the store to what the pages show: one frozen value a page, with every word chosen.

Reads the store and writes no HTML: the templates print these values and do not think.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from web.days import Day, print_date, print_instant
from web.frame import web_address
from web.notices import NoticeView, class_of, notice_view

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archive.model import ArchivedEntry, Poll, SourceStatus
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source
    from web.frame import Frame
    from web.words import Words

# A screen or two: the feeds hold as many, older ones are in the archive.
ARTICLES = 30
LATEST = 8
# Journals a page: each costs the store a query.
JOURNALS = 50
# To say on the front page what a journal's notice is, one odd article among them or not.
SAMPLE = 5


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
    """One article in a list. `url` is None when a browser should not open its address."""

    title: str
    language: str
    url: str | None
    day: Day
    authors: str
    issue: str
    marks: tuple[Mark, ...]
    journal: str
    journal_path: str
    also_in: tuple[AlsoIn, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalRow:
    """One journal on the front page."""

    title: str
    language: str
    path: str
    facts: tuple[str, ...]
    notice: NoticeView | None
    latest: ArticleRow | None
    feeds: tuple[FeedLink, ...]
    trouble: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class FrontPage:
    """`/`: all journals, so many a page, and what is new among them."""

    journals: tuple[JournalRow, ...]
    latest: tuple[ArticleRow, ...]
    facts: tuple[str, ...]
    feeds: tuple[FeedLink, ...]
    opml: FeedLink
    previous: str | None
    following: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class JournalPage:
    """`/<source>/`: one journal."""

    title: str
    language: str
    facts: tuple[str, ...]
    homepage: str | None
    masthead: Mapping[str, str]
    notice: NoticeView | None
    articles: tuple[ArticleRow, ...]
    feeds: tuple[FeedLink, ...]
    last_poll: Day | None
    poll_text: str
    trouble: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorPage:
    """No page: what is the matter and what to do; `nearest` is title and link of a journal."""

    title: str
    hint: str
    nearest: tuple[str, str] | None = None


def front_page(
    store: Store, sources: Sequence[Source], settings: Settings, frame: Frame, *, number: int = 1
) -> FrontPage:
    """All journals, those with the newest article first, and the newest articles of all."""
    words, by_id = frame.words, {source.id: source for source in sources}
    statuses = {status.source_id: status for status in store.status()}
    count = max(1, -(-len(sources) // JOURNALS))
    number = min(max(number, 1), count)
    shown = _by_news(sources, statuses)[(number - 1) * JOURNALS : number * JOURNALS]
    newest = [entry for entry in store.entries(limit=LATEST) if entry.source_id in by_id]
    total = sum(status.entries for key, status in statuses.items() if key in by_id)
    return FrontPage(
        journals=tuple(
            _journal_row(store, source, statuses.get(source.id), settings, frame)
            for source in shown
        ),
        latest=tuple(_article_row(e, by_id[e.source_id], None, frame) for e in newest),
        facts=(words.count("count-journals", len(sources)), words.count("count-articles", total)),
        feeds=feed_links("all", frame),
        opml=_feed_link(words.say("opml"), "text/x-opml", "/opml.xml", frame),
        previous=frame.link("/", page=number - 1) if number > 1 else None,
        following=frame.link("/", page=number + 1) if number < count else None,
    )


def journal_page(store: Store, source: Source, settings: Settings, frame: Frame) -> JournalPage:
    """One journal with its newest articles."""
    entries = store.entries(source.id, limit=ARTICLES)
    status = _status(store, source.id)
    notice = notice_view(entries, source, settings, frame.words)
    poll = status.last_poll if status else None
    return JournalPage(
        title=source.title,
        language=source.language,
        facts=(*_facts(source, frame.words), _interval(source, frame.words)),
        homepage=web_address(source.homepage or source.lists[0]),
        masthead=source.masthead.labels,
        notice=notice,
        articles=tuple(_article_row(entry, source, notice, frame) for entry in entries),
        feeds=feed_links(source.id, frame),
        last_poll=print_instant(poll.ended, source.zone, frame.language) if poll else None,
        poll_text=_poll_text(poll, frame.words) if poll else frame.words.say("never-polled"),
        trouble=_trouble(status, source, frame.words),
    )


def feed_links(source_id: str, frame: Frame) -> tuple[FeedLink, ...]:
    """The three feeds of a journal, or of `all`."""
    return (
        _feed_link("RSS", "application/rss+xml", f"/{source_id}/rss.xml", frame),
        _feed_link("Atom", "application/atom+xml", f"/{source_id}/atom.xml", frame),
        _feed_link("JSON", "application/feed+json", f"/{source_id}/feed.json", frame),
    )


def _feed_link(name: str, type_: str, path: str, frame: Frame) -> FeedLink:
    return FeedLink(name=name, type=type_, path=frame.path_of(path), address=frame.address_of(path))


def _status(store: Store, source_id: str) -> SourceStatus | None:
    """How a source stands; None for one whose file is newer than the store's register."""
    return next((status for status in store.status() if status.source_id == source_id), None)


def _by_news(sources: Sequence[Source], statuses: Mapping[str, SourceStatus]) -> list[Source]:
    def newness(source: Source) -> float:
        status = statuses.get(source.id)
        return -status.last_new.timestamp() if status and status.last_new else 0

    return sorted(sources, key=lambda source: (newness(source), source.id))


def _journal_row(
    store: Store, source: Source, status: SourceStatus | None, settings: Settings, frame: Frame
) -> JournalRow:
    entries = store.entries(source.id, limit=SAMPLE)
    count = frame.words.count("count-articles", status.entries if status else 0)
    return JournalRow(
        title=source.title,
        language=source.language,
        path=frame.link(f"/{source.id}/"),
        facts=(*_facts(source, frame.words), count),
        notice=notice_view(entries, source, settings, frame.words),
        latest=_article_row(entries[0], source, None, frame) if entries else None,
        feeds=feed_links(source.id, frame),
        trouble=_trouble(status, source, frame.words),
    )


def _article_row(
    archived: ArchivedEntry, source: Source, usual: NoticeView | None, frame: Frame
) -> ArticleRow:
    entry, words = archived.entry, frame.words
    return ArticleRow(
        title=entry.title or words.say("untitled"),
        language=entry.language or source.language,
        url=web_address(entry.url),
        day=print_date(entry.published, frame.language) or _first_seen(archived, source, frame),
        authors=words.say("authors-join").join(entry.authors),
        issue=_issue(archived, words),
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


def _issue(archived: ArchivedEntry, words: Words) -> str:
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


def _facts(source: Source, words: Words) -> tuple[str, ...]:
    """What a reader wants to know of a journal in one line."""
    masthead = source.masthead
    number = f"ISSN {masthead.issn}" if masthead.issn else masthead.cn
    return tuple(fact for fact in (masthead.period, number) if fact)


def _interval(source: Source, words: Words) -> str:
    every = source.schedule.every
    if every is None:
        return words.say("rhythm-auto")
    return words.say("rhythm-every", span=words.span(every))


def _poll_text(poll: Poll, words: Words) -> str:
    """How the last visit ended, in words."""
    if not poll.outcome.is_good:
        return words.outcome(poll.outcome) + words.say("colon") + words.say("poll-bad")
    counts = [
        words.count(key, number)
        for key, number in (("poll-new", poll.new), ("poll-revised", poll.revised))
        if number
    ]
    return words.say("authors-join").join(counts) or words.outcome(poll.outcome)


def _trouble(status: SourceStatus | None, source: Source, words: Words) -> str | None:
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

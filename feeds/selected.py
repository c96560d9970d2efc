"""Feeds beyond one a journal: a column, an issue, an author, a group of journals, what a search
finds. Each is a channel and a selection; what an entry looks like is as everywhere.

Feeds of groups and of the settings' own searches are published files; the others are rendered
when they are asked for, by the same functions and with the same bytes for the same store.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from archive.model import ArchivedEntry, Entry
from archive.query import issns_of, parse_query
from archive.rights import Carry
from archive.selection import Selection, key_of
from feeds.channel import Channel, Tags, hubs_of, journal_channel
from feeds.content import Shown, percent_encode, show
from feeds.documents import selected_documents
from feeds.words import words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from archive.issue import Issue
    from archive.store import Store
    from foundation.setting_kinds import SavedSearch
    from foundation.settings import Settings
    from sources.model import Source

COLUMNS, ISSUES, AUTHORS, GROUPS, SEARCHES = "columns", "issues", "authors", "groups", "searches"
SEARCH = "search"
#: Of an issue all articles; more than any journal has in one.
_ISSUE_MOST = 500
#: Our own words may be passed on by anyone.
_OURS = Carry(
    feed="full", is_open=True, source_line=False, license_url=None, reason="A list of our own."
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """A feed of part of the archive: what it says of itself, and which entries it holds. `issue`
    is set where it is one issue of a journal: then a list of contents comes first."""

    channel: Channel
    selection: Selection
    most: int
    issue: Issue | None = None


def of_column(source: Source, name: str, settings: Settings, tags: Tags) -> Chosen:
    """One column of a journal."""
    selection = Selection(sources=frozenset({source.id}), columns=frozenset({key_of(name)}))
    channel = _part(source, f"{COLUMNS}/{path_name(name)}", name, settings, tags)
    return Chosen(channel=channel, selection=selection, most=settings.entries)


def of_issue(source: Source, issue: Issue, settings: Settings, tags: Tags) -> Chosen:
    """One issue of a journal."""
    selection = Selection(sources=frozenset({source.id}), issue=issue.slug)
    name = words(source.language).issue_name(issue.year, issue.volume, issue.number)
    channel = _part(source, f"{ISSUES}/{issue.slug}", name, settings, tags)
    return Chosen(channel=channel, selection=selection, most=_ISSUE_MOST, issue=issue)


def of_author(name: str, settings: Settings, tags: Tags) -> Chosen:
    """One author, in every journal."""
    selection = Selection(authors=frozenset({key_of(name)}))
    title = words(settings.language).by_author.format(name)
    channel = _common(f"{AUTHORS}/{path_name(name)}", title, settings, tags)
    return Chosen(channel=channel, selection=selection, most=settings.entries)


def of_group(name: str, sources: Iterable[Source], settings: Settings, tags: Tags) -> Chosen:
    """The journals of one group."""
    ids = frozenset(source.id for source in sources if name in source.groups)
    title = words(settings.language).group.format(name)
    channel = _published(f"{GROUPS}/{path_name(name)}", title, settings, tags)
    return Chosen(channel=channel, selection=Selection(sources=ids), most=settings.entries)


def of_search(query: str, sources: Iterable[Source], settings: Settings, tags: Tags) -> Chosen:
    """What a query finds.

    Raises:
        QueryError: it cannot be understood.
    """
    title = words(settings.language).found_for.format(query)
    channel = _common(SEARCH, title, settings, tags)
    home = f"{settings.public_url.rstrip('/')}/{SEARCH}?{urlencode({'q': query})}"
    return Chosen(
        channel=replace(channel, query=query, home=home),
        selection=_selection_of(query, sources),
        most=settings.entries,
    )


def of_saved(
    search: SavedSearch, sources: Iterable[Source], settings: Settings, tags: Tags
) -> Chosen:
    """What one of the settings' own searches finds.

    Raises:
        QueryError: it names a journal that is not followed.
    """
    return Chosen(
        channel=_published(f"{SEARCHES}/{search.id}", search.title, settings, tags),
        selection=_selection_of(search.query, sources),
        most=settings.entries,
    )


def chosen_documents(
    store: Store, chosen: Chosen, sources: Sequence[Source], settings: Settings
) -> dict[str, bytes]:
    """The feed in each format, by file name."""
    entries = chosen_entries(store, chosen, sources)
    gone = _taken_down(store, chosen, sources)
    source = chosen.channel.source
    contents = None
    if chosen.issue is not None and source is not None and entries:
        contents = _contents(chosen.channel, chosen.issue, entries, gone, source)
    shown = [*entries, *gone]
    return selected_documents(chosen.channel, shown, sources, settings, contents=contents)


def chosen_entries(store: Store, chosen: Chosen, sources: Iterable[Source]) -> list[ArchivedEntry]:
    """The entries that it holds, the newest first; of what was taken down, none."""
    rights = {source.id: source.rights for source in sources}
    selection = among(store, chosen.selection, rights)
    return store.select(selection, rights=rights, limit=chosen.most)


def _taken_down(store: Store, chosen: Chosen, sources: Iterable[Source]) -> list[ArchivedEntry]:
    """What it held, or would have, and is taken down: it stands there emptied, for as long as in
    the journal's own feed. Whoever follows this feed alone learns of it here or never."""
    rights = {source.id: source.rights for source in sources}
    selection = among(store, chosen.selection, rights)
    return store.takedowns.told(selection, rights=rights, most=chosen.most)


def among(store: Store, selection: Selection, followed: Collection[str]) -> Selection:
    """The selection in journals that are followed: an entry of another one has no name to stand
    under. Without a word about it while all are."""
    if selection.sources is not None or store.source_ids() <= set(followed):
        return selection
    return replace(selection, sources=frozenset(followed))


def path_name(name: str) -> str:
    """A column's, author's or group's name as a part of addresses and of the published tree."""
    return name.replace("/", "-").replace("\\", "-").lstrip(".") or "-"


def groups_of(sources: Iterable[Source]) -> list[str]:
    """The groups that any journal names, in order."""
    return sorted({group for source in sources for group in source.groups})


def _part(source: Source, folder: str, name: str, settings: Settings, tags: Tags) -> Channel:
    """The channel of a part of a journal: its own page is ours, since the journal may have none."""
    channel = journal_channel(source, settings, tags)
    folder = f"{source.id}/{folder}"
    return replace(
        channel,
        folder=folder,
        title=words(source.language).part_of.format(source.title, name),
        home=f"{settings.public_url.rstrip('/')}/{quote(folder)}/",
        # Hubs are told of files; what is made when it is asked for has no moment of change.
        hubs=(),
    )


def _published(folder: str, title: str, settings: Settings, tags: Tags) -> Channel:
    """A channel whose feeds are files, so that hubs can be told when they change."""
    return replace(_common(folder, title, settings, tags), hubs=hubs_of(settings))


def _common(folder: str, title: str, settings: Settings, tags: Tags) -> Channel:
    return Channel(
        folder=folder,
        public_url=settings.public_url,
        tags=tags,
        title=title,
        home=f"{settings.public_url.rstrip('/')}/{quote(folder)}/",
        description=title,
        language=settings.language,
    )


def _selection_of(query: str, sources: Iterable[Source]) -> Selection:
    known = list(sources)
    titles = {source.id: source.title for source in known}
    return parse_query(query, journals=titles, issns=issns_of(known))


def _contents(
    channel: Channel,
    issue: Issue,
    entries: Sequence[ArchivedEntry],
    gone: Sequence[ArchivedEntry],
    source: Source,
) -> Shown:
    """《河港》2026年第5期目录: every article of the issue with its authors and pages, and none that
    is `gone`. It is one entry for good: the issue grows, its id stays."""
    say = words(source.language)
    name = say.journal.format(source.title) + say.issue_name(issue.year, issue.volume, issue.number)
    changes = (one.changed for one in entries)
    taken_down = (one.state_since or one.changed for one in gone)
    lines = "\n".join(f"<li>{_line(one.entry, say.listed)}</li>" for one in entries[::-1])
    archived = ArchivedEntry(
        id=f"{channel.id}/contents",
        source_id=source.id,
        entry=Entry(
            url=channel.home,
            canonical_url=channel.home,
            title=say.contents.format(name, len(entries)),
            title_raw=None,
            published=None,
            html=f"<ol>\n{lines}\n</ol>",
            summary=say.contents.format(name, len(entries)),
            volume=issue.volume,
            number=issue.number,
        ),
        revision=1,
        first_seen=min(one.first_seen for one in entries),
        # After the article that it names last: two entries of one instant look like one that was
        # copied, to validators and to readers that sort by it.
        changed=max((*changes, *taken_down)) + timedelta(microseconds=1),
    )
    return show(archived, source=source, carry=_OURS)


def _line(entry: Entry, joint: str) -> str:
    title = escape(entry.title or entry.url)
    link = f'<a href="{escape(percent_encode(entry.url))}">{title}</a>'
    more = " · ".join(escape(part) for part in (joint.join(entry.authors), entry.pages) if part)
    return f"{link} {more}".rstrip()

"""The end of feeds: of a journal that is retired for long enough, or moved to another place; of a
group that no journal is in any more, and of a saved search that the settings name no more. Their
files go away, so that whoever serves the tree, nginx too, has to ask Kanliu, which answers 410, 301
or 404; and so that nobody reads there for good what is taken down later.

What a journal published stays: its page, its articles, and the closed documents of its history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.channel import ATOM, JSON, RSS
from feeds.renditions import file_of
from feeds.selected import GROUPS, SEARCHES, groups_of, path_name
from feeds.write import IN_TURN, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import datetime
    from pathlib import Path

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source


def ended_sources(
    store: Store, sources: Iterable[Source], settings: Settings, now: datetime
) -> frozenset[str]:
    """The ids of the sources whose feeds are not served here any more."""
    moved = {source.id for source in sources if source.moved_to is not None}
    return frozenset(moved | store.retired_before(now - settings.farewell))


def is_group_over(
    folder: str, store: Store, sources: Collection[Source], *, groups: Collection[str]
) -> bool:
    """Whether no journal is in the group of a folder any more. As long as a journal's file is away
    or cannot be read, nobody knows what it says: its groups stay as they are, as its own feeds do.
    """
    if folder in groups:
        return False
    followed = {source.id for source in sources}
    return all(each.retired or each.source_id in followed for each in store.status())


def group_folders(sources: Iterable[Source]) -> frozenset[str]:
    """Where the feeds of the groups are."""
    return frozenset(f"{GROUPS}/{path_name(group)}" for group in groups_of(sources))


def search_folders(settings: Settings) -> frozenset[str]:
    """Where the feeds of the saved searches are, whether or not these can be understood."""
    return frozenset(f"{SEARCHES}/{search.id}" for search in settings.searches)


def leftover_folders(store: Store, sources: Collection[Source], settings: Settings) -> list[str]:
    """Where feeds of groups and searches are that are over."""
    groups, searches = group_folders(sources), search_folders(settings)
    there = [folder for each in (GROUPS, SEARCHES) for folder in _folders(settings.public, each)]
    return [
        folder
        for folder in there
        if folder not in groups | searches
        and (
            folder.startswith(f"{SEARCHES}/")
            or is_group_over(folder, store, sources, groups=groups)
        )
    ]


def _folders(public: Path, below: str) -> list[str]:
    return sorted(
        path.parent.relative_to(public).as_posix() for path in public.glob(f"{below}/*/{ATOM}")
    )


def remove_feeds(public: Path, folder: str) -> tuple[Path, ...]:
    """Take the feeds in a folder out of the published tree; those that were there."""
    removed = []
    for name in (RSS, ATOM, JSON):
        file = public / folder / name
        # The compressed ones first: they are never there without what they were made of.
        siblings = [file.with_name(name + suffix) for suffix in SUFFIXES.values()]
        with IN_TURN:
            if file.exists():
                removed.append(file)
            for each in (*siblings, file, file_of(file)):
                each.unlink(missing_ok=True)
    return tuple(removed)

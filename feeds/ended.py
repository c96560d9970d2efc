"""The end of a journal's feeds: retired for long enough, or moved to another place. Their files
go away, so that whoever serves the tree, nginx too, has to ask Kanliu, which answers 410 or 301.

What the journal published stays: its page, its articles, and the closed documents of its history.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from feeds.channel import ATOM, JSON, RSS
from feeds.renditions import file_of
from feeds.write import IN_TURN, SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable
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


def remove_feeds(public: Path, source_id: str) -> bool:
    """Take a source's own feeds out of the published tree; whether there were any."""
    had_any = False
    for name in (RSS, ATOM, JSON):
        file = public / source_id / name
        # The compressed ones first: they are never there without what they were made of.
        siblings = [file.with_name(name + suffix) for suffix in SUFFIXES.values()]
        with IN_TURN:
            had_any |= file.exists()
            for each in (*siblings, file, file_of(file)):
                each.unlink(missing_ok=True)
    return had_any

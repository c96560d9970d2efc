"""Which topics are over, and why: what the hub says to those whose subscriptions it ends. A feed
that is only away (a folder that was emptied, a disk that is not there) is not over."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from feeds.ended import ended_sources, group_folders, is_group_over, search_folders
from feeds.selected import GROUPS, SEARCHES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from datetime import datetime

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """Why a topic is over, in words for whoever runs the subscriber; where it is now, if it is
    anywhere."""

    reason: str
    moved_to: str | None = None


class Endings:
    """Asks the settings, the source files and the store; for any thread."""

    def __init__(
        self,
        store: Store,
        sources: Callable[[], Sequence[Source]],
        settings: Settings,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sources = sources
        self._settings = settings
        self._clock = clock

    def of(self, topics: Collection[str]) -> dict[str, Ending]:
        """Those of these topics that are over. Ask for such as are not published only."""
        sources, settings = self._sources(), self._settings
        ended = ended_sources(self._store, sources, settings, self._clock())
        moved = {source.id: source.moved_to for source in sources if source.moved_to is not None}
        groups, searches = group_folders(sources), search_folders(settings)

        def ending(folder: str, name: str) -> Ending | None:
            if folder in moved:
                place = f"{moved[folder].rstrip('/')}/{name}"
                return Ending(reason=f"the journal has moved: {place}", moved_to=place)
            if folder in ended:
                return Ending(reason="the journal is followed no longer")
            if folder.startswith(f"{SEARCHES}/") and folder not in searches:
                return Ending(reason="this search is saved no longer")
            if folder.startswith(f"{GROUPS}/") and is_group_over(
                folder, self._store, sources, groups=groups
            ):
                return Ending(reason="no journal is in this group any more")
            return None

        found = {topic: ending(*topic.rsplit("/", 1)) for topic in topics}
        return {topic: each for topic, each in found.items() if each is not None}

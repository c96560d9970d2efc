"""The sources by id, and what each answer about one needs: asked for at every request, and
reckoned once for as long as the files of the journals do not change."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from feeds.channel import journal_channel

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from feeds.channel import Tags
    from foundation.settings import Settings
    from sources.model import Source

# A journal without a fixed interval is looked at once an hour at most (archive/due.py), at an
# hour that nobody knows beforehand: a quarter of it is what news then wait for at most.
FRESH_AUTO = timedelta(minutes=15)
# The feed of everything changes with every journal.
FRESH_ALL = timedelta(minutes=1)


class Known:
    """What is followed now. `sources` gives another object when anything changed in it."""

    def __init__(
        self, sources: Callable[[], Sequence[Source]], tags: Tags, settings: Settings
    ) -> None:
        self._sources = sources
        self._tags = tags
        self._settings = settings
        self._last: Sequence[Source] = ()
        self._by_id: Mapping[str, Source] = {}
        self._fresh: dict[str, timedelta] = {}

    def find(self, source_id: str) -> Source | None:
        """The source of this id, if it is followed."""
        return self._now().get(source_id)

    def moved_to(self, source_id: str) -> str | None:
        """Where the journal's feeds and pages are now, if not here any more."""
        source = self.find(source_id)
        return source.moved_to if source else None

    def fresh_for(self, folder: str) -> timedelta:
        """How long the feeds in a folder of the published tree need not be asked for again: what
        they say themselves (ttl, sy:updatePeriod), where they say anything."""
        source = self.find(folder)
        if source is None:
            return FRESH_ALL
        if folder not in self._fresh:
            ttl = journal_channel(source, self._settings, self._tags).ttl_minutes
            self._fresh[folder] = timedelta(minutes=ttl) if ttl else FRESH_AUTO
        return self._fresh[folder]

    def _now(self) -> Mapping[str, Source]:
        sources = self._sources()
        if sources is not self._last:
            self._last = sources
            self._by_id = {source.id: source for source in sources}
            self._fresh = {}
        return self._by_id

"""What is published after polls: the feeds that changed, what shows many journals, compressed
siblings. Decides when; how a feed is rendered is the feeds' matter."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from archive.correction import Wanted
from archive.deed import open_deed
from archive.documents import month_of
from archive.lock import open_lock
from feeds.compress import compress_file, uncompressed_files
from feeds.ended import ended_sources, remove_feeds
from feeds.publish import Published, publish_changed, publish_common, publish_journals
from house.keeping import now, open_store
from sources.read import read_sources

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence
    from pathlib import Path

    from archive.correction import CorrectedField, Correction
    from archive.store import Store
    from archive.writer import Writer
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)


class Publications:
    """What of the published tree is behind the store, and bringing it up. All writes go through
    the one thread that writes."""

    def __init__(self, settings: Settings, store: Store, writer: Writer) -> None:
        self.settings = settings
        self._store = store
        self._writer = writer
        self._sources: Sequence[Source] = ()
        self._listeners: list[Callable[[Sequence[Path]], None]] = []
        self._stale: list[Source] = []
        self._ended: frozenset[str] | None = None
        #: What was written since it was compressed last; None at the start, when that is unknown.
        self._uncompressed: list[Path] | None = None
        #: Folders that could not be rendered when it was tried last; the log says why.
        self.unrendered: frozenset[str] = frozenset()
        # The journals that changed since what shows many was rendered; None where anything may
        # have. So at the start: a crash may have come between a journal's feeds and these.
        self._behind: frozenset[str] | None = None
        self._month = ""

    @property
    def has_stale(self) -> bool:
        """Whether feeds must be rendered for another reason than new articles."""
        return bool(self._stale)

    def follow(self, sources: Sequence[Source]) -> None:
        """These are the sources from now on; those whose file changed are rendered anew."""
        before = {source.id: source for source in self._sources}
        self._stale += [each for each in sources if self._is_stale(each, before.get(each.id))]
        self._sources = sources
        self._behind = None

    async def publish(self) -> Published:
        """Render the feeds of every source whose entries, or file, changed since they were last
        rendered, and then what shows all journals."""
        done = await self.publish_journals()
        return done + await self.publish_common()

    def has_month_ended(self) -> bool:
        """Whether a month ended since histories were last closed: then there is something to
        publish, though no journal changed."""
        return month_of(now()) != self._month

    async def is_behind(self, polled: Collection[str]) -> bool:
        """Whether feeds are behind the store for what no poll of ours did: a take-down beside the
        service. What is `polled` now is published when that is done, and what could not be
        rendered is not tried again for it."""
        changed = await self._writer.run(self._store.changed_sources)
        stuck = {folder.partition("/")[0] for folder in self.unrendered}
        shown = {source.id for source in self._living(self._sources)} - stuck - set(polled)
        return any(each.source_id in shown for each in changed)

    async def publish_journals(self) -> Published:
        """Close what is over of each history, then render the changed sources' own feeds. What
        shows all journals is behind then."""
        month = month_of(now())
        await self._writer.run(self._store.close_documents, now())
        self._month = month
        if self._ended is None or self._stale:
            await self._end_feeds()
        done = Published()
        if self._stale:
            stale = list(self._stale)
            living = self._living(stale)
            done += await self._writer.run(publish_journals, self._store, living, self.settings)
            del self._stale[: len(stale)]  # only now: what breaks is tried again
        living = self._living(self._sources)
        done += await self._writer.run(publish_changed, self._store, living, self.settings)
        if self._behind is not None:
            self._behind |= done.journals
        self.unrendered = frozenset(done.failed)
        self._note_written(done)
        return done

    async def publish_common(self) -> Published:
        """Render what shows many journals, as far as a journal's feeds changed since."""
        await self._end_feeds()
        behind = self._behind
        if behind is not None and not behind:
            return Published()
        self._behind = frozenset()
        args = (self._store, self._sources, self.settings, behind)
        try:
            done = await self._writer.run(publish_common, *args)
        except BaseException:
            self._behind = None
            raise
        if done.failed:
            self._behind = None
        self.unrendered |= frozenset(done.failed)
        self._note_written(done)
        return done

    async def compress(self) -> int:
        """Make the compressed siblings of what was published since the last time, beside the
        polls: nobody waits for them. How many were made; at the start of all that lack."""
        files, self._uncompressed = self._uncompressed, []
        if files is None:
            files = await asyncio.to_thread(list, uncompressed_files(self.settings.public))
        made = 0
        for file in files:
            # One by one, so that a stop need not wait for a whole tree.
            made += await asyncio.to_thread(compress_file, file)
        if made:
            log.info("compressed files=%d", made)
        return made

    async def _end_feeds(self) -> None:
        """Take away the feeds that ended since the last time; render those that came back."""
        args = (self._store, self._sources, self.settings, now())
        ended = await self._writer.run(ended_sources, *args)
        before = self._ended or frozenset()
        for source_id in sorted(ended - before):
            if removed := await self._writer.run(remove_feeds, self.settings.public, source_id):
                log.info("feeds ended source=%s", source_id)
                self._note_written(Published(removed=removed))
        self._stale += [source for source in self._sources if source.id in before - ended]
        self._ended = ended

    def _living(self, sources: Sequence[Source]) -> list[Source]:
        ended = self._ended or ()
        return [source for source in sources if source.id not in ended]

    def listen(self, listener: Callable[[Sequence[Path]], None]) -> None:
        """Tell of the files that each publication writes, and of those that it takes away."""
        self._listeners.append(listener)

    def _note_written(self, done: Published) -> None:
        if self._uncompressed is not None:
            self._uncompressed += done.written
        if done.written:
            log.info("published files=%d unchanged=%d", len(done.written), done.unchanged)
        if touched := done.written + done.removed:
            for listener in self._listeners:
                listener(touched)

    def _is_stale(self, source: Source, before: Source | None) -> bool:
        """Whether a source's feeds must be rendered for its file alone. At the start that is
        where there are none: what another release or setting altered, `kanliu publish` renders."""
        if before is not None:
            return source != before
        return not (self.settings.public / source.id / "atom.xml").exists()


def publish_living(
    store: Store, sources: Sequence[Source], settings: Settings, only: Sequence[Source] | None
) -> Published:
    """Render the feeds of all sources, or `only` of these, but of those that ended: whose feeds go
    away. And what shows all journals, and what is compressed of it."""
    ended = ended_sources(store, sources, settings, now())
    for source_id in sorted(ended):
        remove_feeds(settings.public, source_id)
    chosen = [each for each in (sources if only is None else only) if each.id not in ended]
    done = publish_journals(store, chosen, settings)
    done += publish_common(store, sources, settings)
    for file in uncompressed_files(settings.public):
        compress_file(file)
    return done


def correct_entry(
    settings: Settings, entry_id: str, said: Wanted | CorrectedField, *, who: str, why: str
) -> tuple[tuple[Correction, ...], Sequence[str]]:
    """Put a person's word over an entry, or take it off a field again, and render the feeds that
    show it. The corrections that hold then, and the folders that could not be rendered.

    Raises:
        CorrectionError: there is no such entry, or the correction cannot be.
        DataLockedError: another instance holds the data.
    """
    with open_lock(settings.data, "kanliu correct"), open_store(settings) as store:
        with open_deed(settings, store):
            if isinstance(said, Wanted):
                held = store.corrections.put(entry_id, said, who=who, why=why, now=now())
            else:
                held = store.corrections.undo(entry_id, said, who=who, why=why, now=now())
        sources = read_sources(settings.journals).sources
        ended = ended_sources(store, sources, settings, now())
        living = [source for source in sources if source.id not in ended]
        done = publish_changed(store, living, settings)
        done += publish_common(store, sources, settings, done.journals)
        for file in done.written:
            compress_file(file)
    return held, done.failed

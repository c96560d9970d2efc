"""From the store to the published tree: `<data>/public/<source>/…`, `…/<source>/archive/…`,
`…/all/…`, `…/groups/…`, `…/searches/…`, `…/opml.xml`.

Files are a function of store, sources and settings alone, and what a failed visit left in the
store is nothing: so feeds never change by failure. Feeds of sources that were retired, or whose
file is away, stay as they are. Runs in one thread. Decides nothing about an entry.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from functools import cache, partial
from typing import TYPE_CHECKING

from archive.model import EntryState
from feeds.channel import ALL, ARCHIVE, OPML, History, Tags, closed_path
from feeds.documents import closed_document, common_documents, journal_documents
from feeds.ended import leftover_folders, remove_feeds
from feeds.opml import build_opml
from feeds.select import feed_entries
from feeds.selected import chosen_documents, groups_of, of_group, of_saved
from feeds.takedown import without_entries
from feeds.write import sweep, sync_folder, write_if_changed
from foundation.errors import KanliuError, QueryError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from archive.documents import Document
    from archive.selection import Selection
    from archive.store import Store
    from feeds.selected import Chosen
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Published:
    """What became of the documents: written, unchanged, and the folders whose documents could not
    be rendered (the log says why; such a source stays changed, so the next time tries again)."""

    written: tuple[Path, ...] = ()
    unchanged: int = 0
    failed: tuple[str, ...] = ()
    #: Feeds that are over, and not there any more.
    removed: tuple[Path, ...] = ()
    #: The ids of the journals of which something was written.
    journals: frozenset[str] = frozenset()

    def __add__(self, other: Published) -> Published:
        return Published(
            written=self.written + other.written,
            unchanged=self.unchanged + other.unchanged,
            failed=self.failed + other.failed,
            removed=self.removed + other.removed,
            journals=self.journals | other.journals,
        )


def publish_all(
    store: Store,
    sources: Sequence[Source],
    settings: Settings,
    *,
    only: Sequence[Source] | None = None,
) -> Published:
    """Render the feeds of all sources, or `only` of these, and what shows all journals."""
    done = publish_journals(store, sources if only is None else only, settings)
    return done + publish_common(store, sources, settings)


def publish_journals(store: Store, chosen: Sequence[Source], settings: Settings) -> Published:
    """Render the feeds of these sources, whether or not the store calls them changed: so a new
    setting, source file or release reaches every document that it alters."""
    for leftover in sweep(settings.public):
        log.warning("removed what an interrupted write left: %s", leftover)
    return _publish(store, chosen, settings, _changes(store))


def publish_changed(store: Store, sources: Sequence[Source], settings: Settings) -> Published:
    """Render the feeds of the sources that changed in the store since they were last rendered;
    nothing, most of the time. What shows all journals is `publish_common`'s, to be called after
    it, once for many: it costs as much for one changed journal as for a hundred."""
    changes = _changes(store)
    chosen = [source for source in sources if source.id in changes]
    return _publish(store, chosen, settings, changes) if chosen else Published()


def publish_common(
    store: Store,
    sources: Sequence[Source],
    settings: Settings,
    changed: Collection[str] | None = None,
) -> Published:
    """Render what shows many journals: the feeds of everything, of each group and of each search
    of the settings, and the OPML file; what is over of these goes away. Where it is known which
    journals' feeds `changed` since and nothing else did, only what shows one of them: of 20 groups
    that is one in the end."""
    tree = _Tree(settings.public)
    tree.publish(ALL, partial(_common, store, sources, settings))
    for chosen in _standing(store, sources, settings):
        if _shows_any(chosen.selection, changed):
            make = partial(chosen_documents, store, chosen, sources, settings)
            tree.publish(chosen.channel.folder, make)
    removed: list[Path] = []
    if changed is None:
        tree.publish("", lambda: {OPML: build_opml(sources, settings)})
        for folder in leftover_folders(store, sources, settings):
            removed += remove_feeds(settings.public, folder)
            log.info("feeds ended folder=%s", folder)
    return replace(tree.done(), removed=tuple(removed))


def _shows_any(selection: Selection, changed: Collection[str] | None) -> bool:
    """Whether a selection may hold an entry of these journals, or may have lost one."""
    if changed is None or selection.sources is None:
        return True
    return not selection.sources.isdisjoint(changed)


def _changes(store: Store) -> dict[str, int]:
    """Asked before anything is rendered: a change that comes meanwhile stays one."""
    return {changed.source_id: changed.change for changed in store.changed_sources()}


def _publish(
    store: Store, chosen: Sequence[Source], settings: Settings, changes: Mapping[str, int]
) -> Published:
    tree = _Tree(settings.public)
    for source in chosen:
        closed = cache(partial(store.documents, source.id))  # asked for once, for both
        # Before the head that leads to it.
        tree.publish(f"{source.id}/{ARCHIVE}", partial(_history, store, source, settings, closed))
        tree.publish(source.id, partial(_journal, store, source, settings, closed))
    # Last: a source counts as published when its files are in place.
    failed = {folder.partition("/")[0] for folder in tree.failed}
    shown = [source.id for source in chosen if source.id not in failed]
    store.mark_published({each: changes[each] for each in shown if each in changes})
    written = {path.relative_to(settings.public).parts[0] for path in tree.written}
    return replace(tree.done(), journals=frozenset(written))


def _journal(
    store: Store, source: Source, settings: Settings, documents: Callable[[], Sequence[Document]]
) -> dict[str, bytes]:
    closed = documents()
    return journal_documents(
        feed_entries(store, source, settings),
        source,
        settings,
        tags=_tags(store),
        previous=closed[-1].name if closed else None,
    )


def _history(
    store: Store, source: Source, settings: Settings, documents: Callable[[], Sequence[Document]]
) -> dict[str, bytes]:
    """The closed documents that are not there yet; and those that hold what was taken down, as
    they are but for that."""
    made = {}
    for document in documents():
        path = settings.public / source.id / closed_path(document.name)
        name = path.name
        if not path.exists():
            made[name] = _closed(store, source, document, settings)
        elif document.is_withdrawn:
            entries = store.document_entries(source.id, document.name)
            withdrawn = [one for one in entries if one.state is EntryState.WITHDRAWN]
            made[name] = without_entries(path.read_bytes(), withdrawn)
    return made


def _closed(store: Store, source: Source, document: Document, settings: Settings) -> bytes:
    return closed_document(
        store.document_entries(source.id, document.name),
        source,
        settings,
        tags=_tags(store),
        history=History(closed=document.name, previous=document.previous),
    )


def _common(store: Store, sources: Sequence[Source], settings: Settings) -> dict[str, bytes]:
    entries = feed_entries(store, None, settings)
    return common_documents(entries, sources, settings, tags=_tags(store))


def _standing(store: Store, sources: Sequence[Source], settings: Settings) -> Iterator[Chosen]:
    """The feeds of many journals that are published whether or not anybody asks."""
    tags = _tags(store)
    for group in groups_of(sources):
        yield of_group(group, sources, settings, tags)
    for search in settings.searches:
        try:
            yield of_saved(search, sources, settings, tags)
        except QueryError as error:
            log.warning("search not published id=%s error=%s", search.id, error)


def _tags(store: Store) -> Tags:
    return Tags(authority=store.authority, minted=store.minted)


class _Tree:
    """The published tree, and what was done to it so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.written: list[Path] = []
        self.unchanged = 0
        self.failed: list[str] = []

    def publish(self, folder: str, make: Callable[[], Mapping[str, bytes]]) -> None:
        """Write the documents that `make` gives. If it cannot, the files stay as they are and
        the others still go on; what the operator must mend (disk, database) ends it all."""
        try:
            documents = make()
        except KanliuError:
            raise
        except Exception:
            log.exception("%s: cannot be rendered; its files stay as they are", folder or OPML)
            self.failed.append(folder or OPML)
            return
        before = len(self.written)
        for name, data in documents.items():
            path = self.root / folder / name
            if write_if_changed(path, data):
                self.written.append(path)
            else:
                self.unchanged += 1
        if len(self.written) > before:
            sync_folder(self.root / folder)

    def done(self) -> Published:
        """What became of all."""
        return Published(
            written=tuple(self.written), unchanged=self.unchanged, failed=tuple(self.failed)
        )

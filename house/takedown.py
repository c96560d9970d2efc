"""A take-down, whole: the store, the feeds, and what is packed of them. Beside a running service
too, since whoever asks for one does not wait for a pause."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.deed import open_deed
from archive.lock import open_beside, open_lock
from feeds.compress import compress_file
from feeds.ended import ended_sources
from feeds.publish import publish_changed, publish_common
from feeds.removal import cut_remains, publish_without
from foundation.errors import DataLockedError
from house.custody import Custody, copy_all
from house.keeping import now, open_store
from sources.read import read_sources

if TYPE_CHECKING:
    from archive.store import Store
    from archive.story import Story
    from feeds.publish import Published
    from foundation.settings import Settings


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What a person asks for, of the entry that they name so, and who they are."""

    entry: str
    who: str
    why: str
    public_reason: str | None = None
    undo: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Fulfilled:
    """The entry's story then, and the folders that could not be rendered: of what is down, nothing
    is left in them. `by_service` where the feeds are rendered by the service that runs."""

    story: Story
    failed: tuple[str, ...] = ()
    by_service: bool = False


def withdraw_entry(settings: Settings, wish: Wish) -> Fulfilled:
    """Take an entry down, or put it back, and render what shows it.

    Raises:
        WithdrawalError: there is no such entry, or it is down (not down) already.
        DataLockedError: the database is being made again.
    """
    try:
        with open_lock(settings.data, "kanliu withdraw"), open_store(settings) as store:
            custody = Custody(settings, store, read_sources(settings.journals).sources)
            with open_deed(settings, store):
                story = _do(store, settings, wish)
                done = _publish(store, settings, story, undo=wish.undo)
                for file in done.written:
                    compress_file(file)
                if not wish.undo:
                    custody.move_closed(now())
            # The copies move too, and have what tells of it: else a database made of them would
            # not know. What cannot be reached now the service does, or `kanliu copy`.
            copy_all(custody)
            return Fulfilled(story=story, failed=done.failed)
    except DataLockedError:
        with (
            open_beside(settings.data, "kanliu withdraw"),
            open_store(settings) as store,
            open_deed(settings, store),
        ):
            return _beside(store, settings, wish)


def _beside(store: Store, settings: Settings, wish: Wish) -> Fulfilled:
    """The service that holds the data sees at its next tick that feeds are behind, and renders
    them. Until then nothing is left of the text: it is cut out of what is there."""
    story = _do(store, settings, wish)
    if not wish.undo:
        neighbours = {other.source_id for other in store.elsewhere(story.archived.id)}
        for file in cut_remains(settings.public, story.archived, neighbours):
            compress_file(file)
    return Fulfilled(story=story, by_service=True)


def _do(store: Store, settings: Settings, wish: Wish) -> Story:
    entry_id = store.stories.named(wish.entry, public_url=settings.public_url)
    if wish.undo:
        store.withdrawals.undo(entry_id, who=wish.who, why=wish.why, now=now())
    else:
        store.withdrawals.withdraw(
            entry_id, who=wish.who, why=wish.why, public_reason=wish.public_reason, now=now()
        )
    story = store.stories.find(entry_id)
    assert story is not None
    return story


def _publish(store: Store, settings: Settings, story: Story, *, undo: bool) -> Published:
    sources = read_sources(settings.journals).sources
    ended = ended_sources(store, sources, settings, now())
    living = [source for source in sources if source.id not in ended]
    if not undo:
        return publish_without(store, sources, living, settings, story.archived)
    return publish_changed(store, living, settings) + publish_common(store, sources, settings)

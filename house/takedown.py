"""A take-down, whole: the store, the feeds, and what is packed of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.captures import write_log_at_once
from archive.lock import open_lock
from feeds.compress import compress_file
from feeds.ended import ended_sources
from feeds.publish import publish_changed, publish_common
from feeds.removal import publish_without
from house.keeping import now, open_store
from sources.read import read_sources

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.store import Store
    from archive.story import Story
    from feeds.publish import Published
    from foundation.settings import Settings


def withdraw_entry(
    settings: Settings,
    said: str,
    *,
    who: str,
    why: str,
    public_reason: str | None = None,
    undo: bool = False,
) -> tuple[Story, Sequence[str]]:
    """Take down the entry that a person named, or put it back, and render what shows it. Its story
    then, and the folders that could not be rendered: of what is down, nothing is left in them.

    Raises:
        WithdrawalError: there is no such entry, or it is down (not down) already.
        DataLockedError: another instance holds the data.
    """
    with open_lock(settings.data, "kanliu withdraw"), open_store(settings) as store:
        entry_id = store.stories.named(said, public_url=settings.public_url)
        if undo:
            store.withdrawals.undo(entry_id, who=who, why=why, now=now())
        else:
            store.withdrawals.withdraw(
                entry_id, who=who, why=why, public_reason=public_reason, now=now()
            )
        write_log_at_once(settings, store)
        story = store.stories.find(entry_id)
        assert story is not None
        done = _publish(store, settings, story, undo=undo)
        for file in done.written:
            compress_file(file)
    return story, done.failed


def _publish(store: Store, settings: Settings, story: Story, *, undo: bool) -> Published:
    sources = read_sources(settings.journals).sources
    ended = ended_sources(store, sources, settings, now())
    living = [source for source in sources if source.id not in ended]
    if not undo:
        return publish_without(store, sources, living, settings, story.archived)
    return publish_changed(store, living, settings) + publish_common(store, sources, settings)

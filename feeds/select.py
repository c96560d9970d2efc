"""Which of a journal's entries its feed holds. Reads the store; decides by dates alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from archive.model import EntryState
from archive.store import SHOWN
from feeds.instant import order_instant

if TYPE_CHECKING:
    from collections.abc import Collection

    from archive.model import ArchivedEntry
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

# A reader that comes once in two periods misses nothing (FEEDS.md, line 10).
_PERIODS = 2
# Full texts of a weekly with 60 articles an issue: about 1 MB, what readers still take well.
_MOST = 200
# The feed of everything is followed more closely than any journal.
_COMMON_WINDOW = timedelta(days=7)
_COMMON_MOST = 100


def feed_entries(store: Store, source: Source | None, settings: Settings) -> list[ArchivedEntry]:
    """The newest entries of a source, or of all sources: as many as the settings say, and
    everything of the last two publication periods (of the last week, for all), up to a bound;
    of a source also all that its history does not hold yet, or not as it is now.

    The window is counted back from the newest entry, so that time alone changes no feed. No order.
    """
    if source is None:
        # Take-downs stay: a reader has the article, and learns here that it is to be read no
        # longer. Journals of many zones: a window of days does not mind half a one.
        return _head(
            store,
            None,
            settings,
            window=_COMMON_WINDOW,
            most=_COMMON_MOST,
            zone="UTC",
            states=frozenset(EntryState),
        )
    window = _PERIODS * (source.masthead.interval or timedelta())
    head = _head(store, source.id, settings, window=window, most=_MOST, zone=source.zone)
    held = {one.id for one in head}
    return head + [one for one in store.open_entries(source.id) if one.id not in held]


def _head(
    store: Store,
    source_id: str | None,
    settings: Settings,
    *,
    window: timedelta,
    most: int,
    zone: str,
    states: Collection[EntryState] = SHOWN,
) -> list[ArchivedEntry]:
    head = store.entries(source_id, limit=settings.entries, states=states)
    if not window or not settings.entries <= len(head) < most:
        return head
    since = order_instant(head[0], zone=zone) - window
    if order_instant(head[-1], zone=zone) < since:
        return head
    rest = store.entries(source_id, limit=most - len(head), before=head[-1], states=states)
    return head + [one for one in rest if order_instant(one, zone=zone) >= since]

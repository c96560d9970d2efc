"""Which of a journal's entries its feed holds. Reads the store; decides by dates alone."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from feeds.instant import order_instant

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archive.model import ArchivedEntry
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

# A reader that comes once in two periods misses nothing; guessed from how print issues are read.
_PERIODS = 2
# Full texts of a weekly with 60 articles an issue: about 1 MB, what readers still take well.
_MOST = 200
# Everything that a daily reader of the common feed has not seen after a week away, within reason.
_COMMON_WINDOW = timedelta(days=7)
_COMMON_MOST = 100


def feed_entries(store: Store, source: Source | None, settings: Settings) -> list[ArchivedEntry]:
    """The newest entries of a source, or of all sources: as many as the settings say, and
    everything of its last two publication periods (of the last week, for all), up to a bound.

    The window is counted back from the newest entry, so that time alone changes no feed.
    """
    if source is None:
        newest = store.entries(None, limit=max(_COMMON_MOST, settings.entries))
        return _head(newest, [one.first_seen for one in newest], settings, _COMMON_WINDOW)
    newest = store.entries(source.id, limit=max(_MOST, settings.entries))
    instants = [order_instant(one, zone=source.zone) for one in newest]
    interval = source.masthead.interval
    return _head(newest, instants, settings, _PERIODS * interval if interval else None)


def _head(
    newest: Sequence[ArchivedEntry],
    instants: Sequence[datetime],
    settings: Settings,
    window: timedelta | None,
) -> list[ArchivedEntry]:
    head = list(newest[: settings.entries])
    if newest and window:
        since = max(instants) - window
        rest = zip(newest[settings.entries :], instants[settings.entries :], strict=True)
        head += [one for one, instant in rest if instant >= since]
    return head

"""When an article is asked for again: one that is known, one that could not be had. Pure."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.normalise.url import canonical

if TYPE_CHECKING:
    from datetime import datetime

    from archive.model import KnownLink, Miss, SourceMemory
    from sources.model import Source

#: A page that answered 404 is asked for again the next day: the archive believes it the second
#: time (archive.presence).
MISSING_AGAIN = timedelta(hours=20)


def misses_of(memory: SourceMemory) -> dict[str, Miss]:
    """What could not be had, by canonical address, less what has been had since."""
    misses = {canonical(miss.url): miss for miss in memory.misses.values()}
    return {key: miss for key, miss in misses.items() if key not in memory.known}


def is_due_again(known: KnownLink, source: Source, now: datetime) -> bool:
    """Whether a known article is to be asked for now."""
    at = look_again_at(known, source)
    return at is not None and at <= now


def look_again_at(known: KnownLink, source: Source) -> datetime | None:
    """The first of the recheck instants after which nobody has asked; sooner where the page was
    not there when it was asked for last."""
    instants = [known.first_seen + span for span in source.limits.recheck]
    ahead = [at for at in instants if known.last_asked < at]
    if known.missing is not None:
        ahead.append(known.last_asked + MISSING_AGAIN)
    return min(ahead, default=None)

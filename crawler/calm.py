"""What a visit saw that found nothing to do, kept in this process until something happens, so that
the next such visit asks the store for nothing. Speed only: whatever is not certain is forgotten,
and then the store is asked. Decides nothing about a poll.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.model import Outcome
from crawler.again import look_again_at, misses_of

if TYPE_CHECKING:
    from archive.model import Poll, SourceMemory
    from crawler.pipeline import Standing
    from crawler.walk import Walk
    from sources.model import Source

#: Nothing known will be asked again: the source has no rechecks, or they are all behind it.
NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True, slots=True)
class Calm:
    """A source at rest. `memory` holds its lists and no link (10,000 sources are remembered);
    until `until` no known article and no failed one has to be asked for."""

    source: Source
    memory: SourceMemory
    standing: Standing
    until: datetime


class Calms:
    """The sources at rest, by id."""

    def __init__(self) -> None:
        self._calms: dict[str, Calm] = {}

    def take(self, source: Source, now: datetime) -> Calm | None:
        """What the last visit left, if it still holds: the file is the same one (sources.read
        gives the same object then) and nothing is to be looked at again. It is taken out: a visit
        that fails, is cut short or finds something leaves nothing."""
        calm = self._calms.pop(source.id, None)
        return calm if calm and calm.source is source and now < calm.until else None

    def keep(self, calm: Calm) -> None:
        """The visit found nothing to do."""
        self._calms[calm.source.id] = calm


def is_calm(poll: Poll, walk: Walk) -> bool:
    """Whether a visit asked for its lists alone, and all of them were as they had been."""
    return (
        poll.outcome is Outcome.UNCHANGED
        and poll.requests == len(walk.lists)
        and not walk.has_changed_lists
    )


def calm_after(source: Source, memory: SourceMemory, walk: Walk, standing: Standing) -> Calm:
    """What to keep of such a visit, from the whole memory that it began with."""
    again = [look_again_at(known, source) for known in memory.known.values()]
    retries = [miss.retry_at for miss in misses_of(memory).values()]
    return Calm(
        source=source,
        memory=replace(memory, lists=dict(walk.lists), known={}, misses={}),
        standing=replace(standing, failures=0),
        until=min((at for at in (*again, *retries) if at is not None), default=NEVER),
    )

"""When to look at a source again. Pure: no clock, no store.

A journal's printed period is the prior, the gaps between what it published are the posterior
(READING.md §6). Failures stretch the wait up to a day and never end it: nobody is told that a
source is given up, so it never is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING

from archive.model import Outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sources.model import Rhythm

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)

#: Eight looks in each expected gap: an article waits for a sixteenth of its journal's rhythm on
#: average (a daily's 1.5 h). More would be asked for nothing 9 times in 10, fewer would be late.
LOOKS_PER_GAP = 8
#: An unchanged look costs the site one conditional request; more than hourly needs `every`.
SHORTEST = HOUR
#: Nobody's article waits for longer than a day, however seldom the journal appears.
LONGEST = DAY
#: What a source without period or history is taken for.
UNKNOWN_GAP = timedelta(days=7)
#: The prior counts as this many observed gaps: a handful of issues outweighs the masthead.
PRIOR_WEIGHT = 3
#: Articles of one issue appear together: within a day they are one publication, not many.
ONE_ISSUE = DAY
#: Failures stretch the wait to this, or leave it at the normal wait if that is longer.
BACK_OFF_MOST = DAY
#: 410 and retired sites: they do come back, under new owners or by mistake of the old.
GONE_WAIT = timedelta(days=7)
#: A longer Retry-After is a slip (or a trap); after a week we may ask again.
RETRY_AFTER_MOST = timedelta(days=7)
#: Sources added together must not stay together: up to a tenth earlier or later.
JITTER = 0.1


@dataclass(frozen=True, kw_only=True, slots=True)
class Due:
    """The instant from which to look again, and why then."""

    at: datetime
    reason: str


def next_due(
    *,
    now: datetime,
    rhythm: Rhythm,
    interval: timedelta | None,
    gaps: Sequence[datetime],
    outcome: Outcome,
    failures: int,
    retry_after: timedelta | None,
    seed: str,
    hint: timedelta | None = None,
) -> Due:
    """When to look again.

    `interval` is the masthead's period; `gaps` the instants of what was published, in any order;
    `failures` how many polls in a row ended badly, this one included; `hint` the site's own word
    on how long nothing will change. The same seed gives the same jitter.
    """
    wait, reason = _normal_wait(rhythm, interval, gaps, hint, now)
    if outcome is Outcome.GONE:
        wait = max(wait, GONE_WAIT)
        reason = f"The site says that it is gone for good: looking every {_words(wait)} only."
    elif not outcome.is_good and failures > 1:
        stretched = _stretch(wait, failures)
        reason = f"Poll {failures} in a row that failed: waiting {_words(stretched)}. {reason}"
        wait = stretched
    wait *= 1 + JITTER * _swing(seed)
    asked = min(retry_after or timedelta(0), RETRY_AFTER_MOST)
    if asked > wait:
        wait, reason = asked, f"The site asked to be left alone for {_words(asked)}."
    return Due(at=now + wait, reason=reason)


def expected_gap(
    interval: timedelta | None, published: Sequence[datetime], now: datetime
) -> timedelta:
    """The time between two publications, from the printed period and what was observed.

    The mean of the observed gaps and the prior, which counts as a few of them. The silence since
    the last publication counts as a gap once it is longer than that mean.
    """
    prior = interval or UNKNOWN_GAP
    issues = _issues(published, now)
    if not issues:
        return prior
    observed = [later - earlier for earlier, later in pairwise(issues)]
    total = sum(observed, PRIOR_WEIGHT * prior)
    mean = total / (PRIOR_WEIGHT + len(observed))
    silence = now - issues[-1]
    if silence <= mean:
        return mean
    return (total + silence) / (PRIOR_WEIGHT + len(observed) + 1)


def _normal_wait(
    rhythm: Rhythm,
    interval: timedelta | None,
    gaps: Sequence[datetime],
    hint: timedelta | None,
    now: datetime,
) -> tuple[timedelta, str]:
    """The wait after a poll that went well."""
    if rhythm.every is not None:
        return rhythm.every, f"Every {_words(rhythm.every)}, as the source's file says."
    gap = expected_gap(interval, gaps, now)
    wait = min(max(gap / LOOKS_PER_GAP, SHORTEST), LONGEST)
    reason = f"Something new about every {_words(gap)}: looking every {_words(wait)}."
    if hint is not None and wait < hint:
        wait = min(hint, LONGEST)
        reason = f"The site says that nothing changes for {_words(hint)}."
    return wait, reason


def _issues(published: Sequence[datetime], now: datetime) -> list[datetime]:
    """The first instant of each publication, oldest first."""
    issues: list[datetime] = []
    last: datetime | None = None
    for instant in sorted(instant for instant in published if instant <= now):
        if last is None or instant - last >= ONE_ISSUE:
            issues.append(instant)
        last = instant
    return issues


def _stretch(wait: timedelta, failures: int) -> timedelta:
    """Doubled for each failure after the first, which may be a hiccup."""
    stretched = wait
    for _ in range(failures - 1):
        if stretched >= BACK_OFF_MOST:
            break
        stretched *= 2
    return max(wait, min(stretched, BACK_OFF_MOST))


def _swing(seed: str) -> float:
    """Between -1 and 1, the same for the same seed."""
    number = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:8], "big")
    return number / (2**63) - 1


def _words(span: timedelta) -> str:
    """In the largest unit that gives at least two, to one decimal: `30 d`, `2.5 h`, `90 min`."""
    for unit, length in (("d", DAY), ("h", HOUR), ("min", timedelta(minutes=1))):
        if span >= 2 * length or (span >= length and not span % length):
            return f"{span / length:.3g} {unit}"
    return f"{span.total_seconds():g} s"

"""How long to leave somebody alone that could not be told. Pure."""

from __future__ import annotations

from datetime import timedelta

# A restart is over in a minute, a night's outage in six hours; in between, each wait is some four
# times the one before, so that a machine that is down costs a handful of requests a day.
_WAITS = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)


#: Who asks for more than a day does not know when it is back; asking once a day disturbs nobody.
ASKED_MOST = timedelta(days=1)


def wait_after(tries: int, asked: timedelta | None = None) -> timedelta:
    """The wait after so many failures in a row, from 1 on; longer where the other side asked for
    it by Retry-After. Never shorter: with `0` it would be asked without a pause."""
    return max(_WAITS[min(tries, len(_WAITS)) - 1], asked or timedelta(0))

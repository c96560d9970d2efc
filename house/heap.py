"""What is open for as long as a house is stays out of the garbage collector's way. Speed only: what
becomes garbage meanwhile is collected as ever. Keeps nothing."""

from __future__ import annotations

import gc
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

#: New objects after which the young ones are looked through. Python's 700 are a third of one
#: request: each poll was looked through three times, and what Scrapy and Twisted still held of it
#: was handed on to the older ones, 0.05 ms a poll. 5,000 are some twenty requests on their way.
YOUNG = 5_000


@contextmanager
def settled_heap() -> Iterator[None]:
    """Inside, the collector passes over all that there is at the beginning.

    Those are the 165,000 objects of the libraries and of what was opened: to look through them
    took 120 ms, every few hundred polls, which is 0.15 ms a poll and a pause for all of them.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(YOUNG, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()

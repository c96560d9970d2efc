"""The garbage collector passes over what an open house holds, and over nothing else."""

from __future__ import annotations

import asyncio
import gc
import weakref
from typing import TYPE_CHECKING

import pytest

from foundation.settings import Settings
from house.heap import YOUNG, settled_heap
from house.rooms import open_house

if TYPE_CHECKING:
    from pathlib import Path


class Knot:
    """Refers to itself, so that only the collector can end it."""

    def __init__(self) -> None:
        self.itself = self


def test_what_was_there_before_is_passed_over_and_looked_at_again_after() -> None:
    before, threshold = gc.get_freeze_count(), gc.get_threshold()
    knot = Knot()
    seen = weakref.ref(knot)
    with settled_heap():
        assert gc.get_freeze_count() > before
        assert gc.get_threshold() == (YOUNG, *threshold[1:])
        del knot
        gc.collect()
        assert seen() is not None
    assert gc.get_freeze_count() == 0
    assert gc.get_threshold() == threshold
    gc.collect()
    assert seen() is None


def test_what_becomes_garbage_meanwhile_is_collected() -> None:
    with settled_heap():
        seen = weakref.ref(Knot())
        gc.collect()
        assert seen() is None


def test_a_failure_inside_leaves_the_collector_as_it_was() -> None:
    threshold = gc.get_threshold()
    with pytest.raises(ValueError, match="a bug"), settled_heap():
        raise ValueError("a bug")
    assert (gc.get_freeze_count(), gc.get_threshold()) == (0, threshold)


@pytest.mark.slow
def test_an_open_house_is_settled_and_a_closed_one_is_not(tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", journals=tmp_path, reactor=False)

    async def look() -> int:
        async with open_house(settings, "a test"):
            return gc.get_freeze_count()

    assert asyncio.run(look()) > 10_000
    assert gc.get_freeze_count() == 0

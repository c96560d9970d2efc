"""The last results of a pure function. Speed only: what comes out never depends on it."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Made = TypeVar("Made")


class Memo(Generic[Made]):
    """Remembers results up to a weight in all, each with all that it was made from.

    A result is given again when that compares equal; so nothing has to be told about changes,
    and a wrong key costs time and not truth. For one thread at a time.
    """

    def __init__(self, most: int, weigh: Callable[[Made], int] = lambda _: 1) -> None:
        self._room = most
        self._weigh = weigh
        self._kept: OrderedDict[Hashable, tuple[object, Made, int]] = OrderedDict()

    def recall(self, key: Hashable, given: object, make: Callable[[], Made]) -> Made:
        """The result kept under `key` if it was made from what is `given`, else a new one."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] == given:
            self._kept.move_to_end(key)
            return kept[1]
        made = make()
        self._forget(key)
        weight = self._weigh(made)
        self._kept[key] = (given, made, weight)
        self._room -= weight
        while self._room < 0:
            self._forget(next(iter(self._kept)))
        return made

    def forget_all(self) -> None:
        """As at the beginning."""
        for key in list(self._kept):
            self._forget(key)

    def _forget(self, key: Hashable) -> None:
        if key in self._kept:
            self._room += self._kept.pop(key)[2]

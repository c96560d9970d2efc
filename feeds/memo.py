"""The last results of a pure function. Speed only: what comes out never depends on it."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

Made = TypeVar("Made")


class Memo(Generic[Made]):
    """Remembers `most` results, each with all that it was made from.

    A result is given again when that compares equal; so nothing has to be told about changes,
    and a wrong key costs time and not truth. For one thread at a time.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, tuple[object, Made]] = OrderedDict()

    def recall(self, key: Hashable, given: object, make: Callable[[], Made]) -> Made:
        """The result kept under `key` if it was made from what is `given`, else a new one."""
        kept = self._kept.get(key)
        if kept is not None and kept[0] == given:
            self._kept.move_to_end(key)
            return kept[1]
        made = make()
        self._kept[key] = (given, made)
        self._kept.move_to_end(key)
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)
        return made

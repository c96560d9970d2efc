"""One bad entry never costs the feed: it is left out, and the log names it."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

log = logging.getLogger(__name__)


class _Identified(Protocol):
    @property
    def id(self) -> str: ...


One = TypeVar("One", bound=_Identified)
Made = TypeVar("Made")


def each(ones: Iterable[One], make: Callable[[One], Made], *, what: str) -> list[Made]:
    """What `make` makes of each; those at which it raises are logged by id and left out.

    If it raises at every one, that is no matter of an entry, and the last error is raised: an
    empty feed must not take the place of a good one.
    """
    made: list[Made] = []
    failure: Exception | None = None
    for one in ones:
        try:
            made.append(make(one))
        except Exception as error:
            log.exception("%s: left out of the feed: %s", what, one.id)
            failure = error
    if failure is not None and not made:
        raise failure
    return made

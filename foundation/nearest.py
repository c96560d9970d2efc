"""The known name nearest to one that somebody mistyped, for error messages. Pure."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection


def did_you_mean(name: str, known: Collection[str], *, spell: Callable[[str], str] = str) -> str:
    """`did you mean "concurrency"?`, or the list of what is known where nothing is near. `spell`
    makes a known name what it is called at the place where the other one stands."""
    spelled = {candidate.casefold(): spell(candidate) for candidate in known}
    near = get_close_matches(name.casefold(), spelled, n=1)
    if near:
        return f'did you mean "{spelled[near[0]]}"?'
    return f"known are {', '.join(spelled.values())}"

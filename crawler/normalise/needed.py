"""What a text must hold for an expression to match in it: a few words, of which to look for all
costs a tenth of the expression. Asks Python's own parser; what that says and is not known here is
taken for needing nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# The parser that `re.compile` itself uses. There is no public way to it since sre_parse went.
_parse: Final = import_module("re._parser").parse

#: Words of which any match has one.
Words = frozenset[str]


def needed(expression: str) -> tuple[tuple[Words, ...], ...]:
    """What a match needs, for each alternative of an expression: a word of each set. Case counts.

    >>> [[sorted(words) for words in needs] for needs in needed(r"no\\s(?:copy|print)ing|reuse")]
    [[['copy', 'print'], ['ing'], ['no']], [['reuse']]]
    """
    items = list(_parse(expression))
    is_either = len(items) == 1 and str(items[0][0]) == "BRANCH"
    branches = items[0][1][1] if is_either else [items]
    return tuple(_rarest(_of_sequence(branch)) for branch in branches)


# More tell hardly anything more.
_MOST_NEEDS = 3


def _rarest(needs: Iterable[Words]) -> tuple[Words, ...]:
    """The longest words first, of equal ones the fewest: they are in the fewest texts."""
    ranked = sorted(
        set(needs), key=lambda words: (-min(map(len, words)), len(words), sorted(words))
    )
    return tuple(ranked[:_MOST_NEEDS])


def _of_sequence(items: Sequence[tuple[Any, Any]]) -> list[Words]:
    """What all the parts need. Letters in a row are a word."""
    needs: list[Words] = []
    word = ""
    for kind, what in (*items, ("END", None)):
        if str(kind) == "LITERAL":
            word += chr(what)
            continue
        if word.strip():
            needs.append(frozenset({word}))
        needs += _of_part(str(kind), what)
        word = ""
    return needs


def _of_part(kind: str, what: Any) -> list[Words]:
    match kind:
        case "SUBPATTERN":
            _, flags, _, inside = what
            return [] if flags else _of_sequence(inside)  # (?i:copy) matches COPY
        case "BRANCH":
            return _of_branches(what[1])
        case "MAX_REPEAT" | "MIN_REPEAT":
            least, _, repeated = what
            return _of_sequence(repeated) if least else []
        case _:
            return []


def _of_branches(branches: Sequence[Any]) -> list[Words]:
    """One of the rarest words of each branch; nothing where a branch needs none."""
    rarest = [_rarest(_of_sequence(branch))[:1] for branch in branches]
    return [frozenset[str]().union(*(needs[0] for needs in rarest))] if all(rarest) else []

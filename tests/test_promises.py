"""What the archive promises (docs/what-is-kept.md) is shown: each promise but the last, which is
measured, has tests that carry its number."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parent.parent
#: What the archive costs: benchmarks/archiving.py.
MEASURED = {32}


def promised() -> list[int]:
    """The numbers of the list, in its order."""
    text = (ROOT / "docs" / "what-is-kept.md").read_text("utf-8")
    _, _, section = text.partition("## What the archive promises\n")
    return [int(number) for number in re.findall(r"^(\d+)\. \S", section, re.MULTILINE)]


def shown() -> dict[int, list[str]]:
    """The tests of each promise."""
    found = defaultdict(list)
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            if isinstance(node, ast.FunctionDef) and node.name.startswith("test_"):
                for number in numbers_of(node):
                    found[number].append(f"{path.relative_to(ROOT)}::{node.name}")
    return found


def numbers_of(test: ast.FunctionDef) -> list[int]:
    """The numbers of the promises that a test is marked with."""
    return [
        ast.literal_eval(keyword.value)
        for mark in test.decorator_list
        if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "pytest.mark.promise"
        for keyword in mark.keywords
        if keyword.arg == "number"
    ]


def test_promises_are_numbered_from_1() -> None:
    assert promised() == list(range(1, 33))


def test_each_promise_is_shown_by_a_test_and_each_mark_is_of_a_promise() -> None:
    assert set(shown()) == set(promised()) - MEASURED

"""Runs one measurement in a process of its own, several times, and keeps the cheapest: what else
the machine does can only add."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

#: Of three runs the cheapest was within 3 % of the cheapest of ten on the machine at hand.
ROUNDS = 3


def cheapest(module: str, *words: object, rounds: int = ROUNDS, key: str = "ms") -> dict[str, Any]:
    """What `python -m benchmarks.MODULE WORDS…` prints as JSON, from its cheapest run."""
    runs = [run(module, *words) for _ in range(rounds)]
    return min(runs, key=lambda told: told[key])


def run(module: str, *words: object) -> dict[str, Any]:
    """One run."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *map(str, words)],
        stdout=subprocess.PIPE,
        text=True,
        check=True,
        timeout=600,
    )
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of RESULTS.md. `bound` is what the project promises; `is_kept` whether it holds."""

    what: str
    ours: str
    bare: str
    figure: float
    bound: float
    unit: str = "×"

    @property
    def is_kept(self) -> bool:
        return self.figure <= self.bound

    def __str__(self) -> str:
        shown = f"{self.figure:.2f}" if self.figure < 10 else f"{self.figure:.0f}"
        verdict = "yes" if self.is_kept else "**no**"
        return (
            f"| {self.what} | {self.ours} | {self.bare} | {shown} {self.unit} "
            f"| ≤ {self.bound:g} {self.unit} | {verdict} |"
        )


Measurement = Callable[[], list[Row]]

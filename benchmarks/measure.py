"""Runs one measurement in a process of its own, several times, and keeps the cheapest: what else
the machine does can only add."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import Any

#: On the machine at hand, which others use too, fewer gave ratios that differed by a tenth.
ROUNDS = 5


def beside(rounds: int = ROUNDS, **commands: tuple[object, ...]) -> dict[str, dict[str, Any]]:
    """What each `python -m benchmarks.MODULE WORDS…` prints as JSON, from its cheapest run. They
    take turns, so that a busy minute of the machine is everybody's."""
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in commands}
    for _ in range(rounds):
        for name, (module, *words) in commands.items():
            runs[name].append(run(str(module), *words))
    return {name: min(told, key=lambda each: each["ms"]) for name, told in runs.items()}


def run(module: str, *words: object, timeout_seconds: int = 600) -> dict[str, Any]:
    """One run."""
    done = subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *map(str, words)],
        capture_output=True,
        text=True,
        timeout=timeout_seconds,
    )
    if done.returncode:
        raise RuntimeError(f"{module} {words}: {done.stderr}")
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
        is_exact = not self.unit or self.figure >= 10
        shown = f"{self.figure:.0f}" if is_exact else f"{self.figure:.2f}"
        verdict = "yes" if self.is_kept else "**no**"
        return (
            f"| {self.what} | {self.ours} | {self.bare} | {f'{shown} {self.unit}'.strip()} "
            f"| ≤ {f'{self.bound:g} {self.unit}'.strip()} | {verdict} |"
        )

    @property
    def short(self) -> str:
        """For the terminal."""
        kept = "kept" if self.is_kept else "NOT KEPT"
        return f"{self.what}: {self.figure:.2f} {self.unit}, bound {self.bound:g}, {kept}"


@dataclass(frozen=True, kw_only=True)
class Section:
    """One table of RESULTS.md, with what a reader must know about it."""

    title: str
    rows: list[Row]
    words: str

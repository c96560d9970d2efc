"""What has been reached and may not be lost: floors.json, a floor for what is right and a ceiling
for what is wrong, for each figure of ours. Raised by `python -m benchmarks.reading --raise-floors`;
lowered only by hand, in a commit of its own that says why (HOUSE_STYLE.md).
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from benchmarks.scores import Figure

FLOORS = Path(__file__).parent / "floors.json"

#: Of one figure: how many there are to get right, at least so many right, at most so many wrong.
Floor = dict[str, int]


def read_floors(file: Path = FLOORS) -> dict[str, Floor]:
    floors: dict[str, Floor] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return floors


def write_floors(floors: Mapping[str, Floor], file: Path = FLOORS) -> None:
    lines = ",\n".join(
        f"  {json.dumps(name)}: {json.dumps(floor)}" for name, floor in floors.items()
    )
    file.write_text(f"{{\n{lines}\n}}\n", "utf-8")


def raised(floors: Mapping[str, Floor], figures: Iterable[Figure]) -> dict[str, Floor]:
    """The floors with what is better now; nothing is ever lowered. A figure that is new, or whose
    corpus has another size now, begins anew."""
    new = dict(floors)
    for figure in figures:
        old = floors.get(figure.name)
        if old is None or old["of"] != figure.total:
            old = {"of": figure.total, "right": figure.good, "wrong": figure.bad}
        new[figure.name] = {
            "of": figure.total,
            "right": max(old["right"], figure.good),
            "wrong": min(old["wrong"], figure.bad),
        }
    return new


def shortfalls(floors: Mapping[str, Floor], figures: Iterable[Figure]) -> Iterator[str]:
    """What is worse than it was, as sentences."""
    seen = set()
    for figure in figures:
        seen.add(figure.name)
        floor = floors.get(figure.name)
        if floor is None:
            yield f"{figure.name}: has no floor; run: python -m benchmarks.reading --raise-floors"
            continue
        if floor["of"] != figure.total:
            yield f"{figure.name}: {figure.total} to score, the floor was measured on {floor['of']}"
            continue
        good, bad = figure.words
        if (less := floor["right"] - figure.good) > 0:
            yield f"{figure.name}: {figure.good} {good}, {less} below the floor of {floor['right']}"
        if (more := figure.bad - floor["wrong"]) > 0:
            yield f"{figure.name}: {figure.bad} {bad}, {more} above the ceiling of {floor['wrong']}"
    yield from (f"{name}: was not measured" for name in floors if name not in seen)

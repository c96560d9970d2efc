"""Which records go into which package. Pure: opens nothing, asks no database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from archive.packages.scan import NOBODY

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from archive.packages.scan import FiledRecord, Unit

Tree = Literal["open", "dark"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelfmark:
    """The name of a package: a journal, a month, and which one of that month. It is the
    package's for good, in whatever tree it lies."""

    source_id: str
    month: str
    number: int = 1

    def __str__(self) -> str:
        later = f".{self.number}" if self.number > 1 else ""
        return f"{self.source_id}/{self.month}{later}"

    def file(self, tree: Tree) -> str:
        """Where the package lies, below the data directory."""
        return f"packages/{tree}/{self}.wacz"

    @classmethod
    def of_file(cls, file: str) -> Shelfmark:
        """Of a package that lies there, below the data directory or a place of copies.

        Raises:
            ValueError: no package lies there.
        """
        return cls.parse(file.split("/", 2)[-1].removesuffix(".wacz"))

    @classmethod
    def parse(cls, text: str) -> Shelfmark:
        """What `str` made.

        Raises:
            ValueError: it is no shelfmark.
        """
        source_id, _, rest = text.partition("/")
        month, _, number = rest.partition(".")
        if not source_id or len(month) != len("2026-11"):
            raise ValueError(f"{text!r} is no shelfmark, which is like ship/2026-11")
        return cls(source_id=source_id, month=month, number=int(number or 1))


@dataclass(frozen=True, kw_only=True, slots=True)
class PlannedPackage:
    """A package to be made: its records in their order, those of a unit together. `late` are the
    pages that stand in earlier packages, and of which this one has what came afterwards."""

    mark: Shelfmark
    tree: Tree
    records: tuple[FiledRecord, ...]
    late: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What is there already: `numbers` of packages by journal and month, and the journals that
    have an article in the dark tree."""

    numbers: Mapping[tuple[str, str], int]
    dark: Collection[str]


def plan(
    units: Iterable[Unit],
    *,
    months: Collection[str],
    is_open: Callable[[Unit], bool],
    standing: Standing,
    sources: Collection[str] | None = None,
) -> list[PlannedPackage]:
    """The packages of these months, a journal and month one open and one dark at most.

    `is_open` says of an article whether others may have it. What belongs to no article (lists,
    robots.txt) shows titles and beginnings of articles, and of which cannot be known without
    parsing it: it is open only where no article of that journal goes, or ever went, into the dark
    tree.
    """
    shelves: dict[tuple[str, str], list[Unit]] = {}
    for unit in units:
        if unit.month in months and (sources is None or unit.source_id in sources):
            shelves.setdefault((unit.source_id, unit.month), []).append(unit)
    dark = set(standing.dark)
    packages: list[PlannedPackage] = []
    for (source_id, month), found in sorted(shelves.items()):
        split = _split(source_id, found, is_open, dark)
        number = standing.numbers.get((source_id, month), 0)
        for tree, chosen in split.items():
            number += 1
            mark = Shelfmark(source_id=source_id, month=month, number=number)
            records = tuple(record for unit in chosen for record in unit.records)
            late = tuple(unit.anchor for unit in chosen if unit.is_late)
            packages.append(PlannedPackage(mark=mark, tree=tree, records=records, late=late))
    return packages


def _split(
    source_id: str,
    units: list[Unit],
    is_open: Callable[[Unit], bool],
    dark: set[str],
) -> dict[Tree, list[Unit]]:
    articles: dict[Tree, list[Unit]] = {"open": [], "dark": []}
    for unit in units:
        if unit.is_article:
            tree: Tree = "open" if is_open(unit) else "dark"
            articles[tree].append(unit)
    if articles["dark"]:
        dark.add(source_id)
    others: Tree = "dark" if source_id in dark or source_id == NOBODY else "open"
    articles[others] += [unit for unit in units if not unit.is_article]
    return {
        tree: sorted(found, key=lambda unit: (unit.at, unit.anchor))
        for tree, found in articles.items()
        if found
    }

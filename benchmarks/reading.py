"""`python -m benchmarks.reading`: how right pages are read, on the whole of ../shared/corpus, with
the baselines beside it. Takes minutes; writes READING.md when all was measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.corpus import FOLDER, read_pages
from benchmarks.floors import raised, read_floors, shortfalls, write_floors
from benchmarks.readers import BASELINES, OURS, OURS_WITHOUT_BODY, installed
from benchmarks.scores import (
    score_date_forms,
    score_lists,
    score_page_notices,
    score_pages,
    score_wordings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from benchmarks.corpus import SavedPage
    from benchmarks.readers import Reader
    from benchmarks.scores import Figure, Miss, Readings

READING = Path(__file__).parent / "READING.md"
LIBRARIES = ("lxml", "beautifulsoup4", "trafilatura", "htmldate", "gne")


def read_all(readers: Sequence[Reader], pages: Sequence[SavedPage]) -> dict[str, Readings]:
    """Every page by every reader. They take turns on each page, so that a busy minute of the
    machine is everybody's."""
    readings: dict[str, Readings] = {reader.name: [] for reader in readers}
    for number, page in enumerate(pages, 1):
        body = page.body()
        for reader in readers:
            if page.is_chinese or not reader.only_chinese:
                readings[reader.name].append((page, reader.timed(page, body)))
        if number % 50 == 0:
            print(f"{number} of {len(pages)} pages", file=sys.stderr, flush=True)
    return readings


def score_ours(readings: Readings) -> list[Figure]:
    """All figures of ours, those that have floors."""
    return [
        *score_pages(readings, OURS),
        *score_page_notices(readings),
        *score_wordings(),
        *score_lists(),
        *score_date_forms(),
    ]


def measure_ours(pages: Sequence[SavedPage] | None = None) -> list[Figure]:
    """Ours alone, for the test that holds the floors."""
    pages = read_pages() if pages is None else pages
    return score_ours(read_all([OURS], pages)[OURS.name])


# --- what is written --------------------------------------------------------------------------


def spent(readings: Readings) -> dict[str, float]:
    """CPU a page: the median and what 95 of 100 stay below."""
    ms = sorted(reading.ms for _, reading in readings)
    return {"median": median(ms), "p95": ms[int(len(ms) * 0.95)]} if ms else {}


def document(
    ours: Sequence[Figure],
    baselines: Mapping[str, Sequence[Figure]],
    times: Mapping[str, Mapping[str, float]],
    pages: Sequence[SavedPage],
) -> str:
    """READING.md."""
    scored = Counter(page.is_chinese for page in pages if page.is_scored)
    libraries = ", ".join(f"{name} {said}" for name, said in installed(*LIBRARIES).items() if said)
    lines = [
        "# How right pages are read",
        "",
        "Written by `make bench-reading`; not edited by hand.",
        (
            "Real pages with known answers, which are not part of this repository: "
            f"{scored[True]} Chinese ones, {scored[False]} others."
        ),
        "What is wrong and what is missing stand apart: a wrong date is worse than none.",
        "The rules were written with these pages at hand: they show what was lost,",
        "not what to expect of other pages.",
        "`benchmarks/floors.json` holds what was reached, and a test keeps it.",
        "",
        (
            f"{datetime.now(UTC):%Y-%m-%d}, {platform.machine()}, {os.cpu_count()} cores, "
            f"{platform.system()} {platform.release()}, Python {platform.python_version()}, "
            f"{libraries}."
        ),
        *_page_tables(ours, baselines),
        *_other_figures(ours),
        *_cpu_table(times),
        *_what_is_wrong(ours),
    ]
    return "\n".join(lines) + "\n"


_FIELDS = {
    "title": "Titles: equal in letters and digits",
    "date": "Dates: the same day; less than a day is missing",
    "authors": "Authors: the same names; some of them is neither right nor wrong",
    "body snippets": "Bodies: snippets of the text that were found",
    "body leaks": "Bodies: texts beside the article that leaked in",
}


def _page_tables(ours: Sequence[Figure], baselines: Mapping[str, Sequence[Figure]]) -> list[str]:
    told = {OURS.name: ours, **baselines}
    lines: list[str] = []
    for field, heading in _FIELDS.items():
        lines += ["", f"## {heading}", ""]
        lines += ["| | zh | other |", "|---|---|---|"]
        for name, figures in told.items():
            by_name = {figure.name: figure for figure in figures}
            cells = [by_name.get(f"{group} {field}") for group in ("zh", "other")]
            if any(cells):
                lines.append(f"| {name} | {' | '.join(map(_cell, cells))} |")
    return lines


def _cell(figure: Figure | None) -> str:
    if figure is None:
        return "-"
    good, bad = figure.words
    said = []
    if good:
        said.append(f"{figure.good} {good} ({figure.share:.1%})")
    if bad:
        said.append(f"{figure.bad} {bad} ({figure.bad / (figure.total or 1):.1%})")
    rest = figure.total - figure.good - figure.bad
    if good and rest:
        said.append(f"{rest} {'in part or missing' if 'authors' in figure.name else 'missing'}")
    return f"{', '.join(said)} of {figure.total}"


def _other_figures(ours: Sequence[Figure]) -> list[str]:
    rows = [figure for figure in ours if not figure.name.startswith(("zh ", "other "))]
    return [
        *("", "## Notices, lists, date forms", "", "| | |", "|---|---|"),
        *(f"| {figure.name} | {_cell(figure)} |" for figure in rows),
        "",
        "Copyright lines, which most pages have, count neither for nor against the two figures of",
        "pages; the second is a bound from above, for many footers have no label.",
        "No baseline reads notices or lists without rules written for the site.",
    ]


def _cpu_table(times: Mapping[str, Mapping[str, float]]) -> list[str]:
    first = times[OURS.name]["median"]
    return [
        *("", "## CPU a page", ""),
        "All in one run, in turns: read the ratios, the milliseconds are this machine's.",
        *("", "| | median | p95 | beside ours with body |", "|---|---|---|---|"),
        *(
            f"| {name} | {told['median']:.1f} ms | {told['p95']:.1f} ms "
            f"| {told['median'] / first:.2f} × |"
            for name, told in times.items()
        ),
    ]


def _what_is_wrong(ours: Sequence[Figure]) -> list[str]:
    lines = ["", "## What is still wrong, by cause", ""]
    lines += ["Pages by the id that the corpus gives them; where it was read in brackets."]
    for figure in ours:
        if not figure.misses:
            continue
        lines += ["", f"### {figure.name}", ""]
        causes = Counter(miss.cause for miss in figure.misses)
        for cause, count in causes.most_common():
            pages = [miss for miss in figure.misses if miss.cause == cause]
            told = ", ".join(dict.fromkeys(map(_told, pages[:_MOST_TOLD])))
            more = f" and {len(pages) - _MOST_TOLD} more" if len(pages) > _MOST_TOLD else ""
            lines.append(f"- {cause}: {count}. {told}{more}")
    return lines


_MOST_TOLD = 12


def _told(miss: Miss) -> str:
    where = f" [{miss.where.split(': ')[0]}]" if miss.where else ""
    is_date = miss.right and miss.right[:4].isdigit() and len(miss.right) == len("2026-11-23")
    dates = f" {miss.read} for {miss.right}" if is_date and miss.read else ""
    return f"{miss.id}{dates}{where}"


# --- the command ------------------------------------------------------------------------------


def main() -> None:
    args = _arguments()
    if not FOLDER.exists():
        sys.exit(f"no corpus at {FOLDER}: the pages are not part of this repository")
    pages = read_pages()[:: args.sample or 1]
    others = [] if args.no_baselines else [each for each in BASELINES if _is_here(each)]
    readings = read_all([OURS, OURS_WITHOUT_BODY, *others], pages)
    ours = score_ours(readings[OURS.name])
    baselines = {each.name: score_pages(readings[each.name], each) for each in others}
    times = {name: spent(each) for name, each in readings.items()}
    if args.json:
        print(json.dumps(_as_json(ours, baselines, times), ensure_ascii=False, indent=1))
    else:
        print(document(ours, baselines, times, pages))
    if args.errors:
        _print_errors(ours)
    if args.sample:
        return
    if args.raise_floors:
        write_floors(raised(read_floors(), ours))
    if not args.no_baselines:
        READING.write_text(document(ours, baselines, times, pages), "utf-8")
        print(f"written: {READING}", file=sys.stderr)
    if lost := list(shortfalls(read_floors(), ours)):
        sys.exit("below the floors:\n  " + "\n  ".join(lost))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reading", description=__doc__)
    parser.add_argument("--json", action="store_true", help="the figures as JSON on stdout")
    parser.add_argument("--no-baselines", action="store_true", help="ours alone; writes no table")
    parser.add_argument(
        "--sample", type=int, metavar="N", help="every Nth page only; writes nothing"
    )
    parser.add_argument(
        "--errors", action="store_true", help="each title and date that is not right"
    )
    parser.add_argument("--raise-floors", action="store_true", help="keep what is better now")
    return parser.parse_args()


def _is_here(reader: Reader) -> bool:
    package = reader.name.split()[0]
    if installed(package)[package]:
        return True
    print(
        f"{package} is not installed and left out; `make bench-reading` installs it",
        file=sys.stderr,
    )
    return False


def _as_json(
    ours: Sequence[Figure],
    baselines: Mapping[str, Sequence[Figure]],
    times: Mapping[str, Mapping[str, float]],
) -> dict[str, object]:
    told = {OURS.name: ours, **baselines}
    figures = {
        name: {
            each.name: {"of": each.total, "right": each.good, "wrong": each.bad} for each in scored
        }
        for name, scored in told.items()
    }
    misses = [{"figure": each.name, **vars(miss)} for each in ours for miss in each.misses]
    return {"figures": figures, "ms": times, "misses": misses}


def _print_errors(ours: Sequence[Figure]) -> None:
    for figure in ours:
        for miss in figure.misses:
            if miss.right is not None:
                print(
                    f"{figure.name} {miss.id} [{miss.where}] {miss.cause}: "
                    f"{miss.read!r} for {miss.right!r}"
                )


if __name__ == "__main__":
    main()

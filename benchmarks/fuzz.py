"""`python -m benchmarks.fuzz [--count N] [--seed S]`: hostile pages through every reader.

None may raise, none may take longer than BOUND_S of CPU. Prints what did, with the number that
makes it again; what was found so far also when it is interrupted or its time is up.
"""

from __future__ import annotations

import argparse
import faulthandler
import signal
import sys
import time
import traceback
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.corpus import FOLDER, read_pages
from benchmarks.mutations import KINDS, mutate
from crawler.normalise.entry import normalise_entry
from crawler.platforms import find_platform, reader_for
from crawler.reading.obstacle import find_obstacle
from crawler.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from benchmarks.mutations import Mutation

#: What issue 3 allows a hostile page.
BOUND_S = 2.0
SLOWEST = 5
#: Dates in relative words are read against it; a run must not depend on its day.
VISITED = datetime(2026, 11, 23, 3, 0, tzinfo=UTC)
URL = "https://journal.example/a/2026/12.html"
OWN_PAGES = Path(__file__).parent.parent / "demo" / "pages"


@dataclass(frozen=True, kw_only=True)
class Trial:
    """What one mutation cost each reader, and the traceback of the one that raised. Its bytes are
    not kept: a thousand of them fill the memory, and the number makes them again."""

    kind: str
    number: int
    size_bytes: int
    seconds: dict[str, float]
    error: str | None = None
    bound_s: float = BOUND_S

    @property
    def slowest(self) -> float:
        return max(self.seconds.values(), default=0.0)

    @property
    def is_bad(self) -> bool:
        return self.error is not None or self.slowest > self.bound_s


def read_own_pages() -> list[bytes]:
    """The pages that ship with the project, and the feed."""
    files = [*OWN_PAGES.rglob("*.html"), *OWN_PAGES.rglob("*.xml")]
    return [file.read_bytes() for file in sorted(files)]


def read_corpus_pages() -> list[bytes]:
    """Every page of the corpus, those of lists and errors too."""
    return [page.body() for page in read_pages()]


def _page(body: bytes) -> None:
    normalise_entry(read_page(body, url=URL, visited=VISITED), source=None, visited=VISITED)


def _list(body: bytes) -> None:
    reader_for(None)(body, url=URL, visited=VISITED)


def _platform(body: bytes) -> None:
    find_platform(body, {}, URL)


def _obstacle(body: bytes) -> None:
    find_obstacle(body, url=URL, status=200)


READERS: dict[str, Callable[[bytes], None]] = {
    "page": _page,
    "list": _list,
    "platform": _platform,
    "obstacle": _obstacle,
}


def attempt(
    mutation: Mutation,
    *,
    readers: Mapping[str, Callable[[bytes], None]] = READERS,
    bound_s: float = BOUND_S,
) -> Trial:
    """Put one page through the readers; the first that raises is the last that is asked."""
    seconds: dict[str, float] = {}
    error = None
    for name, read in readers.items():
        started = time.process_time()
        try:
            read(mutation.body)
        except Exception:  # noqa: BLE001 -- an uncaught error is what we look for
            error = traceback.format_exc()
            break
        seconds[name] = time.process_time() - started
    return Trial(
        kind=mutation.name,
        number=mutation.number,
        size_bytes=len(mutation.body),
        seconds=seconds,
        error=error,
        bound_s=bound_s,
    )


def run(
    pages: Sequence[bytes], *, count: int, seed: int, kind: str | None = None
) -> Iterator[Trial]:
    """Every trial of a run, as it ends; a bad one is told at once."""
    for number in range(count):
        trial = attempt(mutate(pages, number, seed=seed, name=kind))
        if trial.is_bad:
            print(told(trial, seed), flush=True)
        if number % 50 == 49:
            print(f"{number + 1} of {count}", file=sys.stderr, flush=True)
        yield trial


def until_stopped(trials: Iterator[Trial], *, seconds: float | None = None) -> list[Trial]:
    """The trials up to an interrupt or the end of the time: none of them is lost."""
    ended: list[Trial] = []
    started = time.monotonic()
    try:
        for trial in trials:
            ended.append(trial)
            if seconds is not None and time.monotonic() - started > seconds:
                break
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr, flush=True)
    return ended


def told(trial: Trial, seed: int) -> str:
    """One trial as a line for a person, and the traceback where there is one."""
    spent = ", ".join(f"{name} {spent:.2f} s" for name, spent in trial.seconds.items())
    line = f"seed {seed} number {trial.number} ({trial.kind}, {trial.size_bytes:,} bytes): {spent}"
    return f"{line}\n{trial.error}" if trial.error else line


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="how many pages (1000)")
    parser.add_argument("--seed", type=int, default=1, help="another seed, other pages (1)")
    parser.add_argument("--kind", choices=list(KINDS), help="one kind of mutation only")
    parser.add_argument("--number", type=int, help="this one again, alone")
    parser.add_argument("--seconds", type=float, help="end after so long, with what was found")
    parser.add_argument("--own", action="store_true", help="our sample pages, not the corpus")
    args = parser.parse_args()
    faulthandler.enable()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end, it still prints
    pages = read_own_pages() if args.own or not FOLDER.exists() else read_corpus_pages()
    if args.number is not None:
        print(told(attempt(mutate(pages, args.number, seed=args.seed, name=args.kind)), args.seed))
        return
    trials = until_stopped(
        run(pages, count=args.count, seed=args.seed, kind=args.kind), seconds=args.seconds
    )
    print(summary(trials, args.seed))
    sys.exit(1 if any(trial.is_bad for trial in trials) else 0)


def summary(trials: Sequence[Trial], seed: int) -> str:
    """What a run found, and its slowest pages."""
    kinds = Counter(trial.kind for trial in trials)
    raised = sum(trial.error is not None for trial in trials)
    late = sum(trial.slowest > trial.bound_s for trial in trials)
    slow = sorted(trials, key=lambda trial: -trial.slowest)[:SLOWEST]
    counted = f"{len(trials)} pages of {len(kinds)} kinds, {raised} raised, {late} over {BOUND_S} s"
    return "\n  ".join((counted, *(told(trial, seed).splitlines()[0] for trial in slow)))


if __name__ == "__main__":
    main()

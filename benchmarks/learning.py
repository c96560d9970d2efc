"""What reading one page costs, before and after its source is known: `COUNT`. A 40 kB page whose
frame is most of it, read from bytes to the entry."""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from benchmarks.pages import article
from crawler.learn import ENOUGH, Learner, PageIn
from crawler.normalise.entry import normalise_entry
from crawler.reading.page import read_page
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Callable

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
SOURCE = Source(id="magazine", title="某某杂志", lists=("http://magazine.example/",))


def page(number: int) -> PageIn:
    return PageIn(body=article(number), url=f"http://magazine.example/a/{number}", visited=VISITED)


def thoroughly(one: PageIn, *, with_body: bool) -> None:
    raw = read_page(one.body, url=one.url, visited=one.visited, source=SOURCE, with_body=with_body)
    normalise_entry(raw, source=SOURCE, visited=one.visited)


def measure(read: Callable[[PageIn], object], pages: list[PageIn]) -> float:
    """CPU milliseconds a page."""
    for one in pages[:3]:
        read(one)
    began = time.process_time()
    for one in pages:
        read(one)
    return (time.process_time() - began) * 1000 / len(pages)


def by_profile(pages: list[PageIn]) -> float:
    learner = Learner(SOURCE)
    for number in range(ENOUGH):
        learner.read(page(number))
    assert learner.profile is not None
    spent = measure(learner.read, pages)
    assert learner.misfits == 0
    return spent


def main() -> None:
    pages = [page(number) for number in range(10, 10 + int(sys.argv[1]))]
    whole = measure(lambda one: thoroughly(one, with_body=True), pages)
    bare = measure(lambda one: thoroughly(one, with_body=False), pages)
    profile = by_profile(pages)
    print(json.dumps({"ms": profile, "whole": whole, "bare": bare}))


if __name__ == "__main__":
    main()

"""What the archive adds to a new article, of the CPU of its whole way and of its bytes:
`python -m benchmarks.archiving BASE ROUNDS [HOSTS]`; of real pages' bytes: `… archiving corpus`.

The whole way is request, capture, reading, store and published feeds, as `polling new` measures
it, the log of events included. The archive's part is timed inside it: the metadata record, the
WARC records, the wait for the disk, what equal bytes are known by, which files the page names, and
the log's records. The bytes are those of the WARC files against the pages' as gzip sends them: of
pages made here, which are mostly text that hardly deflates, and of the Chinese article pages of the
corpus, where it is at hand.
"""

from __future__ import annotations

import asyncio
import functools
import gzip
import json
import logging
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.warc import read_records
from benchmarks import corpus_site, polling
from benchmarks.corpus import read_chinese_articles
from crawler.service import run_loop
from house.rooms import open_house

if TYPE_CHECKING:
    from collections.abc import Callable

    from house.rooms import House


class Clock:
    """CPU milliseconds spent in what was wrapped."""

    def __init__(self) -> None:
        self.ms = 0.0

    def timed(self, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def run(*args: Any, **kwargs: Any) -> Any:
            began = time.thread_time()
            try:
                return function(*args, **kwargs)
            finally:
                self.ms += (time.thread_time() - began) * 1000

        return run


async def measure(
    base: str, rounds: int, folder: Path, *, hosts: int = polling.HOSTS
) -> dict[str, Any]:
    """The share of CPU, and of bytes, side by side on as many hosts as `polling new` has."""
    settings = polling.new_settings_in(folder)
    polling.write_sources(settings.journals, base, hosts)
    clock = Clock()
    async with open_house(settings, "benchmark") as house:
        await house.refresh()
        watch(house, clock)
        keep = house._archivist.keep_step

        def keep_and_log(*args: Any) -> Any:
            kept = keep(*args)
            house._archivist.write_log()
            return kept

        house._archivist.keep_step = keep_and_log  # type: ignore[method-assign]
        began, extractor = time.process_time(), polling.timed_extractor()
        await polling.measure_new(house, base, rounds, timed=extractor)
        whole = (time.process_time() - began) * 1000 - extractor()
    articles = (rounds + 30) * hosts
    return {
        "ms": whole / articles,
        "archive": clock.ms / articles,
        **await asyncio.to_thread(sizes, settings.warc),
    }


def watch(house: House, clock: Clock) -> None:
    """Time the archive's parts of keeping an article; what its page names is found in the first."""
    archivist: Any = house._archivist
    archivist._sight = clock.timed(archivist._sight)
    archivist.write_log = clock.timed(archivist.write_log)


def sizes(folder: Path) -> dict[str, float]:
    """Bytes of the files, a page, requisites and lists among them; those of the pages as they would
    be sent; and the part of the files that is metadata records."""
    kept = sum(path.stat().st_size for path in folder.rglob("*.warc.gz"))
    sent = pages = seen = 0
    for path in folder.rglob("*.warc.gz"):
        with path.open("rb") as file:
            for record in read_records(file):
                if record.headers["WARC-Type"] == "response":
                    pages += 1
                    sent += len(gzip.compress(record.block.partition(b"\r\n\r\n")[2], 6))
                elif record.headers["WARC-Type"] == "metadata":
                    seen += len(gzip.compress(record.block, 6))
    return {"kept": kept / pages, "sent": sent / pages, "seen": seen / pages}


def measure_corpus(folder: Path) -> dict[str, float]:
    """The sizes after `kanliu poll` over real pages."""
    corpus_site.run(read_chinese_articles(), folder)
    return sizes(folder / "data" / "warc")


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as folder:
        if sys.argv[1:] == ["corpus"]:
            print(json.dumps(measure_corpus(Path(folder))))
            return
        base, rounds, *words = sys.argv[1:]
        hosts = int(words[0]) if words else polling.HOSTS
        logging.basicConfig(level=logging.INFO, filename="/dev/null")
        told = run_loop(lambda: measure(base, int(rounds), Path(folder), hosts=hosts), reactor=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()

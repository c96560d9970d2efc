"""Polls through the house, store and captures included: `python -m benchmarks.polling KIND BASE
COUNT [HOSTS]`.

`unchanged` and `unchanged-old` poll a source on each of 16 hosts (or fewer) whose lists are as they
were, with validators and without; `new` brings an article to each of these sources, from request to
published feeds, `new-alone` to one source alone.
"""

from __future__ import annotations

import asyncio
import json
import logging
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import crawler.reading.body
from archive.model import Kept, ListedLink
from benchmarks.server import HOSTS, OLD, on_host
from crawler.outcome import Facts
from crawler.service import run_loop
from crawler.walk import Visited
from foundation.settings import Settings
from house.rooms import House, open_house

if TYPE_CHECKING:
    from collections.abc import Callable

#: Articles that each source has in its archive already, as many as its list shows.
KNOWN = 20


def settings_in(folder: Path) -> Settings:
    """Those of a new installation, but that it may visit this machine, at once."""
    return Settings(
        data=folder / "data",
        journals=folder / "journals",
        allow_addresses=("127.0.0.0/8",),
        delay=timedelta(0),
        # The pages are ours and the same one or the other way; it is timed by itself in `new`.
        body_extractor=False,
    )


def new_settings_in(folder: Path) -> Settings:
    """The same with the body extractor, as new articles are read."""
    return replace(settings_in(folder), body_extractor=True)


def write_sources(folder: Path, base: str, count: int, *, prefix: str = "") -> None:
    """One source a host."""
    folder.mkdir()
    for number in range(count):
        url = f"{on_host(base, number)}{prefix}/s/{number}/list/{number * KNOWN}/{KNOWN}"
        text = f'title = "某某杂志{number}"\nlists = ["{url}"]\n'
        (folder / f"source-{number}.toml").write_text(text, "utf-8")


async def measure_unchanged(house: House, count: int) -> dict[str, Any]:
    """CPU milliseconds a poll, and how many files changed in the data directory beside the
    database's own."""
    for _ in range(3):  # the first brings the articles, the second finds the source at rest
        await asyncio.gather(*map(house.poll, house.sources))
    await house.publications.publish()
    numbers = iter(range(count))
    before = files_of(house.settings.data)

    async def visit(source: Any) -> None:
        for _ in numbers:
            poll = await house.poll(source)
            assert poll.outcome.value == "unchanged"

    began = time.process_time()
    await asyncio.gather(*map(visit, house.sources))
    await house.publications.publish()
    spent = (time.process_time() - began) * 1000
    return {"ms": spent / count, "files": len(files_of(house.settings.data) ^ before)}


def files_of(folder: Path) -> set[tuple[str, int]]:
    """Every file with the instant at which it was written, the database apart."""
    return {
        (str(path), path.stat().st_mtime_ns)
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith("kanliu.sqlite")
    }


async def measure_new(
    house: House, base: str, rounds: int, *, timed: Callable[[], float] | None = None
) -> dict[str, Any]:
    """CPU milliseconds an article, from its request to the published feeds that show it, by part:
    in each round every source has a new one. Each journal's feed and the feed of everything hold
    30 articles with their full text."""
    sources = house.sources
    fetchers = [house._crawl.fetcher(source.limits) for source in sources]
    parts: list[dict[str, float]] = []
    extractor = timed or timed_extractor()
    await house.publications.publish()
    # The feeds are full after 30 articles in each.
    for number in range(rounds + 30):
        # All printed on one day, the newest: an older one would not be in the feed.
        links = [
            ListedLink(url=f"{on_host(base, at)}/a/{10_016 + 27 * (number * HOSTS + at)}")
            for at, _ in enumerate(sources)
        ]
        before = extractor()
        marks = [time.process_time()]
        answers = await asyncio.gather(
            *(fetch(link.url) for fetch, link in zip(fetchers, links, strict=True))
        )
        marks.append(time.process_time())
        for source, link, answer in zip(sources, links, answers, strict=True):
            step = Visited(link=link, answer=answer, visited=datetime.now(UTC))
            kept = await house.writer.run(house._archivist.keep_step, source, step, Facts())
            assert kept is not None
            assert kept.kept is Kept.NEW, kept
        marks.append(time.process_time())
        published = await house.publications.publish()
        marks.append(time.process_time())
        assert len(published.written) >= 3 * len(sources) + 3, published
        spent = {
            name: (ended - began) * 1000
            for name, began, ended in zip(
                ("request", "keep", "publish"), marks, marks[1:], strict=False
            )
        }
        spent |= {"extractor": extractor() - before, "ms": (marks[-1] - marks[0]) * 1000}
        parts.append({name: value / len(sources) for name, value in spent.items()})
    full = parts[30:]
    return {name: median(part[name] for part in full) for name in full[0]}


def timed_extractor() -> Callable[[], float]:
    """Makes the reader count what trafilatura costs; gives the milliseconds so far."""
    real: Callable[..., Any] = crawler.reading.body.bare_extraction
    total = 0.0

    def timed(*args: Any, **kwargs: Any) -> Any:
        nonlocal total
        began = time.thread_time()
        try:
            return real(*args, **kwargs)
        finally:
            total += time.thread_time() - began

    crawler.reading.body.bare_extraction = timed  # type: ignore[assignment]
    return lambda: total * 1000


async def measure(
    kind: str, base: str, count: int, folder: Path, *, hosts: int = HOSTS
) -> dict[str, Any]:
    settings = settings_in(folder)
    is_new = kind.startswith("new")
    prefix = OLD if kind == "unchanged-old" else ""
    write_sources(settings.journals, base, 1 if kind == "new-alone" else hosts, prefix=prefix)
    if is_new:
        settings = new_settings_in(folder)
    async with open_house(settings, "benchmark") as house:
        await house.refresh()
        if is_new:
            return await measure_new(house, base, count)
        return await measure_unchanged(house, count)


def main() -> None:
    kind, base, count, *words = sys.argv[1:]
    hosts = int(words[0]) if words else HOSTS
    # As the service logs, to a file that nobody reads.
    logging.basicConfig(level=logging.INFO, filename="/dev/null")
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as folder:
        told = run_loop(
            lambda: measure(kind, base, int(count), Path(folder), hosts=hosts), reactor=True
        )
    print(json.dumps(told))


if __name__ == "__main__":
    main()

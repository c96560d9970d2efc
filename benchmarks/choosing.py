"""What a wake of the service costs among COUNT sources, of which 16 are due: choosing them and
starting their polls (which end at once here). And reading the journals' folder, once a tick."""

from __future__ import annotations

import asyncio
import json
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.model import Outcome, Poll, PollEnd
from crawler.service import run_loop
from foundation.settings import Settings
from house.rooms import House, open_house
from scheduler import Loop

if TYPE_CHECKING:
    from sources.model import Source

DUE = 16
ROUNDS = 200


class Starter(Loop):
    """The service's loop, whose polls end as soon as they begin."""

    async def _poll(self, source: Source) -> None:
        pass


def write_sources(folder: Path, count: int) -> None:
    folder.mkdir()
    for number in range(count):
        text = f'title = "某某杂志{number}"\nlists = ["http://h{number}.example/list.html"]\n'
        (folder / f"source-{number:05}.toml").write_text(text, "utf-8")


def set_due(house: House) -> None:
    """All have been polled; a few, spread over all, are due again."""
    now = datetime.now(UTC)
    step = len(house.sources) // DUE
    ends = []
    for number, source in enumerate(house.sources):
        is_due = number % step == 0 and number // step < DUE
        poll = Poll(
            source_id=source.id,
            started=now,
            ended=now,
            outcome=Outcome.UNCHANGED,
            reason="the list is as it was",
        )
        due = now - timedelta(minutes=1) if is_due else now + timedelta(hours=number % 20 + 1)
        ends.append(PollEnd(poll=poll, due=due, failures=0))
    house.store.end_polls(ends)


async def measure(count: int, folder: Path) -> dict[str, float]:
    settings = Settings(data=folder / "data", journals=folder / "journals", concurrency=DUE)
    write_sources(settings.journals, count)
    async with open_house(settings, "benchmark") as house:
        await house.refresh()
        set_due(house)
        loop = Starter(house)
        spent = []
        for _ in range(ROUNDS):
            began = time.process_time()
            await loop._start_due()
            assert len(loop._running) == DUE
            await asyncio.wait(list(loop._running))
            spent.append(time.process_time() - began)
        began = time.process_time()
        for _ in range(5):
            await house.refresh()
        folder_ms = (time.process_time() - began) * 1000 / 5
    spent.sort()
    return {"ms": spent[len(spent) // 4] * 1000, "folder": folder_ms}


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as folder:
        told = run_loop(lambda: measure(int(sys.argv[1]), Path(folder)), reactor=True)
    print(json.dumps(told))


if __name__ == "__main__":
    main()

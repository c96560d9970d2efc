"""Fetching in the service, capture and reading apart: `BASE COUNT reactor|asyncio`."""

from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import timedelta

from benchmarks.server import on_host
from crawler.service import Crawl, run_loop
from foundation.settings import Settings
from sources.model import Limits

#: As many polls at once as the settings allow by default.
POLLS = 16


async def fetch_all(settings: Settings, base: str, count: int) -> None:
    async with Crawl(settings) as crawl:
        fetch = crawl.fetcher(Limits())
        await fetch(f"{base}/a/0")
        numbers = iter(range(count))

        async def poll() -> None:
            for number in numbers:
                answer = await fetch(f"{on_host(base, number)}/a/{number % 50}")
                assert answer.status == 200

        began = time.process_time()
        await asyncio.gather(*(poll() for _ in range(POLLS)))
        spent = (time.process_time() - began) * 1000
    print(json.dumps({"ms": spent / count}))


def main() -> None:
    base, count, way = sys.argv[1:4]
    settings = Settings(
        allow_addresses=("127.0.0.0/8",), delay=timedelta(0), reactor=way == "reactor"
    )
    run_loop(lambda: fetch_all(settings, base, int(count)), reactor=settings.reactor)


if __name__ == "__main__":
    main()

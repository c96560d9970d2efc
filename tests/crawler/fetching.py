"""Fetches a list of addresses in a process of its own and prints what came of each, as JSON.

`python -m tests.crawler.fetching reactor|asyncio[-no-robots] ALLOWED ADDRESS…`: a process can hold
one reactor only, and only once, so each way of fetching gets its own.
"""

from __future__ import annotations

import json
import sys
from datetime import timedelta

from crawler.service import Crawl, run_loop
from foundation.errors import SiteError
from foundation.settings import Settings
from sources.model import Limits


async def fetch_all(settings: Settings, addresses: list[str]) -> list[dict[str, object]]:
    told: list[dict[str, object]] = []
    async with Crawl(settings) as crawl:
        fetch = crawl.fetcher(Limits())
        for address in addresses:
            url, _, etag = address.partition(" ")
            try:
                answer = await fetch(url, etag=etag or None)
            except SiteError as error:
                wait = error.retry_after.total_seconds() if error.retry_after else None
                told.append(
                    {"error": type(error).__name__, "words": str(error), "retry_after": wait}
                )
            else:
                told.append(
                    {
                        "status": answer.status,
                        "url": answer.url,
                        "body": answer.body.decode("latin-1"),
                        "exchanges": [each.status for each in answer.exchanges],
                        "wire": answer.exchanges[-1].body.hex(),
                    }
                )
    return told


def main() -> None:
    way, allowed, *addresses = sys.argv[1:]
    settings = Settings(
        allow_addresses=(allowed,) if allowed else (),
        delay=timedelta(0),
        timeout=timedelta(seconds=2),
        size_bytes=1 << 20,
        reactor=way.startswith("reactor"),
        robots=not way.endswith("-no-robots"),
        contact="mailto:operator@library.example",
    )
    told = run_loop(lambda: fetch_all(settings, addresses), reactor=settings.reactor)
    print(json.dumps(told))


if __name__ == "__main__":
    main()

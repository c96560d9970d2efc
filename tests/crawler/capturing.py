"""Fetches addresses in a process of its own and writes what was exchanged into WARC files.

`python -m tests.crawler.capturing reactor|asyncio FOLDER ADDRESS…`: see fetching.py.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archive.captures import CaptureWriter
from crawler.service import Crawl, run_loop
from foundation.settings import Settings
from sources.model import Limits

if TYPE_CHECKING:
    from archive.exchange import Exchange


async def capture_all(settings: Settings, addresses: list[str]) -> None:
    with CaptureWriter(
        settings.warc, software="s", operator="o", clock=lambda: datetime.now(UTC)
    ) as captures:
        async with Crawl(settings) as crawl:
            for address in addresses:
                exchanges: list[Exchange] = []
                await crawl.fetcher(Limits()).ask(address, exchanges=exchanges)
                for exchange in exchanges:
                    captures.write(exchange)


def main() -> None:
    way, folder, *addresses = sys.argv[1:]
    settings = Settings(
        data=Path(folder),
        allow_addresses=("127.0.0.1/32",),
        delay=timedelta(0),
        timeout=timedelta(seconds=5),
        reactor=way == "reactor",
        robots=False,
    )
    run_loop(lambda: capture_all(settings, addresses), reactor=settings.reactor)


if __name__ == "__main__":
    main()

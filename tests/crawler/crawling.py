"""A running crawl in this process, without the Twisted reactor, for tests that look inside."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

from crawler.service import Crawl
from foundation.settings import Settings

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def in_a_crawl(
    visit: Callable[[Crawl], Awaitable[None]],
    *,
    allowed: tuple[str, ...] = ("127.0.0.1/32",),
    delay: timedelta = timedelta(0),
) -> None:
    """Open a crawl, act in it, close it."""
    settings = Settings(
        allow_addresses=allowed, delay=delay, timeout=timedelta(seconds=5), reactor=False
    )

    async def main() -> None:
        async with Crawl(settings) as crawl:
            await visit(crawl)

    asyncio.run(main())

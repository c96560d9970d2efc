"""robots.txt as RFC 9309 has it: kept for a day, obeyed, and an unreachable one is no permission.

Scrapy's own middleware keeps each file for the life of the process and takes a failure for
permission; a service runs for years.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import Request
from scrapy.exceptions import NotConfigured
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.addon import kanliu_settings
from crawler.failures import site_error
from crawler.pace import CRAWL_DELAY_MOST, parse_retry_after, slow_down
from crawler.tap import META, ROBOTS
from foundation.errors import RefusedError, SiteError, UnreachableError

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.robotstxt import RobotParser

    from archive.exchange import Exchange

#: The product token that a robots.txt addresses us by (RFC 9309 §2.2.1).
TOKEN = "Kanliu"
#: RFC 9309 §2.4: not to be used for more than 24 hours.
KEPT = timedelta(hours=24)
#: An unreachable robots.txt is asked again soon: until then the whole host waits.
KEPT_UNREACHABLE = timedelta(minutes=10)
#: RFC 9309 §2.5: at least 500 KiB must be read. The rest of a longer file is left unread.
READ_BYTES = 512 * 1024
#: What is taken off the wire of it. Beyond, the file counts as unreachable: the downloader gives
#: up what it had, and a file whose rules we do not know is no permission.
TAKEN_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """What one host's robots.txt says. `parser` None allows all; `problem` forbids all. `exchange`
    is how it was had, where it was."""

    until: datetime
    exchange: Exchange | None = None
    parser: RobotParser | None = None
    problem: SiteError | None = None


class RobotsPolicy:
    """Downloader middleware: asks each host's robots.txt before its pages."""

    def __init__(self, crawler: Crawler) -> None:
        if not kanliu_settings(crawler.settings).robots:
            raise NotConfigured("robots = false")
        self._crawler = crawler
        self._rules: dict[str, asyncio.Task[Rules]] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> RobotsPolicy:
        return cls(crawler)

    async def process_request(self, request: Request) -> None:
        """Raise RefusedError where robots.txt says no, UnreachableError where it cannot be read."""
        if request.meta.get("dont_obey_robotstxt"):
            return
        parts = urlparse_cached(request)
        rules = await self._rules_of(f"{parts.scheme}://{parts.netloc}")
        request.meta[ROBOTS] = rules.exchange
        if rules.problem is not None:
            raise type(rules.problem)(
                f"robots.txt of {parts.netloc} cannot be read ({rules.problem}); "
                "until it can, nothing is asked of the host (RFC 9309 §2.3.1.4)",
                retry_after=rules.problem.retry_after,
            )
        if rules.parser is not None and not rules.parser.allowed(request.url, TOKEN):
            raise RefusedError(
                f"robots.txt of {parts.netloc} does not allow {parts.path or '/'} for {TOKEN}. "
                "Ask the journal, or retire the source: kanliu retire ID"
            )

    async def _rules_of(self, origin: str) -> Rules:
        """The rules of a host, asked for once at a time and kept for a day."""
        task = self._rules.get(origin)
        now = datetime.now(UTC)
        if task is None or is_over(task, now):
            self._rules = {of: each for of, each in self._rules.items() if not is_over(each, now)}
            task = asyncio.ensure_future(self._fetch(origin))
            self._rules[origin] = task
        return await asyncio.shield(task)

    async def _fetch(self, origin: str) -> Rules:
        assert self._crawler.engine is not None
        exchanges: list[Exchange] = []
        request = Request(
            f"{origin}/robots.txt",
            callback=NO_CALLBACK,
            meta={
                "dont_obey_robotstxt": True,
                "download_maxsize": TAKEN_BYTES,
                META: exchanges,
            },
        )
        now = datetime.now(UTC)
        try:
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            problem = site_error(error, request.url)
            if problem is None:
                raise
            return Rules(until=now + KEPT_UNREACHABLE, problem=problem)
        if response.status in (304, 429) or response.status >= 500:
            # A 304 was not asked for, and says no more of the rules than a 500.
            told = (response.headers.get(b"Retry-After") or b"").decode("latin-1")
            problem = UnreachableError(
                f"it answered {response.status}", retry_after=parse_retry_after(told, now)
            )
            return Rules(until=now + KEPT_UNREACHABLE, problem=problem)
        had = exchanges[-1] if exchanges else None
        if response.status != 200:
            # RFC 9309 §2.3.1.3: 4xx means that there are no rules.
            return Rules(until=now + KEPT, exchange=had)
        parser = ProtegoRobotParser(first_lines(response.body), self._crawler.spider)
        self._obey_crawl_delay(parser, origin)
        return Rules(until=now + KEPT, parser=parser, exchange=had)

    def _obey_crawl_delay(self, parser: RobotParser, origin: str) -> None:
        seconds = parser.crawl_delay(TOKEN)
        if seconds:
            host = urlparse_cached(Request(origin)).hostname or ""
            slow_down(self._crawler, host, min(timedelta(seconds=seconds), CRAWL_DELAY_MOST))


def first_lines(body: bytes) -> bytes:
    """As much of a robots.txt as is read: whole lines, since half a path forbids too much."""
    if len(body) <= READ_BYTES:
        return body
    end = max(body.rfind(b"\n", 0, READ_BYTES), body.rfind(b"\r", 0, READ_BYTES))
    return body[: end + 1]


def is_over(task: asyncio.Task[Rules], now: datetime) -> bool:
    """Whether rules must be asked for anew: too old, or the asking itself broke. What is still
    being asked for is not."""
    if not task.done():
        return False
    return task.cancelled() or task.exception() is not None or task.result().until <= now

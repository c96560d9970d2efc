"""How fast one host is asked, by all sources together: Retry-After, Crawl-delay, a source's own
delay. Scrapy's downloader slots do the waiting between two requests; this sets them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from scrapy.utils.httpobj import urlparse_cached

from foundation import retry_after
from foundation.errors import UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

#: 429 (RFC 6585 §4) and 503 (RFC 9110 §15.6.4) may carry Retry-After.
ASKS_TO_WAIT = (429, 503)
#: Without Retry-After: long enough to be no nuisance, short enough for a passing fault.
REST_UNTOLD = timedelta(minutes=1)
#: A host may not silence its journals for good.
REST_MOST = timedelta(days=7)
#: A Crawl-delay above this is a mistake more often than a wish; asked for seldom enough anyway.
CRAWL_DELAY_MOST = timedelta(seconds=120)


class HostPace:
    """Downloader middleware: a host that asked us to wait is not asked before then."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler
        self._rests: dict[str, datetime] = {}

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> HostPace:
        return cls(crawler)

    def process_request(self, request: Request) -> None:
        """Raise UnreachableError while the host rests; set the pause that the source wants."""
        host = urlparse_cached(request).netloc
        until = self._rests.get(host)
        if until is not None:
            left = until - datetime.now(UTC)
            if left > timedelta(0):
                raise UnreachableError(
                    f"{host} asked to be left alone until {until:%Y-%m-%d %H:%M} UTC",
                    retry_after=left,
                )
        delay = request.meta.get("kanliu_delay")
        if delay is not None:
            slow_down(self._crawler, urlparse_cached(request).hostname or "", delay)

    def process_response(self, request: Request, response: Response) -> Response:
        """Remember what a 429 or 503 asked for."""
        if response.status in ASKS_TO_WAIT:
            now = datetime.now(UTC)
            told = (response.headers.get(b"Retry-After") or b"").decode("latin-1")
            self._rests = {host: until for host, until in self._rests.items() if until > now}
            self._rests[urlparse_cached(request).netloc] = now + wait_asked(
                {"retry-after": told}, now
            )
        return response


def parse_retry_after(text: str, now: datetime) -> timedelta | None:
    """Retry-After as a span; None when unreadable."""
    return retry_after.parse_retry_after(text, now, most=REST_MOST)


def wait_asked(headers: Mapping[str, str], now: datetime) -> timedelta:
    """How long a 429 or 503 asks us to stay away; REST_UNTOLD when it does not say."""
    return parse_retry_after(headers.get("retry-after", ""), now) or REST_UNTOLD


def slow_down(crawler: Crawler, host: str, delay: timedelta) -> None:
    """Make the pause between two requests to a host at least `delay`; never shorter than it is.
    Without Scrapy's jitter, which takes up to half of a pause away."""
    downloader: Any = crawler.engine.downloader
    seconds = delay.total_seconds()
    own = downloader.per_slot_settings.get(host, {})
    if seconds <= own.get("delay", downloader._delay * max(0, 1 - downloader._jitter)):
        return
    seconds = max(seconds, downloader._delay)
    downloader.per_slot_settings[host] = {**own, "delay": seconds, "jitter": 0}
    slot = downloader.slots.get(host)
    if slot is not None:
        slot.delay, slot.jitter = max(slot.delay, seconds), 0

"""Takes down each response as it came off the wire, before any middleware has touched it.

Scrapy's `response_downloaded` fires with the body still content-encoded, and for redirects,
errors and robots.txt too (ARCHIVE.md). What Scrapy has lost by then (reason phrase, order and case
of headers) the download handlers have noted (wire.py). Keeps nothing itself: the exchanges ride in
the request.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from scrapy import signals

from archive.exchange import Exchange
from archive.warc import parse_head
from crawler.wire import HEADS

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Headers, Response

#: Request.meta key of the list that collects what one fetch exchanged, redirects included.
#: Scrapy copies meta from a request to its redirect shallowly, so the list is shared.
META = "kanliu_exchanges"
#: Request.meta key of the exchange that brought the robots.txt by which a request was allowed.
ROBOTS = "kanliu_robots"


class ExchangeTap:
    """Scrapy extension: appends an Exchange to the list that a request carries."""

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> ExchangeTap:
        tap = cls()
        crawler.signals.connect(tap.response_downloaded, signals.response_downloaded)
        return tap

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Signal handler. A request without the list is not ours (a shell, a test)."""
        collected = request.meta.get(META)
        if collected is not None:
            collected.append(exchange_of(request, response))


def exchange_of(request: Request, response: Response) -> Exchange:
    """One request and response as values; the start is reckoned back from the latency."""
    latency = timedelta(seconds=float(request.meta.get("download_latency", 0)))
    sent, came = request.meta.pop(HEADS, None) or (None, None)
    first, lines = parse_head(came) if came else (b"", None)
    return Exchange(
        url=response.url,
        method=request.method,
        status=response.status,
        started=datetime.now(UTC) - latency,
        request_headers=parse_head(sent)[1] if sent else pairs(request.headers),
        response_headers=pairs(response.headers) if lines is None else lines,
        body=response.body,
        ip_address=str(response.ip_address) if response.ip_address else None,
        protocol=response.protocol or "HTTP/1.1",
        reason=b"".join(first.split(b" ", 2)[2:]),
        request_head=sent,
        response_head=came,
    )


def pairs(headers: Headers) -> tuple[tuple[bytes, bytes], ...]:
    """Every header value, repeated names kept: by key, Scrapy gives the last one only. From the
    dict that Headers is: its own `items` spells each name anew, 0.02 ms a response."""
    return tuple((name, value) for name, values in dict.items(headers) for value in values)

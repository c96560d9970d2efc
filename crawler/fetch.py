"""One request, politely: validators out, an Answer or a SiteError in. Does not read pages.

Rides on a running Scrapy crawl: the downloader, its middlewares and its per-host slots.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.failures import site_error
from crawler.pace import ASKS_TO_WAIT, wait_asked
from crawler.reading.obstacle import find_obstacle
from crawler.tap import META, ROBOTS
from foundation.errors import (
    BlockedError,
    GoneError,
    MissingError,
    RefusedError,
    UnreachableError,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archive.exchange import Exchange, Rendering
    from sources.model import Limits


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """What came: decoded body, headers by lower-case name, final address after redirects.

    `is_unmodified` is a 304: no body, nothing to capture. With a `rendering`, body is what a
    browser drew, while status and headers are the document's; its validators say nothing then.
    `robots` is how the robots.txt was had that allowed it.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    exchanges: tuple[Exchange, ...]
    rendering: Rendering | None = None
    robots: Exchange | None = None

    @property
    def is_unmodified(self) -> bool:
        return self.status == 304

    @property
    def etag(self) -> str | None:
        return None if self.rendering else self.headers.get("etag")

    @property
    def last_modified(self) -> str | None:
        return None if self.rendering else self.headers.get("last-modified")

    @property
    def media_type(self) -> str:
        """`text/html`; empty when the server said nothing."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    @property
    def charset(self) -> str | None:
        """The charset that HTTP declared, as written. What was drawn is not in it."""
        if self.rendering:
            return None
        _, found, rest = self.headers.get("content-type", "").lower().partition("charset=")
        return rest.partition(";")[0].strip(" \"'") or None if found else None


class Fetch(Protocol):
    """How a walk asks for a page."""

    async def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        """Ask, conditionally when a validator is given.

        Raises:
            SiteError: no page came; the kind says how the poll ends if it was the list page.
        """


class Fetcher:
    """Fetch for one source, on the downloader of a running crawl."""

    def __init__(self, crawler: Crawler, limits: Limits) -> None:
        self._crawler = crawler
        self._meta: dict[str, object] = {}
        if limits.timeout is not None:
            self._meta["download_timeout"] = limits.timeout.total_seconds()
        if limits.size_bytes is not None:
            self._meta["download_maxsize"] = limits.size_bytes
        if limits.delay is not None:
            self._meta["kanliu_delay"] = limits.delay
        self.requests = 0

    async def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        conditional = conditions(etag, last_modified)
        answer = await self.ask(url, headers=conditional, exchanges=[])
        judge_answer(answer, is_conditional=bool(conditional))
        return answer

    async def ask(
        self,
        url: str,
        *,
        exchanges: list[Exchange],
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
    ) -> Answer:
        """One request, redirects followed; what is exchanged is added to `exchanges`. Whatever the
        status, it is an answer.

        Raises:
            SiteError: none came.
        """
        self.requests += 1
        try:
            request = Request(
                url,
                method=method,
                headers=dict(headers or {}),
                body=body,
                meta={**self._meta, META: exchanges},
                callback=NO_CALLBACK,
            )
            assert self._crawler.engine is not None
            response = await self._crawler.engine.download_async(request)
        except Exception as error:
            problem = site_error(error, url)
            if problem is None:
                raise
            raise problem from error
        return answer_of(response, tuple(exchanges), request.meta.get(ROBOTS))


def conditions(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """Conditional headers (RFC 9110 §13.1): a server that knows both looks at the ETag."""
    named = {"If-None-Match": etag, "If-Modified-Since": last_modified}
    return {name: value for name, value in named.items() if value}


def answer_of(
    response: Response, exchanges: tuple[Exchange, ...], robots: Exchange | None = None
) -> Answer:
    """A Scrapy response as a value."""
    headers = {
        name.decode("latin-1").lower(): b", ".join(values).decode("latin-1")
        for name, values in dict.items(response.headers)
    }
    return Answer(
        url=response.url,
        status=response.status,
        headers=headers,
        body=response.body,
        exchanges=exchanges,
        robots=robots,
    )


def judge_answer(answer: Answer, *, is_conditional: bool = False) -> None:
    """Raise what an answer means when it is not the page that was asked for. A 304 is one only
    where it was asked whether the page had changed: else it is no page, and would be kept as an
    empty one (a broken cache sends it)."""
    host = urlsplit(answer.url).netloc
    if answer.is_unmodified and is_conditional:
        return
    if answer.body:
        obstacle = find_obstacle(
            answer.body, url=answer.url, status=answer.status, headers=answer.headers
        )
        if obstacle is not None and (answer.status == 200 or obstacle.kind != "error"):
            kind = MissingError if obstacle.kind == "error" else BlockedError
            raise kind(f"{answer.url}: {obstacle.reason}")
    match answer.status:
        case 200:
            return
        case 400 | 422 if b"<OAI-PMH" in answer.body[:2_000]:
            return  # Invenio answers so where no record matches; what it says is read there
        case 410:
            raise GoneError(f"{answer.url} is gone for good (410)")
        case 404:
            raise MissingError(f"{answer.url} was not found (404)")
        case 401 | 403 | 451:
            raise RefusedError(f"{host} refuses {answer.url} ({answer.status})")
        case status if status in ASKS_TO_WAIT:
            raise UnreachableError(
                f"{host} asks to wait ({status})",
                retry_after=wait_asked(answer.headers, datetime.now(UTC)),
            )
        case status:
            raise UnreachableError(f"{answer.url} answered {status}")

"""Fetch for a source whose pages a script draws: the document is asked for like any page, then the
browser draws it, and what its scripts ask for is asked for like any page too: by name and contact,
past the guard and robots.txt, at the host's pace, with the same limits.

The answer holds what was drawn, and the exchanges that it was drawn from. Nothing is asked
conditionally: an unchanged document says nothing about the data behind it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urlsplit

from archive.exchange import Rendering
from crawler.addon import kanliu_settings
from crawler.fetch import Fetcher, judge_answer
from crawler.normalise.url import is_same_site
from crawler.pace import ASKS_TO_WAIT
from crawler.visit import Part
from foundation.errors import SiteError, UnreachableError

if TYPE_CHECKING:
    from typing import Literal

    from scrapy.crawler import Crawler

    from archive.exchange import Exchange
    from crawler.browser import Browser
    from crawler.fetch import Answer
    from crawler.visit import Drawn, Wanted
    from sources.model import Limits

#: What a browser draws; anything else (a PDF, a feed) is read as it came.
DRAWN_TYPES = frozenset({"text/html", "application/xhtml+xml"})
#: Request headers that are ours to say, or that would carry a session.
OURS = frozenset(
    ("user-agent", "host", "cookie", "content-length", "connection", "accept-encoding",
     "accept-language", "upgrade-insecure-requests", "if-none-match", "if-modified-since")
)  # fmt: skip
#: The scripts of a site are the same on all its pages: asked for once a poll, up to this much.
SCRIPTS_BYTES = 16 * 1024 * 1024


@dataclass(kw_only=True, slots=True)
class Parts:
    """What one page asked for: what was exchanged, and what it did not get, with the reason."""

    exchanges: list[Exchange] = field(default_factory=list)
    lost: list[tuple[str, SiteError]] = field(default_factory=list)


class RenderingFetcher(Fetcher):
    """Fetch for one source, during one poll."""

    def __init__(
        self, crawler: Crawler, limits: Limits, *, browser: Browser, encoding: str | None = None
    ) -> None:
        """`encoding` is the operator's word, by which readers will decode what is drawn."""
        super().__init__(crawler, limits)
        settings = kanliu_settings(crawler.settings)
        self._browser = browser
        self._encoding = encoding or "utf-8"
        self._timeout = limits.timeout or settings.timeout
        self._letters = limits.size_bytes or settings.size_bytes
        self._redirects = settings.redirects
        self._scripts: dict[str, tuple[Part, tuple[Exchange, ...]]] = {}
        self._scripts_bytes = 0

    async def __call__(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        """Ask for a page and let it be drawn. Validators are not sent."""
        exchanges: list[Exchange] = []
        for _ in range(self._redirects + 1):
            document = await self.ask(url, exchanges=exchanges)
            if document.status != 200 or not is_drawn(document):
                judge_answer(document)
                return document
            parts = Parts()
            drawn = await self._draw(document, url, parts)
            if drawn.moved is None:
                judge_parts(document.url, parts)
                answer = self._answer(document, drawn, parts)
                judge_answer(answer)
                return answer
            url = drawn.moved
        # A challenge sets a cookie and loads itself again; we keep no cookie.
        judge_answer(document)
        raise UnreachableError(f"{url}: its scripts redirect without end")

    async def _draw(self, document: Answer, url: str, parts: Parts) -> Drawn:
        async def ask(wanted: Wanted) -> Part:
            return await self._ask_part(wanted, parts)

        fragment = urlsplit(url).fragment
        address = urldefrag(document.url).url + (f"#{fragment}" if fragment else "")
        return await self._browser.draw(
            Part(
                url=address,
                status=document.status,
                headers={"content-type": "text/html", **document.headers},
                body=document.body,
            ),
            ask=ask,
            timeout=self._timeout,
            letters=self._letters,
        )

    async def _ask_part(self, wanted: Wanted, parts: Parts) -> Part:
        """What a page asked for, with the status that it has."""
        is_script = wanted.kind == "script" and wanted.method == "GET"
        if is_script and wanted.url in self._scripts:
            # Captured with this page too, as a revisit: without its scripts a copy of it is empty.
            script, exchanges = self._scripts[wanted.url]
            parts.exchanges += exchanges
            return script
        before = len(parts.exchanges)
        try:
            answer = await self.ask(
                wanted.url,
                method=wanted.method,
                headers={name: text for name, text in wanted.headers.items() if is_theirs(name)},
                body=wanted.body,
                exchanges=parts.exchanges,
            )
            if answer.status in ASKS_TO_WAIT or answer.status >= 500:
                judge_answer(answer)
        except SiteError as error:
            parts.lost.append((wanted.url, error))
            raise
        part = Part(url=wanted.url, status=answer.status, headers=answer.headers, body=answer.body)
        if is_script and self._scripts_bytes + len(part.body) <= SCRIPTS_BYTES:
            self._scripts[wanted.url] = part, tuple(parts.exchanges[before:])
            self._scripts_bytes += len(part.body)
        return part

    def _answer(self, document: Answer, drawn: Drawn, parts: Parts) -> Answer:
        rendering = Rendering(
            at=datetime.now(UTC),
            body=drawn.text.encode("utf-8", "xmlcharrefreplace"),
            software=drawn.software,
            parts=tuple(parts.exchanges),
        )
        return replace(
            document,
            url=drawn.url,
            body=drawn.text.encode(self._encoding, "xmlcharrefreplace"),
            rendering=rendering,
        )


def fetcher_for(
    crawler: Crawler,
    limits: Limits,
    *,
    browser: Browser,
    render: Literal["plain", "browser"],
    encoding: str | None,
) -> Fetcher:
    """What asks for the pages of a source, as its file says that they are to be read."""
    if render == "browser":
        return RenderingFetcher(crawler, limits, browser=browser, encoding=encoding)
    return Fetcher(crawler, limits)


def judge_parts(url: str, parts: Parts) -> None:
    """Raise where a page lacks a part from its own site: what is drawn then is a shell without its
    article, and would be read as one. A dead counter or widget of others is no such matter, nor is
    a 404, which is an answer."""
    for lost, error in parts.lost:
        if is_same_site(url, lost):
            raise type(error)(
                f"{url}: a part of the page could not be had: {error}",
                retry_after=error.retry_after,
            )


def is_drawn(document: Answer) -> bool:
    """Whether a browser would show it as a page."""
    if document.media_type:
        return document.media_type in DRAWN_TYPES
    return document.body.lstrip()[:1] == b"<"


def is_theirs(name: str) -> bool:
    """Whether a header of a script's request is sent on."""
    return name.lower() not in OURS and not name.lower().startswith(("sec-", "proxy-"))

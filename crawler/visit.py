"""One page in the browser: what it may ask for, when it is done, and what it drew.

The document is given, not fetched. Scripts and data are asked of whoever gave it; pictures, fonts,
frames, sockets, counters are not asked at all. A script that goes elsewhere ends the visit: the
new address is a page of its own, to be asked for as politely as the first.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from foundation.errors import SiteError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import timedelta

    from playwright.async_api import BrowserContext, Page, Request, Route

log = logging.getLogger(__name__)

#: What a page's words can come from.
ASKED = frozenset({"script", "xhr", "fetch"})
METHODS = frozenset({"GET", "POST"})
#: Hosts that count visitors, in the journals' part of the web; they never carry an article.
COUNTERS = (
    "hm.baidu.com", "cnzz.com", "51.la", "umeng.com", "google-analytics.com",
    "googletagmanager.com", "doubleclick.net", "clarity.ms", "busuanzi.ibruce.info",
)  # fmt: skip
#: A page is drawn when it has waited for nothing this long.
QUIET_SECONDS = 0.5
LOOK_SECONDS = 0.1
#: What one page may ask for and be given; what it wants beyond is not asked. A portal of 2026 has
#: some twenty scripts; one that asks on a timer comes to its end here.
ASKS_MOST = 60
BYTES_MOST = 32 * 1024 * 1024
#: In all, however lively: a page with ASKS_MOST requests at the default pace takes a minute.
PAGE_SECONDS = 120.0
#: Response headers that belong to the wire, or would carry something to the next page.
DROPPED = frozenset(
    ("content-encoding", "content-length", "transfer-encoding", "connection", "keep-alive",
     "set-cookie", "alt-svc", "link", "strict-transport-security", "report-to", "nel")
)  # fmt: skip

# Runs in a world of its own, where the page's scripts cannot change what these words mean. What
# stands in <noscript> is for browsers that are none, and reads like a challenge.
_TAKE = """(() => {{
  const root = document.documentElement.cloneNode(true);
  for (const each of root.querySelectorAll("noscript")) each.remove();
  const text = root.outerHTML;
  return text.length > {letters} ? null : "<!DOCTYPE html>\\n" + text;
}})()"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """The document, or something that a page asked for: decoded body, lower-case header names."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Wanted:
    """What a page asks for, in its own words."""

    url: str
    kind: str
    method: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Drawn:
    """What came of a page: the text of its document and the address that it shows; or the address
    that a script sent us on to."""

    url: str
    text: str
    software: str
    moved: str | None = None


#: Asks for what a page wants; raises SiteError where it gets nothing.
Ask = Callable[[Wanted], Awaitable[Part]]


class Visit:
    """One page, from its document to what was drawn. Used once."""

    def __init__(self, document: Part, *, ask: Ask, timeout: timedelta, letters: int) -> None:
        self._document = document
        self._ask = ask
        self._seconds = timeout.total_seconds()
        self._letters = letters
        self._page: Page | None = None
        self._progress = asyncio.get_running_loop().time()
        self._is_given = False
        self._is_ended = False
        self._moved: str | None = None
        self._broken: Exception | None = None
        self._asking: dict[asyncio.Task[Part], str] = {}
        self._asked = 0
        self._bytes = 0
        self._failed: list[str] = []

    async def draw(self, context: BrowserContext) -> Drawn:
        """Load the document in a fresh context and take down what is there when it is quiet.

        Raises:
            UnreachableError: not in time, or too large.
            playwright's Error: the page or the browser has ended.
        """
        try:
            async with asyncio.timeout(PAGE_SECONDS):
                return await self._draw(context)
        except TimeoutError:
            raise self._too_slow(PAGE_SECONDS) from None

    def end(self) -> None:
        """Ask for nothing more, and wait for nothing: what is on its way ends by its time-out."""
        self._is_ended = True
        for task in self._asking:
            task.cancel()

    async def _draw(self, context: BrowserContext) -> Drawn:
        await context.route("**/*", self._answer)
        page = self._page = await context.new_page()
        crashed = asyncio.Event()
        page.on("crash", lambda _: crashed.set())
        # The time-outs here are ours: they count from the last thing that came.
        loading = asyncio.ensure_future(
            page.goto(self._document.url, wait_until="domcontentloaded", timeout=0)
        )
        try:
            while not (self._moved or (loading.done() and self._is_quiet())):
                if loading.done():
                    loading.result()
                self._check(is_crashed=crashed.is_set())
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            loading.cancel()
            await asyncio.wait({loading})
        software = f"Chromium/{context.browser.version if context.browser else '?'}"
        if self._moved:
            return Drawn(url=page.url, text="", software=software, moved=self._moved)
        text = await self._take(context, page)
        if urlsplit(page.url).scheme not in ("http", "https"):
            raise UnreachableError(f"{self._document.url}: its scripts left it for {page.url[:80]}")
        self._tell()
        return Drawn(url=page.url, text=text, software=software)

    def _check(self, *, is_crashed: bool) -> None:
        if self._broken is not None:
            raise self._broken
        if is_crashed:
            raise UnreachableError(f"{self._document.url}: the page ended the browser's process")
        # What is being asked for has a time-out of its own, and may have to wait for its turn.
        if not self._asking and self._now() - self._progress > self._seconds:
            raise self._too_slow(self._seconds)

    def _is_quiet(self) -> bool:
        return not self._asking and self._now() - self._progress >= QUIET_SECONDS

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    def _too_slow(self, seconds: float) -> UnreachableError:
        waits = next(iter(self._asking.values()), "its own scripts")
        return UnreachableError(
            f"{self._document.url}: the page was not drawn within {seconds:.0f} s (waiting for "
            f"{waits}). Give the source a longer timeout below [limits] if it needs one"
        )

    async def _take(self, context: BrowserContext, page: Page) -> str:
        """What is drawn. A script that never ends would hold this up as well."""
        try:
            async with asyncio.timeout(self._seconds):
                session = await context.new_cdp_session(page)
                tree = await session.send("Page.getFrameTree")
                world = await session.send(
                    "Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]}
                )
                found: dict[str, Any] = await session.send(
                    "Runtime.evaluate",
                    {
                        "expression": _TAKE.format(letters=self._letters),
                        "contextId": world["executionContextId"],
                        "returnByValue": True,
                    },
                )
        except TimeoutError:
            raise self._too_slow(self._seconds) from None
        text = found["result"].get("value")
        if not isinstance(text, str):
            raise UnreachableError(f"{self._document.url}: what was drawn is larger than the limit")
        return text

    async def _answer(self, route: Route, request: Request) -> None:
        """Playwright's handler: every request that the page makes, but for redirects' second
        legs, which there are none of: redirects are followed outside."""
        from playwright.async_api import Error

        try:
            match request.resource_type:
                case "document":
                    await self._answer_document(route, request)
                case "stylesheet":
                    # Some loaders wait for the styles of a page; what they say is of no use.
                    await route.fulfill(status=200, content_type="text/css", body="")
                case kind if kind in ASKED and self._may_ask(request):
                    await self._answer_part(route, request)
                case _:
                    await route.abort()
        except Error:
            return  # the page has gone meanwhile; whoever waits for it is told there

    async def _answer_document(self, route: Route, request: Request) -> None:
        is_page = self._is_page(request)
        if is_page and not self._is_given:
            self._is_given = True
            await self._give(route, self._document)
            return
        if is_page and request.method == "GET" and self._moved is None:
            self._moved = request.url
        await route.abort()  # frames and pop-ups: what is in them is not read

    def _is_page(self, request: Request) -> bool:
        from playwright.async_api import Error

        try:
            return self._page is not None and request.frame == self._page.main_frame
        except Error:  # a pop-up has no frame yet
            return False

    async def _answer_part(self, route: Route, request: Request) -> None:
        wanted = Wanted(
            url=request.url,
            kind=request.resource_type,
            method=request.method,
            headers=request.headers,
            body=request.post_data_buffer or b"",
        )
        self._asked += 1
        task = asyncio.ensure_future(self._ask(wanted))
        self._asking[task] = wanted.url
        try:
            part = await task
        except asyncio.CancelledError:
            if not self._is_ended:
                raise
            return
        except SiteError as error:
            self._failed.append(str(error))
            await route.abort()
            return
        except Exception as error:  # noqa: BLE001 - a bug: raised in _check, where the page is waited for
            self._broken = error
            return
        finally:
            del self._asking[task]
            self._progress = self._now()
        self._bytes += len(part.body)
        await self._give(route, part)

    def _may_ask(self, request: Request) -> bool:
        host = urlsplit(request.url).hostname or ""
        if any(host == each or host.endswith("." + each) for each in COUNTERS):
            return False
        is_modest = self._asked < ASKS_MOST and self._bytes < BYTES_MOST
        if not is_modest:
            self._failed.append(f"{request.url[:300]}: the page asks for too much")
        return is_modest and request.method in METHODS and not self._is_ended

    async def _give(self, route: Route, part: Part) -> None:
        headers = {name: text for name, text in part.headers.items() if name not in DROPPED}
        await route.fulfill(status=part.status, headers=headers, body=part.body)

    def _tell(self) -> None:
        """A line where a page did not get what it asked for: it may look empty for that."""
        if self._failed:
            log.warning(
                "page drawn without all its parts url=%s asked=%d failed=%d first=%r",
                self._document.url,
                self._asked,
                len(self._failed),
                self._failed[0],
            )

"""The browser's process: Debian's Chromium through Playwright (an extra, not imported before a
source asks for it), begun with the first page, ended when none comes. Knows nothing of journals.

It never reaches the network by itself. What a page wants is handed to whoever gave the page in
(visit.py), and whatever would go another way (the second leg of a redirect, a socket, a prefetch, a
worker) ends at a proxy that is nowhere, and no name resolves. So it need not be kept away from
private addresses: docs/decisions/2026-11-25-pages-drawn-by-scripts.md.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from crawler.visit import Visit
from foundation.errors import SourceError, UnreachableError
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext

    from crawler.visit import Ask, Drawn, Part
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: How the reason of a poll begins that only the operator can help.
NO_BROWSER = "no browser to draw this journal's pages: "
#: Debian's first; the headless shell needs less memory where that package exists.
PROGRAMS = ("chromium", "chromium-headless-shell", "chromium-browser", "google-chrome-stable")
#: Each page is a process of 100 to 200 MB (docs/pages-that-need-javascript.md).
PAGES_MOST = 2
#: A poll of one journal keeps it warm; the next journal may be an hour away.
IDLE = timedelta(minutes=3)
#: A cold start took 1 s, on a loaded machine 6 s.
START_SECONDS = 20.0
#: What closing may take before the process is killed: it is within the 10 s of a stop.
CLOSE_SECONDS = 2.0
#: What a killed process may take until it is gone: nearly nothing, but on a loaded machine.
KILL_SECONDS = 5.0
#: A script that wants more than this is no journal's.
HEAP_MIB = 512

FLAGS = (
    # Requests that are not answered here go to a proxy whose name leads nowhere, loopback too.
    "--proxy-server=http://nowhere.invalid:9",
    "--proxy-bypass-list=<-loopback>",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    # What does not ask a proxy: datagrams.
    "--disable-quic",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    # Nothing is painted for anybody.
    "--disable-gpu",
    "--disable-software-rasterizer",
    f"--js-flags=--max-old-space-size={HEAP_MIB}",
)
#: What the browser is given of our environment: no KANLIU_DATABASE, no password.
ENVIRONMENT = ("PATH", "HOME", "TMPDIR", "LANG", "TZ")
#: Ways to a network that are no requests. The flags close them; a page need not even try.
NO_SOCKETS = """for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection",
"RTCDataChannel", "WebTransport", "WebSocket", "EventSource"]) delete globalThis[name];"""


def find_program(settings: Settings) -> Path | None:
    """The browser's program: as set, or the first that is installed."""
    if settings.browser is not None:
        return settings.browser if os.access(settings.browser, os.X_OK) else None
    found = filter(None, map(shutil.which, PROGRAMS))
    return next(map(Path, found), None)


def find_lack(settings: Settings) -> str | None:
    """What must be installed or set before a page can be drawn; None when all is there."""
    if find_spec("playwright") is None:
        return f"install the extra: {sys.executable} -m pip install 'kanliu[browser]'"
    if find_program(settings) is not None:
        return None
    if settings.browser is not None:
        return f"the setting browser names {settings.browser}, which is no program"
    return "install Chromium: apt-get install chromium, or name another in the setting browser"


def without_browser(sources: Sequence[Source], settings: Settings) -> list[SourceError]:
    """The sources that want a browser where there is none, each with what to do."""
    lack = find_lack(settings) if any(each.render == "browser" for each in sources) else None
    return [
        SourceError(f'"browser" cannot be had here; {lack}', file=each.file, key="render")
        for each in sources
        if lack is not None and each.render == "browser"
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Running:
    """A browser and the driver between it and us."""

    manager: Any
    driver: Any
    chromium: Chromium


class Browser:
    """At most one browser process, begun with the first page, ended when no page has come for a
    while. A page that ends it is unreachable, and the next page begins a new one."""

    def __init__(self, settings: Settings, *, idle: timedelta = IDLE) -> None:
        self._settings = settings
        self._idle = idle
        self._running: asyncio.Task[_Running] | None = None
        self._choosing = asyncio.Lock()
        self._turns = asyncio.Semaphore(PAGES_MOST)
        self._pages = 0
        self._is_closed = False
        self._rest: asyncio.Task[None] | None = None

    async def draw(self, document: Part, *, ask: Ask, timeout: timedelta, letters: int) -> Drawn:
        """Let the scripts of a page run until it is quiet, and take down what they drew. A new
        profile for each page: nothing is carried from one to another. `letters` is the most that
        may be drawn.

        Raises:
            UnreachableError: it was not drawn in time, is too large, or ended the browser.
        """
        lack = find_lack(self._settings)
        if lack is not None:
            raise UnreachableError(NO_BROWSER + lack)
        from playwright.async_api import Error

        self._pages += 1
        try:
            async with self._turns:
                chromium = await self._started()
                visit = Visit(document, ask=ask, timeout=timeout, letters=letters)
                return await self._visit(chromium, visit)
        except Error as error:
            # Playwright does not always see that the browser has gone, so it is begun anew.
            await self._end()
            words = one_line(str(error))[:200]
            raise UnreachableError(
                f"{document.url}: the browser ended while it drew the page ({words}); "
                "the next visit begins a new one"
            ) from error
        finally:
            self._pages -= 1
            if not self._pages:
                self._rest_after_a_while()

    async def close(self) -> None:
        """End the browser for good, by force if it does not end by itself."""
        self._is_closed = True
        rest, self._rest = self._rest, None
        if rest is not None:
            # It may be ending the browser just now, and is let finish that.
            rest.cancel()
            await asyncio.wait({rest})
        await self._end()

    async def _end(self) -> None:
        running, self._running = self._running, None
        if running is not None:
            await end(running)

    async def _started(self) -> Chromium:
        async with self._choosing:
            if self._is_closed:
                raise UnreachableError("the browser is being closed")
            if self._running is not None and is_over(self._running):
                await self._end()
            if self._running is None:
                self._running = asyncio.ensure_future(start(self._settings))
            running = self._running
        # A poll that is cancelled meanwhile leaves the browser to the next one.
        return (await asyncio.shield(running)).chromium

    async def _visit(self, chromium: Chromium, visit: Visit) -> Drawn:
        context: BrowserContext | None = None
        try:
            context = await chromium.new_context(
                user_agent=self._settings.user_agent,
                locale="zh-CN",  # as crawler.settings asks for pages
                service_workers="block",
                accept_downloads=False,
            )
            await context.add_init_script(NO_SOCKETS)
            return await visit.draw(context)
        finally:
            visit.end()
            if context is not None:
                await self._leave(context)

    async def _leave(self, context: BrowserContext) -> None:
        """Close a page's profile; a browser that does not is ended with all its pages."""
        from playwright.async_api import Error

        try:
            async with asyncio.timeout(CLOSE_SECONDS):
                await context.close()
        except Error:
            pass  # it has ended by itself
        except TimeoutError:
            log.warning("browser does not answer; ended")
            await self._end()

    def _rest_after_a_while(self) -> None:
        if self._rest is not None:
            self._rest.cancel()
        if self._is_closed:
            return
        self._rest = asyncio.ensure_future(self._close_when_idle())

    async def _close_when_idle(self) -> None:
        await asyncio.sleep(self._idle.total_seconds())
        async with self._choosing:
            if self._pages or self._running is None:
                return
            await self._end()
        log.info("browser closed idle_seconds=%.0f", self._idle.total_seconds())


async def start(settings: Settings) -> _Running:
    """Start the driver and the browser.

    Raises:
        UnreachableError: it did not start; the words are for the operator.
    """
    from playwright.async_api import Error, async_playwright

    program = find_program(settings)
    manager = async_playwright()
    try:
        async with asyncio.timeout(START_SECONDS):
            driver = await manager.start()
            # Nobody else asks how the driver's pipe ended, and asyncio would complain of that.
            pipe_of(manager).on_error_future.add_done_callback(lambda end: end.exception())
            chromium = await driver.chromium.launch(
                executable_path=program,
                args=list(FLAGS),
                ignore_default_args=["--disable-popup-blocking"],
                # Pages are strangers' programs: they run in Chromium's sandbox. It refuses to
                # start as root.
                chromium_sandbox=os.geteuid() != 0,
                env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
                # A signal is ours: polls end first, and then the browser.
                handle_sigint=False,
                handle_sigterm=False,
                handle_sighup=False,
            )
    except BaseException as error:
        await kill(manager)
        if isinstance(error, Error | TimeoutError | OSError):
            raise UnreachableError(
                f"{NO_BROWSER}{program} did not start: {why_of(error)}"
            ) from error
        raise
    log.info("browser started program=%s version=%s", program, chromium.version)
    return _Running(manager=manager, driver=driver, chromium=chromium)


def why_of(error: Exception) -> str:
    """Why the browser did not start: its own last words, out of Playwright's pages of log."""
    lines = str(error).splitlines() or [f"no sign of life in {START_SECONDS:.0f} s"]
    said = [line.partition("[err] ")[2] for line in lines if "[err] " in line]
    fatal = [line for line in said if ":FATAL:" in line]
    return one_line((fatal or said or lines)[0])[:300]


async def end(starting: asyncio.Task[_Running]) -> None:
    """End a browser and its driver in CLOSE_SECONDS, or kill them. Nothing is left behind: the
    browser goes when the pipe to its driver closes."""
    from playwright.async_api import Error

    if not starting.done():
        starting.cancel()
    await asyncio.wait({starting})
    if starting.cancelled() or starting.exception() is not None:
        return
    running = starting.result()
    try:
        async with asyncio.timeout(CLOSE_SECONDS):
            with suppress(Error):  # it has ended by itself
                await running.chromium.close()
            await running.driver.stop()
    except TimeoutError:
        log.warning("browser killed: it did not end in %.0f s", CLOSE_SECONDS)
    finally:
        await kill(running.manager)


async def kill(manager: Any) -> None:
    """Kill the driver if it still runs; return when it is gone."""
    process = getattr(pipe_of(manager), "_proc", None)
    if process is not None and process.returncode is None:
        with suppress(ProcessLookupError):
            process.kill()
        await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=KILL_SECONDS)


def pipe_of(manager: Any) -> Any:
    """What holds the driver's process; None before it runs. Playwright does not show it; its
    version is pinned, and tests/crawler/test_browser.py would see this break."""
    return getattr(getattr(manager, "_client", None), "_transport", None)


def is_over(running: asyncio.Task[_Running]) -> bool:
    """Whether a browser did not start, or has ended."""
    if not running.done():
        return False
    if running.cancelled() or running.exception() is not None:
        return True
    return not running.result().chromium.is_connected()

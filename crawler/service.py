"""One long-lived Scrapy crawl that polls are fed into, so that sources on one host share its slot
and no poll pays for starting a crawler (17.5 ms a poll against 9; DESIGN.md)."""

from __future__ import annotations

import asyncio
import logging
from signal import SIG_DFL, SIGINT, SIGTERM, Signals, signal
from typing import TYPE_CHECKING, Any, TypeVar

from scrapy import Spider, signals
from scrapy.crawler import AsyncCrawlerRunner, Crawler
from scrapy.settings import Settings as ScrapySettings
from scrapy.utils.reactor import install_reactor, is_reactor_installed

import crawler.settings as scrapy_defaults
from crawler.addon import KEY
from crawler.browser import Browser
from crawler.guard import GuardedResolver
from crawler.render import fetcher_for
from crawler.wire import handlers

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine
    from typing import Literal

    from crawler.fetch import Fetcher
    from foundation.settings import Settings
    from sources.model import Limits

log = logging.getLogger(__name__)
T = TypeVar("T")

ASYNCIO_REACTOR = "twisted.internet.asyncioreactor.AsyncioSelectorReactor"
#: How long a stop waits for downloads in flight: a tarpit could hold it up to the time-out.
GRACE_SECONDS = 3.0


class ServiceSpider(Spider):
    """Holds the crawl open. It asks for nothing itself: polls use the crawl's downloader."""

    name = "kanliu"

    async def start(self) -> AsyncIterator[Any]:
        """Never ends by itself; cancelled when the crawl is stopped."""
        await asyncio.Event().wait()
        yield None  # pragma: no cover - makes this an async generator


class Crawl:
    """The long-lived crawl: `async with Crawl(settings) as crawl: await crawl.fetcher(…)(url)`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._crawler: Crawler | None = None
        self._crawl: asyncio.Task[None] | None = None
        self._browser = Browser(settings)

    async def __aenter__(self) -> Crawl:
        runner = AsyncCrawlerRunner(service_settings(self._settings))
        self._crawler = runner.create_crawler(ServiceSpider)
        opened = asyncio.Event()
        self._crawler.signals.connect(opened.set, signals.spider_opened, weak=False)
        if self._settings.reactor:
            from twisted.internet import reactor

            installed: Any = reactor
            GuardedResolver.from_crawler(self._crawler, installed).install_on_reactor()
        self._crawl = asyncio.ensure_future(self._crawler.crawl_async())
        waiting = asyncio.ensure_future(opened.wait())
        await asyncio.wait({waiting, self._crawl}, return_when=asyncio.FIRST_COMPLETED)
        if self._crawl.done():
            waiting.cancel()
            await self._crawl
        return self

    async def __aexit__(self, *exc_info: object) -> None:
        assert self._crawler is not None
        assert self._crawl is not None
        closing = asyncio.ensure_future(self._browser.close())
        try:
            await asyncio.wait_for(self._crawler.stop_async(), GRACE_SECONDS)
        except TimeoutError:
            log.warning("downloads left behind seconds=%.0f", GRACE_SECONDS)
        self._crawl.cancel()
        await asyncio.wait({self._crawl})
        await closing

    def fetcher(
        self,
        limits: Limits,
        *,
        render: Literal["plain", "browser"] = "plain",
        encoding: str | None = None,
    ) -> Fetcher:
        """What asks for pages on behalf of one source, in one poll."""
        assert self._crawler is not None, "use `async with Crawl(…)`"
        return fetcher_for(
            self._crawler, limits, browser=self._browser, render=render, encoding=encoding
        )


def service_settings(settings: Settings) -> ScrapySettings:
    """Scrapy's settings for the service: crawler.settings, and what only a service needs."""
    ours = ScrapySettings()
    ours.setmodule(scrapy_defaults, priority="project")
    ours.set(KEY, settings, priority="cmdline")
    for name, value in {
        "TWISTED_REACTOR_ENABLED": settings.reactor,
        "TWISTED_REACTOR": ASYNCIO_REACTOR,
        "LOG_ENABLED": False,  # scheduler.py sets logging up
        # The service knows its sources; nothing is crawled by name.
        "SPIDER_LOADER_CLASS": "scrapy.spiderloader.DummySpiderLoader",
        "ITEM_PIPELINES": {},
        # Nobody reads the counters of a crawl that never ends: the store counts, poll by poll.
        "STATS_CLASS": "scrapy.statscollectors.DummyStatsCollector",
        "DOWNLOADER_STATS": False,
        # Slots limit each host; polls are limited by the settings' `concurrency`.
        "CONCURRENT_REQUESTS": 0,
    }.items():
        ours.set(name, value, priority="cmdline")
    if not settings.reactor:
        ours.set("DOWNLOAD_HANDLERS", handlers(reactor=False), priority="cmdline")
    return ours


def run_loop(main: Callable[[], Coroutine[Any, Any, T]], *, reactor: bool) -> T:
    """Run a coroutine function to its end on the loop that Scrapy needs.

    SIGINT and SIGTERM cancel it, so that it closes what it has open; `main` may take them over
    on its loop. With the reactor, the loop is Twisted's asyncio reactor; it can run once in a
    process.

    Raises:
        SystemExit: a signal ended it; the code is 128 and its number, as a shell says it.
    """
    told: list[int] = []
    try:
        if reactor:
            return _run_on_reactor(lambda: _until_told(main, told))
        return asyncio.run(_until_told(main, told))
    except asyncio.CancelledError:
        if not told:
            raise
        raise SystemExit(128 + told[0]) from None


async def _until_told(main: Callable[[], Coroutine[Any, Any, T]], told: list[int]) -> T:
    """Run `main`; the first signal cancels it, a second one ends the process as it stands."""
    loop = asyncio.get_running_loop()
    task = asyncio.ensure_future(main())

    def tell(number: int) -> None:
        log.info("stopping signal=%s", Signals(number).name)
        told.append(number)
        task.cancel()
        end_at_once(loop, number)

    for number in (SIGINT, SIGTERM):
        loop.add_signal_handler(number, tell, number)
    try:
        return await task
    finally:
        for number in (SIGINT, SIGTERM):
            loop.remove_signal_handler(number)


def end_at_once(loop: asyncio.AbstractEventLoop, number: int) -> None:
    """From now on a signal ends the process. Not by KeyboardInterrupt: that leaves the reactor,
    and then its threads are waited for without end."""
    loop.remove_signal_handler(number)
    signal(number, SIG_DFL)


def _run_on_reactor(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    if not is_reactor_installed():
        install_reactor(ASYNCIO_REACTOR)
    from twisted.internet import reactor as global_reactor

    installed: Any = global_reactor

    ended: list[asyncio.Task[T]] = []

    def begin() -> None:
        task = asyncio.ensure_future(main())
        task.add_done_callback(lambda _: installed.callLater(0, installed.stop))
        ended.append(task)

    installed.callWhenRunning(begin)
    installed.run(installSignalHandlers=False)
    return ended[0].result()

"""The service: one APScheduler tick asks "who is due?", polls, publishes; runs the web pages too.

`python scheduler.py` is `kanliu run`. What a poll does is crawler's matter, when it is due
archive's, what is published feeds'. This puts them together and owns the process.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from crawler.service import end_at_once
from foundation.errors import StoreError
from house.keeping import now, open_store
from house.rooms import open_house
from house.visits import is_broken
from sources.read import SourceReader

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.store import Store
    from foundation.settings import Settings
    from house.rooms import House
    from sources.model import Source
    from web.hub.hub import Hub

log = logging.getLogger("scheduler")

#: What is done when its event is set.
Job = tuple[asyncio.Event, Callable[[], Coroutine[Any, Any, object]]]

#: How long a stop waits for polls to write down what they hold; with the crawl's own grace it
#: stays within the 10 s that service managers allow.
STOP_SECONDS = 4.0


class Loop:
    """Keeps due sources polled until told to stop. The tick wakes it; it decides nothing."""

    def __init__(self, house: House, hub: Hub | None = None) -> None:
        self._house = house
        self._hub = hub
        self._running: dict[asyncio.Task[None], Source] = {}
        self._wake = asyncio.Event()
        self._refresh = asyncio.Event()
        self._publish = asyncio.Event()
        # What is done beside the polls, each when it is told; nobody waits for another.
        publications = house.publications
        self._jobs: list[Job] = [
            (self._refresh, self._refresh_sources),
            (self._publish, publications.publish_journals),
            # The feed of everything once for all that came since the last tick.
            (asyncio.Event(), publications.publish_common),
            (asyncio.Event(), publications.compress),
            (house.pings.woken, house.pings.tell_hubs),
            (asyncio.Event(), house.caretaker.tend),
            (asyncio.Event(), house.write_log),
            (asyncio.Event(), house.issues.follow),
        ]
        if hub is not None:
            self._jobs.append((hub.woken, hub.tell_subscribers))
        self._again: set[asyncio.Event] = set()
        self._failed: StoreError | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Poll and publish until `stop` is set; then end what runs and publish what is kept.

        Raises:
            StoreError: archive or disk failed: nothing more can be kept or published.
        """
        tick = AsyncIOScheduler()
        tick.add_job(
            self._ticked,
            "interval",
            seconds=self._house.settings.tick.total_seconds(),
            next_run_time=now(),
            coalesce=True,
            max_instances=1,
            misfire_grace_time=None,
        )
        tick.start()
        self._publish.set()  # what a crash may have left unpublished
        beside = {asyncio.ensure_future(self._when_told(*job)) for job in self._jobs}
        stopped = asyncio.ensure_future(stop.wait())
        try:
            while not stop.is_set() and self._failed is None:
                woken = asyncio.ensure_future(self._wake.wait())
                await asyncio.wait({woken, stopped}, return_when=asyncio.FIRST_COMPLETED)
                woken.cancel()
                self._wake.clear()
                if not stop.is_set():
                    await self._start_due()
        finally:
            tick.shutdown(wait=False)
            stopped.cancel()
            await self._end_polls()
            for job in beside:
                job.cancel()
            await asyncio.wait(beside)
            if self._hub is not None:
                await self._hub.close()
        await self._house.publications.publish()
        if self._failed is not None:
            raise self._failed

    def _ticked(self) -> None:
        publications = self._house.publications
        has_to_publish = publications.has_stale or publications.has_month_ended()
        for told, _ in self._jobs:
            if told is not self._publish or has_to_publish:
                told.set()
        for told in self._again:
            told.set()
        self._again.clear()
        self._wake.set()

    async def _start_due(self) -> None:
        """Costs what it starts: how many sources there are does not matter."""
        free = self._house.settings.concurrency - len(self._running)
        if free <= 0:
            return
        for source in await self._house.due(self._running.values(), free):
            task = asyncio.ensure_future(self._poll(source))
            self._running[task] = source
            task.add_done_callback(self._ended)

    async def _poll(self, source: Source) -> None:
        try:
            poll = await self._house.poll(source)
        except StoreError as error:
            log.error("archive failed source=%s error=%s", source.id, error)  # noqa: TRY400 - its words say it all
            self._failed = error
            return
        # What a broken poll had kept before it broke is not counted.
        if poll.new or poll.revised or poll.vanished or is_broken(poll):
            self._publish.set()

    def _ended(self, task: asyncio.Task[None]) -> None:
        """A place is free. A poll that could not even be written down is due still: the next
        tick is soon enough."""
        source = self._running.pop(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("poll broke source=%s", source.id, exc_info=task.exception())
            return
        self._wake.set()

    async def _when_told(
        self, told: asyncio.Event, job: Callable[[], Coroutine[Any, Any, object]]
    ) -> None:
        """Do a job beside the polls each time that it is told. Where disk or database refuse,
        all ends: a service that polls on and publishes nothing would look well. What a bug broke
        is tried again at the next tick."""
        while True:
            await told.wait()
            told.clear()
            try:
                await job()
            except StoreError as error:
                log.error("archive failed error=%s", error)  # noqa: TRY400 - its words say it all
                self._failed = error
                self._wake.set()
                return
            except Exception:
                log.exception("%s broke; tried again at the next tick", job.__name__.strip("_"))
                self._again.add(told)

    async def _refresh_sources(self) -> None:
        """Once a tick, apart from choosing who is due: it looks at every file; and whether somebody
        else changed what feeds show."""
        before = self._house.sources
        await self._house.refresh()
        if self._house.sources is not before:
            self._wake.set()
            self._publish.set()
        polled = {source.id for source in self._running.values()}
        if await self._house.publications.is_behind(polled):
            self._publish.set()

    async def _end_polls(self) -> None:
        """Cancel polls; what they have begun to write is written."""
        running = list(self._running)
        for task in running:
            task.cancel()
        if running:
            log.info("stopping polls=%d", len(running))
            await asyncio.wait(running, timeout=STOP_SECONDS)


async def run(settings: Settings, *, web: bool = True) -> None:
    """Poll, publish and serve until SIGTERM or SIGINT.

    Raises:
        DataLockedError, StoreError: see open_house.
    """
    stop = asyncio.Event()
    if settings.contact is None:
        log.warning("no contact set: a webmaster cannot reach you; set it in kanliu.toml")
    with stop_on_signals(stop):
        async with open_house(settings, "kanliu run") as house:
            if house.store.authority.endswith(".invalid"):
                log.warning(
                    "no public_url set at the first start: ids are minted under authority=%s",
                    house.store.authority,
                )
            await house.refresh()
            hub = open_hub(house) if settings.hub else None
            if hub is not None and "public_url" not in settings.origins:
                log.warning("a hub without public_url: only this machine can subscribe")
            jobs = [asyncio.ensure_future(Loop(house, hub).run(stop))]
            if web:
                jobs.append(asyncio.ensure_future(serve_pages(house, stop, hub)))
            try:
                await asyncio.gather(*jobs)
            finally:
                stop.set()
                await asyncio.wait(jobs)
    log.info("stopped")


async def serve_alone(settings: Settings) -> None:
    """Only the pages, until SIGTERM or SIGINT. Takes no lock: it writes nothing."""
    stop = asyncio.Event()
    if settings.hub:
        log.warning("no hub here: it delivers, so it needs kanliu run")
    shelf = Shelf(settings)
    with stop_on_signals(stop), open_store(settings) as store:
        following = asyncio.ensure_future(shelf.follow())
        try:
            await serve_app(settings, store, lambda: shelf.sources, stop)
        finally:
            following.cancel()
            await asyncio.wait({following})


class Shelf:
    """The sources for pages that are served beside whoever polls; read again at each tick."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._reader = SourceReader(settings.journals)
        self.sources = self._reader.read().sources

    async def follow(self) -> None:
        """Go on until cancelled. While the folder is away, the pages stay as they are."""
        while True:
            await asyncio.sleep(self._settings.tick.total_seconds())
            try:
                read = await asyncio.to_thread(self._reader.read)
            except Exception:
                log.exception("journals not read again; tried at the next tick")
                continue
            if self._settings.journals.is_dir():
                self.sources = read.sources


def open_hub(house: House) -> Hub:
    """Our own hub, told of what the house publishes."""
    from web.hub.endings import Endings
    from web.hub.hub import Hub

    hub = Hub(
        house.settings,
        house.store.subscriptions,
        endings=Endings(house.store, lambda: house.sources, house.settings, now),
        writes=house.writer,
        courier=house.courier,
        clock=now,
    )
    house.publications.listen(hub.note)
    return hub


async def serve_pages(house: House, stop: asyncio.Event, hub: Hub | None = None) -> None:
    """The web pages, in this process."""
    await serve_app(house.settings, house.store, lambda: house.sources, stop, hub)


async def serve_app(
    settings: Settings,
    store: Store,
    sources: Callable[[], Sequence[Source]],
    stop: asyncio.Event,
    hub: Hub | None = None,
) -> None:
    """Pages and published files on the settings' host and port."""
    from web.app import make_app
    from web.serve import serve

    app = make_app(settings, store, sources, hub)
    await serve(app, host=settings.host, port=settings.port, stop=stop)


class stop_on_signals:  # noqa: N801 - reads as a statement
    """Set an event on SIGTERM and SIGINT, in place of what run_loop does on them; a second one
    ends the process."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop

    def __enter__(self) -> None:
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._told, number)

    def _told(self, number: signal.Signals) -> None:
        log.info("stopping signal=%s", signal.Signals(number).name)
        end_at_once(asyncio.get_running_loop(), number)
        self._stop.set()

    def __exit__(self, *exc_info: object) -> None:
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().remove_signal_handler(number)


def set_up_logging(level: str) -> None:
    """One line an event on stderr; the journal or cron adds the rest. Libraries speak up only
    when something is wrong."""
    logging.basicConfig(
        format="%(asctime)s %(levelname)-7s %(name)s %(message)s", level=level, force=True
    )
    for name in (
        "apscheduler",
        "scrapy",
        "twisted",
        "asyncio",
        "uvicorn",
        "alembic",
        "trafilatura",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)


if __name__ == "__main__":
    from cli import main

    main(["run"])

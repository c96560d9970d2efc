"""A hub with its app on a real socket, in a thread of its own, over a clock that tests move."""

from __future__ import annotations

import asyncio
import socket
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive.store import Store
from archive.writer import Writer
from feeds.courier import Courier
from feeds.write import write_if_changed
from foundation.settings import Settings
from web.app import make_app
from web.hub.endings import Endings
from web.hub.hub import Hub
from web.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sources.model import Source

START = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)


@dataclass
class Clock:
    now: datetime = START

    def __call__(self) -> datetime:
        return self.now

    def pass_by(self, **span: float) -> None:
        self.now += timedelta(**span)


@dataclass
class RunningHub:
    """`hub.publish("magazine/atom.xml", b"…")`; its feeds are at `hub.url(…)`."""

    settings: Settings
    clock: Clock = field(default_factory=Clock)
    store: Store | None = None
    hub: Hub | None = None
    sources: tuple[Source, ...] = ()
    loop: asyncio.AbstractEventLoop = field(default_factory=asyncio.new_event_loop)

    @property
    def address(self) -> str:
        return f"{self.settings.public_url}/hub"

    def url(self, topic: str) -> str:
        return f"{self.settings.public_url}/{topic}"

    def publish(self, topic: str, body: bytes, *, is_told: bool = True) -> None:
        path = self.settings.public / topic
        assert write_if_changed(path, body)
        if is_told and self.hub:
            self.loop.call_soon_threadsafe(self.hub.note, [path])

    def tick(self, **span: float) -> None:
        """Let time pass, and wake the hub as the service's tick does."""
        self.clock.pass_by(**span)
        assert self.hub is not None
        self.loop.call_soon_threadsafe(self.hub.woken.set)

    def rest(self) -> None:
        """Return when nothing is under way: what has not happened by then does not."""
        assert self.hub is not None
        calm = 0
        while calm < 5:
            asyncio.run_coroutine_threadsafe(asyncio.sleep(0.02), self.loop).result(10)
            is_busy = bool(self.hub._running) or self.hub.woken.is_set()
            calm = 0 if is_busy else calm + 1

    def subscriptions(self) -> int:
        assert self.store is not None
        return self.store.subscriptions.load("127.0.0.1", "").total

    def waiting(self) -> int:
        assert self.store is not None
        return self.store.subscriptions.load("127.0.0.1", "").waiting


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


@contextmanager
def open_hub(folder: Path, database: str | None = None, **settings: object) -> Iterator[RunningHub]:
    """A hub over a data directory; opened again there, it knows what it knew."""
    port = free_port()
    plain = Settings(
        data=folder / "data",
        database=database,
        public_url=f"http://127.0.0.1:{port}",
        port=port,
        hub=True,
        allow_addresses=("127.0.0.1/32",),
        timeout=timedelta(seconds=2),
    )
    running = RunningHub(settings=replace(plain, **settings))  # type: ignore[arg-type]
    stop, ready = asyncio.Event(), threading.Event()

    async def main() -> None:
        with (
            ThreadPoolExecutor(1) as executor,
            Store.open(running.settings.database_url, authority="feeds.example") as store,
        ):
            async with Courier(running.settings) as courier:
                running.store = store
                hub = running.hub = Hub(
                    running.settings,
                    store.subscriptions,
                    endings=Endings(
                        store, lambda: running.sources, running.settings, running.clock
                    ),
                    writes=Writer(executor),
                    courier=courier,
                    clock=running.clock,
                )
                app = make_app(running.settings, store, lambda: running.sources, hub)
                working = asyncio.ensure_future(keep_working(hub))
                await serve(
                    app, host="127.0.0.1", port=port, stop=stop, ready=lambda _: ready.set()
                )
                working.cancel()
                await asyncio.wait({working})
                await hub.close()

    thread = threading.Thread(target=running.loop.run_until_complete, args=(main(),))
    thread.start()
    try:
        assert ready.wait(10), "the hub did not start"
        yield running
    finally:
        running.loop.call_soon_threadsafe(stop.set)
        thread.join(10)
        running.loop.close()


async def keep_working(hub: Hub) -> None:
    """As scheduler.Loop does it: when woken, and at the start."""
    hub.woken.set()
    while True:
        await hub.woken.wait()
        hub.woken.clear()
        await hub.tell_subscribers()

"""A real uvicorn on 127.0.0.1 for the tests: `with served(app) as address: …`."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from typing import TYPE_CHECKING, Any

from web.serve import serve

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an app on a free port in a thread of its own; the address is what is yielded."""
    addresses: list[str] = []
    is_ready = threading.Event()
    loops: list[tuple[asyncio.AbstractEventLoop, asyncio.Event]] = []

    def ready(address: str) -> None:
        addresses.append(address)
        is_ready.set()

    async def run() -> None:
        stop = asyncio.Event()
        loops.append((asyncio.get_running_loop(), stop))
        await serve(app, host="127.0.0.1", port=0, stop=stop, ready=ready)

    thread = threading.Thread(target=asyncio.run, args=(run(),))
    thread.start()
    try:
        assert is_ready.wait(10), "the server did not start"
        yield addresses[0]
    finally:
        loop, stop = loops[0]
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)

"""Run an ASGI app on a socket until told to stop. No signal handlers: those are the service's."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import logging
import socket
from typing import TYPE_CHECKING, Any

import uvicorn

from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

log = logging.getLogger(__name__)

# A reader that is half-way through a feed gets it; one that hangs does not hold up the end.
GRACE_SECONDS = 3
# What uvicorn asks of the kernel by default; a burst of readers waits here, not in us.
BACKLOG = 2048


async def serve(
    app: Any,
    *,
    host: str,
    port: int,
    stop: asyncio.Event,
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serve until `stop` is set. `ready` is called once with the address, when it answers.

    Port 0 takes any free one. A port that cannot be had is a StoreError for the operator.
    """
    listener = open_listener(host, port)
    address = address_of(listener)
    server = _Server(_config(app))
    ending = asyncio.create_task(_end(server, stop))
    serving = asyncio.create_task(server.serve(sockets=[listener]))
    try:
        while not server.started and not serving.done():
            await asyncio.sleep(0.01)
        if ready and server.started:
            ready(address)
        log.info("pages are served address=%s", address)
        await serving
    finally:
        ending.cancel()
        listener.close()


def open_listener(host: str, port: int) -> socket.socket:
    """A listening socket, or a StoreError that says what to change. The caller closes it."""
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise StoreError(f"cannot listen on {host}: {error}. Check the setting host.") from error
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(place)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise StoreError(_why(host, port, error)) from error
    listener.setblocking(False)
    return listener


def address_of(listener: socket.socket) -> str:
    """`http://127.0.0.1:8000`, as a person types it."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


class _Server(uvicorn.Server):
    """uvicorn that leaves SIGINT and SIGTERM to whoever runs it."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def _config(app: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        log_config=None,  # our own logging; uvicorn's would reset the handlers of the process
        log_level="warning",
        access_log=False,
        server_header=False,
        lifespan="off",
        timeout_graceful_shutdown=GRACE_SECONDS,
    )


async def _end(server: uvicorn.Server, stop: asyncio.Event) -> None:
    await stop.wait()
    server.should_exit = True


def _why(host: str, port: int, error: OSError) -> str:
    where = f"{host}:{port}"
    match error.errno:
        case errno.EADDRINUSE:
            return f"{where} is taken by another program. Stop it or choose another: --port."
        case errno.EACCES:
            return f"{where} needs rights that we lack. Choose a port above 1023: --port."
        case errno.EADDRNOTAVAIL:
            return f"{where}: this machine has no such address. Check the setting host."
        case _:
            return f"cannot listen on {where}: {error.strerror}."

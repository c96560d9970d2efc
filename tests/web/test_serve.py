from __future__ import annotations

import asyncio
import signal
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from foundation.errors import StoreError
from tests.web.serving import served
from web.serve import address_of, open_listener, serve

if TYPE_CHECKING:
    from starlette.requests import Request


async def _hello(request: Request) -> PlainTextResponse:
    return PlainTextResponse("hello")


APP = Starlette(routes=[Route("/", _hello)])


def test_it_answers_until_it_is_told_to_stop() -> None:
    with served(APP) as address:
        assert httpx.get(address).text == "hello"
    with pytest.raises(httpx.ConnectError):
        httpx.get(address)


def test_signals_stay_with_the_service() -> None:
    handlers = []

    async def run() -> None:
        stop = asyncio.Event()

        def ready(address: str) -> None:
            handlers.append(signal.getsignal(signal.SIGTERM))
            stop.set()

        await serve(APP, host="127.0.0.1", port=0, stop=stop, ready=ready)

    before = signal.getsignal(signal.SIGTERM)
    asyncio.run(run())
    assert handlers == [before]


def test_a_taken_port_says_which_and_what_to_do() -> None:
    with open_listener("127.0.0.1", 0) as listener:
        port = int(address_of(listener).rpartition(":")[2])
        with pytest.raises(StoreError, match=rf"127\.0\.0\.1:{port} is taken .* --port"):
            open_listener("127.0.0.1", port)


def test_a_host_that_is_not_of_this_machine_names_the_setting() -> None:
    with pytest.raises(StoreError, match="setting host"):
        open_listener("192.0.2.1", 0)
    with pytest.raises(StoreError, match="setting host"):
        open_listener("no-such-host.invalid", 0)


def test_an_address_of_the_sixth_version_is_written_in_brackets() -> None:
    try:
        listener = open_listener("::1", 0)
    except StoreError as error:
        pytest.skip(f"no IPv6 here: {error}")
    with listener:
        assert address_of(listener).startswith("http://[::1]:")

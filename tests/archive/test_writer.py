from __future__ import annotations

import asyncio
import gc
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from archive.writer import Writer
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable


def stop_while(work: Callable[[], None]) -> None:
    """Begin work in the thread that writes, and cancel who awaits it before it is done."""
    is_begun, may_end = threading.Event(), threading.Event()

    def begun() -> None:
        is_begun.set()
        may_end.wait()
        work()

    async def main(executor: ThreadPoolExecutor) -> None:
        waiting = asyncio.ensure_future(Writer(executor).run(begun))
        await asyncio.to_thread(is_begun.wait)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        may_end.set()
        await asyncio.wrap_future(executor.submit(lambda: None))  # one thread: the work is done
        await asyncio.sleep(0)

    with ThreadPoolExecutor(1) as executor:
        asyncio.run(main(executor))
    gc.collect()  # asyncio tells of an exception that nobody took when its future goes


def test_what_a_stop_does_not_await_is_written_to_its_end() -> None:
    done: list[str] = []
    stop_while(lambda: done.append("written"))
    assert done == ["written"]


def test_a_refusal_that_nobody_awaits_any_more_is_one_line(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def refuse() -> None:
        raise StoreError("rss.xml: cannot be written: No space left on device")

    stop_while(refuse)
    (told,) = caplog.records
    assert told.getMessage() == (
        "archive failed error=rss.xml: cannot be written: No space left on device"
    )
    assert told.exc_info is None


def test_a_bug_that_nobody_awaits_any_more_is_told_with_its_place(
    caplog: pytest.LogCaptureFixture,
) -> None:
    stop_while(lambda: [][1])
    (told,) = caplog.records
    assert (told.getMessage(), told.exc_info is not None) == ("archive broke", True)

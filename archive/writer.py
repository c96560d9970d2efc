"""The one thread that writes to archive and feeds, for callers that await it."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


class Writer:
    """Runs functions in the one thread that writes to archive and feeds."""

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Await a synchronous function's result. A cancelled caller does not cut it short: what
        was begun is written to its end."""
        loop = asyncio.get_running_loop()
        future = loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            future.add_done_callback(_tell)
            raise


def _tell(future: asyncio.Future[Any]) -> None:
    """Nobody awaits it any more: a stop came while it was written."""
    error = None if future.cancelled() else future.exception()
    if isinstance(error, StoreError):
        log.error("archive failed error=%s", error)
    elif error is not None:
        log.error("archive broke", exc_info=error)

"""Scrapy's download handler on aiohttp, for `reactor = false`, keeping the heads of each message as
they went over the wire. Private names: see wire.py."""

from __future__ import annotations

import re
from contextlib import asynccontextmanager
from functools import partial
from typing import TYPE_CHECKING, Any

from aiohttp.client_proto import ResponseHandler
from aiohttp.http_writer import _serialize_headers
from scrapy.core.downloader.handlers._aiohttp import AiohttpDownloadHandler, _ClientResponse
from scrapy.http import Headers

from crawler.guard import GuardedAiohttpHandler
from crawler.wire import HEADS

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from aiohttp import ClientResponse
    from aiohttp.connector import Connection
    from scrapy import Request
    from scrapy.crawler import Crawler

# Asked for by name, so that an import fails where they are gone.
_USED = (AiohttpDownloadHandler._make_request, ResponseHandler.set_response_params)

#: Where a head ends. Old servers leave out the carriage returns.
_END = re.compile(rb"\r?\n\r?\n")
#: A head longer than this is refused by aiohttp before.
_HEAD_MOST = 1024 * 1024
_INTERIM = re.compile(rb"HTTP/\d\.\d 1(?!01)\d\d")


class ExactAiohttpHandler(GuardedAiohttpHandler):
    """Puts both heads of a message into its request's meta."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        session: Any = self._session
        loop = session.connector._factory.keywords["loop"]
        session.connector._factory = partial(_Protocol, loop=loop)
        session._response_class = _Response

    @asynccontextmanager
    async def _make_request(
        self, request: Request, timeout: float
    ) -> AsyncIterator[_ClientResponse]:
        async with super()._make_request(request, timeout) as response:
            request.meta[HEADS] = getattr(response, "heads", None)
            yield response

    @staticmethod
    def _extract_headers(response: _ClientResponse) -> Headers:
        """As bytes: what is not UTF-8 cannot be encoded again, and ended the whole message."""
        return Headers(list(response.raw_headers))


class _Response(_ClientResponse):
    heads: tuple[bytes, bytes] | None = None

    async def start(self, connection: Connection) -> ClientResponse:
        protocol: Any = connection.protocol
        started = await super().start(connection)
        self.heads = (_head_of(self), protocol.head())
        return started


class _Protocol(ResponseHandler):
    """One connection: keeps the beginning of what comes, up to the end of the head."""

    _came = b""
    _is_whole = False

    def set_response_params(self, **params: Any) -> None:
        """A request was sent; its answer begins."""
        self._came, self._is_whole = b"", False
        super().set_response_params(**params)

    def data_received(self, data: bytes) -> None:
        if not self._is_whole and len(self._came) < _HEAD_MOST:
            self._came += data
            self._is_whole = self._find_end() is not None
        super().data_received(data)

    def head(self) -> bytes:
        """The head of the answer, as it came."""
        end = self._find_end()
        return self._came if end is None else self._came[:end]

    def _find_end(self) -> int | None:
        while (found := _END.search(self._came)) is not None:
            if not _INTERIM.match(self._came):
                return found.end()
            self._came = self._came[found.end() :]  # a 100: the answer comes behind it
        return None


def _head_of(response: ClientResponse) -> bytes:
    """What was sent, as aiohttp writes it: it keeps no copy of it."""
    info = response.request_info
    line = f"{info.method} {info.real_url.raw_path_qs} HTTP/1.1"
    return _serialize_headers(line, info.headers)  # type: ignore[arg-type]

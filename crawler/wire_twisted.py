"""Scrapy's download handler on Twisted, keeping the heads of each message as they went over the
wire. Changes nothing of what is asked or answered. Private names: see wire.py."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from scrapy.core.downloader.handlers.http11 import (
    HTTP11DownloadHandler,
    _LenientHTTP11ClientFactory,
    _LenientHTTP11ClientProtocol,
    _LenientHTTPClientParser,
    _ScrapyAgent,
)
from scrapy.utils._download_handlers import wrap_twisted_exceptions
from scrapy.utils.defer import maybe_deferred_to_future
from twisted.web.http_headers import InvalidHeaderName

from crawler.wire import HEADS

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.crawler import Crawler
    from scrapy.http import Response

# Asked for by name, so that an import fails where they are gone.
_USED = (
    _ScrapyAgent._cb_latency,
    _LenientHTTPClientParser.allHeadersReceived,
    _LenientHTTP11ClientProtocol.request,
)


class ExactHandler(HTTP11DownloadHandler):
    """Puts both heads of a message into its request's meta."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        self._pool._factory = _Factory

    async def download_request(self, request: Request) -> Response:
        """As Scrapy's own does it, with our agent."""
        agent = _Agent(
            contextFactory=self._contextFactory,
            bindAddress=self._bind_address,
            pool=self._pool,
            maxsize=self._default_maxsize,
            warnsize=self._default_warnsize,
            fail_on_dataloss=self._fail_on_dataloss,
            crawler=self._crawler,
            tls_verbose_logging=self._tls_verbose_logging,
        )
        with wrap_twisted_exceptions():
            response: Response = await maybe_deferred_to_future(agent.download_request(request))
            return response


class _Agent(_ScrapyAgent):
    """Called back with the response's head, before its body."""

    def _cb_latency(self, result: Any, request: Request, start_time: float) -> Any:
        request.meta[HEADS] = getattr(result, HEADS, None)
        return super()._cb_latency(result, request, start_time)


class _Factory(_LenientHTTP11ClientFactory):
    def buildProtocol(self, addr: Any) -> _Protocol:  # noqa: N802 - Twisted's name
        return _Protocol(self._quiescentCallback)  # type: ignore[no-untyped-call]


class _Protocol(_LenientHTTP11ClientProtocol):
    """One connection: notes what it sends, and has its parser note what comes."""

    def request(self, request: Any) -> Any:
        sent = _Lines()
        write = request._writeHeaders

        def write_headers(transport: Any, length: Any) -> None:
            write(sent, length)
            transport.writeSequence(sent.lines)

        request._writeHeaders = write_headers
        answered = super().request(request)
        parser: Any = self._parser
        parser.__class__ = _Parser  # as Scrapy does it, and as safe: no state but with defaults
        parser.sent = sent
        return answered


class _Lines:
    """A transport that keeps what is written."""

    def __init__(self) -> None:
        self.lines: list[bytes] = []

    def writeSequence(self, lines: list[bytes]) -> None:  # noqa: N802 - Twisted's name
        self.lines += lines


class _Parser(_LenientHTTPClientParser):
    """Keeps a response's head as it came, beside reading it."""

    sent: _Lines
    _came = b""

    def dataReceived(self, data: bytes) -> None:  # noqa: N802 - Twisted's name
        if self.line_mode:
            self._came += data
        super().dataReceived(data)  # type: ignore[no-untyped-call]

    def headerReceived(self, name: bytes, value: bytes) -> None:  # noqa: N802 - Twisted's name
        """A name that is none (GBK ones come from real servers) would end the whole message; the
        head has its line all the same (promise 4)."""
        with suppress(InvalidHeaderName):
            super().headerReceived(name, value)  # type: ignore[no-untyped-call]

    def allHeadersReceived(self) -> None:  # noqa: N802 - Twisted's name
        rest = self._buffer
        head = self._came[: len(self._came) - len(rest)]
        self._came = rest  # a 100 is passed over; the answer comes behind it
        setattr(self.response, HEADS, (b"".join(self.sent.lines), head))
        super().allHeadersReceived()  # type: ignore[no-untyped-call]

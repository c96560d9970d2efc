"""What is taken down of a message: from its heads as they went over the wire, where they are had,
else from what Scrapy hands on."""

from __future__ import annotations

import pytest
from scrapy import Request
from scrapy.http import Response

from crawler.tap import exchange_of
from crawler.wire import HEADS

URL = "http://journal.example/list.html"


def test_lines_and_reason_are_those_of_the_heads() -> None:
    heads = (
        b"GET /list.html HTTP/1.1\r\nb-2: x\r\n\r\n",
        b"HTTP/1.1 404 Not At All\r\nA-1:y\r\n\r\n",
    )
    request = Request(URL, headers={"Accept": "z"}, meta={HEADS: heads})
    exchange = exchange_of(request, Response(URL, status=404, headers={"C": "w"}))
    assert exchange.reason == b"Not At All"
    assert exchange.request_headers == ((b"b-2", b"x"),)
    assert exchange.response_headers == ((b"A-1", b"y"),)
    assert (exchange.request_head, exchange.response_head) == heads
    assert HEADS not in request.meta


@pytest.mark.parametrize("first", [b"HTTP/1.1 200", b"HTTP/1.1 200 "])
def test_a_first_line_without_a_reason_has_none(first: bytes) -> None:
    request = Request(URL, meta={HEADS: (b"GET / HTTP/1.1\r\n\r\n", first + b"\r\n\r\n")})
    exchange = exchange_of(request, Response(URL, headers={"C": "w"}))
    assert exchange.reason == b""
    assert exchange.response_headers == ()


def test_without_heads_the_lines_are_scrapys_and_there_is_no_reason() -> None:
    exchange = exchange_of(
        Request(URL, headers={"Accept": "z"}), Response(URL, headers={"C": ["v", "w"]})
    )
    assert exchange.request_headers == ((b"Accept", b"z"),)
    assert exchange.response_headers == ((b"C", b"v"), (b"C", b"w"))
    assert (exchange.reason, exchange.response_head) == (b"", None)

"""What is archived of a message is what went over the wire: compared with the log of a server that
writes down every byte (promises 2 to 4), with and without the reactor."""

from __future__ import annotations

import gzip
import re
import socket
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import brotli
import pytest

from archive.warc import read_records
from crawler.wire import handlers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.warc import Record

pytestmark = pytest.mark.slow

PAGE = "<p>船厂今天交付了第二十艘内河电动货船。</p>".encode("gbk") * 40
PDF = b"%PDF-1.7\r\n\r\n" + bytes(range(256)) * 50


def sized(first: bytes, body: bytes, *lines: bytes) -> tuple[bytes, bytes]:
    """An answer as head and body, with its length among its own lines."""
    own = (*lines, b"Content-Length: %d" % len(body))
    return b"\r\n".join((first, *own)) + b"\r\n\r\n", body


#: What the server says, by path: the head and the body as they are to be archived.
ANSWERS = {
    "/plain": sized(b"HTTP/1.1 200 Very Fine Indeed", PAGE, b"content-TYPE: text/html"),
    "/order": sized(
        b"HTTP/1.1 200 OK", b"x", b"Z-Last: 1", b"a-first:none", b"Z-last:  2  ", b"X-EMPTY:",
        b"Vary: a", b"VARY: b",
    ),
    "/gzip": sized(b"HTTP/1.1 200 OK", gzip.compress(PAGE), b"Content-Encoding: gzip"),
    "/br": sized(b"HTTP/1.1 200 OK", brotli.compress(PAGE), b"Content-Encoding: br"),
    "/chunked": (b"HTTP/1.1 200 OK\r\nX: 1\r\ntransfer-encoding: chunked\r\nY: 2\r\n\r\n", PAGE),
    "/chunked-br": (
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Encoding: br\r\n\r\n",
        brotli.compress(PAGE),
    ),
    "/chunked-empty": (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b""),
    "/nothing": (b"HTTP/1.1 204 Nichts\r\nX: 1\r\n\r\n", b""),
    "/empty-gzip": sized(b"HTTP/1.1 200 OK", b"", b"Content-Encoding: gzip"),
    "/empty": sized(b"HTTP/1.1 200 OK", b"", b"X: leer"),
    "/gone": sized(b"HTTP/1.1 404 Nirgends", b"<h1>404</h1>", b"Server: S"),
    "/moved": sized(b"HTTP/1.1 302 Da drueben", b"", b"Location: /plain"),
    "/moved-gbk": sized(
        b"HTTP/1.1 302 Found", b"", "Location: /船厂".encode("gbk"), "X: 船".encode("gbk")
    ),
    "/%B4%AC%B3%A7": sized(b"HTTP/1.1 200 OK", PAGE, b"X: 1"),
    "/pdf": sized(b"HTTP/1.1 200 OK", PDF, b"Content-Type: application/pdf"),
    "/gbk": sized(b"HTTP/1.1 200 OK", PAGE, "X-Title: 船厂消息".encode("gbk")),
    "/close": (b"HTTP/1.0 200 OK\r\nConnection: close\r\nX: 1\r\n\r\n", PAGE),
    "/early": sized(b"HTTP/1.1 200 OK", b"late", b"X: 1"),
}  # fmt: skip
#: Where redirects lead.
LEADS_TO = {"/moved": ["/plain"], "/moved-gbk": ["/%B4%AC%B3%A7"]}
#: The one line whose name is changed.
TRANSFER = re.compile(rb"transfer-encoding", re.IGNORECASE)
#: Heads that old servers send and only the lenient parser takes.
LENIENT = {
    "/gbk-name": sized(b"HTTP/1.1 200 OK", PAGE, "X-标题: 船厂".encode("gbk")),
    "/bare": (b"HTTP/1.1 200 OK\nX: 1\nContent-Length: 4\n\n", b"bare"),
    "/folded": (b"HTTP/1.1 200 OK\r\nX: 1\r\n  2\r\nContent-Length: 4\r\n\r\n", b"fold"),
}


@dataclass
class LoggingSite:
    """A server that answers with the very bytes, and keeps the heads of what it was asked."""

    port: int = 0
    asked: list[bytes] = field(default_factory=list)

    def serve(self, listener: socket.socket) -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with connection:
            came = b""
            while piece := connection.recv(65536):
                came += piece
                while b"\r\n\r\n" in came:
                    head, _, came = came.partition(b"\r\n\r\n")
                    self.asked.append(head + b"\r\n\r\n")
                    path = head.split(b" ", 2)[1].decode()
                    for part in said(path):
                        connection.sendall(part)
                    if path == "/close":
                        return


def said(path: str) -> Iterator[bytes]:
    """What is sent for a path, in its pieces."""
    head, body = {**ANSWERS, **LENIENT}[path]
    if path == "/early":
        yield b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
    if path.startswith("/chunked"):
        half = len(body) // 2
        chunks = [each for each in (body[:half], body[half:]) if each]
        body = b"".join(b"%x\r\n%s\r\n" % (len(each), each) for each in chunks) + b"0\r\n\r\n"
    middle = len(head) // 2
    yield head[:middle]
    yield head[middle:]
    yield body


@contextmanager
def open_site() -> Iterator[LoggingSite]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        site = LoggingSite(port=listener.getsockname()[1])
        threading.Thread(target=site.serve, args=(listener,), daemon=True).start()
        yield site


def records_of(folder: Path, way: str, site: LoggingSite, paths: list[str]) -> list[Record]:
    """What is archived of visits to these paths."""
    addresses = [f"http://127.0.0.1:{site.port}{path}" for path in paths]
    command = [sys.executable, "-m", "tests.crawler.capturing", way, str(folder), *addresses]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (file,) = folder.rglob("*.warc.gz")
    with file.open("rb") as opened:
        return list(read_records(opened))


@pytest.mark.parametrize("way", ["reactor", "asyncio"])
@pytest.mark.promise(number=2)
@pytest.mark.promise(number=3)
@pytest.mark.promise(number=4)
def test_heads_equal_the_servers_log_byte_for_byte(tmp_path: Path, way: str) -> None:
    """Promises 2, 3 and 4: the heads but for one renamed line, and every body."""
    paths = [*ANSWERS, *(LENIENT if way == "reactor" else ())]
    with open_site() as site:
        records = records_of(tmp_path, way, site, paths)
        asked = list(site.asked)
    came = [each.block for each in records if each.headers["WARC-Type"] == "response"]
    sent = [each.block for each in records if each.headers["WARC-Type"] == "request"]
    visited = [head.split(b" ", 2)[1].decode() for head in asked]
    assert visited == [step for path in paths for step in walked(path)]
    assert sent == asked
    for path, block in zip(visited, came, strict=True):
        head, body = {**ANSWERS, **LENIENT}[path]
        renamed = TRANSFER.sub(rb"X-Archive-Orig-\g<0>", head)
        assert block == renamed + body, path


def walked(path: str) -> list[str]:
    """What is asked for on the way to a path."""
    return [path, *LEADS_TO.get(path, ())]


@pytest.mark.parametrize("reactor", [True, False])
def test_this_scrapy_is_the_one_that_the_tap_was_made_for(*, reactor: bool) -> None:
    assert all(name.startswith("crawler.wire_") for name in handlers(reactor=reactor).values())

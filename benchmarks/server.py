"""The site that is visited: a bare asyncio server in a process of its own.

`/a/N` is article N, `/list/FIRST/COUNT` a list of articles, `/s/K/…` the same under a source's
own prefix. Pages have an ETag and answer 304 to it; those below `/old/` know no validators.
"""

from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING

from benchmarks.pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator


#: The service visits hosts side by side and never one host twice at once; all of these are this
#: machine.
HOSTS = 16


OLD = "/old"


def host(number: int) -> str:
    """The name of one of the hosts."""
    return f"127.0.0.{number % HOSTS + 1}"


def on_host(base: str, number: int) -> str:
    """The same site under the name of another of its hosts."""
    return base.replace("127.0.0.1", host(number))


@contextmanager
def open_server() -> Iterator[str]:
    """A running site; gives its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.server"], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.terminate()
        process.wait()
        process.stdout.close()


@cache
def body_of(path: str) -> bytes | None:
    """The page at a path, made once."""
    parts = path.removeprefix(OLD).strip("/").split("/")
    prefix = ""
    if parts[0] == "s":
        prefix, parts = f"/s/{parts[1]}", parts[2:]
    match parts:
        case ["a", number]:
            return article(int(number))
        case ["list", first, count]:
            return listing(int(first), int(count), prefix=prefix)
    return None


async def answer(reader: asyncio.StreamReader, out: asyncio.StreamWriter) -> None:
    with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            body = body_of(path)
            etag = f'"{hash(path):x}"'.encode()
            if body is None:
                out.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif path.startswith(OLD):
                out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n")
                out.write(b"Content-Length: %d\r\n\r\n" % len(body))
                out.write(body)
            elif etag in head:
                out.write(b"HTTP/1.1 304 Not Modified\r\nETag: " + etag + b"\r\n\r\n")
            else:
                out.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nETag: %b\r\n"
                    b"Content-Length: %d\r\n\r\n" % (etag, len(body))
                )
                out.write(body)
            await out.drain()
    out.close()


async def main() -> None:
    first = await asyncio.start_server(answer, host(0), 0)
    port: int = first.sockets[0].getsockname()[1]
    for number in range(1, HOSTS):
        await asyncio.start_server(answer, host(number), port)
    print(port, flush=True)
    await first.serve_forever()


if __name__ == "__main__":
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(main())

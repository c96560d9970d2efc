"""A web site on 127.0.0.1 that does what it is told, down to the bytes and the bad manners.

Runs in a thread of its own, so that tests can use blocking code and whole processes against it.
"""

from __future__ import annotations

import asyncio
import gzip
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

Stream = asyncio.StreamWriter


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One request as it came in; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]


@dataclass
class FakeSite:
    """`site.page("/list.html", "<html>…")`, then poll `site.url`."""

    host: str = "127.0.0.1"
    port: int = 0
    asked: list[Asked] = field(default_factory=list)
    _answers: dict[str, Callable[[Asked, Stream], Awaitable[None]]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{self.host}:{self.port}"

    def paths(self) -> list[str]:
        """What was asked for, in order, without robots.txt."""
        return [each.path for each in self.asked if each.path != "/robots.txt"]

    def forget(self) -> None:
        self.asked.clear()

    def page(
        self,
        path: str,
        body: str | bytes,
        *,
        status: int = 200,
        charset: str = "utf-8",
        content_type: str | None = None,
        **headers: str,
    ) -> None:
        """A page with validators: an equal ETag gets a 304. Header names: `Retry_After=…`."""
        data = body.encode(charset, "xmlcharrefreplace") if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        named.setdefault("Content-Type", content_type or "text/html")
        named.setdefault("ETag", f'"{abs(hash(data))}"')

        async def answer(asked: Asked, out: Stream) -> None:
            if status == 200 and asked.headers.get("if-none-match") == named["ETag"]:
                await send(out, 304, b"", {"ETag": named["ETag"]})
            else:
                await send(out, status, data, named)

        self._answers[path] = answer

    def bare(self, path: str, body: str | bytes, *, status: int = 200, **headers: str) -> None:
        """A page without any validator."""
        data = body.encode() if isinstance(body, str) else body
        named = {name.replace("_", "-"): value for name, value in headers.items()}

        async def answer(asked: Asked, out: Stream) -> None:
            await send(out, status, data, named)

        self._answers[path] = answer

    def raw(self, path: str, message: bytes) -> None:
        """The very bytes of an answer, head and body."""

        async def answer(asked: Asked, out: Stream) -> None:
            out.write(message)

        self._answers[path] = answer

    def program(self, path: str, run: Callable[[str], tuple[int, bytes, str]]) -> None:
        """An address that answers to its query: `run` gives status, body and media type."""

        async def answer(asked: Asked, out: Stream) -> None:
            status, body, kind = run(asked.path.partition("?")[2])
            await send(out, status, body, {"Content-Type": kind})

        self._answers[f"{path}?"] = answer

    def remove(self, path: str) -> None:
        self._answers.pop(path, None)

    def never_answers(self, path: str) -> None:
        async def answer(asked: Asked, out: Stream) -> None:
            await asyncio.sleep(300)

        self._answers[path] = answer

    def resets(self, path: str) -> None:
        async def answer(asked: Asked, out: Stream) -> None:
            out.transport.abort()

        self._answers[path] = answer

    def redirects(self, path: str, to: str, *, status: int = 302) -> None:
        async def answer(asked: Asked, out: Stream) -> None:
            await send(out, status, b"", {"Location": to})

        self._answers[path] = answer

    def cuts_off(self, path: str, body: bytes, *, content_type: str) -> None:
        """Says that more comes, and ends."""

        async def answer(asked: Asked, out: Stream) -> None:
            head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n"
            out.write(f"{head}Content-Length: {len(body) + 9}\r\n\r\n".encode() + body)
            await out.drain()
            out.close()

        self._answers[path] = answer

    def fails_once(self, path: str, body: bytes, *, content_type: str) -> None:
        """Answers 500 the first time."""

        async def answer(asked: Asked, out: Stream) -> None:
            self.page(path, body, content_type=content_type)
            await send(out, 500, b"at random", {"Content-Type": "text/html"})

        self._answers[path] = answer

    def sends_megabytes(self, path: str, megabytes: int) -> None:
        """Without a length, so that only counting helps."""

        async def answer(asked: Asked, out: Stream) -> None:
            out.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n")
            for _ in range(megabytes):
                out.write(b"x" * (1 << 20))
                await out.drain()

        self._answers[path] = answer

    def sends_gzip_bomb(self, path: str, megabytes: int) -> None:
        bomb = gzip.compress(b"\0" * (megabytes << 20))
        self.bare(path, bomb, Content_Type="text/html", Content_Encoding="gzip")

    async def serve(self, reader: asyncio.StreamReader, out: Stream) -> None:
        try:
            while head := await read_head(reader):
                asked = parse_head(head)
                self.asked.append(asked)
                program = self._answers.get(f"{asked.path.partition('?')[0]}?", not_found)
                await self._answers.get(asked.path, program)(asked, out)
                await out.drain()
        except (ConnectionError, asyncio.CancelledError):
            pass  # the visitor left, or the site is being closed
        finally:
            out.close()


async def read_head(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return b""


def parse_head(head: bytes) -> Asked:
    first, *lines = head.decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (line.split(":", 1) for line in lines if ":" in line)
    return Asked(
        method=method, path=path, headers={name.lower(): value.strip() for name, value in pairs}
    )


async def not_found(asked: Asked, out: Stream) -> None:
    await send(out, 404, b"<h1>404</h1>", {"Content-Type": "text/html"})


async def send(out: Stream, status: int, body: bytes, headers: dict[str, str]) -> None:
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    out.write("\r\n".join(lines).encode("utf-8") + b"\r\n\r\n" + body)
    await out.drain()


@contextmanager
def open_fake_site(host: str = "127.0.0.1") -> Iterator[FakeSite]:
    """A running site; stopped with all its connections when the block ends."""
    site = FakeSite(host=host)
    ready = threading.Event()
    loop = asyncio.new_event_loop()

    stop = asyncio.Event()

    async def serve() -> None:
        server = await asyncio.start_server(site.serve, host, 0)
        site.port = server.sockets[0].getsockname()[1]
        ready.set()
        await stop.wait()
        server.close()
        visits = asyncio.all_tasks() - {asyncio.current_task()}
        for visit in visits:
            visit.cancel()
        if visits:
            await asyncio.wait(visits)

    def run() -> None:
        loop.run_until_complete(serve())
        loop.close()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    ready.wait(10)
    try:
        yield site
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join(10)

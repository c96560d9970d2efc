"""A WebSub hub of somebody else, on 127.0.0.1: it takes pings, and answers as it is told."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.requests import Request


@dataclass
class FakeHub:
    """`status` is what it answers, `statuses` what to single topics; the first `failures` requests
    fail whatever they are."""

    url: str = ""
    status: int = 204
    statuses: dict[str, int] = field(default_factory=dict)
    failures: int = 0
    retry_after: str | None = None
    pings: list[dict[str, str]] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    waits_seconds: float = 0
    at_once: int = 0
    most_at_once: int = 0

    async def answer(self, request: Request) -> Response:
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        assert request.method == "POST"
        assert request.headers["content-type"] == "application/x-www-form-urlencoded"
        self.agents.add(request.headers["user-agent"])
        ping = dict(parse_qsl((await request.body()).decode()))
        self.pings.append(ping)
        await asyncio.sleep(self.waits_seconds)
        self.at_once -= 1
        if self.failures > 0:
            self.failures -= 1
            return Response(status_code=503)
        headers = {"Location": self.url}
        if self.retry_after is not None:
            headers["Retry-After"] = self.retry_after
        return Response(
            status_code=self.statuses.get(ping["hub.url"], self.status), headers=headers
        )

    def topics(self) -> list[str]:
        """What it was told of since it was asked last."""
        told, self.pings = self.pings, []
        assert all(ping["hub.mode"] == "publish" for ping in told)
        return sorted(ping["hub.url"] for ping in told)


@contextmanager
def open_fake_hub() -> Iterator[FakeHub]:
    hub = FakeHub()
    app = Starlette(routes=[Route("/{path:path}", hub.answer, methods=["GET", "POST"])])
    with served(app) as address:
        hub.url = f"{address}/hub"
        yield hub

"""/oai: the repository by GET and by POST, as the protocol wants both."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect
from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from web.oai.repository import Repository

#: The longest token and the other arguments, every letter escaped.
_FORM_BYTES = 16_384
#: A form comes in one packet or two; who takes longer only holds a connection.
_SECONDS = 10
_MOST_FIELDS = 50


def oai_route(repository: Repository) -> Route:
    """The route of a repository."""
    return Route("/oai", _Endpoint(repository).answer, methods=["GET", "POST"])


class _Endpoint:
    def __init__(self, repository: Repository) -> None:
        self._repository = repository

    async def answer(self, request: Request) -> Response:
        """Errors of the protocol are answers as well, with status 200."""
        if request.method == "POST":
            form = await _form(request)
            if form is None:
                return Response("the form is too large, or did not come\n", status_code=400)
        else:
            form = request.scope["query_string"]
        pairs = _pairs(form)
        body = await run_in_threadpool(self._repository.answer, pairs, datetime.now(UTC))
        return Response(
            body, media_type="text/xml; charset=utf-8", headers={"Cache-Control": "no-cache"}
        )


def _pairs(form: bytes) -> list[tuple[str, str]]:
    """The arguments; so many that nobody means it are one that the protocol does not know."""
    try:
        return parse_qsl(
            form.decode("ascii", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return [("verb", "")]


async def _form(request: Request) -> bytes | None:
    body = b""
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > _FORM_BYTES:
                    return None
    except (TimeoutError, ClientDisconnect):
        return None
    return body

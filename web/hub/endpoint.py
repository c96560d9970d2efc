"""The hub's address: a form in, 202 or a refusal in words out. The wish itself is hub.py's."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from web.hub.request import FORM_BYTES, RefusedRequest

if TYPE_CHECKING:
    from starlette.requests import Request

    from web.hub.hub import Hub

_FORM = "application/x-www-form-urlencoded"
#: A form comes in one packet or two; who takes longer only holds a connection.
_SECONDS = 10
_HELP = (
    "This is the WebSub hub of this site's feeds. Feed readers subscribe here by POST; "
    "see https://www.w3.org/TR/websub/.\n"
)


def hub_route(hub: Hub) -> Route:
    """The route of a hub."""
    return Route("/hub", _Endpoint(hub).answer, methods=["GET", "POST"])


class _Endpoint:
    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    async def answer(self, request: Request) -> Response:
        if request.method != "POST":
            return PlainTextResponse(_HELP)
        try:
            await self._hub.take(await _form(request))
        except RefusedRequest as error:
            retry = error.retry_seconds
            headers = {"Retry-After": str(retry)} if retry is not None else None
            return PlainTextResponse(f"{error}\n", status_code=error.status, headers=headers)
        return Response(status_code=202)


async def _form(request: Request) -> bytes:
    """The body, which must be a form and no larger than one can be."""
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise RefusedRequest(415, f"the request must be a form: {_FORM}")
    body = b""
    try:
        async with asyncio.timeout(_SECONDS):
            async for part in request.stream():
                body += part
                if len(body) > FORM_BYTES:
                    raise RefusedRequest(413, f"the form is larger than {FORM_BYTES} bytes")
    except TimeoutError as error:
        raise RefusedRequest(408, f"the form did not come within {_SECONDS} s") from error
    except ClientDisconnect as error:
        raise RefusedRequest(400, "the form did not come whole") from error
    return body

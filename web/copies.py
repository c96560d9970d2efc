"""The kept copies of an article over HTTP, as Memento (RFC 7089) has it:

/<source>/<article>/timemap         all copies, as application/link-format
/<source>/<article>/timegate        leads to the copy that stood at Accept-Datetime
/<source>/<article>/at/<instant>    one copy: the bytes as they were served, harmless in a browser
/operator                           asks for the operator's token, which opens what is closed

What is handed out to whom stands in archive/access.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from archive.access import Access, decide_access, is_operator
from archive.captures import read_capture
from archive.payload import codings_of, find_header, plain_body
from web.memento import LINK_FORMAT, Copies, parse_datetime, print_datetime
from web.pages.article import carry_of
from web.pages.rows import article_path
from web.validators import Validators, etag_of, respond

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

    from archive.exchange import Exchange
    from archive.model import ArchivedEntry
    from sources.model import Source
    from web.app import Desk
    from web.memento import Memento

#: A copy runs nothing, loads nothing and may not even be what a form or frame of ours leads to:
#: `sandbox` gives it an origin of its own, so that no script of another day reads our pages.
_CONFINED = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_ORIGINAL = b"x-archive-orig-"
#: What may stand in a header line; a server of ours refuses other bytes, theirs may have sent them.
_NAME, _VALUE = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+"), re.compile(rb"[\t\x20-\x7e\x80-\xff]*")
#: What the operator alone is given is kept by nobody.
PRIVATE = {"Cache-Control": "private, no-store"}


def copy_routes(desk: Desk) -> list[Route]:
    """The routes; each is answered in a thread, since store and disk block."""
    copies = CopyDesk(desk=desk)

    def route(path: str, answer: Callable[[Request], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answer, request)

        return Route(path, endpoint)

    return [
        route("/operator", copies.operator),
        route("/{source}/{article}/timemap", copies.timemap),
        route("/{source}/{article}/timegate", copies.timegate),
        route("/{source}/{article}/at/{name}", copies.memento),
    ]


def copies_of(desk: Desk, request: Request, archived: ArchivedEntry) -> Copies:
    """The copies of an article, with the addresses that others ask for them at."""
    return Copies.of(
        desk.store.captures(archived.id),
        original=archived.entry.url,
        page=desk.frame(request).address_of(article_path(archived)),
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class CopyDesk:
    """One method an address; and who may see a copy, for replay.py too."""

    desk: Desk

    def operator(self, request: Request) -> Response:
        """Where a browser is asked for the token: without a slash at its end, so that it shows
        the token everywhere here afterwards (RFC 7617 section 2.2)."""
        desk = self.desk
        if desk.settings.operator_token is None:
            raise HTTPException(404)
        if not self._is_operator(request):
            return self._challenge(request)
        front = desk.frame(request).link("/")
        return RedirectResponse(front, status_code=303, headers=PRIVATE)

    def timemap(self, request: Request) -> Response:
        archived, source = self.desk.found(request)
        if self.access(request, archived, source) is Access.WITHDRAWN:
            return self.desk.withdrawn(request, archived, source)
        text = self._copies(request, archived).timemap().encode()
        headers = {"Cache-Control": "no-cache"}
        return respond(
            request.headers,
            Validators(etag=etag_of(text)),
            lambda: text,
            content_type=LINK_FORMAT,
            headers=headers,
        )

    def timegate(self, request: Request) -> Response:
        archived, source = self.desk.found(request)
        if self.access(request, archived, source) is Access.WITHDRAWN:
            return self.desk.withdrawn(request, archived, source)
        copies = self._copies(request, archived)
        asked = request.headers.get("accept-datetime")
        headers = {"Vary": "accept-datetime", "Link": copies.gate_links()}
        try:
            chosen = copies.at(parse_datetime(asked) if asked is not None else None)
        except ValueError:
            return self.desk.error(request, 400, "no-datetime", headers=headers)
        return Response(status_code=302, headers={**headers, "Location": copies.url(chosen)})

    def memento(self, request: Request) -> Response:
        archived, source = self.desk.found(request)
        copies = self._copies(request, archived)
        memento = copies.named(request.path_params["name"])
        if memento is None:
            raise HTTPException(404)
        access = self.access(request, archived, source)
        if not access.is_granted:
            return self.refusal(request, archived, source, access)
        validators = Validators(etag=f'"{memento.capture.digest}"')
        headers = {
            **validators.headers,
            **(PRIVATE if access is Access.OPERATOR else {"Cache-Control": "no-cache"}),
            "Memento-Datetime": print_datetime(memento.seen),
            "Link": copies.memento_links(memento),
            "X-Robots-Tag": "noindex, noarchive",
            "Content-Security-Policy": _CONFINED,
        }
        if validators.is_held(request.headers):
            return Response(status_code=304, headers=headers)
        return self._raw(memento, headers)

    def _raw(self, memento: Memento, headers: dict[str, str]) -> Response:
        exchange = read_capture(self.desk.settings.warc, memento.capture)
        body = plain_body(exchange)
        if body is None:  # a coding that we do not know: a browser may
            body = exchange.body
            headers["Content-Encoding"] = ", ".join(codings_of(exchange))
        content_type = find_header(exchange, b"content-type") or b""
        is_told = content_type and _VALUE.fullmatch(content_type)
        headers["Content-Type"] = (
            content_type.decode("latin-1") if is_told else "application/octet-stream"
        )
        status = exchange.status if exchange.status >= 400 else 200
        answer = Response(body, status_code=status, headers=headers)
        answer.raw_headers += _originals(exchange)
        return answer

    def access(self, request: Request, archived: ArchivedEntry, source: Source) -> Access:
        """What whoever asks may see of an article's copies."""
        carry = carry_of(archived, source, self.desk.settings)
        return decide_access(carry, archived.state, is_operator=self._is_operator(request))

    def refusal(
        self, request: Request, archived: ArchivedEntry, source: Source, access: Access
    ) -> Response:
        """410 for what was taken down; for what is closed 401, or 403 where no token opens it."""
        if access is Access.WITHDRAWN:
            return self.desk.withdrawn(request, archived, source)
        if self.desk.settings.operator_token is None:
            return self.desk.error(request, 403, "closed")
        return self._challenge(request)

    def _challenge(self, request: Request) -> Response:
        headers = {"WWW-Authenticate": 'Basic realm="Kanliu", charset="UTF-8"', **PRIVATE}
        return self.desk.error(request, 401, "closed", headers=headers)

    def _copies(self, request: Request, archived: ArchivedEntry) -> Copies:
        copies = copies_of(self.desk, request, archived)
        if not copies.mementos:
            raise HTTPException(404)
        return copies

    def _is_operator(self, request: Request) -> bool:
        token = self.desk.settings.operator_token
        return is_operator(request.headers.get("authorization"), token)


def _originals(exchange: Exchange) -> Iterator[tuple[bytes, bytes]]:
    """The head as it was served, under names that say so: it is not ours."""
    for name, value in exchange.response_headers:
        if _NAME.fullmatch(name) and _VALUE.fullmatch(value.strip()):
            yield _ORIGINAL + name.lower(), value.strip()

"""The page of an article as it looked: a package of its captures, and ReplayWeb.page to show it,
where the operator has put that beside the data (`<data>/replay/ui.js`, `sw.js`; it is AGPL, so not
ours to ship).

/<source>/<article>/copy.wacz   the captures, as one package; parts of it too
/<source>/<article>/copy/       shows it; the only pages of ours on which a script runs
/replay/ui.js, /replay/sw.js    the operator's ReplayWeb.page;  /replay/  what its frame begins as

Nothing is asked of anybody else: the policies of these answers allow our own address alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import version
from threading import Lock
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from archive.access import Access
from archive.packages.single import Single, build_single
from feeds.memo import Memo
from web.copies import PRIVATE, CopyDesk, copies_of
from web.pages.copies import replay_page
from web.ranges import UnsatisfiableRangeError, find_range
from web.rendering import HTML
from web.validators import Validators, etag_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from starlette.requests import Request

    from archive.model import ArchivedEntry
    from foundation.settings import Settings
    from web.app import Desk

WACZ_TYPE = "application/wacz"
_SCRIPTS = ("ui.js", "sw.js")
#: A browser asks for a package in many parts; a hundred articles of a few pictures.
_REMEMBERED_BYTES = 64 * 1024 * 1024

_ONLY_OURS = "default-src 'none'; base-uri 'none'; form-action 'none'; "
#: Our page around the frame.
_AROUND = (
    f"{_ONLY_OURS}script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; frame-src 'self'; frame-ancestors 'none'"
)
#: The frame, and the worker, which takes what it may fetch from the answer that it came in.
_WITHIN = (
    f"{_ONLY_OURS}script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval' blob:; connect-src 'self' "
    "blob: data:; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' "
    "data:; worker-src 'self' blob:; frame-src 'self'; frame-ancestors 'self'"
)
_EMPTY = b"<!DOCTYPE html><meta charset=utf-8><title>ReplayWeb.page</title>"


def replay_routes(desk: Desk) -> list[Route]:
    """The routes; what takes store and captures is answered in a thread."""
    replay = _ReplayDesk(copies=CopyDesk(desk=desk))

    def route(path: str, answer: Callable[[Request], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answer, request)

        return Route(path, endpoint)

    return [
        Route("/replay/", replay.frame),
        Route("/replay/{name}", replay.script),
        route("/{source}/{article}/copy.wacz", replay.package),
        route("/{source}/{article}/copy/", replay.page),
    ]


def is_installed(settings: Settings) -> bool:
    """Whether ReplayWeb.page lies beside the data."""
    return all((_folder(settings) / name).is_file() for name in _SCRIPTS)


def _folder(settings: Settings) -> Path:
    return settings.data / "replay"


@dataclass(frozen=True, kw_only=True, slots=True)
class _ReplayDesk:
    """One method an address."""

    copies: CopyDesk
    #: For one thread at a time; who asks for the same package waits for it.
    turn: Lock = field(default_factory=Lock)
    packages: Memo[bytes] = field(default_factory=lambda: Memo(_REMEMBERED_BYTES, weigh=len))

    @property
    def desk(self) -> Desk:
        return self.copies.desk

    async def frame(self, request: Request) -> Response:
        """What stands in the frame until the worker answers for it."""
        if not is_installed(self.desk.settings):
            raise HTTPException(404)
        headers = {"Content-Type": HTML, "Content-Security-Policy": _WITHIN}
        return Response(_EMPTY, headers=headers)

    async def script(self, request: Request) -> Response:
        name = request.path_params["name"]
        answer = name in _SCRIPTS and self.desk.files.answer(
            _folder(self.desk.settings) / name,
            request.headers,
            content_type="text/javascript; charset=utf-8",
            cache="no-cache",
        )
        if not answer:
            raise HTTPException(404)
        answer.headers["Content-Security-Policy"] = _WITHIN
        return answer

    def page(self, request: Request) -> Response:
        desk = self.desk
        archived, source = desk.found(request)
        access = self.copies.access(request, archived, source)
        if not access.is_granted:
            return self.copies.refusal(request, archived, source, access)
        copies = copies_of(desk, request, archived)
        if not copies.mementos or not is_installed(desk.settings):
            raise HTTPException(404)
        asked = request.query_params.get("at")
        shown = copies.named(asked) if asked else copies.at(None)
        if shown is None:
            raise HTTPException(404)
        frame = desk.frame(request)
        page = replay_page(copies, shown, archived, source, frame)
        html = desk.templates.render("replay.html", frame=frame, page=page)
        headers = {
            "Content-Type": HTML,
            "Content-Security-Policy": _AROUND,
            "X-Robots-Tag": "noindex, noarchive",
            **_freshness(access),
        }
        return Response(html, headers=headers)

    def package(self, request: Request) -> Response:
        archived, source = self.desk.found(request)
        access = self.copies.access(request, archived, source)
        if not access.is_granted:
            return self.copies.refusal(request, archived, source, access)
        package = self._package(archived)
        validators = Validators(etag=etag_of(package))
        headers = {
            **validators.headers,
            **_freshness(access),
            "Accept-Ranges": "bytes",
            "X-Robots-Tag": "noindex, noarchive",
        }
        if validators.is_held(request.headers):
            return Response(status_code=304, headers=headers)
        return _part(request, package, validators, {**headers, "Content-Type": WACZ_TYPE})

    def _package(self, archived: ArchivedEntry) -> bytes:
        captures = self.desk.store.captures(archived.id)
        if not captures:
            raise HTTPException(404)
        title = archived.entry.title or archived.entry.url
        about = Single(id=archived.id, title=title, software=f"Kanliu/{version('kanliu')}")
        places = [(capture.id, capture.file, capture.offset) for capture in captures]
        lacks = self.desk.store.owed.count([capture.id for capture in captures])
        with self.turn:
            return self.packages.recall(
                archived.id,
                (places, title, lacks),
                lambda: build_single(
                    self.desk.settings.data, captures, about, self.desk.store.bodies.find_own
                ),
            )


def _part(
    request: Request, package: bytes, validators: Validators, headers: dict[str, str]
) -> Response:
    """The whole, or the range that was asked for of this very package."""
    held = request.headers.get("if-range")
    asked = request.headers.get("range") if held in (None, validators.etag) else None
    try:
        found = find_range(asked, len(package))
    except UnsatisfiableRangeError:
        return Response(
            status_code=416, headers={**headers, "Content-Range": f"bytes */{len(package)}"}
        )
    if found is None:
        return Response(package, headers=headers)
    start, end = found
    said = f"bytes {start}-{end - 1}/{len(package)}"
    return Response(package[start:end], status_code=206, headers={**headers, "Content-Range": said})


def _freshness(access: Access) -> dict[str, str]:
    return PRIVATE if access is Access.OPERATOR else {"Cache-Control": "no-cache"}

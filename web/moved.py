"""A journal that has moved: every address below its id leads to the same one at its new place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

# A reader may take the new address for good; a cache holds this answer for a day, so that a
# mistake can be taken back.
_FRESH = "public, max-age=86400"


class MovedJournals:
    """Answers 301 where `where(source id)` says that a journal has gone. Plain ASGI."""

    def __init__(self, app: ASGIApp, where: Callable[[str], str | None]) -> None:
        self._app = app
        self._where = where

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = self._app
        if scope["type"] == "http":
            folder, _, rest = scope["path"].removeprefix("/").partition("/")
            moved_to = self._where(folder)
            if moved_to is not None:
                answer = RedirectResponse(
                    _same_below(moved_to, rest, scope["query_string"].decode("latin-1")),
                    status_code=301,
                    headers={"Cache-Control": _FRESH},
                )
        await answer(scope, receive, send)


def _same_below(moved_to: str, rest: str, query: str) -> str:
    """RedirectResponse quotes what may not stand in a header."""
    return f"{moved_to.rstrip('/')}/{rest}" + (f"?{query}" if query else "")

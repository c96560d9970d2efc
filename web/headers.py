"""Headers that every answer carries, so that a page can do no harm whatever stands in it; and
what search engines are told about a page with an article."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from archive.rights import Carry

SAFETY = {
    # Our own style and icon, and nothing else: no script, no frame, no third party.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    # A journal may know which site its reader comes from, not which page.
    "Referrer-Policy": "strict-origin-when-cross-origin",
}


class SafetyHeaders:
    """Adds them on the way out. Plain ASGI: Starlette's base class would copy every body."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in SAFETY.items():
                    headers.setdefault(name, value)  # a copy is confined more closely
            await send(message)

        await self._app(scope, receive, send_safely)


def robots_tag(carry: Carry) -> str | None:
    """X-Robots-Tag of a page with an article, by what its notice permits. A copy in a search
    engine's cache is a re-publication; and where not even a summary may be shown, the journal's
    own page is to be found and not ours. None where the article is open."""
    if carry.feed in ("link", "nothing"):
        return "noindex, noarchive"
    return None if carry.is_open else "noarchive"

"""Debian's chromium, headless, for what only a browser can say: how a page lies on a screen.

Its own windows are never narrower than 500 pixels, so a page is looked at through a frame of the
width that is asked for, on a site that adds that frame and a script that measures.
"""

from __future__ import annotations

import shutil
import subprocess
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from starlette.applications import Starlette
from starlette.responses import HTMLResponse
from starlette.routing import Mount, Route

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.requests import Request
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--hide-scrollbars", "--virtual-time-budget=4000"),
)

# What sticks out to the right of the page, by tag and text.
_MEASURE = """
<body style="margin:0"><iframe src="{path}" width="{width}" height="{height}" style="border:0">
</iframe><pre id="wide">?</pre><script>
document.querySelector("iframe").onload = event => {{
  const page = event.target.contentDocument;
  const wide = [...page.querySelectorAll("body *:not(.skip)")].filter(
    one => one.getBoundingClientRect().right > {width} + .5);
  document.getElementById("wide").textContent = [
    page.documentElement.scrollWidth > {width} ? "the page scrolls sideways" : "",
    ...wide.map(one => one.tagName + " " + one.textContent.trim().slice(0, 40)),
  ].filter(Boolean).join("\\n");
}};
</script>
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class Chromium:
    """One browser; every look is a new profile and a new process."""

    program: str
    folder: Path

    @classmethod
    def find(cls, folder: Path) -> Chromium | None:
        """Debian's, or None where it is not installed."""
        program = shutil.which("chromium")
        return cls(program=program, folder=folder) if program else None

    def too_wide(self, address: str, path: str, *, width: int) -> list[str]:
        """What does not fit into a screen of this width; `address` serves a `measuring` app."""
        dump = self._run(f"{address}/-measure/{width}{path}", "--dump-dom", width=width)
        wide = BeautifulSoup(dump, "lxml").find(id="wide")
        assert wide is not None
        assert wide.get_text() != "?", "the page did not load"
        return wide.get_text().split("\n") if wide.get_text() else []

    def picture(self, url: str, *, width: int, height: int = 1200, dark: bool = False) -> Path:
        """A screenshot."""
        file = self.folder / f"{width}{'-dark' if dark else ''}.png"
        scheme = ("--blink-settings=preferredColorScheme=0",) if dark else ()
        self._run(url, f"--screenshot={file}", *scheme, width=width, height=height)
        return file

    def _run(self, url: str, *flags: str, width: int, height: int = 1200) -> bytes:
        profile = self.folder / "profile"
        shutil.rmtree(profile, ignore_errors=True)
        size = f"--window-size={max(width, 500)},{height}"
        command = [self.program, *FLAGS, f"--user-data-dir={profile}", size, *flags, url]
        return subprocess.run(command, check=True, capture_output=True, timeout=90).stdout


def measuring(app: Any, *, height: int = 1200) -> Starlette:
    """The app, and `/-measure/<width>/<path>`: the page at that path in a frame, measured."""

    async def measure(request: Request) -> HTMLResponse:
        path = "/" + request.path_params["path"]
        if request.url.query:
            path += f"?{request.url.query}"
        width = request.path_params["width"]
        return HTMLResponse(_MEASURE.format(path=path, width=width, height=height))

    routes = [
        Route("/-measure/{width:int}/{path:path}", measure),
        Mount("/", _Framed(app)),
    ]
    return Starlette(routes=routes)


class _Framed:
    """Lets the app's pages be framed, which they rightly refuse otherwise."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, value.replace(b"frame-ancestors 'none'", b"frame-ancestors 'self'"))
                    for name, value in message["headers"]
                ]
            await send(message)

        await self._app(scope, receive, send_framed)

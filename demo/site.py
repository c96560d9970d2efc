"""The site that plays three journals on the web: an ASGI app whose pages change step by step.

    site = make_site(started)   # how the journals stand is a function of started and site.steps
    site.app                    # to be served on 127.0.0.1
    site.step()                 # the next thing happens: a new article, a correction, …
    site.expected()             # what a right reader finds now

Knows nothing of the crawler that visits it.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from demo import letters, magazine, quarterly
from demo.articles import PAGES, happenings, read_articles, standing
from demo.press import BASE, Expected, Journal, Page
from web.validators import Validators, etag_of, respond

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from starlette.requests import Request

    from demo.articles import Article, Happening

JOURNALS: tuple[Journal, ...] = (magazine, quarterly, letters)
# Often enough that a person who watches is not bored, seldom enough to follow.
EVERY = timedelta(seconds=20)
ROBOTS = "User-agent: *\nDisallow: /admin/\nDisallow: /index.php/letters/login\n"


class DemoSite:
    """Three journals on one address. `app` serves them as they stand after `steps` steps."""

    def __init__(self, started: datetime) -> None:
        self.started = started
        self.steps = 0
        self._articles = {journal.ID: read_articles(journal.FOLDER) for journal in JOURNALS}
        self._script = {
            happening.step: happening
            for source_id, articles in self._articles.items()
            for happening in happenings(source_id, articles)
        }
        self._pages = self._render()
        self._changed = dict.fromkeys(self._pages, started)
        route = Route("/{path:path}", self._answer, methods=["GET", "HEAD"])
        self.app = Starlette(routes=[route])

    @property
    def script(self) -> tuple[Happening, ...]:
        """Everything that will happen, in order."""
        return tuple(self._script[step] for step in sorted(self._script))

    def step(self) -> Happening | None:
        """Let the next thing happen; None when the script has come to its end."""
        happening = self._script.get(self.steps + 1)
        if happening is None:
            return None
        self.steps += 1
        before, self._pages = self._pages, self._render()
        for path, page in self._pages.items():
            if before.get(path) != page:
                self._changed[path] = self.started + self.steps * EVERY
        return happening

    def advance(self, now: datetime) -> tuple[Happening, ...]:
        """Let everything happen that should have by now: one step every EVERY since the start."""
        happened = []
        while self.started + (self.steps + 1) * EVERY <= now:
            happening = self.step()
            if happening is None:
                break
            happened.append(happening)
        return tuple(happened)

    def expected(self) -> tuple[Expected, ...]:
        """What a right reader finds after these steps, journal by journal, newest first."""
        return tuple(
            expected
            for journal in JOURNALS
            for expected in journal.expected(self._standing(journal), self.started)
        )

    def _standing(self, journal: Journal) -> tuple[Article, ...]:
        return standing(self._articles[journal.ID], self.steps)

    def _render(self) -> Mapping[str, Page]:
        pages = {
            "/": Page(body=(PAGES / "index.html").read_bytes()),
            "/robots.txt": Page(body=ROBOTS.encode(), content_type="text/plain; charset=utf-8"),
        }
        for journal in JOURNALS:
            pages.update(journal.pages(self._standing(journal), self.started))
        return pages

    async def _answer(self, request: Request) -> Response:
        path = request.url.path
        page = self._pages.get(path)
        if page is None:
            return Response("404 Not Found", status_code=404, media_type="text/plain")
        base = f"{request.url.scheme}://{request.url.netloc}"
        body = page.body.replace(BASE.encode(), base.encode())
        validators = Validators(etag=etag_of(body), modified=self._changed[path])
        return respond(request.headers, validators, lambda: body, content_type=page.content_type)


def make_site(started: datetime) -> DemoSite:
    """The site as it stands when the demo starts; `started` is an aware instant."""
    return DemoSite(started)


def write_journals(folder: Path, base: str) -> tuple[Path, ...]:
    """Write the three source files for a site at `base` (`http://127.0.0.1:8765`), as an operator
    would have; the files are those of `demo/journals` with the address put in."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for journal in JOURNALS:
        text = (PAGES.parent / "journals" / f"{journal.ID}.toml").read_text("utf-8")
        file = folder / f"{journal.ID}.toml"
        file.write_text(text.replace("{base}", base.rstrip("/")), "utf-8")
        written.append(file)
    return tuple(written)

"""The ASGI app: pages for people, and the published files, at the addresses of DESIGN.md.

    /                      all journals          /opml.xml    the list of all feeds
    /<source>/             one journal           /static/…    style and icon
    /<source>/<article>/   one article, with citation.bib, .ris, .json, .txt
    /<source>/<article>/timemap, …   its kept copies: see copies.py, replay.py
    /search, /groups/…     parts of the archive: see selections.py
    /<source>/rss.xml      its feeds, with       /healthz     whether the store answers
      atom.xml, feed.json  /all/… for all      /oai         metadata, for harvesters
      archive/….atom       what they held before

Reads the store and the published tree, never writes: /hub, which is there when the settings want
one, hands on what it is asked. Pages are made in threads, because the store blocks; files are
answered at once.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import partial
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from feeds.channel import Tags
from feeds.citation.work import work_of
from foundation.errors import StoreError
from web.citations import CITATIONS
from web.copies import copies_of, copy_routes
from web.files import FEED_TYPES, STATIC, STATIC_TYPES, Files
from web.frame import Frame
from web.headers import SafetyHeaders, robots_tag
from web.hub.endpoint import hub_route
from web.known import Known
from web.moved import MovedJournals
from web.oai.endpoint import oai_route
from web.oai.repository import Repository
from web.pages.article import article_page, carry_of, find_article, is_withdrawn
from web.pages.error import ErrorPage
from web.pages.front import front_page
from web.pages.journal import journal_page
from web.pages.withdrawn import withdrawn_page
from web.published import PublishedFiles
from web.rendering import HTML, Templates
from web.replay import is_installed, replay_routes
from web.selections import page_number, selection_routes
from web.validators import Validators, etag_of, respond
from web.words import choose_language

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request

    from archive.model import ArchivedEntry
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source
    from web.hub.hub import Hub


def make_app(
    settings: Settings,
    store: Store,
    sources: Callable[[], Sequence[Source]],
    hub: Hub | None = None,
) -> Starlette:
    """The app over one store; `sources` is asked at each request, so edited files show at once.
    With a hub, its address is there too: the only one that takes anything in."""
    known = Known(sources, Tags(authority=store.authority, minted=store.minted), settings)
    desk = Desk(settings=settings, store=store, sources=sources, known=known)
    return Starlette(
        routes=[
            Route("/", desk.front),
            *([hub_route(hub)] if hub else []),
            Route("/healthz", desk.health),
            oai_route(Repository(settings=settings, store=store, source=known.find)),
            Route("/opml.xml", desk.opml),
            Route("/robots.txt", desk.robots),
            Route("/static/{name}", desk.static),
            Route("/all/", desk.to_front),
            *selection_routes(desk),
            *copy_routes(desk),
            *replay_routes(desk),
            Route("/{source}/", desk.journal),
            Route("/{source}/{article}/", desk.article),
            Route("/{source}/{article}/citation.{format}", desk.citation),
            Route("/{source}/{name}", desk.feed),
        ],
        middleware=[
            Middleware(MovedJournals, where=known.moved_to),
            Middleware(PublishedFiles, public=settings.public, known=known, files=desk.files),
            Middleware(SafetyHeaders),
        ],
        exception_handlers={404: desk.missing, 405: desk.read_only, StoreError: desk.broken},
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """Answers requests: one method an address, and one for each way in which there is no answer."""

    settings: Settings
    store: Store
    sources: Callable[[], Sequence[Source]]
    known: Known
    files: Files = field(default_factory=Files)
    templates: Templates = field(default_factory=Templates)

    async def front(self, request: Request) -> Response:
        frame = self.frame(request)
        page = await run_in_threadpool(
            partial(
                front_page,
                self.store,
                self.sources(),
                self.settings,
                frame,
                number=page_number(request),
            )
        )
        return self.page(request, "front.html", frame, page)

    async def journal(self, request: Request) -> Response:
        source = self.source(request.path_params["source"])
        if source is None:
            raise HTTPException(404)
        frame = self.frame(request)
        page = await run_in_threadpool(journal_page, self.store, source, self.settings, frame)
        return self.page(request, "journal.html", frame, page)

    async def article(self, request: Request) -> Response:
        return await run_in_threadpool(self._article, request)

    def _article(self, request: Request) -> Response:
        archived, source = self.found(request)
        if is_withdrawn(archived):
            return self.withdrawn(request, archived, source)
        frame = self.frame(request)
        copies = copies_of(self, request, archived)
        page = article_page(
            self.store,
            archived,
            source,
            self.settings,
            frame,
            copies=copies,
            can_replay=is_installed(self.settings),
        )
        robots = robots_tag(carry_of(archived, source, self.settings))
        links = copies.gate_links() if copies.mementos else None
        return self.page(request, "article.html", frame, page, robots=robots, links=links)

    async def citation(self, request: Request) -> Response:
        return await run_in_threadpool(self._citation, request)

    def _citation(self, request: Request) -> Response:
        archived, source = self.found(request)
        if is_withdrawn(archived):
            return self.withdrawn(request, archived, source)
        known = CITATIONS.get(request.path_params["format"])
        if known is None:
            raise HTTPException(404)
        content_type, write = known
        text = write(work_of(archived, source)).encode()
        return respond(
            request.headers,
            Validators(etag=etag_of(text)),
            lambda: text,
            content_type=content_type,
            headers={"Cache-Control": "no-cache"},
        )

    def found(self, request: Request) -> tuple[ArchivedEntry, Source]:
        """The entry that an address names, and its source."""
        source = self.source(request.path_params["source"])
        name = request.path_params["article"]
        archived = find_article(self.store, source, name) if source else None
        if source is None or archived is None:
            raise HTTPException(404)
        return archived, source

    async def feed(self, request: Request) -> Response:
        """PublishedFiles answers for those that are there."""
        name = request.path_params["name"]
        if name not in FEED_TYPES:
            raise HTTPException(404)
        return await run_in_threadpool(self._no_feed, request, request.path_params["source"])

    async def opml(self, request: Request) -> Response:
        return self.error(request, 404, "unpublished")

    async def static(self, request: Request) -> Response:
        name = request.path_params["name"]
        # Pages ask for it with the digest of its content: that address never means other bytes.
        cache = "public, max-age=31536000, immutable" if request.query_params else "no-cache"
        if name not in STATIC_TYPES:
            raise HTTPException(404)
        answer = self.files.answer(
            STATIC / name, request.headers, content_type=STATIC_TYPES[name], cache=cache
        )
        if answer is None:
            raise HTTPException(404)
        return answer

    async def health(self, request: Request) -> Response:
        await run_in_threadpool(self.store.entries, None, limit=1)
        return PlainTextResponse("ok\n", headers={"Cache-Control": "no-store"})

    async def robots(self, request: Request) -> Response:
        return PlainTextResponse("User-agent: *\nDisallow:\n")

    async def to_front(self, request: Request) -> Response:
        return RedirectResponse(self.frame(request).link("/"), status_code=301)

    async def missing(self, request: Request, error: Exception) -> Response:
        return self.error(request, 404, "missing", nearest=True)

    async def read_only(self, request: Request, error: Exception) -> Response:
        return self.error(request, 405, "method", headers={"Allow": "GET, HEAD"})

    async def broken(self, request: Request, error: Exception) -> Response:
        return self.error(request, 503, "broken", headers={"Retry-After": "60"})

    def _no_feed(self, request: Request, folder: str) -> Response:
        """A feed that is not there: not yet, no more, or never."""
        source = self.source(folder)
        known = [status for status in self.store.status() if status.source_id == folder]
        if folder == "all" or (source and not any(status.retired for status in known)):
            return self.error(request, 404, "unpublished")
        if known:
            return self.error(request, 410, "gone")
        return self.error(request, 404, "missing", nearest=True)

    def source(self, source_id: str) -> Source | None:
        return self.known.find(source_id)

    def frame(self, request: Request) -> Frame:
        asked = request.query_params.get("lang")
        language = choose_language(
            asked=asked,
            accepted=request.headers.get("accept-language"),
            default=self.settings.language,
        )
        return Frame.of(
            self.settings.public_url,
            language=language,
            asked=asked,
            path=request.scope["path"],
            query=request.query_params.get("q"),
        )

    def page(
        self,
        request: Request,
        template: str,
        frame: Frame,
        page: object,
        *,
        robots: str | None = None,
        links: str | None = None,
    ) -> Response:
        html = self.templates.render(template, frame=frame, page=page)
        headers = {
            "Cache-Control": "no-cache",
            "Content-Language": frame.language,
            "Vary": "Accept-Language",
            **({"X-Robots-Tag": robots} if robots else {}),
            **({"Link": links} if links else {}),
        }
        validators = Validators(etag=etag_of(html))
        return respond(
            request.headers, validators, lambda: html, content_type=HTML, headers=headers
        )

    def withdrawn(self, request: Request, archived: ArchivedEntry, source: Source) -> Response:
        """410, with what is left of an article that was taken down."""
        frame = self.frame(request)
        page = withdrawn_page(self.store, archived, source, frame)
        html = self.templates.render("withdrawn.html", frame=frame, page=page)
        return Response(html, status_code=410, headers={"Content-Type": HTML})

    def error(
        self,
        request: Request,
        status: int,
        what: str,
        *,
        nearest: bool = False,
        headers: dict[str, str] | None = None,
    ) -> Response:
        frame = self.frame(request)
        page = ErrorPage(
            title=frame.words.say(what),
            hint=frame.words.say(f"{what}-hint"),
            nearest=self._nearest(request.url.path, frame) if nearest else None,
        )
        html = self.templates.render("error.html", frame=frame, page=page)
        return Response(html, status_code=status, headers={**(headers or {}), "Content-Type": HTML})

    def _nearest(self, path: str, frame: Frame) -> tuple[str, str] | None:
        """Title and link of the journal whose id is nearest to what the address says."""
        by_id = {source.id: source for source in self.sources()}
        near = get_close_matches(path.strip("/").partition("/")[0], by_id, n=1)
        return (by_id[near[0]].title, frame.link(f"/{near[0]}/")) if near else None

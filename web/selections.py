"""Parts of the archive over HTTP: pages for people, and feeds that are rendered when asked for.

/search?q=…            what a query finds      /search.atom, .rss, .json
/groups/<name>/        journals of a group     its feeds are published files
/searches/<id>/        a search with a name    its feeds are published files
/authors/<name>/       one author              atom.xml, rss.xml, feed.json
/<source>/columns/<name>/                      atom.xml, rss.xml, feed.json
/<source>/completeness/  whether its issues are kept whole, and completeness.json
/<source>/issues/      the issues of a journal
/<source>/issues/<issue>/                      atom.xml, rss.xml, feed.json
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.routing import Route

from archive.issue import parse_slug
from archive.selection import key_of
from feeds.channel import ATOM, JSON, RSS, Tags
from feeds.selected import (
    Chosen,
    chosen_documents,
    chosen_entries,
    groups_of,
    of_author,
    of_column,
    of_group,
    of_issue,
    of_saved,
    of_search,
    path_name,
)
from foundation.errors import QueryError
from web.files import FEED_TYPES
from web.pages.completeness import completeness_data, completeness_page
from web.pages.issue import issue_page, issues_page
from web.pages.search import search_page
from web.pages.selection import selection_page
from web.validators import Validators, etag_of, respond

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    from sources.model import Source
    from web.app import Desk

_PAGE = re.compile(r"[0-9]{1,6}")
_FORMATS = {"atom": ATOM, "rss": RSS, "json": JSON}
#: Rendered on demand: a reader need not ask more often than news come at the shortest rhythm.
_FRESH = "public, max-age=900"


def page_number(request: Request) -> int:
    """Which page is asked for. More digits are no page of ours, and a number too long to be one
    is an error."""
    asked = request.query_params.get("page", "")
    return int(asked) if _PAGE.fullmatch(asked) else 1


def selection_routes(desk: Desk) -> list[Route]:
    """The routes, in the order in which they must be tried."""
    chosen = _ChosenDesk(desk=desk)

    def route(path: str, answer: Callable[[Request], Response]) -> Route:
        async def endpoint(request: Request) -> Response:
            return await run_in_threadpool(answer, request)

        return Route(path, endpoint)

    return [
        route("/search", chosen.search),
        route("/search.{format}", chosen.search_feed),
        route("/groups/{name}/", chosen.group),
        route("/searches/{name}/", chosen.saved),
        route("/authors/{name}/", chosen.author),
        route("/authors/{name}/{document}", chosen.author_feed),
        route("/{source}/columns/{name}/", chosen.column),
        route("/{source}/columns/{name}/{document}", chosen.column_feed),
        route("/{source}/completeness/", chosen.completeness),
        route("/{source}/completeness.json", chosen.completeness_json),
        route("/{source}/issues/", chosen.issues),
        route("/{source}/issues/{issue}/", chosen.issue),
        route("/{source}/issues/{issue}/{document}", chosen.issue_feed),
    ]


@dataclass(frozen=True, kw_only=True, slots=True)
class _ChosenDesk:
    """One method an address; each runs in a thread, since the store blocks."""

    desk: Desk

    def search(self, request: Request) -> Response:
        desk, frame = self.desk, self.desk.frame(request)
        page = search_page(
            desk.store,
            request.query_params.get("q", ""),
            desk.sources(),
            desk.settings,
            self._tags,
            frame,
            number=page_number(request),
        )
        return desk.page(request, "search.html", frame, page)

    def search_feed(self, request: Request) -> Response:
        document = _FORMATS.get(request.path_params["format"])
        query = request.query_params.get("q", "").strip()
        if document is None or not query:
            raise HTTPException(404)
        desk = self.desk
        try:
            chosen = of_search(query, desk.sources(), desk.settings, self._tags)
        except QueryError:
            return desk.error(request, 400, "search-fault")
        return self._feed(request, chosen, document)

    def group(self, request: Request) -> Response:
        desk, name = self.desk, request.path_params["name"]
        sources = desk.sources()
        group = next((each for each in groups_of(sources) if path_name(each) == name), None)
        if group is None:
            raise HTTPException(404)
        members = [source for source in sources if group in source.groups]
        chosen = of_group(group, sources, desk.settings, self._tags)
        return self._page(request, chosen, group, members=members)

    def saved(self, request: Request) -> Response:
        desk, name = self.desk, request.path_params["name"]
        search = next((each for each in desk.settings.searches if each.id == name), None)
        if search is None:
            raise HTTPException(404)
        try:
            chosen = of_saved(search, desk.sources(), desk.settings, self._tags)
        except QueryError:
            return desk.error(request, 404, "unpublished")
        return self._page(request, chosen, search.title, query=search.query)

    def author(self, request: Request) -> Response:
        return self._page(request, self._author(request), request.path_params["name"])

    def author_feed(self, request: Request) -> Response:
        return self._feed(request, self._author(request), request.path_params["document"])

    def column(self, request: Request) -> Response:
        chosen, name = self._column(request)
        return self._page(request, chosen, name)

    def column_feed(self, request: Request) -> Response:
        chosen, _ = self._column(request)
        return self._feed(request, chosen, request.path_params["document"])

    def issues(self, request: Request) -> Response:
        source, frame = self._source(request), self.desk.frame(request)
        page = issues_page(self.desk.store, source, frame)
        return self.desk.page(request, "issues.html", frame, page)

    def completeness(self, request: Request) -> Response:
        source, frame = self._source(request), self.desk.frame(request)
        report = self.desk.store.issue_reports.find(source.id)
        page = completeness_page(report, source, frame)
        return self.desk.page(request, "completeness.html", frame, page)

    def completeness_json(self, request: Request) -> Response:
        source, frame = self._source(request), self.desk.frame(request)
        report = self.desk.store.issue_reports.find(source.id)
        text = json.dumps(completeness_data(report, source, frame), ensure_ascii=False).encode()
        return respond(
            request.headers,
            Validators(etag=etag_of(text)),
            lambda: text,
            content_type="application/json",
            headers={"Cache-Control": "no-cache"},
        )

    def issue(self, request: Request) -> Response:
        desk, frame = self.desk, self.desk.frame(request)
        source, chosen = self._issue(request)
        entries = chosen_entries(desk.store, chosen, [source])
        if not entries:
            raise HTTPException(404)
        page = issue_page(desk.store, chosen, entries, source, frame)
        return desk.page(request, "issue.html", frame, page)

    def issue_feed(self, request: Request) -> Response:
        _, chosen = self._issue(request)
        return self._feed(request, chosen, request.path_params["document"])

    @property
    def _tags(self) -> Tags:
        return Tags(authority=self.desk.store.authority, minted=self.desk.store.minted)

    def _source(self, request: Request) -> Source:
        source = self.desk.source(request.path_params["source"])
        if source is None:
            raise HTTPException(404)
        return source

    def _author(self, request: Request) -> Chosen:
        name = request.path_params["name"]
        if not key_of(name):
            raise HTTPException(404)
        return of_author(name, self.desk.settings, self._tags)

    def _column(self, request: Request) -> tuple[Chosen, str]:
        """A column under the name that its articles print."""
        source, wanted = self._source(request), key_of(request.path_params["name"])
        columns = self.desk.store.columns(source.id)
        name = next((each.name for each in columns if each.key == wanted), None)
        if name is None:
            raise HTTPException(404)
        return of_column(source, name, self.desk.settings, self._tags), name

    def _issue(self, request: Request) -> tuple[Source, Chosen]:
        source, slug = self._source(request), request.path_params["issue"]
        known = self.desk.store.issues(source.id)
        found = next((each.issue for each in known if each.issue.slug == slug), None)
        issue = found or parse_slug(slug)
        if issue is None:
            raise HTTPException(404)
        return source, of_issue(source, issue, self.desk.settings, self._tags)

    def _page(
        self,
        request: Request,
        chosen: Chosen,
        title: str,
        *,
        members: Sequence[Source] = (),
        query: str | None = None,
    ) -> Response:
        desk, frame = self.desk, self.desk.frame(request)
        page = selection_page(
            desk.store,
            chosen,
            desk.sources(),
            frame,
            title=title,
            members=members,
            query=query,
            number=page_number(request),
        )
        return desk.page(request, "selection.html", frame, page)

    def _feed(self, request: Request, chosen: Chosen, document: str) -> Response:
        if document not in FEED_TYPES:
            raise HTTPException(404)
        desk = self.desk
        made = chosen_documents(desk.store, chosen, desk.sources(), desk.settings)[document]
        return respond(
            request.headers,
            Validators(etag=etag_of(made)),
            lambda: made,
            content_type=FEED_TYPES[document],
            headers={"Cache-Control": _FRESH},
        )

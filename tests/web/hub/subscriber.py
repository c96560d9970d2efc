"""A small WebSub subscriber, as strict as the specification wants one: a real server on 127.0.0.1
whose callbacks can be told to behave badly."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

import httpx
from lxml import etree, html
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from tests.web.serving import served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.requests import Request

ATOM = "{http://www.w3.org/2005/Atom}link"
LINK = re.compile(r'<([^>]*)>\s*;\s*rel="?([^",;]+)"?')


@dataclass(frozen=True, kw_only=True)
class Found:
    """What discovery gives: the hubs, and the topic under the name that it gives itself."""

    hubs: tuple[str, ...]
    topic: str


def discover(url: str) -> Found:
    """Section 4: Link headers first, else the document; redirects are followed."""
    with httpx.Client(follow_redirects=True) as client:
        answer = client.get(url)
    links = [(url, relation) for url, relation in LINK.findall(answer.headers.get("Link", ""))]
    hubs = tuple(url for url, relation in links if relation == "hub")
    if not hubs:
        links = document_links(answer)
        hubs = tuple(url for url, relation in links if relation == "hub")
    (topic,) = (url for url, relation in links if relation == "self")
    base = str(answer.url)
    return Found(hubs=tuple(urljoin(base, hub) for hub in hubs), topic=urljoin(base, topic))


def document_links(answer: httpx.Response) -> list[tuple[str, str]]:
    """(address, relation) of each link in HTML, Atom, RSS or JSON Feed."""
    kind = answer.headers.get("Content-Type", "").partition(";")[0]
    if kind == "text/html":
        tree = html.fromstring(answer.content)
        return [(one.get("href"), one.get("rel")) for one in tree.iter("link")]
    if kind == "application/feed+json":
        feed = answer.json()
        hubs = [(hub["url"], "hub") for hub in feed.get("hubs", [])]
        return [(feed["feed_url"], "self"), *hubs]
    root = etree.fromstring(answer.content)
    feed = root[0] if root.tag == "rss" else root
    return [(one.get("href", ""), one.get("rel", "")) for one in feed.iterfind(ATOM)]


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """What arrived at a callback and was taken."""

    body: bytes
    headers: dict[str, str]


@dataclass
class Callback:
    """One subscription from the subscriber's side. `status` is what it answers to deliveries;
    `answers` what it does to a question, when it is not to be honest."""

    wished: set[tuple[str, str]] = field(default_factory=set)
    secret: str | None = None
    status: int = 204
    location: str | None = None
    retry_after: str | None = None
    answers: Callable[[Request], Response] | None = None
    questions: list[dict[str, str]] = field(default_factory=list)
    queries: list[str] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    ignored: list[Delivery] = field(default_factory=list)
    attempts: int = 0
    waits_seconds: float = 0

    def question(self, request: Request) -> Response:
        """Say yes to what was wished for, and to nothing else (section 5.3)."""
        asked = dict(request.query_params)
        self.questions.append(asked)
        self.queries.append(request.url.query)
        if self.answers is not None:
            return self.answers(request)
        if (asked.get("hub.mode", ""), asked.get("hub.topic", "")) not in self.wished:
            return PlainTextResponse("not mine", status_code=404)
        return PlainTextResponse(asked["hub.challenge"])

    def take(self, body: bytes, headers: dict[str, str]) -> Response:
        """Take a delivery; one whose signature is wrong or missing is answered alike, ignored."""
        self.attempts += 1
        if not 200 <= self.status < 300:
            said = {"Location": self.location, "Retry-After": self.retry_after}
            more = {name: value for name, value in said.items() if value is not None}
            return Response(status_code=self.status, headers=more)
        delivery = Delivery(body=body, headers=headers)
        is_signed = self.secret is None or is_right(body, headers, self.secret)
        (self.deliveries if is_signed else self.ignored).append(delivery)
        return Response(status_code=self.status)


def is_right(body: bytes, headers: dict[str, str], secret: str) -> bool:
    method, _, given = headers.get("x-hub-signature", "").partition("=")
    right = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return method == "sha256" and hmac.compare_digest(given, right)


@dataclass
class Subscriber:
    """`subscriber.subscribe(url)` and then `subscriber.at("/one").deliveries`."""

    address: str = ""
    callbacks: dict[str, Callback] = field(default_factory=dict)

    def at(self, path: str) -> Callback:
        return self.callbacks.setdefault(path, Callback())

    def ask(
        self,
        hub: str,
        topic: str,
        *,
        path: str = "/callback",
        query: str = "",
        mode: str = "subscribe",
        secret: str | None = None,
        **more: str,
    ) -> httpx.Response:
        """Ask a hub, in the words of section 5.1; the topic is wished for from then on."""
        callback = self.at(path)
        callback.wished = {(mode, topic)}
        callback.secret = secret or callback.secret
        form = {
            "hub.mode": mode,
            "hub.topic": topic,
            "hub.callback": self.address + path + query,
            **({"hub.secret": secret} if secret else {}),
            **{name.replace("_", ".", 1): value for name, value in more.items()},
        }
        return post_form(hub, form)

    def subscribe(self, url: str, **more: str) -> httpx.Response:
        """The whole way from the address of a feed."""
        found = discover(url)
        return self.ask(found.hubs[0], found.topic, **more)  # type: ignore[arg-type]

    async def answer(self, request: Request) -> Response:
        callback = self.callbacks.get(request.url.path)
        if callback is None:
            return Response(status_code=404)
        if request.method == "GET":
            return callback.question(request)
        body = await request.body()
        if callback.waits_seconds:
            callback.attempts += 1
            await asyncio.sleep(callback.waits_seconds)
        return callback.take(body, dict(request.headers))


def post_form(hub: str, form: dict[str, str]) -> httpx.Response:
    """POST, also where the hub has moved: the method and the form go along (section 5.1)."""
    with httpx.Client() as client:
        answer = client.post(hub, data=form)
        while answer.status_code in (307, 308):
            answer = client.post(urljoin(hub, answer.headers["Location"]), data=form)
    return answer


@contextmanager
def open_subscriber() -> Iterator[Subscriber]:
    """A running subscriber."""
    subscriber = Subscriber()
    app = Starlette(
        routes=[Route("/{path:path}", subscriber.answer, methods=["GET", "POST"])],
    )
    with served(app) as address:
        subscriber.address = address
        yield subscriber


def wait_for(is_so: Callable[[], object], what: str, *, seconds: float = 10) -> None:
    """The deadline is for a broken hub, not for a slow machine."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, what
        time.sleep(0.01)

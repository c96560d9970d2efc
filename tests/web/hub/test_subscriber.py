"""The subscriber that the hub's tests use, held against the subscriber cases of websub.rocks
(FEEDS.md): what it does not do rightly, it cannot show of the hub."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from tests.web.hub.running import RunningHub, open_hub
from tests.web.hub.subscriber import Found, Subscriber, discover, open_subscriber, wait_for
from tests.web.serving import served
from web.hub.message import signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request

pytestmark = pytest.mark.slow

HUB, SELF = "https://hub.example/", "https://press.example/feed"
LINKS = f'<link rel="hub" href="{HUB}"/><link rel="self" href="{SELF}"/>'
DOCUMENTS = {
    "HTML": ("text/html", f"<html><head>{LINKS}</head><body><p>刊</p></body></html>"),
    "Atom": ("application/atom+xml", f'<feed xmlns="http://www.w3.org/2005/Atom">{LINKS}</feed>'),
    "RSS": (
        "application/rss+xml",
        '<rss xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
        + LINKS.replace("<link", "<atom:link")
        + "</channel></rss>",
    ),
    "JSON Feed": (
        "application/feed+json",
        f'{{"feed_url": "{SELF}", "hubs": [{{"type": "WebSub", "url": "{HUB}"}}]}}',
    ),
}


@dataclass
class Press:
    """A publisher; `answers` by path."""

    answers: dict[str, Response] = field(default_factory=dict)
    address: str = ""

    async def answer(self, request: Request) -> Response:
        return self.answers[request.url.path]


@contextmanager
def open_press() -> Iterator[Press]:
    press = Press()
    routes = [Route("/{path:path}", press.answer, methods=["GET", "POST"])]
    with served(Starlette(routes=routes)) as address:
        press.address = address
        yield press


@pytest.fixture
def press() -> Iterator[Press]:
    with open_press() as press:
        yield press


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with open_subscriber() as subscriber:
        yield subscriber


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with open_hub(tmp_path) as hub:
        hub.publish("magazine/atom.xml", b"<feed/>")
        yield hub


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_hub_and_topic_are_found_in_the_document(press: Press, kind: str) -> None:
    content_type, document = DOCUMENTS[kind]
    press.answers["/"] = Response(document, media_type=content_type)
    assert discover(f"{press.address}/") == Found(hubs=(HUB,), topic=SELF)


def test_hub_and_topic_are_found_in_the_headers_which_win(press: Press) -> None:
    headers = {"Link": f'<{HUB}2>; rel="hub", <{HUB}3>; rel=hub, <{SELF}/2>; rel="self"'}
    content_type, document = DOCUMENTS["Atom"]
    press.answers["/"] = Response(document, media_type=content_type, headers=headers)
    assert discover(f"{press.address}/") == Found(hubs=(f"{HUB}2", f"{HUB}3"), topic=f"{SELF}/2")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_topic_that_has_moved_is_followed(press: Press, status: int) -> None:
    content_type, document = DOCUMENTS["RSS"]
    press.answers["/old"] = RedirectResponse("/new", status_code=status)
    press.answers["/new"] = Response(document, media_type=content_type)
    assert discover(f"{press.address}/old").topic == SELF


@pytest.mark.parametrize("status", [307, 308])
def test_a_hub_that_has_moved_is_followed_with_the_form(
    press: Press, hub: RunningHub, subscriber: Subscriber, status: int
) -> None:
    press.answers["/hub"] = RedirectResponse(hub.address, status_code=status)
    answer = subscriber.ask(f"{press.address}/hub", hub.url("magazine/atom.xml"))
    assert answer.status_code == 202
    wait_for(lambda: hub.subscriptions() == 1, "not subscribed")


def test_a_subscription_that_was_never_asked_for_is_not_confirmed(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    callback = subscriber.at("/callback")
    form = {"hub.mode": "subscribe", "hub.topic": hub.url("magazine/atom.xml")}
    form["hub.callback"] = f"{subscriber.address}/callback"
    assert httpx.post(hub.address, data=form).status_code == 202
    wait_for(lambda: callback.questions, "not asked")
    hub.rest()
    assert hub.subscriptions() == 0


@pytest.mark.parametrize(
    ("header", "is_taken"),
    [
        ({"X-Hub-Signature": signature("刊".encode(), "geheim")}, True),
        ({"X-Hub-Signature": signature("刊".encode(), "another")}, False),
        ({"X-Hub-Signature": signature(b"another body", "geheim")}, False),
        ({"X-Hub-Signature": "sha256="}, False),
        ({}, False),
    ],
    ids=["right", "other secret", "other body", "empty", "missing"],
)
def test_a_delivery_is_answered_with_2xx_and_ignored_if_its_signature_is_wrong(
    subscriber: Subscriber, header: dict[str, str], is_taken: bool
) -> None:
    callback = subscriber.at("/callback")
    callback.secret = "geheim"
    answer = httpx.post(f"{subscriber.address}/callback", content="刊".encode(), headers=header)
    assert answer.is_success
    assert (len(callback.deliveries), len(callback.ignored)) == (is_taken, not is_taken)


def test_a_signature_is_the_hmac_that_others_reckon() -> None:
    """RFC 4231, test case 2."""
    assert signature(b"what do ya want for nothing?", "Jefe") == (
        "sha256=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    )

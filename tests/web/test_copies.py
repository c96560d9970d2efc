"""Kept copies over HTTP: found by a Memento client, harmless, and closed where they must be."""

from __future__ import annotations

import base64
import gzip
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import brotli
import httpx
import pytest

from archive.captures import CaptureWriter
from archive.exchange import Exchange
from archive.model import NoticeClass
from tests.factories import entry, notice, sighting
from tests.web.library import NOW
from tests.web.memento_client import MementoClient, parse_links
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = pytest.mark.slow

PUBLIC_URL = "https://feeds.example"
URL = "https://pinpai.example/渡口.html"
TOKEN = "a-token-of-the-operator-0123456789abcdef"
BASIC = "Basic " + base64.b64encode(f"林:{TOKEN}".encode()).decode()
GBK = "<html><head><meta charset=gbk><title>渡口</title><script>document.title='跑了'</script>"
GBK_PAGE = f"{GBK}<body>渡口的灯火".encode("gbk")


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, operator_token=TOKEN)


@pytest.fixture
def keep(settings: Settings, store: Store) -> Iterator[Callable[..., str]]:
    """Keeps an article page with its bytes, and gives the address of our page of it."""
    with CaptureWriter(
        settings.warc, software="t", operator="t", clock=lambda: NOW, robots="obey"
    ) as writer:

        def keep_page(
            body: bytes,
            *headers: tuple[bytes, bytes],
            seen: datetime = NOW,
            **fields: object,
        ) -> str:
            exchange = Exchange(
                url=URL, method="GET", status=200, started=seen, request_headers=(),
                response_headers=headers or ((b"Content-Type", b"text/html; charset=gbk"),),
                body=body,
            )  # fmt: skip
            found = entry(**{"url": URL, "canonical_url": URL, "text": f"{body!r}", **fields})
            kept = sighting(found, source_id="pinpai-guancha", seen=seen)
            kept = replace(kept, capture=writer.write(exchange))
            writer.sync()
            entry_id = store.keep(kept).entry_id
            return f"{PUBLIC_URL}/pinpai-guancha/{entry_id.rpartition('/')[2]}/"

        yield keep_page


@pytest.fixture
def memento(client: httpx.Client) -> MementoClient:
    return MementoClient(client, PUBLIC_URL)


@pytest.mark.promise(number=22)
def test_line_22_a_memento_client_finds_every_copy(
    memento: MementoClient, keep: Callable[..., str]
) -> None:
    bodies = [f"{GBK}<body>第{number}版".encode("gbk") for number in range(4)]
    days = [0, 3, 3, 40]  # two within one second
    for number, (body, day) in enumerate(zip(bodies, days, strict=True)):
        page = keep(body, seen=NOW + timedelta(days=day, milliseconds=7 * number))
    links = memento.timemap(page)
    assert [link.instant for link in links] == [NOW + timedelta(days=day) for day in days]
    assert [memento.get(link.target).content for link in links] == bodies
    assert len({link.target for link in links}) == 4
    for asked, which in (
        (None, 3),
        ("Mon, 23 Nov 2026 03:59:59 GMT", 0),  # before all: the first
        ("Mon, 23 Nov 2026 04:00:00 GMT", 0),
        ("Wed, 25 Nov 2026 23:00:00 GMT", 0),  # nearer to the next, which was not there yet
        ("Thu, 26 Nov 2026 04:00:00 GMT", 2),
        ("Fri, 01 Jan 2027 00:00:00 GMT", 2),
        ("Sun, 01 Jan 2040 00:00:00 GMT", 3),
    ):
        found = memento.negotiate(page, asked)
        assert found.content == bodies[which], asked
        assert memento.negotiate(page, asked, "HEAD").headers["etag"] == found.headers["etag"]
    own = parse_links(memento.get(links[1].target).headers["link"])
    assert {rel for link in own for rel in link.rels} >= {"first", "prev", "next", "last"}
    original = next(link for link in own if "original" in link.rels).target
    assert original == "https://pinpai.example/%E6%B8%A1%E5%8F%A3.html"


@pytest.mark.parametrize(
    "asked", ["yesterday", "2026-11-23T04:00:00Z", "Mon, 23 Nov 2026 04:00:00 +0800", ""]
)
def test_an_instant_of_another_form_is_a_bad_request(
    memento: MementoClient, keep: Callable[..., str], asked: str
) -> None:
    answer = memento.get(f"{keep(GBK_PAGE)}timegate", accept_datetime=asked)
    assert answer.status_code == 400
    assert "accept-datetime" in answer.headers["vary"].lower()


def test_a_copy_is_what_was_served_and_does_no_harm(
    memento: MementoClient, keep: Callable[..., str]
) -> None:
    head = (
        (b"Content-Type", b"text/html"),
        (b"Server", b"\xb6\xc9\xbf\xda"),
        (b"Content-Encoding", b"gzip"),
        (b"Content-Security-Policy", b"default-src *"),
        (b"X Odd", b"a"),
        (b"X-Zero", b"a\x00b"),
        (b"Refresh", b"0; url=https://pinpai.example/"),
    )
    found = memento.negotiate(keep(gzip.compress(GBK_PAGE), *head), None)
    assert found.content == GBK_PAGE
    # No charset of ours: the page says its own, or a browser guesses as it did then.
    assert found.headers["content-type"] == "text/html"
    policy = found.headers["content-security-policy"]
    assert policy.startswith("sandbox; default-src 'none'")
    assert "allow-" not in policy
    assert "script-src" not in policy
    originals = {
        name: value for name, value in found.headers.raw if name.startswith(b"x-archive-orig-")
    }
    assert originals == {
        b"x-archive-orig-content-type": b"text/html",
        b"x-archive-orig-server": b"\xb6\xc9\xbf\xda",
        b"x-archive-orig-content-encoding": b"gzip",
        b"x-archive-orig-content-security-policy": b"default-src *",
        b"x-archive-orig-refresh": b"0; url=https://pinpai.example/",
    }
    assert "refresh" not in found.headers
    assert found.headers["x-robots-tag"] == "noindex, noarchive"


def test_every_coding_is_taken_off_and_an_unknown_one_is_told(
    memento: MementoClient, keep: Callable[..., str]
) -> None:
    html = (b"Content-Type", b"text/html; charset=gbk")
    packed = {b"br": brotli.compress(GBK_PAGE), b"gzip": gzip.compress(GBK_PAGE)[:-9]}
    for number, (coding, body) in enumerate(packed.items()):
        seen = NOW + timedelta(days=number)
        page = keep(body, html, (b"Content-Encoding", coding), seen=seen)
        assert memento.negotiate(page, None).content in (GBK_PAGE, GBK_PAGE[:-1])
    page = keep(b"odd", html, (b"Content-Encoding", b"x-odd"), seen=NOW + timedelta(days=9))
    assert memento.negotiate(page, None).headers["content-encoding"] == "x-odd"


@pytest.mark.promise(number=7)
@pytest.mark.promise(number=26)
def test_line_7_a_closed_copy_opens_to_the_operator_alone(
    memento: MementoClient,
    keep: Callable[..., str],
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    page = keep(GBK_PAGE, notice=notice(NoticeClass.FORBIDDEN))
    (link,) = memento.timemap(page)
    for wrong in (None, "Bearer", "Bearer x", f"Bearer {TOKEN}x", f"Token {TOKEN}", "Basic x",
                  f"Basic {base64.b64encode(TOKEN.encode()).decode()}"):  # fmt: skip
        asked = {"authorization": wrong} if wrong else {}
        refused = memento.get(link.target, **asked)
        assert refused.status_code == 401, wrong
        assert refused.headers["www-authenticate"].startswith("Basic realm=")
        assert "渡口" not in refused.text
    for right in (BASIC, f"Bearer {TOKEN}"):
        shown = memento.get(link.target, authorization=right)
        assert (shown.status_code, shown.content) == (200, GBK_PAGE)
        assert shown.headers["cache-control"] == "private, no-store"
    # Line 26: the token is in no log and in no file.
    assert TOKEN not in caplog.text
    assert BASIC[6:] not in caplog.text
    for file in settings.data.rglob("*"):
        assert not file.is_file() or TOKEN.encode() not in file.read_bytes()
    assert TOKEN not in repr(settings)


def test_a_browser_is_asked_for_the_token_once(client: httpx.Client) -> None:
    assert client.get("/operator").status_code == 401
    shown = client.get("/operator", headers={"authorization": BASIC})
    assert (shown.status_code, shown.headers["location"]) == (303, "/")


def test_without_a_token_what_is_closed_stays_closed(
    settings: Settings, store: Store, sources: list[Source], keep: Callable[..., str]
) -> None:
    page = keep(GBK_PAGE, notice=notice(NoticeClass.FORBIDDEN))
    bare = replace(settings, operator_token=None)
    with (
        served(make_app(bare, store, lambda: sources)) as address,
        httpx.Client(base_url=address) as opened,
    ):
        memento = MementoClient(opened, PUBLIC_URL)
        (link,) = memento.timemap(page)
        for asked in ({}, {"authorization": "Bearer x"}, {"authorization": "Basic Og=="}):
            assert memento.get(link.target, **asked).status_code == 403
        assert opened.get("/operator").status_code == 404


@pytest.mark.promise(number=30)
def test_line_30_copies_of_what_was_taken_down_are_dark(
    memento: MementoClient, keep: Callable[..., str], store: Store
) -> None:
    page = keep(GBK_PAGE)
    (link,) = memento.timemap(page)
    entry_id = store.stories.named(page, public_url=PUBLIC_URL)
    store.withdrawals.withdraw(entry_id, who="林", why="要求", now=datetime.now(UTC))
    for url in (link.target, f"{page}timemap", f"{page}timegate"):
        answer = memento.get(url)
        assert answer.status_code == 410
        assert "渡口" not in answer.text
    shown = memento.get(link.target, authorization=BASIC)
    assert (shown.status_code, shown.content) == (200, GBK_PAGE)


@pytest.mark.promise(number=12)
def test_an_article_leads_to_its_copies(
    client: httpx.Client, memento: MementoClient, keep: Callable[..., str], store: Store
) -> None:
    keep(GBK_PAGE)
    page = keep(GBK_PAGE + b"!", seen=NOW + timedelta(days=1))
    text = memento.get(f"{page}?lang=en").text
    assert "2 copies of the page are kept." in text
    assert f'<link rel="timegate" href="{page}timegate">' in text
    for link in memento.timemap(page):
        assert link.target.removeprefix(PUBLIC_URL) in text
    # Line 12: of what vanished, the last good copy is a step away.
    assert store.vanish("pinpai-guancha", URL, NOW + timedelta(days=2), 410)
    gone = memento.get(f"{page}?lang=en").text
    assert "Page vanished" in gone
    assert memento.timemap(page)[-1].target.removeprefix(PUBLIC_URL) in gone
    closed = keep(GBK_PAGE, seen=NOW + timedelta(days=2), notice=notice(NoticeClass.FORBIDDEN))
    assert (
        "The notice does not let it be shown to the public."
        in memento.get(f"{closed}?lang=en").text
    )
    assert client.get("/pinpai-guancha/none/timemap").status_code == 404
    assert memento.get(f"{page}at/20200101000000").status_code == 404

"""What a feed reader gets over a real socket: codings, validators, deltas, links, freshness."""

from __future__ import annotations

import gzip
import json
import os
import re
import shutil
import sqlite3
import subprocess
import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import brotli
import feedparser
import httpx
import pytest

from feeds.compress import compress_file, uncompressed_files
from feeds.ended import ended_sources, remove_feeds
from feeds.publish import publish_journals
from feeds.write import write_if_changed
from sources.model import Rhythm
from tests.factories import entry, sighting
from tests.web.library import NOW
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = pytest.mark.slow

ID = "pinpai-guancha"
FEEDS = ["rss.xml", "atom.xml", "feed.json"]
CODINGS = ["identity", "gzip", "br"]
DECODERS = {"identity": bytes, "gzip": gzip.decompress, "br": brotli.decompress}


@pytest.fixture
def pressed(settings: Settings) -> Settings:
    """With the compressed siblings, as they stand a tick after publishing."""
    for file in list(uncompressed_files(settings.public)):
        compress_file(file)
    return settings


def publish_another(store: Store, settings: Settings, sources: list[Source], which: int) -> None:
    """One more article of the magazine, in its feeds."""
    url = f"https://pinpai.example/extra-{which}.html"
    article = entry(url=url, canonical_url=url, title=f"新到的第{which}篇", text=f"正文{which}。")
    seen = NOW + timedelta(minutes=which)
    store.keep(sighting(article, source_id=ID, seen=seen))
    publish_journals(store, [source for source in sources if source.id == ID], settings)


def raw(client: httpx.Client, path: str, method: str = "GET", **headers: str) -> httpx.Response:
    """The answer with its body as sent: httpx would decode it."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    with client.stream(method, path, headers={"accept-encoding": "identity", **names}) as answer:
        answer._content = b"".join(answer.iter_raw())
    return answer


def ids(document: bytes) -> list[str]:
    return [one.id for one in feedparser.parse(document).entries]


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("name", FEEDS)
def test_line_34_a_feed_comes_in_the_coding_asked_for(
    client: httpx.Client, pressed: Settings, name: str, coding: str
) -> None:
    answer = raw(client, f"/{ID}/{name}", accept_encoding=coding)
    assert answer.headers.get("content-encoding", "identity") == coding
    assert answer.headers["vary"] == "Accept-Encoding"
    plain = (pressed.public / ID / name).read_bytes()
    assert DECODERS[coding](answer.content) == plain
    assert int(answer.headers["content-length"]) == len(answer.content)


@pytest.mark.parametrize("path", [f"/{ID}/atom.xml", "/all/rss.xml", "/opml.xml"])
def test_line_34_each_coding_has_a_strong_tag_of_its_own(
    client: httpx.Client, pressed: Settings, path: str
) -> None:
    tags = {raw(client, path, accept_encoding=each).headers["etag"] for each in CODINGS}
    assert len(tags) == 3
    assert all(tag.startswith('"') for tag in tags)


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("name", FEEDS)
def test_line_32_either_validator_answers_304_in_every_coding(
    client: httpx.Client, pressed: Settings, name: str, coding: str
) -> None:
    path = f"/{ID}/{name}"
    first = raw(client, path, accept_encoding=coding)
    for header, value in (
        ("If-None-Match", first.headers["etag"]),
        ("If-Modified-Since", first.headers["last-modified"]),
    ):
        again = raw(client, path, accept_encoding=coding, **{header.lower(): value})
        assert (again.status_code, again.content) == (304, b"")
        for kept in ("etag", "last-modified", "cache-control", "vary", "link"):
            assert again.headers[kept] == first.headers[kept]


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("name", FEEDS)
def test_line_32_head_is_get_without_the_body(
    client: httpx.Client, pressed: Settings, name: str, coding: str
) -> None:
    get, head = (
        raw(client, f"/{ID}/{name}", method, accept_encoding=coding) for method in ("GET", "HEAD")
    )
    assert head.content == b""
    without_date = [
        [(name, value) for name, value in answer.headers.items() if name != "date"]
        for answer in (get, head)
    ]
    assert without_date[0] == without_date[1]


def test_a_reader_that_holds_another_coding_of_the_same_feed_is_told_so(
    client: httpx.Client, settings: Settings
) -> None:
    """It came before the siblings were made."""
    path = f"/{ID}/atom.xml"
    first = raw(client, path, accept_encoding="gzip")
    assert "content-encoding" not in first.headers
    compress_file(settings.public / ID / "atom.xml")
    tag = first.headers["etag"]
    again = raw(client, path, accept_encoding="gzip", if_none_match=tag)
    assert (again.status_code, again.headers["etag"]) == (304, tag)
    assert raw(client, path, accept_encoding="gzip").headers["content-encoding"] == "gzip"


def test_the_sibling_of_another_file_is_not_sent(client: httpx.Client, pressed: Settings) -> None:
    """As another program than ours may leave it."""
    file = pressed.public / ID / "atom.xml"
    raw(client, f"/{ID}/atom.xml", accept_encoding="gzip")
    file.write_bytes(file.read_bytes().replace(b"</feed>", b"<!-- by hand --></feed>"))
    answer = raw(client, f"/{ID}/atom.xml", accept_encoding="gzip")
    assert "content-encoding" not in answer.headers
    assert b"by hand" in answer.content


@pytest.mark.parametrize("coding", CODINGS)
@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_line_36_a_reader_that_asks_for_a_delta_gets_what_is_new(
    client: httpx.Client,
    store: Store,
    pressed: Settings,
    sources: list[Source],
    name: str,
    coding: str,
) -> None:
    path = f"/{ID}/{name}"
    first = raw(client, path, accept_encoding=coding)
    publish_another(store, pressed, sources, 1)
    publish_another(store, pressed, sources, 2)
    compress_file(pressed.public / ID / name)
    tag = first.headers["etag"]
    delta = raw(client, path, accept_encoding=coding, a_im="feed", if_none_match=tag)
    whole = raw(client, path, accept_encoding=coding)
    assert (delta.status_code, delta.reason_phrase) == (226, "IM Used")
    assert delta.headers["im"] == "feed"
    assert delta.headers["delta-base"] == tag
    assert delta.headers["etag"] == whole.headers["etag"]
    assert delta.headers["content-type"] == whole.headers["content-type"]
    assert delta.headers["vary"] == "Accept-Encoding, A-IM, If-None-Match"
    assert delta.headers["cache-control"] == f"no-store, im, {whole.headers['cache-control']}"
    before, after = (DECODERS[coding](answer.content) for answer in (first, whole))
    new = ids(DECODERS[coding](delta.content))
    assert len(new) == 2
    assert set(new) == set(ids(after)) - set(ids(before))
    assert len(delta.content) < len(whole.content)


def test_line_36_a_delta_has_what_changed(
    client: httpx.Client, store: Store, settings: Settings, sources: list[Source]
) -> None:
    tag = raw(client, f"/{ID}/atom.xml").headers["etag"]
    held = store.entries(ID, limit=1)[0]
    changed = replace(held.entry, title="改过的题目", title_raw="改过的题目")
    later = NOW + timedelta(hours=1)
    store.keep(sighting(changed, source_id=ID, seen=later))
    publish_journals(store, [source for source in sources if source.id == ID], settings)
    delta = raw(client, f"/{ID}/atom.xml", a_im="feed", if_none_match=tag)
    assert delta.status_code == 226
    assert [one.title for one in feedparser.parse(delta.content).entries] == ["改过的题目"]


@pytest.mark.parametrize(
    ("a_im", "tags", "status"),
    [
        ("feed", "{held}", 226),
        ("feed", "W/{held}", 226),
        ("vcdiff, feed;q=0.5", '"other", {held}', 226),
        ("gzip", "{held}", 200),
        ("feed;q=0", "{held}", 200),
        ("feed", '"0123456789abcdef0123456789abcdef"', 200),
        ("feed", '"../../etc/passwd"', 200),
        ("feed", "{now}", 304),
        ("feed", "{held}, {now}", 304),
        ("feed", "*", 304),
        (None, "{held}", 200),
        ("feed", None, 200),
    ],
)
def test_line_36_only_who_asks_and_holds_a_known_feed_gets_a_delta(
    client: httpx.Client,
    store: Store,
    settings: Settings,
    sources: list[Source],
    a_im: str | None,
    tags: str | None,
    status: int,
) -> None:
    path = f"/{ID}/rss.xml"
    held = raw(client, path).headers["etag"]
    publish_another(store, settings, sources, 1)
    now = raw(client, path).headers["etag"]
    asked = {"a_im": a_im, "if_none_match": tags and tags.format(held=held, now=now)}
    answer = raw(client, path, **{name: value for name, value in asked.items() if value})
    assert answer.status_code == status


def test_line_36_deltas_survive_a_restart_and_need_their_file(
    client: httpx.Client, store: Store, settings: Settings, sources: list[Source]
) -> None:
    path = f"/{ID}/rss.xml"
    tag = raw(client, path).headers["etag"]
    publish_another(store, settings, sources, 1)
    app = make_app(settings, store, lambda: tuple(sources))
    with served(app) as address, httpx.Client(base_url=address) as other:
        assert raw(other, path, a_im="feed", if_none_match=tag).status_code == 226
    (settings.public / ID / ".rss.xml.renditions").unlink()
    app = make_app(settings, store, lambda: tuple(sources))
    with served(app) as address, httpx.Client(base_url=address) as other:
        assert raw(other, path, a_im="feed", if_none_match=tag).status_code == 200


def test_the_file_of_renditions_is_not_served(client: httpx.Client) -> None:
    assert client.get(f"/{ID}/.rss.xml.renditions").status_code == 404
    assert client.get(f"/{ID}/rss.xml.gz").status_code == 404


class Recorded:
    """The app, and what it answered: status and bytes of the body."""

    def __init__(self, app: Any) -> None:
        self._app = app
        self.answers: list[tuple[int, int]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        status = 0

        async def send_and_note(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            else:
                self.answers.append((status, len(message.get("body", b""))))
            await send(message)

        await self._app(scope, receive, send_and_note)


@pytest.fixture
def recorded(
    settings: Settings, store: Store, sources: list[Source]
) -> Iterator[tuple[Recorded, str]]:
    app = Recorded(make_app(settings, store, lambda: tuple(sources)))
    with served(app) as address:
        yield app, address


@pytest.mark.debian
@pytest.mark.skipif(shutil.which("newsboat") is None, reason="apt-get install newsboat")
@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_line_36_newsboat_has_every_article_once_after_a_delta(
    recorded: tuple[Recorded, str],
    store: Store,
    settings: Settings,
    sources: list[Source],
    tmp_path: Path,
    name: str,
) -> None:
    app, address = recorded
    folder = tmp_path / "newsboat"
    folder.mkdir()
    (folder / "urls").write_text(f"{address}/{ID}/{name}\n", "utf-8")
    (folder / "config").write_text("", "utf-8")

    def reload() -> list[str]:
        subprocess.run(
            ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"],
            cwd=folder,
            env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
            check=True,
            timeout=60,
            capture_output=True,
        )
        with sqlite3.connect(folder / "cache.db") as database:
            rows = database.execute("SELECT guid FROM rss_item").fetchall()
        database.close()
        return sorted(guid for (guid,) in rows)

    before = reload()
    # It keeps the ETag at the first fetch and sends it from the third one on.
    assert [reload(), reload()] == [before, before]
    publish_another(store, settings, sources, 1)
    after = reload()
    assert len(after) == len(set(after)) == len(before) + 1
    assert set(before) < set(after)
    assert [status for status, _ in app.answers][-1] == 226
    delta, whole = app.answers[-1][1], app.answers[0][1]
    print(f"{name}: delta {delta} bytes, whole {whole}")
    assert delta < whole / 2
    assert reload() == after
    assert app.answers[-1] == (304, 0)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_line_36_feedparser_reads_a_delta(
    recorded: tuple[Recorded, str],
    store: Store,
    settings: Settings,
    sources: list[Source],
    name: str,
) -> None:
    _, address = recorded
    first = feedparser.parse(f"{address}/{ID}/{name}")
    publish_another(store, settings, sources, 1)
    delta = feedparser.parse(f"{address}/{ID}/{name}", etag=first.etag)
    assert delta.status == 226
    assert not delta.bozo
    assert [one.title for one in delta.entries] == ["新到的第1篇"]
    assert feedparser.parse(f"{address}/{ID}/{name}", etag=delta.etag).status == 304


@pytest.mark.parametrize(
    "every", [None, timedelta(minutes=5), timedelta(hours=2), timedelta(days=1), timedelta(days=7)]
)
def test_line_35_freshness_ttl_and_update_period_are_one_figure(
    client: httpx.Client,
    store: Store,
    settings: Settings,
    sources: list[Source],
    every: timedelta | None,
) -> None:
    sources[:] = [replace(source, schedule=Rhythm(every=every)) for source in sources]
    publish_journals(store, sources, settings)
    for name in FEEDS:
        cache = client.get(f"/{ID}/{name}").headers["cache-control"]
        fresh = timedelta(seconds=int(re.fullmatch(r"public, max-age=(\d+)", cache)[1]))
        assert fresh == (every or timedelta(minutes=15))
    feed = feedparser.parse(client.get(f"/{ID}/rss.xml").content).feed
    if every is None:
        assert "ttl" not in feed
        return
    assert timedelta(minutes=int(feed.ttl)) == every
    period = {"hourly": 1, "daily": 24, "weekly": 24 * 7}[feed.sy_updateperiod]
    assert timedelta(hours=period) / int(feed.sy_updatefrequency) == every


@pytest.mark.parametrize("name", FEEDS)
def test_line_37_the_link_header_names_the_feed_itself(client: httpx.Client, name: str) -> None:
    answer = client.get(f"/{ID}/{name}")
    own = f"https://feeds.example/{ID}/{name}"
    assert answer.links["self"]["url"] == own
    said = (
        answer.json()["feed_url"]
        if name == "feed.json"
        else next(
            link.href for link in feedparser.parse(answer.content).feed.links if link.rel == "self"
        )
    )
    assert said == own


def test_line_37_hubs_are_named_as_the_document_names_them(
    client: httpx.Client, settings: Settings
) -> None:
    file = settings.public / ID / "atom.xml"
    hub = b'<link href="https://hub.example/" rel="hub"/>'
    write_if_changed(file, file.read_bytes().replace(b"<link ", hub + b"<link ", 1))
    assert client.get(f"/{ID}/atom.xml").links["hub"]["url"] == "https://hub.example/"


def test_a_closed_document_is_served_for_long_and_by_its_names_only(
    client: httpx.Client, settings: Settings
) -> None:
    document = (settings.public / ID / "atom.xml").read_bytes()
    for name in ("2026-03.atom", "2026-03.2.atom"):
        write_if_changed(settings.public / ID / "archive" / name, document)
        answer = client.get(f"/{ID}/archive/{name}")
        assert answer.content == document
        assert answer.headers["content-type"] == "application/atom+xml; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=86400"
        tag = answer.headers["etag"]
        again = client.get(f"/{ID}/archive/{name}", headers={"If-None-Match": tag})
        assert again.status_code == 304
    for path in ("2026-04.atom", "x.atom", "..%2fatom.xml", "2026-03.atom.gz"):
        assert client.get(f"/{ID}/archive/{path}").status_code == 404


def test_line_39_a_reader_that_polls_in_a_loop_never_sees_half_a_file(
    client: httpx.Client, settings: Settings
) -> None:
    file = settings.public / ID / "atom.xml"
    plain = file.read_bytes()
    end = b"\n</feed>"
    documents = {plain.replace(end, b"\n<!-- %s -->" % (b"%d" % n * 9000) + end) for n in (1, 2, 3)}
    stop = threading.Event()

    def publish() -> None:
        while not stop.is_set():
            for document in documents:
                write_if_changed(file, document)
                compress_file(file)

    publisher = threading.Thread(target=publish)
    publisher.start()
    seen: dict[str, set[bytes]] = {}
    try:
        for number in range(300):
            coding = CODINGS[number % 3]
            answer = raw(client, f"/{ID}/atom.xml", accept_encoding=coding)
            assert answer.status_code == 200
            body = DECODERS[answer.headers.get("content-encoding", "identity")](answer.content)
            assert body == plain or body in documents
            seen.setdefault(answer.headers["etag"], set()).add(answer.content)
    finally:
        stop.set()
        publisher.join()
    # A strong tag stands for the same bytes whenever it is met.
    assert all(len(bodies) == 1 for bodies in seen.values())
    assert len(seen) > 3


def test_line_41_a_journal_that_moved_leads_to_the_same_address_elsewhere(
    client: httpx.Client, sources: list[Source]
) -> None:
    there = "https://new.example/feeds/pinpai/"
    sources[:] = [
        replace(source, moved_to=there) if source.id == ID else source for source in sources
    ]
    for path, place in (
        (f"/{ID}/atom.xml", f"{there}atom.xml"),
        (f"/{ID}/", there),
        (f"/{ID}/archive/2026-03.atom", f"{there}archive/2026-03.atom"),
        (f"/{ID}/?lang=en", f"{there}?lang=en"),
        (f"/{ID}", there),
    ):
        answer = client.get(path)
        assert (answer.status_code, answer.headers["location"]) == (301, place)
        assert answer.headers["cache-control"] == "public, max-age=86400"
    assert client.get("/open-letters/atom.xml").status_code == 200


def test_line_41_a_reader_that_follows_a_move_finds_the_ids_it_has(
    client: httpx.Client, settings: Settings, store: Store, sources: list[Source]
) -> None:
    before = ids(client.get(f"/{ID}/atom.xml").content)
    # The other Kanliu has the archive: the same store under another public address.
    shutil.rmtree(settings.public)
    there = replace(settings, public_url="https://new.example")
    publish_journals(store, sources, there)
    elsewhere = make_app(there, store, lambda: tuple(sources))
    with served(elsewhere) as address:
        moved = [replace(source, moved_to=f"{address}/{source.id}/") for source in sources]
        with served(make_app(settings, store, lambda: tuple(moved))) as old:
            read = feedparser.parse(f"{old}/{ID}/atom.xml")
    assert (read.status, read.href) == (301, f"{address}/{ID}/atom.xml")
    assert [one.id for one in read.entries] == before


def test_line_41_a_retired_journal_is_served_for_a_while_and_then_gone(
    client: httpx.Client, settings: Settings, store: Store, sources: list[Source]
) -> None:
    store.retire(ID, NOW, "ceased publication")
    for now, is_gone in (
        (NOW + settings.farewell - timedelta(seconds=1), False),
        (NOW + settings.farewell + timedelta(seconds=1), True),
    ):
        for source_id in ended_sources(store, sources, settings, now):
            remove_feeds(settings.public, source_id)
        for name in FEEDS:
            answer = client.get(f"/{ID}/{name}")
            assert answer.status_code == (410 if is_gone else 200)
    assert not list((settings.public / ID).glob("*.*"))
    assert "取消订阅" in answer.text
    page = client.get(f"/{ID}/")
    assert page.status_code == 200
    assert "已停止关注" in page.text


def test_json_is_valid_in_every_coding(client: httpx.Client, pressed: Settings) -> None:
    for coding in CODINGS:
        answer = raw(client, "/all/feed.json", accept_encoding=coding)
        assert json.loads(DECODERS[coding](answer.content))["items"]

"""deploy/nginx.conf in a real nginx: the same tree, without Python where there need be none."""

from __future__ import annotations

import gzip
from typing import TYPE_CHECKING

import brotli
import feedparser
import httpx
import pytest

from feeds.compress import compress_file, uncompressed_files
from feeds.ended import remove_feeds
from feeds.write import write_if_changed
from tests.deploy.nginx import BROTLI, NGINX, open_nginx
from tests.web.conftest import PUBLIC_URL
from tests.web.serving import served
from tests.web.test_feeds_over_http import ID, publish_another, raw
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = [
    pytest.mark.slow,
    pytest.mark.debian,
    pytest.mark.skipif(NGINX is None, reason="apt-get install nginx-light"),
]

#: Nothing listens there.
NOBODY = "http://127.0.0.1:1"
TYPES = {
    f"/{ID}/rss.xml": "application/rss+xml; charset=utf-8",
    f"/{ID}/atom.xml": "application/atom+xml; charset=utf-8",
    f"/{ID}/feed.json": "application/feed+json; charset=utf-8",
    f"/{ID}/archive/2026-03.atom": "application/atom+xml; charset=utf-8",
    "/all/atom.xml": "application/atom+xml; charset=utf-8",
    "/opml.xml": "text/x-opml; charset=utf-8",
}
every_file = pytest.mark.parametrize("path", TYPES)


@pytest.fixture
def tree(settings: Settings) -> Path:
    """The published tree, compressed, with one closed document."""
    document = (settings.public / ID / "atom.xml").read_bytes()
    write_if_changed(settings.public / ID / "archive" / "2026-03.atom", document)
    for file in list(uncompressed_files(settings.public)):
        compress_file(file)
    return settings.public


@pytest.fixture
def alone(tree: Path, tmp_path: Path) -> Iterator[httpx.Client]:
    """nginx with no Kanliu behind it."""
    with (
        open_nginx(
            tmp_path / "nginx", public=tree, kanliu=NOBODY, public_url=PUBLIC_URL
        ) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


@pytest.fixture
def both(
    tree: Path, tmp_path: Path, settings: Settings, store: Store, sources: list[Source]
) -> Iterator[httpx.Client]:
    """nginx before Kanliu."""
    with (
        served(make_app(settings, store, lambda: tuple(sources))) as kanliu,
        open_nginx(
            tmp_path / "nginx", public=tree, kanliu=kanliu, public_url=PUBLIC_URL
        ) as address,
        httpx.Client(base_url=address) as client,
    ):
        yield client


@every_file
def test_nginx_serves_the_tree_without_python(alone: httpx.Client, tree: Path, path: str) -> None:
    answer = raw(alone, path)
    assert answer.content == (tree / path[1:]).read_bytes()
    assert answer.headers.get_list("content-type") == [TYPES[path]]
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.links["self"]["url"] == PUBLIC_URL + path


@every_file
def test_nginx_sends_the_compressed_siblings(alone: httpx.Client, tree: Path, path: str) -> None:
    answer = raw(alone, path, accept_encoding="gzip")
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers.get_list("content-type") == [TYPES[path]]
    assert answer.content == (tree / f"{path[1:]}.gz").read_bytes()
    assert gzip.decompress(answer.content) == (tree / path[1:]).read_bytes()


@pytest.mark.parametrize("coding", ["identity", "gzip"])
@every_file
def test_nginx_answers_304_to_either_validator_in_either_coding(
    alone: httpx.Client, path: str, coding: str
) -> None:
    first = raw(alone, path, accept_encoding=coding)
    for header, value in (
        ("if_none_match", first.headers["etag"]),
        ("if_modified_since", first.headers["last-modified"]),
    ):
        again = raw(alone, path, accept_encoding=coding, **{header: value})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["cache-control"] == first.headers["cache-control"]


def test_nginx_head_is_get_without_the_body(alone: httpx.Client) -> None:
    get, head = (raw(alone, f"/{ID}/atom.xml", method) for method in ("GET", "HEAD"))
    assert head.content == b""
    for name in ("etag", "content-length", "content-type", "last-modified", "cache-control"):
        assert head.headers[name] == get.headers[name]


@pytest.mark.parametrize(
    ("path", "seconds"),
    [(f"/{ID}/rss.xml", 900), ("/all/rss.xml", 60), ("/opml.xml", 60),
     (f"/{ID}/archive/2026-03.atom", 86400)],
)  # fmt: skip
def test_nginx_says_how_long_an_answer_is_fresh(
    alone: httpx.Client, path: str, seconds: int
) -> None:
    assert raw(alone, path).headers.get_list("cache-control") == [f"public, max-age={seconds}"]


@pytest.mark.skipif(not BROTLI.exists(), reason="apt-get install libnginx-mod-http-brotli-static")
@pytest.mark.parametrize("path", [f"/{ID}/atom.xml", "/opml.xml"])
def test_nginx_sends_brotli_where_its_module_is(tree: Path, tmp_path: Path, path: str) -> None:
    with (
        open_nginx(
            tmp_path / "nginx", public=tree, kanliu=NOBODY, public_url=PUBLIC_URL, brotli=True
        ) as address,
        httpx.Client(base_url=address) as client,
    ):
        answer = raw(client, path, accept_encoding="gzip, deflate, br")
    assert answer.headers["content-encoding"] == "br"
    assert answer.headers["vary"] == "Accept-Encoding"
    assert answer.headers.get_list("content-type") == [TYPES[path]]
    assert brotli.decompress(answer.content) == (tree / path[1:]).read_bytes()


@pytest.mark.parametrize(
    "path",
    [
        f"/{ID}/.rss.xml.renditions",
        f"/{ID}/atom.xml.gz",
        "/../kanliu.sqlite",
        f"/{ID}/..%2f..%2fkanliu.sqlite",
        f"/{ID}/archive/..%2f..%2f..%2fkanliu.sqlite",
    ],
)
def test_nginx_serves_no_other_file(both: httpx.Client, path: str) -> None:
    request = both.build_request("GET", "/")
    request.extensions["target"] = path.encode()
    answer = both.send(request)
    assert answer.status_code in (400, 404)
    assert b"SQLite" not in answer.content


def test_pages_come_from_kanliu_with_its_headers_only(both: httpx.Client) -> None:
    page = both.get(f"/{ID}/", headers={"Accept-Language": "en"})
    assert page.status_code == 200
    assert page.headers.get_list("content-type") == ["text/html; charset=utf-8"]
    assert page.headers.get_list("cache-control") == ["no-cache"]
    assert len(page.headers.get_list("content-security-policy")) == 1
    assert "link" not in page.headers
    assert both.get("/static/style.css").headers["content-type"] == "text/css; charset=utf-8"


def test_a_reader_that_can_take_deltas_gets_them_through_nginx(
    both: httpx.Client, store: Store, settings: Settings, sources: list[Source]
) -> None:
    path = f"/{ID}/atom.xml"
    first = raw(both, path, a_im="feed")
    publish_another(store, settings, sources, 1)
    delta = raw(both, path, a_im="feed", if_none_match=first.headers["etag"])
    assert delta.status_code == 226
    assert len(feedparser.parse(delta.content).entries) == 1
    tag = delta.headers["etag"]
    assert raw(both, path, a_im="feed", if_none_match=tag).status_code == 304


def test_an_ended_feed_is_gone_through_nginx_too(
    both: httpx.Client, store: Store, settings: Settings, sources: list[Source]
) -> None:
    store.retire(ID, store.entries(ID, limit=1)[0].first_seen, "ceased publication")
    assert both.get(f"/{ID}/rss.xml").status_code == 200
    remove_feeds(settings.public, ID)
    assert both.get(f"/{ID}/rss.xml").status_code == 410


def test_feeds_are_served_while_kanliu_is_stopped(alone: httpx.Client) -> None:
    assert raw(alone, f"/{ID}/atom.xml", a_im="feed").status_code == 200
    page = alone.get(f"/{ID}/")
    assert (page.status_code, page.headers["retry-after"]) == (503, "60")
    assert alone.get("/nowhere/rss.xml").status_code == 503

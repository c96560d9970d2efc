"""The page as it looked: as a package over HTTP, and in a real Chromium with the origin away."""

from __future__ import annotations

import shutil
import zipfile
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import sync_playwright

from archive.model import Requisite
from archive.owed import owe
from archive.packages.conformance import examine
from tests.archive.factories import sighting
from tests.archive.packages.raw import CLOSED, OCTOBER, RawFile
from tests.fake_site import open_fake_site
from tests.web.chromium import Chromium
from tests.web.replaywebpage import find_replaywebpage
from tests.web.serving import served
from web.app import make_app
from web.ranges import UnsatisfiableRangeError, find_range

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import httpx
    from playwright.sync_api import Browser, Page

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = pytest.mark.slow

TOKEN = "a-token-of-the-operator-0123456789abcdef"
BEARER = {"Authorization": f"Bearer {TOKEN}"}
SOURCE = "pinpai-guancha"
SITE = "https://pinpai.example"
STYLE = b"h1 { color: rgb(1, 2, 3); }"
PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="70" height="50"><rect width="9" height="9"/>'
    b"</svg>"
)
REQUISITES = (("a.svg", PICTURE, "image/svg+xml"), ("a.css", STYLE, "text/css"))
_PAGE = """<!DOCTYPE html><html><head><title>{charset} 的渡口</title>
<link rel=stylesheet href="/a.css"></head>
<body><h1>{charset}：渡口的灯火，繁體字也在</h1><img id=own src="/a.svg">
<img src="{other}/pixel.gif"><script src="{other}/t.js"></script>
<script>
  fetch("{other}/leak"); new Image().src = "{other}/leak2"; document.body.dataset.ran = "yes";
</script>"""


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return replace(settings, operator_token=TOKEN)


@pytest.fixture
def captured(settings: Settings, store: Store) -> RawFile:
    return RawFile(settings.data, store, "kanliu-1", OCTOBER)


def path_of(store: Store, url: str) -> str:
    entry_id = store.stories.named(url, public_url="https://none.example")
    return f"/{SOURCE}/{entry_id.rpartition('/')[2]}/"


def test_a_package_of_one_article_is_given_whole_and_in_parts(
    client: httpx.Client, store: Store, captured: RawFile, tmp_path: Path
) -> None:
    url = f"{SITE}/1.html"
    captured.article(url, source=SOURCE)
    captured.article(f"{SITE}/2.html", source=SOURCE)
    address = f"{path_of(store, url)}copy.wacz"
    whole = client.get(address)
    assert whole.headers["content-type"] == "application/wacz"
    (tmp_path / "one.wacz").write_bytes(whole.content)
    assert examine(tmp_path / "one.wacz").faults == ()
    tag = whole.headers["etag"]
    assert client.get(address, headers={"If-None-Match": tag}).status_code == 304
    assert client.head(address).headers["content-length"] == str(len(whole.content))
    for asked, part in (("bytes=0-9", slice(0, 10)), ("bytes=-22", slice(-22, None)),
                        (f"bytes={len(whole.content) - 3}-", slice(-3, None))):  # fmt: skip
        found = client.get(address, headers={"Range": asked, "If-Range": tag})
        assert (found.status_code, found.content) == (206, whole.content[part])
    assert client.get(address, headers={"Range": "bytes=0-9", "If-Range": '"x"'}).status_code == 200
    assert client.get(address, headers={"Range": "bytes=99999999-"}).status_code == 416
    # What comes later is in it from then on.
    captured.at += timedelta(days=1)
    captured.article(url, source=SOURCE, title="又一版")
    again = client.get(address)
    assert again.headers["etag"] != tag
    with zipfile.ZipFile(BytesIO(again.content)) as package:
        assert "又一版" in package.read("pages/pages.jsonl").decode()


def test_a_picture_that_comes_late_is_in_the_package_from_then_on(
    client: httpx.Client, store: Store, captured: RawFile
) -> None:
    url, picture = f"{SITE}/1.html", f"{SITE}/late.png"
    page = captured.article(url, source=SOURCE, body=f"<h1>渡口</h1><img src={picture}>".encode())
    named = replace(
        sighting(source_id=SOURCE, url=url), capture=page, requisites=(Requisite(url=picture),)
    )
    with store._database.writing() as connection:
        owe(connection, named)
    address = f"{path_of(store, url)}copy.wacz"
    assert picture.encode() not in index_of(client.get(address))
    captured.requisite(picture, page=page, source=SOURCE)
    (owing,) = store.owed.of(SOURCE, OCTOBER)
    store.owed.keep(replace(owing, awaited=()))
    assert picture.encode() in index_of(client.get(address))


def index_of(answer: httpx.Response) -> bytes:
    with zipfile.ZipFile(BytesIO(answer.content)) as package:
        return package.read("indexes/index.cdx")


@pytest.mark.promise(number=7)
def test_line_7_packages_and_replay_of_what_is_closed_ask_for_the_token(
    client: httpx.Client, store: Store, captured: RawFile, settings: Settings
) -> None:
    install(settings, {"ui.js": b"//", "sw.js": b"//"})
    url = f"{SITE}/1.html"
    captured.article(url, source=SOURCE, notice=CLOSED)
    path = path_of(store, url)
    for address in (f"{path}copy.wacz", f"{path}copy/"):
        assert client.get(address).status_code == 401
        shown = client.get(address, headers=BEARER)
        assert (shown.status_code, shown.headers["cache-control"]) == (200, "private, no-store")
        # What the operator was given is given to nobody else.
        assert client.get(address).status_code == 401
    assert "copy/" not in client.get(path).text
    entry_id = store.stories.named(url, public_url="https://none.example")
    store.withdrawals.withdraw(entry_id, who="林", why="要求", now=OCTOBER + timedelta(days=1))
    assert client.get(f"{path}copy.wacz").status_code == 410
    assert client.get(f"{path}copy.wacz", headers=BEARER).status_code == 200


def test_where_nothing_is_installed_nothing_is_offered(
    client: httpx.Client, store: Store, captured: RawFile, settings: Settings
) -> None:
    url = f"{SITE}/1.html"
    captured.article(url, source=SOURCE)
    path = path_of(store, url)
    addresses = (f"{path}copy/", "/replay/", "/replay/ui.js", "/replay/sw.js")
    assert [client.get(each).status_code for each in addresses] == [404] * 4
    assert "copy/" not in client.get(path).text
    install(settings, {"ui.js": b"//", "sw.js": b"//", "other.js": b"//"})
    assert [client.get(each).status_code for each in addresses] == [200] * 4
    assert client.get("/replay/other.js").status_code == 404
    assert client.get("/replay/..%2fkanliu.sqlite").status_code == 404
    page = client.get(path)
    assert f'href="{path}copy/"' in page.text
    assert "<script" not in page.text
    assert client.get(f"{path}copy/?at=20200101000000").status_code == 404


def install(settings: Settings, files: dict[str, bytes]) -> None:
    folder = settings.data / "replay"
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)


@given(st.text(alphabet="bytes=0123-, ", max_size=24), st.integers(0, 50))
def test_a_range_lies_within_what_there_is(header: str, size: int) -> None:
    try:
        found = find_range(header, size)
    except UnsatisfiableRangeError:
        return
    if found is not None:
        assert 0 <= found[0] < found[1] <= size


# In a browser


@pytest.fixture
def replayed(settings: Settings) -> None:
    found = find_replaywebpage()
    if isinstance(found, str):
        pytest.skip(found)
    shutil.copytree(found, settings.data / "replay")


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    chromium = Chromium.find(tmp_path_factory.mktemp("chromium"))
    if chromium is None:
        pytest.skip("no chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=chromium.program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


def shown(page: Page, address: str) -> str:
    """The title of what is replayed, with its own style, picture and script."""
    page.goto(address)
    outer = page.frame_locator("replay-web-page iframe")
    heading = outer.frame_locator("iframe").locator("h1")
    heading.wait_for(timeout=60_000)
    assert heading.evaluate("one => getComputedStyle(one).color") == "rgb(1, 2, 3)"
    # Its own scripts run, and reach nobody.
    assert heading.evaluate("() => document.body.dataset.ran") == "yes"
    picture = outer.frame_locator("iframe").locator("img#own")
    picture.evaluate("one => one.decode()")
    assert picture.evaluate("one => one.naturalWidth") == 70
    return heading.inner_text()


@pytest.mark.browser
@pytest.mark.promise(number=27)
def test_line_27_gbk_and_utf_8_pages_look_as_they_did_and_nobody_else_is_asked(
    settings: Settings,
    store: Store,
    sources: list[Source],
    captured: RawFile,
    replayed: None,
    browser: Browser,
) -> None:
    with open_fake_site() as elsewhere:  # what a page of today would call
        for charset in ("gbk", "utf-8"):
            page = _PAGE.format(charset=charset, other=elsewhere.url)
            capture = captured.article(
                f"{SITE}/{charset}.html", source=SOURCE, charset=charset, body=page.encode(charset)
            )
            heads = {"Kanliu-Source": SOURCE, "Kanliu-For": f"<{capture.id}>"}
            for name, body, kind in REQUISITES:
                captured._write(captured._exchange(f"{SITE}/{name}", body, kind), heads)
        with served(make_app(settings, store, lambda: sources)) as address:
            asked: list[str] = []
            context = browser.new_context(locale="zh-CN")
            context.on("request", lambda request: asked.append(request.url))
            for charset in ("gbk", "utf-8"):
                path = path_of(store, f"{SITE}/{charset}.html")
                title = shown(context.new_page(), f"{address}{path}copy/")
                assert title == f"{charset}：渡口的灯火，繁體字也在"
            context.close()
        assert elsewhere.asked == []
    hosts = {urlsplit(url).netloc for url in asked if urlsplit(url).scheme in ("http", "https")}
    assert hosts == {urlsplit(address).netloc}
    assert len(asked) > 10


@pytest.mark.browser
def test_without_scripts_our_page_leads_to_the_copy_itself(
    settings: Settings,
    store: Store,
    sources: list[Source],
    captured: RawFile,
    browser: Browser,
) -> None:
    install(settings, {"ui.js": b"//", "sw.js": b"//"})
    url = f"{SITE}/1.html"
    captured.article(
        url,
        source=SOURCE,
        body="<title>原样</title><script>document.title='跑了'</script><p>渡口".encode("gbk"),
    )
    path = path_of(store, url)
    with served(make_app(settings, store, lambda: sources)) as address:
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        page.goto(f"{address}{path}copy/")
        with page.expect_navigation():
            page.click("noscript a")
        assert "/at/20261012" in page.url
        context.close()
        # With scripts allowed, the copy still runs none.
        page = browser.new_page()
        page.goto(f"{address}{path}")
        with page.expect_navigation():
            page.click("ul.copies a")
        assert page.title() == "原样"
        assert page.inner_text("p") == "渡口"
        page.close()

"""An article that a script draws looks as it did, with its journal's site away: its own package
has the script too, though the visit asked for it once, for another page."""

from __future__ import annotations

import shutil
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import httpx
import pytest
from playwright.sync_api import sync_playwright

from archive.packages.lines import read_index
from archive.store import Store
from sources.read import read_sources
from tests.crawler.scripted import APP, publish
from tests.crawler.test_browser import ROWS, ScriptedBench
from tests.fake_site import open_fake_site
from tests.web.chromium import Chromium
from tests.web.replaywebpage import find_replaywebpage
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = [
    pytest.mark.slow,
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.promise(number=9),
    pytest.mark.promise(number=27),
]

#: A revisit's own body is not worth it below a size: this script is above, as real ones are.
APP_NAME, LARGE = "/app.js", "// " + "x" * 2000


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[ScriptedBench, str]:
    """What one visit left of two articles, the site gone again; and its address."""

    if Chromium.find(tmp_path_factory.mktemp("chromium")) is None:
        pytest.skip("no chromium: apt-get install chromium fonts-noto-cjk")
    with open_fake_site("127.0.0.2") as site:
        bench = ScriptedBench(folder=tmp_path_factory.mktemp("drawn"), site=site)
        bench.write_source(render="browser")
        publish(site, ROWS, app=APP + LARGE)
        assert bench.poll().new == len(ROWS)
        assert site.paths().count(APP_NAME) == 1
        address = site.url
    return bench, address


@pytest.fixture
def address(kept: tuple[ScriptedBench, str]) -> Iterator[str]:
    bench, _ = kept
    sources = tuple(read_sources(bench.settings.journals).sources)
    with (
        Store.open(bench.settings.database_url) as store,
        served(make_app(bench.settings, store, lambda: sources)) as address,
    ):
        yield address


def path_of(bench: ScriptedBench, title: str) -> str:
    with Store.open(bench.settings.database_url) as store:
        (entry,) = (each for each in store.entries() if each.entry.title == title)
    return f"/magazine/{entry.id.rpartition('/')[2]}/"


@pytest.mark.parametrize("row", ROWS)
def test_each_article_has_the_script_that_drew_it(
    kept: tuple[ScriptedBench, str], address: str, row: tuple[str, str, str]
) -> None:
    bench, site = kept
    given = httpx.get(f"{address}{path_of(bench, row[1])}copy.wacz")
    with zipfile.ZipFile(BytesIO(given.content)) as package:
        index = read_index(package.read("indexes/index.cdx").decode())
    found = {fields["url"].removeprefix(site): fields["mime"] for _, _, fields in index}
    assert found[APP_NAME] == "text/javascript"
    assert set(found) == {APP_NAME, row[0], "/api" + row[0].replace(".html", ".json")}


def test_it_looks_as_it_did_with_its_site_away(
    kept: tuple[ScriptedBench, str], address: str, tmp_path: Path
) -> None:
    bench, _ = kept
    replay = find_replaywebpage()
    if isinstance(replay, str):
        pytest.skip(replay)
    shutil.copytree(replay, bench.settings.data / "replay", dirs_exist_ok=True)
    chromium = Chromium.find(tmp_path)
    assert chromium is not None
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium.program, args=["--no-sandbox", "--disable-gpu"]
        )
        for _, title, _ in ROWS:
            page = browser.new_page()
            page.goto(f"{address}{path_of(bench, title)}copy/")
            inner = page.frame_locator("replay-web-page iframe").frame_locator("iframe")
            heading = inner.locator("h1")
            heading.wait_for(timeout=60_000)
            assert heading.inner_text() == title
        browser.close()

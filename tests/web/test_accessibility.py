"""Pages for everybody: axe-core finds nothing, nothing is asked of others, nothing is heavy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from archive.correction import Wanted
from archive.model import EntryState
from feeds.publish import publish_all
from tests.factories import day, entry, sighting
from tests.web.chromium import Chromium
from tests.web.library import NOW
from tests.web.serving import served
from tests.web.test_completeness import REPORT
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page, Request

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

#: Of our own assets, on any page.
MOST_BYTES = 60_000
HTML = (
    "<p>船在三月下水。</p><h1>岸</h1><ul><li>一</li></ul>"
    '<table><tr><td>甲</td><td>乙</td></tr></table><p><img src="https://elsewhere.example/1.png"></p>'
)


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    found = Chromium.find(tmp_path_factory.mktemp("chromium"))
    if found is None:
        pytest.skip("no chromium: apt-get install chromium fonts-noto-cjk")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=found.program, args=["--no-sandbox", "--disable-gpu"]
        )
        yield launched
        launched.close()


@pytest.fixture
def paths(store: Store, settings: Settings, sources: list[Source]) -> list[str]:
    """Every kind of page that there is, with everything on it that there can be."""
    url = "https://pinpai.example/extra.html"
    full = {"url": url, "canonical_url": url, "text": "船在三月下水。", "html": HTML}
    article = entry(**full, column="岸边", keywords=("船", "渡口"), published=day("2026-11-20"))
    entry_id = store.keep(sighting(article, source_id="pinpai-guancha", seen=NOW)).entry_id
    store.corrections.put(entry_id, Wanted(title="渡口的新灯火"), who="林", why="改题", now=NOW)
    gone = store.entries("open-letters", limit=1)[0].id
    closed = store.entries("dili-yu-huanjing", limit=1)[0].id
    retracted = next(
        (one.id for one in store.entries() if one.state is EntryState.RETRACTED), closed
    )
    signed = {"who": "林", "why": "要求", "public_reason": "应作者要求。"}
    store.withdrawals.withdraw(gone, **signed, now=NOW)
    (settings.data / "replay").mkdir()  # what stands around a replay; its own looks are its matter
    for name in ("ui.js", "sw.js"):
        (settings.data / "replay" / name).write_text("// ReplayWeb.page", "utf-8")
    store.issue_reports.put(REPORT, "basis")
    publish_all(store, sources, settings)
    articles = [_path(one) for one in (entry_id, gone, closed, retracted)]
    group = sources[0].groups[0]
    return [
        "/",
        "/pinpai-guancha/",
        "/dili-yu-huanjing/",
        *articles,
        f"{articles[0]}copy/",
        "/dili-yu-huanjing/issues/",
        "/dili-yu-huanjing/issues/2026-3/",
        "/dili-yu-huanjing/completeness/",
        "/open-letters/completeness/",
        "/pinpai-guancha/columns/岸边/",
        "/authors/林渡/",
        f"/groups/{group}/",
        "/search",
        "/search?q=渡口",
        "/search?q=什么也没有的词",
        "/search?q=notice:gratis",
        "/nowhere/",
    ]


@pytest.fixture
def address(settings: Settings, store: Store, sources: list[Source]) -> Iterator[str]:
    with served(make_app(settings, store, lambda: sources)) as opened:
        yield opened


def _path(entry_id: str) -> str:
    return "/" + entry_id.rpartition(":")[2] + "/"


def _in(path: str, language: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


@pytest.mark.parametrize(
    ("language", "width", "scheme"), [("zh-CN", 1280, "light"), ("en", 360, "dark")]
)
def test_axe_finds_nothing_on_any_page(
    browser: Browser, address: str, paths: list[str], language: str, width: int, scheme: str
) -> None:
    page = browser.new_page(
        viewport={"width": width, "height": 900},
        color_scheme=scheme,  # type: ignore[arg-type]
        bypass_csp=True,  # axe itself is a script, which our pages rightly refuse
    )
    found = {}
    for path in paths:
        page.goto(address + _in(path, language))
        told = Axe().run(page)
        if told.violations_count:
            found[path] = told.generate_report()
        wide = page.evaluate("document.documentElement.scrollWidth") > width
        assert not wide, f"{path} scrolls sideways at {width}"
    page.close()
    assert found == {}


def test_what_axe_should_find_is_found(browser: Browser) -> None:
    # So that the test above can fail.
    page = browser.new_page()
    page.set_content("<html><body><img src='x.png'><p style='color:#ccc'>x</p></body></html>")
    assert Axe().run(page).violations_count
    page.close()


def test_no_page_asks_anybody_else_and_none_is_heavy(
    browser: Browser, address: str, paths: list[str]
) -> None:
    for path in paths:
        page = browser.new_page()
        asked = _listen(page)
        page.goto(address + _in(path, "zh-CN"), wait_until="load")
        assert all(each.startswith(address) for each in asked), path
        assert _bytes_of(page) < MOST_BYTES, path
        page.close()


def test_every_page_is_whole_without_javascript(
    browser: Browser, address: str, paths: list[str]
) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for path in paths:
        page.goto(address + _in(path, "zh-CN"))
        assert page.locator("main h1, .nameplate h1").count() == 1, path
        # That one shows a page of another day, which takes a script, beside a way without.
        assert page.locator("script").count() == path.endswith("/copy/"), path
    page.goto(f"{address}/")
    page.fill("input[name=q]", "渡口")
    page.press("input[name=q]", "Enter")
    assert page.locator(".articles li").count() >= 1
    context.close()


def _listen(page: Page) -> list[str]:
    asked: list[str] = []

    def note(request: Request) -> None:
        asked.append(request.url)

    page.on("request", note)
    return asked


def _bytes_of(page: Page) -> int:
    """What the page and its assets weigh, as sent."""
    return page.evaluate(
        "performance.getEntriesByType('resource').concat(performance.getEntriesByType("
        "'navigation')).reduce((sum, one) => sum + one.encodedBodySize, 0)"
    )

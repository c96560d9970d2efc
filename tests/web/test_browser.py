"""What only a real browser can say. Debian's chromium; skipped where it is not installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.factories import entry, sighting
from tests.web.chromium import Chromium, measuring
from tests.web.library import NOW
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = (
    "/?lang=zh-CN",
    "/?lang=en",
    "/pinpai-guancha/?lang=zh-CN",
    "/dili-yu-huanjing/?lang=en",
    "/open-letters/?lang=en",
    "/nowhere/?lang=zh-CN",
)
LONG = "超" * 120 + " " + "unbreakable" * 20 + " https://long.example/" + "a" * 200


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Chromium:
    found = Chromium.find(tmp_path_factory.mktemp("chromium"))
    if found is None:
        pytest.skip("no chromium: apt-get install chromium fonts-noto-cjk")
    return found


@pytest.fixture
def address(settings: Settings, store: Store, sources: list[Source]) -> Iterator[str]:
    long = entry(
        url="https://pinpai.example/long", canonical_url="https://pinpai.example/long", title=LONG
    )
    store.keep(sighting(long, source_id="pinpai-guancha", seen=NOW))
    with served(measuring(make_app(settings, store, lambda: sources))) as opened:
        yield opened


def test_no_page_is_wider_than_a_small_phone(chromium: Chromium, address: str) -> None:
    assert {path: chromium.too_wide(address, path, width=360) for path in PAGES} == {
        path: [] for path in PAGES
    }


def test_what_is_too_wide_is_found(chromium: Chromium, address: str) -> None:
    # So that the test above can fail: no page of ours fits into 90 pixels.
    assert chromium.too_wide(address, "/pinpai-guancha/", width=90)


@pytest.mark.parametrize("dark", [False, True])
def test_a_page_can_be_pictured(chromium: Chromium, address: str, *, dark: bool) -> None:
    file: Path = chromium.picture(f"{address}/pinpai-guancha/", width=1280, dark=dark)
    assert file.read_bytes().startswith(b"\x89PNG")
    assert file.stat().st_size > 50_000  # a blank page of this size has about 10 kB

from __future__ import annotations

import pytest

from web.frame import Frame, web_address


def frame(public_url: str = "https://feeds.example", asked: str | None = None) -> Frame:
    return Frame.of(public_url, language="en", asked=asked, path="/river-port/")


def test_links_carry_a_language_on_only_when_it_was_asked_for() -> None:
    assert frame().link("/") == "/"
    assert frame(asked="en").link("/") == "/?lang=en"
    assert frame(asked="tlh").link("/") == "/"


def test_the_switch_leads_to_the_same_page_in_the_other_language() -> None:
    assert frame().switch == "/river-port/?lang=zh-CN"


def test_a_public_address_below_a_path_is_kept_in_links_and_addresses() -> None:
    below = frame("https://library.example/feeds/")
    assert below.link("/river-port/") == "/feeds/river-port/"
    assert below.address_of("/opml.xml") == "https://library.example/feeds/opml.xml"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "/relative", "", None])
def test_only_web_addresses_become_links(url: str | None) -> None:
    assert web_address(url) is None
    assert web_address("https://river-port.example/1") == "https://river-port.example/1"

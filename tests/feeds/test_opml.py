from __future__ import annotations

from lxml import etree

from feeds.opml import build_opml
from tests.factories import source
from tests.feeds.render import SETTINGS

RIVER = source(groups=("人文", "城市"))
COAST = source(id="coast", title="海岸评论", homepage="https://coast.example/", groups=())


def test_line_31_every_source_is_an_outline_under_each_of_its_groups() -> None:
    body = etree.fromstring(build_opml([RIVER, COAST], SETTINGS)).find("body")
    assert body is not None
    tree = [(outline.get("text"), [one.get("text") for one in outline]) for outline in body]
    assert tree == [("人文", ["河港"]), ("城市", ["河港"]), ("海岸评论", [])]


def test_line_31_an_outline_carries_what_a_reader_needs_to_subscribe() -> None:
    opml = etree.fromstring(build_opml([COAST], SETTINGS))
    assert opml.get("version") == "2.0"
    (outline,) = opml.iterfind("body/outline")
    assert dict(outline.attrib) == {
        "type": "rss",
        "text": "海岸评论",
        "title": "海岸评论",
        "xmlUrl": "https://feeds.example/coast/atom.xml",
        "htmlUrl": "https://coast.example/",
        "language": "zh-CN",
    }
    assert all(outline.get("text") for outline in opml.iter("outline"))


def test_the_order_of_the_files_does_not_matter() -> None:
    assert build_opml([RIVER, COAST], SETTINGS) == build_opml([COAST, RIVER], SETTINGS)

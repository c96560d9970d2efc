"""The eight traps of feedgen 1.0.0: what comes out of our feeds where each of them lies."""

from __future__ import annotations

import locale
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from feedgen.feed import FeedGenerator
from lxml import etree

from archive.model import Enclosure, NoticeClass, Origin
from tests.factories import SEEN, archived, notice, source
from tests.feeds.render import NS, atom, common, documents, one, rss, texts

PDF = Enclosure(
    url="https://river-port.example/17.pdf", type="application/pdf", size_bytes=81920, title="全文"
)


def test_line_26_and_trap_1_atom_entry_links_keep_rel_type_title_and_length() -> None:
    links = atom(archived(enclosures=(PDF,))).findall("a:entry/a:link", NS)
    assert [dict(link.attrib) for link in links] == [
        {
            "href": "https://river-port.example/2026/0302/1.html",
            "rel": "alternate",
            "type": "text/html",
        },
        {
            "href": PDF.url,
            "rel": "enclosure",
            "type": "application/pdf",
            "length": "81920",
            "title": "全文",
        },
        {
            "href": "https://feeds.example/river-port/1/timemap",
            "rel": "timemap",
            "type": "application/link-format",
        },
        {"href": "https://feeds.example/river-port/1/timegate", "rel": "timegate"},
    ]


def test_trap_2_the_rhythm_is_written_with_a_small_letter() -> None:
    from sources.model import Rhythm

    channel = rss(archived(), of=source(schedule=Rhythm(every=timedelta(hours=2))))
    assert texts(channel, "sy:updatePeriod") == ["daily"]
    assert texts(channel, "sy:updateFrequency") == ["12"]
    assert not channel.findall("sy:UpdatePeriod", NS)


def test_trap_3_the_channel_links_to_the_journal_and_not_to_itself() -> None:
    channel = rss(archived())
    assert texts(channel, "link") == ["https://river-port.example/"]
    assert one(channel, "atom:link").get("href") == "https://feeds.example/river-port/rss.xml"


def test_line_26_links_to_an_origin_and_to_a_licence_carry_rel_and_type() -> None:
    origin = Origin(name="海岸评论", url="https://coast.example/9")
    reprint = archived(notice=notice(NoticeClass.THIRD_PARTY, origin=origin))
    licensed = archived(
        notice=notice(NoticeClass.OPEN_LICENSE, license_url="https://licence.example/by/")
    )
    for entry, rel in ((reprint, "via"), (licensed, "license")):
        link = one(atom(entry), f"a:entry/a:link[@rel='{rel}']")
        assert link.get("type") == "text/html"
    feed = etree.fromstring(common(archived(), of=(source(),))["atom.xml"])
    links = feed.findall("a:entry/a:source/a:link", NS)
    assert [(link.get("rel"), link.get("type")) for link in links] == [
        ("self", "application/atom+xml"),
        ("alternate", "text/html"),
    ]


@pytest.mark.parametrize("bad", ["\x00", "\x0b", "\x1f", "\ufffe", "\uffff", "\ud800"])
def test_line_23_and_trap_4_one_bad_character_costs_its_own_entry_and_not_the_feed(
    bad: str, caplog: pytest.LogCaptureFixture
) -> None:
    broken = archived(1, title=f"渡口{bad}的灯火")
    made = documents(broken, archived(2, title="河上的桥"))
    for document in made.values():
        assert "河上的桥" in document.decode()
        assert broken.id not in document.decode()
    assert broken.id in caplog.text


def test_line_3_and_trap_5_two_renders_give_the_same_bytes() -> None:
    entries = [archived(number) for number in range(3)]
    first, second = documents(*entries), documents(*entries)
    assert first == second
    # Nothing of feedgen's own clock is left, in a feed without entries either.
    assert b"2026-03-01T00:00:00+00:00" in documents()["atom.xml"]
    assert b"Sun, 01 Mar 2026 00:00:00 +0000" in documents()["rss.xml"]


def test_trap_6_the_locale_of_the_process_survives_many_threads() -> None:
    before = locale.setlocale(locale.LC_ALL)
    entries = [archived(number) for number in range(10)]
    try:
        locale.setlocale(locale.LC_ALL, "C.UTF-8")
        with ThreadPoolExecutor(4) as threads:
            made = list(threads.map(lambda _: documents(*entries)["rss.xml"], range(24)))
        assert locale.setlocale(locale.LC_ALL) == "C.UTF-8"
    finally:
        locale.setlocale(locale.LC_ALL, before)
    assert len(set(made)) == 1


def test_trap_7_content_is_html_and_never_of_type_cdata() -> None:
    entry = one(atom(archived()), "a:entry")
    assert one(entry, "a:content").get("type") == "html"
    assert b"<![CDATA[" not in documents(archived())["rss.xml"]


def test_line_15_and_trap_7_each_author_arrives_by_name_without_an_e_mail() -> None:
    assert texts(rss(archived()), "item/dc:creator") == ["林渡", "Ada River"]
    assert not texts(rss(archived()), "item/author")
    assert texts(atom(archived()), "a:entry/a:author/a:name") == ["林渡", "Ada River"]
    assert not texts(atom(archived()), "a:entry/dc:creator")


def test_trap_7_a_licence_is_linked_although_feedgen_refuses_that_rel() -> None:
    address = "https://creativecommons.org/licenses/by/4.0/"
    licensed = archived(
        notice=notice(NoticeClass.OPEN_LICENSE, license="CC BY 4.0", license_url=address)
    )
    link = one(atom(licensed), "a:entry/a:link[@rel='license']")
    assert link.get("href") == address
    assert one(rss(licensed), "item/cc:license").get(f"{{{NS['rdf']}}}resource") == address
    with pytest.raises(ValueError, match="rel"):
        FeedGenerator().add_entry().link(href=address, rel="license")


def test_line_25_and_trap_7_a_picture_has_its_type_and_no_default_group() -> None:
    entry = archived(image="https://river-port.example/图/1.jpg")
    for tree in (rss(entry), atom(entry)):
        (picture,) = tree.iter(f"{{{NS['media']}}}content")
        assert dict(picture.attrib) == {
            "url": "https://river-port.example/%E5%9B%BE/1.jpg",
            "medium": "image",
            "type": "image/jpeg",
        }
        assert picture.getparent().tag.rpartition("}")[2] in ("item", "entry")


def test_trap_7_entries_come_newest_first_and_not_in_reverse() -> None:
    first, second = archived(1, first_seen=SEEN), archived(2, first_seen=SEEN + timedelta(1))
    assert texts(rss(first, second), "item/guid") == [second.id, first.id]


def test_line_19_and_trap_7_a_title_is_plain_text_and_escaped_once() -> None:
    title = "当 p < 0.05 & n > 30 时的<结论>"
    assert texts(rss(archived(title=title)), "item/title") == [title]
    entry_title = one(atom(archived(title=title)), "a:entry/a:title")
    assert (entry_title.text, entry_title.get("type")) == (title, None)


def test_trap_8_elements_of_our_extension_are_in_their_namespaces() -> None:
    tree = atom(archived(doi="10.1234/river.17"))
    assert {element.tag for element in tree.iter() if element.prefix is None} == {
        f"{{{NS['atom']}}}{name}"
        for name in (
            *("feed", "id", "title", "updated", "author", "name", "link", "generator", "subtitle"),
            *("entry", "summary", "published", "rights", "content"),
        )
    }
    assert texts(tree, "a:entry/prism:doi") == ["10.1234/river.17"]
    assert texts(tree, "a:entry/dc:identifier") == ["doi:10.1234/river.17"]

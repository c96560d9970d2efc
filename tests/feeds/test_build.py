"""Lines of 'The best feed in the world for a journal' (FEEDS.md) that RSS and Atom must keep;
each test names its line. Traps of feedgen stand in test_traps.py."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import timedelta

import feedparser
import pytest
from lxml import etree

from archive.model import Enclosure, EntryState, NoticeClass, Precision
from sources.model import Rhythm
from tests.factories import SEEN, archived, day, notice, revised, source
from tests.feeds.render import (
    NS,
    SETTINGS,
    atom,
    common,
    documents,
    json_feed,
    one,
    rss,
    texts,
)

XML = ("rss.xml", "atom.xml")
COAST = source(id="coast", title="海岸评论", homepage="https://coast.example/", groups=())


@pytest.mark.parametrize("name", XML)
def test_line_2_documents_are_well_formed_utf_8_without_a_byte_order_mark(name: str) -> None:
    document = documents(archived(title="渡口① 的 ² 灯火🌉"))[name]
    assert document.startswith(b"<?xml version='1.0' encoding='UTF-8'?>\n<")
    assert document.endswith(b">\n")
    assert "渡口① 的 ² 灯火🌉" in document.decode("utf-8", "strict")
    etree.fromstring(document)


def test_line_4_guid_atom_id_and_json_id_are_the_entrys_tag_uri() -> None:
    entry = archived()
    guid = one(rss(entry), "item/guid")
    assert (guid.text, guid.get("isPermaLink")) == (entry.id, "false")
    assert texts(atom(entry), "a:entry/a:id") == [entry.id]
    assert json_feed(entry)["items"][0]["id"] == entry.id


def test_line_4_ids_outlive_a_change_of_title_address_and_host() -> None:
    entry = archived()
    later = revised(
        entry, changed=SEEN + timedelta(1), title="改题", url="https://new.example/17.html"
    )
    moved = replace(SETTINGS, public_url="https://elsewhere.example/feeds/")
    for settings in (SETTINGS, moved):
        assert texts(rss(later, settings=settings), "item/guid") == [entry.id]
    assert texts(atom(later, settings=moved), "a:id") == texts(atom(entry), "a:id")


def test_line_6_no_id_is_twice_in_a_document() -> None:
    assert len(texts(rss(archived(1), archived(1)), "item/guid")) == 1


def test_line_7_the_feed_was_updated_when_its_newest_entry_was() -> None:
    newest = SEEN + timedelta(days=1)
    feed = atom(archived(1), archived(2, changed=newest, revision=2))
    assert texts(feed, "a:updated") == [newest.isoformat()]


def test_line_10_newest_first_and_ties_by_a_stable_key() -> None:
    entries = [
        archived(1, published=day("2026-03-02")),
        archived(2, published=day("2026-03-03")),
        archived(3, published=day("2026-03-02")),
        archived(4, published=None),
    ]
    order = texts(rss(*entries), "item/guid")
    assert order == [entries[place].id for place in (3, 1, 2, 0)]
    assert texts(rss(*reversed(entries)), "item/guid") == order


def test_line_10_an_old_article_that_was_corrected_stands_at_its_place() -> None:
    old = archived(1, published=day("2026-01-02"), revision=2, changed=SEEN + timedelta(days=9))
    entries = [archived(2, published=day("2026-03-02")), old, archived(3, published=None)]
    for name in XML:
        read = feedparser.parse(documents(*entries)[name]).entries
        assert [one.id for one in read] == [entries[place].id for place in (2, 0, 1)]
    items = json_feed(*entries)["items"]
    assert [one["id"] for one in items] == [entries[place].id for place in (2, 0, 1)]


@pytest.mark.parametrize("public_url", ["https://feeds.example", "https://feeds.example/"])
def test_line_12_self_is_the_public_address_of_each_format(public_url: str) -> None:
    settings = replace(SETTINGS, public_url=public_url)
    own = one(rss(archived(), settings=settings), "atom:link[@rel='self']")
    assert own.get("href") == "https://feeds.example/river-port/rss.xml"
    assert own.get("type") == "application/rss+xml"
    own = one(atom(archived(), settings=settings), "a:link[@rel='self']")
    assert own.get("href") == "https://feeds.example/river-port/atom.xml"
    assert own.get("type") == "application/atom+xml"


def test_line_12_without_a_homepage_the_channel_links_to_the_first_list() -> None:
    channel = rss(archived(), of=source(homepage=None))
    assert texts(channel, "link") == ["https://river-port.example/list.html"]


def test_line_13_the_title_is_the_bare_name_and_the_language_is_said() -> None:
    assert texts(rss(archived()), "title") == ["河港"]
    assert texts(rss(archived()), "language") == ["zh-CN"]
    feed = atom(archived())
    assert texts(feed, "a:title") == ["河港"]
    assert feed.get("{http://www.w3.org/XML/1998/namespace}lang") == "zh-CN"


def test_line_14_the_journal_is_named_with_its_numbers_and_publisher() -> None:
    for channel in (rss(archived()), atom(archived())):
        assert texts(channel, "dc:publisher") == ["河港城市文化研究所"]
        assert texts(channel, "prism:publicationName") == ["河港"]
        assert texts(channel, "prism:issn") == ["1234-5679"]
        assert texts(channel, "prism:eIssn") == ["2049-3630"]


def test_line_16_issue_pages_and_doi_stand_when_known_and_are_absent_when_not() -> None:
    item = one(rss(archived(volume="12", number="5", pages="17–23", doi="10.1234/r.17")), "item")
    assert texts(item, "prism:volume") == ["12"]
    assert texts(item, "prism:number") == ["5"]
    assert texts(item, "prism:startingPage") == ["17"]
    assert texts(item, "prism:endingPage") == ["23"]
    assert texts(item, "prism:doi") == ["10.1234/r.17"]
    assert texts(item, "dc:identifier") == ["doi:10.1234/r.17"]
    bare = one(rss(archived(number=None)), "item")
    for name in ("volume", "number", "startingPage", "endingPage", "pageRange", "doi"):
        assert not texts(bare, f"prism:{name}")


@pytest.mark.parametrize(
    ("pages", "said"),
    [("e1042", {"startingPage": "e1042"}), ("12-15, 30", {"pageRange": "12-15, 30"})],
)
def test_line_16_pages_that_are_no_range_stay_as_printed(pages: str, said: dict[str, str]) -> None:
    item = one(rss(archived(pages=pages)), "item")
    names = ("startingPage", "endingPage", "pageRange")
    found = {name: texts(item, f"prism:{name}") for name in names}
    assert found == {name: [said[name]] if name in said else [] for name in names}


@pytest.mark.parametrize("name", XML)
def test_line_20_the_summary_stands_before_the_content(name: str) -> None:
    document = documents(archived())[name].decode()
    summary, content = ("<description>一座", "<content:encoded>")
    if name == "atom.xml":
        summary, content = ("<summary ", "<content ")
    assert 0 < document.index(summary) < document.index(content)


def test_line_23_a_bad_character_in_a_body_costs_that_entry_in_every_format_alike(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = archived(1, html="<p>渡口\ud800</p>")
    with caplog.at_level(logging.ERROR):
        made = documents(broken, archived(2))
    for document in made.values():
        assert broken.id not in document.decode()
        assert archived(2).id in document.decode()
    assert broken.id in caplog.text
    assert "river-port" in caplog.text


def test_line_24_an_entry_that_raises_anywhere_never_removes_the_others(
    caplog: pytest.LogCaptureFixture,
) -> None:
    broken = archived(1, published=day("2026-02-30"))
    assert texts(rss(broken, archived(2)), "item/guid") == [archived(2).id]
    assert broken.id in caplog.text


def test_line_25_a_file_is_an_enclosure_with_type_and_length() -> None:
    files = (
        Enclosure(url="https://a.example/1.mp3", type="audio/mpeg", size_bytes=4096),
        Enclosure(url="https://a.example/2.pdf", type="application/pdf"),
    )
    enclosure = one(rss(archived(enclosures=files)), "item/enclosure")
    assert dict(enclosure.attrib) == {
        "url": "https://a.example/1.mp3",
        "length": "4096",
        "type": "audio/mpeg",
    }
    links = atom(archived(enclosures=files)).findall("a:entry/a:link[@rel='enclosure']", NS)
    assert [link.get("length") for link in links] == ["4096", None]


@pytest.mark.promise(number=22)
def test_an_entry_leads_to_its_kept_copies_unless_it_was_taken_down() -> None:
    """Promise 22."""
    gone = archived(2, state=EntryState.WITHDRAWN, state_since=SEEN)
    for tree, path in ((rss(archived(1), gone), "item/atom:link"),
                       (atom(archived(1), gone), "a:entry/a:link")):  # fmt: skip
        links = {link.get("rel"): link.get("href") for link in tree.iterfind(path, NS)}
        assert links["timemap"] == "https://feeds.example/river-port/1/timemap"
        assert links["timegate"] == "https://feeds.example/river-port/1/timegate"
        told = [link.get("href") for link in tree.iterfind(path, NS)]
        assert not [url for url in told if "river-port/2/time" in (url or "")]
    items = json_feed(archived(1), gone)["items"]
    assert ["timemap" in item["_kanliu"] for item in items] == [False, True]


def test_line_35_ttl_and_rhythm_agree_with_the_schedule_and_are_absent_without_one() -> None:
    channel = rss(archived(), of=source(schedule=Rhythm(every=timedelta(minutes=30))))
    assert texts(channel, "ttl") == ["30"]
    assert texts(channel, "sy:updatePeriod") + texts(channel, "sy:updateFrequency") == [
        "hourly",
        "2",
    ]
    assert not texts(rss(archived()), "ttl")
    assert not texts(rss(archived()), "sy:updatePeriod")


def test_line_42_an_entry_of_the_feed_of_everything_names_its_journal() -> None:
    entries = archived(1), archived(2, source_id="coast")
    made = common(*entries, of=(source(), COAST))
    channel = etree.fromstring(made["rss.xml"])[0]
    assert {(tag.get("url"), tag.text) for tag in channel.iterfind("item/source")} == {
        ("https://feeds.example/river-port/rss.xml", "河港"),
        ("https://feeds.example/coast/rss.xml", "海岸评论"),
    }
    feed = etree.fromstring(made["atom.xml"])
    own = {
        texts(tree, "a:title")[0]: (
            texts(tree, "a:id")[0],
            [link.get("href") for link in tree.iterfind("a:link", NS)],
        )
        for tree in feed.iterfind("a:entry/a:source", NS)
    }
    assert own["海岸评论"] == (
        "tag:feeds.example,2026-03-01:coast",
        ["https://feeds.example/coast/atom.xml", "https://coast.example/"],
    )
    # A feed of one journal needs none.
    assert not rss(archived()).findall("item/source")


def test_the_feed_of_everything_waits_for_a_source_whose_file_is_away() -> None:
    made = common(archived(1), archived(2, source_id="coast"), of=(source(),))
    assert texts(etree.fromstring(made["rss.xml"])[0], "item/guid") == [archived(1).id]


def test_an_empty_feed_is_valid_and_says_that_nothing_has_changed_yet() -> None:
    parsed = feedparser.parse(documents()["atom.xml"])
    assert (parsed.feed.title, parsed.entries, parsed.bozo) == ("河港", [], False)


@pytest.mark.parametrize("name", XML)
def test_feedparser_reads_the_right_title_day_zone_authors_and_id(name: str) -> None:
    entry = archived(published=day("2026-03-02"), column="城市", keywords=("渡口", "城市"))
    parsed = feedparser.parse(documents(entry)[name])
    assert not parsed.bozo
    assert parsed.feed.title == "河港"
    assert parsed.feed.link == "https://river-port.example/"
    (read,) = parsed.entries
    assert read.title == "渡口的灯火"
    # Midnight of 2 March in Shanghai.
    assert read.published_parsed[:5] == (2026, 3, 1, 16, 0)
    assert read.published.endswith(("+0800", "+08:00"))
    assert read.id == entry.id
    assert read.link == entry.entry.url
    assert [author.name for author in read.authors] == ["林渡", "Ada River"]
    assert [tag.term for tag in read.tags] == ["城市", "渡口"]
    assert read.summary == "一座老渡口怎样成了城市的客厅。"
    assert "等船" in read.content[0].value


def test_feedparser_takes_the_first_sight_and_not_the_month_for_updated() -> None:
    month = replace(day("2026-03"), precision=Precision.MONTH)
    read = feedparser.parse(documents(archived(published=month))["atom.xml"]).entries[0]
    assert read.updated_parsed[:5] == SEEN.timetuple()[:5]


def test_an_entry_of_which_only_the_link_may_be_carried_keeps_its_keywords_back() -> None:
    entry = archived(column="城市", keywords=("渡口",), notice=notice(NoticeClass.FORBIDDEN))
    made = documents(entry)
    for name in XML:
        assert [tag.term for tag in feedparser.parse(made[name]).entries[0].tags] == ["城市"]
    assert json.loads(made["feed.json"])["items"][0]["tags"] == ["城市"]

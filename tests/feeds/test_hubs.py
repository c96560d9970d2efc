"""What a feed says of its hubs (FEEDS, line 37): at least one hub, and itself exactly once."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from feeds.channel import History
from feeds.documents import closed_document
from feeds.selected import of_author, of_column, of_group, of_saved, of_search
from foundation.setting_kinds import SavedSearch
from tests.factories import archived, source
from tests.feeds.render import NS, SETTINGS, TAGS, atom, common, json_feed, rss

HUB, OTHER = "https://hub.example/", "https://other-hub.example/push"
WITH_HUBS = replace(SETTINGS, hubs=(HUB, OTHER))


def links(tree: etree._Element, path: str, relation: str) -> list[str]:
    return [one.get("href", "") for one in tree.iterfind(path, NS) if one.get("rel") == relation]


def test_every_format_names_its_hubs_in_the_order_of_the_settings_and_itself_once() -> None:
    channel = rss(archived(), settings=WITH_HUBS)
    assert links(channel, "atom:link", "hub") == [HUB, OTHER]
    assert links(channel, "atom:link", "self") == ["https://feeds.example/river-port/rss.xml"]
    feed = atom(archived(), settings=WITH_HUBS)
    assert links(feed, "a:link", "hub") == [HUB, OTHER]
    assert links(feed, "a:link", "self") == ["https://feeds.example/river-port/atom.xml"]
    document = json_feed(archived(), settings=WITH_HUBS)
    assert document["hubs"] == [{"type": "WebSub", "url": url} for url in (HUB, OTHER)]
    assert document["feed_url"] == "https://feeds.example/river-port/feed.json"


def test_the_feed_of_everything_names_them_too() -> None:
    made = common(archived(), of=(source(),), settings=WITH_HUBS)
    assert links(etree.fromstring(made["atom.xml"]), "a:link", "hub") == [HUB, OTHER]


def test_our_own_hub_comes_first_and_once() -> None:
    own = "https://feeds.example/hub"
    settings = replace(SETTINGS, hub=True, hubs=(HUB, own))
    assert links(atom(archived(), settings=settings), "a:link", "hub") == [own, HUB]


def test_a_feed_without_hubs_names_none() -> None:
    assert links(rss(archived()), "atom:link", "hub") == []
    assert "hubs" not in json_feed(archived())


def test_a_closed_document_has_no_hub_as_it_does_not_change() -> None:
    history = History(closed="2026-03", previous=None)
    made = closed_document([archived()], source(), WITH_HUBS, tags=TAGS, history=history)
    assert b"hub" not in made


def test_feeds_of_groups_and_saved_searches_name_their_hubs_as_they_are_files() -> None:
    group = of_group("评论/争鸣", [source(groups=("评论/争鸣",))], WITH_HUBS, TAGS)
    search = of_saved(SavedSearch(id="ferry", title="渡口", query="渡口"), [], WITH_HUBS, TAGS)
    assert group.channel.hubs == search.channel.hubs == (HUB, OTHER)


def test_a_feed_that_is_made_when_it_is_asked_for_has_no_hub_as_nobody_is_told_of_it() -> None:
    column = of_column(source(), "随笔", WITH_HUBS, TAGS)
    assert column.channel.hubs == ()
    assert of_author("林渡", WITH_HUBS, TAGS).channel.hubs == ()
    assert of_search("渡口", [], WITH_HUBS, TAGS).channel.hubs == ()

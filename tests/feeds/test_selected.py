"""Feeds of a column, an issue, an author, a group of journals and of a search."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from lxml import etree

from archive.issue import Issue
from archive.model import NoticeClass
from archive.store import Store
from feeds.channel import Tags
from feeds.publish import publish_all, publish_changed, publish_common
from feeds.selected import (
    Chosen,
    chosen_documents,
    of_author,
    of_column,
    of_group,
    of_issue,
    of_saved,
    of_search,
    path_name,
)
from foundation.errors import QueryError
from foundation.setting_kinds import SavedSearch
from foundation.settings import Settings
from tests.factories import AUTHORITY, SEEN, day, entry, notice, sighting, source
from tests.feeds.render import NS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIVER = source(groups=("水边",))
COAST = source(
    id="coast", title="海岸评论", lists=("https://coast.example/l",), groups=("水边", "评论/争鸣")
)
SOURCES = (RIVER, COAST)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    searches = (SavedSearch(id="ferry", title="渡口", query="渡口 notice:reusable"),)
    return Settings(data=tmp_path, public_url="https://feeds.example/k", searches=searches)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url, authority=AUTHORITY, now=SEEN) as opened:
        opened.sync_sources(SOURCES, SEEN)
        keep(opened, 1, title="渡口的灯火", column="江岸", number="5", pages="1-6")
        keep(opened, 2, title="渡船", column="人物", number="5", authors=("周桥",), pages="7-9")
        closed = notice(NoticeClass.PERMISSION)
        keep(opened, 3, title="渡口之外", column="江岸", number="6", notice=closed)
        keep(opened, 4, title="海岸线", of="coast", authors=("周桥", "林渡"))
        yield opened


def keep(store: Store, which: int, of: str = "river-port", **fields: Any) -> None:
    url = f"https://{of}.example/{which}"
    plain = {"url": url, "canonical_url": url, "text": f"第{which}篇的正文。", "number": None}
    article = entry(**{**plain, "published": day(f"2026-03-0{which}"), **fields})
    store.keep(sighting(article, source_id=of, seen=SEEN + timedelta(hours=which)))


def read(store: Store, chosen: Chosen, settings: Settings) -> Any:
    """The Atom document, parsed; all three formats must tell of the same entries."""
    made = chosen_documents(store, chosen, SOURCES, settings)
    parsed = feedparser.parse(made["atom.xml"])
    assert not parsed.bozo
    ids = [one.id for one in parsed.entries]
    assert [one.id for one in feedparser.parse(made["rss.xml"]).entries] == ids
    assert [one["id"] for one in json.loads(made["feed.json"])["items"]] == ids
    assert chosen_documents(store, chosen, SOURCES, settings) == made
    return parsed


def tags(store: Store) -> Tags:
    return Tags(authority=store.authority, minted=store.minted)


def titles(parsed: Any) -> list[str]:
    return [one.title for one in parsed.entries]


def test_a_column_has_a_feed_under_its_own_address(store: Store, settings: Settings) -> None:
    parsed = read(store, of_column(RIVER, "江岸", settings, tags(store)), settings)
    assert titles(parsed) == ["渡口之外", "渡口的灯火"]
    assert parsed.feed.title == "河港 · 江岸"
    (own,) = (link.href for link in parsed.feed.links if link.rel == "self")
    assert own == "https://feeds.example/k/river-port/columns/%E6%B1%9F%E5%B2%B8/atom.xml"
    assert parsed.feed.id.isascii()


def test_an_issue_begins_with_its_contents(store: Store, settings: Settings) -> None:
    chosen = of_issue(RIVER, Issue(year=2026, number="5"), settings, tags(store))
    parsed = read(store, chosen, settings)
    assert parsed.feed.title == "河港 · 2026年第5期"
    assert titles(parsed) == ["《河港》2026年第5期目录（2 篇）", "渡船", "渡口的灯火"]
    contents = parsed.entries[0].content[0].value
    assert contents.index("渡口的灯火</a> 林渡、Ada River · 1-6") < contents.index(
        "渡船</a> 周桥 · 7-9"
    )
    assert parsed.entries[0].link == "https://feeds.example/k/river-port/issues/2026-5/"
    # No two entries of one instant: validators and some readers take these for copies.
    assert len({one.updated for one in parsed.entries}) == 3


def test_a_contents_entry_keeps_its_id_and_is_updated_when_the_issue_grows(
    store: Store, settings: Settings
) -> None:
    chosen = of_issue(RIVER, Issue(year=2026, number="5"), settings, tags(store))
    before = read(store, chosen, settings).entries[0]
    keep(store, 5, title="后来的一篇", number="5")
    after = read(store, chosen, settings).entries[0]
    assert (after.id, after.title) == (before.id, "《河港》2026年第5期目录（3 篇）")
    assert after.updated > before.updated


def test_an_author_is_followed_through_all_journals(store: Store, settings: Settings) -> None:
    parsed = read(store, of_author("周桥", settings, tags(store)), settings)
    assert titles(parsed) == ["海岸线", "渡船"]
    # Line 42: each names its journal.
    assert [one.source.title for one in parsed.entries] == ["海岸评论", "河港"]


def test_a_search_has_a_feed_at_an_address_that_says_what_it_finds(
    store: Store, settings: Settings
) -> None:
    chosen = of_search("渡口 notice:reusable", SOURCES, settings, tags(store))
    parsed = read(store, chosen, settings)
    assert titles(parsed) == ["渡口的灯火"]
    (own,) = (link.href for link in parsed.feed.links if link.rel == "self")
    assert own.startswith("https://feeds.example/k/search.atom?q=%E6%B8%A1%E5%8F%A3+notice")
    assert chosen.channel.url("rss.xml").startswith("https://feeds.example/k/search.rss?q=")
    other = of_search("渡船", SOURCES, settings, tags(store))
    assert other.channel.id != chosen.channel.id


def test_traditional_letters_find_what_was_printed_in_simplified_ones(
    store: Store, settings: Settings
) -> None:
    assert titles(read(store, of_search("海岸線", SOURCES, settings, tags(store)), settings)) == [
        "海岸线"
    ]


def test_groups_and_saved_searches_are_published_files(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings)
    for folder, found in (
        ("groups/水边", 4),
        ("groups/评论-争鸣", 1),
        ("searches/ferry", 1),
    ):
        for name in ("atom.xml", "rss.xml", "feed.json"):
            assert (settings.public / folder / name).exists()
        feed = etree.fromstring((settings.public / folder / "atom.xml").read_bytes())
        assert len(feed.findall("a:entry", NS)) == found
    assert publish_all(store, SOURCES, settings).written == ()


def test_of_the_groups_only_those_with_a_changed_journal_are_rendered(
    store: Store, settings: Settings
) -> None:
    publish_all(store, SOURCES, settings)
    keep(store, 6, title="河上又一座桥")
    done = publish_changed(store, SOURCES, settings)
    assert done.journals == {"river-port"}
    common = publish_common(store, SOURCES, settings, done.journals)
    assert {path.parent.name for path in common.written} == {"all", "水边"}
    # Three formats each of everything, one group and the search; no OPML, and not 评论-争鸣.
    assert len(common.written) + common.unchanged == 9
    assert publish_common(store, SOURCES, settings).written == ()


def test_a_saved_search_in_a_journal_that_is_not_followed_costs_no_other_feed(
    store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    lost = SavedSearch(id="lost", title="x", query="journal:nowhere 渡口")
    broken = replace(settings, searches=(lost, *settings.searches))
    with pytest.raises(QueryError):
        of_saved(lost, SOURCES, broken, tags(store))
    publish_all(store, SOURCES, broken)
    assert "search not published id=lost" in caplog.text
    assert (settings.public / "searches/ferry/atom.xml").exists()


def test_a_group_follows_the_source_files(store: Store, settings: Settings) -> None:
    alone = of_group("评论/争鸣", SOURCES, settings, tags(store))
    assert titles(read(store, alone, settings)) == ["海岸线"]
    assert of_group("无", SOURCES, settings, tags(store)).selection.sources == frozenset()


@pytest.mark.parametrize(
    ("name", "path"), [("江岸", "江岸"), ("评论/争鸣", "评论-争鸣"), ("..", "-"), ("a\\b", "a-b")]
)
def test_a_name_in_an_address_leads_out_of_no_folder(name: str, path: str) -> None:
    assert path_name(name) == path

"""A take-down in the feeds of parts of the archive: who follows only these learns of it there, and
nothing of what was taken down is left in any of them."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import brotli
import feedparser
import pytest
from lxml import etree

from archive.issue import Issue
from archive.store import Store
from feeds.channel import Tags
from feeds.compress import compress_file, uncompressed_files
from feeds.publish import publish_all, publish_changed, publish_common
from feeds.renditions import file_of, parse_renditions
from feeds.selected import (
    Chosen,
    chosen_documents,
    of_author,
    of_column,
    of_group,
    of_issue,
    of_saved,
    of_search,
)
from foundation.setting_kinds import SavedSearch
from foundation.settings import Settings
from tests.archive.test_documents import withdraw
from tests.factories import AUTHORITY, SEEN, day, entry, notice, sighting, source
from tests.feeds.render import NS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIVER = source(groups=("水边",))
COAST = source(id="coast", title="海岸评论", lists=("https://coast.example/l",), groups=("岸",))
SOURCES = (RIVER, COAST)
FERRY = SavedSearch(id="ferry", title="渡口", query="渡口")
DAY = timedelta(days=1)
#: Every word that the article has and nothing else says.
SECRETS = ("渡口的灯火", "灯火照着水面", "周桥", "江岸")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, public_url="https://feeds.example", searches=(FERRY,))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url, authority=AUTHORITY, now=SEEN) as opened:
        opened.sync_sources(SOURCES, SEEN)
        yield opened


def keep(store: Store, which: int, of: str = "river-port", **fields: object) -> str:
    url = f"https://{of}.example/{which}"
    text = f"第{which}条船过桥，桥上的人看了{which}回。"
    plain = {"title": f"渡口之{which}", "text": text, "html": f"<p>{text}</p>", "number": "6"}
    article = entry(url=url, canonical_url=url, published=day(f"2026-03-0{which}"),
                    notice=notice(), **{**plain, **fields})  # fmt: skip
    return store.keep(sighting(article, source_id=of, seen=SEEN + which * DAY)).entry_id


def keep_secret(store: Store) -> str:
    text = "灯火照着水面，周桥站在江岸。"
    secret = {"title": "渡口的灯火", "text": text, "html": f"<p>{text}</p>", "number": "5"}
    return keep(store, 2, authors=("周桥",), column="江岸", **secret)


def chosen_feeds(store: Store, settings: Settings) -> dict[str, Chosen]:
    """One of each kind that had the article, and one of each that had not."""
    tags = Tags(authority=store.authority, minted=store.minted)
    issues = {number: Issue(year=2026, number=number) for number in ("5", "6")}
    return {
        "had column": of_column(RIVER, "江岸", settings, tags),
        "had issue": of_issue(RIVER, issues["5"], settings, tags),
        "had author": of_author("周桥", settings, tags),
        "had group": of_group("水边", SOURCES, settings, tags),
        "had saved": of_saved(FERRY, SOURCES, settings, tags),
        "had search": of_search("灯火 notice:reusable", SOURCES, settings, tags),
        "not column": of_column(RIVER, "人物", settings, tags),
        "not issue": of_issue(RIVER, issues["6"], settings, tags),
        "not author": of_author("林渡", settings, tags),
        "not group": of_group("岸", SOURCES, settings, tags),
        "not saved": of_saved(replace(FERRY, query="海岸 渡口"), SOURCES, settings, tags),
        "not search": of_search("灯火 notice:forbidden", SOURCES, settings, tags),
    }


def test_each_feed_that_had_it_says_so_in_every_format_and_no_other_does(
    store: Store, settings: Settings
) -> None:
    taken = keep_secret(store)
    keep(store, 1)
    keep(store, 3, "coast")
    before = chosen_feeds(store, settings)
    had = {
        name: taken in chosen_documents(store, one, SOURCES, settings)["atom.xml"].decode()
        for name, one in before.items()
    }
    assert had == {name: name.startswith("had") for name in before}
    withdraw(store, taken, SEEN + 5 * DAY)
    for name, one in before.items():
        made = chosen_documents(store, one, SOURCES, settings)
        atom = etree.fromstring(made["atom.xml"])
        graves = [grave.get("ref") for grave in atom.iterfind("at:deleted-entry", NS)]
        entries = {each.id: each for each in feedparser.parse(made["atom.xml"]).entries}
        items = {each.id: each for each in feedparser.parse(made["rss.xml"]).entries}
        objects = {each["id"]: each for each in json.loads(made["feed.json"])["items"]}
        assert entries.keys() == items.keys() == objects.keys()
        assert graves == ([taken] if had[name] else []), name
        assert (taken in entries) is had[name], name
        if had[name]:
            said = {entries[taken].title, items[taken].title, objects[taken]["title"]}
            assert said == {"【已撤下】《河港》"}
            assert objects[taken]["_kanliu"]["state"] == "withdrawn"
        for secret in SECRETS if name not in ("had column", "had author", "had search") else ():
            assert not [each for each in made.values() if secret.encode() in each], (name, secret)


def test_an_issue_does_not_list_what_was_taken_down(store: Store, settings: Settings) -> None:
    taken = keep_secret(store)
    keep(store, 1, number="5")
    issue = chosen_feeds(store, settings)["had issue"]
    before = feedparser.parse(chosen_documents(store, issue, SOURCES, settings)["atom.xml"])
    assert before.entries[0].title == "《河港》2026年第5期目录（2 篇）"
    withdraw(store, taken, SEEN + 5 * DAY)
    after = feedparser.parse(chosen_documents(store, issue, SOURCES, settings)["atom.xml"])
    assert after.entries[0].title == "《河港》2026年第5期目录（1 篇）"
    assert "灯火" not in after.entries[0].content[0].value
    # The list of contents changed too, and no two entries are of one instant.
    assert after.entries[0].updated > before.entries[0].updated
    assert len({one.updated for one in after.entries}) == len(after.entries)


def test_it_is_told_as_long_as_the_journals_own_feed_tells_it(
    store: Store, settings: Settings
) -> None:
    taken = keep_secret(store)
    store.close_documents(SEEN + 40 * DAY)
    keep(store, 1)
    withdraw(store, taken, SEEN + 41 * DAY)
    places = ("river-port", "groups/水边", "searches/ferry")
    publish_all(store, SOURCES, settings)
    assert [graves(settings, place) for place in places] == [[taken]] * 3
    store.close_documents(SEEN + 80 * DAY)
    done = publish_changed(store, SOURCES, settings)
    publish_common(store, SOURCES, settings, done.journals)
    assert [graves(settings, place) for place in places] == [[]] * 3


def test_nothing_of_it_stays_in_the_published_tree(store: Store, settings: Settings) -> None:
    taken = keep_secret(store)
    for which in (1, 3, 4):
        keep(store, which)
    publish_all(store, SOURCES, settings)
    compress_all(settings)
    held = parse_renditions(renditions(settings))
    assert [name for name, data in everything(settings).items() if SECRETS[1].encode() in data]
    withdraw(store, taken, SEEN + 5 * DAY)
    # As the service does it: what changed, and then what shows many.
    done = publish_changed(store, SOURCES, settings)
    publish_common(store, SOURCES, settings, done.journals)
    for compressed in (False, True):
        if compressed:
            compress_all(settings)
        for name, data in everything(settings).items():
            assert not [secret for secret in SECRETS if secret.encode() in data], name
    # What earlier renditions are remembered by are digests, and all of them are as before.
    after = parse_renditions(renditions(settings))
    assert held.items() < after.items()
    assert all(len(each) == 16 for digests in after.values() for each in digests)


def renditions(settings: Settings) -> bytes:
    return file_of(settings.public / "groups/水边/atom.xml").read_bytes()


def graves(settings: Settings, folder: str) -> list[str | None]:
    feed = etree.fromstring((settings.public / folder / "atom.xml").read_bytes())
    return [grave.get("ref") for grave in feed.iterfind("at:deleted-entry", NS)]


def compress_all(settings: Settings) -> None:
    for file in list(uncompressed_files(settings.public)):
        compress_file(file)


def everything(settings: Settings) -> dict[str, bytes]:
    """Each file of the tree, hidden ones too, as whoever opens it reads it."""
    plain = {".gz": gzip.decompress, ".br": brotli.decompress}
    return {
        str(path.relative_to(settings.public)): plain.get(path.suffix, bytes)(path.read_bytes())
        for path in settings.public.rglob("*")
        if path.is_file()
    }

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import feedparser
import pytest
from lxml import etree

from archive.model import EntryState
from archive.store import Store
from feeds import documents
from feeds.publish import publish_all, publish_changed, publish_common
from foundation.errors import StoreError
from foundation.settings import Settings
from tests.archive.test_documents import withdraw
from tests.factories import SEEN, day, entry, notice, sighting, source
from tests.feeds.render import NS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIVER = source()
COAST = source(id="coast", title="海岸评论", lists=("https://coast.example/list.html",))
SOURCES = (RIVER, COAST)
EVERY_FILE = {
    *(f"river-port/{name}" for name in ("rss.xml", "atom.xml", "feed.json")),
    *(f"coast/{name}" for name in ("rss.xml", "atom.xml", "feed.json")),
    *(f"all/{name}" for name in ("rss.xml", "atom.xml", "feed.json")),
    "opml.xml",
}


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, public_url="https://feeds.example")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url, authority="feeds.example") as opened:
        opened.sync_sources(SOURCES, SEEN)
        opened.keep(sighting(entry(), seen=SEEN))
        yield opened


def tree(settings: Settings) -> dict[str, bytes]:
    """What is served."""
    found = (path for path in settings.public.rglob("*") if path.is_file())
    files = (path for path in found if not path.name.startswith("."))
    return {str(path.relative_to(settings.public)): path.read_bytes() for path in files}


def keep_another(store: Store, which: int = 2) -> None:
    url = f"https://river-port.example/2026/0303/{which}.html"
    another = entry(url=url, canonical_url=url, title=f"河上的桥之{which}", text=f"第{which}座桥")
    store.keep(sighting(another, seen=SEEN + timedelta(hours=which)))


def test_the_first_publication_makes_every_document_of_every_source(
    store: Store, settings: Settings
) -> None:
    done = publish_all(store, SOURCES, settings)
    assert set(tree(settings)) == EVERY_FILE
    assert {str(path.relative_to(settings.public)) for path in done.written} == EVERY_FILE
    read = feedparser.parse(tree(settings)["river-port/atom.xml"])
    assert [one.title for one in read.entries] == ["渡口的灯火"]
    assert json.loads(tree(settings)["all/feed.json"])["items"][0]["title"] == "渡口的灯火"


def test_line_3_and_11_publishing_again_writes_nothing(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings)
    before = {path: path.stat().st_mtime_ns for path in settings.public.rglob("*")}
    done = publish_all(store, SOURCES, settings)
    assert (done.written, done.unchanged) == ((), len(EVERY_FILE))
    assert {path: path.stat().st_mtime_ns for path in settings.public.rglob("*")} == before


def test_line_3_a_tree_built_anew_has_the_same_bytes(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings)
    elsewhere = replace(settings, data=settings.data / "elsewhere")
    publish_all(store, SOURCES, elsewhere)
    assert tree(elsewhere) == tree(settings)


def test_one_new_article_writes_the_files_of_its_source_and_later_of_all_only(
    store: Store, settings: Settings
) -> None:
    publish_all(store, SOURCES, settings)
    assert store.changed_sources() == []
    keep_another(store)
    done = publish_changed(store, SOURCES, settings)
    assert {path.parent.name for path in done.written} == {"river-port"}
    assert len(done.written) == 3
    assert store.changed_sources() == []
    done = publish_common(store, SOURCES, settings)
    assert {path.parent.name for path in done.written} == {"all"}
    assert len(done.written) == 3
    assert b"2.html" in tree(settings)["all/atom.xml"]


def test_nothing_changed_means_nothing_is_rendered_or_read(
    store: Store, settings: Settings
) -> None:
    publish_changed(store, SOURCES, settings)
    done = publish_changed(store, SOURCES, settings)
    assert (done.written, done.unchanged) == ((), 0)


def test_a_new_setting_is_found_by_publishing_all(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings)
    moved = replace(settings, public_url="https://elsewhere.example")
    assert publish_changed(store, SOURCES, moved).written == ()
    done = publish_all(store, SOURCES, moved)
    assert len(done.written) == len(EVERY_FILE)


def test_only_some_sources_can_be_published(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings, only=[COAST])
    assert set(tree(settings)) == {name for name in EVERY_FILE if "river-port" not in name}
    assert [changed.source_id for changed in store.changed_sources()] == ["river-port"]


@pytest.mark.parametrize(
    ("fields", "is_told"),
    [
        ({"title": "渡口的新灯火"}, True),
        ({"text": "改过的一段。", "html": "<p>改过的一段。</p>"}, True),
        ({"notice": notice(text="未经本刊同意，不得转载。")}, True),
        ({"authors": ("林渡",)}, True),
        ({"doi": "10.1234/r.17"}, True),
        ({"volume": "12", "number": "6", "pages": "3-9"}, True),
        ({"published": day("2026-03-01", "2026年3月1日（更正）")}, True),
        ({"is_retracted": True}, True),
        # Of these readers are not told: sites change them without touching the article.
        ({"title": "渡口 的灯火"}, False),
        ({"html": "<div><p>天黑以后，渡口先亮起来。</p></div>"}, False),
        ({"summary": "另一句导语。"}, False),
        ({"keywords": ("渡口",), "column": "城市"}, False),
        ({"image": "https://river-port.example/1.jpg"}, False),
    ],
)
def test_line_7_updated_changes_exactly_when_what_an_entry_shows_does(
    store: Store, settings: Settings, fields: dict[str, Any], is_told: bool
) -> None:
    publish_all(store, SOURCES, settings)
    before = shown(settings)
    store.keep(sighting(entry(**fields), seen=SEEN + timedelta(days=2)))
    publish_all(store, SOURCES, settings)
    after = shown(settings)
    for name, (written, updated) in before.items():
        assert (after[name][1] != updated) is is_told, name
        assert (after[name][0] != written) is is_told, name
    if is_told:
        assert {updated for _, updated in after.values()} == {
            (SEEN + timedelta(days=2)).isoformat()
        }


def shown(settings: Settings) -> dict[str, tuple[object, str]]:
    """The only entry as Atom and JSON have it, and when it says that it was updated."""
    feed = etree.fromstring(tree(settings)["river-port/atom.xml"])
    (atom,) = feed.iterfind("a:entry", NS)
    (item,) = json.loads(tree(settings)["river-port/feed.json"])["items"]
    return {
        "atom.xml": (etree.tostring(atom), atom.findtext("a:updated", namespaces=NS) or ""),
        "feed.json": (item, item["date_modified"]),
    }


def test_the_feed_of_a_source_whose_file_is_away_stays_as_it_is(
    store: Store, settings: Settings
) -> None:
    publish_all(store, SOURCES, settings)
    before = tree(settings)
    keep_another(store)
    publish_changed(store, [COAST], settings)
    assert tree(settings)["river-port/atom.xml"] == before["river-port/atom.xml"]
    # It is published when the file is back.
    publish_changed(store, SOURCES, settings)
    assert b"2.html" in tree(settings)["river-port/atom.xml"]


def test_a_retired_journal_keeps_its_feed(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings)
    before = tree(settings)
    store.retire(RIVER.id, SEEN + timedelta(days=1), "停刊")
    publish_all(store, SOURCES, settings)
    assert tree(settings) == before


def test_line_5_one_article_at_two_addresses_has_one_id_in_every_document(
    store: Store, settings: Settings
) -> None:
    first = entry(text="第一句就说明了渡口为什么亮着灯，后面的话都是为它写的。")
    other = replace(
        first,
        url="https://m.river-port.example/17",
        canonical_url="https://m.river-port.example/17",
    )
    third = replace(first, url="https://river-port.example/topic/17.html")
    kept = [store.keep(sighting(one, seen=SEEN + timedelta(1))) for one in (first, other, third)]
    (held,) = {one.entry_id for one in kept}
    publish_all(store, SOURCES, settings)
    for folder in ("river-port", "all"):
        for name in ("rss.xml", "atom.xml"):
            read = feedparser.parse(tree(settings)[f"{folder}/{name}"]).entries
            assert [one.id for one in read] == [held]
        items = json.loads(tree(settings)[f"{folder}/feed.json"])["items"]
        assert [one["id"] for one in items] == [held]


def test_line_29_a_take_down_is_told_in_the_feed_of_everything_too(
    store: Store, settings: Settings
) -> None:
    keep_another(store)
    publish_all(store, SOURCES, settings)
    (taken,) = (one for one in store.entries(RIVER.id) if one.entry.title == "渡口的灯火")
    withdraw(store, taken.id, SEEN + timedelta(days=3))
    publish_all(store, SOURCES, settings)
    for folder in ("river-port", "all"):
        for document in (tree(settings)[f"{folder}/{name}"] for name in ("rss.xml", "atom.xml")):
            titles = {one.id: one.title for one in feedparser.parse(document).entries}
            assert titles[taken.id] == "【已撤下】《河港》"
            assert len(titles) == 2
        feed = etree.fromstring(tree(settings)[f"{folder}/atom.xml"])
        (grave,) = feed.iterfind("at:deleted-entry", NS)
        assert grave.get("ref") == taken.id


def test_line_41_a_failed_visit_leaves_every_byte(store: Store, settings: Settings) -> None:
    publish_all(store, SOURCES, settings)
    before = tree(settings)
    store.vanish(RIVER.id, entry().url, SEEN + timedelta(days=1), 410)
    publish_changed(store, SOURCES, settings)
    (archived,) = store.entries(RIVER.id)
    assert archived.state is EntryState.VANISHED
    assert {name: tree(settings)[name] for name in before if name.endswith(".xml")} == {
        name: data for name, data in before.items() if name.endswith(".xml")
    }


def test_a_change_that_comes_while_feeds_are_rendered_is_published_next_time(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = documents.build_json_feed

    def keep_meanwhile(*values: object) -> bytes:
        if not any(one.entry.url.endswith("/2.html") for one in store.entries(RIVER.id)):
            keep_another(store)
        return real(*values)  # type: ignore[arg-type]

    monkeypatch.setattr(documents, "build_json_feed", keep_meanwhile)
    publish_changed(store, [RIVER], settings)
    assert [changed.source_id for changed in store.changed_sources()] == ["river-port"]
    publish_changed(store, [RIVER], settings)
    assert b"2.html" in tree(settings)["river-port/atom.xml"]


def test_a_source_that_cannot_be_rendered_stays_changed_and_costs_no_other(
    store: Store, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    broken = replace(RIVER, zone="No/Where")
    article = entry(
        url="https://coast.example/1.html", canonical_url="https://coast.example/1.html"
    )
    store.keep(sighting(article, source_id="coast"))
    done = publish_changed(store, [broken, COAST], settings)
    assert done.failed == ("river-port",)
    assert "river-port: cannot be rendered" in caplog.text
    assert {name.split("/")[0] for name in tree(settings)} == {"coast"}
    assert [changed.source_id for changed in store.changed_sources()] == ["river-port"]


def test_a_tree_that_cannot_be_written_is_told_and_tried_again(
    store: Store, settings: Settings
) -> None:
    settings.public.write_bytes(b"a file where the folder should be")
    with pytest.raises(StoreError, match="cannot be written"):
        publish_changed(store, SOURCES, settings)
    assert store.changed_sources()
    settings.public.unlink()
    publish_changed(store, SOURCES, settings)
    assert "river-port/rss.xml" in tree(settings)
    assert store.changed_sources() == []


def test_what_an_interrupted_write_left_is_swept(store: Store, settings: Settings) -> None:
    leftover = settings.public / "coast" / ".atom.xml.4242.tmp"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"<feed")
    publish_all(store, SOURCES, settings)
    assert not leftover.exists()


def test_an_article_found_in_another_journal_reaches_the_feeds_of_both(
    store: Store, settings: Settings
) -> None:
    text = "渡口的灯夜里先亮，撑船的人还没有来，等船的人已经到了。" * 20
    url = "https://river-port.example/2026/0304/1.html"
    store.keep(sighting(entry(url=url, canonical_url=url, text=text), seen=SEEN))
    publish_all(store, SOURCES, settings)
    before = tree(settings)
    copy = "https://coast.example/1.html"
    there = entry(url=copy, canonical_url=copy, text=text, title="转一篇")
    store.keep(sighting(there, source_id="coast", seen=SEEN + timedelta(days=1)))

    written = publish_changed(store, SOURCES, settings).written

    assert settings.public / "river-port" / "feed.json" in written
    assert settings.public / "river-port" / "rss.xml" not in written
    after = tree(settings)
    assert copy.encode() in after["river-port/feed.json"]
    assert url.encode() in after["coast/feed.json"]
    assert copy.encode() not in before["river-port/feed.json"]
    assert publish_changed(store, SOURCES, settings).written == ()
    publish_all(store, SOURCES, settings)
    assert publish_all(store, SOURCES, settings).written == ()

"""Lines 27 to 29 of FEEDS.md: a feed's history in documents that do not change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import feedparser
import pytest
from lxml import etree

from archive.store import Store
from feeds.publish import publish_all, publish_changed
from foundation.settings import Settings
from tests.archive.test_documents import withdraw
from tests.factories import SEEN, day, entry, sighting, source
from tests.feeds.render import NS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

RIVER = source()
MONTH = timedelta(days=30)
DOCUMENTS = ["2026-03.1.atom", "2026-03.2.atom", "2026-03.atom", "2026-04.atom"]


def keep(store: Store, which: int, seen: datetime, **fields: object) -> str:
    url = f"https://river-port.example/2026/{which}.html"
    text = f"第{which}座桥在河上，桥下每天过{which}条船，船上的人都抬头看桥。"
    plain = {"title": f"桥之{which}", "text": text, "html": f"<p>{text}</p>"}
    article = entry(url=url, canonical_url=url, published=day("2026-03-02"), **{**plain, **fields})
    return store.keep(sighting(article, seen=seen)).entry_id


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, public_url="https://feeds.example", entries=5)


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Seventy articles of a first visit in March, three in April, two in May; published in May."""
    with Store.open(settings.database_url, authority="feeds.example") as opened:
        opened.sync_sources([RIVER], SEEN)
        for which in range(75):
            months = 0 if which < 70 else 1 if which < 73 else 2
            keep(opened, which, SEEN + months * MONTH + timedelta(seconds=which))
        opened.close_documents(SEEN + 2 * MONTH + timedelta(days=1))
        publish_all(opened, [RIVER], settings)
        yield opened


def closed(settings: Settings) -> dict[str, bytes]:
    folder = settings.public / "river-port" / "archive"
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir())}


def walk(settings: Settings) -> list[etree._Element]:
    """The documents from the head back, by their own links and nothing else."""
    url: str | None = "https://feeds.example/river-port/atom.xml"
    found = []
    while url:
        path = settings.public / url.removeprefix("https://feeds.example/")
        found.append(etree.fromstring(path.read_bytes()))
        links = found[-1].findall("a:link[@rel='prev-archive']", NS)
        url = links[0].get("href") if links else None
    return found


def ids(feed: etree._Element) -> list[str | None]:
    return [one.text for one in feed.iterfind("a:entry/a:id", NS)]


def test_line_27_the_chain_from_the_head_reaches_every_article(
    store: Store, settings: Settings
) -> None:
    documents = walk(settings)
    assert len(documents) == 1 + len(DOCUMENTS)
    reached = {each for feed in documents for each in ids(feed)}
    assert reached == {one.id for one in store.entries("river-port")}
    in_history = [each for feed in documents[1:] for each in ids(feed)]
    assert len(in_history) == len(set(in_history)) == 73


def test_line_27_each_document_says_what_it_is(store: Store, settings: Settings) -> None:
    assert list(closed(settings)) == DOCUMENTS
    head, *history = walk(settings)
    assert not head.findall("fh:archive", NS)
    for feed, name in zip(history, reversed(DOCUMENTS), strict=True):
        assert len(feed.findall("fh:archive", NS)) == 1
        links = {link.get("rel"): link.get("href") for link in feed.iterfind("a:link", NS)}
        assert links["self"] == f"https://feeds.example/river-port/archive/{name}"
        assert links["current"] == "https://feeds.example/river-port/atom.xml"
        assert not feedparser.parse(etree.tostring(feed)).bozo
    own = [feed.findtext("a:id", namespaces=NS) for feed in (head, *history)]
    assert len(set(own)) == len(own)
    assert not history[-1].findall("a:link[@rel='prev-archive']", NS)


@pytest.mark.promise(number=23)
def test_line_28_closed_bytes_survive_new_articles_edits_and_new_settings(
    store: Store, settings: Settings
) -> None:
    before = closed(settings)
    keep(store, 3, SEEN + 2 * MONTH + timedelta(days=2), title="桥改了名")
    keep(store, 99, SEEN + 2 * MONTH + timedelta(days=3))
    publish_changed(store, [RIVER], settings)
    assert closed(settings) == before
    renamed = replace(RIVER, title="河港月刊")
    publish_all(store, [renamed], replace(settings, public_url="https://moved.example"))
    store.close_documents(SEEN + 4 * MONTH)
    publish_all(store, [renamed], settings)
    after = closed(settings)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"2026-05.atom"}


def test_line_28_a_correction_reappears_in_the_head_and_in_the_next_document(
    store: Store, settings: Settings
) -> None:
    entry_id = keep(store, 3, SEEN + 2 * MONTH + timedelta(days=2), title="桥改了名")
    publish_changed(store, [RIVER], settings)
    head = walk(settings)[0]
    assert entry_id in ids(head)
    assert "桥改了名" in [one.text for one in head.iterfind("a:entry/a:title", NS)]
    store.close_documents(SEEN + 4 * MONTH)
    publish_changed(store, [RIVER], settings)
    newest = walk(settings)[1]
    assert "桥改了名" in [one.text for one in newest.iterfind("a:entry/a:title", NS)]


def test_line_28_a_lost_document_is_made_again_byte_for_byte(
    store: Store, settings: Settings
) -> None:
    before = closed(settings)
    keep(store, 3, SEEN + 2 * MONTH + timedelta(days=2), title="桥改了名")
    for name in DOCUMENTS[:3]:
        (settings.public / "river-port" / "archive" / name).unlink()
    publish_all(store, [RIVER], settings)
    assert closed(settings) == before


@pytest.mark.promise(number=23)
def test_line_29_a_take_down_leaves_a_tombstone_and_nothing_else_changes(
    store: Store, settings: Settings
) -> None:
    before = closed(settings)
    (taken,) = (one for one in store.entries("river-port") if one.entry.title == "桥之3")
    withdraw(store, taken.id, SEEN + 2 * MONTH + timedelta(days=2))
    publish_changed(store, [RIVER], settings)
    after = closed(settings)
    assert {name for name in before if after[name] != before[name]} == {"2026-03.1.atom"}
    old, new = before["2026-03.1.atom"], after["2026-03.1.atom"]
    assert b"\xe6\xa1\xa5\xe4\xb9\x8b3<" not in new  # 桥之3
    cut = new.index(b"<at:deleted-entry")
    end = new.index(b"</at:deleted-entry>") + len(b"</at:deleted-entry>")
    start = old.rindex(b"<entry>", 0, old.index(taken.id.encode()))
    close = old.index(b"</entry>", start) + len(b"</entry>")
    assert (new[:cut], new[end:]) == (old[:start], old[close:])
    assert taken.id.encode() in new[cut:end]
    # The head says it too, for readers that overlook tombstones.
    head = walk(settings)[0]
    assert taken.id in ids(head)
    (grave,) = head.iterfind("at:deleted-entry", NS)
    assert grave.get("ref") == taken.id
    assert "桥之3" not in [one.text for one in head.iterfind("a:entry/a:title", NS)]
    # Again changes nothing.
    publish_all(store, [RIVER], settings)
    assert closed(settings) == after


def test_an_interrupted_publication_is_taken_up_again(store: Store, settings: Settings) -> None:
    before = closed(settings)
    (settings.public / "river-port" / "archive" / "2026-04.atom").unlink()
    (settings.public / "river-port" / "atom.xml").unlink()
    keep(store, 100, SEEN + 2 * MONTH + timedelta(days=3))
    publish_changed(store, [RIVER], settings)
    assert closed(settings) == before
    assert len(walk(settings)) == 5

"""The book of packages, files and copies, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archive.holdings import HERE, Holding, Package
from archive.model import EntryState, Event
from archive.packages.plan import Shelfmark
from tests.archive.factories import DAY, NOW, notice, sighting

if TYPE_CHECKING:
    from datetime import datetime

    from archive.store import Store

MARK = Shelfmark(source_id="ship", month="2026-10")
PACKAGE = Package(mark=MARK, tree="open", records=9, pages=2, sealed=NOW)


def holding(
    file: str = PACKAGE.file, *, place: str = HERE, checked: datetime | None = None
) -> Holding:
    return Holding(
        place=place, file=file, digest="sha256:1", size_bytes=5_000_000_000, added=NOW,
        checked=checked,
    )  # fmt: skip


def test_a_shelfmark_reads_back() -> None:
    for mark in (MARK, replace(MARK, number=12)):
        assert Shelfmark.parse(str(mark)) == mark
    assert replace(MARK, number=2).file("dark") == "packages/dark/ship/2026-10.2.wacz"


def test_captures_of_a_sealed_package_are_read_there_and_follow_it(store: Store) -> None:
    one, two = sighting(url="https://ship.example/1"), sighting(url="https://ship.example/2")
    ids = [store.keep(each).entry_id for each in (one, replace(two, listed=None))]
    told = Event(at=NOW, kind="package-sealed", source_id="ship")
    offsets = {one.capture.id: 5_000_000_123, "urn:uuid:no-capture": 7}
    store.holdings.seal(PACKAGE, holding(checked=NOW), offsets, told)
    (moved,) = store.captures(ids[0])[:1]
    assert (moved.file, moved.offset) == (PACKAGE.file, 5_000_000_123)
    assert store.holdings.captured_in(PACKAGE.file) == 1
    assert store.holdings.address_at(PACKAGE.file, 5_000_000_123) == one.capture.url
    assert store.holdings.packages("ship") == [PACKAGE]
    assert store.holdings.packages("tea") == []
    (standing,) = store.holdings.standings_in(PACKAGE).values()
    assert standing.state is EntryState.LIVE

    store.holdings.move(PACKAGE, "dark", Event(at=NOW, kind="package-moved"))
    (dark,) = store.holdings.packages()
    assert dark == replace(PACKAGE, tree="dark")
    assert [each.file for each in store.holdings.holdings()] == [dark.file]
    assert store.captures(ids[0])[0].file == dark.file
    kinds = [each.kind for each in store.events()]
    assert {"package-sealed", "package-moved"} <= set(kinds)


def test_an_article_stands_as_its_entry_does_by_capture_or_by_address(store: Store) -> None:
    seen = sighting(url="https://ship.example/1", notice=notice("禁止转载", "forbidden"))
    store.keep(seen)
    pages = {
        seen.capture.id: None,
        "urn:uuid:seen-unchanged": "https://ship.example/1",
        "urn:uuid:nothing-known": "https://ship.example/9",
        "urn:uuid:no-address": None,
    }
    found = store.holdings.standings("ship", pages)
    assert set(found) == {seen.capture.id, "urn:uuid:seen-unchanged"}
    assert {each.notice.text for each in found.values() if each.notice} == {"禁止转载"}
    assert store.holdings.standings("tea", {"urn:uuid:other": "https://ship.example/1"}) == {}


def test_what_is_checked_next_and_what_was_checked_today(store: Store) -> None:
    store.holdings.put(
        [
            holding("a", checked=NOW - 9 * DAY),
            holding("b", checked=NOW),
            holding("c"),
            holding("d", checked=NOW - 8 * DAY),
            holding("e", place="/elsewhere"),
        ]
    )
    order = store.holdings.unchecked([HERE], since=NOW - 7 * DAY, limit=5)
    assert [each.file for each in order] == ["c", "a", "d"]
    assert [each.file for each in store.holdings.unchecked([HERE], since=NOW, limit=1)] == ["c"]
    assert store.holdings.checked_bytes(NOW - DAY) == 5_000_000_000
    assert store.holdings.checked_bytes(NOW + DAY) == 0
    store.holdings.put([replace(order[0], checked=NOW, fault="a bit is wrong")])
    assert store.holdings.checked_bytes(NOW - DAY) == 10_000_000_000
    assert [each.fault for each in store.holdings.holdings(file="c")] == ["a bit is wrong"]
    store.holdings.remove([(HERE, "c")], Event(at=NOW, kind="files-removed"))
    assert store.holdings.holdings(file="c") == []

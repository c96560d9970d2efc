"""Entries that are read again and again are decoded once, and never stale."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from archive import shelf
from tests.archive.factories import HOUR, NOW, sighting, source

if TYPE_CHECKING:
    import pytest

    from archive.store import Store


def test_an_entry_read_twice_is_decoded_once(store: Store) -> None:
    store.sync_sources([source()], NOW)
    store.keep(sighting())
    (first,), (again,) = store.entries(limit=5), store.entries("ship", limit=3)
    assert again.entry is first.entry
    assert again == first


def test_a_revised_entry_is_shown_as_it_is_now(store: Store) -> None:
    store.sync_sources([source()], NOW)
    store.keep(sighting(title="旧题目"))
    assert [each.entry.title for each in store.entries(limit=5)] == ["旧题目"]
    store.keep(sighting(title="新题目", seen=NOW + HOUR))
    assert [each.entry.title for each in store.entries(limit=5)] == ["新题目"]


def test_more_than_are_remembered_come_in_their_order(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelf, "_REMEMBERED", 3)
    store.sync_sources([source()], NOW)
    for number in range(7):
        url = f"https://ship.example/a/{number}"
        store.keep(sighting(url=url, title=f"第{number}篇", seen=NOW + timedelta(hours=number)))
    whole = store.entries()
    for _ in range(2):
        assert store.entries(limit=3) == whole[:3]
        assert store.entries(limit=3, before=whole[1]) == whole[2:5]
        assert store.entries(limit=3, before=whole[4]) == whole[5:]
        assert store.entries(limit=7) == whole

"""Which selections are told of what was taken down. On both databases: what a selection would have
chosen is what it chose while it was there."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from archive.current import load, set_state
from archive.model import EntryState, NoticeClass
from archive.selection import REUSABLE, Selection, key_of
from sources.model import Rights
from tests.archive.factories import DAY, NOW, day, notice, sighting, source
from tests.archive.test_documents import withdraw

if TYPE_CHECKING:
    from archive.store import Store

RIGHTS = {"tea": Rights(notice="free-attribution", text="来信同意")}
FOUND_BY = (
    {},
    {"sources": {"ship"}}, {"sources": set()}, {"sources": {"tea", "ship"}},
    {"issue": "2026-4"}, {"issue": "2026-5"},
    {"columns": {"要闻"}}, {"columns": {"要闻", "图片"}}, {"columns": {"要闻"}, "sources": {"tea"}},
    {"authors": {"林渡"}}, {"authors": {"林渡", "ada river"}}, {"authors": {"周行"}},
    {"keywords": {"茶"}}, {"keywords": {"茶", "山"}},
    {"notices": REUSABLE}, {"notices": {NoticeClass.NONE}}, {"notices": {NoticeClass.PERMISSION}},
    {"years": (2025, 2025)}, {"years": (2026, 2027)},
    {"since": NOW - 10 * DAY}, {"until": NOW - 10 * DAY},
    *({"words": words} for words in (
        ("品牌",), ("品牌战略",), ("战略", "品牌"), ("Brand",), ("brands",), ("圖書",), ("图书馆",),
        ("船",), ("茶",), ("の",), ("！",), ("林渡",), ("ada river",), ("茶叶通讯",), ("叶通",),
        ("船上",), ("没有",), ("品牌", "没有"), ("b 品牌",), ("品牌" * 40,),
    )),
    *({"without": words} for words in (("品牌",), ("品牌战略",), ("茶叶",), ("！",), ("船",))),
    {"words": ("品牌",), "without": ("品牌战略",), "notices": REUSABLE, "sources": {"ship"}},
)  # fmt: skip


def selections() -> list[Selection]:
    """Keys are made of names, as whoever asks makes them."""
    keyed = ("columns", "authors", "keywords")
    return [
        Selection(**{
            name: frozenset(map(key_of, value)) if name in keyed
            else frozenset(value) if isinstance(value, set) else value
            for name, value in wanted.items()
        })
        for wanted in FOUND_BY
    ]  # fmt: skip


def keep(store: Store, which: int, of: str = "ship", **fields: Any) -> str:
    url = f"https://{of}.example/{which}"
    return store.keep(sighting(source_id=of, url=url, seen=NOW, **fields)).entry_id


def told(store: Store, selection: Selection, most: int = 100) -> list[str]:
    found = store.takedowns.told(selection, rights=RIGHTS, most=most)
    return [each.id for each in found]


def stock(store: Store) -> list[str]:
    store.sync_sources([source("tea", title="茶叶通讯")], NOW)
    both = {"authors": ("林渡", "Ada River"), "column": "要闻"}
    free, closed = notice(class_="free"), notice(class_="permission")
    return [
        keep(store, 1, title="品牌战略", text="圖書館裡的茶。", number="4", notice=free, **both),
        keep(store, 2, title="船", text="牌战是战略，品牌。BRAND b 品牌", notice=closed),
        keep(store, 3, title="无题", text="战略 品牌，船上", published=None, keywords=("茶",)),
        keep(store, 4, "tea", title="雾", text="山", column="圖片", keywords=("茶", "山")),
        keep(store, 5, "tea", title="山", text="品牌" * 41, published=day("2025-04-01"), **both),
    ]


def test_a_selection_is_told_of_just_what_it_had(store: Store) -> None:
    ids = stock(store)
    had = [[each.id for each in store.select(one, rights=RIGHTS)] for one in selections()]
    assert all(told(store, one) == [] for one in selections())
    for entry_id in ids:
        withdraw(store, entry_id, NOW + DAY)
    for selection, expected in zip(selections(), had, strict=True):
        assert told(store, selection) == expected, selection
    # So that the table can fail: some find nothing, some everything, and most something else.
    assert {0, len(ids)} < {len(each) for each in had}
    assert told(store, Selection(), most=2) == had[0][:2]


def test_it_is_told_until_a_closed_document_tells_it_and_no_more_when_it_is_put_back(
    store: Store,
) -> None:
    first, second, *_ = stock(store)
    everything = Selection()
    withdraw(store, first, NOW + DAY)
    assert told(store, everything) == [first]
    store.close_documents(NOW + 20 * DAY)
    assert told(store, everything) == []
    withdraw(store, second, NOW + 40 * DAY)
    assert told(store, everything) == [second]
    one = store.takedowns.told(everything, rights={}, most=1)[0]
    assert (one.state_since, one) == (NOW + 40 * DAY, store.entry(second))

    with store._database.writing() as connection:
        known = load(connection, second)
        set_state(connection, "ship", known, EntryState.LIVE, since=NOW + timedelta(days=41))
    assert told(store, everything) == []


def test_a_journal_that_is_renamed_is_told_by_its_new_name(store: Store) -> None:
    stock(store)
    *_, fourth, _ = [one.id for one in store.entries()]
    withdraw(store, fourth, NOW + DAY)
    (gone,) = told(store, Selection())
    named = store.entry(gone)
    assert named is not None
    by_name = Selection(words=("新的名字",))
    assert told(store, by_name) == []
    store.sync_sources([source(named.source_id, title="新的名字")], NOW)
    assert told(store, by_name) == [gone]

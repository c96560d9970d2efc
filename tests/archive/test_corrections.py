"""A person's correction as it is kept: it outlives every reading. Each test runs on both
databases."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.coding import decode
from archive.correction import CorrectedField, FieldValue, Wanted
from archive.model import Kept, NoticeClass
from foundation.errors import CorrectionError
from tests.archive.copies import invented
from tests.archive.factories import DAY, NOW, TEXT, day, later, notice, sighting, source

if TYPE_CHECKING:
    from archive.model import ArchivedEntry, Sighting
    from archive.store import Store

WHO, WHY = "林", "印刷本上是另一天"
SEEN = {"found": {"title": "h1", "published": "meta", "notice": "body"}, "notice": notice()}


def kept(store: Store, **fields: object) -> Sighting:
    seen = sighting(**{**SEEN, **fields})
    store.keep(seen)
    return seen


def now_of(store: Store) -> ArchivedEntry:
    (found,) = store.entries("ship")
    return found


def correct(store: Store, *, at: int = 1, **wanted: object) -> ArchivedEntry:
    entry_id = now_of(store).id
    store.corrections.put(entry_id, Wanted(**wanted), who=WHO, why=WHY, now=NOW + at * DAY)  # type: ignore[arg-type]
    return now_of(store)


def undo(store: Store, field: CorrectedField, *, at: int = 9) -> ArchivedEntry:
    entry_id = now_of(store).id
    store.corrections.undo(entry_id, field, who="王", why="看错了", now=NOW + at * DAY)
    return now_of(store)


def kinds(store: Store) -> list[str]:
    return [event.kind for event in reversed(store.events("ship"))][2:]


def test_a_correction_is_a_revision(store: Store) -> None:
    kept(store)
    before = now_of(store)
    found = correct(store, title="新题", published="2026-11-02")
    assert (found.entry.title, found.entry.title_raw) == ("新题", before.entry.title_raw)
    assert found.entry.published is not None
    assert found.entry.published.value == "2026-11-02"
    assert found.entry.found == {
        "title": "correction", "published": "correction", "notice": "body",
    }  # fmt: skip
    assert (found.revision, found.changed, found.first_seen) == (2, NOW + DAY, NOW)
    first, second = store.revisions(found.id)
    assert (first.entry, second.entry) == (before.entry, found.entry)
    assert (second.raw, second.capture_id) == (first.raw, first.capture_id)
    assert kinds(store) == ["entry-corrected", "entry-corrected"]


def test_the_feeds_are_behind_after_a_correction_and_after_its_undoing(store: Store) -> None:
    kept(store)
    for act in (lambda: correct(store, title="新题"), lambda: undo(store, CorrectedField.TITLE)):
        store.mark_published({one.source_id: one.change for one in store.changed_sources()})
        assert store.changed_sources() == []
        act()
        assert [one.source_id for one in store.changed_sources()] == ["ship"]


def test_a_corrected_date_puts_the_entry_in_its_place(store: Store) -> None:
    kept(store)
    kept(
        store,
        url="https://ship.example/2",
        title="另一篇",
        text="另" * 30,
        published=day("2026-11-10"),
    )
    entry_id = store.entries("ship")[0].id
    store.corrections.put(entry_id, Wanted(published="2026-11-01"), who=WHO, why=WHY, now=NOW)
    assert [entry.id for entry in store.entries("ship")][-1] == entry_id


def test_a_correction_survives_every_reading(store: Store) -> None:
    seen = kept(store)
    correct(store, title="新题", authors=("船长",))
    again = store.keep(later(seen, 2 * DAY, text=TEXT + "\n又添了一段。"))
    assert again.kept is Kept.REVISED
    found = now_of(store).entry
    assert (found.title, found.authors, found.text) == ("新题", ("船长",), TEXT + "\n又添了一段。")
    assert found.found["title"] == "correction"
    assert kinds(store)[2:] == ["entry-revised"]
    assert store.keep(replace(seen, seen=NOW + 3 * DAY)).kept is Kept.REVISED
    assert now_of(store).entry.title == "新题"
    assert now_of(store).entry.text == TEXT


def test_a_page_that_says_the_same_again_is_unchanged(store: Store) -> None:
    seen = kept(store)
    correct(store, title="新题", notice=NoticeClass.FORBIDDEN, published="unknown")
    assert store.keep(later(seen, DAY)).kept is Kept.UNCHANGED
    assert store.keep(replace(seen, seen=NOW + 2 * DAY)).kept is Kept.UNCHANGED
    assert kinds(store) == ["entry-corrected"] * 3
    assert now_of(store).entry.published is None


def test_a_page_that_says_something_new_is_a_question_once_and_the_correction_holds(
    store: Store,
) -> None:
    seen = kept(store)
    found = correct(store, title="新题")
    asked = later(seen, 2 * DAY, title="第三个题")
    assert store.keep(asked).kept is Kept.UNCHANGED
    assert now_of(store).entry == found.entry
    assert kinds(store) == ["entry-corrected", "correction-questioned"]
    (event,) = store.events("ship", kinds=["correction-questioned"])
    assert event.detail["field"] == "title"
    said = {name: json.loads(event.detail[name])["title"] for name in ("value", "before", "after")}
    assert said == {"value": "新题", "before": seen.entry.title, "after": "第三个题"}
    assert store.keep(later(asked, DAY)).kept is Kept.UNCHANGED
    assert kinds(store) == ["entry-corrected", "correction-questioned"]
    (held,) = store.corrections.of(found.id)
    assert (held.value.title, held.read.title, held.before.title) == (
        "新题", "第三个题", seen.entry.title,
    )  # fmt: skip


def test_a_page_that_comes_to_agree_asks_nothing(store: Store) -> None:
    seen = kept(store)
    correct(store, title="新题")
    store.keep(later(seen, 2 * DAY, title="新 题"))
    assert kinds(store) == ["entry-corrected"]
    assert undo(store, CorrectedField.TITLE).entry.title == "新 题"


def test_other_fields_follow_the_page_while_one_is_corrected(store: Store) -> None:
    seen = kept(store)
    correct(store, title="新题")
    store.keep(later(seen, 2 * DAY, title="第三个题", notice=notice("禁止转载", "forbidden")))
    found = now_of(store).entry
    assert found.title == "新题"
    assert found.notice == notice("禁止转载", "forbidden")
    assert kinds(store) == [
        "entry-corrected", "correction-questioned", "entry-revised", "notice-changed",
    ]  # fmt: skip


def test_a_question_for_each_kind_of_field(store: Store) -> None:
    seen = kept(store, authors=("甲",))
    correct(
        store, published="2026-11-02", notice=NoticeClass.FORBIDDEN, authors=("乙",), title="新题"
    )
    changed = {"published": day("2026-10-01"), "notice": notice("另一句"), "authors": ("丙",)}
    store.keep(later(seen, DAY, title="丁", **changed))
    asked = store.events("ship", kinds=["correction-questioned"])
    assert {event.detail["field"] for event in asked} == {"published", "notice", "authors", "title"}


def test_undoing_brings_back_what_the_page_says_now(store: Store) -> None:
    seen = kept(store)
    correct(store, title="新题", published="2026-11-02")
    store.keep(later(seen, 2 * DAY, title="第三个题"))
    found = undo(store, CorrectedField.TITLE)
    assert found.entry.title == "第三个题"
    assert found.entry.found["title"] == "h1"
    assert found.entry.found["published"] == "correction"
    assert [each.field for each in store.corrections.of(found.id)] == ["published"]
    event = store.events("ship", limit=1)[0]
    assert event.kind == "correction-undone"
    assert (event.detail["who"], event.detail["why"]) == ("王", "看错了")
    assert undo(store, CorrectedField.PUBLISHED).entry.published == seen.entry.published


def test_a_second_correction_takes_the_place_of_the_first(store: Store) -> None:
    seen = kept(store)
    correct(store, title="新题")
    found = correct(store, at=2, title="更新的题")
    (held,) = store.corrections.of(found.id)
    assert (held.value.title, held.before.title, held.read.title) == (
        "更新的题", "新题", seen.entry.title,
    )  # fmt: skip
    assert undo(store, CorrectedField.TITLE).entry.title == seen.entry.title


def test_the_events_alone_hold_all_that_a_correction_is(store: Store) -> None:
    kept(store)
    found = correct(store, notice=NoticeClass.PERMISSION, published="2026-11")
    held = {each.field: each for each in store.corrections.of(found.id)}
    for event in store.events("ship", kinds=["entry-corrected"]):
        each = held.pop(CorrectedField(event.detail["field"]))
        for name in ("value", "before", "read"):
            assert decode(FieldValue, json.loads(event.detail[name])) == getattr(each, name)
        assert (event.at, event.entry_id, event.detail["who"], event.detail["why"]) == (
            each.made, each.entry_id, each.who, each.why,
        )  # fmt: skip
        assert event.detail["revision"] == "2"
    assert not held


def test_the_article_is_known_by_what_its_page_says_not_by_the_correction(store: Store) -> None:
    seen = kept(store)
    correct(store, title="完全另一个题目", published="2020-01-01")
    # The same page under another address, and again at its own with a title of its own.
    moved = sighting(url="https://ship.example/moved", **SEEN)
    assert store.keep(moved).kept is Kept.DUPLICATE
    assert store.keep(later(seen, DAY)).kept is Kept.UNCHANGED
    assert len(store.entries("ship")) == 1


def test_a_corrected_date_may_turn_a_reprint_round(store: Store) -> None:
    store.sync_sources([source("tea", title="茶")], NOW)
    kept(store, text=invented(1))
    copy = sighting(
        source_id="tea", url="https://tea.example/1", text=invented(1), published=day("2026-11-21")
    )
    copy_id = store.keep(copy).entry_id
    assert [each.relation for each in store.elsewhere(copy_id)] == ["reprint-of"]
    store.corrections.put(copy_id, Wanted(published="2026-11-01"), who=WHO, why=WHY, now=NOW)
    assert [each.relation for each in store.elsewhere(copy_id)] == ["reprinted-as"]


def test_an_unknown_entry_or_field_and_an_unsigned_word_are_refused(store: Store) -> None:
    kept(store)
    entry_id, wanted = now_of(store).id, Wanted(title="新题")
    with pytest.raises(CorrectionError, match=r"tag:x: no such entry.*guid"):
        store.corrections.put("tag:x", wanted, who=WHO, why=WHY, now=NOW)
    with pytest.raises(CorrectionError, match=r"title is not corrected.*nothing"):
        store.corrections.undo(entry_id, CorrectedField.TITLE, who=WHO, why=WHY, now=NOW)
    for who, why in (("", WHY), (WHO, " ")):
        with pytest.raises(CorrectionError, match="--who and --why"):
            store.corrections.put(entry_id, wanted, who=who, why=why, now=NOW)
    assert now_of(store).revision == 1
    assert store.corrections.of(entry_id) == ()
    assert kinds(store) == []

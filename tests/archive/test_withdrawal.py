"""Take-downs and the story of an entry, as they are kept. Each test runs on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.correction import Wanted
from archive.model import EntryState
from archive.selection import Selection
from archive.withdrawal import UNDONE, WITHDRAWN, Withdrawal
from foundation.errors import WithdrawalError
from tests.archive.copies import invented
from tests.archive.factories import DAY, HOUR, NOW, URL, later, sighting, source

if TYPE_CHECKING:
    from archive.store import Store

SIGNED = {"who": "林", "why": "作者来信要求"}
OURS = "https://feeds.example.org/kanliu"


def behind(store: Store) -> set[str]:
    return {changed.source_id for changed in store.changed_sources()}


def publish(store: Store) -> None:
    store.mark_published({each.source_id: each.change for each in store.changed_sources()})


@pytest.mark.promise(number=30)
def test_line_30_a_take_down_keeps_the_digest_and_who_and_why(store: Store) -> None:
    first = sighting()
    entry_id = store.keep(first).entry_id
    newest = later(first, DAY, title="货船又交付")
    store.keep(newest)
    held = store.captures(entry_id)
    publish(store)

    standing = store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW + 2 * DAY)
    assert standing == Withdrawal(
        entry_id=entry_id,
        source_id="ship",
        at=NOW + 2 * DAY,
        who="林",
        why="作者来信要求",
        capture_id=held[-1].id,
        digest=held[-1].digest,
    )
    assert store.withdrawals.find(entry_id) == standing
    archived = store.entry(entry_id)
    assert archived is not None
    assert (archived.state, archived.state_since) == (EntryState.WITHDRAWN, NOW + 2 * DAY)
    assert store.entries("ship") == []
    assert store.count(Selection(words=("货船",))) == 0
    assert behind(store) == {"ship"}
    # All that was kept is kept.
    assert store.captures(entry_id) == held
    assert len(store.revisions(entry_id)) == 2
    (told,) = store.events(entry_id=entry_id, kinds=[WITHDRAWN])
    assert told.detail == {
        "who": "林", "why": "作者来信要求", "before": "live",
        "capture": held[-1].id, "digest": held[-1].digest,
    }  # fmt: skip


def test_what_is_put_back_is_found_again_and_new_to_readers(store: Store) -> None:
    entry_id = store.keep(sighting()).entry_id
    store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW + DAY, public_reason="  应作者\n要求 ")
    assert store.withdrawals.find(entry_id).public_reason == "应作者 要求"
    publish(store)
    assert store.withdrawals.undo(entry_id, **SIGNED, now=NOW + 2 * DAY) is EntryState.LIVE
    (archived,) = store.entries("ship")
    assert (archived.state, archived.state_since) == (EntryState.LIVE, None)
    assert archived.changed == NOW + 2 * DAY
    assert store.count(Selection(words=("货船",))) == 1
    assert store.withdrawals.find(entry_id) is None
    assert behind(store) == {"ship"}
    assert [one.kind for one in store.events(entry_id=entry_id, kinds=[WITHDRAWN, UNDONE])] == [
        UNDONE, WITHDRAWN,
    ]  # fmt: skip


def test_what_is_put_back_is_as_its_pages_are_now(store: Store) -> None:
    entry_id = store.keep(sighting()).entry_id
    store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW)
    # While it is down, its page goes away: the take-down says more, and stays.
    assert not store.vanish("ship", URL, NOW + DAY, 410)
    assert store.entry(entry_id).state is EntryState.WITHDRAWN
    assert store.withdrawals.undo(entry_id, **SIGNED, now=NOW + 2 * DAY) is EntryState.VANISHED
    assert store.entry(entry_id).state_since == NOW + DAY


def test_a_take_down_stands_whatever_the_page_says(store: Store) -> None:
    first = sighting()
    entry_id = store.keep(first).entry_id
    store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW)
    store.keep(later(first, DAY, title="换了题目", is_retracted=True))
    store.corrections.put(entry_id, Wanted(title="又换了题目"), who="周", why="错字", now=NOW + DAY)
    assert store.entry(entry_id).state is EntryState.WITHDRAWN
    assert store.entries("ship") == []
    assert store.count(Selection(words=("题目",))) == 0
    assert store.withdrawals.undo(entry_id, **SIGNED, now=NOW + 2 * DAY) is EntryState.RETRACTED


def test_the_feeds_of_neighbours_follow_a_take_down(store: Store) -> None:
    store.sync_sources([source("tea", title="茶"), source("ant", title="蚁")], NOW)
    text = invented(1)
    fields = {"text": text, "published": None}
    first = store.keep(sighting(source_id="ship", url="https://ship.example/1", **fields)).entry_id
    copy = store.keep(sighting(source_id="tea", url="https://tea.example/1", **fields)).entry_id
    store.keep(sighting(source_id="ant", url="https://ant.example/1", text=invented(2)))
    publish(store)
    store.withdrawals.withdraw(copy, **SIGNED, now=NOW + DAY)
    assert behind(store) == {"tea", "ship"}
    assert store.elsewhere(first) == ()
    publish(store)
    store.withdrawals.undo(copy, **SIGNED, now=NOW + 2 * DAY)
    assert behind(store) == {"tea", "ship"}
    assert [each.entry_id for each in store.elsewhere(first)] == [copy]


def test_a_take_down_that_cannot_be_changes_nothing(store: Store) -> None:
    entry_id = store.keep(sighting()).entry_id
    for said, call in (
        ("no such entry", lambda: store.withdrawals.withdraw("tag:x", **SIGNED, now=NOW)),
        ("a name and a reason", lambda: store.withdrawals.withdraw(
            entry_id, who="林", why=" \n", now=NOW)),
        ("is not withdrawn, it is live", lambda: store.withdrawals.undo(
            entry_id, **SIGNED, now=NOW)),
    ):  # fmt: skip
        with pytest.raises(WithdrawalError, match=said):
            call()
    assert store.entry(entry_id).state is EntryState.LIVE
    store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW)
    with pytest.raises(WithdrawalError, match="withdrawn already"):
        store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW + DAY)
    assert store.entry(entry_id).state_since == NOW


def test_a_person_names_an_entry_by_what_they_have_of_it(store: Store) -> None:
    store.sync_sources([source("tea")], NOW)
    entry_id = store.keep(sighting(url=URL, canonical_url=f"{URL}?x=1")).entry_id
    short = entry_id.rpartition("/")[2]
    for said in (entry_id, f" {URL} ", f"{URL}?x=1", f"{OURS}/ship/{short}/", f"/ship/{short}/",
                 f"{OURS}/ship/{short}/citation.ris?lang=en"):  # fmt: skip
        assert store.stories.named(said, public_url=f"{OURS}/") == entry_id
    with pytest.raises(WithdrawalError, match="no such entry"):
        store.stories.named("https://ship.example/none", public_url=OURS)
    other = store.keep(sighting(source_id="tea", url=URL)).entry_id
    with pytest.raises(WithdrawalError, match=f"2 entries are there.*{other}"):
        store.stories.named(URL, public_url=OURS)


def test_a_story_holds_what_happened_in_its_order(store: Store) -> None:
    first = sighting()
    entry_id = store.keep(first).entry_id
    store.keep(later(first, HOUR, title="货船又交付"))
    store.corrections.put(entry_id, Wanted(title="货船交付"), who="周", why="错字", now=NOW + DAY)
    store.withdrawals.withdraw(entry_id, **SIGNED, now=NOW + timedelta(days=2))
    story = store.stories.find(entry_id)
    assert story is not None
    assert story.archived.id == entry_id
    assert [each.revision.number for each in story.chapters] == [1, 2, 3]
    assert story.chapters[0].made is None
    assert [(change.before, change.after) for change in story.chapters[1].made.changes] == [
        ("内河电动货船交付", "货船又交付")
    ]
    assert story.captures == tuple(store.captures(entry_id))
    assert [each.kind for each in story.events] == [
        "entry-new", "entry-revised", "title-changed", "entry-corrected", WITHDRAWN,
    ]  # fmt: skip
    assert [each.who for each in story.corrections] == ["周"]
    assert story.withdrawal.who == "林"
    assert store.stories.find("tag:none") is None

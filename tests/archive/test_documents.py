"""History in closed documents: what is closed when, and that it stays as it was."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.correction import Wanted
from archive.current import load, set_state
from archive.documents import ROOM, Closing, month_of, plan_closing
from archive.model import EntryState
from tests.archive.factories import DAY, HOUR, NOW, sighting, source

if TYPE_CHECKING:
    from archive.store import Store

DECEMBER = datetime(2026, 12, 1, 0, 0, tzinfo=UTC)


def keep(store: Store, which: int, *, seen: datetime, **fields: object) -> str:
    url = f"https://ship.example/{which}"
    text = f"第{which}艘货船今天在船厂下水，{which}名船员上了船，岸上的人都来送行。"
    plain = {"title": f"第{which}艘", "text": text}
    return store.keep(sighting(url=url, seen=seen, **{**plain, **fields})).entry_id


def names(store: Store) -> list[tuple[str, int]]:
    return [(each.name, each.entries) for each in store.documents("ship")]


def test_a_month_is_closed_when_it_is_over_and_not_before(store: Store) -> None:
    first = keep(store, 1, seen=NOW)
    keep(store, 2, seen=NOW + HOUR)
    assert store.close_documents(DECEMBER - timedelta(seconds=1)) == []
    assert store.close_documents(DECEMBER) == ["ship"]
    assert names(store) == [("2026-11", 2)]
    assert [each.id for each in store.document_entries("ship", "2026-11")].count(first) == 1
    assert store.open_entries("ship") == []
    assert store.close_documents(DECEMBER + DAY) == []


def test_months_chain_and_an_empty_one_has_no_document(store: Store) -> None:
    keep(store, 1, seen=NOW)
    keep(store, 2, seen=NOW + 70 * DAY)
    store.close_documents(NOW + 120 * DAY)
    assert names(store) == [("2026-11", 1), ("2027-02", 1)]
    assert [each.previous for each in store.documents("ship")] == [None, "2026-11"]


def test_a_first_visit_that_finds_years_is_closed_in_parts_at_once(store: Store) -> None:
    for which in range(2 * ROOM + 5):
        keep(store, which, seen=NOW + timedelta(seconds=which))
    store.close_documents(NOW + HOUR)
    assert names(store) == [("2026-11.1", ROOM), ("2026-11.2", ROOM)]
    assert len(store.open_entries("ship")) == 5
    store.close_documents(DECEMBER)
    assert names(store)[-1] == ("2026-11", 5)


def test_what_was_revised_after_another_came_is_behind_it(store: Store) -> None:
    """Also on the same day: a rebuild closes documents over the same order."""
    revised = keep(store, 1, seen=NOW)
    store.close_documents(DECEMBER)
    came = [keep(store, which, seen=DECEMBER + HOUR) for which in range(2, ROOM + 2)]
    assert keep(store, 1, seen=DECEMBER + 2 * HOUR, title="第1艘（修订）") == revised
    store.close_documents(DECEMBER + 3 * HOUR)
    (_, closed) = store.documents("ship")
    assert sorted(one.id for one in store.document_entries("ship", closed.name)) == sorted(came)
    assert [one.id for one in store.open_entries("ship")] == [revised]


def test_every_entry_is_open_or_in_a_document_and_in_none_twice(store: Store) -> None:
    ids = {keep(store, which, seen=NOW + which * DAY) for which in range(70)}
    store.close_documents(NOW + 50 * DAY)
    held = [
        one.id
        for document in store.documents("ship")
        for one in store.document_entries("ship", document.name)
    ]
    still_open = [one.id for one in store.open_entries("ship")]
    assert sorted(held + still_open) == sorted(ids)


def test_line_28_a_closed_document_keeps_an_entry_as_it_stood(store: Store) -> None:
    keep(store, 1, seen=NOW)
    store.close_documents(DECEMBER)
    before = store.document_entries("ship", "2026-11")
    keep(store, 1, seen=DECEMBER + DAY, title="改过的题")
    store.corrections.put(
        before[0].id, Wanted(title="再改"), who="林", why="错字", now=DECEMBER + 2 * DAY
    )
    assert store.document_entries("ship", "2026-11") == before
    assert before[0].entry.title == "第1艘"
    # What changed is open again, and the next document has it as it is now.
    assert [one.entry.title for one in store.open_entries("ship")] == ["再改"]
    store.close_documents(DECEMBER + 40 * DAY)
    (again,) = store.document_entries("ship", "2026-12")
    assert (again.entry.title, again.revision) == ("再改", 3)


def test_a_page_that_vanishes_and_returns_changes_no_history(store: Store) -> None:
    keep(store, 1, seen=NOW)
    store.close_documents(DECEMBER)
    store.vanish("ship", "https://ship.example/1", DECEMBER + DAY, 410)
    assert store.open_entries("ship") == []
    store.touch("ship", "https://ship.example/1", DECEMBER + 2 * DAY)
    assert store.open_entries("ship") == []


def test_a_take_down_reaches_back_and_is_told_anew(store: Store) -> None:
    entry_id = keep(store, 1, seen=NOW)
    store.close_documents(DECEMBER)
    assert not store.documents("ship")[0].is_withdrawn
    withdraw(store, entry_id, DECEMBER + DAY)
    assert store.documents("ship")[0].is_withdrawn
    (closed,) = store.document_entries("ship", "2026-11")
    assert (closed.state, closed.state_since) == (EntryState.WITHDRAWN, DECEMBER + DAY)
    assert [one.state for one in store.open_entries("ship")] == [EntryState.WITHDRAWN]


def test_closing_makes_feeds_fall_behind(store: Store) -> None:
    keep(store, 1, seen=NOW)
    store.mark_published({each.source_id: each.change for each in store.changed_sources()})
    store.close_documents(DECEMBER)
    assert [each.source_id for each in store.changed_sources()] == ["ship"]


def test_sources_close_each_their_own(store: Store) -> None:
    store.sync_sources([source("barge")], NOW)
    keep(store, 1, seen=NOW)
    store.keep(sighting(source_id="barge", url="https://barge.example/1", seen=DECEMBER))
    assert store.close_documents(DECEMBER + DAY) == ["ship"]
    assert store.documents("barge") == []


@pytest.mark.parametrize(
    ("opened", "taken", "plan"),
    [
        ([], [], []),
        ([NOW], [], []),
        ([NOW - 30 * DAY, NOW], [], [Closing(name="2026-10", entries=1)]),
        # A clock that went back: the month was closed already.
        ([NOW - 30 * DAY], ["2026-10"], [Closing(name="2026-10.1", entries=1)]),
        (
            [NOW - 30 * DAY] * 3,
            ["2026-10.1"],
            [Closing(name="2026-10.2", entries=2), Closing(name="2026-10", entries=1)],
        ),
        ([NOW] * 5, [], [Closing(name=f"2026-11.{n}", entries=2) for n in (1, 2)]),
    ],
)
def test_what_is_closed(opened: list[datetime], taken: list[str], plan: list[Closing]) -> None:
    assert list(plan_closing(opened, NOW, taken=taken, room=2)) == plan


@given(st.lists(st.integers(0, 400), max_size=40), st.integers(0, 500), st.integers(1, 5))
def test_closing_takes_the_oldest_and_leaves_at_most_what_there_is_room_for(
    days: list[int], later: int, room: int
) -> None:
    opened = sorted(NOW + day * DAY for day in days if day <= later)
    now = NOW + later * DAY
    plan = list(plan_closing(opened, now, taken=(), room=room))
    taken = sum(each.entries for each in plan)
    left = opened[taken:]
    assert len(left) <= room
    assert all(month_of(instant) == month_of(now) for instant in left)
    assert len({each.name for each in plan}) == len(plan)
    assert all(0 < each.entries <= room for each in plan)


def withdraw(store: Store, entry_id: str, now: datetime) -> None:
    with store._database.writing() as connection:
        known = load(connection, entry_id)
        set_state(connection, known.source_id, known, EntryState.WITHDRAWN, since=now)

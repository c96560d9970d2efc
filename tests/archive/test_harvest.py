"""Records in the order in which they changed, on both databases; and that they come by index."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import event, text

from archive.current import load, set_state
from archive.harvest import Span, head_of
from archive.model import EntryState
from tests.archive.factories import DAY, HOUR, NOW, later, sighting, source
from tests.archive.test_plans import plans, sqlite

if TYPE_CHECKING:
    from datetime import datetime

    from archive.harvest import Head, Place
    from archive.store import Store

__all__ = ["sqlite"]
ALL = Span()


def keep(
    store: Store, number: int, seen: datetime, source_id: str = "ship", **fields: object
) -> str:
    url = f"https://{source_id}.example/{number}"
    text_ = f"第{number}篇的正文，与别的各不相同。" * 4
    found = sighting(seen, source_id=source_id, url=url, title=f"文{number}", text=text_, **fields)
    return store.keep(found).entry_id


def put(store: Store, entry_id: str, state: EntryState, since: datetime) -> None:
    with store._database.writing() as connection:
        known = load(connection, entry_id)
        set_state(connection, known.source_id, known, state, since=since)


def walk(store: Store, span: Span = ALL, *, limit: int) -> list[Head]:
    """All records of a span, so many a time."""
    found: list[Head] = []
    after: Place | None = None
    while some := store.harvest.heads(span, after=after, limit=limit):
        found += some
        after = some[-1].place
    return found


def test_records_come_in_the_order_of_their_changes_whatever_the_page(store: Store) -> None:
    ids = [keep(store, number, NOW + number // 2 * HOUR) for number in range(7)]
    put(store, ids[1], EntryState.WITHDRAWN, NOW + 2 * HOUR)
    put(store, ids[2], EntryState.RETRACTED, NOW + 9 * HOUR)
    put(store, ids[3], EntryState.VANISHED, NOW + 9 * HOUR)
    whole = walk(store, limit=99)
    assert [head.place for head in whole] == sorted(
        (head.place for head in whole), key=lambda place: place.changed
    )
    assert {head.id for head in whole} == set(ids)
    assert [head.id for head in whole if head.is_deleted] == [ids[1]]
    assert whole[-1].id == ids[2]
    assert {head.changed for head in whole if head.id == ids[3]} == {NOW + HOUR}
    for limit in (1, 2, 3):
        assert walk(store, limit=limit) == whole
    assert store.harvest.count(ALL) == 7
    assert store.harvest.earliest() == NOW


def test_a_record_and_its_entry_agree_on_when_it_changed(store: Store) -> None:
    ids = [keep(store, number, NOW) for number in range(5)]
    put(store, ids[0], EntryState.WITHDRAWN, NOW + DAY)
    put(store, ids[1], EntryState.RETRACTED, NOW - DAY)  # and a revision since
    put(store, ids[2], EntryState.VANISHED, NOW + DAY)
    keep(store, 3, NOW + 2 * DAY, is_retracted=True)
    pairs = store.harvest.records(ALL, limit=99)
    assert [head_of(entry) for _, entry in pairs] == [head for head, _ in pairs]
    assert [store.harvest.record(head.id) for head, _ in pairs] == pairs
    assert [head.changed for head, _ in pairs] == [NOW, NOW, NOW, NOW + DAY, NOW + 2 * DAY]
    assert store.harvest.record("tag:none") is None


def test_a_span_begins_with_its_first_instant_and_ends_before_its_last(store: Store) -> None:
    ids = [keep(store, number, NOW + number * HOUR) for number in range(4)]
    span = Span(begin=NOW + HOUR, end=NOW + 3 * HOUR)
    for limit in (1, 9):
        assert [head.id for head in walk(store, span, limit=limit)] == ids[1:3]
    assert store.harvest.count(span) == 2
    assert walk(store, Span(begin=NOW + 4 * HOUR), limit=9) == []


def test_a_span_of_a_source_has_its_records_alone(store: Store) -> None:
    store.sync_sources([source(), source("tea", title="茶"), source("ink")], NOW)
    for number in range(6):
        id_ = keep(store, number, NOW + number * HOUR, "tea" if number % 2 else "ship")
    put(store, id_, EntryState.WITHDRAWN, NOW + DAY)
    for limit in (1, 9):
        found = walk(store, Span(source_id="tea"), limit=limit)
        assert [head.source_id for head in found] == ["tea"] * 3
    assert store.harvest.count(Span(source_id="tea")) == 3
    assert store.harvest.titles() == {"ship": "船", "tea": "茶"}


def test_what_comes_in_meanwhile_moves_nothing_that_is_behind(store: Store) -> None:
    ids = [keep(store, number, NOW + number * HOUR) for number in range(6)]
    first = store.harvest.heads(ALL, limit=3)
    keep(store, 6, NOW + 6 * HOUR)
    put(store, ids[0], EntryState.WITHDRAWN, NOW + 7 * HOUR)
    revised = sighting(NOW, url="https://ship.example/4", title="文4")
    store.keep(later(revised, 8 * HOUR, title="另一个题目", text="改过的正文。" * 9))
    rest = [head.id for head in store.harvest.heads(ALL, after=first[-1].place, limit=9)]
    assert rest[:2] == [ids[3], ids[5]]
    assert rest[3:] == [ids[0], ids[4]]  # changed since, and so told again


def test_an_archive_that_holds_nothing_has_no_first_record(store: Store) -> None:
    assert (store.harvest.earliest(), walk(store, limit=9)) == (None, [])
    assert store.harvest.titles() == {}


def test_records_come_from_their_indexes(sqlite: Store) -> None:
    id_ = keep(sqlite, 1, NOW)
    (head,) = sqlite.harvest.heads(ALL, limit=1)
    with plans(sqlite) as steps:
        for span in (ALL, Span(source_id="ship")):
            sqlite.harvest.heads(span, after=head.place, limit=9)
        sqlite.harvest.earliest()
    assert {step for step in steps if "entries" in step} == {
        "SEARCH entries USING INDEX entries_changed_of_all (changed>?)",
        "SEARCH entries USING INDEX entries_gone_of_all (state_since>?)",
        "SEARCH entries USING INDEX entries_changed (source_id=? AND changed>?)",
        "SEARCH entries USING INDEX entries_gone (source_id=? AND state_since>?)",
        "SCAN entries USING COVERING INDEX entries_changed_of_all",
    }
    with plans(sqlite) as steps:
        sqlite.harvest.count(ALL)
        sqlite.harvest.count(Span(source_id="ship"))
        sqlite.harvest.count(Span(begin=NOW))
    assert not [step for step in steps if "INDEX" not in step]
    assert id_ == head.id


def test_postgres_takes_them_from_its_indexes_too(store: Store) -> None:
    """With so few rows it would read the table: what is asked is whether it could do without."""
    if store._database.engine.dialect.name != "postgresql":
        return
    keep(store, 1, NOW)
    (head,) = store.harvest.heads(ALL, limit=1)
    asked: list[tuple[str, object]] = []

    def note(
        _connection: object, _cursor: object, statement: str, values: object, *_: object
    ) -> None:
        asked.append((statement, values))

    event.listen(store._database.engine, "before_cursor_execute", note)
    for span in (ALL, Span(source_id="ship")):
        store.harvest.heads(span, after=head.place, limit=9)
    event.remove(store._database.engine, "before_cursor_execute", note)
    lines: list[str] = []
    with store._database.reading() as connection:
        for setting in ("seqscan", "sort", "bitmapscan"):
            connection.execute(text(f"SET LOCAL enable_{setting} = off"))
        for statement, values in asked:
            rows = connection.exec_driver_sql(f"EXPLAIN {statement}", values)  # type: ignore[arg-type]
            lines += [row[0].strip() for row in rows]
    used = {line.split("using ")[1].split()[0] for line in lines if " using " in line}
    # Of one source's few that are gone, either index will do.
    assert used - {"entries_gone"} == {
        *("entries_changed", "entries_changed_of_all", "entries_gone_of_all"),
    }
    assert not [line for line in lines if "Seq Scan" in line]

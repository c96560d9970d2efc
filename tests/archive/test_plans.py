"""That the queries of every poll stay cheap as the archive grows: SQLite's plans, not a clock."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import event

from archive.selection import Selection
from archive.store import Store
from tests.archive.factories import NOW, later, sighting, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'kanliu.sqlite'}", now=NOW) as store:
        store.sync_sources([source()], NOW)
        yield store


@contextmanager
def plans(store: Store) -> Iterator[list[str]]:
    """Every step of every plan while the block runs."""
    steps: list[str] = []

    def explain(connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        if statement.startswith(("SELECT", "UPDATE", "DELETE")):
            driver = connection.connection.driver_connection
            rows = values if isinstance(values, list) else [values]
            steps.extend(r[3] for r in driver.execute(f"EXPLAIN QUERY PLAN {statement}", rows[0]))

    event.listen(store._database.engine, "before_cursor_execute", explain)
    yield steps
    event.remove(store._database.engine, "before_cursor_execute", explain)


def test_the_due_query_walks_its_index_and_touches_no_table(sqlite: Store) -> None:
    with plans(sqlite) as steps:
        sqlite.due(NOW, limit=9, per_host=1, busy=["tea"], busy_hosts={"press.example": 1})
    assert steps[0] == "SEARCH sources USING COVERING INDEX sources_due (due<?)"
    assert not any("TEMP B-TREE" in step for step in steps)


def test_keeping_reads_by_key_only(sqlite: Store) -> None:
    first = sighting(doi="10.1/x")
    with plans(sqlite) as steps:
        sqlite.keep(first)
        sqlite.keep(later(first, NOW - NOW, title="另一个标题"))
        sqlite.keep(sighting(url="https://ship.example/2"))
        sqlite.touch("ship", first.entry.url, NOW)
        sqlite.vanish("ship", first.entry.url, NOW, 404)
    assert len(steps) > 10
    assert not [step for step in steps if step.startswith("SCAN") and "CONSTANT" not in step]
    # By one column of two SQLite would read every entry of the source.
    assert not [step for step in steps if step.endswith("(source_id=?)")]


def test_the_newest_entries_come_from_the_index_in_order(sqlite: Store) -> None:
    for number in range(2):
        url = f"https://ship.example/{number}"
        sqlite.keep(sighting(url=url, title=f"文{number}", text=f"第{number}篇的正文。" * 9))
    with plans(sqlite) as steps:
        sqlite.entries("ship", limit=30)
        sqlite.entries(limit=30)
        sqlite.gaps("ship", 20)
    assert not any("TEMP B-TREE" in step for step in steps)
    assert "SCAN revisions" not in steps


def test_chosen_entries_come_from_the_catalogues_index_in_order(sqlite: Store) -> None:
    with plans(sqlite) as steps:
        sqlite.select(Selection(), limit=30)
        sqlite.select(Selection(sources=frozenset({"ship"})), limit=30)
        sqlite.select(Selection(sources=frozenset({"ship"}), issue="2026-4"), limit=30)
    assert not any("TEMP B-TREE" in step for step in steps)
    assert [step for step in steps if "catalogue" in step] == [
        "SCAN catalogue USING COVERING INDEX catalogue_newest_of_all",
        "SEARCH catalogue USING COVERING INDEX catalogue_newest (source_id=?)",
        "SEARCH catalogue USING COVERING INDEX catalogue_issue (source_id=? AND issue=?)",
    ]


def test_words_are_asked_first_and_the_catalogue_by_number(sqlite: Store) -> None:
    with plans(sqlite) as steps:
        sqlite.select(Selection(words=("品牌",)), limit=30)
    asked = [step for step in steps if "words" in step or "catalogue" in step]
    assert asked == [
        "SCAN words VIRTUAL TABLE INDEX 0:M1",
        "SEARCH catalogue USING INTEGER PRIMARY KEY (rowid=?)",
    ]


def test_sources_to_publish_are_found_without_reading_all(sqlite: Store) -> None:
    with plans(sqlite) as steps:
        sqlite.changed_sources()
    assert steps == ["SCAN sources USING INDEX sources_unpublished"]

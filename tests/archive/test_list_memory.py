"""What is remembered of list pages and of entries' issues, on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.completeness import Contents, Gap, IssueReport, JournalReport, Row
from archive.issue import Issue
from archive.issue_parameters import find_parameters
from archive.list_memory import Captured, KnownFile, Place, ReadPage
from archive.list_pages import ListPlace
from archive.model import EntryState
from tests.archive.factories import DAY, NOW, TEXT, day, later, sighting

if TYPE_CHECKING:
    from archive.store import Store

LINE = "CN11-0000/F*1986*m*A4*128*zh*P*¥20.00*5000*22*2026-11"
ISSUE = Issue(year=2026, volume="45", number="1")
ROWS = (
    Row(url="https://ship.example/1", title="一"),
    Row(url="https://ship.example/2", title=None, issue=ISSUE, link="http://ship.example/2?from=a"),
    Row(url="https://ship.example/3", title=None),
)


def known(name: str = "warc/a", **fields: object) -> KnownFile:
    told = KnownFile(file=name, size_bytes=10, modified=1, digest="sha256:1", broken=0)
    return replace(told, **fields)  # type: ignore[arg-type]


def place(offset: int, *, source_id: str = "ship", id_: str | None = None) -> ListPlace:
    return ListPlace(
        id=id_ or f"urn:uuid:{offset}",
        offset=offset,
        source_id=source_id,
        url="https://ship.example/list",
        seen=NOW + timedelta(minutes=offset),
    )


def read(
    offset: int, *rows: Row, file: str = "warc/a", line: str = "", rules: str = "1"
) -> ReadPage:
    contents = Contents(
        url="https://ship.example/list", seen=NOW, rows=rows, parameters=find_parameters(line)
    )
    return ReadPage(place=Place(file, offset, "ship"), rules=rules, contents=contents)


def test_what_a_list_showed_comes_back_as_it_was(store: Store) -> None:
    store.lists.keep(known(), [place(1)], is_anew=True)
    store.lists.put([read(1, *ROWS, line=LINE)])
    (contents,) = store.lists.contents("ship")
    assert contents.rows == ROWS
    assert contents.parameters == find_parameters(LINE)
    assert contents.seen == NOW + timedelta(minutes=1)
    assert store.lists.files() == {"warc/a": known()}
    assert store.lists.contents("tea") == []


def test_the_same_rows_are_told_once_when_they_were_shown_last(store: Store) -> None:
    store.lists.keep(known(), [place(1), place(2), place(3)], is_anew=True)
    store.lists.put([read(1, *ROWS), read(2, ROWS[0]), read(3, *ROWS)])
    found = {each.rows: each.seen for each in store.lists.contents("ship")}
    assert found == {ROWS: NOW + timedelta(minutes=3), ROWS[:1]: NOW + timedelta(minutes=2)}


def test_pages_are_to_be_read_until_they_were_by_the_rules_of_today(store: Store) -> None:
    store.lists.keep(known(), [place(1), place(2), place(3, source_id="gone")], is_anew=True)
    mine = [Place("warc/a", 1, "ship"), Place("warc/a", 2, "ship")]
    assert store.lists.stale({"ship": "1", "tea": "1"}, 9) == mine
    assert len(store.lists.stale({"ship": "1"}, 1)) == 1
    store.lists.put([read(1, *ROWS)])
    assert store.lists.stale({"ship": "1"}, 9) == mine[1:]
    store.lists.leave(mine[1], "1")
    assert store.lists.stale({"ship": "1"}, 9) == []
    assert store.lists.stale({"ship": "2"}, 9) == mine
    captured = store.lists.captured("ship")
    minutes = [NOW + timedelta(minutes=each) for each in (1, 2)]
    assert captured == Captured(pages=2, first=minutes[0], last=minutes[1], unread=1)


def test_a_page_that_stays_unreadable_keeps_what_it_showed_before(store: Store) -> None:
    store.lists.keep(known(), [place(1)], is_anew=True)
    store.lists.put([read(1, *ROWS)])
    store.lists.leave(Place("warc/a", 1, "ship"), "2")
    assert store.lists.contents("ship")[0].rows == ROWS


def test_a_file_is_read_on_or_anew_and_forgotten_when_it_is_gone(store: Store) -> None:
    store.lists.keep(known(digest=None), [place(1)], is_anew=True)
    store.lists.keep(known(size_bytes=20), [place(2)], is_anew=False)
    store.lists.put([read(1, *ROWS), read(2, ROWS[0])])
    assert len(store.lists.contents("ship")) == 2
    store.lists.keep(known(size_bytes=30, broken=2), [place(2)], is_anew=True)
    assert store.lists.contents("ship") == []
    assert store.lists.broken() == 2
    store.lists.put([read(2, ROWS[0])])
    store.lists.forget(["warc/a"])
    assert (store.lists.files(), store.lists.contents("ship")) == ({}, [])
    assert (store.lists.broken(), store.lists.captured("ship")) == (0, Captured())


def test_a_page_in_a_warc_file_and_in_its_package_is_one(store: Store) -> None:
    store.lists.keep(known(), [place(1, id_="urn:uuid:a")], is_anew=True)
    store.lists.keep(known("packages/b"), [place(1, id_="urn:uuid:a")], is_anew=True)
    store.lists.put([read(1, *ROWS), read(1, *ROWS, file="packages/b")])
    assert store.lists.captured("ship").pages == 1
    store.lists.forget(["warc/a"])
    assert len(store.lists.contents("ship")) == 1


def test_an_entry_is_marked_with_its_issue_and_the_line_that_it_prints(store: Store) -> None:
    first = sighting(published=day("2026-11-20"), volume="45", number="1", text=f"{TEXT}\n{LINE}")
    entry_id = store.keep(first).entry_id
    (mark,) = store.issue_marks.marks("ship")
    assert (mark.entry_id, mark.issue, mark.parameters) == (entry_id, ISSUE, find_parameters(LINE))
    assert mark.addresses == {first.entry.url}
    moved = later(first, DAY, number="2", text=TEXT)
    store.keep(moved)
    (mark,) = store.issue_marks.marks("ship")
    assert mark.issue is not None
    assert (mark.issue.number, mark.parameters) == ("2", None)
    store.withdrawals.withdraw(entry_id, who="林", why="要求", now=NOW)
    (mark,) = store.issue_marks.marks("ship")
    assert mark.state is EntryState.WITHDRAWN


def test_the_line_in_a_masthead_counts_too_and_that_of_a_revision_before(store: Store) -> None:
    first = sighting()
    printed = replace(first, raw=replace(first.raw, masthead={"期刊基本参数": LINE}))
    store.keep(printed)
    store.keep(later(first, DAY, title="改过的题名"))
    (mark,) = store.issue_marks.marks("ship")
    assert mark.parameters == find_parameters(LINE)
    assert mark.issue is None


def test_a_report_is_kept_until_something_of_it_changes(store: Store) -> None:
    gap = Gap(title="三", url="https://ship.example/3", tries=2, reason="404", shown=NOW)
    issue = IssueReport(issue=ISSUE, listed=3, kept=2, printed=None, gaps=(gap,), withdrawn=1)
    report = JournalReport(source_id="ship", computed=NOW, issues=(issue,), lists=1, first=NOW)
    assert store.issue_reports.find("ship") is None
    store.issue_reports.put(report, "basis")
    assert store.issue_reports.find("ship") == report
    assert store.issue_reports.bases() == {"ship": "basis"}
    store.lists.keep(known(), [place(1)], is_anew=True)
    assert store.issue_reports.bases() == {"ship": ""}
    assert store.issue_reports.find("ship") == report  # shown until there is a newer one


def test_what_a_report_is_made_of_changes_with_what_is_kept(store: Store) -> None:
    seen = [store.issue_reports.standing()]
    first = sighting()
    entry_id = store.keep(first).entry_id
    seen.append(store.issue_reports.standing())
    store.keep(later(first, DAY, title="改过的题名"))
    seen.append(store.issue_reports.standing())
    store.withdrawals.withdraw(entry_id, who="林", why="要求", now=NOW)
    seen.append(store.issue_reports.standing())
    store.lists.keep(known(), [place(1)], is_anew=True)
    seen.append(store.issue_reports.standing())
    assert [each.keys() for each in seen] == [{"ship"}] * len(seen)
    assert len({each["ship"] for each in seen}) == len(seen)


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("https://a.example/1 was not found (404)", 404),
        ("a.example refuses https://a.example/1 (403)", 403),
        ("https://a.example/1 answered 502", 502),
        ("https://a.example/1 (2) cannot be reached: timed out", None),
        (None, None),
    ],
)
def test_what_the_site_answered_is_told_as_a_number(reason: str | None, status: int | None) -> None:
    assert Gap(title=None, url="https://a.example/1", tries=1, reason=reason).status == status

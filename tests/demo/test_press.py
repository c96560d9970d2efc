from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from demo.press import issue_on, local_day


@pytest.mark.parametrize(
    ("day", "year", "number"),
    [
        (date(2026, 11, 20), 2026, 4),
        (date(2026, 11, 19), 2026, 3),
        (date(2027, 1, 3), 2026, 4),
        (date(2027, 2, 20), 2027, 1),
    ],
)
def test_the_current_issue_is_the_newest_that_has_come_out(
    day: date, year: int, number: int
) -> None:
    issue = issue_on(day)
    assert (issue.year, issue.number) == (year, number)
    assert issue.day <= day


def test_counting_issues_back_crosses_the_year() -> None:
    issue = issue_on(date(2027, 2, 25), back=2)
    assert (issue.year, issue.number, issue.volume(first_year=2009)) == (2026, 3, 18)


def test_a_day_is_the_day_where_the_journal_is_edited() -> None:
    late = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)
    assert local_day(late, "Asia/Shanghai") == date(2026, 11, 21)
    assert local_day(late, "UTC", age=1) == date(2026, 11, 19)

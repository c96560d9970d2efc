from __future__ import annotations

from datetime import UTC, datetime

import pytest

from archive.model import Precision, PrintedDate
from web.days import Day, print_date, print_instant


@pytest.mark.parametrize(
    ("value", "precision", "chinese", "english", "machine"),
    [
        ("2026", "year", "2026年", "2026", "2026"),
        ("2026-Q4", "quarter", "2026年第4季度", "Q4 2026", None),
        ("2026-04", "month", "2026年4月", "April 2026", "2026-04"),
        ("2026-04-03", "day", "2026年4月3日", "3 April 2026", "2026-04-03"),
        (
            *("2026-04-03T08:05+08:00", "minute", "2026年4月3日 08:05", "3 April 2026, 08:05"),
            "2026-04-03T08:05+08:00",
        ),
        ("--02-27", "day", "2月27日", "27 February", None),
    ],
)
def test_a_date_is_printed_as_exactly_as_it_was(
    value: str, precision: str, chinese: str, english: str, machine: str | None
) -> None:
    date = PrintedDate(raw=value, value=value, precision=Precision(precision))
    assert print_date(date, "zh-CN") == Day(text=chinese, machine=machine)
    assert print_date(date, "en") == Day(text=english, machine=machine)


def test_an_issue_is_printed_as_the_issue_that_it_is() -> None:
    date = PrintedDate(raw="2026年04期", value=None, precision=Precision.ISSUE, issue="2026年第4期")
    assert print_date(date, "zh-CN") == Day(text="2026年第4期")


def test_no_date_is_no_day() -> None:
    assert print_date(None, "en") is None
    assert print_date(PrintedDate(raw="?", value=None, precision=Precision.NONE), "en") is None


def test_an_instant_is_told_on_the_clock_of_the_journal() -> None:
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert print_instant(late, "Asia/Shanghai", "en").text == "23 November 2026, 01:30"
    assert print_instant(late, "UTC", "zh-CN", to_day=True).text == "2026年11月22日"
    assert print_instant(late, "Asia/Shanghai", "en").machine == "2026-11-23T01:30+08:00"

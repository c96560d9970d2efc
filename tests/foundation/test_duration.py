"""foundation.duration: spans as people write them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from foundation.duration import parse_duration, print_duration


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90s", 90), ("30m", 1800), ("2h", 7200), ("1d", 86400), ("0s", 0), ("0.5s", 0.5)],
)
def test_a_number_with_its_unit_is_a_span(text: str, seconds: float) -> None:
    assert parse_duration(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "90", "s", "2 h", "2H", "-1s", "1h30m", "1w", "两小时", "٣s"])
def test_anything_else_says_what_is_allowed(text: str) -> None:
    with pytest.raises(ValueError, match="30m"):
        parse_duration(text)


def test_a_span_beyond_all_dates_is_refused() -> None:
    with pytest.raises(ValueError, match="less than"):
        parse_duration("9" * 20 + "d")


@pytest.mark.parametrize(
    ("seconds", "text"), [(5400, "90m"), (86400, "1d"), (90, "90s"), (0, "0s"), (0.25, "0.25s")]
)
def test_a_span_is_printed_in_its_largest_whole_unit(seconds: float, text: str) -> None:
    assert print_duration(timedelta(seconds=seconds)) == text


@given(st.timedeltas(timedelta(0), timedelta(days=40_000)))
def test_what_is_printed_reads_back(span: timedelta) -> None:
    read_back = parse_duration(print_duration(span))

    assert abs(read_back - span) <= timedelta(microseconds=1)

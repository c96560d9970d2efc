"""What a host asks for in Retry-After, as a span."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from crawler.pace import REST_MOST, REST_UNTOLD, parse_retry_after, wait_asked

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "wait"),
    [
        ("120", timedelta(minutes=2)),
        (" 120 ", timedelta(minutes=2)),
        ("0", timedelta(0)),
        ("Mon, 23 Nov 2026 09:00:00 GMT", timedelta(hours=1)),
        ("Monday, 23-Nov-26 09:00:00 GMT", timedelta(hours=1)),
        ("Mon, 23 Nov 2026 07:00:00 GMT", timedelta(0)),
        ("99999999999999999999", REST_MOST),
        ("Fri, 31 Dec 9999 23:59:59 GMT", REST_MOST),
        ("soon", None),
        ("", None),
        ("-5", None),
        ("1.5", None),
        ("²", None),
        ("Mon, 23 Nov 2026 09:00:00 +99999999999999", None),
        ("Mon, 23 Nov 2026 09:00:00 +9999", None),
    ],
)
def test_retry_after_is_seconds_or_a_date(text: str, wait: timedelta | None) -> None:
    assert parse_retry_after(text, NOW) == wait


def test_a_host_that_does_not_say_how_long_is_left_for_a_minute() -> None:
    assert wait_asked({}, NOW) == REST_UNTOLD
    assert wait_asked({"retry-after": "60"}, NOW) == timedelta(seconds=60)

"""When to look again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.due import (
    BACK_OFF_MOST,
    GONE_WAIT,
    JITTER,
    LONGEST,
    RETRY_AFTER_MOST,
    SHORTEST,
    Due,
    expected_gap,
    next_due,
)
from archive.model import Outcome
from sources.model import Rhythm
from tests.archive.factories import DAY, HOUR, NOW

WEEK = 7 * DAY


def due(**given_: object) -> Due:
    defaults: dict[str, object] = {
        "now": NOW,
        "rhythm": Rhythm(),
        "interval": None,
        "gaps": (),
        "outcome": Outcome.UNCHANGED,
        "failures": 0,
        "retry_after": None,
        "seed": "ship",
    }
    return next_due(**{**defaults, **given_})


def wait(**given_: object) -> timedelta:
    return due(**given_).at - NOW


def about(span: timedelta) -> object:
    """The span, give or take the jitter."""
    seconds = span.total_seconds()
    return pytest.approx(seconds, abs=seconds * JITTER + 1e-6)


def weekly(count: int, *, until: timedelta = timedelta(0)) -> list:
    return [NOW - until - number * WEEK for number in range(count)]


def test_a_fixed_interval_is_kept() -> None:
    found = due(rhythm=Rhythm(every=2 * HOUR))
    assert (found.at - NOW).total_seconds() == about(2 * HOUR)
    assert found.reason == "Every 2 h, as the source's file says."


@pytest.mark.parametrize(
    ("interval", "expected"),
    [
        (timedelta(hours=4), SHORTEST),
        (DAY, 3 * HOUR),
        (WEEK, 21 * HOUR),
        (30 * DAY, LONGEST),
        (365 * DAY, LONGEST),
        (None, 21 * HOUR),
    ],
)
def test_a_journal_is_looked_at_eight_times_in_its_period(
    interval: timedelta | None, expected: timedelta
) -> None:
    assert wait(interval=interval).total_seconds() == about(expected)


def test_what_was_observed_outweighs_the_masthead() -> None:
    daily = [NOW - number * DAY for number in range(20)]
    assert expected_gap(30 * DAY, (), NOW) == 30 * DAY
    assert DAY < expected_gap(30 * DAY, daily, NOW) < 6 * DAY
    assert due(interval=30 * DAY, gaps=daily).reason == (
        "Something new about every 4.95 d: looking every 14.9 h."
    )


def test_articles_of_one_issue_are_one_publication() -> None:
    issue = [NOW - number * WEEK - minutes * HOUR / 60 for number in (0, 1) for minutes in (0, 5)]
    assert expected_gap(WEEK, issue, NOW) == pytest.approx(WEEK, rel=0.01)


def test_a_stream_of_articles_is_not_one_issue_for_ever() -> None:
    hourly = [NOW - number * HOUR for number in range(100)]
    assert expected_gap(None, hourly, NOW) <= WEEK


def test_instants_ahead_of_us_say_nothing() -> None:
    assert expected_gap(WEEK, [NOW + 300 * DAY], NOW) == WEEK


def test_a_silence_longer_than_the_rhythm_stretches_it() -> None:
    assert expected_gap(WEEK, weekly(5), NOW) == WEEK
    assert expected_gap(WEEK, weekly(5, until=70 * DAY), NOW) > WEEK


def test_the_order_of_instants_does_not_matter() -> None:
    assert expected_gap(DAY, weekly(5)[::-1], NOW) == expected_gap(DAY, weekly(5), NOW)


def test_the_sites_own_word_lengthens_the_wait_but_not_beyond_a_day() -> None:
    assert wait(interval=DAY, hint=6 * HOUR).total_seconds() == about(6 * HOUR)
    assert wait(interval=DAY, hint=HOUR).total_seconds() == about(3 * HOUR)
    assert wait(interval=DAY, hint=9 * DAY).total_seconds() == about(LONGEST)
    assert due(interval=DAY, hint=6 * HOUR).reason == (
        "The site says that nothing changes for 6 h."
    )


@pytest.mark.parametrize(
    ("failures", "expected"),
    [(1, 2), (2, 4), (3, 8), (4, 16), (5, 24), (6, 24), (10**6, 24)],
)
def test_failures_double_the_wait_up_to_a_day_and_never_end_it(
    failures: int, expected: int
) -> None:
    found = due(rhythm=Rhythm(every=2 * HOUR), outcome=Outcome.UNREACHABLE, failures=failures)
    assert (found.at - NOW).total_seconds() == about(expected * HOUR)


def test_a_failure_of_a_slow_source_keeps_its_own_wait() -> None:
    slow = {"rhythm": Rhythm(every=WEEK), "outcome": Outcome.EMPTY}
    assert wait(**slow, failures=9).total_seconds() == about(WEEK)


def test_the_reason_tells_of_the_failures_and_of_the_rhythm() -> None:
    found = due(rhythm=Rhythm(every=2 * HOUR), outcome=Outcome.BLOCKED, failures=3)
    assert found.reason == (
        "Poll 3 in a row that failed: waiting 8 h. Every 2 h, as the source's file says."
    )


def test_a_source_that_is_gone_is_looked_at_weekly() -> None:
    found = due(rhythm=Rhythm(every=HOUR), outcome=Outcome.GONE, failures=9)
    assert (found.at - NOW).total_seconds() == about(GONE_WAIT)
    assert found.reason.startswith("The site says that it is gone for good")


def test_retry_after_is_obeyed_to_the_second_but_not_for_more_than_a_week() -> None:
    every = {"rhythm": Rhythm(every=HOUR)}
    assert wait(**every, retry_after=3 * HOUR) == 3 * HOUR
    assert wait(**every, retry_after=365 * DAY) == RETRY_AFTER_MOST
    assert due(**every, retry_after=3 * HOUR).reason == ("The site asked to be left alone for 3 h.")
    assert wait(**every, retry_after=timedelta(seconds=5)).total_seconds() == about(HOUR)


def test_sources_added_together_part_and_one_source_is_steady() -> None:
    waits = {wait(seed=f"source-{number}") for number in range(50)}
    assert len(waits) == 50
    assert wait(seed="ship") == wait(seed="ship")


def test_short_spans_are_told_in_minutes_and_seconds() -> None:
    assert due(rhythm=Rhythm(every=timedelta(minutes=90))).reason.startswith("Every 90 min,")
    assert due(rhythm=Rhythm(every=timedelta(seconds=30))).reason.startswith("Every 30 s,")


spans = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=4000))
some_due = {
    "rhythm": st.builds(Rhythm, every=st.none() | st.timedeltas(timedelta(minutes=1), 90 * DAY)),
    "interval": st.none() | st.timedeltas(HOUR, 400 * DAY),
    "gaps": st.lists(st.datetimes().map(lambda d: d.replace(tzinfo=NOW.tzinfo)), max_size=9),
    "outcome": st.sampled_from(Outcome),
    "retry_after": st.none() | spans,
    "seed": st.text(),
    "hint": st.none() | spans,
}


@given(st.fixed_dictionaries(some_due), st.integers(0, 10**9))
def test_due_is_never_before_now_and_always_within_bounds(given_: dict, failures: int) -> None:
    found = due(**given_, failures=failures)
    longest = max(BACK_OFF_MOST, GONE_WAIT, given_["rhythm"].every or DAY) * (1 + JITTER)
    assert NOW < found.at <= NOW + longest
    assert found.reason.endswith(".")


@given(st.fixed_dictionaries(some_due), st.integers(0, 40))
def test_one_more_failure_never_brings_the_next_look_forward(given_: dict, failures: int) -> None:
    assert due(**given_, failures=failures).at <= due(**given_, failures=failures + 1).at

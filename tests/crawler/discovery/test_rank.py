"""crawler.discovery.rank: what makes one way to follow a journal better than another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from crawler.discovery.feeds import FeedCheck
from crawler.discovery.rank import Evidence, judge

TODAY = date(2026, 11, 25)
GOOD = Evidence(
    origin="column",
    links=12,
    tried=5,
    read=5,
    titled=5,
    dated=5,
    comparable=5,
    agreeing=5,
    noticed=5,
    newest="2026-11-20",
    listed_days=12,
    has_next=True,
)


def score(evidence: Evidence) -> float:
    return judge(evidence, today=TODAY).score


def test_a_list_that_was_asked_for_and_reads_well_comes_near_a_hundred() -> None:
    best = judge(replace(GOOD, origin="given"), today=TODAY)
    assert 95 <= best.score <= 105
    assert best.reasons[0] == "5 of 5 links read as articles"


@pytest.mark.parametrize(
    "worse",
    [
        replace(GOOD, read=2, titled=2, dated=2, comparable=2, agreeing=2, noticed=2),
        replace(GOOD, titled=1),
        replace(GOOD, dated=0),
        replace(GOOD, agreeing=0),
        replace(GOOD, noticed=0),
        replace(GOOD, links=2, listed_days=2),
        replace(GOOD, newest="2024-01-01"),
        replace(GOOD, newest=None),
        replace(GOOD, is_one_issue=True),
        replace(GOOD, has_next=False),
        replace(GOOD, origin="feed"),
        replace(GOOD, covers=0.0),
    ],
    ids=lambda each: next(
        name for name in Evidence.__slots__ if getattr(each, name) != getattr(GOOD, name)
    ),
)
def test_what_is_missing_or_wrong_costs_points(worse: Evidence) -> None:
    assert score(worse) < score(GOOD)


def test_one_issue_is_worse_than_the_page_that_is_always_the_newest() -> None:
    given = replace(GOOD, origin="given", is_one_issue=True)
    assert score(given) < score(replace(GOOD, origin="platform", has_next=False))
    assert any("one issue" in each for each in judge(given, today=TODAY).reasons)


def test_a_list_that_shows_what_the_front_page_shows_and_goes_on_is_better_than_it() -> None:
    front = replace(GOOD, origin="front", has_next=False)
    assert score(replace(GOOD, covers=1.0)) > score(front) > score(replace(GOOD, covers=0.2))


def test_columns_together_are_better_than_each_alone() -> None:
    together = replace(GOOD, origin="columns", covers=1.0)
    assert score(together) > score(replace(GOOD, covers=0.4))


def test_links_of_which_none_was_read_are_worth_next_to_nothing() -> None:
    unread = Evidence(origin="given", links=40, tried=0, read=0)
    assert score(unread) < 20
    assert "none was read" in judge(unread, today=TODAY).reasons[-1]


def test_a_feed_that_tells_the_same_is_worth_more_than_a_strange_one() -> None:
    same = FeedCheck(items=10, listed=12, shared=10, comparable=10, agreeing=10)
    other = FeedCheck(items=10, listed=12, shared=0)
    assert score(replace(GOOD, feed=same)) > score(GOOD) == score(replace(GOOD, feed=other))
    assert any(
        "another channel" in r for r in judge(replace(GOOD, feed=other), today=TODAY).reasons
    )


def test_every_reason_is_words() -> None:
    reasons = judge(replace(GOOD, covers=0.5, origin="platform"), today=TODAY).reasons
    assert all(reason.strip() for reason in reasons)
    assert len(set(reasons)) == len(reasons)

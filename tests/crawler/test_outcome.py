"""How a poll ended is told apart, with a reason that a person can act on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archive.model import Outcome
from crawler.outcome import Facts, Failure, judge
from foundation.errors import (
    BlockedError,
    GoneError,
    MissingError,
    RefusedError,
    SiteError,
    UnreachableError,
)

LIST = "https://journal.example/list.html"
ARTICLE = "https://journal.example/1.html"


def failed(error: SiteError, url: str = LIST) -> Failure:
    return Failure(url=url, error=error)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (UnreachableError("no answer"), Outcome.UNREACHABLE),
        (RefusedError("robots.txt"), Outcome.REFUSED),
        (BlockedError("a challenge"), Outcome.BLOCKED),
        (GoneError("410"), Outcome.GONE),
        (MissingError("404"), Outcome.CHANGED),
        (SiteError("something else"), Outcome.UNREACHABLE),
    ],
)
def test_a_list_page_that_fails_decides_the_outcome(error: SiteError, outcome: Outcome) -> None:
    assert judge(Facts(lists=1, list_failures=[failed(error)])) == (outcome, str(error))


def test_one_list_of_two_failing_is_partial() -> None:
    facts = Facts(lists=2, list_failures=[failed(UnreachableError("no answer"))], links=3, new=1)
    outcome, reason = judge(facts)
    assert outcome is Outcome.PARTIAL
    assert reason == "1 new, 1 of 2 list pages failed: no answer"


def test_an_unmodified_list_is_unchanged() -> None:
    assert judge(Facts(lists=1, lists_unmodified=1)) == (Outcome.UNCHANGED, "the list is as it was")


def test_a_list_without_news_is_unchanged() -> None:
    assert judge(Facts(lists=1, links=9)) == (Outcome.UNCHANGED, "nothing new on the list")


def test_a_list_that_lost_all_its_articles_has_changed() -> None:
    outcome, reason = judge(Facts(lists=1, links=0, links_before=12, anchors=40))
    assert outcome is Outcome.CHANGED
    assert "no article link found among 40 links" in reason
    assert "12 articles are known" in reason


@pytest.mark.parametrize(("before", "anchors"), [(0, 40), (12, 0)])
def test_a_list_with_no_article_is_empty(before: int, anchors: int) -> None:
    assert judge(Facts(lists=1, links=0, links_before=before, anchors=anchors))[0] is Outcome.EMPTY


def test_fewer_articles_than_the_source_expects_is_a_change() -> None:
    outcome, reason = judge(Facts(lists=1, links=2, links_min=10, links_before=30, new=2))
    assert outcome is Outcome.CHANGED
    assert "10 or more were expected" in reason


def test_new_and_revised_articles_are_counted_in_the_reason() -> None:
    assert judge(Facts(lists=1, links=9, articles=3, new=2, revised=1)) == (
        Outcome.NEW,
        "2 new, 1 revised",
    )


def test_an_article_that_could_not_be_read_makes_the_poll_partial() -> None:
    facts = Facts(
        lists=1,
        links=9,
        articles=2,
        new=2,
        article_failures=[failed(MissingError("1.html was not found (404)"), ARTICLE)],
    )
    assert judge(facts) == (
        Outcome.PARTIAL,
        "2 new, 1 articles could not be read: 1.html was not found (404)",
    )


@pytest.mark.parametrize(
    ("errors", "outcome"),
    [
        ([BlockedError("challenge"), BlockedError("challenge")], Outcome.BLOCKED),
        ([RefusedError("403")], Outcome.REFUSED),
        ([UnreachableError("no answer")] * 3, Outcome.UNREACHABLE),
        ([MissingError("404")], Outcome.PARTIAL),
        ([BlockedError("challenge"), MissingError("404")], Outcome.PARTIAL),
    ],
)
def test_when_no_new_article_can_be_had_the_reason_decides(
    errors: list[SiteError], outcome: Outcome
) -> None:
    facts = Facts(lists=1, links=2, article_failures=[failed(e, ARTICLE) for e in errors])
    assert judge(facts)[0] is outcome


def test_the_longest_wait_that_was_asked_for_is_kept() -> None:
    facts = Facts(
        lists=1,
        list_failures=[failed(UnreachableError("wait", retry_after=timedelta(minutes=1)))],
        article_failures=[failed(UnreachableError("wait", retry_after=timedelta(hours=1)))],
    )
    assert facts.retry_after == timedelta(hours=1)
    assert Facts().retry_after is None


def test_more_articles_than_the_source_expects_is_a_change() -> None:
    assert judge(Facts(lists=1, links=90, links_max=50))[0] is Outcome.CHANGED
    assert judge(Facts(lists=1, links=50, links_max=50))[0] is Outcome.UNCHANGED


def test_one_list_of_two_being_unmodified_says_nothing_of_the_sum() -> None:
    facts = Facts(lists=2, lists_unmodified=1, links=3, links_min=5)
    assert judge(facts)[0] is Outcome.UNCHANGED


def test_one_list_of_two_without_articles_is_partial() -> None:
    facts = Facts(lists=2, lists_empty=1, links=3, new=1)
    assert judge(facts) == (
        Outcome.PARTIAL,
        "1 new, 1 of 2 list pages show no article",
    )


def test_a_known_article_that_cannot_be_had_is_never_more_than_partial() -> None:
    facts = Facts(lists=1, links=9, recheck_failures=[failed(RefusedError("403"), ARTICLE)])
    assert judge(facts) == (Outcome.PARTIAL, "1 articles could not be read: 403")


def test_links_that_were_not_looked_at_are_told() -> None:
    outcome, reason = judge(Facts(lists=1, links=3000, articles=2, new=2, links_left=1200))
    assert outcome is Outcome.PARTIAL
    assert reason.startswith("2 new, the last 1200 links of an overlong list page were not looked")


def test_a_walk_that_met_no_known_ground_says_so() -> None:
    outcome, reason = judge(Facts(lists=1, links=9, articles=9, new=9, has_gap=True))
    assert outcome is Outcome.PARTIAL
    assert "possible gap" in reason

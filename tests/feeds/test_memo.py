from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feeds import documents as module
from feeds.memo import Memo
from tests.factories import SEEN, archived, revised, source
from tests.feeds.render import SETTINGS, common, documents


def test_a_result_is_made_once_for_equal_values_and_anew_for_others() -> None:
    memo = Memo[list[str]](2)
    first = memo.recall("a", ["x"], lambda: ["one"])
    assert memo.recall("a", ["x"], lambda: ["two"]) is first
    assert memo.recall("a", ["y"], lambda: ["two"]) == ["two"]


def test_the_one_that_was_asked_for_longest_ago_is_forgotten() -> None:
    memo = Memo[int](2)
    for key in ("a", "b", "a", "c"):
        memo.recall(key, None, lambda: 1)
    assert memo.recall("a", None, lambda: 2) == 1
    assert memo.recall("b", None, lambda: 2) == 2


def test_results_are_remembered_by_their_weight() -> None:
    memo = Memo[str](10, weigh=len)
    for key, made in (("a", "1234"), ("b", "1234"), ("b", "12345"), ("c", "123")):
        memo.recall(key, made, made.__str__)
    assert memo.recall("b", "12345", str) == "12345"
    assert memo.recall("c", "123", str) == "123"
    assert memo.recall("a", "1234", lambda: "anew") == "anew"
    assert memo.recall("huge", None, lambda: "x" * 11) == "x" * 11
    assert memo.recall("huge", None, lambda: "again") == "again"


def test_line_3_remembered_entries_and_new_ones_give_the_same_bytes() -> None:
    """In feeds that share entries, grow, shrink and change."""
    one, two, three = (archived(which, doi=f"10.1234/r.{which}") for which in (1, 2, 3))
    edited = revised(two, changed=SEEN + timedelta(hours=1), title="河上的桥")
    german = replace(source(), language="de")
    rounds = [
        ((one, two), source(), SETTINGS),
        ((one, two, three), source(), SETTINGS),
        ((one, edited), source(), SETTINGS),
        ((one, edited), german, SETTINGS),
        ((one, edited), german, replace(SETTINGS, public_url="https://elsewhere.example")),
        ((one,), source(), SETTINGS),
    ]
    warm = []
    for entries, of, settings in rounds:
        warm.append(documents(*entries, of=of, settings=settings))
        warm.append(common(*entries, of=(of,), settings=settings))
    cold = []
    for entries, of, settings in rounds:
        module._memo.forget_all()
        cold.append(documents(*entries, of=of, settings=settings))
        module._memo.forget_all()
        cold.append(common(*entries, of=(of,), settings=settings))
    assert warm == cold

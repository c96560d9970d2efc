"""foundation.nearest: the name that somebody meant."""

from __future__ import annotations

from foundation.nearest import did_you_mean


def test_a_slip_of_the_finger_is_guessed() -> None:
    assert did_you_mean("concurency", ["delay", "concurrency"]) == 'did you mean "concurrency"?'


def test_where_nothing_is_near_all_that_is_known_is_named() -> None:
    assert did_you_mean("zzz", ["delay", "timeout"]) == "known are delay, timeout"


def test_the_guess_is_spelled_as_the_place_spells_it() -> None:
    assert did_you_mean("PROT", ["port"], spell=str.upper) == 'did you mean "PORT"?'

"""Tokens: what was written is read, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.harvest import Place, Span
from web.oai.token import Token, parse_token, write_token

INSTANTS = st.datetimes(timezones=st.just(UTC))
WORDS = st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=40)
TOKENS = st.builds(
    Token,
    verb=st.sampled_from(["ListRecords", "ListIdentifiers"]),
    span=st.builds(
        Span,
        source_id=st.none() | WORDS,
        begin=st.none() | INSTANTS,
        end=st.none() | INSTANTS,
    ),
    after=st.builds(Place, changed=INSTANTS, id=WORDS),
    cursor=st.integers(0, 10**9),
    size=st.integers(0, 10**9),
)


@given(TOKENS)
def test_a_token_is_read_as_it_was_written(token: Token) -> None:
    text = write_token(token)
    assert parse_token(text) == token
    assert text.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=60) | st.from_regex(r"[A-Za-z0-9_-]{0,80}", fullmatch=True))
def test_any_other_text_is_refused_and_raises_nothing_else(text: str) -> None:
    with pytest.raises(ValueError):
        parse_token(text)


def test_an_instant_keeps_its_last_figure() -> None:
    """Two records of one second are told apart."""
    at = datetime(2026, 11, 23, 8, tzinfo=UTC) + timedelta(microseconds=1)
    place = Place(changed=at, id="tag:a,2026:b/c")
    token = Token(verb="ListRecords", span=Span(), after=place, cursor=1, size=2)
    assert parse_token(write_token(token)).after == place

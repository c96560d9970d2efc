"""Who may see a kept copy: every class, every state, with and without the token."""

from __future__ import annotations

from base64 import b64encode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.access import Access, decide_access, is_operator
from archive.model import EntryState, NoticeClass
from tests.archive.test_rights import carry

TOKEN = "0123456789abcdef0123456789abcdef"
OPEN = {"open-license", "free", "free-attribution"}


@pytest.mark.parametrize("state", list(EntryState))
@pytest.mark.parametrize("class_", [*map(str, NoticeClass), None])
@pytest.mark.parametrize("is_token_shown", [False, True])
@pytest.mark.promise(number=7)
def test_a_copy_is_for_all_for_the_operator_or_gone(
    class_: str | None, state: EntryState, *, is_token_shown: bool
) -> None:
    found = decide_access(carry(class_, state=state), state, is_operator=is_token_shown)
    if state is EntryState.WITHDRAWN:
        assert found is (Access.OPERATOR if is_token_shown else Access.WITHDRAWN)
    elif class_ in OPEN:
        assert found is Access.OPEN
    else:
        assert found is (Access.OPERATOR if is_token_shown else Access.CLOSED)
    assert found.is_granted is (is_token_shown or found is Access.OPEN)


def test_a_take_down_closes_what_a_right_would_open() -> None:
    # Also where somebody reckoned the rights without the state.
    found = decide_access(carry("free"), EntryState.WITHDRAWN, is_operator=False)
    assert found is Access.WITHDRAWN


def basic(text: str) -> str:
    return f"Basic {b64encode(text.encode()).decode()}"


@pytest.mark.parametrize(
    "shown",
    [f"Bearer {TOKEN}", f"bearer  {TOKEN} ", basic(f":{TOKEN}"), basic(f"operator:{TOKEN}"),
     basic(f"林:{TOKEN}").replace("Basic", "BASIC")],
)  # fmt: skip
def test_the_token_is_shown_as_a_browser_or_as_a_program_does(shown: str) -> None:
    assert is_operator(shown, TOKEN)
    assert not is_operator(shown, TOKEN + "0")
    assert not is_operator(shown, None)


@pytest.mark.parametrize(
    "shown",
    [None, "", "Bearer", TOKEN, f"Basic {TOKEN}", basic(TOKEN), basic(f"{TOKEN}:"), "Basic ***",
     f"Bearer {TOKEN[:-1]}", f"Bearer {TOKEN.upper()}", f"Digest {TOKEN}"],
)  # fmt: skip
def test_nothing_else_is_the_token(shown: str | None) -> None:
    assert not is_operator(shown, TOKEN)


@given(st.text())
def test_whatever_is_sent_is_answered(text: str) -> None:
    assert not is_operator(text, TOKEN)
    assert not is_operator(f"Basic {text}", TOKEN)
    assert not is_operator(f"Bearer {text}", TOKEN)

"""What a feed carries: READING.md §5, line by line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import EntryState, NoticeClass, ReprintNotice
from archive.rights import STRICTNESS, Carry, decide
from sources.model import Rights

AMOUNTS = ["nothing", "link", "summary", "full"]


def carry(
    class_: str | None,
    *,
    operator: str | None = None,
    noncommercial: bool = False,
    state: EntryState = EntryState.LIVE,
    obligations: tuple[str, ...] = (),
    license_url: str | None = None,
) -> Carry:
    notice = None
    if class_ is not None:
        notice = ReprintNotice(
            class_=NoticeClass(class_), text="…", obligations=obligations, license_url=license_url
        )
    rights = Rights(notice=operator)
    return decide(notice, source_rights=rights, noncommercial=noncommercial, state=state)


@pytest.mark.parametrize(
    ("class_", "feed", "is_open", "source_line"),
    [
        ("open-license", "full", True, True),
        ("free", "full", True, True),
        ("free-attribution", "full", True, True),
        ("nc-attribution", "summary", False, True),
        ("permission", "summary", False, False),
        ("forbidden", "link", False, False),
        ("reserved", "summary", False, False),
        ("none", "summary", False, False),
        (None, "summary", False, False),
        ("third-party", "summary", False, False),
    ],
)
def test_the_class_says_what_a_feed_carries(
    class_: str | None, feed: str, is_open: bool, source_line: bool
) -> None:
    found = carry(class_)
    assert (found.feed, found.is_open, found.source_line) == (feed, is_open, source_line)
    assert found.reason.endswith(".")


def test_every_class_has_its_place_in_the_order_of_strictness() -> None:
    assert set(STRICTNESS) == set(NoticeClass)
    assert len(STRICTNESS) == len(NoticeClass)


def test_non_commercial_use_gives_the_full_text_to_who_declared_it() -> None:
    found = carry("nc-attribution", noncommercial=True)
    assert (found.feed, found.is_open, found.source_line) == ("full", True, True)


@pytest.mark.parametrize("obligation", ["noncommercial", "permission-commercial"])
@pytest.mark.parametrize("class_", ["open-license", "free", "free-attribution"])
def test_a_free_notice_without_commerce_is_one_for_non_commercial_use(
    class_: str, obligation: str
) -> None:
    assert carry(class_, obligations=(obligation,)).feed == "summary"
    assert carry(class_, obligations=(obligation,), noncommercial=True).feed == "full"


def test_the_licence_address_is_handed_on() -> None:
    url = "https://creativecommons.org/licenses/by/4.0/"
    assert carry("open-license", license_url=url).license_url == url
    assert carry(None).license_url is None


def test_what_the_operator_withdrew_is_nowhere() -> None:
    found = carry("free", state=EntryState.WITHDRAWN)
    assert (found.feed, found.is_open, found.license_url) == ("nothing", False, None)


@pytest.mark.parametrize("state", [EntryState.VANISHED, EntryState.RETRACTED])
def test_absence_and_retraction_change_no_permission(state: EntryState) -> None:
    assert carry("free", state=state) == carry("free")


@pytest.mark.parametrize(
    ("page", "operator", "feed"),
    [
        (None, "free-attribution", "full"),
        ("none", "free-attribution", "full"),
        ("reserved", "free", "full"),
        ("reserved", "forbidden", "link"),
        ("free", "permission", "summary"),
        ("permission", "free", "summary"),
        ("forbidden", "free", "link"),
        ("third-party", "free", "summary"),
        ("permission", "forbidden", "link"),
        ("free", "reserved", "summary"),
        ("free", None, "full"),
    ],
)
def test_the_operators_word_counts_where_the_page_is_silent_or_laxer(
    page: str | None, operator: str | None, feed: str
) -> None:
    assert carry(page, operator=operator).feed == feed


def test_the_reason_says_when_it_is_the_operators_word() -> None:
    assert carry(None, operator="free").reason == (
        "By the operator's word on this source: The notice lets anyone re-publish it."
    )
    assert "operator's word" not in carry("permission", operator="free").reason


def test_a_notice_against_mirrors_closes_the_kept_copy_only() -> None:
    found = carry("free", obligations=("nomirror",))
    assert (found.feed, found.is_open) == ("full", False)
    assert "mirrors" in found.reason
    assert carry("permission", obligations=("nomirror",)) == carry("permission")


def test_a_notice_that_asks_to_be_told_gives_no_full_text() -> None:
    found = carry("free-attribution", obligations=("source", "notify"))
    assert (found.feed, found.is_open) == ("summary", False)
    assert "told first" in found.reason
    assert carry("permission", obligations=("notify",)) == carry("permission")


def test_a_notice_against_excerpts_leaves_all_or_the_link() -> None:
    found = carry("permission", obligations=("noexcerpt",))
    assert found.feed == "link"
    assert "excerpts" in found.reason
    assert carry("free", obligations=("noexcerpt",)).feed == "full"


@given(
    page=st.none() | st.sampled_from(NoticeClass),
    operator=st.sampled_from(NoticeClass),
    noncommercial=st.booleans(),
)
def test_the_operator_never_loosens_what_a_page_says(
    page: NoticeClass | None, operator: NoticeClass, noncommercial: bool
) -> None:
    if page in (None, NoticeClass.NONE, NoticeClass.RESERVED):
        return
    alone = carry(page, noncommercial=noncommercial)
    both = carry(page, operator=operator, noncommercial=noncommercial)
    assert AMOUNTS.index(both.feed) <= AMOUNTS.index(alone.feed)
    assert both.is_open <= alone.is_open

"""Settling a new sight with what was known. The rest is in test_entries."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given

from archive.model import Precision, PrintedDate
from archive.revision import digest, find_changes, settle
from tests.archive.factories import day, entry, month, notice
from tests.archive.test_coding import entries


def minute(value: str) -> PrintedDate:
    return PrintedDate(raw=value, value=value, precision=Precision.MINUTE)


UNREADABLE = PrintedDate(raw="近日", value=None, precision=Precision.NONE, reason="no date")


@pytest.mark.parametrize(
    ("old", "new", "taken"),
    [
        (None, day("2026-11-20"), True),
        (day("2026-11-20"), None, False),
        (day("2026-11-20"), UNREADABLE, False),
        (UNREADABLE, day("2026-11-20"), True),
        (day("2026-11-20"), day("2026-11-21"), True),
        (day("2026-11-20"), day("2026-11-19"), True),
        (month("2026-11"), day("2026-11-20"), True),
        (day("2026-11-20"), minute("2026-11-20T08:05+08:00"), True),
        (minute("2026-11-20T08:05+08:00"), day("2026-11-20"), False),
        (day("2026-11-20"), month("2026-12"), False),
        (
            PrintedDate(raw="3天前", value="2026-11-20", precision=Precision.DAY),
            PrintedDate(raw="3 天前", value="2026-11-27", precision=Precision.DAY),
            False,
        ),
    ],
)
def test_only_the_page_itself_corrects_its_date(
    old: PrintedDate | None, new: PrintedDate | None, taken: bool
) -> None:
    settled = settle(entry(published=old), entry(published=new, text="改过的正文"))
    assert settled.published == (new if taken else old)
    assert settled.text == "改过的正文"


@pytest.mark.parametrize(
    ("old_place", "new_place", "taken"),
    [("h1", "list", False), ("h1", "url", False), ("list", "h1", True), ("list", "list", True)],
)
def test_a_list_does_not_correct_what_the_article_prints(
    old_place: str, new_place: str, taken: bool
) -> None:
    old = entry(published=day("2026-11-20"), found={"published": old_place})
    new = entry(published=day("2026-11-21"), found={"published": new_place})
    settled = settle(old, new)
    assert (settled.published == new.published) is taken
    assert settled.found["published"] == (new_place if taken else old_place)


def test_what_a_page_stops_saying_is_kept() -> None:
    old = entry(doi="10.1/x", authors=("水手",), number="4", summary="一艘船", image="https://i/")
    assert settle(old, entry()) == replace(old, found={})


def test_a_notice_that_is_gone_is_gone() -> None:
    old = entry(notice=notice(), notices=(notice(),), is_retracted=True)
    settled = settle(old, entry())
    assert (settled.notice, settled.notices, settled.is_retracted) == (None, (), False)


def test_a_text_and_its_markup_go_together() -> None:
    old = entry(text="旧的正文", html="<p>旧的正文</p>")
    assert settle(old, entry(text=None, html="<p></p>")).html == "<p>旧的正文</p>"
    assert settle(old, entry(text="新的正文", html=None)).html is None


@given(entries)
def test_settling_with_itself_changes_nothing(value) -> None:
    assert settle(value, value) == value
    assert find_changes(value, value) == ()


@given(entries, entries)
def test_settling_twice_is_settling_once(old, new) -> None:
    once = settle(old, new)
    assert digest(settle(once, new)) == digest(once)

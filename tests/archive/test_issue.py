"""Which issue an article stands in, and what it is called in addresses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.issue import Issue, issue_of, newest_first, parse_slug
from archive.model import Precision, PrintedDate
from tests.archive.factories import day, entry


def issue_date(issue: str, value: str | None = None) -> PrintedDate:
    precision = Precision.DAY if value else Precision.ISSUE
    return PrintedDate(raw=issue, value=value, precision=precision, issue=issue)


@pytest.mark.parametrize(
    ("fields", "slug"),
    [
        ({"number": "4", "published": day("2026-03-02")}, "2026-4"),
        ({"volume": "45", "number": "4", "published": day("2026-03-02")}, "2026-4"),
        ({"number": "24", "published": day("2026-12-16")}, "2026-24"),
        ({"number": "4-5", "published": day("2026-03-02")}, "2026-4-5"),
        ({"number": "4/5", "published": day("2026-03-02")}, "2026-4-5"),
        ({"volume": "45", "number": "1", "published": None}, "v45-1"),
        ({"volume": "45", "published": None}, "v45"),
        ({"volume": "45", "published": day("2026-03-02")}, "2026-v45"),
        ({"number": "S1", "published": day("2026-03-02")}, "2026-s1"),
        ({"number": "增刊1", "published": day("2026-03-02")}, "2026-zengkan1"),
        ({"number": "專刊", "published": day("2026-03-02")}, "2026-zhuankan"),
        ({"number": "Suppl. 1", "published": day("2026-03-02")}, "2026-suppl-1"),
        ({"number": "纪", "published": day("2026-03-02")}, "2026-_7eaa_"),
        ({"number": "123", "published": None}, "n123"),
        ({"published": issue_date("2021,36(4)")}, "2021-4"),
        ({"published": issue_date("36(4)")}, "v36-4"),
        ({"published": issue_date("2021(2-3)")}, "2021-2-3"),
        ({"published": issue_date("2021(冬)")}, "2021-dong"),
        # The issue's own year: it was put on the web before that began.
        ({"published": issue_date("2027(1)", "2026-12-28")}, "2027-1"),
        ({"number": "2", "published": day("--02-27")}, "n2"),
    ],
)
def test_an_issue_is_named_by_what_its_articles_print(fields: dict[str, object], slug: str) -> None:
    issue = issue_of(entry(**fields))
    assert issue is not None
    assert issue.slug == slug


@pytest.mark.parametrize(
    "fields",
    [
        {"published": day("2026-03-02")},
        {"published": None},
        {"number": "——"},
        {"number": "本刊编辑部关于下一期内容安排的说明和致读者的一封信"},
    ],
)
def test_an_article_of_no_issue_has_none(fields: dict[str, object]) -> None:
    assert issue_of(entry(**fields)) is None


def test_issues_are_in_order_newest_first() -> None:
    slugs = ["2026-10", "2026-9", "2026-4-5", "2026-4", "2025-zengkan2", "2025-zengkan1", "2025-12"]
    issues = [issue for slug in sorted(slugs) if (issue := parse_slug(slug))]
    assert [issue.slug for issue in newest_first(issues)] == slugs


@pytest.mark.parametrize(
    "slug", ["", "2026", "2026-", "-4", "v", "2026-V1", "../x", "4", "a b", "年"]
)
def test_what_no_issue_is_called_is_none(slug: str) -> None:
    assert parse_slug(slug) is None


PARTS = st.none() | st.text(max_size=8) | st.from_regex(r"[0-9]{1,3}(-[0-9]{1,2})?", fullmatch=True)


@given(st.none() | st.integers(1800, 2100), PARTS, PARTS)
def test_a_slug_is_safe_and_leads_back(
    year: int | None, volume: str | None, number: str | None
) -> None:
    value = f"{year}-01-01" if year else None
    date = PrintedDate(raw="", value=value, precision=Precision.DAY)
    issue = issue_of(entry(published=date, volume=volume, number=number))
    if issue is not None:
        assert set(issue.slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-_")
        again = parse_slug(issue.slug)
        assert again is not None
        assert again.slug == issue.slug
        assert again.order[0] == issue.order[0]


@given(st.text())
def test_no_slug_is_too_strange(slug: str) -> None:
    issue = parse_slug(slug)
    assert issue is None or issue.slug == slug


def test_two_numbers_that_differ_have_two_slugs() -> None:
    numbers = ["4", "4-5", "增刊", "增刊1", "S1", "特刊", "春", "总4"]
    assert len({Issue(year=2026, number=number).slug for number in numbers}) == len(numbers)

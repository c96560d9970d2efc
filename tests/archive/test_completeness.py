"""Whether an issue is kept whole. Line 28: contents against captured, gaps named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from archive.completeness import (
    Contents,
    IssueReport,
    KeptArticle,
    Row,
    Unknown,
    Verdict,
    as_data,
    report,
)
from archive.issue import Issue
from archive.issue_parameters import Parameters, find_parameters
from archive.model import Miss
from tests.archive.factories import DAY, NOW

FOUR, FIVE = (Issue(year=2026, volume="12", number=each) for each in "45")


def row(which: int, issue: Issue | None = None) -> Row:
    return Row(url=f"https://ship.example/{which}", title=f"第{which}篇", issue=issue)


def page(*rows: Row, age: int = 0, parameters: Parameters | None = None) -> Contents:
    return Contents(
        url="https://ship.example/list", seen=NOW - age * DAY, rows=rows, parameters=parameters
    )


def kept(which: int, issue: Issue | None = FOUR, line: Parameters | None = None) -> KeptArticle:
    urls = frozenset({f"https://ship.example/{which}", f"https://doi.example/{which}"})
    return KeptArticle(entry_id=str(which), issue=issue, addresses=urls, parameters=line)


def line(articles: int, month: str = "2026-04", cn: str = "11-0000/F") -> Parameters:
    found = find_parameters(f"CN{cn}*1986*m*A4*128*zh*P*¥20.00*5000*{articles}*{month}")
    assert found is not None
    return found


def brief(each: IssueReport) -> tuple[str, int, int, int | None, list[str | None]]:
    slug = each.issue.slug if each.issue else ""
    return slug, each.listed, each.kept, each.printed, [gap.title for gap in each.gaps]


@pytest.mark.promise(number=28)
def test_line_28_what_a_list_showed_and_is_not_kept_is_named_with_its_reason() -> None:
    miss = Miss(url="https://ship.example/2", tries=3, reason="404", retry_at=NOW)
    found = report([page(row(1), row(2), row(3), row(4))], [kept(1), kept(4)], {miss.url: miss})
    (issue,) = found
    assert brief(issue) == ("2026-4", 4, 2, None, ["第2篇", "第3篇"])
    asked, unasked = issue.gaps
    assert (asked.url, asked.why, asked.shown) == (miss.url, "asked for 3 times: 404", NOW)
    assert "never asked for" in unasked.why
    assert (issue.lacking, issue.is_whole) == (2, False)


def test_an_issue_of_which_everything_is_kept_is_whole() -> None:
    elsewhere = Row(url="https://doi.example/2", title="第2篇")  # another of its addresses
    (issue,) = report([page(row(1), elsewhere)], [kept(1), kept(2)], {})
    assert brief(issue) == ("2026-4", 2, 2, None, [])
    assert issue.is_whole


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        # Between two of one issue; at an end where all are of one.
        ([row(1), row(9), row(2)], {"2026-4": ["第9篇"], "2026-5": []}),
        ([row(9), row(1), row(2)], {"2026-4": ["第9篇"], "2026-5": []}),
        # At the border of two, and beside one that is of no issue: nobody can say.
        ([row(1), row(9), row(5)], {"2026-4": [], "2026-5": [], "": ["第9篇"]}),
        ([row(1), row(9), row(7)], {"2026-4": [], "2026-5": [], "": ["第9篇"]}),
        ([row(9)], {"2026-4": [], "2026-5": [], "": ["第9篇"]}),
        # The row prints it.
        ([row(1), row(9, FIVE), row(2)], {"2026-4": [], "2026-5": ["第9篇"]}),
    ],
)
def test_a_missing_article_is_of_the_issue_that_its_place_tells(
    rows: list[Row], found: dict[str, list[str]]
) -> None:
    articles = [kept(1), kept(2), kept(5, FIVE)]
    if row(7) in rows:
        articles.append(kept(7, None))
    issues = report([page(*rows)], articles, {})
    named = {(each.issue.slug if each.issue else ""): brief(each)[4] for each in issues}
    assert {slug: named.get(slug) for slug in found} == found


def test_what_a_list_showed_once_is_not_forgotten_when_it_shows_other_things() -> None:
    before, now = page(row(1), row(9), row(2), age=40), page(row(9))
    issues = report([now, before], [kept(1), kept(2), kept(5, FIVE)], {})
    assert [brief(each) for each in issues] == [
        ("2026-5", 0, 1, None, []),
        ("2026-4", 3, 2, None, ["第9篇"]),
    ]
    assert issues[1].gaps[0].shown == NOW


def test_the_printed_number_tells_of_articles_that_no_list_showed() -> None:
    (issue,) = report([page(row(1), row(9), row(2))], [kept(1), kept(2, line=line(5))], {})
    assert brief(issue) == ("2026-4", 3, 2, 5, ["第9篇"])
    assert issue.lacking == 3


@pytest.mark.parametrize(
    ("given", "printed"),
    [
        ({"page": line(5)}, 5),
        ({"masthead": line(5)}, 5),
        ({"masthead": line(5, "2026-05")}, None),
        ({"page": line(5, "2026-05")}, None),
        ({"page": line(5, cn="22-1111/F")}, None),  # a neighbour's line on the same site
        ({"page": line(5), "article": line(6)}, 6),
    ],
)
def test_a_printed_number_counts_for_its_own_issue_and_journal_alone(
    given: dict[str, Parameters], printed: int | None
) -> None:
    (issue,) = report(
        [page(row(1), parameters=given.get("page"))],
        [kept(1, line=given.get("article"))],
        {},
        masthead=given.get("masthead"),
        cn="11-0000/F",
    )
    assert issue.printed == printed


@pytest.mark.parametrize(("rows", "printed"), [([row(1)], 5), ([row(1), row(5)], None)])
def test_where_the_line_does_not_tell_a_page_of_one_issue_is_about_it(
    rows: list[Row], printed: int | None
) -> None:
    special = Issue(year=2026, volume="12", number="增刊")
    articles = [kept(1, special), kept(5, FIVE)]
    found = report([page(*rows, parameters=line(5, "2026-09"))], articles, {})
    assert {each.issue: each.printed for each in found} == {special: printed, FIVE: None}


def test_more_kept_than_printed_is_no_gap() -> None:
    """Contents pages, covers and calls for papers are kept too, and not counted by the journal."""
    (issue,) = report([], [kept(n, line=line(2)) for n in range(4)], {})
    assert (issue.lacking, issue.is_whole, issue.printed) == (0, True, 2)


def test_what_may_have_been_taken_down_is_counted_and_not_named_to_the_public() -> None:
    gone = replace(kept(1), is_withdrawn=True)
    elsewhere = Row(url="https://new.ship.example/1", title="第1篇")  # the same, after a move
    (issue,) = report([page(row(1), elsewhere, row(3), row(2))], [gone, kept(2)], {})
    assert (issue.kept, issue.withdrawn, issue.lacking) == (2, 1, 2)
    assert [gap.is_hidden for gap in issue.gaps] == [True, False]
    told, known = (as_data(issue, is_public=is_public)["gaps"] for is_public in (True, False))
    assert [(gap["title"], gap["url"]) for gap in told] == [(None, None), ("第3篇", row(3).url)]
    assert [gap["title"] for gap in known] == ["第1篇", "第3篇"]


def test_an_issue_of_which_no_list_and_no_number_tells_is_unknown() -> None:
    alone, told = report([page(row(5))], [kept(1), kept(5, FIVE)], {})[::-1]
    assert (alone.verdict, alone.unknown) == (Verdict.UNKNOWN, (Unknown.CONTENTS, Unknown.NUMBER))
    assert (told.verdict, told.unknown) == (Verdict.WHOLE, (Unknown.NUMBER,))
    (counted,) = report([], [kept(1, line=line(1))], {})
    assert (counted.verdict, counted.unknown) == (Verdict.WHOLE, (Unknown.CONTENTS,))
    (short,) = report([], [kept(1, line=line(3))], {})
    assert (short.verdict, short.unlisted) == (Verdict.LACKS, 2)
    assert short.unknown == (Unknown.CONTENTS, Unknown.UNLISTED)


def test_nothing_gives_nothing() -> None:
    assert report([], [], {}) == []
    (issue,) = report([page(row(1), age=1)], [], {})
    assert (issue.issue, issue.kept, issue.gaps[0].shown) == (None, 0, NOW - timedelta(days=1))

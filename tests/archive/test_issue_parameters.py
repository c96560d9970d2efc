"""期刊基本参数: the number of articles that an issue prints, and whether the line is its own."""

from __future__ import annotations

import pytest

from archive.issue import Issue
from archive.issue_parameters import find_parameters

#: Lines on the pattern of CAJ-CD B/T 1, as READING.md §6 has it, and how journals vary it.
LINES = [
    ("CN11-0000/F*1986*b*A4*128*zh*P*¥20.00*5000*22*2026-01", ("b", 22, 2026, 1)),
    ("[期刊基本参数]CN 11-5643/D*1994*b*A4*128*zh*P*¥16.00*2300*10*2012-04", ("b", 10, 2012, 4)),
    ("基本参数：CN11-0000/F＊1986＊m＊A4＊9＊zh＊P＊￥2＊500＊22＊2026-12", ("m", 22, 2026, 12)),
    ("CN 11 - 0000 / F * 1986 * q * 16 * 96 * zh * P * ¥8.00 * 18 * 2026-3", ("q", 18, 2026, 3)),
    # No print run, as most journals leave it out today.
    ("CN11-0000/F*1986*m*A4*112*zh*P*¥20.00*19*2026-02", ("m", 19, 2026, 2)),
    ("CN11-0000/F*1986*m*A4*112*zh*P*¥20.00*5000*19篇*2026年2月", ("m", 19, 2026, 2)),
    ("<p>CN11-0000/F*1986*m*A4*112*zh*P*&yen;20.00*5000*19*2026-02</p>", ("m", 19, 2026, 2)),
    ("CN11-0000/G2*1986*s*A4*64*zh+en*P*￥6.00*20000*31*2026-02-15", ("s", 31, 2026, 2)),
]  # fmt: skip


@pytest.mark.parametrize(("line", "said"), LINES)
def test_the_number_of_articles_is_read(line: str, said: tuple[str, int, int, int]) -> None:
    found = find_parameters(f"一行\n{line}\n又一行")
    assert found is not None
    assert (found.period, found.articles, found.year, found.month) == said
    assert found.cn in ("11-0000/F", "11-5643/D", "11-0000/G2")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2*3*4",
        "CN 11-0000/F",
        "CN11-0000/F*1986*b*A4*128*zh*P*¥20.00*5000*22",  # no month: the last may be anything
        "CN11-0000/F*1986*b*A4*128*zh*P*¥20.00*5000*2026-01",  # no count
        "CN11-0000/F*1986*b*A4*128*zh*P*¥20.00*5000*0*2026-01",
        "CN11-0000/F*1986*b*A4*128*zh*P*¥20.00*5000*22*2026-13",
        "第一章*第二章*1986*b*22*2026-01",
    ],
)
def test_anything_else_is_no_such_line(text: str) -> None:
    assert find_parameters(text) is None


@pytest.mark.parametrize(
    ("period", "month", "number", "year", "is_of"),
    [
        ("m", "2026-04", "4", 2026, True),
        ("m", "2026-04", "5", 2026, False),
        ("m", "2026-04", "4", 2025, False),
        ("m", "2026-04", "4-5", 2026, True),
        ("m", "2026-05", "4-5", 2026, True),
        ("m", "2026-06", "4-5", 2026, False),
        ("m", "2026-04", "4", None, True),
        ("b", "2026-04", "2", 2026, True),
        ("b", "2026-03", "2", 2026, True),
        ("b", "2026-05", "2", 2026, False),
        ("b", "2012-04", "4", 2012, False),
        ("q", "2026-03", "1", 2026, True),
        ("q", "2026-04", "1", 2026, False),
        ("f", "2026-06", "1", 2026, True),
        ("a", "2026-12", "1", 2026, True),
        ("s", "2026-02", "3", 2026, True),
        ("s", "2026-02", "4", 2026, True),
        ("s", "2026-02", "5", 2026, False),
        ("t", "2026-02", "6", 2026, True),
        ("t", "2026-02", "7", 2026, False),
        ("w", "2026-02", "7", 2026, None),
        ("m", "2026-04", "增刊", 2026, None),
        ("m", "2026-04", "S1", 2026, None),
        ("m", "2026-04", None, 2026, None),
    ],
)
def test_a_line_is_of_the_issue_that_its_month_and_period_fit(
    period: str, month: str, number: str | None, year: int | None, is_of: bool | None
) -> None:
    found = find_parameters(f"CN11-0000/F*1986*{period}*A4*128*zh*P*¥20.00*5000*22*{month}")
    assert found is not None
    assert found.is_of(Issue(year=year, volume="12", number=number)) is is_of


@pytest.mark.parametrize(("line", "said"), LINES)
def test_what_is_remembered_of_a_line_says_the_same(line: str, said: object) -> None:
    found = find_parameters(line)
    assert found is not None
    assert find_parameters(found.text) == found

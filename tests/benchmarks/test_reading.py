"""The scoring judges as the corpus's README says, floors hold, and what was reached is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from archive.model import NoticeClass, ReprintNotice
from benchmarks.corpus import FOLDER, SavedPage, has_text, judge_authors, judge_date, judge_title
from benchmarks.floors import raised, read_floors, shortfalls, write_floors
from benchmarks.readers import OURS, Reading
from benchmarks.reading import document, measure_ours
from benchmarks.scores import Figure, score_page_notices, score_pages
from tests.crawler.reading.pages import NOTICE, PARAGRAPHS, URL, article

needs_corpus = pytest.mark.skipif(not FOLDER.exists(), reason="needs ../shared/corpus")


def saved(**given: object) -> SavedPage:
    fields: dict[str, object] = {
        "id": "p1",
        "file": Path("p1.html.gz"),
        "url": URL,
        "kind": "article",
        "is_chinese": True,
        "title": "旧码头的新作坊",
        "date": "2026-02-27",
        "author": None,
        "snippets": (),
        "without": (),
        "is_scored": True,
    }
    return SavedPage(**{**fields, **given})  # type: ignore[arg-type]


def figure(name: str = "zh title", *, total: int = 10, good: int = 8, bad: int = 1) -> Figure:
    return Figure(name=name, total=total, good=good, bad=bad)


@pytest.mark.parametrize(
    ("title", "verdict"),
    [
        ("旧码头的 “新作坊”", "exact"),
        ("旧码头的新作坊_河港研究", "wrong"),
        ("", "missing"),
        (None, "missing"),
    ],
)
def test_titles_are_equal_in_their_letters(title: str | None, verdict: str) -> None:
    assert judge_title(saved(), title) == verdict


@pytest.mark.parametrize(
    ("date", "verdict"),
    [
        ("2026-02-27", "exact"),
        ("2026-02-27T08:05+08:00", "exact"),
        ("2026-02-28", "wrong"),
        ("2026-02", "missing"),
        ("--02-27", "missing"),
        (None, "missing"),
    ],
)
def test_less_than_a_day_is_missing_and_another_day_is_wrong(
    date: str | None, verdict: str
) -> None:
    assert judge_date(saved(), date) == verdict


def test_what_has_no_answer_is_not_scored() -> None:
    assert judge_title(saved(title=None), "题") is None
    assert judge_date(saved(is_scored=False), "2026-02-27") is None
    assert judge_authors(saved(), ["甲乙"]) is None


@pytest.mark.parametrize(
    ("authors", "verdict"),
    [
        (["丙丁", "甲乙"], "exact"),
        (["甲乙、丙丁"], "exact"),
        (["甲乙"], "in part"),
        (["编辑部"], "wrong"),
        ([], "missing"),
    ],
)
def test_authors_are_the_same_names_in_any_order(authors: list[str], verdict: str) -> None:
    assert judge_authors(saved(author="甲乙; 丙丁"), authors) == verdict


def test_chinese_names_are_as_well_set_apart_by_spaces() -> None:
    assert judge_authors(saved(author="甲乙 丙丁"), ["甲乙", "丙丁"]) == "exact"
    assert judge_authors(saved(author="Ann Ferry"), ["Ann", "Ferry"]) == "wrong"


def test_a_snippet_is_found_whatever_stands_between_its_letters() -> None:
    assert has_text("一行，\n字。", "一行字")
    assert not has_text("一行字", "…")
    assert not has_text(None, "字")


def test_a_page_is_scored_by_all_that_was_read_of_it() -> None:
    page = saved(snippets=(PARAGRAPHS[0][:20], "别处的话别处的话"), without=("期刊导读",))
    body = article(byline="<p>发布时间：2026-02-27 作者：甲乙</p>")
    reading = OURS.timed(page, body)
    assert reading.ms > 0
    told = {each.name: each for each in score_pages([(page, reading)], OURS)}
    assert (told["zh title"].good, told["zh date"].good) == (1, 1)
    assert (told["zh body snippets"].good, told["zh body snippets"].total) == (1, 2)
    assert told["zh body leaks"].bad == 0
    assert told["other title"].total == 0


def test_a_wrong_title_tells_its_cause_and_a_wrong_date_both_days() -> None:
    reading = Reading(title="旧码头的新作坊 河港研究", date="2026-02-28", found={"title": "h1"})
    told = {each.name: each for each in score_pages([(saved(), reading)], OURS)}
    (title,), (date,) = told["zh title"].misses, told["zh date"].misses
    assert (title.cause, title.where) == ("more behind it (a suffix, a subtitle)", "h1")
    assert (date.cause, date.read, date.right) == ("one day off", "2026-02-28", "2026-02-27")


@pytest.mark.corpus
@needs_corpus
def test_a_notice_counts_where_a_label_knows_it() -> None:
    """On a page that the corpus labels nothing of."""
    notice = ReprintNotice(class_=NoticeClass.FREE_ATTRIBUTION, text=NOTICE)
    known, trapped, unknown = score_page_notices([(saved(), Reading(notices=(notice,)))])
    assert known.total == trapped.total == 0
    assert (unknown.bad, unknown.total) == (1, 1)


# --- floors -----------------------------------------------------------------------------------


def test_floors_rise_and_never_fall(tmp_path: Path) -> None:
    file = tmp_path / "floors.json"
    write_floors(raised({}, [figure(good=8, bad=1)]), file)
    assert read_floors(file) == {"zh title": {"of": 10, "right": 8, "wrong": 1}}
    floors = raised(read_floors(file), [figure(good=9, bad=2)])
    assert floors == {"zh title": {"of": 10, "right": 9, "wrong": 1}}
    assert raised(floors, [figure(good=1, bad=9)]) == floors
    assert raised(floors, []) == floors


def test_a_shortfall_says_which_figure_and_by_how_much() -> None:
    floors = raised({}, [figure(good=8, bad=1), figure("zh date")])
    assert list(shortfalls(floors, [figure(good=9, bad=0), figure("zh date")])) == []
    assert list(shortfalls(floors, [figure(good=6, bad=3), figure("zh date", total=11)])) == [
        "zh title: 6 exact, 2 below the floor of 8",
        "zh title: 3 wrong, 2 above the ceiling of 1",
        "zh date: 11 to score, the floor was measured on 10",
    ]


def test_a_figure_without_a_floor_and_a_floor_without_a_figure_are_told() -> None:
    told = list(shortfalls({"zh date": {"of": 1, "right": 1, "wrong": 0}}, [figure()]))
    assert told == [
        "zh title: has no floor; run: python -m benchmarks.reading --raise-floors",
        "zh date: was not measured",
    ]


def test_the_table_keeps_wrong_and_missing_apart() -> None:
    times = {"kanliu": {"median": 10.0, "p95": 20.0}, "gne": {"median": 30.0, "p95": 40.0}}
    text = document([figure()], {"gne": [figure(good=7, bad=3)]}, times, [saved()])
    assert "| kanliu | 8 exact (80.0%), 1 wrong (10.0%), 1 missing of 10 | - |" in text
    assert "| gne | 7 exact (70.0%), 3 wrong (30.0%) of 10 | - |" in text
    assert "| gne | 30.0 ms | 40.0 ms | 3.00 × |" in text
    assert "1 Chinese ones, 0 others" in text


@pytest.mark.corpus
@pytest.mark.slow
@needs_corpus
def test_pages_are_read_as_right_as_ever() -> None:
    assert list(shortfalls(read_floors(), measure_ours())) == []

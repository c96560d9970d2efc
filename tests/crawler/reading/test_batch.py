"""The measuring stand."""

from __future__ import annotations

import gzip
import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from crawler.reading.batch import BatchSummary, Mode, run_batch
from tests.crawler.reading.pages import MASTHEAD_PAGE, VISITED, article

if TYPE_CHECKING:
    from pathlib import Path


def run(
    rows: list[object], folder: Path, mode: Mode = "pages"
) -> tuple[list[dict[str, Any]], BatchSummary]:
    lines = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    out = io.StringIO()
    summary = run_batch(io.StringIO(lines), folder, out, mode=mode, now=VISITED)
    return [json.loads(line) for line in out.getvalue().splitlines()], summary


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "html").mkdir()
    (tmp_path / "html" / "a.html").write_bytes(MASTHEAD_PAGE)
    (tmp_path / "html" / "b.html.gz").write_bytes(
        gzip.compress(article("<p>发布时间：2021-02-27 08:05</p>"))
    )
    return tmp_path


def test_a_page_gives_every_field_that_the_design_names(folder: Path) -> None:
    (answer,), summary = run([{"id": "a", "html": "html/a.html"}], folder)
    names = (
        "id title title_raw published precision published_raw updated authors notice notices text "
        "html language doi issn cn journal volume number pages column keywords found ms"
    )
    assert set(names.split()) <= set(answer)
    assert answer["title"] == "旧码头的新作坊"
    assert (answer["published"], answer["precision"], answer["published_raw"]) == (
        "2021-02-27",
        "day",
        "2021/02/27",
    )
    assert answer["notice"]["class"] == "free-attribution"
    assert answer["found"]["published"] == "signature"
    assert answer["ms"] > 0
    assert summary == BatchSummary(lines=1, errors=0)


def test_answers_stand_in_the_order_of_the_lines_and_errors_have_their_place(folder: Path) -> None:
    rows = [
        {"id": 1, "html": "html/b.html.gz"},
        {"id": 2, "html": "none.html"},
        "{",
        "[]",
        {"id": 5},
        {"id": 6, "html": "html/a.html", "visited": "x"},
        {"id": 7, "html": "html/a.html"},
    ]
    answers, summary = run(rows, folder)
    assert [answer["id"] for answer in answers] == [1, 2, None, None, 5, 6, 7]
    assert ["error" in answer for answer in answers] == [False, True, True, True, True, True, False]
    assert summary == BatchSummary(lines=7, errors=5)


def test_a_compressed_page_is_read(folder: Path) -> None:
    (answer,), _ = run(
        [{"id": 1, "html": "html/b.html.gz", "url": "https://journal.example/1"}], folder
    )
    assert answer["published"] == "2021-02-27T08:05+08:00"
    assert answer["precision"] == "minute"


def test_a_broken_archive_is_an_error_line(folder: Path) -> None:
    (folder / "c.gz").write_bytes(b"\x1f\x8b\x08broken")
    (answer,), _ = run([{"id": 1, "html": "c.gz"}], folder)
    assert "error" in answer


def test_notices_are_read_alone(folder: Path) -> None:
    (answer,), _ = run(
        [{"id": "w", "text": "如需转载，请注明来源。", "lang": "zh"}], folder, "notices"
    )
    assert answer == {
        "id": "w",
        "class": "free-attribution",
        "obligations": ["source"],
        "license": None,
        "origin": None,
        "contact": None,
    }


def test_dates_are_read_alone(folder: Path) -> None:
    rows = [
        {"id": 1, "text": "2021/02/27"},
        {"id": 2, "text": "昨天", "visited": "2021-02-28T04:00:00Z"},
        {"id": 3, "text": "昨天"},
        {"id": 4},
    ]
    answers, summary = run(rows, folder, "dates")
    assert [answer.get("value") for answer in answers] == ["2021-02-27", "2021-02-27", None, None]
    assert answers[0]["precision"] == "day"
    assert summary.errors == 1


def test_lists_are_read(folder: Path) -> None:
    rows = "".join(
        f"<li><a href=/a/{day}.html>第{day}篇关于河港的文章</a><span>2021-02-{day}</span></li>"
        for day in range(10, 22)
    )
    (folder / "list.html").write_text(
        f"<html><body><ul class=list>{rows}</ul></body></html>", encoding="utf-8"
    )
    (answer,), _ = run(
        [{"id": "l", "html": "list.html", "url": "https://journal.example/list/"}], folder, "lists"
    )
    assert {"id", "links", "next"} == set(answer)
    assert len(answer["links"]) == 12
    assert answer["links"][0] == {
        "url": "https://journal.example/a/10.html",
        "title": "第10篇关于河港的文章",
        "published": "2021-02-10",
    }

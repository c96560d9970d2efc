"""Entries as they are handed over: lines, cells and texts, and what a closed one keeps back."""

from __future__ import annotations

import csv
import json
from io import StringIO
from typing import Any

import pytest

from archive.handed import COLUMNS, Handed, table_row, text_name, write_line, write_text
from archive.model import ArchivedEntry, NoticeClass
from archive.rights import decide
from sources.model import Rights
from tests.factories import archived, capture, notice, source


def handed(one: ArchivedEntry, *, has_text: bool = True) -> Handed:
    carry = decide(one.entry.notice, source_rights=Rights(), noncommercial=False, state=one.state)
    captures = [capture(one.entry.url)]
    return Handed(archived=one, source=source(), captures=captures, carry=carry, has_text=has_text)


def cells(**fields: Any) -> dict[str, str]:
    return dict(zip(COLUMNS, table_row(handed(archived(**fields))), strict=True))


@pytest.mark.parametrize(
    ("title", "cell"),
    [
        ('=HYPERLINK("http://x.example")', '\'=HYPERLINK("http://x.example")'),
        ("+86 10", "'+86 10"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("＝1+1", "'＝1+1"),
        (" \t=1+1", "'=1+1"),
        ('一行\n又一行,"引"', '一行 又一行,"引"'),
        ("1-18", "1-18"),
        ("渡口的灯火", "渡口的灯火"),
        (None, ""),
    ],
)
def test_no_cell_is_a_formula(title: str | None, cell: str) -> None:
    assert cells(title=title)["title"] == cell


def test_a_row_says_what_is_known() -> None:
    row = cells(volume="12", pages="17-23", keywords=("茶", "渡口"), doi="10.1/x")
    wanted = {
        "source": "river-port",
        "journal": "河港",
        "issn": "1234-5679",
        "authors": "林渡; Ada River",
        "published": "2026-03-02",
        "precision": "day",
        "issue": "2026-5",
        "keywords": "茶; 渡口",
        "notice_class": "free-attribution",
        "access": "open",
        "captures": "1",
    }
    assert {name: row[name] for name in wanted} == wanted
    assert len(row["last_capture_sha256"]) == 64
    assert not {"text", "html", "summary"} & set(COLUMNS)  # a table holds no text


def test_a_line_is_one_line_and_holds_everything() -> None:
    one = archived(title="渡口\u2028的灯火\n", text="甲\n乙")
    line = write_line(handed(one))
    assert line.count("\n") == 1
    said = json.loads(line)
    assert said["entry"]["text"] == "甲\n乙"
    assert said["entry"]["notice"]["text"] == "本刊文章欢迎转载，转载时请写明出自《河港》。"
    assert said["captures"][0]["digest"].startswith("sha256:")
    assert (said["revision"], said["state"], said["access"]) == (1, "live", "open")


@pytest.mark.parametrize(
    ("class_", "left"),
    [
        (NoticeClass.PERMISSION, {"text", "html"}),  # a feed carries a summary of it
        (NoticeClass.FORBIDDEN, {"text", "html", "summary"}),
    ],
)
def test_a_closed_entry_keeps_its_text_back(class_: NoticeClass, left: set[str]) -> None:
    one = archived(notice=notice(class_, text="未经许可，不得转载。"))
    whole, closed = (
        json.loads(write_line(handed(one, has_text=has_text))) for has_text in (True, False)
    )
    assert whole["entry"].keys() - closed["entry"].keys() == left
    assert closed["access"] == "closed"
    assert closed["entry"]["notice"]["text"] == "未经许可，不得转载。"


def test_a_text_has_its_notice_and_its_id_with_it() -> None:
    one = archived(title="渡口的灯火")
    lines = write_text(handed(one)).splitlines()
    assert lines[0] == "渡口的灯火"
    assert "本刊文章欢迎转载，转载时请写明出自《河港》。" in lines
    assert lines[-1] == one.id
    assert text_name(one) == "river-port/1.txt"


def test_rows_are_read_back_by_any_reader_of_tables() -> None:
    file = StringIO()
    csv.writer(file).writerow(table_row(handed(archived(title='逗,号"引"'))))
    (row,) = csv.reader(StringIO(file.getvalue()))
    assert row[COLUMNS.index("title")] == '逗,号"引"'

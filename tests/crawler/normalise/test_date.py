"""Dates: one row a form, with where it is printed so. Values are cut to what was printed."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import pytest

from archive.model import Precision
from crawler.normalise.date import parse_date

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "date_forms.jsonl"
VISITED = datetime.fromisoformat("2026-11-23T12:00:00+08:00")

# text, value as it begins, precision; read without a visit and without a language.
PRINTED = [
    # ISO and its relatives
    ("2021-02-27T08:05:00Z", "2021-02-27T08:05:00+00:00", "second"),  # JSON-LD, Open Graph
    ("2021-02-27T08:05:00.123+0800", "2021-02-27T08:05:00+08:00", "second"),  # Java
    ("2021-02-27T08:05+08:00", "2021-02-27T08:05+08:00", "minute"),
    ("2021-02-27 08:05:03.0", "2021-02-27T08:05:03+08:00", "second"),  # SQL as Java prints it
    ("2021-02-27 08:05:00 +0800 CST", "2021-02-27T08:05:00+08:00", "second"),  # Go
    ("２０２１－０２－２７　０８：０５", "2021-02-27T08:05+08:00", "minute"),
    ("2021 - 02 - 27", "2021-02-27", "day"),
    ("2021–02–27", "2021-02-27", "day"),
    ("2021年02-27", "2021-02-27", "day"),
    ("2021-02-27日", "2021-02-27", "day"),
    ("20210227080500", "2021-02-27T08:05:00+08:00", "second"),  # CNKI, PDF metadata
    ("202102270805", "2021-02-27T08:05+08:00", "minute"),
    ("20210227T080500Z", "2021-02-27T08:05:00+00:00", "second"),
    ("2021-2", "2021-02", "month"),
    ("2021.02", "2021-02", "month"),
    ("2021/02", "2021-02", "month"),
    ("2021", "2021", "year"),
    ("2021年", "2021", "year"),
    ("2021年度", "2021", "year"),
    # Chinese
    ("2021年2月27号", "2021-02-27", "day"),
    ("2021年2月27日08时05分", "2021-02-27T08:05+08:00", "minute"),
    ("2021年2月27日 8时5分3秒", "2021-02-27T08:05:03+08:00", "second"),
    ("2021年2月27日8时许", "2021-02-27", "day"),
    ("2021年2月27日 晚上8:05", "2021-02-27T20:05+08:00", "minute"),
    ("2021年2月27日 晚上12:05", "2021-02-27", "day"),  # the night belongs to the next day
    ("2021年2月27日 中午1:05", "2021-02-27T13:05+08:00", "minute"),
    ("2021年2月27日 中午12:05", "2021-02-27T12:05+08:00", "minute"),
    ("2021年2月27日 上午12:05", "2021-02-27T00:05+08:00", "minute"),
    ("2021年2月27日 25:61", "2021-02-27", "day"),
    ("二〇二一年二月廿七日", "2021-02-27", "day"),
    ("二O二一年十二月卅一日", "2021-12-31", "day"),
    ("二零二一年十月十日", "2021-10-10", "day"),
    ("贰零贰壹年零贰月贰拾柒日", "2021-02-27", "day"),
    ("二千零二十一年二月二十七日", "2021-02-27", "day"),
    ("二〇二一年二月", "2021-02", "month"),
    ("21年2月27日", "2021-02-27", "day"),
    ("98-5-3", "1998-05-03", "day"),
    ("2021年2月下旬", "2021-02", "month"),
    ("2021年2月份", "2021-02", "month"),
    ("2021年第1季度", "2021-Q1", "quarter"),
    ("2021年二季度", "2021-Q2", "quarter"),
    ("2021 Q3", "2021-Q3", "quarter"),
    ("Q4 2021", "2021-Q4", "quarter"),
    ("2022-11-21顾立平万益嘉", "2022-11-21", "day"),  # fx361.com, fragment F09
    ("2014-08-01 14:45:1424人参与", "2014-08-01T14:45:14+08:00", "second"),  # portal comments
    ("2014-08-0124人参与", "2014-08-01", "day"),
    ("2014-08-0114:45", "2014-08-01T14:45+08:00", "minute"),
    ("来源:优发表网整理 2024-10-16 17:16:14 4445人看过", "2024-10-16T17:16:14+08:00", "second"),
    ("作者:编辑 时间: 2025-01-11 04:19:26 阅读:451", "2025-01-11T04:19:26+08:00", "second"),
    ("2005-04-28 11:13更新 来源：", "2005-04-28T11:13+08:00", "minute"),  # READING.md §4
    ("(2021年2月27日　星期六)", "2021-02-27", "day"),
    ("2021年2月27日（周六）08:05", "2021-02-27T08:05+08:00", "minute"),
    ("2021-02-27（北京时间）", "2021-02-27", "day"),
    ("编辑部 2021/02/27", "2021-02-27", "day"),  # fragment F01, the signature
    ("2021年2月27日（农历正月十六）", "2021-02-27", "day"),
    # Taiwan, Japan, Korea
    ("110年2月27日", "2021-02-27", "day"),
    ("民國110.02.27", "2021-02-27", "day"),
    ("110/02/27", "2021-02-27", "day"),
    ("民國一百一十年二月", "2021-02", "month"),
    ("令和3年", "2021", "year"),
    ("令和3年（2021年）2月27日", "2021-02-27", "day"),
    ("2021年（令和3年）2月27日（土）", "2021-02-27", "day"),
    ("昭和六十四年一月七日", "1989-01-07", "day"),
    ("H31.4.30", "2019-04-30", "day"),
    ("2021年2月27日 午後3時05分", "2021-02-27T15:05+08:00", "minute"),
    ("2021.02.27 오후 3:05", "2021-02-27T15:05+08:00", "minute"),
    ("2021년 2월 27일 오전 8시 5분", "2021-02-27T08:05+08:00", "minute"),
    ("2021년 2월", "2021-02", "month"),
    # English
    ("27th of February, 2021", "2021-02-27", "day"),
    ("February 27th, 2021", "2021-02-27", "day"),
    ("FEBRUARY 27 2021", "2021-02-27", "day"),
    ("27-Feb-2021", "2021-02-27", "day"),
    ("27-Feb-21", "2021-02-27", "day"),
    ("27 Feb 21 08:05 GMT", "2021-02-27T08:05+00:00", "minute"),  # RFC 822 of 1982
    ("2021 Feb 27", "2021-02-27", "day"),  # PubMed
    ("2021-Feb-27", "2021-02-27", "day"),
    ("Feb. 2021", "2021-02", "month"),
    ("2021 Feb", "2021-02", "month"),
    ("Sept 5, 2021, 3:05 p.m.", "2021-09-05T15:05+08:00", "minute"),
    ("Saturday, February 27, 2021 at 8:05 AM EST", "2021-02-27T08:05-05:00", "minute"),
    ("10:20, 27 February 2021", "2021-02-27T10:20+08:00", "minute"),
    ("Sat Feb 27 08:05:00 CST 2021", "2021-02-27T08:05:00+08:00", "second"),  # Java, Unix
    ("Sat, 27 Feb 2021 08:05:00 +0800", "2021-02-27T08:05:00+08:00", "second"),  # RFC 822
    ("2/27/2021 3:05:00 PM", "2021-02-27T15:05:00+08:00", "second"),  # ASP.NET
    ("3/4/2021 10:20:00 AM", "2021-03-04T10:20:00+08:00", "second"),
    ("27/02/2021", "2021-02-27", "day"),
    ("02/27/2021", "2021-02-27", "day"),
    ("03/03/2021", "2021-03-03", "day"),
    ("27.02.2021", "2021-02-27", "day"),
    ("01.02.2021", "2021-02-01", "day"),  # dots: the day comes first wherever they are used
    ("27/02/98", "1998-02-27", "day"),
    ("Published online: 27 February 2021", "2021-02-27", "day"),
    # other languages
    ("27. Februar 2021, 08:05 Uhr", "2021-02-27T08:05+08:00", "minute"),
    ("27. Februar 2021 um 08.05 Uhr", "2021-02-27T08:05+08:00", "minute"),
    ("1er août 2021 à 8h05", "2021-08-01T08:05+08:00", "minute"),
    ("27 de febrero de 2021", "2021-02-27", "day"),
    ("27 de março de 2021", "2021-03-27", "day"),
    ("27 febbraio 2021", "2021-02-27", "day"),
    ("27 maart 2021", "2021-03-27", "day"),
    ("27 февраля 2021 г.", "2021-02-27", "day"),
    ("27 września 2021", "2021-09-27", "day"),
    # machines
    ('var ct="1614384300";', "2021-02-27T08:05:00+08:00", "second"),
    ("/Date(1614384300000)/", "2021-02-27T08:05:00+08:00", "second"),  # ASP.NET JSON
    # several in one text
    ("收稿日期：2020-10-01 刊出日期：2021-02-27", "2021-02-27", "day"),
    ("Received 1 October 2020; Accepted 5 January 2021; Published 27 February 2021", "2021-02-27", "day"),
    ("2021年第4期 2021-04-15", "2021-04-15", "day"),
    ("0000-00-00 2021-02-27", "2021-02-27", "day"),
    ("收稿日期：2020-10-01", "2020-10-01", "day"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "value", "precision"), PRINTED)
def test_a_printed_date_is_read_to_the_precision_it_was_printed_with(
    text: str, value: str, precision: str
) -> None:
    date = parse_date(text)
    assert (date.value, date.precision.value) == (value, precision)
    assert date.raw == text


@pytest.mark.corpus
def test_every_form_of_the_corpus_is_read_right() -> None:
    if not CORPUS.exists():
        pytest.skip(f"no corpus at {CORPUS}")
    wrong = [row["id"] for row in _rows(CORPUS) if not _is_right(row)]
    assert wrong == []


def _rows(file: Path) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


def _is_right(row: dict[str, str]) -> bool:
    visited = datetime.fromisoformat(row["visited"]) if "visited" in row else None
    date = parse_date(row["text"], visited=visited)
    is_finer = row["precision"] == "day" and date.precision in (Precision.MINUTE, Precision.SECOND)
    value = date.value.removeprefix("--") if date.value else None
    return (
        (value is None) == (row["value"] is None)
        and (value or "").startswith(row["value"] or "")
        and (is_finer or date.precision == row["precision"])
        and date.year_missing == row.get("year_missing", False)
    )

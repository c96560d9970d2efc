"""Dates: one row a form, with where it is printed so. Values are cut to what was printed."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.model import Precision
from crawler.normalise.date import find_dates, instant_of, parse_date
from crawler.normalise.date_clock import zone_of
from crawler.normalise.date_labels import MEANING_OF_LABEL, find_label_after, is_label
from crawler.normalise.date_url import find_url_date

CORPUS = Path(__file__).parents[4] / "shared" / "corpus" / "date_forms.jsonl"
VISITED = datetime.fromisoformat("2026-11-23T12:00:00+08:00")

# text, value as it begins, precision; read without a visit and without a language.
PRINTED = [
    # Met on pages of journals and news sites; nothing here is a form that another row has.
    ("26 | 01 | 2022", "2022-01-26", "day"),  # magazines that part all with bars
    ("2022 | 01 | 26", "2022-01-26", "day"),
    ("27 / 02 / 2021", "2021-02-27", "day"),
    ("发布日期:2021-2-27　点击数:1024", "2021-02-27", "day"),
    ("来源：河港日报　2021年02月27日08:05", "2021-02-27T08:05+08:00", "minute"),
    ("网络出版时间:2021-02-27 10:21", "2021-02-27T10:21+08:00", "minute"),
    ("收稿日期：2020-11-10；修回日期：2021-01-08；网络出版日期：2021-02-27", "2021-02-27", "day"),
    ("Vol.36 No.4 Apr. 2021", "2021-04", "month"),
    ("2021年2月 第36卷第2期", "2021-02", "month"),
    ("2021年第2期（2月27日出版）", "2021-02-27", "day"),  # in the year of its issue
    ("2021年2月15日出版", "2021-02-15", "day"),
    ("出版日期：2021-02-15（2月15日）", "2021-02-15", "day"),
    ("時間:2021-02-27 08:05來源:未知 作者:admin 點擊:次", "2021-02-27T08:05+08:00", "minute"),
    ("發布時間：2021/02/27 下午 03:05:00", "2021-02-27T15:05:00+08:00", "second"),
    ("民國一一〇年二月廿七日", "2021-02-27", "day"),
    ("2021. 2. 27. 오후 3:05", "2021-02-27T15:05+08:00", "minute"),  # portals of Korea
    ("2021.02.27. 08:05", "2021-02-27T08:05+08:00", "minute"),
    ("입력 : 2021.02.27 08:05 수정 : 2021.02.28 09:00", "2021-02-27T08:05+08:00", "minute"),
    ("작성자: 관리자 작성일: 2021-02-27 조회: 33", "2021-02-27", "day"),
    ("제36권 제4호 (2021년 4월)", "2021-04", "month"),
    ("公開日: 2021/02/27 早期公開: 2021/01/15", "2021-02-27", "day"),  # J-STAGE
    ("2021年2月27日（土） 8時05分", "2021-02-27T08:05+08:00", "minute"),
    (
        "Received: 10 November 2020 / Accepted: 20 February 2021 / Published: 27 February 2021",
        "2021-02-27",
        "day",
    ),
    ("Sat, Feb 27, 2021 – 8:05am", "2021-02-27T08:05+08:00", "minute"),
    ("Posted on February 27, 2021 by Jana", "2021-02-27", "day"),
    ("posted @ 2021-02-27 12:40 甲乙", "2021-02-27T12:40+08:00", "minute"),  # cnblogs
    ("Publié le 27 février 2021 à 15h05", "2021-02-27T15:05+08:00", "minute"),
    ("Publié le 27/02/2021 à 15:05", "2021-02-27T15:05+08:00", "minute"),
    ("le samedi 27 février 2021", "2021-02-27", "day"),
    ("tome 36, n° 4, avril 2021", "2021-04", "month"),
    ("27. Feb. 2021", "2021-02-27", "day"),
    # themes of English systems, translated word for word
    ("二月 27, 2021", "2021-02-27", "day"),
    ("2 月 27, 2021 08:05", "2021-02-27T08:05+08:00", "minute"),
    ("27 二月 2021", "2021-02-27", "day"),
    # a magazine's number and its month
    ("No. 12 March 2021", "2021-03", "month"),
    ("Newsletter of the Ferry Trust   Issue 12  March 2021", "2021-03", "month"),
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
    ("二〇二一年元月六日", "2021-01-06", "day"),
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
    ('"publish_time":1614384300,', "2021-02-27T08:05:00+08:00", "second"),
    ("/Date(1614384300000)/", "2021-02-27T08:05:00+08:00", "second"),  # ASP.NET JSON
    # several in one text
    ("收稿日期：2020-10-01 刊出日期：2021-02-27", "2021-02-27", "day"),
    ("Received 1 October 2020; Published 27 February 2021", "2021-02-27", "day"),
    ("第36卷第4期 2021年4月", "2021-04", "month"),
    ("2021年第4期 2021-04-15", "2021-04-15", "day"),
    ("2021-01-01 发布时间：2021-02-27", "2021-02-27", "day"),
    ("0000-00-00 2021-02-27", "2021-02-27", "day"),
    ("建立日期：110/02/27", "2021-02-27", "day"),  # Taiwan's offices; the label tells it is a date
    ("公告日期：2021-02-27", "2021-02-27", "day"),
    # set in pieces, one of them large
    ("27 2021-02", "2021-02-27", "day"),
    ("272021.02", "2021-02-27", "day"),
    ("27/ 2021年02月", "2021-02-27", "day"),
    ("02-27 2021", "2021-02-27", "day"),
    ("202102-27", "2021-02-27", "day"),
    ("2021-02 27", "2021-02-27", "day"),
    # seldom
    ("2021 02 27", "2021-02-27", "day"),
    ("九九年十二月三日", "1999-12-03", "day"),
    ("2021年2月27日 夜间 20:05", "2021-02-27T20:05+08:00", "minute"),
    ("2021年2月27日 8时60分", "2021-02-27", "day"),
    ("2021-02-27 08:05 GMT+8", "2021-02-27T08:05+08:00", "minute"),
    ("2021-02-27 08:05 +9900", "2021-02-27T08:05+08:00", "minute"),  # no such offset
    ("٢٠٢١-٠٢-٢٧", "2021-02-27", "day"),  # Arabic digits
    ("Foo 27 08:05:00 2021, 3 May 2020", "2020-05-03", "day"),
    ("27/2021 2021-02-27", "2021-02-27", "day"),
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


# text, issue as GB/T 7714 writes it
ISSUES = [
    ("2021年第4期", "2021(4)"),
    ("2021年，第36卷，第4期", "2021,36(4)"),
    ("2021年(第36卷)第4期", "2021,36(4)"),
    ("2021年第十二期", "2021(12)"),
    ("二〇二一年第四期", "2021(4)"),
    ("2021年第2-3期合刊", "2021(2-3)"),
    ("2021年第S1期", "2021(S1)"),
    ("2021年总第123期", "2021(123)"),
    ("总第123期", "(123)"),
    ("2021, 36(4): 12-15", "2021,36(4)"),  # the pages are no day
    ("2021;36(4):12-15", "2021,36(4)"),
    ("2021(04)", "2021(4)"),
    ("2021 Suppl. 1", "2021(Suppl. 1)"),
    ("2021年增刊", "2021(增刊)"),
    ("2023 Vol.44 No.2 pp.0-627181", "2023,44(2)"),  # fragment F02
    ("Vol. 36, No. 4 (2021)", "2021,36(4)"),  # OJS
    ("Volume 36", "36"),
    ("Spring 2021", "2021(Spring)"),
    ("2021年冬", "2021(冬)"),
    ("2021年下半年刊", "2021(下半年刊)"),
    ("2021年第36巻第4号", "2021,36(4)"),
    ("2021년 제4호", "2021(4)"),
    ("제36권 제4호", "36(4)"),
    ("2021년 봄호", "2021(봄호)"),
    ("2021년 겨울", "2021(겨울)"),
]


@pytest.mark.parametrize(("text", "issue"), ISSUES)
def test_an_issue_is_no_date(text: str, issue: str) -> None:
    date = parse_date(text, visited=VISITED)
    assert (date.value, date.precision, date.issue) == (None, Precision.ISSUE, issue)


def test_a_date_keeps_the_issue_that_stands_beside_it() -> None:
    date = parse_date("第36卷第4期 2021年4月")
    assert (date.value, date.issue) == ("2021-04", "36(4)")


NO_DATE = "no date in it"
LUNAR = "a lunar date: not converted"
REFUSED = [
    ("2021年2月30日", "no such day"),
    ("20210230", "no such day"),
    ("31 February 2021", "no such day"),
    ("2021/13/02", "no such day"),
    ("21-13-45", "no such day"),
    ("0000-00-00", "zeros instead of a date"),
    ("2021-00-00 00:00:00", "zeros instead of a date"),
    ("1970-01-01 08:00:00", "1970-01-01 is what machines print that have no date"),  # Unix
    ("1900-01-01", "1900-01-01 is what machines print that have no date"),  # SQL Server
    ("0001-01-01T00:00:00", "the year 1 is outside 1900 to 2100"),  # .NET
    ("1899年12月30日", "the year 1899 is outside 1900 to 2100"),
    ("9999-12-31", "the year 9999 is outside 1900 to 2100"),
    ("02/03/2021", "day and month cannot be told apart"),
    ("02/03/04", "day and month cannot be told apart"),
    ("3/4", "day and month cannot be told apart"),
    ("平成35年1月1日", "平成 has no year 35"),
    ("民國0年1月1日", "民國 has no year 0"),
    ("农历二〇二一年正月十六", LUNAR),
    ("二〇二一年二月初三", LUNAR),
    ("二〇二一年二月廿七", LUNAR),
    ("甲辰年冬月", LUNAR),
    ("闰四月初五", LUNAR),
    ("昨天 10:20", "counted from the visit, whose instant is not known"),
    ("3 days ago", "counted from the visit, whose instant is not known"),
    *((text, NO_DATE) for text in ("", "  ", "no date", "10:20", "3.14", "2.27", "27日")),
    *((text, NO_DATE) for text in ("2021-W08", "2021-058", "ISSN 2096-1847", "CN 14-1384/F")),
    # READING.md §4: never publication, and nothing else is there
    ("收稿日期：2020-10-01", "收稿日期: not when it was published"),
    ("来稿时间：2020-10-01", "来稿时间: not when it was published"),
    ("Received: 1 October 2020; Accepted: 3 December 2020", "received: not when it was published"),
    ("원고접수일 2020.10.01", "원고접수일: not when it was published"),
    ("收件日期：民國110年2月27日", "收件日期: not when it was published"),
    ("有效期：2021年2月27日至2026年2月27日", "有效期: not when it was published"),
    ("投稿截止：2021年2月27日", "截止: not when it was published"),
    ("截至2021年2月27日", "截至: not when it was published"),
    ("2021年3月1日起施行", "起施行: not when it was published"),
    ("© 2009-2021 《河港研究》编辑部", "©: not when it was published"),
    ("22-571", NO_DATE),
    ("v3.2021.02.27", NO_DATE),
    ("电话:1614384300", NO_DATE),
    *((text, NO_DATE) for text in ("电话：0571-87028030", "1978-2018", "Maybe 5")),
    *((text, NO_DATE) for text in ("5 foos ago", "Sat Foo 27 08:05:00 2021", "1614384300.5")),
]  # fmt: skip


@pytest.mark.parametrize(("text", "reason"), REFUSED)
def test_what_is_no_date_is_refused_with_a_reason(text: str, reason: str) -> None:
    date = parse_date(text)
    assert (date.value, date.precision, date.reason) == (None, Precision.NONE, reason)
    assert date.raw == text


VISITED_DATES = [
    ("刚刚", "2026-11-23", "day"),
    ("半小时前", "2026-11-23", "day"),
    ("13小时前", "2026-11-22", "day"),
    ("两天前", "2026-11-21", "day"),
    ("3天以前", "2026-11-20", "day"),
    ("大前天", "2026-11-20", "day"),
    ("2周前", "2026-11", "month"),  # from 14 to 20 days: the month is sure, the day is not
    ("4週前", "2026-10", "month"),
    ("3个月前", "2026", "year"),
    ("今天 08:05", "2026-11-23T08:05+08:00", "minute"),
    ("발행 3시간 전", "2026-11-23", "day"),
    ("3時間前", "2026-11-23", "day"),
    ("어제", "2026-11-22", "day"),
    ("an hour ago", "2026-11-23", "day"),
    ("half an hour ago", "2026-11-23", "day"),
    ("yesterday at 10:20", "2026-11-22T10:20+08:00", "minute"),
    ("vor 2 Tagen", "2026-11-21", "day"),
    ("vor einer Stunde", "2026-11-23", "day"),
    ("gestern, 10:20 Uhr", "2026-11-22T10:20+08:00", "minute"),
    # no year: the latest that does not lie after the visit
    ("11-23", "2026-11-23", "day"),
    ("11-24", "2025-11-24", "day"),
    ("2月29日", "2024-02-29", "day"),
    ("31 Dec", "2025-12-31", "day"),
    ("Dec 31", "2025-12-31", "day"),
    ("[02-27]", "2026-02-27", "day"),
    ("02-27 08:05", "2026-02-27T08:05+08:00", "minute"),
    ("2-27", "2026-02-27", "day"),
    ("02.27", "2026-02-27", "day"),
    # two digits: not after the visit, unless nothing else makes a day
    ("27-02-21", "2021-02-27", "day"),
    ("21/02/27", "2021-02-27", "day"),
    ("2/27/21", "2021-02-27", "day"),
    ("2027-12-27", "2027-12-27", "day"),  # cover dates run ahead
]


@pytest.mark.parametrize(("text", "value", "precision"), VISITED_DATES)
def test_what_the_page_leaves_out_is_counted_from_the_visit(
    text: str, value: str, precision: str
) -> None:
    date = parse_date(text, visited=VISITED)
    assert (date.value, date.precision.value) == (value, precision)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2028-01-01", "more than 400 days after the visit"),
        ("2年前", "too vague to name a year"),
        ("9999年前", "longer ago than time"),
    ],
)
def test_the_visit_refuses_what_cannot_be(text: str, reason: str) -> None:
    assert parse_date(text, visited=VISITED).reason == reason


def test_a_short_year_may_lie_ahead_where_nothing_else_makes_a_day() -> None:
    visited = datetime(2011, 11, 23, tzinfo=UTC)
    assert parse_date("12-02-03", visited=visited).value == "2012-02-03"


def test_a_year_that_was_not_printed_is_marked_so() -> None:
    assert parse_date("02-27").value == "--02-27"
    assert parse_date("02-27 08:05").value == "--02-27T08:05"
    assert parse_date("02-27").year_missing
    assert parse_date("02-27", visited=VISITED).year_missing
    assert not parse_date("2021-02-27").year_missing


def test_a_day_that_no_year_has_is_refused_without_a_year_too() -> None:
    assert parse_date("2月30日", visited=VISITED).reason == "no such day"


LANGUAGES = [
    ("02/03/2021", "en-US", "2021-02-03"),
    ("02/03/2021", "en_GB", "2021-03-02"),
    ("02/03/2021", "fr", "2021-03-02"),
    ("02/03/2021", "en", None),  # 9 of 23 corpus pages that say `en` print the month first
    ("02/03/2021", "zh-CN", None),
    ("周三, 02/03/2021 - 08:05", "zh-CN", "2021-02-03T08:05+08:00"),  # Drupal in Chinese
    ("02/03/2021 星期二", "zh-HK", "2021-03-02"),
    ("02/03/2021 星期四", "zh-CN", None),  # neither of the two
    ("02.03.2021", "de", "2021-03-02"),
    ("02.03.2021", "en", None),
    ("02-03-2021", "nl", "2021-03-02"),
    ("21/02/27", "zh-CN", "2021-02-27"),
    ("02/03/04", "zh-CN", "2002-03-04"),
    ("02/03/45", "zh-CN", None),  # no 45th day, and no order for when the year comes last
    ("27/02/21", "es", "2021-02-27"),
    ("21-02-27", "en-GB", "2021-02-27"),  # 2027 lies ahead, so the year comes first
    ("12-02-03", "en", None),
    ("02-03", "en-US", "2026-02-03"),
    ("02-03", "en", None),
    ("02-03", "de", "2026-03-02"),
    ("03-03", "en", "2026-03-03"),
    ("110/02/27", "zh-TW", "2021-02-27"),
    ("110/02/27", "de", None),
]


@pytest.mark.parametrize(("text", "language", "value"), LANGUAGES)
def test_the_language_tells_the_order_and_nothing_else_does(
    text: str, language: str, value: str | None
) -> None:
    assert parse_date(text, language=language, visited=VISITED).value == value


def test_the_zone_is_given_or_assumed_and_says_so() -> None:
    assert parse_date("2021-02-27 08:05 JST").zone == "given"
    assert parse_date("2021-02-27 08:05 北京时间").value == "2021-02-27T08:05+08:00"
    printed = parse_date("2021-07-27 08:05", zone="Europe/Berlin")
    assert (printed.value, printed.zone) == ("2021-07-27T08:05+02:00", "assumed")
    assert parse_date("2021-07-27").zone is None
    assert zone_of(None) is None


def test_the_instant_of_a_day_is_its_beginning_where_the_journal_is() -> None:
    shanghai = "Asia/Shanghai"
    assert instant_of(parse_date("2021-02-27"), shanghai) == datetime(2021, 2, 26, 16, tzinfo=UTC)
    assert instant_of(parse_date("2021-02-27 08:05"), "Europe/Berlin") == datetime(
        2021, 2, 27, 0, 5, tzinfo=UTC
    )
    for text in ("2021-02", "2021", "2021年第4期", "02-27", ""):
        assert instant_of(parse_date(text), shanghai) is None


# --- lines ------------------------------------------------------------------------------------

# a line, and what is found in it: `text = value meaning`
LINES = [
    ("（作者系馆员；写于2021年2月27日）", ["2021年2月27日 = 2021-02-27 event"]),
    ("2021年2月27日写于河港", ["2021年2月27日 = 2021-02-27 event"]),
    ("特写 2021年2月27日", ["2021年2月27日 = 2021-02-27 None"]),
    (
        "发布时间：2021-02-27 08:05  更新时间：2021-03-01 来源：本刊",
        ["2021-02-27 08:05 = 2021-02-27T08:05+08:00 published", "2021-03-01 = 2021-03-01 updated"],
    ),
    ("2005-04-28 11:13更新 来源：", ["2005-04-28 11:13 = 2005-04-28T11:13+08:00 updated"]),
    (
        "2020-11-10收稿，2021-01-05接受，2021-02-27网络版发表",
        [
            "2020-11-10 = 2020-11-10 received",
            "2021-01-05 = 2021-01-05 accepted",
            "2021-02-27 = 2021-02-27 online",
        ],
    ),
    (
        "收稿日期：2020-10-01；修回日期：2020-12-03；刊出日期：2021-02-27",
        [
            "2020-10-01 = 2020-10-01 received",
            "2020-12-03 = 2020-12-03 revised",
            "2021-02-27 = 2021-02-27 printed",
        ],
    ),
    (
        "Received 1 October 2020; Revised 3 December 2020; Available online 27 February 2021",
        [
            "1 October 2020 = 2020-10-01 received",
            "3 December 2020 = 2020-12-03 revised",
            "27 February 2021 = 2021-02-27 online",
        ],
    ),
    (
        "会议时间：2021-02-27 至 2021-03-01",
        ["2021-02-27 = 2021-02-27 event", "2021-03-01 = 2021-03-01 event"],
    ),
    # a label between two dates
    (
        "2021-02-27发布 2021-03-01更新",
        ["2021-02-27 = 2021-02-27 published", "2021-03-01 = 2021-03-01 updated"],
    ),
    (
        "2021-02-27发布2021-03-01实施",
        ["2021-02-27 = 2021-02-27 published", "2021-03-01 = 2021-03-01 event"],
    ),
    (
        "2021-02-27 更新 2021-03-01",
        ["2021-02-27 = 2021-02-27 None", "2021-03-01 = 2021-03-01 updated"],
    ),
    (
        "2021-02-27发布2021-03-01",
        ["2021-02-27 = 2021-02-27 None", "2021-03-01 = 2021-03-01 published"],
    ),
    (
        "Feb 27, 2021 Updated on March 1, 2021",
        ["Feb 27, 2021 = 2021-02-27 None", "March 1, 2021 = 2021-03-01 updated"],
    ),
    (
        "2021-02-27 发布 2021-03-01 更新",
        ["2021-02-27 = 2021-02-27 published", "2021-03-01 = 2021-03-01 updated"],
    ),
    (
        "2021-02-27收稿，另见 2021-03-01",
        ["2021-02-27 = 2021-02-27 received", "2021-03-01 = 2021-03-01 None"],
    ),
    ("旧码头（2021年2月27日摄）", ["2021年2月27日 = 2021-02-27 event"]),
    ("打印日期：2021-02-27", ["2021-02-27 = 2021-02-27 accessed"]),
    ("成文日期：2021-02-27", ["2021-02-27 = 2021-02-27 event"]),
    ("27 Feb 2021 | Originally published", ["27 Feb 2021 = 2021-02-27 published"]),
    ("发 布 时 间 ： 2021-02-27", ["2021-02-27 = 2021-02-27 published"]),
    ("張貼日期：2021-02-27", ["2021-02-27 = 2021-02-27 published"]),
    ("时间：2021-02-27", ["2021-02-27 = 2021-02-27 published"]),
    ("上课时间：2021-02-27", ["2021-02-27 = 2021-02-27 None"]),
    ("update 2021-02-27", ["2021-02-27 = 2021-02-27 updated"]),
    ("Mandate 2021-02-27", ["2021-02-27 = 2021-02-27 None"]),
    ("Updated20:49, 27 Feb 2021", ["20:49, 27 Feb 2021 = 2021-02-27T20:49+08:00 updated"]),
    ("Posted on Saturday, Feb 27, 2021", ["Feb 27, 2021 = 2021-02-27 published"]),
    ("今天是2026年11月23日 星期一", ["2026年11月23日 = 2026-11-23 accessed"]),
    ("Copyright © 2021 河港", ["2021 = 2021 copyright"]),
    ("公開日: 2021年2月27日", ["2021年2月27日 = 2021-02-27 published"]),
    ("입력 2021.02.27 08:05", ["2021.02.27 08:05 = 2021-02-27T08:05+08:00 published"]),
    ("Veröffentlicht am 27. Mai 2021", ["27. Mai 2021 = 2021-05-27 published"]),
    ("Publié le 27 février 2021", ["27 février 2021 = 2021-02-27 published"]),
    ("Fecha de publicación: 27/02/2021", ["27/02/2021 = 2021-02-27 published"]),
    ("2021-02-27 发布者：张三", ["2021-02-27 = 2021-02-27 None"]),
    ("By Jane Roe | 27 Feb 2021 | 3 min read", ["27 Feb 2021 = 2021-02-27 None"]),
    # doubtful forms, set apart
    ("标题文字 02-27", ["02-27 = 2026-02-27 None"]),
    ("河港网  02-27  阅读", ["02-27 = 2026-02-27 None"]),
    ("河港网 3小时前 阅读 100", ["3小时前 = 2026-11-23 None"]),
    ("发表于 昨天", ["昨天 = 2026-11-22 published"]),
    ("某学报,2023,45(6):84-89.", ["2023,45(6) = None None"]),
    # and doubtful forms among words, which are none
    *((line, []) for line in ("比分 3-2 获胜", "他在昨天说", "in today we", "价格 2021 元")),
    *((line, []) for line in ("2月25日,大会举行,共1291个", "see May 2021 prose", "点击：12-3456")),
    *((line, []) for line in ("文章编号: 1001-2486(2023)06-084-06", "湘ICP备2021012345号-3")),
    *((line, []) for line in ("doi: 10.11887/j.cn.202306012", "2021年2月30日", "正文")),
]


@pytest.mark.parametrize(("line", "expected"), LINES)
def test_dates_are_found_in_a_line_with_what_they_mean(line: str, expected: list[str]) -> None:
    found = [
        f"{line[each.start : each.end]} = {each.date.value} {each.meaning}"
        for each in find_dates(line, visited=VISITED)
    ]
    assert found == expected


def test_every_label_behind_a_date_has_a_meaning() -> None:
    for label in ("网络版发表", "錄用", "게재확정", "Posted"):
        found = find_label_after(f"2021-02-27{label}", 10)
        assert found is not None
        assert found.meaning == MEANING_OF_LABEL[label.lower()]


# --- addresses --------------------------------------------------------------------------------

ADDRESSES = [
    ("http://a.cn/a/pinpai/2017/0803/2735.html", "2017-08-03"),  # DedeCMS
    ("http://a.cn/2017/08/03/title/", "2017-08-03"),  # WordPress
    ("http://a.cn/xw/202102/t20210227_123.html", "2021-02-27"),  # TRS
    ("http://a.cn/news_20210227.html", "2021-02-27"),
    ("http://a.cn/2021-02/27/content_1.htm", "2021-02-27"),  # newspapers
    ("http://a.cn/art/2021/2/27/art_1_2.html", "2021-02-27"),  # Hanweb
    ("http://a.cn/20/0731/20/FIT0B0MS000181IU.html", "2020-07-31"),  # NetEase
    ("http://a.cn/2021/0230/1.html", None),
    ("http://a.cn/2027/0227/1.html", None),
    ("http://a.cn/CN/Y2015/V55/I1/1", None),  # Magtech: an issue
    ("http://a.cn/article/202311001", None),
    ("http://a.cn/article/abstract/20210227", None),  # a number as well
    ("http://a.cn/news/20210227/12.html", "2021-02-27"),
    ("http://a.cn/news/20210227.html", "2021-02-27"),
    ("http://a.cn/issue/2026_4", None),
    ("http://a.cn/content/2021/02/", None),
    ("http://[bad/2021/02/27/", None),
]


@pytest.mark.parametrize(("url", "value"), ADDRESSES)
def test_an_address_may_name_a_day_but_no_issue_is_one(url: str, value: str | None) -> None:
    date = find_url_date(url, visited=VISITED, zone="Asia/Shanghai")
    assert (date.value if date else None) == value


# --- properties -------------------------------------------------------------------------------

SIGNS = [*"年月日时分期卷第-/.:()， 前廿〇三十T0９○Z", "民國", "令和", "Feb", "ago", "昨天", "正月"]
WORDS = ["发布", "2021", "02", "27", "Vol.", "No.", "1614384300"]
DATELIKE = st.lists(
    st.one_of(st.sampled_from(SIGNS), st.sampled_from(WORDS), st.text(max_size=2)), max_size=14
).map("".join)
VISITS = st.one_of(st.none(), st.datetimes(timezones=st.just(UTC)).filter(lambda at: at.year > 1))


@given(DATELIKE, VISITS, st.sampled_from([None, "", "zh-CN", "en", "en-US", "de", "zh-TW"]))
def test_any_text_has_a_date_or_a_reason(
    text: str, visited: datetime | None, language: str | None
) -> None:
    date = parse_date(text, visited=visited, language=language)
    assert date.raw == text
    assert (date.value is None) == (date.precision in (Precision.ISSUE, Precision.NONE))
    assert (date.reason is None) == (date.precision is not Precision.NONE)
    for each in find_dates(text, visited=visited, language=language):
        assert text[each.start : each.end] == each.date.raw


@given(DATELIKE)
def test_a_value_reads_as_itself(text: str) -> None:
    date = parse_date(text, language="zh-CN")
    if date.value and date.precision is not Precision.QUARTER and not date.year_missing:
        assert parse_date(date.value, language="zh-CN").value == date.value


@given(st.dates(min_value=date(1970, 1, 2), max_value=date(2099, 12, 31)))
def test_every_day_is_read_in_every_common_form(day: date) -> None:
    forms = ("%Y-%m-%d", "%Y年%m月%d日", "%Y.%m.%d", "%d %B %Y", "%B %d, %Y", "%Y%m%d")
    assert {parse_date(day.strftime(form)).value for form in forms} == {day.isoformat()}


@pytest.mark.parametrize(
    "text",
    [
        "2021年7-8月合刊",
        "2021年1-2月",
        "2021年6-7月刊",
        "2021年7/8月号",
        "2021年7-8",
        "电话：010-20210227",
        "京ICP备20210227号",
        "QQ:20210227",
        "编号:20210227",
        "基金项目：省社科规划项目（20210227）",
        "国家自然科学基金资助（批准编号：20210227）",
        "省教改课题 20210227",
        "Grant No. 20210227",
        "第20210227期",
        "ISSN 2021-0227",
        "10.1234/j.2021.02.027",
        "河文〔2021〕27号",
        "2021—2025年规划",
        "2021-2022学年",
        "36 (4), 2021",
        "2021;36:4-8",
        "2021-W08",
        "Jan-Feb 2021",
    ],
)
def test_numbers_that_look_like_a_day_are_none(text: str) -> None:
    assert parse_date(text, visited=VISITED).precision not in (
        Precision.DAY,
        Precision.MINUTE,
        Precision.SECOND,
    )


def test_a_day_that_the_year_of_its_issue_does_not_have_stays_without_a_year() -> None:
    date = parse_date("2021年第2期（2月29日出版）", visited=VISITED)
    assert (date.value, date.year_missing) == ("2024-02-29", True)


@pytest.mark.parametrize("text", ["发布日期：", "发 布 日 期", "(Re)Published:", "收稿日期"])
def test_a_cell_that_is_a_label_is_told(text: str) -> None:
    assert is_label(text)


@pytest.mark.parametrize("text", ["", "2021-02-27", "本刊编辑部于昨日发布", "Manuscripts received"])
def test_a_cell_that_says_more_is_no_label(text: str) -> None:
    assert not is_label(text)

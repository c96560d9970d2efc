"""The masthead 刊头 among a page's lines."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.normalise.masthead import find_masthead
from sources.masthead import SYNONYMS

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"


def test_the_labels_of_a_page_that_prints_one_a_line() -> None:
    """The pattern of the page that this project starts from: labels spaced, full-width colons."""
    lines = [
        "主管单位：某省社会科学院",
        "主办单位:某某报刊社",
        "",
        "国际标准刊号: ISSN 2096-1847",
        "国内统一刊号:CN 14-1384/F",
        "周　期： 半月刊",
        "开 本: 大16开",
        "投稿邮箱 :tougao@example.com",
        "“这一年的收成很好。”他说：“大家都高兴。”" * 5,
    ]
    assert dict(find_masthead(lines)) == {
        "主管单位": "某省社会科学院",
        "主办单位": "某某报刊社",
        "ISSN": "ISSN 2096-1847",
        "CN": "CN 14-1384/F",
        "周期": "半月刊",
        "开本": "大16开",
        "投稿邮箱": "tougao@example.com",
    }


@pytest.mark.parametrize(
    ("lines", "labels"),
    [
        # Several on one line.
        (
            ["主办：某某学会 国内刊号：11-2685/TN；国际刊号：1002-2287 邮发代号：22-571"],
            {"主办单位": "某某学会", "CN": "11-2685/TN", "ISSN": "1002-2287", "邮发代号": "22-571"},
        ),
        # A label without a value.
        (["主办： 刊期：月刊 邮发代号：22-571"], {"周期": "月刊", "邮发代号": "22-571"}),
        # Numbers without a colon, as under a journal's logo.
        (["CN 51-1207/T  ISSN 1001-0548"], {"CN": "51-1207/T", "ISSN": "1001-0548"}),
        # Cells of a table.
        (["主办单位", "某某学会", "刊期", "季刊"], {"主办单位": "某某学会", "周期": "季刊"}),
        # Traditional characters; brackets around the label.
        (["【主辦單位】：某某學會", "【刊期】：月刊"], {"主办单位": "某某學會", "周期": "月刊"}),
        # An unknown label among known ones is kept, those of the article beside it are not.
        (
            ["刊期：月刊", "国内刊号：11-2685/TN", "审期：1-3个月", "来源：某某网", "作者：某某"],
            {"周期": "月刊", "CN": "11-2685/TN", "审期": "1-3个月"},
        ),
        # What is known without its label stands behind a gap.
        (["主办：某某学会　季刊"], {"主办单位": "某某学会", "周期": "季刊"}),
        (["主辦：某某學會  雙月刊"], {"主办单位": "某某學會", "周期": "雙月刊"}),
        (
            ["主办：某某学会 月刊 大16开 1985年创刊"],
            {"主办单位": "某某学会", "周期": "月刊", "开本": "大16开", "创刊时间": "1985年"},
        ),
        (
            ["主办：某某学会　ISSN 1001-0548　CN 51-1207/T　邮发代号 22-571"],
            {"主办单位": "某某学会", "ISSN": "1001-0548", "CN": "51-1207/T", "邮发代号": "22-571"},
        ),
        (
            ["主辦：某某學會　郵發代號 22-571　季刊"],
            {"主办单位": "某某學會", "邮发代号": "22-571", "周期": "季刊"},
        ),
        # Neither is a name that ends so, nor a list.
        (["刊名：某某 季刊", "刊期：季刊"], {"现用刊名": "某某 季刊", "周期": "季刊"}),
        (
            ["主办：某某 研究所", "刊期：月刊 季刊", "邮发代号：22-571"],
            {"主办单位": "某某 研究所", "周期": "月刊 季刊", "邮发代号": "22-571"},
        ),
        # A long label needs no gap before it, but it is not looked for within another one.
        (
            ["主办单位：某某学会出版周期：季刊邮发代号：22-571"],
            {"主办单位": "某某学会", "周期": "季刊", "邮发代号": "22-571"},
        ),
        # The first value of a label stays.
        (["刊期：月刊", "邮发代号：22-571", "刊期：周刊"], {"周期": "月刊", "邮发代号": "22-571"}),
        (
            ["eISSN: 2434-561X", "Publisher: Example Press"],
            {"eISSN": "2434-561X", "出版单位": "Example Press"},
        ),
    ],
)
def test_a_masthead_is_read_however_it_is_set(lines: list[str], labels: dict[str, str]) -> None:
    assert dict(find_masthead(lines)) == labels


def test_the_basic_parameters_are_parted() -> None:
    """期刊基本参数, as GB/T (CAJ-CD) orders them."""
    line = "[期刊基本参数]CN 11-1234/D*1994*b*A4*128*zh*P*¥16.00*2300*10*2012-04"
    assert dict(find_masthead([line])) == {
        "期刊基本参数": "CN 11-1234/D*1994*b*A4*128*zh*P*¥16.00*2300*10*2012-04",
        "CN": "CN 11-1234/D",
        "创刊时间": "1994",
        "周期": "双月刊",
        "开本": "A4",
        "页数": "128",
        "语种": "zh",
        "载体类型": "P",
        "定价": "¥16.00",
        "印数": "2300",
        "文章篇数": "10",
        "出版年月": "2012-04",
    }


def test_a_period_of_unknown_code_is_left_out() -> None:
    line = "CN 11-1234/D*1994*x*A4*128*zh*P*16.00*2300*10*2012-04"
    assert "周期" not in find_masthead([line, "2*3*4"])


@pytest.mark.parametrize(
    "lines",
    [
        [],
        ["主办单位：某某市人民政府", "承办单位：某某局", "主管单位：某某厅"],
        ["版本：2.0", "语言：中文", "数据库：SQLite"],
        ["刊期：不定期", "主办：某某学会"],
        ["刊号：12345", "主办：某某学会"],
        ["国际刊号：1234-5678", "主办：某某学会"],
        ["邮发代号：无", "主办：某某学会"],
        ["周期：月刊"],
        ["主办单位："],
        ["主办单位"],
        ["周期：" + "很长的话" * 40, "邮发代号：22-571"],
        ["他说：月刊和周刊都好。", "时间：周一", "本刊周期：月刊"],
    ],
)
def test_what_no_journal_prints_makes_no_masthead(lines: list[str]) -> None:
    assert find_masthead(lines) == {}


@given(st.lists(st.text(alphabet=st.sampled_from("主办单位刊期月：: \n\tISSNCN*-/0123456789"))))
def test_any_lines_are_read_without_an_error(lines: list[str]) -> None:
    assert all(label and value for label, value in find_masthead(lines).items())


LABELS = st.sampled_from(
    ["主办", "主管单位", "刊期", "刊名", "ISSN", "国内刊号", "邮发代号", "開本"]
)
PIECES = st.sampled_from(
    (
        *("某某学会", "季刊", "半月刊", "大16开", "1985年创刊", "1001-0548", "51-1207/T", "22-571"),
        *(
            "CN 51-1207/T",
            "ISSN 1001-0548",
            "邮发代号 22-571",
            "：",
            " ",
            "\u3000",
            ";",
            "主办单位：",
        ),
    )
)
ROWS = st.builds("{}：{}".format, LABELS, st.lists(PIECES, max_size=4).map("　".join))


def test_a_value_that_is_none_of_its_label_gives_way_to_one_that_is() -> None:
    lines = ["刊期：某某学会", "主办：某某学会　季刊"]
    assert find_masthead(lines) == {"主办单位": "某某学会", "周期": "季刊"}


@given(st.lists(ROWS, max_size=4))
def test_a_masthead_printed_again_is_read_the_same(lines: list[str]) -> None:
    read = dict(find_masthead(lines))
    printed = [f"{label}：{value}" for label, value in read.items()]
    assert dict(find_masthead(printed)) == read
    assert all(value in " ".join("".join(lines).split()) for value in read.values())


@pytest.mark.corpus
@pytest.mark.parametrize("wording", ["周期", *SYNONYMS["周期"], "週期", "刊 期", "出版頻率"])
@pytest.mark.parametrize("form", ["{}：月刊", "{} : monthly", "【{}】:月刊"])
def test_a_period_alone_tells_a_journal_in_whatever_wording(wording: str, form: str) -> None:
    lines = ["主办单位：某某报刊社", form.format(wording)]
    assert set(find_masthead(lines)) == {"主办单位", "周期"}


@pytest.mark.parametrize("label", ["周期", "刊 期", "出版頻率", "frequency", "발행주기"])
def test_a_period_is_told_by_its_label_in_a_cell_of_its_own(label: str) -> None:
    assert set(find_masthead(["主办单位：某某报刊社", label, "月刊"])) == {"主办单位", "周期"}


@pytest.mark.parametrize("line", ["邮发代号：22-188", "郵發代號：22-188", "刊号：CN 14 - 1384/F"])
def test_a_number_alone_tells_a_journal(line: str) -> None:
    assert len(find_masthead(["主办单位：某某报刊社", line])) == 2


def test_ordinary_pages_have_no_masthead() -> None:
    """One of 750 pages prints one: a newspaper's portal with its CN and 邮发代号."""
    file = CORPUS / "pages.jsonl"
    if not file.exists():
        pytest.skip(f"{file} is absent")
    fired = 0
    for row in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        body = gzip.decompress((CORPUS / row["html"]).read_bytes()).decode("utf-8", "replace")
        fired += bool(find_masthead(re.sub(r"<[^>]*>", "\n", body).split("\n")))
    assert fired <= 1


@pytest.mark.corpus
@pytest.mark.parametrize(
    ("name", "count"),
    [("F01_seed_pinpaiyanjiu", 12), ("F07_huayunqk_masthead", 4), ("F08_zazhifabiao_masthead", 6)],
)
def test_known_mastheads_are_read_whole(name: str, count: int) -> None:
    file = CORPUS / "fragments" / f"{name}.txt"
    if not file.exists():
        pytest.skip(f"{file} is absent")
    assert len(find_masthead(file.read_text(encoding="utf-8").splitlines())) == count

"""sources.masthead: labels as printed, and the numbers and the rhythm behind them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.masthead import (
    SYNONYMS,
    check_issn,
    find_cn,
    find_faults,
    find_issn,
    interval_of,
    is_known_label,
    normal_label,
    parse_cn,
    parse_masthead,
)

# Labels as journals' pages print them, and what they are.
LABELS = [
    ("主管单位", "主管单位"),
    ("主 管", "主管单位"),
    ("主辦單位：", "主办单位"),
    ("【主办】", "主办单位"),
    ("编辑出版", "出版单位"),
    ("杂志社", "出版单位"),
    ("Publisher", "出版单位"),
    ("国际标准刊号", "ISSN"),
    ("國際刊號", "ISSN"),
    ("ＩＳＳＮ", "ISSN"),
    ("ISSN (Online)", "eISSN"),
    ("国内统一刊号:", "CN"),
    ("刊号", "CN"),
    ("周 期:", "周期"),
    ("刊期", "周期"),
    ("出　版　周　期", "周期"),
    ("Frequency", "周期"),
    ("出 版 地", "出版地"),
    ("投稿邮箱 :", "投稿邮箱"),
    ("創刊時間", "创刊时间"),
]


@pytest.mark.parametrize(("printed", "label"), LABELS)
def test_a_known_label_is_known_in_each_wording(printed: str, label: str) -> None:
    assert normal_label(printed) == label
    assert is_known_label(printed)


def test_an_unknown_label_is_only_tidied() -> None:
    assert normal_label("审 稿 周 期：") == "审稿周期"
    assert not is_known_label("审稿周期")


def test_no_wording_stands_for_two_labels() -> None:
    wordings = [wording for label in SYNONYMS for wording in (label, *SYNONYMS[label])]

    assert len(wordings) == len(set(wordings))
    assert all(normal_label(w) == label for label in SYNONYMS for w in (label, *SYNONYMS[label]))


def test_every_label_is_kept_as_printed_and_in_order() -> None:
    labels = {"周 期:": "半月刊", "审稿费": "无", "主办": "示例期刊社", "主管": "示例科学院"}

    masthead = parse_masthead(labels)

    assert list(masthead.labels.items()) == list(labels.items())
    assert masthead.sponsor == "示例期刊社"
    assert masthead.supervisor == "示例科学院"
    assert (masthead.period, masthead.interval) == ("半月刊", timedelta(days=15))


def test_of_two_labels_that_mean_the_same_the_first_counts() -> None:
    masthead = parse_masthead({"主办单位": "示例期刊社", "主办": "示例大学"})

    assert masthead.sponsor == "示例期刊社"
    assert len(masthead.labels) == 2


def test_both_numbers_may_stand_under_one_label() -> None:
    masthead = parse_masthead({"刊号": "ISSN 1234-5679 / CN 99-1234/C"})

    assert (masthead.issn, masthead.cn) == ("1234-5679", "99-1234/C")


def test_a_number_that_does_not_check_is_no_number_but_its_label_stays() -> None:
    masthead = parse_masthead({"国际刊号": "ISSN 1234-5678", "国内刊号": "CN (HK) NR 1234/C"})

    assert (masthead.issn, masthead.cn) == (None, None)
    assert masthead.labels["国际刊号"] == "ISSN 1234-5678"


def test_the_online_issn_is_kept_apart() -> None:
    masthead = parse_masthead({"ISSN": "1234-5679", "eISSN": "2049-3630"})

    assert (masthead.issn, masthead.eissn) == ("1234-5679", "2049-3630")


def test_the_basic_parameters_give_number_and_period() -> None:
    masthead = parse_masthead(
        {"期刊基本参数": "CN 99-1234/D*1994*b*A4*128*zh*P*¥16.00*2300*10*2012-04"}
    )

    assert (masthead.cn, masthead.period) == ("99-1234/D", "双月刊")


@pytest.mark.parametrize(
    "text",
    ["1234-5679", "12345679", "ISSN 1234-5679", "ISSN：1234－5679", "1234—5679", "issn1234-5679"],
)
def test_an_issn_is_read_in_each_form(text: str) -> None:
    assert check_issn(text) == "1234-5679"


def test_an_issn_may_end_in_x() -> None:
    assert check_issn("2049-002x") == "2049-002X"


@pytest.mark.parametrize(
    "text", ["", "1234", "1234-567", "1234-56790", "ISBN 1234-5679", "一二三四"]
)
def test_what_is_no_issn_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not an ISSN"):
        check_issn(text)


def test_a_wrong_check_digit_is_named_with_the_right_one() -> None:
    with pytest.raises(ValueError, match="1234-567 ends in 9, not 8"):
        check_issn("1234-5678")


@given(st.from_regex(r"\A[0-9]{7}\Z"))
def test_each_seven_digits_have_exactly_one_check_sign(digits: str) -> None:
    good = [sign for sign in "0123456789X" if find_issn(f"{digits[:4]}-{digits[4:]}{sign}")]

    assert len(good) == 1


def test_the_first_issn_that_checks_is_found() -> None:
    assert find_issn("电话 0351-1234，刊号 1234-5678，ISSN 2049-3630。") == "2049-3630"
    assert find_issn("电话 0351-5691856") is None


@pytest.mark.parametrize(
    ("text", "normal", "kind"),
    [
        ("CN 14-1384/F", "14-1384/F", "print"),
        ("CN14－1384／F", "14-1384/F", "print"),
        ("99-0123", "99-0123", "newspaper"),
        ("CN 99-6001/G4", "99-6001/G4", "online"),
        ("cn99-9001/tp", "99-9001/TP", "electronic"),
    ],
)
def test_a_cn_number_is_read_with_its_kind(text: str, normal: str, kind: str) -> None:
    assert str(parse_cn(text)) == normal
    assert parse_cn(text).kind == kind
    assert find_cn(f"国内统一刊号：{text}。") == normal


@pytest.mark.parametrize(
    "text", ["", "CN 1-1384/F", "CN 14-138/F", "CN 14-0000/F", "CN (HK) NR9/F"]
)
def test_what_is_no_cn_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a CN number"):
        parse_cn(text)
    assert find_cn(text) is None


def test_an_issn_is_not_taken_for_a_cn_number() -> None:
    assert find_cn("ISSN 1234-5679") is None


@pytest.mark.parametrize(
    ("period", "days"),
    [
        *(("日刊", 1), ("周刊", 7), ("週刊", 7), ("双周刊", 14), ("旬刊", 10), ("半月刊", 15)),
        *(("月 刊", 30), ("双月刊", 61), ("雙月刊", 61), ("隔月刊", 61)),
        *(("季刊", 92), ("半年刊", 183), ("年刊", 365), ("Monthly", 30), ("Bi-monthly", 61)),
        *(
            ("격월간", 61),
            ("12 issues per year", 365 / 12),
            ("每年4期", 365 / 4),
            ("6期/年", 365 / 6),
        ),
    ],
)
def test_a_period_gives_the_days_between_two_numbers(period: str, days: float) -> None:
    assert interval_of(period) == timedelta(days=days)


@pytest.mark.parametrize("period", ["", "不定期", "上旬刊", "下半月刊", "irregular", "0期/年"])
def test_what_gives_no_rhythm_is_unknown(period: str) -> None:
    assert interval_of(period) is None


def faults(**labels: str) -> list[tuple[str, bool]]:
    return [(fault.label, fault.is_warning) for fault in find_faults(labels)]


def test_a_file_is_read_strictly() -> None:
    assert faults(国际刊号="ISSN 1234-5678", 国内刊号="14-1", 主办="x") == [
        *(("国际刊号", False), ("国内刊号", False))
    ]


def test_good_numbers_have_no_fault() -> None:
    assert not faults(ISSN="1234-5679", 刊号="ISSN 1234-5679", CN="CN 99-1234/C", 周期="月刊")


def test_what_the_page_prints_without_right_is_only_warned_of() -> None:
    assert faults(刊号="CN (HK) NR 1234/C", 周期="不定期") == [("刊号", True), ("周期", True)]

"""What a person may say of an entry, and what becomes of it."""

from __future__ import annotations

import pytest

from archive.correction import (
    DATE_FORMS,
    CorrectedField,
    Wanted,
    corrected_values,
    date_of,
    field_of,
    is_corrected,
    with_fields,
)
from archive.model import NoticeClass, Precision, ReprintNotice
from foundation.errors import CorrectionError
from tests.archive.factories import day, entry, notice

SHANGHAI = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("text", "value", "precision", "zone"),
    [
        ("2021", "2021", "year", None),
        ("2021-04", "2021-04", "month", None),
        ("2021-02-27", "2021-02-27", "day", None),
        (" 2021-02-27 ", "2021-02-27", "day", None),
        ("2021-02-27T08:05", "2021-02-27T08:05+08:00", "minute", "assumed"),
        ("2021-02-27 08:05:30", "2021-02-27T08:05:30+08:00", "second", "assumed"),
        ("2021-02-27T08:05+09:00", "2021-02-27T08:05+09:00", "minute", "given"),
        ("2021-02-27T08:05Z", "2021-02-27T08:05+00:00", "minute", "given"),
    ],
)
def test_a_date_is_as_exact_as_it_is_said(
    text: str, value: str, precision: str, zone: str | None
) -> None:
    found = date_of(text, raw="2021年", zone=SHANGHAI)
    assert found is not None
    assert (found.value, found.precision, found.zone, found.raw) == (
        value, Precision(precision), zone, "2021年",
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "", "yesterday", "27.2.2021", "2021-02-30", "2021-13", "2021-2-7", "0021", "9999-01-01",
        "2021-02-27T25:00", "2021-02T08:05", "2021T08:05", "2021-02-27+08:00", "2021-02-27T08",
        "--02-27", "2021-02-27T08:05+99:00",
    ],
)  # fmt: skip
def test_what_is_no_date_is_answered_with_the_forms(text: str) -> None:
    with pytest.raises(CorrectionError, match="is no date") as told:
        date_of(text, raw="", zone=SHANGHAI)
    assert DATE_FORMS in str(told.value)


def test_a_date_may_be_unknown() -> None:
    assert date_of("unknown", raw="2021年", zone=SHANGHAI) is None


def values(wanted: Wanted, **fields: object) -> dict[CorrectedField, object]:
    made = corrected_values(entry(**fields), wanted, zone=SHANGHAI)
    assert all(value.found == "correction" for value in made.values())
    return {field: getattr(value, field) for field, value in made.items()}


def test_each_field_takes_its_value() -> None:
    found = values(
        Wanted(
            title=" 新  题 ", published="2021", authors=("船长", "水手"), notice=NoticeClass.FREE
        ),
        notice=notice(),
    )
    assert found[CorrectedField.TITLE] == "新 题"
    assert found[CorrectedField.PUBLISHED].value == "2021"  # type: ignore[attr-defined]
    assert found[CorrectedField.AUTHORS] == ("船长", "水手")
    assert found[CorrectedField.NOTICE].class_ is NoticeClass.FREE  # type: ignore[attr-defined]
    assert len(found) == 4


def test_what_the_page_printed_of_a_date_stays_beside_it() -> None:
    found = values(Wanted(published="2021-02-26"), published=day("2021-02-27"))
    assert found[CorrectedField.PUBLISHED].raw == "2021-02-27"  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("wanted", "words"),
    [
        (Wanted(), "nothing is corrected"),
        (Wanted(title="  "), "the title is empty"),
        (Wanted(authors=("船长", "")), "the author is empty"),
        (Wanted(notice_text="转载请注明"), "need its class.*free-attribution"),
        (Wanted(notice=NoticeClass.FREE), "no notice that could be free.*--notice-text"),
    ],
)
def test_what_cannot_be_is_refused_in_words(wanted: Wanted, words: str) -> None:
    with pytest.raises(CorrectionError, match=words):
        corrected_values(entry(notice=None), wanted, zone=SHANGHAI)


def corrected_notice(
    class_: NoticeClass, read: ReprintNotice | None, text: str | None = None
) -> ReprintNotice:
    wanted = Wanted(notice=class_, notice_text=text)
    found = values(wanted, notice=read)[CorrectedField.NOTICE]
    assert isinstance(found, ReprintNotice)
    return found


def test_another_class_takes_its_own_obligations_and_keeps_the_others() -> None:
    read = ReprintNotice(
        class_=NoticeClass.PERMISSION, text="转载须书面授权，不得用于训练",
        obligations=("permission", "permission-written", "noai"), rule="x",
    )  # fmt: skip
    found = corrected_notice(NoticeClass.FREE_ATTRIBUTION, read)
    assert (found.text, found.rule) == (read.text, "correction")
    assert found.obligations == ("source", "noai")
    same = corrected_notice(NoticeClass.PERMISSION, read)
    assert same.obligations == read.obligations


def test_a_notice_that_was_overlooked_needs_its_words() -> None:
    found = corrected_notice(NoticeClass.NC_ATTRIBUTION, None, text="非商业转载请注明出处")
    assert found.text == "非商业转载请注明出处"
    assert found.obligations == ("source", "noncommercial")


def test_a_notice_that_is_none_is_taken_away() -> None:
    assert values(Wanted(notice=NoticeClass.NONE), notice=notice()) == {CorrectedField.NOTICE: None}


def test_an_entry_with_and_without_a_correction() -> None:
    read = entry(found={"title": "h1", "published": "meta"})
    said = corrected_values(read, Wanted(title="新题"), zone=SHANGHAI)
    corrected = with_fields(read, said)
    assert (corrected.title, corrected.title_raw) == ("新题", read.title_raw)
    assert corrected.found == {"title": "correction", "published": "meta"}
    assert is_corrected(corrected)
    assert not is_corrected(read)
    back = {field: field_of(read, field) for field in said}
    assert with_fields(corrected, back) == read


def test_a_field_that_was_found_nowhere_goes_back_to_nowhere() -> None:
    read = entry(found={})
    for field in CorrectedField:
        assert with_fields(read, {field: field_of(read, field)}) == read

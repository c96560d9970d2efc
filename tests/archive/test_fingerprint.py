"""What an entry can be found again by: keys and bands, equal for equal articles and stored."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.fingerprint import (
    GRAMS_LEAST,
    TEXT_MOST,
    compared,
    exact_keys,
    fingerprints_of,
    grams_of,
    number_of,
)
from archive.model import Enclosure, NoticeClass, Origin, Precision, PrintedDate, ReprintNotice
from tests.archive.copies import COPIES, chinese, invented, texts
from tests.archive.factories import day, entry

CNKI = "https://kns.cnki.net/kcms/detail/detail.aspx?dbcode=CJFD&FileName={}&v=x"


def bands(text: str) -> set[int]:
    return {number for number in fingerprints_of(entry(text=text)) if number > 0}


def test_the_numbers_that_are_stored_never_change() -> None:
    # If this fails, texts that are in stores already are found no more: fingerprints must be
    # made anew by a migration, or the library that hashes be kept at its version.
    found = fingerprints_of(entry(text=invented(1), doi="10.1/x"))
    assert (min(found), max(found), len(found)) == GOLDEN
    assert number_of("tag:feeds.example.org,2026-11-23:ship/abc") == GOLDEN_NUMBER


GOLDEN = (-7192257062098489732, 8964593557040241430, 30)
GOLDEN_NUMBER = 9060309172956578256


@pytest.mark.parametrize("kind", [kind for kind in COPIES if kind != "half only"])
@pytest.mark.parametrize("text", texts(), ids=lambda text: text[:8])
def test_a_copy_shares_a_band_with_its_article(text: str, kind: str) -> None:
    assert bands(text) & bands(COPIES[kind](text))


def test_half_an_article_shares_a_band_with_it_nearly_always() -> None:
    # A Jaccard of 0.5: bands find 98 of 100 by their nature.
    whole = [invented(number) for number in range(60)]
    found = sum(bool(bands(text) & bands(COPIES["half only"](text))) for text in whole)
    assert found >= 56


def test_articles_that_are_no_copies_share_hardly_a_band() -> None:
    found = [bands(text) for text in (*texts(), *(invented(number) for number in range(25)))]
    pairs = [(one, other) for at, one in enumerate(found) for other in found[:at]]
    assert len(pairs) > 700
    assert sum(bool(one & other) for one, other in pairs) <= 3


def test_a_text_too_short_to_tell_has_no_bands() -> None:
    text = chinese()[0]
    for count in range(200):
        found = compared(text[:count])
        assert bool(found) == bool(bands(text[:count]))
        assert not found or len(grams_of(text[:count])) > GRAMS_LEAST - 10
    assert compared(text[:100]) == ""
    assert compared(None) == ""


def test_a_whole_book_is_compared_by_its_beginning() -> None:
    assert bands("船" + invented(1, length=TEXT_MOST)) == bands(
        "船" + invented(1, length=TEXT_MOST) + invented(2)
    )


@given(st.text(st.characters(), max_size=400), st.text(max_size=9))
def test_any_text_has_fingerprints_that_a_database_holds(text: str, doi: str) -> None:
    found = fingerprints_of(entry(text=text, title=text[:9], doi=doi, canonical_url=text[:30]))
    assert all(0 < abs(number) < 2**63 for number in found)
    assert found == fingerprints_of(
        entry(text=text, title=text[:9], doi=doi, canonical_url=text[:30])
    )


@pytest.mark.parametrize(
    "url",
    [
        CNKI.format("sjyj202101001"),
        "https://kns.cnki.net/kcms/detail/SJYJ202101001.html",
        "http://www.cnki.com.cn/Article/detail/?filename=SJYJ202101001",
    ],
)
def test_a_cnki_file_name_is_found_in_any_address_that_the_page_gives(url: str) -> None:
    notice = ReprintNotice(
        class_=NoticeClass.THIRD_PARTY, text="转载自某刊", origin=Origin(name="某刊", url=url)
    )
    file = Enclosure(url=url, type="application/pdf")
    for fields in ({"url": url}, {"notice": notice}, {"enclosures": (file,)}):
        assert exact_keys(entry(**fields))["cnki"] == "SJYJ202101001"


@pytest.mark.parametrize(
    "url",
    [
        "https://other.example/?filename=SJYJ202101001",
        "https://kns.cnki.net/kcms/detail/index.html",
        "https://kns.cnki.net/?filename=../x",
        "https://[cnki.net/?filename=SJYJ202101001",
    ],
)
def test_other_addresses_name_no_cnki_file(url: str) -> None:
    assert "cnki" not in exact_keys(entry(url=url))


def test_the_place_in_an_issue_is_a_key_when_all_of_it_is_known() -> None:
    whole = {"issn": "1234-567x", "number": "3", "pages": "17-29", "published": day("2021-06-01")}
    assert exact_keys(entry(**whole))["issue-page"] == "1234567X 2021 3 17"
    year = PrintedDate(raw="2021年第3期", value="2021", precision=Precision.YEAR)
    assert exact_keys(entry(**{**whole, "published": year}))["issue-page"] == "1234567X 2021 3 17"
    for name in whole:
        assert "issue-page" not in exact_keys(entry(**{**whole, name: None}))
    no_year = PrintedDate(raw="6-1", value="--06-01", precision=Precision.DAY)
    assert "issue-page" not in exact_keys(entry(**{**whole, "published": no_year}))


def test_title_authors_and_day_are_a_key_together_only() -> None:
    key = exact_keys(entry(authors=("船长", "水手")))["title-author-day"]
    assert key == exact_keys(entry(authors=("水手", "船 长")))["title-author-day"]
    assert "title-author-day" not in exact_keys(entry(authors=()))
    assert "title-author-day" not in exact_keys(entry(authors=("船长",), published=None))
    assert "title-author-day" not in exact_keys(entry(authors=("船长",), title=None))

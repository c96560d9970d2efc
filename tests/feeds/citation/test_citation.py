"""Citations are read back with the libraries that others read them with."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
import rispy
from hypothesis import given
from hypothesis import strategies as st
from pybtex.database import parse_string

from archive.model import Precision, PrintedDate
from feeds.citation.bibtex import write_bibtex
from feeds.citation.csl_json import write_csl_json
from feeds.citation.gbt7714 import write_gbt7714
from feeds.citation.ris import write_ris
from feeds.citation.work import Name, Work, read_name, work_of
from tests.factories import SEEN, archived, day, source

FULL: dict[str, Any] = {
    "volume": "12",
    "number": "5",
    "pages": "17–23",
    "doi": "10.1234/r.17",
    "authors": ("林渡", "Ada River"),
    "keywords": ("渡口", "河港城市"),
}


def work(**fields: Any) -> Work:
    return work_of(archived(17, **fields), source())


def bibtex_of(one: Work) -> Any:
    (entry,) = parse_string(write_bibtex(one), "bibtex").entries.values()
    return entry


def test_gbt7714_of_an_article_in_a_journal() -> None:
    assert write_gbt7714(work(**FULL)) == (
        "林渡,RIVER A.渡口的灯火[J/OL].河港,2026,12(5):17–23[2026-03-04]."
        "https://river-port.example/2026/0302/17.html.DOI:10.1234/r.17."
    )


def test_gbt7714_without_a_volume_the_issue_follows_the_year() -> None:
    assert "河港,2026(5)[2026-03-04]" in write_gbt7714(work())


def test_gbt7714_of_a_page_of_the_web() -> None:
    said = write_gbt7714(work(number=None, authors=()))
    assert said == (
        "渡口的灯火[EB/OL].河港(2026-03-02)[2026-03-04]."
        "https://river-port.example/2026/0302/17.html."
    )


def test_gbt7714_names_three_authors_and_no_more() -> None:
    names = ("林渡", "周桥", "何岸", "江帆")
    assert write_gbt7714(work(authors=names)).startswith("林渡,周桥,何岸,等.")
    assert write_gbt7714(work(authors=names[:3])).startswith("林渡,周桥,何岸.渡口")
    english = work(authors=("Ada River", "B. C. Port", "D. Quay", "E. Pier"), language="en")
    assert write_gbt7714(english).startswith("RIVER A,PORT B C,QUAY D,et al.")


@pytest.mark.parametrize(
    ("printed", "issued"),
    [
        (day("2026-03-02"), (2026, 3, 2)),
        (PrintedDate(raw="2026年3月", value="2026-03", precision=Precision.MONTH), (2026, 3)),
        (PrintedDate(raw="2026", value="2026", precision=Precision.YEAR), (2026,)),
        (None, ()),
    ],
)
def test_a_date_is_cited_as_exactly_as_it_was_printed(
    printed: PrintedDate | None, issued: tuple[int, ...]
) -> None:
    one = work(published=printed, **FULL)
    assert one.issued == issued
    (item,) = json.loads(write_csl_json(one))
    assert item.get("issued") == ({"date-parts": [list(issued)]} if issued else None)
    (record,) = rispy.loads(write_ris(one))
    assert record.get("year") == (str(issued[0]) if issued else None)
    assert bibtex_of(one).fields.get("year") == (str(issued[0]) if issued else None)


def test_ris_is_read_back_whole() -> None:
    text = write_ris(work(**FULL))
    assert text.endswith("ER  - \r\n")
    (record,) = rispy.loads(text)
    wanted = {
        "type_of_reference": "JOUR",
        "authors": ["林渡", "River, Ada"],
        "title": "渡口的灯火",
        "secondary_title": "河港",
        "year": "2026",
        "date": "2026/03/02/",
        "volume": "12",
        "number": "5",
        "start_page": "17",
        "end_page": "23",
        "issn": "1234-5679",
        "doi": "10.1234/r.17",
        "keywords": ["渡口", "河港城市"],
        "urls": ["https://river-port.example/2026/0302/17.html"],
    }
    assert {name: record[name] for name in wanted} == wanted


def test_bibtex_is_read_back_whole() -> None:
    entry = bibtex_of(work(title="50% of {A} & B_1 ~ #2", **FULL))
    assert entry.type == "article"
    assert entry.key == "river-port-17"
    assert [str(name) for name in entry.persons["author"]] == ["林渡", "River, Ada"]
    assert entry.fields["title"] == (
        r"{50\% of \textbraceleft{}A\textbraceright{} \& B\_1 \textasciitilde{} \#2}"
    )
    assert entry.fields["pages"] == "17--23"
    assert entry.fields["keywords"] == "渡口, 河港城市"
    assert entry.fields["doi"] == "10.1234/r.17"


def test_a_page_of_the_web_is_no_article_of_an_issue() -> None:
    one = work(number=None)
    assert bibtex_of(one).type == "online"
    assert json.loads(write_csl_json(one))[0]["type"] == "webpage"
    assert rispy.loads(write_ris(one))[0]["type_of_reference"] == "ELEC"


def test_the_day_of_access_is_the_day_on_which_it_was_seen_in_the_journals_zone() -> None:
    late = SEEN + timedelta(hours=20)
    one = work_of(archived(changed=late, revision=2), source())
    assert one.accessed.isoformat() == "2026-03-05"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("林渡", Name(whole="林渡")),
        ("欧阳 江帆", Name(whole="欧阳 江帆")),
        ("Ada River", Name(whole="Ada River", family="River", given="Ada")),
        ("River, Ada B.", Name(whole="River, Ada B.", family="River", given="Ada B.")),
        ("Unesco", Name(whole="Unesco")),
        ("김하늘", Name(whole="김하늘")),
    ],
)
def test_names_are_split_where_they_have_parts(printed: str, name: Name) -> None:
    assert read_name(printed) == name


@given(st.text(max_size=60), st.lists(st.text(min_size=1, max_size=20), max_size=4))
def test_any_text_gives_records_that_are_read_back(title: str, authors: list[str]) -> None:
    one = work(title=title or None, authors=tuple(authors), number="5")
    (record,) = rispy.loads(write_ris(one))
    assert record["type_of_reference"] == "JOUR"
    assert json.loads(write_csl_json(one))[0]["title"] == one.title
    assert write_bibtex(one).count("@article{river-port-17,") == 1
    assert write_gbt7714(one).endswith(".")

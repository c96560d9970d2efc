"""Whether two entries are one article, and which of them is the copy."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from archive.likeness import Likeness, LikenessReason, Relation, Side, find_likeness
from archive.model import NoticeClass, Origin, Precision, PrintedDate, ReprintNotice
from tests.archive.copies import COPIES, invented, texts
from tests.archive.factories import DAY, NOW, day, entry, month

TEXT = invented(1)
OTHER_TEXT = invented(2)
SHORT = "渡口的灯昨夜亮了。"


def side(
    host: str = "ship", *, journal: str | None = None, first_seen: Any = NOW, **fields: Any
) -> Side:
    url = f"https://{host}.example/1.html"
    made = entry(**{"url": url, "text": TEXT, "published": None, **fields})
    return Side(
        entry=made, journal=journal or f"《{host}刊》", zone="Asia/Shanghai", first_seen=first_seen
    )


def reprinted(name: str | None = None, url: str | None = None) -> ReprintNotice:
    origin = Origin(name=name, url=url)
    return ReprintNotice(class_=NoticeClass.THIRD_PARTY, text="转载", origin=origin)


def minute(value: str) -> PrintedDate:
    return PrintedDate(raw=value, value=value, precision=Precision.MINUTE)


def told(one: Side, other: Side) -> tuple[str, str] | None:
    """Relation and reason; and the other way round it must be the same thing."""
    found, turned = find_likeness(one, other), find_likeness(other, one)
    if found is None or turned is None:
        assert found is turned
        return None
    opposite = {
        Relation.DUPLICATE: Relation.DUPLICATE,
        Relation.REPRINT_OF: Relation.REPRINTED_AS,
        Relation.REPRINTED_AS: Relation.REPRINT_OF,
    }
    assert turned == Likeness(
        relation=opposite[found.relation], reason=found.reason, similarity=found.similarity
    )
    return found.relation, found.reason


# By the words


@pytest.mark.parametrize("kind", COPIES)
@pytest.mark.parametrize("text", texts()[:7], ids=lambda text: text[:8])
def test_an_edited_copy_is_the_same_article(text: str, kind: str) -> None:
    copy = COPIES[kind](text)
    assert told(side(text=text), side("tea", title="另一个标题", text=copy)) == (
        "duplicate", "text",
    )  # fmt: skip


def test_articles_that_are_no_copies_are_not_taken_for_one() -> None:
    found = (*texts(), *(invented(number) for number in range(25)))
    sides = [side(f"s{number}", text=text, title=text[:9]) for number, text in enumerate(found)]
    pairs = list(combinations(sides, 2))
    assert len(pairs) > 700
    assert not [pair for pair in pairs if find_likeness(*pair)]


def test_a_shared_paragraph_does_not_make_one_article() -> None:
    shared = invented(3, length=300)
    assert told(side(text=TEXT + shared), side("tea", text=OTHER_TEXT + shared)) is None


def test_how_like_the_texts_are_is_told() -> None:
    half = find_likeness(side(), side("tea", text=TEXT[: len(TEXT) // 2]))
    assert half is not None
    assert half.similarity == pytest.approx(0.5, abs=0.03)


# By an exact key


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"doi": "10.1/X"}, "doi"),
        ({"canonical_url": "https://first.example/1"}, "address"),
        (
            {"issn": "1234-5679", "number": "2", "pages": "3-9", "published": day("2026-02-01")},
            "issue-page",
        ),
        ({"enclosures": (), "notice": reprinted(url="https://x.cnki.net/?filename=ABCD2021012")},
         "cnki"),
    ],
)  # fmt: skip
def test_an_exact_key_makes_a_duplicate_whichever_came_first(
    fields: dict[str, Any], reason: str
) -> None:
    one = side(text=None, **fields)
    other = side("tea", text=SHORT, first_seen=NOW + DAY, **fields)
    assert told(one, other) == ("duplicate", reason)


def test_a_key_that_a_template_prints_on_every_page_counts_for_nothing() -> None:
    one = side(doi="10.1/journal", canonical_url="https://a.example/", published=day("2026-01-02"))
    other = side(
        "tea", doi="10.1/journal", canonical_url="https://a.example/", published=day("2026-03-04"),
        title="茶馆", text=OTHER_TEXT,
    )  # fmt: skip
    assert told(one, other) is None


def test_two_articles_that_begin_on_one_page_are_two() -> None:
    place = {"issn": "1234-5679", "number": "2", "pages": "3", "published": day("2026-02-01")}
    assert told(side(text=SHORT, **place), side("tea", title="补白", text="茶", **place)) is None


def test_a_text_that_one_side_shows_the_beginning_of_is_known_by_title_author_and_day() -> None:
    fields = {"authors": ("船长",), "published": day("2026-02-01")}
    short, whole = side(text=SHORT, **fields), side("tea", first_seen=NOW + DAY, **fields)
    assert told(short, whole) == ("reprinted-as", "seen")
    assert told(short, side("tea", text=SHORT, **fields)) == ("duplicate", "title-author-day")
    # Two whole texts speak for themselves.
    assert told(side(**fields), side("tea", text=OTHER_TEXT, **fields)) is None


def test_short_texts_without_a_key_are_not_compared() -> None:
    assert told(side(text=SHORT), side("tea", text=SHORT)) is None


# Which is the copy


def test_direction_goes_by_notice_then_link_then_day_then_sight() -> None:
    early, late = {"published": day("2026-01-01")}, {"published": day("2026-02-01")}
    notice = reprinted("ship刊")
    link = reprinted(url="https://ship.example/other.html")
    seen_later = {"first_seen": NOW + DAY}
    # The copy is dated and seen first, and says itself that it is the copy.
    assert told(side("tea", notice=notice, **early), side(**late, **seen_later)) == (
        "reprint-of", "notice",
    )  # fmt: skip
    assert told(side("tea", notice=link, **early), side(**late, **seen_later)) == (
        "reprint-of", "link",
    )  # fmt: skip
    assert told(side("tea", **late), side(**early, **seen_later)) == ("reprint-of", "published")
    assert told(side("tea", **seen_later), side()) == ("reprint-of", "seen")
    assert told(side("tea"), side()) == ("duplicate", "text")


def test_a_notice_counts_over_a_link_and_for_exact_keys_too() -> None:
    one = side("tea", notice=reprinted("ship刊"), doi="10.1/x")
    other = side(notice=reprinted(url="https://tea.example/1.html"), doi="10.1/x")
    assert told(one, other) == ("reprint-of", "notice")


@pytest.mark.parametrize(
    ("name", "journal", "is_named"),
    [
        ("《云川手工艺》杂志", "云川手工艺", True),
        ("雲川手工藝", "云川手工艺", True),
        ("读者", "读者文摘", False),
        ("别的刊物", "云川手工艺", False),
    ],
)
def test_a_name_is_a_journals_as_a_whole_or_when_it_is_long(
    name: str, journal: str, is_named: bool
) -> None:
    copy, original = side("tea", notice=reprinted(name)), side(journal=journal)
    assert told(copy, original) == (("reprint-of", "notice") if is_named else ("duplicate", "text"))


def test_the_journal_that_the_other_page_names_counts_as_its_name() -> None:
    names = side("tea", notice=reprinted("船舶月报"))
    assert told(names, side("ship", journal="x")) == ("duplicate", "text")
    named = side("ship", journal="x")
    named = replace(named, entry=replace(named.entry, journal="船舶月报"))
    assert told(names, named) == ("reprint-of", "notice")


def test_two_that_name_each_other_leave_it_open() -> None:
    one, other = side("tea", notice=reprinted("ship刊")), side(notice=reprinted("tea刊"))
    assert told(one, other) == ("duplicate", "text")


def test_a_canonical_address_elsewhere_is_a_link() -> None:
    copy = side("tea", canonical_url="https://ship.example/1.html")
    assert told(copy, side()) == ("reprint-of", "link")


def test_two_sources_of_one_site_do_not_link_by_their_host() -> None:
    one = side(url="https://ship.example/a", notice=reprinted(url="https://ship.example/"))
    assert told(one, side(url="https://ship.example/b")) == ("duplicate", "text")


def test_a_date_rougher_than_a_day_says_nothing_of_who_was_first() -> None:
    one, other = side(published=month("2026-01")), side("tea", published=day("2026-02-01"))
    assert told(one, other) == ("duplicate", "text")


def test_on_one_day_the_times_count_where_both_are_printed() -> None:
    morning = side(published=minute("2026-02-01T08:00+08:00"))
    noon = side("tea", published=minute("2026-02-01T12:00"))
    some_time = side("ant", published=day("2026-02-01"))
    assert told(noon, morning) == ("reprint-of", "published")
    assert told(noon, some_time) == ("duplicate", "text")
    assert told(noon, side("bee", published=minute("2026-02-01T12:00+08:00"))) == (
        "duplicate", "text",
    )  # fmt: skip


def test_an_address_that_is_none_breaks_nothing() -> None:
    assert told(side(url="https://[x"), side("tea", notice=reprinted(url="https://[y"))) == (
        "duplicate", "text",
    )  # fmt: skip


def test_reasons_are_those_of_the_docs() -> None:
    page = (Path(__file__).parents[2] / "docs" / "what-is-kept.md").read_text("utf-8")
    assert not [reason for reason in LikenessReason if f"`{reason}`" not in page]

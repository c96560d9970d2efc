from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from archive.difference import Mark, Piece, difference
from archive.model import Precision, PrintedDate
from tests.archive.factories import day, entry, notice


def pieces(old: str, new: str) -> list[list[tuple[str, str]]]:
    found = difference(entry(text=old), entry(text=new)).paragraphs
    return [[(str(piece.mark), piece.text) for piece in each] for each in found]


def test_an_edited_word_is_shown_with_what_surrounds_it() -> None:
    assert pieces("船在三月下水。\n岸上有人。", "船在四月下水。\n岸上有人。") == [
        [("same", "船在"), ("removed", "三"), ("added", "四"), ("same", "月下水。")]
    ]


def test_a_new_paragraph_is_added_and_a_lost_one_removed() -> None:
    assert pieces("一船。", "一船。\n二船下水的时候起了风。") == [
        [("added", "二船下水的时候起了风。")]
    ]
    assert pieces("一船。\n二船。", "二船。") == [[("removed", "一船。")]]


def test_a_paragraph_that_was_written_anew_is_not_compared_by_letters() -> None:
    assert pieces("船厂今天交付了货船。", "天气很好，河上没有风浪，孩子们放学了。") == [
        [("removed", "船厂今天交付了货船。")],
        [("added", "天气很好，河上没有风浪，孩子们放学了。")],
    ]


def test_unchanged_text_far_from_a_change_is_skipped() -> None:
    head, tail = "前" * 100, "后" * 100
    (found,) = pieces(f"{head}三{tail}", f"{head}四{tail}")
    assert found == [
        ("skipped", "…"),
        ("same", "前" * 40),
        ("removed", "三"),
        ("added", "四"),
        ("same", "后" * 40),
        ("skipped", "…"),
    ]


def test_a_very_long_paragraph_is_compared_by_sentences() -> None:
    old = "".join(f"第{n}句话说的是第{n}条船。" for n in range(900))
    (found,) = pieces(old, old.replace("第500句话", "第五百句话"))
    changed = [piece for piece in found if piece[0] in ("added", "removed")]
    assert changed == [
        ("removed", "第500句话说的是第500条船。"),
        ("added", "第五百句话说的是第500条船。"),
    ]


def test_title_date_and_notice_are_told_apart_and_letters_counted() -> None:
    old = entry(title="旧题", published=day("2026-03-02"), notice=notice(), text="船。")
    new = entry(title="新题", published=day("2026-03-03"), notice=None, text="大船。")
    found = difference(old, new)
    assert {change.kind for change in found.changes} == {
        *("title-changed", "date-changed", "notice-changed"),
    }
    assert (found.added, found.removed) == (1, 0)


def test_no_difference_is_none() -> None:
    found = difference(entry(), entry())
    assert (found.changes, found.paragraphs, found.added, found.removed) == ((), (), 0, 0)


TEXT = st.text(alphabet="船水岸。\n！ab ", max_size=80)


@given(TEXT, TEXT)
def test_a_difference_counts_what_it_shows_and_leads_from_one_text_to_the_other(
    old: str, new: str
) -> None:
    found = difference(entry(text=old), entry(text=new))
    shown = [piece for each in found.paragraphs for piece in each]
    assert found.added == sum(len(p.text) for p in shown if p.mark is Mark.ADDED)
    assert found.removed == sum(len(p.text) for p in shown if p.mark is Mark.REMOVED)
    assert bool(found.paragraphs) == (_lines(old) != _lines(new))
    assert all(isinstance(piece, Piece) and piece.text for piece in shown)


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_a_date_without_a_value_is_no_trouble() -> None:
    unknown = PrintedDate(raw="?", value=None, precision=Precision.NONE)
    assert difference(entry(published=unknown), entry(published=None)).changes == ()

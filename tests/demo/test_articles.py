from __future__ import annotations

import pytest

from demo.articles import happenings, read_articles, standing

FOLDERS = ("magazine", "quarterly", "letters")


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_article_of_a_journal_has_its_own_id(folder: str) -> None:
    ids = [article.id for article in read_articles(folder)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_article_has_a_title_and_a_text_worth_reading(folder: str) -> None:
    for article in read_articles(folder):
        assert article.title
        assert len(article.text) > 100


def test_the_script_does_one_thing_a_step_and_leaves_none_out() -> None:
    script = [
        happening for folder in FOLDERS for happening in happenings(folder, read_articles(folder))
    ]
    steps = sorted(happening.step for happening in script)
    assert steps == list(range(1, len(steps) + 1))
    assert {happening.kind for happening in script} == {"new", "corrected", "retitled", "withdrawn"}


def test_a_correction_changes_the_text_and_leaves_the_title() -> None:
    (before,) = [a for a in standing(read_articles("magazine"), 3) if a.id == "103"]
    (after,) = [a for a in standing(read_articles("magazine"), 4) if a.id == "103"]
    assert before.title == after.title
    assert "一千二百四十户" in before.text
    assert "一千四百二十户" in after.text


def test_an_article_of_a_later_step_is_not_there_yet() -> None:
    early = {article.id for article in standing(read_articles("magazine"), 0)}
    assert "108" not in early
    assert early | {"108"} == {a.id for a in standing(read_articles("magazine"), 1)}

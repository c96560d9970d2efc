"""crawler.discovery.saved: saved pages are read again offline, strictly and exactly."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.discovery.saved import pages_folder, replay, save_pages
from crawler.discovery.visits import SeenPage
from crawler.fetch import Answer
from foundation.errors import SourceError
from sources.model import Selectors, Source
from tests import journal_pages

if TYPE_CHECKING:
    from pathlib import Path

HOST = "https://journal.example"
LIST, ABOUT = f"{HOST}/list.html", f"{HOST}/about.html"
ARTICLES = [f"{HOST}/a/{number}.html" for number in (103, 102, 101)]
TITLES = ["街角小店的二十年", "招牌写给谁看", "老顾客为什么留下"]
ROWS = [(url, title, "2026-11-20") for url, title in zip(ARTICLES, TITLES, strict=True)]


def seen(
    url: str, html: str, content_type: str = "text/html", body: bytes | None = None
) -> SeenPage:
    answer = Answer(
        url=url,
        status=200,
        headers={"content-type": content_type},
        body=html.encode() if body is None else body,
        exchanges=(),
    )
    return SeenPage(asked=url, seen=datetime(2026, 11, 25, 8, tzinfo=UTC), answer=answer)


PAGES = {
    LIST: seen(LIST, journal_pages.listing(ROWS)),
    ABOUT: seen(ABOUT, f"<html><body><p>{journal_pages.MASTHEAD}</p></body></html>"),
    **{
        url: seen(url, journal_pages.article(title))
        for url, title in zip(ARTICLES, TITLES, strict=True)
    },
}


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A source whose pages lie beside its file."""
    made = Source(
        id="magazine", title="某某杂志", lists=(LIST,), file=str(tmp_path / "magazine.toml")
    )
    folder = pages_folder(made)
    folder.mkdir()
    files = save_pages(made, PAGES.get, articles=ARTICLES[:2], about=[ABOUT])
    for name, data in files.items():
        (folder / name).write_bytes(data)
    return made


def test_pages_that_nobody_touched_read_as_expected(source: Source) -> None:
    done = replay(source)
    assert (done.lists, done.articles, done.differences) == (1, 2, ())


def test_what_is_expected_is_there_for_a_person_to_read(source: Source) -> None:
    told = json.loads((pages_folder(source) / "expected.json").read_text("utf-8"))
    assert told["articles"][ARTICLES[0]] == {
        "title": "街角小店的二十年",
        "published": "2026-11-20",
        "notice": "free-attribution",
        "authors": ["某某杂志社编辑部"],
    }
    assert [row["url"] for row in told["lists"][LIST]["links"]] == ARTICLES
    assert told["journal"]["masthead"]["周期"] == "半月刊"
    names = {path.name for path in pages_folder(source).iterdir()}
    assert names == {"01.html", "02.html", "03.html", "04.html", "pages.toml", "expected.json"}


def test_the_bytes_are_those_that_were_served(tmp_path: Path) -> None:
    gbk = journal_pages.article(TITLES[0]).encode("gbk")
    page = seen(ARTICLES[0], "", "text/html; charset=gbk", body=gbk)
    made = Source(id="m", title="某某杂志", lists=(LIST,), file=str(tmp_path / "m.toml"))
    files = save_pages(made, {**PAGES, ARTICLES[0]: page}.get, articles=ARTICLES[:1], about=[])
    assert files["02.html"] == gbk
    assert json.loads(files["expected.json"])["articles"][ARTICLES[0]]["title"] == TITLES[0]


def test_each_field_that_reads_otherwise_is_named(source: Source) -> None:
    file = pages_folder(source) / "02.html"
    html = file.read_text("utf-8").replace("街角小店的二十年", "街角小店的三十年")
    file.write_text(html.replace("2026/11/20", "2026/11/21"), "utf-8")
    assert {
        (each.place, each.field, each.expected, each.read) for each in replay(source).differences
    } == {
        (ARTICLES[0], "title", "街角小店的二十年", "街角小店的三十年"),
        (ARTICLES[0], "published", "2026-11-20", "2026-11-21"),
    }


def test_a_row_that_came_or_went_is_one_difference(source: Source) -> None:
    file = pages_folder(source) / "01.html"
    rows = [*ROWS[:2], (f"{HOST}/a/104.html", "新的一篇文章", "2026-11-24")]
    file.write_text(journal_pages.listing(rows), "utf-8")
    found = [str(each) for each in replay(source).differences]
    assert found == [
        f"{LIST}: link: expected “老顾客为什么留下” {ARTICLES[2]}, read nothing",
        f"{LIST}: link: expected nothing, read “新的一篇文章” {HOST}/a/104.html",
    ]


def test_a_change_of_the_file_shows_too(source: Source) -> None:
    changed = replace(source, selectors=Selectors(title="div.content p"))
    assert {each.field for each in replay(changed).differences} == {"title"}


def test_a_page_that_was_not_saved_is_an_error(source: Source) -> None:
    wider = replace(source, lists=(*source.lists, f"{HOST}/more.html"))
    with pytest.raises(SourceError, match=r"more\.html is asked for and not saved"):
        replay(wider)


def test_a_page_that_nobody_asks_for_is_an_error(source: Source) -> None:
    file = pages_folder(source) / "expected.json"
    told = json.loads(file.read_text("utf-8"))
    del told["articles"][ARTICLES[1]]
    file.write_text(json.dumps(told), "utf-8")
    with pytest.raises(SourceError, match=r"102\.html is saved, and nobody asks for it"):
        replay(source)


def test_a_file_that_no_address_names_is_an_error(source: Source) -> None:
    (pages_folder(source) / "notes.txt").write_text("x")
    with pytest.raises(SourceError, match=r"notes\.txt is in the folder and not named here"):
        replay(source)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("expected.json", "{", "is not JSON"),
        ("expected.json", "[]", "needs journal, lists, articles, about"),
        ("expected.json", None, "cannot be read"),
        ("pages.toml", "x", "needs file, content_type and instant"),
        ("pages.toml", '["https://a.example/"]\nfile = "01.html"\n', "needs file, content_type"),
        ("01.html", None, r"01\.html: cannot be read"),
    ],
)
def test_what_is_broken_is_said(source: Source, name: str, text: str | None, words: str) -> None:
    file = pages_folder(source) / name
    file.unlink() if text is None else file.write_text(text)
    with pytest.raises(SourceError, match=words):
        replay(source)

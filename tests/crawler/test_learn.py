"""What the pages of one source have in common, and reading by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive.coding import decode, encode
from crawler.learn import ENOUGH, OTHER_LAYOUT, Learner, PageIn, Profile, entry_of
from crawler.reading.document import read_document
from crawler.reading.page import read_parsed
from crawler.reading.path import find_at, path_of
from demo.site import JOURNALS, make_site
from tests.factories import source
from tests.redesigns import JOURNAL, READABLE, Piece, original, piece

if TYPE_CHECKING:
    from collections.abc import Callable

    from archive.model import Entry
    from sources.model import Source

VISITED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
BRIDGE = source(id="bridge", title=JOURNAL, lists=("https://bridge.example/",))


def page(of: Piece, layout: Callable[[Piece], str] = original) -> PageIn:
    return PageIn(body=layout(of).encode(), url=f"https://bridge.example{of.path}", visited=VISITED)


def learned(layout: Callable[[Piece], str] = original) -> Learner:
    """A learner that has read enough pages of a layout."""
    learner = Learner(BRIDGE)
    for number in range(1, ENOUGH + 1):
        learner.read(page(piece(number), layout))
    return learner


def thoroughly(one: PageIn, of: Source = BRIDGE) -> Entry:
    document = read_document(one.body, url=one.url, http_charset=one.http_charset)
    return entry_of(read_parsed(document, visited=one.visited, source=of).raw, one, of)


def test_a_profile_comes_with_the_third_page_that_agrees() -> None:
    learner = Learner(BRIDGE)
    told = [learner.read(page(piece(number))).has_learned for number in range(1, 5)]
    assert told == [False, False, True, False]
    assert learner.profile is not None
    assert learner.profile.shape.body == "body>div.main>div.content"
    assert learner.profile.titles == ("h1",)


# In a table without a single name, the menu stands in the element of the text: nothing is learned.
NAMELESS = "tables"


@pytest.mark.parametrize("name", [each for each in READABLE if each != NAMELESS])
def test_by_its_profile_a_page_reads_as_the_thorough_way_reads_it(name: str) -> None:
    learner = learned(READABLE[name])
    assert learner.profile is not None
    for number in range(4, 12):
        one = page(piece(number), READABLE[name])
        read = learner.read(one)
        assert read.misfit is None
        entry = read.entry
        assert replace(entry, found={}) == replace(thoroughly(one), found={})


def test_where_names_tell_nothing_each_page_is_read_thoroughly() -> None:
    learner = learned(READABLE[NAMELESS])
    assert learner.profile is None
    one = page(piece(9), READABLE[NAMELESS])
    entry = learner.read(one).entry
    assert replace(entry, found={}) == replace(thoroughly(one), found={})


@pytest.mark.parametrize("journal", JOURNALS, ids=lambda journal: journal.ID)
def test_the_sample_journals_are_learned_and_read_right(journal: object) -> None:
    site = make_site(VISITED)
    expected = [each for each in site.expected() if each.source_id == journal.ID]  # type: ignore[attr-defined]
    of = source(id=journal.ID, zone=expected[0].zone)  # type: ignore[attr-defined]
    learner = Learner(of)
    for each in expected:
        shown = site._pages[each.path]
        one = PageIn(body=shown.body, url=f"https://demo.example{each.path}", visited=VISITED)
        entry = learner.read(one).entry
        assert entry.title == each.title
        assert entry.published is not None
        assert entry.published.value == each.published
        assert (entry.notice.class_ if entry.notice else "none") == each.notice
        assert len(entry.text or "") > 100
    assert learner.profile is not None


def test_a_page_of_another_layout_is_read_thoroughly_and_told() -> None:
    one = page(piece(9), READABLE["own_ids"])
    read = learned().read(one)
    assert (read.misfit, read.has_other_layout) == (OTHER_LAYOUT, True)
    entry = read.entry
    assert replace(entry, found={}) == replace(thoroughly(one), found={})


@pytest.mark.parametrize(
    ("before", "after", "misfit"),
    [
        (f"发布时间:{piece(9).day}", "阅读次数:300", "no date where dates were"),
        (f"<h1>{piece(9).title}</h1>", f"<h1>{JOURNAL}</h1>", "no title where titles were"),
        ("如需转载,请注明来源。", "感谢阅读。", "no notice where notices were"),
    ],
)
def test_a_page_that_lacks_what_all_had_is_read_thoroughly(
    before: str, after: str, misfit: str
) -> None:
    html = original(piece(9)).replace(before, after)
    one = replace(page(piece(9)), body=html.encode())
    read = learned().read(one)
    assert read.misfit == misfit
    assert not read.has_other_layout


def test_a_page_with_hardly_any_text_is_read_thoroughly() -> None:
    html = original(piece(9))
    for text in piece(9).paragraphs:
        html = html.replace(f"<p>{text}</p>", "")
    read = learned().read(replace(page(piece(9)), body=html.encode()))
    assert read.misfit == "hardly any text where texts were"


def test_pages_that_do_not_agree_teach_nothing_until_they_do() -> None:
    learner = Learner(BRIDGE)
    learner.read(page(piece(1), READABLE["flat"]))
    for number in (2, 3, 4):
        learner.read(page(piece(number)))
    assert learner.profile is None
    for number in (5, 6):
        learner.read(page(piece(number)))
    assert learner.profile is not None


def test_a_profile_survives_the_store() -> None:
    profile = learned().profile
    assert profile is not None
    since = replace(profile, since=VISITED)
    assert decode(Profile, encode(since)) == since
    reader = Learner(BRIDGE, decode(Profile, encode(profile)))
    assert reader.read(page(piece(9))).misfit is None


def test_a_profile_of_another_release_is_learned_anew() -> None:
    profile = learned().profile
    assert profile is not None
    assert Learner(BRIDGE, replace(profile, version=0)).profile is None


def test_a_script_that_shows_every_page_alike_is_never_learned() -> None:
    learner = Learner(BRIDGE)
    for number in range(1, 7):
        shell = f"<html><body><div id='root'></div><script>load({number})</script></body></html>"
        learner.read(replace(page(piece(number)), body=shell.encode()))
    assert learner.profile is None


@pytest.mark.parametrize("name", READABLE)
def test_every_element_is_found_again_at_its_path(name: str) -> None:
    document = read_document(READABLE[name](piece(3)).encode(), url=None)
    for element in document.elements:
        assert find_at(document.tree, path_of(element)) is element
    assert find_at(document.tree, "body>div.nowhere") is None
    assert find_at(document.tree, "body>div.nav[7]") is None


def test_a_path_knows_no_numbers_of_articles() -> None:
    html = (
        "<body><article id='post-12' class='post-12 hentry odd'><p class='c3 lead'>x</p></article>"
    )
    document = read_document(html.encode(), url=None)
    (paragraph,) = document.tree.iter("p")
    assert path_of(paragraph) == "body>article>p.c.lead"

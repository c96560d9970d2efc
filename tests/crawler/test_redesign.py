"""A journal is redesigned while it is followed: what becomes of its feeds."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from archive.model import Outcome
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import listing
from tests.redesigns import JOURNAL, READABLE, UNREADABLE, Piece, original, piece

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from house.rooms import House

pytestmark = pytest.mark.slow

FIRST = [piece(number) for number in range(8, 0, -1)]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source(title=JOURNAL)
        show(bench, FIRST, original)
        assert bench.poll().new == len(FIRST)
        yield bench


def show(bench: Bench, pieces: Sequence[Piece], layout: Callable[[Piece], str]) -> None:
    """The site as it stands with these articles in this layout."""
    bench.site.page("/list.html", listing([(each.path, each.title, each.day) for each in pieces]))
    for each in pieces:
        bench.site.page(each.path, layout(each))


def kept(bench: Bench) -> dict[str, tuple[str | None, str | None, int]]:
    """Title, day and revision of every entry by its path."""
    return {
        each.entry.url.removeprefix(bench.site.url): (
            each.entry.title,
            (each.entry.published.value or "")[:10] if each.entry.published else None,
            each.revision,
        )
        for each in bench.entries()
    }


def as_printed(pieces: Sequence[Piece]) -> dict[str, tuple[str, str, int]]:
    return {each.path: (each.title, each.day, 1) for each in pieces}


def kinds(bench: Bench) -> list[str]:
    async def read(house: House) -> list[str]:
        return [event.kind for event in house.store.events("magazine")]

    return bench.inside(read)


def texts(bench: Bench) -> dict[str, str]:
    document = json.loads(bench.published()["magazine/feed.json"])
    return {item["title"]: item["content_html"] for item in document["items"]}


def test_the_first_articles_of_a_source_bring_a_profile(bench: Bench) -> None:
    assert kept(bench) == as_printed(FIRST)
    assert kinds(bench).count("profile-learned") == 1


@pytest.mark.parametrize("name", READABLE)
def test_a_journal_is_read_on_after_it_was_redesigned(bench: Bench, name: str) -> None:
    """No person does anything; then the new layout is learned."""
    pieces = FIRST
    for number in (9, 10, 11, 12):
        pieces = [piece(number), *pieces]
        show(bench, pieces, READABLE[name])
        assert bench.poll().outcome is Outcome.NEW
    assert kept(bench) == as_printed(pieces)
    for each in pieces:
        assert each.paragraphs[0] in texts(bench)[each.title]
        assert each.paragraphs[-1] in texts(bench)[each.title]
    assert kinds(bench).count("profile-changed") == 1


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_redesign_that_cannot_be_read_publishes_nothing_and_tells_a_person(
    bench: Bench, name: str
) -> None:
    before = bench.published()
    pieces = [piece(9), *FIRST]
    show(bench, pieces, UNREADABLE[name])
    poll = bench.poll()
    assert poll.outcome is Outcome.CHANGED
    assert "another layout" in poll.reason
    assert bench.published() == before
    assert kept(bench) == as_printed(FIRST)
    # When the site is mended, nothing is lost.
    show(bench, pieces, original)
    assert bench.poll().outcome is Outcome.NEW
    assert kept(bench) == as_printed(pieces)


def test_one_odd_page_is_no_redesign(bench: Bench) -> None:
    """A special page in a layout of its own is read thoroughly, once known pages are as before."""
    show(bench, [piece(9), *FIRST], original)
    bench.site.page(piece(9).path, READABLE["tables"](piece(9)))
    assert bench.poll().outcome is Outcome.NEW
    assert kept(bench) == as_printed([piece(9), *FIRST])
    assert "profile-changed" not in kinds(bench)

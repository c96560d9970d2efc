"""The measurements measure what they say: each once, small."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.__main__ import document
from benchmarks.measure import Row, Section, run
from benchmarks.pages import PAGE_BYTES, article
from benchmarks.server import open_server

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    with open_server() as base:
        yield base


def test_an_unchanged_poll_writes_no_file(base: str) -> None:
    for kind in ("unchanged", "unchanged-old"):
        told = run("polling", kind, base, 32, 4)
        assert told["files"] == 0
        assert told["ms"] > 0


def test_a_new_article_is_followed_to_its_feed(base: str) -> None:
    told = run("polling", "new", base, 3, 4)
    parts = told["request"] + told["keep"] + told["publish"]
    assert told["extractor"] < told["keep"]
    assert parts == pytest.approx(told["ms"], rel=0.3)


def test_what_the_archive_adds_is_a_part_of_an_articles_way(base: str) -> None:
    told = run("archiving", base, 1, 2)
    assert 0 < told["archive"] < told["ms"]
    # The page, and more: request, heads, and what was read of it.
    assert told["kept"] > told["sent"] > 0
    assert told["seen"] > 0


def test_a_wake_among_many_sources_starts_those_that_are_due() -> None:
    # choosing.py asserts that all 16 were started, round for round.
    assert run("choosing", 64)["ms"] > 0


def test_every_kind_of_search_finds_something() -> None:
    told = run("searching", 600)
    found = {what: each["found"] for what, each in told["searches"].items()}
    assert found.pop("two letters, in most") > 400
    assert {what for what, count in found.items() if not count} <= {
        *("four letters, rare", "in most, of one author", "no words, of one author"),
    }
    assert told["adding"] > 0
    assert told["sizes"]["index"] > 0.3 * told["text"]


@pytest.mark.parametrize("way", ["object", "long-lived"])
def test_both_ways_fetch_a_list_and_its_articles(base: str, way: str) -> None:
    # crawlers.py asserts that every page came.
    assert run("crawlers", base, 2, way)["ms"] > 0


def test_a_page_has_the_size_that_is_told() -> None:
    assert len(article(7)) == pytest.approx(PAGE_BYTES, rel=0.01)


def test_a_bound_that_is_not_kept_is_told_so() -> None:
    rows = [
        Row(what="a wake", ours="2 ms", bare="1 ms", figure=2.0, bound=bound) for bound in (1.5, 2)
    ]
    text = document({"choosing": Section(title="Choosing", words="…", rows=rows)})
    assert "| a wake | 2 ms | 1 ms | 2.00 × | ≤ 1.5 × | **no** |" in text
    assert "| a wake | 2 ms | 1 ms | 2.00 × | ≤ 2 × | yes |" in text

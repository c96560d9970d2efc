"""Visits that find nothing to do, one after the other in one process: each must see what came."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.model import Outcome
from house.visits import poll_once
from sources.model import Limits
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from house.rooms import House

pytestmark = pytest.mark.slow

ROWS = [
    ("/a/2.html", "第二篇的题目", "2026-11-12"),
    ("/a/1.html", "第一篇的题目", "2026-11-05"),
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing(ROWS))
        for path, title, day in ROWS:
            site.page(path, article(title, day=day))
        yield bench


def rounds(bench: Bench, *before: Callable[[House], object]) -> list[Outcome]:
    """One round for each, in one process; each is called before its round."""

    async def main(house: House) -> list[Outcome]:
        outcomes = []
        for act in before:
            act(house)
            await house.refresh()
            outcomes += [poll.outcome for poll in await poll_once(house, house.sources)]
        return outcomes

    return bench.inside(main)


def nothing(house: House) -> None:
    """Leave everything as it is."""


def no_memory(house: House) -> None:
    """From now on a visit that asks the store what it knows breaks."""
    house.store.memory = None  # type: ignore[method-assign, assignment]


def test_a_source_at_rest_is_visited_without_asking_the_store(bench: Bench) -> None:
    ends = rounds(bench, nothing, nothing, no_memory, nothing)
    assert ends == [Outcome.NEW, *[Outcome.UNCHANGED] * 3]
    assert bench.site.paths() == ["/list.html", "/a/1.html", "/a/2.html", *["/list.html"] * 3]
    polls = bench.inside(lambda house: read_polls(house))
    assert [poll.outcome for poll in polls] == ends[::-1]


async def read_polls(house: House) -> list[object]:
    return list(house.store.polls("magazine"))


def test_a_new_article_after_a_rest_is_found_alone(bench: Bench) -> None:
    def publish(house: House) -> None:
        bench.site.forget()
        bench.site.page("/a/3.html", article("第三篇的题目", day="2026/11/20"))
        bench.site.page("/list.html", listing([("/a/3.html", "第三篇的题目", "2026-11-20"), *ROWS]))

    ends = rounds(bench, nothing, nothing, nothing, publish, nothing)
    assert ends == [
        Outcome.NEW,
        Outcome.UNCHANGED,
        Outcome.UNCHANGED,
        Outcome.NEW,
        Outcome.UNCHANGED,
    ]
    assert bench.site.paths() == ["/list.html", "/a/3.html", "/list.html"]


def test_a_list_that_changes_its_bytes_alone_is_read_and_remembered(bench: Bench) -> None:
    def advertise(house: House) -> None:
        bench.site.page("/list.html", listing(ROWS) + "<!-- 广告 -->")

    ends = rounds(bench, nothing, nothing, advertise, nothing)
    assert ends == [Outcome.NEW, *[Outcome.UNCHANGED] * 3]
    # Asked with the new validators: the last answer had no body.
    assert bench.site.asked[-1].headers["if-none-match"] != bench.site.asked[-2].headers.get(
        "if-none-match"
    )


def test_an_empty_list_after_a_rest_knows_how_many_articles_there_were(bench: Bench) -> None:
    def empty(house: House) -> None:
        bench.site.page("/list.html", "<html><body><a href='/'>首页</a></body></html>")

    ends = rounds(bench, nothing, nothing, nothing, empty, nothing)
    assert ends[-2:] == [Outcome.CHANGED, Outcome.CHANGED]


def test_a_source_file_that_changed_is_walked_anew(bench: Bench) -> None:
    def rewrite(house: House) -> None:
        bench.site.forget()
        bench.write_source(title="某某杂志新刊")

    rounds(bench, nothing, nothing, nothing, rewrite)
    assert "if-none-match" not in bench.site.asked[-1].headers


def test_a_rest_ends_when_an_article_is_to_be_looked_at_again(bench: Bench) -> None:
    # Longer than two rounds take, the body extractor's first use among them.
    bench.limits = Limits(recheck=(timedelta(seconds=5),))
    bench.more = '[limits]\nrecheck = ["5s"]\n'
    bench.write_source()

    def sleep(house: House) -> None:
        bench.site.forget()
        time.sleep(5.1)

    rounds(bench, nothing, nothing, sleep)
    assert sorted(bench.site.paths()) == ["/a/1.html", "/a/2.html", "/list.html"]


def test_an_article_that_failed_comes_by_itself_when_its_time_has_come(bench: Bench) -> None:
    """The list is unmodified and not read: without a try of its own the article were lost."""
    bench.site.page("/a/2.html", "<html>busy</html>", status=503)
    assert bench.poll().outcome is Outcome.PARTIAL
    bench.site.page("/a/2.html", article("第二篇的题目", day="2026-11-12"))

    assert bench.poll().outcome is Outcome.UNCHANGED

    def an_hour_later(house: House) -> None:
        (miss,) = house.store.memory("magazine").misses.values()
        (poll, *_) = house.store.polls("magazine")
        over = replace(miss, retry_at=poll.ended - timedelta(hours=1))
        house.store.end_poll(poll, due=poll.ended, failures=0, misses=[over])

    bench.site.forget()
    assert rounds(bench, an_hour_later) == [Outcome.NEW]
    assert bench.site.paths() == ["/list.html", "/a/2.html"]
    assert {each.entry.title for each in bench.entries()} == {"第一篇的题目", "第二篇的题目"}

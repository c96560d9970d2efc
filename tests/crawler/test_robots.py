"""robots.txt of a real site, asked by a running crawl: how much of it is read, how long it is
kept. Which answers forbid and which allow is in test_fetch.py."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from crawler.robots import KEPT, READ_BYTES, TAKEN_BYTES, RobotsPolicy, Rules, first_lines, is_over
from foundation.errors import RefusedError, UnreachableError
from sources.model import Limits
from tests.crawler.crawling import in_a_crawl
from tests.fake_site import FakeSite, open_fake_site

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crawler.service import Crawl


NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with open_fake_site() as site:
        site.page("/a", "<p>page</p>")
        site.page("/private/a", "<p>page</p>")
        yield site


def policy_of(crawl: Crawl) -> RobotsPolicy:
    assert crawl._crawler is not None
    policy = crawl._crawler.get_downloader_middleware(RobotsPolicy)
    assert policy is not None
    return policy


async def finished(rules: Rules) -> asyncio.Task[Rules]:
    async def give() -> Rules:
        return rules

    task = asyncio.ensure_future(give())
    await task
    return task


async def broken(error: Exception) -> asyncio.Task[Rules]:
    async def give() -> Rules:
        raise error

    task = asyncio.ensure_future(give())
    await asyncio.wait({task})
    return task


def test_a_long_robots_txt_is_read_as_far_as_must_be(site: FakeSite) -> None:
    rules = b"User-agent: *\nDisallow: /private/\n"
    site.bare("/robots.txt", rules + b"# more\n" * 86_000)

    async def visit(crawl: Crawl) -> None:
        fetch = crawl.fetcher(Limits())
        assert (await fetch(f"{site.url}/a")).status == 200
        with pytest.raises(RefusedError, match=r"robots\.txt"):
            await fetch(f"{site.url}/private/a")

    in_a_crawl(visit)


def test_a_robots_txt_without_end_is_no_permission(site: FakeSite) -> None:
    site.bare("/robots.txt", b"# more\n" * (TAKEN_BYTES // 7 + 1))

    async def visit(crawl: Crawl) -> None:
        with pytest.raises(UnreachableError, match="larger than the limit"):
            await crawl.fetcher(Limits())(f"{site.url}/a")

    in_a_crawl(visit)
    assert site.paths() == []


@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_half_a_rule_is_no_rule(end: bytes) -> None:
    line = b"Disallow: /a-longer-path/" + end
    body = line * (READ_BYTES // len(line) + 10)
    read = first_lines(body)
    assert READ_BYTES - len(line) <= len(read) <= READ_BYTES
    assert body.startswith(read)
    assert read.endswith((end, end[:1]))
    assert first_lines(line) == line


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_robots_txt_says_when_to_come_again(site: FakeSite, status: int) -> None:
    site.bare("/robots.txt", "later", status=status, Retry_After="3600")

    async def visit(crawl: Crawl) -> None:
        with pytest.raises(UnreachableError, match=f"it answered {status}") as raised:
            await crawl.fetcher(Limits())(f"{site.url}/a")
        assert raised.value.retry_after == timedelta(hours=1)

    in_a_crawl(visit)


def test_rules_that_are_too_old_are_not_held_for_years(site: FakeSite) -> None:
    async def visit(crawl: Crawl) -> None:
        policy = policy_of(crawl)
        now = datetime.now(UTC)
        old, fresh, bug = "http://old.example", "http://fresh.example", "http://bug.example"
        policy._rules = {
            old: await finished(Rules(until=now - timedelta(seconds=1))),
            fresh: await finished(Rules(until=now + KEPT)),
            bug: await broken(TypeError("ours")),
        }
        await crawl.fetcher(Limits())(f"{site.url}/a")
        assert set(policy._rules) == {fresh, site.url}

    in_a_crawl(visit)


def test_a_bug_in_the_asking_is_not_raised_again_by_the_next(site: FakeSite) -> None:
    async def visit(crawl: Crawl) -> None:
        policy_of(crawl)._rules[site.url] = await broken(TypeError("ours"))
        assert (await crawl.fetcher(Limits())(f"{site.url}/a")).status == 200

    in_a_crawl(visit)


def test_what_is_still_being_asked_for_is_not_over() -> None:
    async def ask() -> None:
        task: asyncio.Task[Rules] = asyncio.ensure_future(asyncio.sleep(60, Rules(until=NOW)))
        assert not is_over(task, NOW)
        task.cancel()
        await asyncio.wait({task})
        assert is_over(task, NOW)
        assert is_over(await finished(Rules(until=NOW)), NOW)
        assert not is_over(await finished(Rules(until=NOW + KEPT)), NOW)

    asyncio.run(ask())

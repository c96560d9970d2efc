"""What a walk asks for, visit after visit, on a site that is a dict of pages. The protocol is that
of crawler.fetch; the same on a real server is in test_poll.py."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from archive.model import KnownLink, ListedLink, ListState, Miss, Outcome, SourceMemory
from crawler.fetch import Answer
from crawler.listed import reads_otherwise, steady_day
from crawler.normalise.url import canonical
from crawler.outcome import judge
from crawler.pipeline import miss_of
from crawler.walk import (
    PAGES_MOST,
    UNANSWERED_MOST,
    Listed,
    Step,
    Unanswered,
    Vanished,
    Visited,
    Walk,
)
from foundation.errors import MissingError, RefusedError, SiteError, UnreachableError
from sources.model import Expect, Limits, Source
from tests.journal_pages import article, listing

SITE = "https://magazine.example"
START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Site:
    """Pages by path; an error in the place of a page is raised. What a visit would keep is kept."""

    pages: dict[str, str | SiteError] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    now: datetime = START
    known: dict[str, KnownLink] = field(default_factory=dict)
    misses: dict[str, Miss] = field(default_factory=dict)
    lists: dict[str, ListState] = field(default_factory=dict)
    walked: datetime | None = None

    async def fetch(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        path = url.removeprefix(SITE)
        self.asked.append(path)
        page = self.pages.get(path, MissingError(f"{path} was not found (404)"))
        if isinstance(page, SiteError):
            raise page
        return Answer(url=url, status=200, headers={}, body=page.encode(), exchanges=())

    def list(self, *paths: str, count: int = 10, first: int = 1) -> list[int]:
        """Numbered articles on these list pages, the newest first, `count` a page."""
        total = count * len(paths)
        numbers = list(range(first + total - 1, first - 1, -1))
        for at, path in enumerate(paths):
            rows = [row(number) for number in numbers[at * count : (at + 1) * count]]
            after = paths[at + 1] if at + 1 < len(paths) else None
            self.pages[path] = listing(rows, next_page=after)
        for number in numbers:
            self.pages.setdefault(f"/a/{number}.html", article(f"第{number}篇文章的题目"))
        return numbers

    def visit(self, source: Source) -> tuple[Walk, list[Step]]:
        """One visit; what came is remembered as the archive would."""
        memory = SourceMemory(
            source_id=source.id,
            lists=dict(self.lists),
            known=dict(self.known),
            walked=self.walked,
            misses=dict(self.misses),
        )
        self.asked.clear()
        self.now += HOUR
        walk = Walk(source, memory, fetch=self.fetch, clock=lambda: self.now)

        async def all_steps() -> list[Step]:
            return [step async for step in walk.steps()]

        steps = asyncio.run(all_steps())
        self.remember(walk, steps)
        return walk, steps

    def remember(self, walk: Walk, steps: list[Step]) -> None:
        for step in steps:
            if isinstance(step, Visited):
                key = canonical(step.link.url)
                self.known[key] = known_link(step.link, self.now)
                self.misses.pop(key, None)
                walk.facts.articles += 1
                walk.facts.new += 1
            elif isinstance(step, Unanswered):
                key = canonical(step.known.url)
                self.known[key] = replace(self.known[key], last_asked=self.now)
        for failure in walk.facts.article_failures:
            key = canonical(failure.url)
            self.misses[key] = miss_of(failure, self.misses.get(key), self.now)
        if judge(walk.facts)[0].is_good and walk.is_whole:
            self.lists.update(walk.lists)
            self.walked = self.now

    def numbers(self) -> set[int]:
        return {int(key.rpartition("/")[2].partition(".")[0]) for key in self.known}


def row(number: int) -> tuple[str, str, str]:
    return (f"/a/{number}.html", f"第{number}篇文章的题目", "2026-11-20")


def known_link(link: ListedLink, now: datetime) -> KnownLink:
    return KnownLink(
        url=link.url,
        entry_id=link.url,
        title=link.title,
        published=link.published,
        first_seen=now,
        last_asked=now,
    )


def source(*lists: str, **fields: object) -> Source:
    plain: dict[str, object] = {"limits": Limits(recheck=(), pages=3)}
    return Source(
        id="magazine",
        title="某某杂志",
        lists=tuple(SITE + path for path in lists or ("/list.html",)),
        **(plain | fields),  # type: ignore[arg-type]
    )


def asked_lists(site: Site) -> list[str]:
    return [path for path in site.asked if path.startswith("/list")]


PAGES = ("/list.html", "/list_2.html", "/list_3.html", "/list_4.html", "/list_5.html")


def test_the_first_visit_ends_at_the_limit_and_counts_as_whole() -> None:
    site = Site()
    site.list(*PAGES)
    walk, _ = site.visit(source())
    assert asked_lists(site) == list(PAGES[:3])
    assert len(site.known) == 30
    assert walk.is_whole
    assert not walk.facts.has_gap


def test_an_overlong_list_page_says_how_many_links_were_left() -> None:
    site = Site()
    site.list("/list.html", count=3_100)
    walk, _ = site.visit(source(limits=Limits(recheck=(), entries=5)))
    assert walk.facts.links_left >= 100
    assert "links of an overlong list page were not looked at" in judge(walk.facts)[1]


def put_issues(site: Site, newest: int) -> None:
    """A journal on OJS whose issues lead to the archive and not to each other: four articles each,
    issue 12 holds 121 to 124."""
    menu = '<nav><a href="/j/issue/archive">Archives</a></nav>'
    for issue in range(newest, newest - 5, -1):
        rows = "".join(
            f'<div class="obj_article_summary"><h3><a href="/j/article/view/{number}">'
            f"第{number}篇文章的题目</a></h3></div>"
            for number in range(issue * 10 + 1, issue * 10 + 5)
        )
        site.pages[f"/j/issue/view/{issue}"] = f"<body>{menu}{rows}</body>"
        for number in range(issue * 10 + 1, issue * 10 + 5):
            site.pages[f"/j/article/view/{number}"] = article(f"第{number}篇文章的题目")
    site.pages["/j/issue/current"] = site.pages[f"/j/issue/view/{newest}"]
    site.pages["/j/issue/archive"] = "<body>{}</body>".format(
        "".join(
            f'<h2><a class="title" href="/j/issue/view/{issue}">No. {issue}</a></h2>'
            for issue in range(newest, newest - 5, -1)
        )
    )


def asked_issues(site: Site) -> list[str]:
    return [path.removeprefix("/j/issue/") for path in site.asked if "/issue/" in path]


@pytest.mark.parametrize("start", ["/j/issue/current", "/j/issue/archive"])
def test_issues_that_do_not_lead_to_each_other_are_walked_through_their_archive(start: str) -> None:
    site = Site()
    put_issues(site, 12)
    journal = source(start, platform="ojs", limits=Limits(recheck=(), pages=3))
    walk, _ = site.visit(journal)
    assert walk.is_whole
    assert {number // 10 for number in site.numbers()} == {12, 11, 10}
    put_issues(site, 15)
    walk, _ = site.visit(journal)
    assert {number // 10 for number in site.numbers()} == {15, 14, 13, 12, 11, 10}
    assert not walk.facts.has_gap
    assert asked_issues(site)[-1] == "view/12"
    site.visit(journal)
    assert len(asked_issues(site)) <= 2


def put_maps(site: Site, **maps: range) -> None:
    """An index of sitemaps, and each of them with articles of these numbers."""
    for name, numbers in maps.items():
        urls = "".join(f"<url><loc>{SITE}/a/{number}.html</loc></url>" for number in numbers)
        site.pages[f"/{name}.xml"] = f"<urlset>{urls}</urlset>"
        for number in numbers:
            site.pages[f"/a/{number}.html"] = article(f"第{number}篇文章的题目")
    rows = "".join(f"<sitemap><loc>{SITE}/{name}.xml</loc></sitemap>" for name in maps)
    site.pages["/sitemap.xml"] = f"<sitemapindex>{rows}</sitemapindex>"


def test_each_map_of_an_index_is_a_list_of_its_own() -> None:
    site = Site()
    put_maps(site, news=range(101, 104), essays=range(201, 204))
    walk, _ = site.visit(source("/sitemap.xml"))
    assert (walk.is_whole, walk.facts.lists, len(site.known)) == (True, 2, 6)
    put_maps(site, news=range(101, 104), essays=range(201, 205))
    walk, _ = site.visit(source("/sitemap.xml"))
    assert site.asked == ["/sitemap.xml", "/news.xml", "/essays.xml", "/a/204.html"]
    walk, _ = site.visit(source("/sitemap.xml"))
    assert judge(walk.facts)[0] is Outcome.UNCHANGED


def test_an_index_of_itself_and_of_others_ends() -> None:
    site = Site()
    loop = "".join(f"<sitemap><loc>{SITE}/{name}.xml</loc></sitemap>" for name in ("sitemap", "b"))
    site.pages["/sitemap.xml"] = site.pages["/b.xml"] = f"<sitemapindex>{loop}</sitemapindex>"
    walk, _ = site.visit(source("/sitemap.xml"))
    assert len(site.asked) <= 4
    assert judge(walk.facts)[0] is Outcome.EMPTY


def test_a_map_that_fails_is_told() -> None:
    site = Site()
    put_maps(site, news=range(101, 104), essays=range(201, 204))
    site.pages["/essays.xml"] = UnreachableError("no answer")
    walk, _ = site.visit(source("/sitemap.xml"))
    assert judge(walk.facts) == (Outcome.PARTIAL, "3 new, 1 of 2 list pages failed: no answer")


def test_a_list_whose_pages_all_show_the_same_ends_at_the_limit() -> None:
    site = Site()
    site.list("/list.html", count=10)
    rows = [row(number) for number in range(10, 0, -1)]
    for at in range(1, 9):
        site.pages[f"/list_{at}.html"] = listing(rows, next_page=f"/list_{at + 1}.html")
    site.pages["/list.html"] = listing(rows, next_page="/list_1.html")
    site.visit(source())
    assert asked_lists(site) == [
        "/list.html",
        "/list_1.html",
        "/list_2.html",
        "/list_3.html",
        "/list_4.html",
    ]


def test_what_a_capped_visit_left_is_taken_by_the_next_ones() -> None:
    site = Site()
    site.list("/list.html", count=10)
    site.visit(source())
    everything = set(site.list(*PAGES, count=12, first=11)) | set(range(1, 11))
    site.pages["/list_5.html"] = listing([row(n) for n in (*range(22, 10, -1), *range(10, 0, -1))])
    limits = Limits(recheck=(), entries=20)
    for _ in range(4):
        site.visit(source(limits=limits))
    assert site.numbers() == everything


def test_what_lies_behind_a_page_that_failed_is_taken_by_the_next_visit() -> None:
    site = Site()
    site.list("/list.html", count=10)
    site.visit(source())
    everything = set(site.list("/list.html", "/list_2.html", count=10, first=11)) | site.numbers()
    page_2, site.pages["/list_2.html"] = site.pages["/list_2.html"], UnreachableError("reset")
    walk, _ = site.visit(source())
    assert judge(walk.facts)[0] is Outcome.PARTIAL
    site.pages["/list_2.html"] = page_2
    site.visit(source())
    assert site.numbers() == everything


def test_a_front_page_does_not_make_a_column_known_ground() -> None:
    site = Site()
    both = source("/front.html", "/list.html")
    site.list("/list.html", count=5)
    site.pages["/front.html"] = site.pages["/list.html"]
    site.visit(both)
    numbers = site.list("/list.html", "/list_2.html", "/list_3.html", count=5, first=6)
    site.pages["/front.html"] = listing([row(number) for number in numbers[:5]])
    site.visit(both)
    assert site.numbers() == set(range(1, 21))


def test_a_dead_link_on_each_page_does_not_hide_known_ground() -> None:
    site = Site()
    site.list(*PAGES)
    for number in (50, 40, 30, 20, 10):
        site.pages[f"/a/{number}.html"] = MissingError("404")
    site.visit(source(limits=Limits(recheck=(), pages=9)))
    site.list("/list.html", count=11, first=41)
    site.pages["/list.html"] = listing(
        [row(number) for number in range(51, 40, -1)], next_page="/list_2.html"
    )
    site.visit(source())
    assert asked_lists(site) == ["/list.html", "/list_2.html"]
    assert 51 in site.numbers()


def test_a_visit_that_meets_no_known_ground_says_possible_gap() -> None:
    site = Site()
    site.list("/list.html", count=3)
    site.visit(source())
    paths = ["/list.html", *(f"/list_{at}.html" for at in range(2, PAGES_MOST + 5))]
    site.list(*paths, count=3, first=100)
    walk, _ = site.visit(source(limits=Limits(recheck=(), entries=500)))
    assert len(asked_lists(site)) == PAGES_MOST
    outcome, reason = judge(walk.facts)
    assert (outcome, "possible gap" in reason) == (Outcome.PARTIAL, True)


@pytest.mark.parametrize(
    "broken",
    [
        RefusedError("403"),
        UnreachableError("no answer"),
        "<html><body><a href='/x'>首页</a><a href='/y'>关于</a></body></html>",
    ],
)
def test_a_list_that_does_not_fit_ends_the_visit(broken: str | SiteError) -> None:
    site = Site()
    site.list("/list.html", count=5)
    looked = source(limits=Limits(recheck=(HOUR,)))
    site.visit(looked)
    site.pages["/list.html"] = broken
    site.now += 5 * HOUR
    _, steps = site.visit(looked)
    assert site.asked == ["/list.html"]
    assert [step for step in steps if not isinstance(step, Listed)] == []


def test_fewer_articles_than_expected_are_not_even_asked_for() -> None:
    site = Site()
    site.list("/list.html", count=2)
    walk, steps = site.visit(source(expect=Expect(links_min=5)))
    assert judge(walk.facts)[0] is Outcome.CHANGED
    assert [type(step) for step in steps] == [Listed]


def test_known_articles_that_do_not_answer_take_turns() -> None:
    site = Site()
    site.list("/list.html", count=6)
    looked = source(limits=Limits(recheck=(HOUR,), rechecks=2))
    site.visit(looked)
    for number in range(1, 7):
        site.pages[f"/a/{number}.html"] = RefusedError("403")
    asked: set[str] = set()
    for _ in range(3):
        walk, _ = site.visit(looked)
        assert judge(walk.facts)[0] is Outcome.PARTIAL
        asked |= {path for path in site.asked if path.startswith("/a/")}
    assert len(asked) == 6


def test_a_page_that_is_missing_is_asked_for_again_the_next_day() -> None:
    site = Site()
    site.list("/list.html", count=1)
    looked = source(limits=Limits(recheck=(HOUR,)))
    site.visit(looked)
    (key,) = site.known
    site.pages["/a/1.html"] = MissingError("404")
    _, steps = site.visit(looked)
    assert [type(step) for step in steps] == [Vanished]
    site.known[key] = replace(site.known[key], last_asked=site.now, missing=site.now)
    assert site.visit(looked)[1] == []
    site.now += timedelta(hours=20)
    assert [type(step) for step in site.visit(looked)[1]] == [Vanished]


def test_a_site_that_stops_answering_is_left_for_the_next_visit() -> None:
    site = Site()
    site.list("/list.html", count=20)
    for number in range(1, 21):
        site.pages[f"/a/{number}.html"] = UnreachableError("it did not answer in time")
    walk, _ = site.visit(source())
    assert len(site.asked) == 1 + UNANSWERED_MOST
    assert judge(walk.facts)[0] is Outcome.UNREACHABLE
    assert not walk.is_whole


def test_a_title_that_a_second_list_shortens_is_no_change() -> None:
    site = Site()
    both = source("/list.html", "/column.html")
    site.list("/list.html", count=5)
    site.visit(both)
    short = [(path, f"{title[:4]}…", day) for path, title, day in map(row, range(5, 0, -1))]
    site.pages["/column.html"] = listing(short)
    site.visit(both)
    assert [path for path in site.asked if path.startswith("/a/")] == []


def test_a_walk_that_is_cut_short_is_not_whole() -> None:
    site = Site()
    site.list("/list.html", count=5)
    memory = SourceMemory(source_id="magazine", lists={}, known={}, walked=None)
    walk = Walk(source(), memory, fetch=site.fetch, clock=lambda: site.now)

    async def two_steps() -> None:
        steps = walk.steps()
        await anext(steps)
        await anext(steps)
        await steps.aclose()

    asyncio.run(two_steps())
    assert not walk.is_done
    assert not walk.is_whole


@pytest.mark.parametrize(
    ("title", "published", "is_other"),
    [
        ("题目", "2026-11-20", False),
        ("题 目", "2026年11月20日", False),
        (None, None, False),
        ("别的题目", "2026-11-20", True),
        ("题目", "2026-11-21", True),
        ("题目", "3小时前", False),
    ],
)
def test_a_row_reads_otherwise_only_for_its_words(
    title: str | None, published: str | None, is_other: bool
) -> None:
    known = known_link(ListedLink(url=SITE, title="题目", published="2026-11-20"), START)
    row = ListedLink(url=SITE, title=title, published=published)
    assert reads_otherwise(row, known) is is_other


def test_hours_ago_have_no_day_that_stays() -> None:
    assert steady_day("3小时前") is None
    assert steady_day("2026-11-20 08:05") == "2026-11-20"
    assert steady_day(None) is None

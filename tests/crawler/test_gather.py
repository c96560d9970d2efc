"""Page requisites: asked for after the article is published, once a month, within caps."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from archive.exchange import Role
from archive.model import Outcome
from archive.owed import Awaited
from archive.warc import belonging_of, read_records
from crawler.gather import GATHER_MOST, TRIES_MOST, Gatherer, put_off
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.owed import Owing
    from foundation.settings import Settings
    from house.rooms import House

pytestmark = pytest.mark.slow

ROWS = [("/a/1.html", "账本里的商标", "2026-11-05")]
SHEET = "@import 'more.css'; body { background: url(/i/paper.png) }"
NAMED = (
    '<link rel="stylesheet" href="/s/main.css"><img src="/i/1.png"><img src="/i/gone.png">'
    '<a href="/1.pdf">PDF</a><img src="http://hm.baidu.com/hm.gif">'
    '<img src="http://10.0.0.9/inside.png"></body>'
)
PICTURE = b"\x89PNG" + bytes(range(256)) * 20


class Gathering(Bench):
    """A bench with settings of its own."""

    changes: dict[str, object]

    @property
    def settings(self) -> Settings:
        return replace(super().settings, **self.changes)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Gathering]:
    with open_fake_site() as site:
        bench = Gathering(folder=tmp_path, site=site)
        bench.changes = {}
        bench.write_source()
        show(bench, ROWS)
        site.page("/s/main.css", SHEET, content_type="text/css")
        site.page("/s/more.css", "p { color: #333 }", content_type="text/css")
        for name in ("1", "2", "paper"):
            site.page(f"/i/{name}.png", PICTURE + name.encode(), content_type="image/png")
        yield bench


def show(bench: Bench, rows: list[tuple[str, str, str]], named: str = NAMED) -> None:
    bench.site.page("/list.html", listing(rows))
    for path, title, day in rows:
        bench.site.page(path, article(title, day=day).replace("</body>", named))


def requisites(bench: Bench) -> dict[str, str]:
    """What is captured as a requisite, by path, and the page that it belongs to."""
    return dict(belongings(bench))


def belongings(bench: Bench) -> list[tuple[str, str]]:
    """The same, each as often as it is captured."""
    found: list[tuple[str, str]] = []
    pages: dict[str, str] = {}
    for file in bench.captures():
        with file.open("rb") as opened:
            for record in read_records(opened):
                belonging = belonging_of(record)
                if record.headers["WARC-Type"] in ("response", "revisit") and belonging:
                    path = record.headers["WARC-Target-URI"].removeprefix(bench.site.url)
                    pages[record.id] = path
                    if belonging.role is Role.REQUISITE:
                        found.append((path, pages[belonging.page or ""]))
    return found


def test_what_a_page_needs_to_be_shown_is_captured_after_it_is_published(bench: Bench) -> None:
    poll = bench.poll()
    assert (poll.outcome, poll.new, poll.requests) == (Outcome.NEW, 1, 2)
    gathered = ["/s/main.css", "/i/1.png", "/i/gone.png", "/s/more.css", "/i/paper.png"]
    assert bench.site.paths() == ["/list.html", "/a/1.html", *gathered]
    assert requisites(bench) == dict.fromkeys(gathered, "/a/1.html")
    (asked,) = (each for each in bench.site.asked if each.path == "/i/1.png")
    assert asked.headers["referer"] == f"{bench.site.url}/a/1.html"


def test_no_article_waits_for_its_requisites(bench: Gathering) -> None:
    """They never come, and the feed is there while the first of them is waited for."""
    bench.changes = {"timeout": timedelta(seconds=30)}
    for path in ("/s/main.css", "/i/1.png", "/i/gone.png"):
        bench.site.never_answers(path)

    async def visit(house: House) -> None:
        (source,) = house.sources
        poll = await house.poll(source)
        assert poll.outcome is Outcome.NEW
        await house.publications.publish()
        assert "账本里的商标".encode() in bench.published()["magazine/atom.xml"]
        assert "/i/1.png" not in bench.site.paths()

    bench.inside(visit)


def test_a_requisite_is_asked_for_once_a_month_also_after_a_restart(bench: Bench) -> None:
    bench.poll()
    bench.site.forget()
    rows = [("/a/2.html", "一家店的二十年", "2026-11-12"), *ROWS]
    show(bench, rows, NAMED.replace("1.png", "2.png"))
    assert bench.poll().new == 1
    assert bench.site.paths() == ["/list.html", "/a/2.html", "/i/2.png"]


def test_a_revised_article_has_its_new_pictures_captured(bench: Bench) -> None:
    bench.poll()
    bench.site.forget()
    rows = [("/a/1.html", "账本里的老商标", "2026-11-05")]
    show(bench, rows, NAMED.replace("1.png", "2.png"))
    assert bench.poll().revised == 1
    assert bench.site.paths() == ["/list.html", "/a/1.html", "/i/2.png"]


@pytest.mark.parametrize(
    ("changes", "paths"),
    [
        ({"requisites": 0}, []),
        ({"requisites": 2}, ["/s/main.css", "/i/1.png"]),
        ({"page_bytes": 1024}, ["/s/main.css", "/i/1.png"]),
    ],
)
def test_requisites_stay_within_the_operators_caps(
    bench: Gathering, changes: dict[str, object], paths: list[str]
) -> None:
    bench.changes = changes
    assert bench.poll().outcome is Outcome.NEW
    assert bench.site.paths() == ["/list.html", "/a/1.html", *paths]
    assert sorted(requisites(bench)) == sorted(paths)


def test_a_requisite_too_large_costs_nothing_but_itself(bench: Gathering) -> None:
    bench.changes = {"requisite_bytes": 4096}
    assert bench.poll().outcome is Outcome.NEW
    assert sorted(requisites(bench)) == ["/i/gone.png", "/s/main.css", "/s/more.css"]


def test_a_site_that_asks_to_wait_is_asked_for_no_more_requisites(bench: Bench) -> None:
    bench.site.bare("/s/main.css", "busy", status=503, Retry_After="60")
    assert bench.poll().outcome is Outcome.NEW
    assert bench.site.paths() == ["/list.html", "/a/1.html", "/s/main.css"]
    assert requisites(bench) == {}


def test_robots_txt_holds_for_requisites(bench: Bench) -> None:
    bench.site.bare("/robots.txt", "User-agent: *\nDisallow: /i/\n")
    assert bench.poll().outcome is Outcome.NEW
    assert sorted(requisites(bench)) == ["/s/main.css", "/s/more.css"]
    assert not [path for path in bench.site.paths() if path.startswith("/i/")]


# What is cut short


@dataclass
class Clock:
    """Real time, and what a test adds: at once, or each time that it is looked at."""

    ahead: timedelta = timedelta(0)
    step: timedelta = timedelta(0)
    fixed: datetime | None = None

    def __call__(self) -> datetime:
        self.ahead += self.step
        return (self.fixed or datetime.now(UTC)) + self.ahead


@dataclass
class Later:
    """Gathers once more, as after a visit that brought nothing, by a clock of the test's own."""

    bench: Bench
    clock: Clock = field(default_factory=Clock)

    def gather(self, *, is_well: bool = True) -> None:
        async def act(house: House) -> None:
            gatherer = Gatherer(
                house.settings,
                owed=house.store.owed,
                archivist=house._archivist,
                writer=house.writer,
                fetcher=house._crawl.fetcher,
                clock=self.clock,
            )
            gatherer.begin(house.sources[0], is_well=is_well)
            await gatherer.settle()

        self.bench.inside(act)


def owing(bench: Bench) -> list[Owing]:
    async def read(house: House) -> list[Owing]:
        return house.store.owed.of("magazine", datetime.now(UTC))

    return bench.inside(read)


def awaited(bench: Bench) -> list[str]:
    """What of this site is still to be asked for, by path, page after page."""
    urls = [one.url for page in owing(bench) for one in page.awaited]
    return [url.removeprefix(bench.site.url) for url in urls if url.startswith(bench.site.url)]


def stop_at(bench: Bench, path: str) -> None:
    """A visit that is stopped, as by SIGTERM, while this is waited for."""

    async def visit(house: House) -> None:
        await house.poll(house.sources[0])
        while path not in bench.site.paths():
            await asyncio.sleep(0.01)

    bench.inside(visit)


def test_what_a_stop_cuts_short_is_asked_for_at_the_next_visit(bench: Gathering) -> None:
    bench.changes = {"timeout": timedelta(seconds=30)}
    bench.site.never_answers("/i/1.png")
    stop_at(bench, "/i/1.png")
    assert sorted(requisites(bench)) == ["/s/main.css"]
    rest = ["/i/1.png", "/i/gone.png", "/s/more.css", "/i/paper.png"]
    assert awaited(bench) == rest
    bench.site.page("/i/1.png", PICTURE, content_type="image/png")
    bench.site.forget()
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert bench.site.paths() == ["/list.html", *rest]
    assert requisites(bench) == dict.fromkeys(["/s/main.css", *rest], "/a/1.html")
    # A 404 is an answer: nothing is owed any more.
    assert owing(bench) == []
    bench.site.forget()
    bench.poll()
    assert bench.site.paths() == ["/list.html"]


def test_what_a_kill_cuts_short_is_asked_for_after_the_next_start(bench: Gathering) -> None:
    bench.site.never_answers("/i/1.png")
    command = [sys.executable, "-m", "cli", "poll"]
    settings = {
        "KANLIU_DATA": str(bench.settings.data),
        "KANLIU_JOURNALS": str(bench.settings.journals),
        "KANLIU_ALLOW_ADDRESSES": "127.0.0.1/32",
        "KANLIU_DELAY": "0s",
        "KANLIU_TIMEOUT": "60s",
    }
    process = subprocess.Popen(command, env={**os.environ, **settings})
    try:
        while "/i/1.png" not in bench.site.paths():
            assert process.poll() is None
            time.sleep(0.05)
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    bench.site.page("/i/1.png", PICTURE, content_type="image/png")
    bench.site.forget()
    assert bench.poll().outcome is Outcome.UNCHANGED
    rest = ["/i/1.png", "/i/gone.png", "/s/more.css", "/i/paper.png"]
    assert bench.site.paths() == ["/list.html", *rest]
    assert requisites(bench) == dict.fromkeys(["/s/main.css", *rest], "/a/1.html")


def test_what_the_time_limit_cuts_short_is_asked_for_later_and_known_files_are_not(
    bench: Gathering,
) -> None:
    bench.changes = {"timeout": timedelta(seconds=30)}
    rows = [*ROWS, ("/a/2.html", "一家店的二十年", "2026-11-12")]
    show(bench, rows)
    bench.site.never_answers("/s/main.css")
    stop_at(bench, "/s/main.css")
    assert len(owing(bench)) == 2
    bench.site.page("/s/main.css", SHEET, content_type="text/css")
    bench.site.forget()
    # Looked at four times before and with the first file, and once more with each further one.
    Later(bench, Clock(step=GATHER_MOST / 5)).gather()
    came = bench.site.paths()
    assert came[0] == "/s/main.css"
    assert "/i/paper.png" not in came
    # The second page, which never had its turn, lacks less by what the first one brought.
    first, second = owing(bench)
    assert "/i/paper.png" in str(first.awaited)
    assert {one.url for one in second.awaited} == {
        f"{bench.site.url}{path}" for path in ("/i/1.png", "/i/gone.png") if path not in came
    } | {"http://10.0.0.9/inside.png"}
    bench.poll()
    assert owing(bench) == []
    assert len(bench.site.paths()) == len(set(bench.site.paths()))


def test_a_file_that_gets_no_answer_is_tried_again_with_growing_waits_and_given_up(
    bench: Bench,
) -> None:
    bench.site.bare("/i/1.png", "broken", status=500)
    bench.poll()
    assert awaited(bench) == ["/i/1.png"]
    (first,) = (one for page in owing(bench) for one in page.awaited)
    later = Later(bench)
    bench.site.forget()
    for tries in range(1, TRIES_MOST):
        later.gather()  # too early
        assert len(bench.site.paths()) == 2 * (tries - 1)
        later.clock.ahead += timedelta(hours=2 ** (tries - 1), minutes=1)
        later.gather(is_well=False)  # a site in trouble is asked for nothing more
        assert len(bench.site.paths()) == 2 * (tries - 1)
        later.gather()
        # A 500 is asked once more at once (crawler.settings): one try.
        assert bench.site.paths() == ["/i/1.png"] * 2 * tries
    assert owing(bench) == []
    assert "/i/1.png" not in requisites(bench)
    assert first.tries == 1


def test_a_wait_is_as_long_as_the_host_asked_for() -> None:
    now, each = datetime(2026, 11, 26, tzinfo=UTC), Awaited(url="https://x.example/1.png")
    again = put_off(each, now, timedelta(days=2))
    assert again == replace(each, tries=1, retry_at=now + timedelta(days=2))
    assert put_off(each, now, timedelta(minutes=1)) == put_off(each, now, None)
    assert put_off(replace(each, tries=TRIES_MOST - 1), now, None) is None


@pytest.mark.parametrize("changes", [{"requisites": 2}, {"page_bytes": 1024}])
def test_what_the_caps_leave_out_is_not_owed(bench: Gathering, changes: dict[str, object]) -> None:
    bench.changes = changes
    bench.site.bare("/s/main.css", "broken", status=500)
    bench.poll()
    assert awaited(bench) == ["/s/main.css"]
    bench.site.page("/s/main.css", SHEET, content_type="text/css")
    bench.site.forget()
    Later(bench, Clock(ahead=timedelta(hours=2))).gather()
    # It was counted already; what it names in turn is beyond the limit of files, as before.
    first = ["/s/main.css"] if "requisites" in changes else []
    assert bench.site.paths() == first
    assert owing(bench) == []


def test_without_requisites_what_was_owed_before_is_let_go(bench: Gathering) -> None:
    bench.site.bare("/i/1.png", "broken", status=500)
    bench.poll()
    bench.changes = {"requisites": 0}
    bench.site.forget()
    bench.poll()
    assert (bench.site.paths(), owing(bench)) == (["/list.html"], [])


def test_a_host_that_is_silent_keeps_nobody_from_the_others(bench: Bench) -> None:
    with socket.socket() as closed:  # bound, and nobody listens
        closed.bind(("127.0.0.1", 0))
        cdn = f"http://127.0.0.1:{closed.getsockname()[1]}"
        show(bench, ROWS, "".join(f'<img src="{cdn}/{n}.png">' for n in range(5)) + NAMED)
        bench.poll()
    assert "/i/1.png" in requisites(bench)
    assert "/i/paper.png" in requisites(bench)
    (page,) = owing(bench)
    assert [(one.url, one.tries) for one in page.awaited] == [
        (f"{cdn}/{n}.png", 1) for n in range(5)
    ]


def test_files_that_are_too_large_do_not_make_a_host_silent(bench: Gathering) -> None:
    bench.changes = {"requisite_bytes": 4096}
    for name in "abc":
        bench.site.page(f"/i/{name}.png", PICTURE, content_type="image/png")
    show(bench, ROWS, "".join(f'<img src="/i/{n}.png">' for n in "abc") + "<img src=/i/x.gif>")
    bench.poll()
    assert bench.site.paths()[-1] == "/i/x.gif"
    assert owing(bench) == []


def test_a_page_of_a_month_that_is_over_gets_captures_of_its_own(bench: Bench) -> None:
    """Packages of that month are made, or are being made, so that nothing can be shared there; but
    nothing is asked for twice."""
    rows = [*ROWS, ("/a/2.html", "一家店的二十年", "2026-11-12")]
    show(bench, rows, '<link rel="stylesheet" href="/s/main.css"><img src="/i/1.png"></body>')
    bench.site.bare("/s/main.css", "broken", status=500)
    bench.site.bare("/i/1.png", "broken", status=500)
    bench.poll()

    async def to_november(house: House) -> None:
        for page in house.store.owed.of("magazine", datetime.now(UTC)):
            due = tuple(replace(each, retry_at=None) for each in page.awaited)
            since = datetime(2026, 11, 30, 23, tzinfo=UTC)
            house.store.owed.keep(replace(page, awaited=due, since=since))

    bench.inside(to_november)
    bench.site.page("/s/main.css", SHEET, content_type="text/css")
    bench.site.page("/i/1.png", PICTURE, content_type="image/png")
    bench.site.forget()
    Later(bench, Clock(fixed=datetime(2026, 12, 1, 5, tzinfo=UTC))).gather()
    gathered = ["/s/main.css", "/i/1.png", "/s/more.css", "/i/paper.png"]
    assert bench.site.paths() == gathered
    assert sorted(belongings(bench)) == sorted(
        (path, page) for path in gathered for page in ("/a/1.html", "/a/2.html")
    )
    assert owing(bench) == []


def test_a_picture_that_breaks_off_is_tried_again_and_what_came_is_kept_at_last(
    bench: Bench,
) -> None:
    """`Content-Length` says more than what comes: the line broke, or the server counts wrongly."""
    bench.site.cuts_off("/i/1.png", PICTURE, content_type="image/png")
    bench.poll()
    assert awaited(bench) == ["/i/1.png"]
    assert "/i/1.png" not in requisites(bench)
    later = Later(bench, Clock(ahead=timedelta(days=3)))
    for _ in range(TRIES_MOST - 2):
        later.gather()
        later.clock.ahead += timedelta(days=3)
        assert awaited(bench) == ["/i/1.png"]
    later.gather()
    assert owing(bench) == []
    assert "/i/1.png" in requisites(bench)


def test_a_try_that_failed_leaves_nothing_beside_the_one_that_went_well(bench: Bench) -> None:
    """The first answer would be shown in its place: both have one address and about one instant."""
    bench.site.fails_once("/i/1.png", PICTURE, content_type="image/png")
    bench.poll()
    assert bench.site.paths().count("/i/1.png") == 2
    assert [path for path, _ in belongings(bench)].count("/i/1.png") == 1
    assert owing(bench) == []


def test_a_picture_that_moved_is_captured_with_the_way_to_it_and_asked_for_once(
    bench: Bench,
) -> None:
    bench.site.redirects("/i/1.png", "/i/2.png")
    bench.poll()
    rows = [("/a/2.html", "一家店的二十年", "2026-11-12"), *ROWS]
    bench.site.forget()
    show(bench, rows)
    bench.poll()
    assert bench.site.paths() == ["/list.html", "/a/2.html"]
    assert {"/i/1.png", "/i/2.png"} <= requisites(bench).keys()

"""Page requisites: asked for after the article is published, once a month, within caps."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.exchange import Role
from archive.model import Outcome
from archive.warc import belonging_of, read_records
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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


def requisites(bench: Bench) -> dict[str, str | None]:
    """What is captured as a requisite, by path, and the page that it belongs to."""
    found, pages = {}, {}
    for file in bench.captures():
        with file.open("rb") as opened:
            for record in read_records(opened):
                belonging = belonging_of(record)
                if record.headers["WARC-Type"] in ("response", "revisit") and belonging:
                    path = record.headers["WARC-Target-URI"].removeprefix(bench.site.url)
                    pages[record.id] = path
                    if belonging.role is Role.REQUISITE:
                        found[path] = pages[belonging.page or ""]
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
    assert bench.poll().outcome is Outcome.UNCHANGED


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

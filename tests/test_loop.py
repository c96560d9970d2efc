"""What the service does beside polling: reading the journals' folder again, publishing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest

from archive.store import Store
from house.rest import change_sources
from house.takedown import Wish, withdraw_entry
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing
from tests.test_scheduler import running, wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ROWS = [("/a/1.html", "账本里的商标", "2026-11-05")]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing(ROWS))
        for path, title, day in ROWS:
            site.page(path, article(title, day=day))
        yield bench


def test_a_service_that_cannot_publish_ends_and_says_why(bench: Bench) -> None:
    bench.settings.data.mkdir()
    bench.settings.public.write_text("a file where the folder should be", "utf-8")
    with running(bench) as service:
        assert service.process.wait(30) == 1
        assert f"{bench.settings.public}/magazine/" in service.text()
        assert "cannot be written" in service.text()
        assert "Traceback" not in service.text()


def test_a_file_added_while_the_service_runs_is_polled_without_a_restart(bench: Bench) -> None:
    bench.site.page("/other.html", listing(ROWS))
    with running(bench) as service:
        service.wait_for("poll ended source=magazine")
        bench.write_source("newcomer", lists=[f"{bench.site.url}/other.html"])
        service.wait_for("poll ended source=newcomer outcome=new new=1")


def test_an_edited_file_is_published_while_the_service_runs(bench: Bench) -> None:
    with running(bench) as service:
        service.wait_for("poll ended source=magazine")
        service.wait_for("published files=")
        bench.write_source(title="改了名的杂志")
        feed = bench.settings.public / "magazine" / "atom.xml"
        wait_until(
            lambda: re.search("改了名的杂志", feed.read_text("utf-8")), "the feed", service.text
        )


def test_an_article_is_taken_down_while_the_service_runs(bench: Bench) -> None:
    feed = bench.settings.public / "magazine" / "rss.xml"
    signed = {"entry": f"{bench.site.url}/a/1.html", "who": "林", "why": "作者来信"}
    with running(bench) as service, httpx.Client(base_url=service.address) as client:
        service.wait_for("poll ended source=magazine")
        wait_until(lambda: "账本里的商标" in feed.read_text("utf-8"), "the feed", service.text)
        done = withdraw_entry(bench.settings, Wish(**signed))
        assert done.by_service
        # At once: nothing of it is left, in no file.
        for file in (
            *bench.settings.public.glob("**/*.xml"),
            *bench.settings.public.glob("**/*.json"),
        ):
            assert "账本里的商标" not in file.read_text("utf-8"), file
        path = f"/magazine/{done.story.archived.id.rpartition('/')[2]}/"
        assert client.get(path).status_code == 410
        # At the next tick: feeds say so, as if it had been taken down without a service.
        wait_until(lambda: "已撤下" in feed.read_text("utf-8"), "the feed", service.text)
        assert withdraw_entry(bench.settings, Wish(**signed, undo=True)).by_service
        wait_until(lambda: "账本里的商标" in feed.read_text("utf-8"), "the feed", service.text)
        assert client.get(path).status_code == 200
    assert "Traceback" not in service.text()


def test_what_happens_beside_the_polls_is_in_a_file_after_a_tick(bench: Bench) -> None:
    """A paused journal's file is edited: no visit follows that would write it."""
    with running(bench) as service:
        service.wait_for("poll ended source=magazine")
        assert change_sources(bench.settings, "pause", ["magazine"], "moved") == ()
        with Store.open(bench.settings.database_url) as store:
            bench.write_source(title="改了名的杂志")

            def is_written() -> bool:
                is_told = bool(store.events(kinds=["source-changed"]))
                return is_told and all(
                    each.event.kind == "capture-sealed" for each in store.ledger.untold()
                )

            wait_until(is_written, "the event in a file", service.text)
        assert service.text().count("poll ended") == 1


def test_a_feed_is_compressed_when_publishing_has_settled(bench: Bench) -> None:
    with running(bench) as service:
        service.wait_for("compressed files=")
        for path in ("magazine/rss.xml", "all/feed.json", "opml.xml"):
            for suffix in (".gz", ".br"):
                file = bench.settings.public / f"{path}{suffix}"
                wait_until(file.exists, file.name, service.text)


def test_the_feeds_of_a_journal_that_moved_go_and_come_back_with_it(bench: Bench) -> None:
    feed = bench.settings.public / "magazine" / "atom.xml"
    with (
        running(bench) as service,
        httpx.Client(base_url=service.address) as client,
    ):
        service.wait_for("published files=")
        bench.write_source(moved_to="https://there.example/magazine/")
        service.wait_for("feeds ended source=magazine")
        answer = client.get("/magazine/atom.xml")
        assert answer.status_code == 301
        assert answer.headers["location"] == "https://there.example/magazine/atom.xml"
        assert not feed.exists()
        bench.write_source()
        wait_until(feed.exists, "the feed", service.text)


def test_pages_served_alone_show_a_journal_that_is_added(bench: Bench) -> None:
    with running(bench, "serve") as service, httpx.Client(base_url=service.address) as client:
        assert client.get("/newcomer/").status_code == 404
        bench.write_source("newcomer", title="新来的杂志", lists=[f"{bench.site.url}/other.html"])
        wait_until(
            lambda: re.search("新来的杂志", client.get("/").text), "the landing page", service.text
        )
        assert client.get("/newcomer/").status_code == 200

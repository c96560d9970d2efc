"""The service as a process: it polls, publishes and serves, and ends when it is told to."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.crawler.polling import Bench
from tests.crawler.test_bad_input import environment, kanliu
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ROWS = [("/a/1.html", "账本里的商标", "2026-11-05")]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.more = '[schedule]\nevery = "5s"\n'
        bench.write_source()
        site.page("/list.html", listing(ROWS))
        for path, title, day in ROWS:
            site.page(path, article(title, day=day))
        yield bench


class Service:
    """A running `kanliu run`."""

    def __init__(self, process: subprocess.Popen[str], log: Path) -> None:
        self.process = process
        self.log = log

    def text(self) -> str:
        return self.log.read_text("utf-8")

    def wait_for(self, pattern: str) -> re.Match[str]:
        def find() -> re.Match[str] | None:
            return re.search(pattern, self.text())

        return wait_until(find, f"{pattern!r} in the log:\n", self.text)

    @property
    def address(self) -> str:
        return self.wait_for(r"pages are served address=(\S+)").group(1)

    def stop(self) -> float:
        """SIGTERM; seconds until it ended."""
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(30)
        return time.monotonic() - began


def wait_until(
    find: Callable[[], re.Match[str] | None],
    what: str,
    more: Callable[[], str],
    seconds: float = 20,
) -> re.Match[str]:
    """Poll for something; the deadline is for a broken service, not for a slow machine."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = find()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(what + more())


@contextmanager
def running(bench: Bench, *words: str) -> Iterator[Service]:
    log = bench.folder / "service.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "cli", *(words or ("run",))],
            env=environment(bench),
            stderr=out,
            stdout=out,
            text=True,
        )
        try:
            yield Service(process, log)
        finally:
            if process.poll() is None:
                process.kill()
            process.wait()


def test_the_service_polls_publishes_and_serves(bench: Bench) -> None:
    with running(bench) as service:
        service.wait_for(r"poll ended source=magazine outcome=new new=1")
        service.wait_for(r"published files=")
        with httpx.Client(base_url=service.address) as client:
            feed = client.get("/magazine/rss.xml")
            assert feed.status_code == 200
            assert "账本里的商标" in feed.text
            assert client.get("/").status_code == 200
            again = client.get("/magazine/rss.xml", headers={"If-None-Match": feed.headers["ETag"]})
            assert again.status_code == 304
        bench.site.page("/a/2.html", article("新到的一篇", day="2026/11/21"))
        bench.site.page("/list.html", listing([("/a/2.html", "新到的一篇", "2026-11-21"), *ROWS]))
        service.wait_for(r"poll ended source=magazine outcome=new new=1 .*\n(.*\n)*.*new=1")
        assert service.stop() < 10
        assert service.process.returncode == 0
        assert "Traceback" not in service.text()
    assert "新到的一篇".encode() in bench.published()["magazine/rss.xml"]


def test_a_stop_does_not_wait_for_a_tarpit(bench: Bench) -> None:
    bench.site.never_answers("/list.html")
    with running(bench) as service:
        wait_until(
            lambda: re.search("list", " ".join(bench.site.paths())), "a poll began", service.text
        )
        assert service.stop() < 10
        assert service.process.returncode == 0
    bench.site.page("/list.html", listing(ROWS))
    kanliu(bench, "poll")
    assert len(bench.entries()) == 1


def test_a_second_service_says_who_holds_the_data(bench: Bench) -> None:
    with running(bench) as service:
        service.wait_for("poll ended")
        second = kanliu(bench, "run", check=False)
        assert second.returncode == 75
        assert str(service.process.pid) in second.stderr


def test_cron_and_service_publish_the_same_bytes(bench: Bench, tmp_path: Path) -> None:
    kanliu(bench, "poll", "--due")
    by_cron = bench.published()
    other = Bench(folder=tmp_path / "other", site=bench.site, more=bench.more)
    other.write_source()
    with running(other) as service:
        service.wait_for("poll ended")
        service.stop()
    assert without_minted(other.published()) == without_minted(by_cron)


def without_minted(files: dict[str, bytes]) -> dict[str, bytes]:
    """Bytes without what differs between two archives by nature: ids' authority, first sights."""
    authority = rb"tag:[^,]+,"
    iso = rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)"
    rfc822 = rb"\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000"
    minted = re.compile(b"|".join((authority, iso, rfc822)))
    return {name: minted.sub(b"#", data) for name, data in files.items()}


def test_nothing_is_polled_before_it_is_due(bench: Bench) -> None:
    bench.more = '[schedule]\nevery = "1h"\n'
    bench.write_source()
    kanliu(bench, "poll", "--due")
    bench.site.forget()
    done = kanliu(bench, "poll", "--due")
    assert "No source is due" in done.stdout
    assert bench.site.paths() == []


def test_a_paused_source_is_left_alone_until_it_is_resumed(bench: Bench) -> None:
    kanliu(bench, "poll")
    kanliu(bench, "pause", "magazine", "--why", "the site is being moved")
    bench.site.forget()
    time.sleep(6)
    kanliu(bench, "poll", "--due")
    assert bench.site.paths() == []
    told = kanliu(bench, "status").stdout
    assert "paused" in told
    assert "being moved" in " ".join(told.split())
    kanliu(bench, "resume", "magazine")
    kanliu(bench, "poll", "--due")
    assert bench.site.paths() == ["/list.html"]


def test_a_retired_source_is_not_asked_and_keeps_its_feeds(bench: Bench) -> None:
    kanliu(bench, "poll")
    before = bench.published()
    assert "账本里的商标".encode() in before["magazine/rss.xml"]
    kanliu(bench, "retire", "magazine", "--why", "ceased publication")
    bench.site.forget()
    bench.site.page("/list.html", listing([("/a/2.html", "新到的一篇", "2026-11-21"), *ROWS]))
    time.sleep(6)  # longer than its rhythm
    kanliu(bench, "poll", "--due")
    kanliu(bench, "poll")
    assert bench.site.asked == []
    assert "retired" in kanliu(bench, "status").stdout
    assert bench.published() == before


def write_five(bench: Bench) -> None:
    """Five journals on one host, all due."""
    (bench.settings.journals / "magazine.toml").unlink()
    bench.more = '[schedule]\nevery = "1h"\n'
    for at in range(5):
        bench.site.page(f"/list{at}.html", listing(ROWS))
        bench.write_source(f"j{at}", lists=[f"{bench.site.url}/list{at}.html"])


def test_all_that_is_due_is_polled_also_where_it_shares_a_host(bench: Bench) -> None:
    write_five(bench)
    kanliu(bench, "poll", "--due")
    lists = [path for path in bench.site.paths() if path.startswith("/list")]
    assert sorted(lists) == [f"/list{at}.html" for at in range(5)]


def test_a_named_source_that_is_due_is_polled_whoever_else_is_due(bench: Bench) -> None:
    write_five(bench)
    kanliu(bench, "poll", "j4", "--due")
    assert "/list4.html" in bench.site.paths()
    assert "/list0.html" not in bench.site.paths()
    bench.site.forget()
    assert "No source is due" in kanliu(bench, "poll", "j4", "--due").stdout
    assert bench.site.asked == []


def test_a_source_at_rest_is_polled_only_when_it_is_named(bench: Bench) -> None:
    kanliu(bench, "poll")
    bench.site.forget()
    kanliu(bench, "pause", "magazine")
    done = kanliu(bench, "poll")
    assert "left alone: magazine (paused)" in done.stderr
    assert bench.site.asked == []
    kanliu(bench, "poll", "magazine")
    assert bench.site.paths() == ["/list.html"]


def test_a_dry_run_shows_everything_and_keeps_nothing(bench: Bench) -> None:
    done = kanliu(bench, "poll", "magazine", "--dry-run")
    assert "账本里的商标" in done.stdout
    assert "2026-11-05" in done.stdout
    assert bench.captures() == []  # before the house is opened: its log is written there too
    assert bench.entries() == []
    assert bench.published() == {} or "magazine/rss.xml" not in bench.published()


def test_the_exit_code_says_whether_a_person_is_needed(bench: Bench) -> None:
    assert kanliu(bench, "poll").returncode == 0
    bench.site.bare("/list.html", "oops", status=500)
    assert [kanliu(bench, "poll", check=False).returncode for _ in range(3)] == [0, 0, 1]
    bench.site.page("/list.html", listing(ROWS))
    assert kanliu(bench, "poll").returncode == 0
    bench.site.bare("/list.html", "no", status=403)
    assert kanliu(bench, "poll", check=False).returncode == 1


def test_an_unknown_id_is_a_usage_error_that_names_the_known_ones(bench: Bench) -> None:
    done = kanliu(bench, "poll", "jurnal", check=False)
    assert done.returncode == 2
    assert "magazine" in done.stderr


def test_a_setting_that_is_wrong_is_named(bench: Bench) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "cli", "status"],
        env={**environment(bench), "KANLIU_DELAY": "fast"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "KANLIU_DELAY" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_a_single_round_and_closes_what_is_open(
    bench: Bench, number: signal.Signals
) -> None:
    bench.site.never_answers("/slow.html")
    bench.write_source("slow", lists=[f"{bench.site.url}/slow.html"])
    with running(bench, "poll") as service:
        service.wait_for("poll ended source=magazine")
        wait_until(
            lambda: re.search("/slow.html", " ".join(bench.site.paths())), "a poll", service.text
        )
        began = time.monotonic()
        service.process.send_signal(number)
        assert service.process.wait(20) == 128 + number
        assert time.monotonic() - began < 10
        assert "Traceback" not in service.text()
    assert bench.captures() != []
    assert [path for path in bench.captures() if path.name.endswith(".open")] == []

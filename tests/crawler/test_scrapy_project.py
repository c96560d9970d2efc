"""The project as those who know Scrapy use it: `scrapy list`, `crawl`, `shell`, `settings`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.model import Outcome
from tests.crawler.polling import Bench
from tests.crawler.test_bad_input import environment
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent.parent
ROWS = [
    ("/a/2.html", "一家店的二十年", "2026-11-12"),
    ("/a/1.html", "账本里的商标", "2026-11-05"),
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


def scrapy(bench: Bench, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "scrapy", *words],
        cwd=ROOT,
        env={**environment(bench), "PYTHONWARNINGS": "", "HOME": os.environ["HOME"]},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )


def test_each_source_is_a_spider(bench: Bench) -> None:
    bench.write_source("another", title="另一本", lists=[f"{bench.site.url}/other.html"])
    assert scrapy(bench, "list").stdout.split() == ["another", "magazine"]


def test_a_crawl_archives_exports_entries_and_does_not_publish(bench: Bench) -> None:
    out = bench.folder / "entries.jsonl"
    scrapy(bench, "crawl", "magazine", "-O", str(out))
    exported = [json.loads(line) for line in out.read_text("utf-8").splitlines()]
    assert {each["title"] for each in exported} == {title for _, title, _ in ROWS}
    assert exported[0]["notice"]["class_"] == "free-attribution"
    assert {each.entry.title for each in bench.entries()} == {title for _, title, _ in ROWS}
    assert len(bench.captures()) == 1


def test_a_crawl_before_the_first_publication_leaves_the_feeds_to_be_rendered(bench: Bench) -> None:
    scrapy(bench, "crawl", "magazine")
    assert not (bench.settings.public / "magazine").exists()
    bench.poll()
    assert (bench.settings.public / "magazine" / "rss.xml").exists()


def test_a_shell_fetches_under_the_operators_settings(bench: Bench) -> None:
    done = scrapy(
        bench, "shell", f"{bench.site.url}/a/1.html", "-c", "response.css('h1::text').get()"
    )
    assert "账本里的商标" in done.stdout
    assert bench.site.asked[-1].headers["user-agent"].startswith("Kanliu/")


def write_many(bench: Bench) -> list[tuple[str, str, str]]:
    rows = [(f"/k/{at}.html", f"第{at}篇文章的题目", "2026-11-01") for at in range(60, 0, -1)]
    bench.site.page("/list.html", listing(rows))
    for path, title, day in rows:
        bench.site.page(path, article(title, day=day, body=(f"{title},说的是街角的小店。" * 5,)))
    return rows


def titles(bench: Bench) -> set[str]:
    return {str(each.entry.title) for each in bench.entries()}


def interrupt(process: subprocess.Popen[str]) -> str:
    """Ctrl-C, once; its log when it has ended."""
    process.send_signal(signal.SIGINT)
    try:
        return process.communicate(timeout=30)[1]
    finally:
        process.kill()


@pytest.mark.parametrize("pages", [15, 16, 17])  # at one of three it used to wait for ever
def test_a_crawl_that_is_interrupted_leaves_the_rest_to_the_next_poll(
    bench: Bench, pages: int
) -> None:
    rows = write_many(bench)
    process = subprocess.Popen(
        [sys.executable, "-m", "scrapy", "crawl", "magazine"],
        cwd=ROOT,
        env={**environment(bench), "PYTHONWARNINGS": ""},
        stderr=subprocess.PIPE,
        text=True,
    )
    while len(bench.site.paths()) < pages:
        assert process.poll() is None, "the crawl ended before it could be interrupted"
        time.sleep(0.005)
    log = interrupt(process)
    assert "Traceback" not in log
    assert 0 < len(titles(bench)) < len(rows)
    assert bench.captures()
    assert bench.poll().outcome is Outcome.NEW
    assert titles(bench) == {title for _, title, _ in rows}


@pytest.mark.parametrize("manner", ["pages", "redirects", "dead links"])
def test_a_crawl_that_is_told_to_close_early_ends(bench: Bench, manner: str) -> None:
    rows = write_many(bench)
    for path, title, day in rows[:-3]:
        if manner == "redirects":
            bench.site.redirects(path, f"/moved{path}")
            bench.site.page(f"/moved{path}", article(title, day=day))
        elif manner == "dead links":
            bench.site.remove(path)
    done = scrapy(bench, "crawl", "magazine", "-s", "CLOSESPIDER_ITEMCOUNT=3")
    assert "crawl cut short" in done.stderr
    assert "Traceback" not in done.stderr
    assert len(bench.site.paths()) < 20
    bench.poll()
    kept = rows[-3:] if manner == "dead links" else rows
    assert titles(bench) == {title for _, title, _ in kept}


def test_a_step_that_cannot_be_kept_is_asked_for_again_by_the_next_poll(bench: Bench) -> None:
    in_the_way = bench.settings.warc / f"{datetime.now(UTC):%Y}"
    bench.settings.warc.mkdir(parents=True)
    in_the_way.write_text("no folder")
    done = scrapy(bench, "crawl", "magazine")
    assert "the capture could not be kept" in done.stderr
    assert "Closing spider (archive failed)" in done.stderr
    assert "poll ended" not in done.stderr
    in_the_way.unlink()
    assert bench.poll().new == len(ROWS)


def test_no_port_is_open_for_others_code(bench: Bench) -> None:
    names = ("REMOTE_CONTROL_ENABLED", "TELNETCONSOLE_ENABLED", "DOWNLOAD_VERIFY_CERTIFICATES")
    told = [scrapy(bench, "settings", "--get", name).stdout.strip() for name in names]
    assert told == ["False", "False", "True"]

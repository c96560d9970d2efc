"""The project as those who know Scrapy use it: `scrapy list`, `crawl`, `shell`, `settings`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

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


def test_no_port_is_open_for_others_code(bench: Bench) -> None:
    names = ("REMOTE_CONTROL_ENABLED", "TELNETCONSOLE_ENABLED", "DOWNLOAD_VERIFY_CERTIFICATES")
    told = [scrapy(bench, "settings", "--get", name).stdout.strip() for name in names]
    assert told == ["False", "False", "True"]

"""Promise 14, in short: `make soak-kills` has the hundred kills."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from benchmarks import kills
from benchmarks.kept import Kept
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.mark.promise(number=14)
def test_line_14_after_kill_9_at_random_moments_all_acknowledged_records_are_readable() -> None:
    tally = kills.run(kills=4, seed=1, journals=2, is_short=True)
    assert tally.violations == []
    assert sum(tally.phases.values()) == tally.kills == 4
    assert tally.captures > 0


def test_what_is_lost_half_written_or_without_a_capture_is_told(tmp_path: Path) -> None:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing([("/a/1.html", "账本里的商标", "2026-11-05")]))
        site.page("/a/1.html", article("账本里的商标", day="2026-11-05"))
        bench.poll()
    kept = Kept(bench.settings)
    assert kept.faults() == []
    assert (kept.captures, kept.read > 0, kept.files > 0) == (1, True, True)

    (bench.settings.public / "magazine" / "feed.json").write_text('{"items": [', "utf-8")
    assert any("half a file" in each and "feed.json" in each for each in kept.faults())

    file = bench.captures()[0]
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    told = kept.faults()
    assert any("half a file" in each and "warc.gz" in each for each in told)
    assert any("not readable" in each for each in told)

    with closing(sqlite3.connect(bench.settings.data / "kanliu.sqlite")) as store:
        store.execute("DELETE FROM captures")
        store.commit()
    told = kept.faults()
    assert any("lost: capture" in each for each in told)
    assert any("published without a capture" in each for each in told)

"""The soak sees what a kill may not leave: each fault is made by hand, and told."""

from __future__ import annotations

import gzip
import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from benchmarks.kept import Kept, Told
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A journal of one article."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing([("/a/1.html", "账本里的商标", "2026-11-05")]))
        site.page("/a/1.html", article("账本里的商标", day="2026-11-05"))
        bench.poll()
        yield bench


@pytest.fixture
def kept(bench: Bench) -> Kept:
    """Has looked once, and found nothing."""
    kept = Kept(bench.settings)
    assert kept.faults() == []
    assert (kept.captures, kept.read > 0, kept.files.tested > 0) == (1, True, True)
    return kept


def change(bench: Bench, statement: str) -> None:
    with closing(sqlite3.connect(bench.settings.data / "kanliu.sqlite")) as store:
        store.execute(statement)
        store.commit()


def test_a_half_feed_is_told(bench: Bench, kept: Kept) -> None:
    (bench.settings.public / "magazine" / "feed.json").write_text('{"items": [', "utf-8")
    assert any("half a file" in each and "feed.json" in each for each in kept.faults())


def test_a_half_capture_file_is_told(bench: Bench, kept: Kept) -> None:
    file = bench.captures()[0]
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    told = kept.faults()
    assert any("half a file" in each and "warc.gz" in each for each in told)
    assert any("not readable" in each for each in told)
    assert any("not what the log says" in each for each in told)


def test_a_lost_capture_is_told_and_what_is_published_without_it(bench: Bench, kept: Kept) -> None:
    change(bench, "DELETE FROM captures")
    told = kept.faults()
    assert any("lost: capture" in each for each in told)
    assert any("published without a capture" in each for each in told)


def test_a_lost_database_is_told(bench: Bench, kept: Kept) -> None:
    (bench.settings.data / "kanliu.sqlite").unlink()
    assert kept.faults() == ["lost: the database was there, and is not"]


def test_a_poll_that_said_more_than_is_kept_is_told(kept: Kept) -> None:
    (told,) = kept.faults(Told(revisions=Counter(magazine=2)))
    assert told.startswith("lost: polls of magazine said that they kept 2 revisions")


def test_a_take_down_that_is_undone_by_a_kill_is_told(bench: Bench, kept: Kept) -> None:
    (id_,) = kept.live
    (told,) = kept.faults(Told(withdrawn={id_}))
    assert told == f"lost: {id_} was taken down, and is live"
    change(bench, "UPDATE entries SET state = 'withdrawn'")
    assert kept.faults() == []
    assert {id_ for _, id_ in kept.shown()} == {id_}
    change(bench, "UPDATE entries SET state = 'live'")
    assert kept.faults() == [told]


def test_a_tail_that_is_thrown_away_is_told(bench: Bench, kept: Kept) -> None:
    file = bench.captures()[0]
    opened = file.with_name("kanliu-1.warc.gz.open")
    whole, tail = gzip.compress(b"whole"), gzip.compress(b"the next one")[:20]
    opened.write_bytes(whole + tail)
    assert kept.faults() == []
    (left,) = kept.faults(Told(is_up=True))
    assert left == f"left open by the start after the crash: {opened}"

    final = opened.with_name("kanliu-1.warc.gz")
    opened.rename(final)
    final.write_bytes(whole)
    told = kept.faults(Told(is_up=True))
    assert told == [
        f"lost: the tail of {final}, 20 bytes, is not set aside",
        f"the log does not tell of the tail of {final}",
    ]
    assert kept.tails.kept == 0


def test_a_copy_that_is_not_there_or_is_another_is_told(bench: Bench, tmp_path: Path) -> None:
    place = tmp_path / "second"
    place.mkdir()
    kept = Kept(replace(bench.settings, copies=(str(place),)))
    row = f"'{place}', 'packages/open/a.wacz', 'sha256:1', 5, '2026-11-05 00:00:00'"
    change(bench, f"INSERT INTO holdings (place, file, digest, size_bytes, added) VALUES ({row})")
    assert any("and is None" in each for each in kept.faults())
    (place / "packages" / "open").mkdir(parents=True)
    (place / "packages" / "open" / "a.wacz").write_bytes(b"other")
    assert any("should be sha256:1 and is sha256:" in each for each in kept.faults())


def test_a_half_export_is_told_and_one_that_is_gone(bench: Bench, tmp_path: Path) -> None:
    exports = tmp_path / "exports"
    exports.mkdir()
    kept = Kept(bench.settings, exports)
    (exports / "a.jsonl").write_text('{"id": 1}\n', "utf-8")
    (exports / ".b.jsonl.7.open").write_text('{"id', "utf-8")
    assert kept.faults() == []
    (exports / "b.jsonl").write_text('{"id": 1}\n{"id', "utf-8")
    (exports / "a.jsonl").unlink()
    told = kept.faults()
    assert any(each.startswith("half a file") and "b.jsonl" in each for each in told)
    assert f"lost: what was exported before, {exports / 'a.jsonl'}" in told

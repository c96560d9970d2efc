"""A rebuild that is killed at any of its last steps leaves a database in use that has everything:
the old one, or the new one."""

from __future__ import annotations

import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from pathlib import Path

    from foundation.settings import Settings

pytestmark = pytest.mark.slow

#: From the end of the comparison on, and some steps before.
LAST = 6


def rebuild(settings: Settings, step: int) -> subprocess.CompletedProcess[str]:
    """`kanliu rebuild`, killed at this step; at none with 0."""
    return subprocess.run(
        [sys.executable, "-m", "benchmarks.stepped", str(step), "rebuild"],
        env={
            **os.environ,
            "KANLIU_DATA": str(settings.data),
            "KANLIU_JOURNALS": str(settings.journals),
            "SOAK_FOLDER": str(settings.data),
        },
        capture_output=True,
        text=True,
        check=False,
    )


def titles(database: Path) -> list[str]:
    with closing(sqlite3.connect(database)) as store:
        return [row[0] for row in store.execute("SELECT entry_id FROM revisions ORDER BY 1")]


def test_a_rebuild_killed_at_its_end_leaves_a_whole_database_in_use(tmp_path: Path) -> None:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path / "whole", site=site)
        bench.write_source()
        site.page("/list.html", listing([("/a/1.html", "账本里的商标", "2026-11-05")]))
        site.page("/a/1.html", article("账本里的商标", day="2026-11-05"))
        bench.poll()
    kept = titles(bench.settings.data / "kanliu.sqlite")
    assert len(kept) == 1
    for file in ("counted", *map(str, range(LAST))):
        shutil.copytree(tmp_path / "whole", tmp_path / file)

    def settings(file: str) -> Settings:
        return Bench(folder=tmp_path / file, site=site).settings

    counted = rebuild(settings("counted"), 0)
    assert counted.returncode == 0, counted.stderr
    steps = int(counted.stderr.rpartition("steps: ")[2])
    for back in range(LAST):
        data = settings(str(back)).data
        killed = rebuild(settings(str(back)), steps - back)
        assert killed.returncode == -signal.SIGKILL, killed.stderr
        at = killed.stderr.rpartition("killed before ")[2]
        assert (data / "kanliu.sqlite").exists(), at
        assert titles(data / "kanliu.sqlite") == kept, at
    assert rebuild(settings("1"), 0).returncode == 0  # killed between the two names

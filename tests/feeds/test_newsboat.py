"""What a real feed reader makes of our feeds: newsboat, without its screen."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import pytest

from tests.factories import archived, day
from tests.feeds.render import documents

if TYPE_CHECKING:
    from pathlib import Path

    from archive.model import ArchivedEntry

pytestmark = [
    pytest.mark.slow,
    pytest.mark.debian,
    pytest.mark.skipif(shutil.which("newsboat") is None, reason="apt-get install newsboat"),
]
SHANGHAI = ZoneInfo("Asia/Shanghai")


def read(folder: Path, name: str, *entries: ArchivedEntry) -> list[tuple[str, str, str, int]]:
    """guid, title, day in Shanghai and whether it is unread, as newsboat keeps them."""
    feed = folder / name
    feed.write_bytes(documents(*entries)[name])
    (folder / "urls").write_text(f"file://{feed}\n", "utf-8")
    (folder / "config").write_text("", "utf-8")
    cache = folder / f"{name}.db"
    subprocess.run(
        ["newsboat", "-u", "urls", "-c", str(cache), "-C", "config", "-x", "reload"],
        cwd=folder,
        env={**os.environ, "HOME": str(folder), "LC_ALL": "C.UTF-8"},
        check=True,
        timeout=60,
        capture_output=True,
    )
    with sqlite3.connect(cache) as database:
        rows = database.execute("SELECT guid, title, pubDate, unread FROM rss_item").fetchall()
    database.close()
    return sorted(
        (guid, title, datetime.fromtimestamp(at, UTC).astimezone(SHANGHAI).date().isoformat(), new)
        for guid, title, at, new in rows
    )


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_newsboat_reads_ids_titles_and_days(tmp_path: Path, name: str) -> None:
    first = archived(title="桥头的集市 & <旧>码头", published=day("2026-03-02"))
    assert read(tmp_path, name, first) == [(first.id, "桥头的集市 & <旧>码头", "2026-03-02", 1)]


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_a_changed_title_is_no_second_article_in_newsboat(tmp_path: Path, name: str) -> None:
    before = archived(title="桥头的集市", published=day("2026-03-02"))
    after = archived(title="桥头的早市", published=day("2026-03-02"))
    read(tmp_path, name, before)
    assert [row[:2] for row in read(tmp_path, name, after)] == [(after.id, "桥头的早市")]

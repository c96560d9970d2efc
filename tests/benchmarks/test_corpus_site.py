"""`kanliu poll` and `kanliu read --batch` over real saved pages, as whole commands."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.corpus import FOLDER, read_chinese_articles
from benchmarks.corpus_site import path_of, run

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.slow,
    pytest.mark.skipif(not FOLDER.exists(), reason="needs ../shared/corpus"),
]

KANLIU = Path(sys.executable).parent / "kanliu"


def test_every_saved_page_becomes_an_entry_or_is_named_with_its_reason(tmp_path: Path) -> None:
    pages = read_chinese_articles()
    assert len({path_of(page) for page in pages}) == len(pages)
    result = run(pages, tmp_path)
    assert result.exit_code == 0, result.output
    assert result.unexplained == ()
    assert len(result.entries) + len(result.left_out) == len(pages)
    # The same article saved by two collectors is one entry; nothing else is left out.
    assert all(reason.startswith("the same article as") for reason in result.left_out.values())
    # The newest 30, and whatever no closed document of history holds yet: as many again at most.
    (held,) = set(result.feeds.values())
    assert set(result.feeds) == {"rss.xml", "atom.xml", "feed.json"}
    assert 30 <= held <= 60


def test_the_measuring_stand_gives_a_line_for_each_line_in_order(tmp_path: Path) -> None:
    rows = (FOLDER / "pages.jsonl").read_text("utf-8").splitlines()[::10]
    batch = tmp_path / "pages.jsonl"
    batch.write_text("\n".join(rows), "utf-8")
    (tmp_path / "html").symlink_to(FOLDER / "html")
    done = subprocess.run(
        [str(KANLIU), "read", "--batch", str(batch)], capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [answer["id"] for answer in answers] == [json.loads(row)["id"] for row in rows]
    assert [answer["id"] for answer in answers if "error" in answer] == []
    assert done.stderr == f"{len(rows)} lines read, 0 errors\n"

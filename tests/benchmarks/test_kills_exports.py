"""What was exported is whole after a power cut."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.ground import Folder, open_ground
from house.handover import written_aside

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow


def test_an_exported_folder_is_whole_after_a_power_cut(tmp_path: Path) -> None:
    disk = open_ground(tmp_path)
    if isinstance(disk, Folder):
        pytest.skip("only root may mount a disk of its own")
    try:
        with written_aside(disk.folder / "bag", force=False) as aside:
            (aside / "data" / "texts").mkdir(parents=True)
            (aside / "data" / "texts" / "1.txt").write_text("走访老店", "utf-8")
            (aside / "bagit.txt").write_text("BagIt-Version: 1.0", "utf-8")
        disk.cut()
        assert (disk.folder / "bag" / "data" / "texts" / "1.txt").read_text("utf-8") == "走访老店"
        assert (disk.folder / "bag" / "bagit.txt").read_text("utf-8") == "BagIt-Version: 1.0"
    finally:
        disk.close()

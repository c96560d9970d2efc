"""Promises 14 and 15, in short: `make soak-kills` has the hundred kills."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import kills
from benchmarks.ground import Disk, Folder, open_ground

pytestmark = pytest.mark.slow


@pytest.mark.promise(number=14)
def test_line_14_after_kill_9_at_random_moments_all_acknowledged_records_are_readable() -> None:
    tally = kills.run(kills=4, seed=1, journals=2, is_short=True, commands={"run": 3, "seal": 1})
    assert tally.violations == []
    assert sum(tally.phases.values()) == tally.kills >= 4
    assert tally.captures > 0


@pytest.mark.postgres
@pytest.mark.xdist_group("postgres")
def test_line_14_on_postgresql() -> None:
    tally = kills.run(
        kills=2, seed=2, journals=2, is_short=True, commands={"run": 1}, database="postgresql"
    )
    assert tally.violations == []
    assert (tally.database, tally.kills) == ("postgresql", 2)


def test_a_command_is_killed_at_the_very_step_that_was_asked_for(tmp_path: Path) -> None:
    def status(step: int) -> subprocess.CompletedProcess[str]:
        folder = tmp_path / str(step)
        environment = {"KANLIU_DATA": str(folder), "SOAK_FOLDER": str(tmp_path)}
        return subprocess.run(
            [sys.executable, "-m", "benchmarks.stepped", str(step), "status"],
            env={**os.environ, **environment},
            capture_output=True,
            text=True,
            check=False,
        )

    whole = status(0)
    steps = int(whole.stderr.rpartition("steps: ")[2])
    assert (whole.returncode, steps > 1) == (0, True)
    assert status(steps + 1).returncode == 0
    killed = status(steps)
    assert (killed.returncode, f"killed before step {steps}: " in killed.stderr) == (-9, True)


def test_a_power_cut_takes_what_was_not_synced_and_a_full_disk_refuses(tmp_path: Path) -> None:
    disk = open_ground(tmp_path)
    if isinstance(disk, Folder):
        pytest.skip("only root may mount a disk of its own")
    try:
        with (disk.folder / "synced").open("wb") as file:
            file.write(b"here")
            file.flush()
            os.fsync(file.fileno())
        (disk.folder / "aside").write_bytes(b"gone")
        (disk.folder / "aside").rename(disk.folder / "named")
        disk.cut()
        assert sorted(path.name for path in disk.folder.glob("*d")) == ["lost+found", "synced"]
        assert (disk.folder / "synced").read_bytes() == b"here"

        disk.leave(8_192)
        with pytest.raises(OSError, match="No space left"):
            (disk.folder / "large").write_bytes(bytes(100_000))
        disk.free()
        (disk.folder / "large").write_bytes(bytes(100_000))
    finally:
        disk.close()
    assert isinstance(disk, Disk)
    assert not Path("/dev/shm", f"{tmp_path.name}.img").exists()


def test_a_file_cannot_grow_where_a_folder_is_full(tmp_path: Path) -> None:
    folder = Folder(tmp_path / "data")
    words = [*folder.leave(10_000), "dd", "if=/dev/zero", f"of={tmp_path}/data/zeros", "bs=20000"]
    done = subprocess.run([*words, "count=1"], capture_output=True, check=False)
    assert done.returncode != 0
    assert (tmp_path / "data" / "zeros").stat().st_size == 10_000


def test_the_report_says_what_was_killed_and_what_broke() -> None:
    tally = kills.Tally(seed=7, kills=3, seconds=125, data="/tmp/left")
    tally.phases.update(polling=2, seal=1)
    tally.violations.append("kill 3 (seal): lost: capture 5")
    told = kills.summary(tally)
    assert "3 times kill -9 in 2:05 (seed 7, sqlite): 2 polling, 1 seal" in told
    assert "1 violations\nkill 3 (seal): lost: capture 5\nleft for a person: /tmp/left" in told

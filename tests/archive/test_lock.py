"""One instance a data directory."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from archive.lock import FILE_NAME, open_lock
from foundation.errors import DataLockedError, StoreError
from tests.archive.factories import NOW

if TYPE_CHECKING:
    from pathlib import Path

HOLD = (
    "import sys; from pathlib import Path; from archive.lock import open_lock\n"
    "with open_lock(Path(sys.argv[1]), 'kanliu run'):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


def test_a_second_process_is_told_who_holds_the_data(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    assert holder.stdout is not None
    assert holder.stdin is not None
    try:
        assert holder.stdout.readline() == b"held\n"
        expected = rf"`kanliu run`, process {holder.pid} on .*, since 20.*kill {holder.pid}"
        with pytest.raises(DataLockedError, match=expected), open_lock(tmp_path, "kanliu poll"):
            pytest.fail("two hold the data")
    finally:
        holder.kill()
        holder.communicate()
    with open_lock(tmp_path, "kanliu poll"):  # what a killed process left is no obstacle
        pass


def test_the_holder_writes_down_who_it_is(tmp_path: Path) -> None:
    with open_lock(tmp_path / "data", "kanliu 运行", now=NOW) as file:
        holder = json.loads(file.read_bytes())
        assert holder["pid"] == os.getpid()
        assert holder["since"] == "2026-11-23T08:00:00+00:00"
        assert holder["command"] == "kanliu 运行"
        assert re.fullmatch(r"\S+", holder["host"])


def test_the_lock_is_let_go_also_when_the_block_fails(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), open_lock(tmp_path, "one"):
        raise ZeroDivisionError
    with open_lock(tmp_path, "two"):
        pass


@pytest.mark.parametrize("left", [b"", b"no json", b"[]", b'{"pid": 1}'])
def test_a_lock_file_that_says_nothing_is_no_riddle(tmp_path: Path, left: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(left)
    with open_lock(tmp_path, "one") as file:
        file.write_bytes(left)
        with pytest.raises(DataLockedError, match="another process"), open_lock(tmp_path, "two"):
            pytest.fail("two hold the data")


def test_a_data_directory_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file is in the way")
    with pytest.raises(StoreError, match=r"data.*KANLIU_DATA"), open_lock(tmp_path / "data", "x"):
        pytest.fail("there is no such directory")

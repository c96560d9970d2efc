"""The data directory is lost wholly: what a place of copies has makes the archive again."""

from __future__ import annotations

import shutil
import subprocess
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive.lock import open_lock
from archive.model import EntryState
from archive.rebuild import compare
from archive.store import Store
from tests.archive.living import Living
from tests.archive.test_rebuild import live
from tests.test_custody import kanliu

if TYPE_CHECKING:
    from pathlib import Path

    from tests.test_custody import Door

__all__ = ["kanliu"]

# The months in which everything happens are over on any clock.
LONG_AGO = datetime(2024, 8, 3, 8, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive in which everything happened that may, and a place for copies."""
    (tmp_path / "journals").mkdir()
    (tmp_path / "kanliu.toml").write_text(f'copies = ["{tmp_path / "second"}"]\n', "utf-8")
    (tmp_path / "var").mkdir()
    living = Living(tmp_path / "var", database(tmp_path), now=LONG_AGO)
    live(living)
    living.end()
    return tmp_path


def database(folder: Path) -> str:
    return f"sqlite:///{folder / 'var' / 'kanliu.sqlite'}"


def lose(folder: Path) -> str:
    """The data directory is gone; but for the database, that it can be compared with."""
    with Store.open(database(folder)):
        pass  # what stands in its log goes into the file
    shutil.move(folder / "var" / "kanliu.sqlite", folder / "before.sqlite")
    shutil.rmtree(folder / "var")
    return f"sqlite:///{folder / 'before.sqlite'}"


def bring_back(folder: Path) -> None:
    """As docs/packages.md says it."""
    (folder / "var").mkdir()
    found = [name for name in ("warc", "packages") if (folder / "second" / name).exists()]
    command = ["cp", "-r", *(f"second/{name}" for name in found), "var/"]
    subprocess.run(command, cwd=folder, check=True)


def whole_tree(folder: Path) -> dict[str, bytes]:
    files = (path for name in ("warc", "packages") for path in (folder / name).rglob("*.*z"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.mark.slow
def test_packages_and_warc_files_of_the_copies_make_the_same_database(
    folder: Path, kanliu: Door
) -> None:
    assert kanliu("seal").code == 0
    living = Living(folder / "var", database(folder), now=datetime.now(UTC))
    kept = living.see(url="https://ship.example/today", title="今天", text="今天的船。" * 20)
    assert kept is not None
    living.end()
    # A take-down is in the copies when the command ends: else it would be undone by a disk.
    done = kanliu("withdraw", kept.entry_id, "--who", "林", "--why", "作者来信")
    assert done.code == 0, done.error
    before = whole_tree(folder / "var")
    assert {name.split("/")[0] for name in before} == {"warc", "packages"}
    assert whole_tree(folder / "second") == before

    old = lose(folder)
    bring_back(folder)
    anew = kanliu("rebuild")
    assert anew.code == 0, anew.said + anew.error
    assert compare(old, database(folder)) == ()
    with Store.open(database(folder)) as store:
        found = store.entry(kept.entry_id)
        assert found is not None
        assert found.state is EntryState.WITHDRAWN
    # The packages are taken in, and the copies found as they are: none is written once more.
    times = {path: path.stat().st_mtime_ns for path in (folder / "second").rglob("*.*z")}
    assert kanliu("copy").code == 0
    assert {path: path.stat().st_mtime_ns for path in times} == times
    assert whole_tree(folder / "second").items() >= before.items()
    whole = kanliu("verify")
    assert whole.code == 0, whole.said
    assert " lack." not in whole.said
    with Store.open(database(folder)) as store:
        told = store.events(kinds=["package-sealed"], limit=None)
    assert len(told) == len({each.detail["sha256"] for each in told}) > 3  # each once


@pytest.mark.slow
def test_warc_files_alone_make_the_same_database(folder: Path, kanliu: Door) -> None:
    done = kanliu("copy")
    assert done.code == 0, done.said + done.error
    assert "copied" in done.said
    assert not (folder / "second" / "packages").exists()
    old = lose(folder)
    bring_back(folder)
    assert kanliu("rebuild").code == 0
    assert compare(old, database(folder)) == ()


def test_copying_needs_a_place_and_the_data_directory(folder: Path, kanliu: Door) -> None:
    with open_lock(folder / "var", "kanliu run"):
        assert kanliu("copy").code == 75
    again = kanliu("copy")
    assert again.code == 0, again.error
    assert "Nothing was to be copied" in kanliu("copy").said
    (folder / "kanliu.toml").write_text("")
    nowhere = kanliu("copy")
    assert (nowhere.code, "name one in the setting copies" in nowhere.error) == (2, True)
    (folder / "kanliu.toml").write_text('copies = ["nosuch://place"]\n')
    away = kanliu("copy")
    assert (away.code, "trouble  nosuch://place: " in away.said) == (1, True)

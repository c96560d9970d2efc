"""Damage is found, named and made good from a copy; and it is written down."""

from __future__ import annotations

import random
import subprocess
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from archive.copies import Directory, Place, open_places
from archive.fixity import MISSING, Watch
from archive.holdings import HERE
from archive.packages.wacz import digest_of_file
from archive.replicas import clear, fill, find_lacks, is_copied
from archive.store import Store
from foundation.errors import PlaceError
from tests.archive.factories import DAY, NOW
from tests.archive.packages.conftest import data, fresh, open_sealer, raw, sealer, store
from tests.archive.packages.raw import CLOSED, raw_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.fixity import Checked
    from archive.holdings import Holding
    from archive.packages.seal import Sealer
    from tests.archive.packages.raw import RawFile

__all__ = ["data", "fresh", "raw", "sealer", "store"]  # the fixtures of the packages


def seal_all(sealer: Sealer) -> None:
    draft = sealer.draft(None, now=NOW)
    for planned in draft.planned:
        sealer.commit(sealer.write(planned, draft, NOW), draft)


def copy_all(store: Store, data: Path, places: list[Place]) -> list[str | None]:
    lacks = find_lacks(store, places)
    by_name = {place.name: place for place in places}
    return [trouble for _, trouble in fill(store, data, by_name, lacks, NOW)]


def check_all(watch: Watch, *, is_repairing: bool = True) -> list[Checked]:
    now = NOW + DAY
    return [
        watch.check(each, now, is_repairing=is_repairing) for each in watch.holdings()
    ]  # fmt: skip


def flip(path: Path, place: int) -> None:
    """One bit of a file, as a bad disk does it: the file's times and mode say nothing."""
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1 << (place % 8)
    path.chmod(0o644)
    path.write_bytes(whole)
    path.chmod(0o444)


@contextmanager
def read_only(folder: Path) -> Iterator[None]:
    """The folder as it is to somebody who cannot write there; root can, but for a mount."""
    command = ["mount", "--bind", "-o", "ro", str(folder), str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a read-only place needs the right to mount one (root)")
    try:
        remount = ["mount", "-o", "remount,ro,bind", str(folder)]
        subprocess.run(remount, check=True, capture_output=True)
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


@pytest.mark.promise(number=17)
def test_one_bit_in_each_of_twenty_files_is_found_named_and_restored(
    store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    with raw_file(data, store) as raw:
        for number in range(1, 11):
            month_of = raw.at.replace(year=2025, month=number)
            with raw_file(data, store, f"kanliu-{number}", month_of) as each:
                each.article(f"https://ship.example/{number}")
                each.article(f"https://ship.example/{number}/closed", notice=CLOSED)
        raw.path.unlink()
    seal_all(sealer)
    places = open_places([str(tmp_path / "second"), "memory://third"], data)
    assert copy_all(store, data, places) == [None] * 40
    files = sorted(data.glob("packages/*/*/*.wacz"))
    before = {path: path.read_bytes() for path in files}
    chance = random.Random(5)
    places_hit = {}
    for path in files:
        places_hit[path] = chance.randrange(len(before[path]))
        flip(path, places_hit[path])
    watch = Watch(store, data, places)
    found = {each.holding.file: each for each in check_all(watch) if each.fault}
    names = {path.relative_to(data).as_posix() for path in files}
    assert len(names) == 20
    assert set(found) == names
    assert {each.repaired for each in found.values()} == {str(tmp_path / "second")}
    assert {path: path.read_bytes() for path in files} == before
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}
    assert len(store.events(kinds=["fixity-failed"])) == 20
    assert len(store.events(kinds=["file-repaired"])) == 20
    assert not [each for each in check_all(watch) if each.fault]


def test_the_damaged_record_is_named_by_its_address(
    raw: RawFile, store: Store, data: Path, sealer: Sealer
) -> None:
    raw.article("https://ship.example/1")
    capture = raw.article("https://ship.example/2")
    seal_all(sealer)
    (entry,) = (each for each in store.entries("ship") if each.entry.url == capture.url)
    (moved,) = store.captures(entry.id)
    flip(data / moved.file, moved.offset + 200)
    watch = Watch(store, data, [])
    (damaged,) = (each for each in check_all(watch) if each.fault)
    assert damaged.fault is not None
    assert damaged.fault.startswith(f"https://ship.example/2 at {moved.offset}: its gzip member")
    assert damaged.is_damaged
    # The same fault is an event once, however often it is seen.
    check_all(watch)
    (told,) = store.events(kinds=["fixity-failed"])
    assert told.detail["fault"] == damaged.fault


def test_a_damaged_copy_is_made_good_from_here(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    seal_all(sealer)
    places = open_places([str(tmp_path / "second")], data)
    copy_all(store, data, places)
    (copy,) = (tmp_path / "second").glob("packages/*/*/*.wacz")
    flip(copy, 300)
    watch = Watch(store, data, places)
    (checked,) = (each for each in check_all(watch) if each.fault)
    assert (checked.holding.place, checked.repaired) == (str(tmp_path / "second"), "here")
    copy.unlink()
    (checked,) = (each for each in check_all(watch) if each.fault)
    assert (checked.fault, checked.repaired) == (MISSING, "here")


def test_without_a_whole_copy_nothing_is_altered(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    seal_all(sealer)
    places = open_places([str(tmp_path / "second")], data)
    copy_all(store, data, places)
    (path,) = data.glob("packages/*/*/*.wacz")
    (copy,) = (tmp_path / "second").glob("packages/*/*/*.wacz")
    flip(path, 300)
    flip(copy, 500)
    bad = path.read_bytes()
    watch = Watch(store, data, places)
    assert [each.is_damaged for each in check_all(watch) if each.fault] == [True, True]
    assert path.read_bytes() == bad


def test_a_warc_file_is_held_to_what_it_was_when_it_was_first_whole(
    raw: RawFile, store: Store, data: Path
) -> None:
    first = raw.article("https://ship.example/1")
    raw.article("https://ship.example/2")
    watch = Watch(store, data, [])
    watch.follow(NOW)
    (checked,) = check_all(watch)
    assert checked.fault is None
    assert checked.holding.digest is not None
    flip(raw.path, first.offset + 100)
    (checked,) = check_all(watch)
    assert checked.fault is not None
    assert checked.fault.startswith(f"https://ship.example/1 at {first.offset}: its gzip member")
    assert not [each for each in check_all(watch, is_repairing=False) if each.repaired]


def test_a_warc_file_that_was_damaged_before_it_was_ever_read_is_not_believed(
    raw: RawFile, store: Store, data: Path
) -> None:
    capture = raw.article("https://ship.example/1")
    flip(raw.path, capture.offset + 100)
    watch = Watch(store, data, [])
    watch.follow(NOW)
    (checked,) = check_all(watch)
    assert checked.is_damaged
    assert checked.holding.digest is None
    raw.path.unlink()
    (checked,) = check_all(watch)
    assert checked.fault == MISSING


def test_a_database_made_again_holds_packages_to_their_manifest_and_finds_the_copies(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path, fresh: bytes
) -> None:
    raw.article()
    seal_all(sealer)
    places = open_places([str(tmp_path / "second")], data)
    copy_all(store, data, places)
    (path,) = data.glob("packages/*/*/*.wacz")
    (copy,) = (tmp_path / "second").glob("packages/*/*/*.wacz")
    (tmp_path / "again.sqlite").write_bytes(fresh)
    with Store.open(f"sqlite:///{tmp_path / 'again.sqlite'}") as again:
        watch = Watch(again, data, places)
        watch.follow(NOW)
        (held,) = again.holdings.holdings(file=path.relative_to(data).as_posix())
        assert held.digest == digest_of_file(path)  # from the manifest, before it was read
        whole = {each.holding.file: each.fault for each in check_all(watch)}
        assert whole == {path.relative_to(data).as_posix(): None, raw_name(raw, data): None}
        flip(path, 300)
        assert [each.is_damaged for each in check_all(watch) if each.fault] == [True]
        flip(path, 300)
        sealer = open_sealer(data, again)
        for written in sealer.recover(NOW):
            sealer.commit(written)
        before = copy.stat().st_ino
        assert copy_all(again, data, places) == [None, None]  # the WARC file has one now, too
        assert copy.stat().st_ino == before  # it is not written once more
        (told,) = again.events(kinds=["file-found"])
        assert told.detail["file"] == path.relative_to(data).as_posix()


def raw_name(raw: RawFile, data: Path) -> str:
    return raw.path.relative_to(data).as_posix()


# Places


@pytest.mark.promise(number=18)
def test_a_place_that_we_cannot_write_to_is_looked_at_and_awaited(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    seal_all(sealer)
    vault = tmp_path / "vault"
    vault.mkdir()
    places: list[Place] = [Directory(vault)]
    (path,) = data.glob("packages/*/*/*.wacz")
    name = path.relative_to(data).as_posix()
    with read_only(vault):
        assert places[0].is_ours() is False
        assert copy_all(store, data, places) == ["it is awaited there"]
        assert is_copied(store, places, name)  # nothing is left for us to do
    there = vault / name
    there.parent.mkdir(parents=True)
    there.write_bytes(path.read_bytes())  # somebody else fetched it
    with read_only(vault):
        assert copy_all(store, data, places) == [None]
    assert {each.place for each in store.holdings.holdings()} == {HERE, str(vault)}
    flip(there, 300)
    with read_only(vault):
        watch = Watch(store, data, places)
        (checked,) = (each for each in check_all(watch) if each.fault)
        assert checked.is_damaged
        assert there.read_bytes() != path.read_bytes()
        flip(path, 100)  # and what it has is not taken for whole
        assert {each.is_damaged for each in check_all(watch)} == {True}


def test_a_place_that_is_away_keeps_nobody_from_the_others(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    seal_all(sealer)
    (tmp_path / "file").write_text("no folder")
    places = open_places([str(tmp_path / "file"), "nosuch://x", str(tmp_path / "second")], data)
    first, second, third = copy_all(store, data, places)
    assert first is not None
    assert "see that it is mounted" in first
    assert second is not None
    assert "nosuch" in second
    assert third is None
    (path,) = data.glob("packages/*/*/*.wacz")
    assert not is_copied(store, places, path.relative_to(data).as_posix())
    assert copy_all(store, data, places[2:]) == []


@pytest.mark.promise(number=18)
def test_a_copy_that_reads_back_otherwise_is_none(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    class Forgetful(Directory):
        """A disk that loses the last byte of what it is given."""

        def write(self, file: str, content: object) -> None:
            super().write(file, content)  # type: ignore[arg-type]
            path = tmp_path / "second" / file
            path.chmod(0o644)
            path.write_bytes(path.read_bytes()[:-1])

    raw.article()
    seal_all(sealer)
    places: list[Place] = [Forgetful(tmp_path / "second")]
    (trouble,) = copy_all(store, data, places)
    assert trouble is not None
    assert "reads back as" in trouble
    assert not list((tmp_path / "second").glob("packages/*/*/*"))
    assert {each.place for each in store.holdings.holdings()} == {HERE}


def test_copies_follow_a_package_into_the_other_tree(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    from archive.packages import trees

    raw.article()
    seal_all(sealer)
    places = open_places([str(tmp_path / "second"), "memory://moved"], data)
    copy_all(store, data, places)
    (package,) = store.holdings.packages()
    trees.move(store.holdings, data, package, "dark", now=NOW, why="asked for")
    by_name = {place.name: place for place in places}
    clear(store, by_name, NOW)
    assert {each.file for each in holdings_in(store, places)} == {"packages/open/ship/2026-10.wacz"}
    copy_all(store, data, places)
    clear(store, by_name, NOW)
    assert {each.file for each in holdings_in(store, places)} == {"packages/dark/ship/2026-10.wacz"}
    found = (tmp_path / "second").glob("packages/*/*/*")
    assert [path.parent.parent.name for path in found] == ["dark"]


def holdings_in(store: Store, places: list[Place]) -> list[Holding]:
    names = {place.name for place in places}
    return [each for each in store.holdings.holdings() if each.place in names]


def test_copies_inside_the_data_directory_are_refused(data: Path) -> None:
    with pytest.raises(PlaceError, match=r"lost with it.*another disk"):
        open_places([str(data / "copies")], data)
    with pytest.raises(PlaceError):
        open_places([f"file://{data}"], data)


def test_what_is_checked_next_was_not_checked_for_longest(
    raw: RawFile, store: Store, data: Path, sealer: Sealer
) -> None:
    for number in range(3):
        with raw_file(data, store, f"other-{number}", raw.at) as each:
            each.article(f"https://ship.example/{number}")
    watch = Watch(store, data, [])
    watch.follow(NOW)
    first, second, third, fourth = watch.holdings()
    watch.check(third, NOW - 3 * DAY, is_repairing=False)
    watch.check(first, NOW - 2 * DAY, is_repairing=False)
    watch.check(second, NOW, is_repairing=False)
    order = store.holdings.unchecked([HERE], since=NOW - DAY, limit=9)
    assert [each.file for each in order] == [fourth.file, third.file, first.file]
    assert store.holdings.checked_bytes(NOW - DAY) == second.size_bytes

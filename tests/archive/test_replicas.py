"""WARC files that are not sealed yet have copies, too: made, held to their digest, brought back,
and taken away when packages took their place there, never before."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING

import pytest

from archive.copies import PART, Directory, Place, copy_file, open_places
from archive.fixity import MISSING, Watch
from archive.packages import removal, trees
from archive.replicas import AWAITED, clear, fill, find_lacks, find_superseded
from archive.sweep import sealed_event, sweep
from foundation.errors import DamagedError, PlaceError
from tests.archive.factories import DAY, NOW
from tests.archive.packages.conftest import data, fresh, raw, sealer, store
from tests.archive.packages.raw import raw_file
from tests.archive.test_fixity import check_all, flip, read_only

if TYPE_CHECKING:
    from pathlib import Path

    from archive.packages.seal import Sealer
    from archive.store import Store
    from tests.archive.packages.raw import RawFile

__all__ = ["data", "fresh", "raw", "sealer", "store"]  # the fixtures of the packages

RAW = "warc/2026/10/kanliu-1.warc.gz"
PACKAGE = "packages/open/ship/2026-10.wacz"


def finish(store: Store, raw: RawFile) -> None:
    """As the writer ends a file: its digest is in the log."""
    whole = raw.path.read_bytes()
    digest = hashlib.sha256(whole).hexdigest()
    name = f"warc/2026/10/{raw.path.name}"
    store.record(sealed_event(NOW, file=name, digest=digest, size_bytes=len(whole), records=1))


def copy_all(store: Store, data: Path, places: list[Place]) -> list[str | None]:
    """As the service does it once a day."""
    watch = Watch(store, data, places)
    watch.follow(NOW)
    watch.trust(NOW)
    lacks = find_lacks(store, places)
    done = [trouble for _, trouble in fill(store, data, watch.places, lacks, NOW)]
    clear(store, watch.places, NOW)
    return done


def seal_and_remove(store: Store, data: Path, sealer: Sealer) -> None:
    """What is in WARC files is in packages, and the files are gone. No copy is made of those."""
    draft = sealer.draft(None, now=NOW)
    for planned in draft.planned:
        sealer.commit(sealer.write(planned, draft, NOW), draft)
    found = removal.find_removable(data, draft, NOW, is_copied=lambda _: True)
    removal.remove(store.holdings, data, found, NOW)


def held(store: Store, place: Place) -> list[str]:
    return [each.file for each in store.holdings.holdings(place=place.name)]


def there(folder: Path) -> list[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return sorted(path.relative_to(folder).as_posix() for path in files)


def test_a_finished_warc_file_is_copied_read_back_and_written_down(
    raw: RawFile, store: Store, data: Path, tmp_path: Path
) -> None:
    raw.article()
    finish(store, raw)
    (raw.path.parent / "kanliu-9.warc.gz.open").write_bytes(b"being written")
    places = open_places([str(tmp_path / "second"), "memory://raw"], data)
    assert copy_all(store, data, places) == [None, None]
    assert there(tmp_path / "second") == [RAW]
    assert (tmp_path / "second" / RAW).read_bytes() == raw.path.read_bytes()
    for place in places:
        assert held(store, place) == [RAW]
    told = store.events(kinds=["file-copied"])
    digest = hashlib.sha256(raw.path.read_bytes()).hexdigest()
    assert {each.detail["sha256"] for each in told} == {digest}
    assert copy_all(store, data, places) == []


def test_a_flipped_bit_in_a_warc_file_is_named_and_the_file_brought_back(
    raw: RawFile, store: Store, data: Path, tmp_path: Path
) -> None:
    raw.article("https://ship.example/1")
    second = raw.article("https://ship.example/2")
    finish(store, raw)
    places = open_places([str(tmp_path / "second")], data)
    copy_all(store, data, places)
    whole = raw.path.read_bytes()
    watch = Watch(store, data, places)

    flip(raw.path, second.offset + 100)
    (checked,) = (each for each in check_all(watch) if each.fault)
    assert checked.fault is not None
    assert checked.fault.startswith(f"https://ship.example/2 at {second.offset}: its gzip member")
    assert checked.repaired == str(tmp_path / "second")
    assert raw.path.read_bytes() == whole
    raw.path.unlink()
    (checked,) = (each for each in check_all(watch) if each.fault)
    assert (checked.fault, checked.repaired) == (MISSING, str(tmp_path / "second"))
    assert raw.path.read_bytes() == whole
    flip(tmp_path / "second" / RAW, 100)
    (checked,) = (each for each in check_all(watch) if each.fault)
    assert (checked.holding.place, checked.repaired) == (str(tmp_path / "second"), "here")
    assert (tmp_path / "second" / RAW).read_bytes() == whole


def test_what_is_damaged_here_is_not_copied_and_keeps_no_other_from_it(
    raw: RawFile, store: Store, data: Path, tmp_path: Path
) -> None:
    raw.article()
    finish(store, raw)
    with raw_file(data, store, "kanliu-2") as later:
        later.article("https://ship.example/2")
    finish(store, later)
    with raw_file(data, store, "kanliu-3") as unknown:  # whose digest nobody wrote down
        capture = unknown.article("https://ship.example/3")
    flip(unknown.path, capture.offset + 100)
    flip(raw.path, 300)
    places = open_places([str(tmp_path / "second"), "memory://sound"], data)
    troubles = copy_all(store, data, places)
    assert [trouble is None for trouble in troubles] == [False, True, False, True]
    assert troubles[0] is not None
    assert f"{RAW} is not what was written" in troubles[0]
    assert there(tmp_path / "second") == ["warc/2026/10/kanliu-2.warc.gz"]
    for place in places:
        assert held(store, place) == ["warc/2026/10/kanliu-2.warc.gz"]
        with pytest.raises(FileNotFoundError):
            place.open(RAW)


def test_a_file_without_a_known_digest_is_copied_once_it_was_found_whole(
    raw: RawFile, store: Store, data: Path, tmp_path: Path
) -> None:
    raw.article()
    places = open_places([str(tmp_path / "second")], data)
    watch = Watch(store, data, places)
    watch.follow(NOW)
    assert find_lacks(store, places) == []
    assert copy_all(store, data, places) == [None]


def test_a_copy_goes_away_only_where_the_packages_are(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article("https://ship.example/1")
    raw.article("https://tea.example/1", source="tea")
    finish(store, raw)
    second, third = open_places([str(tmp_path / "second"), str(tmp_path / "third")], data)
    copy_all(store, data, [second, third])
    seal_and_remove(store, data, sealer)
    assert not raw.path.exists()
    by_name = {place.name: place for place in (second, third)}
    clear(store, by_name, NOW)
    assert held(store, second) == held(store, third) == [RAW]  # no package is there yet

    (ship, tea) = find_lacks(store, [second])
    list(fill(store, data, by_name, [ship], NOW))
    clear(store, by_name, NOW)
    assert RAW in held(store, second)  # half of it lies in a package that is not there
    list(fill(store, data, by_name, [tea], NOW))
    clear(store, by_name, NOW)
    names = [PACKAGE, "packages/open/tea/2026-10.wacz"]
    assert held(store, second) == there(tmp_path / "second") == names
    assert held(store, third) == there(tmp_path / "third") == [RAW]
    told = store.events(kinds=[removal.REMOVED])[0]
    assert told.detail == {
        "file": RAW,
        "place": second.name,
        "reason": "its records are there in ship/2026-10, tea/2026-10",
    }


def test_a_copy_stays_while_what_replaces_it_is_damaged_there(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    finish(store, raw)
    places = open_places([str(tmp_path / "second")], data)
    by_name = {place.name: place for place in places}
    copy_all(store, data, places)
    seal_and_remove(store, data, sealer)
    list(fill(store, data, by_name, find_lacks(store, places), NOW))
    flip(tmp_path / "second" / PACKAGE, 300)
    later = NOW + 2 * DAY  # it was read two days ago: it is read again
    clear(store, by_name, later)
    assert there(tmp_path / "second") == [PACKAGE, RAW]
    check_all(Watch(store, data, places), is_repairing=False)
    clear(store, by_name, NOW)  # now the damage is known
    assert there(tmp_path / "second") == [PACKAGE, RAW]
    check_all(Watch(store, data, places))
    clear(store, by_name, later)
    assert there(tmp_path / "second") == [PACKAGE]


def test_a_copy_of_a_file_that_is_lost_here_stays(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    finish(store, raw)
    places = open_places([str(tmp_path / "second")], data)
    copy_all(store, data, places)
    raw.path.unlink()  # not because it was sealed
    copy_all(store, data, places)
    assert there(tmp_path / "second") == [RAW]
    assert find_superseded(store) == []


def test_where_somebody_else_copies_nothing_is_missed_that_is_not_needed(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    finish(store, raw)
    vault = tmp_path / "vault"
    vault.mkdir()
    places: list[Place] = [Directory(vault)]
    fetched = vault / RAW
    with read_only(vault):
        assert copy_all(store, data, places) == [AWAITED]
    fetched.parent.mkdir(parents=True)
    fetched.write_bytes(raw.path.read_bytes())
    with read_only(vault):
        assert copy_all(store, data, places) == [None]
    seal_and_remove(store, data, sealer)
    with read_only(vault):
        assert copy_all(store, data, places) == [AWAITED]
        assert find_superseded(store) == []  # the package is not there yet: it would be missed
    package = vault / PACKAGE
    package.parent.mkdir(parents=True)
    package.write_bytes((data / PACKAGE).read_bytes())
    with read_only(vault):
        assert copy_all(store, data, places) == [None]
        (superseded,) = find_superseded(store)
        assert superseded.copy.file == RAW
        assert RAW in held(store, places[0])  # watched as long as it is there
    fetched.unlink()
    watch = Watch(store, data, places)
    with read_only(vault):
        assert not [each for each in check_all(watch) if each.fault]
    assert held(store, places[0]) == [PACKAGE]
    package.unlink()
    with read_only(vault):
        (checked,) = (each for each in check_all(watch) if each.fault)
    assert (checked.holding.file, checked.fault) == (PACKAGE, MISSING)


def test_a_package_that_was_moved_leaves_its_old_name_in_every_place(
    raw: RawFile, store: Store, data: Path, sealer: Sealer, tmp_path: Path
) -> None:
    raw.article()
    seal_and_remove(store, data, sealer)
    vault, second = tmp_path / "vault", tmp_path / "second"
    places: list[Place] = [Directory(vault), Directory(second)]
    copy_all(store, data, places)
    (package,) = store.holdings.packages()
    trees.move(store.holdings, data, package, "dark", now=NOW, why="asked for")
    with read_only(vault):
        assert copy_all(store, data, places) == [AWAITED, None]
    assert there(second) == ["packages/dark/ship/2026-10.wacz"]
    assert there(vault) == [PACKAGE]
    assert find_superseded(store) == []  # the only copy in the vault


def test_a_crash_while_a_file_is_brought_back_spoils_nothing(
    raw: RawFile, store: Store, data: Path
) -> None:
    raw.article()
    whole = raw.path.read_bytes()
    half = raw.path.with_name(raw.path.name + PART)

    class Torn(io.BytesIO):
        """What a killed process read until then."""

        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell():
                raise KeyboardInterrupt
            return super().read(70)

    with pytest.raises(KeyboardInterrupt):
        Directory(data).write(RAW, Torn(whole))
    assert half.read_bytes() == whole[:70]
    # The sweep of captures that were left open takes no part of a copy for one.
    assert sweep(data / "warc", now=NOW) == ()
    assert raw.path.read_bytes() == whole
    Watch(store, data, []).tidy()
    assert not half.exists()
    assert raw.path.read_bytes() == whole


def test_a_file_that_is_not_what_it_should_be_replaces_nothing(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"altered")
    target = tmp_path / "second"
    target.mkdir()
    (target / "one").write_bytes(b"what was there")
    digest = f"sha256:{hashlib.sha256(b'one').hexdigest()}"
    for place in open_places([str(target), "memory://replaces-nothing"], tmp_path / "data"):
        with pytest.raises(DamagedError, match="one is not what was written"):
            copy_file(Directory(tmp_path), place, "one", digest, named="one")
        with pytest.raises(DamagedError, match="cannot be read: No such file"):
            copy_file(Directory(tmp_path), place, "two", digest, named="one")
    assert (target / "one").read_bytes() == b"what was there"


def test_what_a_driver_raises_is_said_in_words(tmp_path: Path) -> None:
    class OwnError(Exception):
        """As botocore and paramiko have them: no OSError."""

    class Strange(Directory):
        def write(self, file: str, content: object) -> None:
            raise OwnError("no credentials for https://user:secret@host/")

    (tmp_path / "one").write_bytes(b"one")
    digest = f"sha256:{hashlib.sha256(b'one').hexdigest()}"
    with pytest.raises(PlaceError, match=r"no credentials for https://user:\*\*\*@host/"):
        copy_file(Directory(tmp_path), Strange(tmp_path / "s"), "one", digest, named="one")

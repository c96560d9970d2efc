from __future__ import annotations

import gzip
import os
import threading
from pathlib import Path

import brotli
import pytest

from feeds import compress as module
from feeds.compress import compress_file, sibling_of, uncompressed_files
from feeds.write import SUFFIXES, sweep, write_if_changed
from foundation.errors import StoreError

DECODERS = {"gzip": gzip.decompress, "br": brotli.decompress}


def siblings(path: Path) -> dict[str, bytes]:
    """What the compressed siblings hold, by coding."""
    return {
        coding: decode(sibling_of(path, coding).read_bytes())
        for coding, decode in DECODERS.items()
        if sibling_of(path, coding).exists()
    }


def test_line_34_a_file_has_its_siblings_with_its_own_time(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"<feed/>\n" * 1000)
    assert compress_file(path) == 2
    assert siblings(path) == dict.fromkeys(DECODERS, path.read_bytes())
    for coding in SUFFIXES:
        assert sibling_of(path, coding).stat().st_mtime_ns == path.stat().st_mtime_ns
        assert sibling_of(path, coding).stat().st_size < path.stat().st_size / 5


def test_equal_bytes_are_compressed_to_equal_bytes_and_once(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"<feed/>\n")
    compress_file(path)
    first = [sibling_of(path, coding).read_bytes() for coding in SUFFIXES]
    assert compress_file(path) == 0
    for coding in SUFFIXES:
        sibling_of(path, coding).unlink()
    os.utime(path, ns=(1, 1))
    assert compress_file(path) == 2
    assert [sibling_of(path, coding).read_bytes() for coding in SUFFIXES] == first


def test_a_new_file_is_never_beside_what_was_made_of_the_old_one(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"old")
    compress_file(path)
    write_if_changed(path, b"new")
    assert siblings(path) == {}
    assert list(uncompressed_files(tmp_path)) == [path]
    compress_file(path)
    assert siblings(path) == dict.fromkeys(DECODERS, b"new")
    assert list(uncompressed_files(tmp_path)) == []


def test_the_old_siblings_go_before_the_new_file_comes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a process that is killed between the two leaves it."""
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"old")
    compress_file(path)

    def killed(self: Path, target: Path) -> Path:
        if target.name == "atom.xml":
            raise KeyboardInterrupt
        return self.rename(target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        write_if_changed(path, b"new")
    monkeypatch.undo()
    assert path.read_bytes() == b"old"
    assert siblings(path) == {}
    sweep(tmp_path)
    assert list(uncompressed_files(tmp_path)) == [path]


def test_a_file_that_is_replaced_while_it_is_compressed_keeps_no_stale_sibling(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"old")

    def replaced_meanwhile(coding: str, data: bytes) -> bytes:
        write_if_changed(path, b"new" + coding.encode())
        return gzip.compress(data)

    monkeypatch.setattr(module, "compress", replaced_meanwhile)
    assert compress_file(path) == 0
    assert siblings(path) == {}


def test_what_is_being_compressed_is_not_swept_away(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    stop = threading.Event()

    def clean() -> None:
        while not stop.is_set():
            sweep(tmp_path)

    cleaner = threading.Thread(target=clean)
    cleaner.start()
    try:
        for number in range(100):
            path.write_bytes(b"%d" % number)
            compress_file(path)
    finally:
        stop.set()
        cleaner.join()
    assert siblings(path) == dict.fromkeys(DECODERS, b"99")


def test_line_39_compressed_bytes_are_never_older_than_the_plain_ones(tmp_path: Path) -> None:
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"%06d" % 0)
    stop = threading.Event()
    faults: list[str] = []

    def read() -> None:
        while not stop.is_set():
            plain = int(path.read_bytes())
            for coding, held in siblings_now(path).items():
                if int(held) < plain:
                    faults.append(f"{coding}: {held!r} after {plain}")

    def press() -> None:
        while not stop.is_set():
            compress_file(path)

    threads = [threading.Thread(target=job) for job in (read, press)]
    for thread in threads:
        thread.start()
    for number in range(1, 200):
        write_if_changed(path, b"%06d" % number)
    stop.set()
    for thread in threads:
        thread.join()
    assert faults == []


def siblings_now(path: Path) -> dict[str, bytes]:
    """The same, where they may go away at any time."""
    found = {}
    for coding, decode in DECODERS.items():
        try:
            found[coding] = decode(sibling_of(path, coding).read_bytes())
        except FileNotFoundError:
            continue
    return found


def test_a_file_that_is_gone_is_no_error(tmp_path: Path) -> None:
    assert compress_file(tmp_path / "atom.xml") == 0


def test_a_disk_that_refuses_a_sibling_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "atom.xml"
    write_if_changed(path, b"one")

    def refuse(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreError, match=r"atom\.xml\.gz: cannot be written"):
        compress_file(path)


def test_only_what_is_served_is_compressed(tmp_path: Path) -> None:
    (tmp_path / "river-port" / "archive").mkdir(parents=True)
    names = ["opml.xml", "river-port/feed.json", "river-port/archive/2026-03.atom"]
    for name in (*names, "river-port/.atom.xml.renditions", "river-port/.rss.xml.7.tmp"):
        (tmp_path / name).write_bytes(b"x")
    found = {path.relative_to(tmp_path).as_posix() for path in uncompressed_files(tmp_path)}
    assert found == set(names)

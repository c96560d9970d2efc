from __future__ import annotations

import errno
import os
import stat
import threading
from typing import TYPE_CHECKING

import pytest

from feeds.renditions import digest_of, file_of, parse_renditions
from feeds.write import sweep, write_if_changed
from foundation.errors import StoreError

if TYPE_CHECKING:
    from pathlib import Path


def test_a_file_is_made_with_its_folder_and_readable_by_a_web_server(tmp_path: Path) -> None:
    path = tmp_path / "public" / "river-port" / "rss.xml"
    before = os.umask(0o022)
    try:
        assert write_if_changed(path, b"<rss/>\n")
    finally:
        os.umask(before)
    assert path.read_bytes() == b"<rss/>\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_line_11_equal_bytes_leave_the_file_and_its_time_alone(tmp_path: Path) -> None:
    path = tmp_path / "rss.xml"
    write_if_changed(path, b"one")
    os.utime(path, ns=(1, 1))
    before = path.stat()
    assert not write_if_changed(path, b"one")
    after = path.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)
    assert write_if_changed(path, b"two")
    assert path.read_bytes() == b"two"


def test_line_39_a_reader_in_a_loop_never_sees_half_a_file(tmp_path: Path) -> None:
    path = tmp_path / "rss.xml"
    whole = {letter * 400_000 for letter in (b"a", b"b")}
    write_if_changed(path, min(whole))
    seen: set[bytes] = set()
    stop = threading.Event()

    def read() -> None:
        while not stop.is_set():
            seen.add(path.read_bytes())

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(40):
        for document in whole:
            write_if_changed(path, document)
    stop.set()
    reader.join()
    assert seen <= whole


def test_a_full_disk_is_told_and_the_published_file_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "rss.xml"
    write_if_changed(path, b"old")

    def refuse(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(StoreError, match=r"rss\.xml: cannot be written: No space left on device"):
        write_if_changed(path, b"new")
    assert path.read_bytes() == b"old"
    assert not list(tmp_path.glob("*.tmp"))


def test_leftovers_of_a_killed_process_are_swept_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "river-port"
    folder.mkdir()
    leftover = folder / ".rss.xml.4242.tmp"
    leftover.write_bytes(b"<rss")
    (folder / "rss.xml").write_bytes(b"<rss/>")
    assert sweep(tmp_path) == (leftover,)
    assert list(folder.iterdir()) == [folder / "rss.xml"]


def test_a_feed_from_before_there_were_renditions_is_remembered(tmp_path: Path) -> None:
    """Of an earlier release, or whose file of renditions was lost."""
    path = tmp_path / "atom.xml"
    path.write_bytes(b"<feed>\n  <entry>1</entry>\n</feed>\n")
    old = path.read_bytes()
    new = old.replace(b"1", b"2")
    write_if_changed(path, new)
    assert list(parse_renditions(file_of(path).read_bytes())) == [digest_of(new), digest_of(old)]


def test_line_32_two_files_within_one_second_have_different_dates(tmp_path: Path) -> None:
    file = tmp_path / "atom.xml"
    dates = []
    for which in range(4):
        write_if_changed(file, str(which).encode())
        dates.append(int(file.stat().st_mtime))
    assert len(set(dates)) == 4
    assert dates == sorted(dates)

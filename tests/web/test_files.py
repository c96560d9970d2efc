from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from web import files as module
from web.files import Files

if TYPE_CHECKING:
    from pathlib import Path

    from starlette.responses import Response


def answer(files: Files, file: Path, **request: str) -> Response | None:
    headers = {name.replace("_", "-"): value for name, value in request.items()}
    return files.answer(file, headers, content_type="text/plain", cache="no-cache")


def test_a_file_that_is_not_there_is_no_answer(tmp_path: Path) -> None:
    assert answer(Files(), tmp_path / "rss.xml") is None
    assert answer(Files(), tmp_path) is None


def test_a_new_file_in_the_same_place_has_a_new_tag(tmp_path: Path) -> None:
    files, file = Files(), tmp_path / "rss.xml"
    file.write_bytes(b"one")
    first = answer(files, file)
    assert first is not None
    held = answer(files, file, if_none_match=first.headers["etag"])
    assert held is not None
    assert held.status_code == 304
    stat = file.stat()
    other = tmp_path / "other"
    other.write_bytes(b"two")  # as long as the first, and said to be as old: only the inode tells
    os.utime(other, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    other.rename(file)
    second = answer(files, file, if_none_match=first.headers["etag"])
    assert second is not None
    assert (second.status_code, second.body) == (200, b"two")


def test_equal_bytes_written_anew_keep_their_tag(tmp_path: Path) -> None:
    files, file = Files(), tmp_path / "rss.xml"
    file.write_bytes(b"one")
    first = answer(files, file)
    os.utime(file, (1, 1))
    second = answer(files, file)
    assert first is not None
    assert second is not None
    assert first.headers["etag"] == second.headers["etag"]


def test_headers_of_one_file_never_go_with_the_bytes_of_the_next(tmp_path: Path) -> None:
    """The file is replaced after it was looked at: then it is looked at again."""
    file = tmp_path / "rss.xml"
    file.write_bytes(b"one")
    version = module._look(file)
    other = tmp_path / "other"
    other.write_bytes(b"two")
    other.rename(file)
    with pytest.raises(module._Replaced):
        module._read(file, version, "identity")

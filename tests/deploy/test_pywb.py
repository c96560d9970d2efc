"""The index for pywb: each line leads to its record, in WARC files and in packages as they lie.
With pywb 2.10 itself it was tried on the demo's captures; how stands in the docs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.packages.single import Single, build_single
from archive.store import Store
from tests.archive.factories import NOW, source
from tests.archive.packages.raw import OCTOBER, RawFile

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
GBK, UTF = "https://ship.example/gbk.html", "https://ship.example/utf.html"


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'kanliu.sqlite'}", now=NOW) as opened:
        opened.sync_sources([source()], NOW)
        yield opened


def index(data: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(ROOT / "deploy" / "pywb" / "index.py"), str(data)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run(command, capture_output=True, text=True, check=False, env=environment)


def lines(data: Path, name: str) -> list[tuple[str, str, dict[str, str]]]:
    text = (data / "pywb" / f"{name}.cdxj").read_text("utf-8")
    assert text.splitlines() == sorted(text.splitlines())
    found = (line.split(" ", 2) for line in text.splitlines())
    return [(key, at, json.loads(fields)) for key, at, fields in found]


def test_every_capture_is_found_where_it_lies_by_public_tools(store: Store, tmp_path: Path) -> None:
    file = RawFile(tmp_path, store, "kanliu-1", OCTOBER)
    page = file.article(GBK, images=("https://ship.example/a.png",))
    file.article(UTF, charset="utf-8")
    file.event(1)
    # What is packed lies in its package, and there alone in the open tree.
    package = tmp_path / "packages" / "open" / "ship" / "2026-10.wacz"
    package.parent.mkdir(parents=True)
    about = Single(id="tag:x", title="船", software="t")
    package.write_bytes(build_single(tmp_path, [page], about))

    done = index(tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    found = lines(tmp_path, "all")
    assert len(found) == 5  # three in the WARC file, two of them in the package too
    assert [each[2]["filename"] for each in lines(tmp_path, "open")] == [
        "packages/open/ship/2026-10.wacz",
        "packages/open/ship/2026-10.wacz",
    ]
    for key, at, fields in found:
        with (tmp_path / fields["filename"]).open("rb") as opened:
            opened.seek(int(fields["offset"]))
            record = next(iter(ArchiveIterator(opened)))
            assert record.rec_headers.get_header("WARC-Target-URI") == fields["url"]
            assert record.rec_headers.get_header("WARC-Payload-Digest") == fields["digest"]
        assert key.startswith("example,ship)/")
        assert at == (OCTOBER + timedelta(seconds=int(at[-2:]))).strftime("%Y%m%d%H%M%S")


def test_what_cannot_be_read_is_named_and_the_rest_is_indexed(store: Store, tmp_path: Path) -> None:
    file = RawFile(tmp_path, store, "kanliu-1", OCTOBER)
    first = file.article(GBK)
    file.article(UTF)
    data = bytearray(file.path.read_bytes())
    data[first.offset + 50] ^= 0xFF
    file.path.write_bytes(data)
    done = index(tmp_path)
    assert done.returncode == 1
    assert f"{first.file} at {first.offset}" in done.stderr
    assert [each[2]["url"] for each in lines(tmp_path, "all")] == [UTF]

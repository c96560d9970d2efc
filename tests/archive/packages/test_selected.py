"""A package of many captures: it conforms, replays alone, and is the same when made again."""

from __future__ import annotations

import gzip
import subprocess
import sys
import zipfile
from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.packages.conformance import examine
from archive.packages.lines import read_pages
from archive.packages.selected import About, Written, write_selected
from tests.archive.factories import NOW
from tests.archive.packages.conftest import open_sealer
from tests.archive.packages.raw import OCTOBER, RawFile

if TYPE_CHECKING:
    from archive.exchange import Capture
    from archive.store import Store

ABOUT = About(title="船 2026-10", description="船", software="Kanliu/test", operator="a@x.example")
A, B = "https://ship.example/1.html", "https://ship.example/船.html"
LOGO = "https://ship.example/图/logo.png"
SHEET = "https://ship.example/css/a.css?v=3"


def made(folder: Path, captures: list[Capture], name: str = "a.wacz") -> tuple[bytes, Written]:
    written = write_selected(folder / name, folder, captures, ABOUT)
    assert examine(folder / name).faults == ()
    return (folder / name).read_bytes(), written


def responses(package: bytes) -> list[tuple[str, str]]:
    with zipfile.ZipFile(BytesIO(package)) as opened:
        warc = BytesIO(opened.read("archive/data.warc.gz"))
    return [
        (record.rec_type, record.rec_headers.get_header("WARC-Target-URI"))
        for record in ArchiveIterator(warc)
        if record.rec_type in ("response", "revisit")
    ]


@pytest.mark.promise(number=9)
def test_line_9_what_was_chosen_replays_alone_with_pictures_that_others_asked_for(
    store: Store, data: Path
) -> None:
    """A picture is captured once a month, for the page that named it first: here that one is not
    chosen, and its style sheet, which names the picture, stands in another file."""
    first = RawFile(data, store, "kanliu-1", OCTOBER)
    before = first.article("https://ship.example/0.html")
    sheet = b"h1 { background: url('../%E5%9B%BE/logo.png') }"
    heads = {"Kanliu-Source": "ship", "Kanliu-Role": "requisite", "Kanliu-For": f"<{before.id}>"}
    first._write(first._exchange(SHEET, sheet, "text/css"), heads)
    first.requisite("https://ship.example/other.png", page=before)
    first.article("https://tea.example/1", source="tea", images=("https://tea.example/b.png",))
    second = RawFile(data, store, "kanliu-2", OCTOBER + timedelta(days=2))
    page = "<link rel=stylesheet href='css/a.css?v=3'><h1>船</h1><p>正文</p>".encode("gbk")
    one = second.article(A, body=page)
    second.requisite(LOGO, page=before)

    package, written = made(data, [one])

    assert [url for _, url in responses(package)] == [A, SHEET, LOGO]
    assert (written.captures, written.pages, written.left) == (1, 1, {})


@pytest.mark.promise(number=8)
def test_line_8_a_revisit_outside_its_month_gets_its_body_back(store: Store, data: Path) -> None:
    file = RawFile(data, store, "kanliu-1", OCTOBER)
    old = file.article(A)
    body = "<h1>同</h1>".encode()
    elsewhere = file.article("https://ship.example/2.html", body=body)
    same = file.article(B, body=body, same_as=elsewhere)
    again = file.article(B, body=body, same_as=elsewhere)

    package, written = made(data, [same, old, elsewhere, again])
    assert [kind for kind, _ in responses(package)] == [
        "response",
        "response",
        "revisit",
        "revisit",
    ]

    # Without the one that it names: the store's hint where that stands is not in this file.
    package, written = made(data, [old, same])
    assert responses(package) == [("response", A)]
    assert list(written.left) == [same.id]
    assert "it does not say whose bytes it has" in written.left[same.id]


def test_the_same_captures_give_the_same_bytes_in_whatever_order(store: Store, data: Path) -> None:
    file = RawFile(data, store, "kanliu-1", OCTOBER)
    captures = [file.article(A, images=(LOGO,)), file.article(B, title="“船”：与{水}")]
    package, written = made(data, captures)
    again, _ = made(data, [*reversed(captures), captures[0]], "b.wacz")
    assert package == again
    assert written.captures == 2
    with zipfile.ZipFile(BytesIO(package)) as opened:
        pages = read_pages(opened.read("pages/pages.jsonl"))
        assert opened.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
    assert [page["title"] for page in pages] == [f"船讯：{A}", "“船”：与{水}"]


def test_sealing_changes_nothing_but_where_the_bytes_are(store: Store, data: Path) -> None:
    file = RawFile(data, store, "kanliu-1", OCTOBER)
    first = file.article(A, images=(LOGO,))
    body = "<h1>同</h1>".encode()
    one = file.article("https://ship.example/2.html", body=body)
    same = file.article(B, body=body, same_as=one)
    before, _ = made(data, [first, one])

    sealer = open_sealer(data, store)
    draft = sealer.draft(["2026-10"], now=NOW)
    for planned in draft.planned:
        sealer.commit(sealer.write(planned, draft, NOW), draft)
    file.path.unlink()
    ids = {each.id for each in (first, one, same)}
    sealed = [
        capture
        for entry in store.entries("ship")
        for capture in store.captures(entry.id)
        if capture.id in ids
    ]
    assert all(each.file == "packages/open/ship/2026-10.wacz" for each in sealed)
    by_id = {each.id: each for each in sealed}

    after, _ = made(data, [by_id[first.id], by_id[one.id]], "b.wacz")
    assert after == before
    alone, written = made(data, [by_id[same.id]], "c.wacz")
    assert responses(alone) == [("response", B)]
    assert written.left == {}


def test_what_is_damaged_is_named_and_the_rest_is_whole(store: Store, data: Path) -> None:
    file = RawFile(data, store, "kanliu-1", OCTOBER)
    captures = [file.article(f"https://ship.example/{n}.html") for n in range(4)]
    damaged = bytearray(file.path.read_bytes())
    damaged[captures[1].offset + 60] ^= 1
    # A member that is whole, and not what was written: its digest alone tells.
    last = gzip.decompress(bytes(damaged[captures[3].offset :]))
    altered = last.split(b"WARC/1.1\r\n")[1].replace(
        b"\r\n\r\nHTTP/1.1 200", b"\r\n\r\nHTTP/1.1 201"
    )
    damaged[captures[3].offset :] = gzip.compress(b"WARC/1.1\r\n" + altered)
    file.path.write_bytes(damaged)

    package, written = made(data, captures)

    assert [url for _, url in responses(package)] == [captures[0].url, captures[2].url]
    assert sorted(written.left) == sorted([captures[1].id, captures[3].id])
    assert "its block is not what was written" in written.left[captures[3].id]
    assert written.captures == 2


@pytest.mark.slow
@pytest.mark.promise(number=16)
def test_line_16_public_tools_have_nothing_to_say(store: Store, data: Path) -> None:
    pytest.importorskip("fastwarc", reason="fastwarc is missing")
    pytest.importorskip("wacz", reason="wacz is missing")
    file = RawFile(data, store, "kanliu-1", OCTOBER)
    made(data, [file.article(A, images=(LOGO,)), file.article(B, charset="gb18030")])
    with zipfile.ZipFile(data / "a.wacz") as package:
        package.extract("archive/data.warc.gz", data)
    bin_ = Path(sys.executable).parent
    for command in (
        [bin_ / "wacz", "validate", "-f", data / "a.wacz"],
        [bin_ / "fastwarc", "check", data / "archive" / "data.warc.gz"],
        [bin_ / "warcio", "check", data / "archive" / "data.warc.gz"],
    ):
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr

"""Captures: what is written reads back, and nothing half is left anywhere."""

from __future__ import annotations

import gzip
import hashlib
import os
import resource
import shutil
import signal
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker

from archive.captures import (
    CaptureWriter,
    crawler_name,
    find_rendering,
    open_captures,
    read_capture,
)
from archive.exchange import Belonging, Rendering, Role
from archive.sweep import sweep
from archive.warc import belonging_of, new_id, read_records
from foundation.errors import CaptureError, StoreError
from foundation.settings import Settings
from tests.archive.factories import NOW, URL, capture, exchange

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.model import Event
    from archive.store import Store

MONTH = "2026/11"


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "warc"


@pytest.fixture
def writer(folder: Path, clock: Clock) -> Iterator[CaptureWriter]:
    with open_writer(folder, clock) as writer:
        yield writer


def open_writer(folder: Path, clock: Clock, **options: int) -> CaptureWriter:
    about = {"software": "Kanliu/test", "operator": "o@example.org"}
    return CaptureWriter(folder, **about, clock=clock, **options)


def files(folder: Path) -> list[str]:
    return sorted(path.name.partition(".")[2] for path in folder.rglob("*") if path.is_file())


def the_file(folder: Path) -> Path:
    (found,) = (path for path in folder.rglob("*") if path.is_file())
    return found


def records(file: Path) -> list[tuple[dict[str, str], bytes]]:
    with file.open("rb") as opened:
        return [
            (dict(record.rec_headers.headers), record.raw_stream.read())
            for record in ArchiveIterator(opened, no_record_parse=True)
        ]


# Writing and reading


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"body": b""},
        {"status": 404, "reason": b"Not Found"},
        {"status": 302, "response_headers": ((b"Location", b"/2"),), "body": b""},
        # Without the second in which it was made: the workers of a run must name the test alike.
        {
            "body": gzip.compress(b"<p>x</p>", mtime=0),
            "response_headers": ((b"Content-Encoding", b"gzip"),),
        },
        {"body": bytes(range(256)) * 300, "response_headers": ((b"Content-Type", b"x/y"),)},
        {"body": b"\r\n\r\nWARC/1.1\r\n\r\n"},
        {"response_headers": (("标题".encode("gbk"), "船厂".encode("gbk")), (b"x-a", b"\xff\xfe"))},
        {"response_headers": ((b"A", b"1"), (b"a", b"2"), (b"A", b"")), "request_headers": ()},
        {"response_headers": ((b"transfer-Encoding", b"chunked"), (b"X", b"a: b"))},
        {"response_headers": ()},
        {"url": "https://ship.example", "method": "POST", "protocol": "HTTP/1.0"},
        {"url": "https://ship.example/船?题=船", "ip_address": "192.0.2.7"},
    ],
    ids=str,
)
def test_an_exchange_reads_back_as_it_was_served(
    writer: CaptureWriter, folder: Path, fields: dict[str, object]
) -> None:
    before = writer.write(exchange())
    written = exchange(**fields)
    capture = writer.write(written)
    assert read_capture(folder, capture) == written  # while it is open
    writer.close()
    assert read_capture(folder, capture) == written
    assert read_capture(folder, before) == exchange()
    checker = Checker(_CheckerArguments)
    checker.process_one(str(the_file(folder)))
    assert checker.exit_value == 0


class _CheckerArguments:
    inputs: tuple[str, ...] = ()
    verbose = False


def test_public_tools_find_every_digest_right(writer: CaptureWriter, folder: Path) -> None:
    for number in range(3):
        writer.write(exchange(body=os.urandom(5000)), metadata=f'{{"n":{number}}}'.encode())
    writer.close()
    file = the_file(folder)
    for command in (
        ["gzip", "-t", file],
        [Path(sys.executable).with_name("warcio"), "check", file],
    ):
        assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_capture_says_where_its_response_is(writer: CaptureWriter, folder: Path) -> None:
    writer.write(exchange())
    body = "<p>第二页</p>".encode("gb18030")
    capture = writer.write(exchange(body=body, url=URL + "?2", status=203))
    writer.close()
    assert (capture.url, capture.status, capture.seen) == (URL + "?2", 203, NOW)
    assert capture.digest == f"sha256:{hashlib.sha256(body).hexdigest()}"
    file = folder.parent / capture.file
    assert file == the_file(folder)
    with file.open("rb") as opened:
        opened.seek(capture.offset)
        record = next(iter(ArchiveIterator(opened)))
        assert record.rec_type == "response"
        assert record.rec_headers.get_header("WARC-Record-ID") == f"<{capture.id}>"


def test_the_records_of_an_exchange_name_each_other(writer: CaptureWriter, folder: Path) -> None:
    capture = writer.write(exchange(), metadata='{"题":"船"}'.encode())
    writer.close()
    info, response, request, metadata = records(the_file(folder))
    assert [head["WARC-Type"] for head, _ in (info, response, request, metadata)] == [
        "warcinfo", "response", "request", "metadata",
    ]  # fmt: skip
    for head, _ in (request, metadata):
        assert head["WARC-Concurrent-To"] == f"<{capture.id}>"
        assert head["WARC-Target-URI"] == URL
    for head, _ in (response, request, metadata):
        assert head["WARC-Warcinfo-ID"] == info[0]["WARC-Record-ID"]
    assert metadata[1] == '{"题":"船"}'.encode()
    assert request[1].startswith(b"GET /2026/11/1.html HTTP/1.1\r\nHost: ship.example\r\n")


def test_every_record_of_a_capture_says_whose_it_is_and_what_for(
    writer: CaptureWriter, folder: Path
) -> None:
    drawn = Rendering(at=NOW, body=b"<p>", software="Chromium/1")
    page = new_id()
    part = Belonging(source_id="ship", role=Role.PART, page=page)
    writer.write(exchange(), belonging=part)
    article = Belonging(source_id="ship", role=Role.ARTICLE)
    capture = writer.write(exchange(), metadata=b"{}", rendering=drawn, belonging=article, id_=page)
    writer.close()
    heads = [head for head, _ in records(the_file(folder))[1:]]
    assert capture.id == page
    assert {head["Kanliu-Source"] for head in heads} == {"ship"}
    assert [head["Kanliu-Role"] for head in heads] == ["part"] * 2 + ["article"] * 4
    assert [head.get("Kanliu-For") for head in heads] == [f"<{page}>"] * 2 + [None] * 4
    with the_file(folder).open("rb") as file:
        found = [belonging_of(record) for record in read_records(file)]
    assert found == [None] + [part] * 2 + [article] * 4


def test_equal_bytes_are_a_revisit_that_reads_as_what_was_served(
    writer: CaptureWriter, folder: Path
) -> None:
    body = os.urandom(5000)
    first = writer.write(exchange(body=body))
    again = exchange(body=body, url=URL + "?2", response_headers=((b"X", b"2"),), status=203)
    revisit = writer.write(again, same_as=first)
    assert read_capture(folder, revisit) == again  # while it is open
    writer.close()
    assert read_capture(folder, revisit) == again
    head, block = records(the_file(folder))[3]
    assert block == b"HTTP/1.1 203 \r\nX: 2\r\n\r\n"
    assert {name: head[name] for name in REVISIT} == REVISIT | {
        "WARC-Refers-To": f"<{first.id}>",
        "WARC-Payload-Digest": first.digest,
    }
    warcio = Path(sys.executable).with_name("warcio")
    subprocess.run([warcio, "check", the_file(folder)], check=True, capture_output=True)


REVISIT = {
    "WARC-Type": "revisit",
    "WARC-Profile": "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest",
    "WARC-Truncated": "length",
    "WARC-Refers-To": "",
    "WARC-Refers-To-Target-URI": URL,
    "WARC-Refers-To-Date": "2026-11-23T08:00:00.000000Z",
    "WARC-Payload-Digest": "",
}


def test_what_a_browser_drew_is_a_record_that_names_the_response(
    writer: CaptureWriter, folder: Path
) -> None:
    drawn = Rendering(at=NOW, body="<p>画出来的</p>".encode(), software="Chromium/1")
    before = writer.write(exchange())
    capture = writer.write(exchange(body=b"<div id=app>"), metadata=b"{}", rendering=drawn)
    after = writer.write(exchange())
    head, block = records(the_file(folder))[6]
    assert head["WARC-Type"] == "conversion"
    assert head["WARC-Refers-To"] == f"<{capture.id}>"
    assert head["WARC-Target-URI"] == URL
    assert head["Content-Type"] == "text/html; charset=utf-8"
    assert "WARC-Concurrent-To" not in head
    assert block == drawn.body
    assert read_capture(folder, capture).body == b"<div id=app>"
    assert find_rendering(folder, capture) == drawn.body
    assert find_rendering(folder, before) is None
    assert find_rendering(folder, after) is None
    writer.close()
    assert find_rendering(folder, capture) == drawn.body
    warcio = Path(sys.executable).with_name("warcio")
    subprocess.run([warcio, "check", the_file(folder)], check=True, capture_output=True)


def test_a_file_says_who_wrote_it_and_by_which_rules(writer: CaptureWriter, folder: Path) -> None:
    writer.write(exchange())
    writer.close()
    (head, block), *_ = records(the_file(folder))
    assert head["WARC-Filename"] == the_file(folder).name
    lines = block.decode().splitlines()
    for line in ("software: Kanliu/test", "operator: o@example.org", "robots: obey"):
        assert line in lines
    assert any(line.startswith("format: WARC File Format 1.1") for line in lines)


def test_only_the_transfer_coding_line_is_renamed(writer: CaptureWriter, folder: Path) -> None:
    headers = ((b"Transfer-Encoding", b"chunked"), (b"content-TYPE", b"text/html"))
    writer.write(exchange(response_headers=headers, reason=b"Fine", body=b"x"))
    writer.close()
    block = records(the_file(folder))[1][1]
    assert block == (
        b"HTTP/1.1 200 Fine\r\nX-Archive-Orig-Transfer-Encoding: chunked\r\n"
        b"content-TYPE: text/html\r\n\r\nx"
    )


@pytest.mark.promise(number=26)
def test_no_cookie_token_or_password_reaches_the_disk(writer: CaptureWriter, folder: Path) -> None:
    canary = b"canary-8f3a"
    capture = writer.write(
        exchange(
            url="https://user:canary-8f3a@ship.example/1",
            request_headers=((b"Cookie", canary), (b"AUTHORIZATION", canary), (b"Accept", b"*/*")),
            response_headers=((b"set-cookie", canary), (b"Proxy-Authorization", canary)),
        )
    )
    writer.close()
    everything = gzip.decompress(the_file(folder).read_bytes())
    assert canary not in everything
    assert b"Accept: */*" in everything
    assert capture.url == "https://ship.example/1"


def test_a_header_value_cannot_begin_a_line_of_its_own(writer: CaptureWriter, folder: Path) -> None:
    capture = writer.write(exchange(response_headers=((b"X", b"a\r\nSet-Cookie: b\r\n\r\nc"),)))
    (name, value), *rest = read_capture(folder, capture).response_headers
    assert (name, rest) == (b"X", [])
    assert value.startswith(b"a Set-Cookie: b")


# Files


def test_a_writer_of_the_same_second_takes_no_others_name(folder: Path, clock: Clock) -> None:
    kept = []
    for _ in range(3):
        with open_writer(folder, clock) as writer:
            kept.append(writer.write(exchange()))
    assert files(folder) == ["warc.gz"] * 3
    assert [read_capture(folder, each).body for each in kept] == [exchange().body] * 3


def test_no_file_is_opened_before_the_first_exchange(writer: CaptureWriter, folder: Path) -> None:
    writer.sync()
    assert not folder.exists()
    writer.write(exchange())
    assert files(folder) == ["warc.gz.open"]
    writer.sync()
    writer.close()
    assert files(folder) == ["warc.gz"]
    writer.close()
    writer.write(exchange())
    assert files(folder) == ["warc.gz", "warc.gz.open"]


def test_a_new_month_begins_a_new_file(writer: CaptureWriter, folder: Path, clock: Clock) -> None:
    first = writer.write(exchange())
    clock.now = datetime(2026, 12, 1, 0, 30, tzinfo=UTC).astimezone(NOW.tzinfo)
    second = writer.write(exchange())
    writer.close()
    assert first.file.startswith("warc/2026/11/kanliu-20261123080000-")
    assert second.file.startswith("warc/2026/12/kanliu-20261201003000-")
    assert read_capture(folder, first) == read_capture(folder, second) == exchange()


def test_a_full_file_makes_room_for_the_next(folder: Path, clock: Clock) -> None:
    with open_writer(folder, clock, file_bytes=4000) as writer:
        kept = [writer.write(exchange(body=os.urandom(1500))) for _ in range(6)]
    assert len({capture.file for capture in kept}) == 3
    assert files(folder) == ["warc.gz"] * 3


def test_damage_is_found_when_a_capture_is_read(writer: CaptureWriter, folder: Path) -> None:
    capture = writer.write(exchange(body=os.urandom(3000)))
    writer.close()
    file = the_file(folder)
    whole = file.read_bytes()
    cases = {
        "one bit": whole[: capture.offset + 900]
        + bytes([whole[capture.offset + 900] ^ 1])
        + whole[capture.offset + 901 :],
        "cut": whole[: capture.offset + 500],
        "empty": b"",
    }
    for damaged in cases.values():
        file.write_bytes(damaged)
        with pytest.raises(CaptureError, match=r"cannot be read.*restore this file"):
            read_capture(folder, capture)
    file.write_bytes(whole)
    with pytest.raises(CaptureError, match="another record"):
        read_capture(folder, replace(capture, offset=0))
    with pytest.raises(CaptureError, match="not what was written"):
        read_capture(folder, replace(capture, digest="sha256:0"))
    file.unlink()
    with pytest.raises(CaptureError, match="No such file"):
        read_capture(folder, capture)


# Trouble


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "warc").write_text("a file is in the way")
    with open_writer(tmp_path / "warc", clock) as writer:
        with pytest.raises(CaptureError, match=r"warc: the capture could not be kept.*Next:"):
            writer.write(exchange())
        (tmp_path / "warc").unlink()
        writer.write(exchange())


@pytest.mark.promise(number=15)
def test_a_full_disk_stops_captures_until_there_is_space(tmp_path: Path, clock: Clock) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("a small disk needs the right to mount one (root)")
    try:
        writer = open_writer(disk / "warc", clock)
        first = writer.write(exchange(body=os.urandom(50_000)))
        with pytest.raises(CaptureError, match=r"No space left on device.*free space"):
            writer.write(exchange(body=os.urandom(250_000)))
        with pytest.raises(CaptureError):
            writer.write(exchange(body=os.urandom(250_000)))
        assert files(disk) == ["warc.gz"]  # whole, closed, and no half file beside it
        second = writer.write(exchange(body=os.urandom(50_000)))
        writer.close()
        assert first.file != second.file
        assert len(read_capture(disk / "warc", first).body) == 50_000
        assert len(read_capture(disk / "warc", second).body) == 50_000
        assert sweep(disk / "warc", now=NOW) == ()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_a_limit_on_file_size_is_no_half_record(folder: Path) -> None:
    """The same without root: a process in which no file may grow beyond 20 kB."""
    script = (
        "import os, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from archive.captures import CaptureWriter; from foundation.errors import CaptureError\n"
        "from tests.archive.factories import exchange\n"
        "w = CaptureWriter(Path(sys.argv[1]), software='s', operator='o',"
        " clock=lambda: datetime.now(UTC))\n"
        "w.write(exchange())\n"
        "try: w.write(exchange(body=os.urandom(60_000)))\n"
        "except CaptureError as error: print(error)\n"
        "w.write(exchange()); w.close()\n"
    )

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))

    done = subprocess.run(
        [sys.executable, "-c", script, folder], preexec_fn=limit, capture_output=True, text=True,
        check=True,
    )  # fmt: skip
    assert "File too large" in done.stdout
    assert files(folder) == ["warc.gz", "warc.gz"]
    for file in folder.rglob("*.gz"):
        assert len(records(file)) == 3


# After a crash


def test_a_cut_file_is_closed_and_its_tail_kept(writer: CaptureWriter, folder: Path) -> None:
    kept = writer.write(exchange())
    lost = writer.write(exchange(body=os.urandom(9000)))
    crashed = _copy_of_the_open_file(folder)
    whole = crashed.read_bytes()
    crashed.write_bytes(whole[:-4000])
    event, sealed = sweep(crashed.parent, now=NOW)
    assert (event.kind, event.at) == ("capture-tail-kept", NOW)
    final, tail = sorted(path for path in crashed.parent.iterdir())
    assert (final.suffix, tail.suffix) == (".gz", ".tail")
    assert final.read_bytes() + tail.read_bytes() == whole[:-4000]
    assert final.stat().st_size == lost.offset == int(event.detail["whole_bytes"])
    assert [head["WARC-Type"] for head, _ in records(final)] == ["warcinfo", "response", "request"]
    assert (sealed.kind, sealed.detail) == ("capture-sealed", baseline(final, "crash", records=3))
    there = replace(kept, file=f"crash/{final.name}")
    assert read_capture(crashed.parent, there) == exchange()
    assert sweep(crashed.parent, now=NOW) == ()


def test_a_file_that_was_whole_is_only_renamed(writer: CaptureWriter, folder: Path) -> None:
    writer.write(exchange())
    crashed = _copy_of_the_open_file(folder)
    (sealed,) = sweep(crashed.parent, now=NOW)
    assert sealed.kind == "capture-sealed"
    assert files(crashed.parent) == ["warc.gz"]


def test_a_file_with_no_whole_record_is_all_tail(tmp_path: Path) -> None:
    (tmp_path / "x.warc.gz.open").write_bytes(b"\x1f\x8b\x08 cut")
    (tmp_path / "y.warc.gz.open").write_bytes(b"")
    (event,) = sweep(tmp_path, now=NOW)
    assert event.detail == {"file": "x.warc.gz", "whole_bytes": "0", "tail_bytes": "7"}
    assert files(tmp_path) == ["warc.gz.tail"]


def test_a_sweep_that_ends_while_it_tells_of_something_tells_of_it_the_next_time(
    writer: CaptureWriter, folder: Path
) -> None:
    writer.write(exchange())
    crashed = _copy_of_the_open_file(folder)
    crashed.write_bytes(crashed.read_bytes() + b"cut")
    for kinds in (["capture-tail-kept"], ["capture-tail-kept", "capture-sealed"]):
        told: list[str] = []

        def tell(event: Event, last: int = len(kinds), told: list[str] = told) -> None:
            told.append(event.kind)
            if len(told) == last:
                raise StoreError("the power goes")

        with pytest.raises(StoreError):
            sweep(crashed.parent, now=NOW, tell=tell)
        assert told == kinds
        assert crashed.exists()
    told = []
    sweep(crashed.parent, now=NOW, tell=lambda event: told.append(event.kind))
    assert told == ["capture-sealed"]  # the tail was told of twice by now, and is cut off
    assert files(crashed.parent) == ["warc.gz", "warc.gz.tail"]


def test_a_sweep_leaves_a_file_alone_that_is_being_written(
    writer: CaptureWriter, folder: Path
) -> None:
    first = writer.write(exchange())
    assert sweep(folder, now=NOW) == ()
    second = writer.write(exchange())
    assert read_capture(folder, first) == read_capture(folder, second)
    assert files(folder) == ["warc.gz.open"]


def test_every_cut_leaves_the_whole_records_readable(writer: CaptureWriter, folder: Path) -> None:
    for number in range(4):
        writer.write(exchange(body=f"第{number}页".encode() * 9))
    crashed = _copy_of_the_open_file(folder)
    whole = crashed.read_bytes()
    for cut in range(0, len(whole), 37):
        for path in crashed.parent.iterdir():
            path.unlink()
        crashed.write_bytes(whole[:cut])
        sealed = sweep(crashed.parent, now=NOW)
        left = {path.suffix: path.read_bytes() for path in crashed.parent.iterdir()}
        assert left.get(".gz", b"") + left.get(".tail", b"") == whole[:cut]
        found = list(ArchiveIterator(BytesIO(left.get(".gz", b""))))
        counts = [each.detail["records"] for each in sealed if each.kind == "capture-sealed"]
        assert counts == ([str(len(found))] if found else [])


@pytest.mark.slow
@pytest.mark.promise(number=14)
def test_kill_9_loses_nothing_that_was_acknowledged(folder: Path) -> None:
    script = (
        "import os, sys; from datetime import datetime, UTC; from pathlib import Path\n"
        "from archive.captures import CaptureWriter; from tests.archive.factories import exchange\n"
        "w = CaptureWriter(Path(sys.argv[1]), software='s', operator='o',"
        " clock=lambda: datetime.now(UTC))\n"
        "while True:\n"
        "    c = w.write(exchange(body=os.urandom(30_000)))\n"
        "    print(c.file, c.offset, c.digest, c.id, flush=True)\n"
    )
    acknowledged: list[list[str]] = []
    for kill in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", script, folder], stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        acknowledged += [process.stdout.readline().split() for _ in range(20 + 13 * kill)]
        process.kill()
        acknowledged += [line.split() for line in process.stdout if line.endswith("\n")]
        process.wait()
        process.stdout.close()
    sweep(folder, now=NOW)
    assert set(files(folder)) <= {"warc.gz", "warc.gz.tail"}
    for file, offset, digest, id_ in acknowledged:
        written = capture(id=id_, file=file, offset=int(offset), digest=digest)
        assert len(read_capture(folder, written).body) == 30_000


def test_opening_captures_sweeps_and_tells(folder: Path, store: Store) -> None:
    folder.mkdir()
    (folder / "x.warc.gz.open").write_bytes(b"cut")
    settings = Settings(data=folder.parent, contact="o@example.org", robots=False)
    with open_captures(settings, store, rules="7") as writer:
        writer.write(exchange())
    (file,) = folder.rglob("*.gz")
    told = {event.kind: event.detail for event in store.events(limit=2)}
    assert told["capture-tail-kept"]["tail_bytes"] == "3"
    assert told["capture-sealed"] == baseline(file, "warc", records=5)
    info = records(file)[0][1].decode().splitlines()
    for line in (
        f"software: {crawler_name()}",
        "operator: o@example.org",
        "robots: ignore",
        "rules: 7",
        "ids: tag:feeds.example.org,2026-11-23",
    ):
        assert line in info


def baseline(file: Path, folder: str, *, records: int) -> dict[str, str]:
    """What the log says of a file when it got its final name."""
    whole = file.read_bytes()
    return {
        "file": f"{folder}/{file.relative_to(_named(file, folder)).as_posix()}",
        "sha256": hashlib.sha256(whole).hexdigest(),
        "size_bytes": str(len(whole)),
        "records": str(records),
    }


def _named(file: Path, name: str) -> Path:
    return next(parent for parent in file.parents if parent.name == name)


def _copy_of_the_open_file(folder: Path) -> Path:
    """What a crash would leave: the open file, with nobody holding it."""
    crash = folder.parent / "crash"
    crash.mkdir()
    return Path(shutil.copy(the_file(folder), crash))

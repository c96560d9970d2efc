"""Our own test of a package finds each way in which one can be wrong; other people's tools find
nothing wrong with one that is right."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive import warc
from archive.packages import wacz
from archive.packages.conformance import examine
from archive.packages.members import Broken, Member, digest_of, read_members
from archive.store import Store
from tests.archive.factories import NOW
from tests.archive.packages.conftest import open_sealer
from tests.archive.packages.raw import raw_file

if TYPE_CHECKING:
    from collections.abc import Callable

    Parts = dict[str, bytes]

PROGRAMS = Path(sys.executable).parent


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, fresh: bytes) -> bytes:
    """A package with two articles in two charsets, a list page and a revisit."""
    data = tmp_path_factory.mktemp("good")
    (data / "kanliu.sqlite").write_bytes(fresh)
    with Store.open(f"sqlite:///{data / 'kanliu.sqlite'}") as store:
        with raw_file(data, store) as raw:
            page = raw.article("https://ship.example/1", title="船厂")
            first = raw.requisite("https://ship.example/a.png", page=page)
            raw.requisite("https://ship.example/b.png", page=page, same_as=first)
            raw.article("https://ship.example/2", title="航道", charset="utf-8")
            raw.list_page()
        sealer = open_sealer(data, store)
        draft = sealer.draft(None, now=NOW)
        (planned,) = draft.planned
        written = sealer.write(planned, draft, NOW)
    return (data / written.package.file).read_bytes()


@pytest.fixture
def path(tmp_path: Path, good: bytes) -> Path:
    path = tmp_path / "2026-10.wacz"
    path.write_bytes(good)
    return path


def test_a_good_package_conforms(path: Path) -> None:
    examined = examine(path)
    assert (examined.faults, examined.records, examined.pages) == ((), 14, 2)


# What is altered in the parts, and what is said of it. Manifest and digests are made right again,
# so that nothing but the fault itself can be found.


def lose_a_page(parts: Parts) -> None:
    lines = parts[wacz.PAGES].splitlines(keepends=True)
    parts[wacz.PAGES] = b"".join(lines[:-1])


def rename_a_page(parts: Parts) -> None:
    parts[wacz.PAGES] = parts[wacz.PAGES].replace("船厂".encode(), "鑸瑰巶".encode())


def add_a_page(parts: Parts) -> None:
    parts[wacz.PAGES] += b'{"url": "https://ship.example/9", "ts": "2026-10-01T00:00:00Z"}\n'


def turn_the_index_round(parts: Parts) -> None:
    parts[wacz.INDEX] = b"".join(reversed(parts[wacz.INDEX].splitlines(keepends=True)))


def lose_an_index_line(parts: Parts) -> None:
    parts[wacz.INDEX] = b"".join(parts[wacz.INDEX].splitlines(keepends=True)[1:])


def point_elsewhere(parts: Parts) -> None:
    parts[wacz.INDEX] = parts[wacz.INDEX].replace(b'"offset": "', b'"offset": "1', 1)


def cut_the_last_record(parts: Parts) -> None:
    parts[wacz.WARC] = parts[wacz.WARC][:-9]


def lose_the_warcinfo(parts: Parts) -> None:
    change_records(parts, lambda each: None if each.kind == "warcinfo" else each.packed)


def lose_the_original(parts: Parts) -> None:
    change_records(parts, lambda each: None if is_image(each) else each.packed)


def keep_a_cookie(parts: Parts) -> None:
    def changed(each: Member) -> bytes:
        if each.kind != "request":
            return each.packed
        block = each.block.replace(b"\r\n", b"\r\nCookie: planted=canary\r\n", 1)
        return packed(each, block)

    change_records(parts, changed)


def alter_a_body(parts: Parts) -> None:
    def changed(each: Member) -> bytes:
        block = each.block.replace(b"<h1>", b"<h2>")
        headers = {**each.headers, "WARC-Block-Digest": digest_of(block)}
        return packed(Member(offset=0, packed=b"", headers=headers, block=block), block)

    change_records(parts, changed)


def is_image(member: Member) -> bool:
    return member.kind == "response" and member.headers["WARC-Target-URI"].endswith("a.png")


def packed(member: Member, block: bytes) -> bytes:
    headers = {name: text for name, text in member.headers.items() if name != "Content-Length"}
    headers["WARC-Block-Digest"] = digest_of(block)
    return warc.pack(warc.Record(headers=headers, block=block), 6)


def change_records(parts: Parts, change: Callable[[Member], bytes | None]) -> None:
    found = [each for each in read_members(BytesIO(parts[wacz.WARC])) if isinstance(each, Member)]
    parts[wacz.WARC] = b"".join(filter(None, map(change, found)))


FAULTS = [
    (lose_a_page, r"pages.jsonl lacks https://ship.example/2 "),
    (rename_a_page, r"has another title for https://ship.example/1: 鑸瑰巶"),
    (add_a_page, r"pages.jsonl has what is no article here: https://ship.example/9"),
    (turn_the_index_round, r"index.cdx is not sorted"),
    (lose_an_index_line, r"index.cdx lacks: example,ship\)/1 "),
    (point_elsewhere, r"index.cdx has what is not there: .*\"offset\": \"1"),
    (cut_the_last_record, r"data.warc.gz at \d+: it is cut off"),
    (lose_the_warcinfo, r"does not begin with a warcinfo record"),
    (lose_the_original, r"it is a revisit, and what it revisits is not in here: urn:uuid:"),
    (keep_a_cookie, r"it has a cookie header"),
    (alter_a_body, r"its body is not what was written"),
]


@pytest.mark.parametrize(("alter", "words"), FAULTS, ids=lambda each: getattr(each, "__name__", ""))
@pytest.mark.promise(number=16)
def test_each_way_to_be_wrong_is_named(
    path: Path, alter: Callable[[Parts], None], words: str
) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    alter(parts)
    write(path, parts)
    faults = "\n".join(examine(path).faults)
    assert re.search(words, faults), faults


def write(path: Path, parts: Parts) -> None:
    """A package of these parts, with manifest and digests made anew."""
    manifest = json.loads(parts[wacz.MANIFEST])
    for resource in manifest["resources"]:
        content = parts[resource["path"]]
        resource |= {"hash": digest_of(content), "bytes": len(content)}
    parts[wacz.MANIFEST] = json.dumps(manifest).encode()
    own = {"path": wacz.MANIFEST, "hash": digest_of(parts[wacz.MANIFEST])}
    parts[wacz.MANIFEST_DIGEST] = json.dumps(own).encode()
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_a_manifest_that_says_something_else_is_named(path: Path) -> None:
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    parts[wacz.INDEX] += b"\n"
    with zipfile.ZipFile(path, "w") as package:
        for name, content in parts.items():
            package.writestr(name, content)
        package.writestr("notes.txt", b"not in the manifest")
    faults = examine(path).faults
    assert "notes.txt is not in datapackage.json" in faults
    assert "indexes/index.cdx is not what datapackage.json says of it" in faults


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 half of it", b"<html>not found"])
def test_what_is_no_package_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "2026-10.wacz"
    path.write_bytes(content)
    assert examine(path).faults[0].startswith("it is no readable ZIP")


def test_whatever_bit_is_wrong_the_report_is_a_report(path: Path, good: bytes) -> None:
    silent = 0
    for place in range(0, len(good), 37):
        bad = bytearray(good)
        bad[place] ^= 1 << (place % 8)
        path.write_bytes(bad)
        silent += not examine(path).faults
    # Dates and modes of the ZIP: no reader asks for them, and the store's digest sees them.
    assert silent < len(good) / 37 / 20


# Other people's tools


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.mark.slow
@pytest.mark.parametrize("tool", ["gzip", "warcio", "fastwarc", "wacz"])
@pytest.mark.promise(number=16)
def test_other_tools_find_nothing_wrong(path: Path, tool: str) -> None:
    file = path.with_name(wacz.WARC_NAME)
    with zipfile.ZipFile(path) as package:
        file.write_bytes(package.read(wacz.WARC))
    program = shutil.which(tool, path=f"{PROGRAMS}:/usr/bin:/bin")
    assert program, f"{tool} is missing: make .venv/dev"
    match tool:
        case "gzip":
            run(program, "-t", file)
        case "wacz":
            assert "Validation succeeded" in run(program, "validate", "-f", path)
        case "fastwarc":
            assert "14 records were verified" in run(program, "check", file)
        case _:
            assert run(program, "check", "-v", file).count("digest pass") == 13


def test_after_a_broken_record_the_next_ones_are_read(good: bytes, tmp_path: Path) -> None:
    whole = tmp_path / "x.warc.gz"
    with zipfile.ZipFile(BytesIO(good)) as package:
        content = bytearray(package.read(wacz.WARC))
    members = [each for each in read_members(BytesIO(bytes(content))) if isinstance(each, Member)]
    for number in (2, 5):
        content[members[number].offset + len(members[number].packed) // 2] ^= 1
    whole.write_bytes(content)
    with whole.open("rb") as file:
        found = list(read_members(file))
    broken = [each.offset for each in found if isinstance(each, Broken)]
    assert broken == [members[2].offset, members[5].offset]
    assert [each.id for each in found if isinstance(each, Member)] == [
        each.id for number, each in enumerate(members) if number not in (2, 5)
    ]

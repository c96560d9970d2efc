"""A package of one article, made when it is asked for: it conforms, and holds what is its own."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive import warc
from archive.captures import CaptureWriter
from archive.exchange import Belonging, Role
from archive.packages.conformance import examine
from archive.packages.lines import read_index, read_pages
from archive.packages.members import read_member
from archive.packages.single import Single, build_single
from foundation.errors import CaptureError
from tests.archive.factories import NOW, exchange
from tests.archive.packages.raw import OCTOBER, RawFile
from tests.archive.packages.test_seal import seal_all

if TYPE_CHECKING:
    from pathlib import Path

    from archive.exchange import Capture
    from archive.packages.seal import Sealer
    from archive.store import Store

ABOUT = Single(id="tag:x,2026:ship/a", title="船", software="Kanliu/test")
URL = "https://ship.example/船.html"


def captures(store: Store, url: str = URL) -> list[Capture]:
    return store.captures(store.stories.named(url, public_url="https://x.example"))


def names(package: bytes) -> list[str]:
    """The addresses of what is in the WARC file, response by response."""
    with zipfile.ZipFile(BytesIO(package)) as opened:
        warc = BytesIO(opened.read("archive/data.warc.gz"))
    return [
        record.rec_headers.get_header("WARC-Target-URI")
        for record in ArchiveIterator(warc)
        if record.rec_type in ("response", "revisit")
    ]


@pytest.mark.promise(number=10)
def test_line_10_every_revision_is_in_with_its_pictures_and_nothing_else(
    store: Store, tmp_path: Path
) -> None:
    file = RawFile(tmp_path, store, "kanliu-1", OCTOBER)
    first = file.article(URL, title="船一", images=("https://ship.example/a.png",))
    # Others write into the same file meanwhile.
    file.article("https://tea.example/1", source="tea", images=("https://tea.example/b.png",))
    file.requisite("https://ship.example/late.png", page=first)
    later = RawFile(tmp_path, store, "kanliu-2", OCTOBER + timedelta(days=40))
    later.list_page()
    later.article(URL, title="船二", charset="utf-8", images=("https://ship.example/c.css",))
    later.event(7)

    package = build_single(tmp_path, captures(store), ABOUT)
    (tmp_path / "one.wacz").write_bytes(package)
    found = examine(tmp_path / "one.wacz")
    assert found.faults == ()
    assert names(package) == [
        URL, "https://ship.example/a.png", "https://ship.example/late.png",
        URL, "https://ship.example/c.css",
    ]  # fmt: skip
    with zipfile.ZipFile(BytesIO(package)) as opened:
        pages = read_pages(opened.read("pages/pages.jsonl"))
        index = read_index(opened.read("indexes/index.cdx").decode())
        manifest = json.loads(opened.read("datapackage.json"))
        assert opened.getinfo("archive/data.warc.gz").compress_type == zipfile.ZIP_STORED
    assert [page["title"] for page in pages] == ["船一", "船二"]  # line 21: one was GBK
    assert len(index) == 5
    assert (manifest["title"], manifest["mainPageDate"][:10]) == ("船", "2026-11-21")
    # Again the same bytes: nothing of the clock is in it.
    assert build_single(tmp_path, captures(store), ABOUT) == package


def test_what_captures_write_around_a_page_is_in_and_revisits_are_whole(
    store: Store, tmp_path: Path
) -> None:
    def write(url: str, body: bytes, role: Role, page: str | None = None, **more: Any) -> Capture:
        made = exchange(url=url, body=body)
        return writer.write(
            made, belonging=Belonging(source_id="ship", role=role, page=page), **more
        )

    def write_article(url: str, picture: Capture | None) -> tuple[Capture, Capture]:
        page = warc.new_id()
        write("https://ship.example/moved", b"", Role.PART, page)
        write(f"{url}_2", "下一页".encode(), Role.FURTHER, page)
        article = write(url, b"<h1>", Role.ARTICLE, id_=page, metadata=b'{"entry": {}}')
        return article, write(f"{url}.png", b"\x89PNG", Role.REQUISITE, page, same_as=picture)

    about = {"software": "t", "operator": "t", "clock": lambda: NOW}
    with CaptureWriter(tmp_path / "warc", **about) as writer:
        _, picture = write_article(f"{URL}?1", None)
        article, again = write_article(URL, picture)
    with (tmp_path / again.file).open("rb") as file:
        assert read_member(file, again.offset).kind == "revisit"
    package = build_single(tmp_path, [article], ABOUT)
    (tmp_path / "one.wacz").write_bytes(package)
    assert examine(tmp_path / "one.wacz").faults == ()
    assert names(package) == ["https://ship.example/moved", f"{URL}_2", URL, f"{URL}.png"]
    with zipfile.ZipFile(BytesIO(package)) as opened:
        stream = BytesIO(opened.read("archive/data.warc.gz"))
        bodies = {
            record.rec_type: record.content_stream().read()
            for record in ArchiveIterator(stream)
            if (record.rec_headers.get_header("WARC-Target-URI") or "").endswith(".png")
        }
    assert bodies["response"] == b"\x89PNG"


def test_it_is_the_same_out_of_a_sealed_package(
    store: Store, data: Path, raw: RawFile, sealer: Sealer
) -> None:
    page = raw.article(URL, images=("https://ship.example/a.png",))
    raw.article("https://ship.example/2", images=("https://ship.example/b.png",))
    assert page.file.startswith("warc/")
    before = build_single(data, captures(store), ABOUT)
    seal_all(sealer)
    assert captures(store)[0].file.startswith("packages/")
    raw.path.unlink()
    package = build_single(data, captures(store), ABOUT)
    (data / "one.wacz").write_bytes(package)
    assert examine(data / "one.wacz").faults == ()
    assert names(package) == names(before) == [URL, "https://ship.example/a.png"]


def test_a_picture_whose_body_is_nowhere_is_left_out_alone(store: Store, tmp_path: Path) -> None:
    file = RawFile(tmp_path, store, "kanliu-1", OCTOBER)
    page = file.article(URL)
    gone = file.list_page()
    file.requisite("https://ship.example/lost.png", page=page, same_as=gone, body=b"elsewhere")
    file.requisite("https://ship.example/there.png", page=page)
    package = build_single(tmp_path, captures(store), ABOUT)
    (tmp_path / "one.wacz").write_bytes(package)
    assert examine(tmp_path / "one.wacz").faults == ()
    assert names(package) == [URL, "https://ship.example/there.png"]


def test_a_file_that_is_damaged_or_away_is_named(store: Store, tmp_path: Path) -> None:
    file = RawFile(tmp_path, store, "kanliu-1", OCTOBER)
    capture = file.article(URL)
    data = bytearray(file.path.read_bytes())
    data[capture.offset + 40] ^= 0xFF
    file.path.write_bytes(data)
    for _ in range(2):
        with pytest.raises(CaptureError, match=rf"{capture.file}: capture {capture.id}"):
            build_single(tmp_path, captures(store), ABOUT)
        file.path.unlink(missing_ok=True)

"""What an open page shows and another page was the first to ask for, or what came late, is in every
package that the page is in; and of the other page, nothing else is."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.bodies import Served
from archive.packages import trees
from archive.packages.conformance import examine
from archive.packages.selected import About, write_selected
from archive.packages.single import Single, build_single
from tests.archive.packages.conftest import SOURCES, open_sealer
from tests.archive.packages.raw import CLOSED, OCTOBER, RawFile
from tests.archive.packages.test_seal import packages, records, seal_all

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archive.exchange import Capture
    from archive.packages.seal import Sealer
    from archive.store import Store

HOST = "https://ship.example"
DARK, OPEN = f"{HOST}/closed.html", f"{HOST}/open.html"
SHEET, PAPER, PICTURE = f"{HOST}/s/a.css", f"{HOST}/s/paper.png", f"{HOST}/%E5%9B%BE/p.png"
MOVED, HERE = f"{HOST}/old.png", f"{HOST}/new.png"
SCANNED = f"{HOST}/closed.pdf"
NOVEMBER = datetime(2026, 11, 3, 8, 0, tzinfo=UTC)
DECEMBER = datetime(2026, 12, 15, 8, 0, tzinfo=UTC)
#: As old pages are: in GBK, with a Chinese address in it, and a link to what is closed.
PAGE = (
    "<link rel=stylesheet href='/s/a.css'><h1>船</h1><img src=/图/p.png><img src=/old.png>"
    f"<a href={SCANNED}>又一篇</a>"
).encode("gbk")
SHOWN = [OPEN, SHEET, PAPER, PICTURE, MOVED, HERE]


class Files:
    """WARC files, and what the store knows of them until they are sealed."""

    def __init__(self, data: Path, store: Store, at: datetime = OCTOBER, name: str = "k-1") -> None:
        self.raw = RawFile(data, store, name, at)
        self._store, self._month = store, f"{at:%Y-%m}"
        self._served: dict[str, Served] = {}

    def requisite(
        self,
        url: str,
        page: Capture,
        *,
        body: bytes = b"\x89PNG our own" * 50,
        content_type: str = "image/png",
        same_as: Capture | None = None,
    ) -> Capture:
        heads = {"Kanliu-Source": "ship", "Kanliu-Role": "requisite", "Kanliu-For": f"<{page.id}>"}
        if same_as is not None:  # as captures say it
            heads["Kanliu-Body-At"] = f"{same_as.offset} {same_as.file}"
        made = self.raw._exchange(url, body, content_type)
        own = self.raw._write(made, heads, same_as=same_as)
        self._know(url, own, same_as)
        return own

    def _know(self, url: str, own: Capture, body: Capture | None = None) -> None:
        self._served[url] = Served(own=own, body=body or own)
        self._store.bodies.keep("ship", self._month, self._served)

    def shared(self) -> Capture:
        """All that the open page shows was captured for the closed one; the open one's capture."""
        dark = self.raw.article(DARK, notice=CLOSED, title="不公开的一篇")
        css = b"body { background: url(paper.png) }"
        self.requisite(SHEET, dark, body=css, content_type="text/css")
        paper = self.requisite(PAPER, dark)
        self.requisite(PICTURE, dark, same_as=paper)
        self.redirect(MOVED, HERE, dark)
        self.requisite(HERE, dark, body=b"moved here" * 200)
        self.requisite(SCANNED, dark, body=b"%PDF all of it", content_type="application/pdf")
        self.requisite(f"{HOST}/other.png", dark)
        return self.raw.article(OPEN, body=PAGE)

    def redirect(self, url: str, to: str, page: Capture) -> None:
        heads = {"Kanliu-Source": "ship", "Kanliu-Role": "requisite", "Kanliu-For": f"<{page.id}>"}
        made = self.raw._exchange(url, b"", "text/html")
        told = (*made.response_headers, (b"Location", to.encode()))
        moved = replace(made, status=302, response_headers=told)
        self._know(url, self.raw._write(moved, heads))


def captures(store: Store, url: str = OPEN) -> list[Capture]:
    return store.captures(store.stories.named(url, public_url="https://x.example"))


def single(store: Store, data: Path) -> bytes:
    about = Single(id="tag:x,2026:ship/a", title="船", software="Kanliu/test")
    return build_single(data, captures(store), about, store.bodies.find_own)


def selected(store: Store, data: Path) -> bytes:
    about = About(title="船", description="船", software="Kanliu/test", operator="a@x.example")
    written = write_selected(data / "out.wacz", data, captures(store), about)
    assert written.left == {}
    return (data / "out.wacz").read_bytes()


def shown_in(package: bytes, data: Path) -> dict[str, bytes]:
    """What replays, with its body, of a package that conforms."""
    path = data / "examined.wacz"
    path.write_bytes(package)
    assert examine(path).faults == ()
    with zipfile.ZipFile(BytesIO(package)) as opened:
        file = BytesIO(opened.read("archive/data.warc.gz"))
        assert "不公开" not in opened.read("pages/pages.jsonl").decode()
    return {
        record.rec_headers.get_header("WARC-Target-URI"): record.content_stream().read()
        for record in ArchiveIterator(file)
        if record.rec_type in ("response", "revisit")
    }


every_way = pytest.mark.parametrize("make", [single, selected])


@every_way
@pytest.mark.parametrize("stands", ["in a file", "in packages", "in packages alone"])
def test_an_open_page_has_the_pictures_that_a_closed_one_asked_for_and_nothing_else_of_it(
    store: Store, data: Path, make: Callable[[Store, Path], bytes], stands: str
) -> None:
    files = Files(data, store)
    files.shared()
    if stands != "in a file":
        seal_all(open_sealer(data, store))
        assert packages(data) == ["dark/ship/2026-10.2.wacz", "open/ship/2026-10.wacz"]
    if stands == "in packages alone":
        files.raw.path.unlink()
    shown = shown_in(make(store, data), data)
    assert sorted(shown) == sorted(SHOWN)
    assert shown[PICTURE] == b"\x89PNG our own" * 50
    assert shown[HERE] == b"moved here" * 200


def test_sealing_gives_the_open_tree_the_same(store: Store, data: Path) -> None:
    Files(data, store).shared()
    seal_all(open_sealer(data, store))
    held = records(data / "packages/open/ship/2026-10.wacz")
    urls = {
        each.headers["WARC-Target-URI"] for each in held if each.kind in ("response", "revisit")
    }
    assert urls == set(SHOWN)


def late(store: Store, data: Path, *, is_removed: bool = True) -> tuple[Files, Sealer]:
    """Two articles of October, sealed; of the one in the open, a picture comes in November."""
    files = Files(data, store)
    files.raw.article(DARK, notice=CLOSED)
    one = files.raw.article(OPEN, body=PAGE)
    sealer = open_sealer(data, store)
    seal_all(sealer)
    if is_removed:
        files.raw.path.unlink()
    later = Files(data, store, NOVEMBER, "k-2")
    later.requisite(PICTURE, one)
    return later, sealer


@every_way
@pytest.mark.parametrize("stands", ["in a file", "in packages", "in packages alone"])
def test_a_picture_that_came_when_its_month_was_sealed_is_in_too(
    store: Store, data: Path, make: Callable[[Store, Path], bytes], stands: str
) -> None:
    later, sealer = late(store, data)
    if stands != "in a file":
        seal_all(sealer, DECEMBER)
        assert "open/ship/2026-11.wacz" in packages(data)
    if stands == "in packages alone":
        later.raw.path.unlink()
    assert sorted(shown_in(make(store, data), data)) == sorted([OPEN, PICTURE])


@pytest.mark.parametrize("is_removed", [True, False])
def test_what_came_late_goes_where_its_page_may_go_once_and_moves_with_it(
    store: Store, data: Path, *, is_removed: bool
) -> None:
    _, sealer = late(store, data, is_removed=is_removed)
    seal_all(sealer, DECEMBER)
    # With the page at hand it is a further package of its month, else one of its own month.
    name = "open/ship/2026-11.wacz" if is_removed else "open/ship/2026-10.3.wacz"
    assert [each for each in packages(data) if each.startswith("open/ship/")] == sorted(
        ["open/ship/2026-10.wacz", name]
    )
    for path in (data / "warc").rglob("2026/10/*.gz"):
        path.unlink()
    assert sealer.draft(None, now=DECEMBER).planned == ()

    entry_id = store.stories.named(OPEN, public_url="https://x.example")
    store.withdrawals.withdraw(entry_id, who="林", why="要求", now=DECEMBER)
    closed = trees.find_closed(store.holdings, SOURCES, data, noncommercial=False)
    assert sorted(each.file for each in closed) == sorted(
        ["packages/open/ship/2026-10.wacz", f"packages/{name}"]
    )


def test_a_package_that_a_crash_left_unknown_moves_with_its_late_pages_too(
    store: Store, data: Path
) -> None:
    _, sealer = late(store, data)
    draft = sealer.draft(None, now=DECEMBER)
    (planned,) = draft.planned
    sealer.write(planned, draft, DECEMBER)  # and no commit
    again = open_sealer(data, store)
    (found,) = again.recover(DECEMBER)
    again.commit(found)
    entry_id = store.stories.named(OPEN, public_url="https://x.example")
    store.withdrawals.withdraw(entry_id, who="林", why="要求", now=DECEMBER)
    closed = trees.find_closed(store.holdings, SOURCES, data, noncommercial=False)
    assert "packages/open/ship/2026-11.wacz" in [each.file for each in closed]


def test_the_store_knows_for_two_months_where_an_address_was_captured(
    store: Store, data: Path
) -> None:
    files = Files(data, store)
    page = files.raw.article(OPEN)
    own = files.requisite(PICTURE, page)
    (spot,) = store.bodies.find_own("ship", "2026-10", [PICTURE, SHEET])
    assert (spot.id, spot.file, spot.offset) == (own.id, own.file, own.offset)
    Files(data, store, OCTOBER + timedelta(days=30), "k-2").requisite(SHEET, page)
    assert store.bodies.find_own("ship", "2026-10", [PICTURE]) == [spot]
    Files(data, store, OCTOBER + timedelta(days=61), "k-3").requisite(SHEET, page)
    assert store.bodies.find_own("ship", "2026-10", [PICTURE]) == []
    assert store.bodies.find_own("ship", "2026-11", [SHEET]) != []

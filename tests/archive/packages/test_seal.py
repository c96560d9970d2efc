"""A month's captures become packages: each holds what is its own, replays alone, and is read in
place; nothing is lost on the way."""

from __future__ import annotations

import json
import stat
import zipfile
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive.captures import find_rendering, read_capture
from archive.holdings import HERE
from archive.packages import removal, seal, trees, wacz
from archive.packages.conformance import examine
from archive.packages.lines import read_index, read_pages
from archive.packages.manifest import read_manifest
from archive.packages.members import Member
from archive.packages.removal import Removable
from foundation.errors import StoreError
from tests.archive.factories import NOW, sighting
from tests.archive.packages.conftest import open_sealer
from tests.archive.packages.raw import CLOSED, FREE, OCTOBER, raw_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archive.packages.seal import Sealer
    from archive.store import Store
    from sources.model import Source
    from tests.archive.packages.raw import RawFile


def seal_all(sealer: Sealer, now: datetime = NOW, **chosen: object) -> seal.Draft:
    draft = sealer.draft(None, now=now, **chosen)  # type: ignore[arg-type]
    for planned in draft.planned:
        sealer.commit(sealer.write(planned, draft, now), draft)
    return draft


def packages(data: Path) -> list[str]:
    found = data.glob("packages/*/*/*")
    return sorted(path.relative_to(data / "packages").as_posix() for path in found)


def records(path: Path) -> list[Member]:
    found = list(wacz.read_package(path))
    assert all(isinstance(each, Member) for each in found)
    return found  # type: ignore[return-value]


def removable(data: Path, draft: seal.Draft) -> list[Path]:
    """The WARC files that may go, where every package has its copies."""
    found = removal.find_removable(data, draft, NOW, is_copied=lambda _: True)
    return [each.file for each in found]


def titles(path: Path) -> list[str]:
    with zipfile.ZipFile(path) as package:
        return [page["title"] for page in read_pages(package.read(wacz.PAGES))]


# Where things go


@pytest.mark.promise(number=7)
def test_an_article_goes_to_the_tree_that_its_notice_allows(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    raw.article("https://ship.example/1", notice=FREE, images=("https://ship.example/1.png",))
    raw.article("https://ship.example/2", notice=CLOSED, images=("https://ship.example/2.png",))
    raw.article("https://tea.example/1", source="tea", notice=FREE)
    raw.list_page("https://ship.example/list")
    raw.list_page("https://tea.example/list", source="tea")
    raw.event(1)
    seal_all(sealer)
    held = {
        name: {each.headers["WARC-Target-URI"] for each in records(data / "packages" / name)
               if each.kind in ("response", "metadata")}
        for name in packages(data)
    }  # fmt: skip
    assert held == {
        "open/ship/2026-10.wacz": {"https://ship.example/1", "https://ship.example/1.png"},
        # The list shows what is closed.
        "dark/ship/2026-10.2.wacz": {
            "https://ship.example/2", "https://ship.example/2.png", "https://ship.example/list",
        },
        "open/tea/2026-10.wacz": {"https://tea.example/1", "https://tea.example/list"},
        "dark/archive/2026-10.wacz": {"urn:kanliu:event:1"},
    }  # fmt: skip
    assert [examine(data / "packages" / name).faults for name in held] == [()] * 4


def test_a_page_seen_unchanged_goes_where_its_article_goes(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    raw.article("https://ship.example/1", notice=FREE)
    raw.article("https://ship.example/1", notice=FREE, is_kept=False)
    seal_all(sealer)
    assert packages(data) == ["open/ship/2026-10.wacz"]


@pytest.mark.parametrize("fields", [{"is_kept": False}, {"source": "gone"}])
def test_what_nothing_is_known_of_is_closed(
    raw: RawFile, sealer: Sealer, data: Path, store: Store, fields: dict[str, object]
) -> None:
    raw.article("https://ship.example/1", **{"source": "ship", "is_kept": False, **fields})  # type: ignore[arg-type]
    seal_all(sealer)
    (name,) = packages(data)
    assert name.startswith("dark/")


def test_a_journal_that_once_had_a_closed_article_keeps_its_lists_closed(
    data: Path, store: Store, sealer: Sealer
) -> None:
    with raw_file(data, store, at=datetime(2026, 9, 1, tzinfo=UTC)) as raw:
        raw.article("https://ship.example/1", notice=CLOSED)
    seal_all(sealer)
    with raw_file(data, store) as raw:
        raw.article("https://ship.example/2", notice=FREE)
        raw.list_page()
    seal_all(sealer)
    assert packages(data) == [
        "dark/ship/2026-09.wacz", "dark/ship/2026-10.2.wacz", "open/ship/2026-10.wacz",
    ]  # fmt: skip


def test_only_months_that_are_over_are_sealed_unless_one_is_named(
    data: Path, store: Store, sealer: Sealer
) -> None:
    with raw_file(data, store) as raw:
        raw.article("https://ship.example/1")
    with raw_file(data, store, at=NOW) as raw:
        raw.article("https://ship.example/2")
    half = raw.path.with_name("kanliu-2.warc.gz.open")
    half.write_bytes(raw.path.read_bytes())
    draft = seal_all(sealer)
    assert packages(data) == ["open/ship/2026-10.wacz"]
    named = sealer.draft(["2026-11"], now=NOW)
    for planned in named.planned:
        sealer.commit(sealer.write(planned, named, NOW), named)
    assert packages(data) == ["open/ship/2026-10.wacz", "open/ship/2026-11.wacz"]
    # A file of the open month stays, though all of it is sealed.
    both = removable(data, named)
    assert [path.parent.name for path in both] == ["10"]
    assert removable(data, draft) == both


def test_what_comes_later_in_a_sealed_month_is_a_further_package(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    raw.article("https://ship.example/1")
    seal_all(sealer)
    with raw_file(data, store, "kanliu-2") as later:
        later.article("https://ship.example/2", title="后来")
    seal_all(sealer)
    assert packages(data) == ["open/ship/2026-10.2.wacz", "open/ship/2026-10.wacz"]
    assert titles(data / "packages/open/ship/2026-10.2.wacz") == ["后来"]
    assert not sealer.draft(None, now=NOW).planned


# What a package holds


@pytest.mark.parametrize("charset", ["gbk", "gb18030", "big5", "utf-8"])
def test_title_and_text_are_right_in_the_pages_whatever_was_served(
    raw: RawFile, sealer: Sealer, data: Path, charset: str
) -> None:
    raw.article("https://ship.example/1", title="船出江口", text="水路三百里。", charset=charset)
    seal_all(sealer)
    with zipfile.ZipFile(data / "packages/open/ship/2026-10.wacz") as package:
        (page,) = read_pages(package.read(wacz.PAGES))
        manifest = json.loads(package.read(wacz.MANIFEST))
    assert (page["title"], page["text"]) == ("船出江口", "水路三百里。")
    assert page["ts"].startswith("2026-10-12T08:00:01")
    assert (manifest["title"], manifest["mainPageUrl"]) == ("船 2026-10", "https://ship.example/1")


def test_records_are_copied_byte_for_byte_and_read_in_place(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    raw.article("https://ship.example/1", images=("https://ship.example/1.png",))
    before = raw.path.read_bytes()
    (entry,) = store.entries("ship")
    (old,) = store.captures(entry.id)
    served = read_capture(data / "warc", old)
    seal_all(sealer)
    path = data / "packages/open/ship/2026-10.wacz"
    assert path.read_bytes().count(before) == 1  # warcinfo, page, request, metadata, image …
    (new,) = store.captures(entry.id)
    assert (new.file, new.id, new.digest) == ("packages/open/ship/2026-10.wacz", old.id, old.digest)
    raw.path.unlink()
    assert read_capture(data / "warc", new) == served
    assert stat.S_IMODE(path.stat().st_mode) == 0o444


def test_the_same_captures_give_the_same_bytes(
    raw: RawFile, sealer: Sealer, data: Path, store: Store, tmp_path: Path
) -> None:
    raw.article("https://ship.example/2", images=("https://ship.example/2.png",))
    raw.article("https://ship.example/1")
    draft = sealer.draft(None, now=NOW)
    (planned,) = draft.planned
    first = sealer.write(planned, draft, NOW)
    path = data / first.package.file
    once = path.read_bytes()
    path.unlink()
    again = open_sealer(data, store)
    draft = again.draft(None, now=NOW)
    again.write(draft.planned[0], draft, NOW)
    assert path.read_bytes() == once


def test_the_index_is_sorted_and_names_each_capture(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    for number in (3, 1, 2):
        raw.article(f"https://ship.example/{number}", title=f"第{number}篇")
    raw.list_page("https://www.ship.example:8443/list?b=2&a=1")
    seal_all(sealer)
    with zipfile.ZipFile(data / "packages/open/ship/2026-10.wacz") as package:
        text = package.read(wacz.INDEX).decode()
        assert package.getinfo(wacz.WARC).compress_type == zipfile.ZIP_STORED
    assert text.encode().splitlines() == sorted(text.encode().splitlines())
    assert [key for key, _, _ in read_index(text)] == [
        "example,ship)/1", "example,ship)/2", "example,ship)/3",
        "example,ship:8443)/list?a=1&b=2",
    ]  # fmt: skip
    fields = read_index(text)[0][2]
    assert (fields["mime"], fields["status"], fields["filename"]) == (
        "text/html", "200", "data.warc.gz",
    )  # fmt: skip


# Revisits


@pytest.mark.promise(number=8)
def test_an_image_under_fifty_addresses_is_stored_once(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    page = raw.article()
    first = raw.requisite("https://ship.example/0.png", page=page)
    for number in range(1, 50):
        raw.requisite(f"https://ship.example/{number}.png", page=page, same_as=first)
    seal_all(sealer)
    path = data / "packages/open/ship/2026-10.wacz"
    kinds = [each.kind for each in records(path)]
    assert (kinds.count("revisit"), kinds.count("response")) == (49, 2)
    assert examine(path).faults == ()


def test_a_page_with_the_bytes_of_another_is_read_in_place(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    page = b"<p>our own</p>"
    first = raw.article("https://ship.example/1", body=page)
    second = raw.article("https://ship.example/2", body=page, same_as=first)
    seal_all(sealer)
    raw.path.unlink()
    found = [each for entry in store.entries() for each in store.captures(entry.id)]
    assert {each.id for each in found} == {first.id, second.id}
    assert [read_capture(data / "warc", each).body for each in found] == [page, page]
    assert [find_rendering(data / "warc", each) for each in found] == [None, None]


@pytest.mark.promise(number=9)
def test_a_revisit_of_what_is_elsewhere_gets_its_body_again_once(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    closed = raw.article("https://ship.example/1", notice=CLOSED)
    first = raw.requisite("https://ship.example/logo.png", page=closed)
    free = raw.article("https://ship.example/2", notice=FREE)
    second = raw.requisite("https://ship.example/logo.png", page=free, same_as=first)
    third = raw.requisite("https://ship.example/logo2.png", page=free, same_as=first)
    draft = seal_all(sealer)
    there = {each.id: each for each in records(data / "packages/open/ship/2026-10.wacz")}
    assert (there[second.id].kind, there[third.id].kind) == ("response", "revisit")
    assert there[second.id].payload == b"\x89PNG our own" * 50
    assert there[second.id].headers["Kanliu-Was-Revisit-Of"] == f"<{first.id}>"
    assert there[third.id].named("WARC-Refers-To") == second.id
    # What was written anew says the same: the file is not needed any more.
    assert removable(data, draft) == [raw.path]


def test_a_revisit_of_a_sealed_month_finds_its_body_there(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    page = raw.article("https://ship.example/1")
    first = raw.requisite("https://ship.example/logo.png", page=page)
    draft = seal_all(sealer)
    removal.remove(store.holdings, data, [Removable(file=raw.path, packages=())], NOW)
    with raw_file(data, store, "kanliu-2") as later:
        page = later.article("https://ship.example/2")
        second = later.requisite("https://ship.example/logo.png", page=page, same_as=first)
    draft = seal_all(sealer)
    there = {each.id: each for each in records(data / "packages/open/ship/2026-10.2.wacz")}
    assert there[second.id].payload == b"\x89PNG our own" * 50
    assert removable(data, draft) == [later.path]


def test_a_revisit_whose_body_is_nowhere_stays_where_it_is(
    raw: RawFile, sealer: Sealer, data: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    page = raw.article("https://ship.example/1")
    lost = raw.requisite("https://ship.example/a.png", page=page)
    kept = raw.path.read_bytes()
    raw.path.write_bytes(kept[: lost.offset])
    second = raw.requisite("https://ship.example/b.png", page=page, same_as=lost)
    draft = seal_all(sealer)
    path = data / "packages/open/ship/2026-10.wacz"
    assert second.id not in {each.id for each in records(path)}
    assert second.id in caplog.text
    assert removable(data, draft) == []


@pytest.mark.promise(number=9)
def test_what_pages_of_both_trees_need_is_in_both_packages(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    page = """<link rel=stylesheet href=/s/a.css?v=1&amp;w=2><img src='{0}.png'
        srcset="{0}.png 1x, {0}-2.png 2x"><p>{0}</p>"""
    closed = raw.article(
        "https://ship.example/1", notice=CLOSED, body=page.format("one").encode("gbk")
    )
    style = b"@import 'b.css'; p { background: url( ../bg.png ) }"
    for name, body, kind in (
        ("s/a.css?v=1&w=2", style, "text/css"),
        ("s/b.css", b"p {}", "text/css"),
        ("bg.png", b"background", "image/png"),
        ("one.png", b"one", "image/png"),
        ("one-2.png", b"two", "image/png"),
    ):
        url = f"https://ship.example/{name}"
        raw.requisite(url, page=closed, body=body, content_type=kind)
    free = raw.article("https://ship.example/2", body=page.format("two").encode())
    raw.requisite("https://ship.example/two.png", page=free)
    draft = seal_all(sealer)
    held = {
        path.parent.parent.name: sorted(
            each.headers["WARC-Target-URI"].removeprefix("https://ship.example/")
            for each in records(path)
            if each.kind == "response"
        )
        for path in data.glob("packages/*/ship/*.wacz")
    }
    shared = ["bg.png", "s/a.css?v=1&w=2", "s/b.css"]
    assert held == {
        # The pictures of a closed article are closed with it.
        "open": sorted(["2", "two.png", *shared]),
        "dark": sorted(["1", "one.png", "one-2.png", *shared]),
    }
    assert [examine(path).faults for path in data.glob("packages/*/ship/*.wacz")] == [(), ()]
    assert removable(data, draft) == [raw.path]


# Taking raw files away, and crashes


def test_a_file_is_taken_away_when_all_of_it_is_sealed_and_copied(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    raw.article("https://ship.example/1")
    raw.article("https://tea.example/1", source="tea")
    draft = seal_all(sealer, sources=["ship"])
    assert removable(data, draft) == []
    draft = seal_all(sealer)
    assert removal.find_removable(data, draft, NOW, is_copied=lambda _: False) == []
    found = removal.find_removable(data, draft, NOW, is_copied=lambda _: True)
    removal.remove(store.holdings, data, found, NOW)
    assert not raw.path.exists()
    (told,) = store.events(kinds=["files-removed"])
    assert told.detail["file"] == "warc/2026/10/kanliu-1.warc.gz"
    assert told.detail["packages"] == "ship/2026-10, tea/2026-10"
    assert {each.file for each in store.holdings.holdings(place=HERE)} == {
        "packages/open/ship/2026-10.wacz", "packages/open/tea/2026-10.wacz",
    }  # fmt: skip


def test_a_file_with_a_damaged_record_is_sealed_as_far_as_it_goes_and_stays(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    first = raw.article("https://ship.example/1")
    raw.article("https://ship.example/2", title="第二篇")
    whole = bytearray(raw.path.read_bytes())
    whole[first.offset + 60] ^= 1
    raw.path.write_bytes(whole)
    draft = seal_all(sealer)
    assert "第二篇" in titles(data / "packages/open/ship/2026-10.wacz")
    assert removable(data, draft) == []


def test_a_package_that_another_changed_keeps_its_file_from_going(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    capture = raw.article("https://ship.example/1")
    draft = seal_all(sealer)
    path = data / "packages/open/ship/2026-10.wacz"
    offset = dict(draft.sealed)[capture.id][1]
    whole = bytearray(path.read_bytes())
    whole[offset + 40] ^= 1
    path.chmod(0o644)
    path.write_bytes(whole)
    assert removable(data, draft) == []


def test_another_record_in_the_place_of_one_keeps_its_file_from_going(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    first = raw.article("https://ship.example/1")
    second = raw.article("https://ship.example/2")
    draft = seal_all(sealer)
    assert removable(data, draft) == [raw.path]
    draft.sealed[first.id] = draft.sealed[second.id]
    assert removable(data, draft) == []


def test_a_crash_before_the_store_knows_leaves_a_package_that_is_taken_in(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    raw.article("https://ship.example/1")
    draft = sealer.draft(None, now=NOW)
    written = sealer.write(draft.planned[0], draft, NOW)
    (data / "packages/open/ship/2026-10.2.wacz.open").write_bytes(b"PK half")
    again = open_sealer(data, store)
    (found,) = again.recover(NOW)
    assert (found.package, found.holding) == (written.package, written.holding)
    again.commit(found)
    assert packages(data) == ["open/ship/2026-10.wacz"]
    assert not again.draft(None, now=NOW).planned
    assert store.holdings.captured_in("packages/open/ship/2026-10.wacz") == 1
    assert again.recover(NOW) == []


@pytest.mark.promise(number=16)
def test_what_does_not_pass_our_own_test_never_gets_a_name(
    raw: RawFile, sealer: Sealer, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw.article("https://ship.example/1")
    monkeypatch.setattr(seal, "build", _build_without_index(seal.build))
    draft = sealer.draft(None, now=NOW)
    with pytest.raises(StoreError, match=r"does not pass our own test: indexes/index.cdx"):
        sealer.write(draft.planned[0], draft, NOW)
    assert packages(data) == []
    assert raw.path.exists()


def _build_without_index(build: object) -> object:
    def broken(path: Path, *args: object) -> object:
        built = build(path, *args)  # type: ignore[operator]
        path.chmod(0o644)
        with zipfile.ZipFile(path) as whole:
            kept = {name: whole.read(name) for name in whole.namelist()}
        with zipfile.ZipFile(path, "w") as package:
            for name, content in kept.items():
                package.writestr(name, b"" if name == wacz.INDEX else content)
        return built

    return broken


# The trees


def test_a_package_moves_to_the_dark_tree_when_a_right_is_lost(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    raw.article("https://ship.example/1", notice=FREE)
    seal_all(sealer)
    before = (data / "packages/open/ship/2026-10.wacz").read_bytes()
    manifest = read_manifest(data / "packages/open")
    closed = trees.find_closed(store.holdings, sealer._sources, data, noncommercial=False)
    assert closed == []
    store.keep(sighting(OCTOBER.replace(day=20), url="https://ship.example/1", notice=CLOSED))
    (package,) = trees.find_closed(store.holdings, sealer._sources, data, noncommercial=False)
    trees.move(store.holdings, data, package, "dark", now=NOW, why="an article was closed")
    sealer.write_manifests()
    assert packages(data) == ["dark/ship/2026-10.wacz"]
    assert (data / "packages/dark/ship/2026-10.wacz").read_bytes() == before
    assert read_manifest(data / "packages/dark") == manifest
    assert read_manifest(data / "packages/open") == {}
    assert store.holdings.captured_in("packages/dark/ship/2026-10.wacz") == 1
    (told,) = store.events(kinds=["package-moved"])
    assert (told.detail["from"], told.detail["to"]) == ("open", "dark")


def closed_now(
    sealer: Sealer, data: Path, sources: Mapping[str, Source] | None = None
) -> list[str]:
    sources = sealer._sources if sources is None else sources
    found = trees.find_closed(sealer._store.holdings, sources, data, noncommercial=False)
    return [str(package.mark) for package in found]


@pytest.mark.promise(number=7)
def test_lists_of_other_months_are_closed_with_the_first_closed_article(
    data: Path, store: Store, sealer: Sealer
) -> None:
    """Promise 7: they show its title and its beginning."""
    for month, is_listed in ((8, True), (9, True), (10, False)):
        with raw_file(data, store, at=datetime(2026, month, 1, tzinfo=UTC)) as raw:
            raw.article(f"https://ship.example/{month}", title=f"第{month}篇", notice=FREE)
            if is_listed:
                raw.list_page()
    with raw_file(data, store, "kanliu-2") as raw:
        raw.list_page("https://tea.example/list", source="tea")
    seal_all(sealer)
    assert {name.partition("/")[0] for name in packages(data)} == {"open"}
    assert closed_now(sealer, data) == []
    store.keep(
        sighting(
            OCTOBER.replace(day=20), url="https://ship.example/8", title="第8篇", notice=CLOSED
        )
    )
    # The month whose package has neither the article nor a list stays open; the first comes last.
    assert closed_now(sealer, data) == ["ship/2026-09", "ship/2026-08"]
    broken = data / "packages/open/ship/2026-10.wacz"
    broken.chmod(0o644)
    broken.write_bytes(b"PK half of it")
    assert "ship/2026-10" in closed_now(sealer, data)
    broken.unlink()
    assert "ship/2026-10" not in closed_now(sealer, data)


@pytest.mark.promise(number=30)
def test_a_page_that_was_seen_unchanged_is_closed_with_its_article(
    data: Path, store: Store, sealer: Sealer
) -> None:
    """It is no capture of the store's, and has the whole text."""
    for month, is_kept, page in ((8, True, "1"), (9, False, "1"), (10, True, "2")):
        with raw_file(data, store, at=datetime(2026, month, 1, tzinfo=UTC)) as raw:
            url = f"https://ship.example/{page}"
            raw.article(url, title=f"第{page}篇", notice=FREE, is_kept=is_kept)
    seal_all(sealer)
    assert {name.partition("/")[0] for name in packages(data)} == {"open"}
    (entry,) = (each for each in store.entries() if each.entry.title == "第1篇")
    store.withdrawals.withdraw(entry.id, who="林", why="作者来信", now=NOW)
    assert closed_now(sealer, data) == ["ship/2026-09", "ship/2026-08"]


@pytest.mark.promise(number=30)
def test_what_is_taken_down_is_closed_though_its_journal_has_no_file_any_more(
    raw: RawFile, sealer: Sealer, data: Path, store: Store
) -> None:
    """Promise 30."""
    raw.article("https://ship.example/1")
    seal_all(sealer)
    assert closed_now(sealer, data, {}) == []
    (entry,) = store.entries("ship")
    store.withdrawals.withdraw(entry.id, who="林", why="作者来信", now=NOW)
    assert closed_now(sealer, data, {}) == ["ship/2026-10"]


def test_a_crash_within_a_move_is_settled_by_what_the_store_says(
    raw: RawFile, sealer: Sealer, data: Path
) -> None:
    raw.article("https://ship.example/1")
    seal_all(sealer)
    dark = data / "packages/dark/ship/2026-10.wacz"
    dark.parent.mkdir(parents=True)
    dark.hardlink_to(data / "packages/open/ship/2026-10.wacz")
    assert sealer.recover(NOW) == []
    assert packages(data) == ["open/ship/2026-10.wacz"]

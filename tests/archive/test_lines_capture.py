"""ARCHIVE.md, the lines about what is captured: tests are named after their lines."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import datetime, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.captures import crawler_name, read_capture
from archive.exchange import Capture, Role
from archive.model import Outcome
from archive.seen import read_seen
from archive.store import Store
from archive.warc import belonging_of, exchange_of, read_records
from crawler.pipeline import RULES_VERSION
from foundation.errors import CaptureError, StoreError
from sources.model import Limits
from sources.read import read_sources
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.exchange import Belonging
    from archive.model import Sighting
    from archive.warc import Record

pytestmark = pytest.mark.slow

ROWS = [
    ("/a/2.html", "一家店的二十年", "2026-11-12"),
    ("/a/1.html", "账本里的商标", "2026-11-05"),
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        show(bench)
        yield bench


def show(bench: Bench) -> None:
    """A list of two articles, the first of them behind a redirect, the other cut into two."""
    bench.site.page("/list.html", listing(ROWS))
    bench.site.redirects("/a/2.html", "/b/2.html")
    bench.site.page("/b/2.html", article(ROWS[0][1], day=ROWS[0][2]))
    first = article(ROWS[1][1], day=ROWS[1][2])
    further = '<a href="/a/1_2.html">下一页</a></div></body>'
    bench.site.page("/a/1.html", first.replace("</div></body>", further))
    bench.site.page("/a/1_2.html", article(ROWS[1][1], day=ROWS[1][2], body=("第二页的话。" * 9,)))


def records_in(bench: Bench) -> list[Record]:
    """Every record of every file, in order."""
    found = []
    for path in bench.captures():
        with path.open("rb") as file:
            found += list(read_records(file))
    return found


def heads_of(bench: Bench, *, kind: str) -> list[tuple[str, Belonging | None]]:
    """Path and belonging of every record of a type."""
    return [
        (record.headers["WARC-Target-URI"].removeprefix(bench.site.url), belonging_of(record))
        for record in records_in(bench)
        if record.headers["WARC-Type"] == kind
    ]


def sightings_in(bench: Bench) -> Iterator[Sighting]:
    """What the archive's files alone say was seen, in its order."""
    responses = {}
    for record in records_in(bench):
        belonging = belonging_of(record)
        if record.headers["WARC-Type"] == "response":
            responses[record.id] = record
        elif record.headers["WARC-Type"] == "metadata" and belonging is not None:
            response = responses[record.headers["WARC-Concurrent-To"].strip("<>")]
            yield read_seen(record.block, capture_of(response)).sighting


def capture_of(response: Record) -> Capture:
    exchange = exchange_of(response, None)
    return Capture(
        id=response.id,
        url=exchange.url,
        status=exchange.status,
        seen=exchange.started,
        file="",
        offset=0,
        digest=response.headers["WARC-Payload-Digest"],
    )


def test_every_record_says_its_journal_its_role_and_its_page(bench: Bench) -> None:
    bench.poll()
    found = heads_of(bench, kind="response")
    pages = {path: record.id for record, (path, _) in zip(
        [each for each in records_in(bench) if each.headers["WARC-Type"] == "response"],
        found, strict=True,
    )}  # fmt: skip
    assert all(each is not None and each.source_id == "magazine" for _, each in found)
    assert {path: (each.role, each.page) for path, each in found if each} == {
        "/robots.txt": (Role.ROBOTS, None),
        "/list.html": (Role.LIST, None),
        "/a/2.html": (Role.PART, pages["/b/2.html"]),
        "/b/2.html": (Role.ARTICLE, None),
        "/a/1_2.html": (Role.FURTHER, pages["/a/1.html"]),
        "/a/1.html": (Role.ARTICLE, None),
    }
    assert heads_of(bench, kind="request") == found


def test_the_sightings_in_the_files_alone_make_the_same_store(bench: Bench) -> None:
    bench.poll()
    bench.site.page("/b/2.html", article("改过的题", day=ROWS[0][2]))
    rows = [("/a/2.html", "改过的题", ROWS[0][2]), ROWS[1]]
    bench.site.page("/list.html", listing(rows))
    assert bench.poll().revised == 1
    with Store.open(bench.settings.database_url) as store:
        ids = [each.id for each in store.entries()]
        kept = [store.revisions(each) for each in ids]
        authority, minted = store.authority, store.minted
    (info,) = {
        line.removeprefix("ids: ")
        for record in records_in(bench)
        if record.headers["WARC-Type"] == "warcinfo"
        for line in record.block.decode().splitlines()
        if line.startswith("ids: ")
    }
    assert info == f"tag:{authority},{minted}"
    with Store.open(f"sqlite:///{bench.folder / 'again.sqlite'}") as again:
        again.authority, again.minted = authority, minted
        again.sync_sources(read_sources(bench.settings.journals).sources, kept[0][0].seen)
        for sighting in sightings_in(bench):
            again.keep(sighting)
        assert [each.id for each in again.entries()] == ids
        assert [again.revisions(each) for each in ids] == kept


def test_warcinfo_names_crawler_version_rules_robots_policy_operator(bench: Bench) -> None:
    """Line 5."""
    bench.poll()
    info = records_in(bench)[0].block.decode().splitlines()
    for line in (
        f"software: {crawler_name()}",
        f"rules: {RULES_VERSION}",
        "robots: obey",
        f"operator: {bench.settings.public_url}",
    ):
        assert line in info


def test_heads_that_cannot_be_exact_are_archived_all_the_same_and_told_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Line 2, where Scrapy is not the one that the tap was made for."""
    monkeypatch.setitem(sys.modules, "crawler.wire_aiohttp", None)
    assert bench.poll().new == 2
    bench.site.page("/list.html", listing([("/a/3.html", "新的一篇", "2026-11-20"), *ROWS]))
    bench.site.page("/a/3.html", article("新的一篇"))
    assert bench.poll().new == 1
    with Store.open(bench.settings.database_url) as store:
        (event,) = store.events(kinds=["heads-rebuilt"])
    assert event.detail == {"scrapy": version("scrapy")}


def test_one_image_under_50_urls_is_stored_once_and_replays_50_times(bench: Bench) -> None:
    """Line 8; the last ten of them after a restart."""
    picture = os.urandom(60_000)
    for number in range(50):
        bench.site.bare(f"/i/{number}.png", picture, Content_Type="image/png", X=str(number))
    images = [f'<img src="/i/{number}.png">' for number in range(50)]
    bench.site.page("/b/2.html", article(ROWS[0][1]).replace("</body>", "".join(images[:40])))
    bench.requisites = 100
    bench.poll()
    bench.site.page("/a/3.html", article("新的一篇").replace("</body>", "".join(images)))
    bench.site.page("/list.html", listing([("/a/3.html", "新的一篇", "2026-11-20"), *ROWS]))
    bench.poll()
    captured = captures_in(bench)
    pictures = [each for each in captured if "/i/" in each.url]
    assert sorted(each.url for each in pictures) == sorted(
        f"{bench.site.url}/i/{number}.png" for number in range(50)
    )
    whole = [each for each in records_in(bench) if each.headers["WARC-Type"] == "response"]
    assert len([each for each in whole if "/i/" in each.headers["WARC-Target-URI"]]) == 1
    for capture in pictures:
        replayed = read_capture(bench.settings.warc, capture)
        number = capture.url.rpartition("/")[2].removesuffix(".png")
        assert (replayed.body, replayed.status) == (picture, 200)
        assert (b"X", number.encode()) in replayed.response_headers
    for path in bench.captures():
        command = [Path(sys.executable).with_name("warcio"), "check", path]
        subprocess.run(command, check=True, capture_output=True)


def captures_in(bench: Bench) -> list[Capture]:
    """Where every response is, whole or a revisit, as an index of the files would say."""
    found = []
    for path in bench.captures():
        with path.open("rb") as file:
            records = ArchiveIterator(file, no_record_parse=True)
            for each in records:
                if each.rec_type in ("response", "revisit"):
                    head = dict(each.rec_headers.headers)
                    found.append(
                        Capture(
                            id=head["WARC-Record-ID"].strip("<>"),
                            url=head["WARC-Target-URI"],
                            status=0,
                            seen=datetime.fromisoformat(head["WARC-Date"]),
                            file=path.relative_to(bench.settings.data).as_posix(),
                            offset=records.get_record_offset(),
                            digest=head["WARC-Payload-Digest"],
                        )
                    )
    return found


def test_a_changed_article_is_captured_whole(bench: Bench) -> None:
    """A revisit is of equal bytes alone."""
    bench.poll()
    bench.site.page("/b/2.html", article("改过的题", day=ROWS[0][2]))
    bench.site.page("/list.html", listing([("/a/2.html", "改过的题", ROWS[0][2]), ROWS[1]]))
    assert bench.poll().revised == 1
    with Store.open(bench.settings.database_url) as store:
        (changed,) = (each for each in store.entries() if each.revision == 2)
        first, second = store.captures(changed.id)
    for capture, title in ((first, ROWS[0][1]), (second, "改过的题")):
        assert title.encode() in read_capture(bench.settings.warc, capture).body
    assert "revisit" not in {each.headers["WARC-Type"] for each in records_in(bench)}


def test_a_304_is_never_a_capture(bench: Bench) -> None:
    """Line 13: it would show as an empty page."""
    bench.limits = Limits(recheck=(timedelta(0),))
    bench.poll()
    bench.site.forget()
    before = captures_in(bench)
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert "if-none-match" in bench.site.asked[-1].headers
    assert captures_in(bench) == before
    assert b" 304 " not in b"".join(each.block[:20] for each in records_in(bench))


@pytest.mark.parametrize(
    ("path", "outcome"),
    [
        ("/list.html", Outcome.UNREACHABLE),
        ("/robots.txt", Outcome.UNREACHABLE),
        ("/b/2.html", Outcome.PARTIAL),
        ("/a/1_2.html", Outcome.PARTIAL),
        ("/i.png", Outcome.NEW),
    ],
)
def test_a_304_that_nobody_asked_for_is_neither_a_capture_nor_an_article(
    bench: Bench, path: str, outcome: Outcome
) -> None:
    """Line 13: a broken cache sends it for a page that we never had."""
    bench.site.page(
        "/b/2.html", article(ROWS[0][1]).replace("</body>", "<img src='/i.png'></body>")
    )
    bench.site.raw(path, b'HTTP/1.1 304 Not Modified\r\nETag: "x"\r\n\r\n')
    poll = bench.poll()
    assert path in {each.path for each in bench.site.asked}
    assert poll.outcome is outcome
    kept = {each.entry.url.removeprefix(bench.site.url) for each in bench.entries()}
    assert path not in kept
    assert path.replace("_2", "") not in kept
    assert b" 304 " not in b"".join(each.block[:20] for each in records_in(bench))


def test_every_published_entry_has_a_capture_without_it_it_is_not_published(
    bench: Bench,
) -> None:
    """Line 1: the writer is broken in the middle of a visit, by a disk that is full."""
    with small_disk(bench.settings.warc) as disk:
        for number in range(2, 40):
            body = article(f"第{number}篇").replace("</body>", os.urandom(30_000).hex())
            bench.site.page(f"/a/{number}.html", body)
        rows = [(f"/a/{n}.html", f"第{n}篇", "2026-11-12") for n in range(2, 40)]
        bench.site.page("/list.html", listing(rows))
        with pytest.raises(CaptureError, match="Nothing of it is published"):
            bench.poll()
        with Store.open(bench.settings.database_url) as store:
            entries = store.entries()
            captured = {capture.url for each in entries for capture in store.captures(each.id)}
        assert 0 < len(entries) < 38
        assert {each.entry.url for each in entries} == captured
        assert bench.published() == {}
        for each in captures_in(bench):
            assert read_capture(bench.settings.warc, each).body
        assert not list(disk.rglob("*.warc.gz.open.warc.gz"))
        for path in disk.rglob("*.warc.gz"):
            subprocess.run(["gzip", "-t", path], check=True, capture_output=True)


def test_on_a_read_only_disk_publishing_stops_and_no_half_file_has_a_final_name(
    bench: Bench,
) -> None:
    """Line 15; the full disk is above."""
    with small_disk(bench.settings.warc) as disk:
        bench.poll()
        before, names = bench.published(), sorted(disk.rglob("*"))
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        bench.site.page("/list.html", listing([("/a/3.html", "新的一篇", "2026-11-20"), *ROWS]))
        bench.site.page("/a/3.html", article("新的一篇"))
        with pytest.raises(StoreError, match="Read-only"):
            bench.poll()
        assert bench.published() == before
        assert sorted(disk.rglob("*")) == names
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        assert bench.poll().new == 1


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of a megabyte."""
    folder.mkdir(parents=True)
    command = ["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("a small disk needs the right to mount one (root)")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_no_cookie_password_or_token_is_in_any_file(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Line 26: canaries in everything that a site can hand us."""
    caplog.set_level("INFO")
    canary = "canary-5e1f"
    headers = {
        "Set_Cookie": f"sid={canary}; Path=/",
        "Set_Cookie2": canary,
        "Authorization": canary,
        "Proxy_Authorization": canary,
    }
    secret = bench.site.url.replace("://", f"://reader:{canary}@")
    bench.site.bare("/list.html", listing(ROWS), **headers)
    bench.site.bare("/b/2.html", article(ROWS[0][1]) + '<img src="/i/1.png">', **headers)
    bench.site.bare("/i/1.png", os.urandom(2000), **headers)
    bench.site.redirects("/a/2.html", f"{secret}/b/2.html")
    assert bench.poll().new == 2
    assert bench.poll().outcome.is_good
    everything = [path for path in bench.settings.data.rglob("*") if path.is_file()]
    assert {path.suffix for path in everything} >= {".gz", ".xml", ".sqlite"}
    for path in everything:
        whole = path.read_bytes()
        assert canary.encode() not in (gzip.decompress(whole) if path.suffix == ".gz" else whole)
    assert canary not in caplog.text
    assert not [each for each in bench.site.asked if "cookie" in each.headers]


def test_captures_are_found_by_issn(bench: Bench) -> None:
    """Line 29: from the files alone."""
    bench.more = '[masthead]\nissn = "1234-5679"\n'
    bench.write_source()
    bench.poll()
    found = [
        record.headers["WARC-Target-URI"]
        for record in records_in(bench)
        if record.headers["WARC-Type"] == "metadata"
        and json.loads(record.block).get("issn") == "1234-5679"
    ]
    assert sorted(found) == [f"{bench.site.url}/a/1.html", f"{bench.site.url}/b/2.html"]

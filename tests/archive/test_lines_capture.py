"""ARCHIVE.md, the lines about what is captured: tests are named after their lines."""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import TYPE_CHECKING

import pytest

from archive.captures import crawler_name
from archive.model import Capture, Role
from archive.seen import read_seen
from archive.store import Store
from archive.warc import belonging_of, exchange_of, read_records
from crawler.pipeline import RULES_VERSION
from sources.read import read_sources
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.model import Belonging, Sighting
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

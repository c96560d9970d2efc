"""Captured pages read again: today's rules over what a poll captured, without a request."""

from __future__ import annotations

import gzip
import time
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from archive.captures import open_captures
from archive.correction import Wanted
from archive.exchange import Rendering
from archive.model import ListedLink
from archive.store import Store
from crawler.fetch import Answer
from crawler.outcome import Facts
from crawler.pipeline import RULES_VERSION, Archivist
from crawler.reread import Rereader, apply
from crawler.walk import Visited
from sources.read import read_sources
from tests.archive.factories import DAY, exchange
from tests.archive.factories import NOW as SEEN
from tests.crawler.polling import Bench
from tests.fake_site import FakeSite, open_fake_site
from tests.journal_pages import BODY, article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.captures import CaptureWriter
    from crawler.reread import Reread

pytestmark = pytest.mark.slow

NOW = datetime(2026, 12, 1, tzinfo=UTC)
KICKER = "街角笔记之一"
ROWS = [
    ("/a/4.html", "河边的第二条街", "2026-11-21"),
    ("/a/3.html", "招牌是写给谁看的", "2026-11-20"),
    ("/a/2.html", "一家店的二十年", "2026-11-12"),
    ("/a/1.html", "账本里的商标", "2026-11-05"),
]


def page(title: str, day: str, *body: str) -> str:
    return article(title, day=day, body=body or BODY).replace(
        "</h1>", f"</h1><p class=kicker>{KICKER}</p>"
    )


@pytest.fixture(scope="module")
def polled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Four articles: one in three pages, one packed, one in GBK that was revised, a PDF."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path_factory.mktemp("reread"), site=site, body_extractor=False)
        bench.more = '[limits]\nrecheck = ["1s"]\n'
        bench.write_source()
        rows = [("/a/5.pdf", "第四期全文", "2026-11-22"), *ROWS]
        site.page("/list.html", listing(rows), charset="gb18030")
        site.page("/a/5.pdf", b"%PDF-1.7", content_type="application/pdf")
        for number, text in enumerate(BODY, 1):
            made = article(ROWS[0][1], body=(text * 3,), notice="" if number < 3 else None)
            more = f"<div class='page'><a href='4_{number + 1}.html'>下一页</a></div></body>"
            made = made.replace("</body>", more) if number < 3 else made
            site.page(f"/a/4{f'_{number}' if number > 1 else ''}.html", made)
        packed = gzip.compress(page(*ROWS[1][1:]).encode())
        site.page("/a/3.html", packed, Content_Encoding="gzip")
        for path, title, day in ROWS[2:]:
            site.page(path, page(title, day), charset="gb18030", content_type="text/html")
        assert bench.poll().new == 5
        time.sleep(1.1)
        site.page("/a/1.html", page(ROWS[3][1], ROWS[3][2], *BODY, "更正：数字有误。"))
        assert bench.poll().revised == 1
        site.forget()
        yield bench
        assert site.asked == []  # whatever is read again, no site is asked


@contextmanager
def opened(bench: Bench) -> Iterator[tuple[Store, CaptureWriter]]:
    settings = bench.settings
    with (
        Store.open(settings.database_url) as store,
        open_captures(settings, store, rules=RULES_VERSION) as captures,
    ):
        yield store, captures


def reread(store: Store, bench: Bench) -> dict[str, Reread]:
    """By the title that the archive has."""
    sources = {each.id: each for each in read_sources(bench.settings.journals).sources}
    rereader = Rereader(store, bench.settings.warc, sources, with_extractor=False)
    found = rereader.reread(store.rereadings.entry_ids(), NOW)
    return {each.title or "": each for each in found}


@pytest.mark.promise(number=20)
def test_what_was_read_by_the_same_rules_reads_the_same(polled: Bench) -> None:
    with opened(polled) as (store, _):
        found = reread(store, polled)
        assert len(found) == 5
        assert {each.problem for each in found.values()} == {None}
        assert {each.changes for each in found.values()} == {()}
        parts = found[ROWS[0][1]].rereading
        assert parts is not None
        assert all(text in (parts.read.text or "") for text in BODY)


@pytest.mark.promise(number=20)
def test_other_rules_show_what_they_change_and_keep_it_when_asked(
    polled: Bench, tmp_path: Path
) -> None:
    with opened(polled) as (store, captures):
        before = {each.entry.title: each for each in store.entries()}
        corrected = before["一家店的二十年"].id
        wanted = Wanted(title="一家老店的二十年")
        store.corrections.put(corrected, wanted, who="A. Lin", why="as in print", now=NOW)
        polled.more += "[selectors]\ntitle = 'p.kicker'\n"
        polled.write_source()
        found = reread(store, polled)
        changed = {title: each for title, each in found.items() if each.changes}
        assert set(changed) == {"招牌是写给谁看的", "账本里的商标"}
        (change,) = changed["账本里的商标"].changes
        assert (change.field, change.before, change.after) == ("title", "账本里的商标", KICKER)
        (overruled,) = found["一家老店的二十年"].overruled
        assert (overruled.before, overruled.after) == ("一家店的二十年", KICKER)
        change_count = {each.source_id: each.change for each in store.changed_sources()}
        for each in found.values():
            if each.has_changed:
                apply(each, store, captures)
        assert store.changed_sources()[0].change > change_count.get("magazine", 0)

        entry_id = before["账本里的商标"].id
        archived = store.entry(entry_id)
        assert archived is not None
        assert (archived.entry.title, archived.revision) == (KICKER, 3)
        assert "更正：数字有误。" in (archived.entry.text or "")
        *_, earlier, newest = store.revisions(entry_id)
        assert newest.capture_id == earlier.capture_id
        told = store.events(entry_id=entry_id, limit=1)[0]
        assert (told.kind, told.detail["why"], told.detail["fields"]) == (
            "entry-reread", f"re-read with rules {RULES_VERSION}", "title",
        )  # fmt: skip
        kept = store.entry(corrected)
        assert kept is not None
        assert kept.entry.title == "一家老店的二十年"
        (correction,) = store.corrections.of(corrected)
        assert correction.read.title == KICKER
        assert not any(each.has_changed for each in reread(store, polled).values())


def test_a_broken_capture_costs_its_entry_alone(polled: Bench) -> None:
    with opened(polled) as (store, _):
        entry_id = next(each.id for each in store.entries() if each.entry.title == "第四期全文")
        (capture,) = store.captures(entry_id)
        file = polled.settings.data / capture.file
        whole = file.read_bytes()
        try:
            at = capture.offset + 40
            file.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            found = reread(store, polled)
        finally:
            file.write_bytes(whole)
        assert [title for title, each in found.items() if each.problem] == ["第四期全文"]
        assert capture.id in (found["第四期全文"].problem or "")


def test_only_what_is_as_it_is_since_then_is_read_again(polled: Bench) -> None:
    with opened(polled) as (store, _):
        assert store.rereadings.entry_ids(["magazine"], since=SEEN - 3000 * DAY) != []
        assert store.rereadings.entry_ids(["other"]) == []
        assert store.rereadings.entry_ids(since=SEEN + 3000 * DAY) == []


def test_a_page_that_a_browser_drew_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    bench = Bench(folder=tmp_path, site=FakeSite(port=1), body_extractor=False)
    bench.write_source()
    (source,) = read_sources(bench.settings.journals).sources
    url = "https://drawn.example/a/1.html"
    shell = b"<!doctype html><div id=app></div><script src=/app.js></script>"
    document = exchange(url=url, body=shell, response_headers=((b"Content-Type", b"text/html"),))
    drawn = page("画出来的文章", "2026-11-20").encode()
    rendering = Rendering(at=SEEN, body=drawn, software="Chromium/1")
    answer = Answer(
        url=url, status=200, headers={"content-type": "text/html"}, body=drawn,
        exchanges=(document,), rendering=rendering,
    )  # fmt: skip
    step = Visited(link=ListedLink(url=url), answer=answer, visited=SEEN)
    with opened(bench) as (store, captures):
        store.sync_sources([source], SEEN)
        archivist = Archivist(store, captures, with_extractor=False)
        assert archivist.keep_step(source, step, Facts()) is not None
        (each,) = reread(store, bench).values()
        assert (each.problem, each.changes) == (None, ())
        assert each.rereading is not None
        assert BODY[0] in (each.rereading.read.text or "")

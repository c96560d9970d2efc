"""What the archive promises of captures (docs/what-is-kept.md), from the site to the files."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import brotli
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.captures import crawler_name, read_capture
from archive.exchange import Capture, Role
from archive.model import Outcome
from archive.packages import wacz
from archive.packages.lines import read_pages
from archive.query import issns_of, parse_query
from archive.seen import read_seen
from archive.store import Store
from archive.warc import belonging_of, exchange_of, read_records
from cli import main
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


@pytest.mark.promise(number=19)
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


@pytest.mark.promise(number=5)
def test_warcinfo_names_crawler_version_rules_robots_policy_operator(bench: Bench) -> None:
    """Promise 5."""
    bench.poll()
    info = records_in(bench)[0].block.decode().splitlines()
    for line in (
        f"software: {crawler_name()}",
        f"rules: {RULES_VERSION}",
        "robots: obey",
        f"operator: {bench.settings.public_url}",
    ):
        assert line in info


@pytest.mark.promise(number=2)
def test_heads_that_cannot_be_exact_are_archived_all_the_same_and_told_once(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Promise 2, where Scrapy is not the one that the tap was made for."""
    monkeypatch.setitem(sys.modules, "crawler.wire_aiohttp", None)
    assert bench.poll().new == 2
    bench.site.page("/list.html", listing([("/a/3.html", "新的一篇", "2026-11-20"), *ROWS]))
    bench.site.page("/a/3.html", article("新的一篇"))
    assert bench.poll().new == 1
    with Store.open(bench.settings.database_url) as store:
        (event,) = store.events(kinds=["heads-rebuilt"])
    assert event.detail == {"scrapy": version("scrapy")}


@pytest.mark.promise(number=8)
def test_one_image_under_50_urls_is_stored_once_and_replays_50_times(bench: Bench) -> None:
    """Promise 8; the last ten of them after a restart."""
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


@pytest.mark.promise(number=13)
def test_a_304_is_never_a_capture(bench: Bench) -> None:
    """Promise 13: it would show as an empty page."""
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
@pytest.mark.promise(number=13)
def test_a_304_that_nobody_asked_for_is_neither_a_capture_nor_an_article(
    bench: Bench, path: str, outcome: Outcome
) -> None:
    """Promise 13: a broken cache sends it for a page that we never had."""
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


@pytest.mark.promise(number=1)
@pytest.mark.promise(number=15)
def test_every_published_entry_has_a_capture_without_it_it_is_not_published(
    bench: Bench,
) -> None:
    """Promise 1: the writer is broken in the middle of a visit, by a disk that is full."""
    named: list[list[Path]] = []
    with small_disk(bench.settings.warc) as disk:
        for number in (*range(2, 38), 39):
            body = article(f"第{number}篇").replace("</body>", os.urandom(30_000).hex())
            bench.site.page(f"/a/{number}.html", body)
        rows = [(f"/a/{n}.html", f"第{n}篇", "2026-11-12") for n in range(2, 40)]
        bench.site.program("/a/38.html", lambda _: halfway(disk, named))
        bench.site.page("/list.html", listing(rows))
        with pytest.raises(CaptureError, match="Nothing of it is published"):
            bench.poll()
        with Store.open(bench.settings.database_url) as store:
            entries = store.entries()
            captured = {capture.url for each in entries for capture in store.captures(each.id)}
            told = store.events(kinds=["capture-sealed"])
        assert 0 < len(entries) < 38
        assert {each.entry.url for each in entries} == captured
        assert bench.published() == {}
        for each in captures_in(bench):
            assert read_capture(bench.settings.warc, each).body
        # A name is final when the file is whole: not while it is written, and as it was told.
        assert named == [[]]
        finished = {each.detail["file"]: each.detail["sha256"] for each in told}
        for path in disk.rglob("*.warc.gz"):
            subprocess.run(["gzip", "-t", path], check=True, capture_output=True)
            name = path.relative_to(bench.settings.data).as_posix()
            assert finished.pop(name) == sha256(path.read_bytes()).hexdigest()
        assert finished == {}


def halfway(disk: Path, named: list[list[Path]]) -> tuple[int, bytes, str]:
    """An article; and while it is asked for, the files with a final name are noted."""
    named.append(list(disk.rglob("*.warc.gz")))
    return 200, article("第38篇").encode(), "text/html"


@pytest.mark.promise(number=15)
def test_on_a_read_only_disk_publishing_stops_and_no_half_file_has_a_final_name(
    bench: Bench,
) -> None:
    """Promise 15; the full disk is above."""
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


CANARY = "canary-5e1f"
SECRETS = {
    "Set_Cookie": f"sid={CANARY}; Path=/",
    "Set_Cookie2": CANARY,
    "Authorization": CANARY,
    "Proxy_Authorization": CANARY,
    "Authentication_Info": f"nextnonce={CANARY}",
    "X_Auth_Token": CANARY,
    "X_CSRF_Token": CANARY,
}


def holds_canary(folder: Path) -> list[str]:
    """Where it stands below a folder, whatever the bytes are packed in, with what is beside it."""
    found = []
    for path in folder.rglob("*"):
        for content in unpacked(path) if path.is_file() else ():
            place = content.find(CANARY.encode())
            if place >= 0:
                found.append(f"{path}: {content[max(place - 60, 0) : place + 20]!r}")
    return found


def unpacked(path: Path) -> Iterator[bytes]:
    whole = path.read_bytes()
    match path.suffix:
        case ".gz":
            yield gzip.decompress(whole)
        case ".br":
            yield brotli.decompress(whole)
        case ".wacz":
            with ZipFile(path) as package:
                for name in package.namelist():
                    content = package.read(name)
                    yield gzip.decompress(content) if name.endswith(".gz") else content
        case _:
            yield whole


@pytest.mark.promise(number=26)
def test_no_cookie_password_or_token_is_in_any_file(
    bench: Bench, caplog: pytest.LogCaptureFixture
) -> None:
    """Promise 26: canaries in everything that a site can hand us."""
    caplog.set_level("INFO")
    secret = bench.site.url.replace("://", f"://reader:{CANARY}@")
    bench.site.bare("/list.html", listing(ROWS), **SECRETS)
    picture = '<img src="/i/1.png"></body>'
    page = article(ROWS[0][1]).replace("</body>", picture)
    bench.site.bare("/b/2.html", page, Content_Type="text/html", **SECRETS)
    bench.site.bare("/i/1.png", os.urandom(2000), **SECRETS)
    bench.site.redirects("/a/2.html", f"{secret}/b/2.html")
    assert bench.poll().new == 2
    assert bench.poll().outcome.is_good
    seal(bench)
    everything = [path for path in bench.settings.data.rglob("*") if path.is_file()]
    assert {path.suffix for path in everything} >= {".gz", ".br", ".xml", ".sqlite", ".wacz"}
    assert holds_canary(bench.settings.data) == []
    assert CANARY not in caplog.text
    assert {"/b/2.html", "/i/1.png"} < set(bench.site.paths())
    assert not [each for each in bench.site.asked if "cookie" in each.headers]
    # What a page itself says stays in its capture, as served, and goes nowhere else.
    links = f'<img src="{secret}/i/2.png"><a href="{secret}/1.pdf">PDF全文下载</a></body>'
    bench.site.page("/b/2.html", article("改过的题").replace("</body>", links))
    bench.site.page("/list.html", listing([("/a/2.html", "改过的题", ROWS[0][2]), ROWS[1]]))
    assert bench.poll().revised == 1
    assert [each for each in holds_canary(bench.settings.data) if ".warc.gz: " not in each] == []
    assert "/i/2.png" in bench.site.paths()
    assert CANARY not in caplog.text


@pytest.mark.parametrize(
    "head",
    [
        "Location:\r\n http://reader:{secret}@{host}/b/2.html",  # it goes on in the next line
        "Location: http://reader:x@{secret}@{host}/b/2.html",  # the last @ counts
        "Location: http:\\\\reader:{secret}@{host}/b/2.html",
        "Location: //reader:{secret}@{host}/b/2.html",
        "Location: /b/2.html\r\nRefresh: 0; url=http://reader:{secret}@{host}/",
        "Location: /b/2.html\r\nLink: </>; rel=up, <http://reader:{secret}@{host}/>; rel=next",
        "Location: /b/2.html\r\nSet-Cookie:\r\n\tsid={secret}",
        "Location: http://reader:{secret}@no..host/",  # an error, which is told
        "Location: http://reader:{secret}@127.0.0.1:1/",
        "Location: ftp://reader:{secret}@{host}/",
    ],
)
@pytest.mark.promise(number=26)
def test_a_password_in_a_redirect_is_in_no_file_however_it_is_written(
    bench: Bench, caplog: pytest.LogCaptureFixture, head: str
) -> None:
    """Promise 26."""
    said = head.format(secret=CANARY, host=f"127.0.0.1:{bench.site.port}")
    bench.site.raw("/a/2.html", f"HTTP/1.1 302 F\r\n{said}\r\nContent-Length: 0\r\n\r\n".encode())
    bench.poll()
    assert "/a/2.html" in bench.site.paths()
    assert holds_canary(bench.settings.data) == []
    assert CANARY not in caplog.text


def seal(bench: Bench) -> list[Path]:
    """The packages of this month, made by the command."""
    with pytest.raises(SystemExit) as ended:
        main(
            ["seal", "--month", f"{datetime.now(UTC):%Y-%m}", "--data", str(bench.settings.data),
             "--journals", str(bench.settings.journals)]
        )  # fmt: skip
    assert ended.value.code == 0
    return sorted(bench.settings.data.glob("packages/*/*/*.wacz"))


@pytest.mark.parametrize("name", ["issn", "eissn"])
@pytest.mark.promise(number=29)
def test_captures_are_found_by_issn(bench: Bench, name: str) -> None:
    """Promise 29: from the files alone, and by a query."""
    bench.more = f'[masthead]\n{name} = "1234-5679"\n'
    bench.write_source()
    bench.poll()
    found = {
        record.headers["WARC-Concurrent-To"].strip("<>"): record.headers["WARC-Target-URI"]
        for record in records_in(bench)
        if record.headers["WARC-Type"] == "metadata"
        and json.loads(record.block).get("issn") == "1234-5679"
    }
    assert sorted(found.values()) == [f"{bench.site.url}/a/1.html", f"{bench.site.url}/b/2.html"]
    sources = read_sources(bench.settings.journals).sources
    selection = parse_query("issn:12345679", journals={}, issns=issns_of(sources))
    with Store.open(bench.settings.database_url) as store:
        chosen = [each for entry in store.select(selection) for each in store.captures(entry.id)]
    assert {each.id: each.url for each in chosen} == found


@pytest.mark.promise(number=6)
def test_each_capture_carries_the_notice_verbatim_its_class_and_the_rules(bench: Bench) -> None:
    """Promise 6: beside the very bytes in which it stands."""
    words = "版权所有 © 某某杂志社。未经\u3000本刊书面许可，禁止转载、摘编！"
    bench.site.page("/b/2.html", article(ROWS[0][1], notice=words), charset="gb18030")
    bench.poll()
    told = {
        record.headers["WARC-Target-URI"].removeprefix(bench.site.url): json.loads(record.block)
        for record in records_in(bench)
        if record.headers["WARC-Type"] == "metadata" and belonging_of(record) is not None
    }
    notices = {path: said["entry"]["notice"] for path, said in told.items()}
    assert notices["/b/2.html"]["text"] == " ".join(words.split())
    assert notices["/b/2.html"]["class"] == "permission"
    assert notices["/a/1.html"]["class"] == "free-attribution"
    assert {said["rules"] for said in told.values()} == {RULES_VERSION}
    (served,) = (
        record.block
        for record in records_in(bench)
        if record.headers["WARC-Type"] == "response"
        and record.headers["WARC-Target-URI"].endswith("/b/2.html")
    )
    assert words.encode("gb18030") in served


@pytest.mark.parametrize(
    ("charset", "declared"),
    [
        ("gbk", None),
        ("gbk", "gb2312"),
        ("gb18030", "gb18030"),
        ("big5", None),
        ("big5", "big5"),
        ("big5hkscs", "big5"),
    ],
)
@pytest.mark.promise(number=21)
def test_a_page_in_an_old_charset_reads_right_in_the_pages_of_its_package(
    bench: Bench, charset: str, declared: str | None
) -> None:
    """Promise 21: from the server's bytes to the list that others read."""
    title, text = {
        "gbk": ("渡口的灯火", "天黑以后，渡口先亮起来，等船的人在灯下谈天。"),
        "gb18030": ("渡口㙟𠮷的灯火", "天黑以后，渡口先亮起来，等船的人在灯下谈天。"),
        "big5": ("渡口的燈火", "天黑以後，渡口先亮起來，等船的人在燈下談天。"),
        "big5hkscs": ("渡口嘅燈火㗎", "天黑以後，渡口先亮起嚟，等船嘅人喺燈下傾偈。"),
    }[charset]
    page = f"""<!doctype html><html><head>{f'<meta charset="{declared}">' if declared else ""}
<title>{title}</title></head><body><h1>{title}</h1><p>2026-11-20</p><p>{text}</p><p>{text * 3}</p>
</body></html>"""
    bench.site.page("/list.html", listing([("/a/2.html", title, "2026-11-12")]))
    bench.site.page("/b/2.html", page, charset=charset)
    assert bench.poll().new == 1
    *_, path = (each for each in seal(bench) if each.parent.name == "magazine")
    with ZipFile(path) as package:
        (shown,) = read_pages(package.read(wacz.PAGES))
    assert shown["title"] == title
    assert text * 3 in shown["text"]

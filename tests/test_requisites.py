"""From the visit to what goes out: an open article's pictures replay, whoever asked for them first
and whenever they came."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.packages.conformance import examine
from archive.packages.single import Single, build_single
from archive.store import Store
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing
from tests.test_cli import kanliu

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ROWS = [("/a/1.html", "不公开的账本", "2026-11-06"), ("/a/2.html", "渡口的灯火", "2026-11-05")]
SHOWS = '<link rel="stylesheet" href="/s/a.css"><img src="/i/1.png"></body>'
PICTURE = b"\x89PNG" + bytes(range(256)) * 20
SHOWN = {"/a/2.html", "/s/a.css", "/i/1.png", "/i/paper.png"}


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """Two articles with the same pictures; the first, which asks for them, may not go out."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing(ROWS))
        notices = ("未经许可，不得转载。", None)
        for (path, title, day), notice in zip(ROWS, notices, strict=True):
            page = article(title, day=day, notice=notice)
            site.page(path, page.replace("</body>", SHOWS))
        css = "body { background: url(/i/paper.png) }"
        site.page("/s/a.css", css, content_type="text/css")
        for name in ("1", "paper"):
            site.page(f"/i/{name}.png", PICTURE + name.encode(), content_type="image/png")
        yield bench


def replayed(bench: Bench, package: Path) -> dict[str, bytes]:
    """What a package shows, by path."""
    assert examine(package).faults == ()
    with zipfile.ZipFile(package) as opened, opened.open("archive/data.warc.gz") as file:
        return {
            record.rec_headers.get_header("WARC-Target-URI").removeprefix(bench.site.url): (
                record.content_stream().read()
            )
            for record in ArchiveIterator(file)
            if record.rec_type in ("response", "revisit")
        }


def exported(bench: Bench) -> dict[str, bytes]:
    """What `kanliu export` gives of the open article."""
    out = bench.folder / "out.wacz"
    out.unlink(missing_ok=True)
    run(bench, "export", "渡口", "--format", "wacz", "--to", str(out))
    return replayed(bench, out)


def run(bench: Bench, *words: str) -> None:
    data, journals = str(bench.settings.data), str(bench.settings.journals)
    done = kanliu(*words, "--data", data, "--journals", journals, folder=bench.folder)
    assert done.returncode == 0, done.stdout + done.stderr


def looked_at(bench: Bench) -> dict[str, bytes]:
    """What the article's page gives to ReplayWeb.page."""
    with Store.open(f"sqlite:///{bench.settings.data / 'kanliu.sqlite'}") as store:
        (entry,) = (each for each in store.entries() if each.entry.title == ROWS[1][1])
        about = Single(id=entry.id, title="x", software="x")
        package = bench.folder / "one.wacz"
        package.write_bytes(
            build_single(
                bench.settings.data, store.captures(entry.id), about, store.bodies.find_own
            )
        )
    return replayed(bench, package)


def seal(bench: Bench) -> None:
    (month,) = {f"{path.parent.parent.name}-{path.parent.name}" for path in bench.captures()}
    run(bench, "seal", "--month", month)


def test_an_open_article_goes_out_with_the_pictures_that_a_closed_one_asked_for(
    bench: Bench,
) -> None:
    assert bench.poll().new == 2
    for turn in ("in a file", "sealed", "the file is gone"):
        if turn == "sealed":
            seal(bench)
        elif turn == "the file is gone":
            for path in bench.captures():
                path.unlink()
        for found in (exported(bench), looked_at(bench)):
            assert found.keys() == SHOWN, turn
            assert found["/i/1.png"] == PICTURE + b"1"


def test_what_came_after_the_month_was_sealed_goes_out_too(bench: Bench) -> None:
    """Sealed by hand before it is over; what is owed then comes into a further package."""
    bench.site.resets("/i/1.png")
    bench.poll()
    seal(bench)
    assert exported(bench).keys() == SHOWN - {"/i/1.png"}
    bench.site.page("/i/1.png", PICTURE, content_type="image/png")
    with Store.open(f"sqlite:///{bench.settings.data / 'kanliu.sqlite'}") as store:
        pages = store.owed.of("magazine", datetime.now(UTC))
        assert [len(each.awaited) for each in pages] == [1, 1]
        for page in pages:  # an hour later
            due = tuple(replace(each, retry_at=None) for each in page.awaited)
            store.owed.keep(replace(page, awaited=due))
    bench.poll()
    for turn in ("in a file", "sealed", "the files are gone"):
        if turn == "sealed":
            seal(bench)
        elif turn == "the files are gone":
            for path in bench.captures():
                path.unlink()
        for found in (exported(bench), looked_at(bench)):
            assert found.keys() == SHOWN, turn
            assert found["/i/1.png"] == PICTURE, turn
    trees = bench.settings.data / "packages"
    shown = [path for tree in ("open", "dark") for path in trees.glob(f"{tree}/magazine/*.wacz")
             if "/i/1.png" in replayed(bench, path)]  # fmt: skip
    assert [path.parts[-3] for path in shown] == ["open", "dark"]

"""`kanliu add URL`, as an operator uses it: an address, then a poll with no edit of the file."""

from __future__ import annotations

import asyncio
import json
import logging
import os
import pty
import subprocess
import sys
import threading
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import pytest
from typer.testing import CliRunner

from archive.model import Outcome
from cli import app
from crawler.discovery.saved import replay
from demo.run import serving
from demo.site import JOURNALS, DemoSite, make_site, write_journals
from sources.read import read_source, read_sources
from tests import journal_pages
from tests.crawler.looking import Bench, day_of, notice_of
from tests.crawler.scripted import SHELL
from tests.fake_site import open_fake_site
from tests.platform_sites import SITES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from click.testing import Result

    from tests.fake_site import FakeSite

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parent.parent
#: What a person would paste of each sample journal.
PASTED = {
    "pinpai-guancha": ("/pinpai/", "/pinpai/list_1.html"),
    "dili-yu-huanjing": ("/CN/volumn/current.shtml", "/CN/archive_by_years"),
    "open-letters": ("/index.php/letters", "/index.php/letters/issue/current"),
}


@pytest.fixture(scope="module")
def sample() -> Iterator[tuple[DemoSite, str]]:
    """The site of the demo, served as the demo does."""
    site = make_site(datetime.now(UTC))
    ready, stop = threading.Event(), threading.Event()
    address: list[str] = []

    async def main() -> None:
        async with serving(site, asyncio.Event()) as base:
            address.append(base)
            ready.set()
            await asyncio.to_thread(stop.wait)

    thread = threading.Thread(target=asyncio.run, args=(main(),))
    thread.start()
    assert ready.wait(20)
    yield site, address[0]
    stop.set()
    thread.join(20)


@pytest.mark.parametrize(
    ("journal", "path"), [(journal, path) for journal, paths in PASTED.items() for path in paths]
)
def test_a_sample_journal_is_followed_right_with_no_edit(
    sample: tuple[DemoSite, str], tmp_path: Path, journal: str, path: str
) -> None:
    site, base = sample
    bench = Bench(folder=tmp_path)
    found, source = bench.add(base + path)
    assert len(found.asked) <= 25
    poll, entries = bench.poll()
    assert poll.outcome is Outcome.NEW, poll.reason
    got = {
        (urlsplit(e.url).path, e.title, day_of(e), notice_of(e), e.authors, e.doi, e.number)
        for e in entries
    }
    assert got == {
        (e.path, e.title, e.published, e.notice, e.authors, e.doi, e.number)
        for e in site.expected()
        if e.source_id == journal
    }
    # What a careful operator wrote by hand.
    by_hand = read_source(
        next(f for f in write_journals(tmp_path / "by-hand", base) if f.stem == journal)
    )
    assert (source.title, source.language, source.zone, source.feed) == (
        by_hand.title,
        by_hand.language,
        by_hand.zone,
        by_hand.feed,
    )
    assert source.masthead.issn == by_hand.masthead.issn
    assert source.masthead.cn == by_hand.masthead.cn
    assert source.masthead.interval == by_hand.masthead.interval
    assert source.masthead.sponsor == by_hand.masthead.sponsor
    assert replay(source).differences == ()


def test_the_sample_journals_are_all_there() -> None:
    assert {journal.ID for journal in JOURNALS} == PASTED.keys()


def test_a_masthead_above_the_text_is_in_the_file_whole(
    sample: tuple[DemoSite, str], tmp_path: Path
) -> None:
    _, base = sample
    _, source = Bench(folder=tmp_path).add(base + "/pinpai/")
    assert source.masthead.labels == {
        "主管单位": "云川省社会科学院",
        "主办单位": "云川社会科学报刊社",
        "出版单位": "《品牌观察》杂志社",
        "ISSN": "ISSN 2999-8018",
        "CN": "CN 10-5999/F",
        "期刊级别": "省级刊物",
        "周期": "半月刊",
        "出版地": "云川省临水市",
        "语种": "中文",
        "开本": "大16开",
        "投稿邮箱": "tougao@pinpai.example",
    }
    text = Path(source.file).read_text("utf-8")
    assert "# [rights] the articles say: free-attribution on 5 of 5" in text
    assert tomllib.loads(text)["schedule"] == {"every": "auto"}


@pytest.mark.parametrize("name", SITES)
def test_a_journal_of_each_platform_is_followed_right_with_no_edit(
    name: str, tmp_path: Path
) -> None:
    bench = Bench(folder=tmp_path)
    with open_fake_site() as fake:
        site = SITES[name].put_on(fake)
        found, source = bench.add(fake.url + site.start)
        poll, entries = bench.poll()
    assert poll.outcome is Outcome.NEW, poll.reason
    got = {(e.url.removeprefix(fake.url), e.title, day_of(e), notice_of(e)) for e in entries}
    want = {(e.path, e.title, e.published, e.notice_class or "none") for e in site.articles}
    assert got == want
    assert source.title == site.title
    assert source.language.split("-")[0] == site.language.split("-")[0]
    assert len(found.asked) <= 25
    assert replay(source).differences == ()


# --- the command ------------------------------------------------------------------------------


def environment(folder: Path) -> dict[str, str]:
    return {
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
        "COLUMNS": "200",
        "KANLIU_ALLOW_ADDRESSES": "127.0.0.1/32",
        "KANLIU_DELAY": "0s",
        "KANLIU_JOURNALS": str(folder / "journals"),
        "KANLIU_DATA": str(folder / "data"),
    }


def kanliu(*words: str, folder: Path) -> Result:
    """The command in this process, without the Twisted reactor, which a process can run once."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    try:
        return CliRunner().invoke(
            app, words, env={**environment(folder), "KANLIU_REACTOR": "false"}
        )
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    """A small magazine, with a column beside its list."""
    with open_fake_site() as site:
        rows = []
        for number in range(101, 106):
            title = f"街角小店的{number}年"
            site.page(f"/a/{number}.html", journal_pages.article(title))
            rows.append((f"/a/{number}.html", title, "2026-11-20"))
        column = '<a href="/news.html">新闻</a>'
        for path, some in (("/list.html", rows), ("/news.html", rows[:2])):
            page = journal_pages.listing(some)
            site.page(path, page.replace('<a href="/about', f'{column} <a href="/about'))
        yield site


def test_with_nobody_to_ask_it_says_what_to_type(tmp_path: Path, site: FakeSite) -> None:
    done = kanliu("add", f"{site.url}/list.html", folder=tmp_path)
    assert done.exit_code == 2
    assert f"kanliu add {site.url}/list.html --yes" in done.stderr
    assert site.asked == []
    assert not (tmp_path / "journals").exists()


def test_yes_takes_the_best_and_nothing_is_ever_overwritten(tmp_path: Path, site: FakeSite) -> None:
    done = kanliu("add", f"{site.url}/list.html", "--id", "magazine", "--yes", folder=tmp_path)
    assert done.exit_code == 0, done.stderr
    for words in ("街角小店的101年", "2026-11-20", "free-attribution", "5 of 5 links read"):
        assert words in done.stdout
    file = tmp_path / "journals" / "magazine.toml"
    assert str(file) in done.stdout
    before = file.read_bytes()
    asked = len(site.asked)
    for more in (("--id", "magazine"), ("--id", "other"), ()):
        again = kanliu("add", f"{site.url}/list.html", *more, "--yes", folder=tmp_path)
        assert again.exit_code == 2
        assert "magazine.toml" in again.stderr
    assert len(site.asked) == asked
    assert file.read_bytes() == before
    for wrong in ("Magazine", "search"):
        assert kanliu("add", site.url, "--id", wrong, "--yes", folder=tmp_path).exit_code == 2


@pytest.mark.promise(number=26)
def test_a_password_in_the_address_is_neither_shown_nor_written(
    tmp_path: Path, site: FakeSite
) -> None:
    address = f"{site.url}/list.html".replace("://", "://reader:canary@")
    for more in ((), ("--id", "magazine", "--yes")):
        done = kanliu("add", address, *more, folder=tmp_path)
        assert "canary" not in done.stdout + done.stderr
    assert done.exit_code == 0, done.stderr
    files = [path for path in (tmp_path / "journals").rglob("*") if path.is_file()]
    assert len(files) > 2
    assert [path for path in files if b"canary" in path.read_bytes()] == []


def test_json_prints_all_and_writes_only_with_yes(tmp_path: Path, site: FakeSite) -> None:
    done = kanliu("add", f"{site.url}/list.html", "--json", folder=tmp_path)
    told = json.loads(done.stdout)
    assert done.exit_code == 0
    assert told["file"] is None
    best = told["possibilities"][0]
    assert best["lists"] == [f"{site.url}/list.html"]
    assert best["articles"][0]["notice"]["class"] == "free-attribution"
    assert not (tmp_path / "journals").exists()
    done = kanliu("add", f"{site.url}/list.html", "--json", "--yes", folder=tmp_path)
    assert Path(json.loads(done.stdout)["file"]).exists()


def test_a_person_is_asked_which(tmp_path: Path, site: FakeSite) -> None:
    def answer(said: str) -> tuple[int, str]:
        ours, theirs = pty.openpty()
        with subprocess.Popen(
            [sys.executable, "-m", "cli", "add", f"{site.url}/list.html", "--id", "magazine"],
            cwd=tmp_path,
            env=environment(tmp_path),
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        ) as child:
            os.close(theirs)
            os.write(ours, said.encode())
            words, _ = child.communicate(timeout=60)
        os.close(ours)
        return child.returncode, words

    code, words = answer("7\nq\n")
    assert code == 0, words
    assert "is none of them" in words
    assert "Nothing was written" in words
    assert not (tmp_path / "journals").exists()
    code, words = answer("1\n")
    assert (code, "written: " in words) == (0, True), words
    assert (tmp_path / "journals" / "magazine.toml").exists()


def test_nothing_found_says_what_was_looked_at_and_what_to_try(
    tmp_path: Path, site: FakeSite
) -> None:
    site.page("/", "<html><body><h1>编辑部</h1><p>电话见黄页。</p></body></html>")
    done = kanliu("add", f"{site.url}/", "--yes", folder=tmp_path)
    assert done.exit_code == 1
    assert f"{site.url}/sitemap.xml" in done.stdout
    assert "kanliu probe URL --list" in done.stdout
    assert not (tmp_path / "journals").exists()
    gone = kanliu("add", f"{site.url}/gone.html", "--yes", folder=tmp_path)
    assert gone.exit_code == 1
    assert "404" in str(gone.exception)


@pytest.mark.parametrize("command", [["add", "--yes"], ["probe"], ["probe", "--list"]])
def test_an_empty_shell_is_told_with_what_to_do(
    command: list[str], tmp_path: Path, site: FakeSite
) -> None:
    site.page("/", SHELL)
    done = kanliu(command[0], f"{site.url}/", *command[1:], folder=tmp_path)
    assert "empty shell" in done.stdout
    assert f"kanliu add {site.url}/ --render browser" in done.stdout


def test_a_wrong_word_for_render_is_a_usage_error(tmp_path: Path, site: FakeSite) -> None:
    done = kanliu("add", site.url, "--render", "chrome", "--yes", folder=tmp_path)
    assert (done.exit_code, site.asked) == (2, [])


def test_saved_pages_are_checked_and_a_plain_check_is_not_confused(
    tmp_path: Path, site: FakeSite
) -> None:
    kanliu("add", f"{site.url}/list.html", "--id", "magazine", "--yes", folder=tmp_path)
    site.forget()
    done = kanliu("check", "--pages", folder=tmp_path)
    assert (done.exit_code, done.stdout.strip()) == (
        0,
        "magazine: lists 1, articles 5, as expected",
    )
    plain = kanliu("check", folder=tmp_path)
    assert (plain.exit_code, plain.stdout) == (0, "sources that are right: 1, errors: 0\n")
    assert len(read_sources(tmp_path / "journals").sources) == 1
    page = tmp_path / "journals" / "magazine.pages" / "02.html"
    page.write_text(page.read_text("utf-8").replace("2026/11/20", "2026/11/02"), "utf-8")
    file = str(tmp_path / "journals" / "magazine.toml")
    done = kanliu("check", "--pages", file, folder=tmp_path)
    assert done.exit_code == 1
    assert 'published: expected "2026-11-20", read "2026-11-02"' in done.stdout
    told = json.loads(kanliu("check", "--pages", "--json", folder=tmp_path).stdout)
    assert told["replays"][0]["differences"][0]["read"] == "2026-11-02"
    for code in (1, 0):
        done = kanliu("check", "--pages", "--write", folder=tmp_path)
        assert done.exit_code == code
    assert kanliu("check", "--write", folder=tmp_path).exit_code == 2
    page.unlink()
    done = kanliu("check", "--pages", folder=tmp_path)
    assert done.exit_code == 1
    assert "02.html: cannot be read" in done.stdout
    assert site.asked == []


def test_a_source_with_no_saved_pages_is_told_when_it_is_named(tmp_path: Path) -> None:
    (tmp_path / "journals").mkdir()
    file = tmp_path / "journals" / "m.toml"
    file.write_text('title = "某"\nlists = ["https://journal.example/l.html"]\n', "utf-8")
    assert kanliu("check", "--pages", folder=tmp_path).exit_code == 0
    assert kanliu("check", "--pages", str(file), folder=tmp_path).exit_code == 1


def test_a_probe_of_a_list_shows_the_same_and_writes_nothing(
    tmp_path: Path, site: FakeSite
) -> None:
    done = kanliu("probe", f"{site.url}/list.html", folder=tmp_path)
    assert done.exit_code == 0, done.stderr
    assert "5 of 5 links read as articles" in done.stdout
    assert not (tmp_path / "journals").exists()
    told = json.loads(
        kanliu("probe", f"{site.url}/list.html", "--list", "--json", folder=tmp_path).stdout
    )
    assert len(told["links"]) == 5
    told = json.loads(kanliu("probe", f"{site.url}/a/101.html", "--json", folder=tmp_path).stdout)
    assert told["kind"] == "article"

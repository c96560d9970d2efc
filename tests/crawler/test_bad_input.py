"""What goes wrong on the web and on disk, one test each: what the operator sees, and that nothing
published is lost. The manners of single answers are in test_fetch.py."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import feedparser
import pytest

from archive.model import Outcome
from foundation.errors import StoreError
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.fake_site import FakeSite

pytestmark = pytest.mark.slow

ROWS = [
    ("/a/2.html", "一家店的二十年", "2026-11-12"),
    ("/a/1.html", "账本里的商标", "2026-11-05"),
]
LOGIN = """<html><head><title>登录</title></head><body><form action="/login">请先登录
<input name="user"><input type="password" name="pass"></form></body></html>"""
CHALLENGE = "<html><head><title>Just a moment...</title></head><body>Checking</body></html>"


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        site.page("/list.html", listing(ROWS))
        for path, title, day in ROWS:
            site.page(path, article(title, day=day))
        yield bench


BROKEN: dict[str, tuple[Callable[[FakeSite], None], Outcome, str]] = {
    "never answers": (
        lambda site: site.never_answers("/list.html"),
        Outcome.UNREACHABLE,
        "did not answer in time",
    ),
    "resets": (lambda site: site.resets("/list.html"), Outcome.UNREACHABLE, "connection broke"),
    "redirects forever": (
        lambda site: site.redirects("/list.html", "/list.html"),
        Outcome.UNREACHABLE,
        "redirects without end",
    ),
    "200 MB": (
        lambda site: site.sends_megabytes("/list.html", 200),
        Outcome.UNREACHABLE,
        "larger than the limit",
    ),
    "gzip bomb": (
        lambda site: site.sends_gzip_bomb("/list.html", 100),
        Outcome.UNREACHABLE,
        "unpacks to more than the limit",
    ),
    "404": (lambda site: site.remove("/list.html"), Outcome.CHANGED, "was not found (404)"),
    "410": (
        lambda site: site.bare("/list.html", "gone", status=410),
        Outcome.GONE,
        "gone for good (410)",
    ),
    "403": (
        lambda site: site.bare("/list.html", "no", status=403),
        Outcome.REFUSED,
        "refuses",
    ),
    "429": (
        lambda site: site.bare("/list.html", "busy", status=429, Retry_After="7200"),
        Outcome.UNREACHABLE,
        "asks to wait (429)",
    ),
    "500": (
        lambda site: site.bare("/list.html", "oops", status=500),
        Outcome.UNREACHABLE,
        "answered 500",
    ),
    "503": (
        lambda site: site.bare("/list.html", "busy", status=503),
        Outcome.UNREACHABLE,
        "asks to wait (503)",
    ),
    "challenge": (
        lambda site: site.page("/list.html", CHALLENGE),
        Outcome.BLOCKED,
        "list.html",
    ),
    "login": (lambda site: site.page("/list.html", LOGIN), Outcome.BLOCKED, "list.html"),
    "error page with 200": (
        lambda site: site.page(
            "/list.html",
            "<html><head><title>404 页面不存在</title></head>"
            "<body>您访问的页面不存在</body></html>",
        ),
        Outcome.CHANGED,
        "list.html",
    ),
    "empty list": (
        lambda site: site.page("/list.html", "<html><body><ul class='list'></ul></body></html>"),
        Outcome.EMPTY,
        "shows no article",
    ),
    "list without its articles": (
        lambda site: site.page(
            "/list.html",
            "<html><body><h1>新版上线</h1><p>内容整理中。</p><a href='/'>首页</a> "
            "<a href='/about.html'>关于</a></body></html>",
        ),
        Outcome.CHANGED,
        "2 articles are known",
    ),
    "empty answer": (lambda site: site.page("/list.html", b""), Outcome.EMPTY, "shows no article"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_list_page_is_told_and_changes_no_feed(bench: Bench, case: str) -> None:
    spoil, outcome, words = BROKEN[case]
    bench.poll()
    before = bench.published()
    spoil(bench.site)
    poll = bench.poll()
    assert poll.outcome is outcome
    assert words in poll.reason
    assert bench.published() == before


def test_no_network_is_told_and_changes_no_feed(bench: Bench) -> None:
    home = "http://no-such-host.invalid/"
    bench.write_source(homepage=home)
    bench.poll()
    before = bench.published()
    bench.write_source(homepage=home, lists=[f"{home}list.html"])
    poll = bench.poll()
    assert poll.outcome is Outcome.UNREACHABLE
    assert "name could not be resolved" in poll.reason
    assert bench.published() == before


def test_what_the_site_asked_to_wait_is_waited(bench: Bench) -> None:
    bench.more = '[schedule]\nevery = "5m"\n'
    bench.write_source()
    bench.site.bare("/list.html", "busy", status=429, Retry_After="7200")

    async def when(house: object) -> float:
        (poll,) = [await house.poll(source) for source in house.sources]  # type: ignore[attr-defined]
        status = house.store.status("magazine")  # type: ignore[attr-defined]
        return float((status.due - poll.ended).total_seconds())

    assert 7200 <= float(bench.inside(when)) < 7200 * 1.3


def test_a_list_of_500_links_is_taken_in_portions_and_none_is_lost(bench: Bench) -> None:
    rows = [(f"/m/{at}.html", f"第{at}篇文章的题目", "2026-11-01") for at in range(500, 0, -1)]
    bench.site.page("/list.html", listing(rows))
    for path, title, day in rows:
        bench.site.page(
            path, article(title, day=day, body=(f"第{title}段正文,说的是街角的小店。" * 3,))
        )
    bench.more = "[limits]\nentries = 200\n"
    bench.write_source()
    assert [bench.poll().new for _ in range(4)] == [200, 200, 100, 0]


def test_an_article_twice_on_a_list_is_one_entry(bench: Bench) -> None:
    rows = [(f"/d/{at}.html", f"第{at}家小店的来历", "2026-11-01") for at in range(6)]
    for path, title, day in rows:
        bench.site.page(path, article(title, day=day, body=(f"{title},要从老街说起。" * 5,)))
    bench.site.page("/list.html", listing([*rows, rows[0], ("/d/1.html#top", *rows[1][1:])]))
    assert bench.poll().new == 6


def test_a_dead_link_costs_one_article_and_is_not_asked_at_each_poll(bench: Bench) -> None:
    rows = [("/a/dead.html", "找不到的文章", "2026-11-13"), *ROWS]
    bench.site.page("/list.html", listing(rows))
    poll = bench.poll()
    assert (poll.outcome, poll.new, poll.skipped) == (Outcome.PARTIAL, 2, 1)
    assert "/a/dead.html was not found (404)" in poll.reason
    bench.site.forget()
    bench.site.page("/list.html", listing([("/a/3.html", "又一篇", "2026-11-14"), *rows]))
    bench.site.page("/a/3.html", article("又一篇", day="2026/11/14"))
    assert bench.poll().outcome is Outcome.NEW
    assert "/a/dead.html" not in bench.site.paths()


def test_a_challenge_instead_of_an_article_is_no_entry(bench: Bench) -> None:
    bench.site.page("/a/2.html", CHALLENGE)
    poll = bench.poll()
    assert (poll.outcome, poll.new, poll.skipped) == (Outcome.PARTIAL, 1, 1)
    assert [each.entry.title for each in bench.entries()] == ["账本里的商标"]


def page(title: str = "<h1>题目在此</h1>", date: str = "2026/11/12", body: str = "") -> str:
    """An article page from which something can be left out."""
    text = body or "街角的小店换了三次招牌,老顾客却一直没有散去。掌柜说,招牌是写给路人看的。" * 4
    return f"<html><body>{title}<div><p>{text}</p><p>{date}</p></div></body></html>"


def only(bench: Bench, html: str | bytes, row: tuple[str, str, str] | None = None) -> None:
    """One article on the list."""
    bench.site.page("/list.html", listing([row or ("/a/2.html", "列表上的题目", "")]))
    bench.site.page("/a/2.html", html)
    bench.poll()


def test_an_article_without_a_date_is_published_without_one(bench: Bench) -> None:
    only(bench, page(date=""))
    (kept,) = bench.entries()
    assert kept.entry.published is None or kept.entry.published.value is None
    assert b"pubDate" not in bench.published()["magazine/rss.xml"].split(b"<item>")[1]


def test_an_article_without_a_title_has_the_one_of_the_list(bench: Bench) -> None:
    only(bench, page(title=""))
    assert [each.entry.title for each in bench.entries()] == ["列表上的题目"]


def test_an_article_without_a_text_is_kept_by_its_title(bench: Bench) -> None:
    only(bench, "<html><body><h1>题目在此</h1></body></html>")
    (kept,) = bench.entries()
    assert kept.entry.title is not None
    assert not kept.entry.text


@pytest.mark.parametrize(
    "title",
    [
        "题目里有控制\x01\x0b字符",
        "题目里有代理\udc00字符",
        "题目里有非字符\ufffe在此",
        "题目里有方向\u202e标记",
        "题目里有<b>粗体</b> & <i>斜体",
    ],
)
def test_no_title_breaks_a_feed(bench: Bench, title: str) -> None:
    printed = title.encode("utf-8", "surrogatepass").decode("utf-8", "replace")
    row = ("/a/2.html", printed, "2026-11-12")
    only(bench, article(title, day="2026/11/12").encode("utf-8", "surrogatepass"), row)
    for name in ("rss.xml", "atom.xml"):
        feed = feedparser.parse(bench.published()[f"magazine/{name}"])
        assert not feed.bozo
        (item,) = feed.entries
        assert not set(item.title) & set("\x01\x0b\ufffe\u202e")
    (kept,) = bench.entries()
    assert kept.entry.title
    assert not any("\ud800" <= letter <= "\udfff" for letter in kept.entry.title)


def test_markup_printed_in_a_title_does_not_stay_in_it(bench: Bench) -> None:
    only(bench, article("<b>粗体</b> & 其他", day="2026/11/12"))
    feed = feedparser.parse(bench.published()["magazine/rss.xml"])
    assert "粗体" in feed.entries[0].title
    (kept,) = bench.entries()
    assert kept.entry.title == "粗体 & 其他"


def test_a_source_file_that_is_wrong_costs_only_itself(bench: Bench) -> None:
    (bench.settings.journals / "broken.toml").write_text('title = "坏的"\nlist = 3\n', "utf-8")
    assert [poll.source_id for poll in bench.polls()] == ["magazine"]


def test_two_instances_do_not_share_a_data_directory(bench: Bench) -> None:
    bench.poll()

    async def second(house: object) -> subprocess.CompletedProcess[str]:
        return kanliu(bench, "poll", check=False)

    done = bench.inside(second)
    assert done.returncode == 75  # type: ignore[attr-defined]
    assert str(os.getpid()) in done.stderr  # type: ignore[attr-defined]


def kanliu(bench: Bench, *words: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    """The command, as an operator types it."""
    return subprocess.run(
        [sys.executable, "-m", "cli", *words],
        env=environment(bench),
        capture_output=True,
        text=True,
        timeout=120,
        check=check,
    )


def environment(bench: Bench) -> dict[str, str]:
    return {
        **os.environ,
        "KANLIU_DATA": str(bench.settings.data),
        "KANLIU_JOURNALS": str(bench.settings.journals),
        "KANLIU_ALLOW_ADDRESSES": ",".join(bench.settings.allow_addresses),
        "KANLIU_DELAY": "0s",
        "KANLIU_TIMEOUT": "5s",
        "KANLIU_PORT": "0",
        "KANLIU_TICK": "1s",
    }


def test_a_poll_that_is_killed_loses_nothing_and_doubles_nothing(bench: Bench) -> None:
    rows = [(f"/k/{at}.html", f"第{at}篇文章的题目", "2026-11-01") for at in range(60, 0, -1)]
    bench.site.page("/list.html", listing(rows))
    for path, title, day in rows:
        bench.site.page(path, article(title, day=day, body=(f"{title},说的是街角的小店。" * 5,)))
    process = subprocess.Popen([sys.executable, "-m", "cli", "poll"], env=environment(bench))
    while len(bench.site.paths()) < 25:
        assert process.poll() is None, "the poll ended before it could be killed"
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.wait()
    kanliu(bench, "poll")
    assert len(bench.entries()) == 60
    assert len({each.id for each in bench.entries()}) == 60
    assert [path for path in bench.published() if path.endswith((".tmp", ".part"))] == []
    assert not [path for path in bench.captures() if path.name.endswith(".open")]
    for path in bench.captures():
        subprocess.run(["gzip", "-t", str(path)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="mounting a small tmpfs needs root")
def test_a_full_disk_ends_the_poll_and_publishes_nothing_half(bench: Bench, tmp_path: Path) -> None:
    bench.poll()
    small = tmp_path / "small"
    small.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(small)], check=False
    )
    if done.returncode != 0:
        pytest.skip("mount is not allowed here")
    try:
        shutil.copytree(bench.settings.data, small / "data")
        (small / "data" / "filler").write_bytes(b"x" * 900_000)
        data, bench.folder = bench.folder, small
        shutil.copytree(data / "journals", small / "journals")
        before = bench.published()
        rows = [(f"/f/{at}.html", f"第{at}篇文章的题目", "2026-11-20") for at in range(40)]
        bench.site.page("/list.html", listing([*rows, *ROWS]))
        for path, title, day in rows:
            noise = "".join(
                chr(0x4E00 + (at * 7919 + len(path) * 31 + hash(title)) % 20000)
                for at in range(20000)
            )
            bench.site.page(path, article(title, day=day, body=(noise,)))
        with pytest.raises(StoreError) as error:
            bench.polls()
        assert "data" in str(error.value)
        after = bench.published()
        assert after.keys() == before.keys()
        (small / "data" / "filler").unlink()
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="a read-only mount needs root")
def test_a_read_only_data_directory_is_told_at_once(bench: Bench) -> None:
    bench.poll()
    data = str(bench.settings.data)
    done = subprocess.run(["mount", "--bind", data, data], check=False)
    if done.returncode != 0:
        pytest.skip("mount is not allowed here")
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", data], check=True)
        told = kanliu(bench, "poll", check=False)
        assert told.returncode == 1
        assert data in told.stderr
        assert "Traceback" not in told.stderr
    finally:
        subprocess.run(["umount", data], check=True)

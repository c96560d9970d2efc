"""Journals whose pages a script draws, followed with Debian's chromium. What the browser may not
do is tried with pages that try it."""

from __future__ import annotations

import asyncio
import gc
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import TYPE_CHECKING
from urllib.parse import unquote

import psutil
import pytest
from warcio.archiveiterator import ArchiveIterator

from archive.captures import find_rendering, read_capture
from archive.model import NoticeClass, Outcome
from crawler.browser import Browser, find_lack, find_program
from crawler.discovery.saved import replay
from crawler.visit import Part, Wanted
from foundation.errors import RefusedError, UnreachableError
from foundation.settings import Settings
from house.visits import exit_code
from sources.model import Limits
from sources.read import read_source
from tests.crawler.crawling import in_a_crawl
from tests.crawler.polling import Bench
from tests.crawler.scripted import APP, SHELL, publish
from tests.fake_site import open_fake_site
from tests.test_scheduler import environment, running, wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archive.model import Poll
    from crawler.service import Crawl
    from crawler.visit import Drawn
    from house.rooms import House

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(
        find_lack(Settings()) is not None, reason="no browser: apt-get install chromium"
    ),
    # Two browsers at once on two cores would make a time-out of a slow start.
    pytest.mark.xdist_group("browser"),
]

ROWS = [("/a/1.html", "账本里的商标", "2026-11-05"), ("/a/2.html", "老街的招牌", "2026-11-06")]


@dataclass
class ScriptedBench(Bench):
    """A bench whose source wants a browser, on an address of its own."""

    allowed: tuple[str, ...] = ("127.0.0.2/32",)
    timeout: timedelta = timedelta(seconds=15)
    requisites: int = 0

    @property
    def settings(self) -> Settings:
        return replace(super().settings, allow_addresses=self.allowed, timeout=self.timeout)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[ScriptedBench]:
    with open_fake_site("127.0.0.2") as site:
        bench = ScriptedBench(folder=tmp_path, site=site)
        bench.write_source(render="browser")
        publish(site, ROWS)
        yield bench


def browsers() -> list[psutil.Process]:
    """The browser's processes, and the driver's, that this process has begun."""
    return [
        each
        for each in psutil.Process().children(recursive=True)
        if is_named(each, "chrom") or is_named(each, "node")
    ]


def is_named(process: psutil.Process, name: str) -> bool:
    try:
        return process.name().startswith(name) and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def test_a_journal_that_a_script_draws_is_followed(bench: ScriptedBench) -> None:
    poll = bench.poll()
    assert (poll.outcome, poll.new) == (Outcome.NEW, 2)
    newest, older = bench.entries()
    assert (newest.entry.title, older.entry.title) == ("老街的招牌", "账本里的商标")
    for each, day in ((newest.entry, "2026-11-06"), (older.entry, "2026-11-05")):
        assert each.published is not None
        assert each.published.value == day
        assert each.notice is not None
        assert each.notice.class_ is NoticeClass.FREE_ATTRIBUTION
        assert each.text is not None
        assert each.text.startswith("街角的小店换了三次招牌")
    # The script once a poll, and neither style nor picture nor icon.
    assert bench.site.paths() == [
        "/list.html", "/app.js", "/api/list.json",
        "/a/2.html", "/api/a/2.json", "/a/1.html", "/api/a/1.json",
    ]  # fmt: skip
    assert poll.requests == 7
    assert {each.headers["user-agent"] for each in bench.site.asked} == {bench.settings.user_agent}
    assert not any("cookie" in each.headers for each in bench.site.asked)


def test_an_unchanged_journal_that_a_script_draws_is_unchanged(bench: ScriptedBench) -> None:
    bench.poll()
    bench.site.forget()
    assert bench.poll().outcome is Outcome.UNCHANGED
    # The document has validators, but they say nothing about the data behind it.
    assert bench.site.paths() == ["/list.html", "/app.js", "/api/list.json"]
    assert not any("if-none-match" in each.headers for each in bench.site.asked)
    publish(bench.site, [("/a/3.html", "新到的一篇", "2026-11-07"), *ROWS])
    assert bench.poll().new == 1


def test_what_was_served_is_kept_apart_from_what_was_drawn(bench: ScriptedBench) -> None:
    bench.poll()

    async def captures(house: House) -> list[tuple[bytes, bytes | None, str]]:
        found = []
        for entry in house.store.entries():
            (capture,) = house.store.captures(entry.id)
            folder = bench.settings.warc
            served = read_capture(folder, capture).body
            found.append((served, find_rendering(folder, capture), capture.id))
        return found

    (served, drawn, capture_id), _ = bench.inside(captures)  # type: ignore[misc]
    assert served == SHELL.encode()
    assert drawn is not None
    assert "老街的招牌</h1>" in drawn.decode()
    assert "noscript" not in drawn.decode()
    kinds = []
    for file in bench.captures():
        with file.open("rb") as opened:
            for record in ArchiveIterator(opened):
                head = record.rec_headers
                kinds.append((record.rec_type, head.get_header("WARC-Target-URI")))
                if head.get_header("WARC-Refers-To") == f"<{capture_id}>":
                    assert record.rec_type == "conversion"
                    assert head.get_header("Content-Type") == "text/html; charset=utf-8"
                    assert head.get_header("WARC-Concurrent-To") is None
                is_event = (kinds[-1][1] or "").startswith("urn:kanliu:event:")
                if record.rec_type == "metadata" and not is_event:
                    told = json.loads(record.raw_stream.read())
                    assert told["rendered"].startswith("Chromium/")
    # The data that an article was drawn from is evidence, and kept as served.
    assert ("response", f"{bench.site.url}/api/a/2.json") in kinds
    assert sum(kind == "conversion" for kind, _ in kinds) == 3
    warcio = Path(sys.executable).with_name("warcio")
    subprocess.run([warcio, "check", *bench.captures()], check=True, capture_output=True)


class Trap:
    """Listens on a forbidden address, TCP and UDP, and counts who comes."""

    def __init__(self, host: str) -> None:
        self.visits = 0
        self._tcp = socket.create_server((host, 0))
        self.port = self._tcp.getsockname()[1]
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((host, self.port))
        for wait in (self._accept, self._receive):
            threading.Thread(target=wait, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                visitor, _ = self._tcp.accept()
            except OSError:
                return
            self.visits += 1
            visitor.close()

    def _receive(self) -> None:
        while True:
            try:
                if self._udp.recvfrom(2000)[0] != b"stop":
                    self.visits += 1
                    continue
            except OSError:
                pass
            return

    def close(self) -> None:
        for each in (self._tcp, self._udp):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as last:
            last.sendto(b"stop", self._udp.getsockname())
        self._tcp.close()
        self._udp.close()


@contextmanager
def trap(host: str) -> Iterator[Trap]:
    trap = Trap(host)
    try:
        yield trap
    finally:
        trap.close()


#: Every way to an address that a page has. `__` is host and port of the forbidden address.
INTRUDER = """
const told = [], busy = setInterval(() => fetch("/busy.json"), 250);
const go = async (name, act) => {
  try { told.push(name + ": " + await act()); } catch (error) { told.push(name + ": refused"); }
};
const text = url => fetch(url, {mode: "no-cors"}).then(got => got.text());
const inWorker = code => new Promise((done, fail) => {
  const worker = new Worker(URL.createObjectURL(new Blob([code])));
  worker.onmessage = event => event.data === "refused" ? fail() : done(event.data);
  worker.onerror = fail;
});
const add = (tag, keys) => document.head.append(Object.assign(document.createElement(tag), keys));
(async () => {
  await go("direct", () => text("http://__/"));
  await go("metadata", () => text("http://169.254.169.254/latest/meta-data/"));
  await go("file", () => text("file:///etc/passwd"));
  await go("redirect", () => text("/away"));
  await go("post", () => fetch("http://__/", {method: "POST", body: "x", mode: "no-cors"}));
  await go("xhr", () => new Promise((done, fail) => {
    const asking = new XMLHttpRequest();
    asking.onload = done; asking.onerror = fail; asking.open("GET", "http://__/"); asking.send();
  }));
  const say = '.then(() => postMessage("in"), () => postMessage("refused"))';
  await go("worker", () => inWorker('fetch("http://__/", {mode: "no-cors"})' + say));
  await go("socket in a worker", () => inWorker(
    'const s = new WebSocket("ws://__/"); s.onopen = () => postMessage("in");' +
    's.onerror = () => postMessage("refused")'));
  await go("transport in a worker", () => inWorker(
    'new WebTransport("https://__/").ready' + say));
  await go("socket", () => new WebSocket("ws://__/"));
  await go("events", () => new EventSource("http://__/"));
  await go("rtc", async () => {
    const peer = new RTCPeerConnection({iceServers: [{urls: "stun:__"}]});
    peer.createDataChannel("x"); await peer.setLocalDescription(await peer.createOffer());
    await new Promise(done => setTimeout(done, 500));
  });
  await go("service worker", () => navigator.serviceWorker.register("/sw.js"));
  navigator.sendBeacon("http://__/", "x");
  add("link", {rel: "preconnect", href: "http://__/"});
  add("link", {rel: "dns-prefetch", href: "http://__/"});
  add("link", {rel: "prefetch", href: "http://__/"});
  add("link", {rel: "stylesheet", href: "http://__/"});
  add("script", {src: "http://__/"});
  add("script", {type: "module", src: "http://__/"});
  const body = document.body;
  const put = (tag, keys) => body.append(Object.assign(document.createElement(tag), keys));
  put("img", {src: "http://__/"}); put("iframe", {src: "http://__/"});
  put("iframe", {src: "file:///etc/passwd"}); put("video", {src: "http://__/"});
  put("object", {data: "http://__/"}); put("embed", {src: "http://__/"});
  const link = Object.assign(document.createElement("a"), {href: "http://__/", target: "_blank"});
  body.append(link); link.click();
  window.open("http://__/");
  await new Promise(done => setTimeout(done, 1000));
  const rows = told.map((line, at) =>
    `<li><a href="/a/${at}.html">${line.replace("<", "")}</a><span>2026-11-05</span></li>`);
  clearInterval(busy);
  await fetch("/told?" + encodeURIComponent(told.join("|")));
})();
"""


def test_a_page_reaches_no_forbidden_address_by_any_way(bench: ScriptedBench) -> None:
    with trap("127.0.0.3") as forbidden:
        poll, told = intrude(bench, f"127.0.0.3:{forbidden.port}")
        assert forbidden.visits == 0
    assert told == [
        f"{way}: refused"
        for way in (
            "direct", "metadata", "file", "redirect", "post", "xhr", "worker",
            "socket in a worker", "transport in a worker", "socket", "events", "rtc",
        )
    ]  # fmt: skip
    assert "/sw.js" not in bench.site.paths()
    # Its own address led there: that is no page to be read.
    assert poll.outcome is Outcome.REFUSED
    assert "127.0.0.3, a private address" in poll.reason


def test_an_allowed_address_is_reached_by_some_of_the_same_ways(bench: ScriptedBench) -> None:
    # So that the test above can fail: the ways that may be gone lead to an address that may be.
    bench.allowed = ("127.0.0.0/8",)
    with trap("127.0.0.3") as allowed:
        intrude(bench, f"127.0.0.3:{allowed.port}")
        assert allowed.visits > 3


def intrude(bench: ScriptedBench, place: str) -> tuple[Poll, list[str]]:
    """Poll a list page that tries every way to a place; and what it says of them."""
    bench.site.redirects("/away", f"http://{place}/")
    bench.site.page("/sw.js", "", content_type="text/javascript")
    publish(bench.site, [], app=INTRUDER.replace("__", place))
    poll = bench.poll()
    (told,) = (path for path in bench.site.paths() if path.startswith("/told?"))
    return poll, unquote(told.removeprefix("/told?")).split("|")[:12]


def test_a_script_that_leads_to_a_forbidden_address_is_refused(bench: ScriptedBench) -> None:
    with trap("127.0.0.3") as forbidden:
        there = f"http://127.0.0.3:{forbidden.port}/"
        publish(bench.site, ROWS, app=f"location.replace({there!r})")
        poll = bench.poll()
        assert poll.outcome is Outcome.REFUSED
        assert "127.0.0.3, a private address" in poll.reason
        assert forbidden.visits == 0


def test_a_script_that_leads_to_another_page_is_followed(bench: ScriptedBench) -> None:
    bench.write_source(render="browser", lists=[f"{bench.site.url}/"])
    bench.site.page("/", "<body><script>location.href = '/list.html'</script></body>")
    assert bench.poll().new == 2
    assert bench.site.paths()[:2] == ["/", "/list.html"]


def test_a_page_that_loads_itself_for_ever_is_unreachable(bench: ScriptedBench) -> None:
    publish(bench.site, ROWS, app="location.reload()")
    poll = bench.poll()
    assert poll.outcome is Outcome.UNREACHABLE
    assert "redirect without end" in poll.reason
    assert bench.site.paths().count("/list.html") == bench.settings.redirects + 1


def test_a_challenge_is_not_answered(bench: ScriptedBench) -> None:
    challenge = (
        "<html><head><title>Just a moment...</title></head><body><script>"
        "document.cookie = 'pass=1'; location.reload()</script></body></html>"
    )
    bench.site.page("/list.html", challenge)
    poll = bench.poll()
    assert poll.outcome is Outcome.BLOCKED
    assert not any("cookie" in each.headers for each in bench.site.asked)


@pytest.mark.parametrize(
    ("app", "words"),
    [
        ("fetch('/api/never.json')", "/api/never.json: it did not answer in time"),
        ("for (;;) {}", "was not drawn within 4 s"),
        ("setTimeout(() => { for (;;) {} }, 100)", "was not drawn within 4 s"),
        ("for (;;) alert('wait')", "was not drawn within 4 s"),
    ],
)
def test_a_page_that_never_finishes_ends_at_the_time_out(
    bench: ScriptedBench, app: str, words: str
) -> None:
    bench.timeout = timedelta(seconds=4)
    bench.site.never_answers("/api/never.json")
    publish(bench.site, ROWS, app=app)

    async def rounds(house: House) -> tuple[Poll, float, Poll]:
        (source,) = house.sources
        began = time.monotonic()
        stuck = await house.poll(source)
        seconds = time.monotonic() - began
        publish(bench.site, ROWS)
        return stuck, seconds, await house.poll(source)

    stuck, seconds, after = bench.inside(rounds)  # type: ignore[misc]
    assert stuck.outcome is Outcome.UNREACHABLE
    assert words in stuck.reason
    assert seconds < 20
    assert after.new == 2


def test_a_page_that_asks_without_end_is_read_when_it_has_asked_enough(
    bench: ScriptedBench,
) -> None:
    publish(bench.site, ROWS, app=APP + "setInterval(() => fetch('/api/tick.json'), 20);")
    assert bench.poll().new == 2
    assert bench.site.paths().count("/api/tick.json") <= 3 * 60


def test_what_is_drawn_too_large_is_not_read(bench: ScriptedBench) -> None:
    bench.more = "[limits]\nsize_bytes = 100_000\n"
    bench.write_source(render="browser")
    publish(bench.site, ROWS, app="document.body.append('字'.repeat(100_000))")
    poll = bench.poll()
    assert poll.outcome is Outcome.UNREACHABLE
    assert "larger than the limit" in poll.reason


@pytest.mark.parametrize("name", ["chrom", "node"])
def test_a_browser_that_is_killed_costs_one_poll(bench: ScriptedBench, name: str) -> None:
    bench.timeout = timedelta(seconds=5)  # as long as the host's slot is held
    bench.site.never_answers("/api/never.json")
    publish(bench.site, ROWS, app="fetch('/api/never.json')")

    async def rounds(house: House) -> tuple[Poll, Poll]:
        (source,) = house.sources
        visit = asyncio.ensure_future(house.poll(source))
        while "/api/never.json" not in bench.site.paths():
            await asyncio.sleep(0.05)
        first = next(each for each in browsers() if is_named(each, name))
        first.kill()
        ended = await visit
        publish(bench.site, ROWS)
        return ended, await house.poll(source)

    ended, after = bench.inside(rounds)  # type: ignore[misc]
    assert ended.outcome is Outcome.UNREACHABLE
    assert "the browser ended while it drew the page" in ended.reason
    assert (after.outcome, after.new) == (Outcome.NEW, 2)
    assert browsers() == []


def test_no_browser_runs_before_a_source_wants_one_nor_after_the_house(
    bench: ScriptedBench,
) -> None:
    bench.write_source("plain", lists=[f"{bench.site.url}/plain.html"])
    bench.site.page("/plain.html", '<ul><li><a href="/a/9.html">另一篇</a></li></ul>')

    async def rounds(house: House) -> tuple[int, int]:
        drawn, plain = house.sources
        await house.poll(plain)
        before = len(browsers())
        await house.poll(drawn)
        return before, len(browsers())

    before, while_open = bench.inside(rounds)  # type: ignore[misc]
    assert before == 0
    assert while_open > 0
    assert browsers() == []


async def draw(browser: Browser, document: str) -> Drawn:
    async def ask(wanted: Wanted) -> Part:
        raise RefusedError(f"{wanted.url} is not asked for")

    part = Part(
        url="http://127.0.0.2/",
        status=200,
        headers={"content-type": "text/html; charset=utf-8"},
        body=document.encode(),
    )
    return await browser.draw(part, ask=ask, timeout=timedelta(seconds=15), letters=10_000)


def test_an_idle_browser_is_closed_and_the_next_page_begins_a_new_one() -> None:
    async def main() -> None:
        browser = Browser(Settings(), idle=timedelta(seconds=0.5))
        try:
            for _ in range(2):
                drawn = await draw(browser, "<p>一<script>document.body.append('二')</script>")
                assert "一" in drawn.text
                assert "</p>二" in drawn.text
                assert browsers() != []
                async with asyncio.timeout(15):
                    while browsers():
                        await asyncio.sleep(0.1)
        finally:
            await browser.close()

    asyncio.run(main())


def test_a_browser_that_is_ending_is_gone_when_it_is_closed() -> None:
    async def main() -> None:
        browser = Browser(Settings(), idle=timedelta(0))
        await draw(browser, "<p>一")
        (driver,) = (each for each in browsers() if is_named(each, "node"))
        driver.suspend()  # so that ending it takes long
        while browser._running is not None:
            await asyncio.sleep(0.01)
        await browser.close()
        assert not is_named(driver, "node")

    asyncio.run(main())
    gc.collect()  # what asyncio left open would be an error here
    wait_until_gone(browsers)


def test_pages_that_come_at_once_share_one_browser() -> None:
    async def main() -> None:
        browser = Browser(Settings())
        try:
            drawn = await asyncio.gather(*(draw(browser, f"<p>{each}") for each in range(6)))
            assert [f"<p>{at}</p>" in each.text for at, each in enumerate(drawn)] == [True] * 6
            assert sum(is_named(each, "node") for each in browsers()) == 1
        finally:
            await browser.close()
        assert browsers() == []

    asyncio.run(main())


@pytest.mark.parametrize("name", ["chrom", "node"])
def test_a_browser_that_does_not_answer_is_killed_in_time(name: str) -> None:
    async def main() -> float:
        browser = Browser(Settings())
        await draw(browser, "<p>一")
        begun = browsers()
        for each in begun:
            if is_named(each, name):
                each.suspend()
        began = time.monotonic()
        await browser.close()
        seconds = time.monotonic() - began
        for each in begun:
            if each.is_running():
                each.resume()
        return seconds

    assert asyncio.run(main()) < 3
    wait_until_gone(browsers)


def wait_until_gone(find: Callable[[], list[psutil.Process]]) -> None:
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if not find():
            return
        time.sleep(0.1)
    raise AssertionError(f"left behind: {find()}")


def of_folder(folder: Path) -> Callable[[], list[psutil.Process]]:
    """The processes whose temporary files are below a folder, whoever is their parent now."""

    def find() -> list[psutil.Process]:
        found = []
        for each in psutil.process_iter():
            try:
                if str(folder) in each.environ().get("TMPDIR", ""):
                    found.append(each)
            except psutil.Error:
                continue
        return [each for each in found if is_named(each, "chrom") or is_named(each, "node")]

    return find


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_the_service_leaves_no_browser_behind(
    bench: ScriptedBench, monkeypatch: pytest.MonkeyPatch, number: signal.Signals
) -> None:
    # Short: Chromium has a socket there, and a socket's path may have 107 letters.
    folder = Path(mkdtemp(prefix="kanliu-"))
    monkeypatch.setenv("TMPDIR", str(folder))
    bench.site.never_answers("/api/never.json")
    publish(bench.site, ROWS, app="fetch('/api/never.json')")
    left = of_folder(folder)
    with running(bench) as service:
        wait_until(
            lambda: "/api/never.json" in bench.site.paths() or None,  # type: ignore[arg-type, return-value]
            "a page is being drawn", service.text,
        )  # fmt: skip
        secret = [each.environ() for each in left() if is_named(each, "chrom")]
        assert secret
        assert not any(name.startswith("KANLIU_") for each in secret for name in each)
        began = time.monotonic()
        service.process.send_signal(number)
        service.process.wait(30)
        assert time.monotonic() - began < 10
        assert "Traceback" not in service.text()
    wait_until_gone(left)
    rmtree(folder)


def test_scrapy_crawl_draws_pages_too(bench: ScriptedBench, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scrapy", "crawl", "magazine", "-O", str(tmp_path / "out.json")],
        env=environment(bench),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert "Traceback" not in done.stderr, done.stderr
    assert "老街的招牌" in json.dumps(
        json.loads((tmp_path / "out.json").read_text("utf-8")), ensure_ascii=False
    )


def test_data_that_robots_txt_keeps_is_not_asked_for(bench: ScriptedBench) -> None:
    bench.site.page("/robots.txt", "User-agent: *\nDisallow: /api/\n", content_type="text/plain")
    poll = bench.poll()
    assert poll.outcome is Outcome.REFUSED
    assert "a part of the page could not be had: robots.txt of" in poll.reason
    assert bench.site.paths() == ["/list.html", "/app.js"]


def test_an_article_whose_data_does_not_come_is_no_entry(bench: ScriptedBench) -> None:
    # The shell alone has a title, and would be an article of that name.
    bench.site.bare("/api/a/1.json", "{}", status=502)
    poll = bench.poll()
    assert (poll.outcome, poll.new, poll.skipped) == (Outcome.PARTIAL, 1, 1)
    assert "/api/a/1.json answered 502" in poll.reason
    assert [each.entry.title for each in bench.entries()] == ["老街的招牌"]


def test_what_others_do_not_give_costs_no_page(
    bench: ScriptedBench, caplog: pytest.LogCaptureFixture
) -> None:
    with trap("127.0.0.3") as widget:
        app = f"fetch('http://127.0.0.3:{widget.port}/').catch(() => {{}});" + APP
        publish(bench.site, ROWS, app=app)
        assert bench.poll().new == 2
    told = [each.getMessage() for each in caplog.records if "without all its" in each.message]
    assert len(told) == 3
    assert "a private address" in told[0]


def test_every_request_of_a_page_keeps_the_pace(bench: ScriptedBench) -> None:
    bench.more = '[limits]\ndelay = "1s"\n'
    bench.write_source(render="browser")
    poll = bench.poll()
    assert poll.new == 2
    # robots.txt and seven requests: seven pauses.
    assert poll.ended - poll.started > timedelta(seconds=7)


def test_a_file_or_an_error_is_answered_without_a_browser(bench: ScriptedBench) -> None:
    bench.site.bare("/paper.pdf", b"%PDF-1.7", Content_Type="application/pdf")

    async def visit(crawl: Crawl) -> None:
        fetch = crawl.fetcher(Limits(), render="browser")
        answer = await fetch(f"{bench.site.url}/paper.pdf")
        assert answer.body == b"%PDF-1.7"
        assert answer.rendering is None
        with pytest.raises(Exception, match=r"was not found \(404\)"):
            await fetch(f"{bench.site.url}/nowhere.html")
        assert browsers() == []

    in_a_crawl(visit, allowed=bench.allowed)


def test_status_and_headers_are_those_of_the_document(bench: ScriptedBench) -> None:
    bench.site.page("/list.html", SHELL, X_Served_By="the press")

    async def visit(crawl: Crawl) -> None:
        answer = await crawl.fetcher(Limits(), render="browser")(f"{bench.site.url}/list.html")
        assert answer.status == 200
        assert answer.headers["x-served-by"] == "the press"
        assert answer.etag is None
        assert answer.exchanges[-1].body == SHELL.encode()
        assert answer.body != SHELL.encode()

    in_a_crawl(visit, allowed=bench.allowed)


def test_pages_below_a_fragment_are_pages_of_their_own(bench: ScriptedBench) -> None:
    app = """
    const place = location.hash.slice(1), app = document.getElementById("app");
    app.innerHTML = place === "/list"
      ? '<ul class="list"><li><a href="#/a/1">账本里的商标</a><span>2026-11-05</span></li>' +
        '<li><a href="#/a/2">老街的招牌</a><span>2026-11-06</span></li></ul>'
      : `<h1>${place === "/a/1" ? "账本里的商标" : "老街的招牌"}</h1><div class="content"><p>` +
        "街角的小店换了三次招牌,老顾客却一直没有散去。掌柜说,招牌是写给路人看的。</p></div>";
    """
    bench.write_source(render="browser", lists=[f"{bench.site.url}/#/list"])
    publish(bench.site, [], app=app)
    bench.site.page("/", SHELL)
    assert bench.poll().new == 2
    titles = {each.entry.title for each in bench.entries()}
    assert titles == {"账本里的商标", "老街的招牌"}


def test_the_operators_encoding_holds_for_what_is_drawn(bench: ScriptedBench) -> None:
    bench.write_source(render="browser", encoding="gb18030")
    shell = SHELL.replace("utf-8", "gb18030")
    bench.site.page("/list.html", shell, charset="gb18030")
    for path, _, _ in ROWS:
        bench.site.page(path, shell, charset="gb18030")
    assert bench.poll().new == 2
    assert {each.entry.title for each in bench.entries()} == {"账本里的商标", "老街的招牌"}


def kanliu_without_playwright(bench: Bench, *words: str) -> subprocess.CompletedProcess[str]:
    """A command in an environment where the extra is not installed, as Python sees it."""
    script = (
        "import sys; sys.modules['playwright'] = None; import cli; "
        f"sys.argv = ['kanliu', *{list(words)!r}]; cli.main()"
    )
    return subprocess.run(
        [sys.executable, "-c", script],
        env=environment(bench) | {"COLUMNS": "300"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_a_journal_that_a_script_draws_is_added_as_drawn(
    bench: ScriptedBench, tmp_path: Path
) -> None:
    publish(bench.site, [*ROWS, ("/a/3.html", "味道是留给熟人的", "2026-11-07")])
    bench.site.page("/", SHELL)
    journals = tmp_path / "added"
    told = [sys.executable, "-m", "cli", "add", f"{bench.site.url}/list.html", "--yes"]
    names = {"KANLIU_JOURNALS": str(journals), "KANLIU_TIMEOUT": "15s"}
    made = subprocess.run(
        [*told, "--id", "drawn", "--render", "browser"],
        env={**environment(bench), **names},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert made.returncode == 0, made.stdout + made.stderr
    source = read_source(journals / "drawn.toml")
    assert (source.render, source.lists) == ("browser", (f"{bench.site.url}/list.html",))
    assert replay(source).differences == ()


def test_without_the_extra_check_and_poll_say_what_to_install(bench: ScriptedBench) -> None:
    what = f"install the extra: {sys.executable} -m pip install 'kanliu[browser]'"
    checked = kanliu_without_playwright(bench, "check")
    assert checked.returncode == 1
    assert f'magazine.toml: render: "browser" cannot be had here; {what}' in checked.stderr
    assert "sources that are right: 0, errors: 1" in checked.stdout
    polled = kanliu_without_playwright(bench, "poll")
    assert polled.returncode == 1
    assert what in polled.stderr + polled.stdout


def test_a_browser_that_is_not_there_is_named(bench: ScriptedBench) -> None:
    bench_settings = replace(bench.settings, browser=Path("/opt/nowhere/chromium"))
    assert find_program(bench_settings) is None
    assert find_lack(bench_settings) == (
        "the setting browser names /opt/nowhere/chromium, which is no program"
    )


def test_a_program_that_is_no_browser_needs_a_person(bench: ScriptedBench) -> None:
    async def main() -> None:
        browser = Browser(replace(bench.settings, browser=Path("/bin/false")))
        with pytest.raises(UnreachableError, match="/bin/false did not start") as raised:
            await draw(browser, "<p>一")
        await browser.close()
        assert str(raised.value).startswith("no browser to draw this journal's pages: ")

    asyncio.run(main())
    assert browsers() == []


def test_a_browser_that_does_not_start_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    too_long = tmp_path / ("x" * 100)
    too_long.mkdir()
    monkeypatch.setenv("TMPDIR", str(too_long))

    async def main() -> None:
        browser = Browser(Settings())
        with pytest.raises(UnreachableError, match=r"did not start: .*FATAL.*Socket path too long"):
            await draw(browser, "<p>一")
        await browser.close()

    asyncio.run(main())
    assert browsers() == []


def test_a_poll_that_found_no_browser_tells_cron(bench: ScriptedBench) -> None:
    async def rounds(house: House) -> int:
        house._crawl._browser._settings = replace(
            house.settings, browser=Path("/opt/nowhere/chromium")
        )
        (source,) = house.sources
        poll = await house.poll(source)
        assert poll.outcome is Outcome.UNREACHABLE
        return exit_code([poll], {"magazine": 1})

    assert bench.inside(rounds) == 1


def test_the_crawler_is_imported_without_playwright() -> None:
    script = "import sys, crawler.service, crawler.render; print('playwright' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=Path(__file__).parents[2],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "False"

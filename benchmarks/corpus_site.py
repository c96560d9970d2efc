"""`python -m benchmarks.corpus_site`: all Chinese article pages of the corpus as one local site,
`kanliu poll` over it, and what became of each page.

The pages go out with their own bytes and no charset in the header, as saved pages have none,
under their real paths where these are known, so that dates in addresses are as in life. The list
shows titles and no dates.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import feedparser

from archive.store import Store
from benchmarks.corpus import judge_date, judge_title, read_chinese_articles, tally
from crawler.normalise.entry import normalise_entry
from crawler.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archive.model import ArchivedEntry, Entry
    from benchmarks.corpus import SavedPage

SOURCE = "corpus"
LIST = "/list.html"
VISITED = datetime(2026, 11, 23, tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Result:
    """What became of the pages. `left_out` says for each page without an entry of its own why."""

    exit_code: int
    output: str
    pages: int
    entries: Mapping[str, ArchivedEntry]
    left_out: Mapping[str, str]
    unexplained: tuple[str, ...]
    feeds: Mapping[str, int]


def path_of(page: SavedPage) -> str:
    """The page's own path and query, or /p/ID."""
    if page.url is None:
        return f"/p/{page.id}"
    parts = urlsplit(page.url)
    return urlunsplit(("", "", parts.path or "/", parts.query, ""))


def list_page(pages: Mapping[str, SavedPage]) -> bytes:
    """One list of all, newest nowhere: no dates. A page whose title nobody noted has a number."""
    rows = "\n".join(
        f'<li><a href="{escape(path)}">{escape(page.title or f"第{number}篇")}</a></li>'
        for number, (path, page) in enumerate(pages.items(), 1)
    )
    return (
        "<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><title>文章列表</title>"
        f"</head><body><h1>文章列表</h1><ul class='list'>\n{rows}\n</ul></body></html>"
    ).encode()


@contextmanager
def open_site(pages: Mapping[str, SavedPage]) -> Iterator[str]:
    """The pages on 127.0.0.1; gives the address."""
    bodies = {path: page.body() for path, page in pages.items()} | {LIST: list_page(pages)}

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = bodies.get(self.path)
            self.send_response(200 if body is not None else 404)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name there
            """Nothing: the poll tells."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def poll_site(base: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """The real command, over a journals folder that holds this one source. Pictures and style
    sheets are not asked for: saved pages have none, and each would be a 404."""
    journals = folder / "journals"
    journals.mkdir()
    source = f'title = "存页"\nlists = ["{base}{LIST}"]\n[limits]\nentries = 1000\n'
    (journals / f"{SOURCE}.toml").write_text(source, "utf-8")
    settings = {
        "KANLIU_ALLOW_ADDRESSES": "127.0.0.1/32",
        "KANLIU_DELAY": "0s",
        "KANLIU_REQUISITES": "0",
    }
    return subprocess.run(
        [
            str(Path(sys.executable).parent / "kanliu"), "poll", SOURCE,
            "--data", str(folder / "data"), "--journals", str(journals),
        ],
        env={**os.environ, **settings}, cwd=folder, capture_output=True, text=True, timeout=600,
    )  # fmt: skip


def run(pages: Sequence[SavedPage], folder: Path) -> Result:
    """Serve, poll, and look at what the archive and the published tree hold."""
    by_path = {}
    for page in pages:
        path = path_of(page)
        by_path[f"/p/{page.id}" if path in by_path else path] = page
    with open_site(by_path) as base:
        done = poll_site(base, folder)
    with Store.open(f"sqlite:///{folder / 'data' / 'kanliu.sqlite'}") as store:
        own, left_out = find_fates(store, {base + path: page for path, page in by_path.items()})
    return Result(
        exit_code=done.returncode,
        output=done.stdout + done.stderr,
        pages=len(pages),
        entries=own,
        left_out=left_out,
        unexplained=tuple(p.id for p in pages if p.id not in own and p.id not in left_out),
        feeds=read_feeds(folder / "data" / "public" / SOURCE),
    )


def find_fates(
    store: Store, pages: Mapping[str, SavedPage]
) -> tuple[dict[str, ArchivedEntry], dict[str, str]]:
    """By page id: the entry whose first page it is, or the reason why there is none."""
    own: dict[str, ArchivedEntry] = {}
    left_out: dict[str, str] = {}
    for entry in store.entries(SOURCE):
        first, *others = (pages[capture.url] for capture in store.captures(entry.id))
        own[first.id] = entry
        left_out |= {page.id: f"the same article as {first.id}" for page in others}
    for miss in store.memory(SOURCE).misses.values():
        left_out[pages[miss.url].id] = miss.reason
    return own, left_out


def read_feeds(folder: Path) -> dict[str, int]:
    """How many entries a parser finds in each document; -1 where it is not well-formed."""
    found = {}
    for name in ("rss.xml", "atom.xml"):
        parsed = feedparser.parse((folder / name).read_bytes())
        found[name] = -1 if parsed.bozo else len(parsed.entries)
    found["feed.json"] = len(json.loads((folder / "feed.json").read_bytes())["items"])
    return found


def score(pages: Sequence[SavedPage], result: Result) -> dict[str, str]:
    """Titles and dates as they are in the archive, and as the pages alone give them: the list,
    like any list, shows titles."""
    kept = [(page, result.entries[page.id].entry) for page in pages if page.id in result.entries]
    alone = [(page, read_alone(page)) for page in pages]
    return {
        "title": tally(judge_title(page, entry.title) for page, entry in kept),
        "title, without the list": tally(judge_title(page, entry.title) for page, entry in alone),
        "date": tally(judge_date(page, day_of(entry)) for page, entry in kept),
        "date, without the list": tally(judge_date(page, day_of(entry)) for page, entry in alone),
    }


def read_alone(page: SavedPage) -> Entry:
    """A page as `kanliu read --batch` reads it."""
    raw = read_page(page.body(), url=page.url, visited=VISITED)
    return normalise_entry(raw, source=None, visited=VISITED)


def day_of(entry: Entry) -> str | None:
    return entry.published.value if entry.published else None


def report(result: Result, pages: Sequence[SavedPage]) -> None:
    """For a person."""
    print(result.output.rstrip())
    print(f"\npages {result.pages}, entries {len(result.entries)}")
    for page_id, reason in result.left_out.items():
        print(f"  {page_id}: {reason}")
    for page_id in result.unexplained:
        print(f"  {page_id}: NOT EXPLAINED")
    print("feeds  " + ", ".join(f"{name} {count}" for name, count in result.feeds.items()))
    for what, words in score(pages, result).items():
        print(f"{what}: {words}")
    for page in pages:
        entry = result.entries[page.id].entry if page.id in result.entries else None
        if entry and judge_title(page, entry.title) not in (None, "exact"):
            print(f"  {page.id}: title {entry.title!r}, not {page.title!r}")
        if entry and judge_date(page, day_of(entry)) not in (None, "exact"):
            print(f"  {page.id}: date {day_of(entry)}, not {page.date}")


def main() -> int:
    pages = read_chinese_articles()
    with tempfile.TemporaryDirectory(prefix="kanliu-corpus-") as folder:
        result = run(pages, Path(folder))
    report(result, pages)
    return 1 if result.unexplained or -1 in result.feeds.values() else 0


if __name__ == "__main__":
    sys.exit(main())

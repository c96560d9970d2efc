"""An article that anybody could read until its journal forbade it: nothing of its text is given
any more at whatever address, to whoever has what was there before, nor in any published file."""

from __future__ import annotations

import gzip
import re
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

import brotli
import httpx
import pytest

from archive.store import Store
from sources.read import read_sources
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import BODY, article, listing
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    Answers = dict[str, httpx.Response]

pytestmark = pytest.mark.slow

TITLE = "一家店的二十年"
WORD = "掌柜说"
SECRET = f"{WORD},招牌是写给路人看的"
FEEDS = ("atom.xml", "rss.xml", "feed.json")
#: What leads from one answer to the next; the public address of the settings is the first.
_LINK = re.compile(r'(?:(?:href|src|url)="|http://127\.0\.0\.1:8000)(/[^/"<>\s;,&][^"<>\s;,&]*|/)')


@pytest.fixture(scope="module")
def visits(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Bench, Answers]]:
    """The bench after the change, and all that was answered before it."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path_factory.mktemp("closed"), site=site, body_extractor=False)
        bench.more = '[limits]\nrecheck = ["1s"]\n'
        bench.write_source()
        assert SECRET in "".join(BODY)
        other = ("河上的桥有三座,桥下的船有百条,一条也没有停。" * 8,)
        site.page(
            "/list.html",
            listing([("/a/2.html", TITLE, "2026-11-12"), ("/a/1.html", "桥与船", "2026-11-05")]),
        )
        site.page("/a/1.html", article("桥与船", body=other))
        site.page("/a/2.html", article(TITLE))
        assert bench.poll().new == 2
        for name in ("ui.js", "sw.js"):  # as if ReplayWeb.page were there
            (bench.settings.data / "replay").mkdir(exist_ok=True)
            (bench.settings.data / "replay" / name).write_text("//")
        with opened(bench) as client:
            before = answers(client, bench)
        time.sleep(1.1)
        site.page("/a/2.html", article(TITLE, notice="版权所有，禁止转载。"))
        assert bench.poll().revised == 1
        yield bench, before


@contextmanager
def opened(bench: Bench) -> Iterator[httpx.Client]:
    """The pages over what the bench has now."""
    sources = tuple(read_sources(bench.settings.journals).sources)
    with (
        Store.open(bench.settings.database_url) as store,
        served(make_app(bench.settings, store, lambda: sources)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


def page_of(bench: Bench) -> str:
    with Store.open(bench.settings.database_url) as store:
        (entry,) = (each for each in store.entries() if each.entry.title == TITLE)
    return f"/magazine/{entry.id.rpartition('/')[2]}/"


def answers(client: httpx.Client, bench: Bench) -> Answers:
    """Whatever can be reached from the front page, and what no link leads to."""
    page = page_of(bench)
    waiting = [
        "/", page, *(f"{page}{name}" for name in ("timemap", "timegate", "copy/", "copy.wacz")),
        *(f"{page}citation.{name}" for name in ("bib", "ris", "json", "txt")),
        *(f"/{folder}/{name}" for folder in ("all", "magazine") for name in FEEDS),
        *(f"/search{name}?q={WORD}" for name in ("", ".atom", ".rss", ".json")),
        *(f"/oai?verb={verb}&metadataPrefix=oai_dc" for verb in ("ListRecords", "ListIdentifiers")),
    ]  # fmt: skip
    found: Answers = {}
    while waiting:
        url = waiting.pop()
        if url in found:
            continue
        found[url] = answer = ask(client, url)
        waiting += _LINK.findall(answer.text.replace("&amp;", "&"))
        if "location" in answer.headers:
            waiting.append(re.sub(r"^https?://[^/]+", "", answer.headers["location"]))
    return found


def ask(client: httpx.Client, url: str, **headers: str) -> httpx.Response:
    return client.get(url, headers={"accept-encoding": "identity", **headers})


def has_it(content: bytes) -> bool:
    return SECRET.encode() in content


@pytest.mark.promise(number=7)
def test_what_is_forbidden_later_is_given_at_no_address(
    visits: tuple[Bench, Answers],
) -> None:
    bench, before = visits
    page = page_of(bench)
    had = {url for url, answer in before.items() if has_it(answer.content)}
    kinds = ("/magazine/atom.xml", "/all/feed.json", "/magazine/rss.xml", page, "/oai?verb=Lis",
             "/search.atom", f"{page}at/")  # fmt: skip
    for kind in kinds:  # else this would show nothing
        assert [url for url in had if url.startswith(kind)], kind
    with opened(bench) as client:
        after = answers(client, bench)
        assert set(after) >= {url for url in had if "reusable" not in url}
        assert [url for url, answer in after.items() if has_it(answer.content)] == []
        for url in had:  # what somebody has is no more what is there, and nothing is told of it
            held = before[url].headers.get("etag", "")
            for more in ({}, {"a-im": "feed"}):
                answer = ask(client, url, **{"if-none-match": held}, **more)
                assert answer.status_code != 304, url
                assert not has_it(answer.content), url
    closed = {url: answer.status_code for url, answer in after.items() if url.startswith(page)}
    assert {closed[f"{page}copy.wacz"], closed[f"{page}copy/"]} == {403}
    assert {code for url, code in closed.items() if url.startswith(f"{page}at/")} == {403}


@pytest.mark.promise(number=7)
def test_what_is_forbidden_later_is_in_no_published_file(
    visits: tuple[Bench, Answers],
) -> None:
    bench, _ = visits
    files = [path for path in bench.settings.public.rglob("*") if path.is_file()]
    assert {path.suffix for path in files} >= {".xml", ".json", ".gz", ".br"}
    assert [path for path in files if has_it(content_of(path))] == []


def content_of(path: Path) -> bytes:
    whole = path.read_bytes()
    match path.suffix:
        case ".gz":
            return gzip.decompress(whole)
        case ".br":
            return brotli.decompress(whole)
    return whole

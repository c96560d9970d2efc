"""Lines of FEEDS.md that hold only where all rooms do their part: a site is visited, and its feeds
are looked at."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import feedparser
import html5lib
import pytest

from archive.model import Outcome
from benchmarks.corpus import FOLDER, read_chinese_articles
from benchmarks.corpus_site import read_alone
from feeds.content import clean_html
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import BODY, article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DAY = "2026-11-20"
ONE, OTHER = ("/a/1.html", "招牌是写给谁看的", DAY), ("/a/2.html", "账本里的商标", DAY)
ELSEWHERE = ("/topics/signs/1.html", "招牌是写给谁看的", DAY)
BODY_AS_PRINTED = (
    f'{BODY[0]}<script>x()</script><img src="/img/blank.gif" data-original="../图/门 面.jpg">',
    f'{BODY[1]}<a href="/a/3.html" onclick="x()">另见</a><a href="javascript:x()">关闭</a>',
    f'{BODY[2]}<iframe src="https://ads.example/"></iframe><font style="color:red">红</font>',
)


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        yield Bench(folder=tmp_path, site=site)


def parsed(bench: Bench, path: str) -> list[feedparser.FeedParserDict]:
    feed = feedparser.parse(bench.published()[path])
    assert not feed.bozo
    return list(feed.entries)


@pytest.mark.slow
def test_line_5_an_article_on_two_lists_and_at_two_addresses_has_one_id(bench: Bench) -> None:
    site = bench.site
    bench.write_source(lists=[f"{site.url}/list.html", f"{site.url}/topics/signs/"])
    site.page("/list.html", listing([ONE, OTHER]))
    site.page("/topics/signs/", listing([ELSEWHERE, OTHER]))
    for path, title, day in (ONE, ELSEWHERE):
        site.page(path, article(title, day=day))
    site.page(OTHER[0], article(OTHER[1], day=DAY, body=BODY[:2]))
    poll = bench.poll()
    assert (poll.outcome, poll.new) == (Outcome.NEW, 2)
    held = {each.id for each in bench.entries()}
    assert {ONE[0], ELSEWHERE[0], OTHER[0]} <= set(site.paths())
    for folder in ("magazine", "all"):
        for name in ("rss.xml", "atom.xml"):
            ids = [each.id for each in parsed(bench, f"{folder}/{name}")]
            assert len(ids) == 2
            assert set(ids) == held
        items = json.loads(bench.published()[f"{folder}/feed.json"])["items"]
        assert {item["id"] for item in items} == held
        assert len(items) == 2


@pytest.mark.slow
def test_lines_21_and_22_what_a_page_loads_late_or_runs_arrives_as_plain_html(bench: Bench) -> None:
    site = bench.site
    bench.write_source()
    site.page("/list.html", listing([ONE]))
    site.page(ONE[0], article(ONE[1], day=DAY, body=BODY_AS_PRINTED))
    bench.poll()
    (atom,), (rss,) = (parsed(bench, f"magazine/{name}") for name in ("atom.xml", "rss.xml"))
    (item,) = json.loads(bench.published()["magazine/feed.json"])["items"]
    html = item["content_html"]
    assert f'<img src="{site.url}/%E5%9B%BE/%E9%97%A8%20%E9%9D%A2.jpg"' in html
    assert f'<a href="{site.url}/a/3.html">另见</a>' in html
    for bad in ("script", "iframe", "style", "onclick", "blank.gif", "data-original"):
        assert bad not in html
    parser = html5lib.HTMLParser()
    parser.parseFragment(html)
    assert parser.errors == []
    for entry in (atom, rss):
        assert "%E9%97%A8%20%E9%9D%A2.jpg" in entry.content[0].value


@pytest.mark.corpus
@pytest.mark.skipif(not FOLDER.exists(), reason="needs ../shared/corpus")
def test_line_22_the_text_of_every_saved_page_is_parsed_without_an_error() -> None:
    wrong = {}
    pages = read_chinese_articles()
    for page in pages:
        parser = html5lib.HTMLParser()
        parser.parseFragment(clean_html(read_alone(page).html or "", base="https://a.example/"))
        if parser.errors:
            wrong[page.id] = parser.errors
    assert wrong == {}
    assert len(pages) > 80

"""A poll against a real site, into a real archive, to published feeds: what a good visit does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import feedparser
import pytest

from archive.model import EntryState, Outcome
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import BODY, article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ROWS = [
    ("/a/3.html", "招牌是写给谁看的", "2026-11-20"),
    ("/a/2.html", "一家店的二十年", "2026-11-12"),
    ("/a/1.html", "账本里的商标", "2026-11-05"),
]

ISSUE = [
    ("/CN/10.5555/m.2026040001", "街巷商铺招牌更替的空间分异", "2026-11-20"),
    ("/CN/10.5555/m.2026040002", "老字号口碑传播的邻里网络", "2026-11-20"),
    ("/CN/10.5555/m.2026040003", "早市摊位流动与社区信任", "2026-11-20"),
]


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.write_source()
        show(bench, ROWS)
        yield bench


def show(bench: Bench, rows: list[tuple[str, str, str]], **more: str) -> None:
    """Put a list of articles, and the articles, on the site."""
    bench.site.page("/list.html", listing(rows, **more))
    for path, title, day in rows:
        bench.site.page(path, article(title, day=day))


def titles(bench: Bench) -> list[str | None]:
    return [each.entry.title for each in bench.entries()]


def test_a_first_poll_keeps_and_publishes_every_article(bench: Bench) -> None:
    poll = bench.poll()
    assert (poll.outcome, poll.new, poll.reason) == (Outcome.NEW, 3, "3 new")
    assert titles(bench) == [title for _, title, _ in ROWS]
    assert [each.entry.published.value for each in bench.entries() if each.entry.published] == [
        "2026-11-20",
        "2026-11-12",
        "2026-11-05",
    ]
    for name in ("rss.xml", "atom.xml"):
        feed = feedparser.parse(bench.published()[f"magazine/{name}"])
        assert not feed.bozo
        assert [each.title for each in feed.entries] == [title for _, title, _ in ROWS]


def test_nothing_new_asks_for_the_list_only_and_changes_no_file(bench: Bench) -> None:
    bench.poll()
    before, captures = bench.published(), bench.captures()
    stamps = {path: path.stat().st_mtime_ns for path in bench.settings.public.rglob("*")}
    bench.site.forget()
    poll = bench.poll()
    assert poll.outcome is Outcome.UNCHANGED
    assert bench.site.paths() == ["/list.html"]
    assert bench.published() == before
    assert bench.captures() == captures
    assert {path: path.stat().st_mtime_ns for path in bench.settings.public.rglob("*")} == stamps


def test_a_list_that_changed_only_around_its_links_is_unchanged(bench: Bench) -> None:
    bench.poll()
    captures = bench.captures()
    bench.site.page("/list.html", listing(ROWS).replace("文章列表", "文章列表 今日访问 812 次"))
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert bench.captures() == captures


def test_only_the_new_article_is_asked_for(bench: Bench) -> None:
    bench.poll()
    bench.site.forget()
    show(bench, [("/a/4.html", "新到的一篇", "2026-11-21"), *ROWS])
    poll = bench.poll()
    assert (poll.outcome, poll.new) == (Outcome.NEW, 1)
    assert bench.site.paths() == ["/list.html", "/a/4.html"]
    assert titles(bench)[0] == "新到的一篇"


def test_the_walk_goes_back_until_it_meets_known_articles(bench: Bench) -> None:
    bench.poll()
    bench.site.forget()
    news = [(f"/a/{at}.html", f"新到的第{at}篇文章", "2026-11-21") for at in range(20, 9, -1)]
    bench.site.page("/list.html", listing(news[:6], next_page="/list_2.html"))
    bench.site.page("/list_2.html", listing([*news[6:], ROWS[0]], next_page="/list_3.html"))
    bench.site.page("/list_3.html", listing(ROWS, next_page="/list_4.html"))
    for path, title, day in news:
        bench.site.page(path, article(title, day=day))
    assert bench.poll().new == 11
    lists = [path for path in bench.site.paths() if path.startswith("/list")]
    assert lists == ["/list.html", "/list_2.html", "/list_3.html"]


def test_the_first_visit_takes_no_more_pages_than_the_limit(bench: Bench) -> None:
    bench.more = "[limits]\npages = 2\n"
    bench.write_source()
    for at in range(1, 6):
        name = "/list.html" if at == 1 else f"/list_{at}.html"
        rows = [(f"/b/{at}{row}.html", f"第{at}页的第{row}篇", "2026-11-01") for row in range(5)]
        bench.site.page(name, listing(rows, next_page=f"/list_{at + 1}.html"))
        for path, title, day in rows:
            bench.site.page(path, article(title, day=day))
    assert bench.poll().new == 10


def test_a_changed_title_on_the_list_brings_the_article_again(bench: Bench) -> None:
    bench.poll()
    bench.site.forget()
    show(bench, [("/a/3.html", "招牌是写给谁看的(修订)", "2026-11-20"), *ROWS[1:]])
    poll = bench.poll()
    assert (poll.outcome, poll.new, poll.revised) == (Outcome.NEW, 0, 1)
    assert bench.site.paths() == ["/list.html", "/a/3.html"]
    (revised,) = [each for each in bench.entries() if each.revision == 2]
    assert revised.entry.title == "招牌是写给谁看的(修订)"


def test_hours_that_pass_on_a_list_are_no_change(bench: Bench) -> None:
    ago = [(path, title, "3小时前") for path, title, _ in ROWS]
    bench.site.page("/list.html", listing(ago))
    bench.poll()
    captures = bench.captures()
    bench.site.forget()
    bench.site.page("/list.html", listing([(path, title, "5小时前") for path, title, _ in ROWS]))
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert bench.site.paths() == ["/list.html"]
    assert bench.captures() == captures


def test_an_archive_of_issues_leads_to_its_newest_issue(bench: Bench) -> None:
    bench.write_source(lists=[f"{bench.site.url}/CN/archive"], platform="magtech")
    bench.site.page(
        "/CN/archive",
        """<html><body><div class="gk_qi"><a href="/CN/Y2026/V8/I4"><span>2026 Vol. 8 No. 4</span>
        </a> 2026-11-20</div>
        <div class="gk_qi"><a href="/CN/Y2026/V8/I3"><span>2026 Vol. 8 No. 3</span></a>
        2026-08-20</div>
        </body></html>""",
    )
    issue = "".join(
        f'<div class="j-title-1"><a href="{path}">{title}</a></div>'
        f'<div class="j-volumn-doi"><span class="j-volumn">2026, 8(4): {at}-{at + 9}.</span></div>'
        for at, (path, title, _) in enumerate(ISSUE)
    )
    bench.site.page(
        "/CN/Y2026/V8/I4", f"<html><body><h3>2026年 第8卷 第4期</h3>{issue}</body></html>"
    )
    older = '<div class="j-title-1"><a href="/CN/abstract/abstract7.shtml">河堤上的图书室</a></div>'
    bench.site.page("/CN/Y2026/V8/I3", f"<html><body><h3>2026年 第3期</h3>{older}</body></html>")
    bench.site.page("/CN/abstract/abstract7.shtml", article("河堤上的图书室", day="2026-08-20"))
    for path, title, day in ISSUE:
        bench.site.page(path, article(title, day=day))
    assert bench.poll().new == 4
    bench.site.forget()
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert bench.site.paths() == ["/CN/archive", "/CN/Y2026/V8/I4"]


def test_a_system_that_only_its_headers_name_is_known_at_the_visit(bench: Bench) -> None:
    """One short title is no list to anybody who does not know the system's addresses."""
    bench.write_source(lists=[f"{bench.site.url}/wenzhang/"])
    menu = "<div class=nav><a href=/>首页</a></div>"
    bench.site.page(
        "/wenzhang/",
        f"{menu}<ul><li><a href=/wenzhang/7.html>盐田</a></ul>",
        X_Powered_By="PbootCMS",
    )
    bench.site.page("/wenzhang/7.html", article("盐田", day="2026-11-20"))
    assert bench.poll().new == 1


def test_a_known_article_is_looked_at_again_when_its_day_comes(bench: Bench) -> None:
    bench.more = '[limits]\nrecheck = ["1s"]\n'
    bench.write_source()
    bench.poll()
    time.sleep(1.1)
    bench.site.page(
        "/a/1.html",
        article("账本里的商标", day="2026-11-05", body=(*BODY, "更正:原文的数字有误,特此说明。")),
    )
    bench.site.forget()
    poll = bench.poll()
    assert poll.revised == 1
    assert sorted(bench.site.paths()) == ["/a/1.html", "/a/2.html", "/a/3.html", "/list.html"]


def test_a_page_that_is_gone_is_marked_and_stays_in_the_feeds(bench: Bench) -> None:
    bench.more = '[limits]\nrecheck = ["1s"]\n'
    bench.write_source()
    bench.poll()
    time.sleep(1.1)
    bench.site.bare("/a/2.html", "gone", status=410)
    assert bench.poll().vanished == 1
    states = {each.entry.title: each.state for each in bench.entries()}
    assert states["一家店的二十年"] is EntryState.VANISHED
    assert "一家店的二十年".encode() in bench.published()["magazine/atom.xml"]


def test_the_same_article_on_two_lists_is_one_entry(bench: Bench) -> None:
    bench.site.page("/column.html", listing(ROWS[:2]))
    bench.write_source(lists=[f"{bench.site.url}/list.html", f"{bench.site.url}/column.html"])
    assert bench.poll().new == 3
    assert len(bench.entries()) == 3


def test_a_native_feed_beside_a_list_does_not_bring_articles_again(bench: Bench) -> None:
    items = "".join(
        f"<item><title>{title}</title><link>{bench.site.url}{path}</link>"
        f"<pubDate>{day}T08:00:00+08:00</pubDate></item>"
        for path, title, day in ROWS
    )
    rss = f"<rss version='2.0'><channel><title>某某杂志</title>{items}</channel></rss>"
    bench.site.page("/rss.xml", rss, content_type="application/rss+xml")
    bench.write_source(feed=f"{bench.site.url}/rss.xml")
    assert bench.poll().new == 3
    bench.site.forget()
    bench.site.page("/rss.xml", rss.replace("<item>", "<item><guid>x</guid>"))
    bench.site.page("/list.html", listing(ROWS).replace("文章列表", "全部文章"))
    assert bench.poll().outcome is Outcome.UNCHANGED
    assert bench.site.paths() == ["/list.html", "/rss.xml"]


def test_the_same_article_under_two_addresses_is_one_entry(bench: Bench) -> None:
    bench.poll()
    show(bench, [("/other/3.html", "招牌是写给谁看的", "2026-11-20"), *ROWS[1:]])
    poll = bench.poll()
    assert poll.new == 0
    assert len(bench.entries()) == 3


def test_two_sources_on_one_host_are_both_kept(bench: Bench) -> None:
    bench.site.page("/other.html", listing([("/b/1.html", "另一本刊物的文章", "2026-11-19")]))
    bench.site.page("/b/1.html", article("另一本刊物的文章", day="2026/11/19"))
    bench.write_source("other", title="另一本刊物", lists=[f"{bench.site.url}/other.html"])
    assert [poll.new for poll in bench.polls()] == [3, 1]
    assert set(bench.published()) >= {
        "magazine/rss.xml",
        "other/rss.xml",
        "all/rss.xml",
        "opml.xml",
    }


@pytest.mark.parametrize(
    ("charset", "declared", "http"),
    [
        ("gb18030", "gb2312", "text/html"),
        ("gb18030", "utf-8", "text/html"),
        ("gb18030", "", "text/html; charset=utf-8"),
        ("gb18030", "", "text/html"),
        ("big5", "big5", "text/html"),
        ("utf-8", "gb2312", "text/html"),
        ("utf-8", "", "text/html"),
    ],
)
def test_every_encoding_is_read_right(bench: Bench, charset: str, declared: str, http: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    title = "品牌與市場的關係" if charset == "big5" else "品牌与市场的关系"
    page = article(title, day="2026/11/20").replace("<head>", f"<head>{meta if declared else ''}")
    page = page if charset != "big5" else traditional(page)
    rows = [("/a/1.html", title, "2026-11-20")]
    bench.site.page("/list.html", listing(rows), charset=charset, content_type=http)
    bench.site.page("/a/1.html", page, charset=charset, content_type=http)
    bench.poll()
    (kept,) = bench.entries()
    assert kept.entry.title == title
    assert kept.entry.text is not None
    assert ("街角" in kept.entry.text) or ("街角" in traditional(kept.entry.text))


def traditional(text: str) -> str:
    from opencc import OpenCC

    return str(OpenCC("s2t").convert(text))


def test_an_article_in_several_pages_is_one_entry_with_all_its_text(bench: Bench) -> None:
    pager = "<div class='page'><a href='3_{}.html'>下一页</a></div></body>"
    for number, (path, text) in enumerate(
        (("/a/3.html", BODY[0]), ("/a/3_2.html", BODY[1]), ("/a/3_3.html", BODY[2])), 1
    ):
        page = article(ROWS[0][1], body=(text * 3,), notice="" if number < 3 else None)
        more = pager.format(number + 1) if number < 3 else "</body>"
        bench.site.page(path, page.replace("</body>", more))
    assert bench.poll().new == len(ROWS)
    (entry,) = (each.entry for each in bench.entries() if each.entry.title == ROWS[0][1])
    assert all(text in (entry.text or "") for text in BODY)
    assert entry.notice is not None
    assert bench.site.paths().count("/a/3_3.html") == 1
    # If one of its pages cannot be had, the article is asked for again and not kept by halves.
    bench.site.remove("/a/4_2.html")
    show(bench, [("/a/4.html", "河边的第二条街", "2026-11-21"), *ROWS])
    page = article("河边的第二条街").replace("</body>", pager.replace("3_", "4_").format(2))
    bench.site.page("/a/4.html", page)
    assert bench.poll().outcome is Outcome.PARTIAL
    assert "河边的第二条街" not in titles(bench)

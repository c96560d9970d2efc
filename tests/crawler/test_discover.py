"""crawler.discover: from one address to the lists that a journal is followed by."""

from __future__ import annotations

import gzip
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest

from archive.model import Outcome
from crawler.add import draft_of
from crawler.discovery.saved import replay
from crawler.discovery.visits import REQUESTS_MOST
from foundation.errors import MissingError, RefusedError
from tests import journal_pages
from tests.crawler.looking import Bench, day_of
from tests.fake_site import open_fake_site

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from crawler.discover import Discovery
    from crawler.discovery.rank import Evidence
    from tests.fake_site import FakeSite

pytestmark = pytest.mark.slow

TITLES = (
    "街角小店的二十年",
    "招牌写给谁看",
    "老顾客为什么留下",
    "账本里的一条街",
    "不做广告的四十二家店",
    "味道是留给熟人的",
)


@pytest.fixture
def site() -> Iterator[FakeSite]:
    with open_fake_site() as site:
        yield site


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    return Bench(folder=tmp_path)


def put_articles(site: FakeSite, folder: str, numbers: range) -> list[tuple[str, str, str]]:
    """Article pages, and the rows of a list that shows them, newest first."""
    rows = []
    for number in reversed(numbers):
        title = f"{TITLES[number % len(TITLES)]}（之{number}）"
        day = f"2026-11-{number % 20 + 1:02}"
        site.page(f"{folder}{number}.html", journal_pages.article(title, day=day.replace("-", "/")))
        rows.append((f"{folder}{number}.html", title, day))
    return rows


def front(menu: str, body: str = "", head: str = "") -> str:
    return (
        f"<html><head><title>某某杂志</title>{head}</head><body>"
        f'<div class="nav"><a href="/">首页</a> {menu}</div>{body}</body></html>'
    )


def feed_of(site: FakeSite, rows: list[tuple[str, str, str]]) -> str:
    items = "".join(
        f"<item><title>{title}</title><link>{site.url}{path}</link><pubDate>{day}</pubDate></item>"
        for path, title, day in rows
    )
    home = f"<title>某某杂志</title><link>{site.url}/</link>"
    return f"<rss version='2.0'><channel>{home}{items}</channel></rss>"


def ways(found: Discovery, site: FakeSite) -> list[tuple[list[str], str | None]]:
    """Lists and feed of each possibility, as paths."""
    return [
        (
            [url.removeprefix(site.url) for url in each.lists],
            each.feed.removeprefix(site.url) if each.feed else None,
        )
        for each in found.possibilities
    ]


def test_columns_of_the_front_page_are_followed_together(bench: Bench, site: FakeSite) -> None:
    fangtan = put_articles(site, "/fangtan/", range(101, 108))
    suibi = put_articles(site, "/suibi/", range(201, 208))
    site.page("/fangtan/", journal_pages.listing(fangtan[:6], next_page="/fangtan/2.html"))
    site.page("/suibi/", journal_pages.listing(suibi[:6], next_page="/suibi/2.html"))
    hot = "".join(f'<li><a href="{path}">{title}</a></li>' for path, title, _ in fangtan[4:])
    boxes = "".join(
        f'<div class="box"><h3>{name}</h3><ul>'
        + "".join(
            f'<li><a href="{path}">{title}</a><span>{day}</span></li>' for path, title, day in rows
        )
        + "</ul></div>"
        for name, rows in (("访谈", fangtan[:3]), ("随笔", suibi[:3]))
    )
    menu = '<a href="/fangtan/">访谈</a> <a href="/suibi/">随笔</a> <a href="/tougao.html">投稿</a>'
    site.page("/", front(menu, f'{boxes}<div class="rank"><h3>点击排行</h3><ul>{hot}</ul></div>'))
    found = bench.look(site.url + "/")
    assert ways(found, site)[0] == (["/fangtan/", "/suibi/"], None)
    assert "/tougao.html" not in site.paths()
    assert {each.origin for each in (p.evidence for p in found.possibilities)} >= {
        "columns",
        "front",
        "column",
    }


def test_a_column_that_a_person_gives_is_what_is_followed(bench: Bench, site: FakeSite) -> None:
    fangtan = put_articles(site, "/fangtan/", range(101, 106))
    suibi = put_articles(site, "/suibi/", range(201, 206))
    menu = '<a href="/fangtan/">访谈</a> <a href="/suibi/">随笔</a>'
    for name, rows in (("fangtan", fangtan), ("suibi", suibi)):
        page = journal_pages.listing(rows)
        site.page(f"/{name}/", page.replace('<a href="/">首页</a>', f'<a href="/">首页</a> {menu}'))
    site.page("/", front(menu))
    assert ways(bench.look(site.url + "/suibi/"), site)[0] == (["/suibi/"], None)


def test_a_feed_that_tells_the_same_is_followed_beside_the_list(
    bench: Bench, site: FakeSite
) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.page("/list.html", journal_pages.listing(rows).replace("</head>", f"{link}</head>"))
    site.page("/rss.xml", feed_of(site, rows[:4]), content_type="application/rss+xml")
    found = bench.look(site.url + "/list.html")
    assert ways(found, site) == [(["/list.html"], "/rss.xml")]
    assert any(
        "4 of its 4 items are on the list" in r for r in found.possibilities[0].judgement.reasons
    )


def test_a_feed_of_another_channel_is_a_way_of_its_own(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    news = put_articles(site, "/news/", range(901, 906))
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.page("/list.html", journal_pages.listing(rows).replace("</head>", f"{link}</head>"))
    site.page("/rss.xml", feed_of(site, news), content_type="application/rss+xml")
    assert ways(bench.look(site.url + "/list.html"), site) == [
        (["/list.html"], None),
        (["/rss.xml"], None),
    ]


def test_a_feed_with_wrong_days_is_not_believed(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    link = '<link rel="alternate" type="application/rss+xml" href="/rss.xml">'
    site.page("/list.html", journal_pages.listing(rows).replace("</head>", f"{link}</head>"))
    built = [(path, title, "2026-11-25") for path, title, _ in rows]
    site.page("/rss.xml", feed_of(site, built), content_type="application/rss+xml")
    best = bench.look(site.url + "/list.html").possibilities[0]
    assert best.feed is None
    assert any("days differ" in reason for reason in best.judgement.reasons)


def test_the_address_of_a_feed_leads_to_the_list(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    site.page("/", front('<a href="/list.html">文章</a>'))
    site.page("/list.html", journal_pages.listing(rows))
    site.page("/rss.xml", feed_of(site, rows), content_type="application/rss+xml")
    assert ways(bench.look(site.url + "/rss.xml"), site)[0] == (["/list.html"], "/rss.xml")


def test_a_feed_alone_is_followed_where_there_is_no_list(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    site.page("/rss.xml", feed_of(site, rows), content_type="application/rss+xml")
    _, source = bench.add(site.url + "/rss.xml")
    assert source.lists == (f"{site.url}/rss.xml",)
    assert source.title == "某某杂志"
    poll, entries = bench.poll()
    assert (poll.new, len(entries)) == (6, 6)


def test_the_address_of_an_article_leads_to_the_list(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    site.page("/", front('<a href="/list.html">文章</a>'))
    site.page("/list.html", journal_pages.listing(rows))
    assert ways(bench.look(f"{site.url}/a/103.html"), site)[0] == (["/list.html"], None)


def test_a_sitemap_tells_where_no_page_does(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/essays/2026/", range(1101, 1107))
    site.page("/", "<html><body><div id='app'></div><p>请启用脚本</p></body></html>")
    urls = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path, _, _ in rows)
    site.page("/map.xml", f"<urlset>{urls}</urlset>", content_type="application/xml")
    site.page("/robots.txt", f"Sitemap: {site.url}/map.xml\n", content_type="text/plain")
    site.page("/essays/", journal_pages.listing(rows))
    found = bench.look(site.url + "/")
    assert ways(found, site) == [(["/essays/"], None)]
    assert "found through the sitemap" in found.possibilities[0].judgement.reasons


def put_sitemap(site: FakeSite, rows: list[tuple[str, str, str]]) -> None:
    """An index of sitemaps, packed as some systems serve them."""
    urls = "".join(
        f"<url><loc>{site.url}{path}</loc><lastmod>2026-11-24</lastmod></url>"
        for path, _, _ in rows
    )
    about = f"<url><loc>{site.url}/about.html</loc></url>"
    body = gzip.compress(f"<urlset>{about}{urls}</urlset>".encode())
    site.page("/maps/posts.xml.gz", body, content_type="application/gzip")
    part = f"<sitemap><loc>{site.url}/maps/posts.xml.gz</loc></sitemap>"
    site.page("/map.xml", f"<sitemapindex>{part}</sitemapindex>", content_type="text/xml")
    site.page("/robots.txt", f"Sitemap: {site.url}/map.xml\n", content_type="text/plain")


def test_a_site_whose_only_index_is_a_sitemap_is_followed_by_it(
    bench: Bench, site: FakeSite
) -> None:
    rows = put_articles(site, "/essays/2026/", range(1101, 1107))
    site.page("/", "<html><body><div id='app'></div><p>请启用脚本</p></body></html>")
    put_sitemap(site, rows)
    found, source = bench.add(site.url + "/")
    assert ways(found, site) == [(["/map.xml"], None)]
    assert replay(source).differences == ()
    poll, entries = bench.poll()
    assert (poll.outcome, poll.new) == (Outcome.NEW, 6)
    assert {(each.title, day_of(each)) for each in entries} == {
        (title, day) for _, title, day in rows
    }
    site.forget()
    poll, _ = bench.poll()
    assert (poll.outcome, site.paths()) == (Outcome.UNCHANGED, ["/map.xml", "/maps/posts.xml.gz"])


def test_the_address_of_a_sitemap_gives_way_to_the_list(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/essays/2026/", range(1101, 1107))
    site.page("/", front('<a href="/essays/">文章列表</a>'))
    site.page("/essays/", journal_pages.listing(rows))
    put_sitemap(site, rows[1:])
    found = bench.look(site.url + "/map.xml")
    assert ways(found, site)[0] == (["/essays/"], None)


def test_a_feed_is_better_than_a_sitemap(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/essays/2026/", range(1101, 1107))
    link = '<link rel="alternate" type="application/rss+xml" href="/feed.xml">'
    site.page("/", f"<html><head>{link}</head><body><div id='app'></div></body></html>")
    site.page("/feed.xml", feed_of(site, rows), content_type="application/rss+xml")
    put_sitemap(site, rows)
    assert [lists for lists, _ in ways(bench.look(site.url + "/"), site)] == [
        ["/feed.xml"],
        ["/map.xml"],
    ]


def test_a_system_that_only_its_headers_name_is_written_down(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/wenzhang/", range(1101, 1107))
    told = {"X_Powered_By": "PbootCMS"}
    site.page("/wenzhang/", journal_pages.listing(rows), **told)
    _, source = bench.add(site.url + "/wenzhang/")
    assert source.platform == "pbootcms"
    assert replay(source).differences == ()


def test_an_address_of_one_issue_gives_way_to_the_page_of_the_newest(
    bench: Bench, site: FakeSite
) -> None:
    rows = put_articles(site, "/article/", range(101, 106))
    page = journal_pages.listing(rows).replace(
        '<a href="/">首页</a>', '<a href="/">首页</a> <a href="/issue/current">当期目录</a>'
    )
    for path in ("/issue/view/28", "/issue/current"):
        site.page(path, page)
    site.page("/", front(""))
    assert ways(bench.look(site.url + "/issue/view/28"), site) == [(["/issue/current"], None)]


def test_the_page_about_the_journal_gives_its_masthead(bench: Bench, site: FakeSite) -> None:
    rows = []
    for number in range(101, 105):
        html = journal_pages.article(TITLES[number % 6]).replace(journal_pages.MASTHEAD, "")
        site.page(f"/a/{number}.html", html)
        rows.append((f"/a/{number}.html", TITLES[number % 6], "2026-11-20"))
    listing = journal_pages.listing(rows).replace("关于", "关于本刊")
    site.page("/list.html", listing)
    site.page("/about.html", f"<html><body><p>{journal_pages.MASTHEAD}</p></body></html>")
    masthead = bench.look(site.url + "/list.html").possibilities[0].journal.masthead
    assert masthead["ISSN"].text == "ISSN 1234-5679"
    assert masthead["ISSN"].where == "/about.html"


def test_links_that_are_no_articles_are_no_list(bench: Bench, site: FakeSite) -> None:
    rows = []
    for number in range(1, 7):
        path, name = f"/dept/{number}01.html", f"第{number}编辑部联系方式与职责"
        site.page(path, f"<html><body><h1>{name}</h1><form><input name=q></form></body></html>")
        rows.append((path, name, ""))
    site.page("/", journal_pages.listing(rows))
    found = bench.look(site.url + "/")
    assert found.possibilities == ()
    assert found.asked[0] == site.url + "/"


def test_a_look_never_asks_for_more_than_it_says_and_for_nothing_twice(
    bench: Bench, site: FakeSite
) -> None:
    menu = ""
    for column in range(30):
        rows = put_articles(site, f"/c{column}/", range(100, 130))
        site.page(f"/news{column}/", journal_pages.listing(rows))
        menu += f'<a href="/news{column}/">新闻{column}</a> '
    site.page("/", front(menu))
    found = bench.look(site.url + "/")
    assert found.possibilities
    assert len(site.paths()) <= REQUESTS_MOST
    assert len(site.paths()) == len(set(site.paths())) == len(found.asked)


def test_robots_txt_is_obeyed(bench: Bench, site: FakeSite) -> None:
    site.page("/robots.txt", "User-agent: *\nDisallow: /\n", content_type="text/plain")
    site.page("/", front(""))
    with pytest.raises(RefusedError):
        bench.look(site.url + "/")
    assert site.paths() == []


def test_a_column_that_robots_txt_closes_is_not_looked_at(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    menu = '<a href="/list.html">文章</a> <a href="/closed/">新闻</a>'
    site.page("/robots.txt", "User-agent: *\nDisallow: /closed/\n", content_type="text/plain")
    site.page("/", front(menu))
    site.page("/list.html", journal_pages.listing(rows))
    found = bench.look(site.url + "/")
    assert ways(found, site) == [(["/list.html"], None)]
    assert "/closed/" not in site.paths()
    assert any("robots.txt" in str(error) for error in found.failures.values())


def test_an_address_that_is_not_there_is_an_error(bench: Bench, site: FakeSite) -> None:
    with pytest.raises(MissingError):
        bench.look(site.url + "/nothing.html")


def test_a_journal_that_only_oai_names_gets_its_name_from_there(
    bench: Bench, site: FakeSite
) -> None:
    rows = put_articles(site, "/index.php/tides/article/view/", range(101, 106))
    mark = '<meta name="generator" content="Open Journal Systems 3.4.0.8">'
    page = journal_pages.listing(rows).replace("</head>", f"{mark}</head>")
    site.page("/index.php/tides/issue/current", page)
    told = "<Identify><repositoryName>潮汐与书信</repositoryName></Identify>"
    site.page("/index.php/tides/oai?verb=Identify", told, content_type="text/xml")
    best = bench.look(site.url + "/index.php/tides/issue/current").possibilities[0]
    assert (best.journal.title.text, best.journal.title.where) == ("潮汐与书信", "OAI-PMH Identify")


def test_a_full_page_is_expected_to_stay_so_and_an_issue_is_not(
    bench: Bench, site: FakeSite
) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    site.page("/list.html", journal_pages.listing(rows))
    best = bench.look(site.url + "/list.html").possibilities[0]

    def links_min(evidence: Evidence) -> object:
        draft = draft_of(
            replace(best, evidence=evidence), site.url, source_id="m", today=date(2026, 11, 25)
        )
        return draft.links_min and draft.links_min.value

    assert best.evidence.is_by_issue is False
    assert links_min(replace(best.evidence, links=20)) == 5
    assert links_min(replace(best.evidence, links=20, is_by_issue=True)) == 1


def test_links_that_lead_nowhere_count_against_a_list(bench: Bench, site: FakeSite) -> None:
    rows = put_articles(site, "/a/", range(101, 107))
    for path, _, _ in rows[:2]:
        site.remove(path)
    site.page("/list.html", journal_pages.listing(rows))
    evidence = bench.look(site.url + "/list.html").possibilities[0].evidence
    assert (evidence.tried, evidence.read) == (5, 3)

"""What the content systems allow besides what their sample sites show: other addresses, forums,
themes, columns. On their documented patterns; the texts are our own."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from crawler.platforms import PLATFORMS, find_platform, reader_for
from sources.model import Source

if TYPE_CHECKING:
    from crawler.reading.list_page import ListPage

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
HOST = "https://magazine.example"
TITLES = ("渡口上的旧书摊", "一条街的门牌号", "补碗匠与他的徒弟", "午后的理发店", "糖水铺的三代人")


def read(text: str, platform: str, path: str = "/") -> ListPage:
    source = Source(id="magazine", title="某刊", lists=(HOST + path,), platform=platform)  # type: ignore[arg-type]
    return reader_for(source)(text.encode(), url=HOST + path, visited=VISITED)


def rows(*hrefs: str) -> str:
    listed = "".join(
        f'<li><a href="{href}">{title}</a></li>' for href, title in zip(hrefs, TITLES, strict=False)
    )
    return f"<html><body><div class=main><ul>{listed}</ul></div></body></html>"


@pytest.mark.parametrize(
    ("platform", "article", "other"),
    [
        ("dedecms", "/xinwen/{n}.html", "/xinwen/list_3_{n}.html"),
        ("dedecms", "/plus/view.php?aid={n}", "/plus/list.php?tid={n}"),
        ("dedecms", "/plus/view-{n}-1.html", "/a/zt/2026/0101/{n}_2.html"),
        ("empirecms", "/news/{n}.html", "/news/index_{n}.html"),
        ("empirecms", "/e/action/ShowInfo.php?classid=3&id={n}", "/e/action/ListInfo/?classid={n}"),
        ("phpcms", "/show-6-{n}-1.html", "/list-6-{n}.html"),
        ("phpcms", "/?m=content&c=index&a=show&catid=6&id={n}", "/?m=content&c=tag&catid=6&id={n}"),
        ("phpcms", "/html/2026/chahua_0630/{n}.html", "/html/chahua/list/{n}.html"),
        ("pbootcms", "/?wenzhang/{n}.html", "/?tag={n}"),
        ("pbootcms", "/list_3/{n}.html", "/list_3_{n}/"),
        ("discuz", "/portal.php?mod=view&aid={n}", "/portal.php?mod=list&catid={n}"),
    ],
)
def test_articles_are_told_by_the_addresses_of_the_system(
    platform: str, article: str, other: str
) -> None:
    """Links in one list that look alike: only those of articles are taken."""
    hrefs = [article.format(n=n) if n % 2 else other.format(n=n) for n in range(101, 106)]
    found = read(rows(*hrefs), platform)
    assert [link.url.removeprefix(HOST) for link in found.links] == hrefs[::2]


@pytest.mark.parametrize(
    "platform", ["dedecms", "empirecms", "phpcms", "pbootcms", "discuz", "wordpress"]
)
def test_a_page_with_other_addresses_is_read_as_any_list(platform: str) -> None:
    page = rows(*(f"/essays/an-essay-on-things-number-{n}" for n in range(1, 6)))
    assert [link.title for link in read(page, platform).links] == list(TITLES)


def test_a_list_of_one_short_title_is_read_by_its_address() -> None:
    page = (
        '<html><body><div class="container pages"><a href="/wenzhang/7.html">旧书摊</a>'
        '<a href="/wenzhang/8.html">下一页</a></div>'
        '<div><h3>热门文章</h3><ul><li><a href="/wenzhang/1.html">门牌</a></li></ul></div>'
        '<div class="sidebar"><a href="/wenzhang/2.html">茶碗</a></div></body></html>'
    )
    assert [link.title for link in read(page, "pbootcms").links] == ["旧书摊"]
    assert read(page, "plain").links == ()


def test_a_forum_lists_its_threads_and_not_their_further_pages() -> None:
    threads = "".join(
        f'<tbody id="normalthread_{n}"><tr><th class="new"><a href="forum.php?mod=viewthread&amp;tid={n}&amp;extra=page%3D1" class="s xst">{title}</a>'
        f'<span class="tps">...<a href="forum.php?mod=viewthread&amp;tid={n}&amp;extra=page%3D1&amp;page=2">2</a></span></th>'
        f'<td class="by"><em><span>2026-5-{n - 300}</span></em></td></tr></tbody>'
        for n, title in enumerate(TITLES, 301)
    )
    page = (
        '<html><head><meta name="generator" content="Discuz! X3.4" /></head><body>'
        f'<table id="threadlisttableid">{threads}</table>'
        '<div class="sd"><a href="article-9-1.html">门户上的一篇文章</a></div></body></html>'
    )
    found = read(page, "auto", "/forum.php?mod=forumdisplay&fid=2")
    assert [(link.title, link.published) for link in found.links] == [
        (title, f"2026-5-{n}") for n, title in enumerate(TITLES, 1)
    ]


def test_a_block_theme_of_wordpress_is_read_by_its_posts() -> None:
    posts = "".join(
        f'<li class="wp-block-post post-{n} post"><h3 class="wp-block-post-title"><a href="/{n}-essay/">{title}</a></h3>'
        f'<div class="wp-block-post-date"><time datetime="2026-05-0{n}T09:00:00+08:00"><a href="/{n}-essay/">2026年5月{n}日</a></time></div>'
        f'<a href="/category/essays/" rel="tag">随笔</a></li>'
        for n, title in enumerate(TITLES, 1)
    )
    page = f'<html><head><link rel="https://api.w.org/" href="/wp-json/"></head><body><ul class="wp-block-post-template">{posts}</ul></body></html>'
    found = read(page, "auto")
    assert [(link.title, link.published) for link in found.links] == [
        (title, f"2026年5月{n}日") for n, title in enumerate(TITLES, 1)
    ]


def test_a_magazine_theme_of_wordpress_is_read_without_its_columns_and_widgets() -> None:
    posts = "".join(
        f'<div class="post-{n} post type-post hentry"><h5 class="cat"><a href="/category/{n}-notes/">随笔与札记·第{n}辑</a></h5>'
        f'<h2 class="entry-title"><a href="/{n}-essay/">{title}</a></h2></div>'
        for n, title in enumerate(TITLES, 1)
    )
    widget = "".join(
        f'<div class="box"><h4><a href="/{n}-essay/">从前写的一篇文章之{n}</a></h4></div>'
        for n in range(60, 69)
    )
    page = f'<html><head><meta name="generator" content="WordPress 6.5" /></head><body><div id="main">{posts}</div><div id="more">{widget}</div></body></html>'
    assert [link.title for link in read(page, "auto").links] == list(TITLES)


@pytest.mark.parametrize("ampersand", ["&", "&amp;"])
def test_phpcms_is_told_by_its_addresses_however_they_are_written(ampersand: str) -> None:
    page = f'<html><a href="{HOST}/index.php?m=content{ampersand}c=index">首页</a></html>'
    assert find_platform(page.encode(), None, f"{HOST}/") == "phpcms"


@pytest.mark.parametrize(
    "words",
    [
        '<a href="http://www.rhhz.net">仁和汇智</a>',
        '<a href="http://www.e-tiller.com">北京勤云科技发展有限公司</a>',
        '<a href="http://www.dedecms.com">织梦</a> <a href="https://wordpress.org/">WordPress</a>',
        "我们比较了 DedeCMS、PHPCMS、EmpireCMS、PbootCMS 与 Discuz! 五种系统。",
    ],
)
def test_the_name_of_a_system_does_not_make_a_page_one(words: str) -> None:
    page = f"<html><body><p>{words}</p></body></html>"
    assert find_platform(page.encode(), None, f"{HOST}/") == "plain"


def test_the_archive_of_cbpt_leads_to_an_issue_and_to_no_other_page_of_contents() -> None:
    root = "/WKB2/WebPublication/wkTextContent.aspx?colType=4"
    page = (
        f'<a href="{root}&tp=gklb">过刊浏览</a><a href="{root}&mid=cxjy">当期</a>'
        f'<a href="{root}&yt=2026&st=02">2026年02期</a><a href="{root}&yt=2026&st=01">2026年01期</a>'
    )
    found = read(page, "cbpt", "/WKB2/WebPublication/wkList.aspx")
    assert (found.links, found.next) == ((), f"{HOST}{root}&yt=2026&st=02")


def test_a_picture_from_a_wordpress_site_does_not_make_a_page_one() -> None:
    page = '<html><body><img src="https://blog.example/wp-content/themes/x/a.png"></body></html>'
    assert find_platform(page.encode(), None, f"{HOST}/") == "plain"


def test_pbootcms_is_told_by_its_header_or_its_cookie_alone() -> None:
    page = b"<html><body><p>Text.</p></body></html>"
    assert find_platform(page, {"X-Powered-By": "PbootCMS"}, HOST) == "pbootcms"
    assert find_platform(page, {"Set-Cookie": "PbootSystem=1; path=/"}, HOST) == "pbootcms"


@pytest.mark.parametrize(
    ("platform", "path", "feeds"),
    [
        ("dedecms", "/a/x/list_2_1.html", ["/data/rss/2.xml"]),
        ("dedecms", "/plus/list.php?tid=7", ["/data/rss/7.xml"]),
        ("dedecms", "/a/x/", []),
        ("empirecms", "/news/", ["/e/web/?type=rss2"]),
        ("phpcms", "/list-6-1.html", ["/index.php?m=content&c=rss&rssid=6"]),
        ("phpcms", "/", []),
        ("pbootcms", "/", []),
        ("discuz", "/", ["/forum.php?mod=rss"]),
        ("discuz", "/forum-2-1.html", ["/forum.php?mod=rss&fid=2"]),
        ("wordpress", "/", ["/feed/"]),
        ("wordpress", "/category/essays/page/3/", ["/category/essays/feed/", "/feed/"]),
        ("wordpress", "/2026/05/a-post/", ["/feed/"]),
    ],
)
def test_the_feeds_of_a_content_system_are_known(
    platform: str, path: str, feeds: list[str]
) -> None:
    assert PLATFORMS[platform].feed_addresses(HOST + path) == tuple(HOST + each for each in feeds)
    assert PLATFORMS[platform].list_addresses(HOST + path) == ()

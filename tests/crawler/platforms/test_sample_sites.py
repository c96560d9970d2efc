"""Every sample site is told by its pages, walked by its lists and read article by article."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, get_args

import pytest

from archive.model import Outcome, Precision
from crawler.normalise.entry import normalise_entry
from crawler.platforms import PLATFORMS, Sight, find_platform, reader_for
from crawler.reading.page import read_page
from sources.model import PlatformName, Source
from tests import journal_pages
from tests.crawler.polling import Bench
from tests.crawler.reading import pages as article_pages
from tests.fake_site import open_fake_site
from tests.platform_sites import SITES, SampleArticle, SampleList, SampleSite

if TYPE_CHECKING:
    from pathlib import Path

    from archive.model import Entry

VISITED = datetime(2026, 11, 23, tzinfo=UTC)
DAY_OR_FINER = (Precision.DAY, Precision.MINUTE, Precision.SECOND)

every_site = pytest.mark.parametrize("site", SITES.values(), ids=SITES)
every_list = pytest.mark.parametrize(
    ("site", "listed"),
    [(site, listed) for site in SITES.values() for listed in site.lists],
    ids=[f"{site.name} {listed.path}" for site in SITES.values() for listed in site.lists],
)
every_article = pytest.mark.parametrize(
    ("site", "article"),
    [(site, article) for site in SITES.values() for article in site.articles],
    ids=[f"{site.name} {article.path}" for site in SITES.values() for article in site.articles],
)


def source_of(site: SampleSite) -> Source:
    """As a person begins it: nothing but the name and the language is said."""
    lists = (site.base + site.lists[0].path,)
    return Source(id=site.name, title=site.title, language=site.language, lists=lists)


def recognised_by(site: SampleSite, path: str) -> list[str]:
    """All platforms but the last resort that take a page for theirs."""
    page = site.pages[path]
    sight = Sight.of(page.body, page.headers, site.base + path)
    return [name for name, each in PLATFORMS.items() if name != "plain" and each.is_platform(sight)]


def test_a_source_file_can_name_every_platform() -> None:
    assert set(get_args(PlatformName)) == {"auto", *PLATFORMS}


def test_a_feed_is_asked_for_first_and_plain_last() -> None:
    assert next(iter(PLATFORMS)) == "feed"
    assert [*PLATFORMS][-1] == "plain"


@every_site
def test_every_page_of_a_site_is_recognised_by_its_platform_alone(site: SampleSite) -> None:
    found = {path: recognised_by(site, path) for path, page in site.pages.items() if is_html(page)}
    assert len(found) > len(site.articles)
    assert found == {path: [site.name] for path in found}


def is_html(page: object) -> bool:
    return getattr(page, "type", "") == "text/html"


@every_site
def test_its_feeds_are_feeds_whoever_serves_them(site: SampleSite) -> None:
    feeds = [
        path for path, page in site.pages.items() if not is_html(page) and "sitemap" not in path
    ]
    assert {path: recognised_by(site, path) for path in feeds} == {path: ["feed"] for path in feeds}


@pytest.mark.parametrize(
    "body",
    [
        journal_pages.article("招牌是写给谁看的").encode(),
        journal_pages.listing([("/a/1.html", "一家店的二十年", "2026-11-20")]).encode(),
        article_pages.MASTHEAD_PAGE,
        article_pages.article("时间：2021-02-27"),
        b"",
        b"<html><body>Powered by patience</body></html>",
    ],
)
def test_a_page_of_no_known_system_is_plain(body: bytes) -> None:
    assert find_platform(body, None, "https://plain.example/list.html") == "plain"


@every_site
def test_a_plain_page_that_links_to_another_journal_stays_plain(site: SampleSite) -> None:
    """What a page links elsewhere says nothing of its own system."""
    paths = [path for path, page in site.pages.items() if is_html(page)]
    links = "".join(
        f'<li><a href="{site.base}{path}">一篇值得一读的文章</a></li>' for path in paths
    )
    page = f"<html><body><h1>友情链接</h1><ul>{links}</ul></body></html>"
    assert find_platform(page.encode(), None, "https://plain.example/links.html") == "plain"


def test_one_address_of_a_borrowed_template_is_no_proof() -> None:
    """Blogs of all kinds use EmpireCMS's free templates with one of its scripts left in."""
    page = '<div><script src="/e/public/ViewClick/?classid=2&id=20&down=5"></script>13</div>'
    assert find_platform(page.encode(), None, "https://blog.example/post/20/") == "plain"


@every_list
def test_a_list_gives_its_articles_as_printed_and_nothing_else(
    site: SampleSite, listed: SampleList
) -> None:
    body = site.pages[listed.path].body
    found = reader_for(source_of(site))(body, url=site.base + listed.path, visited=VISITED)
    assert [(link.url, link.title, link.published) for link in found.links] == [
        (site.base + row.path, row.title, row.printed) for row in listed.rows
    ]
    assert found.next == (site.base + listed.next if listed.next else None)
    assert found.skipped == 0


@every_site
def test_a_front_page_gives_no_ranking_and_no_menu(site: SampleSite) -> None:
    body = site.pages[site.start].body
    found = reader_for(source_of(site))(body, url=site.base + site.start, visited=VISITED)
    paths = {link.url.removeprefix(site.base) for link in found.links}
    own = {article.path for article in site.articles}
    # DedeCMS's front page shows a second column, whose articles are none of the list's.
    strangers = {path for path in paths - own if not path.startswith("/a/gongjiang/2026/")}
    assert (len(paths & own) >= 4, strangers) == (True, set())


@every_article
def test_an_article_is_read_with_its_title_day_and_notice(
    site: SampleSite, article: SampleArticle
) -> None:
    entry = entry_of(site, article)
    notice = entry.notice.class_.value if entry.notice else None
    assert (entry.title, day_of(entry), notice) == (
        article.title,
        article.published,
        article.notice_class,
    )


def entry_of(site: SampleSite, article: SampleArticle) -> Entry:
    source = source_of(site)
    url, body = site.base + article.path, site.pages[article.path].body
    raw = read_page(body, url=url, visited=VISITED, source=source)
    return normalise_entry(raw, source=source, visited=VISITED)


def day_of(entry: Entry) -> str | None:
    published = entry.published
    is_day = published is not None and published.precision in DAY_OR_FINER
    return published.value[:10] if published and published.value and is_day else None


@every_site
def test_the_lists_that_a_platform_knows_are_there(site: SampleSite) -> None:
    """From the front page's address; of two layouts one may be missing."""
    platform = PLATFORMS[site.name]
    found = platform.list_addresses(site.base + site.start)
    answered = [url.removeprefix(site.base) for url in found]
    there = [path for path in answered if path in site.pages]
    assert bool(there) == bool(answered)
    assert set(there) <= {listed.path for listed in site.lists}


@every_site
def test_the_feeds_that_a_platform_knows_are_there(site: SampleSite) -> None:
    """From the address of a list, which may name a column."""
    platform = PLATFORMS[site.name]
    asked = {
        url for listed in site.lists for url in platform.feed_addresses(site.base + listed.path)
    }
    there = {url for url in asked if url.removeprefix(site.base) in site.pages}
    assert bool(there) == bool(asked)


@pytest.mark.slow
@every_site
def test_a_poll_of_a_site_keeps_all_of_its_articles(site: SampleSite, tmp_path: Path) -> None:
    with open_fake_site() as fake:
        moved = site.put_on(fake)
        bench = Bench(folder=tmp_path, site=fake, body_extractor=False, requisites=0)
        # OJS links no issue before: what is older than the current one stands in its archive.
        lists = moved.lists[: 2 if site.name == "ojs" else 1]
        bench.write_source(
            site.name,
            title=site.title,
            language=site.language,
            lists=[moved.base + listed.path for listed in lists],
        )
        poll = bench.poll()
        entries = bench.entries()
    assert (poll.outcome, poll.new) == (Outcome.NEW, len(site.articles))
    assert {(each.entry.url.removeprefix(moved.base), each.entry.title) for each in entries} == {
        (article.path, article.title) for article in site.articles
    }
    assert not [path for path in fake.paths() if path not in moved.pages]

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archive.store import Store
from foundation.settings import Settings
from sources.model import Rhythm
from tests.factories import SEEN, entry, sighting, source
from web.frame import Frame
from web.pages.front import JOURNALS, front_page
from web.pages.journal import journal_page
from web.rendering import Templates

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FRAME = Frame.of("https://feeds.example", language="zh-CN", asked=None, path="/")
SETTINGS = Settings()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store.open(f"sqlite:///{tmp_path / 'kanliu.sqlite'}", authority="feeds.example") as opened:
        yield opened


def test_without_journals_the_front_page_is_empty(store: Store) -> None:
    page = front_page(store, [], SETTINGS, FRAME)
    assert (page.journals, page.latest, page.previous, page.following) == ((), (), None, None)


def test_a_journal_that_was_never_visited_has_a_page(store: Store) -> None:
    page = journal_page(store, source(), SETTINGS, FRAME)
    assert (page.articles, page.notice, page.last_poll) == ((), None, None)
    assert page.poll_text == "还没有查看过"
    assert page.facts == ("半月刊", "ISSN 1234-5679", "按出刊节奏查看")


def test_many_journals_are_turned_over_page_by_page(store: Store) -> None:
    many = [source(id=f"river-{n}", title=f"河港{n}") for n in range(2 * JOURNALS + 1)]
    pages = [front_page(store, many, SETTINGS, FRAME, number=n) for n in (1, 2, 3)]
    assert [len(page.journals) for page in pages] == [JOURNALS, JOURNALS, 1]
    assert len({row.path for page in pages for row in page.journals}) == len(many)
    assert [(page.previous, page.following) for page in pages] == [
        (None, "/?page=2"),
        ("/", "/?page=3"),
        ("/?page=2", None),
    ]
    assert front_page(store, many, SETTINGS, FRAME, number=9) == pages[2]


def test_the_journal_with_the_newest_article_comes_first(store: Store) -> None:
    quiet, busy = source(id="a-quiet"), source(id="z-busy")
    store.sync_sources([quiet, busy], SEEN)
    store.keep(sighting(source_id="z-busy"))
    page = front_page(store, [quiet, busy], SETTINGS, FRAME)
    assert [row.path for row in page.journals] == ["/z-busy/", "/a-quiet/"]


def test_articles_of_a_journal_that_is_not_followed_are_not_on_the_front_page(
    store: Store,
) -> None:
    store.sync_sources([source()], SEEN)
    store.keep(sighting())
    assert front_page(store, [source()], SETTINGS, FRAME).latest
    assert not front_page(store, [], SETTINGS, FRAME).latest


def test_a_revised_article_says_when_it_was_revised(store: Store) -> None:
    store.sync_sources([source()], SEEN)
    store.keep(sighting())
    store.keep(sighting(entry(text="天亮以后，渡口才安静下来。"), seen=SEEN.replace(day=9)))
    (row,) = journal_page(store, source(), SETTINGS, FRAME).articles
    assert [(mark.kind, mark.text) for mark in row.marks] == [("revised", "2026年3月9日修订")]


def test_an_article_is_told_with_its_authors_issue_and_language(store: Store) -> None:
    store.sync_sources([source()], SEEN)
    store.keep(sighting(entry(volume="3", language="en")))
    (row,) = journal_page(store, source(), SETTINGS, FRAME).articles
    assert (row.authors, row.issue, row.language) == ("林渡、Ada River", "第3卷第5期", "en")


def test_an_address_that_no_browser_should_open_is_no_link(store: Store) -> None:
    store.sync_sources([source()], SEEN)
    store.keep(sighting(entry(url="javascript:alert(1)")))
    (row,) = journal_page(store, source(), SETTINGS, FRAME).articles
    assert row.url is None


def test_a_fixed_rhythm_is_told_in_words(store: Store) -> None:
    hourly = source(schedule=Rhythm(every=SEEN - SEEN.replace(hour=0, minute=30)))
    page = journal_page(store, hourly, SETTINGS, FRAME)
    assert page.facts[-1] == "每 1 小时查看一次"


def test_an_article_that_other_journals_have_links_to_them(store: Store) -> None:
    text = "渡口的灯夜里先亮，撑船的人还没有来。" * 20
    here, there = source(), source(id="tea", title="茶<刊>")
    store.sync_sources([here, there], SEEN)
    store.keep(sighting(entry(text=text)))
    url = "https://tea.example/1"
    store.keep(sighting(entry(text=text, url=url, canonical_url=url), source_id="tea"))
    page = journal_page(store, here, SETTINGS, FRAME)
    assert [(row.journal, row.url) for row in page.articles[0].also_in] == [("茶<刊>", url)]
    html = Templates().render("journal.html", frame=FRAME, page=page).decode()
    assert f'亦见于：<a href="{url}">茶&lt;刊&gt;</a>' in html
    alone = journal_page(store, source(id="ant"), SETTINGS, FRAME)
    assert "亦见于" not in Templates().render("journal.html", frame=FRAME, page=alone).decode()

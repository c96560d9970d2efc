"""Promises 10, 11 and 12 of the archive: what a journal changes after it has published, from its
pages to the captures. One site, on which everything changes at once."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from archive.captures import read_capture
from archive.difference import Mark, difference
from archive.model import EntryState, Outcome
from archive.store import Store
from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import BODY, article, listing

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.model import ArchivedEntry

pytestmark = pytest.mark.slow

TEXT, NOTICE, DATE, GONE, SAME = "正文改了", "声明改了", "日期改了", "页面没了", "一字未动"
TITLES = (TEXT, NOTICE, DATE, GONE, SAME)
PATHS = {title: f"/a/{number}.html" for number, title in enumerate(TITLES)}
WORDS = "如需转载,请注明来源。"
CLOSED = "未经本刊书面授权，不得转载。"


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """Five articles, seen three times: the second time four of them are not as they were."""
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path_factory.mktemp("changes"), site=site, body_extractor=False)
        bench.more = '[limits]\nrecheck = ["1s", "2s"]\n'
        bench.write_source()
        site.page("/list.html", listing([(PATHS[each], each, "2026-11-20") for each in TITLES]))
        for title, path in PATHS.items():
            site.page(path, article(title))
        assert bench.poll().new == len(TITLES)
        time.sleep(1.1)
        site.page(PATHS[TEXT], article(TEXT, body=(*BODY[:2], BODY[2].replace("口号", "标语"))))
        site.page(PATHS[NOTICE], article(NOTICE, notice=CLOSED))
        site.page(PATHS[DATE], article(DATE, day="2026/11/21"))
        site.bare(PATHS[GONE], "gone", status=410)
        poll = bench.poll()
        assert (poll.revised, poll.vanished) == (3, 1)
        time.sleep(1.1)
        assert bench.poll().outcome is Outcome.UNCHANGED
        yield bench


@pytest.fixture(scope="module")
def store(changed: Bench) -> Iterator[Store]:
    with Store.open(changed.settings.database_url) as store:
        yield store


def entry(store: Store, title: str) -> ArchivedEntry:
    (found,) = (each for each in store.entries() if each.entry.title == title)
    return found


def kinds(store: Store, title: str) -> list[str]:
    """The events of an entry, in order."""
    return [each.kind for each in reversed(store.events(entry_id=entry(store, title).id))]


@pytest.mark.promise(number=10)
def test_a_changed_article_is_the_next_revision_and_both_its_pages_can_be_read(
    changed: Bench, store: Store
) -> None:  # promise 10
    archived = entry(store, TEXT)
    first, second = store.revisions(archived.id)
    assert (archived.revision, second.number) == (2, 2)
    made = difference(first.entry, second.entry)
    words = {piece.text for paragraph in made.paragraphs for piece in paragraph
             if piece.mark in (Mark.ADDED, Mark.REMOVED)}  # fmt: skip
    assert words == {"口号", "标语"}
    captures = {each.id: each for each in store.captures(archived.id)}
    pages = [
        read_capture(changed.settings.warc, captures[each.capture_id or ""]).body.decode()
        for each in (first, second)
    ]
    assert ["口号" in page for page in pages] == [True, False]
    assert ["标语" in page for page in pages] == [False, True]


@pytest.mark.promise(number=10)
def test_an_article_that_did_not_change_has_one_revision_and_one_capture(store: Store) -> None:
    archived = entry(store, SAME)  # promise 10
    assert len(store.revisions(archived.id)) == 1
    assert len(store.captures(archived.id)) == 1
    assert kinds(store, SAME) == ["entry-new"]


@pytest.mark.parametrize(
    ("title", "kind", "before", "after"),
    [
        (NOTICE, "notice-changed", WORDS, f"permission: {CLOSED}"),
        (DATE, "date-changed", "2026-11-20", "2026-11-21"),
    ],
)
@pytest.mark.promise(number=11)
def test_a_notice_or_a_date_that_changed_silently_is_an_event_of_its_own(
    store: Store, title: str, kind: str, before: str, after: str
) -> None:  # promise 11
    assert kinds(store, title) == ["entry-new", "entry-revised", kind]
    (event,) = store.events(entry_id=entry(store, title).id, kinds=[kind])
    assert before in event.detail["before"]
    assert event.detail["after"] == after


@pytest.mark.promise(number=12)
def test_a_vanished_article_stays_with_its_last_good_capture(
    changed: Bench, store: Store
) -> None:  # promise 12
    archived = entry(store, GONE)
    assert archived.state is EntryState.VANISHED
    assert archived.state_since is not None
    assert archived.entry.text is not None
    assert GONE.encode() in changed.published()["magazine/atom.xml"]
    last = store.captures(archived.id)[-1]
    assert last.status == 200
    assert GONE in read_capture(changed.settings.warc, last).body.decode()

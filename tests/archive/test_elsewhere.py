"""The same article in other sources, as it is kept. Each test runs on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import func, select, text, update

from archive import schema
from archive.model import EntryState, Kept
from archive.store import Store
from tests.archive.copies import COPIES, invented
from tests.archive.factories import DAY, NOW, day, later, sighting, source

if TYPE_CHECKING:
    from archive.likeness import Elsewhere
    from archive.model import KeptEntry

TEXT = invented(1)


@pytest.fixture(autouse=True)
def _journals(store: Store) -> None:
    store.sync_sources([source("tea", title="茶"), source("ant", title="蚁")], NOW)


def keep(store: Store, source_id: str, **fields: object) -> KeptEntry:
    defaults = {"url": f"https://{source_id}.example/1", "text": TEXT, "published": None}
    return store.keep(sighting(source_id=source_id, **{**defaults, **fields}))


def told(found: tuple[Elsewhere, ...]) -> list[tuple[str, str, str]]:
    return [(each.source_id, each.relation, each.reason) for each in found]


def behind(store: Store) -> set[str]:
    return {changed.source_id for changed in store.changed_sources()}


def publish(store: Store) -> None:
    store.mark_published({each.source_id: each.change for each in store.changed_sources()})


def kinds(store: Store, kept: KeptEntry) -> list[str]:
    return [event.kind for event in reversed(store.events(entry_id=kept.entry_id))]


def test_a_reprint_is_told_from_both_sides_and_both_feeds_follow(store: Store) -> None:
    first = keep(store, "ship", published=day("2026-01-01"))
    publish(store)
    copy = keep(
        store, "tea", published=day("2026-01-09"), title="转一篇", text=COPIES["footer"](TEXT)
    )
    assert copy.kept is Kept.NEW
    (origin,) = store.elsewhere(copy.entry_id)
    assert (origin.entry_id, origin.source_title, origin.title, origin.url) == (
        first.entry_id, "船", "内河电动货船交付", "https://ship.example/1",
    )  # fmt: skip
    assert (origin.similarity or 0) > 0.9
    assert origin.seen == NOW
    assert told((origin,)) == [("ship", "reprint-of", "published")]
    assert told(store.elsewhere(first.entry_id)) == [("tea", "reprinted-as", "published")]
    assert behind(store) == {"ship", "tea"}
    assert kinds(store, first) == ["entry-new", "found-elsewhere"]
    (event,) = store.events(entry_id=first.entry_id, kinds=["found-elsewhere"])
    assert event.detail == {
        "other": copy.entry_id, "other_source": "tea", "relation": "reprinted-as",
        "reason": "published", "similarity": str(origin.similarity),
    }  # fmt: skip


def test_entries_carry_where_else_they_are(store: Store) -> None:
    first, copy = keep(store, "ship", doi="10.1/x"), keep(store, "tea", doi="10.1/x")
    keep(store, "ship", url="https://ship.example/2", title="另一篇", text=invented(2))
    by_id = {entry.id: entry for entry in store.entries()}
    for kept in (first, copy):
        found = store.elsewhere(kept.entry_id)
        assert told(found) == [("tea" if kept is first else "ship", "duplicate", "doi")]
        assert by_id[kept.entry_id].also_in == found
        assert store.entry(kept.entry_id) == by_id[kept.entry_id]
    assert len([entry for entry in by_id.values() if not entry.also_in]) == 1
    assert store.entries(limit=9) == store.entries()


def test_inside_one_source_identity_says_what_is_what(store: Store) -> None:
    first = keep(store, "ship")
    keep(store, "ship", url="https://ship.example/2", title="再版", text=COPIES["footer"](TEXT))
    assert store.elsewhere(first.entry_id) == ()


def test_several_sources_are_told_in_their_order(store: Store) -> None:
    first = keep(store, "ship")
    for source_id in ("tea", "ant"):
        keep(store, source_id)
    assert [each.source_id for each in store.elsewhere(first.entry_id)] == ["ant", "tea"]


def test_a_revision_that_changes_the_text_is_compared_anew(store: Store) -> None:
    first, seen = keep(store, "ship"), sighting(
        source_id="tea", url="https://tea.example/1", text=invented(2)
    )  # fmt: skip
    other = store.keep(seen)
    publish(store)
    store.keep(later(seen, DAY, text=TEXT))
    assert told(store.elsewhere(first.entry_id)) == [("tea", "duplicate", "text")]
    assert behind(store) == {"ship", "tea"}
    publish(store)
    store.keep(later(seen, 2 * DAY, text=invented(3)))
    assert store.elsewhere(first.entry_id) == store.elsewhere(other.entry_id) == ()
    assert behind(store) == {"ship", "tea"}
    assert kinds(store, first) == ["entry-new", "found-elsewhere", "no-longer-elsewhere"]
    assert kinds(store, other)[-3:] == ["found-elsewhere", "entry-revised", "no-longer-elsewhere"]


def test_an_old_text_is_not_found_any_more(store: Store) -> None:
    seen = sighting(source_id="tea", url="https://tea.example/1", text=TEXT, published=None)
    store.keep(seen)
    store.keep(later(seen, DAY, text=invented(2)))
    assert store.elsewhere(keep(store, "ship").entry_id) == ()
    with store._database.reading() as connection:
        count = connection.scalar(select(func.count()).select_from(schema.fingerprints))
    assert count == 2 * (28 + 1)


def test_a_revision_may_turn_the_direction(store: Store) -> None:
    first = keep(store, "ship", published=day("2026-02-01"))
    seen = sighting(
        source_id="tea", url="https://tea.example/1", text=TEXT, published=day("2026-03-01")
    )
    store.keep(seen)
    assert told(store.elsewhere(first.entry_id)) == [("tea", "reprinted-as", "published")]
    store.keep(later(seen, DAY, published=day("2026-01-01")))
    assert told(store.elsewhere(first.entry_id)) == [("tea", "reprint-of", "published")]


def test_a_new_title_reaches_the_feed_that_shows_it(store: Store) -> None:
    first = keep(store, "ship")
    seen = sighting(source_id="tea", url="https://tea.example/1", text=TEXT, published=None)
    store.keep(seen)
    publish(store)
    store.keep(later(seen, DAY, title="改过的题目"))
    assert [each.title for each in store.elsewhere(first.entry_id)] == ["改过的题目"]
    assert behind(store) == {"ship", "tea"}


def test_a_change_that_the_other_feed_does_not_show_leaves_it_alone(store: Store) -> None:
    keep(store, "ship")
    seen = sighting(source_id="tea", url="https://tea.example/1", text=TEXT, published=None)
    store.keep(seen)
    publish(store)
    store.keep(later(seen, DAY, authors=("船长",)))
    assert behind(store) == {"tea"}


def test_a_journal_with_a_new_name_reaches_the_feeds_that_name_it(store: Store) -> None:
    first = keep(store, "ship")
    keep(store, "tea")
    publish(store)
    store.sync_sources([source("tea", title="茶月刊")], NOW + DAY)
    assert [each.source_title for each in store.elsewhere(first.entry_id)] == ["茶月刊"]
    assert behind(store) == {"ship", "tea"}


def test_a_source_of_an_older_release_gets_its_name_and_nothing_else_happens(store: Store) -> None:
    publish(store)
    with store._database.writing() as connection:
        connection.execute(update(schema.sources).values(title=None, due=None))
    store._synced.clear()
    store.sync_sources([source("tea", title="茶")], NOW)
    assert store.status("tea").due is None
    assert behind(store) == set()
    first = keep(store, "ship")
    keep(store, "tea")
    assert [each.source_title for each in store.elsewhere(first.entry_id)] == ["茶"]


def test_an_entry_of_an_older_release_is_compared_when_it_is_revised(store: Store) -> None:
    seen = sighting(source_id="tea", url="https://tea.example/1", text=TEXT, published=None)
    store.keep(seen)
    with store._database.writing() as connection:
        connection.execute(text("DELETE FROM fingerprints"))
        connection.execute(update(schema.entries).values(number=None))
    first = keep(store, "ship")
    assert store.elsewhere(first.entry_id) == ()
    store.keep(later(seen, DAY, authors=("船长",)))
    assert told(store.elsewhere(first.entry_id)) == [("tea", "duplicate", "text")]


def test_what_the_operator_took_down_is_not_pointed_to(store: Store) -> None:
    first, copy = keep(store, "ship"), keep(store, "tea")
    with store._database.writing() as connection:
        taken = update(schema.entries).where(schema.entries.c.id == copy.entry_id)
        connection.execute(taken.values(state=EntryState.WITHDRAWN))
    assert store.elsewhere(first.entry_id) == ()
    assert store.entries("ship")[0].also_in == ()


def test_an_article_that_everybody_has_is_related_to_the_first_few(store: Store) -> None:
    sources = [source(f"s{number:02}") for number in range(14)]
    store.sync_sources(sources, NOW)
    for number, one in enumerate(sources):
        seen = sighting(NOW + number * DAY, source_id=one.id, text=TEXT, published=None,
                        url=f"https://{one.id}.example/1")  # fmt: skip
        last = store.keep(seen)
    found = store.elsewhere(last.entry_id)
    assert [each.source_id for each in found] == [f"s{number:02}" for number in range(8)]


def test_a_key_of_thousands_does_not_hide_the_others(store: Store) -> None:
    first = keep(store, "ship", doi="10.1/x", canonical_url="https://first.example/1")
    with store._database.writing() as connection:
        shared = select(schema.fingerprints.c.print).where(schema.fingerprints.c.print > 0)
        print_ = connection.scalars(shared).first()
        rows = [{"print": print_, "number": number} for number in range(2_000)]
        connection.execute(schema.fingerprints.insert(), rows)
    copy = keep(store, "tea", doi="10.1/x")
    assert told(store.elsewhere(copy.entry_id)) == [("ship", "duplicate", "doi")]
    assert store.entry(first.entry_id) is not None


def test_any_text_is_kept(store: Store) -> None:
    for number, odd in enumerate(("\ud800" * 300, "\0" * 300, "é" * 300, "", "𠮷" * 300)):
        kept = keep(
            store, "ship", url=f"https://ship.example/{number}", text=odd, title=f"{number}"
        )
        assert kept.kept is Kept.NEW


def test_keeping_the_same_sighting_twice_tells_once(store: Store) -> None:
    first = keep(store, "ship")
    seen = sighting(source_id="tea", url="https://tea.example/1", text=TEXT, published=None)
    store.keep(seen)
    store.keep(replace(seen, seen=NOW + DAY))
    assert kinds(store, first) == ["entry-new", "found-elsewhere"]


def test_two_who_keep_copies_at_once_do_not_hold_each_other_up(
    store: Store, store_url: str
) -> None:
    """On PostgreSQL they are at it side by side, each with a source of its own."""
    articles = [invented(number, length=400) for number in range(12)]

    def keep_all(source_id: str) -> list[KeptEntry]:
        with Store.open(store_url) as mine:
            return [
                keep(
                    mine,
                    source_id,
                    url=f"https://{source_id}.example/{at}",
                    text=text,
                    title=text[:9],
                )
                for at, text in enumerate(articles)
            ]

    with ThreadPoolExecutor(3) as threads:
        kept = list(threads.map(keep_all, ("ship", "tea", "ant")))
    assert {one.kept for each in kept for one in each} == {Kept.NEW}
    assert len(store.entries()) == 3 * len(articles)

"""Keeping: identity, revisions, states. Each test runs on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.model import EntryState, Kept, KeptEntry, ListedLink, Sighting
from tests.archive.factories import (
    DAY,
    HOUR,
    NOW,
    TEXT,
    URL,
    capture,
    day,
    later,
    month,
    notice,
    sighting,
    source,
)

OTHER = "https://ship.example/other.html"
OTHER_TEXT = "茶馆里讲了一下午的船。\n掌柜说，从前的船靠风，现在的船靠电，喝茶的人还是喝茶。"

if TYPE_CHECKING:
    from archive.store import Store


def only(store: Store):
    (found,) = store.entries("ship")
    return found


def kinds(store: Store) -> list[str]:
    return [event.kind for event in reversed(store.events("ship"))][1:]


# New


def test_an_article_reads_back_as_it_was_kept(store: Store) -> None:
    seen = sighting(
        authors=("水手", "船长"),
        doi="10.1/a",
        notice=notice(),
        found={"title": "h1"},
        html="<p>船</p>",
    )
    kept = store.keep(seen)
    assert kept.kept is Kept.NEW
    found = only(store)
    assert found.entry == seen.entry
    assert (found.id, found.revision, found.first_seen, found.changed, found.state) == (
        kept.entry_id, 1, NOW, NOW, EntryState.LIVE,
    )  # fmt: skip
    assert store.entry(kept.entry_id) == found
    assert store.captures(kept.entry_id) == [seen.capture]
    (revision,) = store.revisions(kept.entry_id)
    assert (revision.raw, revision.capture_id) == (seen.raw, seen.capture.id)
    assert kinds(store) == ["entry-new"]
    assert store.status("ship").entries == 1
    assert store.status("ship").last_new == NOW


def test_an_id_is_a_tag_uri_of_authority_day_and_source(store: Store) -> None:
    kept = store.keep(sighting())
    assert kept.entry_id.startswith("tag:feeds.example.org,2026-11-23:ship/")


def test_an_unknown_entry_is_none(store: Store) -> None:
    assert store.entry("tag:x,2026:y/z") is None
    assert store.revisions("tag:x,2026:y/z") == []


def test_the_next_poll_knows_the_article_by_every_address_it_had(store: Store) -> None:
    listed = ListedLink(url="http://ship.example/1?utm_source=x", title="标题", published="11-20")
    kept = store.keep(
        sighting(
            url="https://ship.example/1", canonical_url="https://ship.example/a/1", listed=listed,
            asked="http://ship.example/1", etag='"e"', body_digest="sha256:b",
        )
    )  # fmt: skip
    known = store.memory("ship").known
    assert set(known) == {
        "http://ship.example/1?utm_source=x",
        "http://ship.example/1",
        "https://ship.example/1",
        "https://ship.example/a/1",
    }
    assert len({id(link) for link in known.values()}) == 1
    link = known["http://ship.example/1"]
    assert (link.url, link.entry_id) == ("https://ship.example/1", kept.entry_id)
    assert (link.title, link.published) == ("标题", "11-20")
    assert (link.first_seen, link.last_asked) == (NOW, NOW)
    assert (link.etag, link.last_modified, link.body_digest) == ('"e"', None, "sha256:b")


def test_an_address_longer_than_an_index_takes_is_kept(store: Store) -> None:
    # Not compressible, as PostgreSQL would make a long run of one letter short.
    url = "https://ship.example/?" + "".join(f"{n * 7919 % 10007:x}" for n in range(2000))
    store.keep(sighting(url=url))
    assert store.keep(sighting(url=url)).kept is Kept.UNCHANGED
    assert only(store).entry.url == url


def test_what_no_database_can_hold_does_not_lose_the_article(store: Store) -> None:
    listed = ListedLink(url=URL, title="a\0b\ud800c")
    store.keep(sighting(title="a\0b\ud800c", listed=listed))
    assert only(store).entry.title == "a\0b\ud800c"
    assert store.memory("ship").known[URL].title == "a\ufffdb?c"


# Seen again


def test_the_same_page_again_is_unchanged(store: Store) -> None:
    first = sighting()
    kept = store.keep(first)
    again = store.keep(later(first, HOUR))
    assert again == KeptEntry(kept=Kept.UNCHANGED, entry_id=kept.entry_id, revision=1)
    assert only(store).changed == NOW
    assert len(store.captures(kept.entry_id)) == 2
    assert store.memory("ship").known[URL].last_asked == NOW + HOUR


def test_keeping_a_sighting_twice_is_keeping_it_once(store: Store) -> None:
    seen = sighting()
    store.keep(seen)
    assert store.keep(seen).kept is Kept.UNCHANGED
    assert len(store.captures(only(store).id)) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"text": TEXT.replace("。", "。 ").replace("\n", "\n\n")},
        {"html": "<div>船</div>"},
        {"title": " 内河电动 货船交付 "},
        {"summary": "一艘船", "image": "https://ship.example/1.png", "column": "新闻"},
        {"keywords": ("电动", "货船")},
        {"found": {"title": "og:title"}},
        {"text": None, "html": None},
        {"title": None},
        {"published": None},
        {"published": month("2026-11")},
        {"published": month("2027-01")},
    ],
    ids=lambda change: "+".join(change),
)
def test_what_is_no_content_is_no_revision(store: Store, change: dict[str, object]) -> None:
    first = sighting()
    store.keep(first)
    before = only(store)
    (state,) = store.changed_sources()
    assert store.keep(later(first, HOUR, **change)).kept is Kept.UNCHANGED
    assert only(store) == before
    assert store.changed_sources() == [state]


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        ({"title": "内河电动货船下水"}, "title-changed"),
        ({"published": day("2026-11-21")}, "date-changed"),
        ({"notice": notice("未经授权不得转载", "permission")}, "notice-changed"),
        ({"is_retracted": True}, "entry-retracted"),
        ({"text": TEXT + "更正：船员是五名。"}, None),
        ({"authors": ("水手",)}, None),
        ({"doi": "10.1/x"}, None),
        ({"number": "4"}, None),
    ],
    ids=lambda change: "+".join(change) if isinstance(change, dict) else change,
)
def test_a_change_of_content_is_a_revision_and_what_must_be_told_an_event(
    store: Store, change: dict[str, object], kind: str | None
) -> None:
    first = sighting()
    kept = store.keep(first)
    again = store.keep(later(first, HOUR, **change))
    assert again == KeptEntry(kept=Kept.REVISED, entry_id=kept.entry_id, revision=2)
    now = only(store)
    assert (now.revision, now.changed, now.first_seen) == (2, NOW + HOUR, NOW)
    name, value = next(iter(change.items()))
    assert getattr(now.entry, name) == value
    assert kinds(store) == ["entry-new", "entry-revised", *([kind] if kind else [])]
    before, after = store.revisions(kept.entry_id)
    assert (before.entry, after.entry) == (first.entry, now.entry)


def test_the_notice_as_it_stood_is_in_the_event(store: Store) -> None:
    first = sighting(notice=notice("可转载", "free"))
    store.keep(first)
    store.keep(later(first, HOUR, notice=None))
    (event,) = store.events(kinds=["notice-changed"])
    assert event.detail == {"before": "free: 可转载", "after": "", "revision": "2"}


def test_equal_bytes_under_an_equal_row_are_unchanged_whatever_our_rules_make_of_them(
    store: Store,
) -> None:
    first = sighting(body_digest="sha256:same")
    store.keep(first)
    again = replace(later(first, HOUR, title="新规则读出的标题"), body_digest="sha256:same")
    assert store.keep(again).kept is Kept.UNCHANGED
    renamed = replace(again, listed=ListedLink(url=URL, title="新规则读出的标题"))
    assert store.keep(renamed).kept is Kept.REVISED


def test_a_sighting_from_the_past_does_not_move_changed_back(store: Store) -> None:
    first = sighting()
    store.keep(first)
    store.keep(later(first, DAY, title="第二个标题"))
    store.keep(later(first, HOUR, title="第三个标题"))
    assert only(store).changed == NOW + DAY


def test_touching_updates_what_was_given(store: Store) -> None:
    first = sighting(etag='"1"', body_digest="sha256:1")
    store.keep(first)
    store.touch("ship", URL, NOW + DAY, etag='"2"')
    link = store.memory("ship").known[URL]
    assert (link.last_asked, link.etag, link.body_digest) == (NOW + DAY, '"2"', "sha256:1")
    store.touch("ship", "https://ship.example/never-seen", NOW)


# One article, several addresses


def test_a_second_address_with_the_same_content_is_the_same_entry(store: Store) -> None:
    kept = store.keep(sighting())
    again = store.keep(sighting(NOW + HOUR, url=OTHER))
    assert again == KeptEntry(kept=Kept.DUPLICATE, entry_id=kept.entry_id, revision=1)
    assert set(store.memory("ship").known) == {URL, OTHER}
    assert only(store).entry.url == URL


def test_the_title_may_be_written_in_the_other_script(store: Store) -> None:
    store.keep(sighting(title="内河电动货船交付！"))
    assert store.keep(sighting(url=OTHER, title="內河電動貨船交付")).kept is Kept.DUPLICATE


def test_an_equal_doi_is_the_same_entry_in_another_language(store: Store) -> None:
    store.keep(sighting(doi="10.1234/SHIP.1"))
    english = sighting(
        url=OTHER, doi="10.1234/ship.1", title="Electric ship", text="It sails. " * 9
    )
    assert store.keep(english).kept is Kept.DUPLICATE
    assert only(store).entry.title == "内河电动货船交付"


def test_two_languages_do_not_take_turns_as_revisions(store: Store) -> None:
    chinese = sighting(doi="10.1/x")
    english = sighting(url=OTHER, doi="10.1/x", title="Electric ship", text="It sails. " * 9)
    store.keep(chinese)
    store.keep(english)
    assert store.keep(later(english, HOUR, text="It sails now. " * 9)).kept is Kept.DUPLICATE
    assert store.keep(later(chinese, HOUR)).kept is Kept.UNCHANGED
    assert only(store).revision == 1


def test_the_second_address_speaks_when_the_first_is_missing(store: Store) -> None:
    first, second = sighting(), sighting(url=OTHER)
    store.keep(first)
    store.keep(second)
    assert not store.vanish("ship", URL, NOW + DAY, 410)
    assert only(store).state is EntryState.LIVE
    assert store.keep(later(second, 2 * DAY, title="更正后的标题")).kept is Kept.REVISED


@pytest.mark.parametrize(
    ("first", "fields"),
    [
        ({"text": "见附件。"}, {"text": "见附件。"}),
        ({"text": None}, {"text": None}),
        ({"title": None}, {"title": None}),
        ({}, {"published": day("2025-11-20")}),
        ({}, {"text": OTHER_TEXT}),
    ],
    ids=["short text", "no text", "no title", "another day", "another text"],
)
def test_too_little_in_common_is_another_article(
    store: Store, first: dict[str, object], fields: dict[str, object]
) -> None:
    store.keep(sighting(**first))
    assert store.keep(sighting(url=OTHER, **fields)).kept is Kept.NEW
    assert len(store.entries("ship")) == 2


def test_one_doi_on_every_page_does_not_make_one_article(store: Store) -> None:
    store.keep(sighting(doi="10.1/journal"))
    other = sighting(
        url=OTHER, doi="10.1/journal", title="茶馆", text=OTHER_TEXT, published=day("2026-11-19")
    )
    assert store.keep(other).kept is Kept.NEW


def test_one_canonical_address_on_every_page_does_not_make_one_article(store: Store) -> None:
    home = "https://ship.example/"
    first = store.keep(sighting(canonical_url=home))
    other = sighting(url=OTHER, canonical_url=home, title="茶馆", text=OTHER_TEXT)
    second = store.keep(other)
    assert second.kept is Kept.NEW
    assert second.entry_id != first.entry_id
    assert store.keep(later(other, HOUR)).kept is Kept.UNCHANGED


def test_a_print_version_that_names_the_article_is_another_address_of_it(store: Store) -> None:
    first = sighting()
    store.keep(first)
    printed = sighting(url=OTHER, canonical_url=URL, text=TEXT + "\n（打印版）")
    assert store.keep(printed).kept is Kept.DUPLICATE
    assert store.keep(later(printed, HOUR, title="打印：货船")).kept is Kept.DUPLICATE
    assert store.keep(later(first, HOUR)).kept is Kept.UNCHANGED
    assert only(store).entry.url == URL
    known = store.memory("ship").known
    assert (known[URL].url, known[OTHER].url) == (URL, OTHER)


def test_a_dead_link_that_leads_to_the_front_page_is_no_revision(store: Store) -> None:
    store.keep(sighting())
    front = sighting(
        NOW + DAY,
        url="https://ship.example/",
        listed=ListedLink(url=URL),
        title="船",
        text=OTHER_TEXT,
    )
    assert store.keep(front).kept is Kept.NEW
    (article,) = [e for e in store.entries("ship") if e.entry.url == URL]
    assert (article.revision, article.entry.text) == (1, TEXT)
    assert store.memory("ship").known[URL].entry_id == article.id


def test_sources_do_not_share_articles(store: Store) -> None:
    store.sync_sources([source("tea")], NOW)
    first = store.keep(sighting())
    second = store.keep(replace(sighting(), source_id="tea"))
    assert second.kept is Kept.NEW
    assert first.entry_id != second.entry_id


def test_an_article_that_moved_keeps_its_id(store: Store) -> None:
    kept = store.keep(sighting())
    moved = sighting(NOW + DAY, url=OTHER, listed=ListedLink(url=URL))  # the old one redirects
    assert store.keep(moved).entry_id == kept.entry_id
    known = store.memory("ship").known
    assert known[URL] == known[OTHER]
    assert known[URL].url == OTHER
    assert known[URL].first_seen == NOW


def test_an_address_used_again_for_a_later_article_is_a_new_entry(store: Store) -> None:
    old = store.keep(sighting())
    new = store.keep(
        sighting(NOW + DAY, title="茶馆", text=OTHER_TEXT, published=day("2026-11-24"))
    )
    assert new.kept is Kept.NEW
    assert new.entry_id != old.entry_id
    gone = store.entry(old.entry_id)
    assert gone is not None
    assert (gone.state, gone.state_since) == (EntryState.VANISHED, NOW + DAY)
    assert store.memory("ship").known[URL].entry_id == new.entry_id
    (event,) = store.events(kinds=["entry-vanished"])
    assert event.detail["reason"] == "its address holds another article now"


def test_the_other_names_of_a_reused_address_are_given_up_with_it(store: Store) -> None:
    listed = ListedLink(url="https://ship.example/latest")
    store.keep(sighting(listed=listed))
    new = sighting(NOW + DAY, title="茶馆", text=OTHER_TEXT, published=day("2026-11-24"))
    kept = store.keep(new)
    assert not store.vanish("ship", listed.url, NOW + 2 * DAY, 410)
    assert {link.entry_id for link in store.memory("ship").known.values()} == {kept.entry_id}
    assert store.keep(replace(new, listed=listed, capture=capture())).kept is Kept.UNCHANGED


def test_an_address_used_twice_again_gives_three_ids(store: Store) -> None:
    ids = {
        store.keep(
            sighting(
                NOW + number * DAY,
                title=f"第{number}期",
                text=f"这是第{number}期的导言，与别期没有一句相同。" * 2,
                published=day(f"2026-11-2{number}"),
            )
        ).entry_id
        for number in range(3)
    }
    assert len(ids) == 3


def test_a_rewritten_article_of_the_same_day_stays_one(store: Store) -> None:
    store.keep(sighting())
    again = sighting(NOW + DAY, title="茶馆", text=OTHER_TEXT)
    assert store.keep(again).kept is Kept.REVISED


# Vanishing


def test_gone_for_good_is_believed_at_once(store: Store) -> None:
    kept = store.keep(sighting())
    assert store.vanish("ship", URL, NOW + DAY, 410)
    found = only(store)
    assert (found.state, found.state_since) == (EntryState.VANISHED, NOW + DAY)
    assert (found.revision, found.changed) == (1, NOW)
    assert kinds(store) == ["entry-new", "entry-vanished"]
    assert len(store.captures(kept.entry_id)) == 1


def test_not_found_is_believed_when_it_is_said_again_a_day_later(store: Store) -> None:
    store.keep(sighting())
    assert not store.vanish("ship", URL, NOW + DAY, 404)
    assert store.memory("ship").known[URL].missing == NOW + DAY
    assert not store.vanish("ship", URL, NOW + DAY + HOUR, 404)
    assert only(store).state is EntryState.LIVE
    assert store.vanish("ship", URL, NOW + 2 * DAY, 404)
    assert only(store).state is EntryState.VANISHED
    assert only(store).state_since == NOW + DAY


def test_vanishing_is_told_once(store: Store) -> None:
    store.keep(sighting())
    assert store.vanish("ship", URL, NOW + DAY, 410)
    assert not store.vanish("ship", URL, NOW + 2 * DAY, 410)
    assert kinds(store).count("entry-vanished") == 1


def test_an_unknown_page_cannot_vanish(store: Store) -> None:
    assert not store.vanish("ship", OTHER, NOW, 410)


def test_a_page_that_was_missing_for_an_hour_has_not_vanished(store: Store) -> None:
    first = sighting()
    store.keep(first)
    store.vanish("ship", URL, NOW + HOUR, 404)
    store.touch("ship", URL, NOW + 2 * HOUR)
    assert not store.vanish("ship", URL, NOW + 2 * DAY, 404)


@pytest.mark.parametrize("how", ["kept", "touched"])
def test_an_article_that_reappears_is_live_again(store: Store, how: str) -> None:
    first = sighting()
    store.keep(first)
    store.vanish("ship", URL, NOW + DAY, 410)
    (before,) = store.changed_sources()
    if how == "kept":
        assert store.keep(later(first, 2 * DAY)).kept is Kept.UNCHANGED
    else:
        store.touch("ship", URL, NOW + 2 * DAY)
    found = only(store)
    assert (found.state, found.state_since, found.revision) == (EntryState.LIVE, None, 1)
    assert kinds(store)[-1] == "entry-reappeared"
    (after,) = store.changed_sources()
    assert after.change == before.change + 1


def test_a_retraction_follows_the_page(store: Store) -> None:
    first = sighting()
    store.keep(first)
    store.keep(later(first, HOUR, is_retracted=True))
    assert (only(store).state, only(store).state_since) == (EntryState.RETRACTED, NOW + HOUR)
    store.keep(later(first, 2 * HOUR))
    assert (only(store).state, only(store).state_since) == (EntryState.LIVE, None)
    assert kinds(store)[-1] == "retraction-lifted"


def test_a_retraction_says_more_than_absence(store: Store) -> None:
    store.keep(sighting(is_retracted=True))
    assert not store.vanish("ship", URL, NOW + DAY, 410)
    assert only(store).state is EntryState.RETRACTED


def test_a_file_without_a_page_is_an_entry(store: Store) -> None:
    seen: Sighting = sighting(url="https://ship.example/1.pdf", text=None, published=None)
    assert store.keep(seen).kept is Kept.NEW
    assert store.keep(replace(seen, capture=capture())).kept is Kept.UNCHANGED

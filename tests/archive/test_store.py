"""The store's contract: sources, polls, order, events. Each test runs on both databases."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from sqlalchemy.exc import StatementError

from archive.model import (
    ChangedSource,
    EntryState,
    Event,
    ListState,
    Miss,
    Outcome,
    PollEnd,
)
from archive.register import host_of
from archive.store import Store
from foundation.errors import StoreError
from tests.archive.factories import DAY, HOUR, NOW, day, month, poll, sighting, source


def kinds(store: Store, source_id: str | None = None) -> list[str]:
    return [event.kind for event in reversed(store.events(source_id))]


def follow(store: Store, *ids: str, **fields: object) -> None:
    store.sync_sources([source(id_, **fields) for id_ in ids], NOW)


# Sources


def test_a_new_source_is_due_at_once(store: Store) -> None:
    assert store.due(NOW, limit=5, per_host=1) == ["ship"]
    status = store.status("ship")
    assert (status.due, status.entries, status.host) == (NOW, 0, "ship.example")
    assert kinds(store) == ["source-added"]


def test_nothing_is_written_when_the_files_say_the_same(store: Store) -> None:
    store.end_poll(poll(), due=NOW + DAY, failures=0)
    store.sync_sources([source()], NOW + HOUR)
    assert store.status("ship").due == NOW + DAY
    assert kinds(store) == ["source-added"]


def test_a_moved_file_is_no_change(store: Store, store_url: str) -> None:
    store.end_poll(poll(), due=NOW + DAY, failures=0)
    with Store.open(store_url) as again:
        again.sync_sources([source(file="/elsewhere/ship.toml")], NOW + HOUR)
        assert again.status("ship").due == NOW + DAY


def test_a_changed_file_makes_the_source_due_and_forgets_its_lists(store: Store) -> None:
    url = "https://ship.example/list"
    lists = [ListState(url=url, etag='"1"')]
    store.end_poll(poll(), due=NOW + DAY, failures=0, lists=lists)
    store.mark_published({"ship": 99})
    store.sync_sources([source(title="船舶")], NOW + HOUR)
    assert store.status("ship").due == NOW + HOUR
    assert store.memory("ship").lists == {}
    assert kinds(store)[-1] == "source-changed"


def test_a_changed_file_makes_the_feeds_behind(store: Store) -> None:
    assert store.changed_sources() == []
    store.sync_sources([source(title="船舶")], NOW)
    assert store.changed_sources() == [ChangedSource(source_id="ship", change=1)]


def test_syncing_some_sources_leaves_the_others_alone(store: Store) -> None:
    follow(store, "tea")
    assert set(store.due(NOW, limit=5, per_host=1)) == {"ship", "tea"}


def test_a_source_without_a_file_rests_until_it_is_back(store: Store) -> None:
    store.keep(sighting())
    store.sync_sources([source("tea")], NOW, is_all=True)
    assert store.due(NOW + DAY, limit=5, per_host=1) == ["tea"]
    assert not store.status("ship").is_present
    assert len(store.entries("ship")) == 1
    store.sync_sources([source("tea"), source()], NOW + DAY, is_all=True)
    assert set(store.due(NOW + DAY, limit=5, per_host=1)) == {"tea", "ship"}
    assert kinds(store, "ship")[-2:] == ["source-absent", "source-returned"]


def test_a_paused_source_is_not_due_until_resumed(store: Store) -> None:
    store.pause("ship", NOW, "the site moves house")
    assert store.due(NOW + DAY, limit=5, per_host=1) == []
    assert store.status("ship").paused
    store.resume("ship", NOW + DAY)
    assert store.due(NOW + DAY, limit=5, per_host=1) == ["ship"]
    assert not store.status("ship").paused
    paused = store.events("ship", kinds=["source-paused"])
    assert [event.detail for event in paused] == [{"why": "the site moves house"}]


def test_a_resumed_source_without_a_file_is_not_due_until_it_is_back(store: Store) -> None:
    store.retire("ship", NOW, "")
    store.sync_sources([], NOW, is_all=True)
    store.resume("ship", NOW)
    assert store.status("ship").retired is None
    assert store.status("ship").due is None
    assert store.due(NOW + DAY, limit=5, per_host=1) == []
    store.sync_sources([source()], NOW + DAY, is_all=True)
    assert store.due(NOW + DAY, limit=5, per_host=1) == ["ship"]


def test_a_poll_in_flight_does_not_wake_a_paused_source(store: Store) -> None:
    store.pause("ship", NOW, "")
    store.end_poll(poll(), due=NOW + HOUR, failures=0)
    assert store.due(NOW + DAY, limit=5, per_host=1) == []


def test_a_changed_file_does_not_wake_a_paused_source(store: Store) -> None:
    store.pause("ship", NOW, "")
    store.sync_sources([source(title="船舶")], NOW)
    assert store.due(NOW + DAY, limit=5, per_host=1) == []


def test_a_retired_source_keeps_its_entries(store: Store) -> None:
    store.keep(sighting())
    store.retire("ship", NOW + DAY, "the journal has ended")
    assert store.due(NOW + 2 * DAY, limit=5, per_host=1) == []
    assert store.status("ship").retired == NOW + DAY
    assert len(store.entries("ship")) == 1


def test_it_is_known_which_sources_are_retired_for_how_long(store: Store) -> None:
    assert store.retired_before(NOW + 9 * DAY) == set()
    store.retire("ship", NOW + DAY)
    assert store.retired_before(NOW + DAY) == set()
    assert store.retired_before(NOW + DAY + timedelta(seconds=1)) == {"ship"}
    store.resume("ship", NOW + 2 * DAY)
    assert store.retired_before(NOW + 9 * DAY) == set()


def test_an_unknown_source_is_named_with_what_to_do(store: Store) -> None:
    for act in (store.pause, store.resume, store.retire):
        with pytest.raises(StoreError, match=r"shap: no such source.*kanliu status"):
            act("shap", NOW, "")
    with pytest.raises(StoreError, match="shap: no such source"):
        store.status("shap")
    with pytest.raises(StoreError, match="shap: no such source"):
        store.keep(sighting(source_id="shap"))


def test_every_source_has_a_status(store: Store) -> None:
    follow(store, "tea", "ant")
    assert [status.source_id for status in store.status()] == ["ant", "ship", "tea"]


def test_the_host_is_that_of_the_first_address_without_its_port() -> None:
    assert host_of(source(lists=("http://WWW.Ship.example:8080/a", "http://b.example/"))) == (
        "www.ship.example"
    )
    assert host_of(source(lists=(), feed="https://f.example/rss")) == "f.example"
    assert host_of(source(lists=())) == ""


# What is due


def test_the_longest_waiting_source_comes_first(store: Store) -> None:
    follow(store, "tea", "ant")
    for id_, hours in (("ship", 3), ("tea", 1), ("ant", 2)):
        store.end_poll(poll(source_id=id_), due=NOW + hours * HOUR, failures=0)
    assert store.due(NOW + 4 * HOUR, limit=2, per_host=1) == ["tea", "ant"]
    assert store.due(NOW + 2 * HOUR, limit=9, per_host=1) == ["tea", "ant"]
    assert store.due(NOW, limit=9, per_host=1) == []
    assert store.due(NOW + 4 * HOUR, limit=0, per_host=1) == []


def test_a_host_gets_no_more_polls_at_once_than_allowed(store: Store) -> None:
    one_host = ("https://press.example/list",)
    ids = [f"p{number}" for number in range(7)]
    follow(store, *ids, lists=one_host)
    assert store.due(NOW, limit=9, per_host=1) == ["p0", "ship"]
    assert store.due(NOW, limit=9, per_host=2) == ["p0", "p1", "ship"]


def test_running_polls_count_against_their_host(store: Store) -> None:
    follow(store, "a", "b", "c", lists=("https://press.example/list",))
    busy = {"busy": ["a"], "busy_hosts": {"press.example": 1}}
    assert store.due(NOW, limit=9, per_host=1, **busy) == ["ship"]
    assert store.due(NOW, limit=9, per_host=2, **busy) == ["b", "ship"]


def test_many_sources_on_a_full_host_do_not_hide_the_others(store: Store) -> None:
    crowd = [f"c{number:03}" for number in range(100)]
    follow(store, *crowd, lists=("https://crowd.example/",))
    follow(store, "zebra")
    assert store.due(NOW, limit=3, per_host=1) == ["c000", "ship", "zebra"]


def test_a_busy_source_is_not_due(store: Store) -> None:
    assert store.due(NOW, limit=5, per_host=1, busy=["ship"]) == []


# Polls


def test_a_poll_reads_back_as_it_was_written(store: Store) -> None:
    written = poll(
        outcome=Outcome.PARTIAL, new=3, revised=2, vanished=1, skipped=4, requests=9,
        retry_after=timedelta(minutes=5), reason="两篇文章读不出",
    )  # fmt: skip
    store.end_poll(written, due=NOW + HOUR, failures=2)
    assert store.polls("ship") == [written]
    status = store.status("ship")
    assert (status.last_poll, status.failures, status.due) == (written, 2, NOW + HOUR)


def test_polls_come_newest_first(store: Store) -> None:
    for hours in range(3):
        store.end_poll(poll(NOW + hours * HOUR), due=NOW, failures=0)
    assert [p.ended for p in store.polls("ship", 2)] == [NOW + 2 * HOUR, NOW + HOUR]


def test_several_polls_end_in_one_go(store: Store) -> None:
    follow(store, "tea")
    store.end_polls(
        [
            PollEnd(poll=poll(), due=NOW + HOUR, failures=0),
            PollEnd(
                poll=poll(source_id="tea", outcome=Outcome.EMPTY), due=NOW + 2 * HOUR, failures=1
            ),
        ]
    )
    assert [s.due for s in store.status()] == [NOW + HOUR, NOW + 2 * HOUR]
    assert [s.last_poll and s.last_poll.outcome for s in store.status()] == ["unchanged", "empty"]
    store.end_polls([])


def test_memory_holds_what_the_last_walk_left(store: Store) -> None:
    url = "https://ship.example/list"
    state = ListState(
        url=url, etag='"1"', last_modified="x", body_digest="sha256:1", links_digest="sha256:2"
    )
    store.end_poll(poll(), due=NOW, failures=0, lists=[state], walked=NOW)
    memory = store.memory("ship")
    assert memory.lists == {url: state}
    assert memory.walked == NOW
    other = ListState(url=url + "?p=2")
    store.end_poll(poll(), due=NOW, failures=0, lists=[replace(state, etag='"2"'), other])
    assert store.memory("ship").lists == {url: replace(state, etag='"2"'), other.url: other}
    assert store.memory("ship").walked == NOW  # None leaves it as it was


def test_memory_of_an_unknown_source_is_empty(store: Store) -> None:
    memory = store.memory("never-seen")
    assert (memory.lists, memory.known, memory.misses, memory.walked) == ({}, {}, {}, None)


def test_misses_are_remembered_until_the_article_is_had(store: Store) -> None:
    miss = Miss(url="https://ship.example/9", tries=1, reason="404", retry_at=NOW + HOUR)
    store.end_poll(poll(), due=NOW, failures=0, misses=[miss])
    assert store.memory("ship").misses == {miss.url: miss}
    again = replace(miss, tries=2)
    store.end_poll(poll(), due=NOW, failures=0, misses=[again])
    assert store.memory("ship").misses == {miss.url: again}
    store.keep(sighting(url=miss.url))
    assert store.memory("ship").misses == {}


def test_misses_that_nobody_lists_any_more_are_dropped(store: Store) -> None:
    old = Miss(url="https://ship.example/1", tries=1, reason="404", retry_at=NOW)
    new = Miss(url="https://ship.example/2", tries=1, reason="404", retry_at=NOW + 90 * DAY)
    store.end_poll(poll(), due=NOW, failures=0, misses=[old])
    store.end_poll(poll(NOW + 89 * DAY), due=NOW, failures=0, misses=[new])
    assert set(store.memory("ship").misses) == {new.url}


@pytest.mark.parametrize(
    ("outcomes", "told"),
    [
        (["new", "unchanged", "partial"], 0),
        (["unchanged", "empty", "empty"], 1),
        (["unchanged", "empty", "unchanged"], 2),
        (["blocked"], 1),
        (["blocked", "unreachable"], 2),
    ],
)
def test_an_outcome_is_an_event_when_it_turns(store: Store, outcomes: list[str], told: int) -> None:
    for outcome in outcomes:
        store.end_poll(poll(outcome=Outcome(outcome)), due=NOW, failures=0)
    assert kinds(store).count("outcome-changed") == told


# Publishing


def test_what_was_kept_is_to_be_published_even_after_a_crash(store: Store, store_url: str) -> None:
    store.keep(sighting())
    with Store.open(store_url) as after_a_crash:
        (changed,) = after_a_crash.changed_sources()
        assert changed.source_id == "ship"
        after_a_crash.mark_published({"ship": changed.change})
        assert after_a_crash.changed_sources() == []


def test_what_changes_while_publishing_is_published_next(store: Store) -> None:
    store.keep(sighting())
    (before,) = store.changed_sources()
    store.keep(
        sighting(url="https://ship.example/2", text="另一篇文章，写的是船上的厨房和灯。" * 3)
    )
    store.mark_published({"ship": before.change})
    assert [changed.source_id for changed in store.changed_sources()] == ["ship"]
    store.mark_published({"ship": before.change - 1})  # an older one takes nothing back


# What was learned


def test_a_profile_is_kept_with_its_event_and_replaced_as_a_whole(store: Store) -> None:
    assert store.profile("ship") is None
    told = Event(at=NOW, kind="profile-learned", source_id="ship", detail={"after": "h1"})
    store.keep_profile("ship", {"shape": {"body": "body>div.content"}, "version": 1}, NOW, told)
    store.keep_profile("ship", {"shape": {"body": "body>main"}}, NOW, told)
    assert store.profile("ship") == {"shape": {"body": "body>main"}}
    events = store.events("ship", kinds=["profile-learned"])
    assert [event.detail for event in events] == [{"after": "h1"}] * 2
    store.keep_profile("ship", None, NOW, told)
    assert store.profile("ship") is None


# Order


def test_entries_come_newest_first_by_publication(store: Store) -> None:
    for number, date in ((1, "2026-11-01"), (2, "2026-11-19"), (3, "2026-11-10")):
        store.keep(_article(number, published=day(date)))
    assert [e.entry.title for e in store.entries("ship")] == ["文章2", "文章3", "文章1"]
    assert [e.entry.title for e in store.entries("ship", limit=1)] == ["文章2"]


def test_an_entry_without_a_day_is_ordered_by_its_first_sight(store: Store) -> None:
    store.keep(_article(1, published=day("2026-11-22")))
    store.keep(_article(2, published=month("2020-01")))
    store.keep(_article(3, published=None, seen=NOW - 2 * DAY))
    assert [e.entry.title for e in store.entries("ship")] == ["文章2", "文章1", "文章3"]


def test_a_date_ahead_of_us_counts_as_the_first_sight(store: Store) -> None:
    store.keep(_article(1, published=day("2027-03-01"), seen=NOW))
    store.keep(_article(2, published=None, seen=NOW + HOUR))
    assert [e.entry.title for e in store.entries("ship")] == ["文章2", "文章1"]


def test_entries_of_all_sources_mix(store: Store) -> None:
    follow(store, "tea")
    store.keep(_article(1, published=day("2026-11-01")))
    store.keep(replace(_article(2, published=day("2026-11-02")), source_id="tea"))
    assert [e.source_id for e in store.entries()] == ["tea", "ship"]


def test_paging_after_an_entry_meets_every_entry_once(store: Store) -> None:
    for number in range(7):
        store.keep(_article(number, published=day("2026-11-01")))  # all equal: ties
    seen: list[str] = []
    page = store.entries("ship", limit=3)
    while page:
        seen += [e.id for e in page]
        page = store.entries("ship", limit=3, before=page[-1])
    assert seen == sorted(seen, reverse=True)
    assert len(seen) == 7


def test_entries_before_an_instant(store: Store) -> None:
    store.keep(_article(1, published=day("2026-11-01")))
    store.keep(_article(2, published=day("2026-11-20")))
    (found,) = store.entries("ship", before=NOW - 10 * DAY)
    assert found.entry.title == "文章1"


def test_states_choose_entries_and_a_take_down_is_never_shown_by_default(store: Store) -> None:
    store.keep(_article(1, is_retracted=True))
    store.keep(_article(2))
    assert len(store.entries("ship")) == 2
    (retracted,) = store.entries("ship", states=[EntryState.RETRACTED])
    assert retracted.entry.title == "文章1"
    assert store.entries("ship", states=[]) == []


def test_gaps_are_the_instants_of_the_newest_entries(store: Store) -> None:
    for number, date in ((1, "2026-11-01"), (2, "2026-11-08"), (3, "2026-11-15")):
        store.keep(_article(number, published=day(date)))
    newest, before = store.gaps("ship", 2)
    assert newest - before == 7 * DAY


# Events and identity


def test_events_read_back_and_can_be_chosen(store: Store) -> None:
    told = Event(at=NOW, kind="note", entry_id="tag:x", detail={"在": "这里"})
    store.record(told, Event(at=NOW + DAY, kind="other"))
    assert store.events(entry_id="tag:x") == [told]
    assert [event.kind for event in store.events(since=NOW + HOUR)] == ["other"]
    assert [event.kind for event in store.events(kinds=["note", "other"])] == ["other", "note"]
    assert len(store.events(limit=1)) == 1


def test_instants_come_back_aware_and_in_utc_whatever_zone_they_had(store: Store) -> None:
    local = NOW.astimezone(timezone(timedelta(hours=8)))
    store.keep(sighting(local))
    (kept,) = store.entries("ship")
    assert kept.first_seen == local
    assert kept.first_seen.utcoffset() == timedelta(0)


def test_a_naive_instant_is_refused(store: Store) -> None:
    with pytest.raises(StatementError, match="aware instants only"):
        store.pause("ship", NOW.replace(tzinfo=None))


def test_the_authority_is_settled_at_the_first_start_for_good(store_url: str) -> None:
    with Store.open(store_url, authority="feeds.example.org", now=NOW) as first:
        assert (first.authority, first.minted) == ("feeds.example.org", "2026-11-23")
    with Store.open(store_url, authority="new.example.org", now=NOW + DAY) as second:
        assert (second.authority, second.minted) == ("feeds.example.org", "2026-11-23")


def test_an_archive_on_a_local_address_gets_a_random_authority(store_url: str) -> None:
    with Store.open(store_url, authority="127.0.0.1", now=NOW) as store:
        assert store.authority.endswith(".kanliu.invalid")


def _article(number: int, *, seen: object = NOW, **fields: object):
    return sighting(
        seen,
        url=f"https://ship.example/{number}.html",
        title=f"文章{number}",
        text=f"第{number}篇的正文。" * 10,
        **fields,
    )

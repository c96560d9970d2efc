"""What is kept for WebSub, on SQLite and PostgreSQL alike: who is due, and that nothing is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from archive.announcements import Absence
from archive.store import Store
from archive.subscriptions import Intent, Load, Subscription
from tests.archive.factories import NOW

TOPIC, OTHER = "ship/atom.xml", "ship/rss.xml"
LATER = NOW + timedelta(hours=1)
HUB = "https://hub.example/"


def intent(**fields: Any) -> Intent:
    plain: dict[str, Any] = {
        "mode": "subscribe",
        "topic": TOPIC,
        "callback": "https://reader.example/one",
        "host": "reader.example",
        "secret": "geheim",
        "lease": timedelta(days=10),
        "digest": "first",
    }
    return Intent(**plain | fields)


def waiting(store: Store, **fields: Any) -> list[Intent]:
    plain: dict[str, Any] = {"limit": 10, "busy": [], "full": []}
    return store.subscriptions.intents(LATER, **plain | fields)


def due(store: Store, **fields: Any) -> list[Subscription]:
    plain: dict[str, Any] = {"limit": 10, "busy": [], "full": []}
    return store.subscriptions.due(LATER, **plain | fields)


def subscribe(store: Store, **fields: Any) -> None:
    store.subscriptions.ask(intent(**fields), NOW)
    (asked,) = waiting(store)
    store.subscriptions.settle(asked, NOW)


def test_an_intent_waits_as_it_was_asked(store: Store) -> None:
    store.subscriptions.ask(intent(), NOW)
    (asked,) = waiting(store)
    assert asked == intent(number=asked.number)
    assert not store.subscriptions.has(asked.callback, TOPIC)


def test_a_later_intent_of_the_same_callback_replaces_the_one_that_waits(store: Store) -> None:
    store.subscriptions.ask(intent(), NOW)
    store.subscriptions.ask(intent(mode="unsubscribe", secret=None), NOW)
    store.subscriptions.ask(intent(topic=OTHER), NOW)
    assert [(each.mode, each.topic) for each in waiting(store)] == [
        ("unsubscribe", TOPIC),
        ("subscribe", OTHER),
    ]


def test_what_is_under_way_and_whose_host_is_full_is_not_given(store: Store) -> None:
    for number in range(3):
        subscribe(store, callback=f"https://reader.example/{number}")
    store.subscriptions.change({TOPIC: "second"}, NOW)
    first, *others = due(store)
    assert due(store, busy=[first.number]) == others
    assert due(store, full=["reader.example"]) == []
    assert due(store, limit=1) == [first]


def test_a_subscription_is_due_from_a_change_until_it_has_it(store: Store) -> None:
    subscribe(store)
    assert due(store) == []
    store.subscriptions.change({TOPIC: "first", OTHER: "second"}, NOW)
    assert due(store) == []
    store.subscriptions.change({TOPIC: "second"}, NOW)
    (found,) = due(store)
    assert found == Subscription(
        number=found.number,
        topic=TOPIC,
        callback="https://reader.example/one",
        host="reader.example",
        secret="geheim",
        expires=NOW + timedelta(days=10),
        delivered="first",
        tries=0,
    )
    store.subscriptions.deliver(found.number, "second", NOW)
    assert due(store) == []


def test_a_change_during_a_delivery_is_due_after_it(store: Store) -> None:
    subscribe(store)
    store.subscriptions.change({TOPIC: "second"}, NOW)
    (found,) = due(store)
    store.subscriptions.change({TOPIC: "third"}, NOW)
    store.subscriptions.deliver(found.number, "second", NOW)
    assert [each.delivered for each in due(store)] == ["second"]


def test_a_change_does_not_shorten_a_wait(store: Store) -> None:
    subscribe(store)
    store.subscriptions.change({TOPIC: "second"}, NOW)
    (found,) = due(store)
    store.subscriptions.put_off(found, LATER + timedelta(seconds=1))
    store.subscriptions.change({TOPIC: "third"}, NOW)
    assert due(store) == []


def test_what_was_given_up_is_due_with_the_next_change(store: Store) -> None:
    subscribe(store)
    store.subscriptions.change({TOPIC: "second"}, NOW)
    (found,) = due(store)
    store.subscriptions.put_off(found, NOW)
    assert [each.tries for each in due(store)] == [1]
    store.subscriptions.put_off(found, None)
    store.subscriptions.change({TOPIC: "second"}, NOW)
    assert due(store) == []
    store.subscriptions.change({TOPIC: "third"}, NOW)
    assert [each.tries for each in due(store)] == [0]


def test_a_renewal_changes_the_terms_and_nothing_else(store: Store) -> None:
    subscribe(store)
    store.subscriptions.change({TOPIC: "second"}, NOW)
    subscribe(store, secret=None, lease=timedelta(days=20), digest="second")
    (found,) = due(store)
    assert (found.secret, found.expires) == (None, NOW + timedelta(days=20))
    assert found.delivered == "first"


def test_a_subscription_ends_by_wish_by_lease_or_for_good(store: Store) -> None:
    for path, days in (("wish", 10), ("lease", 1), ("gone", 10)):
        subscribe(store, callback=f"https://reader.example/{path}", lease=timedelta(days=days))
    subscribe(store, callback="https://reader.example/wish", mode="unsubscribe")
    assert store.subscriptions.topics() == [TOPIC]
    (ended,) = store.subscriptions.end_expired(NOW + timedelta(days=1))
    assert ended.callback.endswith("/lease")
    store.subscriptions.change({TOPIC: "second"}, NOW)
    (found,) = due(store)
    assert found.callback.endswith("/gone")
    store.subscriptions.end(found.number)
    assert store.subscriptions.topics() == []


def test_nothing_is_due_after_its_lease(store: Store) -> None:
    subscribe(store, lease=timedelta(minutes=30))
    store.subscriptions.change({TOPIC: "second"}, NOW)
    assert due(store) == []


def test_the_load_counts_what_bounds_are_held_against(store: Store) -> None:
    subscribe(store)
    subscribe(store, topic=OTHER)
    subscribe(store, callback="https://other.example/", host="other.example")
    store.subscriptions.ask(intent(callback="https://reader.example/two"), NOW)
    assert store.subscriptions.load("reader.example", TOPIC) == Load(
        total=3, of_host=2, of_host_and_topic=1, waiting=1, waiting_of_host=1
    )


def test_an_intent_is_put_off_and_dropped(store: Store) -> None:
    store.subscriptions.ask(intent(), NOW)
    (asked,) = waiting(store)
    store.subscriptions.put_off_intent(asked, LATER + timedelta(seconds=1))
    assert waiting(store) == []
    store.subscriptions.put_off_intent(asked, LATER)
    assert [each.tries for each in waiting(store)] == [1]
    store.subscriptions.drop(asked)
    assert waiting(store) == []


def test_a_hub_knows_what_it_was_told_last(store: Store) -> None:
    known = store.announcements
    known.tell(HUB, {TOPIC: "first", OTHER: "first"})
    known.tell(HUB, {TOPIC: "second"})
    assert known.told(HUB) == {TOPIC: "second", OTHER: "first"}
    assert known.told("https://other.example/") == {}


def test_a_hub_is_absent_until_it_is_told(store: Store) -> None:
    known = store.announcements
    for tries in (1, 2):
        known.miss(HUB, Absence(tries=tries, due=NOW))
    assert known.absence(HUB) == Absence(tries=2, due=NOW)
    known.tell(HUB, {TOPIC: "first"})
    assert known.absence(HUB) is None


def test_hubs_that_are_no_longer_ours_are_forgotten(store: Store) -> None:
    known = store.announcements
    known.tell(HUB, {TOPIC: "first"})
    known.miss("https://other.example/", Absence(tries=1, due=NOW))
    known.forget_others([HUB])
    assert known.told(HUB) == {TOPIC: "first"}
    assert known.absence("https://other.example/") is None
    known.forget_others([])
    assert known.told(HUB) == {}


def test_subscriptions_are_there_when_the_store_is_opened_again(store_url: str) -> None:
    with Store.open(store_url, authority="feeds.example.org", now=NOW) as store:
        subscribe(store)
        store.subscriptions.change({TOPIC: "second"}, NOW)
    with Store.open(store_url) as store:
        assert [each.delivered for each in due(store)] == ["first"]


def test_when_a_topic_ends_each_of_its_subscribers_is_to_be_told_once(store: Store) -> None:
    for path in ("one", "both", "leaving"):
        subscribe(store, callback=f"https://reader.example/{path}")
    subscribe(store, topic=OTHER)
    for path in ("both", "new"):
        store.subscriptions.ask(intent(callback=f"https://reader.example/{path}"), NOW)
    leaving = intent(callback="https://reader.example/leaving", mode="unsubscribe", secret=None)
    store.subscriptions.ask(leaving, NOW)
    assert store.subscriptions.deny(TOPIC, NOW) == 3
    told = {each.callback.rpartition("/")[2]: each for each in waiting(store)}
    assert {path: each.mode for path, each in told.items()} == {
        **dict.fromkeys(("one", "both", "new"), "denied"), "leaving": "unsubscribe",
    }  # fmt: skip
    # Questions come first, and nothing that a delivery was signed with is kept.
    assert waiting(store)[0] == told["leaving"]
    assert {each.secret for each in told.values()} == {None}
    assert store.subscriptions.topics() == [OTHER]
    assert store.subscriptions.deny(TOPIC, NOW) == 0
    # They are no subscriptions that wait for room.
    load = store.subscriptions.load("reader.example", TOPIC)
    assert (load.of_host_and_topic, load.waiting, load.waiting_of_host) == (0, 1, 1)
    store.subscriptions.put_off_intent(told["one"], LATER + timedelta(seconds=1))
    store.subscriptions.drop(told["both"])
    assert [each.callback for each in waiting(store)] == [
        f"https://reader.example/{path}" for path in ("leaving", "new")
    ]


def test_an_answer_that_comes_after_the_end_of_the_topic_does_not_count(store: Store) -> None:
    store.subscriptions.ask(intent(), NOW)
    (asked,) = waiting(store)
    store.subscriptions.deny(TOPIC, NOW)
    assert not store.subscriptions.settle(asked, NOW)
    store.subscriptions.drop(asked)
    assert [each.mode for each in waiting(store)] == ["denied"]
    assert store.subscriptions.topics() == []
    # Who asks again when the topic is back need not be told any more.
    store.subscriptions.ask(intent(), NOW)
    assert [each.mode for each in waiting(store)] == ["subscribe"]

"""The end of a topic: its subscribers are told that they are subscribed no more (section 5.2), and
only of what is over."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from starlette.responses import Response

from feeds.ended import ended_sources, remove_feeds
from feeds.publish import publish_all, publish_common
from foundation.setting_kinds import SavedSearch
from tests.factories import SEEN, entry, sighting, source
from tests.web.hub.running import RunningHub, open_hub
from tests.web.hub.subscriber import Subscriber, open_subscriber, wait_for
from web.hub.errands import MOST_QUESTIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from sources.model import Source

pytestmark = pytest.mark.slow

RIVER = source(groups=("水边",))
COAST = source(id="coast", title="海岸评论", lists=("https://coast.example/l",), groups=("岸",))
FERRY = SavedSearch(id="ferry", title="渡口", query="渡口")
JOURNAL, OTHER = "river-port/atom.xml", "coast/atom.xml"
GROUP, SEARCH = "groups/%E6%B0%B4%E8%BE%B9/rss.xml", "searches/ferry/feed.json"
TOPICS = (JOURNAL, OTHER, GROUP, SEARCH)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with open_hub(tmp_path, searches=(FERRY,)) as hub:
        assert hub.store is not None
        hub.store.sync_sources((RIVER, COAST), SEEN)
        hub.store.keep(sighting(entry(), seen=SEEN))
        hub.sources = (RIVER, COAST)
        publish_all(hub.store, hub.sources, hub.settings)
        yield hub


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with open_subscriber() as subscriber:
        yield subscriber


def path_of(topic: str) -> str:
    """The path of the callback that follows a topic."""
    return f"/{topic.replace('%', '')}"


def subscribe(hub: RunningHub, subscriber: Subscriber, *topics: str, query: str = "") -> None:
    for topic in topics:
        path = path_of(topic)
        answer = subscriber.ask(hub.address, hub.url(topic), path=path, query=query)
        assert answer.status_code == 202, answer.text
        # From now on the subscriber is asked nothing that it has wished for.
        wait_for(lambda path=path: subscriber.callbacks[path].questions, "no question came")
    hub.rest()
    assert hub.subscriptions() == len(topics)
    for callback in subscriber.callbacks.values():
        callback.questions.clear()
        callback.queries.clear()


def end_feeds(hub: RunningHub, *sources: Source) -> None:
    """As the house does it at a tick."""
    assert hub.store is not None
    assert hub.hub is not None
    hub.sources = sources
    removed: list[Path] = []
    for source_id in ended_sources(hub.store, sources, hub.settings, hub.clock()):
        removed += remove_feeds(hub.settings.public, source_id)
    removed += publish_common(hub.store, sources, hub.settings).removed
    hub.loop.call_soon_threadsafe(hub.hub.note, removed)


def told(subscriber: Subscriber) -> dict[str, list[dict[str, str]]]:
    """What was said of each topic since it was subscribed to; nothing, of most."""
    said = {topic: subscriber.at(path_of(topic)).questions for topic in TOPICS}
    return {topic: questions for topic, questions in said.items() if questions}


def retire(hub: RunningHub) -> None:
    assert hub.store is not None
    hub.store.retire("river-port", hub.clock() - timedelta(seconds=1), "it ended")


def test_who_follows_a_retired_journal_is_told_when_its_feeds_end_and_not_before(
    hub: RunningHub, subscriber: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    subscribe(hub, subscriber, JOURNAL, query="?key=a%2Fb")
    subscribe_other = subscriber.ask(hub.address, hub.url(OTHER), path=f"/{OTHER}")
    assert subscribe_other.status_code == 202
    wait_for(lambda: hub.subscriptions() == 2, "not verified")
    subscriber.at(f"/{OTHER}").questions.clear()
    retire(hub)
    end_feeds(hub, RIVER, COAST)
    hub.rest()
    assert told(subscriber) == {}
    hub.clock.pass_by(days=9)  # the leases are not over
    settings = hub.settings = replace(hub.settings, farewell=timedelta(days=8))
    assert hub.hub is not None
    hub.hub._endings._settings = settings
    end_feeds(hub, RIVER, COAST)
    wait_for(lambda: told(subscriber), "nobody was told")
    hub.rest()
    assert told(subscriber) == {
        JOURNAL: [
            {
                "key": "a/b",
                "hub.mode": "denied",
                "hub.topic": hub.url(JOURNAL),
                "hub.reason": "the journal is followed no longer",
            }
        ]
    }
    assert subscriber.at(f"/{JOURNAL}").queries[0].startswith("key=a%2Fb&hub.mode=denied&")
    assert (hub.subscriptions(), hub.waiting()) == (1, 0)
    assert "subscriptions denied topic=river-port/atom.xml subscribers=1" in caplog.text
    # Who asks for it now is told at once.
    assert subscriber.ask(hub.address, hub.url(JOURNAL)).status_code == 404


def test_who_follows_a_journal_that_moved_is_told_where_it_is(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber, JOURNAL)
    heard: list[str | None] = []

    def hear(asked: object) -> Response:
        heard.append(asked.headers.get("location"))  # type: ignore[attr-defined]
        return Response(status_code=404)  # it knows nothing of denials; it has heard all the same

    subscriber.at(f"/{JOURNAL}").answers = hear  # type: ignore[assignment]
    end_feeds(hub, replace(RIVER, moved_to="https://elsewhere.example/river/"), COAST)
    wait_for(lambda: told(subscriber), "nobody was told")
    hub.tick(hours=1)
    hub.rest()
    place = "https://elsewhere.example/river/atom.xml"
    (said,) = told(subscriber)[JOURNAL]
    assert said["hub.reason"] == f"the journal has moved: {place}"
    assert heard == [place]


def test_who_follows_a_group_or_a_search_that_is_over_is_told(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber, GROUP, SEARCH)
    hub.settings = replace(hub.settings, searches=())
    assert hub.hub is not None
    hub.hub._endings._settings = hub.settings
    end_feeds(hub, replace(RIVER, groups=()), COAST)
    wait_for(lambda: len(told(subscriber)) == 2, "not both were told")
    reasons = {topic: said["hub.reason"] for topic, (said,) in told(subscriber).items()}
    assert reasons == {
        GROUP: "no journal is in this group any more",
        SEARCH: "this search is saved no longer",
    }
    assert {topic: said["hub.topic"] for topic, (said,) in told(subscriber).items()} == {
        topic: hub.url(topic) for topic in (GROUP, SEARCH)
    }


def test_feeds_that_are_only_away_end_no_subscription(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    """A folder that was emptied is published anew; nobody must have been sent away by then."""
    with open_hub(tmp_path, searches=(FERRY,)) as hub:
        assert hub.store is not None
        hub.store.sync_sources((RIVER, COAST), SEEN)
        hub.sources = (RIVER, COAST)
        publish_all(hub.store, hub.sources, hub.settings)
        subscribe(hub, subscriber, JOURNAL, GROUP, SEARCH)
    shutil.rmtree(hub.settings.public)
    with open_hub(tmp_path, searches=(FERRY,)) as hub:
        # One file is broken: what groups there are, nobody knows.
        hub.sources = (COAST,)
        hub.tick(minutes=1)
        hub.rest()
        assert hub.subscriptions() == 3
    assert told(subscriber) == {}


def test_an_end_that_a_kill_broke_off_is_told_after_the_start_and_again_if_need_be(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    with open_hub(tmp_path) as hub:
        assert hub.store is not None
        hub.store.sync_sources((RIVER,), SEEN)
        hub.sources = (RIVER,)
        publish_all(hub.store, hub.sources, hub.settings)
        subscribe(hub, subscriber, JOURNAL)
        retire(hub)
    remove_feeds(hub.settings.public, "river-port")  # and the process ends before it says so
    subscriber.at(f"/{JOURNAL}").answers = lambda asked: Response(status_code=503)
    with open_hub(tmp_path, farewell=timedelta(0)) as hub:
        hub.tick(minutes=1)
        wait_for(lambda: told(subscriber), "nobody was told")
        hub.rest()
        assert hub.subscriptions() == 0
    with open_hub(tmp_path, farewell=timedelta(0)) as hub:
        for _ in range(5):
            hub.tick(hours=1)
            hub.rest()
    assert len(told(subscriber)[JOURNAL]) == MOST_QUESTIONS


def test_a_callback_is_left_alone_for_as_long_as_it_asks(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    """What else it may ask for is read as for a hub: tests/feeds/test_websub.py."""
    subscribe(hub, subscriber, JOURNAL)
    callback = subscriber.at(path_of(JOURNAL))
    callback.status, callback.retry_after = 503, "Thu, 26 Nov 2026 05:00:00 GMT"
    hub.publish(JOURNAL, b"<feed>2</feed>")
    wait_for(lambda: callback.attempts == 1, "no delivery was tried")
    hub.rest()
    callback.status = 200
    hub.tick(hours=2, minutes=59)
    hub.rest()
    assert callback.attempts == 1
    hub.tick(minutes=1)
    wait_for(lambda: callback.deliveries, "not tried again")

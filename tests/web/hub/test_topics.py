"""Feeds of groups and of saved searches as topics: found, subscribed to and delivered as a
journal's are, under the address that the document gives itself."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import httpx
import pytest

from feeds.publish import publish_all
from foundation.setting_kinds import SavedSearch
from tests.factories import SEEN, entry, sighting, source
from tests.web.hub.running import RunningHub, open_hub
from tests.web.hub.subscriber import Subscriber, discover, open_subscriber, wait_for

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

RIVER = source(groups=("水边/ 桥",))
COAST = source(id="coast", title="海岸评论", lists=("https://coast.example/l",))
SOURCES = (RIVER, COAST)
GROUP, SEARCH = "groups/水边- 桥", "searches/ferry"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    ferry = SavedSearch(id="ferry", title="渡口", query="渡口")
    with open_hub(tmp_path, searches=(ferry,)) as hub:
        assert hub.store is not None
        hub.store.sync_sources(SOURCES, SEEN)
        keep(hub, 1, "渡口的灯火")
        yield hub


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with open_subscriber() as subscriber:
        yield subscriber


def keep(hub: RunningHub, which: int, title: str, of: str = "river-port") -> None:
    """An article is kept, and all feeds are published."""
    assert hub.store is not None
    assert hub.hub is not None
    url = f"https://{of}.example/{which}"
    article = entry(url=url, canonical_url=url, title=title, text=f"{title}，第{which}篇。")
    hub.store.keep(sighting(article, source_id=of, seen=SEEN + timedelta(hours=which)))
    written = publish_all(hub.store, SOURCES, hub.settings).written
    hub.loop.call_soon_threadsafe(hub.hub.note, written)


@pytest.mark.parametrize("name", ["atom.xml", "rss.xml", "feed.json"])
def test_a_group_and_a_search_are_followed_like_a_journal(
    hub: RunningHub, subscriber: Subscriber, name: str
) -> None:
    for folder in (GROUP, SEARCH):
        found = discover(hub.url(f"{folder}/{name}"))
        assert found.hubs == (hub.address,)
        # What the document says of itself is where it was asked for.
        assert found.topic == str(httpx.URL(hub.url(f"{folder}/{name}")))
        assert subscriber.subscribe(found.topic, path=f"/{folder[:3]}").status_code == 202
    wait_for(lambda: hub.subscriptions() == 2, "not verified")
    keep(hub, 2, "海岸线", of="coast")
    hub.rest()
    assert [subscriber.at(path).attempts for path in ("/gro", "/sea")] == [0, 0]
    keep(hub, 3, "渡口之外")
    for folder in (GROUP, SEARCH):
        callback = subscriber.at(f"/{folder[:3]}")
        wait_for(lambda callback=callback: callback.deliveries, f"no delivery of {folder}")
        (delivery,) = callback.deliveries
        assert delivery.body == (hub.settings.public / folder / name).read_bytes()
        assert "渡口之外".encode() in delivery.body
        assert f'<{callback.questions[0]["hub.topic"]}>; rel="self"' in delivery.headers["link"]


NO_TOPICS = (
    "groups/水边- 桥/atom.xml",  # as it is, not as the document writes it
    "groups/%E6%B0%B4%E8%BE%B9-%20%e6%a1%a5/atom.xml",
    "groups/..%2Friver-port/atom.xml",
    "groups/../river-port/atom.xml",
    "groups/%FF/atom.xml",
    "groups/x%0AERROR%20forged/atom.xml",
    "searches/ferry/archive/2026-03.atom",
    "river-port/issues/2026-5/atom.xml",
    "authors/%E6%9E%97%E6%B8%A1/atom.xml",
)


def test_what_is_no_published_feed_is_no_topic(hub: RunningHub, subscriber: Subscriber) -> None:
    for topic in NO_TOPICS:
        for mode in ("subscribe", "unsubscribe"):
            answer = subscriber.ask(hub.address, hub.url(topic), mode=mode)
            assert answer.status_code == 404, (topic, mode)
    # Of a group that is over somebody may be subscribed to the feed, and want no more of it.
    over = hub.url("groups/nothing/atom.xml")
    assert subscriber.ask(hub.address, over).status_code == 404
    assert subscriber.ask(hub.address, over, mode="unsubscribe").status_code == 202

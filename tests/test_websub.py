"""WebSub as readers and operators meet it: the service as a process, a site, hubs, a subscriber."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

import httpx
import pytest

from tests.crawler.polling import Bench
from tests.crawler.test_bad_input import kanliu
from tests.fake_hub import FakeHub, open_fake_hub
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing
from tests.test_scheduler import running
from tests.web.hub.running import free_port
from tests.web.hub.subscriber import (
    LINK,
    Subscriber,
    discover,
    document_links,
    open_subscriber,
    wait_for,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

ROWS = [("/a/1.html", "账本里的商标", "2026-11-05")]
FORMATS = ["atom.xml", "feed.json", "rss.xml"]
#: The first article is in its feed. Before it, an empty feed was there.
#: In either order: what a poll has kept may be published before it ends.
NEW = "poll ended source=magazine outcome=new "
PUBLISHED = (
    rf"{NEW}.*\n(.*\n)*.*published files="
    rf"|published files=3 (.*\n)*.*published files=3 (.*\n)*.*{NEW}"
)


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    with open_fake_hub() as hub:
        yield hub


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with open_subscriber() as subscriber:
        yield subscriber


@pytest.fixture
def port(monkeypatch: pytest.MonkeyPatch) -> int:
    """Of a service that is a hub."""
    port = free_port()
    monkeypatch.setenv("KANLIU_HUB", "true")
    monkeypatch.setenv("KANLIU_PUBLIC_URL", f"http://127.0.0.1:{port}")
    return port


@pytest.fixture
def bench(tmp_path: Path, hub: FakeHub, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("KANLIU_HUBS", hub.url)
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site)
        bench.more = '[schedule]\nevery = "5s"\n'
        bench.write_source()
        site.page("/list.html", listing(ROWS))
        site.page("/a/1.html", article(ROWS[0][1], day=ROWS[0][2]))
        yield bench


def print_another(bench: Bench) -> None:
    """One more article on the site."""
    bench.site.page("/a/2.html", article("新到的一篇", day="2026/11/21"))
    bench.site.page("/list.html", listing([("/a/2.html", "新到的一篇", "2026-11-21"), *ROWS]))


@pytest.mark.parametrize("name", FORMATS)
def test_who_follows_a_feed_is_sent_one_delivery_for_one_change(
    bench: Bench, port: int, subscriber: Subscriber, name: str
) -> None:
    topic = f"http://127.0.0.1:{port}/magazine/{name}"
    with running(bench, "run", "--port", str(port)) as service:
        service.wait_for(PUBLISHED)
        found = discover(topic)
        assert found.topic == topic
        assert found.hubs[0] == f"http://127.0.0.1:{port}/hub"
        assert subscriber.subscribe(topic, secret="geheim").status_code == 202
        service.wait_for("subscribed topic=magazine/")
        print_another(bench)
        service.wait_for("delivered topic=magazine/")
        callback = subscriber.at("/callback")
        wait_for(lambda: callback.deliveries, "no delivery")
        assert service.stop() < 10
        assert "Traceback" not in service.text()
    (delivery,) = callback.deliveries
    assert (callback.attempts, callback.ignored) == (1, [])
    assert delivery.body == bench.published()[f"magazine/{name}"]
    assert "新到的一篇".encode() in delivery.body


def test_one_change_is_one_ping_a_hub_and_address(bench: Bench, hub: FakeHub) -> None:
    with running(bench) as service:
        service.wait_for("outcome=unchanged")  # five seconds later nothing is under way
        hub.topics()
        print_another(bench)
        service.wait_for(r"outcome=unchanged.*\n(.*\n)*.*outcome=new.*\n(.*\n)*.*outcome=unchanged")
        assert [topic.split("/", 3)[3] for topic in hub.topics()] == [
            f"{folder}/{name}" for folder in ("all", "magazine") for name in FORMATS
        ]


def test_a_delivery_that_a_kill_broke_off_is_made_after_the_start(
    bench: Bench, port: int, subscriber: Subscriber
) -> None:
    topic = f"http://127.0.0.1:{port}/magazine/atom.xml"
    callback = subscriber.at("/callback")
    with running(bench, "run", "--port", str(port)) as service:
        service.wait_for(PUBLISHED)
        subscriber.subscribe(topic)
        service.wait_for("subscribed topic=")
        callback.waits_seconds = 60
        print_another(bench)
        wait_for(lambda: callback.attempts == 1, "no delivery began")
        service.process.send_signal(signal.SIGKILL)
        service.process.wait()
    assert callback.deliveries == []
    callback.waits_seconds = 0
    with running(bench, "run", "--port", str(port)) as service:
        wait_for(lambda: callback.deliveries, "lost")
        service.stop()
    assert callback.deliveries[0].body == bench.published()["magazine/atom.xml"]


def test_a_stop_waits_for_no_subscriber(bench: Bench, port: int, subscriber: Subscriber) -> None:
    with running(bench, "run", "--port", str(port)) as service:
        service.wait_for(PUBLISHED)
        subscriber.subscribe(f"http://127.0.0.1:{port}/magazine/atom.xml")
        service.wait_for("subscribed topic=")
        subscriber.at("/callback").waits_seconds = 60
        print_another(bench)
        wait_for(lambda: subscriber.at("/callback").attempts, "no delivery began")
        assert service.stop() < 8
        assert service.process.returncode == 0
        assert "Traceback" not in service.text()


def test_a_round_from_cron_tells_the_hubs_and_minds_none_that_is_away(
    bench: Bench, hub: FakeHub
) -> None:
    kanliu(bench, "poll")
    assert len(hub.topics()) == 6
    kanliu(bench, "poll")
    assert hub.pings == []
    print_another(bench)
    hub.status = 500
    done = kanliu(bench, "poll")
    assert done.returncode == 0
    assert "hub not told" in done.stderr


@pytest.mark.parametrize("name", FORMATS)
def test_link_headers_say_what_the_document_says(bench: Bench, port: int, name: str) -> None:
    with running(bench, "run", "--port", str(port)) as service:
        service.wait_for(PUBLISHED)
        answer = httpx.get(f"http://127.0.0.1:{port}/magazine/{name}")
    wanted = {"hub", "self"}
    told = {(url, relation) for url, relation in LINK.findall(answer.headers.get("Link", ""))}
    embedded = {each for each in document_links(answer) if each[1] in wanted}
    assert len(embedded) == 3
    assert {each for each in told if each[1] in wanted} == embedded

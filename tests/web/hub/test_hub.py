"""The hub against a real subscriber: the hub cases of websub.rocks (FEEDS.md), and what else the
specification and common sense ask."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import httpx
import pytest
from starlette.responses import PlainTextResponse, Response

from tests.fake_site import open_fake_site
from tests.web.hub.running import START, RunningHub, open_hub
from tests.web.hub.subscriber import Subscriber, open_subscriber, post_form, wait_for
from web.hub.errands import MOST_QUESTIONS, MOST_TRIES
from web.hub.message import signature

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from starlette.requests import Request

pytestmark = pytest.mark.slow

ATOM, RSS, JSON = "magazine/atom.xml", "magazine/rss.xml", "magazine/feed.json"
FIRST, SECOND, THIRD = (f"<feed>第{number}个样子</feed>".encode() for number in ("一", "二", "三"))


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[RunningHub]:
    with open_hub(tmp_path) as hub:
        hub.publish(ATOM, FIRST)
        yield hub


@pytest.fixture
def subscriber() -> Iterator[Subscriber]:
    with open_subscriber() as subscriber:
        yield subscriber


def subscribe(hub: RunningHub, subscriber: Subscriber, topic: str = ATOM, **more: str) -> None:
    """Ask, and wait until the hub has asked back."""
    path = more.get("path", "/callback")
    before = len(subscriber.at(path).questions)
    answer = subscriber.ask(hub.address, hub.url(topic), **more)  # type: ignore[arg-type]
    assert answer.status_code == 202, answer.text
    wait_for(lambda: len(subscriber.at(path).questions) > before, "no question came")
    hub.rest()


def bodies(subscriber: Subscriber, path: str = "/callback") -> list[bytes]:
    return [delivery.body for delivery in subscriber.at(path).deliveries]


# The cases of websub.rocks


def test_case_100_a_subscriber_is_asked_and_then_sent_each_change_whole(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber)
    (question,) = subscriber.at("/callback").questions
    assert question["hub.mode"] == "subscribe"
    assert question["hub.topic"] == hub.url(ATOM)
    assert question["hub.lease_seconds"] == str(10 * 86_400)
    assert len(question["hub.challenge"]) >= 40
    assert bodies(subscriber) == []
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery")
    hub.publish(ATOM, THIRD)
    wait_for(lambda: bodies(subscriber) == [SECOND, THIRD], "no second delivery")
    hub.rest()
    assert subscriber.at("/callback").attempts == 2
    headers = subscriber.at("/callback").deliveries[0].headers
    assert headers["content-type"] == "application/atom+xml; charset=utf-8"
    assert headers["link"] == f'<{hub.address}>; rel="hub", <{hub.url(ATOM)}>; rel="self"'
    assert headers["user-agent"].startswith("Kanliu/")
    assert "x-hub-signature" not in headers


def test_case_101_with_a_secret_every_delivery_is_signed_rightly(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber, secret="s" * 199)
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery with a right signature")
    assert subscriber.at("/callback").ignored == []


def test_case_102_parameters_that_nobody_knows_are_ignored(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber, hub_foo="bar", foo="hub.topic")
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery")


def test_case_103_a_second_subscription_replaces_the_first(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber, secret="the first one")
    subscribe(hub, subscriber, secret="the second one")
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery under the second secret")
    hub.rest()
    assert subscriber.at("/callback").attempts == 1
    assert hub.subscriptions() == 1


def test_a_second_subscription_does_not_count_before_it_is_verified(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    """Else anyone could break a subscription by asking for it under another secret."""
    subscribe(hub, subscriber, secret="the right one")
    subscriber.at("/callback").wished = set()
    form = {"hub.mode": "subscribe", "hub.topic": hub.url(ATOM), "hub.secret": "another"}
    form["hub.callback"] = f"{subscriber.address}/callback"
    assert post_form(hub.address, form).status_code == 202
    wait_for(lambda: len(subscriber.at("/callback").questions) == 2, "no second question")
    hub.rest()
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery under the right secret")


def test_case_104_who_unsubscribes_is_sent_nothing_more(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber)
    subscribe(hub, subscriber, path="/other")
    subscribe(hub, subscriber, mode="unsubscribe")
    assert subscriber.at("/callback").questions[-1]["hub.mode"] == "unsubscribe"
    assert "hub.lease_seconds" not in subscriber.at("/callback").questions[-1]
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber, "/other") == [SECOND], "the other one is sent nothing")
    hub.rest()
    assert bodies(subscriber) == []


def test_nobody_unsubscribes_somebody_else(hub: RunningHub, subscriber: Subscriber) -> None:
    subscribe(hub, subscriber)
    subscriber.at("/callback").wished = set()
    form = {"hub.mode": "unsubscribe", "hub.topic": hub.url(ATOM)}
    form["hub.callback"] = f"{subscriber.address}/callback"
    assert post_form(hub.address, form).status_code == 202
    wait_for(lambda: len(subscriber.at("/callback").questions) == 2, "no question")
    hub.rest()
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery")


@pytest.mark.parametrize(
    ("topic", "content_type"),
    [
        (RSS, "application/rss+xml; charset=utf-8"),
        (JSON, "application/feed+json; charset=utf-8"),
    ],
)
def test_cases_105_and_106_each_format_goes_whole_under_its_own_type(
    hub: RunningHub, subscriber: Subscriber, topic: str, content_type: str
) -> None:
    """Case 105 asks for a topic in plain text, 106 for one in JSON. We publish no plain text: RSS
    stands for what is not Atom."""
    hub.publish(topic, b'{"version": "1"}')
    subscribe(hub, subscriber, topic)
    hub.publish(topic, '{"version": "二"}'.encode())
    wait_for(lambda: bodies(subscriber) == ['{"version": "二"}'.encode()], "no delivery")
    headers = subscriber.at("/callback").deliveries[0].headers
    assert headers["content-type"] == content_type
    assert f'<{hub.url(topic)}>; rel="self"' in headers["link"]


# Verification


def test_the_own_query_of_a_callback_survives_letter_by_letter(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    own = "?key=a%2Fb+c%20d&key=%E5%88%8A&empty="
    subscribe(hub, subscriber, query=own)
    assert subscriber.at("/callback").queries[0].startswith(f"{own[1:]}&hub.mode=subscribe&")


@pytest.mark.parametrize(
    "answers",
    [
        lambda asked: PlainTextResponse("yes"),
        lambda asked: PlainTextResponse(asked.query_params["hub.challenge"] + "x"),
        lambda asked: PlainTextResponse(asked.query_params["hub.challenge"], status_code=404),
        lambda asked: PlainTextResponse(
            asked.query_params["hub.challenge"], status_code=302, headers={"Location": "/other"}
        ),
        lambda asked: Response(asked.query_params["hub.challenge"] * 100_000),
    ],
    ids=["another word", "more than it", "not found", "redirect", "megabytes"],
)
def test_who_does_not_echo_the_challenge_is_not_subscribed(
    hub: RunningHub, subscriber: Subscriber, answers: object
) -> None:
    subscriber.at("/other")
    subscriber.at("/callback").answers = answers  # type: ignore[assignment]
    subscribe(hub, subscriber)
    assert (hub.subscriptions(), hub.waiting()) == (0, 0)
    assert subscriber.at("/other").questions == []


def test_a_subscriber_that_is_just_starting_is_asked_again_and_not_forever(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    answered: list[int] = []

    def starting(asked: Request) -> Response:
        answered.append(503)
        return Response(status_code=503)

    subscriber.at("/callback").answers = starting
    subscribe(hub, subscriber)
    assert hub.waiting() == 1
    subscriber.at("/callback").answers = None
    hub.tick(minutes=1)
    wait_for(lambda: hub.subscriptions() == 1, "not asked again")
    subscriber.at("/late").answers = starting
    subscribe(hub, subscriber, path="/late")
    for _ in range(5):
        hub.tick(hours=1)
        hub.rest()
    assert len(answered) == 1 + MOST_QUESTIONS
    assert hub.waiting() == 0


def test_a_change_between_asking_and_answering_is_delivered(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    def changing(asked: Request) -> Response:
        # The note of it comes before there is a subscription.
        hub.publish(ATOM, SECOND, is_told=False)
        return PlainTextResponse(asked.query_params["hub.challenge"])

    subscriber.at("/callback").answers = changing
    subscribe(hub, subscriber)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery")


# Leases


@pytest.mark.parametrize(
    ("asked", "granted"),
    [("3600", 3600), ("1", 300), ("999999999999", 30 * 86_400), ("", 10 * 86_400)],
)
def test_the_lease_is_what_was_asked_for_within_bounds_and_the_subscriber_is_told(
    hub: RunningHub, subscriber: Subscriber, asked: str, granted: int
) -> None:
    subscribe(hub, subscriber, hub_lease_seconds=asked)
    assert subscriber.at("/callback").questions[0]["hub.lease_seconds"] == str(granted)


def test_a_subscription_ends_with_its_lease(hub: RunningHub, subscriber: Subscriber) -> None:
    subscribe(hub, subscriber, hub_lease_seconds="3600")
    hub.tick(minutes=59)
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery within the lease")
    hub.tick(minutes=1)
    hub.publish(ATOM, THIRD)
    hub.rest()
    assert bodies(subscriber) == [SECOND]
    assert hub.subscriptions() == 0


def test_a_renewed_lease_counts_from_then(hub: RunningHub, subscriber: Subscriber) -> None:
    subscribe(hub, subscriber, hub_lease_seconds="3600")
    hub.tick(minutes=30)
    subscribe(hub, subscriber, hub_lease_seconds="3600")
    hub.tick(minutes=45)
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery within the new lease")


# Delivery


def test_nothing_is_delivered_when_nothing_changed(hub: RunningHub, subscriber: Subscriber) -> None:
    subscribe(hub, subscriber)
    form = {"hub.mode": "publish", "hub.url": hub.url(ATOM)}
    assert post_form(hub.address, form).status_code == 202
    hub.tick(minutes=1)
    hub.rest()
    assert subscriber.at("/callback").attempts == 0


def test_only_who_subscribed_to_that_topic_is_sent_it(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    hub.publish(RSS, FIRST)
    subscribe(hub, subscriber, path="/atom")
    subscribe(hub, subscriber, RSS, path="/rss")
    hub.publish(RSS, SECOND)
    wait_for(lambda: bodies(subscriber, "/rss") == [SECOND], "no delivery")
    hub.rest()
    assert bodies(subscriber, "/atom") == []


@pytest.mark.parametrize("status", [301, 302, 307, 400, 404, 429, 500, 503])
def test_what_is_not_2xx_is_a_failure_and_delivered_later(
    hub: RunningHub, subscriber: Subscriber, status: int
) -> None:
    subscriber.at("/other")
    subscribe(hub, subscriber)
    callback = subscriber.at("/callback")
    callback.status, callback.location = status, "/other"
    hub.publish(ATOM, SECOND)
    wait_for(lambda: callback.attempts == 1, "no delivery was tried")
    hub.rest()
    callback.status = 200
    hub.tick(seconds=59)
    hub.rest()
    assert callback.attempts == 1
    hub.tick(seconds=1)
    wait_for(lambda: bodies(subscriber) == [SECOND], "not tried again")
    assert subscriber.at("/other").attempts == 0


def test_who_was_away_for_several_changes_is_sent_the_newest_once(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber)
    callback = subscriber.at("/callback")
    callback.status = 500
    hub.publish(ATOM, SECOND)
    wait_for(lambda: callback.attempts == 1, "no delivery was tried")
    hub.publish(ATOM, THIRD)
    hub.rest()
    assert callback.attempts == 1
    callback.status = 200
    hub.tick(minutes=1)
    wait_for(lambda: bodies(subscriber) == [THIRD], "not tried again")
    hub.rest()
    assert bodies(subscriber) == [THIRD]


def test_a_change_during_a_delivery_is_delivered_after_it(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber)
    callback = subscriber.at("/callback")
    callback.waits_seconds = 0.5
    hub.publish(ATOM, SECOND)
    wait_for(lambda: callback.attempts > 0, "no delivery began")
    hub.publish(ATOM, THIRD)
    wait_for(lambda: bodies(subscriber) == [SECOND, THIRD], "the change was lost")


def test_delivering_is_given_up_after_a_day_and_begins_again_with_the_next_change(
    hub: RunningHub, subscriber: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    subscribe(hub, subscriber)
    callback = subscriber.at("/callback")
    callback.status = 500
    hub.publish(ATOM, SECOND)
    for _ in range(20):
        hub.rest()
        hub.tick(hours=6)
    assert callback.attempts == MOST_TRIES
    assert "delivery given up until the next change topic=magazine/atom.xml" in caplog.text
    callback.status = 200
    hub.publish(ATOM, THIRD)
    wait_for(lambda: bodies(subscriber) == [THIRD], "no delivery of the next change")


def test_a_callback_that_is_gone_ends_its_subscription(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber)
    subscriber.at("/callback").status = 410
    hub.publish(ATOM, SECOND)
    wait_for(lambda: hub.subscriptions() == 0, "the subscription is still there")


def test_one_slow_subscriber_does_not_hold_up_the_others(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    subscribe(hub, subscriber, path="/slow")
    subscribe(hub, subscriber, path="/quick")
    subscriber.at("/slow").waits_seconds = 1.5
    for body in (SECOND, THIRD):
        hub.publish(ATOM, body)
        wait_for(lambda body=body: body in bodies(subscriber, "/quick"), "held up", seconds=1.2)


def test_one_host_is_sent_two_deliveries_at_a_time(hub: RunningHub, subscriber: Subscriber) -> None:
    paths = [f"/{number}" for number in range(6)]
    for path in paths:
        subscribe(hub, subscriber, path=path)
        subscriber.at(path).waits_seconds = 0.3
    hub.publish(ATOM, SECOND)
    most = 0

    def is_done() -> bool:
        nonlocal most
        assert hub.hub is not None
        most = max(most, len(hub.hub._running))
        return all(bodies(subscriber, path) for path in paths)

    wait_for(is_done, "not all were delivered")
    assert most == 2


def test_a_bug_at_one_subscriber_costs_it_a_wait_and_the_others_nothing(
    hub: RunningHub,
    subscriber: Subscriber,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    subscribe(hub, subscriber, path="/unlucky", secret="unlucky")
    subscribe(hub, subscriber, path="/lucky", secret="lucky")

    def sign(body: bytes, secret: str) -> str:
        if secret == "unlucky":
            raise KeyError("no such digest")
        return signature(body, secret)

    with monkeypatch.context() as patched:
        patched.setattr("web.hub.errands.signature", sign)
        hub.publish(ATOM, SECOND)
        wait_for(lambda: bodies(subscriber, "/lucky") == [SECOND], "no delivery")
        hub.rest()
    broken = [each for each in caplog.records if each.message.startswith("hub broke")]
    assert [each.exc_info is not None for each in broken] == [True]
    hub.tick(minutes=1)
    wait_for(lambda: bodies(subscriber, "/unlucky") == [SECOND], "not tried again")


# What outlives the process


def test_subscriptions_and_what_is_due_outlive_the_process(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    with open_hub(tmp_path) as hub:
        hub.publish(ATOM, FIRST)
        subscribe(hub, subscriber, secret="kept too")
        subscriber.at("/callback").status = 500
        hub.publish(ATOM, SECOND)
        wait_for(lambda: subscriber.at("/callback").attempts == 1, "no delivery was tried")
        hub.rest()
    subscriber.at("/callback").status = 200
    with open_hub(tmp_path) as hub:
        hub.tick(minutes=1)
        wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery after the restart")


def test_what_was_published_while_the_hub_was_away_is_delivered_at_the_start(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    with open_hub(tmp_path) as hub:
        hub.publish(ATOM, FIRST)
        subscribe(hub, subscriber)
    hub.publish(ATOM, SECOND, is_told=False)
    with open_hub(tmp_path) as hub:
        wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery after the restart")


def test_a_question_that_was_promised_is_asked_after_a_restart(
    tmp_path: Path, subscriber: Subscriber
) -> None:
    subscriber.at("/callback").answers = lambda asked: Response(status_code=503)
    with open_hub(tmp_path) as hub:
        hub.publish(ATOM, FIRST)
        subscribe(hub, subscriber)
    subscriber.at("/callback").answers = lambda asked: PlainTextResponse(
        asked.query_params["hub.challenge"]
    )
    with open_hub(tmp_path) as hub:
        hub.tick(minutes=1)
        wait_for(lambda: hub.subscriptions() == 1, "not asked")


# What is refused


@pytest.mark.parametrize(
    ("changed", "status", "words"),
    [
        ({"hub.mode": ""}, 400, "hub.mode must be"),
        ({"hub.mode": "denied"}, 400, "hub.mode must be"),
        ({"hub.callback": ""}, 400, "hub.callback must be"),
        ({"hub.callback": "ftp://reader.example/"}, 400, "hub.callback must be"),
        ({"hub.callback": "http://user@reader.example/"}, 400, "hub.callback must be"),
        ({"hub.callback": "http://reader.example/#part"}, 400, "hub.callback must be"),
        ({"hub.callback": "http://reader.example/ x\r\nA: b"}, 400, "hub.callback must be"),
        ({"hub.callback": "http://reader.example:x/"}, 400, "hub.callback must be"),
        ({"hub.callback": "http://reader.example/" + "x" * 2000}, 400, "hub.callback must be"),
        ({"hub.callback": "http://10.1.2.3/"}, 400, "10.1.2.3, a private address"),
        ({"hub.callback": "http://[::ffff:10.0.0.1]/"}, 400, "a private address"),
        ({"hub.secret": "s" * 200}, 400, "hub.secret must be less than 200"),
        ({"hub.secret": "密" * 67}, 400, "hub.secret must be less than 200"),
        ({"hub.lease_seconds": "0"}, 400, "hub.lease_seconds must be"),
        ({"hub.lease_seconds": "-5"}, 400, "hub.lease_seconds must be"),
        ({"hub.lease_seconds": "soon"}, 400, "hub.lease_seconds must be"),
        ({"hub.topic": ""}, 404, "hub.topic is no feed of ours"),
        ({"hub.topic": "https://elsewhere.example/atom.xml"}, 404, "no feed of ours"),
        ({"hub.topic": "/magazine/../../kanliu.sqlite"}, 404, "no feed of ours"),
        ({"hub.topic": "/nothing/atom.xml"}, 404, "no feed of ours"),
        ({"hub.topic": "/magazine/"}, 404, "no feed of ours"),
        ({"hub.topic": "/magazine/archive/2026-11.atom"}, 404, "no feed of ours"),
    ],
)
def test_a_wrong_request_is_answered_with_what_is_wrong(
    hub: RunningHub, changed: dict[str, str], status: int, words: str
) -> None:
    form = {
        "hub.mode": "subscribe",
        "hub.topic": hub.url(ATOM),
        "hub.callback": "http://reader.example/callback",
    } | changed
    if form["hub.topic"].startswith("/"):
        form["hub.topic"] = hub.settings.public_url + form["hub.topic"]
    answer = post_form(hub.address, form)
    assert answer.status_code == status
    assert words in answer.text
    assert answer.headers["Content-Type"].startswith("text/plain")
    assert hub.waiting() == 0


def test_a_body_that_is_no_form_or_too_large_is_refused(hub: RunningHub) -> None:
    assert httpx.post(hub.address, json={}).status_code == 415
    large = {"hub.mode": "subscribe", "x": "y" * 20_000}
    assert post_form(hub.address, large).status_code == 413
    many = {f"x{number}": "" for number in range(100)}
    assert post_form(hub.address, many).status_code == 400


def test_a_person_who_opens_the_address_is_told_what_it_is(hub: RunningHub) -> None:
    answer = httpx.get(hub.address)
    assert answer.status_code == 200
    assert "WebSub hub" in answer.text


def test_without_the_setting_there_is_no_hub(client: httpx.Client) -> None:
    answer = client.post("/hub", data={"hub.mode": "subscribe"}, follow_redirects=True)
    assert answer.status_code == 405


def test_one_callback_host_has_room_for_twenty_subscriptions_to_a_topic(
    hub: RunningHub, subscriber: Subscriber
) -> None:
    for number in range(20):
        subscribe(hub, subscriber, path=f"/{number}")
    answer = subscriber.ask(hub.address, hub.url(ATOM), path="/one-more")
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "3600"
    subscribe(hub, subscriber, path="/3")  # a renewal is no further one


# The guard


@pytest.fixture
def guarded(tmp_path: Path) -> Iterator[RunningHub]:
    """A hub that may not visit 127.0.0.1; the client of the test may."""
    with open_hub(tmp_path, allow_addresses=()) as hub:
        hub.publish(ATOM, FIRST)
        yield hub


def test_a_name_that_leads_to_a_private_address_is_never_asked(
    guarded: RunningHub, subscriber: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    port = subscriber.address.rpartition(":")[2]
    form = {"hub.mode": "subscribe", "hub.topic": guarded.url(ATOM)}
    form["hub.callback"] = f"http://localhost:{port}/callback?token=geheim"
    subscriber.at("/callback").wished = {("subscribe", guarded.url(ATOM))}
    assert post_form(guarded.address, form).status_code == 202
    wait_for(lambda: "not verified" in caplog.text, "the log says nothing")
    assert "is a private address" in caplog.text
    assert "geheim" not in caplog.text
    guarded.rest()
    assert subscriber.at("/callback").questions == []
    assert (guarded.subscriptions(), guarded.waiting()) == (0, 0)


@pytest.mark.parametrize("host", ["2130706433", "0x7f.1", "127.1"])
def test_an_address_in_other_numbers_is_never_asked(
    guarded: RunningHub, subscriber: Subscriber, host: str
) -> None:
    port = subscriber.address.rpartition(":")[2]
    form = {"hub.mode": "subscribe", "hub.topic": guarded.url(ATOM)}
    form["hub.callback"] = f"http://{host}:{port}/callback"
    subscriber.at("/callback").wished = {("subscribe", guarded.url(ATOM))}
    post_form(guarded.address, form)
    guarded.rest()
    assert subscriber.at("/callback").questions == []
    assert guarded.subscriptions() == 0


@pytest.mark.parametrize("to", ["http://127.0.0.2:{port}/secret", "http://localhost:{port}/secret"])
def test_a_redirect_to_a_private_address_is_not_followed(
    hub: RunningHub, subscriber: Subscriber, to: str
) -> None:
    with open_fake_site("127.0.0.2") as private:
        callback = subscriber.at("/callback")
        subscribe(hub, subscriber)
        callback.status, callback.location = 307, to.format(port=private.port)
        hub.publish(ATOM, SECOND)
        wait_for(lambda: callback.attempts == 1, "no delivery was tried")
        hub.rest()
        assert private.asked == []


# What the operator reads


def test_the_log_tells_the_story_in_one_line_each(
    hub: RunningHub, subscriber: Subscriber, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    subscribe(hub, subscriber, secret="geheim")
    hub.publish(ATOM, SECOND)
    wait_for(lambda: bodies(subscriber) == [SECOND], "no delivery")
    hub.rest()
    subscribe(hub, subscriber, mode="unsubscribe")
    told = [each.getMessage() for each in caplog.records if each.name.startswith("web.hub")]
    where = "topic=magazine/atom.xml callback_host=127.0.0.1"
    assert told == [
        f"subscribed {where} lease_days=10.0 signed=yes",
        "delivered topic=magazine/atom.xml subscribers=1 failed=0",
        f"subscription ended {where} reason='as the subscriber asked'",
    ]
    assert not re.search("geheim|/callback", caplog.text)
    assert hub.clock.now == START

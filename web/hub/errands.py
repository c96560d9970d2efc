"""One errand of the hub: ask a subscriber whether a wish is its own, send it its topic, or tell it
that there is none any more, and write down what came of it. Raises StoreError alone, for the
operator."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from archive.subscriptions import Intent, Subscription
from feeds.backoff import wait_after
from feeds.content import percent_encode
from foundation.errors import RefusedError, SiteError
from web.hub.message import denial_url, question_url, signature

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime, timedelta

    from archive.subscriptions import Subscriptions
    from feeds.courier import Courier, Said
    from feeds.topics import Topics
    from feeds.websub import Writes
    from web.hub.endings import Endings

log = logging.getLogger(__name__)

Job: TypeAlias = Intent | Subscription

#: With feeds.backoff, some 21 hours; then the next change is waited for, or the end of the lease.
MOST_TRIES = 8
#: A subscriber that was just being started is up again after the second wait.
MOST_QUESTIONS = 3
_CHALLENGE_BYTES = 32
_GONE = 410


class Errands:
    """What the hub does on the wire; which and when is the hub's matter."""

    def __init__(
        self,
        topics: Topics,
        subscriptions: Subscriptions,
        *,
        endings: Endings,
        writes: Writes,
        courier: Courier,
        clock: Callable[[], datetime],
    ) -> None:
        self._topics = topics
        self._kept = subscriptions
        self._endings = endings
        self._writes = writes
        self._courier = courier
        self._clock = clock
        self._sent: Counter[str] = Counter()
        self._unsent: Counter[str] = Counter()

    async def verify(self, intent: Intent) -> None:
        """Ask the subscriber whether this is its wish (section 5.3)."""
        challenge = secrets.token_urlsafe(_CHALLENGE_BYTES)
        url = question_url(intent, topic_url=self._topics.url(intent.topic), challenge=challenge)
        try:
            said = await self._courier.get(url, most_bytes=len(challenge) + 1)
        except RefusedError as error:
            await self._drop(intent, str(error))
            return
        except SiteError as error:
            await self._ask_again(intent, str(error))
            return
        if said.status >= 500:
            await self._ask_again(intent, f"it answered {said.status}", said)
        elif not said.is_success:
            await self._drop(intent, f"it answered {said.status}")
        elif not hmac.compare_digest(said.body, challenge.encode()):
            await self._drop(intent, "it did not echo the challenge")
        else:
            await self._settle(intent)

    async def _settle(self, intent: Intent) -> None:
        if not await self._writes.run(self._kept.settle, intent, self._clock()):
            return
        if intent.mode == "unsubscribe":
            tell("subscription ended", intent, "as the subscriber asked")
            return
        # What changed since it asked is delivered now.
        digests = self._topics.digests([intent.topic])
        await self._writes.run(self._kept.change, digests, self._clock())
        log.info(
            "subscribed topic=%s callback_host=%s lease_days=%.1f signed=%s",
            intent.topic, intent.host, _days(intent.lease), "yes" if intent.secret else "no",
        )  # fmt: skip

    async def deny(self, intent: Intent) -> None:
        """Tell a subscriber that its subscription is over (section 5.2). Whatever it answers, it
        has heard; only where it cannot be reached it is told again."""
        over = await asyncio.to_thread(self._endings.of, [intent.topic])
        # The topic may be back; the subscription is not, and its subscriber must know.
        ending = over.get(intent.topic)
        topic_url = self._topics.url(intent.topic)
        url = denial_url(intent, topic_url=topic_url, reason=ending.reason if ending else None)
        moved_to = percent_encode(ending.moved_to) if ending and ending.moved_to else None
        try:
            said = await self._courier.get(url, headers={"Location": moved_to} if moved_to else {})
        except RefusedError as error:
            await self._drop(intent, str(error))
            return
        except SiteError as error:
            await self._ask_again(intent, str(error))
            return
        if said.status >= 500:
            await self._ask_again(intent, f"it answered {said.status}", said)
        else:
            await self._writes.run(self._kept.drop, intent)
            log.debug("told of its end topic=%s callback_host=%s", intent.topic, intent.host)

    async def _ask_again(self, intent: Intent, reason: str, said: Said | None = None) -> None:
        if intent.tries + 1 >= MOST_QUESTIONS:
            await self._drop(intent, reason)
        else:
            await self.put_off(intent, said)

    async def _drop(self, intent: Intent, reason: str) -> None:
        await self._writes.run(self._kept.drop, intent)
        is_denied = intent.mode == "denied"
        what = "not told of its end" if is_denied else f"not verified mode={intent.mode}"
        tell(what, intent, reason)

    async def deliver(self, subscription: Subscription) -> None:
        """Send the topic as it is now, unless the subscriber has just that."""
        content = self._topics.read(subscription.topic)
        if content is None:
            await self._writes.run(self._kept.put_off, subscription, None)
            return
        if content.digest != subscription.delivered:
            headers = self._topics.headers(subscription.topic)
            if subscription.secret is not None:
                headers["X-Hub-Signature"] = signature(content.body, subscription.secret)
            try:
                said = await self._courier.post(subscription.callback, content.body, headers)
            except SiteError as error:
                await self._miss(subscription, str(error))
                return
            if not said.is_success:
                await self._end_or_miss(subscription, said)
                return
            self._sent[subscription.topic] += 1
        await self._writes.run(
            self._kept.deliver, subscription.number, content.digest, self._clock()
        )

    async def _end_or_miss(self, subscription: Subscription, said: Said) -> None:
        if said.status == _GONE:
            await self._writes.run(self._kept.end, subscription.number)
            tell("subscription ended", subscription, "its callback is gone (410)")
        else:
            await self._miss(subscription, f"it answered {said.status}", said)

    async def _miss(
        self, subscription: Subscription, reason: str, said: Said | None = None
    ) -> None:
        self._unsent[subscription.topic] += 1
        if subscription.tries + 1 < MOST_TRIES:
            await self.put_off(subscription, said)
            log.debug("not delivered callback_host=%s reason=%r", subscription.host, reason)
        else:
            await self._writes.run(self._kept.put_off, subscription, None)
            log.warning(
                "delivery given up until the next change topic=%s callback_host=%s tries=%d "
                "reason=%r",
                subscription.topic, subscription.host, subscription.tries + 1, reason,
            )  # fmt: skip

    async def put_off(self, job: Job, said: Said | None = None) -> None:
        """Try again after a while, or after as long as the callback asks for."""
        now = self._clock()
        due = now + wait_after(job.tries + 1, said.asks_to_wait(now) if said else None)
        if isinstance(job, Intent):
            await self._writes.run(self._kept.put_off_intent, job, due)
        else:
            await self._writes.run(self._kept.put_off, job, due)

    def log_delivered(self, topic: str) -> None:
        """One line for all that were sent a topic one after the other."""
        sent, unsent = self._sent.pop(topic, 0), self._unsent.pop(topic, 0)
        if sent or unsent:
            log.info("delivered topic=%s subscribers=%d failed=%d", topic, sent, unsent)


def tell(what: str, job: Job, reason: str) -> None:
    """A callback's path may be a password, so the log has its host only."""
    log.info("%s topic=%s callback_host=%s reason=%r", what, job.topic, job.host, reason)


def _days(span: timedelta) -> float:
    return span.total_seconds() / 86_400

"""The hub at work: takes wishes, asks subscribers whether they are theirs, sends them what changed.

Everything that must not be lost is in the store before it is begun, and taken out of it when it is
done; so a process that is killed half-way begins again where it was. What is sent is read from the
published file at that moment. `tell_subscribers` starts what is due and returns; it is to be called
again when `woken` is set, and now and then.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from typing import TYPE_CHECKING

from archive.subscriptions import Intent, Subscription
from feeds.topics import Topics
from foundation.address import parse_networks
from foundation.errors import StoreError
from web.hub.errands import Errands, tell
from web.hub.request import RefusedRequest, Wish, parse_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.subscriptions import Load, Subscriptions
    from feeds.courier import Courier
    from feeds.websub import Writes
    from foundation.settings import Settings
    from web.hub.endings import Endings
    from web.hub.errands import Job

log = logging.getLogger(__name__)

#: Requests under way: in all, and to one host, which may be a small one.
AT_ONCE, AT_ONCE_PER_HOST = 16, 2
#: A reader in the web that follows each feed of 3,000 journals fits; what nobody needs does not.
MOST, MOST_PER_HOST, MOST_PER_HOST_AND_TOPIC = 100_000, 10_000, 20
#: Of unverified ones each costs a request to somebody who may know nothing of it.
MOST_WAITING, MOST_WAITING_PER_HOST = 10_000, 1_000
#: How soon somebody may ask again that was told that there is no room.
ASK_AGAIN_SECONDS = 3600


class Hub:
    """The hub of one published tree; for one loop."""

    def __init__(
        self,
        settings: Settings,
        subscriptions: Subscriptions,
        *,
        endings: Endings,
        writes: Writes,
        courier: Courier,
        clock: Callable[[], datetime],
    ) -> None:
        self._kept = subscriptions
        self._writes = writes
        self._clock = clock
        #: Set when there may be something to do.
        self.woken = asyncio.Event()
        self._topics = Topics(settings)
        self._errands = Errands(
            self._topics,
            subscriptions,
            endings=endings,
            writes=writes,
            courier=courier,
            clock=clock,
        )
        self._endings = endings
        self._allow = parse_networks(settings.allow_addresses)
        self._changed: set[str] | None = None
        self._running: dict[asyncio.Task[None], Job] = {}
        self._failed: StoreError | None = None

    def note(self, written: Iterable[Path]) -> None:
        """These published files were written, or taken away."""
        if self._changed is not None:  # at the start, everything is looked at anyway
            self._changed.update(self._topics.of(written))
        self.woken.set()

    async def take(self, form: bytes) -> None:
        """Take a wish; it is on disk when this returns.

        Raises:
            RefusedRequest: what is wrong with it.
            StoreError: it could not be written down.
        """
        wish = parse_request(form, self._allow)
        topic = self._topics.find(wish.topic)
        digest = self._topics.digest(topic) if topic else None
        if topic is None or (digest is None and wish.mode != "unsubscribe"):
            raise RefusedRequest(404, "hub.topic is no feed of ours")
        if wish.mode == "publish":
            if self._changed is not None:
                self._changed.add(topic)
        else:
            if wish.mode == "subscribe":
                await self._check_room(wish, topic)
            intent = Intent(
                mode=wish.mode,
                topic=topic,
                callback=wish.callback,
                host=wish.host,
                secret=wish.secret,
                lease=wish.lease,
                digest=digest or "",
            )
            await self._writes.run(self._kept.ask, intent, self._clock())
        self.woken.set()

    async def tell_subscribers(self) -> None:
        """Start what is due, as much as there is room for.

        Raises:
            StoreError: something could not be written down; nothing more can be done.
        """
        if self._failed is not None:
            raise self._failed
        await self._look_at_topics()
        now = self._clock()
        for ended in await self._writes.run(self._kept.end_expired, now):
            tell("subscription ended", ended, "its lease is over")
        while len(self._running) < AT_ONCE:
            chosen = await self._choose(now)
            if not chosen:
                return
            for job in chosen:
                task = asyncio.ensure_future(self._do(job))
                self._running[task] = job
                task.add_done_callback(self._ended)

    async def close(self) -> None:
        """Break off what is under way; it is due still."""
        running = list(self._running)
        for task in running:
            task.cancel()
        if running:
            await asyncio.wait(running)

    async def _check_room(self, wish: Wish, topic: str) -> None:
        if await self._writes.run(self._kept.has, wish.callback, topic):
            return
        load = await self._writes.run(self._kept.load, wish.host, topic)
        if not has_room(load):
            log.warning("no room for a subscription callback_host=%s load=%s", wish.host, load)
            raise RefusedRequest(
                429,
                "too many subscriptions, or too many that wait to be verified",
                retry_seconds=ASK_AGAIN_SECONDS,
            )

    async def _look_at_topics(self) -> None:
        """Find out who has something else than what is published, and what is over."""
        topics = self._changed
        if topics is None:
            topics = set(await self._writes.run(self._kept.topics))
        self._changed = set()
        try:
            digests = await asyncio.to_thread(self._topics.digests, sorted(topics))
            if digests:
                await self._writes.run(self._kept.change, digests, self._clock())
            if missing := topics - digests.keys():
                await self._deny(missing)
        except BaseException:
            self._changed |= topics
            raise

    async def _deny(self, missing: set[str]) -> None:
        """End the subscriptions to those of these topics that are over."""
        for topic, ending in (await asyncio.to_thread(self._endings.of, missing)).items():
            denied = await self._writes.run(self._kept.deny, topic, self._clock())
            if denied:
                log.info(
                    "subscriptions denied topic=%s subscribers=%d reason=%r",
                    topic, denied, ending.reason,
                )  # fmt: skip

    async def _choose(self, now: datetime) -> list[Job]:
        """What is due and may be begun: questions first, as somebody waits for them."""
        hosts = Counter(job.host for job in self._running.values())
        full = [host for host, count in hosts.items() if count >= AT_ONCE_PER_HOST]
        free = AT_ONCE - len(self._running)
        intents: Sequence[Job] = await self._writes.run(
            self._kept.intents, now, limit=free, busy=self._busy(Intent), full=full
        )
        due: Sequence[Job] = await self._writes.run(
            self._kept.due, now, limit=free, busy=self._busy(Subscription), full=full
        )
        chosen: list[Job] = []
        for job in (*intents, *due):
            if len(chosen) < free and hosts[job.host] < AT_ONCE_PER_HOST:
                hosts[job.host] += 1
                chosen.append(job)
        return chosen

    def _busy(self, kind: type[Job]) -> list[int]:
        return [job.number for job in self._running.values() if isinstance(job, kind)]

    async def _do(self, job: Job) -> None:
        try:
            if isinstance(job, Intent) and job.mode == "denied":
                await self._errands.deny(job)
            elif isinstance(job, Intent):
                await self._errands.verify(job)
            else:
                await self._errands.deliver(job)
        except StoreError:
            raise
        except Exception:
            log.exception("hub broke topic=%s callback_host=%s", job.topic, job.host)
            # Else it would be due again at once, and break again.
            await self._errands.put_off(job)

    def _ended(self, task: asyncio.Task[None]) -> None:
        job = self._running.pop(task)
        if not task.cancelled() and isinstance(error := task.exception(), StoreError):
            self._failed = error
        if not any(other.topic == job.topic for other in self._running.values()):
            self._errands.log_delivered(job.topic)
        self.woken.set()


def has_room(load: Load) -> bool:
    """Whether one more subscription may be asked for."""
    return (
        load.total < MOST
        and load.of_host < MOST_PER_HOST
        and load.of_host_and_topic < MOST_PER_HOST_AND_TOPIC
        and load.waiting < MOST_WAITING
        and load.waiting_of_host < MOST_WAITING_PER_HOST
    )

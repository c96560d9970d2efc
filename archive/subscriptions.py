"""The subscriptions of our own hub (WebSub), and what was asked of it. Each method is one
transaction, on disk when it returns. Sends nothing, and decides nothing about a callback.

A subscription knows what its subscriber has (`delivered`) and what its topic is (`wanted`). As
long as the two differ it is due: so no delivery is lost by whatever ends the process, and what
changed several times meanwhile is delivered once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from sqlalchemy import bindparam, case, delete, func, insert, select, update

from archive import schema
from archive.columns import Instant

if TYPE_CHECKING:
    from collections.abc import Collection
    from datetime import datetime

    from sqlalchemy import Connection, Select

    from archive.database import Database
    from archive.schema import AnyRow

#: What a subscriber wants; or that we end its subscription, and have to tell it.
Mode: TypeAlias = Literal["subscribe", "unsubscribe", "denied"]

_I, _S = schema.intents, schema.subscriptions
_DENIED: Mode = "denied"

_CHANGED = (
    update(_S)
    .where(_S.c.topic == bindparam("changed"), _S.c.wanted != bindparam("digest"))
    .values(
        wanted=bindparam("digest"),
        due=func.coalesce(_S.c.due, bindparam("now", type_=Instant())),
    )
)
# What changed while it was under way is due again at once.
_DELIVERED = (
    update(_S)
    .where(_S.c.number == bindparam("key"))
    .values(
        delivered=bindparam("digest"),
        tries=0,
        due=case(
            (_S.c.wanted == bindparam("digest"), None),
            else_=bindparam("now", type_=Instant()),
        ),
    )
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Intent:
    """What somebody says a subscriber wants; the subscriber is asked before it counts. `digest` is
    the topic as it was then. One that is `denied` is told so, and not asked."""

    mode: Mode
    topic: str
    callback: str
    host: str
    secret: str | None
    lease: timedelta
    digest: str
    tries: int = 0
    number: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class Subscription:
    """Who is sent a topic at each change, until when. `delivered` is the digest of what it has."""

    number: int
    topic: str
    callback: str
    host: str
    secret: str | None
    expires: datetime
    delivered: str
    tries: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Load:
    """How many subscriptions there are: in all, of one host of callbacks, of that host to one
    topic; and how many intents wait, in all and of that host."""

    total: int
    of_host: int
    of_host_and_topic: int
    waiting: int
    waiting_of_host: int


class Subscriptions:
    """A topic is a path of the published tree."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def load(self, host: str, topic: str) -> Load:
        """What to hold against the bounds before another one is taken."""
        of_host = _S.c.host == host
        count = select(func.count())
        with self._database.reading() as connection:

            def counted(query: Select[int]) -> int:
                return connection.scalar(query) or 0

            return Load(
                total=counted(count.select_from(_S)),
                of_host=counted(count.select_from(_S).where(of_host)),
                of_host_and_topic=counted(
                    count.select_from(_S).where(of_host, _S.c.topic == topic)
                ),
                waiting=counted(count.select_from(_I).where(_I.c.mode != _DENIED)),
                waiting_of_host=counted(
                    count.select_from(_I).where(_I.c.host == host, _I.c.mode != _DENIED)
                ),
            )

    def has(self, callback: str, topic: str) -> bool:
        """Whether this callback is subscribed to this topic."""
        query = select(_S.c.number).where(_S.c.callback == callback, _S.c.topic == topic)
        with self._database.reading() as connection:
            return connection.scalar(query) is not None

    def ask(self, intent: Intent, now: datetime) -> None:
        """Keep what was asked, in place of what the same callback asked of the same topic."""
        with self._database.writing(turn="hub") as connection:
            _drop_same(connection, intent)
            row = {**_intent_row(intent), "tries": 0, "due": now}
            connection.execute(insert(_I), row)

    def intents(
        self, now: datetime, *, limit: int, busy: Collection[int], full: Collection[str]
    ) -> list[Intent]:
        """What is to be verified now, the longest waiting first, and then whom to tell that it is
        denied; not those under way (`busy`), nor those of hosts that are asked enough at once
        (`full`)."""
        query = (
            select(_I)
            .where(_I.c.due <= now, _I.c.number.not_in(busy), _I.c.host.not_in(full))
            .order_by(_I.c.mode == _DENIED, _I.c.due, _I.c.number)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_intent(row) for row in connection.execute(query)]

    def settle(self, intent: Intent, now: datetime) -> bool:
        """The subscriber wants it so: from now on it counts. Not where something else was asked, or
        the topic ended, while it was asked: whether it counts now."""
        with self._database.writing(turn="hub") as connection:
            if not connection.execute(_this(delete(_I), intent)).rowcount:
                return False
            if intent.mode == "unsubscribe":
                connection.execute(_same(delete(_S), intent))
                return True
            terms = {"secret": intent.secret, "expires": now + intent.lease}
            # What it has already stays: only its terms are new.
            if connection.execute(_same(update(_S), intent).values(terms)).rowcount:
                return True
            row = {
                "topic": intent.topic,
                "callback": intent.callback,
                "host": intent.host,
                "delivered": intent.digest,
                "wanted": intent.digest,
                "tries": 0,
                "due": None,
            }
            connection.execute(insert(_S), row | terms)
            return True

    def drop(self, intent: Intent) -> None:
        """The subscriber does not want it, or does not answer; or was told."""
        with self._database.writing(turn="hub") as connection:
            connection.execute(_this(delete(_I), intent))

    def put_off_intent(self, intent: Intent, due: datetime) -> None:
        """Ask the subscriber again then."""
        with self._database.writing(turn="hub") as connection:
            values = {"tries": intent.tries + 1, "due": due}
            connection.execute(_this(update(_I), intent).values(values))

    def deny(self, topic: str, now: datetime) -> int:
        """End all subscriptions to a topic, and what waits to become one; how many. Each subscriber
        is to be told: until it is, it stands among the intents."""
        wanted = _I.c.mode == "subscribe"
        denied = {"mode": _DENIED, "secret": None, "tries": 0, "due": now}
        with self._database.writing(turn="hub") as connection:
            waiting = connection.execute(
                update(_I).where(_I.c.topic == topic, wanted).values(denied)
            ).rowcount
            # Who asked for an end has it already, and is asked whether it did.
            asked = select(_I.c.callback).where(_I.c.topic == topic)
            rows = connection.execute(
                select(_S.c.topic, _S.c.callback, _S.c.host).where(
                    _S.c.topic == topic, _S.c.callback.not_in(asked)
                )
            ).all()
            told = [{**row._mapping, **denied, "lease_seconds": 0, "digest": ""} for row in rows]
            if told:
                connection.execute(insert(_I), told)
            connection.execute(delete(_S).where(_S.c.topic == topic))
        return waiting + len(told)

    def topics(self) -> list[str]:
        """What anyone is subscribed to, or waits to be."""
        with self._database.reading() as connection:
            wanted = select(_I.c.topic).where(_I.c.mode == "subscribe")
            return sorted(connection.scalars(select(_S.c.topic).union(wanted)))

    def change(self, digests: dict[str, str], now: datetime) -> None:
        """The topics are so now: whoever has something else is due."""
        with self._database.writing(turn="hub") as connection:
            for topic, digest in digests.items():
                connection.execute(_CHANGED, {"changed": topic, "digest": digest, "now": now})

    def due(
        self, now: datetime, *, limit: int, busy: Collection[int], full: Collection[str]
    ) -> list[Subscription]:
        """Who is to be sent its topic now, the longest waiting first; `busy` and `full` as for
        `intents`."""
        query = (
            select(_S)
            .where(_S.c.due <= now, _S.c.number.not_in(busy), _S.c.host.not_in(full))
            .where(_S.c.expires > now)
            .order_by(_S.c.due, _S.c.number)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_subscription(row) for row in connection.execute(query)]

    def deliver(self, number: int, digest: str, now: datetime) -> None:
        """The subscriber has what this is the digest of."""
        with self._database.writing(turn="hub") as connection:
            connection.execute(_DELIVERED, {"key": number, "digest": digest, "now": now})

    def put_off(self, subscription: Subscription, due: datetime | None) -> None:
        """Try again then; None gives up until the topic changes again."""
        values = {"tries": 0 if due is None else subscription.tries + 1, "due": due}
        query = update(_S).where(_S.c.number == subscription.number).values(values)
        with self._database.writing(turn="hub") as connection:
            connection.execute(query)

    def end(self, number: int) -> None:
        """The subscriber is gone."""
        with self._database.writing(turn="hub") as connection:
            connection.execute(delete(_S).where(_S.c.number == number))

    def end_expired(self, now: datetime) -> list[Subscription]:
        """End those whose lease is over, and say which."""
        over = select(_S).where(_S.c.expires <= now).order_by(_S.c.number)
        with self._database.reading() as connection:
            ended = [_subscription(row) for row in connection.execute(over)]
        if ended:
            with self._database.writing(turn="hub") as connection:
                connection.execute(delete(_S).where(_S.c.expires <= now))
        return ended


def _this(query: Any, intent: Intent) -> Any:
    """What is there of an intent; nothing, where its topic ended meanwhile."""
    return query.where(_I.c.number == intent.number, _I.c.mode == intent.mode)


def _same(query: Any, intent: Intent) -> Any:
    return query.where(_S.c.callback == intent.callback, _S.c.topic == intent.topic)


def _drop_same(connection: Connection, intent: Intent) -> None:
    query = delete(_I).where(_I.c.callback == intent.callback, _I.c.topic == intent.topic)
    connection.execute(query)


def _intent_row(intent: Intent) -> dict[str, object]:
    return {
        "topic": intent.topic,
        "callback": intent.callback,
        "host": intent.host,
        "mode": intent.mode,
        "secret": intent.secret,
        "lease_seconds": round(intent.lease.total_seconds()),
        "digest": intent.digest,
    }


def _intent(row: AnyRow) -> Intent:
    return Intent(
        number=row.number,
        mode=row.mode,
        topic=row.topic,
        callback=row.callback,
        host=row.host,
        secret=row.secret,
        lease=timedelta(seconds=row.lease_seconds),
        digest=row.digest,
        tries=row.tries,
    )


def _subscription(row: AnyRow) -> Subscription:
    return Subscription(
        number=row.number,
        topic=row.topic,
        callback=row.callback,
        host=row.host,
        secret=row.secret,
        expires=row.expires,
        delivered=row.delivered,
        tries=row.tries,
    )

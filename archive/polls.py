"""What stands around a poll: who is due, what is known before it, what is written down after."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, bindparam, case, delete, func, insert, or_, select, update

from archive import schema
from archive.events import record
from archive.model import Event, KnownLink, ListState, Miss, Outcome, Poll, SourceMemory

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from datetime import datetime

    from sqlalchemy import Connection

    from archive.model import PollEnd
    from archive.schema import AnyRow

#: Rows of misses that no list shows any more are dropped after this long; a miss is tried at
#: least weekly, so a link that is still listed is never this old.
_MISS_FORGOTTEN = timedelta(days=60)

_S, _P, _L, _M = schema.sources, schema.polls, schema.lists, schema.misses
_A = schema.locations

_DUE = (
    select(_S.c.id, _S.c.host, _S.c.due)
    .where(
        _S.c.due <= bindparam("now"),
        _S.c.host.not_in(bindparam("full", expanding=True)),
        _S.c.id.not_in(bindparam("busy", expanding=True)),
    )
    .order_by(_S.c.due, _S.c.id)
    .limit(bindparam("rows"))
)
_DUE_ON = _DUE.where(
    or_(
        _S.c.due > bindparam("after", type_=_S.c.due.type),
        and_(_S.c.due == bindparam("after", type_=_S.c.due.type), _S.c.id > bindparam("after_id")),
    )
)
_WALKED = select(_S.c.walked).where(_S.c.id == bindparam("source"))
_LISTS = select(_L).where(_L.c.source_id == bindparam("source"))
_MISSES = select(_M).where(_M.c.source_id == bindparam("source"))
_LINKS = select(
    _A.c.url, _A.c.asked, _A.c.entry_id, _A.c.listed_title, _A.c.listed_published,
    _A.c.first_seen, _A.c.last_asked, _A.c.etag, _A.c.last_modified, _A.c.body_digest, _A.c.missing,
).where(_A.c.source_id == bindparam("source"))  # fmt: skip

_ADD_POLL, _ADD_LIST, _ADD_MISS = insert(_P), insert(_L), insert(_M)
_END = (
    update(_S)
    .where(_S.c.id == bindparam("source"))
    .values(
        # Paused or retired meanwhile: not due, whatever the poll in flight reckoned.
        due=case(
            (
                and_(_S.c.paused.is_(None), _S.c.retired.is_(None), _S.c.is_present),
                bindparam("next", type_=_S.c.due.type),
            ),
            else_=None,
        ),
        failures=bindparam("failed"),
        outcome=bindparam("ended"),
        walked=func.coalesce(bindparam("whole", type_=_S.c.walked.type), _S.c.walked),
        last_poll=select(func.max(_P.c.number))
        .where(_P.c.source_id == bindparam("source"))
        .scalar_subquery(),
    )
)
_OUTCOMES = select(_S.c.id, _S.c.outcome).where(_S.c.id.in_(bindparam("sources", expanding=True)))
_DROP_LISTS = delete(_L).where(
    _L.c.source_id == bindparam("source"), _L.c.url.in_(bindparam("urls", expanding=True))
)
_DROP_MISSES = delete(_M).where(
    _M.c.source_id == bindparam("source"),
    or_(_M.c.url.in_(bindparam("urls", expanding=True)), _M.c.retry_at < bindparam("old")),
)


def find_due(
    connection: Connection,
    now: datetime,
    *,
    limit: int,
    per_host: int,
    busy: Collection[str],
    busy_hosts: Mapping[str, int],
) -> list[str]:
    """The sources whose time has come, the longest waiting first, at most `per_host` at once on
    one host. Walks the index of due instants and stops when enough are found: how many sources
    there are does not matter, nor how many are due on a host that is full."""
    running = Counter(busy_hosts)
    full = [host for host, count in running.items() if count >= per_host]
    chosen: list[str] = []
    values: dict[str, Any] = {"now": now, "busy": list(busy), "rows": limit}
    query = _DUE
    while len(chosen) < limit:
        rows = connection.execute(query, values | {"full": full}).all()
        for row in rows:
            if running[row.host] < per_host and len(chosen) < limit:
                chosen.append(row.id)
                running[row.host] += 1
                if running[row.host] >= per_host:
                    full.append(row.host)
        if len(rows) < limit:
            break
        query = _DUE_ON
        values |= {"after": rows[-1].due, "after_id": rows[-1].id}
    return chosen


def read_memory(connection: Connection, source_id: str) -> SourceMemory:
    """What is known about a source before a poll; nothing at all of one never seen."""
    at = {"source": source_id}
    known = _known_links(connection.execute(_LINKS, at).all())
    return SourceMemory(
        source_id=source_id,
        lists={row.url: _list_state(row) for row in connection.execute(_LISTS, at)},
        known=known,
        walked=connection.scalar(_WALKED, at),
        misses={
            row.url: Miss(url=row.url, tries=row.tries, reason=row.reason, retry_at=row.retry_at)
            for row in connection.execute(_MISSES, at)
            if row.url not in known
        },
    )


def end_polls(connection: Connection, ends: Sequence[PollEnd]) -> None:
    """Write down how polls ended and when to come again."""
    before: dict[str, str | None] = {
        row.id: row.outcome
        for row in connection.execute(_OUTCOMES, {"sources": [e.poll.source_id for e in ends]})
    }
    connection.execute(_ADD_POLL, [_poll_row(end.poll) for end in ends])
    connection.execute(_END, [_end_row(end) for end in ends])
    for end in ends:
        _remember_lists(connection, end)
        _remember_misses(connection, end)
    told = (_find_turn(before.get(end.poll.source_id), end.poll) for end in ends)
    record(connection, [event for event in told if event is not None])


def polls_of(connection: Connection, source_id: str, limit: int | None) -> list[Poll]:
    """The polls of a source, newest first."""
    query = select(_P).where(_P.c.source_id == source_id).order_by(_P.c.number.desc()).limit(limit)
    return [read_poll(row) for row in connection.execute(query)]


def read_poll(row: AnyRow) -> Poll:
    """A poll from a row that has every column of the table."""
    seconds = row.retry_after_seconds
    return Poll(
        source_id=row.source_id,
        started=row.started,
        ended=row.ended,
        outcome=Outcome(row.outcome),
        reason=row.reason,
        new=row.new,
        revised=row.revised,
        vanished=row.vanished,
        skipped=row.skipped,
        requests=row.requests,
        retry_after=None if seconds is None else timedelta(seconds=seconds),
    )


def _known_links(rows: Sequence[AnyRow]) -> dict[str, KnownLink]:
    """By every address; the names of one page share its link."""
    links: dict[str, KnownLink] = {}
    names: list[tuple[str, str]] = []
    # Unpacked, not by name: a source may have thousands.
    for (
        url, asked, entry_id, title, published,
        first_seen, last_asked, etag, last_modified, body_digest, missing,
    ) in rows:  # fmt: skip
        if url != asked:
            names.append((url, asked))
            continue
        links[url] = KnownLink(
            url=url,
            entry_id=entry_id,
            title=title,
            published=published,
            first_seen=first_seen,
            last_asked=last_asked,
            etag=etag,
            last_modified=last_modified,
            body_digest=body_digest,
            missing=missing,
        )
    links.update({url: links[asked] for url, asked in names if asked in links})
    return links


def _remember_lists(connection: Connection, end: PollEnd) -> None:
    if not end.lists:
        return
    source = end.poll.source_id
    rows = {
        state.url: {
            "source_id": source,
            "url": state.url,
            "etag": state.etag,
            "last_modified": state.last_modified,
            "body_digest": state.body_digest,
            "links_digest": state.links_digest,
        }
        for state in end.lists
    }
    connection.execute(_DROP_LISTS, {"source": source, "urls": list(rows)})
    connection.execute(_ADD_LIST, list(rows.values()))


def _remember_misses(connection: Connection, end: PollEnd) -> None:
    if not end.misses:
        return
    source = end.poll.source_id
    rows = {
        miss.url: {
            "source_id": source,
            "url": miss.url,
            "tries": miss.tries,
            "reason": miss.reason,
            "retry_at": miss.retry_at,
        }
        for miss in end.misses
    }
    old = end.poll.ended - _MISS_FORGOTTEN
    connection.execute(_DROP_MISSES, {"source": source, "urls": list(rows), "old": old})
    connection.execute(_ADD_MISS, list(rows.values()))


def _find_turn(before: str | None, poll: Poll) -> Event | None:
    """An event when a source begins or ceases to answer as it should, or fails in another way."""
    was = None if before is None or Outcome(before).is_good else before
    now = None if poll.outcome.is_good else poll.outcome.value
    if was == now:
        return None
    detail = {"before": before or "", "after": poll.outcome.value, "reason": poll.reason}
    return Event(at=poll.ended, kind="outcome-changed", source_id=poll.source_id, detail=detail)


def _poll_row(poll: Poll) -> dict[str, object]:
    return {
        "source_id": poll.source_id,
        "started": poll.started,
        "ended": poll.ended,
        "outcome": poll.outcome.value,
        "reason": poll.reason,
        "new": poll.new,
        "revised": poll.revised,
        "vanished": poll.vanished,
        "skipped": poll.skipped,
        "requests": poll.requests,
        "retry_after_seconds": round(poll.retry_after.total_seconds())
        if poll.retry_after is not None
        else None,
    }


def _end_row(end: PollEnd) -> dict[str, object]:
    return {
        "source": end.poll.source_id,
        "next": end.due,
        "failed": end.failures,
        "ended": end.poll.outcome.value,
        "whole": end.walked,
    }


def _list_state(row: AnyRow) -> ListState:
    return ListState(
        url=row.url,
        etag=row.etag,
        last_modified=row.last_modified,
        body_digest=row.body_digest,
        links_digest=row.links_digest,
    )

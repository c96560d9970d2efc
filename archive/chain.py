"""The log of events as a chain: each carries the digest of the one before it, so that one altered,
lost or put elsewhere is seen in all that follow. Pure."""

from __future__ import annotations

import hashlib
import json
import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from archive.model import Event
from archive.premis import premis_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: What the first event has for the digest of the one before it.
GENESIS = "0" * 64


@dataclass(frozen=True, kw_only=True, slots=True)
class LoggedEvent:
    """An event in the log: its number, the digest of the one before it, and its own."""

    number: int
    event: Event
    previous: str
    digest: str


def link(
    events: Iterable[Event], *, number: int = 0, previous: str = GENESIS
) -> Iterator[LoggedEvent]:
    """Events in their order as the next links after `number`, whose digest is `previous`."""
    for event in events:
        number += 1
        digest = digest_of(event, number=number, previous=previous)
        yield LoggedEvent(number=number, event=event, previous=previous, digest=digest)
        previous = digest


def digest_of(event: Event, *, number: int, previous: str) -> str:
    """sha256, in hexadecimal, of what an event says, its number and the digest before it."""
    said = {**_said(event), "number": number, "previous": previous}
    return hashlib.sha256(_canonical(said)).hexdigest()


def event_document(logged: LoggedEvent) -> bytes:
    """An event as the archive's files hold it. Its digest is that of this JSON without the keys
    `digest` and `premis`, sorted, without white space, in ASCII."""
    said: dict[str, Any] = {
        **_said(logged.event),
        "number": logged.number,
        "previous": logged.previous,
        "digest": logged.digest,
    }
    premis = premis_of(logged.event.kind)
    if premis is not None:
        said["premis"] = premis
    return _canonical(said)


def read_event_document(document: bytes) -> LoggedEvent:
    """What `event_document` was given.

    Raises:
        ValueError: it is none.
    """
    try:
        said = json.loads(document)
        event = Event(
            at=datetime.fromisoformat(said["at"]),
            kind=said["kind"],
            source_id=said["source_id"],
            entry_id=said["entry_id"],
            detail=said["detail"],
        )
        return LoggedEvent(
            number=operator.index(said["number"]),
            event=event,
            previous=said["previous"],
            digest=said["digest"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"no event: {document[:80]!r}") from error


def _said(event: Event) -> dict[str, Any]:
    return {
        "at": event.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "kind": event.kind,
        "source_id": event.source_id,
        "entry_id": event.entry_id,
        "detail": dict(event.detail),
    }


def _canonical(said: dict[str, Any]) -> bytes:
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode("ascii")

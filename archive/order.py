"""What the archive's files tell, put in order on disk: the log does not fit in memory. Knows rows
and their order; what they mean is contents.py's matter.

The order is that of the log, whose numbers are one row over all files. A sighting stands where the
log tells what came of it; one of which nothing came, where its own file and the clock put it.
"""

from __future__ import annotations

import pickle
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from heapq import merge
from pathlib import Path
from typing import TYPE_CHECKING

from archive.chain import read_event_document

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from sqlite3 import Connection

    from archive.chain import LoggedEvent
    from archive.exchange import Capture

#: What keeping a sighting tells of, and reading again. Its first event is the sighting's place.
OF_A_SIGHTING = frozenset(
    {
        *("entry-new", "entry-revised", "entry-reappeared", "page-added", "page-returned"),
        *("correction-questioned", "entry-reread"),
    }
)
#: Of these, what reading again never tells.
_OF_NEW_CAPTURES = frozenset({"entry-new", "entry-revised", "entry-reappeared"})
#: An older release did not write down when it read a page, only when it asked for it. A page that
#: a browser draws takes a minute and a half at most.
_READ_WITHIN = timedelta(minutes=5)
#: How many rows are in memory at once while they are given their places.
_AT_ONCE = 1000

TABLES = (
    "CREATE TABLE events (number INTEGER PRIMARY KEY, at INTEGER, document BLOB)",
    "CREATE TABLE by_capture (capture BLOB PRIMARY KEY, number INTEGER) WITHOUT ROWID",
    """CREATE TABLE by_instant (whose BLOB, at INTEGER, number INTEGER, PRIMARY KEY (whose, at))
        WITHOUT ROWID""",
    "CREATE TABLE nameless (number INTEGER PRIMARY KEY, source BLOB, at INTEGER, url BLOB)",
    "CREATE INDEX nameless_near ON nameless (source, at)",
    "CREATE TABLE records (id BLOB PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE things (place INTEGER PRIMARY KEY, thing BLOB, number INTEGER, rank INTEGER,
        anchor INTEGER, is_late INTEGER)""",
)


class Kind(StrEnum):
    """What a thing in the files is."""

    SIGHTING = "sighting"
    REREADING = "rereading"
    EVENT = "event"


@dataclass(frozen=True, kw_only=True, slots=True)
class Thing:
    """One thing that the files tell, and where: the content is read when its turn comes. `anchor`
    is the number of the event that tells what came of it. `is_late` where it is newer than the log:
    then the log was cut off, and says nothing about it. `is_older`: of a release whose log tells
    less. `entry_id` is that of another reading alone: all that one command read again it kept at
    one instant, and a crash may have come between."""

    kind: Kind
    file: Path
    offset: int
    at: datetime
    source_id: str | None
    capture: Capture | None = None
    anchor: int | None = None
    is_late: bool = False
    is_older: bool = False
    entry_id: str | None = None
    events: tuple[LoggedEvent, ...] = ()


class Order:
    """Things and events as they happened. `add_…` as they are read, then `settle`, then the rest.
    `scratch` has TABLES (scratch.py)."""

    def __init__(self, scratch: Connection) -> None:
        self._scratch = scratch

    def is_new(self, record_id: str) -> bool:
        """Whether a record is seen for the first time: a package and a WARC file may both have
        it."""
        return bool(self._do("INSERT OR IGNORE INTO records VALUES (?)", _key(record_id)))

    def add_event(self, logged: LoggedEvent, document: bytes) -> None:
        """An event, as its record has it; one that is there already stays as it was read first."""
        event = logged.event
        row = (logged.number, _micro(event.at), document)
        if not self._do("INSERT OR IGNORE INTO events VALUES (?, ?, ?)", *row):
            return
        if event.kind not in OF_A_SIGHTING:
            return
        source, at, number = _key(event.source_id), _micro(event.at), logged.number
        self._do(_ADD_INSTANT, source, at, number)
        if event.kind not in _OF_NEW_CAPTURES:
            self._do(_ADD_INSTANT, _key(event.entry_id), at, number)
        if event.kind == "entry-reread":
            return
        if "capture" in event.detail:
            self._do(_ADD_CAPTURE, _key(event.detail["capture"]), number)
        elif event.kind in ("entry-new", "entry-revised"):
            url = event.detail.get("url")
            said = None if url is None else _key(url)
            self._do("INSERT INTO nameless VALUES (?, ?, ?, ?)", number, source, at, said)

    def add_thing(self, thing: Thing) -> None:
        """A thing that a record tells, behind those that were read before it."""
        self._do("INSERT INTO things (thing) VALUES (?)", pickle.dumps(thing))

    def settle(self) -> None:
        """Give each thing its place in the log: before the event that tells of it, or behind all
        that was before it."""
        self._do(
            "CREATE TABLE clock AS "
            "SELECT number, max(at) OVER (ORDER BY number) AS at FROM events ORDER BY number"
        )
        self._do("CREATE INDEX clock_at ON clock (at, number)")
        newest: int | None = self._value("SELECT max(at) FROM clock")
        file, carry = None, 0
        for place, thing in self._as_read():
            if thing.file != file:
                file, carry = thing.file, 0
            anchor = self._find_anchor(thing)
            if anchor is not None:
                carry = max(carry, anchor)
                self._do(_PLACE, anchor, 0, anchor, False, place)
                continue
            at = _micro(thing.at)
            before: int | None = self._value(_BEFORE, at)
            is_late = newest is None or at > newest
            self._do(_PLACE, max(carry, before or 0), 2, None, is_late, place)
        self._do("CREATE INDEX in_order ON things (is_late, number, rank, place)")

    def count(self) -> int:
        """How many things there are, events that are one counted each."""
        return int(self._value("SELECT (SELECT count(*) FROM things) + count(*) FROM events") or 0)

    def has_log(self) -> bool:
        """Whether there is any event."""
        return self._value("SELECT number FROM events LIMIT 1") is not None

    def early(self) -> Iterator[Thing]:
        """All that the log tells of, or was before its end."""
        both = merge(self._placed(is_late=False), _placed_events(self.events()), key=_place_of)
        return (thing for _, thing in both)

    def late(self) -> Iterator[Thing]:
        """What is newer than the log."""
        return (thing for _, thing in self._placed(is_late=True))

    def events(self) -> Iterator[LoggedEvent]:
        """The log."""
        query = "SELECT document FROM events ORDER BY number"
        return (read_event_document(row[0]) for row in self._scratch.execute(query))

    def numbers(self) -> Iterator[int]:
        """The numbers of the log."""
        query = "SELECT number FROM events ORDER BY number"
        return (row[0] for row in self._scratch.execute(query))

    def _as_read(self) -> Iterator[tuple[int, Thing]]:
        """Things as they were read, a part of them at a time: their rows are altered meanwhile."""
        query, last = "SELECT place, thing FROM things WHERE place > ? ORDER BY place LIMIT ?", 0
        while rows := self._scratch.execute(query, (last, _AT_ONCE)).fetchall():
            for place, thing in rows:
                yield place, pickle.loads(thing)
            last = rows[-1][0]

    def _placed(self, *, is_late: bool) -> Iterator[tuple[_Key, Thing]]:
        query = (
            "SELECT number, rank, place, anchor, thing FROM things WHERE is_late = ? "
            "ORDER BY number, rank, place"
        )
        for number, rank, place, anchor, packed in self._scratch.execute(query, (is_late,)):
            thing: Thing = pickle.loads(packed)
            yield (number, rank, place), replace(thing, anchor=anchor, is_late=is_late)

    def _find_anchor(self, thing: Thing) -> int | None:
        """The event that tells what came of a sighting: by its capture, by its instant, and those
        of older releases, which name no capture, by address and about when."""
        if thing.capture is not None:
            number = self._value(
                "SELECT number FROM by_capture WHERE capture = ?", _key(thing.capture.id)
            )
            if number is not None:
                return number
            if thing.is_older:
                return self._find_older(thing, thing.capture.url)
        query = "SELECT number FROM by_instant WHERE whose = ? AND at = ?"
        return self._value(query, _key(thing.entry_id or thing.source_id), _micro(thing.at))

    def _find_older(self, thing: Thing, url: str) -> int | None:
        """The nearest event that is of this address or does not say of which; each counts once."""
        at, within = _micro(thing.at), _READ_WITHIN // timedelta(microseconds=1)
        place = (_key(thing.source_id), at - within, at + within, _key(url), at)
        nearest = self._value(_NEAREST, *place)
        if nearest is not None:
            self._do("DELETE FROM nameless WHERE number = ?", nearest)
        return nearest

    def _do(self, statement: str, *values: object) -> int:
        """Rows that it altered."""
        return self._scratch.execute(statement, values).rowcount

    def _value(self, query: str, *values: object) -> int | None:
        row = self._scratch.execute(query, values).fetchone()
        return None if row is None else row[0]


_Key = tuple[int, int, int]

_ADD_INSTANT = """INSERT INTO by_instant VALUES (?, ?, ?)
    ON CONFLICT DO UPDATE SET number = min(number, excluded.number)"""
_ADD_CAPTURE = """INSERT INTO by_capture VALUES (?, ?)
    ON CONFLICT DO UPDATE SET number = min(number, excluded.number)"""
_PLACE = "UPDATE things SET number = ?, rank = ?, anchor = ?, is_late = ? WHERE place = ?"
_BEFORE = "SELECT number FROM clock WHERE at <= ? ORDER BY at DESC, number DESC LIMIT 1"
_NEAREST = """SELECT number FROM nameless
    WHERE source = ? AND at BETWEEN ? AND ? AND (url IS NULL OR url = ?)
    ORDER BY abs(at - ?), number LIMIT 1"""


def _place_of(placed: tuple[_Key, Thing]) -> _Key:
    return placed[0]


def _placed_events(events: Iterator[LoggedEvent]) -> Iterator[tuple[_Key, Thing]]:
    """Events; the corrections that one person made at once are one."""
    together: list[LoggedEvent] = []
    for logged in events:
        if together and not _is_together(together[-1], logged):
            yield _event_thing(together)
            together = []
        together.append(logged)
    if together:
        yield _event_thing(together)


def _is_together(one: LoggedEvent, other: LoggedEvent) -> bool:
    a, b = one.event, other.event
    return (
        a.kind == b.kind == "entry-corrected"
        and (a.entry_id, a.at) == (b.entry_id, b.at)
        and a.detail.get("revision") == b.detail.get("revision")
    )


def _event_thing(together: Sequence[LoggedEvent]) -> tuple[_Key, Thing]:
    first = together[0]
    thing = Thing(
        kind=Kind.EVENT,
        file=Path(),
        offset=0,
        at=first.event.at,
        source_id=first.event.source_id,
        anchor=first.number,
        events=tuple(together),
    )
    return (first.number, 1, 0), thing


_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def _micro(at: datetime) -> int:
    """An instant as a whole number of microseconds."""
    return (at - _EPOCH) // timedelta(microseconds=1)


def _key(text: str | None) -> bytes:
    """A text to be found by; what a page says may be no text that SQLite takes."""
    return (text or "").encode("utf-8", "surrogatepass")

"""What the archive's files tell, in the order in which it happened: sightings of pages, pages that
were read again, and the log of events. Reads files alone, asks no database.

The order is that of the log, whose numbers are one row over all files. A sighting stands where the
log tells what came of it; one of which nothing came, where its own file and the clock put it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import timedelta
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from archive.chain import digest_of, read_event_document
from archive.coding import decode_entry, read_json
from archive.model import ListedLink, RawEntry, Sighting
from archive.rereading import Rereading, find_rereading
from archive.scan import EXCHANGES, Damage, archive_files, capture_of, scan
from archive.seen import read_seen
from archive.warc import EVENT_URI
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from archive.chain import LoggedEvent
    from archive.exchange import Capture
    from archive.scan import Scanned

#: What keeping a sighting tells of, and reading again. Its first event is the sighting's place.
OF_A_SIGHTING = frozenset(
    {
        *("entry-new", "entry-revised", "entry-reappeared", "page-added", "page-returned"),
        *("correction-questioned", "entry-reread"),
    }
)
#: An older release did not write down when it read a page, only when it asked for it. A page that
#: a browser draws takes a minute and a half at most.
_READ_WITHIN = timedelta(minutes=5)
_IDS = re.compile(r"^ids: tag:([^,\s]+),(\d{4}-\d\d-\d\d)\s*$", re.MULTILINE)
_ENTRY_ID = re.compile(r"tag:([^,\s]+),(\d{4}-\d\d-\d\d):")


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
    less."""

    kind: Kind
    file: Path
    offset: int
    at: datetime
    source_id: str | None
    capture: Capture | None = None
    anchor: int | None = None
    is_late: bool = False
    is_older: bool = False
    events: tuple[LoggedEvent, ...] = ()


@dataclass(kw_only=True, slots=True)
class Contents:
    """What was found. `ids` are authority and date of the entry ids; `lost` says in words what
    cannot be used, `journals` the titles of sources by id, and `zones` theirs."""

    things: list[Thing] = field(default_factory=list)
    events: list[LoggedEvent] = field(default_factory=list)
    ids: tuple[str, str] | None = None
    lost: list[str] = field(default_factory=list)
    journals: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    files: int = 0


def read_contents(warc: Path, *, tell: Callable[[int, int], None] | None = None) -> Contents:
    """All that the files beside and below the WARC folder tell. `tell` is given how many of them
    were read, and how many there are."""
    contents = Contents()
    reading = _Reading(contents, warc.parent)
    files = archive_files(warc)
    for number, path in enumerate(files, 1):
        reading.read(path)
        if tell is not None:
            tell(number, len(files))
    contents.files = len(files)
    contents.events = [reading.events[number] for number in sorted(reading.events)]
    contents.things = list(_in_order(reading.things, contents.events))
    if contents.ids is None:
        contents.ids = _ids_of(contents.events)
    contents.lost += _gaps(contents.events)
    return contents


def read_sighting(thing: Thing, data: Path) -> Sighting:
    """The sighting that a thing is; of an older release's as much as it wrote down.

    Raises:
        ValueError: it is none.
    """
    assert thing.capture is not None
    record = _record_at(thing, data)
    try:
        return read_seen(record, thing.capture).sighting
    except ValueError:
        return _older_sighting(record, thing)


def read_rereading(thing: Thing, data: Path) -> Rereading:
    """The other reading that a thing is."""
    rereading = find_rereading(_record_at(thing, data))
    assert rereading is not None
    return rereading


class _Reading:
    """Files read one after the other."""

    def __init__(self, contents: Contents, data: Path) -> None:
        self._contents = contents
        self._data = data
        self._seen: set[str] = set()
        self._last: Capture | None = None
        self.things: list[Thing] = []
        self.events: dict[int, LoggedEvent] = {}

    def read(self, path: Path) -> None:
        try:
            for each in scan(path, self._data):
                if isinstance(each, Damage):
                    self._lose(each)
                else:
                    self._take(path, each)
        except CaptureError as error:
            self._contents.lost.append(str(error))

    def _lose(self, damage: Damage) -> None:
        what = "a cut tail" if damage.is_tail else "a broken record"
        self._contents.lost.append(
            f"{damage.file}: {what} of {damage.size_bytes} bytes at {damage.offset}"
        )

    def _take(self, path: Path, each: Scanned) -> None:
        headers, block = each.record.headers, each.record.block
        kind = headers["WARC-Type"]
        if kind in EXCHANGES:
            try:
                self._last = capture_of(each)
            except ValueError as error:
                self._contents.lost.append(str(error))
        elif kind == "warcinfo":
            found = _IDS.search(block.decode("utf-8", "replace").replace("\r", ""))
            if found and self._contents.ids is None:
                self._contents.ids = (found[1], found[2])
        elif kind == "metadata" and headers.get("WARC-Target-URI", "").startswith(EVENT_URI):
            self._take_event(each)
        elif kind == "metadata" and each.record.id not in self._seen:
            self._seen.add(each.record.id)
            self._take_metadata(path, each)

    def _take_event(self, each: Scanned) -> None:
        try:
            logged = read_event_document(each.record.block)
        except ValueError as error:
            self._contents.lost.append(f"{each.file} at {each.offset}: {error}")
            return
        digest = digest_of(logged.event, number=logged.number, previous=logged.previous)
        if digest != logged.digest:
            self._contents.lost.append(
                f"{each.file} at {each.offset}: event {logged.number} does not say what it said"
            )
        self.events.setdefault(logged.number, logged)

    def _take_metadata(self, path: Path, each: Scanned) -> None:
        block = each.record.block
        reread = find_rereading(block) if "WARC-Refers-To" in each.record.headers else None
        if reread is not None:
            self.things.append(
                Thing(
                    kind=Kind.REREADING,
                    file=path,
                    offset=each.offset,
                    at=reread.at,
                    source_id=reread.source_id,
                )
            )
            return
        of = each.record.headers.get("WARC-Concurrent-To", "").strip("<>")
        if self._last is None or self._last.id != of:
            self._contents.lost.append(
                f"{each.file} at {each.offset}: metadata of {of or 'nothing'}, which is not there"
            )
            return
        self._take_sighting(path, each, self._last)

    def _take_sighting(self, path: Path, each: Scanned, capture: Capture) -> None:
        """A page of a journal, unless the record tells of a list or the like."""
        try:
            said = read_json(each.record.block)
            source_id = said["source"]
        except (ValueError, KeyError, TypeError):
            self._contents.lost.append(f"{each.file} at {each.offset}: unknown metadata")
            return
        self._contents.journals[source_id] = said.get("journal") or source_id
        if said.get("zone"):
            self._contents.zones[source_id] = said["zone"]
        if said.get("entry") is None or said.get("kept") is False:
            return
        is_older = False
        try:
            at = read_seen(each.record.block, capture).sighting.seen
        except ValueError:
            at, is_older = capture.seen, True
            self._contents.lost.append(
                f"{each.file} at {each.offset}: {capture.url} was captured by an older release: "
                "how its page was printed, and the row of the list, are not known"
            )
        self.things.append(
            Thing(
                kind=Kind.SIGHTING,
                file=path,
                offset=each.offset,
                at=at,
                source_id=source_id,
                capture=capture,
                is_older=is_older,
            )
        )


def _in_order(things: Sequence[Thing], events: Sequence[LoggedEvent]) -> Iterator[Thing]:
    """Things and events as they happened."""
    keyed = [*_placed(things, events), *_placed_events(events)]
    keyed.sort(key=lambda each: each[0])
    return (thing for _, thing in keyed)


_Key = tuple[int, int, int]


def _placed(things: Sequence[Thing], events: Sequence[LoggedEvent]) -> Iterator[tuple[_Key, Thing]]:
    """Each thing with its place in the log: before the event that tells of it, or behind all that
    was before it."""
    anchors = _Anchors(events)
    clock = _clock(events)
    numbers = [each.number for each in events]
    last, carry = None, 0
    for place, thing in enumerate(things):
        if thing.file != last:
            last, carry = thing.file, 0
        anchor = anchors.find(thing)
        if anchor is not None:
            carry = max(carry, anchor)
            yield (anchor, 0, place), _with(thing, anchor=anchor)
            continue
        is_late = not clock or thing.at > clock[-1]
        before = bisect_right(clock, thing.at)
        number = max(carry, numbers[before - 1] if before else 0)
        yield (number, 2, place), _with(thing, is_late=is_late)


def _placed_events(events: Sequence[LoggedEvent]) -> Iterator[tuple[_Key, Thing]]:
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


class _Anchors:
    """The events that tell what came of a sighting, to be found by it: by its capture, by its
    instant, and those of older releases, which name no capture, by address and about when."""

    def __init__(self, events: Sequence[LoggedEvent]) -> None:
        self._by_capture: dict[str, int] = {}
        self._by_instant: dict[tuple[str | None, datetime], int] = {}
        self._nameless: dict[str | None, list[LoggedEvent]] = {}
        for logged in events:
            event = logged.event
            if event.kind not in OF_A_SIGHTING:
                continue
            self._by_instant.setdefault((event.source_id, event.at), logged.number)
            if event.kind == "entry-reread":
                continue
            if "capture" in event.detail:
                self._by_capture.setdefault(event.detail["capture"], logged.number)
            elif event.kind in ("entry-new", "entry-revised"):
                self._nameless.setdefault(event.source_id, []).append(logged)

    def find(self, thing: Thing) -> int | None:
        if thing.capture is not None and thing.capture.id in self._by_capture:
            return self._by_capture[thing.capture.id]
        if thing.is_older and thing.capture is not None:
            return self._find_older(thing, thing.capture.url)
        return self._by_instant.get((thing.source_id, thing.at))

    def _find_older(self, thing: Thing, url: str) -> int | None:
        """The nearest event that is of this address or does not say of which; each counts once."""
        nameless = self._nameless.get(thing.source_id, [])
        near = [
            each
            for each in nameless
            if abs(each.event.at - thing.at) <= _READ_WITHIN
            and each.event.detail.get("url", url) == url
        ]
        if not near:
            return None
        nearest = min(near, key=lambda each: abs(each.event.at - thing.at))
        nameless.remove(nearest)
        return nearest.number


def _clock(events: Sequence[LoggedEvent]) -> list[datetime]:
    """The instant up to which each event and those before it tell."""
    clock: list[datetime] = []
    for logged in events:
        clock.append(max(logged.event.at, clock[-1]) if clock else logged.event.at)
    return clock


def _with(thing: Thing, *, anchor: int | None = None, is_late: bool = False) -> Thing:
    return replace(thing, anchor=anchor, is_late=is_late)


def _ids_of(events: Sequence[LoggedEvent]) -> tuple[str, str] | None:
    """Files of an older release do not say what their ids are made of; the ids do."""
    for logged in events:
        found = _ENTRY_ID.match(logged.event.entry_id or "")
        if found:
            return found[1], found[2]
    return None


def _gaps(events: Sequence[LoggedEvent]) -> Iterator[str]:
    number = 0
    for logged in events:
        if logged.number != number + 1:
            yield f"events {number + 1} to {logged.number - 1} of the log are in no file"
        number = logged.number


def _record_at(thing: Thing, data: Path) -> bytes:
    found = next(scan(thing.file, data, begin=thing.offset))
    if isinstance(found, Damage):
        raise CaptureError(f"{thing.file}: broken at {thing.offset} since it was read")
    return found.record.block


def _older_sighting(record: bytes, thing: Thing) -> Sighting:
    """What an older release wrote down of a page: the entry, and not how it was printed."""
    assert thing.capture is not None
    entry = decode_entry(read_json(record)["entry"])
    return Sighting(
        source_id=thing.source_id or "",
        seen=thing.at,
        listed=ListedLink(url=entry.url),
        raw=RawEntry(url=entry.url, text=entry.text, html=entry.html),
        entry=entry,
        capture=thing.capture,
        body_digest=thing.capture.digest,
    )

"""What the archive's files tell, in the order in which it happened: sightings of pages, pages that
were read again, and the log of events. Reads files alone, asks no database. How they come into that
order, without being all in memory, is order.py's matter.
"""

from __future__ import annotations

import re
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from archive.chain import digest_of, read_event_document
from archive.coding import decode_entry, read_json
from archive.model import ListedLink, RawEntry, Sighting
from archive.order import TABLES, Kind, Order, Thing
from archive.rereading import Rereading, find_rereading
from archive.scan import EXCHANGES, Damage, archive_files, capture_of, scan
from archive.scratch import open_scratch
from archive.seen import read_seen
from archive.warc import EVENT_URI
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from archive.chain import LoggedEvent
    from archive.exchange import Capture
    from archive.scan import Scanned

_IDS = re.compile(r"^ids: tag:([^,\s]+),(\d{4}-\d\d-\d\d)\s*$", re.MULTILINE)
_ENTRY_ID = re.compile(r"tag:([^,\s]+),(\d{4}-\d\d-\d\d):")


@dataclass(kw_only=True, slots=True)
class Contents:
    """What was found: things and events are in `order`. `ids` are authority and date of the entry
    ids; `lost` says in words what cannot be used, `journals` the titles of sources by id, and
    `zones` theirs."""

    order: Order
    ids: tuple[str, str] | None = None
    lost: list[str] = field(default_factory=list)
    journals: dict[str, str] = field(default_factory=dict)
    zones: dict[str, str] = field(default_factory=dict)
    files: int = 0


@contextmanager
def open_contents(
    warc: Path, *, tell: Callable[[int, int], None] | None = None
) -> Iterator[Contents]:
    """All that the files beside and below the WARC folder tell. `tell` is given how many of them
    were read, and how many there are.

    Raises:
        StoreError: there is no room for it (scratch.py).
    """
    with open_scratch(*TABLES) as scratch:
        contents = Contents(order=Order(scratch))
        reading = _Reading(contents, warc.parent)
        files = archive_files(warc)
        for number, path in enumerate(files, 1):
            reading.read(path)
            if tell is not None:
                tell(number, len(files))
        contents.files = len(files)
        contents.order.settle()
        if contents.ids is None:
            contents.ids = _ids_of(contents.order.events())
        contents.lost += _gaps(contents.order.numbers())
        yield contents


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
        self._last: Capture | None = None

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
        elif kind == "metadata" and self._contents.order.is_new(each.record.id):
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
        self._contents.order.add_event(logged, each.record.block)

    def _take_metadata(self, path: Path, each: Scanned) -> None:
        block = each.record.block
        reread = find_rereading(block) if "WARC-Refers-To" in each.record.headers else None
        if reread is not None:
            thing = Thing(
                kind=Kind.REREADING,
                file=path,
                offset=each.offset,
                at=reread.at,
                source_id=reread.source_id,
                entry_id=reread.entry_id,
            )
            self._contents.order.add_thing(thing)
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
        thing = Thing(
            kind=Kind.SIGHTING,
            file=path,
            offset=each.offset,
            at=at,
            source_id=source_id,
            capture=capture,
            is_older=is_older,
        )
        self._contents.order.add_thing(thing)


def _ids_of(events: Iterator[LoggedEvent]) -> tuple[str, str] | None:
    """Files of an older release do not say what their ids are made of; the ids do."""
    for logged in events:
        found = _ENTRY_ID.match(logged.event.entry_id or "")
        if found:
            return found[1], found[2]
    return None


def _gaps(numbers: Iterator[int]) -> Iterator[str]:
    before = 0
    for number in numbers:
        if number != before + 1:
            yield f"events {before + 1} to {number - 1} of the log are in no file"
        before = number


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

"""What happened, done again in a new database: sightings are kept by the very function that kept
them first, and deeds by those that did them. Inside transactions of whoever rebuilds.

Every deed tells its event again; rebuild.py compares those with what the files tell, and puts the
files' own in their place.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from archive import amendment, entries, presence, register, rereading, schema
from archive.coding import decode, read_json
from archive.contents import read_rereading, read_sighting
from archive.correction import CorrectedField, FieldValue
from archive.current import UPDATE_ENTRY, find, set_state
from archive.documents import CLOSED, Closing, close_again
from archive.elsewhere import tell_neighbours_of_source
from archive.events import find_head, record
from archive.locations import find_location, locations_of, write_location
from archive.model import EntryState, Kept
from archive.order import Kind
from archive.withdrawal import UNDONE, WITHDRAWN
from foundation.errors import CaptureError, KanliuError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from sqlalchemy import Connection

    from archive.contents import Contents
    from archive.current import Current
    from archive.model import Event, KeptEntry
    from archive.order import Thing
    from sources.model import Source

_S = schema.sources
_IS_KNOWN = select(_S.c.id).where(_S.c.id == bindparam("source"))
_ADD_SOURCE = insert(_S)
_ALTER_SOURCE = update(_S).where(_S.c.id == bindparam("source"))

#: The zone of a source of which nothing else is known (sources.model).
_ZONE = "Asia/Shanghai"


@dataclass(kw_only=True, slots=True)
class Counts:
    """What was done. `never_kept` are sightings that a crash came before: they are in the files,
    and of the archive they were never a part."""

    sightings: int = 0
    rereadings: int = 0
    deeds: int = 0
    never_kept: int = 0
    lost: list[str] = field(default_factory=list)


class Replay:
    """Does things again, one after the other, in their order."""

    def __init__(
        self,
        contents: Contents,
        data: Path,
        mint: Callable[[str, str], str],
        sources: Mapping[str, Source],
    ) -> None:
        self._contents = contents
        self._data = data
        self._mint = mint
        self._sources = sources
        self.counts = Counts()

    def do(self, connection: Connection, thing: Thing) -> None:
        """One thing. What cannot be done again is told, and costs itself alone."""
        try:
            with connection.begin_nested():
                self._do(connection, thing)
        except _NeverKeptError:
            self.counts.never_kept += 1
        except (KanliuError, ValueError, KeyError) as error:
            what = thing.events[0].event.kind if thing.events else str(thing.kind)
            self.counts.lost.append(f"{what} of {thing.at.isoformat()}: {error!s}")

    def _do(self, connection: Connection, thing: Thing) -> None:
        match thing.kind:
            case Kind.SIGHTING:
                sighting = read_sighting(thing, self._data)
                self._need_source(connection, sighting.source_id, thing.at)
                told = find_head(connection)
                kept = entries.keep(connection, sighting, self._mint)
                _check(thing, kept, is_told=find_head(connection) != told)
                self.counts.sightings += 1
            case Kind.REREADING:
                _check(thing, rereading.keep(connection, read_rereading(thing, self._data)))
                self.counts.rereadings += 1
            case Kind.EVENT:
                self._do_deed(connection, thing)

    def _do_deed(self, connection: Connection, thing: Thing) -> None:
        events = [logged.event for logged in thing.events]
        event = events[0]
        if event.kind == "entry-corrected":
            _correct(connection, events)
        elif event.kind in _OF_SOURCES:
            assert event.source_id is not None
            self._need_source(connection, event.source_id, event.at, event)
            _OF_SOURCES[event.kind](connection, event)
        elif event.kind in _DEEDS:
            _DEEDS[event.kind](connection, event)
        else:
            return
        self.counts.deeds += 1

    def _need_source(
        self, connection: Connection, source_id: str, now: datetime, event: Event | None = None
    ) -> None:
        """The row of a source. What its event does not say, as those of older releases, its pages
        say or its file."""
        if connection.execute(_IS_KNOWN, {"source": source_id}).one_or_none() is not None:
            return
        detail = event.detail if event is not None else {}
        source, contents = self._sources.get(source_id), self._contents
        connection.execute(
            _ADD_SOURCE,
            {
                "id": source_id,
                "title": detail.get("title") or contents.journals.get(source_id),
                "zone": detail.get("zone")
                or contents.zones.get(source_id)
                or (source.zone if source else _ZONE),
                "host": detail.get("host") or (register.host_of(source) if source else ""),
                "digest": detail.get("digest", ""),
                "is_present": True,
                "due": now,
            },
        )


class _NeverKeptError(Exception):
    """A sighting would be news that the log does not know of."""


def _check(thing: Thing, kept: KeptEntry, *, is_told: bool = False) -> None:
    """What would be told, and is in no log, was never kept. Logs of older releases tell less."""
    is_news = kept.kept in (Kept.NEW, Kept.REVISED) or (is_told and not thing.is_older)
    if is_news and thing.anchor is None and not thing.is_late:
        raise _NeverKeptError


def _describe(connection: Connection, event: Event) -> None:
    """What the register holds of a source since then."""
    assert event.source_id is not None
    said = {name: event.detail[name] for name in ("title", "zone", "host", "digest")
            if name in event.detail}  # fmt: skip
    if "title" in said:
        tell_neighbours_of_source(connection, event.source_id)
    values = {"source": event.source_id, "is_present": True, "due": event.at, **said}
    connection.execute(_ALTER_SOURCE, values)
    record(connection, [event])


def _lay_aside(connection: Connection, event: Event) -> None:
    values = {"source": event.source_id, "is_present": False, "due": None}
    connection.execute(_ALTER_SOURCE, values)
    record(connection, [event])


def _rest(act: Callable[..., None]) -> Callable[[Connection, Event], None]:
    def again(connection: Connection, event: Event) -> None:
        assert event.source_id is not None
        act(connection, event.source_id, event.at, event.detail.get("why", ""))

    return again


def _close(connection: Connection, event: Event) -> None:
    assert event.source_id is not None
    plan = Closing(name=event.detail["name"], entries=int(event.detail["entries"]))
    close_again(connection, event.source_id, plan, event.at)


def _correct(connection: Connection, events: list[Event]) -> None:
    """What a person corrected at once: one revision."""
    first = events[0]
    values = {
        CorrectedField(each.detail["field"]): decode(FieldValue, read_json(each.detail["value"]))
        for each in events
    }
    amendment.put_over(
        connection,
        _known(connection, first),
        values,
        who=first.detail["who"],
        why=first.detail["why"],
        now=first.at,
    )


def _undo(connection: Connection, event: Event) -> None:
    amendment.undo(
        connection,
        event.entry_id or "",
        CorrectedField(event.detail["field"]),
        who=event.detail["who"],
        why=event.detail["why"],
        now=event.at,
    )


def _miss(connection: Connection, event: Event) -> None:
    assert event.source_id is not None
    write_location(connection, event.source_id, event.detail["url"], missing=event.at)
    record(connection, [event])


def _find_page(connection: Connection, event: Event) -> None:
    assert event.source_id is not None
    write_location(connection, event.source_id, event.detail["url"], missing=None)
    record(connection, [event])


def _vanish(connection: Connection, event: Event) -> None:
    """A page that is gone. Where an address was given to another article, keeping that one has
    told it already."""
    if "status" not in event.detail:
        return
    known = _known(connection, event)
    missing = datetime.fromisoformat(event.detail["missing"])
    place = find_location(connection, known.source_id, event.detail["url"])
    if place is not None:
        write_location(connection, known.source_id, place.asked, missing=missing)
    presence.lose(
        connection, known.source_id, known, seen=event.at, since=missing, detail=event.detail
    )


def _reappear(connection: Connection, event: Event) -> None:
    """A page that answers "as it was" again; where it was read, keeping it has told it already."""
    known = _known(connection, event)
    if known.state is EntryState.VANISHED:
        presence.see_again(connection, known.source_id, known, known.entry, event.at)


def _withdraw(connection: Connection, event: Event) -> None:
    known = _known(connection, event)
    set_state(connection, known.source_id, known, EntryState.WITHDRAWN, since=event.at)
    record(connection, [event])


def _put_back(connection: Connection, event: Event) -> None:
    known = _known(connection, event)
    state, since = EntryState(event.detail["state"]), event.at
    if state is EntryState.VANISHED:
        missing = [page.missing for page in locations_of(connection, known.id) if page.is_page]
        since = max((each for each in missing if each is not None), default=event.at)
    set_state(connection, known.source_id, known, state, since=since)
    newer = {"changed": max(event.at, known.changed)}
    connection.execute(UPDATE_ENTRY, {"entry": known.id, **newer})
    record(connection, [event])


def _known(connection: Connection, event: Event) -> Current:
    known = find(connection, event.entry_id or "")
    if known is None:
        raise CaptureError(f"{event.entry_id}: no file tells of a sight of it")
    return known


_OF_SOURCES: dict[str, Callable[[Connection, Event], None]] = {
    "source-added": _describe,
    "source-changed": _describe,
    "source-returned": _describe,
    "source-absent": _lay_aside,
    "source-paused": _rest(register.pause),
    "source-resumed": _rest(register.resume),
    "source-retired": _rest(register.retire),
    CLOSED: _close,
}
_DEEDS: dict[str, Callable[[Connection, Event], None]] = {
    "correction-undone": _undo,
    "page-missing": _miss,
    "page-returned": _find_page,
    "entry-vanished": _vanish,
    "entry-reappeared": _reappear,
    WITHDRAWN: _withdraw,
    UNDONE: _put_back,
}

"""What must hold in a data directory whenever its process was killed: all that was acknowledged is
readable, nothing is published without a capture, no file under a final name is half written.
Reads only, so that what the crash left is left to the next start."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from archive.captures import read_capture
from archive.copies import open_places
from archive.exchange import Capture
from benchmarks.kept_files import KeptFiles, Look, Tails, half, look_at
from benchmarks.kept_rows import open_rows
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.copies import Place
    from benchmarks.kept_rows import Rows
    from foundation.settings import Settings

_ATOM = "{http://www.w3.org/2005/Atom}"
#: What stands before the title of what was taken down.
TAKEN_DOWN = "【已撤下】"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
# `offset` is a word of PostgreSQL's own, so it has quotes.
_CAPTURES = 'SELECT id, url, status, file, "offset", digest FROM captures'
_BODIES = 'SELECT id, first_url, status, file, "offset", digest FROM bodies'
_COUNTS = (
    "SELECT entries.source_id, count(*) FROM revisions JOIN entries ON entries.id = entry_id "
    "GROUP BY entries.source_id"
)


@dataclass(kw_only=True)
class Told:
    """What the process said before it was killed: revisions kept, by journal, and entries taken
    down. `is_up` says that its start was over: what a crash left open is closed by then."""

    revisions: Counter[str] = field(default_factory=Counter)
    withdrawn: set[str] = field(default_factory=set)
    is_up: bool = False


class Kept:
    """Remembers from one look to the next what was there: it may not go. `exports` is the folder
    that exports were written to."""

    def __init__(self, settings: Settings, exports: Path | None = None) -> None:
        self._settings = settings
        self._places = open_places(settings.copies, settings.data)
        local = [Path(each) for each in settings.copies if "://" not in each]
        self.files = KeptFiles(settings.data, local, exports or settings.data / "exports")
        self.tails = Tails(settings.warc)
        self._shown: dict[Path, dict[str, str]] = {}
        self._read: dict[tuple[str, str, int], Look] = {}
        self._captures: dict[str, str] = {}
        self._revisions: dict[tuple[str, int], str] = {}
        self._counts: Counter[str] = Counter()
        self._head: tuple[int, str] | None = None
        self._is_there = False
        #: Entries as they stand: those that may be taken down, and those that are.
        self.live: list[str] = []
        self.withdrawn: set[str] = set()
        #: Captures read by digest, in all, and copies of files.
        self.read = 0
        self.copies_read = 0

    @property
    def captures(self) -> int:
        return len(self._captures)

    def faults(self, told: Told | None = None, *, is_anew: bool = False) -> list[str]:
        """What does not hold; `is_anew` looks again at what did not change too."""
        told = told or Told()
        if is_anew:
            self.files.forget()
            self._read.clear()
        with open_rows(self._settings) as rows:
            if rows is None:
                gone = ["lost: the database was there, and is not"] if self._is_there else []
                return [*gone, *self.files.faults()]
            self._is_there = True
            found = [*self.files.faults(), *self._store(rows, told), *self._feeds(rows)]
        self.tails.note()
        return found

    # The store

    def _store(self, rows: Rows, told: Told) -> Iterator[str]:
        if said := rows.find_damage():
            yield f"the database is damaged: {said}"
        captures = {row[0]: row for row in rows.ask(_CAPTURES)}
        for id_, digest in self._captures.items():
            if id_ not in captures or captures[id_][-1] != digest:
                yield f"lost: capture {id_} was in the store and is not as it was"
        self._captures = {id_: row[-1] for id_, row in captures.items()}
        for row in (*captures.values(), *rows.ask(_BODIES)):
            yield from self._capture(row)
        yield from self._history(rows)
        yield from self._acknowledged(rows, told)
        yield from self._events(rows, told)
        yield from self._copies(rows)

    def _capture(self, row: Sequence[Any]) -> Iterator[str]:
        id_, url, status, file, offset, digest = row
        path = self._settings.data / file
        known = path if path.exists() else path.with_name(f"{path.name}.open")
        key = (id_, file, offset)
        look = look_at(known) if known.exists() else (0, 0)
        if self._read.get(key) == look:
            return
        self._read[key] = look
        capture = Capture(
            id=id_, url=url, status=status, seen=_NEVER, file=file, offset=offset, digest=digest
        )
        try:
            read_capture(self._settings.warc, capture)
        except CaptureError as error:
            yield f"not readable: {error}"
        self.read += 1

    def _history(self, rows: Rows) -> Iterator[str]:
        found = rows.ask("SELECT entry_id, number, digest FROM revisions")
        revisions = {(row[0], row[1]): row[2] for row in found}
        for key, digest in self._revisions.items():
            if revisions.get(key) != digest:
                yield f"lost: revision {key[1]} of {key[0]} was in the store and is not as it was"
        self._revisions = revisions
        if self._head is not None:
            number, digest = self._head
            event = rows.ask(f"SELECT digest FROM events WHERE number = {number}")
            if [row[0] for row in event] != [digest]:
                yield f"lost: event {number} was in the log and is not as it was"
        head = rows.ask("SELECT number, digest FROM events ORDER BY number DESC LIMIT 1")
        self._head = (head[0][0], head[0][1]) if head else None

    def _acknowledged(self, rows: Rows, told: Told) -> Iterator[str]:
        """What the process said that it did, it did."""
        counts = Counter(dict(rows.ask(_COUNTS)))
        for id_, more in told.revisions.items():
            if counts[id_] < self._counts[id_] + more:
                yield (
                    f"lost: polls of {id_} said that they kept {more} revisions, the store has "
                    f"{counts[id_] - self._counts[id_]} more than before"
                )
        self._counts = counts
        states = dict(rows.ask("SELECT id, state FROM entries ORDER BY id"))
        for id_ in sorted(self.withdrawn | told.withdrawn):
            if states.get(id_) != "withdrawn":
                yield f"lost: {id_} was taken down, and is {states.get(id_)}"
        self.withdrawn = {id_ for id_, state in states.items() if state == "withdrawn"}
        self.live = [id_ for id_, state in states.items() if state == "live"]

    def _events(self, rows: Rows, told: Told) -> Iterator[str]:
        """Files are what the log says that they were when they got their names; and tails."""
        names = set()
        query = (
            "SELECT kind, detail FROM events "
            "WHERE kind IN ('capture-sealed', 'capture-tail-kept') ORDER BY number"
        )
        for kind, detail in rows.ask(query):
            said = json.loads(detail) if isinstance(detail, str) else detail
            if kind == "capture-tail-kept":
                names.add(said["file"])
                continue
            path = self._settings.data / said["file"]
            if path.exists() and self.files.digests.get(path) != said["sha256"]:
                yield f"not what the log says that it was: {path}"
        yield from self.tails.faults(names, is_swept=told.is_up)

    def _copies(self, rows: Rows) -> Iterator[str]:
        """What is entered as a copy is there, and has the digest that it was given."""
        places = {place.name: place for place in self._places}
        for place, file, digest in rows.ask("SELECT place, file, digest FROM holdings"):
            if place in places and digest is not None:
                self.copies_read += 1
                if (found := _digest_there(places[place], file)) != digest:
                    yield f"no copy: {file} in {place} should be {digest} and is {found}"

    # Feeds

    def _feeds(self, rows: Rows) -> Iterator[str]:
        """Every entry that a published file shows has a row, and each revision a capture."""
        captured: dict[str, set[str | None]] = defaultdict(set)
        for entry_id, capture_id in rows.ask("SELECT entry_id, capture_id FROM revisions"):
            captured[entry_id].add(capture_id)
        for path in sorted(self._settings.public.rglob("*")):
            if path.suffix not in (".xml", ".json", ".atom") or path.name.startswith("."):
                continue
            if self.files.is_fresh(path):
                try:
                    self._shown[path] = shown_in(path)
                except (ValueError, ElementTree.ParseError) as error:
                    yield half(path, error)
                    continue
            for id_ in self._shown.get(path, ()):
                if id_ not in captured:
                    yield f"published and not in the store: {id_} in {path}"
                elif not captured[id_] <= self._captures.keys():
                    yield f"published without a capture: {id_} in {path}"

    def shown(self) -> Iterator[tuple[Path, str]]:
        """What a published file that is there still shows of what was taken down: more than that
        it was."""
        for path, titles in self._shown.items():
            if path.exists():
                down = sorted(titles.keys() & self.withdrawn)
                yield from ((path, id_) for id_ in down if not titles[id_].startswith(TAKEN_DOWN))


def shown_in(path: Path) -> dict[str, str]:
    """The entries in a published file: ids and titles."""
    data = path.read_bytes()
    if path.suffix == ".json":
        return {item["id"]: item.get("title", "") for item in json.loads(data).get("items", ())}
    root = ElementTree.fromstring(data)
    atom = ((each, f"{_ATOM}id", f"{_ATOM}title") for each in root.iter(f"{_ATOM}entry"))
    rss = ((each, "guid", "title") for each in root.iter("item"))
    return {
        each.findtext(id_) or "": each.findtext(title) or "" for each, id_, title in (*atom, *rss)
    }


def _digest_there(place: Place, file: str) -> str | None:
    try:
        with place.open(file) as opened:
            return f"sha256:{hashlib.sha256(opened.read()).hexdigest()}"
    except OSError:
        return None

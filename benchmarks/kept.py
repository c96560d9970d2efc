"""What must hold in a data directory whenever its process was killed: all that was acknowledged is
readable, nothing is published without a capture, no file under a final name is half written.
Reads only, and the database from a copy, so that what the crash left is left to the next start."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import tempfile
from collections import defaultdict
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from archive.captures import read_capture
from archive.exchange import Capture
from archive.packages.conformance import examine
from foundation.errors import CaptureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from foundation.settings import Settings

_ATOM = "{http://www.w3.org/2005/Atom}"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_CAPTURES = "SELECT id, url, status, file, offset, digest FROM captures"
_BODIES = "SELECT id, first_url, status, file, offset, digest FROM bodies"

#: A file as it was when it was looked at: who did not change is not looked at twice.
Look = tuple[int, int]


class Kept:
    """Remembers from one look to the next what was there: it may not go."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._looked: dict[Path, Look] = {}
        self._shown: dict[Path, frozenset[str]] = {}
        self._read: dict[tuple[str, str, int], Look] = {}
        self._captures: dict[str, str] = {}
        self._revisions: dict[tuple[str, int], str] = {}
        self._head: tuple[int, str] | None = None
        #: Captures read by digest, in all, and files tested.
        self.read = 0
        self.files = 0

    @property
    def captures(self) -> int:
        return len(self._captures)

    def faults(self, *, is_anew: bool = False) -> list[str]:
        """What does not hold; `is_anew` looks again at what did not change too."""
        if is_anew:
            self._looked.clear()
            self._read.clear()
        with tempfile.TemporaryDirectory() as folder:
            for path in self._settings.data.glob("kanliu.sqlite*"):
                shutil.copy(path, folder)
            copy = Path(folder) / "kanliu.sqlite"
            if not copy.exists():
                return list(self._files())
            with closing(sqlite3.connect(copy)) as store:
                store.row_factory = sqlite3.Row
                if not store.execute("SELECT 1 FROM sqlite_master WHERE name='facts'").fetchone():
                    return list(self._files())
                return [*self._files(), *self._store(store), *self._feeds(store)]

    # Files

    def _files(self) -> Iterator[str]:
        data = self._settings.data
        packed = [*data.glob("warc/**/*.warc.gz"), *data.glob("public/**/*.gz")]
        fresh = [path for path in packed if self._is_fresh(path)]
        for path in fresh:
            done = subprocess.run(["gzip", "-t", path], capture_output=True, text=True, check=False)
            if done.returncode:
                yield f"half a file under its final name: {path}: {done.stderr.strip()}"
        for path in filter(self._is_fresh, data.glob("packages/**/*.wacz")):
            yield from (
                f"package does not conform: {path}: {each}" for each in examine(path).faults
            )
        for path in filter(self._is_fresh, data.glob("packages/**/*.json")):
            try:
                json.loads(path.read_bytes())
            except ValueError as error:
                yield f"half a file under its final name: {path}: {error}"

    def _is_fresh(self, path: Path) -> bool:
        look = _look(path)
        if self._looked.get(path) == look:
            return False
        self._looked[path] = look
        self.files += 1
        return True

    # The store

    def _store(self, store: sqlite3.Connection) -> Iterator[str]:
        (said,) = store.execute("PRAGMA integrity_check").fetchone()
        if said != "ok":
            yield f"the database is damaged: {said}"
        captures = {row["id"]: row for row in store.execute(_CAPTURES)}
        for id_, digest in self._captures.items():
            if id_ not in captures or captures[id_]["digest"] != digest:
                yield f"lost: capture {id_} was in the store and is not as it was"
        self._captures = {id_: row["digest"] for id_, row in captures.items()}
        for row in (*captures.values(), *store.execute(_BODIES)):
            yield from self._capture(row)
        yield from self._history(store)

    def _capture(self, row: sqlite3.Row) -> Iterator[str]:
        id_, url, status, file, offset, digest = row
        path = self._settings.data / file
        known = path if path.exists() else path.with_name(f"{path.name}.open")
        key = (id_, file, offset)
        look = _look(known) if known.exists() else (0, 0)
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

    def _history(self, store: sqlite3.Connection) -> Iterator[str]:
        query = "SELECT entry_id, number, digest FROM revisions"
        revisions = {(row[0], row[1]): row[2] for row in store.execute(query)}
        for key, digest in self._revisions.items():
            if revisions.get(key) != digest:
                yield f"lost: revision {key[1]} of {key[0]} was in the store and is not as it was"
        self._revisions = revisions
        if self._head is not None:
            query = "SELECT digest FROM events WHERE number = ?"
            found = store.execute(query, self._head[:1]).fetchone()
            if found is None or found[0] != self._head[1]:
                yield f"lost: event {self._head[0]} was in the log and is not as it was"
        head = store.execute("SELECT number, digest FROM events ORDER BY number DESC").fetchone()
        self._head = tuple(head) if head else None

    # Feeds

    def _feeds(self, store: sqlite3.Connection) -> Iterator[str]:
        """Every entry that a published file shows has a row, and each revision a capture."""
        captured: dict[str, set[str | None]] = defaultdict(set)
        for entry_id, capture_id in store.execute("SELECT entry_id, capture_id FROM revisions"):
            captured[entry_id].add(capture_id)
        for path in sorted(self._settings.public.rglob("*")):
            if path.suffix not in (".xml", ".json", ".atom") or path.name.startswith("."):
                continue
            if self._is_fresh(path):
                try:
                    self._shown[path] = shown_in(path)
                except (ValueError, ElementTree.ParseError) as error:
                    yield f"half a file under its final name: {path}: {error}"
                    continue
            for id_ in self._shown.get(path, ()):
                if id_ not in captured:
                    yield f"published and not in the store: {id_} in {path}"
                elif not captured[id_] <= self._captures.keys():
                    yield f"published without a capture: {id_} in {path}"


def shown_in(path: Path) -> frozenset[str]:
    """The ids of the entries in a published file."""
    data = path.read_bytes()
    if path.suffix == ".json":
        ids = [item["id"] for item in json.loads(data).get("items", ())]
    else:
        root = ElementTree.fromstring(data)
        ids = [each.findtext(f"{_ATOM}id") for each in root.iter(f"{_ATOM}entry")]
        ids += [each.findtext("guid") for each in root.iter("item")]
    return frozenset(id_ or "" for id_ in ids)


def _look(path: Path) -> Look:
    found = path.stat()
    return found.st_mtime_ns, found.st_size

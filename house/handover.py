"""Entries go out: chosen, looked at for what may be handed over, and written as one file or folder
that is whole under its name or not there. What each holds: docs/leave-us-or-hand-over.md.
"""

from __future__ import annotations

import csv
import hashlib
import os
import shutil
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field, replace
from enum import StrEnum
from importlib.metadata import version
from typing import TYPE_CHECKING, TextIO

from archive.access import Access, decide_access
from archive.bag import PAYLOAD, is_bag, write_bag
from archive.deed import open_deed
from archive.handed import COLUMNS, Handed, table_row, text_name, write_line, write_text
from archive.issue import issue_of
from archive.model import EntryState, Event
from archive.packages.conformance import examine
from archive.packages.selected import About, write_selected
from archive.rights import decide
from feeds.citation.bibtex import write_bibtex
from feeds.citation.work import work_of
from foundation.errors import StoreError
from house.keeping import now
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.exchange import Capture
    from archive.model import ArchivedEntry
    from archive.rights import Carry
    from archive.selection import Selection
    from archive.store import Store
    from foundation.settings import Settings

#: The event of an export in which closed texts went out.
CLOSED_EXPORTED = "closed-exported"
#: Entries that are held in memory at once.
_AT_ONCE = 200
_NO_FILE = "Its journal has no file any more, so the operator's own word on it is not known."


class Format(StrEnum):
    """What an export can be."""

    WACZ = "wacz"
    BAGIT = "bagit"
    JSONL = "jsonl"
    CSV = "csv"
    BIBTEX = "bibtex"

    @property
    def suffix(self) -> str:
        """What its name ends in; a bag is a folder."""
        return {"bagit": "", "bibtex": ".bib"}.get(self.value, f".{self.value}")

    @property
    def has_texts(self) -> bool:
        """Whether texts are in it, or data about articles alone."""
        return self not in (Format.CSV, Format.BIBTEX)


class ExportError(StoreError):
    """There is nothing to write, or no place for it; `is_usage` where another option would do."""

    def __init__(self, message: str, *, is_usage: bool = False) -> None:
        self.is_usage = is_usage
        super().__init__(message)


@dataclass(frozen=True, kw_only=True, slots=True)
class Chosen:
    """What was asked for. `name` is what the file is called where a folder is given; `title` says
    it to people; `source` the one journal, where it is one. `issue` and `month` are the parts of
    `selection` that withdrawn entries are counted by; None with `words`, which find none."""

    selection: Selection
    name: str
    title: str
    source: Source | None = None
    is_of_words: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class LeftOut:
    """An entry, or a record, that is not in there, and why."""

    id: str
    title: str | None
    why: str


@dataclass(kw_only=True, slots=True)
class Exported:
    """What an export came to. `closed` are entries whose texts were left out, `closed_given` those
    whose texts went out by the operator's word; `damaged` is what should be in there and is not."""

    format: str
    to: str
    entries: int = 0
    texts: int = 0
    captures: int = 0
    files: int = 0
    size_bytes: int = 0
    sha256: str | None = None
    closed: list[LeftOut] = field(default_factory=list)
    closed_given: list[LeftOut] = field(default_factory=list)
    withdrawn: list[LeftOut] = field(default_factory=list)
    damaged: list[LeftOut] = field(default_factory=list)


def export(
    settings: Settings,
    store: Store,
    sources: Sequence[Source],
    chosen: Chosen,
    format_: Format,
    to: Path,
    *,
    closed_too: bool = False,
    force: bool = False,
    tell: Callable[[str], object] = lambda _: None,
) -> Exported:
    """Write what was chosen to a file, or for a bag a folder.

    Raises:
        ExportError: nothing was chosen, or may go out; or something is there already.
        StoreError: database or disk refused. Nothing stands under the name then.
    """
    path = to / f"{chosen.name}{format_.suffix}" if is_folder_for(to, format_) else to
    desk = _Desk(settings, store, sources, chosen, closed_too=closed_too, tell=tell)
    done = Exported(format=format_.value, to=str(path), withdrawn=desk.withdrawn())
    with written_aside(path, force=force) as aside:
        match format_:
            case Format.WACZ:
                desk.write_wacz(aside, done)
            case Format.BAGIT:
                desk.write_bag(aside, done)
            case _:
                desk.write_list(aside, format_, done)
        if not done.entries:
            raise ExportError(_nothing(done))
        _measure(aside, done)
        if done.closed_given:  # before it has its name: nothing goes out that is not written down
            with open_deed(settings, store):
                store.record(_told(chosen, done))
    return done


def is_folder_for(to: Path, format_: Format) -> bool:
    """Whether a file of this format goes into a folder that is there. A bag is a folder itself."""
    return format_ is not Format.BAGIT and to.is_dir()


@contextmanager
def written_aside(path: Path, *, force: bool) -> Iterator[Path]:
    """A name to write under, which is `path` once the block ended well. What was there before is
    there until then; without `force` nothing may be.

    Raises:
        ExportError: something is there, or it is a folder and no bag.
        StoreError: the disk refused.
    """
    aside = path.with_name(f".{path.name}.{os.getpid()}.open")
    _check_free(path, force=force)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield aside
        for each in sorted(aside.rglob("*")):  # of a bag: its name is to stand for all of it
            _sync(each)
        _sync(aside)
        old = path.with_name(f".{path.name}.{os.getpid()}.old")
        if path.is_dir():  # a folder is not replaced by a rename
            path.rename(old)
        aside.rename(path)
        _sync(path.parent)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreError(
            f"{path}: cannot be written: {error.strerror or error}. Nothing was exported. Next: "
            "free space there, or name another place with --to"
        ) from error
    finally:
        _remove(aside)


def _check_free(path: Path, *, force: bool) -> None:
    if not path.exists() or (path.is_dir() and not any(path.iterdir())):
        return
    if not force:
        raise ExportError(f"{path} is there already. Next: --force, or another --to", is_usage=True)
    if path.is_dir() and not is_bag(path):
        raise ExportError(f"{path} is a folder and no bag: not even --force removes it. Next: "
                          "another --to", is_usage=True)  # fmt: skip


class _Desk:
    """One export: what was chosen, entry by entry, and what may be handed out of it."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        sources: Sequence[Source],
        chosen: Chosen,
        *,
        closed_too: bool,
        tell: Callable[[str], object],
    ) -> None:
        self._settings = settings
        self._store = store
        self._sources: Mapping[str, Source] = {source.id: source for source in sources}
        self._chosen = chosen
        self._closed_too = closed_too
        self._tell = tell

    def write_list(self, path: Path, format_: Format, done: Exported) -> None:
        """JSON lines, a table, or references: one entry after the other."""
        with path.open("w", encoding="utf-8", errors="replace", newline="") as file:
            write = _WRITERS[format_](file)
            for handed in self._handed(done, with_texts=format_.has_texts):
                write(handed)
            file.flush()
            os.fsync(file.fileno())
        done.files = 1

    def write_wacz(self, path: Path, done: Exported) -> None:
        """The captures of all that may go out whole."""
        captures: list[Capture] = []
        for handed in self._handed(done, with_texts=True):
            if handed.has_text:
                captures += self._captures(handed, done)
            else:
                done.entries -= 1
        if captures:
            self._package(path, captures, done)
        done.files = 1

    def write_bag(self, folder: Path, done: Exported) -> None:
        """A package, the entries as JSON lines and as a table, each text, and the tag files."""
        payload = folder / PAYLOAD
        payload.mkdir(parents=True)
        captures: list[Capture] = []
        with ExitStack() as stack:
            writers = []
            for name, format_ in (("entries.jsonl", Format.JSONL), ("entries.csv", Format.CSV)):
                path = payload / name
                file = stack.enter_context(
                    path.open("w", encoding="utf-8", errors="replace", newline="")
                )
                writers.append(_WRITERS[format_](file))
            for handed in self._handed(done, with_texts=True):
                for write in writers:
                    write(handed)
                if handed.has_text:
                    captures += self._captures(handed, done)
                    _write_text(payload / "texts", handed)
        if captures:
            self._package(payload / f"{self._chosen.name}.wacz", captures, done)
        self._tell("counting digests")
        write_bag(folder, self._bag_info(now()))
        done.files = sum(path.is_file() for path in payload.rglob("*"))

    def withdrawn(self) -> list[LeftOut]:
        """What would have been chosen, had the operator not taken it down. No words find it."""
        source = self._chosen.source
        if source is None or self._chosen.is_of_words:
            return []
        wanted = self._chosen.selection
        found = self._store.entries(source.id, states={EntryState.WITHDRAWN})
        return [
            LeftOut(id=each.id, title=None, why="it was withdrawn by the operator")
            for each in found
            if (wanted.issue is None or _slug(each) == wanted.issue)
            and (wanted.since is None or each.first_seen >= wanted.since)
            and (wanted.until is None or each.first_seen < wanted.until)
        ]

    def _handed(self, done: Exported, *, with_texts: bool) -> Iterator[Handed]:
        """Each entry that was chosen, the newest first. Closed ones come without their texts,
        unless the operator gives them out."""
        for archived in self._entries():
            source, carry = self._rights(archived)
            access = decide_access(carry, archived.state, is_operator=self._closed_too)
            if access is Access.WITHDRAWN or archived.state is EntryState.WITHDRAWN:
                continue
            told = LeftOut(id=archived.id, title=archived.entry.title, why=carry.reason)
            if with_texts and access is Access.CLOSED:
                done.closed.append(told)
            if with_texts and access is Access.OPERATOR:
                done.closed_given.append(told)
            done.entries += 1
            done.texts += with_texts and access.is_granted
            if done.entries % _AT_ONCE == 0:
                self._tell(f"{done.entries} entries")
            yield Handed(
                archived=archived,
                source=source,
                captures=self._store.captures(archived.id),
                carry=carry,
                has_text=access.is_granted,
            )

    def _entries(self) -> Iterator[ArchivedEntry]:
        rights = {source.id: source.rights for source in self._sources.values()}
        before: ArchivedEntry | None = None
        while True:
            found = self._store.select(
                self._chosen.selection, rights=rights, limit=_AT_ONCE, before=before
            )
            yield from found
            if len(found) < _AT_ONCE:
                return
            before = found[-1]

    def _rights(self, archived: ArchivedEntry) -> tuple[Source, Carry]:
        source = self._sources.get(archived.source_id)
        known = source or Source(id=archived.source_id, title=archived.source_id, lists=())
        carry = decide(
            archived.entry.notice,
            source_rights=known.rights,
            noncommercial=self._settings.noncommercial,
            state=archived.state,
        )
        if source is None:
            carry = closed_for_want_of_a_file(carry)
        return known, carry

    def _captures(self, handed: Handed, done: Exported) -> Sequence[Capture]:
        if not handed.captures:
            told = handed.archived
            why = "no capture of it is known"
            done.damaged.append(LeftOut(id=told.id, title=told.entry.title, why=why))
        return handed.captures

    def _package(self, path: Path, captures: Sequence[Capture], done: Exported) -> None:
        about = About(
            title=self._chosen.title,
            description=f"Captures of {self._chosen.title}, exported by Kanliu",
            software=f"Kanliu/{version('kanliu')}",
            operator=self._operator,
        )
        written = write_selected(path, self._settings.data, captures, about, self._tell)
        done.captures = written.captures
        done.damaged += [
            LeftOut(id=id_, title=None, why=why) for id_, why in sorted(written.left.items())
        ]
        self._tell("checking the package")
        if faults := examine(path).faults:
            raise StoreError(
                f"{path}: the package does not pass our own test: {faults[0]}. Nothing was "
                "exported. Next: report it"
            )

    @property
    def _operator(self) -> str:
        return self._settings.contact or self._settings.public_url

    def _bag_info(self, at: datetime) -> list[tuple[str, str]]:
        source, name = self._chosen.source, self._chosen.name
        masthead = source.masthead if source else None
        numbers = (masthead.issn, masthead.eissn) if masthead else ()
        prefix = f"tag:{self._store.authority},{self._store.minted}"
        return [
            ("Source-Organization", self._operator),
            ("External-Description", f"{self._chosen.title}: captures, entries and texts"),
            ("External-Identifier", f"{prefix}:{name}"),
            *(("External-Identifier", f"urn:ISSN:{number}") for number in numbers if number),
            ("Internal-Sender-Identifier", name),
            ("Bagging-Date", f"{at:%Y-%m-%d}"),
            ("Bag-Software-Agent", f"Kanliu/{version('kanliu')}"),
        ]


def closed_for_want_of_a_file(carry: Carry) -> Carry:
    """Rights where the operator's own word on a journal is not known: nothing is open."""
    return replace(carry, is_open=False, reason=f"{carry.reason} {_NO_FILE}")


def _write_lines(file: TextIO) -> Callable[[Handed], None]:
    return lambda handed: _drop(file.write(write_line(handed)))


def _write_table(file: TextIO) -> Callable[[Handed], None]:
    """With a byte order mark, by which Excel knows UTF-8, and CR LF as RFC 4180 has it."""
    file.write("\ufeff")
    table = csv.writer(file, lineterminator="\r\n")
    table.writerow(COLUMNS)
    return lambda handed: _drop(table.writerow(table_row(handed)))


def _write_references(file: TextIO) -> Callable[[Handed], None]:
    return lambda handed: _drop(
        file.write(write_bibtex(work_of(handed.archived, handed.source)) + "\n")
    )


def _drop(_: object) -> None:
    """What writing gives back is of no use."""


_WRITERS: Mapping[Format, Callable[[TextIO], Callable[[Handed], None]]] = {
    Format.JSONL: _write_lines,
    Format.CSV: _write_table,
    Format.BIBTEX: _write_references,
}


def _write_text(folder: Path, handed: Handed) -> None:
    if handed.archived.entry.text is None:
        return
    path = folder / text_name(handed.archived)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(write_text(handed), "utf-8", errors="replace", newline="\n")


def _slug(archived: ArchivedEntry) -> str | None:
    issue = issue_of(archived.entry)
    return issue.slug if issue else None


def _nothing(done: Exported) -> str:
    if done.closed:
        return (
            f"nothing was exported: the {len(done.closed)} chosen are closed, such as "
            f"{done.closed[0].title} ({done.closed[0].why}) Next: --closed-too, for yourself"
        )
    if done.withdrawn:
        return f"nothing was exported: the {len(done.withdrawn)} chosen are withdrawn"
    return "nothing was exported: nothing was found. Next: kanliu search shows what there is"


def _measure(path: Path, done: Exported) -> None:
    """Its size, and for a file its digest."""
    if path.is_dir():
        done.size_bytes = sum(each.stat().st_size for each in path.rglob("*") if each.is_file())
        return
    if not path.exists():
        raise ExportError("nothing was exported: no capture of what was chosen is there")
    done.size_bytes = path.stat().st_size
    with path.open("rb") as file:
        done.sha256 = hashlib.file_digest(file, "sha256").hexdigest()


def _told(chosen: Chosen, done: Exported) -> Event:
    """Closed texts went out: what, where, how many."""
    return Event(
        at=now(),
        kind=CLOSED_EXPORTED,
        source_id=chosen.source.id if chosen.source else None,
        detail={
            "what": chosen.title,
            "format": done.format,
            "to": done.to,
            "entries": str(done.entries),
            "closed": str(len(done.closed_given)),
        },
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    if path.is_dir():
        shutil.rmtree(path, ignore_errors=True)
    else:
        with suppress(OSError):
            path.unlink(missing_ok=True)

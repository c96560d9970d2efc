"""Read the files that say what we follow. All errors of all files are found at once, and the
errors of one file never stop another source.

Reads the folder and nothing else: whether an address answers is not asked here.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from foundation.errors import SourceError, SourceErrors
from sources.parse import Parsed, parse_source

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from sources.model import Source

    _Stamp = tuple[int, ...]
    FolderState = dict[str, _Stamp]

# Folders of saved pages beside a file, and what its owner has set aside.
_PAGES = ".pages"
_SET_ASIDE = ("_", ".")

_DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sources:
    """What is followed, by id, and what is wrong with the rest. Warnings do not stop a source."""

    sources: tuple[Source, ...]
    errors: tuple[SourceError, ...] = ()
    warnings: tuple[SourceError, ...] = ()


class SourceReader:
    """Reads one folder again and again: while no file changes, the same object comes back, and
    only files that changed are parsed anew. For one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._state: FolderState | None = None
        self._parsed: dict[str, Parsed] = {}
        self._sources = Sources(sources=())

    def read(self) -> Sources:
        """Every `<id>.toml` in the folder and the folders below it, but those set aside: names
        that begin with `_` or `.`, and `<id>.pages`. An id or a list address that two files claim
        belongs to the first of them by name."""
        try:
            state = folder_state(self.folder)
        except OSError as error:
            reason = f"this folder cannot be read: {error.strerror}"
            file = str(error.filename or self.folder)
            return Sources(sources=(), errors=(SourceError(reason, file=file),))
        if state != self._state:
            before = self._state or {}
            self._parsed = {
                file: self._parsed[file] if before.get(file) == stamp else _read(Path(file))
                for file, stamp in state.items()
            }
            self._state = state
            self._sources = _gather(self._parsed.values())
        return self._sources


def read_sources(folder: Path) -> Sources:
    """The folder, once; see SourceReader.read for what is followed."""
    return SourceReader(folder).read()


def folder_state(folder: Path) -> FolderState:
    """Each file that is followed, by name, with what differs when it is written anew. Equal
    states are equal sources. OSError where the folder cannot be read."""
    return {entry.path: _stamp_of(entry) for entry in _find_entries(folder)}


def read_source(file: Path) -> Source:
    """One file; SourceErrors carries all that is wrong with it."""
    parsed = _read(file)
    if parsed.source is None:
        raise SourceErrors(parsed.errors)
    return parsed.source


def read_files(files: Iterable[Path]) -> Sources:
    """Files by name, not as the content of a folder."""
    return _gather([_read(file) for file in files])


def find_on_host(sources: Iterable[Source], url: str) -> list[Source]:
    """The sources whose list pages are on an address's host: what a journal is called decides
    how its notices read."""
    host = urlsplit(url).netloc
    return [
        source
        for source in sources
        if host and any(urlsplit(address).netloc == host for address in source.lists)
    ]


def find_files(folder: Path) -> list[Path]:
    """The files that are followed, by name."""
    return [Path(entry.path) for entry in _find_entries(folder)]


def _find_entries(folder: Path | str) -> Iterator[os.DirEntry[str]]:
    """Directory entries and not paths: ten times as fast, and the service asks at every tick."""
    with os.scandir(folder) as found:
        entries = sorted(found, key=lambda entry: entry.name)
    for entry in entries:
        if entry.name.startswith(_SET_ASIDE):
            continue
        if entry.name.endswith(".toml"):
            yield entry
        elif entry.is_dir() and not entry.name.endswith(_PAGES):
            yield from _find_entries(entry.path)


def _stamp_of(entry: os.DirEntry[str]) -> _Stamp:
    """Empty for a file that cannot be looked at: reading it says why."""
    try:
        status = entry.stat()
    except OSError:
        return ()
    return (status.st_mtime_ns, status.st_ctime_ns, status.st_size)


def _gather(parsed: Collection[Parsed]) -> Sources:
    sources, clashes = _without_clashes(one.source for one in parsed if one.source)
    return Sources(
        sources=tuple(sorted(sources, key=lambda source: source.id)),
        errors=tuple(error for one in parsed for error in one.errors) + clashes,
        warnings=tuple(warning for one in parsed for warning in one.warnings),
    )


def _read(file: Path) -> Parsed:
    # A name in another encoding is shown as far as it can be, and is no id.
    name = os.fsencode(file).decode("utf-8", "replace")
    try:
        text = _decode(file.read_bytes())
    except OSError as error:
        fault = SourceError(f"cannot be read: {error.strerror}", file=name)
        return Parsed(source=None, errors=(fault,))
    except ValueError as error:
        return Parsed(source=None, errors=(SourceError(str(error), file=name),))
    return parse_source(text, source_id=Path(name).stem, file=name)


def _decode(data: bytes) -> str:
    """TOML is UTF-8; some editors put a byte order mark before it."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x} in line {line}"
        raise ValueError(f"is not UTF-8: {found}; save it as UTF-8{_guess(data)}") from error


def _guess(data: bytes) -> str:
    try:
        data.decode("gb18030")
    except UnicodeDecodeError:
        return ""
    return " (it reads as GB18030)"


def _without_clashes(sources: Iterable[Source]) -> tuple[list[Source], tuple[SourceError, ...]]:
    """The sources that claim an id and list addresses first, and an error for each later claim."""
    kept: list[Source] = []
    errors: list[SourceError] = []
    ids: dict[str, str] = {}
    lists: dict[str, str] = {}
    for source in sources:
        claims = [_list_key(url) for url in source.lists]
        mine = list(_clashes(source, claims, ids, lists))
        if mine:
            errors += mine
            continue
        kept.append(source)
        ids[source.id] = source.file
        lists |= dict.fromkeys(claims, source.file)
    return kept, tuple(errors)


def _clashes(
    source: Source, claims: list[str], ids: dict[str, str], lists: dict[str, str]
) -> Iterator[SourceError]:
    if source.id in ids:
        message = f'the id "{source.id}" belongs to {ids[source.id]} already; rename this file'
        yield SourceError(message, file=source.file)
    for number, claim in enumerate(claims):
        key = f"lists[{number}]"
        if claim in lists:
            message = f"found {source.lists[number]}, which {lists[claim]} follows already"
            yield SourceError(message, file=source.file, key=key)
        elif claim in claims[:number]:
            message = f"found {source.lists[number]} a second time; allowed is each address once"
            yield SourceError(message, file=source.file, key=key)


def _list_key(url: str) -> str:
    """What makes two addresses the same page: not the scheme, case of the host or fragment."""
    parts = urlsplit(url)
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    return f"{parts.hostname}{port}{parts.path or '/'}?{parts.query}"

"""Read the files that say what we follow. All errors of all files are found at once, and the
errors of one file never stop another source.

Reads the folder and nothing else: whether an address answers is not asked here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from foundation.errors import SourceError, SourceErrors
from sources.parse import Parsed, parse_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from sources.model import Source

    _Stamp = tuple[int, int, int] | None

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
    """Reads one folder again and again; only files that changed are parsed anew (10,000 files:
    six seconds, then a quarter of one). For one thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._parsed: dict[Path, tuple[_Stamp, Parsed]] = {}

    def read(self) -> Sources:
        """Every `<id>.toml` in the folder and the folders below it, but those set aside: names
        that begin with `_` or `.`, and `<id>.pages`. An id or a list address that two files claim
        belongs to the first of them by name."""
        try:
            self._parsed = {file: self._read(file) for file in find_files(self.folder)}
        except OSError as error:
            reason = f"this folder cannot be read: {error.strerror}"
            file = error.filename or self.folder
            return Sources(sources=(), errors=(SourceError(reason, file=str(file)),))
        parsed = [one for _, one in self._parsed.values()]
        sources, clashes = _without_clashes(one.source for one in parsed if one.source)
        return Sources(
            sources=tuple(sorted(sources, key=lambda source: source.id)),
            errors=tuple(error for one in parsed for error in one.errors) + clashes,
            warnings=tuple(warning for one in parsed for warning in one.warnings),
        )

    def _read(self, file: Path) -> tuple[_Stamp, Parsed]:
        stamp = _stamp_of(file)
        known = self._parsed.get(file)
        return known if known and known[0] == stamp else (stamp, _read(file))


def read_sources(folder: Path) -> Sources:
    """The folder, once; see SourceReader.read for what is followed."""
    return SourceReader(folder).read()


def read_source(file: Path) -> Source:
    """One file; SourceErrors carries all that is wrong with it."""
    parsed = _read(file)
    if parsed.source is None:
        raise SourceErrors(parsed.errors)
    return parsed.source


def find_files(folder: Path) -> Iterator[Path]:
    """The files that are followed, by name."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith(_SET_ASIDE):
            continue
        if path.suffix == ".toml":
            yield path
        elif path.is_dir() and path.suffix != _PAGES:
            yield from find_files(path)


def _stamp_of(file: Path) -> _Stamp:
    """What differs when a file was written anew; None for one that cannot be looked at."""
    try:
        status = file.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_size, status.st_ino)


def _read(file: Path) -> Parsed:
    try:
        text = _decode(file.read_bytes())
    except OSError as error:
        reason = f"cannot be read: {error.strerror}"
        return Parsed(source=None, errors=(SourceError(reason, file=str(file)),))
    except ValueError as error:
        return Parsed(source=None, errors=(SourceError(str(error), file=str(file)),))
    return parse_source(text, source_id=file.stem, file=str(file))


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

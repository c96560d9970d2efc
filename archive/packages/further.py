"""Finds what a page shows and that was captured for another page, or for it and late: by what it
names, in the indexes of packages and by what the store knows of WARC files that are not sealed. So
a package of one article is made without reading a month. Reads only the records that it gives.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING
from urllib.parse import quote

from archive import warc
from archive.bodies import Spot
from archive.exchange import Role
from archive.packages import wacz
from archive.packages.address_key import address_key
from archive.packages.finder import beside, months_from
from archive.packages.lines import INDEXED, read_index
from archive.packages.members import Broken, Member, read_member, read_members
from archive.packages.named import addresses_named_in, may_name_others
from archive.sweep import OPEN

if TYPE_CHECKING:
    from pathlib import Path

    from archive.exchange import Capture

#: Where what was last served at addresses was captured: of a source, in a month (Bodies.find_own).
FindOwn = Callable[[str, str, Collection[str]], Sequence[Spot]]
#: What stands in an address as it goes over the wire.
_SAFE = "%/:=&?~#+!$,;'@()*[]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A record, and the file that it stands in, below the data directory."""

    member: Member
    file: str


@dataclass(frozen=True, kw_only=True, slots=True)
class _Index:
    """Where the captures of a package stand, by the keys of their addresses."""

    offsets: dict[str, list[int]]
    end: int


class Further:
    """Finds for the pages of one source."""

    def __init__(self, data: Path, source_id: str, find_own: FindOwn) -> None:
        self._data = data
        self._source_id = source_id
        self._find_own = find_own
        self._indexes: dict[Path, _Index] = {}

    def of(
        self, page: Capture, own: Iterable[Member], whole: Callable[[Found], Member | None]
    ) -> Iterator[Found]:
        """What is shown by a page and not among its `own` records; what style sheets name in turn,
        and where redirects lead. `whole` gives a revisit its body, None where that is nowhere."""
        own = list(own)
        have = {_key(each) for each in own if each.kind in INDEXED}
        waiting = [each for each in own if may_name_others(each)]
        while waiting:
            named = {address_key(url): url for url in addresses_named_in(waiting.pop())}
            lacking = {key: url for key, url in named.items() if key not in have}
            have |= lacking.keys()
            for records in self._find(page, lacking):
                first = whole(records[0])
                if first is None:
                    continue
                yield Found(member=first, file=records[0].file)
                yield from records[1:]
                if may_name_others(first):
                    waiting.append(first)

    def _find(self, page: Capture, lacking: dict[str, str]) -> Iterator[list[Found]]:
        """Each capture that is found, with what stands beside it; the nearest month's first."""
        lacking = dict(lacking)
        for month in months_from(f"{page.seen.astimezone(UTC):%Y-%m}"):
            if not lacking:
                return
            urls = {form for url in lacking.values() for form in (url, quote(url, safe=_SAFE))}
            for spot in self._find_own(self._source_id, month, urls):
                yield from self._taken(lacking, self._at_spot(spot))
            for path in _packages(self._data, self._source_id, month):
                for key in sorted(lacking.keys() & self._index(path).offsets.keys()):
                    yield from self._taken(lacking, self._in_package(path, key, page.id))

    def _taken(self, lacking: dict[str, str], records: list[Found]) -> Iterator[list[Found]]:
        if records and lacking.pop(_key(records[0].member), None) is not None:
            yield records

    def _at_spot(self, spot: Spot) -> list[Found]:
        path = self._data / spot.file
        path = path if path.exists() else path.with_name(path.name + OPEN)
        return self._read(path, spot.file, spot.offset, None)

    def _in_package(self, path: Path, key: str, page: str) -> list[Found]:
        """The one that was captured for the page itself, where there are several."""
        index, name = self._index(path), path.relative_to(self._data).as_posix()
        found = [self._read(path, name, at, index.end) for at in index.offsets[key]]
        there = [records for records in found if records]
        own = [each for each in there if each[0].member.named(warc.PAGE) == page]
        return next(iter((*own, *there)), [])

    def _read(self, path: Path, name: str, offset: int, end: int | None) -> list[Found]:
        """A requisite and what stands beside it; nothing where anything else stands there."""
        try:
            with path.open("rb") as file:
                first = read_member(file, offset, end)
                if not self._is_requisite(first):
                    return []
                records = [Found(member=first, file=name)]
                for member in read_members(file, offset + len(first.packed), end):
                    if isinstance(member, Broken) or beside(member) != first.id:
                        break
                    records.append(Found(member=member, file=name))
                return records
        except (OSError, ValueError):  # it is missed, as if it had never come
            return []

    def _is_requisite(self, member: Member) -> bool:
        headers = member.headers
        is_ours = headers.get(warc.SOURCE) == self._source_id
        return is_ours and member.kind in INDEXED and headers.get(warc.ROLE) == Role.REQUISITE

    def _index(self, path: Path) -> _Index:
        if path not in self._indexes:
            self._indexes[path] = _read_index(path)
        return self._indexes[path]


def _read_index(path: Path) -> _Index:
    offsets: dict[str, list[int]] = {}
    try:
        with wacz.open_package(path) as (package, file):
            stretch = wacz.stretch_of(package, file)
            for key, _, fields in read_index(package.read(wacz.INDEX).decode()):
                offsets.setdefault(key, []).append(stretch.start + int(fields["offset"]))
            return _Index(offsets=offsets, end=stretch.end)
    except (OSError, ValueError, KeyError):  # fixity says so
        return _Index(offsets={}, end=0)


def _packages(data: Path, source_id: str, month: str) -> list[Path]:
    """A journal's packages of a month, of both trees: what an open page shows is open, whoever
    asked for it first."""
    names = (f"{month}.wacz", f"{month}.*.wacz")
    found = (each for name in names for each in data.glob(f"packages/*/{source_id}/{name}"))
    return sorted(found, key=lambda path: (path.name, path.parts))


def _key(member: Member) -> str:
    return address_key(member.headers.get("WARC-Target-URI", ""))

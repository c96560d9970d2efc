"""Finds which records belong to pages: in the WARC files and packages that hold them, in one pass
each. Keeps places and heads, never bodies. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive import warc
from archive.exchange import Role
from archive.owed import OWED_MOST
from archive.packages import wacz
from archive.packages.address_key import address_key
from archive.packages.lines import INDEXED
from archive.packages.members import Broken, read_members
from archive.sweep import OPEN

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from archive.exchange import Capture
    from archive.packages.members import Member


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where a record stands."""

    file: Path
    offset: int
    id: str
    info: str | None


class Finder:
    """Finds the records that belong to pages: before and behind them, and in the other files of
    the month. `shared` are the pictures and style sheets of other pages, which these may name."""

    def __init__(self, data: Path, wanted: Collection[str]) -> None:
        self._data = data
        self._wanted = wanted
        self._looked: set[Path] = set()
        self.places: dict[str, dict[str, Place]] = {}
        self.shared: dict[tuple[str, str, str], str] = {}
        self.infos: dict[str, Member] = {}
        self.faults: dict[str, str] = {}

    def look_through(self, name: str, ids: Sequence[str]) -> None:
        """The file of these captures, and those in which what belongs to them may stand, too."""
        path = self._data / name
        path = path if path.exists() else path.with_name(path.name + OPEN)
        try:
            self._read(path)
            for other in files_beside(self._data, path):
                self._read(other)
        except (OSError, ValueError) as error:
            self.faults |= dict.fromkeys(ids, f"{name} cannot be read: {error}")

    def find_shared(self, capture: Capture, source: str, keys: Iterable[str]) -> Iterator[str]:
        """The ids of what a page names and another page of the same journal has: in the same month,
        or else in those after it in which it may have come late."""
        months = list(months_from(f"{capture.seen.astimezone(UTC):%Y-%m}"))
        for key in sorted(keys):
            found = (self.shared.get((source, month, key)) for month in months)
            if (id_ := next(filter(None, found), None)) is not None:
                yield id_

    def _read(self, path: Path) -> None:
        if path in self._looked:
            return
        self._looked.add(path)
        owners: dict[str, str] = {}
        for member in members_of(path):
            owner = self._owner_of(member, owners)
            if member.kind == "warcinfo":
                self.infos.setdefault(member.id, member)
            elif owner is not None:
                if member.kind in INDEXED:
                    owners[member.id] = owner
                place = Place(
                    file=path,
                    offset=member.offset,
                    id=member.id,
                    info=member.named("WARC-Warcinfo-ID"),
                )
                self.places.setdefault(owner, {}).setdefault(member.id, place)

    def _owner_of(self, member: Member, owners: Mapping[str, str]) -> str | None:
        """The wanted page that a record is, belongs to, or stands beside something of. A picture
        of another page has an owner in itself."""
        if member.kind not in INDEXED:
            return owners.get(beside(member) or "")
        page = member.named(warc.PAGE) or member.id
        if member.id in self._wanted or page in self._wanted:
            return member.id if member.id in self._wanted else page
        if member.headers.get(warc.ROLE) != Role.REQUISITE:
            return None
        url, month = member.headers["WARC-Target-URI"], member.headers["WARC-Date"][:7]
        key = (member.headers.get(warc.SOURCE, ""), month, address_key(url))
        self.shared.setdefault(key, member.id)
        return member.id


def files_beside(data: Path, path: Path) -> list[Path]:
    """The other files that may hold what belongs to the captures of a file: what a page was given
    late (archive.owed) stands in files of the next month, and of a month that was sealed already
    in a further package; what it shares with others, in whatever tree."""
    months = list(months_from(_month_of(path)))
    found = [
        each for month in months for each in data.glob(f"warc/{month.replace('-', '/')}/*.warc.gz*")
    ]
    if path.suffix == ".wacz":
        names = [name for month in months for name in (f"{month}.wacz", f"{month}.*.wacz")]
        found += [
            each for name in names for each in data.glob(f"packages/*/{path.parent.name}/{name}")
        ]
    return sorted(each for each in found if each != path)


def _month_of(path: Path) -> str:
    """YYYY-MM, of a WARC file by its folder, of a package by its name."""
    if path.suffix == ".wacz":
        return path.name[:7]
    return f"{path.parent.parent.name}-{path.parent.name}"


def months_from(month: str) -> Iterator[str]:
    """A month, and those in which its last page may still be given what it lacks."""
    try:
        day = datetime.strptime(f"{month}-28", "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:  # no file of ours
        return
    last = day.replace(day=1) + timedelta(days=32)
    last = last.replace(day=1) - timedelta(days=1) + OWED_MOST
    while f"{day:%Y-%m}" <= f"{last:%Y-%m}":
        yield f"{day:%Y-%m}"
        day = (day + timedelta(days=7)).replace(day=28)


def members_of(path: Path) -> Iterator[Member]:
    """The whole records of a WARC file, or of a package."""
    if path.suffix == ".wacz":
        found: Iterable[Member | Broken] = wacz.read_package(path)
        yield from (each for each in found if not isinstance(each, Broken))
        return
    with path.open("rb") as file:
        yield from (each for each in read_members(file) if not isinstance(each, Broken))


def beside(member: Member) -> str | None:
    """The response that a request, metadata or rendering stands beside."""
    return member.named("WARC-Refers-To" if member.kind == "conversion" else "WARC-Concurrent-To")

"""Sealing: the WARC files of months that are over become packages. Puts together what the modules
beside it do, and keeps the order that lets a crash come at any time: a package is whole on disk
under its name before the store says that captures are read there, and a WARC file goes away only
when each of its records was found again, byte for byte, in sealed packages that have their copies.
"""

from __future__ import annotations

import json
import logging
import os
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from archive import rights
from archive.holdings import HERE, Holding, Package
from archive.model import Event
from archive.packages import wacz
from archive.packages.build import About, build
from archive.packages.conformance import examine
from archive.packages.manifest import write_manifest
from archive.packages.members import Member
from archive.packages.originals import Originals
from archive.packages.plan import Shelfmark, Standing, plan
from archive.packages.scan import NOBODY, scan_file, units_of
from archive.packages.sharing import share
from archive.sweep import OPEN, fsync_folder
from foundation.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence
    from pathlib import Path

    from archive.holdings import Standing as Stands
    from archive.packages.build import Placed
    from archive.packages.plan import PlannedPackage, Tree
    from archive.packages.scan import FiledRecord, Scan, Unit
    from archive.store import Store
    from sources.model import Source

log = logging.getLogger(__name__)

#: The title of the package of what is no journal's.
_OWN_TITLE = "Kanliu: the archive's own log"


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a look at the WARC files came to: packages to be made, and for each record where it is
    sealed, as far as it is. `originals` are the responses that revisits name."""

    planned: tuple[PlannedPackage, ...]
    scans: tuple[Scan, ...]
    infos: Mapping[str, FiledRecord]
    originals: Mapping[str, FiledRecord]
    sealed: dict[str, tuple[str, int]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A package that is whole on disk under its name, and not yet in the store."""

    package: Package
    holding: Holding
    offsets: Mapping[str, int]
    left: Mapping[str, str] = field(default_factory=dict)
    late: tuple[str, ...] = ()


class Sealer:
    """Makes packages in one data directory. One at a time in one data directory: whoever holds its
    lock. `now` is always an argument."""

    def __init__(
        self,
        store: Store,
        *,
        data: Path,
        sources: Mapping[str, Source],
        noncommercial: bool,
        software: str,
        operator: str,
    ) -> None:
        self._store = store
        self._holdings = store.holdings
        self._data = data
        self._sources = sources
        self._noncommercial = noncommercial
        self._software = software
        self._operator = operator

    # What is there

    def recover(self, now: datetime) -> list[Written]:
        """After a crash: what was half written goes away; what was whole, and not yet in the
        store, is given back to be committed.

        Raises:
            StoreError: the disk refused.
        """
        with in_words(self._data / "packages"):
            for path in self._data.glob(f"packages/*/*/*{OPEN}"):
                log.warning("package half written, removed file=%s", path)
                path.unlink()
        known = {package.file for package in self._holdings.packages()}
        found = sorted(self._data.glob("packages/*/*/*.wacz"))
        names = [path.relative_to(self._data).as_posix() for path in found]
        fresh = [self._adopt(name, now) for name in names if name not in known]
        return [written for written in fresh if written is not None]

    def raw_files(self, last: str) -> list[Path]:
        """The WARC files that nobody writes any more, of the months up to `last` (YYYY-MM)."""
        return [
            path
            for path in sorted(self._data.glob("warc/*/*/*.warc.gz"))
            if month_of_file(path) <= last
        ]

    def draft(
        self,
        months: Collection[str] | None,
        *,
        now: datetime,
        sources: Collection[str] | None = None,
    ) -> Draft:
        """Look through the WARC files for what is to be sealed: of these months, or of all that
        are over."""
        last = max(months) if months else month_before(now)
        scans = tuple(scan_file(path) for path in self.raw_files(last))
        for scan in scans:
            for broken in scan.broken:
                log.error(
                    "record damaged file=%s offset=%d error=%s",
                    scan.file, broken.offset, broken.reason,
                )  # fmt: skip
        records = [record for scan in scans for record in scan.records]
        wanted = {record.original for record in records if record.original}
        units = units_of(records)
        found_months = {unit.month for unit in units}
        chosen = set(months) if months else {month for month in found_months if month <= last}
        sealed = self._sealed_before(units)
        fresh = _without(units, sealed)
        packages = self._holdings.packages()
        numbers: dict[tuple[str, str], int] = {}
        for each in packages:
            key = (each.mark.source_id, each.mark.month)
            numbers[key] = max(each.mark.number, numbers.get(key, 0))
        dark = {each.mark.source_id for each in packages if each.tree == "dark" and each.pages}
        open_ones = self._open_anchors(fresh, chosen)
        planned = plan(
            fresh,
            months=chosen,
            is_open=lambda unit: (unit.source_id, unit.anchor) in open_ones,
            standing=Standing(numbers=numbers, dark=dark),
            sources=sources,
        )
        return Draft(
            planned=tuple(share(planned)),
            scans=scans,
            infos={record.id: record for record in records if record.kind == "warcinfo"},
            originals={record.id: record for record in records if record.id in wanted},
            sealed=sealed,
        )

    # One package

    def write(self, planned: PlannedPackage, draft: Draft, now: datetime) -> Written:
        """Make a package, whole on disk under its name. Touches the store for reading only.

        Raises:
            StoreError: the disk refused, or what was written does not pass our own test.
        """
        path = self._data / planned.mark.file(planned.tree)
        aside = path.with_name(path.name + OPEN)
        needed = {record.info for record in planned.records if record.info}
        infos = [draft.infos[id_] for id_ in sorted(needed & draft.infos.keys())]
        with in_words(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            aside.unlink(missing_ok=True)
            packages = self._holdings.packages(planned.mark.source_id)
            finder = Originals(self._data, draft.originals, [each.file for each in packages])
            built = build(aside, planned, infos, self._about(planned.mark, now), finder.find)
            written = self._examined(aside, planned, built.placed, built.left, now)
            aside.rename(path)
            fsync_folder(path.parent)
        for id_, why in built.left.items():
            log.error("record not sealed package=%s record=%s error=%s", planned.mark, id_, why)
        return written

    def commit(self, written: Written, draft: Draft | None = None) -> Package:
        """Say in the store that a written package holds its captures from now on."""
        package, holding = written.package, written.holding
        detail = {
            "package": str(package.mark),
            "file": package.file,
            "sha256": (holding.digest or "").partition(":")[2],
            "size_bytes": str(holding.size_bytes),
            "records": str(package.records),
            "pages": str(package.pages),
        }
        source_id = None if package.mark.source_id == NOBODY else package.mark.source_id
        # A database that was made again has its log from the files: this was sealed before.
        is_told = draft is None and any(
            each.detail.get("sha256") == detail["sha256"]
            for each in self._store.events(source_id, kinds=["package-sealed"], limit=None)
        )
        kind = "file-found" if is_told else "package-sealed"
        told = Event(at=holding.added, kind=kind, source_id=source_id, detail=detail)
        self._holdings.seal(package, holding, written.offsets, told, late=written.late)
        if source_id is not None:  # what comes now refers to nothing in here
            self._store.bodies.forget(source_id, [package.mark.month])
        self.write_manifests()
        if draft is not None:
            draft.sealed.update((id_, (package.file, at)) for id_, at in written.offsets.items())
        log.info(
            "package sealed package=%s tree=%s records=%d pages=%d bytes=%d",
            package.mark, package.tree, package.records, package.pages, holding.size_bytes,
        )  # fmt: skip
        return package

    def write_manifests(self) -> bool:
        """The digests of each tree, from the store. Whether any differed."""
        did = False
        with in_words(self._data / "packages"):
            for tree, digests in self.manifests().items():
                did |= write_manifest(self._data / "packages" / tree, digests)
        return did

    def manifests(self) -> dict[Tree, dict[str, str]]:
        """What each tree's manifest is to say: the digest of each package, by path in the tree."""
        found: dict[Tree, dict[str, str]] = {"open": {}, "dark": {}}
        for each in self._holdings.holdings(place=HERE):
            for tree, digests in found.items():
                if each.file.startswith(f"packages/{tree}/") and each.digest:
                    digests[each.file.removeprefix(f"packages/{tree}/")] = each.digest
        return found

    # Inside

    def _adopt(self, name: str, now: datetime) -> Written | None:
        """A package that a crash, or a lost database, left unknown."""
        path = self._data / name
        _, tree, source_id, file = name.split("/")
        mark = Shelfmark.parse(f"{source_id}/{file.removesuffix('.wacz')}")
        twins = [each for each in self._holdings.packages(source_id) if each.mark == mark]
        if twins:
            self._settle_twin(path, self._data / twins[0].file)
            return None
        examined = examine(path)
        if examined.faults:
            log.error("package unknown and damaged file=%s error=%s", name, examined.faults[0])
            return None
        with wacz.open_package(path) as (package, _):
            manifest = json.loads(package.read(wacz.MANIFEST))
        records = [each for each in wacz.read_package(path) if isinstance(each, Member)]
        found = Package(
            mark=mark,
            tree="open" if tree == "open" else "dark",
            records=examined.records,
            pages=examined.pages,
            sealed=datetime.fromisoformat(manifest["created"]),
        )
        holding = _holding(path, name, now)
        return Written(
            package=found,
            holding=holding,
            offsets={each.id: each.offset for each in records},
            late=tuple(manifest.get("kanliu", {}).get("late", ())),
        )

    def _settle_twin(self, path: Path, twin: Path) -> None:
        """Two files of one shelfmark: a move that a crash cut short, where the store has the other
        name. Anything else a person must look at."""
        if twin.exists() and wacz.digest_of_file(path) == wacz.digest_of_file(twin):
            log.warning("package under two names, the unknown one removed file=%s", path)
            path.unlink()
        else:
            log.error("package unknown file=%s error=the store has another one: %s", path, twin)

    def _examined(
        self,
        aside: Path,
        planned: PlannedPackage,
        placed: Mapping[str, Placed],
        left: Mapping[str, str],
        now: datetime,
    ) -> Written:
        examined = examine(aside)
        if examined.faults:
            aside.unlink()
            raise StoreError(
                f"{planned.mark}: the package does not pass our own test: {examined.faults[0]}. "
                "Nothing was changed. Next: kanliu verify; where that finds no damage, report it."
            )
        package = Package(
            mark=planned.mark,
            tree=planned.tree,
            records=examined.records,
            pages=examined.pages,
            sealed=now,
        )
        return Written(
            package=package,
            holding=_holding(aside, package.file, now),
            offsets={id_: place.offset for id_, place in placed.items()},
            left=left,
            late=planned.late,
        )

    def _about(self, mark: Shelfmark, now: datetime) -> About:
        source = self._sources.get(mark.source_id)
        masthead = source.masthead if source else None
        own = _OWN_TITLE if mark.source_id == NOBODY else mark.source_id
        return About(
            title=source.title if source else own,
            issn=(masthead.issn or masthead.eissn) if masthead else None,
            software=self._software,
            operator=self._operator,
            sealed=now,
        )

    def _open_anchors(self, units: Sequence[Unit], months: Collection[str]) -> set[tuple[str, str]]:
        """The articles that others may have, by source and anchor."""
        pages: dict[str, dict[str, str | None]] = {}
        for unit in units:
            if unit.is_article and unit.month in months:
                pages.setdefault(unit.source_id, {})[unit.anchor] = unit.url
        return {
            (source_id, anchor)
            for source_id, anchors in pages.items()
            for anchor, standing in self._holdings.standings(source_id, anchors).items()
            if is_open(self._sources, source_id, standing, noncommercial=self._noncommercial)
        }

    def _sealed_before(self, units: Sequence[Unit]) -> dict[str, tuple[str, int]]:
        """The records that stand in packages already: where a WARC file stayed when its month was
        sealed."""
        shelves = {(unit.source_id, unit.month) for unit in units}
        # What came late may have been sealed with its page's month, while that page stood here.
        shelves |= {
            (unit.source_id, month_of_last(unit.at)) for unit in units if unit.is_late and unit.at
        }
        return {
            member.id: (package.file, member.offset)
            for package in self._holdings.packages()
            if (package.mark.source_id, package.mark.month) in shelves
            for member in wacz.read_package(self._data / package.file)
            if isinstance(member, Member)
        }


def is_open(
    sources: Mapping[str, Source], source_id: str, standing: Stands, *, noncommercial: bool
) -> bool:
    """Whether others may have an article. Not where its source has no file any more: then the
    operator's own word on it is not known."""
    source = sources.get(source_id)
    if source is None:
        return False
    return rights.decide(
        standing.notice,
        source_rights=source.rights,
        noncommercial=noncommercial,
        state=standing.state,
    ).is_open


def month_before(now: datetime) -> str:
    """The last month that is over, YYYY-MM, in UTC."""
    first = now.astimezone(UTC).replace(day=1)
    return f"{first - timedelta(days=1):%Y-%m}"


def month_of_last(at: str) -> str:
    """The month before that of an instant (ISO), YYYY-MM."""
    return month_before(datetime.fromisoformat(at))


def month_of_file(path: Path) -> str:
    """The month in whose folder a WARC file lies, YYYY-MM."""
    return f"{path.parent.parent.name}-{path.parent.name}"


@contextmanager
def in_words(path: Path) -> Iterator[None]:
    """A refusal of the disk as StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(
            f"{path}: {error.strerror}; the WARC files are as they were. Next: free space there "
            f"and let user id {os.geteuid()} write."
        ) from error


def _without(units: Sequence[Unit], sealed: Collection[str]) -> list[Unit]:
    """What of the units is not in a package yet."""
    fresh = []
    for unit in units:
        records = tuple(record for record in unit.records if record.id not in sealed)
        if records:
            fresh.append(replace(unit, records=records))
    return fresh


def _holding(path: Path, name: str, now: datetime) -> Holding:
    return Holding(
        place=HERE,
        file=name,
        digest=wacz.digest_of_file(path),
        size_bytes=path.stat().st_size,
        added=now,
        checked=now,
    )

"""Fixity: whether what is kept is what was written, here and in every place of copies; and repair
from a copy that is. Decides nothing by the clock: `now` is an argument.

What a file should be is its digest in the store (holdings.py): a package's from sealing, a WARC
file's from when it was finished, or else from the first time that all its records were found whole.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archive.copies import PART, Directory, copy_file, digest_of, place_in_words
from archive.holdings import HERE, Holding
from archive.model import Event
from archive.packages import wacz
from archive.packages.conformance import examine
from archive.packages.manifest import read_manifest
from archive.packages.members import Broken, find_fault, read_members
from archive.replicas import find_superseded, forget
from foundation.errors import DamagedError, PlaceError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.copies import Place
    from archive.packages.members import Member
    from archive.store import Store

log = logging.getLogger(__name__)

#: The events that say what the bytes of a file are that got its name (captures.py, seal.py).
FINISHED = ("capture-sealed", "package-sealed")
#: How many damaged records of one file are named.
_NAMED_MOST = 5
MISSING = "it is missing"
_PACKAGES = "packages/*/*/*.wacz"


@dataclass(frozen=True, kw_only=True, slots=True)
class Checked:
    """A file as it was found: `fault` is None where it is as it should be, `repaired` the place
    whose copy it was made good from."""

    holding: Holding
    fault: str | None = None
    repaired: str | None = None

    @property
    def is_damaged(self) -> bool:
        """Whether something is wrong with it still."""
        return self.fault is not None and self.repaired is None


class Watch:
    """Watches over the files of one data directory and their copies."""

    def __init__(self, store: Store, data: Path, places: Sequence[Place]) -> None:
        self._store = store
        self._holdings = store.holdings
        self._data = data
        self._here = Directory(data)
        self.places: Mapping[str, Place] = {place.name: place for place in places}

    def follow(self, now: datetime) -> None:
        """Take in the WARC files that were finished since the last time, and the packages that a
        database made again does not know yet."""
        known = {each.file for each in self._holdings.holdings(place=HERE)}
        paths = sorted((*self._data.glob("warc/*/*/*.warc.gz"), *self._data.glob(_PACKAGES)))
        names = {path.relative_to(self._data).as_posix(): path for path in paths}
        fresh = {name: path for name, path in names.items() if name not in known}
        if not fresh:
            return
        told = self._store.events(kinds=FINISHED, limit=None)
        digests = {
            str(each.detail.get("file")): each.detail.get("sha256") for each in reversed(told)
        }
        digests |= self._listed()
        self._holdings.put(
            Holding(
                place=HERE,
                file=name,
                digest=f"sha256:{digests[name]}" if digests.get(name) else None,
                size_bytes=path.stat().st_size,
                added=now,
            )
            for name, path in fresh.items()
        )

    def _listed(self) -> dict[str, str | None]:
        """The digests of packages as the manifests have them."""
        return {
            f"packages/{tree}/{file}": digest.partition(":")[2]
            for tree in ("open", "dark")
            for file, digest in read_manifest(self._data / "packages" / tree).items()
        }

    def holdings(self) -> list[Holding]:
        """All that is watched over, here and in the places that the settings name."""
        here = {HERE, *self.places}
        return [each for each in self._holdings.holdings() if each.place in here]

    def check(self, holding: Holding, now: datetime, *, is_repairing: bool) -> Checked:
        """Read a file, and write down how it is; make it good from a copy if that is asked for.

        Raises:
            PlaceError: the place of it is away: nothing is known of the file.
            StoreError: it cannot be written down.
        """
        digest, fault = self._look(holding)
        seen = replace(holding, checked=now, fault=fault, digest=holding.digest or digest)
        checked = Checked(holding=seen, fault=fault)
        if fault == MISSING and self._is_given_up(holding, now):
            return replace(checked, fault=None)
        if fault is None:
            self._holdings.put([seen])
            return checked
        told = [] if fault == holding.fault else [_failed(seen, fault, now)]
        self._holdings.put([seen], *told)
        log.error("file damaged place=%s file=%s error=%s", _shown(seen), seen.file, fault)
        return self.repair(checked, now) if is_repairing else checked

    def repair(self, checked: Checked, now: datetime) -> Checked:
        """Make a damaged file good from a place where it is whole, if there is one."""
        damaged = checked.holding
        good = self._find_good(damaged)
        target = self._here if damaged.place == HERE else self.places[damaged.place]
        if good is None or damaged.digest is None or target.is_ours() is False:
            return checked
        source = self._here if good.place == HERE else self.places[good.place]
        try:
            copy_file(source, target, good.file, damaged.digest, named=damaged.file)
        except (DamagedError, PlaceError) as error:
            log.error("file not repaired file=%s error=%s", damaged.file, error)  # noqa: TRY400
            return checked
        mended = replace(damaged, fault=None, checked=now)
        detail = {"file": damaged.file, "place": _shown(damaged), "from": _shown(good)}
        self._holdings.put([mended], Event(at=now, kind="file-repaired", detail=detail))
        log.warning("file repaired place=%s file=%s from=%s", *detail.values())
        return replace(checked, repaired=_shown(good))

    def trust(self, now: datetime) -> None:
        """Read the files here whose digest is not known yet: what is whole now is what it is held
        to, and copied, from now on."""
        for each in self._holdings.holdings(place=HERE):
            if each.digest is None and each.fault is None:
                self.check(each, now, is_repairing=False)

    def tidy(self) -> None:
        """Take away what a crash left half repaired. Whoever calls it holds the data directory."""
        for folder in ("warc", "packages"):
            for path in self._data.glob(f"{folder}/*/*/*{PART}"):
                log.warning("file half repaired, removed file=%s", path)
                path.unlink()

    def end(self, checked: Iterable[Checked], now: datetime) -> None:
        """Write down that a check of several files has ended, and how."""
        found = list(checked)
        if not found:
            return
        detail = {
            "files": str(len(found)),
            "size_bytes": str(sum(each.holding.size_bytes for each in found)),
            "damaged": str(sum(each.fault is not None for each in found)),
            "repaired": str(sum(each.repaired is not None for each in found)),
        }
        self._store.record(Event(at=now, kind="fixity-checked", detail=detail))

    def _is_given_up(self, holding: Holding, now: datetime) -> bool:
        """Whether a copy that is gone was not needed any more: whoever fills that place took it
        away, since we may not."""
        if holding.place == HERE:
            return False
        key = (holding.place, holding.file)
        for each in find_superseded(self._store):
            if (each.copy.place, each.copy.file) == key:
                forget(self._store, each, now)
                return True
        return False

    def _look(self, holding: Holding) -> tuple[str | None, str | None]:
        """The digest of a file's bytes, and what is wrong with it."""
        is_here = holding.place == HERE
        place = self._here if is_here else self.places[holding.place]
        try:
            with place_in_words(place), place.open(holding.file) as file:
                found = digest_of(file)
        except PlaceError as error:
            if isinstance(error.__cause__, FileNotFoundError):
                return None, MISSING
            if is_here:
                return None, str(error.__cause__)
            raise
        if holding.digest == found:
            return found, None
        if not is_here:
            return found, "its bytes are not those that were copied"
        faults = self._name_faults(holding.file)
        if holding.digest is None:
            return (None, _joined(faults)) if faults else (found, None)
        return found, _joined(faults) or "its bytes are not those that were written"

    def _name_faults(self, file: str) -> list[str]:
        path = self._data / file
        if not file.endswith(".wacz"):
            with path.open("rb") as opened:
                return list(self._faults_of(file, read_members(opened)))
        try:
            faults = list(self._faults_of(file, wacz.read_package(path)))
        except ValueError as error:
            return [str(error)]
        return faults or list(examine(path).faults)

    def _faults_of(self, file: str, found: Iterator[Member | Broken]) -> Iterator[str]:
        """Each damaged record, by the address that was captured."""
        for each in found:
            if isinstance(each, Broken):
                url = self._holdings.address_at(file, each.offset) or "a record"
                yield f"{url} at {each.offset}: {each.reason}"
            elif fault := find_fault(each):
                url = each.headers.get("WARC-Target-URI", each.id)
                yield f"{url} ({each.kind}) at {each.offset}: {fault}"

    def _find_good(self, damaged: Holding) -> Holding | None:
        """Another file with the digest that this one should have, which has it now."""
        for each in self.holdings():
            is_itself = (each.place, each.file) == (damaged.place, damaged.file)
            if is_itself or each.digest is None or each.digest != damaged.digest:
                continue
            place = self._here if each.place == HERE else self.places[each.place]
            try:
                with place_in_words(place), place.open(each.file) as file:
                    if digest_of(file) == each.digest:
                        return each
            except PlaceError as error:
                log.warning("copy not read place=%s error=%s", place.name, error)
        return None


def _failed(holding: Holding, fault: str, now: datetime) -> Event:
    detail = {"file": holding.file, "place": _shown(holding), "fault": fault}
    return Event(at=now, kind="fixity-failed", detail=detail)


def _shown(holding: Holding) -> str:
    return holding.place or "here"


def _joined(faults: Sequence[str]) -> str | None:
    if not faults:
        return None
    more = len(faults) - _NAMED_MOST
    return "; ".join(faults[:_NAMED_MOST]) + (f"; and {more} more" if more > 0 else "")

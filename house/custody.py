"""What is kept is looked after: months that are over are sealed, files copied, checked and
repaired. By hand (`kanliu seal`, `kanliu copy`, `kanliu verify`) or by the service, beside the
polls."""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from typing import TYPE_CHECKING

from archive.copies import open_places
from archive.fixity import Watch
from archive.holdings import HERE
from archive.packages import removal, trees
from archive.packages.manifest import NAME as MANIFEST
from archive.packages.manifest import read_manifest
from archive.packages.seal import Sealer
from archive.replicas import AWAITED, clear, fill, find_lacks, find_superseded, is_copied, is_raw
from foundation.errors import PlaceError
from house.keeping import now

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from archive.copies import Place
    from archive.fixity import Checked
    from archive.holdings import Holding, Package
    from archive.ledger import Break
    from archive.packages.removal import Removable
    from archive.packages.seal import Draft
    from archive.replicas import Lack
    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: What was asked for before midnight may be written after it.
SETTLED = timedelta(hours=1)
#: A file is not checked more often by the service, however small the archive.
CHECKED_AGAIN = timedelta(days=7)
#: How many files the service checks at a tick, so that a stop need not wait.
FILES_A_TICK = 20


@dataclass(kw_only=True, slots=True)
class Copied:
    """What copying came to. `awaited` are files that somebody else is to bring."""

    copied: int = 0
    awaited: int = 0
    troubles: list[str] = field(default_factory=list)


@dataclass(kw_only=True, slots=True)
class Sealed(Copied):
    """What sealing came to."""

    packages: list[Package] = field(default_factory=list)
    moved: list[Package] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fault:
    """A file that is not what was written; `repaired` is the place that it was made good from."""

    file: str
    place: str
    fault: str
    repaired: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Copies:
    """A place of copies: how many packages and WARC files it has of those that are here, and
    whether this program could spoil them. `superseded` are there, and not needed any more."""

    place: str
    packages: int
    warc_files: int
    superseded: tuple[str, ...]
    is_ours: bool | None
    words: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How what is kept was found. It is whole when nothing is damaged, lacking or unseen."""

    is_whole: bool
    files: int
    size_bytes: int
    packages: int
    warc_files: int
    repaired: int
    damaged: tuple[Fault, ...]
    unseen: tuple[str, ...]
    copies: tuple[Copies, ...]
    log: str
    advice: tuple[str, ...]


class Custody:
    """Sealing, copying and checking in one data directory, whose lock the caller holds. Each
    method is one step, for whatever thread; those that say so write to the store."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        sources: Sequence[Source],
        places: Sequence[Place] | None = None,
    ) -> None:
        self._settings = settings
        self._store = store
        self._sources = {source.id: source for source in sources}
        if places is None:
            places = open_places(settings.copies, settings.data)
        self.places = places
        self.watch = Watch(store, settings.data, self.places)
        self.sealer = Sealer(
            store,
            data=settings.data,
            sources=self._sources,
            noncommercial=settings.noncommercial,
            software=f"Kanliu/{version('kanliu')}",
            operator=settings.contact or settings.public_url,
        )

    def recover(self, at: datetime) -> None:
        """Take in what a crash left whole. Writes to the store."""
        for written in self.sealer.recover(at):
            log.warning("package taken in package=%s", written.package.mark)
            self.sealer.commit(written)
        self.sealer.write_manifests()
        self.watch.tidy()

    def move_closed(self, at: datetime) -> list[Package]:
        """Put into the dark tree what may not be in the open one any more. Writes to the store."""
        holdings, data = self._store.holdings, self._settings.data
        closed = trees.find_closed(
            holdings, self._sources, data, noncommercial=self._settings.noncommercial
        )
        for package in closed:
            why = "it shows what is not open any more"
            trees.move(holdings, data, package, "dark", now=at, why=why)
        if closed:
            self.sealer.write_manifests()
        return closed

    def copy(self, at: datetime) -> Iterator[tuple[Lack, str | None]]:
        """Make the copies that lack, of packages and of WARC files that the watch follows, one at
        a time; then take away those that are not needed any more. Writes to the store."""
        if not self.places:
            return
        self.watch.trust(at)
        lacks = find_lacks(self._store, self.places)
        yield from fill(self._store, self._settings.data, self.watch.places, lacks, at)
        clear(self._store, self.watch.places, at)

    def find_removable(self, draft: Draft, at: datetime) -> list[Removable]:
        """The WARC files of which everything is sealed and copied; each record is compared."""
        return removal.find_removable(
            self._settings.data,
            draft,
            at,
            is_copied=lambda file: is_copied(self._store, self.places, file),
        )

    def remove(self, removable: Sequence[Removable], at: datetime) -> list[str]:
        """Take sealed WARC files away, and then their copies; the names of the files. Writes to
        the store."""
        data = self._settings.data
        removal.remove(self._store.holdings, data, removable, at)
        if removable:
            clear(self._store, self.watch.places, at)
        return [each.file.relative_to(data).as_posix() for each in removable]

    def check_due(self, at: datetime) -> list[Holding]:
        """What the service checks next: the longest unchecked first, within the day's budget."""
        today = at.replace(hour=0, minute=0, second=0, microsecond=0)
        holdings = self._store.holdings
        left = self._settings.verify_bytes - holdings.checked_bytes(today)
        chosen: list[Holding] = []
        if left <= 0:
            return chosen
        places = {HERE, *self.watch.places}
        for each in holdings.unchecked(places, since=at - CHECKED_AGAIN, limit=FILES_A_TICK):
            if left <= 0:
                break
            left -= each.size_bytes  # the last one may be larger than what is left of the day
            chosen.append(each)
        return chosen

    def check(
        self, holdings: Sequence[Holding], at: datetime, *, is_repairing: bool
    ) -> Iterator[tuple[Holding, Checked | None]]:
        """Check files one at a time; None where their place is away. Writes to the store."""
        found = []
        away: set[str] = set()
        for holding in holdings:
            if holding.place in away:
                yield holding, None
                continue
            try:
                checked = self.watch.check(holding, at, is_repairing=is_repairing)
            except PlaceError as error:
                log.warning("files not checked place=%s error=%s", holding.place, error)
                away.add(holding.place)
                yield holding, None
            else:
                found.append(checked)
                yield holding, checked
        self.watch.end(found, at)

    def report(
        self, found: Sequence[tuple[Holding, Checked | None]], *, is_repairing: bool
    ) -> Report:
        """What a check of everything came to."""
        checked = [each for _, each in found if each is not None]
        damaged = [
            Fault(
                file=each.holding.file,
                place=each.holding.place or "here",
                fault=each.fault,
                repaired=each.repaired,
            )
            for each in checked
            if each.fault is not None
        ]
        damaged += self._manifest_faults(is_repairing=is_repairing)
        files = {package.file for package in self._store.holdings.packages()}
        raw = {each.file for each in self._store.holdings.holdings(place=HERE) if is_raw(each.file)}
        copies = tuple(self._copies(each, files, raw) for each in self.places)
        broken = self._store.ledger.find_break()
        unseen = sorted({holding.place for holding, each in found if each is None})
        return Report(
            is_whole=not unseen and broken is None and all(each.repaired for each in damaged),
            files=len(checked),
            size_bytes=sum(each.holding.size_bytes for each in checked),
            packages=len(files),
            warc_files=len(raw),
            repaired=sum(each.repaired is not None for each in damaged),
            damaged=tuple(damaged),
            unseen=tuple(unseen),
            copies=copies,
            log=self._log_words(broken),
            advice=(
                *(f"{place} could not be looked at: see the log." for place in unseen),
                *_advice(copies, len(files) + len(raw)),
            ),
        )

    def _copies(self, place: Place, packages: set[str], raw: set[str]) -> Copies:
        held = {each.file for each in self._store.holdings.holdings(place=place.name)}
        superseded = tuple(
            each.copy.file for each in find_superseded(self._store) if each.copy.place == place.name
        )
        lacking = len(packages | raw) - len(held & (packages | raw))
        return Copies(
            place=place.name,
            packages=len(held & packages),
            warc_files=len(held & raw),
            superseded=superseded,
            is_ours=place.is_ours(),
            words=_copies_words(place.is_ours(), lacking, len(superseded)),
        )

    def _log_words(self, broken: Break | None) -> str:
        number, digest = self._store.ledger.head()
        if broken is None:
            return f"whole, {number} events, the last one's digest is {digest}."
        return (
            f"altered at event {broken.number}: {broken.what}. Next: compare it with the records "
            "urn:kanliu:event:… in the WARC files and packages, which have it too."
        )

    def _manifest_faults(self, *, is_repairing: bool) -> Iterator[Fault]:
        """The manifests say what the store says of the packages; else one of them was altered."""
        wrong = [
            tree
            for tree, wanted in self.sealer.manifests().items()
            if read_manifest(self._settings.data / "packages" / tree) != wanted
        ]
        # All are written at once, so which were wrong is seen before.
        is_mended = bool(wrong) and is_repairing and self.sealer.write_manifests()
        for tree in wrong:
            yield Fault(
                file=f"packages/{tree}/{MANIFEST}",
                place="here",
                fault="it does not list the packages with the digests that they were sealed with",
                repaired="the store" if is_mended else None,
            )


def _copies_words(is_ours: bool | None, lacking: int, superseded: int) -> str:
    match is_ours:
        case True:
            words = "This program can write there, so what spoils it here could spoil it there."
        case False:
            words = "This program cannot write there: what spoils it here cannot spoil it there."
        case None:
            words = "Whether this program could overwrite them cannot be seen from here."
    if lacking:
        words += f" {lacking} lack."
    if superseded:
        words += f" {superseded} more are not needed there any more: packages took their place."
    return words


def _advice(copies: Sequence[Copies], files: int) -> Iterator[str]:
    """What a library would ask for and is not there."""
    if files and not copies:
        yield "There is one copy only. Next: name a second place in the setting copies."
    elif files and all(each.is_ours for each in copies):
        yield (
            "No copy is out of this program's reach. Next: have another user or machine fetch one, "
            "or lock it where it is stored (docs/packages.md)."
        )


def copy_all(
    custody: Custody, told: Callable[[str], object] = lambda _: None, *, done: Copied | None = None
) -> Copied:
    """Copy what lacks a copy, and take away the copies that are not needed any more; what that
    comes to is added to what was `done` before. Called when the files of a deed are closed: only
    then can they be copied.

    Raises:
        StoreError: it cannot be written down; what was done until then holds.
    """
    at, done = now(), done or Copied()
    custody.recover(at)
    custody.watch.follow(at)
    _copy(custody, at, done, told)
    return done


def seal_months(
    custody: Custody,
    *,
    months: Sequence[str] | None,
    sources: Sequence[str] | None,
    told: Callable[[str], object] = lambda _: None,
) -> Sealed:
    """Seal what is over, or what is named, copy it, and take away what is not needed any more.
    What it wrote into the log is copied by `copy_all`, later.

    Raises:
        StoreError: disk or database refused; what was done until then holds.
    """
    at, done = now(), Sealed()
    custody.recover(at)
    done.moved = custody.move_closed(at)
    draft = custody.sealer.draft(months, now=at, sources=sources)
    for number, planned in enumerate(draft.planned, 1):
        told(f"{number}/{len(draft.planned)} {planned.mark} ({planned.tree})")
        written = custody.sealer.write(planned, draft, at)
        done.packages.append(custody.sealer.commit(written, draft))
        done.troubles += [f"{planned.mark}: {id_}: {why}" for id_, why in written.left.items()]
    _copy(custody, at, done, told)
    done.removed = custody.remove(custody.find_removable(draft, at), at)
    return done


def _copy(custody: Custody, at: datetime, done: Copied, told: Callable[[str], object]) -> None:
    done.awaited = 0  # as it is now, however often was looked
    for lack, trouble in custody.copy(at):
        told(f"{lack.place}: {lack.holding.file}")
        if trouble is None:
            done.copied += 1
        elif not lack.is_ours and trouble == AWAITED:
            done.awaited += 1
        elif trouble not in done.troubles:
            done.troubles.append(trouble)

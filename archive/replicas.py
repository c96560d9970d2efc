"""Which files have their copies, and making those that lack: packages, and the WARC files that are
finished and not sealed yet. One at a time; a place that is away keeps nobody from the others.

A copy goes away only when nothing is lost with it: a package's under its old name when the one
under the new name is there, a WARC file's when all packages that took its place are.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.copies import Directory, copy_file, digest_of, place_in_words
from archive.holdings import HERE, Holding
from archive.model import Event
from archive.packages.plan import Shelfmark
from archive.packages.removal import REMOVED
from foundation.errors import DamagedError, PlaceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from archive.copies import Place
    from archive.store import Store

log = logging.getLogger(__name__)

#: Where WARC files lie, below the data directory and below a place of copies.
RAW = "warc/"
#: What was read so lately need not be read again before a copy that it replaces goes away.
_LATELY = timedelta(days=1)
#: The trouble with what another user's job is to bring.
AWAITED = "it is awaited there"


@dataclass(frozen=True, kw_only=True, slots=True)
class Lack:
    """A file that a place has not: `is_ours` says that we are to write it, else somebody else is
    awaited to."""

    place: str
    holding: Holding
    is_ours: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class Superseded:
    """A copy that is not needed in its place any more, since these copies there replace it."""

    copy: Holding
    by: tuple[Holding, ...]
    reason: str


def is_raw(file: str) -> bool:
    """Whether a file is a WARC file as captures leave it."""
    return file.startswith(RAW)


def find_lacks(store: Store, places: Collection[Place]) -> list[Lack]:
    """What is to be copied, the oldest first. What was never found whole is no original."""
    holdings = store.holdings.holdings()
    there = {(each.place, each.file) for each in holdings}
    packages = {each.file for each in store.holdings.packages()}
    found = [
        each
        for each in holdings
        if each.place == HERE
        and each.digest is not None
        and (each.file in packages or is_raw(each.file))
    ]
    return [
        Lack(place=place.name, holding=each, is_ours=place.is_ours() is not False)
        for place in places
        for each in sorted(found, key=lambda each: (each.added, each.file))
        if (place.name, each.file) not in there
    ]


def fill(
    store: Store, data: Path, places: Mapping[str, Place], lacks: Collection[Lack], now: datetime
) -> Iterator[tuple[Lack, str | None]]:
    """Make each copy, or look whether somebody else has made it; with what came in the way.

    Raises:
        StoreError: it cannot be written down.
    """
    away: dict[str, str] = {}
    for lack in lacks:
        if lack.place in away:
            yield lack, away[lack.place]
            continue
        try:
            done = _fill_one(store, data, places[lack.place], lack, now)
        except PlaceError as error:
            log.warning("copy not made place=%s error=%s", lack.place, error)
            away[lack.place] = str(error)
            yield lack, str(error)
        except DamagedError as error:
            log.warning("copy not made file=%s error=%s", lack.holding.file, error)
            yield lack, str(error)
        else:
            yield lack, None if done else AWAITED


def find_superseded(store: Store) -> list[Superseded]:
    """The copies that are not needed where they are, by what the store knows."""
    holdings = store.holdings.holdings()
    packages = {str(each.mark): each.file for each in store.holdings.packages()}
    names = {each.file for each in holdings if each.place == HERE} | set(packages.values())
    there = {(each.place, each.file): each for each in holdings}
    copies = [each for each in holdings if each.place != HERE and each.file not in names]
    sealed = _sealed_into(store) if any(is_raw(each.file) for each in copies) else {}
    found = []
    for each in copies:
        if is_raw(each.file):
            marks = sealed.get(each.file, ())
            reason = f"its records are there in {', '.join(marks)}"
        else:
            marks = (str(Shelfmark.of_file(each.file)),)
            reason = f"it lies at {packages.get(marks[0])} now"
        by = [there.get((each.place, packages.get(mark, ""))) for mark in marks]
        whole = tuple(copy for copy in by if copy is not None and copy.fault is None)
        if by and len(whole) == len(by):
            found.append(Superseded(copy=each, by=whole, reason=reason))
    return found


def clear(store: Store, places: Mapping[str, Place], now: datetime) -> None:
    """Take away the copies that are not needed any more, after what replaces them was read there.
    Where we may take nothing away, somebody else may; until then they are watched over."""
    refused: set[str] = set()
    read: set[tuple[str, str]] = set()
    for each in find_superseded(store):
        place = places.get(each.copy.place)
        if place is None or place.is_ours() is False or place.name in refused:
            continue
        try:
            if not all(_is_there(place, copy, read, now) for copy in each.by):
                continue
            with place_in_words(place):
                place.remove(each.copy.file)
        except PlaceError as error:
            log.warning("copy not removed place=%s error=%s", place.name, error)
            refused.add(place.name)
            continue
        forget(store, each, now)


def forget(store: Store, superseded: Superseded, now: datetime) -> None:
    """A copy that was not needed is not there any more."""
    copy = superseded.copy
    detail = {"file": copy.file, "place": copy.place, "reason": superseded.reason}
    told = Event(at=now, kind=REMOVED, detail=detail)
    store.holdings.remove([(copy.place, copy.file)], told)
    log.info("copy removed file=%s place=%s", copy.file, copy.place)


def is_copied(store: Store, places: Collection[Place], file: str) -> bool:
    """Whether a file has its copy in every place that we write to."""
    there = {each.place for each in store.holdings.holdings(file=file) if each.fault is None}
    return {place.name for place in places if place.is_ours() is not False} <= there


def _fill_one(store: Store, data: Path, place: Place, lack: Lack, now: datetime) -> bool:
    file, digest = lack.holding.file, lack.holding.digest or ""
    kind = "file-found"  # by somebody else's hand, or from before the database was made again
    if not _has(place, file, digest):
        if not lack.is_ours:
            return False
        copy_file(Directory(data), place, file, digest, named=file)
        kind = "file-copied"
    copy = Holding(
        place=place.name,
        file=file,
        digest=digest,
        size_bytes=lack.holding.size_bytes,
        added=now,
        checked=now,
    )
    detail = {"file": file, "place": place.name, "sha256": digest.partition(":")[2]}
    store.holdings.put([copy], Event(at=now, kind=kind, detail=detail))
    log.info("file copied file=%s place=%s", file, place.name)
    return True


def _has(place: Place, file: str, digest: str) -> bool:
    try:
        with place_in_words(place), place.open(file) as opened:
            return digest_of(opened) == digest
    except PlaceError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return False
        raise


def _is_there(place: Place, copy: Holding, read: set[tuple[str, str]], now: datetime) -> bool:
    """Whether a copy is whole: it was read lately, or is now. `read` has those of this pass."""
    key = (copy.place, copy.file)
    if copy.checked is not None and now - copy.checked < _LATELY:
        return True
    if key not in read and _has(place, copy.file, copy.digest or ""):
        read.add(key)
    return key in read


def _sealed_into(store: Store) -> dict[str, tuple[str, ...]]:
    """The shelfmarks of the packages that took the place of WARC files, by their names."""
    told = store.events(kinds=[REMOVED], limit=None)
    return {
        each.detail["file"]: tuple(each.detail["packages"].split(", "))
        for each in reversed(told)
        if each.detail.get("packages")
    }

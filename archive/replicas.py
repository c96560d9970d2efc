"""Which packages have their copies, and making those that lack. One at a time; a place that is
away keeps nobody from the others."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.copies import copy_file, digest_of, place_in_words
from archive.holdings import HERE, Holding
from archive.model import Event
from foundation.errors import PlaceError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping
    from datetime import datetime
    from pathlib import Path

    from archive.copies import Place
    from archive.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Lack:
    """A package that a place has not: `is_ours` says that we are to write it, else somebody else
    is awaited to."""

    place: str
    holding: Holding
    is_ours: bool


def find_lacks(store: Store, places: Collection[Place]) -> list[Lack]:
    """What is to be copied, the oldest package first."""
    holdings = store.holdings.holdings()
    there = {(each.place, each.file) for each in holdings}
    packages = {each.file for each in store.holdings.packages()}
    found = [each for each in holdings if each.place == HERE and each.file in packages]
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
        else:
            yield lack, None if done else "it is awaited there"


def clear(store: Store, places: Mapping[str, Place], now: datetime) -> None:
    """Take away the copies under a name that a package does not have any more: it was moved to the
    other tree, and is copied there first."""
    packages = {each.file: each for each in store.holdings.packages()}
    marks = {str(each.mark): each.file for each in packages.values()}
    there = {(each.place, each.file) for each in store.holdings.holdings()}
    for place, file in sorted(there):
        moved = marks.get("/".join(file.split("/")[2:]).removesuffix(".wacz"))
        if place not in places or file in packages or (place, moved) not in there:
            continue
        if places[place].is_ours() is False:
            continue
        try:
            with place_in_words(places[place]):
                places[place].remove(file)
        except PlaceError as error:
            log.warning("moved copy not removed place=%s file=%s error=%s", place, file, error)
            continue
        detail = {"file": file, "place": place, "reason": f"it lies at {moved} now"}
        store.holdings.remove([(place, file)], Event(at=now, kind="files-removed", detail=detail))


def is_copied(store: Store, places: Collection[Place], file: str) -> bool:
    """Whether a package has its copy in every place that we write to."""
    there = {each.place for each in store.holdings.holdings(file=file) if each.fault is None}
    return {place.name for place in places if place.is_ours() is not False} <= there


def _fill_one(store: Store, data: Path, place: Place, lack: Lack, now: datetime) -> bool:
    file, digest = lack.holding.file, lack.holding.digest or ""
    kind = "file-found"  # by somebody else's hand, or from before the database was made again
    if not _has(place, file, digest):
        if not lack.is_ours:
            return False
        copy_file(lambda: (data / file).open("rb"), place, file, digest)
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
    log.info("package copied file=%s place=%s", file, place.name)
    return True


def _has(place: Place, file: str, digest: str) -> bool:
    try:
        with place_in_words(place), place.open(file) as opened:
            return digest_of(opened) == digest
    except PlaceError as error:
        if isinstance(error.__cause__, FileNotFoundError):
            return False
        raise

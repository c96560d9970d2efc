"""Sources that a person lets rest, wakes, or ends: the store, and the archive's own files. Beside a
running service too, which sees it at its next tick."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archive.deed import open_deed
from archive.lock import open_beside
from house.keeping import now, open_store

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from foundation.settings import Settings

    Verb = Literal["pause", "resume", "retire"]


def change_sources(settings: Settings, verb: Verb, ids: Sequence[str], why: str) -> tuple[str, ...]:
    """Pause, resume or retire these sources. Where the store does not know one, nothing is done,
    and those ids are given back.

    Raises:
        DataLockedError: the database is being made again.
        StoreError: database or disk refused.
    """
    with (
        open_beside(settings.data, f"kanliu {verb}"),
        open_store(settings) as store,
    ):
        unknown = tuple(sorted(set(ids) - store.source_ids()))
        if unknown:
            return unknown
        act = {"pause": store.pause, "resume": store.resume, "retire": store.retire}[verb]
        with open_deed(settings, store):
            for each in dict.fromkeys(ids):
                act(each, now(), why)
    return ()

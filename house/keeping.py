"""The store as the settings want it, and how its sources stand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.model import SourceStatus
from archive.register import host_of
from archive.store import Store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from foundation.settings import Settings
    from sources.model import Source


def now() -> datetime:
    """The service's clock."""
    return datetime.now(UTC)


def open_store(settings: Settings) -> Store:
    """The store of these settings; ids are minted under the public host."""
    return Store.open(settings.database_url, authority=authority_of(settings))


def authority_of(settings: Settings) -> str | None:
    """The public host, when the operator has named one; ids hang on it for good, so this
    machine's own name is none. None lets the store choose."""
    return urlsplit(settings.public_url).hostname if "public_url" in settings.origins else None


def standing(store: Store, sources: Sequence[Source]) -> list[SourceStatus]:
    """How every source stands, by id: those of the store, also the retired ones whose file is
    gone, and those that no poll has seen yet."""
    known = {status.source_id: with_why(store, status) for status in store.status()}
    for source in sources:
        known.setdefault(source.id, SourceStatus(source_id=source.id, host=host_of(source)))
    return [known[source_id] for source_id in sorted(known)]


def with_why(store: Store, status: SourceStatus) -> SourceStatus:
    """A source at rest with the words that the operator gave for it."""
    kind = "source-retired" if status.retired else "source-paused" if status.paused else None
    if kind is None:
        return status
    told = store.events(status.source_id, kinds=[kind], limit=1)
    return replace(status, why=told[0].detail.get("why") or None) if told else status

"""Whether the issues of journals are kept whole: what lists showed is set against what is kept. By
hand (`kanliu complete`, `kanliu verify --issues`) or by the service, beside the polls."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.completeness import JournalReport, KeptArticle, report
from archive.issue_parameters import LABEL, find_parameters
from archive.model import EntryState
from crawler.normalise.url import canonical
from foundation.errors import StoreError
from house.keeping import now
from house.lists import follow_lists, rules_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from archive.store import Store
    from foundation.settings import Settings
    from sources.model import Source

log = logging.getLogger(__name__)

#: How reports are made; another one makes all anew.
REPORTS_VERSION = "1"
#: The service looks no more often than this: what it finds changes with polls.
_EVERY = timedelta(minutes=1)
#: What it does at a time, so that a stop need not wait: about a second of work. Then polls and
#: pages have the processor to themselves for as long.
_BREATH_SECONDS = 1
_BYTES_A_TIME = 20_000_000
_REPORTS_A_TIME = 20


def completeness(
    store: Store,
    data: Path,
    sources: Sequence[Source],
    at: datetime,
    tell: Callable[[str], object] = lambda _: None,
) -> dict[str, JournalReport]:
    """The issues of each of these sources, by its id. What was not read yet is read first; what is
    as it was is not reckoned again. Writes to the store.

    Raises:
        StoreError: database or disk refused.
    """
    while (followed := follow_lists(store, data, sources, tell)).has_more:
        pass  # a file went away under our hands
    for source in make_reports(store, sources, at, refused=len(followed.refused)):
        tell(f"comparing what is kept of {source.id}")
    found = {source.id: store.issue_reports.find(source.id) for source in sources}
    return {id_: each for id_, each in found.items() if each is not None}


def make_reports(
    store: Store, sources: Sequence[Source], at: datetime, *, refused: int = 0
) -> Iterator[Source]:
    """Make those reports anew that are not of what stands there now, one at a time; `refused`
    counts files that could not be read. Writes to the store."""
    standing, made_of = store.issue_reports.standing(), store.issue_reports.bases()
    broken = store.lists.broken() + refused
    for source in sources:
        basis = _basis(source, standing.get(source.id, ""), broken)
        if made_of.get(source.id) != basis:
            yield source
            store.issue_reports.put(make_report(store, source, at, broken=broken), basis)


def make_report(store: Store, source: Source, at: datetime, *, broken: int = 0) -> JournalReport:
    """The issues of a source, out of what the store remembers."""
    captured = store.lists.captured(source.id)
    misses = store.memory(source.id).misses
    issues = report(
        store.lists.contents(source.id),
        list(kept_articles(store, source.id)),
        {canonical(url): miss for url, miss in misses.items()},
        masthead=find_parameters(source.masthead.labels.get(LABEL, "")),
        cn=source.masthead.cn,
    )
    return JournalReport(
        source_id=source.id,
        computed=at,
        issues=tuple(issues),
        lists=captured.pages,
        first=captured.first,
        last=captured.last,
        unread=captured.unread,
        broken=broken,
    )


def kept_articles(store: Store, source_id: str) -> Iterator[KeptArticle]:
    """What is kept of a source, by every address that it was seen at."""
    for mark in store.issue_marks.marks(source_id):
        yield KeptArticle(
            entry_id=mark.entry_id,
            issue=mark.issue,
            addresses=frozenset(map(canonical, mark.addresses)),
            parameters=mark.parameters,
            is_withdrawn=mark.state is EntryState.WITHDRAWN,
        )


class IssueWatch:
    """Keeps the reports right beside the polls: a little at a time, off the thread that writes."""

    def __init__(
        self,
        settings: Settings,
        store: Store,
        *,
        sources: Callable[[], Sequence[Source]],
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._settings = settings
        self._store = store
        self._sources = sources
        self._clock = clock
        self._due: datetime | None = None

    async def follow(self) -> None:
        """Once a tick, where it is time: look for what is new, until nothing is left. A bug of ours
        costs this look alone: no visit fails for it.

        Raises:
            StoreError: database or disk refused.
        """
        at = self._clock()
        if self._due is not None and at < self._due:
            return
        self._due = at + _EVERY
        try:
            while await asyncio.to_thread(self._step, at):
                await asyncio.sleep(_BREATH_SECONDS)
        except StoreError:
            raise
        except Exception:
            log.exception("issues not compared; tried again in %s", _EVERY)

    def _step(self, at: datetime) -> bool:
        """Whether anything is left."""
        sources = self._sources()
        data = self._settings.data
        followed = follow_lists(self._store, data, sources, most_bytes=_BYTES_A_TIME)
        if followed.has_more:  # a report would tell of gaps that the rest fills
            return True
        reports = make_reports(self._store, sources, at, refused=len(followed.refused))
        return any(made == _REPORTS_A_TIME for made, _ in enumerate(reports))


def _basis(source: Source, standing: str, broken: int) -> str:
    """What a report is made of, in short."""
    line, cn = source.masthead.labels.get(LABEL, ""), source.masthead.cn
    told = (REPORTS_VERSION, rules_of(source), line, cn, standing, broken)
    return hashlib.blake2s(repr(told).encode(), digest_size=16).hexdigest()

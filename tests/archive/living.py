"""An archive in which things happen: a store, its WARC files, and a clock that goes on. Everything
is real; only the pages were never served."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from archive.captures import CaptureWriter, write_log
from archive.exchange import Belonging, Role
from archive.identity import address_key
from archive.model import KeptEntry, ListedLink, Sighting
from archive.rereading import Rereading, write_rereading
from archive.seen import Making, write_seen
from archive.store import Store
from archive.warc import new_id
from tests.archive.factories import DAY, NOW, exchange, sighting, source

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from sources.model import Source

MAKING = Making(rules="1", crawler="Kanliu/test")


@dataclass
class Living:
    """`living.see(title="…")`, `living.later(DAY)`, …; then `living.end()`."""

    data: Path
    url: str
    sources: list[Source] = field(default_factory=lambda: [source("ship"), source("river")])
    now: datetime = NOW
    level: int = 1
    sightings: int = 0

    def __post_init__(self) -> None:
        self.store = Store.open(self.url, authority="feeds.example.org", now=self.now)
        self.store.sync_sources(self.sources, self.now)
        self.begin()

    def begin(self) -> None:
        """A new WARC file, as after a start."""
        ids = f"tag:{self.store.authority},{self.store.minted}"
        self.writer = CaptureWriter(
            self.data / "warc",
            level=self.level,
            software="test",
            operator="test",
            clock=lambda: self.now,
            about={"ids": ids},
        )

    def later(self, span: timedelta = timedelta(minutes=1)) -> datetime:
        self.now += span
        return self.now

    def see(
        self, source_id: str = "ship", *, is_kept: bool = True, **fields: Any
    ) -> KeptEntry | None:
        """A page as a poll sees it: captured with all that was made of it, then kept. With
        `is_kept` false a crash comes between."""
        seen = self.later()
        self.sightings += 1
        made = sighting(seen, source_id=source_id, **fields)
        capture = self.capture(made)
        return self.store.keep(replace(made, capture=capture)) if is_kept else None

    def capture(self, made: Sighting) -> Any:
        page = new_id()
        served = exchange(
            url=made.entry.url,
            started=made.seen - timedelta(seconds=1),
            body=made.body_digest.encode(),
        )
        journal = next(each for each in self.sources if each.id == made.source_id)
        metadata = write_seen(made, journal, MAKING)
        belonging = Belonging(source_id=made.source_id, role=Role.ARTICLE)
        written = self.writer.write(served, metadata=metadata, belonging=belonging, id_=page)
        self.writer.sync()
        return written

    def vanish(self, url: str, status: int = 404, source_id: str = "ship") -> bool:
        return self.store.vanish(source_id, url, self.later(), status)

    def touch(self, url: str, source_id: str = "ship") -> None:
        self.store.touch(source_id, url, self.later())

    def reread(
        self, entry_id: str, *, at: datetime | None = None, is_kept: bool = True, **fields: Any
    ) -> KeptEntry | None:
        """Another reading is kept, at its own instant or that of the one before; or a crash comes
        when it stands in the file alone."""
        archived = self.store.entry(entry_id)
        assert archived is not None
        newest = self.store.rereadings.versions(entry_id)[-1].capture
        last = self.store.revisions(entry_id)[-1]
        assert last.raw is not None
        rereading = Rereading(
            source_id=archived.source_id,
            entry_id=entry_id,
            capture_id=newest.id,
            at=at or self.later(),
            rules="2",
            read=replace(archived.entry, **fields),
            raw=last.raw,
        )
        self.writer.write_reading(
            write_rereading(rereading), of=newest, at=rereading.at, source_id=archived.source_id
        )
        return self.store.rereadings.keep(rereading) if is_kept else None

    def write_log(self) -> None:
        write_log(self.store, self.writer)

    def end(self) -> None:
        """As a service ends: what happened is in the files, and the files are sealed."""
        self.write_log()
        self.writer.close()
        self.store.record(*self.writer.take_sealed())
        self.store.close()


__all__ = ["DAY", "ListedLink", "Living", "address_key"]

"""A look at a site, and then what an operator does with it: the best possibility written to a file,
and polled with no edit. Everything real, in this process, without the Twisted reactor."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from crawler.add import write_possibility
from crawler.discover import Discovery, discover
from crawler.service import Crawl
from foundation.settings import Settings
from house.rooms import open_house
from house.visits import poll_once
from sources.model import Limits
from sources.read import read_source

if TYPE_CHECKING:
    from pathlib import Path

    from archive.model import Entry, Poll
    from sources.model import Source


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, kw_only=True)
class Bench:
    """One folder with journals and data in it."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(
            data=self.folder / "data",
            journals=self.folder / "journals",
            allow_addresses=("127.0.0.1/32",),
            delay=timedelta(0),
            timeout=timedelta(seconds=5),
            reactor=False,
        )

    def look(self, url: str) -> Discovery:
        async def main() -> Discovery:
            async with Crawl(self.settings) as crawl:
                return await discover(url, fetch=crawl.fetcher(Limits()), clock=now)

        return asyncio.run(main())

    def add(self, url: str, source_id: str | None = None) -> tuple[Discovery, Source]:
        """`kanliu add URL --yes`."""
        found = self.look(url)
        assert found.possibilities, found.asked
        file = write_possibility(
            found.possibilities[0],
            found,
            self.settings.journals,
            source_id=source_id,
            today=date(2026, 11, 25),
        )
        return found, read_source(file)

    def poll(self) -> tuple[Poll, list[Entry]]:
        """One visit to the only source, and all that is in the archive then."""

        async def main() -> tuple[Poll, list[Entry]]:
            async with open_house(self.settings, "test") as house:
                await house.refresh()
                (poll,) = await poll_once(house, house.sources)
                return poll, [each.entry for each in house.store.entries()]

        return asyncio.run(main())


def day_of(entry: Entry) -> str | None:
    """The day of an entry, however finely it was printed."""
    value = entry.published.value if entry.published else None
    return value[:10] if value else None


def notice_of(entry: Entry) -> str:
    return entry.notice.class_.value if entry.notice else "none"

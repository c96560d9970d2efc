"""A house around a fake site, for tests that poll: everything real, in this process, without the
Twisted reactor (which a process can run only once)."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar

from foundation.settings import Settings
from house.rooms import House, open_house
from house.visits import poll_once
from sources.model import Limits, Source

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

    from archive.model import ArchivedEntry, Poll
    from tests.fake_site import FakeSite

T = TypeVar("T")


@dataclass
class Bench:
    """One data directory, one site, one source whose list is `/list.html`."""

    folder: Path
    site: FakeSite
    limits: Limits = field(default_factory=lambda: Limits(recheck=()))
    selectors: str = ""
    more: str = ""
    body_extractor: bool = True
    requisites: int = 30

    @property
    def settings(self) -> Settings:
        return Settings(
            data=self.folder / "data",
            journals=self.folder / "journals",
            allow_addresses=("127.0.0.1/32",),
            delay=timedelta(0),
            timeout=timedelta(seconds=2),
            reactor=False,
            body_extractor=self.body_extractor,
            requisites=self.requisites,
        )

    def write_source(self, source_id: str = "magazine", **keys: object) -> None:
        """`journals/<id>.toml`; text values are quoted."""
        self.settings.journals.mkdir(parents=True, exist_ok=True)
        keys = {"title": "某某杂志", "lists": [f"{self.site.url}/list.html"], **keys}
        lines = [f"{name} = {value!r}" for name, value in keys.items()]
        text = "\n".join(lines) + "\n" + self.more
        (self.settings.journals / f"{source_id}.toml").write_text(text, "utf-8")

    def poll(self) -> Poll:
        """One round of the only source."""
        (poll,) = self.polls()
        return poll

    def polls(self) -> list[Poll]:
        """One round of every source."""

        async def rounds(house: House) -> list[Poll]:
            return await poll_once(house, house.sources)

        return self.inside(rounds)

    def entries(self) -> list[ArchivedEntry]:
        async def read(house: House) -> list[ArchivedEntry]:
            return house.store.entries()

        return self.inside(read)

    def inside(self, act: Callable[[House], object]) -> T:
        """Open the house, act in it, close it."""

        async def main() -> T:
            async with self.open() as house:
                return await act(house)  # type: ignore[misc, no-any-return]

        return asyncio.run(main())

    @asynccontextmanager
    async def open(self) -> AsyncIterator[House]:
        async with open_house(self.settings, "test") as house:
            await house.refresh()
            yield house

    def published(self) -> dict[str, bytes]:
        """Every published file by its path; not what is made of it."""
        root = self.settings.public
        return {
            path.relative_to(root).as_posix(): path.read_bytes()
            for path in sorted(root.rglob("*"))
            if path.suffix in (".xml", ".json", ".atom")
        }

    def captures(self) -> list[Path]:
        return sorted(self.settings.warc.rglob("*.warc.gz*"))


__all__ = ["Bench", "Source"]

"""What is kept of a page that came, by the operator's settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.crawler.polling import Bench
from tests.fake_site import open_fake_site
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from pathlib import Path

    from archive.model import RawEntry
    from house import House

pytestmark = pytest.mark.slow


@pytest.mark.parametrize(("is_on", "where"), [(True, "trafilatura: "), (False, "densest: ")])
def test_the_setting_says_who_finds_the_body(tmp_path: Path, is_on: bool, where: str) -> None:
    with open_fake_site() as site:
        bench = Bench(folder=tmp_path, site=site, body_extractor=is_on)
        bench.write_source()
        site.page("/list.html", listing([("/a/1.html", "账本里的商标", "2026-11-05")]))
        site.page("/a/1.html", article("账本里的商标", day="2026-11-05"))
        bench.poll()
        raw: RawEntry = bench.inside(raw_of_the_only_entry)
    assert raw.body_where is not None
    assert raw.body_where.startswith(where)


async def raw_of_the_only_entry(house: House) -> RawEntry | None:
    (entry,) = house.store.entries()
    (revision,) = house.store.revisions(entry.id)
    return revision.raw

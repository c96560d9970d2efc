"""A store that holds what a right reader finds on the sample site, for pages to show."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archive.model import Entry, NoticeClass, Outcome, Poll, Precision, PrintedDate
from demo.site import make_site, write_journals
from sources.read import read_sources
from tests.factories import notice, sighting

if TYPE_CHECKING:
    from pathlib import Path

    from archive.store import Store
    from demo.press import Expected
    from sources.model import Source

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
BASE = "http://journals.example"

NOTICES = {
    "free-attribution": notice(
        text="本文由: 品牌观察杂志社编辑部整理发布,如需转载,请注明来源。", kinds=("compiled",)
    ),
    "third-party": notice(
        NoticeClass.THIRD_PARTY, text="本文转载自《云川手工艺》,版权归原作者所有。"
    ),
    "permission": notice(
        NoticeClass.PERMISSION,
        text="本刊文章未经编辑部书面同意，不得转载。",
        obligations=("permission-written",),
    ),
    "open-license": notice(
        NoticeClass.OPEN_LICENSE,
        text="This work is licensed under a Creative Commons Attribution 4.0 License.",
        license="CC BY 4.0",
        license_url="https://creativecommons.org/licenses/by/4.0/",
    ),
}


def sample_sources(folder: Path) -> tuple[Source, ...]:
    """The three sample journals."""
    write_journals(folder, BASE)
    found = read_sources(folder)
    assert not found.errors
    return found.sources


def fill(store: Store, sources: tuple[Source, ...]) -> None:
    """Keep every article of the sample site as it stands at the end of its script."""
    site = make_site(NOW)
    while site.step():
        pass
    store.sync_sources(sources, NOW)
    for expected in site.expected():
        store.keep(sighting(_entry(expected), source_id=expected.source_id, seen=NOW))
    for source in sources:
        poll = Poll(
            source_id=source.id, started=NOW, ended=NOW, outcome=Outcome.NEW, reason="3 new", new=3
        )
        store.end_poll(poll, due=NOW, failures=0)


def _entry(expected: Expected) -> Entry:
    url = BASE + expected.path
    return Entry(
        url=url,
        canonical_url=url,
        title=expected.title,
        title_raw=expected.title,
        published=PrintedDate(
            raw=expected.published, value=expected.published, precision=Precision.DAY
        ),
        authors=expected.authors,
        notice=NOTICES[expected.notice],
        doi=expected.doi,
        volume=expected.volume,
        number=expected.number,
        pages=expected.pages,
        text=f"{expected.title}。",
        is_retracted=expected.is_retracted,
    )

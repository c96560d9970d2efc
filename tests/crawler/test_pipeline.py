"""What is made of a walk besides entries: misses, silence, files in the place of pages."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archive.captures import open_captures
from archive.model import ListedLink, Outcome, Poll
from archive.store import Store
from crawler.fetch import Answer
from crawler.outcome import Facts, Failure
from crawler.pipeline import MISS_MOST, Archivist, Standing, file_of, miss_of, silence_of
from crawler.walk import Visited
from foundation.errors import MissingError, UnreachableError
from foundation.settings import Settings
from sources.model import Expect, Masthead, Source
from tests import factories
from tests.archive.factories import exchange
from tests.journal_pages import article

if TYPE_CHECKING:
    from archive.model import KeptEntry, Sighting

NOW = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
DAY = timedelta(days=1)
URL = "https://magazine.example/a/1.html"


def poll(**fields: object) -> Poll:
    plain: dict[str, object] = {
        "source_id": "magazine",
        "started": NOW,
        "ended": NOW,
        "outcome": Outcome.UNCHANGED,
        "reason": "the list is as it was",
    }
    return Poll(**(plain | fields))  # type: ignore[arg-type]


def silent(source: Source, *gaps: datetime, new: int = 0) -> str | None:
    return silence_of(source, Standing(failures=0, gaps=gaps), poll(new=new))


def test_a_journal_silent_for_longer_than_expected_is_said() -> None:
    expecting = factories.source(expect=Expect(silence=30 * DAY))
    assert silent(expecting, NOW - 40 * DAY) == ("silent for 40 days, 30 at most were expected")
    assert silent(expecting, NOW - 40 * DAY, NOW - 3 * DAY) is None
    assert silent(expecting, NOW - 40 * DAY, new=1) is None
    assert silent(expecting) is None


def test_a_journal_without_expectation_is_measured_by_its_own_rhythm() -> None:
    half_monthly = factories.source()
    assert silent(half_monthly, NOW - 22 * DAY) is None
    assert silent(half_monthly, NOW - 24 * DAY) is not None
    unknown = factories.source(masthead=Masthead())
    assert silent(unknown, NOW - 400 * DAY) is None


def test_a_link_that_fails_waits_twice_as_long_each_time_up_to_a_week() -> None:
    failure = Failure(url=URL, error=MissingError("404"))
    miss, waits = None, []
    for _ in range(12):
        miss = miss_of(failure, miss, NOW)
        waits.append(miss.retry_at - NOW)
    hour = timedelta(hours=1)
    assert waits[:3] == [hour, 2 * hour, 4 * hour]
    assert waits[-1] == MISS_MOST


def test_a_link_waits_as_long_as_the_site_asked() -> None:
    failure = Failure(url=URL, error=UnreachableError("busy", retry_after=3 * DAY))
    assert miss_of(failure, None, NOW).retry_at == NOW + 3 * DAY


@pytest.mark.parametrize("title", ["第四期全文", None])
def test_a_file_in_the_place_of_a_page_is_an_entry_by_its_row(title: str | None) -> None:
    answer = Answer(
        url="https://magazine.example/4.pdf",
        status=200,
        headers={"content-type": "application/pdf"},
        body=b"%PDF-1.7",
        exchanges=(),
    )
    step = Visited(link=ListedLink(url=answer.url, title=title), answer=answer, visited=NOW)
    raw = file_of(factories.source(), step).raw
    (file,) = raw.enclosures
    assert (file.url, file.type, file.size_bytes) == (answer.url, "application/pdf", 8)
    assert [found.text for found in raw.titles] == ([title] if title else [])


@pytest.mark.promise(number=1)
@pytest.mark.promise(number=14)
def test_a_capture_is_on_the_disk_before_its_entry_is_in_the_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut between leaves a page without an entry, never the other way round."""
    waited: dict[Path, int] = {}
    fsync = os.fsync

    def watched(descriptor: int) -> None:
        fsync(descriptor)
        waited[Path(f"/proc/self/fd/{descriptor}").readlink()] = os.fstat(descriptor).st_size

    class Watching(Store):
        def keep(self, sighting: Sighting) -> KeptEntry:
            file = tmp_path / f"{sighting.capture.file}.open"
            assert waited.get(file) == file.stat().st_size > sighting.capture.offset
            return super().keep(sighting)

    monkeypatch.setattr(os, "fsync", watched)
    source, settings = factories.source(), Settings(data=tmp_path)
    body = article("一家店的二十年").encode()
    answer = Answer(
        url=URL, status=200, headers={}, body=body, exchanges=(exchange(url=URL, body=body),)
    )
    with (
        Watching.open(settings.database_url, now=NOW) as store,
        open_captures(settings, store, rules="1") as captures,
    ):
        store.sync_sources([source], NOW)
        step = Visited(link=ListedLink(url=URL), answer=answer, visited=NOW)
        assert Archivist(store, captures, with_extractor=False).keep_step(source, step, Facts())
        assert len(store.entries()) == 1

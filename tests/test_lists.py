"""Lists are read out of the archive's files once, and what is said of them is of no other bytes."""

from __future__ import annotations

import asyncio
import os
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.exchange import Belonging, Rendering, Role
from archive.list_pages import find_files
from foundation.settings import Settings
from house.completeness import IssueWatch, completeness
from house.lists import follow_lists
from sources.model import Selectors
from tests.archive.factories import DAY, NOW, exchange, source
from tests.archive.living import Living
from tests.journal_pages import listing

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.completeness import JournalReport

SHIP = source()
URL = "https://ship.example/list"
TITLES = ("渡口的灯", "早市", "修船的人", "茶馆", "河埠头", "晒盐")
#: A year on, so that no time on the disk is by chance the same.
OTHER_TIME = 1_800_000_000


@pytest.fixture
def living(tmp_path: Path) -> Iterator[Living]:
    made = Living(tmp_path, f"sqlite:///{tmp_path / 'kanliu.sqlite'}", sources=[SHIP])
    yield made
    made.store.close()


def show(living: Living, *titles: str, drawn: bool = False) -> None:
    """Capture the list as it shows these titles; `drawn` by a browser, from an empty document."""
    rows = [(f"/{TITLES.index(title)}.html", title, "2026-11-20") for title in titles]
    page = listing(rows).encode()
    at = living.later()
    living.writer.write(
        exchange(
            url=URL,
            started=at,
            body=b"<html></html>" if drawn else page,
            response_headers=((b"Content-Type", b"text/html; charset=utf-8"),),
        ),
        belonging=Belonging(source_id="ship", role=Role.LIST),
        rendering=Rendering(at=at, body=page, software="test") if drawn else None,
    )
    living.writer.sync()


def finish(living: Living) -> Path:
    """Give the open file its name; which that is."""
    living.writer.close()
    (path,) = living.data.glob("warc/**/*.warc.gz")
    return path


def report(living: Living, **fields: object) -> JournalReport:
    followed = replace(SHIP, **fields)  # type: ignore[arg-type]
    return completeness(living.store, living.data, [followed], NOW)["ship"]


def lacking(told: JournalReport) -> list[str | None]:
    return [gap.title for each in told.issues for gap in each.gaps]


def overwrite(path: Path, content: bytes, at: int) -> None:
    path.write_bytes(content)
    os.utime(path, ns=(at, at))


def test_a_file_that_is_as_it_was_is_not_read_again(living: Living) -> None:
    show(living, *TITLES)
    path = finish(living)
    assert lacking(report(living)) == list(TITLES)
    size, at = path.stat().st_size, path.stat().st_mtime_ns
    overwrite(path, b"\0" * size, at)  # nobody looks: a check of every file is kanliu verify's
    told = report(living)
    assert (lacking(told), told.broken, told.is_whole) == (list(TITLES), 0, False)
    overwrite(path, b"\0" * size, OTHER_TIME)
    told = report(living)
    assert (lacking(told), told.broken, told.is_whole, told.lists) == ([], 1, False, 0)


def test_a_file_of_another_size_is_read_again(living: Living) -> None:
    show(living, *TITLES)
    path = finish(living)
    report(living)
    whole, at = path.read_bytes(), path.stat().st_mtime_ns
    overwrite(path, whole[:-9], at)
    assert report(living).broken == 1
    overwrite(path, whole, at)
    assert (report(living).broken, lacking(report(living))) == (0, list(TITLES))


def test_the_same_bytes_at_another_time_are_known_by_their_digest(living: Living) -> None:
    show(living, *TITLES)
    path = finish(living)
    report(living)
    (place,) = living.store.lists.stale({"ship": "other"}, 9)
    living.store.lists.leave(place, "not ours")  # reading the file anew would forget that
    os.utime(path, ns=(OTHER_TIME, OTHER_TIME))
    follow_lists(living.store, living.data, [])
    assert living.store.lists.stale({"ship": "other"}, 9) == [place]
    assert living.store.lists.files()[place.file].modified == OTHER_TIME


def test_an_open_file_is_read_on_from_where_it_was(living: Living) -> None:
    show(living, *TITLES[:5])
    assert lacking(report(living)) == list(TITLES[:5])
    (path,) = living.data.glob("warc/**/*.open")
    known = path.stat().st_size
    with path.open("r+b") as file:  # what was read is not looked at again
        file.write(b"\0" * known)
    show(living, TITLES[5], *TITLES[:5])
    told = report(living)
    assert set(lacking(told)) == set(TITLES)
    assert (told.lists, told.broken) == (2, 0)
    (file_now,) = living.store.lists.files().values()
    assert (file_now.digest, file_now.size_bytes > known) == (None, True)
    name = finish(living).relative_to(living.data).as_posix()
    assert report(living).lists == 2
    assert living.store.lists.files()[name].digest is not None


def test_of_an_open_file_what_is_not_whole_yet_is_left_for_later(living: Living) -> None:
    show(living, *TITLES[:5])
    size = living.writer._file.size  # type: ignore[union-attr]
    show(living, *TITLES, drawn=True)
    (path,) = living.data.glob("warc/**/*.open")
    whole = path.read_bytes()
    with path.open("r+b") as file:  # the page is there, what the browser drew of it not all
        file.truncate(len(whole) - 9)
    told = report(living)
    assert (set(lacking(told)), told.lists, told.broken) == (set(TITLES[:5]), 1, 0)
    assert living.store.lists.files().popitem()[1].size_bytes == size
    path.write_bytes(whole)
    told = report(living)
    assert (set(lacking(told)), told.lists, told.unread) == (set(TITLES), 2, 0)


def test_a_file_that_was_cut_back_is_read_from_its_beginning(living: Living) -> None:
    show(living, *TITLES[:5])
    size = living.writer._file.size  # type: ignore[union-attr]
    show(living, *TITLES)
    assert report(living).lists == 2
    (path,) = living.data.glob("warc/**/*.open")
    os.truncate(path, size)
    told = report(living)
    assert (told.lists, set(lacking(told))) == (1, set(TITLES[:5]))


def test_a_source_that_is_read_otherwise_is_read_again(living: Living) -> None:
    show(living, *TITLES)
    finish(living)
    assert lacking(report(living)) == list(TITLES)
    links = Selectors(links="ul.list li:first-child a")
    assert lacking(report(living, selectors=links)) == [TITLES[0]]
    assert report(living, selectors=links, title="另一个名字").lists == 1


def test_a_file_that_is_gone_is_forgotten(living: Living) -> None:
    show(living, *TITLES)
    path = finish(living)
    assert lacking(report(living))
    path.unlink()
    told = report(living)
    assert (told.lists, told.issues) == (0, ())


def test_a_report_is_made_again_only_where_something_changed(living: Living) -> None:
    show(living, *TITLES)
    data, store = living.data, living.store

    def computed(days: int) -> object:
        return completeness(store, data, [SHIP], NOW + days * DAY)["ship"].computed

    assert [computed(0), computed(1)] == [NOW, NOW]
    living.see(url="https://ship.example/0.html", title=TITLES[0])
    assert computed(2) == NOW + 2 * DAY
    assert lacking(report(living)) == list(TITLES[1:])


def test_what_is_read_at_a_time_is_bounded_and_comes_to_the_same(living: Living) -> None:
    for at in range(30):
        living.see(url=f"https://ship.example/other/{at}.html", title=f"第{at}篇")
        show(living, *TITLES[at % 2 :])
    finish(living)
    steps = 0
    while follow_lists(living.store, living.data, [SHIP], most_bytes=2_000).has_more:
        steps += 1
    assert steps > 5
    assert living.store.lists.captured("ship").pages == 30
    by_steps = report(living)
    living.store.lists.forget(list(living.store.lists.files()))
    assert report(living).issues == by_steps.issues


def test_the_watch_of_the_service_makes_reports_and_rests(living: Living) -> None:
    show(living, *TITLES)
    settings = Settings(data=living.data)
    now = [NOW]
    watch = IssueWatch(settings, living.store, sources=lambda: [SHIP], clock=lambda: now[0])
    asyncio.run(watch.follow())
    found = living.store.issue_reports.find("ship")
    assert found is not None
    assert (found.computed, lacking(found)) == (NOW, list(TITLES))
    living.see(url="https://ship.example/0.html", title=TITLES[0])
    asyncio.run(watch.follow())  # within the same minute
    assert living.store.issue_reports.find("ship") == found
    now[0] += DAY
    asyncio.run(watch.follow())
    found = living.store.issue_reports.find("ship")
    assert found is not None
    assert (found.computed, lacking(found)) == (NOW + DAY, list(TITLES[1:]))


def test_a_file_that_may_not_be_read_makes_nothing_look_whole(living: Living) -> None:
    show(living, *TITLES)
    path = finish(living)
    path.rename(path.with_suffix(".away"))
    path.mkdir()  # no file at all: passed over
    assert find_files(living.data) == {}
    path.rmdir()
    path.symlink_to("/proc/self/mem")  # opens, and cannot be read
    told = report(living)
    assert (told.broken, told.is_whole) == (1, False)

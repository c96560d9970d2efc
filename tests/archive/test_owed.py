"""What pages lack: written down with the article, taken off file by file, found by a rebuild."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from archive.exchange import Belonging, Role
from archive.model import Requisite
from archive.owed import OWED_MOST, Awaited, Owing
from archive.rebuild import rebuild
from archive.requisites import find_had
from archive.store import Store
from commands.story_text import print_story
from tests.archive.factories import DAY, NOW, exchange, later, sighting
from tests.archive.living import Living

if TYPE_CHECKING:
    from pathlib import Path

    from archive.model import Sighting

HOST = "https://ship.example"
SHEET = Requisite(url=f"{HOST}/a.css", is_sheet=True)
LOGO, PHOTO = Requisite(url=f"{HOST}/图/logo.png"), Requisite(url=f"{HOST}/1.jpg?a=1&b=2")


def naming(*requisites: Requisite, url: str = f"{HOST}/1.html", **fields: object) -> Sighting:
    return replace(sighting(url=url, **fields), requisites=requisites)  # type: ignore[arg-type]


def owed(store: Store) -> dict[str, list[str]]:
    """What is awaited, by page."""
    found = store.owed.of("ship", NOW)
    return {each.page: [one.url for one in each.awaited] for each in found}


def test_a_new_or_revised_page_lacks_all_that_it_names_and_any_other_nothing(store: Store) -> None:
    first = naming(SHEET, LOGO)
    store.keep(first)
    store.keep(later(first, DAY))  # read the same
    store.keep(naming(url=f"{HOST}/2.html", title="渡口", text="渡口停航。" * 9))
    revised = replace(later(first, DAY, title="又一个标题"), requisites=(PHOTO,))
    store.keep(revised)
    store.keep(revised)
    assert owed(store) == {
        first.capture.id: [SHEET.url, LOGO.url], revised.capture.id: [PHOTO.url],
    }  # fmt: skip
    assert store.owed.sources() == {"ship"}


def test_what_came_is_taken_off_and_a_page_that_lacks_nothing_is_forgotten(store: Store) -> None:
    store.keep(naming(SHEET, LOGO))
    (owing,) = store.owed.of("ship", NOW)
    waits = Awaited(url=LOGO.url, tries=2, retry_at=NOW + DAY)
    less = replace(owing, awaited=(waits,), taken=2, size_bytes=9_000_000_000)
    store.owed.keep(less)
    assert store.owed.of("ship", NOW) == [less]
    store.owed.keep(replace(less, awaited=()))
    assert (store.owed.of("ship", NOW), store.owed.sources()) == ([], set())


def test_what_is_owed_for_too_long_is_given_up_and_what_was_taken_down_rests(store: Store) -> None:
    kept = store.keep(naming(LOGO))
    second = naming(LOGO, url=f"{HOST}/2.html", title="渡口", text="渡口停航。" * 9)
    second = replace(second, capture=replace(second.capture, seen=NOW + DAY))
    store.keep(second)
    store.withdrawals.withdraw(kept.entry_id, who="林", why="要求", now=NOW)
    assert list(owed(store)) == [second.capture.id]
    store.withdrawals.undo(kept.entry_id, who="林", why="误会", now=NOW)
    assert len(owed(store)) == 2
    (left,) = store.owed.of("ship", NOW + OWED_MOST)
    assert left.page == second.capture.id
    assert len(owed(store)) == 1


def test_the_story_of_an_entry_says_how_many_files_it_lacks(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = store.keep(naming(SHEET, LOGO, PHOTO))
    story = store.stories.find(kept.entry_id)
    assert story is not None
    assert story.owed == 3
    print_story(story)
    assert "3 files of its pages (images, style sheets), still to be asked for" in (
        capsys.readouterr().out
    )


@pytest.fixture
def living(tmp_path: Path) -> Living:
    return Living(tmp_path, f"sqlite:///{tmp_path / 'old.sqlite'}")


def see(living: Living, *requisites: Requisite, **fields: object) -> str:
    """A page that names these, captured and kept; its capture."""
    made = replace(sighting(living.later(), **fields), requisites=requisites)  # type: ignore[arg-type]
    capture = living.capture(made)
    living.store.keep(replace(made, capture=capture))
    return str(capture.id)


def bring(living: Living, page: str, url: str, body: bytes = b"\x89PNG" * 300) -> None:
    belonging = Belonging(source_id="ship", role=Role.REQUISITE, page=page)
    living.writer.write(exchange(url=url, body=body, started=living.now), belonging=belonging)


def test_a_rebuild_finds_again_what_pages_lack(living: Living) -> None:
    see(living, PHOTO, url=f"{HOST}/0.html", title="旧", text="去年的事。" * 9)
    living.later(OWED_MOST + DAY)
    one = see(living, SHEET, LOGO, PHOTO, url=f"{HOST}/1.html")
    two = see(living, SHEET, LOGO, url=f"{HOST}/2.html", title="渡口", text="渡口停航。" * 9)
    see(living, SHEET, url=f"{HOST}/3.html", title="码头", text="码头扩建。" * 9)
    bring(living, one, SHEET.url)
    bring(living, two, "https://ship.example/%E5%9B%BE/logo.png")  # as it goes over the wire
    living.end()

    url = f"sqlite:///{living.data / 'new.sqlite'}"
    rebuild(living.data / "warc", url, now=living.now)

    with Store.open(url) as store:
        assert store.owed.of("ship", living.now) == [
            Owing(
                page=one, source_id="ship", url=f"{HOST}/1.html",
                since=living.now - timedelta(minutes=2, seconds=1),
                awaited=(Awaited(url=PHOTO.url),), taken=1, size_bytes=1200,
            )
        ]  # fmt: skip


def test_files_of_months_of_which_nothing_is_owed_are_not_read(living: Living) -> None:
    bring(living, see(living, LOGO), LOGO.url)
    living.writer.close()
    (old,) = (living.data / "warc").rglob("*.warc.gz")
    living.later(OWED_MOST + DAY)
    bring(living, see(living, PHOTO, url=f"{HOST}/2.html", title="渡口"), PHOTO.url)
    living.end()
    since = living.now
    assert [each.month for each in find_had(living.data / "warc", NOW)] == ["2026-11", "2026-12"]
    old.write_bytes(b"no record at all")
    assert [each.url for each in find_had(living.data / "warc", since)] == [PHOTO.url]

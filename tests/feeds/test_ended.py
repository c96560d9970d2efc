"""Feeds of groups and saved searches that are over go away, and no others."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from archive.store import Store
from feeds.compress import compress_file, uncompressed_files
from feeds.publish import publish_all, publish_common
from foundation.setting_kinds import SavedSearch
from foundation.settings import Settings
from tests.factories import AUTHORITY, SEEN, entry, sighting, source

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

RIVER = source(groups=("水边",))
COAST = source(
    id="coast", title="海岸评论", lists=("https://coast.example/l",), groups=("评论/争鸣", "水边")
)
FERRY = SavedSearch(id="ferry", title="渡口", query="渡口")
LOST = SavedSearch(id="lost", title="x", query="journal:nowhere 渡口")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path, public_url="https://feeds.example", searches=(FERRY,))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url, authority=AUTHORITY, now=SEEN) as opened:
        opened.sync_sources((RIVER, COAST), SEEN)
        opened.keep(sighting(entry(), seen=SEEN))
        publish_all(opened, (RIVER, COAST), settings)
        for file in list(uncompressed_files(settings.public)):
            compress_file(file)
        yield opened


def folders(settings: Settings) -> set[str]:
    """Where anything is, hidden files too."""
    return {
        path.parent.relative_to(settings.public).as_posix()
        for path in settings.public.rglob("*")
        if path.is_file()
    }


def test_a_group_and_a_search_that_are_over_leave_no_file(store: Store, settings: Settings) -> None:
    alone = replace(COAST, groups=("水边",))
    without = replace(settings, searches=())
    before = folders(settings)
    done = publish_common(store, (RIVER, alone), without)
    assert before - folders(settings) == {"groups/评论-争鸣", "searches/ferry"}
    assert {path.parent.name for path in done.removed} == {"评论-争鸣", "ferry"}
    assert len(done.removed) == 6
    assert publish_common(store, (RIVER, alone), without).removed == ()


def test_groups_stay_while_the_file_of_a_journal_is_away_and_go_when_it_is_retired(
    store: Store, settings: Settings
) -> None:
    """It may be broken for a minute: nobody knows what it says."""
    assert publish_common(store, (RIVER,), settings).removed == ()
    store.retire("coast", SEEN, "it ended")
    done = publish_common(store, (RIVER,), settings)
    assert {path.parent.name for path in done.removed} == {"评论-争鸣"}


def test_a_search_that_cannot_be_understood_now_keeps_its_feeds(
    store: Store, settings: Settings
) -> None:
    publish_common(store, (RIVER, COAST), replace(settings, searches=(replace(LOST, query="渡"),)))
    assert "searches/lost" in folders(settings)
    done = publish_common(store, (RIVER, COAST), replace(settings, searches=(LOST,)))
    assert done.removed == ()
    assert "searches/lost" in folders(settings)


def test_a_change_of_some_journals_ends_no_feed(store: Store, settings: Settings) -> None:
    """Then nothing else changed; and what is over is looked for once."""
    without = replace(settings, searches=())
    assert publish_common(store, (RIVER, COAST), without, {"coast"}).removed == ()

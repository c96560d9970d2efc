"""A take-down in the published tree: nothing of the text is left in any file, whoever made it."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import brotli
import feedparser
import pytest

from archive.store import Store
from feeds.compress import compress_file, uncompressed_files
from feeds.ended import remove_feeds
from feeds.publish import publish_all
from feeds.removal import publish_without
from foundation.setting_kinds import SavedSearch
from foundation.settings import Settings
from tests.archive.copies import invented
from tests.factories import SEEN, day, entry, sighting, source

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from sources.model import Source

RIVER = source(groups=("江河",))
TEA = source(id="tea", title="茶", lists=("https://tea.example/list",), groups=("江河",))
TITLE, MONTH = "要撤下的那一篇", timedelta(days=30)
COPIED = invented(7)
TEXT = f"只有这一篇写了桥墩上的水位刻度。{COPIED}"
#: What of the article must be nowhere: its title, its words, the address of a picture of it.
TRACES = (TITLE, "桥墩上的水位刻度", "mark-of-it.png", "撤下者")


def keep(store: Store, which: int, *, source_id: str = "river-port", **fields: object) -> str:
    url = f"https://{source_id}.example/{which}"
    plain = {"title": f"桥之{which}", "text": invented(which), "html": None, "notice": None}
    found = entry(url=url, canonical_url=url, published=day("2026-03-02"), **{**plain, **fields})
    return store.keep(sighting(found, source_id=source_id, seen=SEEN)).entry_id


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    search = SavedSearch(id="bridges", title="桥", query="水位刻度")
    return Settings(data=tmp_path, public_url="https://feeds.example", searches=(search,))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    """Two journals that have the article, in feeds, groups, a search and closed documents."""
    with Store.open(settings.database_url, authority="feeds.example") as opened:
        opened.sync_sources([RIVER, TEA], SEEN)
        html = f'<p>{TEXT}</p><p><img src="https://river-port.example/mark-of-it.png"></p>'
        fields = {"title": TITLE, "text": TEXT, "html": html, "authors": ("撤下者",)}
        taken = keep(opened, 7, notice=entry().notice, **fields)
        keep(opened, 8)
        keep(opened, 9, source_id="tea", text=COPIED, title="同一篇")
        assert [one.source_id for one in opened.elsewhere(taken)] == ["tea"]
        opened.close_documents(SEEN + MONTH)
        publish_all(opened, [RIVER, TEA], settings)
        for file in uncompressed_files(settings.public):
            compress_file(file)
        names = {each.rpartition("/")[2] for each in holders(settings)}
        assert names >= {
            "rss.xml.gz",
            "atom.xml.br",
            "feed.json",
            "2026-03.atom",
            "2026-03.atom.gz",
        }
        assert {each.split("/")[0] for each in holders(settings)} == {
            "river-port", "tea", "all", "groups", "searches",
        }  # fmt: skip
        yield opened


def holders(settings: Settings) -> set[str]:
    """The published files that hold anything of the article, also packed."""
    found = set()
    for path in settings.public.rglob("*"):
        if path.is_file():
            unpack = {".gz": gzip.decompress, ".br": brotli.decompress}.get(path.suffix, bytes)
            text = unpack(path.read_bytes()).decode()
            if any(trace in text for trace in TRACES):
                found.add(str(path.relative_to(settings.public)))
    return found


def take_down(store: Store, settings: Settings, living: list[Source], known: list[Source]) -> str:
    (taken,) = (one for one in store.entries("river-port") if one.entry.title == TITLE)
    store.withdrawals.withdraw(taken.id, who="林", why="要求", now=SEEN + 2 * MONTH)
    archived = store.entry(taken.id)
    done = publish_without(store, known, living, settings, archived)
    for file in done.written:
        compress_file(file)
    return taken.id


def test_nothing_of_a_text_is_left_in_any_file(store: Store, settings: Settings) -> None:
    entry_id = take_down(store, settings, [RIVER, TEA], [RIVER, TEA])
    assert holders(settings) == set()
    head = feedparser.parse((settings.public / "river-port" / "atom.xml").read_bytes())
    assert entry_id in [one.id for one in head.entries]  # it says that it is withdrawn
    assert (settings.public / "river-port" / "atom.xml.gz").exists()


def remove(settings: Settings) -> None:
    remove_feeds(settings.public, "river-port")


@pytest.mark.parametrize(
    ("living", "known", "before"),
    [
        # The file of the journal is away: its feeds are not rendered any more.
        ([TEA], [TEA], None),
        # It was retired long ago: only the documents of its history are left.
        ([TEA], [RIVER, TEA], remove),
        # Its neighbour's file is away, whose feed names it.
        ([RIVER], [RIVER], None),
    ],
    ids=["away", "ended", "neighbour away"],
)
def test_what_is_not_rendered_any_more_is_cut(
    store: Store,
    settings: Settings,
    living: list[Source],
    known: list[Source],
    before: Callable[[Settings], None] | None,
) -> None:
    if before:
        before(settings)
    entry_id = take_down(store, settings, living, known)
    assert holders(settings) == set()
    for name in ("rss.xml", "atom.xml"):
        file = settings.public / "river-port" / name
        if file.exists() and RIVER not in living:
            parsed = feedparser.parse(file.read_bytes())
            assert not parsed.bozo
            assert [one.title for one in parsed.entries] == ["桥之8"]
            assert (entry_id.encode() in file.read_bytes()) is (name == "atom.xml")
    for file in settings.public.rglob("feed.json"):
        json.loads(file.read_bytes())


def test_a_group_that_is_no_more_and_a_feed_that_cannot_be_rendered_are_cut(
    store: Store, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_it(*_: object, **__: object) -> None:
        raise ArithmeticError

    monkeypatch.setattr("feeds.publish.journal_documents", break_it)
    without = [replace(one, groups=()) for one in (RIVER, TEA)]
    take_down(store, settings, without, without)
    # The neighbour's feed could not be rendered either.
    assert holders(settings) == set()

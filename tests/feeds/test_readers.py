"""Line 40, and what a subscriber sees of a month's changes: real readers over a real server.

A title is changed, a page moves, an article is retracted, one is new: exactly one unread item.
"""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

import feedparser
import pytest
from reader import make_reader

from archive.store import Store
from feeds.publish import publish_all
from foundation.settings import Settings
from sources.model import Rights
from tests.factories import SEEN, day, entry, sighting, source
from tests.web.serving import served
from web.app import make_app

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from archive.model import Entry

RIVER = source()
SHANGHAI = ZoneInfo("Asia/Shanghai")
TITLES = ("渡口 & <旧>码头", "桥头的集市", "船上的人", "夜航")
AUTHORS = ("林渡", "Ada River")


@dataclass(frozen=True, kw_only=True, slots=True)
class Item:
    """What a reader keeps of an item, as far as it tells."""

    id: str
    title: str
    day: str
    authors: str | None = None


class Reader(Protocol):
    """A feed reader that remembers what it showed."""

    def items(self) -> list[Item]:
        """Ask for the feed; every item that is held."""
        ...

    def unread(self) -> int:
        """Ask for the feed; how many items are unread. All are read then."""
        ...

    def texts(self) -> list[str]:
        """What it shows of each item, without asking for the feed again."""
        ...


class Feedparser:
    """No reader, but the parser of many; what it has not seen before counts as unread."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._seen: set[str] = set()

    def items(self) -> list[Item]:
        parsed = feedparser.parse(self._url)
        assert not parsed.bozo
        return [
            Item(
                id=one.id,
                title=_plain(one),
                day=_day(datetime(*one.published_parsed[:6], tzinfo=UTC)),
                authors="|".join(author.name for author in one.authors),
            )
            for one in parsed.entries
        ]

    def unread(self) -> int:
        ids = {item.id for item in self.items()}
        new = ids - self._seen
        self._seen |= ids
        return len(new)

    def texts(self) -> list[str]:
        """It keeps none: what is there now."""
        return [
            one.content[0].value if "content" in one else one.summary
            for one in feedparser.parse(self._url).entries
        ]


class Lemon:
    """lemon24/reader."""

    def __init__(self, url: str, folder: Path) -> None:
        self._reader = make_reader(str(folder / "reader.sqlite"))
        self._reader.add_feed(url)
        self._url = url

    def items(self) -> list[Item]:
        self._reader.update_feed(self._url)
        return [
            Item(
                id=one.id,
                title=_unescaped(one.title or ""),
                day=_day(one.published or datetime.min.replace(tzinfo=UTC)),
                authors=None,
            )
            for one in self._reader.get_entries()
        ]

    def unread(self) -> int:
        self._reader.update_feed(self._url)
        new = list(self._reader.get_entries(read=False))
        for one in new:
            self._reader.mark_entry_as_read(one)
        return len(new)

    def texts(self) -> list[str]:
        held = ((one.get_content(), one.summary) for one in self._reader.get_entries())
        return [content.value if content else summary or "" for content, summary in held]


class Newsboat:
    """Debian's, without its screen; its cache is read, and marked as its key A does."""

    def __init__(self, url: str, folder: Path) -> None:
        self._folder = folder
        (folder / "urls").write_text(f"{url}\n", "utf-8")
        (folder / "config").write_text("", "utf-8")

    def items(self) -> list[Item]:
        self._reload()
        rows = self._ask("SELECT guid, title, pubDate FROM rss_item WHERE deleted = 0")
        return [
            Item(id=guid, title=title, day=_day(datetime.fromtimestamp(at, UTC)))
            for guid, title, at in rows
        ]

    def unread(self) -> int:
        self._reload()
        ((count,),) = self._ask("SELECT count(*) FROM rss_item WHERE unread AND deleted = 0")
        self._ask("UPDATE rss_item SET unread = 0")
        return int(count)

    def texts(self) -> list[str]:
        return [text for (text,) in self._ask("SELECT content FROM rss_item WHERE deleted = 0")]

    def _reload(self) -> None:
        subprocess.run(
            ["newsboat", "-u", "urls", "-c", "cache.db", "-C", "config", "-x", "reload"],
            cwd=self._folder,
            env={**os.environ, "HOME": str(self._folder), "LC_ALL": "C.UTF-8"},
            check=True,
            timeout=60,
            capture_output=True,
        )

    def _ask(self, query: str) -> list[tuple[str, ...]]:
        database = sqlite3.connect(self._folder / "cache.db")
        with database:
            rows = database.execute(query).fetchall()
        database.close()
        return rows


class Sfeed:
    """Debian's sfeed: one line an item. It holds an item by id, title and address, so that a new
    title is a new line to it; what is new here goes by the id alone."""

    def __init__(self, url: str, folder: Path) -> None:
        self._url = url
        self._seen: set[str] = set()

    def items(self) -> list[Item]:
        return [
            Item(id=row[5], title=row[1], day=_day(datetime.fromtimestamp(int(row[0]), UTC)))
            for row in self._rows()
        ]

    def _rows(self) -> list[list[str]]:
        import httpx

        feed = httpx.get(self._url).content
        lines = subprocess.run(
            ["sfeed", self._url], input=feed, check=True, capture_output=True, timeout=60
        ).stdout.decode()
        return [line.split("\t") for line in lines.splitlines()]

    def unread(self) -> int:
        ids = {item.id for item in self.items()}
        new = ids - self._seen
        self._seen |= ids
        return len(new)

    def texts(self) -> list[str]:
        return [row[3] for row in self._rows()]


READERS = [
    pytest.param(Feedparser, id="feedparser"),
    pytest.param(Lemon, id="reader"),
    *(
        pytest.param(
            kind,
            id=program,
            marks=[
                pytest.mark.debian,
                pytest.mark.skipif(
                    shutil.which(program) is None, reason=f"apt-get install {program}"
                ),
            ],
        )
        for program, kind in (("newsboat", Newsboat), ("sfeed", Sfeed))
    ),
]
FORMATS = ("rss.xml", "atom.xml")
DATES = "<(?:updated|lastBuildDate|pubDate)>.*<"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data")


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    with Store.open(settings.database_url, authority="feeds.example") as opened:
        opened.sync_sources([RIVER], SEEN)
        for which in range(3):
            opened.keep(sighting(article(which)))
        publish_all(opened, [RIVER], settings)
        yield opened


@pytest.fixture
def address(store: Store, settings: Settings) -> Iterator[str]:
    with served(make_app(settings, store, lambda: [RIVER])) as opened:
        yield opened


def article(which: int, **fields: object) -> Entry:
    url = f"https://river-port.example/2026/{which}.html"
    text = f"第{which}条船过了第{which}座桥，桥上的人在看船，船上的人在看桥。"
    plain: dict[str, object] = {
        "url": url,
        "canonical_url": url,
        "title": TITLES[which],
        "text": text,
        "html": f"<p>{text}</p>",
        "authors": AUTHORS,
        "published": day(f"2026-03-0{which + 1}"),
    }
    return entry(**plain | fields)


def change(store: Store, settings: Settings) -> None:
    """A new title, a new address, a retraction, a new article: what a month brings."""
    later = SEEN + timedelta(days=9)
    store.keep(sighting(article(0, title="渡口与新码头"), seen=later))
    moved = "https://www.river-port.example/articles/1"
    old = article(1).url
    store.keep(sighting(article(1, url=moved, canonical_url=moved), seen=later, asked=old))
    store.keep(sighting(article(2, is_retracted=True), seen=later))
    store.keep(sighting(article(3), seen=later))
    publish_all(store, [RIVER], settings)


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", READERS)
def test_line_40_readers_agree_on_ids_titles_days_and_authors(
    kind: type[Feedparser], name: str, address: str, store: Store, tmp_path: Path
) -> None:
    items = kind(f"{address}/river-port/{name}", tmp_path).items()
    held = {one.id: one.entry for one in store.entries("river-port")}
    assert {item.id for item in items} == set(held)
    for item in items:
        assert item.title == held[item.id].title
        assert item.day == held[item.id].published.value  # type: ignore[union-attr]
        assert item.authors in (None, "|".join(AUTHORS))


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", READERS)
def test_a_new_title_a_move_a_retraction_and_a_new_article_are_one_unread_item(
    kind: type[Feedparser],
    name: str,
    address: str,
    store: Store,
    settings: Settings,
    tmp_path: Path,
) -> None:
    reader: Reader = kind(f"{address}/river-port/{name}", tmp_path)
    assert reader.unread() == 3
    assert reader.unread() == 0
    change(store, settings)
    assert reader.unread() == 1
    titles = {item.title for item in reader.items()}
    assert titles >= {"渡口与新码头", "【撤稿】船上的人", "夜航"}
    assert reader.unread() == 0


@pytest.mark.slow
@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("kind", READERS)
def test_a_right_that_gives_the_full_text_reaches_readers_and_makes_nothing_unread(
    kind: type[Feedparser],
    name: str,
    address: str,
    store: Store,
    settings: Settings,
    tmp_path: Path,
) -> None:
    """The operator's word is no change of the article (RFC 4287 section 4.2.15), so `updated`
    stays; readers take the new text by the id, whatever its date. And back again."""
    silent = {"summary": "一座桥。", "notice": None}
    store.keep(sighting(article(3, **silent)))
    publish_all(store, [RIVER], settings)
    feed = settings.public / "river-port" / name
    told = re.findall(DATES, feed.read_text("utf-8"))
    reader: Reader = kind(f"{address}/river-port/{name}", tmp_path)
    assert reader.unread() == 4
    assert not [text for text in reader.texts() if "第3条船" in text]
    letter = replace(RIVER, rights=Rights(notice="free-attribution", text="来信同意"))
    for source_, is_full in ((letter, True), (RIVER, False)):
        publish_all(store, [source_], settings)
        assert reader.unread() == 0
        assert len([text for text in reader.texts() if "第3条船" in text]) == is_full
        assert re.findall(DATES, feed.read_text("utf-8")) == told


def _day(instant: datetime) -> str:
    return instant.astimezone(SHANGHAI).date().isoformat()


def _plain(one: feedparser.FeedParserDict) -> str:
    return _unescaped(one.title)


def _unescaped(title: str) -> str:
    """Parsers hand an Atom text title on as the text of HTML."""
    from html import unescape

    return unescape(title)

"""`python -m benchmarks.publishing [SOURCES]`: of 1,000 journals one has changed, and is published.

Each journal has 12 articles of 5 kB, each is in one of 20 groups, and the settings have 5 searches.
CPU time, and which files were written. The first publication of all is not measured.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert

from archive import catalogue, schema
from archive.coding import encode_entry
from archive.exchange import Capture
from archive.model import Precision, PrintedDate, RawEntry, Sighting
from archive.store import Store
from benchmarks import searching
from benchmarks.searching import vocabulary
from feeds import documents
from feeds.channel import Tags
from feeds.documents import journal_documents
from feeds.publish import publish_all, publish_changed, publish_common
from foundation.setting_kinds import SavedSearch
from foundation.settings import Settings
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archive.model import ArchivedEntry, Entry
    from benchmarks.searching import Vocabulary

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
ARTICLES = 12
GROUPS = 20
SEARCHES = 5
ROUNDS = 9


@dataclass(frozen=True, kw_only=True)
class Spent:
    """One publication: CPU milliseconds, and the folders and number of the files written."""

    ms: float
    folders: tuple[str, ...]
    files: int


def source(number: int) -> Source:
    return Source(
        id=f"source-{number:04}",
        title=f"刊物{number}",
        lists=(f"https://h{number}.example/",),
        groups=(f"组{number % GROUPS:02}",),
    )


def settings_for(folder: Path, words: Vocabulary) -> Settings:
    """Five searches for frequent words of two letters, as people follow them."""
    wanted = [word for word in words.words if len(word) == 2][60 : 60 + SEARCHES]
    searches = tuple(
        SavedSearch(id=f"search-{number}", title=word, query=word)
        for number, word in enumerate(wanted)
    )
    return Settings(data=folder, public_url="https://feeds.example", searches=searches)


def article(of: Source, number: int, seen: datetime, words: Vocabulary) -> Entry:
    """One that `searching` makes, at an address of this journal and of the day it was seen."""
    url = f"{of.lists[0]}{number}.html"
    chance = random.Random(f"{of.id} {number}")
    made = searching.article(chance.randrange(1 << 30), words)
    day = seen.date().isoformat()
    printed = PrintedDate(raw=day, value=day, precision=Precision.DAY)
    return replace(made, url=url, canonical_url=url, published=printed)


def fill(store: Store, sources: Sequence[Source], words: Vocabulary) -> None:
    """All articles, as they are kept; each is open, as in the month in which it came."""
    for each in sources:
        entries, revisions = [], []
        for number in range(ARTICLES):
            seen = NOW - timedelta(days=number, seconds=int(each.id[-4:]))
            made = article(each, number, seen, words)
            id_ = f"tag:feeds.example,2026-11-23:{each.id}/{number:012}"
            entries.append(
                {
                    "id": id_, "source_id": each.id, "canonical_url": made.url, "ordered": seen,
                    "first_seen": seen, "changed": seen, "opened": seen, "state": "live",
                    "revision": 1,
                }
            )  # fmt: skip
            revisions.append(
                {
                    "entry_id": id_, "number": 1, "seen": seen, "digest": "",
                    "entry": encode_entry(made), "raw": {},
                }
            )  # fmt: skip
        with store._database.writing() as connection:
            connection.execute(insert(schema.entries), entries)
            connection.execute(insert(schema.revisions), revisions)
    with store._database.writing() as connection:
        connection.execute(delete(schema.facts).where(schema.facts.c.name == "catalogue"))
    catalogue.fill(store._database)


def keep_another(store: Store, of: Source, number: int, words: Vocabulary) -> None:
    """One new article of a journal."""
    seen = NOW + timedelta(days=1, minutes=number)
    entry = article(of, number, seen, words)
    capture = Capture(
        id=f"urn:uuid:{of.id}-{number}", url=entry.url, status=200, seen=seen,
        file="warc/x.warc.gz", offset=0, digest="sha256:",
    )  # fmt: skip
    sighting = Sighting(
        source_id=of.id, seen=seen, listed=None, raw=RawEntry(url=entry.url), entry=entry,
        capture=capture, body_digest=f"sha256:{number}",
    )  # fmt: skip
    store.keep(sighting)


def measure_changes(
    store: Store, sources: Sequence[Source], settings: Settings, words: Vocabulary
) -> dict[str, Any]:
    """A new article of one journal after another: its own feeds, what shows it, and
    what shows any, as after a change of the settings."""
    own: list[Spent] = []
    common: list[Spent] = []
    whole: list[Spent] = []
    for round_ in range(ROUNDS):
        changed = sources[round_ * 7 % len(sources)]
        keep_another(store, changed, ARTICLES + round_, words)
        args = (store, sources, settings)
        own.append(_spent(partial(publish_changed, *args), settings))
        common.append(_spent(partial(publish_common, *args, {changed.id}), settings))
        whole.append(_spent(partial(publish_common, *args), settings))
    return {"own": _told(own), "common": _told(common), "common, all": _told(whole)}


def measure_rendering(entries: Sequence[ArchivedEntry], of: Source, settings: Settings) -> float:
    """Milliseconds for 50 entries in all three formats, none of them remembered."""
    tags = Tags(authority="feeds.example", minted="2026-11-23")
    entries = [replace(one, source_id=of.id) for one in entries]
    spent = []
    for _ in range(ROUNDS):
        documents._memo.forget_all()
        began = time.process_time()
        journal_documents(entries, of, settings, tags=tags)
        spent.append((time.process_time() - began) * 1000)
    return median(spent)


def measure_closing(
    store: Store, sources: Sequence[Source], settings: Settings
) -> dict[str, float]:
    """Milliseconds a journal for the end of a month: closing, and writing what is closed."""
    began = time.process_time()
    closed = store.close_documents(NOW.replace(month=12) + timedelta(days=20))
    closing = time.process_time() - began
    few = [each for each in sources if each.id in closed][:100]
    began = time.process_time()
    publish_changed(store, few, settings)
    writing = time.process_time() - began
    return {
        "journals": len(closed),
        "closing": closing * 1000 / len(closed),
        "writing": writing * 1000 / len(few),
    }


def _spent(publish: Callable[[], Any], settings: Settings) -> Spent:
    began = time.process_time()
    done = publish()
    ms = (time.process_time() - began) * 1000
    folders = {str(path.parent.relative_to(settings.public)) for path in done.written}
    return Spent(ms=ms, folders=tuple(sorted(folders)), files=len(done.written))


def _told(spent: Sequence[Spent]) -> dict[str, Any]:
    last = spent[-1]
    return {
        "ms": median(each.ms for each in spent), "most": max(each.ms for each in spent),
        "files": last.files, "folders": last.folders,
    }  # fmt: skip


def measure(count: int, folder: Path) -> dict[str, Any]:
    words = vocabulary()
    sources = [source(number) for number in range(count)]
    settings = settings_for(folder, words)
    with Store.open(settings.database_url, authority="feeds.example", now=NOW) as store:
        store.sync_sources(sources, NOW)
        fill(store, sources, words)
        publish_all(store, sources, settings)
        told = measure_changes(store, sources, settings, words)
        told["rendering"] = measure_rendering(store.entries(limit=50), sources[0], settings)
        told["closing"] = measure_closing(store, sources, settings)
    return {"ms": told["own"]["ms"] + told["common"]["ms"], **told}


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as folder:
        print(json.dumps(measure(count, Path(folder)), ensure_ascii=False))


if __name__ == "__main__":
    main()

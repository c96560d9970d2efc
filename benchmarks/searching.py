"""Searching among COUNT Chinese articles: `python -m benchmarks.searching COUNT`.

The articles are made of a seeded vocabulary whose words are as frequent as those of a language
are: few in nearly every text, most in hardly any. A search is the 20 best entries and how many
there are, up to 10,000, as a page of results needs them; CPU time.
"""

from __future__ import annotations

import json
import random
import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import median, quantiles
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, text, update

from archive import catalogue, schema
from archive.coding import encode_entry
from archive.model import Entry, NoticeClass, Precision, PrintedDate, ReprintNotice
from archive.selection import REUSABLE, Selection, key_of
from archive.store import Store
from sources.model import Rights, Source

if TYPE_CHECKING:
    from archive.database import Database

NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)
SOURCES = 500
AUTHORS = 5_000
#: Letters of an article: 5 kB.
LENGTH = 1_700
ROUNDS = 7
#: Up to here results are counted; above, a page says "more than".
COUNTED = 10_000
WRITTEN = 300
#: One and two of ten words have one letter and three or four, as in Chinese prose; the frequent
#: ones are the short ones.
LENGTHS = (2, 2, 2, 2, 2, 3, 1, 2, 4, 2)


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """Words, the most frequent first, and how often each comes, added up."""

    words: list[str]
    weights: list[float]

    def article(self, chance: random.Random) -> str:
        """A text of sentences and paragraphs."""
        words = chance.choices(self.words, cum_weights=self.weights, k=LENGTH // 2)
        parts = []
        for at, word in enumerate(words):
            parts.append(word)
            if at % 6 == 5:
                parts.append("。\n" if at % 90 == 89 else "，")
        return "".join(parts)[:LENGTH]

    def title(self, chance: random.Random) -> str:
        return "".join(chance.choices(self.words, cum_weights=self.weights, k=6))


def vocabulary(seed: int = 1) -> Vocabulary:
    """30,000 words by the law of Zipf and Mandelbrot, of 3,500 letters by the same law."""
    chance = random.Random(seed)
    letters = [chr(code) for code in chance.sample(range(0x4E00, 0x9F00), 3_500)]
    often = list(accumulate(1 / (rank + 40) for rank in range(len(letters))))
    words: dict[str, None] = dict.fromkeys(letters[:40])
    while len(words) < 30_000:
        length = LENGTHS[len(words) % len(LENGTHS)]
        words["".join(chance.choices(letters, cum_weights=often, k=length))] = None
    weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
    return Vocabulary(words=list(words), weights=weights)


def source(number: int, words: Vocabulary) -> Source:
    chance = random.Random(-number - 1)
    rights = Rights(notice="permission") if number % 10 == 0 else Rights()
    return Source(
        id=f"source-{number:03}",
        title="".join(chance.choices(words.words[200:], k=2)),
        lists=(f"https://h{number}.example/",),
        rights=rights,
    )


def article(number: int, words: Vocabulary) -> Entry:
    chance = random.Random(number)
    day = (NOW - timedelta(days=chance.randrange(3_650))).date().isoformat()
    class_ = chance.choice(list(NoticeClass))
    url = f"https://h{number % SOURCES}.example/{number}.html"
    return Entry(
        url=url,
        canonical_url=url,
        title=words.title(chance),
        title_raw=None,
        published=PrintedDate(raw=day, value=day, precision=Precision.DAY),
        authors=(f"作者{chance.randrange(AUTHORS)}",),
        notice=ReprintNotice(class_=class_, text="见刊"),
        column=f"栏目{number % 7}",
        number=str(chance.randrange(1, 13)),
        text=words.article(chance),
    )


def write(database: Database, count: int, words: Vocabulary) -> int:
    """Entries and revisions as they are kept, without what is not asked here. Bytes of text."""
    size = 0
    for start in range(0, count, 1_000):
        entries, revisions = [], []
        for number in range(start, min(start + 1_000, count)):
            made = article(number, words)
            size += len((made.text or "").encode())
            id_ = f"tag:feeds.example,2026-11-23:source-{number % SOURCES:03}/{number:012}"
            day = datetime.fromisoformat(f"{made.published.value}T00:00Z")  # type: ignore[union-attr]
            entries.append(
                {
                    "id": id_, "source_id": f"source-{number % SOURCES:03}",
                    "canonical_url": made.url, "ordered": day, "first_seen": day, "changed": day,
                    "state": "live", "revision": 1,
                }
            )  # fmt: skip
            revisions.append(
                {
                    "entry_id": id_, "number": 1, "seen": day, "digest": "",
                    "entry": encode_entry(made), "raw": {},
                }
            )  # fmt: skip
        with database.writing() as connection:
            connection.execute(insert(schema.entries), entries)
            connection.execute(insert(schema.revisions), revisions)
    return size


def searches(words: Vocabulary) -> dict[str, Selection]:
    """What is searched for, by what is said of it."""
    two = [word for word in words.words if len(word) == 2]
    four = [word for word in words.words if len(word) == 4]
    common, frequent, rare = two[0], two[60], two[9_000]
    own = frozenset({"source-007"})
    piece = max((article(7, words).text or "").replace("\n", "").split("，"), key=len)[:8]
    return {
        "two letters, in most": Selection(words=(common,)),
        "two letters, in some": Selection(words=(frequent,)),
        "two letters, rare": Selection(words=(rare,)),
        "four letters, in most": Selection(words=(four[0],)),
        "four letters, in some": Selection(words=(four[80],)),
        "four letters, rare": Selection(words=(four[2_000],)),
        "two words, in most": Selection(words=(common, two[1])),
        "two words, one rare": Selection(words=(common, two[3_000])),
        "a phrase of eight": Selection(words=(piece,)),
        "one letter": Selection(words=(words.words[3],)),
        "in most, of one journal": Selection(words=(common,), sources=own),
        "in most, reusable": Selection(words=(common,), notices=REUSABLE),
        "in most, of one author": Selection(words=(common,), authors=frozenset({key_of("作者7")})),
        "in most, of one year": Selection(words=(common,), years=(2021, 2021)),
        "in most, without another": Selection(words=(common,), without=(two[1],)),
        "no words, reusable": Selection(notices=REUSABLE),
        "no words, of one author": Selection(authors=frozenset({key_of("作者7")})),
    }


def measure_searches(store: Store, words: Vocabulary, rights: dict[str, Rights]) -> dict[str, Any]:
    """Median and 95th percentile of CPU milliseconds, and how many entries each finds."""
    told: dict[str, Any] = {}
    spent_on_all = []
    for name, selection in searches(words).items():
        spent = []
        for _ in range(ROUNDS):
            began = time.process_time()
            store.select(selection, rights=rights, limit=20, by_relevance=True)
            found = store.count(selection, rights=rights, most=COUNTED)
            spent.append((time.process_time() - began) * 1000)
        spent_on_all += spent
        told[name] = {"ms": median(spent), "most": max(spent), "found": found}
    return {
        "searches": told,
        "median": median(spent_on_all),
        "p95": quantiles(spent_on_all, n=20)[-1],
    }


def measure_adding(database: Database, count: int, words: Vocabulary) -> float:
    """CPU milliseconds that the catalogue adds to the keeping of an article, its share of the
    commit included: transactions with it, less those without."""
    source_id = "source-000"
    made = [(number, article(number, words)) for number in range(count, count + WRITTEN)]
    ids = [f"tag:feeds.example,2026-11-23:{source_id}/{number:012}" for number, _ in made]
    row = {"source_id": source_id, "canonical_url": "", "state": "live", "revision": 1}
    when = {"ordered": NOW, "first_seen": NOW, "changed": NOW}
    with database.writing() as connection:
        connection.execute(insert(schema.entries), [{"id": id_, **row, **when} for id_ in ids])
    began = time.process_time()
    for id_, (_, entry) in zip(ids, made, strict=True):
        with database.writing() as connection:
            touch(connection, id_)
            catalogue.add(
                connection, entry_id=id_, source_id=source_id, entry=entry, ordered=NOW, zone="UTC"
            )
    with_it = time.process_time() - began
    began = time.process_time()
    for id_ in ids:
        with database.writing() as connection:
            touch(connection, id_)
    return (with_it - (time.process_time() - began)) * 1000 / WRITTEN


def touch(connection: Any, id_: str) -> None:
    """Something to commit, as keeping has anyway."""
    connection.execute(
        update(schema.entries).where(schema.entries.c.id == id_).values(state="live")
    )


def sizes(database: Database) -> dict[str, int]:
    """Bytes of the tables that searching needs."""
    asked = {
        "index": "name LIKE 'words%'",
        "texts": "name = 'texts'",
        "catalogue": "name LIKE 'catalogue%' OR name LIKE 'labels%' OR name LIKE '%catalogue_1'",
    }
    with database.reading() as connection:
        return {
            name: connection.scalar(text(f"SELECT sum(pgsize) FROM dbstat WHERE {condition}")) or 0
            for name, condition in asked.items()
        }


def measure(count: int, url: str) -> dict[str, Any]:
    words = vocabulary()
    sources = [source(number, words) for number in range(SOURCES)]
    with Store.open(url, now=NOW) as store:
        database = store._database
        store.sync_sources(sources, NOW)
        size = write(database, count, words)
        with database.writing() as connection:
            connection.execute(delete(schema.facts).where(schema.facts.c.name == "catalogue"))
        began = time.process_time()
        catalogue.fill(database)
        filling = (time.process_time() - began) * 1000 / count
        print(f"filled: {filling:.2f} ms an article", file=sys.stderr)
        told = measure_searches(store, words, {each.id: each.rights for each in sources})
        told |= {"text": size, "filling": filling, "adding": measure_adding(database, count, words)}
        if url.startswith("sqlite"):
            told["sizes"] = sizes(database)
    return {"ms": told["median"], **told}


def main() -> None:
    count = int(sys.argv[1])
    if len(sys.argv) > 2:
        print(json.dumps(measure(count, sys.argv[2]), ensure_ascii=False))
        return
    with tempfile.TemporaryDirectory(prefix="kanliu-bench-") as folder:
        told = measure(count, f"sqlite:///{Path(folder) / 'kanliu.sqlite'}")
    print(json.dumps(told, ensure_ascii=False))


if __name__ == "__main__":
    main()

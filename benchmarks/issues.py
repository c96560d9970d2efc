"""`python -m benchmarks.issues [ISSUES]`: what it costs to say whether issues are kept whole.

Makes an archive of three journals with so many monthly issues each, its lists captured as they
grew, the first half of it sealed; then asks `kanliu complete` once, again, and again after one more
article and list. CPU seconds of whole processes, start included.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from typing import TYPE_CHECKING

from archive.captures import CaptureWriter
from archive.exchange import Belonging, Exchange, Role
from archive.model import Entry, ListedLink, Precision, PrintedDate, RawEntry, Sighting
from archive.seen import Making, write_seen
from archive.store import Store
from archive.warc import new_id
from benchmarks.pages import article, paragraph
from sources.read import read_sources
from tests.journal_pages import listing

if TYPE_CHECKING:
    from archive.exchange import Capture
    from sources.model import Source

PROGRAMS = Path(sys.executable).parent
IDS = ("tea", "ship", "salt")
#: A journal of one's own; a list shows the newest hundred, and is captured as each five come out.
ARTICLES, ROWS, TOGETHER = 30, 100, 5
ISSUES = 24
#: One in so many is shown and cannot be had.
DEAD_EACH = 50
_PAGE = (("Content-Type", "text/html; charset=utf-8"),)


@dataclass
class Grown:
    """An archive in `data` that grows by issues, at its own clock."""

    data: Path
    now: datetime = datetime(2024, 1, 5, 8, tzinfo=UTC)
    number: int = 0
    rows: dict[str, list[tuple[str, str, str]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        journals = self.data / "journals"
        journals.mkdir(parents=True)
        for id_ in IDS:
            text = f'title = "{id_}"\nlists = ["http://{id_}.example/list.html"]\n'
            (journals / f"{id_}.toml").write_text(text, "utf-8")
        self.sources: dict[str, Source] = {each.id: each for each in read_sources(journals).sources}
        self.store = Store.open(f"sqlite:///{self.data / 'kanliu.sqlite'}", now=self.now)
        self.store.sync_sources(list(self.sources.values()), self.now)
        self.begin()

    def begin(self) -> None:
        self.writer = CaptureWriter(
            self.data / "warc", software="benchmark", operator="nobody", clock=lambda: self.now
        )

    def end(self) -> None:
        self.writer.close()
        self.store.record(*self.writer.take_sealed())

    def grow(self, at: int) -> None:
        """One issue of each journal, in a month of its own."""
        self.now = datetime(2024 + at // 12, at % 12 + 1, 5, 8, tzinfo=UTC)
        for id_ in IDS:
            for _ in range(ARTICLES // TOGETHER):
                self.publish(id_, TOGETHER)

    def publish(self, id_: str, count: int) -> None:
        """So many articles, and the list that shows them."""
        rows = self.rows.setdefault(id_, [])
        for _ in range(count):
            self.number += 1
            path, title = f"/a/{self.number}.html", f"走访第{self.number}家老店"
            rows.insert(0, (path, title, f"{self.now:%Y-%m-%d}"))
            if self.number % DEAD_EACH:
                self._keep(id_, f"http://{id_}.example{path}", title)
        del rows[ROWS:]
        page = listing(rows).encode()
        self._capture(id_, f"http://{id_}.example/list.html", page, Role.LIST, None)
        self.writer.sync()

    def _keep(self, id_: str, url: str, title: str) -> None:
        day = f"{self.now:%Y-%m-%d}"
        text = "\n".join(paragraph(self.number, at) for at in range(24))
        entry = Entry(
            url=url, canonical_url=url, title=title, title_raw=title, text=text,
            published=PrintedDate(raw=day, value=day, precision=Precision.DAY),
            number=str(self.now.month),
        )  # fmt: skip
        self.now += timedelta(minutes=1)
        seen = Sighting(
            capture=None,  # type: ignore[arg-type]  # written below, of what is said here
            source_id=id_, seen=self.now, listed=ListedLink(url=url, title=title),
            raw=RawEntry(url=url, text=text), entry=entry, body_digest=str(self.number),
        )  # fmt: skip
        record = write_seen(seen, self.sources[id_], Making(rules="1", crawler="benchmark"))
        capture = self._capture(id_, url, article(self.number), Role.ARTICLE, record)
        self.store.keep(replace(seen, capture=capture))

    def _capture(
        self, id_: str, url: str, body: bytes, role: Role, metadata: bytes | None
    ) -> Capture:
        exchange = Exchange(
            url=url, method="GET", status=200, started=self.now, body=body, reason=b"OK",
            request_headers=((b"Host", f"{id_}.example".encode()),),
            response_headers=tuple((name.encode(), value.encode()) for name, value in _PAGE),
        )  # fmt: skip
        belonging = Belonging(source_id=id_, role=role)
        return self.writer.write(exchange, metadata=metadata, belonging=belonging, id_=new_id())


def main(issues: int = ISSUES) -> None:
    """Print what was measured."""
    with tempfile.TemporaryDirectory() as folder:
        grown = Grown(Path(folder))
        for at in range(issues):
            grown.grow(at)
        grown.end()
        half = datetime(2024 + issues // 24, issues // 2 % 12 + 1, 1, tzinfo=UTC)
        months = sorted({f"{day:%Y-%m}" for day in _months(half)})
        named = [word for month in months for word in ("--month", month)]
        kanliu(grown.data, "seal", *named)
        files = [*grown.data.glob("warc/*/*/*.gz"), *grown.data.glob("packages/*/*/*.wacz")]
        size = sum(path.stat().st_size for path in files)
        print(f"{grown.number} articles shown, {len(files)} files, {size / 1e6:.1f} MB")
        print(f"asked first   {timed(grown.data):.2f} s")
        print(f"asked again   {timed(grown.data):.2f} s")
        grown.now = datetime(2024 + issues // 12, issues % 12 + 1, 5, 8, tzinfo=UTC)
        grown.begin()
        grown.publish("tea", 1)
        grown.end()
        print(f"one more list {timed(grown.data):.2f} s")
        print(f"doing nothing {timed(grown.data, 'settings'):.2f} s")


def _months(until: datetime) -> list[datetime]:
    first = datetime(2024, 1, 1, tzinfo=UTC)
    days = (until - first).days
    return [first + timedelta(days=day) for day in range(days)]


def timed(data: Path, command: str = "complete") -> float:
    """CPU seconds that the command took, as a process."""
    before = getrusage(RUSAGE_CHILDREN)
    said = kanliu(data, command, "--json")
    after = getrusage(RUSAGE_CHILDREN)
    seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    if command == "complete":
        rows = json.loads(said)
        print(f"  {len(rows)} issues, {sum(each['lacking'] for each in rows)} articles lack")
    return seconds


def kanliu(data: Path, *words: str) -> str:
    """What a command said."""
    places = ["--data", str(data)]
    if words[0] != "settings":
        places += ["--journals", str(data / "journals")]
    command = [str(PROGRAMS / "kanliu"), *words, *places]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        print(done.stdout, done.stderr, file=sys.stderr)
    return done.stdout


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))

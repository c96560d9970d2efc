"""A site that goes on publishing while it is visited: articles of their own words with a picture
each, and now and then a new title for one that was out already. Knows all that it said."""

from __future__ import annotations

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from benchmarks.pages import paragraph
from tests.journal_pages import article, listing

if TYPE_CHECKING:
    from pathlib import Path

    from tests.fake_site import FakeSite

#: The rows of a list page: as many as one visit takes (Limits.entries).
ROWS = 200
#: Nothing new comes out while so many articles wait for their first visit, so that none leaves the
#: list unseen: what a list does not show cannot be asked of us.
WAITING_MOST = 60
#: Only what is well within the list is changed, for the same reason.
CHANGED_AMONG = 40
#: One in so many is a change.
CHANGE_EACH = 6
SECONDS_BETWEEN = 0.06
PICTURE_BYTES = 3_000


@dataclass
class GrowingSite:
    """`ids` are its journals. Publishes in a thread of its own, while told to."""

    site: FakeSite
    ids: tuple[str, ...]
    seed: int
    pause: float = SECONDS_BETWEEN
    titles: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    changes: int = 0

    def __post_init__(self) -> None:
        self._draw = Random(self.seed)
        self._number = self._otherwise = 0
        self._is_open = threading.Event()
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._go_on, daemon=True)
        self.site.page("/s.css", "p { color: #333 }", content_type="text/css")
        for id_ in self.ids:
            for _ in range(3):
                self._publish(id_)
        self._thread.start()

    def open(self) -> None:
        self._is_open.set()

    def rest(self) -> None:
        self._is_open.clear()

    def end(self) -> None:
        """No more articles, ever."""
        self._is_over.set()
        self._is_open.set()
        self._thread.join(10)

    def said(self) -> dict[tuple[str, str], str]:
        """By journal and address, the title that stands there now."""
        return {
            (id_, f"{self.site.url}{path}"): title
            for id_ in self.ids
            for path, title in self.titles[id_].items()
        }

    def write_sources(self, folder: Path) -> None:
        """`journals/<id>.toml` for each."""
        folder.mkdir(parents=True, exist_ok=True)
        for id_ in self.ids:
            self._write_source(folder, id_, "")

    def read_otherwise(self, folder: Path, id_: str) -> None:
        """Write a journal's file so that its pages say something else from now on: another author
        each time."""
        self._otherwise += 1
        place = (".main h1", ".masthead")[self._otherwise % 2]
        self._write_source(folder, id_, f'[selectors]\nauthors = "{place}"\n')

    def _write_source(self, folder: Path, id_: str, more: str) -> None:
        (folder / f"{id_}.toml").write_text(
            f'title = "{id_} 月刊"\nlists = ["{self.site.url}/{id_}/list.html"]\n'
            f'[schedule]\nevery = "5s"\n{more}',
            "utf-8",
        )

    def _go_on(self) -> None:
        while not self._is_over.wait(self.pause):
            if not self._is_open.wait(0.5):
                continue
            if self._draw.randrange(CHANGE_EACH) == 0:
                self._change(self._draw.choice(self.ids))
            elif self._waiting() < WAITING_MOST:
                self._publish(self._draw.choice(self.ids))

    def _waiting(self) -> int:
        asked = {each.path for each in list(self.site.asked)}
        return sum(path not in asked for id_ in self.ids for path in self.titles[id_])

    def _publish(self, id_: str) -> None:
        self._number += 1
        picture = f"/{id_}/i/{self._number}.png"
        body = b"\x89PNG\r\n\x1a\n" + self._draw.randbytes(PICTURE_BYTES)
        self.site.page(picture, body, content_type="image/png")
        self._write(id_, f"/{id_}/a/{self._number}.html", f"走访第{self._number}家老店")

    def _change(self, id_: str) -> None:
        path = self._draw.choice(list(self.titles[id_])[-CHANGED_AMONG:])
        self.changes += 1
        self._write(id_, path, f"{self.titles[id_][path].partition(':')[0]}:改{self.changes}稿")

    def _write(self, id_: str, path: str, title: str) -> None:
        """The article before the list that names it."""
        number = int(path.rpartition("/")[2].partition(".")[0])
        page = article(title, body=tuple(paragraph(number, at) for at in range(6)))
        shown = f'<img src="/{id_}/i/{number}.png" alt=""></div></body>'
        page = page.replace("</div></body>", shown)
        sheet = '<link rel="stylesheet" href="/s.css"></head>'
        self.site.page(path, page.replace("</head>", sheet))
        self.titles[id_][path] = title
        newest = list(self.titles[id_].items())[-ROWS:]
        rows = [(path, title, "2026-11-20") for path, title in reversed(newest)]
        self.site.page(f"/{id_}/list.html", listing(rows))

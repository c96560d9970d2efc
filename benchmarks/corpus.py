"""The saved pages of the corpus and the answers known for them. Reads ../shared/corpus only; its
README says what may be scored and when two titles or dates are equal."""

from __future__ import annotations

import gzip
import json
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.model import Entry

#: Beside the repository; not part of it, and never copied into it.
FOLDER = Path(__file__).parent.parent.parent / "shared" / "corpus"


@dataclass(frozen=True, kw_only=True)
class SavedPage:
    """One row of pages.jsonl. `title` and `date` are the answers; None is not known."""

    id: str
    file: Path
    url: str | None
    title: str | None
    date: str | None
    is_scored: bool

    def body(self) -> bytes:
        """The bytes as they were saved."""
        return gzip.decompress(self.file.read_bytes())


def read_chinese_articles(folder: Path = FOLDER) -> list[SavedPage]:
    """Every Chinese article page, scored or not, in the corpus's order."""
    with (folder / "pages.jsonl").open(encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    return [
        SavedPage(
            id=row["id"],
            file=folder / row["html"],
            url=row.get("url"),
            title=row.get("title"),
            date=row.get("date"),
            is_scored=row["scored"],
        )
        for row in rows
        if row["lang"] == "zh" and row["kind"] == "article"
    ]


def letters(text: str | None) -> str:
    """What two equal titles share."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(char for char in folded if char.isalnum())


def judge_title(page: SavedPage, entry: Entry) -> str | None:
    """exact, wrong, missing; None where it is not to be scored."""
    if not page.is_scored or not page.title:
        return None
    if not entry.title:
        return "missing"
    return "exact" if letters(entry.title) == letters(page.title) else "wrong"


def judge_date(page: SavedPage, entry: Entry) -> str | None:
    """The same: equal is the same day; less than a day is missing."""
    if not page.is_scored or not page.date:
        return None
    day = (entry.published.value or "")[:10] if entry.published else ""
    if len(day) < len("2026-11-23"):
        return "missing"
    return "exact" if day == page.date else "wrong"


def tally(verdicts: Iterable[str | None]) -> str:
    """`76 of 79 exact, 2 wrong, 1 missing`."""
    counts = Counter(verdict for verdict in verdicts if verdict)
    return (
        f"{counts['exact']} of {counts.total()} exact, "
        f"{counts['wrong']} wrong, {counts['missing']} missing"
    )

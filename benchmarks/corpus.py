"""The saved pages of the corpus and the answers known for them. Reads ../shared/corpus only; its
README says what may be scored and when two titles or dates are equal."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

#: Beside the repository; not part of it, and never copied into it.
FOLDER = Path(__file__).parent.parent.parent / "shared" / "corpus"


@dataclass(frozen=True, kw_only=True)
class SavedPage:
    """One row of pages.jsonl. `title`, `date` and `author` are the answers; None is not known.
    `snippets` are pieces of the body, `without` texts of the page that are none of it."""

    id: str
    file: Path
    url: str | None
    kind: str
    is_chinese: bool
    title: str | None
    date: str | None
    author: str | None
    snippets: tuple[str, ...]
    without: tuple[str, ...]
    is_scored: bool

    def body(self) -> bytes:
        """The bytes as they were saved."""
        return saved_bytes(self.file)


def saved_bytes(file: Path) -> bytes:
    """A page of the corpus as it was served."""
    return gzip.decompress(file.read_bytes())


def read_rows(name: str, folder: Path = FOLDER) -> list[dict[str, Any]]:
    """The rows of one of the corpus's files, as they are."""
    with (folder / name).open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def read_pages(folder: Path = FOLDER) -> list[SavedPage]:
    """Every page of any kind, in the corpus's order."""
    return [_saved(row, folder) for row in read_rows("pages.jsonl", folder)]


def read_chinese_articles(folder: Path = FOLDER) -> list[SavedPage]:
    """Every Chinese article page, scored or not, in the corpus's order."""
    return [page for page in read_pages(folder) if page.is_chinese and page.kind == "article"]


def _saved(row: Mapping[str, Any], folder: Path) -> SavedPage:
    return SavedPage(
        id=row["id"],
        file=folder / row["html"],
        url=row.get("url"),
        kind=row["kind"],
        is_chinese=row["lang"] == "zh",
        title=row.get("title"),
        date=row.get("date"),
        author=row.get("author"),
        snippets=tuple(row.get("snippets") or ()),
        without=tuple(row.get("without") or ()),
        is_scored=row["scored"],
    )


def letters(text: str | None) -> str:
    """What two equal titles share."""
    folded = unicodedata.normalize("NFKC", text or "").casefold()
    return "".join(char for char in folded if char.isalnum())


def judge_title(page: SavedPage, title: str | None) -> str | None:
    """exact, wrong, missing; None where it is not to be scored."""
    if not page.is_scored or not page.title:
        return None
    if not title:
        return "missing"
    return "exact" if letters(title) == letters(page.title) else "wrong"


def judge_date(page: SavedPage, date: str | None) -> str | None:
    """The same of a date in ISO form: equal is the same day; less than a day is missing."""
    if not page.is_scored or not page.date:
        return None
    day = (date or "")[:10]
    if len(day) < len("2026-11-23"):
        return "missing"
    return "exact" if day == page.date else "wrong"


def judge_authors(page: SavedPage, authors: Sequence[str]) -> str | None:
    """exact is the same names, in part some of them."""
    right = {key for name in _BETWEEN_NAMES.split(page.author or "") if (key := letters(name))}
    if not page.is_scored or not right:
        return None
    read = {
        key for author in authors for name in _BETWEEN_NAMES.split(author) if (key := letters(name))
    }
    if not read:
        return "missing"
    return "exact" if read == right else "in part" if read & right else "wrong"


# Chinese names are set apart by spaces as often as by marks: 甲乙 丙丁 are two.
_BETWEEN_NAMES = re.compile(
    r"[,;，；、&/|]|\s(?:and|und|et|y)\s|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])"
)


def has_text(body: str | None, piece: str) -> bool:
    """Whether a body says it, whatever the white space and the marks between its letters."""
    key = letters(piece)
    return bool(key) and key in letters(body)


def tally(verdicts: Iterable[str | None]) -> str:
    """`76 of 79 exact, 2 wrong, 1 missing`."""
    counts = Counter(verdict for verdict in verdicts if verdict)
    return (
        f"{counts['exact']} of {counts.total()} exact, "
        f"{counts['wrong']} wrong, {counts['missing']} missing"
    )

"""What a reader got right: counts by field, wrong and missing apart, as ../shared/corpus/README.md
says when two titles or dates are equal. Pure but for the corpus; writes nothing.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from benchmarks.corpus import (
    FOLDER,
    has_text,
    judge_authors,
    judge_date,
    judge_title,
    letters,
    read_rows,
    saved_bytes,
)
from benchmarks.readers import VISITED
from crawler.normalise.date import parse_date
from crawler.normalise.notice import classify
from crawler.reading.list_page import read_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archive.model import ReprintNotice
    from benchmarks.corpus import SavedPage
    from benchmarks.readers import Reader, Reading

#: Pages and what one reader made of each.
Readings = list[tuple["SavedPage", "Reading"]]


@dataclass(frozen=True, kw_only=True)
class Miss:
    """One thing that is not right: on which page, why as far as it shows, and where it was read."""

    id: str
    cause: str
    where: str = ""
    read: str | None = None
    right: str | None = None


@dataclass(frozen=True, kw_only=True)
class Figure:
    """One line of the table. `good` is counted against a floor, `bad` against a ceiling; the rest
    of `total` is missing."""

    name: str
    total: int
    good: int
    bad: int
    words: tuple[str, str] = ("exact", "wrong")
    misses: tuple[Miss, ...] = field(default=(), compare=False)

    @property
    def share(self) -> float:
        return self.good / self.total if self.total else 0.0


def score_pages(readings: Readings, reader: Reader) -> list[Figure]:
    """Title, date, authors and body, as far as the reader reads them; Chinese pages apart."""
    figures: list[Figure] = []
    for group, is_chinese in (("zh", True), ("other", False)):
        if reader.only_chinese and not is_chinese:
            continue
        of_group = [(page, read) for page, read in readings if page.is_chinese is is_chinese]
        figures += [
            figure
            for name in reader.fields
            for figure in _SCORES[name](f"{group} {name}", of_group)
        ]
    return figures


def _titles(name: str, readings: Readings) -> Iterator[Figure]:
    verdicts = [judge_title(page, reading.title) for page, reading in readings]
    misses = [
        Miss(
            id=page.id,
            cause=_title_cause(reading.title, page.title),
            where=reading.found.get("title", ""),
            read=reading.title,
            right=page.title,
        )
        for (page, reading), verdict in zip(readings, verdicts, strict=True)
        if verdict in ("wrong", "missing")
    ]
    yield _counted(name, verdicts, misses)


def _dates(name: str, readings: Readings) -> Iterator[Figure]:
    verdicts = [judge_date(page, reading.date) for page, reading in readings]
    misses = [
        Miss(
            id=page.id,
            cause=_date_cause(reading.date, page.date or ""),
            where=reading.found.get("published", ""),
            read=reading.date,
            right=page.date,
        )
        for (page, reading), verdict in zip(readings, verdicts, strict=True)
        if verdict in ("wrong", "missing")
    ]
    yield _counted(name, verdicts, misses)


def _authors(name: str, readings: Readings) -> Iterator[Figure]:
    verdicts = [judge_authors(page, reading.authors) for page, reading in readings]
    yield _counted(name, verdicts)


def _counted(name: str, verdicts: Iterable[str | None], misses: Iterable[Miss] = ()) -> Figure:
    counts = Counter(verdict for verdict in verdicts if verdict)
    return Figure(
        name=name,
        total=counts.total(),
        good=counts["exact"],
        bad=counts["wrong"],
        misses=tuple(misses),
    )


def _bodies(name: str, readings: Readings) -> Iterator[Figure]:
    """Snippets of the body that were found, and texts beside it that leaked in."""
    scored = [(page, reading) for page, reading in readings if page.is_scored]
    wanted = [
        (page, has_text(read.text, piece)) for page, read in scored for piece in page.snippets
    ]
    unwanted = [
        (page, has_text(read.text, piece)) for page, read in scored for piece in page.without
    ]
    empty = {page.id for page, reading in scored if not reading.text}
    yield Figure(
        name=f"{name} snippets",
        total=len(wanted),
        good=sum(found for _, found in wanted),
        bad=0,
        words=("found", ""),
        misses=tuple(
            Miss(id=page.id, cause="no body" if page.id in empty else "not in the body")
            for page, found in wanted
            if not found
        ),
    )
    if unwanted:
        yield Figure(
            name=f"{name} leaks",
            total=len(unwanted),
            good=0,
            bad=sum(leaked for _, leaked in unwanted),
            words=("", "leaked"),
            misses=tuple(
                Miss(id=page.id, cause="text from beside the body")
                for page, leaked in unwanted
                if leaked
            ),
        )


_SCORES = {"title": _titles, "date": _dates, "authors": _authors, "body": _bodies}


def _title_cause(read: str | None, right: str | None) -> str:
    key, wanted = letters(read), letters(right)
    if not key:
        return "no title"
    if key.startswith(wanted):
        return "more behind it (a suffix, a subtitle)"
    if key.endswith(wanted):
        return "more before it (a column, a kicker)"
    if wanted.startswith(key):
        return "cut short"
    return "a part of it" if key in wanted else "another text"


def _date_cause(read: str | None, right: str) -> str:
    if not read:
        return "no date"
    if len(read) < len("2026-11-23"):
        return "less than a day"
    day = read[:10]
    gap = abs((datetime.fromisoformat(day) - datetime.fromisoformat(right)).days)
    return "one day off" if gap == 1 else "another day"


# --- notices ----------------------------------------------------------------------------------

#: An error in one of these gives away a text.
GIVING = ("open-license", "free", "free-attribution")


def score_wordings() -> list[Figure]:
    """The class of a wording; and for each class that gives, how many were read as it wrongly."""
    rows = [
        (row, row["class"].replace("not-a-notice", "none"))
        for row in read_rows("notice_wordings.jsonl")
    ]
    told = [
        (row["id"], right, str(classify(row["text"], language=row["lang"]).class_))
        for row, right in rows
    ]
    figures = [
        Figure(
            name="notice wordings, class",
            total=len(told),
            good=sum(read == right for _, right, read in told),
            bad=sum(read != right for _, right, read in told),
            misses=tuple(
                Miss(id=id_, cause=f"{read} for {right}")
                for id_, right, read in told
                if read != right
            ),
        )
    ]
    for giving in GIVING:
        given = [right for _, right, read in told if read == giving]
        figures.append(
            Figure(
                name=f"notice wordings, {giving}",
                total=sum(right == giving for _, right, _ in told),
                good=given.count(giving),
                bad=len(given) - given.count(giving),
                words=("right", "given away"),
            )
        )
    return figures


def score_page_notices(readings: Readings) -> list[Figure]:
    """Notices that the labels know, found with their class; lines that the labels call none,
    taken for a notice; and, over all pages, notices that no label knows. The last is a bound from
    above: many pages have a notice in their footer that nobody labelled."""
    labels: dict[str, list[dict[str, Any]]] = {}
    for row in read_rows("page_notices.jsonl"):
        labels.setdefault(row["page"], []).append(row)
    told = [(page.id, labels.get(page.id, []), _speaking(reading)) for page, reading in readings]
    verdicts: list[str] = []
    misses: list[Miss] = []
    for id_, rows, notices in told:
        for row in rows:
            if row["class"] != "none":
                verdict, read = _found_as(row, notices)
                verdicts.append(verdict)
                if verdict != "exact":
                    misses.append(Miss(id=id_, cause=f"{read} for {row['class']}"))
    others = [
        (id_, notice, any(_overlaps(notice.text, row["text"]) for row in rows))
        for id_, rows, notices in told
        for notice in notices
        if notice.class_ != "reserved" and not _is_known(notice, rows)
    ]
    trapped = [(id_, notice) for id_, notice, is_trap in others if is_trap]
    unknown = [(id_, notice) for id_, notice, is_trap in others if not is_trap]
    labelled = sum(bool(rows) for _, rows, _ in told)
    return [
        _counted("notices on pages, class", verdicts, misses),
        _alarms("labelled pages where no notice is taken for one", labelled, trapped),
        _alarms("pages with a notice that no label knows", len(told), unknown),
    ]


def _alarms(name: str, total: int, found: Sequence[tuple[str, ReprintNotice]]) -> Figure:
    return Figure(
        name=name,
        total=total,
        good=0,
        bad=len({id_ for id_, _ in found}),
        words=("", "pages"),
        misses=tuple(
            Miss(id=id_, cause=str(notice.class_), where=notice.where) for id_, notice in found
        ),
    )


def _speaking(reading: Reading) -> list[ReprintNotice]:
    """The notices that are words on the page; labels do not name addresses of licences."""
    return [
        notice
        for notice in reading.notices
        if notice.class_ != "none" and not notice.text.startswith(("http://", "https://"))
    ]


def _found_as(row: Mapping[str, Any], notices: Sequence[ReprintNotice]) -> tuple[str, str]:
    same = [str(notice.class_) for notice in notices if _overlaps(notice.text, row["text"])]
    if row["class"] in same:
        return "exact", row["class"]
    return ("wrong", same[0]) if same else ("missing", "nothing")


def _is_known(notice: ReprintNotice, rows: Sequence[Mapping[str, Any]]) -> bool:
    return any(row["class"] != "none" and _overlaps(notice.text, row["text"]) for row in rows)


_PIECE = 12


def _overlaps(one: str, other: str) -> bool:
    """Whether two texts are about the same line of a page: one is in the other, or a dozen
    letters are in both."""
    short, long = sorted((letters(one), letters(other)), key=len)
    if len(short) <= _PIECE:
        return bool(short) and short in long
    return any(short[at : at + _PIECE] in long for at in range(len(short) - _PIECE + 1))


# --- lists and date forms ---------------------------------------------------------------------

# The README's two: their links are all that a reader should find. The others are portals, whose
# links include rankings that the product should not follow.
_TRUE_LISTS = frozenset({"gne-a47bc76e717b", "gerapy-c8b6d1e1466f"})


def score_lists() -> list[Figure]:
    """Recall on all list pages, precision on the two that are no portals."""
    found: list[Figure] = []
    for name, ids_are_lists in (
        ("list links of two lists", True),
        ("list links of five portals", False),
    ):
        hits = total = strays = 0
        for row in read_rows("list_pages.jsonl"):
            if (row["id"] in _TRUE_LISTS) is not ids_are_lists:
                continue
            page = read_list(saved_bytes(FOLDER / row["html"]), url=row["url"], visited=VISITED)
            right = {urljoin(row["url"], link["url"]) for link in row["links"]}
            read = {link.url for link in page.links}
            hits += len(right & read)
            total += len(right)
            strays += len(read - right)
        words = ("found", "strays") if ids_are_lists else ("found", "")
        found.append(
            Figure(
                name=name, total=total, good=hits, bad=strays if ids_are_lists else 0, words=words
            )
        )
    return found


def score_date_forms() -> list[Figure]:
    """Value and precision of a printed form; a finer precision is right where a time is printed."""
    rows = read_rows("date_forms.jsonl")
    misses: list[Miss] = []
    invented = 0
    for row in rows:
        visited = datetime.fromisoformat(row["visited"]) if "visited" in row else None
        date = parse_date(row["text"], visited=visited)
        value = date.value.removeprefix("--") if date.value else None
        is_finer = row["precision"] == "day" and date.precision in ("minute", "second")
        is_right = (value or "")[: len(row["value"] or "")] == (row["value"] or "") and (
            value is None
        ) == (row["value"] is None)
        if is_right and (is_finer or date.precision == row["precision"]):
            continue
        has_day = bool(value) and len(value or "") >= len("02-27") and date.precision in _DAYS
        invented += has_day and not is_right
        misses.append(Miss(id=row["id"], cause=f"{date.precision} for {row['precision']}"))
    return [
        Figure(
            name="date forms",
            total=len(rows),
            good=len(rows) - len(misses),
            bad=invented,
            words=("exact", "invented days"),
            misses=tuple(misses),
        )
    ]


_DAYS = ("day", "minute", "second")

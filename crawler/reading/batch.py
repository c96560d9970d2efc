"""The measuring stand: `kanliu read --batch`. JSON lines in, JSON lines out, in the same order.

The forms are fixed in DESIGN.md, "Names that are fixed"; benchmarks hang on them. Offline, no
store. A line that cannot be read gives an error line; it never ends the run.
"""

from __future__ import annotations

import gzip
import json
import time
import traceback
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from crawler.normalise.date import parse_date
from crawler.normalise.notice import classify
from crawler.reading.page import read_page

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from archive.model import Entry, ReprintNotice

    _Read = Callable[[Mapping[str, object], Path], dict[str, object]]

Mode = Literal["pages", "lists", "notices", "dates"]


@dataclass(frozen=True, kw_only=True, slots=True)
class BatchSummary:
    """How many lines were read, and how many of them gave an error."""

    lines: int
    errors: int


class InputError(ValueError):
    """An input line lacks what its mode needs; the message goes into the output line."""


def run_batch(
    source: TextIO, folder: Path, out: TextIO, *, mode: Mode, now: datetime | None = None
) -> BatchSummary:
    """Read each line of `source` in its mode and write one line to `out`. Relative paths are
    taken from `folder`, the folder of the input file. `now` stands for `visited` where a line
    does not give it."""
    read = _READERS[mode]
    visit = (
        {"visited": (now or datetime.now(UTC)).isoformat()} if mode in ("pages", "lists") else {}
    )
    lines = errors = 0
    for line in source:
        if not line.strip():
            continue
        answer = _answer(line, folder, visit, read)
        lines += 1
        errors += "error" in answer
        out.write(json.dumps(answer, ensure_ascii=False) + "\n")
        out.flush()
    return BatchSummary(lines=lines, errors=errors)


def _answer(line: str, folder: Path, visit: Mapping[str, str], read: _Read) -> dict[str, object]:
    """The output for one input line. The one place in reading that catches everything: a stand
    that dies on page 400 measures nothing, and the line names the bug."""
    identity: object = None
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise InputError("an input line is a JSON object")  # noqa: TRY301 -- goes to the output
        identity = row.get("id")
        return {"id": identity, **read({**visit, **row}, folder)}
    except (InputError, OSError, json.JSONDecodeError, EOFError, zlib.error) as error:
        return {"id": identity, "error": f"{type(error).__name__}: {error}"}
    except Exception as error:  # noqa: BLE001
        frame = traceback.extract_tb(error.__traceback__)[-1]
        where = f"{Path(frame.filename).name}:{frame.lineno}"
        return {"id": identity, "error": f"{type(error).__name__}: {error} ({where})"}


def _read_page(row: Mapping[str, object], folder: Path) -> dict[str, object]:
    # Imported here, so that the command line starts without them.
    from crawler.normalise.entry import normalise_entry

    body, url, visited = _page(row, folder)
    started = time.process_time()
    entry = normalise_entry(read_page(body, url=url, visited=visited), source=None, visited=visited)
    spent = (time.process_time() - started) * 1000
    return {**entry_fields(entry), "ms": round(spent, 2)}


def _read_list(row: Mapping[str, object], folder: Path) -> dict[str, object]:
    from crawler.reading.list_page import read_list

    body, url, visited = _page(row, folder)
    page = read_list(body, url=url or "", visited=visited)
    links = [
        {"url": link.url, "title": link.title, "published": link.published} for link in page.links
    ]
    return {"links": links, "next": page.next}


def _read_notice(row: Mapping[str, object], folder: Path) -> dict[str, object]:
    language = row.get("lang")
    notice = classify(_text(row), language=str(language) if language else None)
    fields = notice_fields(notice)
    return {key: fields[key] for key in ("class", "obligations", "license", "origin", "contact")}


def _read_date(row: Mapping[str, object], folder: Path) -> dict[str, object]:
    date = parse_date(_text(row), visited=_visited(row))
    answer: dict[str, object] = {"value": date.value, "precision": str(date.precision)}
    if date.year_missing:
        answer["year_missing"] = True
    if date.issue:
        answer["issue"] = date.issue
    return answer


_READERS: Mapping[Mode, _Read] = {
    "pages": _read_page,
    "lists": _read_list,
    "notices": _read_notice,
    "dates": _read_date,
}


def entry_fields(entry: Entry) -> dict[str, object]:
    """An entry as the stand prints it; `kanliu probe --json` prints the same."""
    published, updated = entry.published, entry.updated
    return {
        "title": entry.title,
        "title_raw": entry.title_raw,
        "published": published.value if published else None,
        "precision": str(published.precision) if published else "none",
        "zone": published.zone if published else None,
        "published_raw": published.raw if published else None,
        "updated": updated.value if updated else None,
        "authors": list(entry.authors),
        "notice": notice_fields(entry.notice) if entry.notice else None,
        "notices": [notice_fields(notice) for notice in entry.notices],
        "text": entry.text,
        "html": entry.html,
        "language": entry.language,
        "doi": entry.doi,
        "issn": entry.issn,
        "cn": entry.cn,
        "journal": entry.journal,
        "volume": entry.volume,
        "number": entry.number,
        "pages": entry.pages,
        "column": entry.column,
        "keywords": list(entry.keywords),
        "found": dict(entry.found),
    }


def notice_fields(notice: ReprintNotice) -> dict[str, object]:
    """A notice as the stand prints it."""
    origin = notice.origin
    return {
        "class": str(notice.class_),
        "text": notice.text,
        "obligations": list(notice.obligations),
        "license": notice.license,
        "origin": {"name": origin.name, "url": origin.url} if origin else None,
        "holder": notice.holder,
        "contact": notice.contact,
    }


def _page(row: Mapping[str, object], folder: Path) -> tuple[bytes, str | None, datetime]:
    name = row.get("html")
    if not isinstance(name, str):
        raise InputError("needs `html`, the path of a page")
    file = folder / name
    body = gzip.decompress(file.read_bytes()) if file.suffix == ".gz" else file.read_bytes()
    url = row.get("url")
    visited = _visited(row)
    if visited is None:
        raise InputError("needs `visited`, an ISO instant")
    return body, str(url) if url else None, visited


def _visited(row: Mapping[str, object]) -> datetime | None:
    given = row.get("visited")
    if not given:
        return None
    try:
        instant = datetime.fromisoformat(str(given))
    except ValueError:
        raise InputError(f"`visited` is no ISO instant: {given}") from None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)


def _text(row: Mapping[str, object]) -> str:
    text = row.get("text")
    if not isinstance(text, str):
        raise InputError("needs `text`")
    return text

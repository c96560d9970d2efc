"""Entries as they are handed over: a line of JSON, a row of a table, a plain text. Pure.

What may be handed out is decided before (`archive.access`); here a closed entry comes without its
text. Each is described in docs/leave-us-or-hand-over.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from archive.coding import encode_entry, write_json
from archive.issue import issue_of
from archive.rights import effective_class

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from archive.exchange import Capture
    from archive.model import ArchivedEntry, PrintedDate
    from archive.rights import Carry
    from sources.model import Source

#: The columns of a table, in this order for good: new ones come at its end.
COLUMNS = (
    *("id", "source", "journal", "issn", "cn", "title", "authors", "published", "precision"),
    *("issue", "volume", "number", "pages", "column", "keywords", "doi", "language", "url"),
    *("notice_class", "notice", "license", "access", "state", "state_since", "revision"),
    *("first_seen", "changed", "captures", "last_captured", "last_capture_sha256"),
)
#: With these a program for tables takes a cell for a formula, and runs it. The full-width ones
#: too, in a Chinese or Japanese Excel.
_FORMULA = tuple("=+-@\t\r＝＋－＠")
_TEXT = "'"


@dataclass(frozen=True, kw_only=True, slots=True)
class Handed:
    """An entry with what is told of it. `has_text` is whether its text goes out too."""

    archived: ArchivedEntry
    source: Source
    captures: Sequence[Capture]
    carry: Carry
    has_text: bool


def write_line(handed: Handed) -> str:
    """One line of JSON, ended."""
    archived, source = handed.archived, handed.source
    class_, _ = effective_class(archived.entry.notice, source.rights)
    document: dict[str, Any] = {
        "id": archived.id,
        "source": archived.source_id,
        "journal": source.title,
        "issn": source.masthead.issn or source.masthead.eissn,
        "issue": _slug(archived),
        "revision": archived.revision,
        "first_seen": _instant(archived.first_seen),
        "changed": _instant(archived.changed),
        "state": archived.state.value,
        "state_since": _instant(archived.state_since),
        "access": _access(handed),
        "notice_class": class_.value,
        "reason": handed.carry.reason,
        "entry": _entry(handed),
        "captures": [
            {
                "id": each.id,
                "url": each.url,
                "status": each.status,
                "seen": _instant(each.seen),
                "digest": each.digest,
            }
            for each in handed.captures
        ],
    }
    return write_json(document) + "\n"


def table_row(handed: Handed) -> list[str]:
    """The cells of COLUMNS. No cell is a formula: one that begins like one has ' before it."""
    archived, source, entry = handed.archived, handed.source, handed.archived.entry
    class_, _ = effective_class(entry.notice, source.rights)
    last = handed.captures[-1] if handed.captures else None
    cells = {
        "id": archived.id,
        "source": archived.source_id,
        "journal": entry.journal or source.title,
        "issn": entry.issn or source.masthead.issn or source.masthead.eissn,
        "cn": entry.cn or source.masthead.cn,
        "title": entry.title,
        "authors": "; ".join(entry.authors),
        "published": _printed(entry.published),
        "precision": entry.published.precision.value if entry.published else None,
        "issue": _slug(archived),
        "volume": entry.volume,
        "number": entry.number,
        "pages": entry.pages,
        "column": entry.column,
        "keywords": "; ".join(entry.keywords),
        "doi": entry.doi,
        "language": entry.language or source.language,
        "url": entry.url,
        "notice_class": class_.value,
        "notice": entry.notice.text if entry.notice else None,
        "license": (entry.notice.license_url or entry.notice.license) if entry.notice else None,
        "access": _access(handed),
        "state": archived.state.value,
        "state_since": _instant(archived.state_since),
        "revision": str(archived.revision),
        "first_seen": _instant(archived.first_seen),
        "changed": _instant(archived.changed),
        "captures": str(len(handed.captures)),
        "last_captured": _instant(last.seen) if last else None,
        "last_capture_sha256": last.digest.removeprefix("sha256:") if last else None,
    }
    return [_cell(cells[name]) for name in COLUMNS]


def write_text(handed: Handed) -> str:
    """Title, by-line, address and notice around the text, for a person without any program."""
    entry = handed.archived.entry
    about = (handed.source.title, _slug(handed.archived), _printed(entry.published), entry.url)
    parts = (
        entry.title,
        "、".join(entry.authors),
        "\n".join(part for part in about if part),
        entry.text,
        entry.notice.text if entry.notice else None,
        handed.archived.id,
    )
    return "\n\n".join(part for part in parts if part) + "\n"


def text_name(archived: ArchivedEntry) -> str:
    """The file of an entry's text: `tea/abc123.txt`, from its id."""
    return f"{archived.id.rpartition(':')[2]}.txt"


def _entry(handed: Handed) -> dict[str, Any]:
    """All that was read; closed, without the text, and no more of a summary than a feed has."""
    document = dict(encode_entry(handed.archived.entry))
    if not handed.has_text:
        left = ("text", "html") if handed.carry.feed == "summary" else ("text", "html", "summary")
        for name in left:
            document.pop(name, None)
    return document


def _access(handed: Handed) -> str:
    return "open" if handed.carry.is_open else "closed"


def _slug(archived: ArchivedEntry) -> str | None:
    issue = issue_of(archived.entry)
    return issue.slug if issue else None


def _printed(date: PrintedDate | None) -> str | None:
    return (date.value or date.issue or date.raw) if date else None


def _instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _cell(text: str | None) -> str:
    """One line, as a text: signs that end a cell or a line elsewhere are blanks."""
    line = " ".join((text or "").replace("\0", "").split())
    return f"{_TEXT}{line}" if line.startswith(_FORMULA) else line

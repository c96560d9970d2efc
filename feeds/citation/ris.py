"""RIS, as Zotero, EndNote, Mendeley and NoteExpress import it: the specification of 2011."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feeds.citation.work import Name, Work


def write_ris(work: Work) -> str:
    """One record. Lines end in CR LF, as the specification has them."""
    lines = (f"{tag}  - {' '.join(value.split())}" for tag, value in _fields(work) if value)
    return "".join(f"{line}\r\n" for line in (*lines, "ER  - "))


def _fields(work: Work) -> Iterator[tuple[str, str | None]]:
    is_journal = work.kind == "journal"
    yield "TY", "JOUR" if is_journal else "ELEC"
    yield from (("AU", _name(name)) for name in work.authors)
    yield "TI", work.title
    yield "T2", work.journal
    yield "PB", work.publisher
    yield "PY", str(work.issued[0]) if work.issued else None
    yield "DA", _date(work.issued)
    yield "VL", work.volume
    yield "IS", work.number
    yield "SP", work.first_page
    yield "EP", work.last_page
    yield "SN", work.issn
    yield "DO", work.doi
    yield "UR", work.url
    yield from (("KW", word) for word in work.keywords)
    yield "LA", work.language
    yield "Y2", _date((work.accessed.year, work.accessed.month, work.accessed.day))
    yield "ID", work.key


def _name(name: Name) -> str:
    if name.family is None or name.given is None:
        return name.whole
    return f"{name.family}, {name.given}"


def _date(parts: tuple[int, ...]) -> str | None:
    """YYYY/MM/DD/ with what is unknown left empty."""
    if not parts:
        return None
    known = [f"{part:02d}" for part in parts]
    return "/".join([*known, *[""] * (3 - len(known))]) + "/"

"""BibTeX, in UTF-8 as biber and today's BibTeX read it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from feeds.citation.work import Name, Work

#: Braces by name: BibTeX counts them whether or not a backslash stands before, so that one alone
#: would swallow the entries behind it.
_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "&": r"\&",
    "%": r"\%",
    "$": r"\$",
    "#": r"\#",
    "_": r"\_",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}
_AND = re.compile(r"\band\b", re.IGNORECASE)
_TO_ESCAPE = re.compile("|".join(map(re.escape, _SPECIAL)))


def write_bibtex(work: Work) -> str:
    """One entry: `article` in a numbered issue, `online` (biblatex) for a page of the web."""
    kind = "article" if work.kind == "journal" else "online"
    fields = "".join(f"  {name} = {{{value}}},\n" for name, value in _fields(work) if value)
    return f"@{kind}{{{work.key},\n{fields}}}\n"


def _fields(work: Work) -> Iterator[tuple[str, str | None]]:
    yield "author", " and ".join(map(_name, work.authors))
    # Doubled: a style must not put the capitals of a title its own way.
    yield "title", f"{{{_escape(work.title)}}}"
    yield "journal" if work.kind == "journal" else "organization", _escape(work.journal)
    yield "publisher", _escape(work.publisher or "")
    if work.kind == "journal":
        yield "year", str(work.issued[0]) if work.issued else None
        yield "month", str(work.issued[1]) if len(work.issued) > 1 else None
    else:
        yield "date", "-".join(f"{part:02d}" for part in work.issued)
    yield "volume", _escape(work.volume or "")
    yield "number", _escape(work.number or "")
    yield "pages", _pages(work)
    yield "issn", work.issn
    # Verbatim in biblatex and in every style that links: escapes would end up in the address.
    yield "doi", _verbatim(work.doi) if work.doi else None
    yield "url", _verbatim(work.url)
    yield "urldate", work.accessed.isoformat()
    yield "keywords", _escape(", ".join(work.keywords))
    yield "langid", "english" if work.language.casefold().startswith("en") else None


def _name(name: Name) -> str:
    if name.family is None or name.given is None or _AND.search(name.whole):
        # Braces keep a body's name in one piece, and an "and" in it from parting two authors.
        is_plain = not set(name.whole) & set(" ,")
        return _escape(name.whole) if is_plain else f"{{{_escape(name.whole)}}}"
    return f"{_escape(name.family)}, {_escape(name.given)}"


def _pages(work: Work) -> str | None:
    if work.first_page and work.last_page:
        return f"{work.first_page}--{work.last_page}"
    return _escape(work.pages) if work.pages else None


def _verbatim(address: str) -> str:
    return address.replace("{", "%7B").replace("}", "%7D")


def _escape(text: str) -> str:
    return _TO_ESCAPE.sub(lambda match: _SPECIAL[match[0]], " ".join(text.split()))

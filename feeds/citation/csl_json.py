"""CSL-JSON 1.0.2, for citation processors (citeproc, pandoc, Zotero)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from feeds.citation.work import Name, Work


def write_csl_json(work: Work) -> str:
    """One item in the list that the format wants."""
    day = work.accessed
    item = {
        "id": work.key,
        "type": "article-journal" if work.kind == "journal" else "webpage",
        "title": work.title,
        "author": [_name(name) for name in work.authors],
        "container-title": work.journal,
        "publisher": work.publisher,
        "issued": _date(work.issued),
        "volume": work.volume,
        "issue": work.number,
        "page": work.pages,
        "ISSN": work.issn,
        "DOI": work.doi,
        "URL": work.url,
        "keyword": ", ".join(work.keywords),
        "language": work.language,
        "accessed": _date((day.year, day.month, day.day)),
    }
    known = {name: value for name, value in item.items() if value}
    return json.dumps([known], ensure_ascii=False, indent=2) + "\n"


def _name(name: Name) -> dict[str, str]:
    if name.family is None or name.given is None:
        return {"literal": name.whole}
    return {"family": name.family, "given": name.given}


def _date(parts: tuple[int, ...]) -> dict[str, Any] | None:
    return {"date-parts": [list(parts)]} if parts else None

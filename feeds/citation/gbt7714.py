"""GB/T 7714—2015, the national standard of China for references, in its order of citation.

Serial contributions after section 4.4 (析出文献), web pages after 4.6. Half-width marks, as the
standard prints its own examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from feeds.citation.work import Name, Work

#: Section 8.1.2: more than three authors are cut after the third.
_AUTHORS = 3


def write_gbt7714(work: Work) -> str:
    """One reference, without a number before it."""
    is_journal = work.kind == "journal"
    parts = [
        _authors(work),
        f"{work.title}[{'J' if is_journal else 'EB'}/OL]",
        _place(work) if is_journal else _published(work),
        work.url,
        f"DOI:{work.doi}" if work.doi else "",
    ]
    return ".".join(part.rstrip(".") for part in parts if part) + "."


def _authors(work: Work) -> str:
    names = [_name(name) for name in work.authors[:_AUTHORS]]
    if len(work.authors) > _AUTHORS:
        names.append("等" if _is_chinese(work) else "et al")
    return ",".join(names)


def _name(name: Name) -> str:
    """Section 8.1.1: family name first and in capitals, given names as initials."""
    if name.family is None or name.given is None:
        return name.whole
    initials = " ".join(part[0].upper() for part in name.given.replace(".", " ").split())
    return f"{name.family.upper()} {initials}".strip()


def _place(work: Work) -> str:
    """刊名,年,卷(期):页码[引用日期]"""
    year = str(work.issued[0]) if work.issued else ""
    number = f"({work.number})" if work.number else ""
    # Without a volume the issue follows the year: 2013(1).
    numbered = ",".join(part for part in (year, work.volume or "") if part) + number
    place = ",".join(part for part in (work.journal, numbered) if part)
    pages = f":{work.pages}" if work.pages else ""
    return f"{place}{pages}[{work.accessed.isoformat()}]"


def _published(work: Work) -> str:
    """A page of the web: (发布日期)[引用日期], after the name of the place."""
    day = "-".join(f"{part:02d}" for part in work.issued)
    published = f"({day})" if day else ""
    return f"{work.journal}{published}[{work.accessed.isoformat()}]"


def _is_chinese(work: Work) -> bool:
    return work.language.casefold().split("-")[0] == "zh"

"""Raw entry → entry: values with the raw beside them, and where each was found. Pure: the instant
of the visit is an argument. The choices between candidates are choice.py's.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from archive.model import Entry
from crawler.normalise import choice
from crawler.normalise.choice import Chosen, Page
from crawler.normalise.url import join_url
from foundation.text import clean, one_line
from sources.masthead import find_cn, find_issn

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from archive.model import Found, ListedLink, PrintedDate, RawEntry
    from sources.model import Source


def normalise_entry(
    raw: RawEntry,
    *,
    source: Source | None,
    visited: datetime,
    listed: ListedLink | None = None,
) -> Entry:
    """The entry that a page is; `listed` is the row of the list page that led to it."""
    page = Page.of(raw, source, visited, listed)
    title = choice.choose_title(page)
    published = choice.choose_published(page)
    updated = choice.choose_updated(page)
    authors = choice.choose_authors(page)
    keywords = choice.choose_keywords(page, title)
    notices = choice.list_notices(page, title)
    notice = choice.choose_notice(page, notices, title)
    summary = choice.choose_summary(page, title, notices)
    column = Chosen(value=title.value.column, where=title.where) if title else None
    fields = {name: _read(getattr(raw, name), read, page) for name, read in _FIELDS.items()}
    fields |= {name: fields[name] or printed for name, printed in _issue_of(published).items()}
    if column and column.value:
        fields["column"] = fields["column"] or Chosen(value=column.value, where=column.where)
    chosen: dict[str, Chosen[object] | None] = {
        "title": title,
        "published": published,
        "updated": updated,
        "authors": authors,
        "keywords": keywords,
        "notice": notice,
        "summary": summary,
        **fields,
    }
    found = {name: value.where for name, value in chosen.items() if value}
    if raw.text and raw.body_where:
        found["text"] = raw.body_where
    return Entry(
        url=page.url,
        canonical_url=choice.choose_canonical(page),
        title=title.value.text if title else None,
        title_raw=title.value.raw if title else None,
        published=published.value if published else None,
        updated=updated.value if updated else None,
        authors=authors.value if authors else (),
        notice=notice.value if notice else None,
        notices=notices,
        summary=summary.value if summary else None,
        text=clean(raw.text) if raw.text else None,
        html=clean(raw.html) if raw.html else None,
        language=_value(fields["language"]),
        doi=_value(fields["doi"]),
        issn=_value(fields["issn"]),
        cn=_value(fields["cn"]),
        journal=_value(fields["journal"]),
        volume=_value(fields["volume"]),
        number=_value(fields["number"]),
        pages=_value(fields["pages"]),
        column=_value(fields["column"]),
        keywords=keywords.value if keywords else (),
        image=_value(fields["image"]),
        enclosures=raw.enclosures,
        is_retracted=title is not None and title.value.is_retracted,
        found=found,
    )


def _value(chosen: Chosen[str] | None) -> str | None:
    return chosen.value if chosen else None


# --- small fields -----------------------------------------------------------------------------

_DOI: Final = re.compile(r"10\.\d{4,9}/[^\s\"<>]+")
_LANGUAGE: Final = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z0-9]{2,8})*")
_NUMBER: Final = re.compile(r"\W*(?:第|vol(?:ume)?\.?|no\.?|issue)?\s*(.*?)\s*[卷期号]?\W*", re.I)
_DASHES: Final = re.compile(r"\s*[-–—~～]+\s*")
# As dates write it: `2021,36(4)`, `2021(增刊1)`, `36(4)`.
_ISSUE: Final = re.compile(
    r"(?:(?P<year>\d{4})(?:,|(?=\()|$))?(?P<volume>\d+)?(?:\((?P<number>.+)\))?"
)


def _read(
    found: Found | None, read: Callable[[str, Page], str | None], page: Page
) -> Chosen[str] | None:
    value = read(one_line(found.text), page) if found else None
    return Chosen(value=value, where=found.where) if found and value else None


def _plain(text: str, _page: Page) -> str | None:
    return text or None


def _doi(text: str, _page: Page) -> str | None:
    match = _DOI.search(text)
    return match[0].rstrip(".,;)，。；") if match else None


def _number(text: str, _page: Page) -> str | None:
    """`第04期` → `4`, `Vol. 36` → `36`, `Z1` and `1-2` as they are."""
    match = _NUMBER.fullmatch(text)
    bare = match[1] if match else text
    return (bare.lstrip("0") or bare) if bare.isdecimal() else bare or None


def _pages(text: str, _page: Page) -> str | None:
    """`pp. 12 – 15` → `12-15`."""
    return (
        _DASHES.sub("-", re.sub(r"^(?:pp?\.?|第)\s*|\s*页$", "", text, flags=re.IGNORECASE)) or None
    )


def _language(text: str, _page: Page) -> str | None:
    match = _LANGUAGE.match(text)
    return match[0].replace("_", "-") if match else None


def _image(text: str, page: Page) -> str | None:
    return join_url(page.url, text)


_FIELDS: Final[dict[str, Callable[[str, Page], str | None]]] = {
    "language": _language,
    "doi": _doi,
    "issn": lambda text, _: find_issn(text),
    "cn": lambda text, _: find_cn(text),
    "journal": _plain,
    "volume": _number,
    "number": _number,
    "pages": _pages,
    "column": _plain,
    "image": _image,
}


def _issue_of(published: Chosen[PrintedDate] | None) -> dict[str, Chosen[str] | None]:
    """Volume and number as far as the printed date named them."""
    issue = published.value.issue if published else None
    match = _ISSUE.fullmatch(issue) if issue else None
    if published is None or match is None:
        return {}
    return {
        name: Chosen(value=match[name], where=published.where) if match[name] else None
        for name in ("volume", "number")
    }

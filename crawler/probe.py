"""`kanliu probe URL|FILE`: one page, fetched as politely as a poll would or read from disk, and
what is read from it, with the place of each thing. Keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.normalise.entry import normalise_entry
from crawler.platforms import find_platform, reader_for
from crawler.reading.page import read_page
from crawler.service import Crawl
from foundation.errors import SiteError
from sources.model import Limits

if TYPE_CHECKING:
    from archive.model import Entry, ListedLink, PrintedDate, RawEntry, ReprintNotice
    from foundation.settings import Settings
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """One field of a page as a person reads it."""

    name: str
    value: str
    where: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Probe:
    """What one page says. `links` is filled for a list page, `fields` for an article page."""

    url: str
    kind: str
    platform: str
    fields: tuple[Seen, ...] = ()
    links: tuple[ListedLink, ...] = ()
    next: str | None = None
    obstacle: str | None = None


async def probe_page(
    page: str, *, settings: Settings, source: Source | None = None, as_list: bool = False
) -> Probe:
    """Fetch or read a page, and read it.

    Raises:
        SiteError: there is no such file.
    """
    file = Path(page)
    visited = datetime.now(UTC)
    if "://" not in page:
        if not file.is_file():
            raise SiteError(f"{page} is neither an http address nor a file")
        return read_probe(file.read_bytes(), page, visited, source=source, as_list=as_list)
    async with Crawl(settings) as crawl:
        try:
            answer = await crawl.fetcher(source.limits if source else Limits())(page)
        except SiteError as error:
            return Probe(url=page, kind="none", platform="", obstacle=str(error))
    return read_probe(
        answer.body, answer.url, visited, source=source, as_list=as_list, charset=answer.charset
    )


def read_probe(
    body: bytes,
    url: str,
    visited: datetime,
    *,
    source: Source | None,
    as_list: bool,
    charset: str | None = None,
) -> Probe:
    """What the bytes of a page say."""
    platform = find_platform(body, None, url)
    if as_list:
        page = reader_for(source)(
            body, url=url, visited=visited, source=source, http_charset=charset
        )
        found = Seen(name="list", value=f"{len(page.links)} articles", where=page.where)
        return Probe(
            url=url, kind="list", platform=platform, fields=(found,), links=page.links,
            next=page.next,
        )  # fmt: skip
    raw = read_page(body, url=url, visited=visited, source=source, http_charset=charset)
    entry = normalise_entry(raw, source=source, visited=visited)
    return Probe(url=url, kind="article", platform=platform, fields=fields_of(raw, entry))


def fields_of(raw: RawEntry, entry: Entry) -> tuple[Seen, ...]:
    """The fields that a page gave, in the order in which a person asks."""
    texts = {
        "title": entry.title,
        "published": words_of_date(entry.published),
        "updated": words_of_date(entry.updated),
        "authors": "、".join(entry.authors),
        "notice": words_of_notice(entry.notice),
        "journal": entry.journal,
        "volume": entry.volume,
        "number": entry.number,
        "pages": entry.pages,
        "column": entry.column,
        "doi": entry.doi,
        "issn": entry.issn,
        "language": entry.language,
        "summary": entry.summary,
        "text": f"{len(entry.text)} characters" if entry.text else None,
    }
    seen = [
        Seen(name=name, value=value, where=entry.found.get(name, ""))
        for name, value in texts.items()
        if value
    ]
    masthead = [
        Seen(name=label, value=value, where="masthead") for label, value in raw.masthead.items()
    ]
    charset = (
        [Seen(name="charset", value=raw.charset.text, where=raw.charset.where)]
        if (raw.charset)
        else []
    )
    return (*seen, *masthead, *charset)


def words_of_date(date: PrintedDate | None) -> str | None:
    """Value, precision, and what was printed where that differs."""
    if date is None:
        return None
    value = date.value or date.issue or "not a date"
    printed = "" if date.raw == value else f', printed "{date.raw}"'
    reason = f", {date.reason}" if date.reason else ""
    return f"{value} ({date.precision.value}{printed}{reason})"


def words_of_notice(notice: ReprintNotice | None) -> str | None:
    """Class, obligations and the words themselves."""
    if notice is None:
        return None
    duties = f" [{', '.join(notice.obligations)}]" if notice.obligations else ""
    return f"{notice.class_.value}{duties}: {notice.text}"

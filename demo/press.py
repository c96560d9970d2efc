"""What the sample journals share: a page, an expected entry, the calendar, the templates.

Pure but for the reading of templates. The clock is the instant at which the demo started.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from demo.articles import PAGES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from demo.articles import Article

HTML_UTF8 = "text/html; charset=utf-8"
# Stands in the pages for scheme, host and port; the site puts in the address it was asked under.
BASE = "http://base.invalid"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """One address of the site: the bytes as served, and what HTTP says of them."""

    body: bytes
    content_type: str = HTML_UTF8
    charset: str = "utf-8"


@dataclass(frozen=True, kw_only=True, slots=True)
class Expected:
    """What a right reader finds of one article. `published` is the ISO day that the page prints,
    in the journal's own zone; `path` is the article's address below the site's own."""

    source_id: str
    path: str
    title: str
    published: str
    zone: str
    notice: str
    authors: tuple[str, ...] = ()
    doi: str | None = None
    volume: str | None = None
    number: str | None = None
    pages: str | None = None
    is_retracted: bool = False


class Journal(Protocol):
    """A sample journal: a module with these names."""

    ID: str
    FOLDER: str

    def pages(self, articles: Sequence[Article], started: datetime) -> Mapping[str, Page]:
        """Every page of the journal by path."""

    def expected(self, articles: Sequence[Article], started: datetime) -> tuple[Expected, ...]:
        """What a right reader finds, newest first."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """期: one number of a quarterly, and the day that it bears."""

    year: int
    number: int
    day: date

    def volume(self, *, first_year: int) -> int:
        return self.year - first_year + 1

    @property
    def previous(self) -> Issue:
        """The issue before this one."""
        return _issue(self.year, self.number - 1) if self.number > 1 else _issue(self.year - 1, 4)


def local_day(started: datetime, zone: str, *, age: int = 0) -> date:
    """The day that was so many days ago where the journal is edited."""
    return started.astimezone(ZoneInfo(zone)).date() - timedelta(days=age)


def issue_on(day: date, *, back: int = 0) -> Issue:
    """The newest issue that had come out by a day, or the one so many issues before it."""
    issue = _issue(day.year, (day.month - 1) // 3 + 1)
    if issue.day > day:
        issue = issue.previous
    for _ in range(back):
        issue = issue.previous
    return issue


def render(name: str, **values: object) -> str:
    """A template of `demo/pages` with its values; a name it does not know is an error."""
    return _environment().get_template(name).render(values, base=BASE)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(PAGES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def _issue(year: int, number: int) -> Issue:
    # Quarterlies come out in the middle month of the quarter; the 20th is the sample's own habit.
    return Issue(year=year, number=number, day=date(year, number * 3 - 1, 20))

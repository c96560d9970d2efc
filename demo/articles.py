"""The texts of the sample journals: articles and what becomes of them, step by step.

Reads `pages/<journal>/articles.toml` and nothing else. The demo is a script: with each step
one article appears, is corrected, retitled or withdrawn, so how the journals stand is a function
of the number of steps alone.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

PAGES = Path(__file__).parent / "pages"

Kind = Literal["new", "corrected", "retitled", "withdrawn"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a step does to an article that is already there; None leaves a field as it was."""

    step: int
    title: str | None = None
    text: str | None = None
    withdrawn: str | None = None

    @property
    def kind(self) -> Kind:
        if self.withdrawn:
            return "withdrawn"
        return "retitled" if self.title else "corrected"


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One article of a sample journal.

    `age` counts days back from the start of the demo, `issue` counts issues back from the current
    one (None: online first). `withdrawn` is the reason that the journal gives.
    """

    id: str
    title: str
    text: str
    age: int | None = None
    issue: int | None = None
    step: int = 0
    is_pinned: bool = False
    authors: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    summary: str | None = None
    pages: str | None = None
    image: str | None = None
    origin: str | None = None
    title_en: str | None = None
    text_en: str | None = None
    authors_en: tuple[str, ...] = ()
    withdrawn: str | None = None
    changes: tuple[Change, ...] = ()

    @property
    def paragraphs(self) -> tuple[str, ...]:
        return tuple(self.text.strip().splitlines())

    @property
    def first_page(self) -> str | None:
        return self.pages.partition("-")[0] if self.pages else None

    @property
    def last_page(self) -> str | None:
        return self.pages.partition("-")[2] if self.pages else None

    def after(self, step: int) -> Article:
        """The article as it stands after so many steps."""
        article = self
        for change in self.changes:
            if change.step <= step:
                article = replace(
                    article,
                    title=change.title or article.title,
                    text=change.text or article.text,
                    withdrawn=change.withdrawn or article.withdrawn,
                )
        return article


@dataclass(frozen=True, kw_only=True, slots=True)
class Happening:
    """What one step of the demo did, for the person who watches."""

    step: int
    source_id: str
    kind: Kind
    title: str


def read_articles(journal: str) -> tuple[Article, ...]:
    """Every article that a sample journal will ever have, as the file lists them."""
    rows = tomllib.loads((PAGES / journal / "articles.toml").read_text("utf-8"))["article"]
    return tuple(_article(row) for row in rows)


def standing(articles: Iterable[Article], step: int) -> tuple[Article, ...]:
    """The articles that are there after so many steps, as they stand then."""
    return tuple(article.after(step) for article in articles if article.step <= step)


def happenings(source_id: str, articles: Iterable[Article]) -> Iterator[Happening]:
    """Everything that the script does to one journal, in no particular order."""
    for article in articles:
        if article.step:
            yield Happening(step=article.step, source_id=source_id, kind="new", title=article.title)
        for change in article.changes:
            title = article.after(change.step).title
            yield Happening(step=change.step, source_id=source_id, kind=change.kind, title=title)


def _article(row: Mapping[str, Any]) -> Article:
    plain = dict(row)
    changes = tuple(Change(**change) for change in plain.pop("change", ()))
    is_pinned = plain.pop("pinned", False)
    lists = {key: tuple(value) for key, value in plain.items() if isinstance(value, list)}
    return Article(**{**plain, **lists}, is_pinned=is_pinned, changes=changes)

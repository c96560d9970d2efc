"""What reading a possibility's lists and articles gives: the rows for a person to judge by, and the
evidence for rank. Pure; reads as a poll does, so that what is shown is what will come."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.model import Precision
from crawler.discovery.feeds import day_of
from crawler.outcome import Facts
from crawler.pipeline import read_step
from crawler.platforms import reader_for
from crawler.reading.anchors import has_number, url_shape, width
from crawler.reading.document import letters, read_document
from crawler.reading.metadata import read_metadata
from crawler.walk import Visited
from foundation.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Entry, ListedLink
    from crawler.discovery.visits import SeenPage
    from crawler.reading.document import Document
    from crawler.reading.list_page import ListPage
    from sources.model import Source


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """One article of a list as it would be kept, with the row that led to it."""

    link: ListedLink
    entry: Entry
    page: SeenPage

    @property
    def is_titled(self) -> bool:
        """Whether the article's own page shows the title of the list."""
        said = fold(self.link.title or "")
        own = fold(self.entry.title or "")
        if not own or self.entry.found.get("title") == "list":
            return False
        return not said or said in own or own in said

    @property
    def is_dated(self) -> bool:
        """Whether the date goes to the day, wherever it was printed."""
        date = self.entry.published
        return date is not None and date.precision in _DAYS

    @property
    def day(self) -> str | None:
        """The day that the article's own page prints."""
        date = self.entry.published
        is_own = self.entry.found.get("published") != "list"
        return date.value[:10] if date and date.value and self.is_dated and is_own else None


_DAYS = (Precision.SECOND, Precision.MINUTE, Precision.DAY)


def read_list(page: SeenPage, source: Source | None = None) -> ListPage:
    """A list page as a poll of this source reads it."""
    return reader_for(source)(
        page.answer.body,
        url=page.url,
        visited=page.seen,
        http_charset=page.answer.charset,
        headers=page.answer.headers,
    )


def read_sample(link: ListedLink, page: SeenPage, source: Source) -> Sample | None:
    """An article as a poll of this source would keep it; None where it would not."""
    step = Visited(link=link, answer=page.answer, visited=page.seen)
    entry = read_step(source, step, Facts())
    return Sample(link=link, entry=entry, page=page) if entry else None


def is_article(sample: Sample) -> bool:
    """Whether what came reads like an article and not like one more list or a page of a form."""
    entry = sample.entry
    if not sample.page.is_page:
        return sample.link.title is not None
    if _is_declared(sample.page):
        return True
    letters = len(entry.text or "")
    if letters < _LEAST_LETTERS and not entry.enclosures:
        return False
    return letters >= _MANY_LETTERS or not is_list(sample.page, read_list(sample.page))


def is_list(page: SeenPage, listed: ListPage) -> bool:
    """Whether a page is rather a list than an article. An article page lists others too, so what
    counts is that it says what it is, or that a long text stands between its links."""
    if _is_feed(page):
        return bool(listed.links)
    if len(listed.links) < _LEAST_LINKS:
        return False
    document = read_document(page.answer.body, url=page.url, http_charset=page.answer.charset)
    if urlsplit(page.url).path in ("", "/"):
        return True
    if _says_article(document):
        return False
    own = url_shape(page.url)
    alike = sum(url_shape(link.url) == own for link in listed.links)
    if has_number(own) and alike * 2 >= len(listed.links):
        return False
    return _count_texts(document, listed) == 0 or _count_texts(document, listed) > _FEW_TEXTS


# A short notice of a sentence or two; menus leave less behind.
_LEAST_LETTERS = 40
# A page with so much prose is an article, whatever it lists besides.
_MANY_LETTERS = 600
# Three links that read like titles may stand on any page.
_LEAST_LINKS = 3
# How wide a text between two links of a list is before it is no summary of one of them, and how
# many such texts a page has before it is a list that shows its articles whole.
_TEXT_WIDTH, _FEW_TEXTS = 600, 2
# A paragraph: wider than a row of a list, and not made of links.
_PROSE_WIDTH, _PROSE_LINKS = 50, 0.3
# A row: so much of it is its title; in a paragraph that mentions another article less is.
_ROW_LINKS, _TITLE_LETTERS = 0.2, 4


def _count_texts(document: Document, listed: ListPage) -> int:
    """How many long texts stand between the listed rows, before the first and after the last."""
    titles = {letters(link.title or "") for link in listed.links}
    titles = {title for title in titles if len(title) >= _TITLE_LETTERS}
    texts = [0]
    for line in document.lines:
        key = document.key_of(line) if line.link_share >= _ROW_LINKS else ""
        if key and any(title in key for title in titles):  # `[column] title 2026-11-20`
            texts.append(0)
        elif line.link_share < _PROSE_LINKS and width(line.text) >= _PROSE_WIDTH:
            texts[-1] += width(line.text)
    return sum(each >= _TEXT_WIDTH for each in texts)


def _says_article(document: Document) -> bool:
    """Whether a page's metadata says that it is one article."""
    metadata = read_metadata(document)
    places = [
        each.where for name in ("title", "social_title", "published") for each in metadata.all(name)
    ]
    return any(map(_ARTICLE_PLACE.match, places))


# Not og:type: a common plug-in of WordPress calls the pages of categories articles, too.
_ARTICLE_PLACE = re.compile(
    r"meta\[name=(?:bepress_)?citation_|meta\[property=article:published"
    r"|json-ld \w*(?:Article|Posting)\."
)


def _is_declared(page: SeenPage) -> bool:
    return _says_article(
        read_document(page.answer.body, url=page.url, http_charset=page.answer.charset)
    )


def _is_feed(page: SeenPage) -> bool:
    return "xml" in page.answer.media_type or "json" in page.answer.media_type


def count_days(samples: Sequence[Sample]) -> tuple[int, int]:
    """How many articles print a day on both list and page, and how many of these agree."""
    both = [(day_of(sample.link.published), sample.day) for sample in samples]
    known = [(listed, own) for listed, own in both if listed and own]
    return len(known), sum(listed == own for listed, own in known)

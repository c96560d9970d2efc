"""What reading a possibility's lists and articles gives: the rows for a person to judge by, and the
evidence for rank. Pure; reads as a poll does, so that what is shown is what will come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Precision
from crawler.discovery.feeds import day_of
from crawler.outcome import Facts
from crawler.pipeline import read_step
from crawler.platforms import reader_for
from crawler.reading.anchors import url_shape
from crawler.reading.document import read_document
from crawler.reading.metadata import read_metadata
from crawler.walk import Visited
from foundation.text import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import Entry, ListedLink
    from crawler.discovery.visits import SeenPage
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
        source=source,
        http_charset=page.answer.charset,
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
    """Whether a page is rather a list than an article: it lists articles, and is none of them.
    An article page lists others too, whose addresses look like its own."""
    if len(listed.links) < _LEAST_LINKS or _is_declared(page):
        return bool(listed.links) and _is_feed(page)
    own = url_shape(page.url)
    alike = sum(url_shape(link.url) == own for link in listed.links)
    return alike * 2 < len(listed.links) or not any(sign.isdigit() for sign in own)


# A short notice of a sentence or two; menus leave less behind.
_LEAST_LETTERS = 40
# A page with so much prose is an article, whatever it lists besides.
_MANY_LETTERS = 600
# Three links that read like titles may stand on any page.
_LEAST_LINKS = 3


def _is_declared(page: SeenPage) -> bool:
    """Whether a page's metadata says that it is one article."""
    document = read_document(page.answer.body, url=page.url, http_charset=page.answer.charset)
    metadata = read_metadata(document)
    return any(each.where.startswith("meta[name=citation_") for each in metadata.all("title"))


def _is_feed(page: SeenPage) -> bool:
    return "xml" in page.answer.media_type or "json" in page.answer.media_type


def count_days(samples: Sequence[Sample]) -> tuple[int, int]:
    """How many articles print a day on both list and page, and how many of these agree."""
    both = [(day_of(sample.link.published), sample.day) for sample in samples]
    known = [(listed, own) for listed, own in both if listed and own]
    return len(known), sum(listed == own for listed, own in known)

"""The visits of one look at a site: each page asked for once, so many in all, and every answer
remembered with the address that was asked and the instant. Judges nothing."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from crawler.normalise.url import canonical
from crawler.pipeline import PAGE_TYPES
from crawler.reading.document import read_document
from crawler.reading.shell import is_shell
from foundation.errors import SiteError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from crawler.fetch import Answer, Fetch

#: So many pages are asked for in one look, robots.txt apart: a person waits for it, and a site is
#: not to be crawled before anybody follows it. Front page, seven lists and feeds, the sitemap and
#: the page about the journal leave room for five articles of each of the two or three best lists.
REQUESTS_MOST = 25


@dataclass(frozen=True, kw_only=True, slots=True)
class SeenPage:
    """A page that came: the address asked for, the instant, and the answer."""

    asked: str
    seen: datetime
    answer: Answer

    @property
    def url(self) -> str:
        """Where it was in the end, after redirects."""
        return self.answer.url

    @property
    def address(self) -> str:
        """The one to ask for next time: a site that has moved to https need not say so again."""
        return self.url if canonical(self.url) == canonical(self.asked) else self.asked

    @property
    def is_page(self) -> bool:
        """Whether it is read as a page; anything else is a file."""
        return self.answer.media_type in PAGE_TYPES


def is_empty_shell(page: SeenPage) -> bool:
    """Whether a page that was not drawn needs its scripts to show anything."""
    if not page.is_page or page.answer.rendering is not None:
        return False
    return is_shell(read_document(page.answer.body, url=page.url, http_charset=page.answer.charset))


class Visits:
    """`await visits.see(url)`: the page, or None where it could not be had or too many were asked
    for; `failures` says which and why."""

    def __init__(
        self, fetch: Fetch, clock: Callable[[], datetime], *, most: int = REQUESTS_MOST
    ) -> None:
        self._fetch = fetch
        self._clock = clock
        self._most = most
        self._pages: dict[str, SeenPage] = {}
        self.failures: dict[str, SiteError] = {}
        self.asked: list[str] = []

    @property
    def left(self) -> int:
        """How many pages may still be asked for."""
        return self._most - len(self.asked)

    def known(self, url: str) -> SeenPage | None:
        """The page, if it has been seen already."""
        return self._pages.get(canonical(url))

    def remember(self, url: str, page: SeenPage) -> None:
        """Let a page that was seen answer for another address, as after a redirect: a list that is
        asked for only from a day on, for the whole of it."""
        self._pages[canonical(url)] = replace(page, asked=url)

    async def see(self, url: str) -> SeenPage | None:
        key = canonical(url)
        if key in self._pages or key in self.failures or self.left <= 0:
            return self._pages.get(key)
        self.asked.append(url)
        try:
            answer = await self._fetch(url)
        except SiteError as error:
            self.failures[key] = error
            return None
        page = SeenPage(asked=url, seen=self._clock(), answer=answer)
        self._pages[key] = page
        # A redirect leads to a page that is then known under both addresses.
        self._pages.setdefault(canonical(answer.url), page)
        return page

    async def see_all(self, urls: Iterable[str], *, keep: int = 0) -> list[SeenPage]:
        """Those of the pages that came, as long as `keep` visits are left for others."""
        pages = []
        for url in urls:
            if self.known(url) is None and self.left <= keep:
                break
            if (page := await self.see(url)) is not None:
                pages.append(page)
        return pages

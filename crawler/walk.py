"""What a poll does on the wire: list pages back to known ground, then the articles that are new,
changed or due to be looked at again. Decides what to ask for; reads links, keeps nothing.

The walk is one coroutine, read from top to bottom. It gives each page to whoever iterates over
it, and leaves Facts and ListStates behind.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from archive.model import ListedLink, ListState
from crawler.again import is_due_again, misses_of
from crawler.listed import digest, digest_links, listed_as, reads_otherwise, state_of
from crawler.normalise.url import canonical
from crawler.outcome import Facts, Failure, judge_lists
from crawler.platforms import reader_for
from crawler.platforms.oai import list_address, whole_address
from crawler.reading.parts import PARTS_MOST, find_next_part
from foundation.errors import GoneError, MissingError, SiteError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
    from datetime import datetime

    from archive.model import KnownLink, SourceMemory
    from crawler.fetch import Answer, Fetch
    from crawler.reading.list_page import ListPage
    from sources.model import Source

#: A walk that has not met known ground after this many pages gives up and says "possible gap".
#: Forty pages of thirty articles is more than a daily journal prints in a year.
PAGES_MOST = 40
#: Pages that show no article of their own, and cost a walk nothing of that: an archive of issues,
#: and the current issue under its other address.
SPARE_PAGES = 2
#: An article that failed is asked for again by itself, whether or not the list changes. After so
#: many tries in a row (two months, see pipeline.miss_of) only where a list still shows it.
TRIES_MOST = 15
#: A site that does not answer so many times in a row is left for the next visit: 200 articles at
#: 25 s each would hold one of the service's places for more than an hour.
UNANSWERED_MOST = 3
#: Nor is one visit to take longer than this, whatever Crawl-delay a site asks for.
VISIT_MOST = timedelta(minutes=30)
#: So many known articles are asked for again before a new layout of the pages is believed.
PROOFS_MOST = 3
#: A list page above this is read in a thread: a page of 80,000 links takes seconds, in which
#: nobody else would be served.
BIG_PAGE_BYTES = 200_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A list page that differs from what the last walk saw; to be captured."""

    answer: Answer


@dataclass(frozen=True, kw_only=True, slots=True)
class Visited:
    """An article page that came, with the further pages of an article that is cut into several.
    `known` is set where the archive has it already."""

    link: ListedLink
    answer: Answer
    visited: datetime
    known: KnownLink | None = None
    more: tuple[Answer, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Unmodified:
    """A known article that was asked again and is as it was."""

    known: KnownLink
    visited: datetime


@dataclass(frozen=True, kw_only=True, slots=True)
class Vanished:
    """A known article whose page is not there any more (404 or 410)."""

    known: KnownLink
    visited: datetime
    status: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Unanswered:
    """A known article that was asked again and could not be had: its turn is over all the same."""

    known: KnownLink
    visited: datetime


Step = Listed | Visited | Unmodified | Vanished | Unanswered


class Walk:
    """One visit to one source. Iterate over `steps()` once; then read `facts` and `lists`."""

    def __init__(
        self,
        source: Source,
        memory: SourceMemory,
        *,
        fetch: Fetch,
        clock: Callable[[], datetime],
        recall: Callable[[], Awaitable[SourceMemory]] | None = None,
    ) -> None:
        """`recall` gives the whole memory where `memory` holds the lists alone (calm.py): it is
        asked for once a list shows something else."""
        self._source = source
        self._memory = memory
        self._recall = recall
        self._fetch = fetch
        self._clock = clock
        self._fresh: dict[str, ListedLink] = {}
        self._altered: dict[str, ListedLink] = {}
        self._sorted: set[str] = set()
        self._waiting = deque(self._list_addresses())
        self._parts: set[str] = set()
        self._began = clock()
        self._unanswered = 0
        self.facts = Facts(
            links_before=len(memory.known),
            links_min=source.expect.links_min,
            links_max=source.expect.links_max,
        )
        self.lists: dict[str, ListState] = {}
        #: Whether the walk came to its own end; one that was cut short decides nothing.
        self.is_done = False
        self.has_changed_lists = False

    @property
    def is_whole(self) -> bool:
        """Whether every link that the lists showed has been followed: only then are the
        validators of the lists worth keeping, and what was seen is known ground."""
        facts = self.facts
        return self.is_done and not (facts.is_cut or facts.list_failures or facts.page_failures)

    def changed_states(self) -> tuple[ListState, ...]:
        """The list states that are not as the memory has them."""
        before = self._memory.lists
        return tuple(state for url, state in self.lists.items() if state != before.get(url))

    async def steps(self) -> AsyncGenerator[Step, None]:
        """Every page worth keeping, in the order in which it should be kept: lists first, since
        an article's title and day may stand there alone. Lists that do not fit end the walk."""
        while self._waiting:
            url = self._waiting.popleft()
            self.facts.lists += 1
            try:
                async for listed in self._walk_list(url):
                    yield listed
            except SiteError as error:
                self.facts.list_failures.append(Failure(url=url, error=error))
        if judge_lists(self.facts) is None:
            async for step in self._articles():
                yield step
        self.is_done = True

    async def _articles(self) -> AsyncGenerator[Step, None]:
        for link in (*self._taken(), *self._failed_before()):
            if self._is_enough():
                return
            step = await self._visit(link)
            if step is not None:
                yield step
        for known in self._proofs():
            self.facts.proofs.asked += 1
            yield await self._visit_again(known, is_proof=True)
        for known in self._due_again():
            if self._is_enough():
                return
            yield await self._visit_again(known)

    def _proofs(self) -> list[KnownLink]:
        """Known articles to compare with, where new ones came on pages of another layout: the
        newest, whose pages change with the site's."""
        if not self.facts.suspects:
            return []
        there = {known.url: known for known in self._memory.known.values() if not known.missing}
        newest = sorted(there.values(), key=lambda known: known.first_seen, reverse=True)
        return newest[:PROOFS_MOST]

    def _is_enough(self) -> bool:
        """Whether the rest must wait for the next visit."""
        is_enough = self._unanswered >= UNANSWERED_MOST or self._clock() - self._began > VISIT_MOST
        self.facts.is_cut |= is_enough
        return is_enough

    def _list_addresses(self) -> tuple[str, ...]:
        feed = self._source.feed
        return (*self._source.lists, feed) if feed else self._source.lists

    async def _walk_list(self, url: str) -> AsyncGenerator[Listed, None]:
        """One list and its further pages, until a whole page holds only known ground."""
        before = self._memory.lists.get(url)
        address = self._address(url, since=self._memory.walked if before else None)
        answer = await self._fetch(
            address,
            etag=before.etag if before else None,
            last_modified=before.last_modified if before else None,
        )
        if before is not None and (
            answer.is_unmodified or digest(answer.body) == before.body_digest
        ):
            self.lists[url] = before
            self.facts.lists_unmodified += 1
            return
        page = await self._read_list(answer)
        if page.parts and url not in self._parts:
            self._wait_for(page.parts)
            return
        if page.is_increment and not page.links and page.next is None:
            if before is not None:
                self._count(page, answer, is_since=True)
                self.lists[url] = before
                return
            if (whole := whole_address(url, self._source)) != address:
                # Silent for longer than a first walk looks back.
                address, answer = whole, await self._fetch(whole)
                page = await self._read_list(answer)
        state = state_of(url, answer, page)
        if page.is_increment:  # the next one is asked for at another address
            state = ListState(url=url, links_digest=state.links_digest)
        elif not page.links and page.next is not None:
            # An archive of issues: its newest issue is the list, and may grow while the archive
            # stays as it is, so the archive's validators say nothing.
            address = self._address(page.next, since=self._memory.walked if before else None)
            answer = await self._fetch(address)
            issues = page.older
            page = await self._read_list(answer)
            page = replace(page, older=(*issues, *page.older))
            state = ListState(url=url, links_digest=digest_links(page))
        is_as_before = before is not None and state.links_digest == before.links_digest
        # What is new among changes stands on their last page.
        is_as_before &= not (page.is_increment and page.next)
        if not (is_as_before and page.links):
            await self._remember()
        self.lists[url] = state
        self._count(page, answer, is_since=page.is_increment and before is not None)
        if is_as_before:
            return
        yield self._changed(answer)
        async for listed in self._walk_back(url, page, address):
            yield listed

    def _wait_for(self, parts: Sequence[str]) -> None:
        """Walk the parts of a list in its place: an index of sitemaps. Its own validators are not
        kept, since not every index says which of its maps have changed; a part's parts are not
        followed, so this ends."""
        self.facts.lists -= 1
        fresh = [part for part in parts if part not in {*self._list_addresses(), *self._parts}]
        self._waiting.extend(fresh)
        self._parts.update(fresh)

    def _address(self, url: str, *, since: datetime | None) -> str:
        return list_address(url, self._source, since=since, now=self._began)

    def _count(self, page: ListPage, answer: Answer, *, is_since: bool) -> None:
        facts = self.facts
        facts.rows_skipped += page.skipped
        facts.rows_deleted += page.deleted
        facts.links += len(page.links)
        facts.lists_since += is_since
        if not page.links and not is_since:
            facts.lists_empty += 1
            facts.anchors += answer.body.lower().count(b"<a ")

    def _changed(self, answer: Answer) -> Listed:
        self.has_changed_lists = True
        return Listed(answer=answer)

    async def _remember(self) -> None:
        if self._recall is not None:
            self._memory, self._recall = await self._recall(), None
            self.facts.links_before = len(self._memory.known)

    async def _walk_back(
        self, first: str, page: ListPage, address: str
    ) -> AsyncGenerator[Listed, None]:
        """From the first page to older ones. A page that fails there costs no article of those
        before it, but what lies behind it is not known ground. `address` is where the first page
        came from: a list that has changed under a walk is begun again there, once."""
        is_long = page.is_increment or self._memory.walked
        left = PAGES_MOST if is_long else self._source.limits.pages
        spare = SPARE_PAGES
        seen = {canonical(first), canonical(address)}
        older: list[str] = []
        again: str | None = address
        while True:
            has_own = self._sort(page, is_feed=first == self._source.feed)
            left, spare = (left - 1, spare) if has_own or not spare else (left, spare - 1)
            older += page.older
            following = _first_unseen((page.next, *older), seen)
            if following is None or (page.links and self._is_known_ground(page)):
                return
            if left <= 0:
                self.facts.has_gap = bool(is_long)
                return
            seen.add(canonical(following))
            try:
                answer = await self._fetch(following)
                page = await self._read_list(answer, may_expire=again is not None)
            except SiteError as error:
                self.facts.page_failures.append(Failure(url=following, error=error))
                return
            if page.is_expired:
                page, seen, again = replace(page, next=again), set(), None
                continue
            yield self._changed(answer)
            self.facts.rows_skipped += page.skipped
            self.facts.rows_deleted += page.deleted

    async def _read_list(self, answer: Answer, *, may_expire: bool = False) -> ListPage:
        def read() -> ListPage:
            return reader_for(self._source)(
                answer.body,
                url=answer.url,
                visited=self._clock(),
                http_charset=answer.charset,
                headers=answer.headers,
            )

        is_big = len(answer.body) > BIG_PAGE_BYTES
        page = await asyncio.to_thread(read) if is_big else read()
        self.facts.links_left += page.left
        if page.fault is not None and not (page.is_expired and may_expire):
            raise SiteError(page.fault)
        return page

    def _sort(self, page: ListPage, *, is_feed: bool) -> bool:
        """Put a page's links where they belong, and tell whether it has any of its own. The first
        row for an address counts: a column may shorten a title. A native feed words titles and
        dates in its own way, so beside a list its words are no sign of a change."""
        before = len(self._sorted)
        fresh: dict[str, ListedLink] = {}
        for link in page.links:
            key = canonical(link.url)
            if key in self._sorted:
                continue
            self._sorted.add(key)
            known = self._memory.known.get(key)
            if known is None:
                fresh[key] = link
            elif not is_feed and reads_otherwise(link, known):
                self._altered[key] = link
        # Newest first: of pages of changes, the later ones are the newer.
        both = (fresh, self._fresh) if page.is_increment else (self._fresh, fresh)
        self._fresh = {**both[0], **both[1]}
        return len(self._sorted) > before

    def _is_known_ground(self, page: ListPage) -> bool:
        """Whether all of a page was known when a walk was whole last. What an interrupted walk
        has kept since is not: there may be unseen articles behind it. A link that fails at each
        visit is known, and would hide the ground for ever."""
        walked = self._memory.walked
        if page.is_increment:  # records are in the order of their changes
            return False
        misses = misses_of(self._memory)
        for key in (canonical(link.url) for link in page.links):
            known = self._memory.known.get(key)
            if known is None and key not in misses:
                return False
            if known is not None and (walked is None or known.first_seen > walked):
                return False
        return walked is not None

    def _taken(self) -> list[ListedLink]:
        """What this poll asks for: as many of the newest as the limits allow, oldest first, so
        that articles without a date are first seen in the journal's own order."""
        now = self._clock()
        misses = misses_of(self._memory)
        wanted = [
            link
            for key, link in self._fresh.items()
            if (miss := misses.get(key)) is None or miss.retry_at <= now
        ]
        most = self._source.limits.entries
        self.facts.is_cut = len(wanted) > most
        return [*reversed(wanted[:most]), *self._altered.values()]

    def _failed_before(self) -> list[ListedLink]:
        """Articles that could not be had when the list showed them, and whose time has come: an
        unchanged list is not read, and they may have moved to a page that is not walked."""
        now = self._clock()
        return [
            ListedLink(url=miss.url)
            for key, miss in misses_of(self._memory).items()
            if key not in self._fresh and miss.retry_at <= now and miss.tries < TRIES_MOST
        ][: self._source.limits.rechecks]

    async def _visit(self, link: ListedLink) -> Step | None:
        """A new article, or a known one for which the list shows other words."""
        known = self._memory.known.get(canonical(link.url))
        if known is not None:
            return await self._visit_again(known, link)
        try:
            answer = await self._ask(link.url)
            more = await self._more_of(answer)
        except SiteError as error:
            self.facts.article_failures.append(Failure(url=link.url, error=error))
            return None
        return Visited(link=link, answer=answer, visited=self._clock(), more=more)

    async def _more_of(self, first: Answer) -> tuple[Answer, ...]:
        """The further pages of an article, in order. If one cannot be had, the article is not
        whole: it counts as failed, and is asked for again."""
        answers = [first]
        while len(answers) < PARTS_MOST:
            last = answers[-1]
            number = len(answers) + 1
            url = find_next_part(last.body, url=last.url, first=first.url, number=number)
            if url is None:
                break
            answers.append(await self._ask(url))
        return tuple(answers[1:])

    async def _ask(
        self, url: str, *, etag: str | None = None, last_modified: str | None = None
    ) -> Answer:
        """Fetch an article page, and count how often in a row nobody answers."""
        try:
            answer = await self._fetch(url, etag=etag, last_modified=last_modified)
        except SiteError as error:
            self._unanswered = self._unanswered + 1 if isinstance(error, UnreachableError) else 0
            raise
        self._unanswered = 0
        return answer

    def _due_again(self) -> list[KnownLink]:
        """Known articles whose day has come, the longest unasked first, within the budget."""
        now = self._clock()
        asked = {self._memory.known[key].url for key in self._altered}
        # Several addresses may lead to one page: it is asked for once.
        pages = {known.url: known for known in self._memory.known.values()}
        due = [
            known
            for url, known in pages.items()
            if url not in asked and is_due_again(known, self._source, now)
        ]
        due.sort(key=lambda known: known.last_asked)
        return due[: self._source.limits.rechecks]

    async def _visit_again(
        self, known: KnownLink, link: ListedLink | None = None, *, is_proof: bool = False
    ) -> Step:
        """A known article. Its page not being there is news, not a failure. For a proof it is
        asked for without conditions: what is wanted is the page."""
        visited = self._clock()
        etag, modified = (None, None) if is_proof else (known.etag, known.last_modified)
        try:
            answer = await self._ask(known.url, etag=etag, last_modified=modified)
        except (GoneError, MissingError) as error:
            status = 410 if isinstance(error, GoneError) else 404
            return Vanished(known=known, visited=visited, status=status)
        except SiteError as error:
            self.facts.recheck_failures.append(Failure(url=known.url, error=error))
            return Unanswered(known=known, visited=visited)
        is_same = answer.is_unmodified or digest(answer.body) == known.body_digest
        if is_same and not is_proof:
            return Unmodified(known=known, visited=visited)
        try:
            more = await self._more_of(answer)
        except SiteError as error:
            self.facts.recheck_failures.append(Failure(url=known.url, error=error))
            return Unanswered(known=known, visited=visited)
        listed = link or listed_as(known)
        return Visited(link=listed, answer=answer, visited=visited, known=known, more=more)


def _first_unseen(candidates: Sequence[str | None], seen: set[str]) -> str | None:
    return next((url for url in candidates if url and canonical(url) not in seen), None)

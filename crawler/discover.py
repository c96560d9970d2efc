"""From one address to the possibilities of following a journal: looks at the page, its feeds, its
publishing system's lists, the columns of its front page and, at last, OAI-PMH and its sitemap;
reads what is there as a poll would, and ranks it. Keeps nothing. At most REQUESTS_MOST pages are
asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.discovery.feeds import read_channel
from crawler.discovery.harvest import ask_name, find_harvest, read_harvest
from crawler.discovery.journal import Journal, find_journal
from crawler.discovery.lists import (
    ListFound,
    alike,
    evidence_of,
    feed_for,
    in_turn,
    is_feed,
    is_file,
    is_harvest,
    is_of_comments,
    needed_platform,
    rank_of_address,
)
from crawler.discovery.places import (
    Lead,
    find_about,
    find_columns,
    find_home,
    parents,
    robots_sitemaps,
)
from crawler.discovery.preview import (
    Sample,
    is_article,
    is_list,
    read_list,
    read_sample,
)
from crawler.discovery.rank import Evidence, Judgement, Origin, judge
from crawler.discovery.visits import SeenPage, Visits, is_empty_shell
from crawler.normalise.url import canonical, host_key, join_url
from crawler.platforms import PLATFORMS, find_feeds, find_platform
from crawler.platforms.feed import linked_feeds
from crawler.reading.anchors import has_number, url_shape
from crawler.reading.document import read_document
from crawler.reading.metadata import read_metadata
from crawler.reading.sitemap import read_sitemap
from sources.model import Source

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from archive.model import ListedLink
    from crawler.fetch import Fetch
    from crawler.reading.document import Document
    from foundation.errors import SiteError

Tell = Callable[[str], None]

#: How many articles a person sees of each possibility, and reading judges it by.
SAMPLES = 5
#: Of the second and further lists, when there are many: two tell whether they are articles.
FEW_SAMPLES = 2
FEEDS_MOST, COLUMNS_MOST, SYSTEM_LISTS_MOST = 3, 6, 3
#: More than this nobody reads through.
POSSIBILITIES_MOST = 6
#: Visits kept for articles while lists are looked for, and for the page about the journal.
FOR_ARTICLES, FOR_ABOUT = 12, 1
#: Two lists that share so much are one, at two addresses.
SAME_SHARE = 0.8
#: What a possibility must come to: two of three links read as articles with title and day.
LEAST_SCORE = 45.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Possibility:
    """One way to follow the journal: the lists and the feed, what they are worth, and what the
    pages say of the journal itself. `samples` are up to five of its articles as they would be
    kept; `about` are the other pages that the journal's description was read from."""

    lists: tuple[str, ...]
    feed: str | None
    platform: str | None
    journal: Journal
    homepage: str | None
    samples: tuple[Sample, ...]
    evidence: Evidence
    judgement: Judgement
    about: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Discovery:
    """What one look found, best first; `asked` are the addresses in order, with `failures` by
    canonical address; `is_shell` says that the page asked for is drawn by a script; `pages` gives
    what came."""

    url: str
    possibilities: tuple[Possibility, ...]
    asked: tuple[str, ...]
    failures: Mapping[str, SiteError]
    is_shell: bool
    pages: Callable[[str], SeenPage | None]


async def discover(
    url: str, *, fetch: Fetch, clock: Callable[[], datetime], tell: Tell = lambda _: None
) -> Discovery:
    """Look at a site.

    Raises:
        SiteError: the address itself could not be had.
    """
    return await discover_with(url, Visits(fetch, clock), tell=tell)


async def discover_with(url: str, visits: Visits, *, tell: Tell) -> Discovery:
    """`discover` that goes on from visits made already."""
    return await _Look(visits, tell).run(url)


class _Look:
    """One look at one site, step by step."""

    def __init__(self, visits: Visits, tell: Tell) -> None:
        self._visits = visits
        self._tell = tell
        self._documents: dict[str, Document] = {}
        self._repository: Found | None = None

    async def run(self, url: str) -> Discovery:
        start = await self._start(url)
        home = await self._home(start)
        fronts = [start] if home is None or home is start else [start, home]
        feeds = await self._feeds(fronts)
        lists = await self._lists(start, home)
        if not lists and (harvest := await find_harvest(fronts, self._see_list, self._visits)):
            lists = [harvest]
        if not lists:
            lists = await self._through_sitemap(start)
        await self._read_articles(lists, feeds)
        await self._identify(fronts, lists)
        about = await self._about(fronts)
        found = self._possibilities(lists, feeds, start, home, about)
        return Discovery(
            url=url,
            possibilities=tuple(found[:POSSIBILITIES_MOST]),
            asked=tuple(self._visits.asked),
            failures=self._visits.failures,
            is_shell=is_empty_shell(start),
            pages=self._visits.known,
        )

    # --- where to look ------------------------------------------------------------------------

    async def _start(self, url: str) -> SeenPage:
        self._tell(url)
        page = await self._visits.see(url)
        if page is None:
            raise self._visits.failures[canonical(url)]
        return page

    async def _see(self, url: str, *, keep: int) -> SeenPage | None:
        if self._visits.known(url) is None and self._visits.left > keep:
            self._tell(url)
            return await self._visits.see(url)
        return self._visits.known(url)

    async def _see_list(self, url: str) -> SeenPage | None:
        return await self._see(url, keep=FOR_ARTICLES)

    async def _home(self, start: SeenPage) -> SeenPage | None:
        """The front page: the one that the page links to; of a feed its own home; where neither
        is said, the root of the host, if the address itself lists nothing."""
        if is_file(start):
            home = read_channel(start.answer.body, start.url).homepage if is_feed(start) else None
            home = (
                home if home and host_key(home) == host_key(start.url) else join_url(start.url, "/")
            )
        else:
            home = find_home(self._document(start))
            if home is None and not is_list(start, read_list(start)):
                home = join_url(start.url, "/")
        if home is None or canonical(home) == canonical(start.url):
            return start if home else None
        return await self._see(home, keep=FOR_ARTICLES)

    async def _feeds(self, fronts: Sequence[SeenPage]) -> list[ListFound]:
        """The native feeds that came and hold something: those that a page links to; where it
        links to none, those that its publishing system has."""
        linked: dict[str, None] = {}
        known: dict[str, None] = {}
        for page in fronts:
            if is_feed(page):
                linked[page.url] = None
            elif not is_file(page):
                body, url = page.answer.body, page.url
                linked.update(dict.fromkeys(linked_feeds(body, url)))
                known.update(dict.fromkeys(find_feeds(body, page.answer.headers, url)))
        feeds = await self._read_feeds(linked)
        return feeds or await self._read_feeds([url for url in known if url not in linked])

    async def _read_feeds(self, urls: Iterable[str]) -> list[ListFound]:
        feeds: list[ListFound] = []
        for url in [url for url in urls if not is_of_comments(url)][:FEEDS_MOST]:
            page = await self._see(url, keep=FOR_ARTICLES)
            if page is None or not is_feed(page):
                continue
            listed = read_list(page)
            keys = {canonical(link.url) for link in listed.links}
            if keys and all(alike(keys, feed.keys) < SAME_SHARE for feed in feeds):
                channel = read_channel(page.answer.body, page.url)
                feeds.append(
                    ListFound(
                        url=url, origin="feed", shown=page, links=listed.links, channel=channel
                    )
                )
        return feeds

    async def _lists(self, start: SeenPage, home: SeenPage | None) -> list[ListFound]:
        """The pages that list articles: the one given, those of the publishing system, the front
        page, and the columns that these link to."""
        leads: list[tuple[Origin, Lead]] = []
        is_front = start is home or start.url.rstrip("/").count("/") == 2
        # An address with a number is an article's as often as a list's: it has to prove itself.
        is_numbered = has_number(url_shape(start.url))
        origin: Origin = "front" if is_front else "column" if is_numbered else "given"
        leads.append((origin, Lead(url=start.asked, why="given")))
        pages = [start] if home is None or home is start else [start, home]
        pages = [page for page in pages if not is_file(page)]
        for page in pages:
            name = find_platform(page.answer.body, page.answer.headers, page.url)
            listed = PLATFORMS[name].list_addresses(page.url)[:SYSTEM_LISTS_MOST]
            leads += [("platform", Lead(url=url, why=f"list of {name}")) for url in listed]
        if home is not None and home is not start:
            leads.append(("front", Lead(url=home.asked, why="front page")))
        columns = chain.from_iterable(find_columns(self._document(page)) for page in pages)
        known = {canonical(lead.url) for _, lead in leads}
        fresh = {canonical(lead.url): lead for lead in columns if canonical(lead.url) not in known}
        leads += [("column", lead) for lead in [*fresh.values()][: 2 * COLUMNS_MOST]]
        return await self._read_leads(leads)

    async def _read_leads(self, leads: Iterable[tuple[Origin, Lead]]) -> list[ListFound]:
        """Those of the addresses that list articles, each set of articles once."""
        lists: list[ListFound] = []
        for origin, lead in leads:
            if (
                origin == "column"
                and sum(each.origin == "column" for each in lists) >= COLUMNS_MOST
            ):
                break
            if (found := await self._read_lead(origin, lead)) is None:
                continue
            same = [each for each in lists if alike(each.keys, found.keys) >= SAME_SHARE]
            if not same:
                lists.append(found)
            elif rank_of_address(found) > rank_of_address(same[0]):
                lists[lists.index(same[0])] = found
        return lists

    async def _read_lead(self, origin: Origin, lead: Lead) -> ListFound | None:
        page = await self._see(lead.url, keep=FOR_ARTICLES)
        if page is None or not (page.is_page or is_file(page)) or is_feed(page):
            return None
        if is_harvest(page):
            return await read_harvest(page.asked, page, self._see_list, self._visits)
        if is_file(page):
            return await self._read_map(page)
        listed = read_list(page)
        shown = page
        if not listed.links and listed.next is not None:  # an archive of issues, as walks read it
            newest = await self._see(listed.next, keep=FOR_ARTICLES)
            if newest is None:
                return None
            shown, listed = newest, read_list(newest)
        is_known = origin == "platform" and bool(listed.links)
        if not (is_known or is_list(shown, listed)):
            return None
        return ListFound(
            url=page.address,
            origin=origin,
            shown=shown,
            links=listed.links,
            has_next=bool(listed.next or listed.older),
        )

    async def _read_map(self, page: SeenPage) -> ListFound | None:
        """A sitemap as a list, an index of them with the newest that it names."""
        listed = read_list(page)
        links = list(listed.links)
        shown = page
        for url in listed.parts:
            part = await self._see(url, keep=FOR_ARTICLES)
            if part is None or is_feed(part) or not is_file(part):
                return None  # a poll would miss it, too
            shown = part if shown is page else shown
            links += read_list(part).links
        unique = {canonical(link.url): link for link in links}
        if not unique:
            return None
        return ListFound(url=page.address, origin="map", shown=shown, links=tuple(unique.values()))

    async def _through_sitemap(self, start: SeenPage) -> list[ListFound]:
        """Where no page lists articles that way: the folders of the newest addresses, and the
        first sitemap itself."""
        robots = await self._see(join_url(start.url, "/robots.txt") or "", keep=FOR_ARTICLES)
        named = robots_sitemaps(robots.answer.body.decode("utf-8", "replace")) if robots else ()
        default = join_url(start.url, "/sitemap.xml") or ""
        articles: list[str] = []
        maps: list[SeenPage] = []
        waiting = [url for url in (*named, default) if host_key(url) == host_key(start.url)][:3]
        while waiting and not articles:
            page = await self._see(waiting.pop(0), keep=FOR_ARTICLES)
            if page is None:
                continue
            maps.append(page)
            sitemap = read_sitemap(page.answer.body)
            articles += [each.url for each in sitemap.articles]
            further = [each.url for each in sitemap.maps]
            waiting += [url for url in further if host_key(url) == host_key(start.url)][:2]
        folders = list(parents(articles))[:COLUMNS_MOST]
        leads = [("sitemap", Lead(url=url, why="folder of the sitemap")) for url in folders]
        lists = await self._read_leads(leads)  # type: ignore[arg-type]
        whole = await self._read_map(maps[0]) if maps and is_file(maps[0]) else None
        if whole and all(alike(whole.keys, each.keys) < SAME_SHARE for each in lists):
            lists.append(whole)
        return lists

    async def _about(self, fronts: Sequence[SeenPage]) -> SeenPage | None:
        """The page on which the journal speaks of itself."""
        for page in fronts:
            if not is_file(page) and (url := find_about(self._document(page))):
                return await self._see(url, keep=0)
        return None

    async def _identify(self, fronts: Sequence[SeenPage], lists: Sequence[ListFound]) -> None:
        """What OAI-PMH calls the journal, where no article's metadata names it."""
        articles = [page for each in lists for _, page in each.articles if page.is_page]
        if any(read_metadata(self._document(page)).first("journal") for page in articles):
            return
        self._repository = await ask_name(fronts, lists, partial(self._see, keep=0))

    async def _read_articles(self, lists: Sequence[ListFound], feeds: Sequence[ListFound]) -> None:
        """Ask for the first articles of each: five of the first two and of what was asked for, two
        of the others, and then five of those, too, as far as the visits go."""
        for few in (FEW_SAMPLES, SAMPLES):
            for place, each in enumerate((*lists, *feeds)):
                is_first = place < 2 or each.origin in ("platform", "given")
                await self._read_some(each, SAMPLES if is_first else few)

    async def _read_some(self, each: ListFound, wanted: int) -> None:
        for link in each.links[each.tried : wanted]:
            if self._visits.left <= FOR_ABOUT and not self._visits.known(link.url):
                return
            page = await self._see(link.url, keep=FOR_ABOUT)
            each.tried += 1
            if page is not None:
                each.articles.append((link, page))

    # --- what was found -----------------------------------------------------------------------

    def _possibilities(
        self,
        lists: Sequence[ListFound],
        feeds: Sequence[ListFound],
        start: SeenPage,
        home: SeenPage | None,
        about: SeenPage | None,
    ) -> list[Possibility]:
        """Every way to follow what was found, ranked."""
        make = partial(self._possibility, feeds=feeds, home=home, about=about)
        alone = {each.url: make([each], front=None) for each in lists}
        good = [each for each in lists if is_good(alone[each.url])]
        # Where nobody has chosen a column, what the others show of the front page counts.
        front = next((each for each in good if each.origin == "front"), None)
        whole = front if front is not None and front.url == start.address else None
        if whole is not None:
            alone = {each.url: make([each], front=whole) for each in good}
        found = [alone[each.url] for each in good]
        columns = [each for each in good if each.origin == "column"]
        if len(columns) > 1:
            found.append(make(columns, front=whole))
        used = {each.feed for each in found}
        left = [feed for feed in feeds if feed.url not in used]
        found += [
            self._possibility([feed], feeds=(), home=home, about=about, front=None) for feed in left
        ]
        return sorted(filter(is_good, found), key=lambda each: -each.judgement.score)

    def _possibility(
        self,
        group: Sequence[ListFound],
        *,
        feeds: Sequence[ListFound],
        home: SeenPage | None,
        about: SeenPage | None,
        front: ListFound | None,
    ) -> Possibility:
        """These lists as one source, with the feed that tells the same."""
        # A sitemap is for where there is nothing better, and a feed is.
        feed = None if group[0].origin == "map" else feed_for(group, feeds)
        articles = in_turn([each.articles for each in group])
        described = [page for page in (home, about) if page is not None and not is_file(page)]
        journal, samples = self._read(group, feed, articles, described)
        good = tuple(sample for sample in samples if is_article(sample))
        evidence = evidence_of(group, feed, articles, good, front)
        today = (
            max(page.seen for _, page in articles).date()
            if articles
            else group[0].shown.seen.date()
        )
        platform = next((name for each in group if (name := needed_platform(each, home))), None)
        is_trusted = evidence.feed is not None and evidence.feed.is_trusted
        return Possibility(
            lists=tuple(each.url for each in group),
            feed=feed.url if feed is not None and is_trusted else None,
            platform=platform,
            journal=journal,
            homepage=home.address if home is not None and not is_file(home) else None,
            samples=good,
            evidence=evidence,
            judgement=judge(evidence, today=today),
            about=tuple(dict.fromkeys(page.address for page in described)),
        )

    def _read(
        self,
        group: Sequence[ListFound],
        feed: ListFound | None,
        articles: Sequence[tuple[ListedLink, SeenPage]],
        described: Sequence[SeenPage],
    ) -> tuple[Journal, list[Sample]]:
        """The journal, and then the articles as those of this journal: its name, language and
        zone decide how they are read."""
        shown = [each.shown for each in (*group, *([feed] if feed else []))]
        plain = Source(id="new", title=host_key(shown[0].url), lists=(shown[0].url,))
        first = [read_sample(link, page, plain) for link, page in articles]
        fronts = [*(page for page in shown if not is_file(page)), *described]
        feeds = [each for each in (*group, *([feed] if feed else [])) if each.channel]
        # One of them may be several of these.
        documents = list({id(each): each for each in map(self._document, fronts or shown)}.values())
        journal = find_journal(
            front=documents,
            articles=[self._document(page) for _, page in articles if page.is_page],
            entries=[sample.entry for sample in first if sample],
            listed=[
                link.published for each in (*group, *feeds) for link in each.links if link.published
            ],
            names=[
                *([self._repository] if self._repository else []),
                *(
                    Found(text=each.channel.title, where=f"the feed {each.url}")
                    for each in feeds
                    if each.channel and each.channel.title
                ),
            ],
        )
        known = replace(
            plain,
            title=journal.title.text,
            language=journal.language.text,
            zone=journal.zone.text,
        )
        read = [read_sample(link, page, known) for link, page in articles]
        return journal, [sample for sample in read if sample]

    def _document(self, page: SeenPage) -> Document:
        key = canonical(page.url)
        if key not in self._documents:
            self._documents[key] = read_document(
                page.answer.body, url=page.url, http_charset=page.answer.charset
            )
        return self._documents[key]


def is_good(possibility: Possibility) -> bool:
    """Whether somebody could follow it: most of what was read are articles."""
    evidence = possibility.evidence
    is_read = evidence.read * 2 > evidence.tried
    return is_read and possibility.judgement.score >= LEAST_SCORE

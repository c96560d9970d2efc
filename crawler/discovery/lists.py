"""The lists that a look at a site found: which are one list at two addresses, which feed goes with
which, and what reading their articles showed. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.discovery.feeds import compare, day_of
from crawler.discovery.places import names_one_issue
from crawler.discovery.preview import count_days
from crawler.discovery.rank import Evidence, Origin
from crawler.normalise.url import canonical
from crawler.platforms import FILES, PLATFORMS, find_platform

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archive.model import ListedLink
    from crawler.discovery.feeds import Channel
    from crawler.discovery.preview import Sample
    from crawler.discovery.visits import SeenPage

#: Publishing systems whose lists are the contents of an issue.
BY_ISSUE = frozenset({"ojs", "magtech", "etiller", "rhhz", "cbpt", "citation"})


@dataclass(kw_only=True)
class ListFound:
    """An address that lists articles. `shown` is the page with the links: another one where an
    archive of issues leads to its newest. `channel` is what a feed says of itself, `articles` are
    the first of them that were asked for and came, `tried` how many were asked for."""

    url: str
    origin: Origin
    shown: SeenPage
    links: tuple[ListedLink, ...]
    has_next: bool = False
    channel: Channel | None = None
    articles: list[tuple[ListedLink, SeenPage]] = field(default_factory=list)
    tried: int = 0

    @property
    def keys(self) -> set[str]:
        return {canonical(link.url) for link in self.links}


def is_feed(page: SeenPage) -> bool:
    return find_platform(page.answer.body, None, page.url) == "feed"


def is_file(page: SeenPage) -> bool:
    """Whether it lists articles and is no page to look at: a feed, a sitemap, OAI-PMH."""
    return find_platform(page.answer.body, None, page.url) in FILES


def is_harvest(page: SeenPage) -> bool:
    """Whether it is an answer of OAI-PMH."""
    return find_platform(page.answer.body, None, page.url) == "oai"


def is_of_comments(url: str) -> bool:
    """WordPress announces a feed of comments beside that of articles."""
    return "comments" in url


def alike(one: set[str], other: set[str]) -> float:
    """The share of two sets of articles that is in both."""
    return len(one & other) / len(one | other) if one | other else 0.0


def rank_of_address(each: ListFound) -> tuple[bool, bool, int]:
    """Which of two addresses of one list to keep: one that is not of a single issue, that goes
    on to older pages, then by who names it."""
    order: dict[Origin, int] = {"platform": 4, "given": 3, "column": 2, "front": 1}
    return not names_one_issue(each.url), each.has_next, order.get(each.origin, 0)


def in_turn(
    articles: Sequence[Sequence[tuple[ListedLink, SeenPage]]],
) -> list[tuple[ListedLink, SeenPage]]:
    """The first article of each list, then the second of each: each once."""
    longest = max(map(len, articles), default=0)
    turns = (each[turn] for turn in range(longest) for each in articles if turn < len(each))
    return list({canonical(link.url): (link, page) for link, page in turns}.values())


def feed_for(group: Sequence[ListFound], feeds: Sequence[ListFound]) -> ListFound | None:
    """The feed that shares the most articles with these lists."""
    keys = set().union(*(each.keys for each in group))
    return max(feeds, key=lambda feed: len(feed.keys & keys), default=None)


def evidence_of(
    group: Sequence[ListFound],
    feed: ListFound | None,
    articles: Sequence[tuple[ListedLink, SeenPage]],
    good: Sequence[Sample],
    front: ListFound | None,
) -> Evidence:
    links = list({canonical(link.url): link for each in group for link in each.links}.values())
    comparable, agreeing = count_days(good)
    days = {canonical(sample.link.url): sample.day for sample in good if sample.day}
    listed_days = [day for link in links if (day := day_of(link.published))]
    keys = {canonical(link.url) for link in links}
    check = None
    if feed is not None:
        has_texts = feed.channel is not None and feed.channel.has_texts
        check = compare(feed.links, links, days=days, has_texts=has_texts)
    is_front = front is not None and any(each is front for each in group)
    return Evidence(
        origin=group[0].origin if len(group) == 1 else "columns",
        links=len(links),
        tried=len(articles) + sum(each.tried - len(each.articles) for each in group),
        read=len(good),
        titled=sum(sample.is_titled for sample in good),
        dated=sum(sample.is_dated for sample in good),
        comparable=comparable,
        agreeing=agreeing,
        noticed=sum(sample.entry.notice is not None for sample in good),
        newest=max((*days.values(), *listed_days), default=None),
        listed_days=len(listed_days),
        has_next=all(each.has_next for each in group),
        is_one_issue=any(names_one_issue(each.url) for each in group),
        is_by_issue=any(_system_of(each) in BY_ISSUE for each in group),
        covers=len(keys & front.keys) / len(front.keys) if front and not is_front else None,
        feed=check,
    )


def _system_of(each: ListFound) -> str:
    return find_platform(each.shown.answer.body, each.shown.answer.headers, each.shown.url)


def needed_platform(each: ListFound, home: SeenPage | None) -> str | None:
    """The publishing system, where the list page's own text does not show which it is: its
    headers may, or the front page."""
    shown = each.shown
    if find_platform(shown.answer.body, None, shown.url) != "plain":
        return None
    pages = [page for page in (shown, home) if page is not None]
    found = (find_platform(page.answer.body, page.answer.headers, page.url) for page in pages)
    name = next((name for name in found if name not in ("plain", *FILES)), None)
    if name is None:
        return None
    listed = PLATFORMS[name].read_list(shown.answer.body, url=shown.url, visited=shown.seen)
    return name if {canonical(link.url) for link in listed.links} == each.keys else None

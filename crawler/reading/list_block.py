"""Find the block of article links on a list page: the links that stand in the same place, row
after row, and read like titles.

A page has many such groups (menus, rankings, footers). Each gets a score from what its rows look
like; the best one is the list, and others are added when they are plainly more of the same.
Never reads titles or dates: that is list_row's.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from crawler.normalise.url import is_same_site
from crawler.reading.anchors import (
    has_number,
    is_heading,
    row_elements,
    text_of,
    url_shape,
    width,
)
from crawler.reading.link_words import is_label, is_ranking_heading, is_whole_issue
from crawler.reading.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.anchors import Anchor


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """The links of the list in page order. `skipped` counts rows whose link leads nowhere,
    `where` names the place for a person: `div.list > ul > li > a`."""

    anchors: tuple[Anchor, ...]
    skipped: int
    where: str


def find_block(anchors: Sequence[Anchor], *, has_pager: bool) -> Block | None:
    """The list among the links of a page. `has_pager` says that the page has a next one: then it
    is one list and not a front page with many."""
    groups = _make_groups(anchors)
    if not groups:
        return None
    groups.sort(key=lambda group: group.score, reverse=True)
    main = max(groups[:_CLOSE_LOOK], key=lambda group: group.closer_score)
    if main.score < _NO_LIST:
        return None
    chosen = [*main.anchors, *_more_of_the_same(main, groups, has_pager=has_pager)]
    chosen.sort(key=lambda anchor: anchor.order)
    return Block(
        anchors=tuple(chosen),
        skipped=len(main.broken),
        where=describe(main.anchors[0].element),
    )


def describe(element: HtmlElement) -> str:
    """The last steps of the way to an element, as a person would write a selector."""
    steps: list[str] = []
    node: HtmlElement | None = element
    while node is not None and len(steps) < 4:
        name = (node.get("class") or "").split()
        mark = f"#{node.get('id')}" if node.get("id") else f".{name[0]}" if name else ""
        steps.append(f"{node.tag!s}{mark}")
        node = node.getparent()
    return " > ".join(reversed(steps))


# A menu of a dozen long names amounts to less, one short title in the page's main part to more.
_NO_LIST = 0.15

# Reading the surroundings of a group costs more than its score; the list is among the first few.
_CLOSE_LOOK = 6

# Titles are rarely narrower than three Chinese characters, and say all they can at fifteen.
_NARROW, _WIDE = 6, 30

# A list is recognised by this many rows.
_SAMPLE = 10

# How much a place speaks against a group. Nothing is excluded here: a page whose only list
# stands in a sidebar has its list there.
_PLACE_WEIGHT = {Place.MAIN: 1.0, Place.SIDE: 0.3, Place.RANKING: 0.15, Place.FURNITURE: 0.02}

_HEADING_WIDTH, _HEADING_PIECES, _HEADING_LEVELS = 24, 12, 4

# A cheap look for a printed date; list_row reads it properly.
_DATE_LIKE = re.compile(
    r"(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}|(?<!\d)\d{1,2}\s*[-/月]\s*\d{1,2}(?!\d)|\d\s*(?:分钟|小时|天)前|[昨今前]天"
    r"|(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]*\.?\s+\d|\d\s+(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
)


@dataclass(frozen=True, kw_only=True)
class _Group:
    """The links that share one place in the page's structure, first of each address only."""

    anchors: tuple[Anchor, ...]
    broken: tuple[Anchor, ...]
    place: Place

    @cached_property
    def score(self) -> float:
        """What the rows amount to: so many titles, so wide, so like articles in their address."""
        texts = {anchor.text for anchor in self.anchors}
        numbered = sum(has_number(url_shape(anchor.url or "")) for anchor in self.anchors)
        readable = sum(_readability(anchor) for anchor in self.anchors)
        variety = len(texts) / len(self.anchors)
        return (
            readable
            * variety
            * (0.4 + 0.6 * numbered / len(self.anchors))
            * _PLACE_WEIGHT[self.place]
        )

    @cached_property
    def closer_score(self) -> float:
        """The score with what a closer look adds: dates beside the rows, titles in headings."""
        return self.score * (1 + self.dated_share + self.headed_share / 2)

    @cached_property
    def headed_share(self) -> float:
        """How many of the links (of the first ten) stand in headings."""
        sample = self.anchors[:_SAMPLE]
        return sum(is_heading(anchor.element) for anchor in sample) / len(sample)

    @property
    def is_headed(self) -> bool:
        """Whether its links are set as titles, as those of a menu or a foot are not; a ranking's
        are."""
        return self.place is not Place.RANKING and self.headed_share == 1

    @cached_property
    def dated_share(self) -> float:
        """How many of the rows (of the first ten) print a date outside of the title."""
        sample = self.anchors[:_SAMPLE]
        if len(sample) == 1:
            return 0.0
        rows = row_elements(sample)
        dated = sum(
            bool(_DATE_LIKE.search(text_of(rows[anchor]).replace(anchor.text, " ", 1)))
            for anchor in sample
        )
        return dated / len(sample)

    @cached_property
    def shapes(self) -> frozenset[str]:
        """The address shapes of its articles: those that number things and are no exception."""
        shapes = Counter(url_shape(anchor.url or "") for anchor in self.anchors)
        total = len(self.anchors)
        return frozenset(s for s, count in shapes.items() if has_number(s) and count * 10 >= total)

    @cached_property
    def holder(self) -> HtmlElement:
        """The innermost element around all of its links."""
        return _common_ancestor([anchor.element for anchor in self.anchors])


def _make_groups(anchors: Sequence[Anchor]) -> list[_Group]:
    """Groups by place in the structure; of those, rankings by their heading are told apart."""
    by_signature: dict[tuple[int, Place], list[Anchor]] = {}
    for anchor in anchors:
        by_signature.setdefault((anchor.signature, anchor.place), []).append(anchor)
    groups: list[_Group] = []
    for (_, place), members in by_signature.items():
        titles = list(_only_titles(members))
        for is_ranking, listed in _by_heading(titles):
            good = tuple({anchor.url: anchor for anchor in reversed(listed) if anchor.url}.values())
            if good:
                groups.append(
                    _Group(
                        anchors=tuple(reversed(good)),
                        broken=tuple(anchor for anchor in listed if not anchor.url),
                        place=max(place, Place.RANKING) if is_ranking else place,
                    )
                )
    return groups


def _only_titles(members: Sequence[Anchor]) -> Iterator[Anchor]:
    """Without what is no title: labels, whole issues, and a column's name before each title."""
    texts = Counter(anchor.text for anchor in members)
    for anchor in members:
        if is_label(anchor.text) or is_whole_issue(anchor.text):
            continue
        if _COLUMN_MARK.fullmatch(anchor.text) or (texts[anchor.text] >= 3 and anchor.width <= 16):
            continue
        yield anchor


_COLUMN_MARK = re.compile(r"[\[【〔(（][^\]】〕)）]{1,10}[\]】〕)）]")


def _by_heading(members: list[Anchor]) -> Iterator[tuple[bool, list[Anchor]]]:
    """The members under ranking headings, and the others. Most groups have one kind only."""
    apart: dict[bool, list[Anchor]] = {}
    by_list: dict[HtmlElement | None, list[Anchor]] = {}
    rows = row_elements(members)
    for anchor, row in rows.items():
        by_list.setdefault(row.getparent(), []).append(anchor)
    for listed in by_list.values():
        apart.setdefault(_is_under_ranking(rows[listed[0]]), []).extend(listed)
    yield from apart.items()


def _is_under_ranking(first_row: HtmlElement) -> bool:
    """Whether the nearest words before a list are a heading that says it is a ranking."""
    element: HtmlElement | None = first_row
    for _ in range(_HEADING_LEVELS):
        if element is None or element.tag == "body":
            break
        for before in element.itersiblings(preceding=True):
            if words := "".join(islice(before.itertext(), _HEADING_PIECES)).strip():
                is_heading = width(words) <= _HEADING_WIDTH
                return is_heading and is_ranking_heading(words)
        element = element.getparent()
    return False


def _readability(anchor: Anchor) -> float:
    """From 0 to 1: how much the words of a link look like a title."""
    return min(1.0, max(0.0, (width(anchor.text) - _NARROW + 1) / (_WIDE - _NARROW)))


def _more_of_the_same(
    main: _Group, groups: Sequence[_Group], *, has_pager: bool
) -> Iterator[Anchor]:
    """Links elsewhere that lead to articles as plainly as the list's own.

    Beside the rows (a first row in large print) they always belong. On a page with no pager they
    may stand anywhere but in rankings: what is called a list page is often a front page, whose
    articles stand in many lists, and one of these may be called after the foot of the page.
    """
    seen = {anchor.url for anchor in main.anchors}
    rest = [group for group in groups if group is not main]
    is_front = _is_one_of_many(main, rest)
    inside = set(main.holder.iter("a"))
    for group in rest:
        for anchor in group.anchors:
            url = anchor.url or ""
            is_beside = anchor.element in inside and group.place <= main.place
            is_list = group.place <= Place.SIDE or (is_front and group.is_headed)
            is_elsewhere = not has_pager and is_list
            if url in seen or anchor.width < _NARROW or not (is_beside or is_elsewhere):
                continue
            is_other = is_front and _is_numbered_on_site(url, main)
            if url_shape(url) in main.shapes or is_other:
                seen.add(url)
                yield anchor


def _is_one_of_many(main: _Group, rest: Sequence[_Group]) -> bool:
    """Whether the page has as many articles in other lists as in its best one."""
    own = {anchor.url for anchor in main.anchors}
    others = {
        anchor.url
        for group in rest
        if group.place <= Place.SIDE
        for anchor in group.anchors
        if anchor.width >= 2 * _NARROW and url_shape(anchor.url or "") in main.shapes
    }
    return len(others - own) >= len(own)


def _is_numbered_on_site(url: str, main: _Group) -> bool:
    return has_number(url_shape(url)) and is_same_site(url, main.anchors[0].url or "")


def _common_ancestor(elements: Sequence[HtmlElement]) -> HtmlElement:
    paths = [[*element.iterancestors()][::-1] for element in elements]
    common = paths[0][0]
    for level in zip(*paths, strict=False):
        if any(element is not level[0] for element in level):
            break
        common = level[0]
    return common

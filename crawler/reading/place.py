"""Where on a page an element stands, and which elements stand in the like place: from the names
of elements, classes and ids around it. Reads no words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from lxml.html import HtmlElement


class Place(IntEnum):
    """Where on the page a link stands, best first. A page may have its list in any of them."""

    MAIN = 0
    SIDE = 1
    RANKING = 2
    FURNITURE = 3


@dataclass(slots=True)
class Places:
    """The place of each element, from its own name and those around it."""

    known: dict[HtmlElement, Place] = field(default_factory=dict)
    whole: tuple[int, int] | None = None
    titles: int | None = None

    def of(self, element: HtmlElement) -> Place:
        place = Place.MAIN
        for ancestor in _from_root(element, self.known):
            if ancestor not in self.known:
                is_worst = place is Place.FURNITURE
                self.known[ancestor] = place if is_worst else max(place, self._own(ancestor))
            place = self.known[ancestor]
        return place

    def _own(self, element: HtmlElement) -> Place:
        place = _TAGS.get(str(element.tag), Place.MAIN)
        words = f"{element.get('class') or ''} {element.get('id') or ''}"
        if words != " ":
            place = max(place, _place_of_name(words))
        if place is Place.MAIN or element.tag in ("html", "body") or self._is_page(element):
            return Place.MAIN
        if place is Place.FURNITURE and not _is_band(element) and self._holds_the_titles(element):
            return Place.MAIN
        return place

    def _is_page(self, element: HtmlElement) -> bool:
        if self.whole is None:
            root = element.getroottree().getroot()
            self.whole = (_count_links(root), _count_letters(root))
        links, letters = self.whole
        has_links = _count_links(element) > links * _WHOLE_PAGE_SHARE
        return has_links and _count_letters(element) > letters * _WHOLE_PAGE_SHARE

    def _holds_the_titles(self, element: HtmlElement) -> bool:
        """Whether what is called as a small thing is (class="container pages") holds most of the
        page's links with words as long as a title, its menus and its foot left aside."""
        own = _count_titles(element)
        if own < _FEWEST_TITLES:
            return False
        if self.titles is None:
            root = element.getroottree().getroot()
            self.titles = _count_titles(root) - sum(map(_count_titles, _bands(root)))
        return own > self.titles * _WHOLE_PAGE_SHARE


@dataclass(slots=True)
class Paths:
    """One number for each path of names and classes, without what counts or decorates rows."""

    known: dict[HtmlElement, int] = field(default_factory=dict)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    def of(self, element: HtmlElement) -> int:
        path = 0
        for ancestor in _from_root(element, self.known):
            step = (path, _step(str(ancestor.tag), ancestor.get("class") or ""))
            path = self.known.get(ancestor) or self.numbers.setdefault(step, len(self.numbers) + 1)
            self.known[ancestor] = path
        return path


# Parts of class names and ids. `hot` and `top` are not among them: lists of articles are called so.
# A band runs along the page; the other pieces of furniture are small things.
_BAND = r"(?:top|sub|quick|bottom|foot)?nav(?:i|s|bar|igation)?|(?:sub)?menus?|topbar|foot|footer"
_NAMES = {
    Place.FURNITURE: re.compile(
        rf"{_BAND}|(?:bread)?crumbs?|weizhi|dqwz|pager|pages|paging|pagination|paginator|fenye"
        r"|shares?|sharing|social|tags|keywords?|f(?:riend)?links?|yqlj|copyright|log[io]n|search"
        r"|calendar|lang|languages?|toolbar|sitemap|skip|comments?"
    ),
    Place.RANKING: re.compile(
        r"ranks?|rankings?|(?:rank|hot)list|hotrank|hotnews|remen|paihang(?:bang)?|phb|popular|trending"
        r"|most(?:read|viewed)|recommend(?:s|ed)?|tuijian|relate[ds]?|relative|xiangguan|guess"
    ),
    Place.SIDE: re.compile(r"sides?|sidebar|sidenav|aside|widgets?"),
}
_BAND_NAME = re.compile(_BAND)
_TAGS = {"nav": Place.FURNITURE, "footer": Place.FURNITURE, "aside": Place.SIDE}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

# An element that holds more of the page's links and text than this is the page, whatever its name
# (class="page-with-sidebar", id="search-results").
_WHOLE_PAGE_SHARE = 0.6

# The last page of a list may have two rows left. A title has more letters than 上一页, and than
# most names of columns.
_FEWEST_TITLES = 2
_TITLES = etree.XPath("count(descendant::a[string-length(normalize-space()) > 5])")

# Classes that say which row it is, not what kind: they would split a list.
_DECORATION = re.compile(
    r"odd|even|first|last|active|current|cur|on|hover|hidden|show|selected|sticky|new|top|clearfix|cf"
    r"|(?:type|status|format|category|tag|has)-.*|.*-(?:first|last|odd|even)|.*[-_]|\W+",
    re.IGNORECASE,
)


# Counted by libxml2: each candidate for the whole page is nearly all of it.
_LINKS = etree.XPath("count(descendant-or-self::a)")
_LETTERS = etree.XPath("string-length()")


def _count_links(element: etree._Element) -> int:
    return int(_LINKS(element))


def _count_letters(element: etree._Element) -> int:
    return int(_LETTERS(element))


def _count_titles(element: etree._Element) -> int:
    return int(_TITLES(element))


def _bands(root: etree._Element) -> Iterator[etree._Element]:
    """The menus and the foot of a page, the outermost ones."""
    walker = etree.iterwalk(root, events=("start",))
    for _, element in walker:
        if isinstance(element.tag, str) and _is_band(element):
            walker.skip_subtree()
            yield element


def _is_band(element: etree._Element) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in ("nav", "footer") or (names != " " and _is_name_of_band(names))


@lru_cache(maxsize=4096)
def _is_name_of_band(words: str) -> bool:
    parts = (part.lower() for part in _WORD.findall(words))
    return any(_BAND_NAME.fullmatch(part) for part in parts)


@lru_cache(maxsize=4096)
def _place_of_name(words: str) -> Place:
    return max((_place_of_class(name) for name in words.split()), default=Place.MAIN)


def _place_of_class(name: str) -> Place:
    parts = [part.lower() for part in _WORD.findall(name)]
    for place, pattern in _NAMES.items():
        if any(pattern.fullmatch(part) for part in parts):
            # "content-sidebar-wrap", "has-sidebar", "no-sidebar" name what is beside the sidebar.
            is_around = place is Place.SIDE and not _AROUND.isdisjoint(parts)
            return Place.MAIN if is_around else place
    return Place.MAIN


_AROUND = frozenset(("content", "main", "has", "no", "with", "without"))


@lru_cache(maxsize=4096)
def _step(tag: str, classes: str) -> str:
    names = (_DIGITS.sub("", name) for name in classes.split())
    kept = sorted({name for name in names if name and not _DECORATION.fullmatch(name)})
    return "".join((tag, *("." + name for name in kept)))


_DIGITS = re.compile(r"\d+")


def _from_root(element: HtmlElement, known: Container[HtmlElement]) -> list[HtmlElement]:
    """The element and those around it, outermost first, beginning at the nearest known one."""
    path = [element]
    while path[-1] not in known and (parent := path[-1].getparent()) is not None:
        path.append(parent)
    path.reverse()
    return path

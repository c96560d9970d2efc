"""The links of a page, each with what tells an article from furniture: its words, where on the
page it stands, and the shape of its address. Judges single links; list_block judges groups.

Never fetches, and never decides what the list is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from crawler.normalise.url import join_url, without_place
from crawler.reading.document import BLOCK_TAGS
from crawler.reading.place import Paths, Places
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.reading.document import Document
    from crawler.reading.place import Place


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Anchor:
    """One link. `url` is None when its address cannot be visited; `signature` stands for the path
    of element names and classes down to it: the links of one list share it."""

    element: HtmlElement
    url: str | None
    text: str
    order: int
    place: Place
    signature: int

    @property
    def width(self) -> int:
        return width(self.text)


def find_anchors(document: Document) -> list[Anchor]:
    """Every link of the page that leads somewhere, in the order of the page; of very many the
    first."""
    places, paths = Places(), Paths()
    anchors: list[Anchor] = []
    page = (document.url or "").split("#")[0]
    for order, element in enumerate(islice(document.tagged("a"), _MOST_LINKS)):
        href = (element.get("href") or "").strip()
        if not without_place(href):
            continue
        url = None if _SCRIPTED.match(href) else join_url(document.base or "", href)
        if url and without_place(url) == page:
            continue
        text = text_of(element)
        anchors.append(
            Anchor(
                element=element,
                url=url,
                text=text,
                order=order,
                place=places.of(element),
                signature=paths.of(element),
            )
        )
    return anchors


def count_left(document: Document) -> int:
    """How many links of a page `find_anchors` did not look at."""
    return max(0, int(_LINKS(document.tree)) - _MOST_LINKS)


def row_elements(anchors: Iterable[Anchor]) -> dict[Anchor, HtmlElement]:
    """For each link the largest element around it that holds no other of them."""
    anchors = tuple(anchors)
    owner: dict[HtmlElement, str | None] = {}
    for anchor in anchors:
        for element in _and_ancestors(anchor.element):
            if owner.setdefault(element, anchor.url) != anchor.url:
                owner[element] = None
    rows: dict[Anchor, HtmlElement] = {}
    for anchor in anchors:
        row = anchor.element
        for element in islice(_and_ancestors(anchor.element), _ROW_LEVELS):
            if owner[element] is None or element.tag in _ABOVE_ROWS:
                break
            row = element
            if element.tag in _ROWS:
                break
        rows[anchor] = row
    return rows


def text_of(element: HtmlElement) -> str:
    """The words of an element on one line, with a space where a new block starts; of a whole page
    in one row only the beginning."""
    if not len(element):
        return one_line((element.text or "")[:_LONGEST_TEXT])
    return one_line("".join(_beginning(_pieces(element))))


def is_heading(link: HtmlElement) -> bool:
    """Whether a link stands in a heading of its row, or holds one."""
    for element in islice(_and_ancestors(link), _HEADING_LEVELS):
        if element.tag in _HEADINGS:
            return True
        if element.tag in _ROWS:
            break
    return title_inside(link) is not None


def title_inside(element: HtmlElement) -> HtmlElement | None:
    """The heading inside an element, or what is classed as a title."""
    for inner in element.iterdescendants():
        if inner.tag in _HEADINGS or _TITLE_CLASS.search(inner.get("class") or ""):
            return inner if text_of(inner) else None
    return None


def width(text: str) -> int:
    """How long a text looks: a Chinese character is as wide as two letters."""
    return len(text) + sum(1 for character in text if character > "\u2e7f")


@lru_cache(maxsize=4096)
def url_shape(url: str) -> str:
    """What the addresses of one kind of page have in common.

    >>> url_shape("https://a.example/guonei/2017/0803/2735.html")
    'w/0/0/0.html'
    >>> url_shape("https://a.example/index.php?m=show&catid=6&id=91")
    'w.php?catid=0&id=0&m=w'
    """
    parts = urlsplit(url)
    shapes: list[str] = []
    for segment in filter(None, parts.path.split("/")):
        shape = _segment_shape(segment)
        if shape != "w" or not shapes or shapes[-1] != "w":
            shapes.append(shape)
    query = (
        sorted(f"{name}={_segment_shape(value)}" for name, value in parse_qsl(parts.query))
        if parts.query
        else []
    )
    return "/".join(shapes) + ("?" + "&".join(query) if query else "")


def has_number(shape: str) -> bool:
    """Whether addresses of this shape count or name single things, as those of articles do."""
    last = shape.rsplit("/", 1)[-1]
    return not last.startswith("list0") and bool(re.search(r"0|X|slug|\.pdf", last))


# The busiest portal of the corpus has 1,900; each link costs a list page 0.2 to 0.4 ms.
_MOST_LINKS = 3_000
_LINKS = etree.XPath("count(descendant-or-self::a)")


def _and_ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


_HEADINGS, _HEADING_LEVELS = ("h1", "h2", "h3", "h4", "h5", "h6"), 3
_TITLE_CLASS = re.compile(
    r"(?:^|[-_\s])(?:title|tit|bt|biaoti|headline|subject)(?:$|[-_\s\d])", re.IGNORECASE
)

# Where nothing else bounds a row (a page with one article), it ends here.
_ROW_LEVELS = 8
_ROWS = frozenset(("li", "tr", "article"))
_ABOVE_ROWS = frozenset(("html", "body", "main", "ul", "ol", "dl", "table", "tbody"))


def _pieces(element: HtmlElement) -> Iterator[str]:
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in _UNSEEN:
            walker.skip_subtree()
            continue
        if node.tag in _SPACED:
            yield " "
        said = node.text if event == "start" else node.tail
        if said and (event == "start" or node is not element):
            yield said


# No title and no row is longer; a hostile one is looked through for dates as often as it has links.
_LONGEST_TEXT = 10_000


def _beginning(pieces: Iterable[str]) -> Iterator[str]:
    room = _LONGEST_TEXT
    for piece in pieces:
        yield piece[:room]
        room -= len(piece)
        if room <= 0:
            return


_SPACED = BLOCK_TAGS | {"br", "time"}
_UNSEEN = frozenset(("head", "script", "style", "noscript", "template"))
_SCRIPTED = re.compile(r"(?:javascript|mailto|tel|data|about|sms|weixin):", re.IGNORECASE)

_SLUG = re.compile(r"[^\W\d_]+(?:[-_][^\W_]+){3,}")


def _segment_shape(segment: str) -> str:
    name, dot, ending = segment.rpartition(".")
    if not dot or len(ending) > 5 or not ending.isalnum() or ending.isdigit():
        name, ending = segment, ""
    tail = f".{ending.lower()}" if ending else ""
    if name.isdigit():
        return "0" + tail
    if _SLUG.fullmatch(name):
        return "slug" + tail
    digits = sum(1 for character in name if character.isdigit())
    if not digits:
        return "w" + tail
    if re.fullmatch(r"(?:list|index|page|p)[-_]?\d*(?:[-_]\d+)?", name, re.IGNORECASE):
        return "list0" + tail
    if re.fullmatch(r"[A-Za-z]{1,12}[-_]?\d+(?:[-_]\d+)*", name):
        return re.sub(r"\d+", "0", name) + tail if digits >= 3 else "w" + tail
    return ("X" if digits >= 2 and len(name) >= 5 else "w") + tail

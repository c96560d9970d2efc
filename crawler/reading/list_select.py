"""Apply a source's selectors to a page: CSS, or XPath when it starts with `/` or `(`.

sources.read has checked that they are well formed; one that is not raises here.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias, cast

from lxml import etree
from parsel.csstranslator import HTMLTranslator

from crawler.reading.anchors import text_of
from foundation.text import one_line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

# An element, or what `::attr(href)`, `::text` and `/@href` give: a string that knows its element.
Match: TypeAlias = "HtmlElement | etree._ElementUnicodeResult"


def select(element: HtmlElement, selector: str | None) -> list[Match]:
    """What a selector matches below an element, in order. `//` means below the element too."""
    if not selector:
        return []
    is_inside = element.getparent() is not None and selector.startswith("/")
    matches = _compiled(f".{selector}" if is_inside else selector)(element)
    return cast("list[Match]", matches) if isinstance(matches, list) else []


def owner_of(match: Match) -> HtmlElement:
    """The element that a match is, or belongs to."""
    return cast("HtmlElement", match.getparent()) if isinstance(match, str) else match


def words_of(match: Match) -> str:
    """What a match says, on one line."""
    return one_line(match) if isinstance(match, str) else text_of(match)


@lru_cache(maxsize=1024)
def _compiled(selector: str) -> etree.XPath:
    if selector.startswith(("/", "./", "(")):
        return etree.XPath(selector)
    return etree.XPath(HTMLTranslator().css_to_xpath(selector))

"""The line that stands over the text where a title stands, for pages whose head does not say what
their title is. From names of elements, headings and how lines are set; claims nothing else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.block import is_paragraph
from crawler.reading.site_name import is_logo, is_site_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement

    from crawler.reading.document import Document, Line


def find_over_text(document: Document) -> list[Found]:
    """At most one: the last heading over the first paragraph, else the line whose element is
    called a title, else the one that is set in the middle in bold."""
    above = list(_above_the_text(document))
    headings = [line for line in above if str(line.element.tag) in _HEADINGS]
    called = [line for line in above if any(map(_is_called_title, _around(line.element)))]
    centred = [line for line in above if _is_set_as_title(line)]
    if headings:
        return [Found(text=headings[-1].text, where=str(headings[-1].element.tag))]
    return [Found(text=line.text, where="over text") for line in (*called[-1:], *centred[:1])][:1]


_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
# Class names and ids as templates write them: article-title, arc_tit, biaoti, bt1, newsTitle.
_CALLED_TITLE = re.compile(
    r"(?:^|[-_\s]|(?<=[a-z]))(?:[Tt]itle|[Tt]it|[Bb]iaoti|bt\d?|[Hh]eadline|[Ss]ubject)\d?(?=$|[-_\s])"
)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_SHORTEST, _LONGEST = 4, 120
# The longest menu of the corpus before a text has 400.
_MOST_LINES = 3_000
# A block round the line and the one round that: `<div class=title><span>`.
_LEVELS = 2


def _above_the_text(document: Document) -> Iterator[Line]:
    """What may be a title among the lines before the first paragraph."""
    for line in document.lines[:_MOST_LINES]:
        if is_paragraph(line) and str(line.element.tag) not in _HEADINGS:
            return
        is_permalink = str(line.element.tag) in _HEADINGS
        is_title = len(line.text) <= _LONGEST and (line.link_share < 1 or is_permalink)
        if (
            is_title
            and len(line.text) >= _SHORTEST
            and not is_logo(line, document)
            and not is_site_name(line.text)
        ):
            yield line


def _around(element: HtmlElement) -> Iterator[HtmlElement]:
    """The element, and those around it that hold nothing else."""
    for _ in range(_LEVELS):
        yield element
        parent = element.getparent()
        # Not len(parent): it counts all of its children, for each of them.
        is_alone = element.getprevious() is None and element.getnext() is None
        if parent is None or not is_alone or (parent.text or "").strip():
            return
        element = parent


def _is_called_title(element: HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}".strip()
    return bool(names) and _CALLED_TITLE.search(names) is not None


def _is_set_as_title(line: Line) -> bool:
    element = line.element
    parents = (element, *element.iterancestors("center", "td", "div", "p"))[:_LEVELS]
    is_centred = any(
        each.tag == "center"
        or (each.get("align") or "").lower() == "center"
        or _CENTRED.search(each.get("style") or "")
        for each in parents
    )
    bold = next(element.iter("b", "strong", "font"), None)
    return is_centred and bold is not None

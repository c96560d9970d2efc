"""Where an element stands, in words that find the like place on another page of the same layout:
`body>div#main>div.content[1]`. Names of elements, ids and classes; reads no text.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.html import HtmlElement


def path_of(element: HtmlElement) -> str:
    """The way from the page's root down to an element. Of several alike beside each other the
    number is told, counted from 0."""
    steps = []
    node: HtmlElement | None = element
    while node is not None and (parent := node.getparent()) is not None:
        steps.append(_step_among(node, parent))
        node = parent
    return ">".join(reversed(steps))


def find_at(root: HtmlElement, path: str) -> HtmlElement | None:
    """The element at a path below a root, None where the page has no such place."""
    node = root
    for step in path.split(">") if path else ():
        name, _, number = step.partition("[")
        alike = _children_named(node, name)
        for _ in range(int(number.rstrip("]")) if number else 0):
            next(alike, None)
        below = next(alike, None)
        if below is None:
            return None
        node = below
    return node


def name_of(element: HtmlElement) -> str:
    """An element by its own names, without what counts or decorates: `div#main.content`."""
    return _name(str(element.tag), element.get("id") or "", element.get("class") or "")


@lru_cache(maxsize=4096)
def _name(tag: str, identity: str, classes: str) -> str:
    # An id with digits is this article's (post-1234); a class with digits is left without them.
    own = "" if _DIGIT.search(identity) else _UNSAFE.sub("", identity)
    kept = {_UNSAFE.sub("", each) for each in classes.split() if not _ROW.fullmatch(each)}
    words = (f"#{own}" if own else "", *(f".{each}" for each in sorted(kept - {""})))
    return tag + "".join(words)


_DIGIT = re.compile(r"\d")
_UNSAFE = re.compile(r"[\s>\[\]#.\d]+")
# Classes that tell rows of one kind apart, or articles: WordPress marks each with its own.
_ROW = re.compile(
    r"(?:odd|even|first|last|active|current|hentry|sticky)|(?:post|type|status|format|category|tag|has)-.*",
    re.IGNORECASE,
)


def _step_among(node: HtmlElement, parent: HtmlElement) -> str:
    name = name_of(node)
    number = 0
    for sibling in _children_named(parent, name):
        if sibling is node:
            break
        number += 1
    return f"{name}[{number}]" if number else name


def _children_named(parent: HtmlElement, name: str) -> Iterator[HtmlElement]:
    return (child for child in parent.iterchildren(etree.Element) if name_of(child) == name)

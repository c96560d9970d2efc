"""Which part of a page counts: around title, by-line, body, notice and signature, and the places
beside it (masthead, footer). From one page that was read (`shape_of`) to another of the same
layout (`find_frame`). Goes by names of elements alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.reading.document import letters, read_lines
from crawler.reading.page import Frame
from crawler.reading.path import find_at, name_of, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.html import HtmlElement

    from archive.model import Entry
    from crawler.reading.body import Body
    from crawler.reading.document import Document, Line
    from crawler.reading.page import PageRead, PageReading


@dataclass(frozen=True, kw_only=True, slots=True)
class Shape:
    """Where things stand on an article page. Paths are from the root (path.py).

    `around` holds all that counts, from one of its children `firsts` to one of `lasts` (whole,
    where there are none); `body` is the element of the text, in which `not_text` are the names of
    what is none; `beside` are further places that were read.
    """

    around: str
    firsts: tuple[str, ...]
    lasts: tuple[str, ...]
    body: str
    not_text: tuple[str, ...] = ()
    text: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @classmethod
    def common(cls, shapes: Sequence[Shape | None]) -> Shape | None:
        """What pages of one layout share; None where these are not."""
        known = [shape for shape in shapes if shape is not None]
        if len(known) < len(shapes) or len({(one.around, one.body) for one in known}) != 1:
            return None
        text = _union(one.text for one in known)
        is_whole = any(not one.firsts for one in known)
        return cls(
            around=known[0].around,
            firsts=() if is_whole else _union(one.firsts for one in known),
            lasts=() if is_whole else _union(one.lasts for one in known),
            body=known[0].body,
            not_text=tuple(sorted({*_union(one.not_text for one in known)} - {*text})),
            text=text,
            beside=_union(one.beside for one in known),
        )


def shape_of(read: PageRead, entry: Entry) -> Shape | None:
    """Where things stood on a page; None where its text is no one element's, or the page is
    larger than any article's."""
    reading, body = read.reading, read.body
    if reading is None or body is None or body.container is None or reading.document.is_huge:
        return None
    core = [body.container, *(line.element for line in _near(reading))]
    around = _common_ancestor(core)
    firsts: tuple[str, ...] = ()
    lasts: tuple[str, ...] = ()
    if any(each is around for each in core):  # one of them holds all others
        parent = around.getparent()
        if parent is None:
            return None
        firsts = lasts = (_last_step(around),)
        around = parent
    elif (ends := _ends(around, core)) is not None:
        firsts, lasts = ((_last_step(end),) for end in ends)
    text, not_text = _names_in(body.container, body)
    inside = set(around.iter()) if not firsts else _between(around, firsts, lasts)
    far = {path_of(line.element): None for line in _far(reading, entry)}
    beside = [path for path in far if find_at(reading.document.tree, path) not in inside]
    return Shape(
        around=path_of(around),
        firsts=firsts,
        lasts=lasts,
        body=path_of(body.container),
        text=text,
        not_text=not_text,
        beside=tuple(beside),
    )


def find_frame(document: Document, shape: Shape) -> Frame | None:
    """The like part of another page; None where it has no such places."""
    around = find_at(document.tree, shape.around)
    body = find_at(document.tree, shape.body)
    if around is None or body is None:
        return None
    main = _range(around, shape) if shape.firsts else (around,)
    if not main or not any(part is body or _holds(part, body) for part in main):
        return None
    found = (find_at(document.tree, path) for path in shape.beside)
    beside = [
        each
        for each in found
        if each is not None and not any(part is each or _holds(part, each) for part in main)
    ]
    groups = [main, *((each,) for each in beside)]
    if beside:
        order = {element: at for at, element in enumerate(document.elements)}
        groups.sort(key=lambda group: order[group[0]])
    return Frame(regions=tuple(groups), body=body, not_text=frozenset(shape.not_text))


# What may be a date or a label in the lines above a title, where a page prints some of them.
_TELLING = re.compile(r"\d{4}|[:：]")


def _near(reading: PageReading) -> Iterator[Line]:
    """The lines around the body that were read into fields."""
    block = reading.block
    if reading.headline.line is not None:
        yield reading.headline.line
    yield from reading.byline.lines
    yield from reading.keywords.lines
    yield from (line for line in block.head if _TELLING.search(line.text))
    yield from (line for line in block.above if _TELLING.search(line.text))
    said = [found.text for found in reading.dates.published if found.where == "signature"]
    told = [found.text for found in reading.notices if found.where.startswith(("art", "temp"))]
    for line in block.tail:
        if any(text in line.text for text in said) or _is_said(line, told):
            yield line


def _far(reading: PageReading, entry: Entry) -> Iterator[Line]:
    """Lines elsewhere on the page that gave something: notices, the masthead, the breadcrumb."""
    told = [notice.text for notice in entry.notices]
    values = [key for value in reading.masthead.values() if (key := letters(value))]
    column = reading.byline.column
    for line in reading.document.lines:
        key = reading.document.key_of(line)
        is_crumb = column is not None and column.where == "breadcrumb" and column.text in line.text
        if is_crumb or _is_said(line, told) or any(value in key for value in values):
            yield line


def _is_said(line: Line, told: Iterable[str]) -> bool:
    return any(line.text in text or text.split("\n")[0] in line.text for text in told)


def _common_ancestor(elements: Sequence[HtmlElement]) -> HtmlElement:
    lines = [[element, *element.iterancestors()][::-1] for element in elements]
    common = lines[0][0]
    for level in zip(*lines, strict=False):
        if any(each is not level[0] for each in level):
            break
        common = level[0]
    return common


def _ends(
    around: HtmlElement, core: Sequence[HtmlElement]
) -> tuple[HtmlElement, HtmlElement] | None:
    """The first and the last child of `around` that hold any of the core. None where text stands
    between its children: then all of it is read."""
    branches = {_branch(around, element) for element in core}
    children = list(around)
    held = [at for at, child in enumerate(children) if child in branches]
    first, last = held[0], held[-1]
    if any((child.tail or "").strip() for child in children[first:last]):
        return None
    return children[first], children[last]


def _branch(around: HtmlElement, element: HtmlElement) -> HtmlElement:
    node = element
    while (parent := node.getparent()) is not None and parent is not around:
        node = parent
    return node


def _range(around: HtmlElement, shape: Shape) -> tuple[HtmlElement, ...]:
    """The children from the first of `firsts` to the last of `lasts` that this page has."""
    children = list(around)
    places = {id(child): at for at, child in enumerate(children)}
    firsts = [places[id(e)] for name in shape.firsts if (e := find_at(around, name)) is not None]
    lasts = [places[id(e)] for name in shape.lasts if (e := find_at(around, name)) is not None]
    return tuple(children[min(firsts) : max(lasts) + 1]) if firsts and lasts else ()


def _between(
    around: HtmlElement, firsts: tuple[str, ...], lasts: tuple[str, ...]
) -> set[HtmlElement]:
    shape = Shape(around="", firsts=firsts, lasts=lasts, body="")
    return {element for child in _range(around, shape) for element in child.iter()}


def _last_step(element: HtmlElement) -> str:
    return path_of(element).rpartition(">")[2]


def _holds(part: HtmlElement, element: HtmlElement) -> bool:
    return any(ancestor is part for ancestor in element.iterancestors())


def _names_in(container: HtmlElement, body: Body) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the elements in a container that hold text of the body, and of those that
    hold none though they say something: share bars, related articles."""
    key = letters(body.text)
    text: set[str] = set()
    other: set[str] = set()

    def look(element: HtmlElement) -> None:
        for child in element.iterchildren("*"):
            said = [said for line in read_lines(child) if (said := letters(line.text))]
            in_body = sum(len(each) for each in said if each in key)
            if 2 * in_body < sum(map(len, said)):  # a few words of it may be there by chance
                other.add(name_of(child))
            elif said:
                text.add(name_of(child))
                look(child)

    look(container)
    named = {name for name in other - text if "." in name or "#" in name}
    return tuple(sorted(text)), tuple(sorted(named))


def _union(groups: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each for group in groups for each in group))

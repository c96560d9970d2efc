"""Where things stand on an article page: the lines between title and body, the body's own lines,
and its last lines, where signature and notice are.

Geometry only, from lengths and the tree. What a line says is read by the others.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from crawler.reading.document import Document, Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """The parts of an article page, as lines. `container` is the element of the body."""

    head: tuple[Line, ...]
    above: tuple[Line, ...]
    body: tuple[Line, ...]
    tail: tuple[Line, ...]
    container: HtmlElement | None

    @property
    def span(self) -> tuple[int, int]:
        """The positions of the body's first and last line; without a body, of the head's end."""
        lines = self.body or self.head or self.tail
        return (lines[0].position, lines[-1].position) if lines else (0, 0)


def find_block(document: Document, title: Line | None) -> Block:
    """Cut the page at the title and around its densest part. A page without a title line gives
    the lines before the body as its head."""
    lines = document.lines
    container = find_densest(lines)
    body = _lines_in(lines, container)
    start = _first_paragraph(lines, body)
    place = _title_position(lines, title, start)
    if place is None:
        head_from = max(0, start - _HEAD_LINES)
    else:
        head_from = place + 1
        if start <= place:  # the densest part stands above the title: a ranking, a slide show
            start = place + 1 + _HEAD_LINES
    end = body[-1].position + 1 if body else start
    if container is not None and container.tag in ("body", "html"):
        # The whole page is no frame: its text ends with the last paragraph, not with the footer.
        end = next((line.position + 1 for line in reversed(body) if is_paragraph(line)), end)
    return Block(
        head=lines[head_from : min(start, head_from + _HEAD_LINES)],
        above=lines[max(0, head_from - 1 - _ABOVE_LINES) : max(0, head_from - 1)],
        body=body,
        tail=lines[max(start, end - _TAIL_LINES) : end + _BEHIND_LINES],
        container=container,
    )


def find_densest(lines: Sequence[Line]) -> HtmlElement | None:
    """The element whose own paragraphs hold most text; None where there is no text at all."""
    weights: defaultdict[HtmlElement, float] = defaultdict(float)
    for line in lines:
        weight = _weight(line)
        if weight <= 0:
            continue
        holder = line.element
        if holder.tag in _PARAGRAPHS and (parent := holder.getparent()) is not None:
            holder = parent
        weights[holder] += weight
        if (above := holder.getparent()) is not None:
            weights[above] += weight / 2
    return max(weights, key=weights.__getitem__, default=None)


# gne and htmldate users found the date within 25 lines below the title on 141 of 147 Chinese
# pages (READING.md §4); the rest are our own choice.
_HEAD_LINES = 25
_ABOVE_LINES = 8
_TAIL_LINES = 8
_BEHIND_LINES = 6
# A paragraph, not a caption or a menu entry. A Chinese character says as much as three letters.
_PARAGRAPH_WEIGHT = 60
_PARAGRAPHS = frozenset({"p", "li", "blockquote", "pre", "h2", "h3", "h4", "dd"})
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3]")
_SENTENCE = re.compile(r"[。！？；…]|[.!?;](?:\s|$)|，")


def _weight(line: Line) -> float:
    """How much running text a line holds, in Latin letters; links do not count."""
    if line.link_share > 0.6 or len(line.text) < 10:
        return 0.0
    return width(line.text) * (1 - line.link_share)


def width(text: str) -> int:
    """How much a text says, in Latin letters."""
    return len(text) + 2 * len(_WIDE.findall(text))


def is_paragraph(line: Line) -> bool:
    """Whether a line is running text rather than a label, a menu or a by-line."""
    weight = _weight(line)
    return weight >= 3 * _PARAGRAPH_WEIGHT or (
        weight >= _PARAGRAPH_WEIGHT and _SENTENCE.search(line.text) is not None
    )


def _lines_in(lines: Sequence[Line], container: HtmlElement | None) -> tuple[Line, ...]:
    if container is None:
        return ()
    inside = set(container.iter())
    return tuple(line for line in lines if line.element in inside)


def _first_paragraph(lines: Sequence[Line], body: Sequence[Line]) -> int:
    first = next((line for line in body if is_paragraph(line)), body[0] if body else None)
    return first.position if first else len(lines)


def _title_position(lines: Sequence[Line], title: Line | None, start: int) -> int | None:
    """The last place above the body where the title stands; menus and crumbs repeat it above."""
    if title is None:
        return None
    if title.element.tag == "h1":
        return title.position
    same = [line.position for line in lines if line.text == title.text]
    return max((position for position in same if position < start), default=title.position)

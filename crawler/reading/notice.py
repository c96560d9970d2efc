"""The lines of a page that may be reprint notices, nearest to the article first, with their place.

`where` begins with the place that crawler.normalise.notice goes by: article, template, column or
page, footer. Whether a line is a notice, and what it permits, is decided there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.model import Found, NoticeClass
from crawler.normalise.notice import NOTICE_HINT, REPRINT_TAG, classify
from crawler.reading.document import place_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.block import Block
    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata


def find_notice_lines(document: Document, block: Block, metadata: Metadata) -> tuple[Found, ...]:
    """Candidates in the order of READING.md §5 rule 1: in the article, in its template, on the
    page, in the footer; of one place, the one nearest to the body's end first."""
    inside = {line.position for line in block.body}
    end = block.span[1]
    template = {line.position for line in (*block.above, *block.head, *block.tail)}
    ranked: list[tuple[int, int, Found]] = []
    prose = _middle(block)
    lines = [line for line in document.lines if not _is_prose(line, prose) and not _is_thread(line)]
    for line, text in _hinting(lines):
        rank, place = _place(line, inside, template)
        ranked.append(
            (
                rank,
                abs(line.position - end),
                Found(text=text, where=f"{place}: {place_of(line.element)}"),
            )
        )
    ranked.sort(key=lambda each: each[:2])
    said = [found for _, _, found in ranked[:_MOST]]
    return (*said, *(found for found in metadata.all("license") if NOTICE_HINT.search(found.text)))


def is_notice_line(line: Line) -> bool:
    """A line of its own that speaks of re-publishing: no part of the article's text."""
    if len(line.text) > _OWN_LINE or not NOTICE_HINT.search(line.text):
        return False
    return classify(line.text).class_ is not NoticeClass.NONE


_MOST = 16
# A notice is a sentence or two; in a longer line only its own sentences are taken.
_OWN_LINE = 300
_LONGEST = 500
_PROSE = 160
_EDGE_LINES = 4
# Beside the link a row has its author, its date and its counts.
_LINK_OF_A_ROW = 0.3
_SENTENCE_END = re.compile(r"(?<=[。！？!?；])|(?<=[.])\s+(?=[A-Z])")
_FULL_STOP = re.compile(r"[。.!！？?」』”]\s*$")
_FOOTER = re.compile(
    r"(?<![a-z])(?:foot(?:er)?|bottom|copy-?right|colophon|siteinfo|impressum)", re.IGNORECASE
)


def _hinting(lines: Sequence[Line]) -> Iterator[tuple[Line, str]]:
    """Each line with a hint; a sentence that is torn by a break is joined with its rest."""
    joined_until = -1
    for index, line in enumerate(lines):
        if line.position <= joined_until or not NOTICE_HINT.search(line.text):
            continue
        text = line.text if len(line.text) <= _OWN_LINE else _sentences(line.text)
        for following in lines[index + 1 : index + 3]:
            is_torn = following.element is line.element and not _FULL_STOP.search(text)
            if not is_torn or len(text) + len(following.text) > _LONGEST:
                break
            text, joined_until = f"{text}\n{following.text}", following.position
        yield line, text


def _middle(block: Block) -> range:
    """The positions of the body's lines less a few at both ends."""
    first, last = block.span
    return range(first + _EDGE_LINES, last - _EDGE_LINES + 1)


def _is_prose(line: Line, middle: range) -> bool:
    """A long paragraph in the middle of the body: it may speak about copyright, as prose does,
    and is no notice. Reading these as well takes 5 ms a page."""
    return len(line.text) > _PROSE and line.position in middle


def _is_thread(line: Line) -> bool:
    """`[转载]` before a link: the row of another text, in a thread or a list."""
    return line.link_share >= _LINK_OF_A_ROW and REPRINT_TAG.match(line.text) is not None


def _sentences(text: str) -> str:
    return (
        "".join(sentence for sentence in _SENTENCE_END.split(text) if NOTICE_HINT.search(sentence))[
            :_LONGEST
        ]
        or text[:_LONGEST]
    )


def _place(line: Line, inside: set[int], template: set[int]) -> tuple[int, str]:
    if line.position in inside:
        return 0, "article"
    if any(_is_footer(element) for element in (line.element, *line.element.iterancestors())):
        return 3, "footer"
    return (1, "template") if line.position in template else (2, "page")


def _is_footer(element: HtmlElement) -> bool:
    return element.tag == "footer" or (
        element.tag not in ("body", "html")
        and bool(_FOOTER.search(f"{element.get('class') or ''} {element.get('id') or ''}"))
    )

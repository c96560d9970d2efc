"""The line that stands over the text where a title stands, for pages whose head does not say what
their title is. From names of elements, headings and how lines are set; claims nothing else.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.block import is_paragraph
from crawler.reading.site_name import is_logo, is_site_name
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.document import Document, Line


def find_over_text(document: Document) -> list[Found]:
    """At most one: the last heading over the first paragraph, else the line over the by-line, the
    one whose element alone is called a title, what in a line is called so, the line that is set in
    the middle in bold, the one that is set in the middle."""
    above = list(_above_the_text(document))
    headings = [line for line in above if str(line.element.tag) in _HEADINGS]
    if headings:
        heading = _less_translation(headings)
        tag = str(heading.element.tag)
        return [Found(text=heading.text, where=tag if tag == "h1" else "over text")]
    signed = find_over_byline(document)
    names = Counter(names_of(line.element) for line in above)
    called = [
        line
        for line in above
        if any(map(_is_called_title, _around(line.element))) and names[names_of(line.element)] == 1
    ]
    centred = [line for line in _below_the_menu(above) if _is_centred(line)]
    bold = [line for line in centred if _is_bold(line)]
    texts = (
        *(_joined(line, document) for line in (*signed, *called[-1:])),
        *(text for line in above for text in _called_inside(line)),
        *(_joined(line, document) for line in bold[:1]),
    )
    found = [Found(text=text, where="over text") for text in texts]
    return (found or [Found(text=line.text, where="centred") for line in centred])[:1]


def find_over_byline(document: Document) -> list[Line]:
    """The line right over the first one that tells author, source or day, if it may be a title."""
    before: Line | None = None
    for line in islice(document.lines, _MOST_LINES):
        if is_paragraph(line) and "。" in line.text:  # a masthead is as long, and no sentence
            return []
        if _BYLINE.match(line.text) and before is not None:
            return [before] if _may_be_title(before, document) else []
        if not line.text.startswith("—"):  # a subtitle
            before = line
    return []


def _less_translation(headings: Sequence[Line]) -> Line:
    """The last heading, or the Chinese one right over it that it translates."""
    *others, last = headings
    above = others[-1] if others else last
    is_pair = above.position == last.position - 1 and not _HAN.search(last.text)
    return above if is_pair and _HAN.search(above.text) else last


def _joined(line: Line, document: Document) -> str:
    """The whole of a title that breaks in the middle of what is set as one, or behind a word that
    wants another, in a line that is set the same way."""
    below = next(iter(document.lines[line.position + 1 :][:1]), line)
    is_next = below.element is not line.element and line.text.endswith(_GOES_ON)
    if is_next and _look(below) == _look(line):
        return f"{line.text} {below.text}"
    inline = (inner for tag in _INLINE for inner in line.element.iter(tag))
    if all(inner.find("br") is None for inner in inline):
        return line.text
    around = document.lines[max(0, line.position - _MOST_BREAKS) : line.position + _MOST_BREAKS + 1]
    same = [each for each in around if each.element is line.element]
    parts = [each.text for each in same]
    is_title = (
        len(same) <= _MOST_BREAKS
        and all(len(part) >= _SHORTEST and not _BYLINE.match(part) for part in parts)
        and sum(map(len, parts)) <= _LONGEST
    )
    return " ".join(parts) if is_title else line.text


_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
# Class names and ids as templates write them: article-title, arc_tit, biaoti, bt1, newsTitle.
_CALLED_TITLE = re.compile(
    r"(?:^|[-_\s]|(?<=[a-z]))(?:[Tt]itle|[Tt]it|[Bb]iaoti|bt\d?|[Hh]eadline|[Ss]ubject)\d?(?=$|[-_\s])"
)
# What the line under a title begins with: labels of author, source and day.
_BYLINE = re.compile(
    r"\W{0,3}(?:作\s*者|撰\s*文|来\s*源|來\s*源|文(?:\s?[/／]\s?图)?|责任编辑|編輯|编辑|記者|记者"
    r"|(?:发布|發布|發佈|发表|發表|更新|添加|上传|张贴|張貼|刊登|发稿)?(?:时间|日期|時間))\s*(?:[:：]|$)"
)
_CRUMB = re.compile(r"\W*(?:您?(?:现在|当前|目前)?的?位置|首\s?页|首頁|home\s*[>»])", re.IGNORECASE)
_GOES_ON = ("的", "与", "與", "和", "及", "、", "：", "在", "对", "從", "从")
_HAN = re.compile(r"[\u4e00-\u9fff]")
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_SHORTEST, _LONGEST = 4, 120
# The longest menu of the corpus before a text has 400.
_MOST_LINES = 3_000
_MOST_BREAKS = 3
# What of a line is links when it is a menu: the rest are the spaces between.
_MENU = 0.8
# A title has a few elements in it; a line may be one of thousands in one element.
_MOST_INSIDE = 20
_INLINE = ("b", "strong", "span", "font", "big")
# A block round the line and the one round that: `<div class=title><span>`.
_LEVELS = 2


def _above_the_text(document: Document) -> Iterator[Line]:
    """What may be a title among the lines before the first paragraph."""
    for line in document.lines[:_MOST_LINES]:
        if is_paragraph(line) and str(line.element.tag) not in _HEADINGS:
            return
        if _may_be_title(line, document):
            yield line


def _may_be_title(line: Line, document: Document) -> bool:
    is_permalink = str(line.element.tag) in _HEADINGS
    return (
        _SHORTEST <= len(line.text) <= _LONGEST
        and (line.link_share < _MENU or is_permalink)
        and not _CRUMB.match(line.text)
        and not is_logo(line, document)
        and not is_site_name(line.text)
    )


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
    return _CALLED_TITLE.search(names_of(element)) is not None


def names_of(element: HtmlElement) -> str:
    """What a template calls an element."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".strip()


def _called_inside(line: Line) -> Iterator[str]:
    """A part of a line that is called a title: `<span>随笔</span><strong class=card-title>`."""
    for inner in islice(line.element.iter(*_INLINE), _MOST_INSIDE):
        text = one_line("".join(inner.itertext())) if _is_called_title(inner) else ""
        if _SHORTEST <= len(text) < len(line.text) and text in line.text:
            yield text


def _below_the_menu(above: Sequence[Line]) -> Sequence[Line]:
    """The last lines with nothing between them that is no title: behind the menu."""
    lines = list(above)
    for at in range(len(lines) - 1, 0, -1):
        if lines[at].position - lines[at - 1].position > _MOST_BREAKS:
            return lines[at:]
    return lines


def _look(line: Line) -> list[tuple[str, ...]]:
    """How a line is set: what is said of it and of all in it, but for what is empty."""
    return [
        (str(each.tag), *(each.get(name) or "" for name in ("class", "style", "size", "color")))
        for each in islice(line.element.iter(), _MOST_INSIDE)
        if any(said.strip() for said in each.itertext())
    ]


def _is_centred(line: Line) -> bool:
    element = line.element
    parents = (element, *element.iterancestors("center", "td", "div", "p"))[:_LEVELS]
    return any(
        each.tag == "center"
        or (each.get("align") or "").lower() == "center"
        or _CENTRED.search(each.get("style") or "")
        for each in parents
    )


def _is_bold(line: Line) -> bool:
    return next(line.element.iter("b", "strong", "font"), None) is not None

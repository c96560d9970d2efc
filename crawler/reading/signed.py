"""Authors whom the markup names where no word does: rel=author, links to the pages of authors,
elements called byline or author. Looks near the title only; what is no name is left alone.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.names import is_name
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.html import HtmlElement

    from crawler.reading.block import Block
    from crawler.reading.document import Line


def find_signed(block: Block) -> tuple[Found, ...]:
    """The names of the first line that has any, and of the next ones as long as they are marked
    the same way: a list of authors has a line for each."""
    found: list[Found] = []
    last: Line | None = None
    for line in (*block.above[-_ABOVE:], *block.head[:_BELOW]):
        is_next = last is not None and line.position == last.position + 1
        if last is not None and not (is_next and _is_listed_with(line, last)):
            break
        for name in _names(line):
            if not found or name.where == found[0].where:
                found.append(name)
                last = line
    return tuple(found)


def _is_listed_with(line: Line, last: Line) -> bool:
    """Whether two lines are items of one list; what is set beneath a name is a standing."""
    one, other = _item_of(line), _item_of(last)
    return one is not None and other is not None and one.getparent() is other.getparent()


def _item_of(line: Line) -> HtmlElement | None:
    around = (line.element, *islice(line.element.iterancestors(), _ANCESTORS))
    return next((element for element in around if element.tag in ("li", "dd")), None)


# A by-line stands under its title, or over it as a kicker.
_ABOVE = 3
_BELOW = 12
# A by-line is short, whatever stands in it; what is longer is the article, or a biography.
_LONGEST_PLACE = 300
_ANCESTORS = 3
# A block may hold all the links of a page between its breaks; a by-line's are among the first.
_MOST_LINKS = 40

_ADDRESS = re.compile(
    r"/(?:authors?|autor(?:es|en|in)?|auteurs?|writers?|contributors?|reporters?|columnists?"
    r"|journalists?|profile|staff|signataires?|people)/[^/?#]",
    re.IGNORECASE,
)
_MARKS = frozenset(
    (
        *("author", "authors", "byline", "bylines", "writer", "writers", "creator", "creators"),
        *("contributor", "contributors", "reporter", "reporters", "autor", "autoren", "auteur"),
        # 作者 in pinyin and by its initials; what Discuz calls the author of a post.
        *("zuozhe", "zz", "authi"),
    )
)
_OTHERS = frozenset(("comment", "comments", "related", "avatar", "image", "photo", "social"))
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_OPENING = re.compile(
    r"^(?:(?:written|posted|text|story|words|reporting)\s+)?(?:by)?(?:by|von|por|par|di|af|av)\b[\s:]*"
    r"|^(?:text|author|autor|auteur|著者|投稿者|作者)\s*[:：]?\s*",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s*(?:[|•⋅]|\s[–—-]\s|@|\d).*$")
_BETWEEN = re.compile(r"\s*[,;，；、]\s*|\s+(?:and|und|et|og|och|&)\s+|(?<=[^\W\d_])/(?=[^\W\d_])")


def _names(line: Line) -> Iterator[Found]:
    linked = list(_linked(line))
    if linked:
        yield from linked
    elif len(line.text) <= _LONGEST_PLACE and (mark := _mark_of(line)):
        # Behind the names stands what they are: Jane Doe, Head of Collections.
        for name in takewhile(is_name, _listed(line.text)):
            yield Found(text=name, where=f".{mark}")


def _linked(line: Line) -> Iterator[Found]:
    """The links of a line that lead to an author. rel=author says so by itself; an address alone
    says it only of a name."""
    if not line.link_share:
        return
    for link in islice(line.element.iter("a"), _MOST_LINKS):
        text = one_line("".join(link.itertext()))
        if not text or text not in line.text:
            continue
        if "author" in (link.get("rel") or "").lower().split():
            if is_name(text) or not text.islower():
                yield Found(text=text, where="a[rel=author]")
        elif _ADDRESS.search(link.get("href") or "") and is_name(text):
            yield Found(text=text, where="a[href]")


def _mark_of(line: Line) -> str | None:
    """What of its class or id calls the line a by-line."""
    around = (line.element, *islice(line.element.iterancestors(), _ANCESTORS))
    for element in around:
        mark = _mark_in(f"{element.get('class') or ''} {element.get('id') or ''}")
        if mark:
            return mark if _is_short(element) else None
    return None


@lru_cache(maxsize=1024)
def _mark_in(names: str) -> str | None:
    words = [word.lower() for word in _WORD.findall(names)]
    if not _OTHERS.isdisjoint(words):
        return None
    return next((word for word in words if word in _MARKS), None)


def _is_short(element: HtmlElement) -> bool:
    letters = 0
    for text in element.itertext():
        letters += len(text.strip())
        if letters > _LONGEST_PLACE:
            return False
    return True


def _listed(text: str) -> Sequence[str]:
    while (less := _OPENING.sub("", text, count=1)) != text:
        text = less
    return [name for name in _BETWEEN.split(_BEHIND.sub("", text).strip(" ,.")) if name]

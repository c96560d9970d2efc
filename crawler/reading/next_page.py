"""Find the address of the next (older) page of a list, and whether there is one before it. Never
another host, never the page itself, never the next *issue*: what 下一期 leads to is newer.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from lxml import etree

from crawler.normalise.url import canonical, join_url, without_place
from crawler.reading.anchors import text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.reading.anchors import Anchor
    from crawler.reading.document import Document


def find_next(document: Document, anchors: Iterable[Anchor]) -> str | None:
    """The next page by what the page says of it: `rel`, words, then the numbers of its pager."""
    anchors = [anchor for anchor in anchors if anchor.url]
    for candidate in (
        *_related(document, "next"),
        *(anchor.url for anchor in anchors if _is_next(anchor)),
        *_by_number(document, anchors),
    ):
        if (url := acceptable(candidate, base=document.base, url=document.url)) is not None:
            return url
    return None


def has_previous(document: Document, anchors: Iterable[Anchor]) -> bool:
    """Whether a page says that newer ones come before it: it is one of a list's pages then, and
    its last where nothing comes after it."""
    anchors = [anchor for anchor in anchors if anchor.url]
    candidates = (
        *_related(document, "prev", "previous"),
        *(anchor.url for anchor in anchors if _says(anchor, _PREVIOUS)),
        *_by_number(document, anchors, step=-1),
    )
    return any(acceptable(each, base=document.base, url=document.url) for each in candidates)


def acceptable(candidate: str | None, *, base: str | None, url: str | None) -> str | None:
    """A candidate for the page after `url`, if it is another page of the same host."""
    if not candidate or not url:
        return None
    address = join_url(base or url, candidate)
    if address is None or _host(address) != _host(url) or canonical(address) == canonical(url):
        return None
    return without_place(address)


_NEXT = re.compile(
    r"""[\s»›>→\]【】\[|]*(?:下\s*一?\s*[页頁]|后\s*一?\s*[页頁]|次の?ページ|次へ|다음(?:\s*페이지)?
    |next(?:\s*page)?|older(?:\s*(?:posts|entries|articles))?|较旧的?文章|更早的?文章|下一頁)[\s»›>→\]【】\[|]*""",
    re.IGNORECASE | re.VERBOSE,
)
_PREVIOUS = re.compile(
    r"""[\s«‹<←\]【】\[|]*(?:[上前]\s*一?\s*[页頁]|前の?ページ|前へ|이전(?:\s*페이지)?
    |prev(?:ious)?(?:\s*page)?|newer(?:\s*(?:posts|entries|articles))?|较新的?文章)[\s«‹<←\]【】\[|]*""",
    re.IGNORECASE | re.VERBOSE,
)
_NEXT_SIGN = re.compile(r"[»›>→]+")
_NEXT_CLASS = re.compile(r"(?:^|[\s_-])next(?:$|[\s_-])", re.IGNORECASE)
# By the attribute: few links have it, and a page may have 100,000.
_RELATIONS = etree.XPath("descendant::link/@rel|descendant::a/@rel")
_NUMBER = re.compile(r"\W*(\d{1,4})\W*")


def _host(url: str) -> tuple[str | None, int | None]:
    parts = urlsplit(url)
    return parts.hostname, parts.port


def _related(document: Document, *relations: str) -> Iterator[str]:
    for said in _RELATIONS(document.tree):
        if not set(relations).isdisjoint(said.lower().split()) and (
            href := said.getparent().get("href")
        ):
            yield href


def _says(anchor: Anchor, words: re.Pattern[str]) -> bool:
    said = (anchor.text, anchor.element.get("title") or "", anchor.element.get("aria-label") or "")
    return any(words.fullmatch(text) for text in said if text)


def _is_next(anchor: Anchor) -> bool:
    if _says(anchor, _NEXT):
        return True
    is_bare = not anchor.text or _NEXT_SIGN.fullmatch(anchor.text) is not None
    around = (anchor.element, anchor.element.getparent())
    classes = " ".join(node.get("class") or "" for node in around if node is not None)
    return is_bare and _NEXT_CLASS.search(classes) is not None


def _by_number(
    document: Document, anchors: Iterable[Anchor], *, step: int = 1
) -> Iterator[str | None]:
    """In a row of numbers (1 **2** 3 4) the one after the number that is no link to elsewhere, or
    `step` numbers on."""
    pagers: dict[HtmlElement, dict[int, str | None]] = {}
    for anchor in anchors:
        if number := _NUMBER.fullmatch(anchor.text):
            for holder in _holders(anchor.element):
                pagers.setdefault(holder, {})[int(number[1])] = anchor.url
    for holder, numbers in pagers.items():
        current = _current(holder, numbers, document)
        if len(numbers) >= 2 and current is not None and current + step in numbers:
            yield numbers[current + step]


def _holders(link: HtmlElement) -> Iterator[HtmlElement]:
    """What may be the pager around one of its links: two levels, for `<li><a>`."""
    for level, holder in enumerate(link.iterancestors()):
        if level >= 2 or holder.tag == "body":
            return
        yield holder


def _current(holder: HtmlElement, numbers: dict[int, str | None], document: Document) -> int | None:
    """The page that we are on: the number beside the others that is not a link to elsewhere."""
    own = canonical(document.url or "")
    for number, url in numbers.items():
        if url and canonical(url) == own:
            return number
    for element in holder.iterdescendants():
        if len(element):
            continue
        if (said := _NUMBER.fullmatch(text_of(element))) and int(said[1]) not in numbers:
            return int(said[1])
    return None

"""The files that a page names and cannot be shown without: style sheets, images, the article's
PDF; and those that a style sheet names. Pure: text → addresses, what matters most first."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urldefrag

from archive.warc import without_credentials
from crawler.reading.document import join, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

#: Where scripts of common systems keep an image's address until it is scrolled to.
_IMAGE_KEYS = ("src", "data-original", "data-src", "data-lazy-src", "file", "zoomfile")
_SET_KEYS = ("srcset", "data-srcset", "data-lazy-srcset")
_NAMING = ("link", "img", "input", "source", "video", "style", "body", "table", "td", "th", "tr")
#: Fonts make up most of a page's weight and nothing of its sense.
_FONTS = (".woff", ".woff2", ".ttf", ".otf", ".eot")
#: Letters of a style sheet that are looked at; the largest common ones have a quarter of it.
_SHEET_MOST = 1_000_000

#: A browser takes the image of a set that fits its window: at most about this many pixels wide in
#: the column of an article, so of wider ones the narrowest.
_SET_WIDTH = 1000

#: An address of a set runs to the next white space (HTML §4.8.4.2.1), so it may have commas in it.
_CANDIDATE = re.compile(r"([^\s,]\S*)(?:\s+([^,]*))?")
_IMPORT = re.compile(r"""@import\s+(?:url\(\s*)?["']?([^"')\s;]+)""", re.IGNORECASE)
_NAMED = re.compile(r"""url\(\s*(?:"([^"\n]+)"|'([^'\n]+)'|([^"')\s]+))""", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Requisites:
    """Absolute addresses, each once; `sheets` are those of style sheets, which name others."""

    addresses: tuple[str, ...] = ()
    sheets: frozenset[str] = frozenset()


def find_requisites(text: str, *, url: str, files: Iterable[str] = ()) -> Requisites:
    """What a page names: style sheets first, then the article's own `files`, then images."""
    tree = parse(text)
    base = next((join(url, href) for href in tree.xpath("//base/@href")), None) or url
    sheets, images = [], []
    for element in tree.iter(*_NAMING):
        if element.tag == "link":
            kinds = element.get("rel", "").lower().split()
            if "stylesheet" in kinds and "alternate" not in kinds:
                sheets.append(element.get("href", ""))
        elif element.tag == "style":
            named, imported = _read_sheet(element.text or "")
            images += named
            sheets += imported
        else:
            images += _images(element)
    for style in tree.xpath("//@style[contains(., 'url(')]"):
        images += _read_sheet(str(style))[0]
    return _made(base, sheets, images, files)


def find_in_style_sheet(text: str, *, url: str) -> Requisites:
    """What a style sheet at `url` names."""
    named, imported = _read_sheet(text)
    return _made(url, imported, named)


def _made(
    base: str, sheets: Iterable[str], others: Iterable[str], files: Iterable[str] = ()
) -> Requisites:
    first = list(_absolute(base, sheets))
    return Requisites(
        addresses=tuple(dict.fromkeys((*first, *files, *_absolute(base, others)))),
        sheets=frozenset(first),
    )


def _images(element: HtmlElement) -> Iterator[str]:
    """A lazy image has two: one that is shown until the other is there. Sounds and films have none
    but the one that stands there until they run."""
    if element.tag in ("img", "input"):
        yield from (element.get(key, "") for key in _IMAGE_KEYS)
    if element.tag in ("img", "source"):
        for key in _SET_KEYS:
            yield from _from_set(element.get(key, ""))
    elif element.tag == "video":
        yield element.get("poster", "")
    else:
        yield element.get("background", "")


def _from_set(srcset: str) -> Iterator[str]:
    """Of an image in several sizes the first, and the one that is shown in a window on a desk."""
    candidates = [
        (url.rstrip(","), "" if url.endswith(",") else (size or "").strip())
        for url, size in _CANDIDATE.findall(srcset)
    ]
    yield from (url for url, _ in candidates[:1])
    widths = sorted(
        (int(size[:-1]), url)
        for url, size in candidates
        if size.endswith("w") and size[:-1].isdecimal()
    )
    wide = [each for each in widths if each[0] >= _SET_WIDTH]
    yield from (url for _, url in (wide[:1] or widths[-1:]))


def _read_sheet(text: str) -> tuple[list[str], list[str]]:
    """What a style sheet shows, and what it imports."""
    bare = _without_comments(text[:_SHEET_MOST])
    imported = _IMPORT.findall(bare)
    named = dict.fromkeys("".join(each) for each in _NAMED.findall(bare))
    return [each for each in named if each not in imported and not _is_font(each)], imported


def _without_comments(text: str) -> str:
    kept = []
    while (begin := text.find("/*")) >= 0:
        kept.append(text[:begin])
        end = text.find("*/", begin)
        text = text[end + 2 :] if end >= 0 else ""
    return " ".join((*kept, text))


def _is_font(address: str) -> bool:
    return address.partition("?")[0].partition("#")[0].lower().endswith(_FONTS)


def _absolute(base: str, addresses: Iterable[str]) -> Iterator[str]:
    for address in addresses:
        joined = join(base, address) if address.strip() else None
        if joined is not None:
            yield without_credentials(urldefrag(joined).url)

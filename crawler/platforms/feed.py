"""Native feeds as lists: RSS 0.9x, 1.0 and 2.0, Atom, JSON Feed.

XML is parsed with no DTD, no entities but the characters', no network, and mended where it is
broken; dates stay as printed. Reads what a feed lists, and leaves its texts alone: the article
page is the source.
"""

from __future__ import annotations

import html
import html.entities
import json
import re
from typing import TYPE_CHECKING, Any

from lxml import etree

from archive.model import ListedLink
from crawler.normalise.url import canonical, join_url
from crawler.reading.document import parse, read_document
from crawler.reading.encoding import decode
from crawler.reading.list_page import ListPage
from crawler.reading.next_page import acceptable
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from sources.model import Source

_Row = tuple[str | None, str | None, str | None]  # address, title, date


def is_platform(sight: Sight) -> bool:
    return _IS_XML_FEED.match(sight.text) is not None or _IS_JSON_FEED.match(sight.text) is not None


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    """Read a feed into the links that it lists. What is no feed gives no links. (`visited` is
    the protocol's: a feed prints whole dates.)"""
    forced = source.encoding if source else None
    text = decode(body, http_charset=http_charset, forced=forced).text.lstrip("\ufeff \t\r\n")
    if text.startswith("{"):
        return _read_json(text, url)
    return _read_xml(text, url)


read_feed = read_list


def feed_addresses(url: str) -> tuple[str, ...]:
    return (url,)


def list_addresses(url: str) -> tuple[str, ...]:
    return (url,)


def linked_feeds(body: bytes, url: str) -> tuple[str, ...]:
    """The feeds that a page announces to readers (`<link rel="alternate">`)."""
    document = read_document(body, url=url)
    found = (
        join_url(document.base or url, link.get("href") or "")
        for link in document.tree.iter("link")
        if "alternate" in (link.get("rel") or "").lower().split()
        and (link.get("type") or "").split(";")[0].strip().lower() in _FEED_TYPES
    )
    return tuple(dict.fromkeys(address for address in found if address))


_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")
# Atomic, or a page full of comments takes for ever.
_IS_XML_FEED = re.compile(
    r"[^<]{0,16}(?>\s+|<\?[^>]*>|<!--.*?-->|<!doctype[^>]*>)*+"
    r"<(?:rss|(?:\w+:)?feed|(?:\w+:)?rdf)[\s>:]",
    re.DOTALL,
)
_IS_JSON_FEED = re.compile(
    r"""\s*\{(?=.{0,4000}?"version"\s*:\s*"https?:\\?/\\?/(?:www\.)?jsonfeed\.org)""", re.DOTALL
)

# Where each format keeps when an article came out, best first; Atom's `updated` is the last
# resort, for feeds that have nothing else.
_DATES = (
    "published",
    "pubDate",
    "issued",
    "publicationDate",
    "date",
    "created",
    "updated",
    "modified",
)


def _read_xml(text: str, url: str) -> ListPage:
    root = _parse(text)
    rows = (
        [_xml_row(item, url) for item in _named(root, "item", "entry")] if root is not None else []
    )
    following = (
        (
            link.get("href")
            for link in _named(root, "link")
            if (link.get("rel") or "") in ("next", "prev-archive")
        )
        if root is not None
        else ()
    )
    kind = _name(root) if root is not None and rows else "nothing"
    return _as_page(rows, url=url, following=following, where=f"feed: {kind}")


def _read_json(text: str, url: str) -> ListPage:
    try:
        said = json.loads(text)
    except ValueError:
        said = None
    items = said.get("items") if isinstance(said, dict) else None
    rows = [_json_row(item) for item in items] if isinstance(items, list) else []
    following = [said.get("next_url")] if isinstance(said, dict) else []
    return _as_page(
        rows, url=url, following=following, where="feed: JSON" if rows else "feed: nothing"
    )


def _as_page(
    rows: Iterable[_Row], *, url: str, following: Iterable[object], where: str
) -> ListPage:
    links: dict[str, ListedLink] = {}
    skipped = 0
    for href, title, published in rows:
        address = join_url(url, href) if href else None
        if address is None:
            skipped += 1
        else:
            link = ListedLink(url=address, title=title or None, published=published or None)
            links.setdefault(canonical(address), link)
    more = (acceptable(each, base=url, url=url) for each in following if isinstance(each, str))
    return ListPage(
        links=tuple(links.values()),
        next=next(filter(None, more), None),
        skipped=skipped,
        where=where,
    )


def _parse(text: str) -> etree._Element | None:
    """The tree of a feed. The document type goes before parsing, and with it every entity that
    it could define; `&nbsp;` and the like, which feeds use undefined, become characters."""
    text = _AMPERSAND.sub(_character, _PROLOGUE.sub("", text))
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    return etree.fromstring(text.encode(), parser=parser) if text.strip() else None


_PROLOGUE = re.compile(
    r"<\?xml[^>]*\?>|<!DOCTYPE[^>\[]*(?:\[[^\]]{0,20000}\]\s*)?>", re.IGNORECASE | re.DOTALL
)
# CDATA sections, and ampersands that are none of XML's own: `&nbsp;`, or bare as in "A & B".
_AMPERSAND = re.compile(
    r"<!\[CDATA\[.*?(?:\]\]>|\Z)|&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9a-fA-F]+);)(?:(\w{1,31});)?",
    re.DOTALL,
)


def _character(match: re.Match[str]) -> str:
    if match[0].startswith("<"):
        return match[0]
    if match[1] is None:
        return "&amp;"
    return html.unescape(match[0]) if f"{match[1]};" in html.entities.html5 else ""


def _name(element: etree._Element) -> str:
    """The name without its name space, which broken feeds lose or leave undeclared."""
    return re.split("[}:]", str(element.tag))[-1]


def _named(root: etree._Element, *names: str) -> Iterator[etree._Element]:
    return (element for element in root.iter("{*}*") if _name(element) in names)


def _children(item: etree._Element) -> dict[str, list[etree._Element]]:
    children: dict[str, list[etree._Element]] = {}
    for child in item.iterchildren("{*}*"):
        children.setdefault(_name(child), []).append(child)
    return children


def _xml_row(item: etree._Element, url: str) -> _Row:
    children = _children(item)
    title = next((_title(each) for each in children.get("title", ())), None)
    dates = (one_line(each.text or "") for name in _DATES for each in children.get(name, ()))
    href = next(filter(None, _addresses(item, children)), None)
    base = join_url(url, item.base or "") if item.base else url
    return (join_url(base or url, href) if href else None), title, next(filter(None, dates), None)


def _addresses(
    item: etree._Element, children: dict[str, list[etree._Element]]
) -> Iterator[str | None]:
    """Where an item leads, best first: its link, a permanent guid, what RDF says it is about, its
    file."""
    links = children.get("link", [])
    for link in sorted(links, key=lambda each: "html" not in (each.get("type") or "html")):
        if link.get("rel") in (None, "alternate"):
            yield (link.get("href") or link.text or "").strip()
    for guid in children.get("guid", ()):
        if (guid.get("isPermaLink") or "true").lower() == "true" and "://" in (guid.text or ""):
            yield (guid.text or "").strip()
    yield item.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
    for enclosure in children.get("enclosure", ()):
        yield enclosure.get("url")


def _title(element: etree._Element) -> str:
    """A title as text. RSS and Atom let it hold HTML, once escaped or as elements."""
    said = "".join(element.itertext())
    return one_line("".join(parse(said).itertext())) if _MARKUP.search(said) else one_line(said)


_MARKUP = re.compile(r"</?[a-zA-Z][^<>]*>|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]+);")


def _json_row(item: Any) -> _Row:
    if not isinstance(item, dict):
        return None, None, None
    said = {name: value for name, value in item.items() if isinstance(value, str)}
    identity = said.get("id", "")
    href = said.get("url") or said.get("external_url") or (identity if "://" in identity else None)
    published = said.get("date_published") or said.get("date_modified")
    return href, one_line(said.get("title", "")), published

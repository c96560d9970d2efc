"""WordPress, any version, as a blog or a magazine.

Checked against what the system itself writes into every theme (generator, the link to its API,
class names by post_class, its folders) and READING.md §7. Addresses of articles are what the
owner wishes, so a list is read by the marks of its posts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

from lxml import etree

from crawler.platforms.known import open_list, read_articles
from crawler.reading.anchors import find_anchors, is_heading
from crawler.reading.list_page import read_list_document

if TYPE_CHECKING:
    from datetime import datetime

    from lxml.html import HtmlElement

    from crawler.platforms.sight import Sight
    from crawler.reading.anchors import Anchor
    from crawler.reading.list_page import ListPage
    from sources.model import Source

_OWN = re.compile(
    r"(?:^|/)wp-(?:includes/(?:css|js)|content/(?:themes|plugins)|json)/", re.MULTILINE
)
# What post_class() gives each post, and the block themes' query loop.
_POST = frozenset(("hentry", "type-post", "wp-block-post"))
_CLASSES = etree.XPath("descendant-or-self::*/@class")
# Archives, of which every post names some.
_ARCHIVE = re.compile(
    r"/(?:category|tag|author|page|topics?|feed|comments|search|wp-[\w-]+)(?:/|$)"
    r"|/(?:19|20)\d\d(?:/\d\d){0,2}/?$|[?&](?:cat|tag|author|m|paged|s|feed)="
)
_PAGES = re.compile(r"/(?:page/\d+|feed|(?:19|20)\d\d(?:/.*)?|author/.*|wp-[\w-]+.*|index\.php)/?$")


def is_platform(sight: Sight) -> bool:
    is_linked = "api.w.org" in sight.headers.get("link", "") or any(
        f"rel={quote}https://api.w.org/" in sight.text for quote in ('"', "'")
    )
    return is_linked or sight.is_made_by("wordpress") or sight.leads_to(_OWN)


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    document = open_list(body, url=url, source=source, http_charset=http_charset)
    posts = _posts_of(document.tree)
    if posts and any(_is_title(anchor, posts) for anchor in find_anchors(document)):
        return read_articles(
            document,
            visited=visited,
            source=source,
            is_article=lambda anchor: _is_title(anchor, posts),
        )
    return read_list_document(document, visited=visited, source=source)


def feed_addresses(url: str) -> tuple[str, ...]:
    """The feed of the site, and before it that of the category that the address shows."""
    parts = urlsplit(url)
    root = urlunsplit((parts.scheme, parts.netloc, "/", "", ""))
    path = _PAGES.sub("/", parts.path)
    column = path if re.search(r"/(?:category|tag|topics?)/[^/]+", path) else None
    places = [urljoin(root, f"{column.rstrip('/')}/feed/")] if column else []
    return (*places, urljoin(root, "feed/"))


def list_addresses(url: str) -> tuple[str, ...]:
    return ()


def _posts_of(tree: HtmlElement) -> frozenset[HtmlElement]:
    """Every element inside a post: theirs are the titles, whatever else the page links. One post
    inside another is walked through with it, not again: a page may nest them a hundred deep."""
    inside: set[HtmlElement] = set()
    for said in _CLASSES(tree):
        if _POST.intersection(said.split()) and (post := said.getparent()) not in inside:
            inside.update(post.iter())
    return frozenset(inside)


def _is_title(anchor: Anchor, posts: frozenset[HtmlElement]) -> bool:
    if anchor.element not in posts or anchor.url is None:
        return False
    parts = urlsplit(anchor.url)
    address = f"{parts.path}?{parts.query}" if parts.query else parts.path
    is_named = is_heading(anchor.element) or anchor.element.get("rel") == "bookmark"
    return is_named and _ARCHIVE.search(address) is None

"""The Link header of a feed: what the document itself says, so that the two cannot differ.

WebSub asks for hub and self in both; RFC 5005 readers find the way back from either.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from lxml import etree

from feeds.renditions import find_parts

if TYPE_CHECKING:
    from collections.abc import Iterator

_RELATIONS = ("self", "hub", "current", "prev-archive", "next-archive")
_ATOM_LINK = "{http://www.w3.org/2005/Atom}link"
# A URI-Reference stands between `<` and `>`, in ASCII (RFC 8288 section 3).
_URL = re.compile(r"[!#-;=?-~]+")


def link_header(name: str, document: bytes) -> str | None:
    """`<https://…>; rel="self", …` by the file's name; None where it has no such link."""
    found = _in_json(document) if name.endswith(".json") else _in_xml(name, document)
    links = [f'<{url}>; rel="{relation}"' for relation, url in found if _URL.fullmatch(url)]
    return ", ".join(links) or None


def _in_xml(name: str, document: bytes) -> Iterator[tuple[str, str]]:
    """Those of the feed; its entries, which are nearly all of it, are not looked at."""
    parts = find_parts(name, document)
    if parts is None:
        return
    root = etree.fromstring(parts.head + parts.tail)
    feed = root[0] if root.tag == "rss" else root
    links = [(link.get("rel", ""), link.get("href", "")) for link in feed.iterfind(_ATOM_LINK)]
    for wanted in _RELATIONS:
        yield from (link for link in links if link[0] == wanted)


def _in_json(document: bytes) -> Iterator[tuple[str, str]]:
    head, _, _ = document.partition(b',"items":')
    try:
        feed = json.loads(head + b"}")
    except ValueError:
        return
    if "feed_url" in feed:
        yield "self", feed["feed_url"]
    yield from (("hub", hub["url"]) for hub in feed.get("hubs", ()))

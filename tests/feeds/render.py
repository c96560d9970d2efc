"""Entries in, parsed documents out: what the tests of this room ask about."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from lxml import etree

from feeds.channel import Tags
from feeds.documents import common_documents, journal_documents
from feeds.journal import NAMESPACES
from foundation.settings import Settings
from tests.factories import AUTHORITY, MINTED, source

if TYPE_CHECKING:
    from archive.model import ArchivedEntry
    from sources.model import Source

SETTINGS = Settings(public_url="https://feeds.example")
TAGS = Tags(authority=AUTHORITY, minted=MINTED)
NS = {**NAMESPACES, "content": "http://purl.org/rss/1.0/modules/content/", "a": NAMESPACES["atom"]}


def documents(
    *entries: ArchivedEntry, of: Source | None = None, settings: Settings = SETTINGS
) -> dict[str, bytes]:
    return journal_documents(entries, of or source(), settings, tags=TAGS)


def common(
    *entries: ArchivedEntry, of: tuple[Source, ...], settings: Settings = SETTINGS
) -> dict[str, bytes]:
    return common_documents(entries, of, settings, tags=TAGS)


def rss(*entries: ArchivedEntry, **options: Any) -> etree._Element:
    """The channel."""
    return etree.fromstring(documents(*entries, **options)["rss.xml"])[0]


def atom(*entries: ArchivedEntry, **options: Any) -> etree._Element:
    return etree.fromstring(documents(*entries, **options)["atom.xml"])


def json_feed(*entries: ArchivedEntry, **options: Any) -> dict[str, Any]:
    return json.loads(documents(*entries, **options)["feed.json"])


def texts(tree: etree._Element, path: str) -> list[str | None]:
    return [one.text for one in tree.iterfind(path, NS)]


def one(tree: etree._Element, path: str) -> etree._Element:
    (found,) = tree.iterfind(path, NS)
    return found

"""Discuz! X, a forum with a portal of articles beside; some magazines use the one, some the other.

Checked against its default templates as published with the system and READING.md §7; the addresses
of its feeds are those that its templates link.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.platforms.known import kind_of, open_list, read_kind
from crawler.reading.anchors import find_anchors

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

_ARTICLE = re.compile(r"/article-\d+-1\.html$|/portal\.php\?(?=[^#]*\bmod=view\b)(?=[^#]*\baid=\d)")
_THREAD = re.compile(r"/thread-\d+-1-\d+\.html$|/forum\.php\?(?=[^#]*\bmod=viewthread\b)")
_OWN = re.compile(r"(?:^|/)(?:forum|portal|home)\.php\?mod=", re.MULTILINE)
_COLUMN = re.compile(r"/portal\.php\?(?:[^#]*&)?catid=(\d+)")
_FORUM = re.compile(r"/forum-(\d+)-\d+\.html|/forum\.php\?(?:[^#]*&)?fid=(\d+)")


def is_platform(sight: Sight) -> bool:
    has_scripts = "discuz_uid = '" in sight.text
    return sight.is_made_by("discuz!") or (has_scripts and sight.leads_to(_OWN))


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    """A portal shows threads of the forum in its side, and a forum articles of the portal: the
    page's own come first."""
    document = open_list(body, url=url, source=source, http_charset=http_charset)
    anchors = find_anchors(document)
    own, other = (_THREAD, _ARTICLE) if _FORUM.search(url) else (_ARTICLE, _THREAD)
    kind = kind_of(anchors, (own,)) or kind_of(anchors, (other,))
    return read_kind(document, kind, visited=visited, source=source)


def feed_addresses(url: str) -> tuple[str, ...]:
    """The feed of what the address shows: a column of the portal, one forum, or all forums."""
    if column := _COLUMN.search(url):
        return (urljoin(url, f"/portal.php?mod=rss&catid={column[1]}"),)
    if forum := _FORUM.search(url):
        return (urljoin(url, f"/forum.php?mod=rss&fid={forum[1] or forum[2]}"),)
    return (urljoin(url, "/forum.php?mod=rss"),)


def list_addresses(url: str) -> tuple[str, ...]:
    return ()

"""Open Journal Systems (PKP), versions 2 and 3.

Checked against its default themes as documented (`obj_article_summary`; `tocTitle` before 3.0)
and READING.md §7; no saved page was at hand.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.platforms.issue import read_issue_list

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

# One part after `view` is the article, a second one a galley of it (its PDF).
_ARTICLES = (re.compile(r"/article/view(?:Article)?/[^/?]+/?(?:\?|$)"),)
_ISSUE = re.compile(r"/issue/view/[^/?]+(?:/showToc)?/?(?:\?|$)")
_ARCHIVE = re.compile(r"/issue/archive/?$")
# Class names of its themes, version 3 and 2, and its feeds' plugin.
_MARKS = (
    "obj_article_summary",
    "obj_issue_toc",
    "obj_issue_summary",
    "pkp_structure",
    "pkp_site",
    "pkp_brand",
    'class="tocarticle',
    "webfeedgatewayplugin",
)
_PAGES = re.compile(r"/(?:issue|article|about|gateway|oai|search|user|announcement|index)(?:/.*)?$")


def is_platform(sight: Sight) -> bool:
    has_cookie = "OJSSID" in sight.headers.get("set-cookie", "")
    is_made_by = sight.is_made_by("open journal systems")
    return has_cookie or is_made_by or any(mark in sight.text for mark in _MARKS)


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    return read_issue_list(
        body,
        url=url,
        visited=visited,
        source=source,
        http_charset=http_charset,
        article=_ARTICLES,
        issue=_ISSUE,
        archive=_ARCHIVE,
    )


def feed_addresses(url: str) -> tuple[str, ...]:
    return tuple(f"{_journal(url)}{_GATEWAY}{form}" for form in ("atom", "rss2", "rss"))


def list_addresses(url: str) -> tuple[str, ...]:
    """The current issue, then the archive of issues."""
    return (f"{_journal(url)}/issue/current", f"{_journal(url)}/issue/archive")


_GATEWAY = "/gateway/plugin/WebFeedGatewayPlugin/"


def _journal(url: str) -> str:
    parts = urlsplit(url)
    path = _PAGES.sub("", parts.path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))

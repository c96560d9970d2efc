"""PHPCMS V9, a content system of many Chinese magazines.

Checked against its default templates and its feed module as published with the system: the address
m=content&c=rss without a column's number is a page about feeds, not a feed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.platforms.known import read_known_list

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

# By its program, rewritten, or made into files: /html/2026/chahua_0630/91.html.
_ARTICLES = (
    re.compile(
        r"\?(?=[^#]*\ba=show\b)(?=[^#]*\bid=\d)|/show-\d+-\d+-1\.html?$"
        r"|/(?:19|20)\d\d/(?:[A-Za-z]+_)?\d{4}/\d+\.s?html?$"
    ),
)
_OWN = re.compile(
    r"index\.php\?m=content&c=|(?:^|/)api\.php\?op=count&|(?:^|/)phpsso_server/", re.MULTILINE
)
_COLUMN = re.compile(r"[?&]catid=(\d+)|/list-(\d+)-\d+\.html?$")


def is_platform(sight: Sight) -> bool:
    return sight.leads_to(_OWN) or sight.is_made_by("phpcms")


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    return read_known_list(
        body,
        url=url,
        visited=visited,
        source=source,
        http_charset=http_charset,
        article=_ARTICLES,
    )


def feed_addresses(url: str) -> tuple[str, ...]:
    """The feed of a column, where its address has the column's number."""
    found = _COLUMN.search(url)
    number = (found[1] or found[2]) if found else None
    return (urljoin(url, f"/index.php?m=content&c=rss&rssid={number}"),) if number else ()


def list_addresses(url: str) -> tuple[str, ...]:
    return ()

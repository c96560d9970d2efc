"""DedeCMS 织梦, a content system of many Chinese magazines.

Checked against its default templates as published with the system (templets/default) and READING.md
§7. The place of its feeds is a guess that READING.md shares.
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

# A column may name its files as it likes: /a/diaocha/2026/0803/2735.html, /diaocha/2735.html; what
# is not made into a file yet is /plus/view.php?aid=2735. /2735_2.html is an article's second page.
_ARTICLES = (
    re.compile(r"/\d+\.html?$|/plus/view\.php\?(?:[^#]*&)?aid=\d|/plus/view-\d+-\d+\.html?$"),
)
_OWN = re.compile(
    r"(?:^|/)plus/(?:view|list|count|stow|feedback|recommend|heightsearch|digg_ajax)\.php"
    r"|(?:^|/)templets/\w|(?:^|/)include/dedeajax2\.js|(?:^|/)data/rssmap\.html",
    re.MULTILINE,
)
_COLUMN = re.compile(r"/list_(\d+)(?:_\d+)?\.html?$|[?&]tid=(\d+)")


def is_platform(sight: Sight) -> bool:
    return sight.leads_to(_OWN) or sight.is_made_by("dedecms")


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
    return (urljoin(url, f"/data/rss/{found[1] or found[2]}.xml"),) if found else ()


def list_addresses(url: str) -> tuple[str, ...]:
    return ()

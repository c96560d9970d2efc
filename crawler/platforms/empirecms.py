"""EmpireCMS 帝国, a content system of many Chinese magazines.

Checked against its folders as published with the system (/e/…) and READING.md §7. Some blogs of
other systems use its free templates and keep one of its addresses, so two must be seen.
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

# /haidao/2026-07-21/118.html, the same with a digest for a name, or built anew at each visit.
_ARTICLES = (
    re.compile(r"/(?:\d+|[0-9a-f]{16,32})\.s?html?$|/e/action/showinfo\.php\?", re.IGNORECASE),
)
_OWN = re.compile(
    r"(?:^|/)e/(public/viewclick|public/digg|data/js/ajax\.js|pl/|member/|doinfo/|web/\?|search/"
    r"|action/(?:listinfo|showinfo)|enews/|tool/gbook|space/)",
    re.MULTILINE,
)


def is_platform(sight: Sight) -> bool:
    return sight.is_made_by("empirecms") or len(set(_OWN.findall(sight.addresses))) >= 2


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
    return (urljoin(url, "/e/web/?type=rss2"),)


def list_addresses(url: str) -> tuple[str, ...]:
    return ()

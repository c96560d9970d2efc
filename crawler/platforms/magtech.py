"""Magtech 玛格泰克, the system of many Chinese academic journals.

Checked against retyped pieces of two journals' issue and archive pages (航空学报, 地理研究; corpus
fragments F02–F05) and READING.md §7. Its servers answer 500 at random; asking again is the
poll's matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from crawler.platforms.issue import read_issue_list

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

# /CN/abstract/abstract123.shtml, /CN/10.1234/j.abc.2026.01.001, /CN/Y2026/V45/I1/18.
_ARTICLE = re.compile(
    r"/(?:CN|EN)/(?:abstract/abstract\d+\.s?html|10\.\d{4,9}/.+|Y\d{4}/V\d+/I[^/]+/[^/]+/?$)",
    re.IGNORECASE,
)
# The system writes `volumn`.
_ISSUE = re.compile(
    r"/(?:CN|EN)/(?:Y\d{4}/V\d+/I[^/]+|volumn/volumn_\d+\.s?html)/?$", re.IGNORECASE
)
_MARKS = re.compile(
    r"/(?:cn|en)/volumn/|/cn/article/show\w*volumn|magtech|/(?:cn|en)/y\d{4}/v\d+/i\d+"
)


def is_platform(sight: Sight) -> bool:
    return _MARKS.search(sight.text) is not None or "/volumn/" in sight.url.lower()


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
        article=_ARTICLE,
        issue=_ISSUE,
    )


def feed_addresses(url: str) -> tuple[str, ...]:
    return (urljoin(url, "/CN/rss_zxly.xml"),)

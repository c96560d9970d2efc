"""Magtech 玛格泰克, the system of many Chinese academic journals.

Checked against retyped pieces of two journals' issue and archive pages (航空学报, 地理研究; corpus
fragments F02–F05) and READING.md §7. Its servers answer 500 at random; asking again is the
poll's matter.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler.platforms.issue import read_issue_list

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

# /CN/abstract/abstract123.shtml, /CN/10.1234/j.abc.2026.01.001, /CN/Y2026/V45/I1/18.
_ARTICLES = (
    re.compile(
        r"/(?:CN|EN)/(?:abstract/abstract\d+\.s?html|10\.\d{4,9}/.+|Y\d{4}/V\d+/I[^/]+/[^/?]+/?$)",
        re.IGNORECASE,
    ),
)
# The system writes `volumn`.
_ISSUE = re.compile(
    r"/(?:CN|EN)/(?:Y\d{4}/V\d+/I[^/]+|volumn/volumn_\d+\.s?html)/?$", re.IGNORECASE
)
_OWN = re.compile(
    r"/(?:cn|en)/volumn/|/(?:cn|en)/article/show\w*volumn|/(?:cn|en)/y\d{4}/v\d+/i\d+"
    r"|^volumn/volumn_\d+\.shtml",
    re.MULTILINE,
)
# The maker's front page, as footers link it; its help pages for authors are linked by others too.
_MAKER = re.compile(r"magtech\.com\.cn/?[\"'\s>]")
_JOURNAL = re.compile(r"^(.*?)/(CN|EN)(?:/|$)", re.IGNORECASE)


def is_platform(sight: Sight) -> bool:
    is_made_by = _MAKER.search(sight.text) is not None or sight.says("玛格泰克")
    return is_made_by or sight.leads_to(_OWN) or "/volumn/" in sight.url.lower()


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
    )


def feed_addresses(url: str) -> tuple[str, ...]:
    return (urljoin(url, f"{_journal(url)}/rss_zxly.xml"),)


def list_addresses(url: str) -> tuple[str, ...]:
    """The current issue, then the archive of issues."""
    journal = _journal(url)
    return tuple(
        urljoin(url, f"{journal}/{page}") for page in ("volumn/current.shtml", "archive_by_years")
    )


def _journal(url: str) -> str:
    """The path of the journal in its language; a server may hold several, each below its code."""
    found = _JOURNAL.match(urlsplit(url).path)
    return f"{found[1]}/{found[2].upper()}" if found else "/CN"

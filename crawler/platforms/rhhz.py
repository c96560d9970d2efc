"""RHHZ 仁和汇智, the system of many Chinese academic journals.

Checked against READING.md §7, public programs that read it (meta citation_id, the link to rhhz.net
in the footer, div.article-list-title) and addresses of four journals. It has no feed that we know.
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

# /cn/article/doi/10.1234/x.2026.01, /article/id/0123abcd.
_ARTICLES = (re.compile(r"/article/(?:doi/10\.\d{4,9}/[^?]+|id/\w+)", re.IGNORECASE),)
# /cn/article/2026/3, /article/2026/S1.
_ISSUE = re.compile(r"/article/(?:19|20)\d\d/[A-Z]?\d{1,3}$", re.IGNORECASE)
_OWN = re.compile(
    r"(?:^|/)article/(?:doi/10\.|id/\w|current$|(?:19|20)\d\d/|exportpdf)", re.MULTILINE
)
_LANGUAGE = re.compile(r"^(.*?)/(cn|en|zh)(?:/|$)")


def is_platform(sight: Sight) -> bool:
    marks = ("www.rhhz.net", '"citation_id"')
    is_made_by = any(mark in sight.text for mark in marks) or sight.says("仁和汇智")
    return is_made_by and sight.leads_to(_OWN)


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
    return ()


def list_addresses(url: str) -> tuple[str, ...]:
    """The current issue, in the language of the address; some journals have one language only."""
    found = _LANGUAGE.match(urlsplit(url).path)
    journal, language = (found[1], found[2]) if found else ("", "cn")
    places = (f"{journal}/{language}/article/current", f"{journal}/article/current")
    return tuple(urljoin(url, place) for place in places)

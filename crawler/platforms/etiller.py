"""E-Tiller 勤云, the system of many Chinese academic journals, in both of its layouts.

Checked against READING.md §7, the addresses that public programs ask it for, and a retyped article
page (国防科技大学学报; corpus fragment F06). How an issue links the one before is a guess.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from crawler.platforms.issue import read_issue_list
from crawler.reading.next_page import acceptable

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

# Older: /ch/reader/view_abstract.aspx?file_no=20260301&flag=1. Newer: /{id}/article/abstract/{no}.
_ARTICLES = (
    re.compile(r"/view_abstract\.aspx\?(?:[^#]*&)?file_no=", re.IGNORECASE),
    re.compile(r"/article/abstract/[^/?]+"),
    re.compile(r"/article/html/[^/?]+"),
)
# Older: issue_list.aspx?year_id=2026&quarter_id=3. Newer: /{id}/article/issue/2026_44_3.
_ISSUE = re.compile(
    r"/issue_list\.aspx\?(?:[^#]*&)?year_id=\d|/article/issue/\d{4}_\w+", re.IGNORECASE
)
# strAllIssueJson = "{\"years\":[{…\"issue_url\":\"/id/article/issue/2026_44_3\"…}]}";
_SCRIPT = re.compile(r"strAllIssueJson\s{0,9}=\s{0,9}\"(.*?)\";", re.DOTALL)
_SCRIPTED_ISSUE = re.compile(
    r"\"issue_url\"\s*:\s*\"([^\"]*?/article/issue/(\d{1,4}(?:_\d{1,4}){1,2}))\""
)
_OLDER = re.compile(
    r"(?:^|/)(?:view_abstract|create_pdf|issue_list|issue_browser)\.aspx", re.MULTILINE
)
_NEWER = re.compile(r"(?:^|/)article/(?:abstract|issue)/\w|(?:^|/)issue/browser$", re.MULTILINE)
_PAGES = re.compile(r"/(?:ch|en)/.*|/(?:article|issue)/.*|/(?:home|index)(?:\.\w+)?/?$|/$")


def is_platform(sight: Sight) -> bool:
    if sight.leads_to(_OLDER):
        return True
    is_made_by = "e-tiller.com" in sight.text or sight.says("勤云科技")
    return is_made_by and sight.leads_to(_NEWER)


def read_list(
    body: bytes,
    *,
    url: str,
    visited: datetime,
    source: Source | None = None,
    http_charset: str | None = None,
) -> ListPage:
    page = read_issue_list(
        body,
        url=url,
        visited=visited,
        source=source,
        http_charset=http_charset,
        article=_ARTICLES,
        issue=_ISSUE,
    )
    if page.next or any(kind.search(link.url) for link in page.links for kind in _ARTICLES):
        return page
    newest = _scripted_issue(body, url)
    return replace(page, links=(), next=newest, where="issues in a script") if newest else page


def feed_addresses(url: str) -> tuple[str, ...]:
    return (f"{_journal(url)}/ch/reader/rss.aspx",)


def list_addresses(url: str) -> tuple[str, ...]:
    """The archives of both layouts; their first issue is the newest."""
    older, newer = f"{_journal(url)}/ch/reader/issue_browser.aspx", f"{_journal(url)}/issue/browser"
    return (newer, older) if re.search(r"/(?:article|issue|home)\b", url) else (older, newer)


def _scripted_issue(body: bytes, url: str) -> str | None:
    """The newest issue that the newer layout's archive writes into a script, not into links."""
    script = _SCRIPT.search(body.decode("ascii", "replace"))
    if script is None:
        return None
    found = _SCRIPTED_ISSUE.findall(script[1].replace("\\", ""))
    newest = max(found, key=lambda place: [int(part) for part in place[1].split("_")], default=None)
    return acceptable(newest[0], base=url, url=url) if newest else None


def _journal(url: str) -> str:
    """The address of the journal; a server may hold several, each below its code."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, _PAGES.sub("", parts.path), "", ""))

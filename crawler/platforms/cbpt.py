"""CBPT of CNKI 中国知网, the web pages of many Chinese journals, in the older .aspx layout; of the
newer one (/portal/journal/…), whose lists are built by script, only article addresses are known.

Checked against READING.md §7 and the addresses that public programs ask it for; no saved page was
at hand. It has no feeds that we know of, and its lists print no day.
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

_ARTICLES = (
    re.compile(r"/paperDigest\.aspx\?(?:[^#]*&)?paperID=", re.IGNORECASE),
    re.compile(r"/portal/journal/portal/client/paper/\w+"),
)
# colType=4 are the contents; with a year and a number they are those of one issue.
_ISSUE = re.compile(r"/wkTextContent\.aspx\?(?=[^#]*\bcolType=4\b)(?=[^#]*\byt=\d)", re.IGNORECASE)
_OWN = re.compile(
    r"(?:^|/)(?:paperdigest\.aspx\?paperid=|wktextcontent\.aspx\?|portal/journal/portal/client/)",
    re.MULTILINE,
)
_ROOT = re.compile(r"^(.*/WK\w+/WebPublication)/", re.IGNORECASE)


def is_platform(sight: Sight) -> bool:
    return sight.leads_to(_OWN) or sight.says("本系统由中国知网提供技术支持")


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
    """The archive of issues. Its folder (WKB, WKG2) differs from journal to journal."""
    root = _ROOT.match(urlsplit(url).path)
    return (
        (urljoin(url, f"{root[1]}/wkTextContent.aspx?colType=4&tp=gklb"),)
        if root is not None
        else ()
    )

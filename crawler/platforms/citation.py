"""Publishers' platforms of the kind that search engines for scholars read: Atypon, HighWire,
Silverchair. Their article pages carry citation_* tags; what differs is how they address lists.

Checked against READING.md §7 and the addresses that these platforms publish for readers; no saved
page of a list was at hand.
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

# Atypon: /doi/full/10.1234/x, /doi/10.1234/x; its PDFs, references and supplements are no articles.
# HighWire: /content/12/3/201, /content/early/2026/05/12/x.
# Silverchair: /brain/article/12/3/201/77/A-title.
_ARTICLES = (
    re.compile(r"/doi/10\.\d{4,9}/[^?]+"),
    re.compile(r"/doi/full/10\.\d{4,9}/[^?]+"),
    re.compile(r"/doi/abs/10\.\d{4,9}/[^?]+"),
    re.compile(
        r"/content/(?:\w+/)?\d+/[^/]+/[A-Za-z]{0,2}\d+(?:\.(?:full|abstract|short|long))?/?(?:\?|$)"
    ),
    re.compile(r"/content/early/\d{4}/\d\d/\d\d/[^/?]+/?(?:\?|$)"),
    re.compile(
        r"/article(?:-abstract)?/(?:\d+/[^/]+/[^/]+/\d+|doi/10\.\d{4,9}/[^/]+/[^/]+/\d+)(?:/[^/?]+)?/?(?:\?|$)"
    ),
)
_ISSUE = re.compile(r"/toc/[\w-]+/\d+/\w+(?:/\w+)?/?$|/content/\d+/\d+\w*/?$|/issue/\d+/[\w-]+/?$")
_OWN = re.compile(
    r"^/?(?:action/(?:showfeed|showlogin|showpdf|dosearch)\b|toc/[\w-]+/current|pb-assets/)"
    r"|/(?:sites/all/)?(?:modules|libraries)/highwire|^/?content/(?:early/recent|by/year)\b"
    r"|^/[\w-]+/advance-articles$|/ss/silverchair|/silverchair",
    re.MULTILINE,
)
_CODE = re.compile(r"^/(?:toc|loi|journal)/([\w-]+)")
_JOURNAL = re.compile(
    r"^/([\w-]+)/(?:issue|article|article-abstract|advance-articles|pages)(?:/|$)"
)


def is_platform(sight: Sight) -> bool:
    return sight.leads_to(_OWN) or "silverchair-cdn.com" in sight.text


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
    """Atypon's feed of an issue's contents where the address names the journal; HighWire's is one
    for each host. Silverchair's has numbers that only its pages know."""
    path = urlsplit(url).path
    if code := _CODE.match(path):
        return (urljoin(url, f"/action/showFeed?type=etoc&feed=rss&jc={code[1]}"),)
    return () if _JOURNAL.match(path) else (urljoin(url, "/rss/current.xml"),)


def list_addresses(url: str) -> tuple[str, ...]:
    path = urlsplit(url).path
    if code := _CODE.match(path):
        places = [f"/toc/{code[1]}/current"]
    elif journal := _JOURNAL.match(path):
        places = [f"/{journal[1]}/advance-articles", f"/{journal[1]}/issue"]
    else:
        places = ["/content/early/recent", "/content/current"] if "/content" in path else []
    return tuple(urljoin(url, place) for place in places)

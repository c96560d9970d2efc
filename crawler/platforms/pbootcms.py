"""PbootCMS, a content system of many Chinese magazines.

Checked against its default templates as published with the system. Its pages do not name it: its
header and cookie do, or its folders for uploads and templates together. It has no feeds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.platforms.known import read_known_list

if TYPE_CHECKING:
    from datetime import datetime

    from crawler.platforms.sight import Sight
    from crawler.reading.list_page import ListPage
    from sources.model import Source

# /wenzhang/206.html, and /?wenzhang/206.html where addresses are not rewritten.
_ARTICLES = (re.compile(r"[/?][\w-]+/\d+\.html$"),)
_UPLOADS = re.compile(r"(?:^|/)static/upload/(?:image|file|other)/20\d{6}/", re.MULTILINE)
_TEMPLATE = re.compile(r"^/template/[\w-]+/", re.MULTILINE)


def is_platform(sight: Sight) -> bool:
    made_by = sight.headers.get("x-powered-by", "").lower()
    return (
        "pbootcms" in made_by
        or "pbootsystem" in sight.headers.get("set-cookie", "").lower()
        or sight.is_made_by("pbootcms")
        or (sight.leads_to(_UPLOADS) and sight.leads_to(_TEMPLATE))
    )


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
    return ()


def list_addresses(url: str) -> tuple[str, ...]:
    return ()

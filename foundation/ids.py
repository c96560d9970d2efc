"""What a source, and a saved search, may be called: a part of addresses and folders. Pure."""

from __future__ import annotations

import re

_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# It becomes the name of folders and a part of addresses.
_ID_LENGTH = 64

# First parts of addresses that are ours, or may become so.
RESERVED_IDS = frozenset(
    {
        *("about", "admin", "all", "api", "archive", "article", "articles", "assets", "atom"),
        *("authors", "docs", "entries", "entry", "favicon", "feed", "feeds", "groups", "health"),
        *("healthz", "help", "hub", "index", "issue", "issues", "journal", "journals", "json"),
        *("login", "metrics", "oai", "operator", "opml", "public", "replay", "robots", "rss"),
        *("search", "searches", "sitemap", "static", "status", "websub"),
    }
)


def check_id(text: str) -> str:
    """An id, which for a source is its file's name; ValueError says what is allowed."""
    if not _ID.fullmatch(text) or len(text) > _ID_LENGTH:
        raise ValueError(
            f"an id is lower-case ASCII letters and digits with single hyphens, at most "
            f"{_ID_LENGTH}, such as brand-research"
        )
    if text in RESERVED_IDS:
        raise ValueError(f'"{text}" is reserved for pages of our own')
    return text

"""Tell a challenge, a login or an error page, answered 200, from the journal's own page.

Such a page must never be read as content. Size, title and a few counts decide for nearly all
pages; only a page that is sparse, or whose title is an obstacle's, is looked at closely. Says
nothing about real statuses (404, 503), which the poll knows, and never fetches.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from crawler.reading.anchors import width
from crawler.reading.encoding import decode
from crawler.reading.obstacle_words import (
    CHALLENGE_TITLE,
    CHALLENGE_WORDS,
    ERROR_TITLE,
    ERROR_WORDS,
    LOGIN_FORM_WORDS,
    LOGIN_TITLE,
    LOGIN_URL,
    LOGIN_WORDS,
    MARK,
    MARKS,
    PACKED,
    PASSWORD_FIELD,
    RELOADS,
    SETS_COOKIE,
)

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Obstacle:
    """What stands in the way. `reason` is for the log: what on the page said so."""

    kind: Literal["challenge", "login", "error"]
    reason: str


def find_obstacle(
    body: bytes | str, *, url: str, status: int, headers: Mapping[str, str] | None = None
) -> Obstacle | None:
    """The obstacle that a response is, or None when it may be the journal's page."""
    if mitigated := _header(headers, "cf-mitigated"):
        return Obstacle(kind="challenge", reason=f"header cf-mitigated: {mitigated}")
    raw = body.encode("utf-8", "replace") if isinstance(body, str) else body
    title = _title(raw)
    is_named = any(pattern.match(title) for pattern in (CHALLENGE_TITLE, LOGIN_TITLE, ERROR_TITLE))
    if not is_named and not _is_sparse(raw):
        return None
    if _NOT_A_PAGE.match(raw):
        return None
    text = body if isinstance(body, str) else decode(body).text
    page = _Page(title=title, source=text, words=_words(text), url=url)
    found = _find_challenge(page) or _find_login(page)
    return found or (_find_error(page) if status < 300 else None)


# An ordinary page of a journal has more links or more paragraphs than this; the obstacle pages
# of the corpus and of the firewalls named below have at most a handful.
_FEW_LINKS, _FEW_PARAGRAPHS = 12, 8
# Challenge scripts are long, but no page of a firewall that we know is longer than this.
_SPARSE_BYTES = 200_000
_HEAD_BYTES = 16_384

# How many characters of visible text leave no room for an article. The longest wordings known
# are Cloudflare's (about 450) and those of firewalls that list causes and remedies (about 700);
# words alone, which an article about captchas has too, count on shorter pages only.
_NO_WORDS, _FEW_WORDS, _SOME_WORDS = 60, 300, 900
# An obstacle tells its business in short lines; a paragraph wider than this is prose.
_PROSE_WIDTH = 200

# Files and feeds have neither links nor paragraphs.
_NOT_A_PAGE = re.compile(
    rb"\s*(?:%PDF|PK\x03|\x1f\x8b|\x89PNG|\xff\xd8|GIF8|<rss|<feed|<rdf|[{\[]"
    rb"|<\?xml(?!.{0,400}<html))",
    re.IGNORECASE | re.DOTALL,
)
_TITLE = re.compile(rb"[^>]{0,200}>([^<]{0,600})")
_ARTICLE = re.compile(
    r"<article\b|citation_title|article:published_time|content=[\"']article[\"']", re.IGNORECASE
)


@dataclass(frozen=True, kw_only=True)
class _Page:
    title: str
    source: str
    words: str
    url: str

    @property
    def is_wordless(self) -> bool:
        return len(self.words) <= _NO_WORDS

    @cached_property
    def is_terse(self) -> bool:
        """Whether the page has so little to say that its words may be taken at their face."""
        if len(self.words) > _FEW_WORDS or _ARTICLE.search(self.source):
            return False
        runs = _TAG.split(_UNSEEN.sub(" ", self.source))
        return max(width(" ".join(run.split())) for run in runs) <= _PROSE_WIDTH


def _find_challenge(page: _Page) -> Obstacle | None:
    if len(page.words) > _SOME_WORDS:
        return None
    mark = MARK.search(page.source)
    named = CHALLENGE_TITLE.match(page.title)
    said = CHALLENGE_WORDS.search(page.words)
    if mark and (named or said or page.is_wordless):
        firewall = [*MARKS][int((mark.lastgroup or "m0")[1:])]
        return Obstacle(kind="challenge", reason=f"{firewall}: {mark[0]!r} and hardly any text")
    if named and page.is_terse:
        return Obstacle(kind="challenge", reason=f"title {page.title!r} and hardly any text")
    if said and page.is_terse:
        return Obstacle(kind="challenge", reason=f"hardly any text but {said[0]!r}")
    if page.is_wordless and _is_script_only(page.source):
        return Obstacle(kind="challenge", reason="a script that sets a cookie and reloads, no text")
    return None


def _is_script_only(source: str) -> bool:
    sets = SETS_COOKIE.search(source)
    return bool(sets and (RELOADS.search(source) or PACKED.search(source)))


def _find_login(page: _Page) -> Obstacle | None:
    if len(page.words) > _SOME_WORDS:
        return None
    has_form = PASSWORD_FIELD.search(page.source) is not None
    if has_form and (LOGIN_TITLE.match(page.title) or LOGIN_URL.search(page.url)):
        return Obstacle(kind="login", reason=f"a password form under {page.title or page.url!r}")
    if has_form and page.is_terse and LOGIN_FORM_WORDS.search(page.words):
        return Obstacle(kind="login", reason="a password form and hardly any other text")
    if page.is_terse and (said := LOGIN_WORDS.search(page.words)):
        return Obstacle(kind="login", reason=f"hardly any text but {said[0]!r}")
    return None


def _find_error(page: _Page) -> Obstacle | None:
    if not page.is_terse:
        return None
    if ERROR_TITLE.match(page.title):
        return Obstacle(kind="error", reason=f"title {page.title!r} and hardly any text")
    opening = page.words.removeprefix(page.title).strip()
    if said := ERROR_WORDS.match(opening):
        return Obstacle(kind="error", reason=f"hardly any text but {said[0]!r}")
    return None


def _header(headers: Mapping[str, str] | None, name: str) -> str | None:
    if not headers:
        return None
    return next((value for key, value in headers.items() if key.lower() == name), None)


def _title(raw: bytes) -> str:
    start = raw[:_HEAD_BYTES].lower().find(b"<title")
    match = _TITLE.match(raw, start) if start >= 0 else None
    if match is None:
        return ""
    try:
        text = match[1].decode("utf-8")
    except UnicodeDecodeError:
        text = match[1].decode("gb18030", "replace")
    return " ".join(html.unescape(text).split())


def _is_sparse(raw: bytes) -> bool:
    """Whether a page has so few links and paragraphs that it may be no page of a journal."""
    if len(raw) > _SPARSE_BYTES or raw.count(b"<a ") + raw.count(b"<A ") > _FEW_LINKS:
        return False
    return sum(raw.count(start) for start in (b"<p>", b"<p ", b"<P", b"<br")) <= _FEW_PARAGRAPHS


_UNSEEN = re.compile(
    r"<(script|style|template|svg)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)|<title.*?(?:</title\s*>|\Z)",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(r"<[^<>]{0,2000}>")


def _words(source: str) -> str:
    """The visible text, roughly: enough to count it and to search it."""
    return " ".join(html.unescape(_TAG.sub(" ", _UNSEEN.sub(" ", source))).split())

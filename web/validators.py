"""Conditional requests: the validators of a response, and 304 for a client that holds it.

RFC 9110 sections 8.8 and 13, for GET and HEAD. Reads no file and no clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.responses import Response

from feeds.renditions import digest_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Validators:
    """What a client may send back to ask whether anything changed."""

    etag: str
    modified: datetime | None = None

    @property
    def headers(self) -> dict[str, str]:
        if self.modified is None:
            return {"ETag": self.etag}
        last = format_datetime(self.modified.astimezone(UTC).replace(microsecond=0), usegmt=True)
        return {"ETag": self.etag, "Last-Modified": last}

    def is_held(self, request: Mapping[str, str]) -> bool:
        """Whether the request's own validators match: then 304 is the whole answer.

        If-None-Match wins over If-Modified-Since (RFC 9110 section 13.2.2), and compares weakly.
        """
        tags = request.get("if-none-match")
        if tags is not None:
            return tags.strip() == "*" or self.etag.strip('"') in bare_tags(tags)
        since = _instant(request.get("if-modified-since"))
        if since is None or self.modified is None:
            return False
        return self.modified.replace(microsecond=0) <= since


def respond(
    request: Mapping[str, str],
    validators: Validators,
    read: Callable[[], bytes],
    *,
    content_type: str,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """The representation, or 304 when the request says that it is held: then nothing is read."""
    common = {**validators.headers, **(headers or {})}
    if validators.is_held(request):
        return Response(status_code=304, headers=common)
    # Not media_type: Starlette would add a charset where the caller names none.
    return Response(read(), headers={**common, "Content-Type": content_type})


def etag_of(content: bytes) -> str:
    """A strong ETag of a representation. 128 bits of SHA-256: equal bytes, equal tag."""
    return f'"{digest_of(content)}"'


@lru_cache(maxsize=256)
def bare_tags(header: str) -> tuple[str, ...]:
    """The tags of If-None-Match without quotes and weakness."""
    return tuple(tag.strip().removeprefix("W/").strip('"') for tag in header.split(","))


def _instant(text: str | None) -> datetime | None:
    """An HTTP date, or None for anything else: RFC 9110 says to ignore what is no date."""
    if text is None:
        return None
    try:
        instant = parsedate_to_datetime(text)
    except ValueError:
        return None
    return instant if instant.tzinfo else instant.replace(tzinfo=UTC)

"""Retry-After, as any server writes it: when to come again. Pure."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime


def parse_retry_after(text: str, now: datetime, *, most: timedelta) -> timedelta | None:
    """A span from now: seconds or an HTTP date (RFC 9110 §10.2.3), `most` where it is longer; None
    when it is neither."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return min(timedelta(seconds=int(text[:9])), most)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), most)

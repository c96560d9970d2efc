"""What the hub says to a callback: the question of a verification, the end of a subscription, and
the headers of a delivery. Pure."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from archive.subscriptions import Intent


def question_url(intent: Intent, *, topic_url: str, challenge: str) -> str:
    """The callback, its own query as it is, with what the hub asks after it (section 5.3)."""
    asked = {"hub.mode": intent.mode, "hub.topic": topic_url, "hub.challenge": challenge}
    if intent.mode == "subscribe":
        asked["hub.lease_seconds"] = str(round(intent.lease.total_seconds()))
    return _with_query(intent.callback, asked)


def denial_url(intent: Intent, *, topic_url: str, reason: str | None) -> str:
    """The callback, its own query as it is, told that it is subscribed no more (section 5.2)."""
    told = {"hub.mode": "denied", "hub.topic": topic_url}
    return _with_query(intent.callback, told | ({"hub.reason": reason} if reason else {}))


def _with_query(callback: str, more: dict[str, str]) -> str:
    base, _, query = callback.partition("?")
    own = f"{query}&" if query else ""
    return f"{base}?{own}{urlencode(more)}"


def signature(body: bytes, secret: str) -> str:
    """The value of X-Hub-Signature (section 8)."""
    return f"sha256={hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}"

"""What a request to the hub asks for: form in, a wish or a refusal in words out. Pure."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import parse_qsl, urlsplit

from foundation.address import is_allowed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from ipaddress import IPv4Network, IPv6Network

    Networks: TypeAlias = tuple[IPv4Network | IPv6Network, ...]

Mode: TypeAlias = Literal["subscribe", "unsubscribe", "publish"]

#: What subscribers usually ask for; long enough to outlast a holiday of theirs.
LEASE = timedelta(days=10)
#: Shorter ones would be verified again all day; after longer ones, who has gone is served for long.
LEASE_LEAST, LEASE_MOST = timedelta(minutes=5), timedelta(days=30)
#: Section 5.1: "MUST be less than 200 bytes in length".
_SECRET_BYTES = 199
#: What browsers and servers take without complaint.
_URL_LETTERS = 2000
#: Of the whole form: two addresses with every letter escaped, and room for what we do not know.
FORM_BYTES = 16_384
_MOST_FIELDS = 50
_DIGITS = re.compile(r"[0-9]{1,12}")
# RFC 3986 in ASCII, less what would end a header or a line.
_URL = re.compile(r"https?://[!$-;=?-Z\[\]_a-z~]+", re.IGNORECASE)


class RefusedRequest(Exception):  # noqa: N818 - it is an answer, not a fault of ours
    """The request gets this status, and these words."""

    def __init__(self, status: int, words: str, *, retry_seconds: int | None = None) -> None:
        self.status = status
        self.retry_seconds = retry_seconds
        super().__init__(words)


@dataclass(frozen=True, kw_only=True, slots=True)
class Wish:
    """What is asked for. `topic` is an address as given; `publish` has no callback."""

    mode: Mode
    topic: str
    callback: str = ""
    host: str = ""
    secret: str | None = None
    lease: timedelta = LEASE


def parse_request(form: bytes, allow: Networks) -> Wish:
    """The wish in a form; parameters that we do not know are ignored, as the specification asks.

    Raises:
        RefusedRequest: with 400; the words say which parameter is wrong.
    """
    try:
        pairs = parse_qsl(form.decode(), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise RefusedRequest(400, f"the form cannot be read: {error}") from error
    given = dict(reversed(pairs))
    match given.get("hub.mode"):
        case "publish":
            topic = given.get("hub.url") or given.get("hub.topic") or ""
            return Wish(mode="publish", topic=topic)
        case "subscribe" | "unsubscribe" as mode:
            callback, host = _callback(given.get("hub.callback", ""), allow)
            return Wish(
                mode=mode,
                topic=given.get("hub.topic", ""),
                callback=callback,
                host=host,
                secret=_secret(given.get("hub.secret")),
                lease=_lease(given),
            )
    raise RefusedRequest(400, "hub.mode must be subscribe, unsubscribe or publish")


def _callback(url: str, allow: Networks) -> tuple[str, str]:
    try:
        parts = urlsplit(url)
        host = (parts.hostname or "").lower()
        is_fit = (
            len(url) <= _URL_LETTERS
            and _URL.fullmatch(url) is not None
            and host != ""
            and parts.port != 0
            and parts.username is None
        )
    except ValueError:  # a port that is no number, a bracket that is not closed
        is_fit = False
    if not is_fit:
        raise RefusedRequest(
            400,
            "hub.callback must be an http or https address in ASCII, without user or #, of at most "
            f"{_URL_LETTERS} characters",
        )
    if _is_literal(host) and not is_allowed(host, allow):
        raise RefusedRequest(400, f"hub.callback is at {host}, a private address")
    return url, host


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


def _secret(text: str | None) -> str | None:
    if text is not None and len(text.encode()) > _SECRET_BYTES:
        raise RefusedRequest(400, "hub.secret must be less than 200 bytes long")
    return text or None


def _lease(given: Mapping[str, str]) -> timedelta:
    """What is asked for within our bounds; the subscriber is told which lease it got."""
    text = given.get("hub.lease_seconds", "")
    if text == "":
        return LEASE
    if not _DIGITS.fullmatch(text) or int(text) == 0:
        raise RefusedRequest(400, "hub.lease_seconds must be a positive decimal number")
    # Bounded before it is made: a timedelta has bounds of its own.
    seconds = min(int(text), int(LEASE_MOST.total_seconds()))
    return max(timedelta(seconds=seconds), LEASE_LEAST)

"""Who may see a kept copy: the one rule, for mementos, replay, packages and export. Pure.

`archive.rights` says whether a copy is open; whoever shows the operator's token may see all.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
from base64 import b64decode
from enum import StrEnum
from typing import TYPE_CHECKING

from archive.model import EntryState

if TYPE_CHECKING:
    from archive.rights import Carry


class Access(StrEnum):
    """What whoever asks for a kept copy is answered."""

    #: Anybody may see it.
    OPEN = "open"
    #: It is closed, and the operator asks.
    OPERATOR = "operator"
    #: It is closed: the token opens it.
    CLOSED = "closed"
    #: It was taken down: the token opens it, to all others it is gone.
    WITHDRAWN = "withdrawn"

    @property
    def is_granted(self) -> bool:
        """Whether the copy is handed out."""
        return self in (Access.OPEN, Access.OPERATOR)


def decide_access(carry: Carry, state: EntryState, *, is_operator: bool) -> Access:
    """The answer for a copy of an article with these rights, in this state. A withdrawn one is
    closed whatever its notice permits."""
    is_withdrawn = state is EntryState.WITHDRAWN
    if carry.is_open and not is_withdrawn:
        return Access.OPEN
    if is_operator:
        return Access.OPERATOR
    return Access.WITHDRAWN if is_withdrawn else Access.CLOSED


def is_operator(authorization: str | None, token: str | None) -> bool:
    """Whether an Authorization header shows the operator's token: as the password of `Basic`,
    whatever the name, so that a browser can ask for it; or as a `Bearer` token, for programs."""
    given = _given(authorization or "")
    if token is None or given is None:
        return False
    # Digests: equally long, so that the time of comparing tells nothing, not even the length.
    return hmac.compare_digest(_digest(given), _digest(token.encode()))


def _given(authorization: str) -> bytes | None:
    scheme, _, rest = authorization.strip().partition(" ")
    match scheme.lower():
        case "bearer":
            return rest.strip().encode("utf-8", "replace")
        case "basic":
            try:
                _, colon, password = b64decode(rest.strip(), validate=True).partition(b":")
            except (binascii.Error, ValueError):
                return None
            return password if colon else None
    return None


def _digest(secret: bytes) -> bytes:
    return hashlib.sha256(secret).digest()

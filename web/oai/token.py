"""The resumption token: a place in a list, and all that is needed to go on from there, so that
nothing is kept of who harvests and no token ever expires. Pure."""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from archive.harvest import Place, Span

#: No list is longer; a number that somebody made up ends here, and not in the database.
_MOST = 10**12
_LETTERS = 4_000


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """Where a list goes on: `cursor` records of about `size` were given already."""

    verb: str
    span: Span
    after: Place
    cursor: int
    size: int


def write_token(token: Token) -> str:
    """In letters that stand in an address as they are."""
    span, after = token.span, token.after
    fields = [
        token.verb,
        span.source_id,
        span.begin and span.begin.isoformat(),
        span.end and span.end.isoformat(),
        after.changed.isoformat(),
        after.id,
        token.cursor,
        token.size,
    ]
    return (
        urlsafe_b64encode(json.dumps(fields, separators=(",", ":")).encode()).decode().rstrip("=")
    )


def parse_token(text: str) -> Token:
    """The token; whatever we did not write ourselves is a ValueError."""
    if len(text) > _LETTERS or not text.isascii():
        raise ValueError("it is none of ours")
    fields = json.loads(urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    if not isinstance(fields, list) or len(fields) != 8:
        raise ValueError("it is none of ours")
    verb, source_id, begin, end, changed, id_, cursor, size = fields
    token = Token(
        verb=_words(verb),
        span=Span(
            source_id=None if source_id is None else _words(source_id),
            begin=None if begin is None else _instant(begin),
            end=None if end is None else _instant(end),
        ),
        after=Place(changed=_instant(changed), id=_words(id_)),
        cursor=_count(cursor),
        size=_count(size),
    )
    if write_token(token) != text:
        raise ValueError("it is none of ours")
    return token


def _words(value: Any) -> str:
    if isinstance(value, str) and value.isascii() and value.isprintable():
        return value
    raise ValueError("it is none of ours")


def _instant(value: Any) -> datetime:
    found = datetime.fromisoformat(_words(value))
    if found.tzinfo is not UTC:
        raise ValueError("it is none of ours")
    return found


def _count(value: Any) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < _MOST:
        return value
    raise ValueError("it is none of ours")

"""What a publishing system is recognised by: one response, in the form that is cheap to search."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

# Generators and style sheets stand in the head, makers' names in the footer.
_BOTH_ENDS = 65_536


@dataclass(frozen=True, kw_only=True, slots=True)
class Sight:
    """The first look at a response: lower-case ASCII of both its ends, headers by lower-case
    name, the address."""

    text: str
    headers: Mapping[str, str]
    url: str

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, str] | None, url: str) -> Sight:
        ends = body if len(body) <= 2 * _BOTH_ENDS else body[:_BOTH_ENDS] + body[-_BOTH_ENDS:]
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16: the marks are ASCII between zeros
            ends = ends.replace(b"\0", b"")
        return cls(
            text=ends.decode("ascii", "replace").lower(),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            url=url,
        )

"""A part of a representation (RFC 9110 section 14): what replay asks for of a package. Pure."""

from __future__ import annotations

import re

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
#: More digits are past the end of anything that we serve.
_DIGITS = 15


class UnsatisfiableRangeError(ValueError):
    """No byte of it is there: 416."""


def find_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one after the last; None for the whole. Several ranges at once, or what
    is no range, are answered with the whole, as the RFC allows.

    Raises:
        UnsatisfiableRangeError: it begins behind the end.
    """
    match = _RANGE.fullmatch((header or "").strip())
    if match is None or len(match[0]) > 2 * _DIGITS or match[1] == match[2] == "":
        return None
    if match[1] == "":
        start, end = max(size - int(match[2]), 0), size
    else:
        start = int(match[1])
        end = min(int(match[2]) + 1, size) if match[2] else size
        if match[2] and int(match[2]) < start:
            return None
    if start >= end:
        raise UnsatisfiableRangeError(header)
    return start, end

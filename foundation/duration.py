"""Spans of time as people write them in settings and source files: `90s` `30m` `2h` `1d`. Pure."""

from __future__ import annotations

import re
from datetime import timedelta

ALLOWED = 'a number with s, m, h or d, such as "90s", "30m", "2h" or "1d"'

_UNITS = {
    "d": timedelta(days=1),
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
    "s": timedelta(seconds=1),
}
_FORM = re.compile(r"(?P<number>[0-9]+(?:\.[0-9]+)?)(?P<unit>[smhd])")


def parse_duration(text: str) -> timedelta:
    """`90s` → 90 seconds; ValueError says what is allowed."""
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(ALLOWED)
    try:
        return float(match["number"]) * _UNITS[match["unit"]]
    except OverflowError as error:
        raise ValueError(f"{ALLOWED}, less than {timedelta.max.days} days") from error


def print_duration(span: timedelta) -> str:
    """The shortest text that `parse_duration` reads back: 90 minutes → `90m`, a day → `1d`."""
    for unit, length in _UNITS.items():
        if span and not span % length:
            return f"{span // length}{unit}"
    return f"{span.total_seconds():.6f}".rstrip("0").rstrip(".") + "s"

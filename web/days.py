"""Print a date as exactly as the journal gave it, in either language. Pure.

A month stays a month and an issue an issue: no day is invented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import datetime

    from archive.model import PrintedDate

_MONTHS = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
_VALUE = re.compile(
    r"(?P<year>\d{4}|-)(?:-Q(?P<quarter>[1-4])|-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:T(?P<time>\d\d:\d\d)\S*)?)?)?"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """A date for a page: `text` to be read, `machine` for <time datetime>, where HTML knows the
    form: it knows no quarters and no issues."""

    text: str
    machine: str | None = None


def print_date(date: PrintedDate | None, language: str) -> Day | None:
    """A printed date in words, or None when the journal gave none."""
    if date is None:
        return None
    match = _VALUE.fullmatch(date.value or "")
    if match is None:
        return Day(text=date.issue) if date.issue else None
    text = _english(match) if language == "en" else _chinese(match)
    is_html = match["quarter"] is None and match["year"] != "-"
    return Day(text=text, machine=date.value if is_html else None)


def print_instant(instant: datetime, zone: str, language: str, *, to_day: bool = False) -> Day:
    """An instant of ours on the clock of a journal's zone."""
    local = instant.astimezone(ZoneInfo(zone))
    form = "%Y-%m-%d" if to_day else "%Y-%m-%dT%H:%M"
    match = _VALUE.fullmatch(local.strftime(form))
    if match is None:
        raise ValueError(f"no instant of our age: {instant!r}")
    text = _english(match) if language == "en" else _chinese(match)
    return Day(text=text, machine=local.isoformat(timespec="minutes"))


def _chinese(match: re.Match[str]) -> str:
    parts = [
        f"{match['year']}年" if match["year"] != "-" else "",
        f"第{match['quarter']}季度" if match["quarter"] else "",
        f"{int(match['month'])}月" if match["month"] else "",
        f"{int(match['day'])}日" if match["day"] else "",
        f" {match['time']}" if match["time"] else "",
    ]
    return "".join(parts)


def _english(match: re.Match[str]) -> str:
    parts = [
        f"{int(match['day'])}" if match["day"] else "",
        _MONTHS[int(match["month"]) - 1] if match["month"] else "",
        f"Q{match['quarter']}" if match["quarter"] else "",
        match["year"] if match["year"] != "-" else "",
    ]
    text = " ".join(part for part in parts if part)
    return f"{text}, {match['time']}" if match["time"] else text

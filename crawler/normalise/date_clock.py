"""Read the time of day that stands beside a date. Pure; an impossible time is no time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta, timezone, tzinfo
from typing import Final

from crawler.normalise.date_words import WEEKDAY


@dataclass(frozen=True, kw_only=True, slots=True)
class Clock:
    """A time of day; `zone` only when the page printed one; from `start` to `end` in the text."""

    hour: int
    minute: int
    second: int | None
    zone: tzinfo | None
    start: int
    end: int


# Hours to add when the printed hour is below 12. 中午 is noon to two: 中午1:05 is 13:05.
_MORNING: Final = ("上午", "早上", "早晨", "清晨", "凌晨", "午前", "오전", "am", "a.m.", "a.m")
_AFTERNOON: Final = ("下午", "傍晚", "午後", "午后", "오후", "pm", "p.m.", "p.m")
_NIGHT: Final = ("晚上", "晚间", "晚間", "夜间")
_NOON: Final = ("中午",)

# Abbreviations with one meaning. CST is absent: it is China's time as often as Chicago's.
_HOURS_EAST: Final[dict[float, str]] = {
    -8: "pst", -7: "mst pdt", -6: "mdt", -5: "est cdt", -4: "edt",
    0: "z gmt utc ut", 1: "bst cet mez", 2: "cest mesz eet", 3: "eest msk",
    8: "hkt sgt 北京时间 北京時間", 9: "jst kst", 10: "aest",
}  # fmt: skip
_ZONES: Final = {name: hours for hours, names in _HOURS_EAST.items() for name in names.split()}

_BEFORE = "|".join(map(re.escape, (*_MORNING[:8], *_AFTERNOON[:5], *_NIGHT, *_NOON)))
_AFTER = r"[ap]\.?m\b\.?"
_NAMED = "|".join(sorted(_ZONES, key=len, reverse=True))
_ZONE = (
    rf"(?P<zone>(?:GMT|UTC)?\s?[+-]\d\d:?\d\d|(?:GMT|UTC)\s?[+-]\d{{1,2}}\b|(?:{_NAMED})(?![a-z]))"
)
_COLON = r"(?P<h>\d{1,2})\s?:\s?(?P<m>\d{2}|\d(?=:\d))(?::(?P<s>\d{1,2})(?:[.,]\d+)?)?"
_WORDS = (
    r"(?P<hh>\d{1,2})\s?[时時点點시]\s?"
    r"(?:(?P<mm>\d{1,2})\s?[分분](?:\s?(?P<ss>\d{1,2})\s?[秒초])?)?"
)
_LETTERS = r"(?P<hhh>\d{1,2})(?:h(?P<mmm>\d\d)|\.(?P<mmmm>\d\d)(?=\s?uhr))"
_TIME = (
    rf"(?:(?P<before>{_BEFORE})\s?)?(?:{_COLON}|{_WORDS}|{_LETTERS})"
    rf"(?:\s?(?P<after>{_AFTER}))?(?:\s?\(?{_ZONE})?"
)
# What may stand between a date and its time.
_GAP = rf"(?:\s*\(?{WEEKDAY}\)?)?[\s,T|·•@\-/日\]]{{0,6}}(?:(?:at|um|à|om|alle|ore|klo|в)\s+)?"
_FOLLOWING = re.compile(_GAP + _TIME, re.IGNORECASE)
_LEADING = re.compile(
    rf"(?<![\d:]){_TIME}[\s,|·•]{{1,4}}(?:on\s+)?\(?(?:{WEEKDAY},?\s*)?$", re.IGNORECASE
)


def find_clock_after(flat: str, place: int) -> Clock | None:
    """The time that follows a date ending at `place`."""
    # Most dates carry no time; all that follow start with a mark, a digit or one of few words.
    match = _FOLLOWING.match(flat, place)
    return _clock(match) if match else None


def find_clock_before(flat: str, place: int) -> Clock | None:
    """The time that a date starting at `place` follows: `10:20, 27 Feb 2021`."""
    match = _LEADING.search(flat, max(0, place - 32), place)
    return _clock(match) if match else None


def _clock(match: re.Match[str]) -> Clock | None:
    part = match.groupdict()
    hour = int(part["h"] or part["hh"] or part["hhh"])
    minute_text = part["m"] or part["mm"] or part["mmm"] or part["mmmm"]
    if minute_text is None:  # `8时` alone is no minute, and there is no precision "hour"
        return None
    second_text = part["s"] or part["ss"]
    minute, second = int(minute_text), int(second_text) if second_text else None
    hour = _on_24_hours(hour, part["before"] or part["after"])
    if hour > 23 or minute > 59 or (second or 0) > 59:
        return None
    start, end = match.span()
    zone = zone_of(part["zone"])
    return Clock(hour=hour, minute=minute, second=second, zone=zone, start=start, end=end)


def _on_24_hours(hour: int, half: str | None) -> int:
    half = (half or "").lower()
    if half in _MORNING:
        return 0 if hour == 12 else hour
    if half in _AFTERNOON:
        return hour + 12 if hour < 12 else hour
    if half in _NIGHT:  # 晚上12:05 lies on the next day: no time rather than a wrong day
        return 24 if hour == 12 else hour + 12 if hour < 12 else hour
    if half in _NOON:
        return hour + 12 if hour < 3 else hour
    return hour


def zone_of(text: str | None) -> tzinfo | None:
    """The offset that a printed zone stands for: `+08:00`, `GMT+8`, `Z`, `北京时间`."""
    if not text:
        return None
    text = text.lower()
    if (hours := _ZONES.get(text)) is not None:
        return timezone(timedelta(hours=hours))
    digits = re.sub(r"\D", "", text)
    hours, minutes = (int(digits), 0) if len(digits) < 3 else (int(digits[:-2]), int(digits[-2:]))
    if hours > 14 or minutes > 59:
        return None
    offset = timedelta(hours=hours, minutes=minutes)
    return timezone(-offset if "-" in text else offset)

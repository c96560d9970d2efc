"""Which issue of its journal an article stands in, and the issue's name in addresses. Pure.

Two articles stand in one issue when its slug is the same. What an issue is called for people
(第4期, no. 4) is the callers' matter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from foundation.text import search_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archive.model import Entry, PrintedDate

#: A longer one is no issue number, but a sentence that was taken for one.
_SLUG_MOST = 60

#: What special numbers are called, so that common addresses can be read; others are escaped.
_WORDS = {
    "增刊": "zengkan", "特刊": "tekan", "专刊": "zhuankan", "专辑": "zhuanji", "号外": "haowai",
    "春": "chun", "夏": "xia", "秋": "qiu", "冬": "dong",
}  # fmt: skip

# GB/T 7714, as dates write it: `2021,36(4)`, `2021(增刊1)`, `36(4)`.
_PRINTED = re.compile(r"(?:(?P<year>\d{4})(?:,|(?=\()|$))?(?P<volume>\d+)?(?:\((?P<number>.+)\))?")
_YEAR = re.compile(r"\d{4}")
_JOINED = re.compile(r"\s*[-‐-―~/、合]\s*")
_SLUG = re.compile(
    r"(?:(?P<year>\d{4})(?:-|$))?(?:v(?P<volume>[a-z0-9_]+)(?:-|$))?(?P<number>[a-z0-9_][a-z0-9_-]*)?"
)
_LONE_NUMBER = re.compile(r"n(?P<number>[a-z0-9_][a-z0-9_-]*)")
_ESCAPED = re.compile(r"_([0-9a-f]+)_")


@dataclass(frozen=True, kw_only=True, slots=True)
class Issue:
    """期: one number of a journal. `number` is as printed: `4`, `4-5`, `S1`, `增刊`. At least
    one of volume and number is known."""

    year: int | None = None
    volume: str | None = None
    number: str | None = None

    @property
    def slug(self) -> str:
        """The issue's name in addresses: `2026-4`, `2026-4-5`, `v45-1`, `2026-zengkan`, `n123`.

        The volume stands in it only where the year or the number is unknown: pages that print it
        and pages that do not are about one issue.
        """
        year = f"{self.year:04}" if self.year is not None else ""
        # The first hyphen ends the volume.
        volume = _slug_part(self.volume).replace("-", _escape("-"))
        number = _slug_part(self.number)
        if number and (year or volume):
            return f"{year or f'v{volume}'}-{number}"
        if number:
            return f"n{number}"
        return f"{year}-v{volume}" if year else f"v{volume}"

    @property
    def order(self) -> tuple[int, int, int, tuple[int, ...], str]:
        """Grows with time: by year, volume, number; a special number comes after the others."""
        number, volume = _slug_part(self.number), _slug_part(self.volume)
        is_plain = number.replace("-", "").isdecimal() or not number
        return (
            self.year or 0,
            int(volume) if volume.isdecimal() else 0,
            0 if is_plain else 1,
            tuple(int(digits) for digits in re.findall(r"\d{1,9}", number)),
            number,
        )


def issue_of(entry: Entry) -> Issue | None:
    """The issue that an article stands in, as far as its page says."""
    year, volume, number = _printed(entry.published)
    volume, number = entry.volume or volume, entry.number or number
    issue = Issue(year=year, volume=volume, number=number)
    has_name = bool(_slug_part(volume) or _slug_part(number))
    return issue if has_name and len(issue.slug) <= _SLUG_MOST else None


def parse_slug(slug: str) -> Issue | None:
    """The issue of a name in an address, as far as it tells: `parse_slug(s).slug == s`. None for
    what no issue is called."""
    lone = _LONE_NUMBER.fullmatch(slug)
    match = lone or _SLUG.fullmatch(slug)
    if match is None or len(slug) > _SLUG_MOST:
        return None
    parts = match.groupdict()
    issue = Issue(
        year=int(parts["year"]) if parts.get("year") else None,
        volume=_printed_part(parts.get("volume")),
        number=_printed_part(parts.get("number")),
    )
    has_name = issue.volume is not None or issue.number is not None
    return issue if has_name and issue.slug == slug else None


def newest_first(issues: Iterable[Issue]) -> list[Issue]:
    """Issues of one journal, the newest first."""
    return sorted(issues, key=lambda issue: issue.order, reverse=True)


def _printed(date: PrintedDate | None) -> tuple[int | None, str | None, str | None]:
    """Year, volume and number as the printed date tells them: the issue's own year before that
    of the day, since an issue may be put on the web before its year begins."""
    if date is None:
        return None, None, None
    match = _PRINTED.fullmatch(date.issue or "")
    year, volume, number = match.group("year", "volume", "number") if match else (None, None, None)
    if year is None and date.value and (found := _YEAR.match(date.value)):
        year = found[0]
    return int(year) if year else None, volume, number


def _slug_part(text: str | None) -> str:
    """Lower-case ASCII letters, digits, single hyphens, and `_hex_` for any other character."""
    key = _JOINED.sub("-", search_key(text or "").strip())
    for word, spelled in _WORDS.items():
        key = key.replace(word, spelled)
    parts = [re.sub(r"[^\w]|_", "", part) for part in re.split(r"[-\s.]+", key)]
    made = "-".join(map(_escape, filter(None, parts)))
    # A number that begins like a volume or a year's end must not be read as one.
    return f"_{ord(made[0]):x}_{made[1:]}" if made[:1] == "v" else made


def _escape(part: str) -> str:
    return "".join(c if c.isascii() and c.isalnum() else f"_{ord(c):x}_" for c in part)


def _printed_part(part: str | None) -> str | None:
    if not part:
        return None
    text = _ESCAPED.sub(lambda match: _character(match[1]), part)
    for word, spelled in _WORDS.items():
        text = text.replace(spelled, word)
    return text


def _character(code: str) -> str:
    number = int(code, 16)
    return chr(number) if number < 0x110000 else ""

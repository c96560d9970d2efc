"""The kinds of text that a source file holds: what is allowed, how it is read, what editors know.

Each is a Kind in an Annotated type, for sources.file. Pure but for the zone database.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic_core import core_schema

from foundation import duration
from foundation.text import one_line
from sources.selector import check_selector

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

AUTO = "auto"
# Asking a journal's site more often than this is for nobody's good; the operator is told. Less
# than the second is a slip of the pen: only a site of one's own, on the same machine, bears it.
EVERY_GENTLE = timedelta(minutes=5)
EVERY_LEAST = timedelta(seconds=5)
# Ten years: longer than any journal's rhythm, and far from where dates overflow.
SPAN_MOST = timedelta(days=3660)

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?")
# Codes of countries that people write where a language is asked for; neither is a language.
_COUNTRIES = {"cn": "zh-CN", "jp": "ja"}
# Codecs of Python that read text, but no page's.
_NO_ENCODINGS = frozenset({"idna", "punycode", "undefined", "unicode_escape", "raw_unicode_escape"})
_SPAN_PATTERN = r"[0-9]+(\.[0-9]+)?[smhd]"


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A text that means something: `read` gives its value, or raises ValueError with the detail
    that helps beside `allowed`. pydantic finds the two dunder methods in Annotated."""

    allowed: str
    read: Callable[[str], object]
    schema: Mapping[str, Any] = field(default_factory=dict)

    def check(self, value: object) -> object:
        """The value of what TOML gave; ValueError says in words what is allowed."""
        if not isinstance(value, str):
            raise ValueError(self.allowed)  # noqa: TRY004 - pydantic collects ValueErrors only
        try:
            return self.read(value)
        except ValueError as error:
            raise ValueError(f"{self.allowed}; {error}" if str(error) else self.allowed) from error

    def __get_pydantic_core_schema__(self, *_: object) -> core_schema.CoreSchema:
        return core_schema.no_info_plain_validator_function(self.check)

    def __get_pydantic_json_schema__(self, *_: object) -> dict[str, Any]:
        return {"type": "string", **self.schema}


def _read_line(text: str) -> str:
    line = one_line(text)
    if not line:
        raise ValueError("it is empty")
    return line


def _read_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.port == 0:
        raise ValueError
    if parts.username is not None:
        raise ValueError("user and password do not belong here")
    if re.search(r"[\s\\]", text) or not text.isprintable():
        raise ValueError("write a space as %20")
    return text


def _read_selector(text: str) -> str:
    return check_selector(text.strip())


def _read_zone(text: str) -> str:
    try:
        ZoneInfo(text)
    except (LookupError, OSError) as error:  # no such name; a folder of names
        raise ValueError from error
    return text


def _read_language(text: str) -> str:
    if text in _COUNTRIES:
        raise ValueError(f'"{text}" is a country: did you mean "{_COUNTRIES[text]}"?')
    if not _LANGUAGE.fullmatch(text):
        raise ValueError
    return text


def _read_encoding(text: str) -> str:
    try:
        name = codecs.lookup(text).name
        b"page".decode(name, "replace")  # refuses base64 and its like
    except (LookupError, UnicodeError) as error:
        raise ValueError from error
    if name in _NO_ENCODINGS:
        raise ValueError
    return text


def _read_span(text: str) -> timedelta:
    try:
        span = duration.parse_duration(text)
    except ValueError as error:
        raise ValueError from error
    if span > SPAN_MOST:
        raise ValueError(f"at most {duration.print_duration(SPAN_MOST)}")
    return span


def _read_every(text: str) -> timedelta | None:
    if text == AUTO:
        return None
    span = _read_span(text)
    if span < EVERY_LEAST:
        raise ValueError(
            f"at least {duration.print_duration(EVERY_LEAST)}: sites are visited gently"
        )
    return span


def is_hasty(text: object) -> bool:
    """Whether an interval that may be written is one that nobody should ask of a journal."""
    if not isinstance(text, str) or text == AUTO:
        return False
    try:
        return EVERY_LEAST <= _read_span(text) < EVERY_GENTLE
    except ValueError:
        return False


Line = Annotated[str, Kind(allowed="a text in quotes", read=_read_line, schema={"minLength": 1})]
Url = Annotated[
    str,
    Kind(
        allowed="an address that begins with http:// or https://",
        read=_read_url,
        schema={"pattern": "^https?://"},
    ),
]
Selector = Annotated[
    str,
    Kind(allowed="a CSS selector, or an XPath that starts with / ./ or (", read=_read_selector),
]
Zone = Annotated[
    str, Kind(allowed="a time zone such as Asia/Shanghai or Europe/Berlin", read=_read_zone)
]
Language = Annotated[
    str,
    Kind(
        allowed="a language tag such as zh-CN, zh-Hant-TW, en or ja",
        read=_read_language,
        schema={"pattern": f"^{_LANGUAGE.pattern}$"},
    ),
]
Encoding = Annotated[
    str,
    Kind(
        allowed="the name of an encoding such as utf-8, gb18030, big5 or shift_jis",
        read=_read_encoding,
    ),
]
Span = Annotated[
    timedelta,
    Kind(allowed=duration.ALLOWED, read=_read_span, schema={"pattern": f"^{_SPAN_PATTERN}$"}),
]
Every = Annotated[
    timedelta | None,
    Kind(
        allowed=f'"{AUTO}", or {duration.ALLOWED}',
        read=_read_every,
        schema={"pattern": f"^({AUTO}|{_SPAN_PATTERN})$"},
    ),
]

"""What a publishing system is recognised by: one response, in the form that is cheap to search."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Generators and style sheets stand in the head, makers' names in the footer.
_BOTH_ENDS = 65_536

_ADDRESS = re.compile(r"""(?:href|src|action)\s{0,4}=\s{0,4}["']?\s{0,4}([^\s"'<>]{1,400})""")
_TAG = re.compile(r"<[^<>]{0,400}>")
_GENERATOR = re.compile(r"<meta\s[^<>]{0,80}\bgenerator\b[^<>]{0,120}")
# A name follows at once; between may stand a link to its maker, a <strong>, a <font>.
_CREDIT_CHARS, _CREDIT_WORDS = 500, 40

_WHOLE = re.compile(r"(?:https?:)?//([^/?#]*)(.*)", re.DOTALL)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:")


@dataclass(frozen=True, kw_only=True)
class Sight:
    """The first look at a response: its two ends as bytes and as lower-case ASCII, headers by
    lower-case name, the address."""

    ends: bytes
    text: str
    headers: Mapping[str, str]
    url: str

    @classmethod
    def of(cls, body: bytes, headers: Mapping[str, str] | None, url: str) -> Sight:
        ends = body if len(body) <= 2 * _BOTH_ENDS else body[:_BOTH_ENDS] + body[-_BOTH_ENDS:]
        if body[:2] in (b"\xff\xfe", b"\xfe\xff"):  # UTF-16: the marks are ASCII between zeros
            ends = ends.replace(b"\0", b"")
        return cls(
            ends=ends,
            text=ends.decode("ascii", "replace").lower(),
            headers={name.lower(): value for name, value in (headers or {}).items()},
            url=url,
        )

    def says(self, words: str) -> bool:
        """Whether the page prints these Chinese words, in UTF-8 or in GBK."""
        return any(words.encode(charset) in self.ends for charset in ("utf-8", "gb18030"))

    def leads_to(self, mark: re.Pattern[str]) -> bool:
        """Whether the page loads or links something of its own site at such an address. What it
        links elsewhere says nothing: a plain page may cite a journal that has the system."""
        return mark.search(self.addresses) is not None

    def is_made_by(self, name: str) -> bool:
        """Whether the page credits a system of this name: `generator`, or `Powered by` it."""
        return name in self.credits

    @cached_property
    def credits(self) -> str:
        """What the page says of its making: the words after "powered by", links included, and the
        tag that names its generator."""
        powered = (
            _TAG.sub(" ", self.text[start : start + _CREDIT_CHARS])[:_CREDIT_WORDS]
            for start in _places_of("powered by", self.text)
        )
        named = (match[0] for match in _GENERATOR.finditer(self.text))
        return "\n".join((*powered, *named))

    @cached_property
    def addresses(self) -> str:
        """The addresses of its own site, without the host, one a line, lower-case."""
        return "\n".join(self._own_addresses())

    def _own_addresses(self) -> Iterator[str]:
        host = urlsplit(self.url).netloc.lower()
        for match in _ADDRESS.finditer(self.text):
            address = match[1].replace("&amp;", "&")
            if whole := _WHOLE.match(address):
                # A page read from disk has no host: it may be the page of any.
                if not host or whole[1] == host:
                    yield whole[2] or "/"
            elif not _SCHEME.match(address):
                yield address


def _places_of(words: str, text: str) -> Iterator[int]:
    """Where words stand in a text."""
    place = text.find(words)
    while place >= 0:
        yield place
        place = text.find(words, place + 1)

"""Which addresses a page, or a style sheet, names: so that a package has the pictures that another
page was the first to ask for. Bytes in, keys out. Pure; reads no markup, only what looks like an
address, since what is named too often does no harm."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from archive import warc
from archive.packages.address_key import address_key
from archive.payload import plain_body

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archive.packages.members import Member

#: Letters that are looked at; pages of journals have a hundredth of it.
_LETTERS_MOST = 4_000_000
_BASE = re.compile(r"""<base\b[^>]*?\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
_NAMED = re.compile(
    r"""\b(?:href|src|srcset|background|poster|file|zoomfile|data-[\w-]+)\s*=\s*"""
    r"""(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))"""
    r"""|url\(\s*["']?([^"')\s]{1,2000})|@import\s+["']([^"']{1,2000})""",
    re.IGNORECASE,
)


def keys_named_in(response: Member) -> set[str]:
    """The keys (`address_key`) of what a response names, its coding taken off."""
    record = warc.Record(headers=response.headers, block=response.block)
    body = plain_body(warc.exchange_of(record, None)) or b""
    return set(_keys(body, response.headers["WARC-Target-URI"]))


def _keys(body: bytes, url: str) -> Iterator[str]:
    text = body[:_LETTERS_MOST].decode("utf-8", "replace")
    base = match[1] if (match := _BASE.search(text)) else ""
    for match in _NAMED.finditer(text):
        value = unescape(next(filter(None, match.groups()), ""))
        for part in value.split(","):  # srcset has several
            address = part.split()[:1]
            try:
                if address:
                    whole = urljoin(urljoin(url, base), address[0])
                    yield address_key(urldefrag(whole).url)
            except ValueError:
                continue

"""Which addresses a page, or a style sheet, names, and where a redirect leads: so that a package
has the pictures that another page was the first to ask for. Records in, addresses out. Pure; reads
no markup, only what looks like an address, since what is named too often does no harm; and what the
metadata record beside a page says that it needs."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urldefrag, urljoin

from archive import warc
from archive.packages.address_key import address_key
from archive.payload import find_header, plain_body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archive.packages.members import Member

#: Letters that are looked at; pages of journals have a hundredth of it.
_LETTERS_MOST = 4_000_000
_BASE = re.compile(r"""<base\b[^>]{0,2000}?\bhref\s*=\s*["']?([^"'\s>]+)""", re.IGNORECASE)
# A page shows what these name. What it only leads to (`<a href>`) is not its own: the PDF file of
# another article may be closed.
_NAMED = re.compile(
    r"""(?:\b(?:src|srcset|background|poster|data|file|zoomfile|data-[\w-]+)|<link\b[^>]{0,2000}?\bhref)"""
    r"""\s*=\s*(?:"([^"]{1,20000})"|'([^']{1,20000})'|([^\s"'>]{1,2000}))"""
    r"""|url\(\s*(?:"([^"\n]{1,2000})"|'([^'\n]{1,2000})'|([^"')\s]{1,2000}))"""
    r"""|@import\s+["']([^"']{1,2000})""",
    re.IGNORECASE,
)
_LED_TO = re.compile(r"\.pdf(?:\?|$)", re.IGNORECASE)
_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{2,20})""", re.IGNORECASE)
#: What most pages of journals are in that are not in UTF-8; it reads GBK and GB2312 too.
_CHINESE = "gb18030"
_TYPE = re.compile(rb"^content-type:([^\n]*)", re.IGNORECASE | re.MULTILINE)
_LOCATION = re.compile(rb"^location:", re.IGNORECASE | re.MULTILINE)
#: What may name others, by its type; one that says nothing may be a page.
_NAMING = re.compile(rb"html|css|^\s*$", re.IGNORECASE)
#: What was made of a page: what was read, and what a browser drew.
MADE = ("metadata", "conversion")


def may_name_others(member: Member) -> bool:
    """Whether it is a page, a style sheet, a redirect, or what was made of a page. By its head
    alone."""
    if member.kind in MADE:
        return True
    if member.kind not in ("response", "revisit"):
        return False
    top = member.block.partition(b"\r\n\r\n")[0]
    found = _TYPE.search(top)
    is_read = _NAMING.search(found[1] if found else b"") is not None
    return is_read or _LOCATION.search(top) is not None


def keys_named_in(member: Member, *, body_of: Member | None = None) -> set[str]:
    """The keys (`address_key`) of what a record names. A revisit's body is another's."""
    return {address_key(url) for url in addresses_named_in(member, body_of=body_of)}


def addresses_named_in(member: Member, *, body_of: Member | None = None) -> set[str]:
    """The addresses that a record names, absolute, without their fragments."""
    url = member.headers.get("WARC-Target-URI", "")
    if member.kind == "metadata":
        return set(_absolute(url, _listed_in(member.block)))
    if member.kind == "conversion":
        return set(find_named(member.block.decode("utf-8", "replace"), url))
    block = body_of.block if body_of is not None else member.block
    exchange = warc.exchange_of(warc.Record(headers=member.headers, block=block), None)
    moved = (find_header(exchange, b"location") or b"").decode("latin-1")
    kind = find_header(exchange, b"content-type") or b""
    found = set(_absolute(url, [moved])) if moved else set()
    for text in _texts(plain_body(exchange) or b"", kind):
        found.update(find_named(text, url))
    return found


def find_named(text: str, url: str) -> Iterator[str]:
    """The addresses of what a page or a style sheet at `url` shows."""
    text = text[:_LETTERS_MOST]
    base = unescape(match[1]) if (match := _BASE.search(text)) else ""
    try:
        home = urljoin(url, base)
    except ValueError:
        home = url
    for match in _NAMED.finditer(text):
        value = unescape(next(filter(None, match.groups()), "")).strip()
        # A srcset is a list of addresses, each with a width; an address may have a comma itself.
        parts = (part.strip().partition(" ")[0] for part in value.split(","))
        shown = [each for each in (value, *parts) if each and not _LED_TO.search(each)]
        yield from _absolute(home, dict.fromkeys(shown))


def _absolute(home: str, addresses: Iterable[str]) -> Iterator[str]:
    for each in addresses:
        try:
            whole = urldefrag(urljoin(home, each)).url
            address_key(whole)
        except ValueError:  # no address at all: http://[
            continue
        yield whole


def _listed_in(document: bytes) -> list[str]:
    """What the metadata of an article lists (archive.seen); that of older releases does not."""
    try:
        found = json.loads(document)
        return [each["url"] for each in found.get("requisites", ())]
    except (ValueError, AttributeError, TypeError, KeyError):
        return []


def _texts(body: bytes, kind: bytes) -> Iterator[str]:
    """What the bytes may say: browsers write an address in UTF-8, whatever the page is in. A few
    signs of GBK may read as UTF-8 by chance, so what the page says of itself is tried as well."""
    said = _CHARSET.search(kind) or _CHARSET.search(body[:2048])
    charsets = [said[1].decode().lower()] if said else []
    try:
        yield body.decode()
    except UnicodeDecodeError:
        charsets += [_CHINESE, "utf-8"]
    for charset in dict.fromkeys(charsets):
        with suppress(LookupError):
            yield body.decode(charset, "replace")

"""Whether two pages are one article, and what an article is called for good. Pure.

A page is matched inside its source by address, then DOI, then content; each of these can lie (a
template that prints one DOI or one canonical address on every page, an address used again), so
each match but the plain address is checked against what the pages say.
"""

from __future__ import annotations

import hashlib
import ipaddress
import re
import secrets
from base64 import b32encode
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Precision
from foundation.text import fold

if TYPE_CHECKING:
    from datetime import date

    from archive.model import Entry, Sighting

#: A text shorter than this (folded) says too little to tell articles apart: "见附件", a lone
#: image credit. Twenty Chinese characters are a sentence.
_TEXT_LEAST = 20
#: PostgreSQL's B-tree takes keys of 2,704 bytes; longer addresses are cut and given a digest.
_ADDRESS_MOST = 2000
#: 60 bits: among a million articles of one source a chance of 4 in 10 million of two alike.
_SHORT_LENGTH = 12

_DNS_NAME = re.compile(r"(?=.{1,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Addresses:
    """Every address under which a sighting shows its article.

    `seen` led to the page: as visited, as asked for, as listed. `claim` is the canonical address
    where it is another one: the page's word, which a template may print on every page.
    """

    seen: tuple[str, ...]
    claim: str | None

    @property
    def visited(self) -> str:
        """The page's own address, the one to ask for again."""
        return self.seen[0]

    @property
    def all(self) -> tuple[str, ...]:
        """The claim last."""
        return self.seen if self.claim is None else (*self.seen, self.claim)


def choose_authority(host: str | None) -> str:
    """The authority of this archive's tag URIs: the public host when it has a real one.

    Otherwise a random name under `kanliu.invalid`. RFC 4151 wants a name that its minter holds;
    nobody can ever hold one under .invalid (RFC 2606), so it collides with nobody's, and two
    archives that start on 127.0.0.1 still differ by their 48 random bits.
    """
    name = (host or "").lower().rstrip(".")
    if _is_public_name(name):
        return name
    return f"{secrets.token_hex(6)}.kanliu.invalid"


def mint(authority: str, minted: date | str, source_id: str, address: str) -> str:
    """A tag URI (RFC 4151) for the article at an address. The same address gives the same short
    name, so that an archive begun anew under the same authority and date keeps its ids."""
    digest = b32encode(hashlib.sha256(address.encode("utf-8", "replace")).digest())
    short = digest.decode().lower()[:_SHORT_LENGTH]
    return f"tag:{authority},{minted}:{source_id}/{short}"


def addresses_of(sighting: Sighting) -> Addresses:
    """The addresses of a sighting, the most trustworthy first."""
    listed = sighting.listed.url if sighting.listed else None
    named = (sighting.entry.url, sighting.asked, listed)
    seen = tuple(dict.fromkeys(address_key(url) for url in named if url))
    claim = address_key(sighting.entry.canonical_url)
    return Addresses(seen=seen, claim=None if claim in seen else claim)


def address_key(url: str) -> str:
    """The address as the store keys it: itself, unless no index could hold it."""
    encoded = url.encode("utf-8", "replace")
    if len(encoded) <= _ADDRESS_MOST:
        return url
    head = encoded[: _ADDRESS_MOST - 80].decode("utf-8", "ignore")
    return f"{head}#sha256:{hashlib.sha256(encoded).hexdigest()}"


def doi_key(entry: Entry) -> str | None:
    """DOIs are equal without regard to case (DOI Handbook 2.4)."""
    return entry.doi.lower() if entry.doi else None


def content_key(entry: Entry) -> str | None:
    """Equal for equal title and text; None when there is too little to compare."""
    title = fold(entry.title or "")
    text = squeeze(entry.text)
    if not title or len(text) < _TEXT_LEAST:
        return None
    return hashlib.sha256(f"{title}\n{text}".encode("utf-8", "replace")).hexdigest()


def is_same_content(old: Entry, new: Entry) -> bool:
    """Whether two pages with an equal content key are one article: not when each prints another
    day, like a call for papers that is published word for word every year."""
    return not _has_other_day(old, new)


def is_same_doi(old: Entry, new: Entry) -> bool:
    """Whether two pages with an equal DOI are one article. Languages and versions of an article
    share it; a template that prints the journal's own DOI everywhere is told by title, text and
    day, which all differ."""
    return not (is_other_article(old, new) and _has_other_day(old, new))


def is_other_article(old: Entry, new: Entry) -> bool:
    """Whether two pages have no title and no paragraph in common."""
    if fold(old.title or "") == fold(new.title or ""):
        return False
    return bool(old.text and new.text) and not (_paragraphs(old) & _paragraphs(new))


def is_address_reused(old: Entry, new: Entry) -> bool:
    """Whether an address now holds another article: title, text and DOI differ and the printed
    day is later. All of these, because an edit may change any one."""
    if old.doi and doi_key(old) == doi_key(new):
        return False
    before, after = printed_day(old), printed_day(new)
    is_later = before is not None and after is not None and after > before
    return is_later and is_other_article(old, new)


def printed_day(entry: Entry) -> str | None:
    """The printed day, where a whole one was printed. ISO days compare as text."""
    date = entry.published
    if date is None or date.value is None or date.value.startswith("--"):
        return None
    if date.precision in (Precision.DAY, Precision.MINUTE, Precision.SECOND):
        return date.value[:10]
    return None


def squeeze(text: str | None) -> str:
    """The text without any white space: what is left when layout is not content."""
    return "".join(text.split()) if text else ""


def _paragraphs(entry: Entry) -> set[str]:
    return {squeeze(line) for line in (entry.text or "").splitlines()} - {""}


def _has_other_day(old: Entry, new: Entry) -> bool:
    before, after = printed_day(old), printed_day(new)
    return before is not None and after is not None and before != after


def _is_public_name(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        is_local = name.endswith((".localhost", ".local", ".invalid", ".test", ".internal"))
        return not is_local and _DNS_NAME.fullmatch(name) is not None
    return False

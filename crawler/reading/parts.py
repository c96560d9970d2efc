"""Articles that a site cuts into several pages: where the next one is, and all of them as one.

A further page is known by its address, which is the first one's with a number, and by the words of
the link to it. So neither the next article nor the next list page nor a galley is taken for one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archive.model import RawEntry

#: Novels have more, journals hardly.
PARTS_MOST = 20


def find_next_part(body: bytes, *, url: str, first: str, number: int) -> str | None:
    """The address of page `number` of the article that begins at `first`, as the page at `url`
    links to it; None where it does not."""
    for address in _addresses(first, number):
        tail = _tail(address)
        if tail.encode() not in body:  # nearly every page, at once
            continue
        for match in _LINK.finditer(body):
            href = unescape(match["href"].decode("ascii", "replace"))
            if href.endswith(tail) and urljoin(url, href) == address and _says(match, number):
                return address
    return None


def join_parts(raw: RawEntry, parts: Sequence[RawEntry]) -> RawEntry:
    """The first page with the text of all, and with what only later ones have: the notice and the
    signature stand under the last."""
    told = [part for part in (raw, *parts) if part.text]
    return replace(
        raw,
        text="\n".join(part.text or "" for part in told) or None,
        html="\n".join(part.html or "" for part in told) or None,
        notices=tuple(dict.fromkeys(found for one in (raw, *parts) for found in one.notices)),
        published=raw.published or next((one.published for one in parts if one.published), ()),
        authors=raw.authors or next((one.authors for one in parts if one.authors), ()),
        enclosures=tuple(dict.fromkeys(file for one in (raw, *parts) for file in one.enclosures)),
    )


_LINK = re.compile(
    rb"""<a\b[^>]*?\bhref\s*=\s*["']?(?P<href>[^"'>\s]+)["']?[^>]*>(?P<words>.{0,200}?)</a""",
    re.IGNORECASE | re.DOTALL,
)
_MARKUP = re.compile(rb"<[^>]*>|\s+|&nbsp;")
# 下一页 and 下页 in UTF-8, in GBK, and in Big5; a next article is 下一篇.
_NEXT = frozenset(
    word.encode(charset)
    for charset, words in {
        "utf-8": ("下一页", "下页", "下一頁", "下頁", "后一页", "次のページ", "次へ", "다음"),
        "gbk": ("下一页", "下页", "后一页"),
        "big5": ("下一頁", "下頁"),
        "ascii": ("next", "nextpage", "next>", "next>>", ">", ">>", "&gt;", "&raquo;", "&rsaquo;"),
    }.items()
    for word in words
)
_MARKS = b"[]()<>| \xe3\x80\x90\xe3\x80\x91"


def _says(link: re.Match[bytes], number: int) -> bool:
    """Whether a link says that it leads to this page of the article, or to the next one."""
    words = _MARKUP.sub(b"", link["words"]).lower()
    return (
        words in _NEXT
        or words.strip(_MARKS) == str(number).encode()
        or words in {f"第{number}页".encode(charset) for charset in ("utf-8", "gbk")}
    )


def _addresses(first: str, number: int) -> Iterator[str]:
    """How systems number the pages of an article: DedeCMS and EmpireCMS 12_2.html, PHPCMS
    show-3-12-2.html, TRS t12_1.html for the second, WordPress 12/2/, others ?page=2."""
    parts = urlsplit(first)
    folder, _, name = parts.path.rpartition("/")
    stem, dot, ending = name.rpartition(".")
    if dot:
        numbered = [f"{stem}_{number}", f"{stem}-{number}", f"{stem}_{number - 1}"]
        if stem.endswith(("_1", "-1")):
            numbered.insert(0, f"{stem[:-1]}{number}")
        names = [f"{folder}/{each}.{ending}" for each in numbered]
    else:
        names = [f"{parts.path.rstrip('/')}/{number}/", f"{parts.path.rstrip('/')}/{number}"]
    yield from (urlunsplit(parts._replace(path=each, fragment="")) for each in names)
    before = f"{parts.query}&" if parts.query else ""
    for key in ("page", "p"):
        yield urlunsplit(parts._replace(query=f"{before}{key}={number}", fragment=""))


def _tail(address: str) -> str:
    """The end of an address, which a link to it has however it is written."""
    parts = urlsplit(address)
    if parts.query:
        return parts.query.rpartition("&")[2]
    return parts.path.rstrip("/").rpartition("/")[2] + ("/" if parts.path.endswith("/") else "")

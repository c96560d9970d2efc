"""Turn the bytes of a page into text, whatever the page says about its charset.

Takes bytes, never fetches. The order is READING.md §2: byte order mark, UTF-8, the declared
charset, a guess. A text is never cut at its first bad byte: bad bytes become U+FFFD.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from charset_normalizer import from_bytes

from foundation.text import clean


@dataclass(frozen=True, kw_only=True, slots=True)
class Decoded:
    """A page as text. `charset` is the one that was used, `how` what made us use it:
    `source`, `bom`, `utf-8`, `http`, `meta`, `guess` or `last resort`."""

    text: str
    charset: str
    how: str


def decode(body: bytes, *, http_charset: str | None = None, forced: str | None = None) -> Decoded:
    """Decode a page. `forced` is the operator's word (`encoding` in the source's file).

    >>> decode("<title>刊</title>".encode("gbk"), http_charset="utf-8").charset
    'gb18030'
    """
    reading = (
        _from_operator(body, forced)
        or _from_bom(body)
        or _as_utf8(body, http_charset)
        or _from_declaration(body, http_charset)
        or _from_guess(body)
        or (body.decode("cp1252", "replace"), "windows-1252", "last resort")
    )
    text, charset, how = reading
    return Decoded(text=_cleaned(text), charset=charset, how=how)


_Reading = tuple[str, str, str]


def _cleaned(text: str) -> str:
    """`clean`, for what is mostly markup: only the signs beyond plain ASCII are asked whether they
    may stay, in half the time."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    try:
        signs = text.encode().translate(None, _PLAIN_ASCII).decode()
    except UnicodeEncodeError:  # half of a pair
        return clean(text)
    signs = signs.replace("\u3000", "").replace("\xa0", "")
    is_clean = signs.isprintable() and unicodedata.is_normalized("NFC", text)
    return text if is_clean else clean(text)


_PLAIN_ASCII = b"\t\n" + bytes(range(0x20, 0x7F))

# What pages call a charset, and the superset that reads all they really hold. Browsers do the
# same (WHATWG Encoding Standard, "names and labels"); gb2312 pages hold GBK characters like 镕.
_SUPERSETS = {
    **dict.fromkeys(
        (
            "gb2312",
            "gbk",
            "gb18030",
            "gb231280",
            "xgbk",
            "cp936",
            "ms936",
            "euccn",
            "gb",
            "chinese",
        ),
        "gb18030",
    ),
    **dict.fromkeys(("big5", "big5hkscs", "cnbig5", "xxbig5", "big5tw", "cp950"), "big5hkscs"),
    **dict.fromkeys(("shiftjis", "sjis", "xsjis", "mskanji", "cp932", "windows31j"), "cp932"),
    **dict.fromkeys(("eucjp", "xeucjp", "ujis"), "euc_jp"),
    **dict.fromkeys(("euckr", "ksc56011987", "ksc5601", "windows949", "cp949", "korean"), "cp949"),
    **dict.fromkeys(("iso88591", "latin1", "usascii", "ascii", "windows1252", "cp1252"), "cp1252"),
    **dict.fromkeys(("tis620", "iso885911", "windows874"), "cp874"),
    **dict.fromkeys(("iso88599", "windows1254"), "cp1254"),
}
# Charsets that are pure ASCII on the wire: only the declaration tells them from English.
_SEVEN_BIT = {"iso2022_jp", "iso2022_kr", "hz"}
_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# Browsers look at the first 1,024 bytes; Chinese pages put long comments and scripts before it.
_HEAD_BYTES = 16_384
_META_CHARSET = re.compile(
    rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w.:-]{2,40})|<\?xml[^>]{0,80}?encoding\s*=\s*[\"']([\w.:-]{2,40})",
    re.IGNORECASE,
)


def _from_operator(body: bytes, forced: str | None) -> _Reading | None:
    codec = _codec(forced)
    return (body.decode(codec, "replace"), codec, "source") if codec else None


def _from_bom(body: bytes) -> _Reading | None:
    for mark, codec in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(codec, "replace"), codec, "bom"
    return None


def _as_utf8(body: bytes, http_charset: str | None) -> _Reading | None:
    """UTF-8, also when some of its bytes are broken: a page cut in the middle of a character,
    or one with a fragment in another charset, is still a UTF-8 page."""
    declared = [codec for codec, _ in _declared(body, http_charset)]
    if body.isascii():
        return (
            None if _SEVEN_BIT.intersection(declared) else (body.decode("ascii"), "utf-8", "utf-8")
        )
    try:
        return body.decode("utf-8"), "utf-8", "utf-8"
    except UnicodeDecodeError:
        text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    whole = _beyond_ascii(text) - broken
    # GBK read as UTF-8 gives about one whole character to ten broken ones, a damaged UTF-8 page
    # hundreds to one: there is much room between, less is asked when the page says UTF-8.
    needed = broken if "utf-8" in declared else 10 * broken
    return (text, "utf-8", "utf-8") if whole > needed else None


def _from_declaration(body: bytes, http_charset: str | None) -> _Reading | None:
    for codec, how in _declared(body, http_charset):
        if codec == "utf-8" or _is_contradicted(body, codec):
            continue
        text = body.decode(codec, "replace")
        if _damage(text) <= 0.05:  # one broken character in twenty is a damaged page; more, a lie
            return text, codec, how
    return None


def _from_guess(body: bytes) -> _Reading | None:
    codec = _east_asian(body)
    if codec is None:
        best = from_bytes(_sample(body)).best()
        codec = _codec(best.encoding) if best else None
    return (body.decode(codec, "replace"), codec, "guess") if codec else None


def _declared(body: bytes, http_charset: str | None) -> list[tuple[str, str]]:
    """The declared charsets as codecs, with who declared them: the server first."""
    named = [(http_charset, "http")]
    head = _META_CHARSET.finditer(body[:_HEAD_BYTES])
    named += [((match[1] or match[2]).decode("ascii", "replace"), "meta") for match in head]
    return [(codec, how) for name, how in named if (codec := _codec(name))]


def _codec(name: str | None) -> str | None:
    """The Python codec for a charset's name on a page, or None for names nobody knows."""
    if not name:
        return None
    key = re.sub(r"[^a-z0-9]", "", name.lower())
    if key in ("utf8", "unicode11utf8"):
        return "utf-8"
    try:
        codec = codecs.lookup(_SUPERSETS.get(key, name.strip()))
        b" ".decode(codec.name, "replace")  # rot13, base64 and the like read no bytes as text
    except (LookupError, ValueError):
        return None
    return codec.name


def _damage(text: str) -> float:
    """The share of characters beyond ASCII that could not be read."""
    broken = text.count("\ufffd")
    return broken / max(1, _beyond_ascii(text)) if broken else 0.0


def _beyond_ascii(text: str) -> int:
    return len(text) - len(text.encode("ascii", "ignore"))


# Where each national standard keeps its commonest characters: the two-byte rows of level 1.
# Running text uses hardly any other; text read in the wrong charset falls all over the table.
# Japanese needs kana as well, for the rows of its level 1 lie inside those of GB 2312. On equal
# shares the first wins: Korean lies inside GB's level 1 too, but Chinese never inside Korean's.
_LEVEL_1 = {
    "cp949": ("euc_kr", range(0xB0, 0xC9), range(0xA1, 0xFF)),
    "euc_jp": ("euc_jp", range(0xB0, 0xD0), range(0xA1, 0xFF)),
    "cp932": ("cp932", range(0x88, 0x99), range(0x40, 0xFD)),
    "gb18030": ("gb2312", range(0xB0, 0xD8), range(0xA1, 0xFF)),
    "big5hkscs": ("big5", range(0xA4, 0xC7), range(0x40, 0xFF)),
}
_JAPANESE = {"euc_jp", "cp932"}
_KANA = frozenset(map(chr, range(0x3041, 0x30FF)))
_MARKS = frozenset("，。、；：？！“”‘’（）《》〈〉【】「」『』—…·　～－％／．＊")
# Shares seen: right charset 0.95 and more, wrong one 0.6 and less (tests/crawler/reading).
_LIKELY = 0.85
_DOUBTFUL = 0.6
# Two thousand characters settle it, and cost 2 ms.
_SAMPLE_BYTES = 6_000
_PORTION_BYTES = 400_000


@cache
def _commonest(codec: str) -> frozenset[str]:
    standard, leads, trails = _LEVEL_1[codec]
    rows = (bytes((lead, trail)).decode(standard, "ignore") for lead in leads for trail in trails)
    return frozenset(char for char in rows if len(char) == 1)


def _likeness(sample: bytes, codec: str) -> float:
    """The share of the characters beyond ASCII that are common ones of this charset."""
    chars = [
        char for char in sample.decode(codec, "replace") if char > "\x7f" and char not in _MARKS
    ]
    if not chars:
        return 0.0
    kana = sum(1 for char in chars if char in _KANA) if codec in _JAPANESE else 0
    if codec in _JAPANESE and kana < 0.2 * len(chars):
        return 0.0
    common = _commonest(codec)
    return (kana + sum(1 for char in chars if char in common)) / len(chars)


def _east_asian(body: bytes) -> str | None:
    """The East Asian charset that these bytes read well in, if any does."""
    sample = _sample(body)
    shares = {codec: _likeness(sample, codec) for codec in _LEVEL_1}
    best = max(shares, key=shares.__getitem__)
    return best if shares[best] >= _LIKELY else None


def _is_contradicted(body: bytes, declared: str) -> bool:
    """Whether the bytes speak plainly for another charset than the declared one: a server's
    default of iso-8859-1 over a Chinese page, Big5 sent as GBK. Other single-byte charsets are
    chosen deliberately and believed (Russian in KOI8-R looks like GB 2312 to any statistics)."""
    if declared in _LEVEL_1:
        if _likeness(_sample(body), declared) >= _DOUBTFUL:
            return False
    elif declared != "cp1252":
        return False
    likely = _east_asian(body)
    return likely is not None and likely != declared


_TAG = re.compile(rb"<(script|style)\b.*?</\1\s*>|<!--.*?-->|<[^<>]*>", re.IGNORECASE | re.DOTALL)
_FOREIGN = re.compile(rb"[^\r\n\x00-\x7f][^\r\n<]*")


def _sample(body: bytes) -> bytes:
    """The beginning of the text portion, from each first foreign byte of a line to its end."""
    lines = _FOREIGN.findall(_TAG.sub(b"\n", body[:_PORTION_BYTES]))
    return b"\n".join(lines)[:_SAMPLE_BYTES] or body[:_SAMPLE_BYTES]

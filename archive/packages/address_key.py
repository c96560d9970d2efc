"""The key by which an index of captures is sorted: a web address with its host turned round
(SURT, as CDX indexes have it), so that replay finds the same page under its equal spellings. Pure.
"""

from __future__ import annotations

import re
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_DEFAULT_PORTS = {"http": 80, "https": 443}
_WWW = re.compile(r"^www\d*\.")
#: All of ASCII that may stand as it is.
_PLAIN = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
#: Session ids, which are not part of the page's name.
_PATH_SESSION = re.compile(r"/(?:\((?:[a-z]\([0-9a-z]{24}\))+\)|\([0-9a-z]{24}\))(?=/[^?]+\.aspx)")
_QUERY_SESSION = re.compile(
    r"(^|&)(?:jsessionid=[0-9a-z]{32}|phpsessid=[0-9a-z]{32}|sid=[0-9a-z]{32}|"
    r"aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?=&|$)",
    re.IGNORECASE,
)


def address_key(url: str) -> str:
    """`http://www.Ship.example/A?b=1&a=2` → `example,ship)/a?a=2&b=1`. Anything that is no web
    address stays as it is."""
    parts = urlsplit(url)
    if parts.scheme not in _DEFAULT_PORTS or not parts.hostname:
        return url
    host = _WWW.sub("", _ascii_host(parts.hostname))
    turned = ",".join(reversed(host.split(".")))
    port = f":{parts.port}" if parts.port not in (None, _DEFAULT_PORTS[parts.scheme]) else ""
    query = _query(parts.query)
    return f"{turned}{port})" + _path(parts.path) + (f"?{query}" if query else "")


def _ascii_host(host: str) -> str:
    host = host.replace("..", ".").strip(".").lower()
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:
        return _escaped(host)


def _path(path: str) -> str:
    kept: list[str] = []
    *folders, last = (_unescaped(path) or "/").split("/")[1:] or [""]
    for part in folders:
        if part == ".." and kept:
            kept.pop()
        elif part not in ("", "."):
            kept.append(part)
    if last == ".." and kept:
        kept.pop()
    elif last != ".":
        kept.append(last)
    lowered = _PATH_SESSION.sub("", _escaped("/" + "/".join(kept)).lower())
    return lowered[:-1] if lowered.endswith("/") and len(lowered) > 1 else lowered


def _query(query: str) -> str:
    if not query:
        return ""
    whole = _escaped(_unescaped(query)).lower()
    lowered = _QUERY_SESSION.sub("", whole)
    if lowered != whole:
        lowered = lowered.strip("&")
    # By name, then by value: a name alone comes before the same name with a value.
    return "&".join(sorted(lowered.split("&"), key=lambda part: tuple(part.split("=", 1))))


def _unescaped(text: str) -> str:
    """Escapes of escapes too, as some sites have them."""
    data = text.encode("utf-8", "surrogateescape")
    while (plain := unquote_to_bytes(data)) != data:
        data = plain
    return data.decode("utf-8", "surrogateescape")


def _escaped(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogateescape"), safe=_PLAIN)

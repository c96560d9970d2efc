"""Addresses: joined as a browser joins them, and in the one form that identity goes by.

Pure; never raises, never asks the network. `canonical` is a key, made to survive what sites do to
their addresses without making a new article: http → https, a tracking parameter, a session, an
index page. It drops nothing that it does not know: two articles under one key would be lost, one
article under two keys is a duplicate that the archive can still find by content.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final, NamedTuple
from urllib.parse import quote_from_bytes, unquote_to_bytes, urljoin, urlsplit, urlunsplit

# --- tables -----------------------------------------------------------------------------------

# Added by those who spread a link; no site needs them to find the page.
_TRACKING: Final = re.compile(
    r"utm_\w+|spm|scm|fbclid|gclid|dclid|yclid|msclkid|mc_cid|mc_eid|_ga|_gl|igshid|ncid"
    r"|share_token|share_source|share_medium|isappinstalled|nsukey|tdsourcetag|wx_header",
    re.IGNORECASE,
)
# `from` names the way of sharing with these values; with any other it may name the page.
_SHARED_FROM: Final = frozenset(
    ("timeline", "groupmessage", "singlemessage", "weixin", "wechat", "qq", "qzone", "weibo", "rss")
)
_SESSION: Final = re.compile(
    r"jsessionid|phpsessid|aspsessionid\w*|asp\.net_sessionid", re.IGNORECASE
)
_SESSION_IN_PATH: Final = re.compile(r";(?:jsessionid|phpsessid)=[^/?#;]*", re.IGNORECASE)
_INDEX_PAGE: Final = re.compile(
    r"/(?:index\.(?:s?html?|php|jsp|aspx?)|default\.(?:html?|aspx?))$", re.IGNORECASE
)
# Labels under which a country's registry gives names away: xyz.edu.cn is a site, edu.cn is none.
_SECOND_LEVEL: Final = frozenset(
    ("ac", "co", "com", "edu", "go", "gov", "mil", "ne", "net", "nom", "or", "org", "re", "sch")
)
_PORTS: Final = {"http": "80", "https": "443"}
_SCHEME: Final = re.compile(r"([a-zA-Z][a-zA-Z0-9+.\-]*):")
_LEADS_NOWHERE: Final = re.compile(r"|(?:https?:)?//+|https?:", re.IGNORECASE)
_PATH: Final = re.compile(r"^[^?#]+")
_SLASHES: Final = re.compile(r"^(https?):/*", re.IGNORECASE)
_ESCAPED_AND: Final = re.compile(r"&(?:amp;)+")
_CONTROLS: Final = re.compile("[\x00-\x1f\x7f\u200b\ufeff]+")
_SURROGATES: Final = re.compile("[\ud800-\udfff]")


class _Parts(NamedTuple):
    """An http address in its pieces: `host` in ASCII, `port` only where it is not the usual one."""

    scheme: str
    host: str
    port: str
    path: str
    query: str
    fragment: str

    @property
    def netloc(self) -> str:
        return f"{self.host}:{self.port}" if self.port else self.host


# --- public -----------------------------------------------------------------------------------


def join_url(base: str | None, href: str | None, *, encoding: str = "utf-8") -> str | None:
    """The absolute address of a link, or None when it leads to no page: javascript:, mailto:, an
    empty one, a mere place on the same page. `encoding` is the page's, for its query strings."""
    href = _plain(href or "")
    if _LEADS_NOWHERE.fullmatch(href) or (href[0] == "#" and not _is_route(href[1:])):
        return None
    scheme = _SCHEME.match(href)
    if scheme and scheme[1].lower() not in _PORTS:
        return None
    try:
        joined = urljoin(_plain(base or ""), href)
    except ValueError:  # a host in brackets that is no address
        return None
    parts = _split(joined, encoding)
    return _unsplit(parts) if parts else None


def without_place(url: str) -> str:
    """The address of a page, less the place on it: `#p3` goes, `#/article/3` stays."""
    page, _, fragment = url.partition("#")
    return url if _is_route(fragment) else page


def canonical(url: str) -> str:
    """The key of an address. Both schemes are written `http`, because sites move to https (an own
    port keeps its scheme: two servers answer there); fragments go, but for `#!…` and `#/…`, which
    are pages; session, tracking parameters and index page go; the rest is sorted by name."""
    parts = _split(_plain(url), "utf-8")
    if parts is None:
        return _plain(url)
    query = _canonical_query(parts.query)
    path = _SESSION_IN_PATH.sub("", parts.path)
    return _unsplit(
        parts._replace(
            scheme=parts.scheme if parts.port else "http",
            path=path if query else _INDEX_PAGE.sub("/", path),
            query=query,
            fragment=parts.fragment if _is_route(parts.fragment) else "",
        )
    )


def host_key(url: str) -> str:
    """The host for pace and counting: lower case, ASCII, no port; the machine is one."""
    parts = _split(_plain(url), "utf-8")
    return parts.host if parts else ""


def is_same_site(one: str, other: str) -> bool:
    """Whether two addresses belong to one registered name: www.a.edu.cn and news.a.edu.cn."""
    hosts = host_key(one), host_key(other)
    return all(hosts) and _site(hosts[0]) == _site(hosts[1])


# --- pieces -----------------------------------------------------------------------------------


def _plain(text: str) -> str:
    """As a browser takes an attribute: trimmed, without line breaks, slashes the right way; and
    `&amp;`, escaped once too often, made `&` again."""
    text = _SURROGATES.sub("\ufffd", _CONTROLS.sub("", text)).strip()
    text = _ESCAPED_AND.sub("&", text)
    if _SCHEME.match(text) and not text.lower().startswith("http"):
        return text
    return _PATH.sub(lambda path: path[0].replace("\\", "/"), text, count=1)


def _split(url: str, encoding: str) -> _Parts | None:
    """The pieces of an absolute http address, percent-encoding normalised; None for others."""
    try:
        split = urlsplit(_SLASHES.sub(r"\1://", url))
        port = "" if split.port is None else str(split.port)
    except ValueError:
        return None
    scheme, host = split.scheme.lower(), _ascii_host(split.hostname or "")
    if scheme not in _PORTS or not host:
        return None
    return _Parts(
        scheme=scheme,
        host=host,
        port="" if port == _PORTS[scheme] else port,
        path=_without_dots(_escaped(split.path, "utf-8")) or "/",
        query=_escaped(split.query, encoding),
        fragment=_escaped(split.fragment, "utf-8"),
    )


def _unsplit(parts: _Parts) -> str:
    return urlunsplit((parts.scheme, parts.netloc, parts.path, parts.query, parts.fragment))


def _ascii_host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    if host.isascii():
        return host
    try:
        return host.encode("idna").decode("ascii")
    except UnicodeError:  # an empty or an overlong label: nobody answers there
        return ""


# What stands for itself in a path or query (RFC 3986), and what browsers leave alone besides.
_KEPT: Final = "!$&'()*+,;=:@/?-._~|[]"
_ALL_KEPT: Final = re.compile(rf"[A-Za-z0-9{re.escape(_KEPT)}]*")
_ESCAPE: Final = re.compile(r"%[0-9a-fA-F]{2}")
_UNRESERVED: Final = re.compile(r"[A-Za-z0-9\-._~]")


def _escaped(text: str, encoding: str) -> str:
    """One spelling for equal bytes: letters bare, others as %XX in capitals. Bytes of any charset
    survive (%C6%B7 is GBK and no business of ours)."""
    if _ALL_KEPT.fullmatch(text):
        return text
    pieces = []
    place = 0
    for escape in _ESCAPE.finditer(text):
        pieces += [_quoted(text[place : escape.start()], encoding), _one_escape(escape[0])]
        place = escape.end()
    return "".join([*pieces, _quoted(text[place:], encoding)])


def _one_escape(escape: str) -> str:
    letter = unquote_to_bytes(escape).decode("latin-1")
    return letter if _UNRESERVED.fullmatch(letter) else escape.upper()


def _quoted(text: str, encoding: str) -> str:
    try:
        raw = text.encode(encoding, "xmlcharrefreplace" if encoding != "utf-8" else "strict")
    except LookupError:  # a charset that no Python knows
        raw = text.encode()
    return quote_from_bytes(raw, safe=_KEPT)


def _without_dots(path: str) -> str:
    """`/a/./b/../c` → `/a/c`; doubled slashes stay, some servers need them."""
    if "/." not in path:
        return path
    kept: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if path.endswith(("/.", "/..")):
        kept.append("")
    return "/".join(kept)


def _canonical_query(query: str) -> str:
    pairs = [pair for pair in query.split("&") if pair and not _is_noise(pair)]
    return "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[0]))


def _is_noise(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if name.lower() == "from":
        return value.lower() in _SHARED_FROM
    return bool(_TRACKING.fullmatch(name) or _SESSION.fullmatch(name))


def _is_route(fragment: str) -> bool:
    """`#!/article/3` and `#/article/3` are addresses of pages that a script draws."""
    return len(fragment) > 1 and fragment[0] in "!/"


def _site(host: str) -> str:
    if _is_address(host):
        return host
    labels = host.removeprefix("www.").split(".")
    count = 3 if len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in _SECOND_LEVEL else 2
    return ".".join(labels[-count:])


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True

"""A failed download, in words: Scrapy's and Twisted's exceptions → SiteError. Pure."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import OpenSSL.SSL
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
    ResponseDataLossError,
    UnsupportedURLSchemeError,
)
from service_identity import VerificationError

from crawler.guard import refusal, refused_address
from foundation.errors import RefusedError, SiteError, UnreachableError

if TYPE_CHECKING:
    from collections.abc import Iterator

#: What happened, for the person who reads the outcome. The site's own words are in the log.
WORDS: dict[type[Exception], str] = {
    CannotResolveHostError: "its name could not be resolved (no network, or no such host)",
    DownloadConnectionRefusedError: "the connection was refused",
    DownloadTimeoutError: "it did not answer in time",
    ResponseDataLossError: "the answer broke off",
    DownloadFailedError: "the connection broke",
    UnsupportedURLSchemeError: "the address is not http",
}


def site_error(error: Exception, url: str) -> SiteError | None:
    """What a download's exception says about the site; None when it is our bug."""
    if isinstance(error, SiteError):
        return error
    if isinstance(error, (CannotResolveHostError, OSError)):
        host = host_of(url)
        address = refused_address(host)
        if address is not None:
            return RefusedError(refusal(host, address))
    if isinstance(error, DownloadCancelledError):
        return UnreachableError(f"{url}: the answer is larger than the limit")
    if isinstance(error, IgnoreRequest):
        return UnreachableError(f"{url}: {ignored(error)}")
    fault = tls_fault(error)
    if fault is not None:
        return UnreachableError(f"{url}: {fault}")
    for kind, words in WORDS.items():
        if isinstance(error, kind):
            return UnreachableError(f"{url}: {words}")
    if isinstance(error, OSError):
        return UnreachableError(f"{url}: {error}")
    if isinstance(error, ValueError):
        # What a site put into a link or a redirect, refused by whoever took it apart: urllib,
        # w3lib, Twisted, the codec of names (UnicodeError).
        return UnreachableError(f"{url}: the address cannot be asked for ({error})")
    return None


def is_final(error: SiteError) -> bool:
    """Whether asking again would bring nothing else: we may not, or will not, or cannot ask. What a
    limit of ours ended, or a redirect without end, is no fault that passes."""
    if isinstance(error, RefusedError):
        return True
    cause = error.__cause__
    if isinstance(cause, OSError):  # Python's certificate errors are ValueErrors, too
        return False
    kinds = (DownloadCancelledError, IgnoreRequest, UnsupportedURLSchemeError, ValueError)
    return isinstance(cause, kinds)


def tls_fault(error: BaseException) -> str | None:
    """What went wrong with TLS, when that is what lies under a failed connection."""
    for each in reversed(list(beneath(error))):  # the innermost has the words
        if isinstance(each, VerificationError):
            return "its certificate is not valid (it is for another host)"
        if isinstance(each, ssl.SSLCertVerificationError):
            words = getattr(each, "verify_message", "") or str(each)
            return f"its certificate is not valid ({words})"
        if isinstance(each, (ssl.SSLError, OpenSSL.SSL.Error)):
            words = str(each)
            is_certificate = "certificate verify failed" in words
            what = "its certificate is not valid" if is_certificate else "TLS failed"
            return f"{what} ({words})"
    return None


def beneath(error: BaseException) -> Iterator[BaseException]:
    """An error, what it was raised from, and Twisted's `reasons`, outermost first."""
    waiting = [error]
    seen: set[int] = set()
    while waiting:
        each = waiting.pop(0)
        if id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        reasons = [getattr(reason, "value", reason) for reason in getattr(each, "reasons", ())]
        waiting += [one for one in (each.__cause__, *reasons) if isinstance(one, BaseException)]


def host_of(url: str) -> str:
    """The host of an address, or the whole of one that cannot be taken apart."""
    try:
        return urlsplit(url).hostname or url
    except ValueError:
        return url


def ignored(error: IgnoreRequest) -> str:
    """Why a middleware gave a request up: too many redirects, or a body that unpacks too large."""
    words = str(error)
    if "redirect" in words.lower():
        return "it redirects without end"
    if "decompressed" in words:
        return "the answer unpacks to more than the limit"
    return words or "it was given up"

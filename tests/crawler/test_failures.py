"""What a failed download says about the site, and that a bug of ours stays one."""

from __future__ import annotations

import ssl

import OpenSSL.SSL
import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from crawler import guard
from crawler.failures import is_final, site_error
from foundation.errors import GoneError, RefusedError, UnreachableError

URL = "http://journal.example/list.html"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (CannotResolveHostError(), "could not be resolved"),
        (DownloadTimeoutError(), "did not answer in time"),
        (DownloadFailedError(), "the connection broke"),
        (IgnoreRequest("Max redirects reached"), "redirects without end"),
        (OSError("no route to host"), "no route to host"),
        (ValueError("Port out of range 0-65535"), "the address cannot be asked for (Port out"),
        (UnicodeError("label too long"), "the address cannot be asked for (label too long)"),
    ],
)
def test_what_a_site_did_is_said_in_words(error: Exception, words: str) -> None:
    problem = site_error(error, URL)
    assert type(problem) is UnreachableError
    assert words in str(problem)
    assert URL in str(problem)


@pytest.mark.parametrize("url", ["http://[::1/", "http://host:99999/", "//", ""])
def test_an_address_that_cannot_be_taken_apart_raises_nothing(url: str) -> None:
    assert isinstance(site_error(ValueError("no address"), url), UnreachableError)
    assert isinstance(site_error(CannotResolveHostError(), url), UnreachableError)


def test_an_error_that_has_a_name_already_keeps_it() -> None:
    gone = GoneError("gone")
    assert site_error(gone, URL) is gone


@pytest.mark.parametrize("bug", [TypeError("ours"), AttributeError("ours"), RuntimeError("ours")])
def test_a_bug_is_not_the_sites(bug: Exception) -> None:
    assert site_error(bug, URL) is None


def test_only_a_name_that_led_nowhere_is_explained_by_its_private_address(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(guard._refused_hosts, "journal.example", "10.0.0.7")
    assert isinstance(site_error(CannotResolveHostError(), URL), RefusedError)
    assert isinstance(site_error(OSError(), URL), RefusedError)
    assert type(site_error(DownloadTimeoutError(), URL)) is UnreachableError
    assert site_error(TypeError("ours"), URL) is None


def test_a_certificate_is_found_beneath_what_scrapy_and_twisted_made_of_it() -> None:
    unverified = OpenSSL.SSL.Error([("SSL routines", "", "certificate verify failed")])
    twisted = DownloadFailedError()
    twisted.__cause__ = ResponseFailed([Failure(unverified)])
    aiohttp = DownloadConnectionRefusedError()
    aiohttp.__cause__ = ssl.SSLCertVerificationError(1, "certificate verify failed")
    for error in (twisted, aiohttp):
        assert "its certificate is not valid" in str(site_error(error, URL))


def test_other_troubles_of_tls_are_not_blamed_on_the_certificate() -> None:
    error = DownloadFailedError()
    error.__cause__ = ssl.SSLError(1, "wrong version number")
    told = str(site_error(error, URL))
    assert "TLS failed" in told
    assert "wrong version number" in told
    assert "certificate" not in told


@pytest.mark.parametrize(
    ("error", "is_for_good"),
    [
        (CannotResolveHostError(), False),
        (DownloadTimeoutError(), False),
        (OSError("no route to host"), False),
        # A ValueError in Python, and mended within days.
        (ssl.SSLCertVerificationError(1, "certificate verify failed"), False),
        (DownloadCancelledError("larger than the limit"), True),
        (IgnoreRequest("Max redirects reached"), True),
        (ValueError("Port out of range 0-65535"), True),
        (RefusedError("robots.txt does not allow it"), True),
    ],
)
def test_what_asking_again_cannot_mend_is_told_apart(
    error: Exception, *, is_for_good: bool
) -> None:
    problem = site_error(error, URL)
    assert problem is not None
    if problem is not error:
        problem.__cause__ = error  # as crawler.fetch raises it
    assert is_final(problem) is is_for_good

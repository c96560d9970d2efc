from __future__ import annotations

import pytest

from web.encoding import accepted_codings


@pytest.mark.parametrize(
    ("header", "codings"),
    [
        # RFC 9110 section 12.5.3, and what clients were seen to send.
        (None, ["identity"]),
        ("", ["identity"]),
        ("gzip", ["gzip", "identity"]),
        ("x-gzip", ["gzip", "identity"]),
        ("gzip, deflate, br", ["br", "gzip", "identity"]),
        ("gzip, deflate, br, zstd", ["br", "gzip", "identity"]),
        ("GZIP;Q=0.8 , br;q=0.5", ["gzip", "br", "identity"]),
        ("br;q=0.2, gzip;q=0.2", ["br", "gzip", "identity"]),
        ("gzip;q=0", ["identity"]),
        ("gzip;q=0, br", ["br", "identity"]),
        ("identity;q=1, gzip;q=0.5", ["identity", "gzip"]),
        ("*", ["br", "gzip", "identity"]),
        ("*;q=0.5, gzip;q=0.1", ["br", "identity", "gzip"]),
        ("*;q=0", ["identity"]),
        ("gzip, identity;q=0", ["gzip"]),
        ("gzip, *;q=0", ["gzip"]),
        ("deflate", ["identity"]),
        ("gzip;q=much", ["identity"]),
        ("gzip;q=nan", ["identity"]),
        ("gzip;q=-1", ["identity"]),
        ("gzip;level=9", ["gzip", "identity"]),
        (", ,", ["identity"]),
    ],
)
def test_a_client_is_answered_in_the_coding_it_likes_best(
    header: str | None, codings: list[str]
) -> None:
    assert list(accepted_codings(header)) == codings

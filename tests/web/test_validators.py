from __future__ import annotations

from datetime import UTC, datetime

import pytest

from web.validators import Validators, etag_of, respond

MODIFIED = datetime(2026, 11, 23, 4, 0, 0, 900_000, tzinfo=UTC)
HELD = Validators(etag=etag_of(b"feed"), modified=MODIFIED)


@pytest.mark.parametrize(
    ("request_headers", "is_held"),
    [
        ({}, False),
        ({"if-none-match": HELD.etag}, True),
        ({"if-none-match": f"W/{HELD.etag}"}, True),
        ({"if-none-match": f'"other", {HELD.etag}'}, True),
        ({"if-none-match": "*"}, True),
        ({"if-none-match": '"other"'}, False),
        ({"if-modified-since": "Mon, 23 Nov 2026 04:00:00 GMT"}, True),
        ({"if-modified-since": "Mon, 23 Nov 2026 04:00:01 GMT"}, True),
        ({"if-modified-since": "Mon, 23 Nov 2026 03:59:59 GMT"}, False),
        ({"if-modified-since": "yesterday"}, False),
        ({"if-modified-since": ""}, False),
        # RFC 9110 section 13.2.2: the tag wins over the date.
        (
            {"if-none-match": '"other"', "if-modified-since": "Mon, 23 Nov 2026 04:00:01 GMT"},
            False,
        ),
    ],
)
def test_a_request_holds_what_its_validators_say(
    request_headers: dict[str, str], is_held: bool
) -> None:
    assert HELD.is_held(request_headers) is is_held


def test_a_date_alone_matches_nothing_that_has_no_date() -> None:
    undated = Validators(etag=etag_of(b"page"))
    assert not undated.is_held({"if-modified-since": "Mon, 23 Nov 2026 04:00:00 GMT"})
    assert set(undated.headers) == {"ETag"}


def test_an_etag_is_strong_and_follows_the_content() -> None:
    assert etag_of(b"feed") == etag_of(b"feed") != etag_of(b"feed ")
    assert etag_of(b"feed").startswith('"')


def test_nothing_is_read_for_a_304() -> None:
    def read() -> bytes:
        raise AssertionError("read although the client holds it")

    answer = respond({"if-none-match": HELD.etag}, HELD, read, content_type="text/plain")
    assert answer.status_code == 304
    assert answer.headers["etag"] == HELD.etag

"""What an article is called, and whether two are one. The rest is in test_entries."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from archive.identity import address_key, addresses_of, choose_authority, content_key, mint
from tests.archive.factories import URL, entry, sighting

if TYPE_CHECKING:
    from archive.model import ListedLink


@pytest.mark.parametrize("host", ["feeds.example.org", "FEEDS.example.org", "feeds.example.org."])
def test_a_public_host_is_the_authority(host: str) -> None:
    assert choose_authority(host) == "feeds.example.org"


@pytest.mark.parametrize(
    "host",
    [None, "", "localhost", "127.0.0.1", "::1", "8.8.8.8", "kanliu", "pc.local", "a b.c", "x.test"],
)
def test_what_nobody_can_hold_gives_a_random_name_under_invalid(host: str | None) -> None:
    first, second = choose_authority(host), choose_authority(host)
    assert re.fullmatch(r"[0-9a-f]{12}\.kanliu\.invalid", first)
    assert first != second


def test_ids_are_valid_tag_uris_and_the_same_for_the_same_address() -> None:
    tag = mint("feeds.example.org", "2026-11-23", "ship", URL)
    assert re.fullmatch(r"tag:feeds\.example\.org,2026-11-23:ship/[a-z2-7]{12}", tag)
    assert tag == mint("feeds.example.org", "2026-11-23", "ship", URL)
    assert tag != mint("feeds.example.org", "2026-11-23", "ship", URL + "x")


def test_long_addresses_have_keys_that_differ() -> None:
    one, other = (f"https://ship.example/{'船' * 2000}{end}" for end in "ab")
    assert address_key(one) != address_key(other)
    assert len(address_key(one).encode()) <= 2000
    assert address_key(URL) == URL


def test_addresses_are_named_once_and_the_claim_apart() -> None:
    listed: ListedLink | None = None
    found = addresses_of(sighting(listed=listed, asked=URL, canonical_url=URL + "?c"))
    assert (found.seen, found.claim) == ((URL,), URL + "?c")
    assert found.all == (URL, URL + "?c")
    assert addresses_of(sighting()).claim is None


def test_content_needs_a_title_and_a_text_to_be_compared() -> None:
    assert content_key(entry()) == content_key(entry(title="内河 电动货船 交付。"))
    assert content_key(entry()) != content_key(entry(title="另一题"))
    assert content_key(entry(title=None)) is None
    assert content_key(entry(title="……")) is None
    assert content_key(entry(text="短")) is None

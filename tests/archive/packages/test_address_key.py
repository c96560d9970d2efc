"""Keys are those of pywb and ReplayWeb.page, or replay finds nothing: what they make of each
address was taken from the library that pywb uses (surt 0.3.1)."""

from __future__ import annotations

import pytest

from archive.packages.address_key import address_key

SESSION = "0123456789abcdef0123456789abcdef"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://ship.example", "example,ship)/"),
        ("http://www.Ship.example/A?b=1&a=2", "example,ship)/a?a=2&b=1"),
        ("https://www2.ship.example/", "example,ship)/"),
        ("https://ship.example//a//b/", "example,ship)/a/b"),
        ("https://ship.example:443/x/../y/./z/", "example,ship)/y/z"),
        ("http://ship.example:443/", "example,ship:443)/"),
        ("http://127.0.0.1:8000/a", "1,0,0,127:8000)/a"),
        ("https://[::1]:8000/a", "::1:8000)/a"),
        ("https://ship.example/船?题=船", "example,ship)/%e8%88%b9?%e9%a2%98=%e8%88%b9"),
        ("https://ship.example/%E8%88%B9", "example,ship)/%e8%88%b9"),
        ("https://ship.example/%b4%ac.html", "example,ship)/%b4%ac.html"),
        ("https://船.example/a", "example,xn--3d1a)/a"),
        ("https://ship.example/a?", "example,ship)/a"),
        ("https://ship.example/a?b=&b&b=1", "example,ship)/a?b&b=&b=1"),
        ("https://ship.example/a?&&", "example,ship)/a?&&"),
        ("https://ship.example/a%2520b", "example,ship)/a%20b"),
        ("https://ship.example/a#part", "example,ship)/a"),
        ("https://ship.example/a/..", "example,ship)/"),
        ("https://ship.example/..", "example,ship)/.."),
        ("https://ship.example/%", "example,ship)/%25"),
        ("https://user:pw@ship.example/a", "example,ship)/a"),
        (f"https://ship.example/a?x=1&sid={SESSION}&y=2", "example,ship)/a?x=1&y=2"),
        (f"https://ship.example/a?PHPSESSID={SESSION}", "example,ship)/a"),
        (
            "https://ship.example/(S(abcdefghijklmnopqrstuvwx))/a.aspx?x=1",
            "example,ship)/a.aspx?x=1",
        ),
        ("urn:kanliu:event:1", "urn:kanliu:event:1"),
    ],
)
def test_an_address_has_the_key_that_replay_looks_for(url: str, key: str) -> None:
    assert address_key(url) == key

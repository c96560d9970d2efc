"""What a page names is found, in whatever form it is written."""

from __future__ import annotations

import pytest

from archive.packages.address_key import address_key
from archive.packages.sharing import find_named

PAGE = "https://ship.example/a/1.html"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ('<img src="b.png">', "https://ship.example/a/b.png"),
        ("<IMG SRC=/b.png>", "https://ship.example/b.png"),
        ("<img data-src='//cdn.example/b.png'>", "https://cdn.example/b.png"),
        ('<link href="../s.css?a=1&amp;b=2">', "https://ship.example/s.css?a=1&b=2"),
        ('<img srcset="b.png 1x, /c.png 2x">', "https://ship.example/c.png"),
        ("<p style=\"background: url('/b.png')\">", "https://ship.example/b.png"),
        ("@import url(c.css);", "https://ship.example/a/c.css"),
        ("@import 'c.css';", "https://ship.example/a/c.css"),
        ('<base href="/x/"><img src="b.png">', "https://ship.example/x/b.png"),
        ('<img src="船.png">', "https://ship.example/a/%E8%88%B9.png"),
        ('<img src="http://["><img src="b.png">', "https://ship.example/a/b.png"),
    ],
)
def test_an_address_is_found_however_it_is_written(text: str, url: str) -> None:
    assert address_key(url) in find_named(text, PAGE)


def test_words_that_look_like_a_file_name_are_none() -> None:
    found = find_named("<p>b.png</p>", PAGE)
    assert address_key("https://ship.example/a/b.png") not in found

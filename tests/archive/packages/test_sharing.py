"""What a page names is found, in whatever form it is written."""

from __future__ import annotations

from urllib.parse import quote

import pytest

from archive.packages.address_key import address_key
from archive.packages.members import Member
from archive.packages.named import find_named, keys_named_in, may_name_others

PAGE = "https://ship.example/a/1.html"


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ('<img src="b.png">', "https://ship.example/a/b.png"),
        ("<IMG SRC=/b.png>", "https://ship.example/b.png"),
        ("<img data-src='//cdn.example/b.png'>", "https://cdn.example/b.png"),
        ('<link href="../s.css?a=1&amp;b=2">', "https://ship.example/s.css?a=1&b=2"),
        ('<img srcset="b.png 1x, /c.png 2x">', "https://ship.example/c.png"),
        ('<img src="a,b.png">', "https://ship.example/a/a,b.png"),
        ("<p style=\"background: url('/b.png')\">", "https://ship.example/b.png"),
        ("p { background: url('b (1).png') }", "https://ship.example/a/b%20(1).png"),
        ("@import url(c.css);", "https://ship.example/a/c.css"),
        ("@import 'c.css';", "https://ship.example/a/c.css"),
        ('<base href="/x/"><img src="b.png">', "https://ship.example/x/b.png"),
        ('<img src="船.png">', "https://ship.example/a/%E8%88%B9.png"),
        ('<img src="http://["><img src="b.png">', "https://ship.example/a/b.png"),
    ],
)
def test_an_address_is_found_however_it_is_written(text: str, url: str) -> None:
    assert address_key(url) in map(address_key, find_named(text, PAGE))


@pytest.mark.parametrize(
    "text",
    [
        '<a href="/x.pdf">', '<a href="/download?id=3">', '<link rel=x><a href="/x.png">',
        '<a data-url="/x.pdf?v=2">',
    ],
)  # fmt: skip
def test_what_a_page_only_leads_to_is_not_its_own(text: str) -> None:
    assert list(find_named(text, PAGE)) == []


@pytest.mark.parametrize(
    ("charset", "kind", "head", "word"),
    [
        ("utf-8", "text/html", "", "图"),
        ("gbk", "text/html", "", "船"),  # that says nothing, as many old pages
        ("gb2312", "text/html; charset=GB2312", "", "图"),  # two bytes that are UTF-8 as well
        ("big5", "text/html", "<meta charset=big5>", "船"),
        ("big5", "text/css; charset=nosuch", "/* */", "船"),
    ],
)
def test_a_chinese_address_is_asked_for_in_utf_8_whatever_the_page_is_in(
    charset: str, kind: str, head: str, word: str
) -> None:
    body = f"{head}<img src=/{word}/p.png><img src=/plain.png>".encode(charset)
    block = f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\n\r\n".encode() + body
    heads = {"WARC-Type": "response", "WARC-Target-URI": PAGE, "WARC-Date": "2026-10-12T08:00:00Z"}
    page = Member(offset=0, packed=b"", headers=heads, block=block)
    assert may_name_others(page)
    named = keys_named_in(page)
    assert address_key("https://ship.example/plain.png") in named
    is_read = "nosuch" not in kind
    assert (address_key(f"https://ship.example/{quote(word)}/p.png") in named) is is_read


def test_what_was_made_of_a_page_names_what_a_script_put_there() -> None:
    heads = {"WARC-Type": "metadata", "WARC-Target-URI": PAGE}
    said = b'{"requisites": [{"url": "https://ship.example/x.pdf"}]}'
    listed = Member(offset=0, packed=b"", headers=heads, block=said)
    assert may_name_others(listed)
    assert keys_named_in(listed) == {"example,ship)/x.pdf"}
    for other in (b'{"entry": {}}', b"[]", b"no JSON", b'{"requisites": [3]}'):
        assert keys_named_in(Member(offset=0, packed=b"", headers=heads, block=other)) == set()
    drawn = Member(
        offset=0, packed=b"", headers={**heads, "WARC-Type": "conversion"}, block=b"<img src=b.png>"
    )
    assert keys_named_in(drawn) == {"example,ship)/a/b.png"}


def test_words_that_look_like_a_file_name_are_none() -> None:
    found = set(map(address_key, find_named("<p>b.png</p>", PAGE)))
    assert address_key("https://ship.example/a/b.png") not in found

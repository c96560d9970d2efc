"""Pages made hostile: saved pages cut, flipped, doubled and blown up, each by a seeded choice, so
that a bad one can be made again from its seed. Pure; knows nothing of the reader.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from random import Random

    _Mutate = Callable[[bytes, Sequence[bytes], Random], bytes]


@dataclass(frozen=True, kw_only=True)
class Mutation:
    """A page, what was done to it, and the number of the seed that does it again."""

    name: str
    number: int
    body: bytes


def mutate(pages: Sequence[bytes], number: int, *, seed: int, name: str | None = None) -> Mutation:
    """The mutation with that number of a run: all kinds take turns, pages by the seed."""
    from random import Random

    rng = Random(f"{seed}:{number}")
    kind = name or list(KINDS)[number % len(KINDS)]
    page = rng.choice(pages)
    body = KINDS[kind](page, pages, rng)
    return Mutation(name=kind, number=number, body=body[:LARGEST])


#: No source may send more (foundation.settings, size_bytes).
LARGEST = 8 * 1024 * 1024
_TAG = re.compile(rb"<[^<>]{1,400}>")
_CHARSETS = (
    *(b"utf-8", b"gb2312", b"gbk", b"gb18030", b"big5", b"shift_jis", b"euc-jp", b"euc-kr"),
    *(b"iso-2022-jp", b"hz", b"utf-16", b"utf-7", b"utf-32", b"koi8-r", b"windows-1256"),
    *(b"iso-8859-1", b"punycode", b"idna", b"base64", b"rot13", b"unicode_escape", b"\xff\xfe"),
    *(b"undefined", b"cp037", b"mbcs", b"", b"x" * 40),
)
_ENTITIES = (
    *(b"&#0;", b"&#xD800;", b"&#x110000;", b"&#99999999999;", b"&lt;script&gt;", b"&nbsp;" * 50),
    *(b"&", b"&&&&", b"&#", b"&#x;", b"&notanentity;", b"&#x202e;", b"&amp;amp;amp;", b"&quot;>"),
)
# Words that the readers look for: repeated, they meet every expression that may go wrong.
_WORDS = (
    *("发布时间：2026-11-20 08:05 ", "来源：某刊 作者：某某 ", "2026年", "〇一二三四五", "第4期"),
    *("如需转载，请注明来源。", "未经授权不得转载", "转载", "版权所有 ", "10.1234/", "ISSN 1234-"),
    *(
        "Copyright 2026 ",
        "记者 ",
        "当前位置：首页 > ",
        "- ",
        "——",
        "：",
        "《",
        "(((",
        " \u3000",
        "\u3000",
    ),
    *(
        "1",
        "2026-",
        "12:",
        "All rights reserved. ",
        "CC BY-NC ",
        "http://",
        "a@b.",
        "[转载]",
        "【",
        "|",
    ),
    *(
        "Received ",
        "published on ",
        "主办单位: ",
        "下一页",
        "editor ",
        "民國一百",
        "令和三年",
        "1/2/",
    ),
    *(
        "creativecommons.org/licenses/",
        "　来 源 ",
        "by ",
        "a-",
        "a ",
        "的",
        "。",
        "\n",
        "\t",
        "Jan 1, ",
    ),
)


def _cut(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    return page[: rng.randrange(len(page) + 1)]


def _cut_front(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    return page[rng.randrange(len(page) + 1) :]


def _flip(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    flipped = bytearray(page)
    for _each in range(rng.choice((1, 10, 200, 5_000))):
        if flipped:
            flipped[rng.randrange(len(flipped))] = rng.randrange(256)
    return bytes(flipped)


def _tags_doubled(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    return _TAG.sub(lambda tag: tag[0] * rng.choice((1, 1, 2, 3)), page)


def _tags_dropped(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    return _TAG.sub(lambda tag: tag[0] if rng.random() < 0.7 else b"", page)


def _tags_shuffled(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    tags = _TAG.findall(page)
    rng.shuffle(tags)
    shuffled = iter(tags)
    return _TAG.sub(lambda _tag: next(shuffled), page)


def _deep(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    tag = rng.choice(
        (b"div", b"b", b"font", b"table><tr><td", b"ul><li", b"blockquote", b"a href=/1")
    )
    text = rng.choice((b"", b"x", "一行字。".encode(), b"<p>text</p>", b"<a href=/a/1>one</a>"))
    nest = (b"<" + tag + b">" + text) * 5_000
    return _inside(page, nest, rng)


def _deep_and_wide(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    row = rng.choice(
        (
            b"<p>words in a row</p>",
            b"<li><a href=/a/1.html>A title of an article</a> 2026-11-20",
            "<p>未经授权不得转载</p>".encode(),
            "发布时间：2026-11-20<br>".encode(),
        )
    )
    tag = rng.choice((b"<div>", b"<div class=foot>", b"<b>", b"<ul><li>", b"<section>"))
    return _inside(page, tag * 1_500 + row * 15_000, rng)


def _wide_attribute(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    name = rng.choice(
        (b"class", b"id", b"href", b"style", b"title", b"alt", b"src", b"content", b"datetime")
    )
    piece = rng.choice(
        (b"a", b"a ", b"2026-", b"nav-", "转载".encode(), b" : ", b"%E4", b"../", b"A1")
    )
    value = piece * (1_000_000 // len(piece))
    tag = rng.choice(
        (b"a", b"div", b"img", b"meta name=title", b"time", b"a href=/a/1.html", b"link")
    )
    return _inside(page, b"<" + tag + b" " + name + b'="' + value + b'">words</a></div>', rng)


def _many_links(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    form = rng.choice(
        (
            b"<a href=/a/%d.html>A title of article %d</a> ",
            b"<li><a href=/a/%d.html>A title of article %d</a> 2026-11-20</li>",
            b"<div><h3><a href=/a/%d.html>A title of %d</a></h3><span>11-20</span></div>",
            b"<a href=/list_%d.html>%d</a>",
            b"<a href=?page=%d>next %d</a>",
            b"<a href=/a/1.html>x%d %d</a>",
            b"<a href=/a/%d.html>%d<br>",
            b"<a rel=license href=/%d>CC BY %d</a>",
        )
    )
    return _inside(page, b"".join(form % (at, at) for at in range(100_000)), rng)


def _long_line(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    piece = rng.choice(_WORDS).encode()
    tag = rng.choice((b"p", b"div", b"h1", b"title", b"a href=/1", b"script", b"td", b"span"))
    return _inside(page, b"<" + tag + b">" + piece * (5_000_000 // len(piece)), rng)


def _many_lines(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    piece = rng.choice(_WORDS).encode() * rng.choice((1, 3, 30))
    form = rng.choice(
        (b"<p>%s</p>", b"%s<br>", b"<h1>%s</h1>", b"<time datetime=2026-11-20>%s</time>")
    )
    return _inside(page, (form % piece) * 30_000, rng)


def _entities(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    return _TAG.sub(lambda tag: rng.choice((tag[0], tag[0] + rng.choice(_ENTITIES))), page)


def _charset(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    marks = rng.choice((b"", b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"\xff\xfe\0\0"))
    return marks + b'<meta charset="' + rng.choice(_CHARSETS) + b'">' + page


def _joined(page: bytes, pages: Sequence[bytes], rng: Random) -> bytes:
    return page + b"".join(rng.choice(pages) for _ in range(rng.choice((1, 2, 4))))


def _noise(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    return rng.randbytes(rng.choice((0, 1, 3, 1_000, 300_000)))


def _open_ended(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    mark = rng.choice(
        (
            b"<script>",
            b"<!--",
            b"<style>",
            b"<title>",
            b"<textarea>",
            b"<",
            b"<a href='",
            b"<![CDATA[",
        )
    )
    repeated = mark * rng.choice((1, 1, 20_000))
    return _inside(page, repeated, rng)


def _blanks(page: bytes, _: Sequence[bytes], rng: Random) -> bytes:
    blank = rng.choice(
        (b" ", b"\n", b"\t", b"\xc2\xa0", b"\xe3\x80\x80", b"<br>", b"<p></p>", b"\0")
    )
    return _inside(page, b"<p>a" + blank * 200_000 + b"b</p>", rng)


def _as_platform(page: bytes, pages: Sequence[bytes], rng: Random) -> bytes:
    """Another mutation with the marks of a publishing system, whose own list reader then reads."""
    kind = rng.choice([kind for kind in KINDS.values() if kind is not _as_platform])
    return rng.choice(_MARKS) + kind(page, pages, rng)


_MARKS = (
    b'<meta name="generator" content="Open Journal Systems 3.3.0.8">',
    b'<meta name="generator" content="magtech"><link href="http://www.magtech.com.cn/x.css">',
    b'<?xml version="1.0"?><rss version="2.0"><channel><title>t</title><item><title>',
    b'<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>a</title><link href="/1"/>',
    (
        b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa">'
        + b"".join(b'<!ENTITY %c "%s">' % (98 + at, b"&%c;" % (97 + at) * 10) for at in range(9))
        + b"]><rss><channel><item><title>&j;</title><link>/1</link></item></channel></rss>"
    ),
)


def _inside(page: bytes, more: bytes, rng: Random) -> bytes:
    at = rng.choice([tag.end() for tag in _TAG.finditer(page)] or [0])
    return page[:at] + more + page[at:]


KINDS: Mapping[str, _Mutate] = {
    "cut": _cut,
    "front cut off": _cut_front,
    "bytes flipped": _flip,
    "tags doubled": _tags_doubled,
    "tags dropped": _tags_dropped,
    "tags shuffled": _tags_shuffled,
    "5,000 deep": _deep,
    "deep and wide": _deep_and_wide,
    "attribute of 1 MB": _wide_attribute,
    "100,000 links": _many_links,
    "line of 5 MB": _long_line,
    "30,000 lines": _many_lines,
    "entities": _entities,
    "charset": _charset,
    "pages joined": _joined,
    "noise": _noise,
    "left open": _open_ended,
    "blanks": _blanks,
    "as a platform": _as_platform,
}

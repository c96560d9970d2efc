"""Which files a page names, and a style sheet."""

from __future__ import annotations

import pytest

from crawler.reading.requisites import find_in_style_sheet, find_requisites

URL = "https://magazine.example/a/1.html"
HOST = "https://magazine.example"


@pytest.mark.parametrize(
    ("markup", "named"),
    [
        ('<img src="1.png">', ["/a/1.png"]),
        ("<IMG SRC=/i/1.png>", ["/i/1.png"]),
        ('<img src="blank.gif" data-original="/i/2.jpg">', ["/a/blank.gif", "/i/2.jpg"]),
        ('<img srcset="/i/3.jpg 1x, /i/3@2.jpg 2x">', ["/i/3.jpg"]),
        (
            '<img srcset="/c,300.jpg 300w,/c,1024.jpg 1024w, /c,2048.jpg 2048w">',
            ["/c,300.jpg", "/c,1024.jpg"],
        ),
        ('<img data-srcset="/a.jpg 300w, /b.jpg 768w">', ["/a.jpg", "/b.jpg"]),
        ('<img srcset="/a.jpg, /b.jpg 2x">', ["/a.jpg"]),
        ('<img srcset="data:image/png;base64,AA,A 1x, /b.jpg 800w">', ["/b.jpg"]),
        ('<picture><source srcset="/p.webp"><img src="/p.png"></picture>', ["/p.webp", "/p.png"]),
        ('<video poster="/v.jpg" src="/v.mp4"><source src="/v.webm"></video>', ["/v.jpg"]),
        ('<link rel="alternate stylesheet" href="/night.css">', []),
        ('<link rel="stylesheet" href="/s.css?v=1"><img src=/1.png>', ["/s.css?v=1", "/1.png"]),
        ('<img src=/1.png><link rel="StyleSheet" href="/s.css">', ["/s.css", "/1.png"]),
        ('<link rel="next" href="/2.html"><link rel="icon" href="/x.ico">', []),
        ("<style>@import '/t.css'; p { background: url(/b.png) }</style>", ["/t.css", "/b.png"]),
        ('<p style="background:url(&quot;/c.png&quot;)">字</p>', ["/c.png"]),
        ('<table background="/d.gif"><tr><td background="e.gif">字', ["/d.gif", "/a/e.gif"]),
        ('<base href="/issues/4/"><img src="f.png">', ["/issues/4/f.png"]),
        ('<!-- <img src="/g.png"> --><script>"<img src=/h.png>"</script>', []),
        ('<img src="data:image/png;base64,AA"><img src="javascript:x"><img src="">', []),
        ('<img src="/1.png#a"><img src="/1.png#b">', ["/1.png"]),
        ("<style>@font-face { src: url(/f.woff2?x) }</style>", []),
        ('<img src="http://[">', []),
    ],
)
def test_a_page_names_what_it_cannot_be_shown_without(markup: str, named: list[str]) -> None:
    found = find_requisites(f"<html><body>{markup}</body></html>", url=URL)
    assert list(found.addresses) == [HOST + path for path in named]
    assert found.sheets == {each for each in found.addresses if ".css" in each}


def test_the_articles_own_files_come_before_images_and_after_style_sheets() -> None:
    markup = '<img src="/1.png"><link rel=stylesheet href=/s.css>'
    found = find_requisites(markup, url=URL, files=[f"{HOST}/1.pdf"])
    assert [each.rpartition("/")[2] for each in found.addresses] == ["s.css", "1.pdf", "1.png"]


@pytest.mark.parametrize(
    ("text", "named", "sheets"),
    [
        ('a { b: url( "i/1.png" ) } c { b: URL(2.png) }', ["i/1.png", "2.png"], []),
        ("a { b: url('i (1).png') }", ["i (1).png"], []),
        ('@import url("t.css"); @import "u.css" print;', ["t.css", "u.css"], ["t.css", "u.css"]),
        ("/* url(no.png) @import 'no.css' */ a { }", [], []),
        ("/* never closed url(no.png)", [], []),
        ("@font-face { src: url(f.eot?#iefix), url('f.ttf') }", [], []),
        ("url(" + " " * 100_000, [], []),
        ("/*" * 100_000, [], []),
    ],
    ids=range(8),
)  # fmt: skip
def test_a_style_sheet_names_its_images_and_imports(
    text: str, named: list[str], sheets: list[str]
) -> None:
    found = find_in_style_sheet(text, url=f"{HOST}/s/main.css")
    assert sorted(found.addresses) == sorted(f"{HOST}/s/{each}" for each in named)
    assert found.sheets == {f"{HOST}/s/{each}" for each in sheets}

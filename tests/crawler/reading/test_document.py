"""A page as lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.document import join, letters, read_document, select, text_of
from foundation.text import one_line


def lines(markup: str) -> list[str]:
    return [line.text for line in read_document(markup.encode(), url=None).lines]


def test_blocks_and_breaks_part_lines_and_inline_tags_do_not() -> None:
    markup = "<div>一<b>二</b><br>三<p>四 <i>五</i></p>六</div>"
    assert lines(markup) == ["一二", "三", "四 五", "六"]


@pytest.mark.parametrize(
    "hidden",
    [
        "<p style='color:red; DISPLAY : none'>x</p>",
        "<p hidden>x</p>",
        "<p aria-hidden=true>x</p>",
        "<script>x</script>",
        "<template><p>x</p></template>",
        "<select><option>x</select>",
        "<!-- x -->",
    ],
)
def test_what_people_do_not_see_is_no_line(hidden: str) -> None:
    assert lines(f"<p>a</p>{hidden}<p>b</p>") == ["a", "b"]


def test_text_behind_a_hidden_element_is_seen() -> None:
    assert lines("<p>a<span hidden>x</span>b</p>") == ["ab"]


def test_visibility_alone_hides_nothing() -> None:
    assert lines("<div style='visibility:hidden'>正文</div>") == ["正文"]


def test_a_body_that_a_script_will_show_is_read() -> None:
    assert lines("<body style='display:none'><p>正文</p></body>") == ["正文"]


def test_the_share_of_links_in_a_line_is_told() -> None:
    menu, text = read_document(b"<p><a>abcd</a></p><p>abc <a>d</a></p>", url=None).lines
    assert menu.link_share == 1.0
    assert text.link_share == pytest.approx(0.2)


def test_an_old_encoding_in_the_prologue_does_not_matter() -> None:
    page = '<?xml version="1.0" encoding="gbk"?><html><body>刊</body></html>'
    assert lines(page) == ["刊"]


@pytest.mark.parametrize("body", [b"%PDF-1.7\n1 0 obj <<", b"[1, 2]", "只有文字".encode(), b""])
def test_what_is_no_page_says_so(body: bytes) -> None:
    assert not read_document(body, url=None).is_markup


def test_addresses_are_relative_to_the_base_of_the_page() -> None:
    page = b"<base href='/b/'><p>x"
    assert (
        read_document(page, url="https://journal.example/a/1").base == "https://journal.example/b/"
    )


@pytest.mark.parametrize("href", ["javascript:void(0)", "mailto:a@b.example", "http://[", ""])
def test_what_is_no_address_is_none(href: str) -> None:
    assert join(None, href) is None


def test_a_selector_is_css_or_xpath() -> None:
    tree = read_document(b"<p class=a>x<br>y</p><p title=t>z</p>", url=None).tree
    assert [text_of(each) for each in select(tree, "p.a")] == ["x y"]
    assert [text_of(each) for each in select(tree, "//p/@title")] == ["t"]
    assert [text_of(each) for each in select(tree, "(//p)[2]")] == ["z"]


def test_letters_compares_texts_without_width_case_and_marks() -> None:
    assert letters("Ａb·（１）《刊》") == letters("ab1 刊")


@pytest.mark.parametrize(
    ("text", "is_chinese"),
    [
        ("本刊每月出版两期。" * 5, True),
        ("この本は面白い。" * 5, False),
        ("An English text, 中文 quoted. " * 5, False),
    ],
)
def test_a_page_is_chinese_when_its_text_is(text: str, *, is_chinese: bool) -> None:
    assert read_document(f"<a>首页</a><p>{text}</p>".encode(), url=None).is_chinese is is_chinese


def test_elements_of_a_tag_come_in_the_order_of_the_page() -> None:
    document = read_document(b"<p id=a>x<p id=b>y<div><p id=c>z</div>", url=None)
    assert [element.get("id") for element in document.tagged("p")] == ["a", "b", "c"]
    assert not document.tagged("h1")


def test_the_title_of_a_picture_is_not_that_of_the_page() -> None:
    body = b"<body><svg><title>icon</title></svg>x"
    assert read_document(body, url=None).head_title == ""
    assert read_document(b"<title> a\n b </title>" + body, url=None).head_title == "a b"


PIECES = (
    "a",
    "e",
    " ",
    "\n",
    "\x0c",
    "\xa0",
    "\u3000",
    "\u200b",
    "\u0301",
    "&#769;",
    "&#14;",
    "&#8238;",
)


@given(pieces=st.lists(st.sampled_from(PIECES)))
def test_a_line_is_one_line_and_clean(pieces: list[str]) -> None:
    for line in read_document("".join(pieces).encode(), url=None).lines:
        assert one_line(line.text) == line.text


def test_elements_with_an_attribute_come_in_the_order_of_the_page() -> None:
    body = b"<p id=a hidden>x<p id=b style=y><p id=c aria-hidden=true hidden><p id=d>z"
    document = read_document(body, url=None)
    found = document.having("style", "hidden", "aria-hidden", "no-such")
    assert [element.get("id") for element in found] == ["a", "b", "c"]
    assert [element.get("id") for element in document.having("style")] == ["b"]
    assert not document.having("no-such")

"""The charset of a page: what it is, not what it is said to be."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.reading.encoding import decode
from foundation.text import clean

CHINESE = "本刊编辑部设在河港，每月出版两期，来稿请附作者简介。人名镕、喆也要读对。"
TRADITIONAL = "本刊編輯部設在河港，每月出版兩期，來稿請附作者簡介，並註明聯絡方式。"
JAPANESE = "この雑誌は毎月二回発行されます。原稿には著者の紹介を添えてください。"
KOREAN = "이 잡지는 매달 두 번 발행됩니다. 원고에는 저자 소개를 붙여 주십시오."
RUSSIAN = "Журнал выходит дважды в месяц, к рукописи приложите сведения об авторе."
GERMAN = "Die Zeitschrift erscheint zweimal jährlich, Beiträge bitte für Prüfung einreichen."


def html(text: str, charset: str, declared: str | None = None) -> bytes:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    page = f"<html><head>{meta if declared else ''}</head><body><p>{text}</p></body></html>"
    return page.encode(charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        (CHINESE, "gb18030"),
        (TRADITIONAL, "big5"),
        (JAPANESE, "euc_jp"),
        (JAPANESE, "cp932"),
        (KOREAN, "cp949"),
    ],
)
@pytest.mark.parametrize("declared", [None, "utf-8", "iso-8859-1", "nonsense"])
def test_an_east_asian_page_is_read_right_whatever_it_declares(
    text: str, charset: str, declared: str | None
) -> None:
    assert text in decode(html(text, charset, declared)).text
    assert text in decode(html(text, charset), http_charset=declared).text


@pytest.mark.parametrize("name", ["gb2312", "GBK", "x-gbk", "GB_2312-80"])
def test_gb2312_and_gbk_are_read_as_gb18030(name: str) -> None:
    decoded = decode(html(CHINESE, "gb18030", name))
    assert (decoded.charset, decoded.how) == ("gb18030", "meta")
    assert "镕" in decoded.text


def test_the_server_is_asked_before_the_page() -> None:
    decoded = decode(html(RUSSIAN, "koi8-r", "windows-1251"), http_charset="koi8-r")
    assert RUSSIAN in decoded.text
    assert decoded.how == "http"


@pytest.mark.parametrize(("text", "charset"), [(RUSSIAN, "cp1251"), (GERMAN, "cp1252")])
def test_a_declared_single_byte_charset_is_believed(text: str, charset: str) -> None:
    assert text in decode(html(text, charset, charset)).text


@pytest.mark.parametrize(
    "mark", [codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_LE]
)
def test_a_byte_order_mark_beats_every_declaration(mark: bytes) -> None:
    names = {
        codecs.BOM_UTF8: "utf-8",
        codecs.BOM_UTF16_LE: "utf-16-le",
        codecs.BOM_UTF16_BE: "utf-16-be",
        codecs.BOM_UTF32_LE: "utf-32-le",
    }
    decoded = decode(mark + html(CHINESE, names[mark]), http_charset="gbk")
    assert decoded.how == "bom"
    assert CHINESE in decoded.text


@pytest.mark.parametrize("declared", [None, "gbk", "utf-8"])
def test_one_broken_byte_leaves_a_utf8_page_utf8(declared: str | None) -> None:
    whole = html(CHINESE * 3, "utf-8", declared)
    place = whole.index("河".encode())
    decoded = decode(whole[:place] + b"\xff" + whole[place + 1 :])
    assert decoded.charset == "utf-8"
    assert decoded.text.count(CHINESE) == 2
    assert "\ufffd" in decoded.text


def test_a_page_cut_in_the_middle_of_a_character_keeps_the_rest() -> None:
    assert CHINESE in decode(html(CHINESE * 2, "utf-8")[:-20]).text


def test_bad_bytes_do_not_end_the_text() -> None:
    body = html(CHINESE * 5, "gb18030", "gbk").replace("来稿".encode("gbk"), b"\x80\xff", 1)
    text = decode(body).text
    assert text.endswith("</html>")
    assert text.count("每月出版两期") == 5


def test_the_operators_word_is_final() -> None:
    assert decode(html(CHINESE, "utf-8"), forced="gbk").how == "source"


def test_seven_bit_charsets_are_known_by_their_declaration_alone() -> None:
    assert JAPANESE in decode(html(JAPANESE, "iso2022_jp", "iso-2022-jp")).text


def test_what_may_not_leave_the_reader_is_gone() -> None:
    decoded = decode("a\x00b\x85c\u202ed\ufffee\r\nf".encode())
    assert decoded.text == "abcde\nf"


@given(
    text=st.text(st.characters(codec="utf-8")) | st.text("a\r\n\t\x0c\x85\u200b\u202e\xa0e\u0301")
)
def test_a_text_is_cleaned_once_and_wholly(text: str) -> None:
    assert decode(text.encode(), forced="utf-8").text == clean(text)


@pytest.mark.parametrize("body", [b"", b"\x00" * 50, bytes(range(256)) * 40, b"%PDF-1.4\xe2\xe3"])
def test_any_bytes_give_a_text(body: bytes) -> None:
    assert isinstance(decode(body).text, str)


@pytest.mark.parametrize("name", ["rot13", "base64", "hex", "idna", "undefined"])
def test_a_codec_that_reads_no_bytes_as_text_is_no_charset(name: str) -> None:
    assert decode(f'<meta charset="{name}"><p>旧码头'.encode()).charset == "utf-8"

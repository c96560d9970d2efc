"""Licences named in a text: which, with what address, and what they ask."""

from __future__ import annotations

import pytest

from crawler.normalise.notice_license import find_license, mark_licenses
from crawler.normalise.notice_sign import LICENSE_MARK

CC = "https://creativecommons.org"


@pytest.mark.parametrize(
    ("text", "id_", "url"),
    [
        # Codes, in the orders and with the signs that sites print.
        ("cc by 4.0", "CC-BY-4.0", f"{CC}/licenses/by/4.0/"),
        ("cc-by-nc-sa 4.0", "CC-BY-NC-SA-4.0", f"{CC}/licenses/by-nc-sa/4.0/"),
        ("cc by-sa-nc 3.0", "CC-BY-NC-SA-3.0", f"{CC}/licenses/by-nc-sa/3.0/"),
        ("cc 4.0 by-sa", "CC-BY-SA-4.0", f"{CC}/licenses/by-sa/4.0/"),
        ("(cc by 4)", "CC-BY-4.0", f"{CC}/licenses/by/4.0/"),
        ("by-nc-nd", "CC-BY-NC-ND", None),
        ("采用 by 4.0 许可协议", "CC-BY-4.0", f"{CC}/licenses/by/4.0/"),
        ("cc-by-sa", "CC-BY-SA", None),
        ("cc by-nc-nd 3.0 de", "CC-BY-NC-ND-3.0-DE", f"{CC}/licenses/by-nc-nd/3.0/de/"),
        ("cc by 4.0 de", "CC-BY-4.0", f"{CC}/licenses/by/4.0/"),
        ("cc0", "CC0-1.0", f"{CC}/publicdomain/zero/1.0/"),
        # Addresses.
        ("//creativecommons.org/licenses/by/3.0/us/", "CC-BY-3.0-US", f"{CC}/licenses/by/3.0/us/"),
        (f"{CC}/publicdomain/zero/1.0/", "CC0-1.0", f"{CC}/publicdomain/zero/1.0/"),
        # Names, as the deeds of each language have them.
        (
            "creative commons attribution-sharealike 4.0",
            "CC-BY-SA-4.0",
            f"{CC}/licenses/by-sa/4.0/",
        ),
        (
            "知识共享署名-非商业性使用-禁止演绎 4.0",
            "CC-BY-NC-ND-4.0",
            f"{CC}/licenses/by-nc-nd/4.0/",
        ),
        ("署名-相同方式共享 4.0", "CC-BY-SA-4.0", f"{CC}/licenses/by-sa/4.0/"),
        ("非商用-非衍生-保持署名(创意共享3.0", "CC-BY-NC-ND-3.0", f"{CC}/licenses/by-nc-nd/3.0/"),
        ("クリエイティブ・コモンズ 表示 - 非営利 4.0", "CC-BY-NC-4.0", f"{CC}/licenses/by-nc/4.0/"),
        ("크리에이티브 커먼즈 저작자표시-변경금지", "CC-BY-ND", None),
        ("creative commons namensnennung – nicht kommerziell", "CC-BY-NC", None),
        ("creative commons attribution - pas de modification", "CC-BY-ND", None),
        ("creative commons atribución-compartirigual", "CC-BY-SA", None),
        # Several: the most binding one, told as well as it is.
        ("cc by 4.0, cc by-nc 4.0", "CC-BY-NC-4.0", f"{CC}/licenses/by-nc/4.0/"),
        ("cc by (creativecommons.org/licenses/by/4.0)", "CC-BY-4.0", f"{CC}/licenses/by/4.0/"),
        ("creative commons (cc by-sa 4.0)", "CC-BY-SA-4.0", f"{CC}/licenses/by-sa/4.0/"),
        # Others.
        ("gfdl", "GFDL", None),
        ("공공누리 제4유형", "KOGL-4", None),
    ],
)
def test_a_licence_is_known_by_its_name(text: str, id_: str, url: str | None) -> None:
    license_ = find_license(text)
    assert license_ is not None
    assert (license_.id, license_.url) == (id_, url)


@pytest.mark.parametrize(
    "text", ["", "a licence", "cc: by mail", "by 4.0", "cc by 2020", "abcc0", "public by-laws"]
)
def test_what_is_no_licence_is_none(text: str) -> None:
    license_ = find_license(text)
    assert license_ is None or license_.id == "CC-BY"


def test_a_licence_of_unknown_kind_binds_as_the_strictest_might() -> None:
    license_ = find_license("a creative commons licence")
    assert license_ is not None
    assert license_.id is None
    assert license_.obligations == ("source", "noncommercial", "nochange")


def test_each_licence_becomes_one_mark() -> None:
    text = "text: cc by 4.0 (creativecommons.org/licenses/by/4.0), code: cc0."
    assert mark_licenses(text)[0] == f"text: {LICENSE_MARK}), code: {LICENSE_MARK}."


def test_a_text_without_licences_stays_as_it_is() -> None:
    assert mark_licenses("转载请注明出处。") == ("转载请注明出处。", None)

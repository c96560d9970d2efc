"""Find the licences that a text names: Creative Commons in ten languages and a few public ones.

Whether the article is under the licence is not decided here: naming one is not granting it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from crawler.normalise.notice_sign import LICENSE_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True, kw_only=True, slots=True)
class License:
    """A licence for everybody. `id` is SPDX-like, without the version where none was printed, and
    None where not even the kind was. `obligations` are those of READING.md §5."""

    id: str | None
    url: str | None
    obligations: tuple[str, ...]


def find_license(text: str) -> License | None:
    """The licence that a folded text names; of several the most binding."""
    return mark_licenses(text)[1]


def mark_licenses(text: str) -> tuple[str, License | None]:
    """The text with one mark for each licence, or for several names of it side by side; and the
    licence, as `find_license` gives it."""
    mentions = list(_find_mentions(text))
    if not mentions:
        return text, None
    for start, end in reversed(_merge(sorted(span for span, _ in mentions))):
        text = f"{text[:start]}{LICENSE_MARK}{text[end:]}"
    marked = _SIDE_BY_SIDE.sub(LICENSE_MARK, text)
    return marked, max((license_ for _, license_ in mentions), key=_weight)


_SIDE_BY_SIDE = re.compile(rf"{LICENSE_MARK}(?:[\s()\[\]<>《》、,:/-]*{LICENSE_MARK})+")

# The four elements of a Creative Commons licence in the order of its code, as each language's
# deeds call them (creativecommons.org/licenses/by-nc-sa/4.0/deed.<language>).
_ELEMENTS = {
    "BY": (
        r"attribution|署名|姓名标示|表示|저작자\s?표시|namensnennung|reconocimiento|atribución|"
        r"atribuição|attribuzione|paternité|с указанием авторства|атрибуция"
    ),
    "NC": (
        r"non[-\s]?commercial|非商业性?(?:使用)?|非商用|非営利|비영리|nicht[-\s]?kommerziell|"
        r"keine kommerzielle nutzung|pas d['’]utilisation commerciale|no\s?comercial|"
        r"não\s?comercial|non commerciale|некоммерческ\w+(?: использование)?"
    ),
    "ND": (
        r"no[-\s]?deriv(?:ative)?s?(?: works)?|(?:禁止|非|不可)演绎|(?:禁止|非)衍生|"
        r"禁止(?:改作|修改)|"
        r"改変禁止|변경\s?금지|"
        r"keine bearbeitung(?:en)?|pas de modifications?|sin\s?obras?\s?derivadas?|"
        r"sin\s?derivad[ao]s|sem\s?deriva\w+|non opere derivate|без производных(?: произведений)?"
    ),
    "SA": (
        r"share[-\s]?alike|相同方式(?:共享|分享)|継承|동일\s?조건\s?변경\s?허락|"
        r"weitergabe unter gleichen bedingungen|partage dans les mêmes conditions|"
        r"compartir\s?igual|compartilha\s?igual|condividi allo stesso modo|с сохранением условий|"
        r"(?:распространение )?на тех же условиях"
    ),
}
_ELEMENT = {name: re.compile(words) for name, words in _ELEMENTS.items()}
_ANY_ELEMENT = "|".join(_ELEMENTS.values())
_BINDS = {"BY": "source", "NC": "noncommercial", "ND": "nochange", "SA": "sharealike"}

_VERSION = r"(?<![\d.])[1-4](?:\.[05])?(?![\d.]\d)(?!\d)"
_PORT = r"at|au|ca|ch|cn|de|es|fr|hk|igo|it|jp|kr|nl|pl|tw|uk|us"
_ADDRESS = re.compile(
    r"(?:https?:)?(?://)?(?:www\.)?creativecommons\.org/licenses/"
    rf"(?P<parts>by[a-z-]*)/(?P<version>\d\.\d)(?:/(?P<port>{_PORT})\b)?[\w./?=-]*"
)
# CC BY-NC-SA 4.0, cc-by-sa-3.0-de, CC 4.0 BY-SA (as one large blog host prints it), BY-NC-SA.
_CODE = re.compile(
    rf"(?<![a-z])(?:cc[\s:_-]*(?:(?P<before>{_VERSION})[\s-]*)?\(?by|"
    r"by(?=-(?:nc|nd|sa)|[\s-][1-4]\.0\s?(?:国际)?\s?(?:许可|协议|授权|licen[cs]e)))"
    r"(?P<parts>(?:[\s_/–-]*(?:nc|nd|sa)(?![a-z]))*)\)?(?![a-z])"
    rf"(?:[\s_/-]*v?(?P<version>{_VERSION}))?(?:[\s_-]+(?P<port>{_PORT})(?![a-z]))?"
)
_NAME = re.compile(
    rf"(?:(?:自由转载|保持|{_ANY_ELEMENT})+[-—\s(]+)*"
    r"(?:creative[-\s]?commons(?!\.org)|知识共享|创用\s?cc|共享创意|创意共享|クリエイティブ[・\s]?コモンズ|"
    r"크리에이티브\s?커먼즈|署名(?=[-—–]))"
    rf"(?P<rest>(?:[-\s,、·・:()\"'“”–—/《》「」『』]|{_ANY_ELEMENT}|{_VERSION}|und|et|y|e|и|の|"
    r"licen[cs]es?|lizenz|licencia|许可协议|许可证|协议|ライセンス|라이선스|лицензи\w+|"
    r"国际|国際|국제|international|unported|generic|台湾|中国大陆|香港|日本|대한민국)*)"
)
_ZERO = re.compile(
    r"(?<![a-z])public domain mark(?:\s?1\.0)?|公共领域标[识示记](?:\s?1\.0)?|"
    r"(?<![a-z])cc[\s-]?(?:0|zero)(?![0-9a-z])(?:\s?1\.0)?|creative commons zero|"
    r"(?:https?://)?creativecommons\.org/publicdomain/zero/1\.0[\w./-]*"
)

_CC = "https://creativecommons.org"
_PUBLIC = (
    (
        _ZERO,
        License(id="CC0-1.0", url=f"{_CC}/publicdomain/zero/1.0/", obligations=()),
    ),
    (
        re.compile(r"open government licen[cs]e(?: v(?:ersion )?\s?3(?:\.0)?)?"),
        License(
            id="OGL-UK-3.0",
            url="https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/",
            obligations=("source",),
        ),
    ),
    (
        re.compile(r"datenlizenz deutschland[-–\s]+namensnennung|dl-de/by-2-0"),
        License(
            id="DL-DE-BY-2.0",
            url="https://www.govdata.de/dl-de/by-2-0",
            obligations=("source",),
        ),
    ),
    (
        re.compile(r"政府资料开放授权条款"),
        License(id="OGDL-Taiwan-1.0", url="https://data.gov.tw/license", obligations=("source",)),
    ),
    (
        re.compile(r"公共データ利用規約|政府標準利用規約"),
        License(id="PDL-1.0", url=None, obligations=("source",)),
    ),
    *(
        (
            re.compile(rf"공공누리[^.]{{0,12}}{number}\s?유형"),
            License(id=f"KOGL-{number}", url=None, obligations=obligations),
        )
        for number, obligations in (
            (1, ("source",)),
            (2, ("source", "noncommercial")),
            (3, ("source", "nochange")),
            (4, ("source", "noncommercial", "nochange")),
        )
    ),
    (
        re.compile(
            r"gnu free documentation licen[cs]e|gnu\s?自由文[档件]许可(?:证|协议)|"
            r"(?<![a-z])gfdl(?![a-z])"
        ),
        License(id="GFDL", url=None, obligations=("source", "sharealike")),
    ),
)

# A licence of Creative Commons whose kind is not printed may be any of them: the strictest binds.
_UNTOLD = License(id=None, url=None, obligations=("source", "noncommercial", "nochange"))


def _find_mentions(text: str) -> Iterator[tuple[tuple[int, int], License]]:
    for match in _ADDRESS.finditer(text):
        yield match.span(), _build(match["parts"].split("-"), match["version"], match["port"])
    for match in _CODE.finditer(text):
        parts = re.findall("nc|nd|sa", match["parts"])
        yield match.span(), _build(parts, match["version"] or match["before"], match["port"])
    for match in _NAME.finditer(text):
        named = match[0].rstrip(" -,、·・:(\"'“–—/《")
        yield (match.start(), match.start() + len(named)), _parse_name(named)
    for pattern, license_ in _PUBLIC:
        for match in pattern.finditer(text):
            yield match.span(), license_


def _merge(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """The spans in order; two that overlap, where two expressions know one name, as one."""
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _parse_name(name: str) -> License:
    """`creative commons attribution-sharealike 4.0 …` by its words."""
    parts = [part.lower() for part, words in _ELEMENT.items() if words.search(name)]
    version = re.search(_VERSION, name)
    return _build(parts, version and version[0], None) if parts else _UNTOLD


def _build(parts: list[str], version: str | None, port: str | None) -> License:
    """A Creative Commons licence of its elements, whatever their order and case."""
    given = {"BY", *(part.upper() for part in parts)}
    elements = [element for element in _BINDS if element in given]
    code = "-".join(elements)
    binds = tuple(_BINDS[element] for element in elements)
    if version is None:
        return License(id=f"CC-{code}", url=None, obligations=binds)
    number = version if "." in version else f"{version}.0"
    tail = f"-{port.upper()}" if port and number != "4.0" else ""
    folder = f"/{port.lower()}" if tail and port else ""
    return License(
        id=f"CC-{code}-{number}{tail}",
        url=f"{_CC}/licenses/{code.lower()}/{number}{folder}/",
        obligations=binds,
    )


def _weight(license_: License) -> tuple[bool, int, bool, int]:
    """A kind that was told goes before one that was not; then the more binding, then the exact."""
    return (
        license_.id is not None,
        len(license_.obligations),
        license_.url is not None,
        len(license_.id or ""),
    )

"""Names of authors as printed → names, one each. Pure; guesses no name that was not set apart."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_LABEL: Final = re.compile(
    r"^(?:(?:作\s?者|撰\s?文|撰稿|文字|编译|译者|文\s?/\s?图|图\s?/\s?文|文|记者|記者|authors?|by)\s*[:：/丨|]\s*"
    r"|(?:本[报刊网]|特约)?(?:记者|記者|通讯员|特约撰稿人)\s+|by\s+)",
    re.IGNORECASE,
)
_AFFILIATION: Final = re.compile(r"[\s\d¹²³⁰-⁹*＊†‡,，#]+$|\s*[(（][^()（）]*[)）]\s*$")
# Brackets that hold a comma are no list of names: Jane Doe (Brussels, European desk).
_LISTED_PLACE: Final = re.compile(r"[(（][^()（）]*[,，;；、][^()（）]*[)）]")
# 赵 培: a name of two signs, set as wide as those of three.
_PADDED: Final = re.compile(
    r"(?<![\u3400-\u9fff])([\u3400-\u9fff]) ([\u3400-\u9fff])(?![\u3400-\u9fff])"
)
_NOBODY: Final = frozenset(
    (
        *("admin", "administrator", "管理员", "网站管理员", "系统管理员", "编辑", "佚名", "匿名"),
        *("未知", "本站", "作者", "unknown", "anonymous", "editor", "webmaster", "author", "root"),
        *("test", "none", "null", "本站编辑", "网站编辑", "小编", "本站原创", "原创", "转载"),
        *(
            "网络",
            "来源网络",
            "综合整理",
            "本网",
            "staff",
            "guest",
            "super user",
            "name",
            "your name",
        ),
    )
)
_ALWAYS_PARTS: Final = re.compile(r"\s*[;；、|/]\s*|\s+(?:&|and|und|et|og|och)\s+", re.IGNORECASE)
# 记者 李明 通讯员 王芳: the words between are what they are.
_ROLE: Final = re.compile(
    r"(?:^|(?<=\s))(?:本[报刊网台]|特约|实习|见习|首席|全媒体)*(?:记者|记者|記者|通讯员|通訊員|实习生|评论员|特约撰稿人?)"
    r"(?=\s|$)"
)
# Behind a name: what somebody is, and where.
_STANDING: Final = re.compile(
    r"\b(?:university|institute|college|department|school|academy|hospital|laboratory|staff|writer|"
    r"reporter|correspondent|editor|contributor|columnist|ph\.?d|m\.?d|professor)\b"
    r"|大学|大學|学院|學院|研究[院所员員]|教授|讲师|講師|博士|硕士|碩士|主任|院长|所长|会长",
    re.IGNORECASE,
)
_DEGREE: Final = re.compile(
    r"(?:MD|DO|DDS|DVM|MPH|MSW?|MSN|MSc|MBA|MPA|MFA|MA|BA|BSc?|JD|LLM|Esq|RN|RDN?|LCSW|CPA|CFA|CFP"
    r"|EdD|PsyD|PharmD|PhD|Ph\.D|M\.D|FOMA|DABOM|FACP|CNN|AP|AFP|Reuters)\.?"
)
# What stands before a name that is no author's.
_NOT_BY: Final = re.compile(
    r"(?:(?:medically\s)?(?:reviewed|updated|edited|fact.?checked|translated|illustrated)\sby\b"
    r"|(?:photos?|fotos?|bild|image|illustration)s?\s*[:：/])",
    re.IGNORECASE,
)
_COMMA: Final = re.compile(r"\s*[,，]\s*")
_HAN_NAME: Final = re.compile(r"[\u3400-\u9fff·•]{2,4}")
_ADDRESS: Final = re.compile(r"\S*@\S*|https?:\S*|www\.\S*")
# Hundreds of authors fit (a paper on particles prints them one by one); a page's whole text is
# cut off here, before the patterns take their time.
_LONGEST_TEXT: Final = 4000
# The longest names of people that Wikidata has on record in use are below 60 letters; what is
# longer is an institution with its address, or prose.
_LONGEST: Final = 60


def split_authors(
    text: str, *, nobody: Sequence[str] = (), language: str | None = None
) -> tuple[str, ...]:
    """The names in one printed string; `nobody` are names that are no author here, like the
    journal's. `Doe, Jane` is one, `Jane Doe, John Roe` are two; 小野寺 澄江 is one in Japanese."""
    refused = _NOBODY | {fold(name) for name in nobody}
    is_spaced = not (language or "").startswith("ja")
    names = _split(text, refused, is_spaced=is_spaced)
    while (
        again := tuple(one for name in names for one in _split(name, refused, is_spaced=is_spaced))
    ) != names:
        names = again  # a label or a mark was under another one
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(fold(name), name)
    return tuple(once.values())


def _split(text: str, refused: Collection[str], *, is_spaced: bool) -> tuple[str, ...]:
    names: dict[str, str] = {}
    line = _ROLE.sub("", _ADDRESS.sub("", one_line(text[:_LONGEST_TEXT]))).strip()
    line = _LISTED_PLACE.sub("", line)
    if is_spaced:
        line = _PADDED.sub(r"\1\2", line)
    for part in _parts(_LABEL.sub("", line), is_spaced=is_spaced):
        name = _bare(part[: 4 * _LONGEST])
        key = fold(name)
        if key and key not in refused and len(name) <= _LONGEST and not _NOT_BY.match(name):
            names.setdefault(key, name)
    return tuple(names.values())


def _bare(name: str) -> str:
    """Without the marks of affiliations: 张三1,2* and 李四（某大学）."""
    while (less := _AFFILIATION.sub("", name)) != name:
        name = less
    return name.strip(" ,，.。:：") if not name.endswith(("Jr.", "Sr.")) else name


def _is_standing(piece: str) -> bool:
    """What somebody is, set behind the name with a comma."""
    return _STANDING.search(piece) is not None or _DEGREE.fullmatch(piece) is not None


def _parts(text: str, *, is_spaced: bool) -> Iterator[str]:
    for part in _ALWAYS_PARTS.split(text):
        first, *others = [piece for piece in _COMMA.split(part) if piece] or [""]
        pieces = [
            piece for piece in (first, *others) if piece is first or not _is_standing(_bare(piece))
        ]
        is_inverted = len(pieces) == 2 and part.isascii() and not all(" " in p for p in pieces)
        for piece in [part] if is_inverted else pieces:
            words = piece.split()
            are_names = is_spaced and len(words) > 1 and all(map(_HAN_NAME.fullmatch, words))
            yield from words if are_names else [piece]

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
_NOBODY: Final = frozenset(
    (
        *("admin", "administrator", "管理员", "网站管理员", "系统管理员", "编辑", "佚名", "匿名"),
        *("未知", "本站", "作者", "unknown", "anonymous", "editor", "webmaster", "author", "root"),
        *("test", "none", "null", "本站编辑", "网站编辑", "小编", "本站原创", "原创", "转载"),
        *("网络", "来源网络", "综合整理", "本网", "staff", "guest", "super user"),
    )
)
_ALWAYS_PARTS: Final = re.compile(
    r"\s*[;；、|/]\s*|\s+&\s+|\s+and\s+|\s+und\s+|\s+et\s+", re.IGNORECASE
)
# 记者 李明 通讯员 王芳: the words between are what they are.
_ROLE: Final = re.compile(
    r"(?:^|(?<=\s))(?:本[报刊网台]|特约|实习|见习|首席|全媒体)*(?:记者|记者|記者|通讯员|通訊員|实习生|评论员|特约撰稿人?)"
    r"(?=\s|$)"
)
# Behind a name: what somebody is, and where.
_STANDING: Final = re.compile(
    r"\b(?:university|institute|college|department|school|academy|hospital|laboratory|staff|writer|"
    r"reporter|correspondent|editor|contributor|columnist|ph\.?d|m\.?d|professor)\b",
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


def split_authors(text: str, *, nobody: Sequence[str] = ()) -> tuple[str, ...]:
    """The names in one printed string; `nobody` are names that are no author here, like the
    journal's. `Doe, Jane` is one, `Jane Doe, John Roe` are two."""
    refused = _NOBODY | {fold(name) for name in nobody}
    names = _split(text, refused)
    while (again := tuple(one for name in names for one in _split(name, refused))) != names:
        names = again  # a label or a mark was under another one
    once: dict[str, str] = {}
    for name in names:
        once.setdefault(fold(name), name)
    return tuple(once.values())


def _split(text: str, refused: Collection[str]) -> tuple[str, ...]:
    names: dict[str, str] = {}
    line = _ROLE.sub("", _ADDRESS.sub("", one_line(text[:_LONGEST_TEXT]))).strip()
    for part in _parts(_LABEL.sub("", line)):
        name = _bare(part[: 4 * _LONGEST])
        key = fold(name)
        if key and key not in refused and len(name) <= _LONGEST:
            names.setdefault(key, name)
    return tuple(names.values())


def _bare(name: str) -> str:
    """Without the marks of affiliations: 张三1,2* and 李四（某大学）."""
    while (less := _AFFILIATION.sub("", name)) != name:
        name = less
    return name.strip(" ,，.。:：") if not name.endswith(("Jr.", "Sr.")) else name


def _parts(text: str) -> Iterator[str]:
    for part in _ALWAYS_PARTS.split(text):
        first, *others = [piece for piece in _COMMA.split(part) if piece] or [""]
        pieces = [
            piece for piece in (first, *others) if piece is first or not _STANDING.search(piece)
        ]
        is_inverted = len(pieces) == 2 and part.isascii() and not all(" " in p for p in pieces)
        for piece in [part] if is_inverted else pieces:
            words = piece.split()
            are_names = len(words) > 1 and all(map(_HAN_NAME.fullmatch, words))
            yield from words if are_names else [piece]

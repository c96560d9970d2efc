"""Names of people in the lines of a page: what can be one, and where Chinese pages print them
without a label. Guesses from the form of a line, never from running text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archive.model import Found

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.reading.block import Block
    from crawler.reading.document import Line


def is_name(text: str) -> bool:
    """Whether a text set apart can be the name of a person: two to five words that begin with
    capitals, or two to four Chinese signs."""
    if _ASIAN_NAME.fullmatch(text):
        return text not in _NO_NAMES
    return _is_latin_name(text)


def find_names_alone(lines: Sequence[Line]) -> tuple[Line, Found] | None:
    """The line of names under a title, as journals set it: `李明¹，王芳²`, `李明;王芳;`, `◎ 李明`.
    Every part must be a Chinese name, and one or two be marked or parted as names: 江苏 高考 are
    words that begin like names. Or the name beside the date: `2024-08-06 | 李明`."""
    for line in lines[:_NAMES_WITHIN]:
        if len(line.text) > _LONGEST_LINE:
            continue
        if name := _beside_a_date(line.text):
            return line, Found(text=name, where="name beside the date")
        if names := _names_of(line):
            return line, Found(text="，".join(names), where="names under the title")
    return None


def find_in_text(block: Block) -> Iterator[Found]:
    """Who a text says it is by where nothing else does: `某报记者甲乙发自某市` opens it,
    `（作者：甲乙）` closes it. These lines stay a part of it."""
    for line in block.body[:_OPENING_LINES]:
        if match := _OPENING.match(line.text):
            yield Found(text=match["names"], where="label 记者")
            return
    for line in reversed((*block.body, *block.tail)):
        if match := _CLOSING.search(line.text[-_CLOSING_SIGNS:]):
            yield Found(text=match["names"] or match["authors"], where="names in brackets")
            return


def _names_of(line: Line) -> list[str]:
    """The names of a line that consists of them."""
    marked = _MARK_OF_A_NAME.match(line.text)
    parts = _BETWEEN_NAMES.split(line.text[marked.end() :] if marked else line.text)
    names = [name for part in parts if (name := _SIGNS_ON_A_NAME.sub("", part))]
    is_many = (
        len(names) >= _ENOUGH_NAMES
        or (len(names) > 1 and _PARTED_AS_NAMES.search(line.text))
        or marked
        or _SIGNED_NAME.search(line.text)
    )
    # Each ended by a semicolon they are a list, be one surname ever so seldom.
    judge = any if _LIST_OF_NAMES.fullmatch(line.text) else all
    is_list = is_many and line.link_share < 1 and judge(map(_is_chinese_name, names))
    return names if is_list else []


def _beside_a_date(text: str) -> str | None:
    """The name among the parts of a line that has a date and no labels: `2024-08-06 | 李明`."""
    parts = [part.strip() for part in _BARS.split(text)]
    if len(parts) < _PARTS or not any(map(_DATE.match, parts)):
        return None
    return next((part for part in parts if _is_chinese_name(part) or _is_latin_name(part)), None)


def _is_chinese_name(text: str) -> bool:
    return _HAN_NAME.fullmatch(text) is not None and text[0] in _SURNAMES


def _is_latin_name(text: str) -> bool:
    words = text.split()
    return (
        len(words) in _WORDS_OF_A_NAME
        and all(_LATIN_WORD.fullmatch(word) for word in words)
        and words[0][0].isupper()
        and words[-1][0].isupper()
        and all(word[0].isupper() or word in _PARTICLES for word in words)
        and not any(word.casefold().rstrip(".") in _NO_NAMES for word in words)
    )


_NAMES_WITHIN = 4
_ENOUGH_NAMES = 3
_PARTS = 2
_PARTED_AS_NAMES = re.compile(r"[,，、;；]")
_MARK_OF_A_NAME = re.compile(r"[◎●■□◆▲△○★☆]\s?|[/／]\s?")
_BETWEEN_NAMES = re.compile(
    r"[\s,，;；、]+|(?<=[\u4e00-\u9fff])[\d¹²³⁴-⁹*＊†,，]+(?=[\u4e00-\u9fff])"
)
_SIGNS_ON_A_NAME = re.compile(r"[\d¹²³⁰-⁹*＊†‡△#,，\[\]()（）]+")
_SIGNED_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}[¹²³⁰-⁹*＊†;；]|[\u4e00-\u9fff]{2,3}\d(?!\d)")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
_LIST_OF_NAMES = re.compile(r"(?:[\u4e00-\u9fff]{2,3}[;；]\s?){2,}")
_BARS = re.compile(r"[|｜•·]")
_DATE = re.compile(
    r"(?:19|20)\d\d[-/.年]\d|\d{1,2}[./]\d{1,2}[./]\d{4}"
    r"|\d{1,2}\.?\s[^\W\d]+\s\d{4}|[^\W\d]+\s\d{1,2},\s\d{4}"
)
_LONGEST_LINE = 200
_OPENING_LINES = 4
_CLOSING_SIGNS = 40
_ASIAN_NAME = re.compile(
    r"[\u4e00-\u9fff]{2,4}(?:[·•][\u4e00-\u9fff]{1,8})*"
    r"|[\u4e00-\u9fff々]{1,3} [\u4e00-\u9fff々\u3040-\u30ff]{1,4}"
    r"|[가-힣]{2,4}"
)
# Not `TrapaniCEO`: a name and a standing that the page sets apart by its style.
_LATIN_WORD = re.compile(r"(?!\w*[a-z][A-Z]{2})[^\W\d_](?:[\w.'’\-]*[\w.])?")
_WORDS_OF_A_NAME = range(2, 6)
_PARTICLES = frozenset(
    (
        *("de", "da", "do", "dos", "das", "del", "della", "di", "la", "le", "du", "van", "von"),
        *("der", "den", "ter", "ten", "zu", "al", "el", "bin", "ibn", "bint", "y", "e", "af", "av"),
    )
)
_NO_NAMES = frozenset(
    (
        *("about", "all", "author", "authors", "article", "articles", "blog", "by", "comment"),
        *("comments", "contact", "editor", "editors", "editorial", "follow", "home", "image"),
        *("images", "more", "news", "newsletter", "photo", "post", "posted", "posts", "profile"),
        *("published", "read", "reporter", "review", "reviewed", "share", "sign", "staff", "story"),
        *("subscribe", "team", "the", "updated", "view", "website", "writer", "written", "your"),
        *("analyst", "officer", "manager", "director", "founder", "senior", "live", "admin"),
        *("作者", "编辑", "編輯", "作者简介", "本刊", "本刊编辑部", "编辑部", "发布", "分享"),
        *("redaktion", "mehr", "zur", "alle", "artikel", "beiträge", "voir", "tous", "par", "von"),
    )
)
# The commonest surnames: nine in ten of the people.
_SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷"
    "施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛"
    "童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丛冉穆闫肖張劉陳楊趙黃吳孫馬羅鄭謝韓馮"
    "蕭鄧許呂蘇盧蔣賈魏葉閻鍾陸譚鄒龍錢湯賴龔龐蘭陶嚴溫蘆魯韋畢聶齊莊"
)
_NAME = r"[\u4e00-\u9fff·]{2,4}?"
_NAMES = rf"(?P<names>{_NAME}(?:[\s、]{_NAME}){{0,3}})"
# Without a space before it a name begins with a surname: 记者看东北 is a column.
_REPORTER = rf"(?:通讯员|实习生|记者|記者)(?:\s|(?=[{_SURNAMES}])){_NAMES}"
_FILED = r"发自|發自|(?:综合)?(?:报道|報導|報道)|摄影"
REPORTER = re.compile(rf"{_REPORTER}(?=$|[\s）)】|｜/／]|{_FILED})")
_OPENING = re.compile(rf"[\u4e00-\u9fff]{{0,8}}?{_REPORTER}(?=$|[\s/／]|{_FILED})")
_CLOSING = re.compile(
    rf"[（(]\s?(?:[\u4e00-\u9fff]{{0,8}}?{_REPORTER}"
    rf"|(?:作者|撰文|执笔|文)\s?[:：/／]\s?(?P<authors>{_NAME}(?:[\s、]{_NAME}){{0,3}}))"
    r"(?=[\s，,；;]|[）)])[^（）()]{0,20}[）)]\s*$"
)

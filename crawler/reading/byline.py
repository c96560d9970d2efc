"""What stands by a title and at the end of a body in words: authors, origin (来源), column, the
publisher who signs. Reads labels; guesses no names from free text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.document import join

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from crawler.reading.block import Block
    from crawler.reading.document import Document, Line


@dataclass(frozen=True, kw_only=True, slots=True)
class Byline:
    """What the lines said. `lines` are those it was read from, which are no part of the body."""

    authors: tuple[Found, ...]
    origin: Found | None
    origin_url: Found | None
    column: Found | None
    lines: tuple[Line, ...]


def read_byline(document: Document, block: Block) -> Byline:
    """Read the labels in the lines above the body, and at its end."""
    told = [
        (line, kind, found)
        for line in (*block.above, *block.head, *block.tail)
        for kind, found in _labelled(line)
    ]
    signed = [(line, found) for line in block.tail if (found := _signer(line))]
    by_kind = {
        kind: [(line, found) for line, said, found in told if said == kind]
        for kind in ("author", "origin", "column")
    }
    alone = None if by_kind["author"] else _names_alone(block.head)
    if alone:
        by_kind["author"] = [alone]
    origin = next(iter(by_kind["origin"]), None)
    column = next(iter(by_kind["column"]), None)
    return Byline(
        authors=(*(found for _, found in by_kind["author"]), *(found for _, found in signed)),
        origin=origin[1] if origin else None,
        origin_url=_link_of(*origin, document) if origin else None,
        column=column[1] if column else _crumb(document.lines),
        lines=(
            *(line for line, _, _ in told),
            *(line for line, _ in signed),
            *((alone[0],) if alone else ()),
        ),
    )


# Labels that a value follows. 编辑 and 责编 are not authors, but end the value before them.
_LABELS = {
    "author": r"""
        作者 作\s者 撰文 撰稿 文字 原作者 作者姓名 記者 记者 文 著者 執筆者? 글쓴이 저자 기자
        文\s?[/／]\s?图 图\s?[/／]\s?文 供稿
        authors? written\sby von autore? auteurs? autor(?:es)?""",
    "origin": """
        来源 來源 稿源 文章来源 信息来源 新闻来源 消息来源 来源媒体 出处 出處 转载自 转自 摘自 原载
        原文来源 来源期刊 source quelle fuente 出典""",
    "column": """
        栏目 欄目 所属栏目 所属频道 所属专栏 频道 分类 类别 category rubrik rubrique""",
    "": """
        编辑 责编 责任编辑 责任校对 校对 审核 审校 监制 摄影 图 编审 译者 翻译 作者单位 作者简介
        点击 点击数 浏览 浏览次数
        阅读 阅读量 访问量 访问统计 字号 字体 大小 时间 日期 发布时间 发表时间 更新时间
        发布日期 评论 人气 次数 关键词 关键字 标签 分享 editor views tags updated published date""",
}
_KINDS = {
    name: re.compile("|".join(words.split()), re.IGNORECASE) for name, words in _LABELS.items()
}
_LABEL = re.compile(
    rf"(?<![^\W\d])({'|'.join(words for kind in _LABELS.values() for words in kind.split())})"
    r"\s*[:：](?!//)\s*|(?<![^\W\d])(文\s?[/／]\s?图|图\s?[/／]\s?文|文|图|摄影)(?:\s?[/／|｜]|(?<=[/／]图)|(?<=[/／]文))\s?"
    # These stand so seldom in names that they need no space before them: 来源：某报作者：某某.
    r"|(作者|来源|來源|责任编辑|编辑|栏目|发布时间)\s*[:：]\s*",
    re.IGNORECASE,
)
_NAME = r"[\u4e00-\u9fff·]{2,4}"
_REPORTER = re.compile(
    rf"(?:通讯员|实习生|记者|記者)\s?({_NAME}(?:[\s、]{_NAME}){{0,3}})(?=$|[\s）)】|｜])"
)
_BY = re.compile(
    r"^(?:(?:written|posted|text|story|words)\s+)?(?:by|von|por|par|di)\s+(?=[^\W\d_])(.{3,120})$",
    re.IGNORECASE,
)
_BY_END = re.compile(
    r"\s*(?:[|•·⋅]|\s[–—-]\s|\s(?:on|am|le|el)\s+(?=[^\W_]*\s?\d)|,?\s*(?:updated|published|posted|last)\b|\d)",
    re.IGNORECASE,
)
# A value ends where a date, a count or a bar begins.
_VALUE_END = re.compile(
    r"\s*(?:\d{4}\s?[-/年.]|\d{1,2}:\d{2}|\d+\s*(?:次|人|阅读)|[|｜【\[]|\s{2,}|$)"
)
_SIGNER = re.compile(
    r"^[\u4e00-\u9fff·《》“”]{2,24}(?:编辑部|杂志社|期刊社|报社|编委会|学报社)(?:\s*\d{4}.{0,20})?$"
)
_CRUMB = re.compile(
    r"^(?:您?(?:现在|当前)?(?:的|所在)?(?:位置|位於|位置是|在)|当前位置|所在位置)\s*[:：]?\s*(.+)$"
)
_AROUND = re.compile(r"^[\s,，;；、\-—（）()【】\[\]]+|[\s,，;；、\-—（）()【】\[\]]+$")
_LONGEST_VALUE = 60
_LONGEST_LINE = 200


def _labelled(line: Line) -> Iterator[tuple[str, Found]]:
    """Each labelled value of a line: `作者：某某 来源：某刊` has two."""
    text = line.text
    if len(text) > _LONGEST_LINE:
        return
    labels = list(_LABEL.finditer(text))
    ends = (*(label.start() for label in labels[1:]), len(text))
    for label, end in zip(labels, ends, strict=False):
        kind = _kind(_name_of(label))
        value = text[label.end() : end]
        value = value[: match.start()] if (match := _VALUE_END.search(value)) else value
        value = _trimmed(value)
        if kind and value and len(value) <= _LONGEST_VALUE:
            yield kind, Found(text=value, where=f"label {_name_of(label)}")
    for pattern, where in ((_REPORTER, "label 记者"), (_BY, "label by")):
        if not labels and (match := pattern.search(text)):
            names = _BY_END.split(match[1].strip())[0] if pattern is _BY else match[1].strip()
            if 1 < len(names) <= _LONGEST_VALUE:
                yield "author", Found(text=names, where=where)


def _trimmed(value: str) -> str:
    """Without marks at its ends; a bracket stays that closes one inside: 李明（河港大学）."""
    bare = _AROUND.sub("", value)
    is_open = bare.count("（") + bare.count("(") > bare.count("）") + bare.count(")")
    return f"{bare}）" if is_open else bare


def _names_alone(lines: Sequence[Line]) -> tuple[Line, Found] | None:
    """The line of names under a title, as journals set it: `李明¹，王芳²`, `李明;王芳;`, `◎ 李明`.
    Every part must be a Chinese name, and one or two be marked or parted as names: 江苏 高考 are
    words that begin like names."""
    for line in lines[:_NAMES_WITHIN]:
        if len(line.text) > _LONGEST_LINE:
            continue
        marked = _MARK_OF_A_NAME.match(line.text)
        names = [
            _SIGNS_ON_A_NAME.sub("", part)
            for part in _BETWEEN_NAMES.split(line.text[marked.end() :] if marked else line.text)
            if part
        ]
        names = [name for name in names if name]
        is_many = (
            len(names) >= _ENOUGH_NAMES
            or (len(names) > 1 and _PARTED_AS_NAMES.search(line.text))
            or marked
            or _SIGNED_NAME.search(line.text)
        )
        if names and is_many and line.link_share < 1 and all(map(_is_name, names)):
            return line, Found(text="，".join(names), where="names under the title")
    return None


def _is_name(text: str) -> bool:
    return _HAN_NAME.fullmatch(text) is not None and text[0] in _SURNAMES


_NAMES_WITHIN = 4
_ENOUGH_NAMES = 3
_PARTED_AS_NAMES = re.compile(r"[,，、;；]")
_MARK_OF_A_NAME = re.compile(r"[◎●■□◆▲△○★☆]\s?|[/／]\s?")
_BETWEEN_NAMES = re.compile(
    r"[\s,，;；、]+|(?<=[\u4e00-\u9fff])[\d¹²³⁴-⁹*＊†,，]+(?=[\u4e00-\u9fff])"
)
_SIGNS_ON_A_NAME = re.compile(r"[\d¹²³⁰-⁹*＊†‡△#,，\[\]()（）]+")
_SIGNED_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}[¹²³⁰-⁹*＊†;；]|[\u4e00-\u9fff]{2,3}\d(?!\d)")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,3}")
# The commonest surnames: nine in ten of the people.
_SURNAMES = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘"
    "杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷"
    "施陶洪翟安颜倪严牛温芦季俞章鲁葛伍韦申尤毕聂焦向柳邢岳齐梅莫庄辛管祝左涂谷祁时舒耿牟卜路詹关苗凌费纪靳盛"
    "童欧甄项曲成游阳裴席卫查屈鲍位覃霍翁隋植甘景薄单包司柏宁柯阮桂闵解强丛冉穆闫肖張劉陳楊趙黃吳孫馬羅鄭謝韓馮"
    "蕭鄧許呂蘇盧蔣賈魏葉閻鍾陸譚鄒龍錢湯賴龔龐蘭陶嚴溫蘆魯韋畢聶齊莊"
)


def _name_of(label: re.Match[str]) -> str:
    return next(group for group in label.groups() if group)


def _kind(label: str) -> str:
    return (
        next(name for name, pattern in _KINDS.items() if pattern.fullmatch(label))
        if label not in ("图", "摄影")
        else ""
    )


def _signer(line: Line) -> Found | None:
    """The publisher who signs under an article that names nobody."""
    if line.link_share > 0 or not _SIGNER.match(line.text):
        return None
    name = re.sub(r"\s*\d{4}.*$", "", line.text)
    return Found(text=name, where="signature")


def _link_of(line: Line, found: Found, document: Document) -> Found | None:
    for link in line.element.iter("a"):
        text = "".join(link.itertext()).strip()
        address = join(document.base, link.get("href") or "")
        if text and text in found.text and address:
            return Found(text=address, where=f"{found.where} link")
    return None


def _crumb(lines: tuple[Line, ...]) -> Found | None:
    """The last step of `当前位置：首页 > 专题 > 正文` that is neither page nor text."""
    for line in lines[:80]:
        if match := _CRUMB.match(line.text):
            steps = [
                step.strip() for step in re.split(r"\s*(?:>+|»|›|→|/|＞|-&gt;|::)\s*", match[1])
            ]
            steps = [
                step
                for step in steps[1:]
                if step and len(step) <= 20 and not re.match(r"正文|内容|详情|文章|浏览", step)
            ]
            return Found(text=steps[-1], where="breadcrumb") if steps else None
    return None

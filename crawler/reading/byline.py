"""What stands by a title and at the end of a body in words: authors, origin (来源), column, the
publisher who signs. Reads labels; guesses no names from free text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.document import join
from crawler.reading.names import REPORTER, find_in_text, find_names_alone
from crawler.reading.signed import find_signed

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


def read_byline(document: Document, block: Block, *, title: str | None = None) -> Byline:
    """Read the labels in the lines above the body, and at its end. `title` is the line of the
    heading, which ends many a breadcrumb."""
    told = list(_told((*block.above, *block.head, *block.tail)))
    signed = [(line, found) for line in block.tail if (found := _signer(line))]
    by_kind = {
        kind: [(line, found) for line, said, found in told if said == kind]
        for kind in ("author", "origin", "column")
    }
    alone = None if by_kind["author"] else find_names_alone(block.head)
    origin = next(iter(by_kind["origin"]), None)
    column = next(iter(by_kind["column"]), None)
    named = [found for _, found in by_kind["author"]] or ([alone[1]] if alone else [])
    marked = find_signed(block)
    # A link to the author says the name alone, the words around it more than that.
    is_labelled = bool(named) and named[0].where != _WHERE_BY
    authors = (*named, *marked) if is_labelled else (*marked, *named)
    if not authors:
        authors = tuple(find_in_text(block))
    return Byline(
        # One signs: the foot of the page names the publisher again.
        authors=(*authors, *(found for _, found in signed[:1])),
        origin=origin[1] if origin else None,
        origin_url=_link_of(*origin, document) if origin else None,
        column=column[1] if column else _crumb(document.lines, title),
        lines=(
            *(line for line, _, _ in told),
            *(line for line, _ in signed),
            *((alone[0],) if alone else ()),
        ),
    )


def _told(lines: Sequence[Line]) -> Iterator[tuple[Line, str, Found]]:
    """Each labelled value of these lines. In a table the label of the authors has a line of its
    own, and they stand on the next."""
    for line, following in pairwise((*lines, *lines[-1:])):
        yield from ((line, kind, found) for kind, found in _labelled(line.text))
        is_next = following.position == line.position + 1
        colon = (
            "：" if line.element.tag in ("dt", "th") and line.text[-1:] not in (":", "：") else ""
        )
        if is_next and _AUTHORS_BELOW.fullmatch(f"{line.text}{colon}"):
            both = f"{line.text}{colon}{following.text}"
            yield from ((following, kind, found) for kind, found in _labelled(both))


# Labels that a value follows. 编辑 and 责编 are not authors, but end the value before them.
_LABELS = {
    "author": r"""
        作者 作\s者 撰文 撰稿 文字 原作者 作者姓名 記者 记者 文 著者 執筆者? 글쓴이 저자 기자
        文\s?[/／]\s?图 图\s?[/／]\s?文 供稿 执笔人? 執筆人 采访 採訪 采写 採寫 通讯员 通訊員
        authors? written\sby von autore? auteurs? autor(?:es)?""",
    "origin": """
        来源 來源 稿源 文章来源 信息来源 新闻来源 消息来源 来源媒体 出处 出處 转载自 转自 摘自 原载
        原文来源 来源期刊 source quelle fuente 出典""",
    "column": """
        栏目 欄目 所属栏目 所属频道 所属专栏 频道 分类 类别 category rubrik rubrique""",
    "": """
        编辑 责编 责任编辑 责任校对 校对 审核 审校 监制 摄影 图 编审 译者 翻译 作者单位 作者简介
        发布者 点击 点击数 点击量 浏览 浏览量 浏览次数
        阅读 阅读量 阅读次数 访问量 访问统计 字号 字体 大小 时间 日期 发布时间 发表时间 更新时间
        发布日期 发表日期 评论 人气 次数 关键词 关键字 标签 分享 editor views tags
        updated published date""",
}
_KINDS = {
    name: re.compile("|".join(words.split()), re.IGNORECASE) for name, words in _LABELS.items()
}
_LABEL = re.compile(
    rf"(?<![^\W\d])({'|'.join(words for kind in _LABELS.values() for words in kind.split())})"
    r"\s*(?:[(（]\s*authors?\s*[)）]\s*)?[:：](?!//)\s*|(?<![^\W\d])(文\s?[/／]\s?图|图\s?[/／]\s?文|文|图|摄影|文字|撰文)(?:\s?[/／|｜]|(?<=[/／]图)|(?<=[/／]文))\s?"
    # These stand so seldom in names that they need no space before them: 来源：某报作者：某某.
    r"|(作者|来源|來源|(?:责任)?编辑|栏目|发[布表](?:时间|日期)|更新时间|(?:浏览|访问|阅读|点击)量|点击数?"
    r"|人气|发布者|(?:浏览|阅读)次数|关键词)\s*[:：]\s*"
    # CNKI: 【作者】 甲乙；丙丁；【机构】 …
    r"|【\s*(作\s?者|来源|栏目|关键词)\s*】\s*[:：]?\s*",
    re.IGNORECASE,
)
# What every label has or is; most lines have nothing of it.
_MAY_LABEL = re.compile(r"[:：【文图摄]")
_BY = re.compile(
    r"^(?:(?:written|posted|text|story|words)\s+)?(?:by|von|por|par|di)\s+(?=[^\W\d_])(.{3,120})$",
    re.IGNORECASE,
)
_BY_END = re.compile(
    r"\s*(?:[|•·⋅]|\s[–—-]\s|\s(?:on|am|le|el)\s+(?=[^\W_]*\s?\d)|,?\s*(?:updated|published|posted|last)\b"
    r"|,?\s*(?:jan(?:uary)?|feb(?:ruary)?|march|april|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?|mar|apr|may)\.?\s+(?=\d)|,?\s+in\s|\d)",
    re.IGNORECASE,
)
# A value ends where a date, a count or a bar begins.
_VALUE_END = re.compile(
    r"\s*(?:\d{4}\s?[-/年.]|\d{1,2}:\d{2}|\d+\s*(?:次|人|阅读)|(?:阅读|浏览|点击|评论)\s?[(（]\d|[|｜【\[]"
    r"|\s{2,}|$)"
)
_SIGNER = re.compile(
    r"^[\u4e00-\u9fff·《》“”]{2,24}(?:编辑部|杂志社|期刊社|报社|编委会|学报社)(?:\s*\d{4}.{0,20})?$"
)
# Without a label a breadcrumb begins at the front page; a menu is parted by bars.
_CRUMB = re.compile(
    r"^(?:(?:您?(?:现在|当前)?(?:的|所在)?(?:位置|位於|位置是|在)|当前位置|所在位置)\s*[:：]?\s*(.+)"
    r"|((?:网站)?(?:首页|首頁|主页|主頁)\s*(?:>|»|›|＞|→).+))$"
)
_AUTHORS_BELOW = re.compile(
    r"(?:作\s?者|作者姓名|撰文|著者|authors?|글쓴이|저자)\s*(?:[(（]\s*authors?\s*[)）])?\s*[:：]",
    re.IGNORECASE,
)
_KOREAN_REPORTER = re.compile(r"^([가-힣]{2,4})\s?기자(?=$|[\s=|])")
# 由 甲乙 提交于 2021-02-27: Drupal in Chinese.
_SUBMITTED = re.compile(
    r"^由\s?([\u4e00-\u9fff·]{2,8})\s?(?:提交|发[表布]|發[表布佈])?[于於]\s?(?=\d|周|星期)"
)
_WHERE_BY = "label by"
_PATTERNS = (
    (REPORTER, "label 记者"),
    (_KOREAN_REPORTER, "label 기자"),
    (_SUBMITTED, "label 由"),
    (_BY, _WHERE_BY),
)
_AROUND = re.compile(r"^[\s,，;；、\-—（）()【】\[\]]+|[\s,，;；、\-—（）()【】\[\]]+$")
# 记者：您哪年来的？ is the first line of an interview.
_SPEECH = re.compile(r"[？！。?!]")
_LONGEST_VALUE = 60
_LONGEST_LINE = 200
# A dozen steps and the whole title; each step is compared, and a line may have 100,000.
_LONGEST_CRUMB = 1_000


def _labelled(text: str) -> Iterator[tuple[str, Found]]:
    """Each labelled value of a line: `作者：某某 来源：某刊` has two."""
    if len(text) > _LONGEST_LINE:
        return
    labels = list(_LABEL.finditer(text)) if _MAY_LABEL.search(text) else []
    ends = (*(label.start() for label in labels[1:]), len(text))
    for label, end in zip(labels, ends, strict=False):
        kind = _kind(_name_of(label))
        value = text[label.end() : end]
        value = value[: match.start()] if (match := _VALUE_END.search(value)) else value
        value = _trimmed(value)
        is_speech = kind == "author" and _SPEECH.search(value)
        if kind and value and len(value) <= _LONGEST_VALUE and not is_speech:
            yield kind, Found(text=value, where=f"label {_name_of(label)}")
    # `本报记者 甲乙 文/图` has its label behind the names.
    is_labelled = any(label.end() < len(text) for label in labels)
    for pattern, where in _PATTERNS:
        if not is_labelled and (match := pattern.search(text)):
            names = _BY_END.split(match[1].strip())[0] if pattern is _BY else match[1].strip()
            if 1 < len(names) <= _LONGEST_VALUE:
                yield "author", Found(text=names, where=where)


def _trimmed(value: str) -> str:
    """Without marks at its ends; a bracket stays that closes one inside: 李明（河港大学）."""
    bare = _AROUND.sub("", value)
    is_open = bare.count("（") + bare.count("(") > bare.count("）") + bare.count(")")
    return f"{bare}）" if is_open else bare


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


def _crumb(lines: tuple[Line, ...], title: str | None) -> Found | None:
    """The last step of `当前位置：首页 > 专题 > 正文` that is neither page nor text."""
    for line in lines[:80]:
        if len(line.text) <= _LONGEST_CRUMB and (match := _CRUMB.match(line.text)):
            steps = [
                step.strip()
                for step in re.split(r"\s*(?:>+|»|›|→|/|＞|-&gt;|::)\s*", match[1] or match[2])
            ]
            steps = [
                step
                for step in steps[1:]
                if step
                and len(step) <= 20
                and step != title
                and not re.match(r"正文|内容|详情|文章|浏览", step)
            ]
            return Found(text=steps[-1], where="breadcrumb") if steps else None
    return None

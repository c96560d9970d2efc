"""Take the names out of a notice: first publisher, holder, contact, condition. Verbatim, or None.

What is matched is the text as printed, simplified or traditional; the class is decided elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Origin
from foundation.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable

_URL = re.compile(r"https?://[^\s<>\"'()（），。；、】」》]+", re.IGNORECASE)
_CONTACTS = (
    re.compile(r"[\w.+-]+(?:@|#|＠|\(at\)|\[at\])[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"),
    re.compile(
        r"(?<![\d-])(?:(?:\+?86[- ]?)?(?:0\d{2,3}[- ]\d{7,8}|1[3-9]\d{9})|"
        r"4\d{2}-?\d{3}-?\d{4}|4\d{3}-\d{2}-\d{4})(?![\d-])"
    ),
    re.compile(r"(?:QQ|微信号?|WeChat)\s?[:：]\s?[\w-]{5,20}", re.IGNORECASE),
)

# A name in marks, or up to where its sentence ends or the next label of the line begins.
_LABEL = (
    r"(?:责任|責任)?(?:编辑|編輯)(?![部室])|责编|責編|作者|记者|記者|网友|参与互动|發布|发布时间|发布日期|"
    r"更新时间|转载|轉載|版权|未经|浏览|瀏覽|点击|點擊|字号|字體|字体|阅读量|阅读次数|访问量|举报|审核"
)
_NAME = (
    r"(?:《(?P<book>[^》]{1,40})》|[“\"「『](?P<quoted>[^”\"」』]{1,40})[”\"」』]|"
    rf"(?P<bare>(?:(?!{_LABEL})[^\s,，。;；|｜（(【\[)）\]】!！?？」』”\"'>©]){{1,40}}))"
)
_LATIN_NAME = (
    r"(?:[“\"‘'](?P<quoted>[^”\"’]{1,80}?)[.,]?[”\"’]|"
    r"(?P<bare>[^,;|()\[\]\n]{2,80}?)(?=\.?\s*$|\.\s|[,;|()\[\]\n]|\s(?:under|on|with|and is|"
    r"in)\s))"
)
_ORIGINS = (
    re.compile(
        r"(?:转载自|轉載自|转载于|转自|轉自|转引自|摘自|摘編自|摘编自|选自|選自|节选自|"
        r"編譯自|编译自|譯自|译自|改编自|"
        r"原载于?|原載於?|原刊(?:登|载|載)?[于於]?|(?:最[早初]|首次)(?:发表|發表|刊登|刊载|刊載)[于於在]|"
        r"原文(?:发表|發表|刊登|刊载|刊載)[于於在]|首发于|首發於|首刊于|载于|載於|转载[:：]|転載元\s?[:：]|"
        r"初出\s?[:：])"
        rf"\s?[:：]?\s?{_NAME}"
    ),
    re.compile(
        r"(?:本文|此文|文章|新闻|信息|稿件|消息|原文)(?:来源于?|來源於?|来自|來自|源自)\s?[:：]?\s?"
        + _NAME
    ),
    re.compile(
        r"\b(?:(?:originally|first|previously|initially)\s(?:was\s)?(?:published|appeared|"
        r"posted|printed|ran)"
        r"[^.;]{0,16}?\s(?:in|on|at|by)|"
        r"(?:re-?published|re-?printed|excerpted|adapted|syndicated|cross-?posted|"
        r"translated)[^.;]{0,50}?\sfrom)"
        rf"\s(?:the\s)?{_LATIN_NAME}",
        re.IGNORECASE,
    ),
)
# 来源：X with nothing of a sentence before it, as it stands under a title.
_SOURCE_LINE = re.compile(
    r"(?:^|(?<=[\s|｜（(【\[0-9]))(?:本文|文章|新闻|新聞|信息|稿件|内容|"
    r"原文|转载|轉載)?(?:来\s?源|來\s?源|稿源|出处|出處)\s?[:：|｜丨]\s*" + _NAME
)
_NOT_A_NAME = re.compile(
    r"(?:转载|轉載|网络|網絡|網路|互联网|网上|综合|综合整理|其他|其它|未知|不详|佚名|XX+|xx+|"
    r"https?)(?:文章|整理)?"
)
_OWN = re.compile(r"本[站刊报報网網社院校室馆館会會局台臺所公众号]|原创|原創|自有|自采|作者")
# 编辑部, 办公室, 局宣传科: a department without the name of its house is one of this house.
_DEPARTMENT = re.compile(
    r"(?:[市县縣区區省厅廳局院校馆館社会會刊所台部系]|学[院校会]|编辑|編輯|办公|辦公|综合|宣传|宣傳|"
    r"党[委政群]?|信息|新闻|教务|学生|研究生|科研|出版|人事|团委|工会|杂志|期刊)*"
    r"(?:编辑部|編輯部|办公室|辦公室|编辑室|新闻中心|信息中心|[处處科室股部办])|"
    # 局工程管理科, 区文物管理所: where the unit's own name is left out, it is this one's.
    r"(?:市(?!场)|[县縣](?!域)|[区區](?!块)|省(?!会)|厅|廳|局(?!部)|院(?!士|线)|校(?!友|园|際|际)|馆(?!藏)|館(?!藏))"
    r"[\u4e00-\u9fff]{0,8}(?:[处處科室股办队所]|中心)"
)
# What systems print where nobody wrote a source: 来源：未知, 来源：admin.
_NOBODY = re.compile(
    r"(?:未知|不详|不詳|佚名|其[他它]|无|無|暂无|暫無|空|admin|administrator|管理员|网站管理员|null|none|"
    r"undefined|[xX×]{2,})?[\W_]*|.*[=<>].*|"
    # The next label, where no source was written before it.
    r"(?:评论|点击|浏览|阅读|人气|字[体号]|责任?编辑?|发布|录入|日期|时间|评论|作者)(?:数|次数|量|时间|日期|人)?(?:\s?[:：].*)?",
    re.IGNORECASE,
)

_CONDITION = re.compile(
    r"凡(?:是|在)?[^，,。；;：:]{0,12}?[注註标標][明注][^，,。；;]{0,8}?"
    r"(?:来源|來源|出处|出處|转载自?|轉載自?)[^。；;“\"「]{0,2}?[:：为為]?\s?[“\"「]?\s?"
    r"(?P<other>非|不是)?(?P<name>[^“”\"「」（()）。；;，,的]{1,24})?(?P<but>[（(]非[^)）]*[)）])?"
)
_PLACEHOLDER = re.compile(r"[XxＸ×]{2,}|其[他它]")
_HOLDERS = (
    re.compile(
        r"(?:版权|版權|著作权|著作權)(?:归|歸|属于?|屬於?|为|"
        r"為)\s?(?P<name>[^\s,，。;；（(]{2,40}?)(?:所有|拥有|擁有|享有|共有)"
    ),
    re.compile(
        r"(?:版权所有|版權所有|著作權所有|著作权所有)\s?[:：]\s?(?P<name>[^\s,，。;；|（(©]{2,40})"
    ),
    re.compile(
        r"(?:^|[\s|｜\d©])(?P<name>[^\s,，。;；|｜©\d:：][^\s,，。;；|"
        r"｜©:：]{1,40}?)\s?(?:版权所有|版權所有|著作權所有)"
    ),
    re.compile(
        r"(?:©|\([cC]\)|ⓒ)\s?(?:(?:19|20)\d\d\s?(?:[-–~]\s?(?:19|20)?\d\d)?)?[\s,-]*(?:by\s)?"
        r"(?P<name>(?!All|Copyright|版权|\d)[^\s,.;|，。；][^,;|，。；\n©]{1,50}?)(?=\.\s|\.?$|[,;|"
        r"，。；\n]|\s(?:All|版权|版權|ICP))"
    ),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Condition:
    """凡本网注明“来源：X”的作品: for which articles of a site a notice holds. `name` is None for a
    placeholder (XXX), `is_other` when it holds for all but the named."""

    name: str | None
    is_other: bool


def find_contact(text: str) -> str | None:
    """Whom to ask: a mail address, a telephone number or an account, as printed."""
    matches = (pattern.search(text) for pattern in _CONTACTS)
    return next((match[0] for match in matches if match), None)


def find_holder(text: str) -> str | None:
    """Who is said to hold the copyright."""
    matches = (pattern.search(text) for pattern in _HOLDERS)
    return next((match["name"].strip() for match in matches if match), None)


def find_origin(text: str) -> Origin | None:
    """The first publisher that the text names; also its address where one is printed."""
    matches = [match for match in (pattern.search(text) for pattern in _ORIGINS) if match]
    name = _name_of(matches[0]) if matches else find_source_line(text)
    url = _URL.search(text)
    if name is None and url is None:
        return None
    return Origin(name=name, url=url[0].rstrip(".") if url else None)


def has_source_line(text: str) -> bool:
    """Whether the text is, or holds, a line 来源：X whose X says more than 本站, 编辑部 or 未知."""
    match = _SOURCE_LINE.search(text)
    return match is not None and not is_nobody_else(_printed(match))


def find_source_line(text: str) -> str | None:
    """X of a line 来源：X, unless it is no name (转载, 网络) or the site itself (本站)."""
    match = _SOURCE_LINE.search(text)
    return _name_of(match) if match else None


def is_nobody_else(name: str) -> bool:
    """Whether what stands behind 来源 names no other publisher: the site itself in a word, one of
    its departments, or nobody."""
    return (
        _OWN.match(name) is not None
        or _DEPARTMENT.fullmatch(name) is not None
        or _NOBODY.fullmatch(name) is not None
    )


def find_condition(text: str) -> Condition | None:
    """The condition of a notice that speaks of some articles of a site only."""
    match = _CONDITION.search(text)
    if match is None:
        return None
    name = (match["name"] or "").strip(" :：")
    is_placeholder = not name or _PLACEHOLDER.match(name) is not None
    return Condition(
        name=None if is_placeholder else name,
        is_other=bool(match["other"] or match["but"]) or is_placeholder,
    )


def is_same_name(name: str, others: Iterable[str]) -> bool:
    """Whether one of the others is the same outlet: 人民网 and 人民网-文化频道 are."""
    key = fold(name)
    keys = [fold(other) for other in others]
    return any(key in other or other in key for other in keys if len(other) > 1 and len(key) > 1)


def _name_of(match: re.Match[str]) -> str | None:
    name = _printed(match)
    if _NOT_A_NAME.match(name) or is_nobody_else(name):
        return None
    return name or None


def _printed(match: re.Match[str]) -> str:
    named = match.groupdict()
    return (named.get("book") or named.get("quoted") or named.get("bare") or "").strip(" :：.")

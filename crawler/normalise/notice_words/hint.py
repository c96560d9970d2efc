"""The cheap test that every line of a page passes: may this line hold a notice?

Matched against the text as printed, so both scripts stand here. It may fire in vain (then the
words are read); it must not miss. CPython skips fast to the first characters of an expression only
where each is a plain one and case counts: hence trees of stems, and the Western ones in lower case.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

_EASTERN = """
    转载 转載 转发 转贴 转帖 转自 转登 转刊 转摘 转引 转播 轉載 轉发 轉發 轉貼 轉帖 轉自 轉登 轉刊
    轉摘 轉引 轉播 転載 転用 禁转 禁轉 勿转 勿轉 拒转 拒轉 首发 首發 来源
    來源 来自 來自 源自 稿源 出处 出處 出典 整理自 掲載 摘自 摘编 摘編 摘录 摘錄 选自 選自 节选
    節選 编译 編譯 译自 譯自 原创 原創 原载 原載 原刊 刊载 刊載 刊登 登载 登載 采用 採用 翻印 翻版
    翻录 翻錄 重制 重製 复制 複製 複写 复印 影印 盗用 盜用 搬运 搬運 抓取 镜像 鏡像 引用 再配布
    二次配布 コピー 版权 版權 著作权 著作權 著作権 权利 權利 权力 权所有 授权 授權 许可 許可 許諾
    承諾 無断 无断 书面 書面 未经 未經 非经 非經 未获 未得 未征 未取 擅自 私自 必究 侵权 侵權
    白名单 白名單 選登 选登 選載 选载 摘引 首次发 首次發 首次刊 原文发 原文發 原文刊 刊于 刊於
    曾发表 曾發表 商业 商業 商用 署名 姓名标示 姓名標示 知识共享 知識共享 创意共享 創意共享 创用
    創用 コモンズ 初出 抜粋 再録 に発表 资料开放 資料開放 利用規約 人工智 大模型 전재 전제 복제 복사
    배포 게재 퍼가 퍼갈 퍼감 퍼온 옮겨 옮긴 옮길 옮김 옮기 불펌 허락 실으셔 저작권 무단 출처
    공공누리 커먼즈 ⓒ © 注明 註明 标明 標明 写明 寫明 请勿 請勿 刊用 转用 轉用 摘抄 再版
    重刊 录自 錄自 拷贝 拷貝 转走 轉走 转了 转】 照登 首肯 允准 点头再 贵刊 貴刊 贵号 本文的
    本文用 本站的 本刊文 本刊作 本社稿 使用本 采用前 怎么转 怎么印 自由传播 自由流 重新发布
    同意，请 同意，任 お使い 仅供馆 僅供館 不得下载 不得下載 外传 外傳 公有领域 公有領域
"""
_WESTERN = (
    "without asking,our stories,our articles,our text,our essays,photocop,free to use,"
    "welcome to use,to run this,print this,requests to quote,where you found,"
    "from this site without,"
    "before you paste,"
    "taken from,copyright,copying,copied,to copy,may copy,copy and,version of this,(c),"
    "cc by,cc-by,cc 4,cc0,cc 0,creative commons,"
    "creative-commons,creativecommons,reprint,re-print,republi,re-publi,repost,re-post,"
    "reproduc,re-use,reuse,"
    "redistribut,rebroadcast,syndicat,duplicat,rights reserv,unauthori,permission,consent,licens,"
    "licenc,originally,first appear,first publ,first posted,first print,previously publ,"
    "previously appear,initially publ,initially appear,excerpted,adapted from,cross-post,"
    "crosspost,may not be,public domain,gfdl,by-nc,by-sa,by-nd,open access,"
    "attribution,non-commercial,noncommercial,"
    "genehmigung,nachdruck,vervielfältig,abdruck,rechte ,lizenz,zuerst ,ursprünglich,übernahme,"
    "übernommen,"
    "quellenangabe,erlaubnis,zustimmung,unsere texte,diesen beitrag,wiedergabe,republié,"
    "nos articles,cet article,nuestros art,este texto,nostri articoli,nostri testi,"
    "наших материал,"
    "взята из,взят из,"
    "weiterver,reproduç,droits ,initialement,derechos,originalmente,direitos,riprodu,diritti,"
    "originariamente,prohibid,proibid,"
    "перепечат,копировани,воспроизведени,использовани,цитировани,права ,впервые,лицензи,"
    "источник"
)


# What texts are mostly made of, the commonest first. Western letters, and signs of `_EASTERN`.
_COMMON = " etaoinsrhldcumfpgwybvk" + "人大来影版无本"


def _expression(stems: Iterable[str]) -> re.Pattern[str]:
    """An expression for any of the stems. Each is looked for from its rarest sign (the p of
    `reprint`): the engine stops at one sign in ten, where a stem's first letter is one in two."""
    around: defaultdict[str, defaultdict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for stem in stems:
        at = max(range(len(stem)), key=lambda place: _rarity(stem[place]))
        around[stem[at]][stem[: at + 1]].append(stem[at + 1 :])
    # What is met most often is tried first.
    signs = sorted(around, key=_rarity)
    return re.compile("|".join(f"{re.escape(sign)}(?:{_around(around[sign])})" for sign in signs))


def _rarity(sign: str) -> int:
    return _COMMON.index(sign) if sign in _COMMON else len(_COMMON)


def _around(tails: Mapping[str, Sequence[str]]) -> str:
    """What stands before a sign, and behind it."""
    return "|".join(
        (f"(?<={re.escape(head)})" if len(head) > 1 else "") + f"(?:{_tree(rest)})"
        for head, rest in tails.items()
    )


def _tree(stems: Iterable[str]) -> str:
    """An expression for any of the stems, with what they begin with alike said once."""
    tails: defaultdict[str, list[str]] = defaultdict(list)
    for stem in stems:
        tails[stem[:1]].append(stem[1:])
    return "|".join(
        re.escape(head) if "" in rest else f"{re.escape(head)}(?:{_tree(rest)})"
        for head, rest in tails.items()
    )


#: As printed, and in lower case.
EASTERN = (*_EASTERN.split(), "来 源", "來 源", "来　源", "來　源", "퍼 가")
WESTERN = tuple(_WESTERN.split(","))


class _Hint:
    """Both expressions, each where it can match: most lines of most pages are ASCII."""

    def __init__(self) -> None:
        self._eastern, self._western = _expression(EASTERN), _expression(WESTERN)

    def search(self, text: str) -> bool:
        if self._western.search(text.lower()):
            return True
        return not text.isascii() and self._eastern.search(text) is not None


NOTICE_HINT = _Hint()

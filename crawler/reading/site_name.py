"""What on a page is the name of the site rather than the title of an article, and titles without
it. By what the page tells, by the host, and by the words that names of sites end with; a
separator alone cuts nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archive.model import Found
from crawler.reading.document import join, letters

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.reading.document import Document, Line
    from crawler.reading.metadata import Metadata

SEPARATOR = re.compile(
    r"\s*(?:[|｜_＿»›·•]+|>+|＞+|::|--+|——|\s[-–—:/]\s|(?<=[^\x00-\x7f])[-–—](?=[^\x00-\x7f]))\s*"
)

# What names of sites and of those who keep them end with. 互联网 and 电网 are things.
_OF_A_SITE = """
    (?<![联电管路渔鱼触入上蛛球])网 网站 官网 在线 网络版 电子版 电子报 数字报 電子報 频道 资讯
    日报 晚报 早报 晨报 时报 周报 都市报 导报 周刊 报社 杂志 杂志社 学报 期刊 期刊网 编辑部 出版社
    馆刊 校刊 校报 会刊 院刊 学刊 客户端 论坛 社区 博客 门户 官方平台 頻道
    網 網站 日報 晚報 時報 週刊 雜誌 雜誌社 學報 編輯部 出版社
    論壇 部落格"""
# The same, of those who keep a site: behind a title they are a name, alone they may be a title.
_OF_A_KEEPER = """
    新闻 中心 大学 学院 研究院 研究所 学会 协会 委员会 政府 图书馆 博物馆 新聞 大學 學院 研究院
    學會 協會 委員會 圖書館 博物館"""
_SITE = re.compile(
    rf"[^。！？，；：?!,;]{{0,18}}(?:{'|'.join(_OF_A_SITE.split())})(?:首页|首頁)?[》】]?"
)
_ENDING = re.compile("|".join(_OF_A_SITE.split()))
_KEEPER = re.compile(rf"[^。！？，；：?!,;]{{1,14}}(?:{'|'.join(_OF_A_KEEPER.split())})")
_WELCOME = re.compile(
    r"\W*(?:(?:热烈)?(?:欢迎|歡迎)[您你]?(?:访问|光临|訪問|光臨).{1,20}|.{2,20}(?:欢迎|歡迎)[您你])\W*"
)
_POWERED = re.compile(r"powered by .{2,30}", re.IGNORECASE)

_PRINTED_MARKUP = re.compile(r"</?[a-z]{1,6}\d?\s*/?>", re.IGNORECASE)
_HOST_ENDING = re.compile(r"\.(?:com|org|net|edu|gov|cn|co|de|uk|io|info)\b.*$", re.IGNORECASE)
_COPYRIGHT = re.compile(
    r"©|\(c\)|版权所有|版權所有|copyright|all rights reserved|主办", re.IGNORECASE
)
_LAST_LINES = 20
_LONGEST_OWNER = 120
_LETTERS_OF_AN_OWNER = 3

_ALL_LINK = 0.9
# /, ../, index.html, https://host/, https://host/~name/: at most one folder, and no page in it.
_HOME = re.compile(
    r"(?:https?:)?(?://[^/?#]+)?/?(?:~?[^/?#.]+/)?(?:\.{0,2}/)*"
    r"(?:(?:index|default|main|home)\.\w{2,5})?",
    re.IGNORECASE,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Names:
    """Keys of the names that a heading or a suffix may be instead of a title, and the page's
    copyright lines: what stands there is a name as well."""

    keys: frozenset[str]
    owners: str

    def __contains__(self, key: str) -> bool:
        return key in self.keys or (len(key) >= _LETTERS_OF_AN_OWNER and key in self.owners)


def site_names(document: Document, metadata: Metadata) -> Names:
    """What the page's metadata, its address and its copyright line call the site."""
    names = {letters(found.text) for found in (*metadata.all("site"), *metadata.all("journal"))}
    host = re.sub(r"^https?://(?:www\.)?|[:/].*$", "", document.url or "")
    if host:
        names |= {letters(host), letters(_HOST_ENDING.sub("", host))}
    owners = (
        document.key_of(line)
        for line in document.lines[-_LAST_LINES:]
        if len(line.text) <= _LONGEST_OWNER and _COPYRIGHT.search(line.text)
    )
    return Names(keys=frozenset(names - {""}), owners="\n".join(owners))


def find_sites(document: Document, metadata: Metadata) -> tuple[Found, ...]:
    """What the site calls itself, in words: in its metadata, and behind the title. A column that
    stands there too is none: whoever takes it for the site takes 国际在线 for the column 国际.
    (Lines of copyright tell no further one on the corpus.)"""
    behind = SEPARATOR.split(document.head_title)[1:]
    named = (Found(text=part, where="title") for part in behind if is_site_name(part))
    return (*metadata.all("site"), *named)


def less_names(text: str, names: Names) -> str:
    """The text without leading or trailing parts that are names of the site. What stands between
    the title and a name that ends with a site's word is a column, if it is the shorter. Printed
    markup (`<sup>*</sup>`) stays: its brackets part nothing, and normalising takes it out."""
    if _PRINTED_MARKUP.search(text):
        return text
    while cuts := [match.span() for match in SEPARATOR.finditer(text)]:
        head, tail = text[: cuts[-1][0]], text[cuts[-1][1] :]
        if letters(tail) in names or not letters(tail):
            text = head
        elif _POWERED.fullmatch(tail) or (_is_behind(tail) and len(head) > len(tail)):
            text = _less_columns(head, text[cuts[-1][0] : cuts[-1][1]])
        elif letters(text[: cuts[0][0]]) in names:
            text = text[cuts[0][1] :]
        else:
            break
    head, _, tail = text.rpartition(" ")
    is_name = tail[-1:] > "\x7f" and is_site_name(tail) and letters(tail) in names
    return less_names(head.rstrip(), names) if is_name and letters(head) else text


def is_site_name(text: str) -> bool:
    """Whether a text by itself is what a site calls itself: 河港研究网, 《河港研究》编辑部."""
    text = text.strip()
    return _SITE.fullmatch(text) is not None or _WELCOME.fullmatch(text) is not None


def begins_a_name(key: str, sites: Sequence[str]) -> bool:
    """Whether a line is the name of the site where the head claims it in full: 河港新闻, and
    河港新闻客户端 in the head. Keys, as `letters` makes them."""
    return bool(key) and any(
        site.startswith(key) and _ENDING.fullmatch(site[len(key) :]) for site in sites
    )


def is_home(text: str) -> bool:
    """Whether a text is the first entry of a menu: 首页."""
    return _FIRST_OF_A_MENU.fullmatch(text) is not None


_FIRST_OF_A_MENU = re.compile(
    r"(?:网站|本刊|返回|回)?(?:首页|主页|首頁|主頁)|home|ホーム|홈", re.IGNORECASE
)


def is_logo(line: Line, document: Document) -> bool:
    """Whether a heading is a link to a home page, which its own page is not: the site's name."""
    if line.link_share < _ALL_LINK:
        return False
    inside = next(line.element.iter("a"), None)
    around = next(line.element.iterancestors("a"), None)
    link = inside if inside is not None else around
    href = (link.get("href") or "").strip() if link is not None else ""
    if _HOME.fullmatch(href) is None:  # nearly all: joining takes ten times as long
        return False
    return document.url is None or join(document.base, href) != document.url


def _is_behind(tail: str) -> bool:
    return (_SITE.fullmatch(tail) or _KEEPER.fullmatch(tail)) is not None


def _less_columns(head: str, separator: str) -> str:
    """What else a template joined with the same separator: 标题_栏目_站点, 标题--栏目--站点."""
    mark = separator.strip()[:1]
    while mark and (cuts := [m.span() for m in SEPARATOR.finditer(head) if mark in m[0]]):
        shorter, column = head[: cuts[-1][0]], head[cuts[-1][1] :]
        if len(column) * 2 > len(shorter):
            break
        head = shorter
    return head

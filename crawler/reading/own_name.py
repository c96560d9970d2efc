"""Whether a publisher that a page names (来源：X) is the site itself, by what the page says of it:
behind the title, in its copyright lines, and on its links home.

A site that prints 来源 under every article prints its own name under its own. Without a proof the
name stays somebody else's: to call a reprint one's own would put it under the site's licence.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archive.model import Found
from crawler.normalise.url import is_same_site
from crawler.reading.document import join
from foundation.text import fold, one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.reading.document import Document


def find_own_names(document: Document, named: Iterable[str]) -> tuple[Found, ...]:
    """Those of the names that the page proves to be its site's, each with where the proof is."""
    wanted = dict.fromkeys(name for name in named if len(_key(name)) >= _LETTERS_OF_A_NAME)
    proofs = ((name, _proof(document, name)) for name in wanted)
    return tuple(Found(text=name, where=where) for name, where in proofs if where)


def _proof(document: Document, name: str) -> str | None:
    key = _key(name)
    core = _core(key)
    if any(_is_the_site(tail, key, core) for tail in _behind_the_title(document)):
        return "title"
    if any(_holds(line, key, core) for line in _owner_lines(document)):
        return "copyright line"
    if any(key.startswith(home) for home in _names_on_links_home(document)):
        return "link home"
    return None


_LETTERS_OF_A_NAME = 2
# 某某新闻·某某号·政务, 某某网-文化频道: the outlet, then a part of it.
_PART = re.compile(r"\s*(?:[·•|｜/／_]|[-–—]+)\s*")
_KIND = re.compile(
    r"(?:新闻网|官方网站|门户网站|网站|官网|网|在线|客户端|杂志社?|编辑部|报社|期刊社|出版社|"
    r"(?:微信)?公众号|app)$"
)
# What is left of 中国网, 人民网, 国际在线 names a country, a people or a column, no publisher.
_COMMON_WORDS = """
    中国 中华 人民 新华 全国 国家 国际 国内 环球 世界 亚洲 中央 地方 政府 科技 教育 经济 财经 金融
    法制 法治 青年 工人 农民 农业 健康 文化 文学 艺术 新闻 旅游 体育 军事 时政 社会 娱乐 汽车 房产
    学习 求是 党建 生活 生态 能源 医药 消费 大众 群众"""
_COMMON = frozenset(_COMMON_WORDS.split())


def _key(name: str) -> str:
    return fold(_PART.split(one_line(name), maxsplit=1)[0])


def _core(key: str) -> str | None:
    """The name without the word for its kind, if that still names somebody: 某某谈 of 某某谈网."""
    core = _KIND.sub("", key)
    if core == key or len(core) < _LETTERS_OF_A_NAME or core in _COMMON:
        return None
    return core


# --- behind the title -------------------------------------------------------------------------

# Here an ASCII dash parts as well: nothing is cut, a part is only compared with a name.
_SEPARATOR = re.compile(r"\s*(?:[|｜_＿»›·•]+|[-–—]+|>+|::)\s*")
_PARTS_BEHIND = 3


def _behind_the_title(document: Document) -> Iterator[str]:
    return (fold(part) for part in _SEPARATOR.split(document.head_title)[1:][-_PARTS_BEHIND:])


def _is_the_site(tail: str, key: str, core: str | None) -> bool:
    return tail in (key, core) or (_KIND.sub("", tail) == core is not None)


# --- copyright lines --------------------------------------------------------------------------

_OWNER = re.compile(r"©|\(c\)|版权所有|版權所有|copyright|主办|主辦|主管单位", re.IGNORECASE)
# Whoever built the site, and whoever it links to, is named in its footer too.
_NOT_OWNER = re.compile(r"(?:技术支持|技術支持|承建|制作|设计|友情链接|合作|转载).*", re.DOTALL)
_LAST_LINES = 25
_LONGEST_OWNER = 160
_ENOUGH_LETTERS = 3
# Two letters name a publisher where its trade follows: 某某新闻网络传播有限公司, 某某公司.
_TRADE = "(?:新闻网|网|新媒体|公司|集团|科技|信息)"


def _owner_lines(document: Document) -> Iterator[str]:
    for line in document.lines[-_LAST_LINES:]:
        if len(line.text) <= _LONGEST_OWNER and _OWNER.search(line.text):
            yield fold(_NOT_OWNER.sub("", line.text))


def _holds(line: str, key: str, core: str | None) -> bool:
    if len(key) >= _ENOUGH_LETTERS and key in line:
        return True
    if core is None:
        return False
    if len(core) >= _ENOUGH_LETTERS:
        return core in line
    return re.search(f"{re.escape(core)}{_TRADE}", line) is not None


# --- links home -------------------------------------------------------------------------------

_HOME_PAGE = r"(?:(?:index|default|main|home)\.\w{2,5})?"
_HOME_PATH = re.compile(rf"/?{_HOME_PAGE}", re.IGNORECASE)
# https://host/, /, ../, ./index.html, ?lang=en: what a link home can be before it is joined.
_MAY_LEAD_HOME = re.compile(
    rf"(?:(?:https?:)?//[^/?#]*/?|/|(?:\.{{1,2}}/)*\.{{0,2}}){_HOME_PAGE}(?:[?#].*)?",
    re.IGNORECASE | re.DOTALL,
)
_GO_HOME = re.compile(
    r"^(?:点击)?(?:返回|进入|回到?|访问)|(?:首页|主页|网站|官网|home)$", re.IGNORECASE
)
_LONGEST_NAME = 16
# The links home stand above the article; a page may have 100,000, and joining takes 5 µs each.
_MOST_LINKS = 3_000


def _names_on_links_home(document: Document) -> Iterator[str]:
    """What the links to the home page of the page's own site say, and the pictures on them."""
    if not document.url:
        return
    for element in islice(document.tagged("a"), _MOST_LINKS):
        href = (element.get("href") or "").strip()
        if not href or not _MAY_LEAD_HOME.fullmatch(href):
            continue  # nearly all: joining takes ten times as long
        address = join(document.base, href)
        if not address or not _HOME_PATH.fullmatch(urlsplit(address).path):
            continue
        if not is_same_site(address, document.url):
            continue
        for text in _texts_of(element):
            name = _GO_HOME.sub("", _GO_HOME.sub("", fold(text)))
            if _LETTERS_OF_A_NAME <= len(name) <= _LONGEST_NAME and name not in _COMMON:
                yield name


def _texts_of(link: HtmlElement) -> Iterator[str]:
    yield from link.itertext()
    yield link.get("title") or ""
    yield from (image.get("alt") or "" for image in link.iter("img"))

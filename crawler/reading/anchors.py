"""The links of a page, each with what tells an article from furniture: its words, where on the
page it stands, and the shape of its address. Judges single links; list_block judges groups.

Never fetches, and never decides what the list is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from lxml import etree

from crawler.normalise.url import join_url
from crawler.reading.document import BLOCK_TAGS
from foundation.text import one_line

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.reading.document import Document


class Place(IntEnum):
    """Where on the page a link stands, best first. A page may have its list in any of them."""

    MAIN = 0
    SIDE = 1
    RANKING = 2
    FURNITURE = 3


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Anchor:
    """One link. `url` is None when its address cannot be visited; `signature` stands for the path
    of element names and classes down to it: the links of one list share it."""

    element: HtmlElement
    url: str | None
    text: str
    order: int
    place: Place
    signature: int

    @property
    def width(self) -> int:
        return width(self.text)


def find_anchors(document: Document) -> list[Anchor]:
    """Every link of the page that leads somewhere, in the order of the page."""
    places, paths = _Places(), _Paths()
    anchors: list[Anchor] = []
    page = (document.url or "").split("#")[0]
    for order, element in enumerate(document.tree.iter("a")):
        href = (element.get("href") or "").strip()
        if not href or href.startswith("#"):
            continue
        url = None if _SCRIPTED.match(href) else join_url(document.base or "", href)
        if url and url.split("#")[0] == page:
            continue
        text = text_of(element)
        anchors.append(
            Anchor(
                element=element,
                url=url,
                text=text,
                order=order,
                place=places.of(element),
                signature=paths.of(element),
            )
        )
    return anchors


def row_elements(anchors: Iterable[Anchor]) -> dict[Anchor, HtmlElement]:
    """For each link the largest element around it that holds no other of them."""
    anchors = tuple(anchors)
    owner: dict[HtmlElement, str | None] = {}
    for anchor in anchors:
        for element in _and_ancestors(anchor.element):
            if owner.setdefault(element, anchor.url) != anchor.url:
                owner[element] = None
    rows: dict[Anchor, HtmlElement] = {}
    for anchor in anchors:
        row = anchor.element
        for element in islice(_and_ancestors(anchor.element), _ROW_LEVELS):
            if owner[element] is None or element.tag in _ABOVE_ROWS:
                break
            row = element
            if element.tag in _ROWS:
                break
        rows[anchor] = row
    return rows


def text_of(element: HtmlElement) -> str:
    """The words of an element on one line, with a space where a new block starts."""
    if not len(element):
        return one_line(element.text or "")
    return one_line("".join(_pieces(element)))


def width(text: str) -> int:
    """How long a text looks: a Chinese character is as wide as two letters."""
    return len(text) + sum(1 for character in text if character > "\u2e7f")


def is_label(text: str) -> bool:
    """Whether a link's words lead to something else than one article: 更多, PDF, 下一页, 3."""
    return bool(_LABEL.fullmatch(text))


def is_whole_issue(text: str) -> bool:
    """Whether an entry of an issue's contents is the issue itself, or its covers: 封面, 目次,
    2023年第1期电子期刊, Full Issue."""
    return bool(_WHOLE_ISSUE.fullmatch(text))


@lru_cache(maxsize=4096)
def url_shape(url: str) -> str:
    """What the addresses of one kind of page have in common.

    >>> url_shape("https://a.example/guonei/2017/0803/2735.html")
    'w/0/0/0.html'
    >>> url_shape("https://a.example/index.php?m=show&catid=6&id=91")
    'w.php?catid=0&id=0&m=w'
    """
    parts = urlsplit(url)
    shapes: list[str] = []
    for segment in filter(None, parts.path.split("/")):
        shape = _segment_shape(segment)
        if shape != "w" or not shapes or shapes[-1] != "w":
            shapes.append(shape)
    query = (
        sorted(f"{name}={_segment_shape(value)}" for name, value in parse_qsl(parts.query))
        if parts.query
        else []
    )
    return "/".join(shapes) + ("?" + "&".join(query) if query else "")


def has_number(shape: str) -> bool:
    """Whether addresses of this shape count or name single things, as those of articles do."""
    last = shape.rsplit("/", 1)[-1]
    return not last.startswith("list0") and bool(re.search(r"0|X|slug|\.pdf", last))


def _and_ancestors(element: HtmlElement) -> Iterator[HtmlElement]:
    yield element
    yield from element.iterancestors()


# Where nothing else bounds a row (a page with one article), it ends here.
_ROW_LEVELS = 8
_ROWS = frozenset(("li", "tr", "article"))
_ABOVE_ROWS = frozenset(("html", "body", "main", "ul", "ol", "dl", "table", "tbody"))


def _pieces(element: HtmlElement) -> Iterator[str]:
    walker = etree.iterwalk(element, events=("start", "end"))
    for event, node in walker:
        if event == "start" and node.tag in _UNSEEN:
            walker.skip_subtree()
            continue
        if node.tag in _SPACED:
            yield " "
        said = node.text if event == "start" else node.tail
        if said and (event == "start" or node is not element):
            yield said


_SPACED = BLOCK_TAGS | {"br", "time"}
_UNSEEN = frozenset(("head", "script", "style", "noscript", "template"))
_SCRIPTED = re.compile(r"(?:javascript|mailto|tel|data|about|sms|weixin):", re.IGNORECASE)

# Words of links that are never an article's title; whole text only, so "PDF格式标准的变迁" passes.
_LABEL = re.compile(
    r"""[\W_]*(?:
    |\d{1,4}|第?\d+页|共\d+页|[A-Za-z]
    |首页|主页|网站首页|返回(?:首页|列表|顶部)?|(?:查看|阅读|了解)?更多(?:内容|文章|精彩)?|全部|展开|收起
    |[上下前后]一?[页頁篇期卷条则]|上一页|下一页|尾页|末页|最后一页|第一页|首頁
    |(?:html|pdf|doc|xml|epub|ceb|caj)(?:全文|下载|版)?(?:\W*[\d.,]+\s*[kmg]?b?\W*\d*)?
    |(?:中文|英文|图文|详细)?摘要|全文|(?:查看|阅读|下载|浏览)全文|全文(?:下载|阅读|浏览)|附件(?:下载)?|引用|可视化|图表|参考文献|相关文章|附加材料|补充材料
    |在线(?:阅读|预览)|立即(?:阅读|下载)|点击(?:下载|查看|阅读)|下载|预览|查看|阅读|详情|详细|(?:查看|阅读)(?:详情|原文|详细)|原文
    |分享|收藏|评论|点赞|转发|打印|登录|注册|投稿|订阅|留言|跟贴|\d+\s*(?:跟贴|评论|条评论|回复|阅读)\s*\d*
    |微信|微博|新浪微博|qq空间|qq好友|朋友圈
    |home|more|read\s+(?:more|on|now|full\s+\w+)|continue\s+reading.*|full\s?text|abstract|view|download|details?|learn\s+more
    |prev(?:ious)?(?:\s+\w+)?|next(?:\s+\w+)?|older(?:\s+posts)?|newer(?:\s+posts)?|first|last|back|top|share|comments?|\d+\s+comments?|leave\s+a\s+comment
    |login|log\s?in|register|rss|atom|email|print|cite|export|references|figures?|supplementary\s+materials?|preview
    |続きを読む|もっと見る|一覧|더보기
    )[\W_]*""",
    re.IGNORECASE | re.VERBOSE,
)

_WHOLE_ISSUE = re.compile(
    r"""(?=.*(?:封|扉页|目[录次錄]|版权页|[彩插]页|广告|\d\s*期|[电整全本]|cover|matter|contents|toc|issue|vol|no\W*\d|pdf))[\W_]*(?:《[^》]{1,30}》\W*)?
    (?:(?:19|20)\d\d\s*年?\W*)?(?:第?\s*\d+\s*卷\W*)?(?:第?\s*\d+(?:[-—~～]\d+)?\s*期\W*)?
    (?:vol(?:ume)?\W*\d+\W*)?(?:(?:no|issue|number)\W*\d+(?:\W+\d+)?\W*)?(?:[(（]?(?:19|20)\d\d[)）]?\W*)?(?:pp?\W*\d+\W+\d+\W*)?
    (?:封面(?:故事图|及目[录次])?|封[底二三四]|扉页|目[录次]|目錄|版权页|彩页|插页|广告|(?:中|英)文?目[录次]|(?:英文)?封[一二三四]
      |(?:电子(?:期刊|版|刊)|整期|全刊|整本|全期|本期)(?:pdf|全文|封面|目[录次]|下载|浏览|阅读|点击)*|pdf
      |(?:front|back|inside(?:\s+\w+)?|outside(?:\s+\w+)?)?\s*cover|front\s*matter|back\s*matter|table\s+of\s+contents|contents|toc|(?:full|complete|entire|whole)\s+issue
    )?[\W_]*""",
    re.IGNORECASE | re.VERBOSE,
)

_SLUG = re.compile(r"[^\W\d_]+(?:[-_][^\W_]+){3,}")


def _segment_shape(segment: str) -> str:
    name, dot, ending = segment.rpartition(".")
    if not dot or len(ending) > 5 or not ending.isalnum() or ending.isdigit():
        name, ending = segment, ""
    tail = f".{ending.lower()}" if ending else ""
    if name.isdigit():
        return "0" + tail
    if _SLUG.fullmatch(name):
        return "slug" + tail
    digits = sum(1 for character in name if character.isdigit())
    if not digits:
        return "w" + tail
    if re.fullmatch(r"(?:list|index|page|p)[-_]?\d*(?:[-_]\d+)?", name, re.IGNORECASE):
        return "list0" + tail
    if re.fullmatch(r"[A-Za-z]{1,12}[-_]?\d+(?:[-_]\d+)*", name):
        return re.sub(r"\d+", "0", name) + tail if digits >= 3 else "w" + tail
    return ("X" if digits >= 2 and len(name) >= 5 else "w") + tail


# Parts of class names and ids. `hot` and `top` are not among them: lists of articles are called so.
_NAMES = {
    Place.FURNITURE: re.compile(
        r"(?:top|sub|quick|bottom|foot)?nav(?:i|s|bar|igation)?|(?:sub)?menus?|topbar|foot|footer"
        r"|(?:bread)?crumbs?|weizhi|dqwz|pager|pages|paging|pagination|paginator|fenye"
        r"|shares?|sharing|social|tags|keywords?|f(?:riend)?links?|yqlj|copyright|log[io]n|search"
        r"|calendar|lang|languages?|toolbar|sitemap|skip|comments?"
    ),
    Place.RANKING: re.compile(
        r"ranks?|rankings?|(?:rank|hot)list|hotrank|hotnews|remen|paihang(?:bang)?|phb|popular|trending"
        r"|most(?:read|viewed)|recommend(?:s|ed)?|tuijian|relate[ds]?|relative|xiangguan|guess"
    ),
    Place.SIDE: re.compile(r"sides?|sidebar|sidenav|aside|widgets?"),
}
_TAGS = {"nav": Place.FURNITURE, "footer": Place.FURNITURE, "aside": Place.SIDE}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")

# An element that holds more of the page's links and text than this is the page, whatever its name
# (class="page-with-sidebar", id="search-results").
_WHOLE_PAGE_SHARE = 0.6


@dataclass(slots=True)
class _Places:
    """The place of each element, from its own name and those around it."""

    known: dict[HtmlElement, Place] = field(default_factory=dict)
    whole: tuple[int, int] | None = None

    def of(self, element: HtmlElement) -> Place:
        place = Place.MAIN
        for ancestor in _from_root(element, self.known):
            if ancestor not in self.known:
                self.known[ancestor] = max(place, self._own(ancestor))
            place = self.known[ancestor]
        return place

    def _own(self, element: HtmlElement) -> Place:
        place = _TAGS.get(str(element.tag), Place.MAIN)
        words = f"{element.get('class') or ''} {element.get('id') or ''}"
        if words != " ":
            place = max(place, _place_of_name(words))
        if place is Place.MAIN or element.tag in ("html", "body") or self._is_page(element):
            return Place.MAIN
        return place

    def _is_page(self, element: HtmlElement) -> bool:
        if self.whole is None:
            self.whole = _measure(element.getroottree().getroot())
        return all(
            part > of * _WHOLE_PAGE_SHARE
            for part, of in zip(_measure(element), self.whole, strict=True)
        )


def _measure(element: HtmlElement) -> tuple[int, int]:
    """How many links and how many letters an element holds."""
    return sum(1 for _ in element.iter("a")), sum(map(len, element.itertext()))


@lru_cache(maxsize=4096)
def _place_of_name(words: str) -> Place:
    names = [word.lower() for word in _WORD.findall(words)]
    for place, pattern in _NAMES.items():
        if any(pattern.fullmatch(name) for name in names):
            return place
    return Place.MAIN


# Classes that say which row it is, not what kind: they would split a list.
_DECORATION = re.compile(
    r"odd|even|first|last|active|current|cur|on|hover|hidden|show|selected|sticky|new|top|clearfix|cf"
    r"|(?:type|status|format|category|tag|has)-.*|.*-(?:first|last|odd|even)|.*[-_]|\W+",
    re.IGNORECASE,
)


@dataclass(slots=True)
class _Paths:
    """One number for each path of names and classes, without what counts or decorates rows."""

    known: dict[HtmlElement, int] = field(default_factory=dict)
    numbers: dict[tuple[int, str], int] = field(default_factory=dict)

    def of(self, element: HtmlElement) -> int:
        path = 0
        for ancestor in _from_root(element, self.known):
            step = (path, str(ancestor.tag) + self._classes(ancestor))
            path = self.known.get(ancestor) or self.numbers.setdefault(step, len(self.numbers) + 1)
            self.known[ancestor] = path
        return path

    @staticmethod
    def _classes(element: HtmlElement) -> str:
        names = (_DIGITS.sub("", name) for name in (element.get("class") or "").split())
        kept = sorted({name for name in names if name and not _DECORATION.fullmatch(name)})
        return "".join("." + name for name in kept)


_DIGITS = re.compile(r"\d+")


def _from_root(element: HtmlElement, known: Container[HtmlElement]) -> list[HtmlElement]:
    """The element and those around it, outermost first, beginning at the nearest known one."""
    path = [element]
    while path[-1] not in known and (parent := path[-1].getparent()) is not None:
        path.append(parent)
    path.reverse()
    return path

"""Where on a site to look next, from the links of one page: its front page, the columns 栏目 that
its navigation names, the page about the journal. Pure; what is found there is judged by reading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from crawler.normalise.url import canonical, join_url
from crawler.reading.anchors import find_anchors, has_number, text_of, url_shape, width
from crawler.reading.link_words import is_label
from crawler.reading.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.html import HtmlElement

    from crawler.reading.anchors import Anchor
    from crawler.reading.document import Document


@dataclass(frozen=True, kw_only=True, slots=True)
class Lead:
    """An address that may list articles, and why somebody should look: `column "论文"`."""

    url: str
    why: str


def find_home(document: Document) -> str | None:
    """The front page of the journal, as the page itself links to it: 首页, the logo. That may be
    the page itself. None where it links to none."""
    links = [
        (element, url)
        for element in document.tree.iter("a")
        if (url := join_url(document.base, element.get("href"))) and _is_here(url, document)
    ]
    for is_home in (_is_called_home, _is_logo):
        if found := next((url for element, url in links if is_home(element)), None):
            return found.split("#")[0]
    return None


def find_columns(document: Document) -> tuple[Lead, ...]:
    """The links that are called as lists of articles are, the most promising first."""
    best: dict[str, tuple[int, Lead]] = {}
    for anchor in find_anchors(document):
        if anchor.url is None or not _is_here(anchor.url, document):
            continue
        promise = _promise(anchor)
        key = canonical(anchor.url)
        if promise > 0 and promise > best.get(key, (0, None))[0]:
            name = anchor.text.strip(" >»›.[]|") or "?"
            best[key] = (promise, Lead(url=anchor.url.split("#")[0], why=f"column “{name}”"))
    ranked = sorted(best.values(), key=lambda each: -each[0])  # stable: the order of the page
    return tuple(lead for _, lead in ranked)


def find_about(document: Document) -> str | None:
    """The page on which the journal speaks of itself: 关于本刊, 期刊简介, About."""
    anchors = [each for each in find_anchors(document) if each.url and _is_here(each.url, document)]
    found = (
        each.url
        for pattern in (_ABOUT_JOURNAL, _ABOUT)
        for each in anchors
        if width(each.text) <= _COLUMN_WIDTH and pattern.search(each.text)
    )
    return next(found, None)


def robots_sitemaps(text: str) -> tuple[str, ...]:
    """The addresses in the `Sitemap:` lines of a robots.txt (RFC 9309 §2.2.4 leaves them to us)."""
    lines = (_SITEMAP_LINE.match(line.strip()) for line in text.splitlines())
    return tuple(match[1] for match in lines if match)


def names_one_issue(url: str) -> bool:
    """Whether an address is that of one issue, or of one year: it will never list another."""
    parts = urlsplit(url)
    return _ONE_ISSUE.search(f"{parts.path}?{parts.query}") is not None


def parents(urls: Iterable[str]) -> Iterator[str]:
    """The folders that addresses lie in, the commonest first: `/news/2026/12.html` → `/news/`."""
    counts: dict[str, int] = {}
    for url in urls:
        parts = urlsplit(url)
        kept = []
        for segment in parts.path.split("/")[1:-1]:
            if re.search(r"\d", segment):
                break
            kept.append(segment)
        if kept:
            folder = f"{parts.scheme}://{parts.netloc}/{'/'.join(kept)}/"
            counts[folder] = counts.get(folder, 0) + 1
    yield from sorted(counts, key=lambda folder: -counts[folder])


# A column is named in a word or two; 20 is "Conference Reports" or ten Chinese characters.
_COLUMN_WIDTH = 20

_HOME = re.compile(
    r"\W*(?:网站|本站|返回)?(?:首页|首頁|主页|主頁)\W*|\W*home(?:page)?\W*|ホーム|홈", re.I
)
_LOGO = re.compile(r"logo|site[-_]?(?:name|title)|brand|masthead", re.IGNORECASE)
_ABOUT_JOURNAL = re.compile(
    r"(?:关于|關於)(?:本刊|我们|我們|期刊|杂志)|(?:期刊|本刊|杂志|刊物|學報|学报)(?:简介|介绍|簡介|概况|信息)"
    r"|about\s+(?:the\s+)?journal|journal\s+(?:info|profile)",
    re.IGNORECASE,
)
_ABOUT = re.compile(r"^\W*(?:about(?:\s+us)?|关于|關於|简介|簡介)\W*$", re.IGNORECASE)
_SITEMAP_LINE = re.compile(r"sitemap\s*:\s*(https?://\S+)", re.IGNORECASE)
_ONE_ISSUE = re.compile(
    r"/Y(?:19|20)\d\d/|/V\d+/(?:I|N)\w+|/issue/view/\d+|volumn_\d+|[?&](?:issue|qi|year|nian)(?:id)?=\d"
    r"|/(?:19|20)\d\d(?:/|_|-)?\d{0,2}(?:/|\.s?html?|$)",
    re.IGNORECASE,
)
_GOOD = re.compile(
    r"文章|最新|新闻|新聞|资讯|資訊|动态|当期|本期|现刊|當期|目录|目次|论文|論文|栏|专题|专栏|研究|评论|观点|随笔|阅读"
    r"|列表|网络首发|优先|在线|摘要|精选|案例|访谈|更多"
    r"|articles?|news|current|latest|issues?|blog|posts?|stories|research|reviews?|papers|contents"
    r"|online\s*first|early\s*view|more|essays?|features?|記事|新着|기사|논문",
    re.IGNORECASE,
)
_MORE = re.compile(r"\W*(?:查看)?更多\W*|\W*more\W*", re.IGNORECASE)
_OLD = re.compile(
    r"过刊|过往|往期|archives?|back\s*issues|all\s+issues|バックナンバー", re.IGNORECASE
)
_BAD = re.compile(
    r"关于|关於|联系|聯繫|投稿|订阅|征订|訂閱|登录|登錄|注册|首页|主页|广告|招聘|编委|编辑|审稿|作者|读者|下载|须知|指南|简介"
    r"|介绍|友情|版权|隐私|搜索|检索|会员|留言|公告|通知|规范|伦理|声明|统计|排行|伦理|收录|微信|微博|english|中文版"
    r"|about|contact|submi|log\s*in|sign|register|search|subscri|editor|board|guide|author|policy"
    r"|privacy|help|^\W*home|cart|account|terms|advert|job|donat|rss|feed|announce|ethic|fees|indexing",
    re.IGNORECASE,
)
_LIST_ADDRESS = re.compile(
    r"list|/(?:col|column|category|cat|channel|lm|news|articles?|blog|posts?)(?:[/_.\-?]|$)|current|catid=|tid=",
    re.IGNORECASE,
)
_SCRIPT_OF_ANOTHER_KIND = re.compile(
    r"\.(?:pdf|docx?|zip|rar|jpe?g|png|gif|mp[34]|xml|rss|atom|json|css|js)$", re.IGNORECASE
)


def _is_here(url: str, document: Document) -> bool:
    """Whether an address is on the page's own host, is another page, and may be a page at all."""
    here, there = urlsplit(document.url or ""), urlsplit(url)
    return there.netloc == here.netloc and not _SCRIPT_OF_ANOTHER_KIND.search(there.path)


def _is_called_home(link: HtmlElement) -> bool:
    return _HOME.fullmatch(text_of(link)) is not None


def _is_logo(link: HtmlElement) -> bool:
    around = (link, link.getparent())
    return any(
        each is not None and _LOGO.search(f"{each.get('class') or ''} {each.get('id') or ''}")
        for each in around
    )


def _promise(anchor: Anchor) -> int:
    """How much a link sounds like that to a list of articles; 0 and less is none."""
    url, text = anchor.url or "", anchor.text
    is_more = _MORE.fullmatch(text) is not None  # beside the heading of a column
    if width(text) > _COLUMN_WIDTH or _BAD.search(text) or (is_label(text) and not is_more):
        return 0
    is_menu = anchor.place is Place.FURNITURE
    is_numbered = has_number(url_shape(url)) and not _LIST_ADDRESS.search(url)
    if is_numbered and not is_menu:
        return 0
    promise = 2 * is_menu + (0 if is_numbered else 1)
    promise += 3 * (_GOOD.search(text) is not None) + 2 * (_LIST_ADDRESS.search(url) is not None)
    promise -= 3 * (_OLD.search(text) is not None) + 4 * names_one_issue(url)
    return promise if promise >= _LEAST_PROMISE else 0


# A word of the menu that leads to a page without a number: 经济, Culture.
_LEAST_PROMISE = 3

"""A title as printed → the title alone, and what its marks say: retracted, online first, reprint.

Pure. It takes away only what it can name: marks of the tables below, a known column, the name of
an author, the journal or the host. It never touches words, digits, 《》“”, case or script, and
leaves (图) where it stands: readers know it as part of the title (4 of 73 labels of the corpus).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

from foundation.text import fold, join_cjk, one_line

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence


@dataclass(frozen=True, kw_only=True, slots=True)
class NormalTitle:
    """`kinds` are kinds of a notice (READING.md §5), `status` is how far publication has come,
    `column` the known column that the title named."""

    text: str
    raw: str
    kinds: tuple[str, ...] = ()
    status: str | None = None
    is_retracted: bool = False
    column: str | None = None


# --- marks ------------------------------------------------------------------------------------

_OPEN, _CLOSE = r"[\[【(（〔［「]\s*", r"\s*[\]】)）〕］」]"


@dataclass(frozen=True, kw_only=True, slots=True)
class Mark:
    """Words that stand in brackets before or behind a title, what they say of it, and those of
    them that say so with a colon as well. 翻译：理论与实践 is a title, 转载：… is not."""

    says: Callable[[NormalTitle], NormalTitle]
    words: tuple[str, ...]
    with_colon: tuple[str, ...] = ()

    @property
    def pattern(self) -> re.Pattern[str]:
        in_brackets = rf"{_OPEN}(?:{_any_of(self.words + self.with_colon)}){_CLOSE}"
        before_colon = rf"(?:{_any_of(self.with_colon)})(?:\s+to)?\s*[:：|｜丨]"
        before = rf"{in_brackets}|{before_colon}" if self.with_colon else in_brackets
        return re.compile(rf"^(?:{before})\s*|\s*{in_brackets}$", re.IGNORECASE)


def _any_of(words: Iterable[str]) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))


def _kind(kind: str) -> Callable[[NormalTitle], NormalTitle]:
    return lambda title: replace(title, kinds=tuple(dict.fromkeys((*title.kinds, kind))))


def _status(status: str) -> Callable[[NormalTitle], NormalTitle]:
    return lambda title: replace(title, status=title.status or status)


def _retracted(title: NormalTitle) -> NormalTitle:
    return replace(title, is_retracted=True)


def _nothing(title: NormalTitle) -> NormalTitle:
    return title


MARKS: Final = (
    Mark(
        says=_kind("reprint"),
        words=("转", "轉", "转贴", "轉貼", "轉帖", "转发"),
        with_colon=("转载", "轉載", "转帖"),
    ),
    Mark(says=_kind("original"), words=("本刊原创",), with_colon=("原创", "原創")),
    Mark(
        says=_kind("exclusive"),
        words=("独家首发", "独家报道", "exclusive"),
        with_colon=("独家", "獨家"),
    ),
    Mark(says=_kind("compiled"), words=("编译", "編譯")),
    Mark(says=_kind("translation"), words=("翻译", "翻譯", "译文", "譯文", "译", "譯")),
    Mark(says=_kind("contributed"), words=("投稿", "来稿", "來稿")),
    Mark(says=_kind("press"), words=("新闻稿", "通稿", "press release")),
    Mark(
        says=_status("online-first"),
        words=(
            *(
                "网络首发",
                "网络优先",
                "在线优先",
                "优先出版",
                "网络优先出版",
                "优先数字出版",
                "網路首發",
            ),
            *("online first", "early access", "early view", "ahead of print", "早期公開"),
        ),
    ),
    Mark(
        says=_status("accepted"),
        words=(
            *("录用定稿", "录用稿", "已录用", "just accepted", "accepted manuscript"),
            *("in press", "article in press", "author accepted manuscript"),
        ),
    ),
    Mark(says=_status("preprint"), words=("预印本", "預印本", "preprint")),
    Mark(
        says=_retracted,
        words=("已撤回", "論文撤回", "철회", "게재철회", "retracted paper", "article retracted"),
        with_colon=(
            *("撤稿", "已撤稿", "撤回", "retracted", "retracted article", "withdrawn"),
            *("retraction", "retraction note", "retraction notice", "withdrawn article"),
        ),
    ),
    Mark(says=_nothing, words=("注", "註")),
    # What a list or a forum does with a text, and the label of the title itself.
    Mark(
        says=_nothing,
        words=("置顶", "置頂", "精华", "精華"),
        with_colon=("标题", "標題", "题目", "題目", "文章标题", "篇名"),
    ),
)
# The long English form, behind the title: (Retracted article. See vol. 12, p. 3, 2020).
_RETRACTED_LONG: Final = re.compile(
    r"\s*[(\[]\s*retracted article\b[^()\[\]]*[)\]]$", re.IGNORECASE
)
_FOOTNOTE: Final = re.compile(r"(?:(?<=[^\x00-\x7f])|\s)[\s*＊※†‡☆]*[*＊※†‡☆]$")  # `A*` stays
_PAGE: Final = re.compile(r"\s*[(（]\s*(?:第\s*\d+\s*[页頁]|[页頁]\s*\d+)\s*[)）]$")  # (页 1)

_PATTERNS: Final = (
    *((mark.pattern, mark.says) for mark in MARKS),
    (_RETRACTED_LONG, _retracted),
    (_FOOTNOTE, _nothing),
    (_PAGE, _nothing),
)

# --- other tables -----------------------------------------------------------------------------

_SEPARATOR: Final = re.compile(r"\s*(?:[_|｜丨»›·•]|::|--+|——|(?<=\s)[-–—:](?=\s)|[-–—])\s*")
_BRACKETED: Final = re.compile(rf"^{_OPEN}(?P<column>[^\[\]【】()（）]{{1,20}}?){_CLOSE}\s*")
_BEFORE_BAR: Final = re.compile(r"^(?P<column>[^|｜丨]{1,20}?)\s*[|｜丨]\s*")
_NAMES: Final = re.compile(r"^(?P<names>[^:：]{2,40})[:：]\s*")
_BETWEEN_NAMES: Final = ("", "and", "und", "et", "y", "和", "与", "及", "等")
_BEFORE_SUBTITLE: Final = re.compile(r"(?<=[^\x00-\x7f])\s+(?=——)")

_RAISED: Final = str.maketrans("0123456789+-=()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ")
_LOWERED: Final = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")
_TAG: Final = re.compile(
    r"<(?P<tag>sup|sub|i|b|em|strong|u|span|font|p|a)\b[^<>]*>(?P<inner>[^<>]*)</(?P=tag)\s*>",
    re.IGNORECASE,
)
_BREAK: Final = re.compile(r"<br\s*/?>", re.IGNORECASE)

# The longest title in the corpus has 175 letters; ten times that is a page's text, and searching
# it for names and marks takes too long.
_LONGEST: Final = 2000
# What stands where a title should: names of pages, words of buttons. Folded.
_GENERIC: Final = """
    首页 主页 网站首页 正文 文章正文 新闻正文 内容 文章内容 新闻内容 详情 详细 文章详情 新闻详情
    详细内容 内容详情 文章 新闻 标题 题目 无标题 无标题文档 无题文档 摘要 全文 目录 期刊目录
    当期目录 本期目录 往期目录 本期导读
    阅读全文 查看全文 查看详情 查看更多 更多 点击查看 下载 全文下载 PDF下载
    提示信息 系统提示 错误 页面不存在 登录 加载中 ホーム 記事 無題 홈
    untitled untitled_document no_title title document new_page home homepage index welcome article
    articles abstract view_article article_view full_text html pdf read_more more details view
    download loading login sign_in page_not_found 404 404_not_found error just_a_moment
    startseite accueil
"""


@cache
def _generic() -> frozenset[str]:
    """Folded; made at the first use, because folding loads the table of characters."""
    return frozenset(fold(words) for words in _GENERIC.split())


# --- public -----------------------------------------------------------------------------------


def normalise_title(
    text: str,
    *,
    journal: str | None = None,
    host_names: Sequence[str] = (),
    authors: Sequence[str] = (),
    columns: Sequence[str] = (),
    suffixes: Sequence[str] = (),
) -> NormalTitle:
    """The title in `text`. `host_names` are names of the site, `columns` the columns it is known
    to have, `suffixes` what was learned to repeat behind its titles."""
    names = [*([journal] if journal else []), *host_names]
    title = NormalTitle(text=_closed_up(text), raw=text)
    while len(title.text) <= _LONGEST:
        shorter = _without_marks(title)
        shorter = _without_column(shorter, columns)
        shorter = replace(shorter, text=_without_authors(shorter.text, authors))
        shorter = replace(shorter, text=strip_suffix(shorter.text, names=names, suffixes=suffixes))
        if shorter == title:
            break
        title = shorter
    return title


def strip_suffix(text: str, *, names: Sequence[str] = (), suffixes: Sequence[str] = ()) -> str:
    """The title without what was learned to follow it, and without the name of the journal or
    the host behind a separator. A separator alone cuts nothing: 中美-…, 图说洛阳| …."""
    for suffix in suffixes:
        if suffix and text.endswith(suffix) and _key(text.removesuffix(suffix)):
            return text.removesuffix(suffix).rstrip()
    keys = {_key(name) for name in names} - {""}
    for separator in _SEPARATOR.finditer(text) if keys else ():
        head, tail = text[: separator.start()], text[separator.end() :]
        if _key(tail) in keys and _key(head):
            return head
    return text


def is_generic(text: str, *, names: Sequence[str] = ()) -> bool:
    """Whether this is no title of an article: the journal's or host's name, 首页, Untitled."""
    key = _key(text)
    return not key or key in _generic() or key in {_key(name) for name in names}


@lru_cache(maxsize=4096)  # names of journals, hosts and columns come again with each title
def _key(text: str) -> str:
    return fold(text)


# --- steps ------------------------------------------------------------------------------------


def _closed_up(text: str) -> str:
    """One line, spaces between Chinese signs taken out, leftover tags read as what they show."""
    text = _BREAK.sub(" ", text)
    while (plain := _TAG.sub(_shown, text)) != text:
        text = plain
    return _BEFORE_SUBTITLE.sub("", join_cjk(one_line(text)))


def _shown(tag: re.Match[str]) -> str:
    """`<sup>2</sup>` shows ²; where there is no such sign, the letters stay as they are."""
    table = {"sup": _RAISED, "sub": _LOWERED}.get(tag["tag"].lower(), {})
    inner = tag["inner"]
    return inner.translate(table) if all(ord(sign) in table for sign in inner) else inner


def _without_marks(title: NormalTitle) -> NormalTitle:
    for pattern, says in _PATTERNS:
        rest = pattern.sub("", title.text, count=1).strip()
        if rest != title.text and _key(rest):  # a title that is a mark and no more stays
            title = says(replace(title, text=rest))
    return title


def _without_column(title: NormalTitle, columns: Sequence[str]) -> NormalTitle:
    known = {_key(column): column for column in columns}
    for pattern in (_BRACKETED, _BEFORE_BAR) if known else ():
        named = pattern.match(title.text)
        if named and _key(named["column"]) in known and _key(title.text[named.end() :]):
            column = known[_key(named["column"])]
            return replace(title, text=title.text[named.end() :], column=column)
    return title


def _without_authors(text: str, authors: Sequence[str]) -> str:
    """`江晓原 穆蕴秋:影响因子…` without its authors, if these are all among the page's."""
    named = _NAMES.match(text) if authors else None
    if not named or not _key(text[named.end() :]):
        return text
    left = names = _key(named["names"])
    for author in sorted(map(_key, authors), key=len, reverse=True):
        left = left.replace(author, "") if author else left
    return text[named.end() :] if left != names and left in _BETWEEN_NAMES else text

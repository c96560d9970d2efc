"""Which lines around an article print dates that are not its own: comments, clocks, banners with
the day of the visit. By where they stand and what is beside them; reads no date.
"""

from __future__ import annotations

import re
from itertools import islice, takewhile
from typing import TYPE_CHECKING

from crawler.reading.date_lines import LONGEST_LINE
from crawler.reading.site_name import is_home

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.html import HtmlElement

    from crawler.reading.document import Line


def before_comments(tail: Sequence[Line]) -> list[Line]:
    """The last lines down to the comments, whose dates are their own: to their heading, or to the
    element that is called so."""

    def is_article(line: Line) -> bool:
        return not _COMMENTS.match(line.text[:LONGEST_LINE]) and not _is_comment(line.element)

    return list(takewhile(is_article, tail))


def _is_comment(element: HtmlElement) -> bool:
    around = (element, *islice(element.iterancestors(), _ANCESTORS))
    names = (f"{each.get('class') or ''} {each.get('id') or ''}" for each in around)
    return any(not _OF_COMMENTS.isdisjoint(name.lower().split()) for name in names)


def banners_in(above: Sequence[Line]) -> list[str]:
    """Lines over a title that name the day of the visit: 2026年11月20日 星期五. On the page of a
    paper it is the paper's day."""
    if any(_OF_A_PAPER.search(line.text) for line in above):
        return []
    return [line.text for line in above if _OF_TODAY.search(line.text)]


def below_the_menu(above: Sequence[Line]) -> list[Line]:
    """Of the lines over a title those that are not over the menu: there stands a clock, or the day
    of the visit, if not the day and number of a paper."""
    menu = max((at for at, line in enumerate(above) if is_home(line.text)), default=-1)
    return [
        line
        for at, line in enumerate(above)
        if at > menu or _OF_A_PAPER.search(line.text) or not _CLOCK.search(line.text)
    ]


_CLOCK = re.compile(r"\d:\d\d")


_COMMENTS = re.compile(
    r"\W*(?:\d+\s*)?(?:[上下]一?[篇条條则則]|(?:相关|相關|延伸|推荐|推薦|热门|熱門|更多|最新|猜你)"
    r"|related\b|more from\b|read next|see also"
    r"|(?:网友|读者|最新|全部|热门|发表|我要|相关)*(?:评论|留言|回复|跟帖)"
    r"|(?:leave a |post a )?comments?\b|(?:\d+\s)?repl(?:y|ies)\b|kommentare?\b|commentaires?\b"
    r"|comentarios?\b|コメント|댓글)",
    re.IGNORECASE,
)
# What templates call the element that holds all comments: WordPress, Discuz, layui and others.
_OF_COMMENTS = frozenset(
    (
        *("comments", "comment-list", "comment_list", "commentlist", "comments-area", "respond"),
        *("comments-list", "commentbox", "comment-box", "replies", "reply-list", "jieda"),
        *("pinglun", "pllist", "liuyan", "guestbook"),
    )
)
# From a date in a comment to the list: time, meta, body, li, ol, div.
_ANCESTORS = 6
# 2021年02月27日 星期六 第A3版
_OF_A_PAPER = re.compile(r"第\s?\w{1,4}\s?版")
_OF_TODAY = re.compile(
    r"(?:星期|周|週|礼拜)[一二三四五六日天]|农历|農曆|\d\s?[℃°]|天气|天氣|多云|欢迎"
)

"""《品牌观察》: a half-monthly magazine on an old publishing system.

GBK bytes under a page that declares gb2312, and HTTP that declares nothing; masthead above the
text, reprint notice, signature and date below it; two list pages with a pinned article on both.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from demo.articles import PAGES
from demo.press import Expected, Page, local_day, render

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date, datetime

    from demo.articles import Article

ID = "pinpai-guancha"
FOLDER = "magazine"
ZONE = "Asia/Shanghai"
SIGNATURE = "品牌观察杂志社编辑部"
ROWS = 6  # articles a list page, the pinned one apart: two pages from the first day on


def pages(articles: Sequence[Article], started: datetime) -> Mapping[str, Page]:
    """Every page of the journal by path."""
    found = dict(_list_pages(articles, started))
    found["/pinpai/"] = found["/pinpai/list_1.html"]
    for article in articles:
        day = _day(article, started)
        found[_path(article, day)] = _page("article.html", article=article, day=day, by=SIGNATURE)
        if article.image:
            image = (PAGES / FOLDER / article.image).read_bytes()
            found[f"/pinpai/images/{article.image}"] = Page(
                body=image, content_type="image/svg+xml"
            )
    return found


def expected(articles: Sequence[Article], started: datetime) -> tuple[Expected, ...]:
    """What a right reader finds, newest first."""
    return tuple(
        Expected(
            source_id=ID,
            path=_path(article, _day(article, started)),
            title=article.title,
            published=_day(article, started).isoformat(),
            zone=ZONE,
            notice="third-party" if article.origin else "free-attribution",
            authors=(SIGNATURE,),
        )
        for article in _newest_first(articles)
    )


def _list_pages(articles: Sequence[Article], started: datetime) -> list[tuple[str, Page]]:
    pinned = [article for article in articles if article.is_pinned]
    others = [article for article in _newest_first(articles) if not article.is_pinned]
    count = -(-len(others) // ROWS)
    listed = []
    for number in range(1, count + 1):
        shown = pinned + others[(number - 1) * ROWS : number * ROWS]
        rows = [(article, _path(article, day), day) for article, day in _dated(shown, started)]
        page = _page("list.html", rows=rows, number=number, count=count)
        listed.append((f"/pinpai/list_{number}.html", page))
    return listed


def _page(template: str, **values: object) -> Page:
    html = render(f"{FOLDER}/{template}", **values)
    return Page(body=html.encode("gbk"), content_type="text/html", charset="gbk")


def _newest_first(articles: Sequence[Article]) -> list[Article]:
    return sorted(articles, key=lambda article: int(article.id), reverse=True)


def _dated(articles: Sequence[Article], started: datetime) -> list[tuple[Article, date]]:
    return [(article, _day(article, started)) for article in articles]


def _day(article: Article, started: datetime) -> date:
    return local_day(started, ZONE, age=article.age or 0)


def _path(article: Article, day: date) -> str:
    return f"/pinpai/a/{day:%Y/%m%d}/{article.id}.html"

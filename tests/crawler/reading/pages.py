"""Article pages for the tests of reading, written by hand; all texts are our own."""

from __future__ import annotations

from datetime import UTC, datetime

VISITED = datetime(2026, 11, 20, 3, 0, tzinfo=UTC)
URL = "https://journal.example/a/2021/12.html"

PARAGRAPHS = (
    "河港的旧码头在去年冬天重新开放，沿岸的仓库改成了书店和作坊，周末常有附近居民带着孩子来散步。",
    "编辑部的同事走访了十二家店主，他们谈到租金、客流和冬季的营业时间，也谈到对城市更新的期待。",
    "一位做木器的师傅说，手艺要有人看见才留得住，他愿意在店里教学徒，只要街区保持现在的样子。",
    "研究者认为，更新的尺度应当由居民参与决定，而不是只看投资的数额，这一点在访谈中反复出现。",
)
NOTICE = "本文由：河港研究杂志社编辑部整理发布，如需转载，请注明来源。"


def paragraphs(tag: str = "p") -> str:
    return "".join(f"<{tag}>{text}</{tag}>" for text in PARAGRAPHS)


def page(
    body: str,
    *,
    title: str = "旧码头的新作坊",
    head: str = "",
    suffix: str = "_河港研究",
) -> bytes:
    """A page with that body between a menu and a footer."""
    return (
        f"<!DOCTYPE html><html lang=zh-CN><head><meta charset=utf-8><title>{title}{suffix}</title>"
        f"{head}</head><body><div class=nav><a href=/>首页</a><a href=/list>期刊导读</a></div>"
        f"{body}<div class=footer>河港研究杂志社 版权所有 电话：000-0000</div></body></html>"
    ).encode()


def article(
    byline: str = "", end: str = "", *, title: str = "旧码头的新作坊", head: str = ""
) -> bytes:
    """The plainest article: title, by-line, four paragraphs, what stands under them."""
    body = (
        f"<div class=content><h1>{title}</h1>{byline}<div id=text>{paragraphs()}{end}</div></div>"
    )
    return page(body, title=title, head=head)


# On the pattern of the page that this project starts from: masthead above the text, lines parted
# by <br>, notice and signature under it, no date anywhere else.
MASTHEAD_PAGE = page(
    "<div class=left><h2>旧码头的新作坊</h2><div class=article>"
    "主管单位:河港省文化研究院<br>主办单位:河港文化报刊社<br>编辑出版:《河港研究》杂志社<br>"
    "国际标准刊号:ISSN 1234-5679<br>国内统一刊号:CN 41-1234/G0<br>周 期: 半月刊<br>"
    "出 版 地:河港市<br>投稿邮箱 :editor@journal.example<br>"
    + "<br>".join(PARAGRAPHS)
    + f"<br>{NOTICE}<br>河港研究杂志社编辑部<br>2021/02/27</div></div>"
)

"""Pages of an invented magazine for tests, on the pattern of the ones that we follow."""

from __future__ import annotations

from html import escape

MASTHEAD = """主管单位:某省社会科学院<br>主办单位:某省社会科学报刊社<br>
国际标准刊号:ISSN 1234-5679<br>周 期: 半月刊<br>"""
BODY = (
    "街角的小店换了三次招牌,老顾客却一直没有散去。掌柜说,招牌是写给路人看的,味道才是留给熟人的。",
    "研究者走访了四十二家这样的店铺,发现它们几乎不做广告,却都把同一件小事坚持了二十年以上。",
    "这份坚持被写进账本,也被写进邻里的闲谈,慢慢成了一种不用注册的商标,比任何口号都要长久。",
)


def article(
    title: str, *, day: str = "2026/11/20", body: tuple[str, ...] = BODY, notice: str | None = None
) -> str:
    """An article page: masthead above the text, notice and signature under it."""
    words = "本文由: 某某杂志社编辑部整理发布,如需转载,请注明来源。" if notice is None else notice
    paragraphs = "".join(f"<p>{text}</p>" for text in body)
    return f"""<!doctype html><html><head><title>{escape(title)}</title></head><body>
<div class="nav"><a href="/">首页</a></div><div class="main"><h1>{escape(title)}</h1>
<div class="masthead">{MASTHEAD}</div><div class="content">{paragraphs}<p>{words}</p>
<p>某某杂志社编辑部</p><p>{day}</p></div></div></body></html>"""


def listing(rows: list[tuple[str, str, str]], *, next_page: str | None = None) -> str:
    """A list page of (address, title, day) rows."""
    items = "".join(
        f'<li><a href="{href}">{escape(title)}</a><span>{day}</span></li>'
        for href, title, day in rows
    )
    more = f'<div class="page"><a href="{next_page}">下一页</a></div>' if next_page else ""
    return f"""<!doctype html><html><head><title>文章列表</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/about.html">关于</a></div>
<ul class="list">{items}</ul>{more}</body></html>"""

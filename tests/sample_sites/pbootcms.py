"""《日用之美》 on PbootCMS 3, on the pattern of its default templates (newslist.html, news.html
as published with the system), with the masthead above the text and the notice under it, as
journals of this kind print them. No word on the page names the system: its header does, and
where its files lie."""

from __future__ import annotations

from tests.sample_sites.site import (
    Draft,
    SampleArticle,
    SampleList,
    SamplePage,
    SampleRow,
    SampleSite,
    drafts,
    page,
    paragraphs,
)

TITLE = "日用之美"
BASE = "https://pbootcms.example"
POOL = (
    "一只搪瓷杯用了三十年，磕掉的地方露出黑色的铁胎，主人舍不得换，说新的杯子烫嘴的地方不对。",
    "小店的招牌由老板自己写，一年重写一次，字越写越瘦，来的人反倒越来越多。",
    "我们在四个县城走访了六十二家杂货铺，统计货架上的国产老牌子，发现它们大多摆在与眼睛齐平的第二层。",
    "设计师把这种做法叫作克制：能用一种颜色说清楚的，绝不用两种；能用一个字说清楚的，绝不用一句话。",
    "修伞的摊子每逢雨后才有生意，摊主却天天出摊，他说人家记住的是这个位置，不是这个人。",
)
ROWS = (
    (206, "搪瓷杯为什么不换", "2026-03-12", "本刊记者"),
    (203, "招牌一年写一次", "2026-03-05", "本刊记者"),
    (198, "与眼睛齐平的第二层货架", "2026-02-26", "顾知常"),
    (195, "修伞摊的位置", "2026-02-12", "顾知常"),
    (190, "克制也是一种手艺", "2026-01-29", "本刊记者"),
    (187, "老牌子回到餐桌上", "2026-01-15", "顾知常"),
    (181, "从一枚纽扣看县城成衣铺", "2026-01-08", "本刊记者"),
)
DRAFTS = drafts(ROWS, POOL)
PER_PAGE = 5
#: A mark that editors put before a title; it is none of it.
ORIGINAL = "【原创】"
HEADERS = {"X_Powered_By": "PbootCMS"}


def build() -> SampleSite:
    pages = {
        "/": page(front(), **HEADERS),
        "/wenzhang/": page(listing(DRAFTS[:PER_PAGE], 1), **HEADERS),
        "/wenzhang/?page=2": page(listing(DRAFTS[PER_PAGE:], 2), **HEADERS),
        "/sitemap.xml": SamplePage(body=sitemap().encode(), type="text/xml"),
        **{path_of(each): page(article(each), **HEADERS) for each in DRAFTS},
    }
    return SampleSite(
        name="pbootcms",
        title=TITLE,
        language="zh-CN",
        start="/",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each),
                title=each.title,
                published=each.day,
                notice_class="free-attribution",
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(
                path="/wenzhang/",
                rows=tuple(map(row, DRAFTS[:PER_PAGE])),
                next="/wenzhang/?page=2",
            ),
            SampleList(
                path="/wenzhang/?page=2", rows=tuple(map(row, DRAFTS[PER_PAGE:])), next=None
            ),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    return f"/wenzhang/{draft.number}.html"


def heading(draft: Draft) -> str:
    """The title as the site prints it."""
    return f"{ORIGINAL}{draft.title}" if draft.number == 195 else draft.title


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=heading(draft), printed=draft.day)


def frame(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="zh">
<head>
<meta charset="utf-8">
<title>{title}</title>
<meta name="viewport" content="width=device-width, initial-scale=1, shrink-to-fit=no">
<meta name="keywords" content="{TITLE},生活方式,手艺">
<link rel="stylesheet" href="/template/default/bootstrap/css/bootstrap.min.css">
<link rel="stylesheet" href="/template/default/css/aoyun.css?v=v1.3.8">
</head>
<body>
<nav class="navbar navbar-light bg-light fixed-top navbar-expand-lg shadow"><div class="container"><a class="navbar-brand" href="/"><img src="/static/upload/image/20240306/1709714412.png" class="logo-sm-height" height="50"></a>
<div class="collapse navbar-collapse"><ul class="navbar-nav"><li class="nav-item active"><a class="nav-link" href="/">首页</a></li><li class="nav-item"><a class="nav-link" href="/kanwu/">关于本刊</a></li><li class="nav-item"><a class="nav-link" href="/wenzhang/">本刊文章</a></li><li class="nav-item"><a class="nav-link" href="/tougao/">投稿指南</a></li></ul></div></div></nav>
<div class="head-sm-height"></div>
{body}
<div class="footer mt-3 pt-5 border-top text-secondary bg-light"><div class="container"><div class="row pb-5">
<div class="col-12 col-md-5"><h5>《{TITLE}》杂志社</h5><ul class="lh-2"><li>备案号码：<a href="http://beian.miit.gov.cn/" target="_blank">示例备00000000号</a></li><li>地址：示例市示例路1号</li></ul></div>
</div></div><div class="copyright border-top lh-3 text-center">Copyright © 2018-2026 《{TITLE}》杂志社 All Rights Reserved.</div></div>
<script src="/template/default/bootstrap/js/bootstrap.min.js"></script>
</body></html>"""


def front() -> str:
    rows = "".join(
        f'<div class="col-12 col-lg-6"><div class="card mb-3"><div class="card-body">'
        f'<h5 class="card-title"><a href="{path_of(each)}">{each.title}</a></h5>'
        f'<p class="card-text">{each.text[1][:40]}</p><p class="card-text"><small class="text-muted">{each.day}</small></p>'
        "</div></div></div>"
        for each in DRAFTS[:6]
    )
    return frame(
        TITLE,
        '<div class="container"><div class="text-center fs-20"><a href="/wenzhang/">本刊文章</a></div>'
        f'<div class="row">{rows}</div><div class="text-center"><a href="/wenzhang/" class="btn btn-info">查看更多</a></div></div>',
    )


def listing(some: tuple[Draft, ...], number: int) -> str:
    rows = "".join(
        f'<li class="lh-3 border-bottom-dashed"><i class="fa-brands fa-gg"></i><a href="{path_of(each)}">'
        f'<span class="title">{heading(each)}</span>'
        + ('<span class="badge text-bg-danger">置顶</span>' if each.number == 206 else "")
        + f'<span class="float-end">{each.day}</span></a></li>'
        for each in some
    )
    first, second = "/wenzhang/", "/wenzhang/?page=2"
    numbers = (
        f'<a href="{first}" class="page-num page-num-current">1</a><a href="{second}" class="page-num">2</a>'
        if number == 1
        else f'<a href="{first}" class="page-num">1</a><a href="{second}" class="page-num page-num-current">2</a>'
    )
    before, after = ("javascript:;", second) if number == 1 else (first, "javascript:;")
    return frame(
        f"本刊文章-{TITLE}",
        '<div class="container pages"><nav aria-label="breadcrumb"><ol class="breadcrumb">'
        '<li class="breadcrumb-item"><a href="/">首页</a></li><li class="breadcrumb-item"><a href="/wenzhang/">本刊文章</a></li></ol></nav>'
        f'<ul>{rows}</ul><nav aria-label="page navigation" class="my-4"><div class="pagination justify-content-center">'
        f'<a class="page-item page-link" href="{first}">首页</a><a class="page-item page-link" href="{before}">上一页</a>'
        f'{numbers}<a class="page-item page-link" href="{after}">下一页</a><a class="page-item page-link" href="{second}">尾页</a></div></nav></div>',
    )


def article(draft: Draft) -> str:
    year, month, day = draft.day.split("-")
    return frame(
        f"{heading(draft)}-本刊文章-{TITLE}",
        '<div class="container pages"><nav aria-label="breadcrumb"><ol class="breadcrumb">'
        '<li class="breadcrumb-item"><a href="/">首页</a></li><li class="breadcrumb-item"><a href="/wenzhang/">本刊文章</a></li></ol></nav>'
        f'<h2 class="text-center fs-sm-28 fs-20 mt-3">{heading(draft)}</h2>'
        f'<div class="text-center border-bottom text-secondary pb-2 mb-3">时间：{draft.day}&nbsp;&nbsp;&nbsp;访问量：{1000 + draft.number}</div>'
        '<div class="content mb-3"><p>主管单位:示例省文化研究院<br/>主办单位:示例省生活报刊社<br/>编辑出版:《日用之美》杂志社<br/>'
        "国际标准刊号:ISSN 1234-5679<br/>国内统一刊号:CN 99-1234/G0<br/>周 期: 半月刊<br/>出 版 地:示例市<br/>投稿邮箱 :bianji@pbootcms.example</p>"
        f"{paragraphs(draft)}<p>本文由：《{TITLE}》杂志社编辑部整理发布，如需转载，请注明来源。</p>"
        f"<p>《{TITLE}》杂志社编辑部</p><p>{year}/{month}/{day}</p></div>"
        f'<div class="text-secondary lh-2"><p>上一篇：<a href="{path_of(DRAFTS[0])}">{DRAFTS[0].title}</a></p><p>下一篇：没有了！</p></div></div>',
    )


def sitemap() -> str:
    paths = ("/", "/wenzhang/", *map(path_of, DRAFTS))
    urls = "".join(
        f"<url><loc>{BASE}{path}</loc><lastmod>2026-03-12</lastmod><changefreq>always</changefreq></url>"
        for path in paths
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    )

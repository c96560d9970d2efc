"""《海岛周记》 on EmpireCMS 7.5, on the pattern of its default templates (column list, news text)
as they are known from sites that kept them."""

from __future__ import annotations

from dataclasses import replace

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

TITLE = "海岛周记"
BASE = "https://empirecms.example"
POOL = (
    "渡轮一天两班，早班装菜，晚班装人。船老大说风浪过了五级就不开，岛上的人听惯了，便把买药的日子往前挪两天。",
    "灯塔的看守换过九任，值班日记却一直用同一种格式：风向、能见度、过往船只，最后留一行写当天看到的鸟。",
    "学校只剩十一名学生，老师把地理课搬到礁石上去上，潮水退到哪里，课就讲到哪里。",
    "合作社试着把海带做成干货卖到省城，第一年赔了运费，第二年才把包装上的字改大，让老人也看得清。",
    "台风之后补网的人都坐在码头的背风处，手里不停，嘴里也不停，半年的消息就这样从一头传到另一头。",
    "地图上这座岛只有一个点，走完一圈却要三个小时，中间有两处必须等退潮才能过去。",
)
ROWS = (
    (118, "等退潮的两处路口", "2026-07-21", "沈汀"),
    (117, "灯塔日记里的鸟", "2026-07-17", "何渡"),
    (113, "十一名学生的地理课", "2026-07-10", "沈汀"),
    (109, "海带怎样走到省城", "2026-07-03", "章海若"),
    (104, "补网人的消息", "2026-06-26", "何渡"),
    (101, "风浪五级以上不开船", "2026-06-19", "章海若"),
    (96, "一口井与半个村", "2026-06-12", "沈汀"),
)
DRAFTS = drafts(ROWS, POOL)
PER_PAGE = 5
#: Its text goes on, on a second page.
LONG = DRAFTS[0]
NOTICE = f"版权声明：本文为《{TITLE}》原创，未经授权不得转载、摘编。"


def build() -> SampleSite:
    pages = {
        "/": page(front()),
        "/haidao/": page(listing(DRAFTS[:PER_PAGE], 1)),
        "/haidao/index_2.html": page(listing(DRAFTS[PER_PAGE:], 2)),
        "/e/web/?type=rss2": SamplePage(body=rss().encode(), type="text/xml"),
        **{path_of(each): page(article(each)) for each in DRAFTS},
        second_of(LONG): page(article(LONG, 2)),
    }
    return SampleSite(
        name="empirecms",
        title=TITLE,
        language="zh-CN",
        start="/",
        pages=pages,
        articles=tuple(
            SampleArticle(
                path=path_of(each), title=each.title, published=each.day, notice_class="permission"
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(
                path="/haidao/",
                rows=tuple(map(row, DRAFTS[:PER_PAGE])),
                next="/haidao/index_2.html",
            ),
            SampleList(
                path="/haidao/index_2.html", rows=tuple(map(row, DRAFTS[PER_PAGE:])), next=None
            ),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    return f"/haidao/{draft.day}/{draft.number}.html"


def second_of(draft: Draft) -> str:
    return path_of(draft).replace(".html", "_2.html")


def row(draft: Draft) -> SampleRow:
    return SampleRow(path=path_of(draft), title=draft.title, printed=draft.day)


def frame(title: str, body: str) -> str:
    hot = "".join(
        f'<li><a href="{path_of(each)}" title="{each.title}">{each.title}</a></li>'
        for each in (DRAFTS[4], DRAFTS[1], DRAFTS[6])
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=utf-8" />
<title>{title}</title>
<link href="/skin/default/css/style.css" rel="stylesheet" type="text/css" />
<script type="text/javascript" src="/skin/default/js/tabs.js"></script>
<script type="text/javascript" src="/e/data/js/ajax.js"></script>
</head>
<body class="listpage">
<table width="100%" border="0" cellspacing="0" cellpadding="0" class="top"><tr><td>
<table width="100%" border="0"><tr><td width="63%"><script src="/e/member/login/loginjs.php"></script></td>
<td align="right"><a onclick="window.external.addFavorite(location.href,document.title)" href="#ecms">加入收藏</a> | <a href="/e/member/cp/">会员中心</a> | <a href="/e/DoInfo/">在线投稿</a> | <a href="/e/web/?type=rss2" target="_blank">RSS</a></td></tr></table>
<table width="100%" border="0"><tr class="nav"><td class="nav_global"><ul><li class="curr"><a href="/">首页</a></li><li><a href="/haidao/">海岛札记</a></li><li><a href="/tupian/">图片故事</a></li></ul></td></tr></table>
</td></tr></table>
<table width="100%" border="0" cellspacing="10" cellpadding="0"><tr valign="top">
<td class="list_content">{body}</td>
<td class="sider"><table width="100%" class="title margin_top"><tr><td><strong>点击排行</strong></td></tr></table>
<table width="100%" class="box"><tr><td><ul class="rank">{hot}<li><a href="/haidao/2018-02-03/9.html">最后一个补锅匠</a></li></ul></td></tr></table></td>
</tr></table>
<table width="100%" border="0" cellspacing="0" cellpadding="0"><tr><td align="center" class="search"><form action="/e/search/index.php" method="post" name="searchform"></form></td></tr>
<tr><td>《{TITLE}》编辑部 Powered by <strong><a href="http://www.phome.net" target="_blank">EmpireCMS</a></strong> <strong><font color="#FF9900">7.5</font></strong> &copy; 2002-2018 EmpireSoft Inc.</td></tr></table>
</body></html>"""


def front() -> str:
    rows = "".join(
        f'<li><a href="{path_of(each)}" title="{each.title}">{each.title}</a> ({each.day[5:]})</li>'
        for each in DRAFTS[:5]
    )
    body = (
        '<table width="100%" class="title"><tr><td><strong>海岛札记</strong></td>'
        '<td align="right"><a href="/haidao/">更多&gt;&gt;</a></td></tr></table>'
        f'<table width="100%" class="box"><tr><td><ul class="newslist">{rows}</ul></td></tr></table>'
        '<table width="100%" class="title"><tr><td><strong>友情链接</strong></td></tr></table>'
        '<table width="100%" class="box"><tr><td><a href="http://harbour.example/">渡口博物馆</a></td></tr></table>'
    )
    return frame(f"{TITLE} - 住在海上的人", body)


def listing(some: tuple[Draft, ...], number: int) -> str:
    rows = "".join(
        f'<li><h2><a href="{path_of(each)}" title="{each.title}">{each.title}</a> <span>{each.day}</span></h2>'
        f"<p>{each.text[1][:56]}...</p></li>"
        for each in some
    )
    pager = (
        '<a title="Total record">&nbsp;<b>7</b> </a>&nbsp;&nbsp;<b>1</b>&nbsp;'
        '<a href="/haidao/index_2.html">2</a>&nbsp;<a href="/haidao/index_2.html">下一页</a>&nbsp;'
        '<a href="/haidao/index_2.html">尾页</a>'
        if number == 1
        else '<a title="Total record">&nbsp;<b>7</b> </a>&nbsp;&nbsp;<a href="/haidao/index.html">首页</a>&nbsp;'
        '<a href="/haidao/index.html">上一页</a>&nbsp;<a href="/haidao/index.html">1</a>&nbsp;<b>2</b>'
    )
    body = (
        '<table width="100%" class="position"><tr><td>现在的位置：<a href="/">首页</a>&nbsp;>&nbsp;'
        '<a href="/haidao/">海岛札记</a></td></tr></table>'
        f'<table width="100%" class="box"><tr><td><ul class="list_news">{rows}</ul></td></tr></table>'
        f'<table width="100%" class="list_page"><tr><td>{pager}</td></tr></table>'
    )
    return frame(f"海岛札记 - {TITLE}", body)


def article(draft: Draft, part: int = 1) -> str:
    number = draft.number
    text = paragraphs(draft)
    pager = ""
    if draft is LONG:
        half = len(draft.text) // 2
        text = paragraphs(
            replace(draft, text=draft.text[:half] if part == 1 else draft.text[half:])
        )
        pager = (
            f'<b>1</b>&nbsp;<a href="{second_of(draft)}">2</a>&nbsp;<a href="{second_of(draft)}">下一页</a>'
            if part == 1
            else f'<a href="{path_of(draft)}">上一页</a>&nbsp;<a href="{path_of(draft)}">1</a>&nbsp;<b>2</b>'
        )
    body = (
        '<table width="100%" class="position"><tr><td>现在的位置：<a href="/">首页</a>&nbsp;>&nbsp;'
        '<a href="/haidao/">海岛札记</a>&nbsp;>&nbsp;</td></tr></table>'
        f'<table width="100%" class="box"><tr><td><table width="100%"><tr><td class="title_info">{draft.title}</td></tr>'
        f'<tr><td class="info_text">{draft.day} 08:30:00&nbsp;&nbsp;来源：{TITLE}&nbsp;&nbsp;作者：{draft.author}&nbsp;&nbsp;'
        f'点击：<script src="/e/public/ViewClick/?classid=3&id={number}&addclick=1"></script></td></tr></table>'
        f'<table width="100%"><tr><td id="text">{text}<p>{NOTICE}</p>'
        f'<p align="center" class="pageLink">{pager}</p></td></tr></table>'
        f'<table align="center" class="digg"><tr><td class="diggnum" id="diggnum"><strong>'
        f'<script type="text/javascript" src="/e/public/ViewClick/?classid=3&id={number}&down=5"></script></strong></td></tr>'
        f'<tr><td class="diggit"><a href="/">返回首页</a></td></tr></table></td></tr></table>'
        '<table width="100%" class="title"><tr><td><strong>相关链接</strong></td></tr></table>'
        f'<table width="100%" class="box"><tr><td><ul><li><a href="{path_of(DRAFTS[0])}">{DRAFTS[0].title}</a></li></ul></td></tr></table>'
        f'<form action="/e/pl/doaction.php" method="post" name="saypl"><a href="/e/pl/?classid=3&amp;id={number}">共有0条评论</a></form>'
    )
    return frame(f"{draft.title} - {TITLE}", body)


def rss() -> str:
    items = "".join(
        f"<item><title><![CDATA[{each.title}]]></title><link>{BASE}{path_of(each)}</link>"
        f"<description><![CDATA[{each.text[1]}]]></description>"
        f"<pubDate>{each.day} 08:30:00</pubDate></item>"
        for each in DRAFTS
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{TITLE}</title>'
        f"<link>{BASE}/</link><description>最新信息</description><generator>EmpireCMS</generator>"
        f"{items}</channel></rss>"
    )

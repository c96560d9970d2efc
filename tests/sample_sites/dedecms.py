"""《乡土营造》 on DedeCMS 5.7, in GBK, on the pattern of its default templates (list_article.htm,
article_article.htm as published with the system)."""

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

TITLE = "乡土营造"
BASE = "https://dedecms.example"
POOL = (
    "老匠人说，夯土墙最怕的不是雨，是没有人住。屋子里一年不生火，墙脚就开始返潮，第三年檐口便会塌下一角。",
    "村里如今会做榫卯的只剩四个人，最年轻的也过了六十。他们白天在自家院里做板凳，晚上教孙辈认木纹。",
    "测绘小组画了二十七张图，每一张都标着当年的尺寸和现在的尺寸，两者之间的差别常常就是一段家史。",
    "修缮用的青砖从邻县的旧窑运来，一车要走六个小时。有人劝用新砖，主人摇头，说颜色不对，心里也不对。",
    "祠堂门前的石板路重新铺过两次，第二次把第一次换掉的旧石板又请了回来，边角都用桐油灰细细填实。",
    "我们把访谈整理成文，也把没有写进文章的话收在一个匣子里，留给以后愿意来看的人。",
)
ROWS = (
    (2735, "夯土墙里的一条旧河道", "2026-08-03", "周远禾"),
    (2731, "四个会做榫卯的人", "2026-07-29", "林秋石"),
    (2726, "瓦当上的名字是谁刻的", "2026-07-21", "周远禾"),
    (2719, "从一口井看三百年的村落布局与用水规矩的几次变动", "2026-07-14", "许棠"),
    (2708, "晒谷场边的戏台", "2026-06-30", "林秋石"),
    (2702, "石匠老章的尺子", "2026-06-22", "许棠"),
    (2690, "祠堂重修账簿读后", "2026-06-08", "周远禾"),
    (2684, "山墙为什么要高出屋面", "2026-05-27", "白露生"),
)
DRAFTS = drafts(ROWS, POOL)
PER_PAGE = 5
NOTICE = f"本文由：《{TITLE}》编辑部整理发布，如需转载，请注明来源。"
#: The one that another paper printed first.
REPRINT = 2702
#: How many characters of a title a column shows; the system cuts without a sign.
TITLE_CHARS = 18
#: The one that is not made into a file yet: the system links it by its number.
DYNAMIC = 2731


def build() -> SampleSite:
    pages = {
        "/": front(),
        "/a/diaocha/": listing(DRAFTS[:PER_PAGE], 1),
        "/a/diaocha/list_2_2.html": listing(DRAFTS[PER_PAGE:], 2),
        **{path_of(draft): article(draft) for draft in DRAFTS},
    }
    return SampleSite(
        name="dedecms",
        title=TITLE,
        language="zh-CN",
        start="/",
        pages={
            "/data/rss/2.xml": SamplePage(body=rss().encode("gbk"), type="text/xml"),
            **{path: page(text, "gbk") for path, text in pages.items()},
        },
        articles=tuple(
            SampleArticle(
                path=path_of(each),
                title=each.title,
                published=each.day,
                notice_class="third-party" if each.number == REPRINT else "free-attribution",
            )
            for each in DRAFTS
        ),
        lists=(
            SampleList(
                path="/a/diaocha/",
                rows=tuple(row(each) for each in DRAFTS[:PER_PAGE]),
                next="/a/diaocha/list_2_2.html",
            ),
            SampleList(
                path="/a/diaocha/list_2_2.html",
                rows=tuple(row(each) for each in DRAFTS[PER_PAGE:]),
                next=None,
            ),
        ),
        base=BASE,
    )


def path_of(draft: Draft) -> str:
    if draft.number == DYNAMIC:
        return f"/plus/view.php?aid={draft.number}"
    year, month, day = draft.day.split("-")
    return f"/a/diaocha/{year}/{month}{day}/{draft.number}.html"


def row(draft: Draft) -> SampleRow:
    return SampleRow(
        path=path_of(draft), title=draft.title[:TITLE_CHARS], printed=f"{draft.day} 09:12:30"
    )


def frame(title: str, body: str) -> str:
    hot = "".join(
        f'<li><a href="{path_of(each)}" target="_blank">{each.title[:13]}</a></li>'
        for each in (DRAFTS[6], DRAFTS[3], DRAFTS[1])
    )
    return f"""<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-transitional.dtd">
<html xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta http-equiv="Content-Type" content="text/html; charset=gb2312" />
<title>{title}</title>
<link href="/templets/default/style/dedecms.css" rel="stylesheet" media="screen" type="text/css" />
<script language="javascript" type="text/javascript" src="/include/dedeajax2.js"></script>
</head>
<body class="articlelist">
<div class="header_top"><div class="w960 center">
<span id="time" class="time">{TITLE} 欢迎您</span>
<div class="toplinks"><a href="/plus/heightsearch.php">高级搜索</a>|<a href="/data/sitemap.html">网站地图</a>|<a href="/tags.php">TAG标签</a><span>[<a href="/data/rssmap.html">RSS订阅</a>]</span></div>
</div></div>
<div class="header"><div class="top w960 center"><div class="title"><h1><a href="/"><img src="/templets/default/images/logo.gif" alt="{TITLE}" /></a></h1></div></div>
<div id="navMenu"><ul>
<li><a href="/"><span>主页</span></a></li>
<li class="hover"><a href="/a/diaocha/"><span>田野调查</span></a></li>
<li><a href="/a/gongjiang/"><span>工匠口述</span></a></li>
<li><a href="/a/tougao/"><span>投稿须知</span></a></li>
</ul></div></div>
<div class="w960 center clear mt1">
<div class="pleft">
{body}
</div>
<div class="pright">
<dl class="tbox"><dt><strong>栏目列表</strong></dt><dd><ul class="d6"><li><a href="/a/diaocha/">田野调查</a></li><li><a href="/a/gongjiang/">工匠口述</a></li></ul></dd></dl>
<div class="hot mt1"><dl class="tbox light"><dt class="light"><strong>热点内容</strong></dt><dd class="light"><ul class="c1 ico2">
{hot}<li><a href="/a/diaocha/2019/0405/611.html">那一年我们走过的廊桥</a></li></ul></dd></dl></div>
</div>
</div>
<div class="footer w960 center mt1 clear"><div class="footer_left"></div><div class="footer_body">
<p class="powered">Powered by <a href="http://www.dedecms.com" title="织梦内容管理系统(DedeCms)" target="_blank"><strong>DedeCMSV57_GBK_SP2</strong></a> &copy; 2004-2011 <a href="http://www.desdev.cn/" target="_blank">DesDev</a> Inc.</p>
<div class="copyright">Copyright &copy; 2010-2026 《{TITLE}》编辑部 版权所有</div></div></div>
</body></html>"""


def front() -> str:
    latest = "".join(
        f'<li><span class="date">{each.day[5:]}</span><a href="{path_of(each)}" title="{each.title}">'
        f"{each.title}</a></li>"
        for each in DRAFTS[:6]
    )
    craft = "".join(
        f'<li><a href="/a/gongjiang/2026/0{month}11/{1800 + month}.html">口述第{month}回：木作行里的规矩</a></li>'
        for month in (2, 3, 4)
    )
    body = (
        '<div class="latestnews"><dl class="tbox light"><dt class="light"><strong>田野调查</strong>'
        '<span class="more"><a href="/a/diaocha/">更多...</a></span></dt><dd class="light"><ul class="d1 ico3">'
        f"{latest}</ul></dd></dl></div>"
        '<div class="listbox"><dl class="tbox"><dt><strong><a href="/a/gongjiang/">工匠口述</a></strong>'
        '<span class="more"><a href="/a/gongjiang/">更多...</a></span></dt><dd><ul class="d1 ico3">'
        f"{craft}</ul></dd></dl></div>"
        '<div class="flink w960 center clear"><dl class="tbox"><dt><strong>友情链接</strong></dt><dd><ul class="f5">'
        '<li><a href="http://museum.example/">山地民居博物馆</a></li></ul></dd></dl></div>'
    )
    return frame(f"{TITLE}_记录正在消失的房子", body)


def listing(some: tuple[Draft, ...], number: int) -> str:
    rows = "".join(
        f'<li><b>[<a href="/a/diaocha/">田野调查</a>]</b> <a href="{path_of(each)}" class="title">'
        f'{each.title[:TITLE_CHARS]}</a><span class="info"><small>日期：</small>{row(each).printed}'
        f"<small> 点击：</small>{310 + each.number % 97}<small> 好评：</small>2</span>"
        f'<p class="intro">{each.text[0][:48]}...</p></li>'
        for each in some
    )
    pager = (
        '<li>首页</li><li class="thisclass">1</li><li><a href="list_2_2.html">2</a></li>'
        '<li><a href="list_2_2.html">下一页</a></li><li><a href="list_2_2.html">末页</a></li>'
        if number == 1
        else '<li><a href="list_2_1.html">首页</a></li><li><a href="list_2_1.html">上一页</a></li>'
        '<li><a href="list_2_1.html">1</a></li><li class="thisclass">2</li><li>末页</li>'
    )
    body = (
        '<div class="place"><strong>当前位置:</strong> <a href="/">主页</a> > '
        '<a href="/a/diaocha/">田野调查</a> > </div>'
        f'<div class="listbox"><ul class="e2">{rows}</ul></div>'
        f'<div class="dede_pages"><ul class="pagelist">{pager}'
        '<li><span class="pageinfo">共 <strong>2</strong>页<strong>8</strong>条</span></li></ul></div>'
    )
    return frame(f"田野调查_{TITLE}", body)


def article(draft: Draft) -> str:
    place = DRAFTS.index(draft)
    before = DRAFTS[place + 1] if place + 1 < len(DRAFTS) else None
    linked = (
        f'上一篇：<a href="{path_of(before)}">{before.title}</a>' if before else "上一篇：没有了"
    )
    origin, notice = f"{TITLE}编辑部", NOTICE
    if draft.number == REPRINT:
        origin, notice = "河湾日报", "（本文转载自《河湾日报》2026年6月20日第4版）"
    body = (
        '<div class="place"><strong>当前位置:</strong> <a href="/">主页</a> > '
        '<a href="/a/diaocha/">田野调查</a> > </div>'
        f'<div class="viewbox"><div class="title"><h2>{draft.title}</h2></div>'
        f'<div class="info"><small>时间:</small>{draft.day} 09:12<small>来源:</small>{origin} '
        f"<small>作者:</small>{draft.author} <small>点击:</small>"
        f'<script src="/plus/count.php?view=yes&aid={draft.number}&mid=1" type="text/javascript"></script>次</div>'
        f'<div class="intro">{draft.text[0][:40]}...</div>'
        f'<div class="content"><table width="100%"><tr><td>{paragraphs(draft, "&nbsp;&nbsp;&nbsp; ")}'
        f"<p>{notice}</p></td></tr></table></div>"
        f'<div class="boxoff"><strong>------分隔线----------------------------</strong></div>'
        f'<div class="handle"><div class="context"><ul><li>{linked}</li></ul></div>'
        f'<div class="actbox"><ul><li id="act-fav"><a href="/plus/stow.php?aid={draft.number}">收藏</a></li>'
        f'<li id="act-pnt"><a href="#" onClick="window.print();">打印</a></li></ul></div></div></div>'
    )
    return frame(f"{draft.title}_{TITLE}", body)


def rss() -> str:
    items = "".join(
        f"<item><title>{each.title}</title><link>{BASE}{path_of(each).replace('&', '&amp;')}</link>"
        f"<description>{each.text[0]}</description><pubDate>{each.day}</pubDate>"
        f"<category>田野调查</category><author>{each.author}</author></item>"
        for each in DRAFTS
    )
    return (
        f'<?xml version="1.0" encoding="gb2312"?><rss version="2.0"><channel><title>田野调查</title>'
        f"<link>{BASE}/a/diaocha/</link><description>{TITLE}</description>"
        f"<generator>DedeCMS</generator>{items}</channel></rss>"
    )
